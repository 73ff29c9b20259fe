"""The closed vocabularies of the method: outcomes, barriers, gates, signals, control classes, parts of a probe.

Only names and their order live here; what is counted lives in measures.py, the words of a language in the lexicon.
"""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """How a run ends (method §3)."""

    HUMAN = "human"
    HANDOFF = "handoff"
    DROPPED = "dropped"
    CLOSED = "closed"
    GATED = "gated"
    MESSAGE_FORM = "message_form"
    DIVERTED = "diverted"
    LOOP = "loop"
    DEAD_END = "dead_end"
    EXHAUSTED = "exhausted"
    UNCLEAR = "unclear"
    BLOCKED = "blocked"
    UNAVAILABLE = "unavailable"
    BROKEN = "broken"
    ERROR = "error"
    INTERRUPTED = "interrupted"
    MISSED = "missed"
    NOT_ATTEMPTED = "not_attempted"


REACHED = (Outcome.HUMAN, Outcome.HANDOFF)
#: Nearest to a person first: of several walls met in one run, the first of this list is the outcome.
WALLS = (
    Outcome.DROPPED,
    Outcome.CLOSED,
    Outcome.GATED,
    Outcome.MESSAGE_FORM,
    Outcome.DIVERTED,
    Outcome.LOOP,
    Outcome.DEAD_END,
)
CENSORED = (Outcome.EXHAUSTED,)
MISSING = (
    Outcome.UNCLEAR,
    Outcome.BLOCKED,
    Outcome.UNAVAILABLE,
    Outcome.BROKEN,
    Outcome.ERROR,
    Outcome.INTERRUPTED,
)
SHOWN_APART = (Outcome.MISSED, Outcome.NOT_ATTEMPTED)


class Gate(StrEnum):
    """What a `gated` outcome asks for."""

    LOGIN = "login"
    VIP = "vip"
    ORDER = "order"
    IDENTITY = "identity"
    PHONE = "phone"
    EVIDENCE = "evidence"
    REGION = "region"


class Diversion(StrEnum):
    """Where a `diverted` outcome sends the consumer."""

    PHONE = "phone"
    APP = "app"
    MINI_PROGRAM = "mini_program"
    EMAIL = "email"
    OTHER_COMPANY = "other_company"


class Signal(StrEnum):
    """What a text of a conversation or page says (method §4)."""

    HUMAN_JOINED = "human_joined"
    HUMAN_MESSAGE = "human_message"
    QUEUED = "queued"
    QUEUE_DROPPED = "queue_dropped"
    HANDOFF_OFFER = "handoff_offer"
    NO_HUMAN = "no_human"
    MESSAGE_FORM = "message_form"
    CLOSED = "closed"
    ENDED = "ended"
    DIVERTED = "diverted"
    GATED = "gated"
    PRECHAT_FORM = "prechat_form"
    ASKS_CATEGORY = "asks_category"
    ASKS_PROBLEM = "asks_problem"
    ASKS_HELPED = "asks_helped"
    BOT_FALLBACK = "bot_fallback"
    PROMISE = "promise"
    GREETING = "greeting"
    OTHER = "other"


class ControlClass(StrEnum):
    """What a control offers (method §4)."""

    HELP_CENTRE = "help_centre"
    CONTACT = "contact"
    OPEN_CHAT = "open_chat"
    ASK_HUMAN = "ask_human"
    LEAVE_MESSAGE = "leave_message"
    CALL = "call"
    EMAIL = "email"
    SEARCH = "search"
    LOGIN = "login"
    NOT_HELPFUL = "not_helpful"
    BACK = "back"
    OPTION = "option"
    OTHER = "other"


class Barrier(StrEnum):
    """Obstacles on the way, many per run, each with the event that shows it (method §3)."""

    NO_ENTRY_ON_HOME = "no_entry_on_home"
    ENTRY_IN_OTHER_PRODUCT = "entry_in_other_product"
    ENTRY_HIDDEN = "entry_hidden"
    BOT_FIRST = "bot_first"
    NO_HUMAN_OPTION = "no_human_option"
    MUST_TYPE = "must_type"
    REQUEST_IGNORED = "request_ignored"
    TOPIC_MISSING = "topic_missing"
    IRRELEVANT_ANSWER = "irrelevant_answer"
    FAKE_HUMAN_BUTTON = "fake_human_button"
    FAKE_HANDOFF = "fake_handoff"
    MENU_DEPTH = "menu_depth"
    FORCED_PREAMBLE = "forced_preamble"
    DEFLECTED_TO_SELF_SERVICE = "deflected_to_self_service"
    CHANNEL_PING_PONG = "channel_ping_pong"
    QUEUE_WITHOUT_POSITION = "queue_without_position"
    QUEUE_DISCOURAGES = "queue_discourages"
    AUTO_DISCONNECT = "auto_disconnect"
    BACK_TO_START = "back_to_start"
    CLOSED_HOURS = "closed_hours"
    LOGIN_NEEDED = "login_needed"
    VIP_NEEDED = "vip_needed"
    EVIDENCE_NEEDED = "evidence_needed"
    APP_ONLY = "app_only"
    ASKED_AGAIN = "asked_again"
    BOT_POSING_AS_PERSON = "bot_posing_as_person"
    BOT_UNDISCLOSED = "bot_undisclosed"
    MAGIC_WORDS = "magic_words"
    DIFFERS_BY_VANTAGE = "differs_by_vantage"
    PROMISE_WITHOUT_REFERENCE = "promise_without_reference"
    UPSELL_FIRST = "upsell_first"


class Start(StrEnum):
    HELP = "help"
    HOME = "home"


class Surface(StrEnum):
    WEB = "web"
    WEB_MOBILE = "web-mobile"
    PHONE = "phone"
    APP = "app"


class Policy(StrEnum):
    NAIVE = "naive"
    INFORMED = "informed"
    EXPLORE = "explore"
    SCRIPT = "script"


class Scenario(StrEnum):
    GENERAL = "general"
    LOST_ACCOUNT = "lost_account"
    WRONG_CHARGE = "wrong_charge"
    REFUND = "refund"
    CANCEL = "cancel"


class Stop(StrEnum):
    """When a run stops once a person is being connected (method §4a)."""

    OFFERED = "offered"
    ANSWERED = "answered"
