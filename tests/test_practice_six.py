"""The first six practice platforms, each driven by hand along its naive way, which is also its informed one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from practice_kit import Visit, launched

from tohuman.probes.practice import Practice, serve_in_thread
from tohuman.results.vocabulary import Start, Stop

BOTH = pytest.mark.parametrize("start", [Start.HELP, Start.HOME])
LONG = 40_000


@pytest.fixture(scope="module")
def practice() -> Iterator[Practice]:
    with serve_in_thread() as served:
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as started:
        yield started


@BOTH
def test_harborlight_hands_over_at_the_first_request(browser: Browser, practice: Practice, start: Start) -> None:
    with Visit(browser, practice, "harborlight", start) as visit:
        page = visit.page
        if start is Start.HOME:
            page.get_by_role("link", name="Help", exact=True).click()
        page.get_by_role("button", name="Chat with us").click()
        log = page.get_by_role("log")
        expect(log).to_contain_text("moving home")
        page.get_by_label("Write a message").fill("Could I speak with a human being, please?")
        page.keyboard.press("Enter")
        expect(log).to_contain_text("connecting you")
        expect(log).to_contain_text("Maya R. has joined the chat")
        expect(log).to_contain_text("this is Maya")
        visit.check()
        visit.check(informed=True)


def test_harborlight_answers_other_things_itself(browser: Browser, practice: Practice) -> None:
    with Visit(browser, practice, "harborlight") as visit:
        visit.page.get_by_role("button", name="Chat with us").click()
        visit.page.get_by_label("Write a message").fill("When is my bill due?")
        visit.page.get_by_role("button", name="Send").click()
        expect(visit.page.get_by_role("log")).to_contain_text("4th of each month")
        assert visit.platform.log()[-1]["what"] == "When is my bill due?"


def _in_closed_root(visit: Visit) -> None:
    """No locator sees into a closed shadow root; the accessibility tree and the mouse do not mind."""
    box = visit.page.locator("ql-kefu").bounding_box()
    assert box is not None
    visit.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


@BOTH
def test_qingluo_gives_in_at_the_third_request(browser: Browser, practice: Practice, start: Start) -> None:
    with Visit(browser, practice, "qingluo", start) as visit:
        page = visit.page
        if start is Start.HOME:
            page.get_by_role("link", name="帮助中心").click()
            page.wait_for_url("**/help")
        _in_closed_root(visit)
        assert page.locator("ql-kefu").evaluate("e => e.shadowRoot") is None
        box = page.locator("ql-kefu").bounding_box()
        assert box is not None
        for words in ("转人工", "我想找个真人说话", "有没有工作人员在?"):
            page.mouse.click(box["x"] + 80, box["y"] + box["height"] - 22)
            page.keyboard.type(words)
            with page.expect_response(lambda r: "/kefu/news" in r.url and '"robot"' in r.text(), timeout=LONG):
                page.keyboard.press("Enter")
        visit.check()
        with page.expect_response(lambda r: "/kefu/news" in r.url and '"staff"' in r.text(), timeout=LONG):
            pass
        visit.check(informed=True)


def test_hean_has_a_form_behind_its_button(browser: Browser, practice: Practice) -> None:
    with Visit(browser, practice, "hean") as visit:
        page = visit.page
        page.get_by_role("button", name="咨询客服").click()
        frame = page.frame_locator("iframe")
        expect(frame.locator("#lines")).to_contain_text("自提柜")
        frame.get_by_role("button", name="人工客服").click()
        expect(frame.locator(".note")).to_contain_text("1-3 个工作日")
        assert frame.locator("form.leave [required]").count() == visit.platform.truth.naive().fields
        expect(frame.locator("#words")).to_have_count(0)
        assert page.frames[1].url.split("/")[2] != page.url.split("/")[2]
        visit.check()
        visit.check(stop=Stop.ANSWERED)


def test_hean_tells_of_its_button_when_asked(browser: Browser, practice: Practice) -> None:
    with Visit(browser, practice, "hean") as visit:
        visit.page.get_by_role("button", name="咨询客服").click()
        frame = visit.page.frame_locator("iframe")
        frame.get_by_label("消息").fill("有真人吗")
        frame.get_by_role("button", name="发送").click()
        expect(frame.locator("#lines")).to_contain_text("上方的按钮")


def test_yunque_queues_and_then_a_person_comes(browser: Browser, practice: Practice) -> None:
    with Visit(browser, practice, "yunque") as visit:
        page = visit.page
        page.get_by_role("link", name="在线客服").tap()
        log = page.get_by_role("log")
        expect(log).to_contain_text("为您服务")
        page.get_by_label("说点什么").fill("帮我转人工")
        page.get_by_role("button", name="发送").tap()
        expect(log).to_contain_text("前面还有 4 位")
        visit.check()
        page.wait_for_timeout(10_500)
        expect(log).not_to_contain_text("已接入")
        expect(log).to_contain_text("工号 5512 的坐席", timeout=LONG)
        expect(log).to_contain_text("您好,我是沈佳")
        visit.check(stop=Stop.ANSWERED)


def test_yunque_lets_one_leave_the_queue(browser: Browser, practice: Practice) -> None:
    with Visit(browser, practice, "yunque") as visit:
        page = visit.page
        page.get_by_role("link", name="在线客服").tap()
        page.get_by_label("说点什么").fill("真人客服")
        page.get_by_label("说点什么").press("Enter")
        page.get_by_role("button", name="取消排队").tap()
        expect(page.get_by_role("log")).to_contain_text("您已取消排队")
        visit.check()
        assert [e["what"] for e in visit.platform.log() if e["stage"] != "way"] == ["取消排队"]


def test_songta_throws_the_customer_out(browser: Browser, practice: Practice) -> None:
    with Visit(browser, practice, "songta") as visit:
        page = visit.page
        page.get_by_role("link", name="联系在线客服").click()
        page.get_by_title("在此输入").fill("请找个人跟我说")
        page.get_by_title("在此输入").press("Enter")
        rows = page.locator("#rows")
        expect(rows).to_contain_text("正在为您排队")
        visit.check()
        page.wait_for_timeout(10_500)
        expect(rows).not_to_contain_text("移出")
        expect(rows).to_contain_text("移出排队队列", timeout=LONG)
        expect(page.get_by_title("在此输入")).to_be_disabled()
        visit.check(stop=Stop.ANSWERED)


@BOTH
def test_brackenfold_has_nobody(browser: Browser, practice: Practice, start: Start) -> None:
    with Visit(browser, practice, "brackenfold", start) as visit:
        page = visit.page
        page.get_by_role("button", name="Reject all").click()
        if start is Start.HOME:
            page.get_by_role("link", name="Help", exact=True).click()
        page.get_by_role("link", name="Contact us").click()
        expect(page.locator("body")).to_contain_text("We do not offer support by phone, e-mail or chat.")
        expect(page.get_by_role("dialog")).to_have_count(0)
        assert page.get_by_role("link", name="Contact us").count() == 0
        visit.check()


def test_brackenfolds_dialog_covers_the_page(browser: Browser, practice: Practice) -> None:
    with Visit(browser, practice, "brackenfold") as visit:
        link = visit.page.get_by_role("link", name="Contact us").bounding_box()
        assert link is not None
        at = {"x": link["x"] + 5, "y": link["y"] + 5}
        assert visit.page.evaluate("p => document.elementFromPoint(p.x, p.y).className", at) == "veil"
