"""The walks of the counter's proof: plain Playwright, nothing of this project called. Each one's truth: truth.yaml."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from playwright.async_api import Page

Walk = Callable[[Page, str], Awaitable[None]]
WALKS: dict[str, Walk] = {}


def walk(function: Walk) -> Walk:
    WALKS[function.__name__] = function
    return function


async def history_back(page: Page) -> None:
    """The browser's back button; `page.go_back()` waits for the main frame, which a step inside a frame never moves."""
    session = await page.context.new_cdp_session(page)
    history = await session.send("Page.getNavigationHistory")
    entry = history["entries"][history["currentIndex"] - 1]
    await session.send("Page.navigateToHistoryEntry", {"entryId": entry["id"]})


async def main(page: Page, base: str) -> None:
    await page.goto(base + "/main.html")


@walk
async def labels(page: Page, base: str) -> None:
    await main(page, base)
    await page.click("#l-radio", position={"x": 40, "y": 8})
    await page.click("#l-check")
    await page.click("#l-text")
    await page.click("#l-button", position={"x": 5, "y": 8})


@walk
async def plain_button(page: Page, base: str) -> None:
    await main(page, base)
    await page.click("#alive")


@walk
async def dead_presses(page: Page, base: str) -> None:
    await main(page, base)
    await page.click("#dead")
    await page.click("#dead-tile")
    await page.click("#disabled", force=True)
    await page.click("#ripple")


@walk
async def only_a_request(page: Page, base: str) -> None:
    await main(page, base)
    await page.click("#polling")


@walk
async def changes_of_the_control_itself(page: Page, base: str) -> None:
    await main(page, base)
    await page.click("#copied")
    await page.click("#hash")
    await page.click("#sum")


@walk
async def launcher_on_pointerdown(page: Page, base: str) -> None:
    await main(page, base)
    await page.click("#launcher")


@walk
async def traitless_with_effect(page: Page, base: str) -> None:
    await main(page, base)
    await page.click("#plain")


@walk
async def navigation_on_mousedown(page: Page, base: str) -> None:
    await main(page, base)
    await page.click("#mousenav")
    await page.wait_for_url("**/two.html")


@walk
async def navigation_in_the_handler(page: Page, base: str) -> None:
    await main(page, base)
    await page.click("#script-nav")
    await page.wait_for_url("**/two.html")
    await page.click("#n")
    await page.wait_for_url("**/main.html")
    await page.click("#late-nav")
    await page.wait_for_url("**/two.html")


@walk
async def links_and_redirects(page: Page, base: str) -> None:
    await main(page, base)
    await page.click("#meta")
    await page.wait_for_url("**/two.html")
    await page.click("#n")
    await page.wait_for_url("**/main.html")
    await page.click("#redirect")
    await page.wait_for_url("**/two.html")


@walk
async def address_jump(page: Page, base: str) -> None:
    await main(page, base)
    await page.click("#alive")
    await page.goto(base + "/two.html")
    await page.goto(base + "/redirect")
    await page.goto(base + "/two.html#part")


@walk
async def start_opened_twice(page: Page, base: str) -> None:
    await main(page, base)
    await page.goto(base + "/main.html")
    await page.reload()
    await page.click("#alive")
    await page.goto(base + "/main.html")


@walk
async def back_of_the_browser(page: Page, base: str) -> None:
    await main(page, base)
    await page.click("#link")
    await page.wait_for_url("**/two.html")
    await page.go_back()
    await page.click("#push")
    await page.go_back()
    await page.click("#alive")


@walk
async def back_button_of_the_page(page: Page, base: str) -> None:
    await main(page, base)
    await page.click("#link")
    await page.wait_for_url("**/two.html")
    await page.click("#b")
    await page.wait_for_url("**/main.html")
    await page.click("#push")
    await page.wait_for_url("**step=2")
    await page.click("#hist")
    await page.wait_for_url("**/main.html")


@walk
async def popup_open_and_close(page: Page, base: str) -> None:
    await main(page, base)
    async with page.expect_popup() as opened:
        await page.click("#blank")
    popup = await opened.value
    await popup.wait_for_load_state()
    await popup.close()
    async with page.expect_popup() as opened:
        await page.click("#noopener")
    popup = await opened.value
    await popup.wait_for_load_state()
    await popup.close()


@walk
async def popup_that_closes_itself(page: Page, base: str) -> None:
    await main(page, base)
    async with page.expect_popup() as opened:
        await page.click("#open-popup")
    popup = await opened.value
    await popup.click("#p")
    async with popup.expect_event("close"):
        await popup.click("#self")
    async with page.expect_popup():
        await page.click("#open-popup")
    await page.click("#close-popup")


@walk
async def jump_in_a_new_tab(page: Page, base: str) -> None:
    await main(page, base)
    tab = await page.context.new_page()
    await tab.goto(base + "/two.html")
    await tab.click("#b")


@walk
async def enter_and_space(page: Page, base: str) -> None:
    await main(page, base)
    await page.focus("#alive")
    await page.keyboard.press("Enter")
    await page.wait_for_timeout(750)
    await page.keyboard.press("Space")
    await page.focus("#sum")
    await page.keyboard.press("Enter")
    await page.focus("#rb")
    await page.keyboard.press("Enter")
    await page.focus("#rb-click")
    await page.keyboard.press("Enter")
    await page.focus("#cb")
    await page.keyboard.press("Space")
    await page.focus("#link")
    await page.keyboard.press("Space")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/two.html")


@walk
async def forms(page: Page, base: str) -> None:
    await main(page, base)
    await page.click("#q1")
    await page.keyboard.type("refund it")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/two.html?q=*")
    await page.click("#n")
    await page.wait_for_url("**/main.html")
    await page.fill("#q2", "refund")
    await page.press("#q2", "Enter")
    await page.wait_for_url("**/two.html?q=*")
    await page.click("#n")
    await page.wait_for_url("**/main.html")
    await page.fill("#q1", "refund")
    await page.click("#go1")
    await page.wait_for_url("**/two.html?q=*")


@walk
async def enter_handled_by_script(page: Page, base: str) -> None:
    await main(page, base)
    await page.fill("#q3", "refund")
    await page.press("#q3", "Enter")
    await page.fill("#q4", "refund")
    await page.press("#q4", "Enter")
    await page.fill("#q5", "a name")
    await page.press("#q5", "Enter")
    await page.click("#area")
    await page.keyboard.type("two words")
    await page.keyboard.press("Enter")


@walk
async def fields(page: Page, base: str) -> None:
    await main(page, base)
    await page.select_option("#sel", "Two")
    await page.click("#sel")
    await page.keyboard.press("Escape")
    await page.click("#date")
    await page.click("#range")
    await page.check("#cb")


@walk
async def native_dialogs(page: Page, base: str) -> None:
    await main(page, base)
    await page.click("#alert")
    await page.click("#confirm")
    await page.click("#prompt")
    await page.click("#three")


@walk
async def dialogs_answered_by_the_script(page: Page, base: str) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    await main(page, base)
    await page.click("#confirm")
    await page.get_by_text("yes", exact=True).wait_for()


@walk
async def faked_clicks(page: Page, base: str) -> None:
    await main(page, base)
    await page.evaluate("document.getElementById('fake').click()")
    await page.dispatch_event("#rb", "click")
    await page.evaluate("document.getElementById('l-check').click()")
    await page.click("#own")
    await page.get_by_text("rb-click").wait_for()


@walk
async def faked_clicks_one_by_one(page: Page, base: str) -> None:
    """What scripted presses moved has not moved by itself: a true press that moves it again has its effect."""
    await main(page, base)
    for _ in range(3):
        await page.evaluate("document.getElementById('fake').click()")
        await page.wait_for_timeout(250)
    await page.click("#own-later")
    await page.get_by_text("rb-click").wait_for()


@walk
async def double_press(page: Page, base: str) -> None:
    await main(page, base)
    await page.dblclick("#alive")
    await page.wait_for_timeout(750)
    await page.click("#alive")


@walk
async def open_and_closed_shadow(page: Page, base: str) -> None:
    await main(page, base)
    await page.click("#s-open")
    box = await page.locator("#closed-host").bounding_box()
    assert box is not None
    await page.mouse.click(box["x"] + 40, box["y"] + 16)  # the button
    await page.mouse.click(box["x"] + 20, box["y"] + 50)  # the words
    await page.focus("#s-open")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")  # the button again
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")  # the checkbox
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")  # the link two roots down
    await page.wait_for_url("**/two.html")


@walk
async def frames(page: Page, base: str) -> None:
    await page.goto(base + "/frames.html")
    cross = page.frame_locator("#cross")
    await cross.locator("#f1").click()
    await cross.frame_locator("#inner").locator("#i1").click()
    await page.frame_locator("#written").locator("#w1").click()
    await page.frame_locator("#src").locator("#sd").click()
    await page.frame_locator("#lazy").locator("#z1").click()
    await page.frame_locator("#launch").locator("#lb").click()


@walk
async def a_frame_that_leaves(page: Page, base: str) -> None:
    await page.goto(base + "/frames.html")
    cross = page.frame_locator("#cross")
    await cross.locator("#vanish").click()
    await cross.locator("#b").wait_for()
    await history_back(page)
    await cross.locator("#top").click()
    await page.wait_for_url("**/two.html")


@walk
async def back_in_a_frame_with_a_late_frame_inside(page: Page, base: str) -> None:
    """The frame inside is loaded anew from the history too, seconds after its parent: one step back all the same."""
    await page.goto(base + "/frames.html?late")
    cross = page.frame_locator("#cross")
    await cross.locator("#vanish").click()
    await cross.locator("#b").wait_for()
    await history_back(page)
    await cross.locator("#f1").click()


@walk
async def a_frame_removed_by_its_press(page: Page, base: str) -> None:
    await page.goto(base + "/removed.html")
    await page.frame_locator("#gone").locator("#rm").click()
    await page.get_by_text("removed").wait_for()
    await page.click("#rewrite")
    await page.click("#again")


@walk
async def not_clicks(page: Page, base: str) -> None:
    await main(page, base)
    await page.hover("#alive")
    await page.mouse.wheel(0, 300)
    await page.click("#txt")
    await page.click("#empty")
    await page.click("body", position={"x": 700, "y": 4})
    box = await page.locator("#prose").bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + 10, box["y"] + 8)
    await page.mouse.down()
    await page.mouse.move(box["x"] + 200, box["y"] + 8, steps=4)
    await page.mouse.up()
    await page.click("#alive", button="right")
    await page.keyboard.press("Tab")
    await page.keyboard.press("PageDown")


@walk
async def drag_away(page: Page, base: str) -> None:
    await main(page, base)
    start = await page.locator("#draggy").bounding_box()
    end = await page.locator("#elsewhere").bounding_box()
    assert start is not None
    assert end is not None
    await page.mouse.move(start["x"] + 10, start["y"] + 10)
    await page.mouse.down()
    await page.mouse.move(end["x"] + 5, end["y"] + 5, steps=4)
    await page.mouse.up()


@walk
async def press_outside_closes_a_menu(page: Page, base: str) -> None:
    await main(page, base)
    await page.click("#menu-button")
    await page.click("#empty")


@walk
async def escape(page: Page, base: str) -> None:
    await main(page, base)
    await page.click("#dialog-open")
    await page.keyboard.press("Escape")
    await page.wait_for_timeout(100)
    await page.keyboard.press("Escape")


@walk
async def middle_click(page: Page, base: str) -> None:
    await main(page, base)
    async with page.context.expect_page():
        await page.click("#link", button="middle")


@walk
async def new_tabs_that_answer_late(page: Page, base: str) -> None:
    await page.goto(base + "/slow.html")
    await page.click("#slow", button="middle")
    await page.wait_for_timeout(1500)
    await page.click("#slow", modifiers=["Control"])
    await page.wait_for_timeout(1500)
    await page.click("#blank")
    await page.wait_for_timeout(1500)
    await page.click("#noopener")
    await page.wait_for_timeout(1500)
    await page.click("#form button")
    await page.wait_for_timeout(4000)


@walk
async def a_file_that_comes_late(page: Page, base: str) -> None:
    await page.goto(base + "/slow.html")
    async with page.expect_download():
        await page.click("#file")


@walk
async def address_opened_after_a_new_tab_was(page: Page, base: str) -> None:
    await main(page, base)
    async with page.context.expect_page():
        await page.click("#link", button="middle")
    await page.goto(base + "/two.html")


@walk
async def phone(page: Page, base: str) -> None:
    await page.goto(base + "/phone.html")
    await page.tap("#t1")
    await page.tap("#t2")
    await page.tap("#t3")
    await page.tap("#t4")


@walk
async def phone_scroll(page: Page, base: str) -> None:
    await page.goto(base + "/phone.html")
    session = await page.context.new_cdp_session(page)
    swipe = {"x": 100, "y": 60, "yDistance": -300, "gestureSourceType": "touch"}
    await session.send("Input.synthesizeScrollGesture", swipe)


@walk
async def chat_by_keyboard(page: Page, base: str) -> None:
    await page.goto(base + "/chat.html")
    await page.click("#box")
    await page.keyboard.type("I need")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("a person")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await page.keyboard.type("please")
    await page.keyboard.press("Enter")


@walk
async def chat_by_pressing(page: Page, base: str) -> None:
    await page.goto(base + "/chat.html")
    await page.fill("#box", "hello")
    await page.click("#send")
    await page.click("text=Refund")
    await page.click("#between")
    await page.click("#emoji")
    await page.click("#min")
    await page.click("#elsewhere")
    await page.click("#tile")


@walk
async def ime(page: Page, base: str) -> None:
    await page.goto(base + "/chat.html")
    await page.fill("#box", "zhuan")
    session = await page.context.new_cdp_session(page)
    composing = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    await session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **composing})
    await session.send("Input.dispatchKeyEvent", {"type": "keyUp", **composing})


@walk
async def traits(page: Page, base: str) -> None:
    await page.goto(base + "/traits.html")
    await page.click("#words")
    await page.click("#pixel")
    await page.click("#faint")
    await page.click("#inside")
    await page.click("#picker")
    await page.click("#terms")
    await page.click("#note")
    await page.keyboard.type("a note")
    await page.keyboard.press("Enter")
    await page.click("#opt")
    await page.click("#outer")
    await page.wait_for_timeout(1200)  # long enough to see that nothing comes
    await page.click("#card-inner")
    await page.wait_for_url("**/two.html")


@walk
async def pictures_of_fields(page: Page, base: str) -> None:
    await page.goto(base + "/traits.html")
    await page.click("#fake-search")
    await page.wait_for_url("**/two.html")
    await page.goto(base + "/traits.html")
    await page.click("#opt-nav")
    await page.wait_for_url("**/two.html")


@walk
async def press_drag_and_let_go(page: Page, base: str) -> None:
    await page.goto(base + "/traits.html")
    await page.hover("#select-like")
    await page.mouse.down()
    await page.hover("#drop-item")
    await page.mouse.up()


@walk
async def popup_of_another_site(page: Page, base: str) -> None:
    await page.goto(base + "/opener.html")
    async with page.expect_popup() as opened:
        await page.click("#open")
    popup = await opened.value
    await popup.click("#p")
    async with popup.expect_event("close"):
        await page.click("#close")
    async with page.expect_popup() as opened:
        await page.click("#open")
    popup = await opened.value
    await popup.wait_for_load_state()
    await popup.close()


@walk
async def popup_that_takes_its_time(page: Page, base: str) -> None:
    await page.goto(base + "/opener.html")
    async with page.expect_popup() as opened:
        await page.click("#slow")
    popup = await opened.value
    await popup.click("#p")
