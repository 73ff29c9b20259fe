"""Sentences that walks of practice platforms met and the reader once misread; each stands for a rule, not for itself."""

from __future__ import annotations

import pytest

from tohuman.probes.reading import Reader

#: Read as one of these, a text would say that a person was reached.
REACH = {"human_joined", "human_message", "queued", "handoff_offer"}

MESSAGES = [
    ("zh-CN", "正在为您接通人工坐席,请不要关闭窗口。", "handoff_offer"),
    ("zh-CN", "坐席忙,请留言,我们会尽快与您联系。", "message_form"),
    ("zh-CN", "抱歉,坐席忙,请留言,我们会尽快与您联系。", "message_form"),
    ("zh-CN", "人工坐席目前全忙，请在下面留言，我们看到后会与您联系。", "message_form"),
    ("zh-CN", "请先用一句话描述您遇到的问题,方便我们为您安排客服。", "asks_problem"),
    ("zh-CN", "多数情况下，退款和换货都能处理，帮助中心的「退换货说明」一文里也有说明。", "other"),
    ("zh-CN", "我是智能美妆助手洛洛。", "greeting"),
    ("zh-CN", "您前面的顾客已接入，当前排队第 1 位。", "queued"),
    ("zh-CN", "已断开", "ended"),
    ("zh-CN", "会话已结束", "ended"),
    ("en", "We do not offer support by phone, e-mail or chat.", "no_human"),
    ("en", "Registered office", "other"),
    (
        "en",
        "Our support team has gone home. Opening hours are Monday to Friday, 10 am to 6 pm. Please contact us again then.",
        "closed",
    ),
    ("en", "Gladly. Please choose what it is about:", "asks_category"),
    # that nobody need log in is no wall
    ("en", "You don't need to register to use the chat.", "other"),
    ("de", "Für den Chat ist keine Anmeldung erforderlich.", "other"),
    ("fr", "Il n'est pas nécessaire de vous connecter pour discuter.", "other"),
    ("es", "No necesitas registrarte para usar el chat.", "other"),
    ("pt", "Não é preciso fazer login para usar o chat.", "other"),
    ("nl", "U hoeft niet in te loggen om te chatten.", "other"),
    ("pl", "Logowanie nie jest wymagane, aby rozpocząć czat.", "other"),
    ("ko", "상담 중 주민등록번호, 카드 번호는 적지 말아 주세요.", "other"),
    ("ko", "주민등록번호를 입력해 주세요.", "gated"),
    ("ja", "チャットにマイナンバーやカード番号は書かないでください。", "other"),
    ("ru", "Для чата не нужна регистрация.", "other"),
    ("tr", "Sohbet için giriş yapmanız gerekmez.", "other"),
    ("ar", "لا تحتاج إلى تسجيل الدخول لاستخدام الدردشة.", "other"),
    ("ja", "チャットのご利用にログインは必要ありません。", "other"),
    ("ko", "채팅 이용에는 로그인이 필요하지 않습니다.", "other"),
    ("zh-CN", "无需登录即可使用在线客服。", "other"),
    ("zh-TW", "使用線上客服不需要登入。", "other"),
    ("it", "Per parlare con noi non serve la registrazione.", "other"),
    ("en", "You need to log in to use the chat.", "gated"),
    ("it", "Ti risponde in pochi secondi e non ha bisogno di registrazione.", "promise"),
    ("it", "Non è necessario chiamarci: per continuare deve effettuare l'accesso.", "gated"),
    ("ja", "ログインせずにチャットをご利用いただくことはできません。ログインしてください。", "gated"),
    ("ko", "로그인 없이는 이용하실 수 없습니다. 로그인해 주세요.", "gated"),
    ("es", "Si no tienes cuenta no puedes chatear: debes registrarte.", "gated"),
    # by which way is asked, nobody is sent away
    ("it", "Vuoi parlare con un operatore in chat, per telefono o via e-mail?", "handoff_offer"),
]

CONTROLS = [
    ("zh-CN", "城市代理招募", "other"),
    ("zh-CN", "代理加盟", "other"),
    ("zh-CN", "渠道代理", "other"),
    ("zh-CN", "诚招代理", "other"),
    ("en", "Start", "other"),
    ("en", "Get started", "other"),
    ("en", "Home", "other"),
    ("en", "Send message", "other"),
    ("en", "Send", "other"),
]

NO_START = [
    "提交",
    "确定",
    "发送",
    "submit",
    "send",
    "OK",
    "continue",
    "next",
    "weiter",
    "absenden",
    "envoyer",
    "suivant",
    "enviar",
    "siguiente",
    "continuar",
    "invia",
    "avanti",
    "送信",
    "次へ",
    "보내기",
    "다음",
    "確定",
    "下一步",
]
STARTS = [
    ("zh-CN", "开始咨询"), ("zh-CN", "提交并开始对话"), ("zh-TW", "開始對話"), ("en", "Start chat"), ("en", "Begin conversation"),
    ("en", "Start chatting"), ("de", "Chat starten"), ("de", "Gespräch beginnen"), ("fr", "Démarrer le chat"),
    ("fr", "Commencer la conversation"), ("es", "Iniciar chat"), ("es", "Comenzar conversación"), ("pt", "Iniciar conversa"),
    ("pt", "Começar o chat"), ("it", "Avvia chat"), ("it", "Inizia conversazione"), ("ja", "チャットを開始"), ("ja", "チャットを始める"),
    ("ko", "채팅 시작"), ("ko", "상담 시작하기"),
]  # fmt: skip


@pytest.mark.parametrize(("locale", "text", "signal"), MESSAGES)
def test_a_message_met_on_a_walk(locale: str, text: str, signal: str) -> None:
    assert Reader.load().message(text, locale).signal == signal


@pytest.mark.parametrize(("locale", "text", "signal"), CONTROLS)
def test_a_control_met_on_a_walk(locale: str, text: str, signal: str) -> None:
    assert Reader.load().control(text, locale).signal == signal


def test_the_customer_before_is_nobody_who_joined() -> None:
    read = Reader.load().message("您前面的顾客已接入，当前排队第 1 位。", "zh-CN")
    assert "human_joined" not in {r.signal for r in read.also}
    assert read.values["position"] == 1


def test_a_closing_time_is_stated_beside_the_form() -> None:
    text = (
        "Our customer team has finished for today. They are here Monday to Friday, 9:00 to 17:00, and back tomorrow. "
        "If you like, leave a message in the meantime."
    )
    read = Reader.load().message(text, "en")
    certainty = {r.signal: r.certainty for r in (read, *read.also)}
    assert certainty.get("closed", 0) >= 0.6
    assert "message_form" in certainty


@pytest.mark.parametrize("text", ["建议您先使用自助服务，自助服务一般几分钟就能处理好。"])
def test_praise_of_self_service_promises_nothing(text: str) -> None:
    assert Reader.load().message(text, "zh-CN").signal in {"other", "bot_fallback"}


@pytest.mark.parametrize("text", ["马上为您处理", "好的，马上为您处理。", "我这边马上帮您处理一下"])
def test_a_person_at_work_is_no_promise_of_a_later_answer(text: str) -> None:
    read = Reader.load().message(text, "zh-CN")
    assert "promise" not in {read.signal, *(r.signal for r in read.also)}
    assert read.signal not in REACH


@pytest.mark.parametrize("text", ["hiya yep sorry was out in the yard with a delivery", "no bother ta ra"])
def test_small_talk_is_no_certain_greeting(text: str) -> None:
    read = Reader.load().message(text, "en")
    assert read.signal in {"other", "human_message", "greeting"}
    assert read.signal != "greeting" or read.certainty < 0.5


def test_a_bot_that_lists_what_people_come_for() -> None:
    assert Reader.load().message("Hi, Fen the bot here. These are the things people come for:", "en").signal in {
        "greeting",
        "asks_category",
    }


@pytest.mark.parametrize("text", NO_START)
def test_a_plain_submit_does_not_say_that_a_chat_starts(text: str) -> None:
    reader = Reader.load()
    for locale in (None, "zh-CN", "en", "de", "fr", "es", "pt", "it", "ja", "ko"):
        assert not reader.says("start_chat", text, locale), locale


@pytest.mark.parametrize(("locale", "text"), STARTS)
def test_a_submit_that_says_so_starts_a_chat(locale: str, text: str) -> None:
    assert Reader.load().says("start_chat", text, locale)


FIELDS = [
    ("message_box", "en", "Type a message…"), ("message_box", "en", "Write your message"), ("message_box", "en", "Ask a question"),
    ("message_box", "zh-CN", "请输入您的问题"), ("message_box", "zh-CN", "输入消息…"), ("message_box", "zh-TW", "請輸入訊息"),
    ("message_box", "de", "Nachricht eingeben…"), ("message_box", "fr", "Écrivez votre message"), ("message_box", "es", "Escribe un mensaje"),
    ("message_box", "pt", "Digite sua mensagem"), ("message_box", "it", "Scrivi un messaggio"), ("message_box", "ja", "メッセージを入力"),
    ("message_box", "ko", "메시지를 입력하세요"),
    ("name_field", "en", "Your name*"), ("name_field", "zh-CN", "您的姓名"), ("name_field", "de", "Vorname"), ("name_field", "fr", "Prénom"),
    ("name_field", "es", "Nombre"), ("name_field", "pt", "Seu nome"), ("name_field", "it", "Cognome"), ("name_field", "ja", "お名前"),
    ("name_field", "ko", "이름"),
    ("email_field", "en", "E-mail address"), ("email_field", "zh-CN", "邮箱"), ("email_field", "zh-TW", "電子信箱"), ("email_field", "de", "E-Mail-Adresse"),
    ("email_field", "fr", "Adresse électronique"), ("email_field", "es", "Correo electrónico"), ("email_field", "pt", "E-mail"),
    ("email_field", "it", "Indirizzo e-mail"), ("email_field", "ja", "メールアドレス"), ("email_field", "ko", "이메일"),
    ("topic_field", "en", "Subject"), ("topic_field", "zh-CN", "问题类型"), ("topic_field", "de", "Betreff"), ("topic_field", "fr", "Sujet"),
    ("topic_field", "es", "Asunto"), ("topic_field", "pt", "Assunto"), ("topic_field", "it", "Oggetto"), ("topic_field", "ja", "件名"),
    ("topic_field", "ko", "문의 유형"),
    ("optional_field", "en", "Name (optional)"), ("optional_field", "de", "Telefon (freiwillig)"), ("optional_field", "ja", "電話番号(任意)"),
    ("optional_field", "zh-CN", "邮箱(选填)"), ("optional_field", "tr", "E-posta (isteğe bağlı)"), ("optional_field", "ar", "البريد (اختياري)"),
    ("back_to_top", "en", "Back to top"), ("back_to_top", "zh-CN", "返回顶部"), ("back_to_top", "de", "Nach oben"), ("back_to_top", "fr", "Haut de page"),
    ("back_to_top", "es", "Volver arriba"), ("back_to_top", "pt", "Voltar ao topo"), ("back_to_top", "it", "Torna su"),
    ("back_to_top", "ja", "ページトップへ戻る"), ("back_to_top", "ko", "맨 위로"),
    ("staff_name", "zh-CN", "工号 8023"), ("staff_name", "en", "Agent 12"), ("staff_name", "zh-CN", "客服小李"), ("staff_name", "ko", "상담사 1023"),
]  # fmt: skip
NO_FIELDS = [
    ("message_box", "en", "Search the help centre"), ("message_box", "en", "Your e-mail address"), ("message_box", "zh-CN", "搜索"),
    ("message_box", "zh-CN", "请输入手机号"), ("name_field", "en", "E-mail"), ("back_to_top", "en", "Back"), ("back_to_top", "zh-CN", "返回"),
    ("optional_field", "en", "Your name"), ("optional_field", "ko", "주제를 선택하세요"), ("optional_field", "de", "Name (Pflichtfeld)"),
    ("staff_name", "zh-CN", "智能客服"), ("staff_name", "zh-CN", "人工客服"), ("staff_name", "en", "Virtual assistant"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "locale", "text"), FIELDS)
def test_a_field_is_known_by_its_label(kind: str, locale: str, text: str) -> None:
    assert Reader.load().says(kind, text, locale)


@pytest.mark.parametrize(("kind", "locale", "text"), NO_FIELDS)
def test_another_label_is_not_taken_for_that_field(kind: str, locale: str, text: str) -> None:
    assert not Reader.load().says(kind, text, locale)


NAMED = [
    ("en", "Maya R. has joined the chat", {"name": "Maya R."}),
    ("en", "You are now chatting with Maya from Acme.", {"name": "Maya"}),
    ("en", "O'Neill has entered the chat.", {"name": "O'Neill"}),
    ("en", "Agent Maya Rowe (ID 4471) joined the conversation", {"name": "Maya Rowe", "staff": "4471"}),
    ("en", "An agent has joined the chat.", {}),
    ("en", "{name} has joined the chat", {}),
    ("zh-CN", "客服小李(工号8023)为您服务", {"name": "小李", "staff": "8023"}),
    ("zh-CN", "人工客服 8023 已接入", {"staff": "8023"}),
    ("zh-CN", "人工客服已接入", {}),
    ("zh-TW", "客服專員陳小姐已加入對話", {"name": "陳小姐"}),
    ("de", "Ihre Beraterin Frau Schulz ist dem Chat beigetreten.", {"name": "Frau Schulz"}),
    ("fr", "Camille a rejoint la conversation", {"name": "Camille"}),
    ("es", "El agente Tomás Ruiz entró en la conversación.", {"name": "Tomás Ruiz"}),
    ("ja", "担当の田中がチャットに参加しました", {"name": "田中"}),
    ("ko", "상담사 김민지님이 입장했습니다.", {"name": "김민지"}),
]


@pytest.mark.parametrize(("locale", "text", "wanted"), NAMED)
def test_a_notice_says_who_came(locale: str, text: str, wanted: dict[str, str]) -> None:
    read = Reader.load().message(text, locale)
    assert read.signal == "human_joined"
    assert {key: read.values[key] for key in ("name", "staff") if key in read.values} == wanted


@pytest.mark.parametrize(
    "text", ["您好，我是客服小李，工号8023，为您服务", "您好，客服8023为您服务", "您好，工号1023很高兴为您服务"]
)
def test_a_greeting_with_a_staff_number_is_nobody_who_joined(text: str) -> None:
    read = Reader.load().message(text, "zh-CN")
    assert {read.signal, *(r.signal for r in read.also)}.isdisjoint(REACH)


@pytest.mark.parametrize(
    ("locale", "text", "position"),
    [
        ("zh-CN", "您前面还有15人在排队", 15),
        ("ja", "現在12人待ちです", 12),
        ("en", "You are 23rd in line", 23),
        ("en", "You are number 104 in the queue", 104),
    ],
)
def test_a_number_before_a_letter_stays_whole(locale: str, text: str, position: int) -> None:
    assert Reader.load().message(text, locale).values.get("position") == position


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "Can I pay with another person's card?"),
        ("de", "Kann ich mit der Karte einer anderen Person zahlen?"),
        ("fr", "Réserver pour une autre personne"),
        ("es", "¿Puede recoger mi pedido otra persona?"),
        ("pt-BR", "Outra pessoa pode retirar meu pedido?"),
        ("it", "Posso pagare con la carta di un'altra persona?"),
        ("nl", "Betalen voor een andere persoon"),
        ("pl", "Rezerwacja dla innej osoby"),
        ("ru", "Оплата картой другого человека"),
        ("ar", "هل يمكن لشخص آخر استلام طلبي؟"),
        ("ko", "다른 사람의 카드로 결제할 수 있나요?"),
        ("sv", "Kan en annan person hämta mitt paket?"),
    ],
)
def test_another_person_is_nobody_to_talk_to(locale: str, text: str) -> None:
    assert Reader.load().control(text, locale).signal in ("other", "option")


@pytest.mark.parametrize(
    ("locale", "text"),
    [("fr", "Je n’ai plus de réseau"), ("nb", "Hva er AI?"), ("ko", "#온라인 체크인"), ("ko", "오프라인 매장")],
)
def test_a_short_word_inside_or_of_another_language_opens_no_chat(locale: str, text: str) -> None:
    assert Reader.load().control(text, locale).signal in ("other", "option")
