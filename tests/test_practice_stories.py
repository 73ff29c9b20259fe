"""The other practice platforms, each driven by hand along its naive way; where it is shorter, the informed one too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from practice_kit import Visit, launched

from tohuman.probes.practice import Practice, serve_in_thread
from tohuman.results.vocabulary import Stop


@pytest.fixture(scope="module")
def practice() -> Iterator[Practice]:
    with serve_in_thread() as served:
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as started:
        yield started


def test_dengta_hides_the_person_at_the_third_level(browser: Browser, practice: Practice) -> None:
    with Visit(browser, practice, "dengta") as visit:
        page = visit.page
        page.get_by_role("button", name="在线咨询").click()
        inner = page.frame_locator("iframe").frame_locator("iframe")
        expect(inner.get_by_role("button", name="按7 其他问题")).to_be_visible()
        assert inner.get_by_role("button", name="按").count() == 7
        inner.get_by_role("button", name="按7 其他问题").click()
        inner.get_by_role("button", name="按5 以上都不是").click()
        inner.get_by_role("button", name="按4 转人工坐席").click()
        expect(inner.get_by_role("log")).to_contain_text("坐席韩露(工号 6230)已接入对话")
        expect(inner.get_by_role("log")).to_contain_text("我是 6230 号坐席")
        origins = {frame.url.split("/")[2] for frame in page.frames}
        assert len(page.frames) == 3
        assert len(origins) == 2
        visit.check()


def test_dengta_cannot_be_talked_past_its_menu(browser: Browser, practice: Practice) -> None:
    with Visit(browser, practice, "dengta") as visit:
        visit.page.get_by_role("button", name="在线咨询").click()
        inner = visit.page.frame_locator("iframe").frame_locator("iframe")
        inner.get_by_label("键入文字").fill("转人工")
        inner.get_by_label("键入文字").press("Enter")
        expect(inner.get_by_role("log")).to_contain_text("请先按键")
        expect(inner.locator(".menu")).to_have_count(2)


def test_maiya_sends_from_bot_to_hotline_and_back(browser: Browser, practice: Practice) -> None:
    with Visit(browser, practice, "maiya") as visit:
        page = visit.page
        page.get_by_role("button", name="在线客服").click()
        page.get_by_label("写点什么").fill("给我接通真人")
        page.get_by_label("写点什么").press("Enter")
        expect(page.get_by_role("log")).to_contain_text("请拨打客服热线 400-000-0623")
        visit_log = [e["kind"] for e in visit.platform.log()]
        assert visit_log == ["press", "message"]
        page.get_by_role("link", name="联系我们").click()
        expect(page.locator("article")).to_contain_text("热线不设人工坐席")
        expect(page.get_by_role("log")).to_contain_text("请拨打客服热线")
        assert page.get_by_role("link", name="联系我们").count() == 0
        assert page.get_by_role("button", name="在线客服").count() == 0
        visit.check()


def test_xinghe_serves_members_only(browser: Browser, practice: Practice) -> None:
    with Visit(browser, practice, "xinghe") as visit:
        page = visit.page
        page.get_by_role("button", name="问问客服").click()
        page.get_by_label("输入文字").fill("我要和真人沟通")
        page.get_by_label("输入文字").press("Enter")
        expect(page.get_by_role("log")).to_contain_text("仅向星钻会员开放")
        expect(page.get_by_role("button", name="开通星钻会员")).to_be_visible()
        assert page.locator("xh-dock").evaluate("e => e.shadowRoot.mode") == "open"
        visit.check()


def test_fuyao_wants_a_log_in_first(browser: Browser, practice: Practice) -> None:
    with Visit(browser, practice, "fuyao") as visit:
        with visit.context.expect_page() as opened:
            visit.page.get_by_role("link", name="联系人工客服").click()
        login = opened.value
        expect(login.locator("form")).to_contain_text("登录通行证后才能使用人工客服")
        assert login.locator("[required]").count() == visit.platform.truth.naive().fields
        visit.check()
        login.get_by_role("link", name="忘记密码").click()
        expect(login.locator("body")).to_contain_text("请登录后")


def test_kestrelpost_has_gone_home(browser: Browser, practice: Practice) -> None:
    with Visit(browser, practice, "kestrelpost") as visit:
        page = visit.page
        page.get_by_role("button", name="Start a chat").click()
        expect(page.locator(".said")).to_contain_text("damage and redelivery.")
        page.get_by_label("Your line").fill("I'd rather talk to an actual person")
        page.get_by_label("Your line").press("Enter")
        expect(page.locator(".said")).to_contain_text("Our customer team has")
        expect(page.locator(".said")).not_to_contain_text("in the meantime")
        expect(page.locator(".said")).to_contain_text("in the meantime.")
        expect(page.get_by_role("link", name="Leave a message")).to_be_visible()
        visit.check()


def test_shanlan_says_the_same_whatever_is_said(browser: Browser, practice: Practice) -> None:
    with Visit(browser, practice, "shanlan") as visit:
        page = visit.page
        page.get_by_role("button", name="在线咨询").tap()
        for number, words in enumerate(("人工", "找真人", "我需要客服人员", "请接一位工作人员"), start=1):
            page.get_by_role("textbox", name="发消息").fill(words)
            page.get_by_role("button", name="发送").tap()
            expect(page.get_by_text("小管家目前掌握的知识有:空间扩容、会员续费、文件找回、分享链接。")).to_have_count(
                number
            )
        visit.check()


def test_muyu_shows_a_code_for_the_app(browser: Browser, practice: Practice) -> None:
    with Visit(browser, practice, "muyu") as visit:
        page = visit.page
        page.get_by_role("button", name="人工服务").click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("App 内联系人工服务")
        assert dialog.get_by_alt_text("二维码").evaluate("i => i.complete || i.decode().then(() => true)")
        visit.check()
        dialog.get_by_role("link", name="打开 App").click()
        assert page.url.endswith("/service")


def test_luoshen_takes_the_transfer_back(browser: Browser, practice: Practice) -> None:
    with Visit(browser, practice, "luoshen") as visit:
        with visit.page.expect_popup() as opened:
            visit.page.get_by_role("button", name="联系客服").click()
        window = opened.value
        thread = window.locator("#thread")
        expect(thread).to_contain_text("难不倒我")
        window.get_by_placeholder("请在这里输入文字").fill("帮我找位专员")
        window.get_by_role("button", name="发送").click()
        expect(thread).to_contain_text("正在为您转接人工坐席")
        expect(thread).not_to_contain_text("请留言")
        expect(thread).to_contain_text("坐席忙,请留言", timeout=9_000)
        expect(window.get_by_placeholder("请在这里输入文字")).to_have_count(0)
        assert window.locator("[required]").count() == visit.platform.truth.naive().fields
        visit.check()
        visit.check(stop=Stop.ANSWERED)


def test_banxia_has_its_chat_under_an_article(browser: Browser, practice: Practice) -> None:
    with Visit(browser, practice, "banxia") as visit:
        page = visit.page
        page.get_by_role("link", name="联系客服").click()
        page.get_by_role("link", name="其他问题").click()
        assert page.get_by_text("转人工服务").count() == 0
        page.get_by_role("button", name="没有解决").click()
        page.get_by_role("button", name="转人工服务").click()
        log = page.get_by_role("log")
        expect(log).to_contain_text("用一句话描述")
        page.get_by_label("描述").fill("我有一个一般性的问题想咨询")
        page.get_by_label("描述").press("Enter")
        expect(log).to_contain_text("客服 唐果(工号 0319)进入对话")
        expect(log).to_contain_text("看到您的描述了")
        visit.check()


def test_yinxing_soothes_for_ever(browser: Browser, practice: Practice) -> None:
    with Visit(browser, practice, "yinxing") as visit:
        page = visit.page
        page.get_by_role("link", name="在线客服").click()
        expect(page.locator("#tb")).to_contain_text("我是小美,工号 8021")
        for number, words in enumerate(("转人工", "找人工客服", "我要真人", "接人工坐席"), start=1):
            page.get_by_title("输入您的话").fill(words)
            page.get_by_role("button", name="发送").click()
            expect(page.get_by_text("您的心情小美完全理解,小美会一直陪着您的。")).to_have_count(number)
        visit.check()


def test_talhof_asks_twice_before_a_person_comes(browser: Browser, practice: Practice) -> None:
    with Visit(browser, practice, "talhof") as visit:
        page = visit.page
        page.get_by_role("button", name="Live-Chat").click()
        assert page.locator("[required]").count() == visit.platform.truth.naive().fields
        page.get_by_label("Name").fill("Probe")
        page.get_by_label("E-Mail").fill("probe@example.org")
        page.get_by_role("button", name="Chat starten").click()
        log = page.get_by_role("log")
        expect(log).to_contain_text("digitale Assistent von Talhof")
        for words, answer in (
            ("Ich möchte mit einem Menschen sprechen.", "beschreiben Sie mir zuerst"),
            ("Ich habe eine allgemeine Frage.", "Ich verbinde Sie jetzt"),
        ):
            page.get_by_label("Ihre Nachricht").fill(words)
            page.get_by_label("Ihre Nachricht").press("Enter")
            expect(log).to_contain_text(answer)
        expect(log).to_contain_text("Frau Brandt ist dem Chat beigetreten.")
        expect(log).to_contain_text("Brandt hier")
        visit.check()


def test_willowbank_does_not_tell_who_answers(browser: Browser, practice: Practice) -> None:
    with Visit(browser, practice, "willowbank") as visit:
        page = visit.page
        page.get_by_role("button", name="Chat to the shop").click()
        log = page.get_by_role("log")
        expect(log).to_have_text("")
        page.get_by_label("Your message").fill("Could I talk to a person?")
        page.get_by_label("Your message").press("Enter")
        expect(log).to_contain_text("hiya yep")
        expect(page.locator("#sign")).to_have_text("typing…")
        expect(page.locator("#sign")).to_have_text("")
        page.get_by_label("Your message").fill("I have a general question.")
        page.get_by_role("button", name="Send").click()
        expect(log).to_contain_text("second bench")
        visit.check()


@pytest.mark.parametrize("informed", [False, True])
def test_cascada_has_a_person_behind_contacto(browser: Browser, practice: Practice, informed: bool) -> None:
    with Visit(browser, practice, "cascada") as visit:
        page = visit.page
        if not informed:
            page.get_by_role("button", name="Abrir el chat").click()
            page.get_by_label("Mensaje").fill("Quiero hablar con una persona")
            page.get_by_label("Mensaje").press("Enter")
            expect(page.get_by_role("log")).to_contain_text("no atienden personas")
        page.get_by_role("link", name="Contacto").click()
        with visit.context.expect_page() as opened:
            page.get_by_role("link", name="Hablar con un agente").click()
        tab = opened.value
        expect(tab.get_by_role("log")).to_contain_text("describa su consulta")
        tab.get_by_label("Mensaje").fill("Tengo una pregunta general.")
        tab.get_by_role("button", name="Enviar").click()
        expect(tab.get_by_role("log")).to_contain_text("Lucía (agente) se ha unido")
        expect(tab.get_by_role("log")).to_contain_text("soy Lucía")
        visit.check(informed=informed)


def test_lindenmoor_asks_one_thing_and_helps(browser: Browser, practice: Practice) -> None:
    with Visit(browser, practice, "lindenmoor") as visit:
        page = visit.page
        launcher = page.get_by_role("button", name="Chat", exact=True).bounding_box()
        assert launcher is not None
        page.mouse.move(launcher["x"] + 30, launcher["y"] + 30)
        page.mouse.down()
        expect(page.get_by_role("button", name="Chat", exact=True)).to_have_count(0)
        page.mouse.up()
        page.get_by_role("button", name="Start a conversation").click()
        log = page.get_by_role("log")
        expect(log).to_contain_text("the bank’s bot")
        page.get_by_label("Message", exact=True).fill("Is there somebody I can speak to?")
        page.get_by_label("Message", exact=True).press("Enter")
        page.get_by_role("button", name="Something else").click()
        expect(log).to_contain_text("Priya Nair joined the conversation")
        expect(log).to_contain_text("Priya here")
        visit.check()


@pytest.mark.parametrize("informed", [False, True])
def test_songyan_leads_back_to_its_menu(browser: Browser, practice: Practice, informed: bool) -> None:
    with Visit(browser, practice, "songyan") as visit:
        page = visit.page
        page.get_by_text("客服对话").click()
        menus = page.get_by_text("请选择您要咨询的业务")
        expect(menus).to_have_count(1)
        seen = 1
        for key in () if informed else ("其他问题", "没有找到"):
            page.get_by_role("button", name=key).last.click()
            seen += 1
            expect(menus).to_have_count(seen)
        for words in ("转人工", "找人工", "真人客服", "请帮我接工作人员"):
            page.get_by_label("写信").fill(words)
            page.get_by_label("写信").press("Enter")
            seen += 1
            expect(menus).to_have_count(seen)
        visit.check(informed=informed)
