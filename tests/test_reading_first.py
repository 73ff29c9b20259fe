"""The reader on the sentences every other part relies on: Chinese and English, and the traps of method §4b."""

from __future__ import annotations

import pytest

from tohuman.probes.reading import Reader

MESSAGES = [
    ("en", "All agents are busy, please wait. You are number 3 in the queue.", "queued"),
    ("en", "Anna joined the chat", "human_joined"),
    ("en", "You are no longer in the queue", "queue_dropped"),
    ("en", "type agent to reach a human", "other"),
    ("en", "our agents are available 9–18", "other"),
    ("en", "I'm Lily, your virtual assistant", "greeting"),
    ("en", "how do I become an agent?", "other"),
    ("en", "Connecting you to an agent...", "handoff_offer"),
    ("en", "We are offline until 9 am tomorrow. Leave a message and we will get back to you.", "closed"),
    ("en", "We are away. Leave a message and we will get back to you.", "message_form"),
    ("en", "Sorry, I didn't understand. Could you rephrase?", "bot_fallback"),
    ("en", "Did that answer your question?", "asks_helped"),
    ("zh-CN", "您好，我是智能客服小美，很高兴为您服务", "greeting"),
    ("zh-CN", "正在为您转接人工客服，请稍候", "handoff_offer"),
    ("zh-CN", "当前排队人数较多，您前面还有3人，预计等待5分钟", "queued"),
    ("zh-CN", "没有人工客服", "no_human"),
    ("zh-CN", "回复“人工”转人工客服", "other"),
    ("zh-CN", "客服小王已接入会话", "human_joined"),
    ("zh-CN", "您好，工号1023很高兴为您服务", "greeting"),
    ("zh-CN", "您已退出排队", "queue_dropped"),
    ("zh-CN", "当前为非工作时间，人工客服工作时间为9:00-18:00，请留言", "closed"),
    ("zh-CN", "请留言，我们会在1–3个工作日内回复您", "message_form"),
    ("zh-CN", "请先登录后再咨询", "gated"),
]
CONTROLS = [
    ("en", "Talk to an agent", "ask_human"),
    ("en", "Chat with us", "open_chat"),
    ("en", "Send", "other"),
    ("en", "Refund", "option"),
    ("zh-CN", "人工客服", "ask_human"),
    ("zh-CN", "在线客服", "open_chat"),
    ("zh-CN", "没有解决", "not_helpful"),
    ("zh-CN", "订单问题", "option"),
    ("zh-CN", "返回", "back"),
]


@pytest.mark.parametrize(("locale", "text", "signal"), MESSAGES)
def test_a_message_is_read_as_what_it_states(locale: str, text: str, signal: str) -> None:
    assert Reader.load().message(text, locale).signal == signal


@pytest.mark.parametrize(("locale", "text", "signal"), CONTROLS)
def test_a_control_is_read_by_its_label(locale: str, text: str, signal: str) -> None:
    assert Reader.load().control(text, locale).signal == signal


def test_the_figures_of_a_text_are_taken_out() -> None:
    reader = Reader.load()
    queued = reader.message("当前排队人数较多，您前面还有3人，预计等待5分钟", "zh-CN").values
    assert (queued["position"], queued["eta_seconds"]) == (3, 300)
    promise = reader.message("请留言，我们会在1–3个工作日内回复您", "zh-CN").values
    assert promise["promise_seconds"] == 3 * 86_400


@pytest.mark.parametrize(
    ("locale", "text", "signal"),
    [
        ("en", "This conversation has ended, if you need anything else, start a new one.", "ended"),
        ("en", "If this conversation has ended, you can read it again in your mails.", "other"),
        ("zh-CN", "您的排队已失效，如果还需要人工客服，请重新发起", "queue_dropped"),
    ],
)
def test_a_condition_behind_a_statement_does_not_undo_it(locale: str, text: str, signal: str) -> None:
    assert Reader.load().message(text, locale).signal == signal
