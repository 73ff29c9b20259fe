"""Brings a text into the form in which it is matched: folded, without mark-up and punctuation, numbers abstracted.

Nothing here knows a language's words; lexicon entries go through the same folding, so that both always agree.
"""

from __future__ import annotations

import html
import re
import unicodedata
from array import array
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

#: Stands in the matching text for a number or a filled-in placeholder.
NUMBER = "#"
URL, MAIL = "⟨url⟩", "⟨mail⟩"
#: Longer texts are read at both ends only: what a message says is said in its first or its last part.
HEAD, TAIL = 1_600, 900

_TAG = re.compile(r"<[/!]?[a-zA-Z][^<>]{0,300}>|<!--.{0,300}?-->", re.S)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,10});")
_ICU_OPEN = re.compile(r"\{\s*\w+\s*,\s*(?:plural|select|selectordinal)\s*,(?:\s*offset:\d+)?", re.I)
_ICU_CASE = re.compile(r"(?:\b(?:zero|one|two|few|many|other)|=\d+)\s*\{(?=[^{}]*\s)", re.I)
_PLURAL_BAR = re.compile(r"\|{2,}")
_PLACEHOLDER = re.compile(
    r"\{\{\{?[^{}]{0,60}\}?\}\}|<%=?[^%]{0,60}%>|%\{[^{}]{0,60}\}|\$\{[^{}]{0,60}\}|\{[\w .$:,#-]{0,40}\}"
    r"|%%\w+%%|%\(\w+\)[sd]"
    r"|%\d?\$?[sd@](?![a-z])|%[1-9]\$?(?!\d)|\[\[?[A-Z_a-z.]+\]\]?(?!\()|__[a-zA-Z]\w*__|(?<![\w:/])[:@][a-z_]{3,}\b(?!\.)|\$[a-zA-Z_]\w+"
)
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'()。，）]{2,300}", re.I)
#: A telephone number after a plus sign is one number, however it is grouped.
_NUMBER = re.compile(
    r"\+\d[\d ]{6,18}\d|\d+(?:(?:[.,:/~–—−-]|\s?[-–—~]\s?)\d+)*(?:(?:st|nd|rd|th|er|ere|eme|[ºª])(?![^\W\d_]))?"
)
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]|[\U000e0000-\U000e01ef]"
)
_MARKS = re.compile("[\u0300-\u036f\u064b-\u0652\u0670\u0640]")
_ARABIC_ARTICLE = re.compile(r"(?<![\w])(?:و?ال|وال|بال|لل)(?=\w{3})")

_FOLD = {
    "ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ё": "е",
    "أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ک": "ك", "ی": "ي",
}  # fmt: skip
#: Signs that are words: a thumb down says "not helpful" on a button that has no other label.
_SIGNS = {
    "👎": " ⟨down⟩ ",
    "👍": " ⟨up⟩ ",
    "✕": " ⟨x⟩ ",
    "×": " ⟨x⟩ ",
    "✖": " ⟨x⟩ ",
    "❌": " ⟨x⟩ ",
    "🔍": " ⟨search⟩ ",
    "📞": " ⟨phone⟩ ",
}
_SENTENCE_END = frozenset("!?。！？؟…\n\r;；।|•·‥")
_QUESTION = frozenset("?？؟")
#: What parts a sentence: a "not" on one side says nothing about the other.
_CLAUSE_END = frozenset(",，、:：()（）—–،«»「」『』\u201c\u201d[]【】")


@lru_cache(maxsize=1)
def _han() -> dict[int, str]:
    """Traditional and Japanese forms to the simplified one, for matching only: lines of `simplified` + its variants."""
    table: dict[int, str] = {}
    for line in (resources.files(__package__) / "han.txt").read_text(encoding="utf-8").splitlines():
        for variant in line[1:]:
            table[ord(variant)] = line[0]
    table.update({ord(k): v for k, v in _FOLD.items()})
    return table


@lru_cache(maxsize=4096)
def _fold_char(char: str) -> str:
    """A Latin or Greek letter without its marks; every other character as it is."""
    if char < "\u00c0":
        return char
    if char in "ßẞ":
        return "ss"
    name = unicodedata.name(char, "")
    if name.startswith(("LATIN", "GREEK")):
        return _MARKS.sub("", unicodedata.normalize("NFD", char))
    return char


class _Letters(dict[int, str]):
    """Each folded character to its matching form, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        form = _MARKS.sub("", _fold_char(chr(code)).translate(_han()))
        if len(self) < _KEPT_LETTERS:
            self[code] = form
        return form


_KEPT_LETTERS = 16_384
_LETTERS = _Letters()


def fold(text: str) -> str:
    """NFKC, case, marks and character variants folded; length may change."""
    if text.isascii():
        return text.lower()
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).replace("İ", "i")
    for sign, word in _SIGNS.items():
        if sign in text:
            text = text.replace(sign, word)
    text = text.casefold().translate(_LETTERS)
    if "ا" in text or "ل" in text:
        text = _ARABIC_ARTICLE.sub("", text)
    return text


#: A picture between words often ends a sentence, in scripts that need no full stop for it and before a capital letter
#: or a number; so does Korean laughing or weeping.
_FACES = "[\u2300-\u23ff\u2600-\u27bf\u2b50\u2b55\U0001f300-\U0001faff]"
_UNSPACED = "[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
_UNCASED = "[\u0590-\u07ff\u0900-\u0eff]"
_FACE = re.compile(
    rf"(?<={_UNSPACED})\s*(?:{_FACES}\ufe0f?)+\s*(?={_UNSPACED}|\d)"
    rf"|(?<={_UNCASED})\s*(?:{_FACES}\ufe0f?)+\s*(?={_UNCASED}|\d)"
    rf"|(?<=\w)\s*(?:{_FACES}\ufe0f?)+\s*(?=[A-ZÀ-ÞĀ-ŽА-ЯҐЄІЇ\d])"
    r"|(?<=[\uac00-\ud7af])\s?[ㅋㅎㅠㅜ]{2,}\s"
)
#: What such a picture is made of; most texts have none.
_ANY_FACE = re.compile(_FACES + "|[ㅋㅎㅠㅜ]{2}")
#: Characters that a placeholder begins with.
_OPENS_PLACEHOLDER = frozenset("{<%$[_:@")
_DIGIT = re.compile(r"\d")


@lru_cache(maxsize=8192)
def kind(char: str) -> int:
    """0 no word character, 1 letter of a script with spaces, 2 letter of a script written without (or, Korean, glued),
    3 the number sign, and what opens a sign's name such as ⟨mail⟩."""
    if char in "#⟨":
        return 3
    if char.isascii():
        return 1 if char.isalnum() else 0
    code = ord(char)
    if 0x0E00 <= code <= 0x0EFF or 0x1000 <= code <= 0x109F or 0x1780 <= code <= 0x17FF:
        return 2
    if 0x2E80 <= code <= 0x9FFF or 0xAC00 <= code <= 0xD7AF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x3FFFF:
        return 2 if char.isalnum() or char in "ー々〆" else 0
    return 1 if char.isalnum() or unicodedata.category(char)[0] == "M" else 0


@dataclass(slots=True)
class Normal:
    """A text ready for matching.

    `text`: words separated by one space, sentences by a line feed. `words[i]`: how many words began before i (each
    character of an unspaced script is a word). `sentences`: (start, end, is_question). `breaks`: where a new clause
    begins, rising. `numbers`: what each number sign stood for, in order.
    """

    text: str
    words: array[int]
    sentences: list[tuple[int, int, bool]]
    breaks: list[int]
    numbers: list[str]
    plain: str
    raw: str


def _unmark(text: str) -> str:
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "&" in text:
        text = _ENTITY.sub(lambda m: html.unescape(m.group()), text)
    if "{" in text:
        text = _ICU_OPEN.sub(" ", text)
        text = _ICU_CASE.sub(". ", text)
    if "||" in text:
        text = _PLURAL_BAR.sub("\n", text)
    return text


def plain(text: str) -> str:
    """Mark-up, placeholders of ICU plurals and overlong middles removed; still readable."""
    if len(text) > HEAD + TAIL:
        text = text[:HEAD] + "\n" + text[-TAIL:]
    return _unmark(text).strip()


@dataclass(frozen=True, slots=True)
class Folded:
    """A text folded, its numbers taken out, before the words of one language are looked at."""

    work: str
    numbers: list[str]
    plain: str
    raw: str


@dataclass(frozen=True, slots=True)
class Same:
    """Words of one language that count as another: a variant of a country, the familiar "you" for the polite one."""

    table: dict[str, str]
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, words: dict[str, list[str]]) -> Same | None:
        """From canonical word → its variants."""
        table = {fold(variant): fold(canonical) for canonical, found in words.items() for variant in found}
        if not table:
            return None
        longest = sorted(table, key=len, reverse=True)
        spaced = [re.escape(w) for w in longest if kind(w[0]) == 1]
        glued = [re.escape(w) for w in longest if kind(w[0]) != 1]
        parts = [*glued, *([rf"(?<![^\W_])(?<!⟨)(?:{'|'.join(spaced)})(?![^\W_])"] if spaced else [])]
        return cls(table, re.compile("|".join(parts)))

    def apply(self, folded: str) -> str:
        return self.pattern.sub(lambda match: self.table[match.group()], folded)


def normalise(text: str, shortened: frozenset[str] = frozenset(), same: Same | None = None) -> Normal:
    """The matching form of a text. Linear in its length. `shortened`: words whose full stop ends no sentence."""
    return segmented(folded(text), shortened, same)


def segmented(text: Folded, shortened: frozenset[str] = frozenset(), same: Same | None = None) -> Normal:
    """The matching form of a folded text, in the words of one language."""
    work = same.apply(text.work) if same is not None else text.work
    return _segment(work, text.numbers, text.plain, text.raw, shortened)


def folded(text: str) -> Folded:
    """A text folded, with number signs for its numbers. Linear in its length."""
    readable = plain(text)
    work = readable.replace(URL, " ").replace(MAIL, " ")
    numbers: list[str] = []
    if "http" in work or "www." in work:
        work = _URL.sub("⟨u⟩", work)
    if "@" in work:
        work = _MAIL.sub("⟨m⟩", work)
    if not _OPENS_PLACEHOLDER.isdisjoint(work):
        work = _PLACEHOLDER.sub("⟨p⟩", work)
    if not work.isascii() and _ANY_FACE.search(work):
        work = _FACE.sub(". ", work)
    work = fold(work)

    def number(match: re.Match[str]) -> str:
        numbers.append(match.group())
        return NUMBER

    work = work.replace(NUMBER, " ")
    if _DIGIT.search(work):
        work = _NUMBER.sub(number, work)
    # A placeholder may stand for a number or a name: it matches where a number would, and its value is unknown.
    pieces = work.split("⟨p⟩")
    if len(pieces) > 1:
        rebuilt, seen, order = [], 0, numbers.copy()
        numbers.clear()
        for index, piece in enumerate(pieces):
            if index:
                numbers.append("")
                rebuilt.append(" " + NUMBER + " ")
            here = piece.count(NUMBER)
            numbers.extend(order[seen : seen + here])
            seen += here
            rebuilt.append(piece)
        work = "".join(rebuilt)
    work = work.replace("⟨u⟩", " ⟨url⟩ ").replace("⟨m⟩", " ⟨mail⟩ ")
    return Folded(work, numbers, readable, text)


#: Scripts whose every sign is a word of its own here, also those of their signs that are no letters.
_SIGNS_ALL = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_SIGNS_LETTERS = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
#: Many at once, as kind() tells them one by one: 1 letters and digits of scripts with spaces, 2 of scripts without,
#: 3 white space that ends no sentence; 4 anything else, one by one.
_PIECE = re.compile(
    f"([^\\W_{_SIGNS_ALL}{_SIGNS_LETTERS}]+)|((?:[{_SIGNS_ALL}]|(?=[{_SIGNS_LETTERS}])(?:[^\\W_]|[ー々〆]))+)"
    "|([^\\S\n\r]+)|(.)",
    re.S,
)


def _segment(work: str, numbers: list[str], readable: str, raw: str, shortened: frozenset[str]) -> Normal:
    out: list[str] = []
    words = array("i")
    sentences: list[tuple[int, int, bool]] = []
    breaks: list[int] = []
    begin, count, last, gap, question = 0, 0, 0, False, False
    white = False
    length = len(work)
    at = 0  # the length of what is in `out`
    for match in _PIECE.finditer(work):
        group = match.lastindex
        if group == 3:
            white = True
            continue
        piece = match.group()
        if group == 4:
            char = piece
            this = kind(char)
            if this == 0 and char not in "⟨⟩":
                index = match.start()
                end = char in _SENTENCE_END
                if char == "." and (index + 1 == length or not work[index + 1].isalnum()):
                    end = not _shortened(work, index, shortened)
                if char == "·" and index and work[index - 1].isalpha() and work[index + 1 : index + 2].isalpha():
                    end = False  # Catalan writes cancel·lar
                if char in _QUESTION or (char == ";" and index and "\u0370" <= work[index - 1] <= "\u03ff"):
                    question = True  # Greek asks with a semicolon
                if end:
                    if at > begin:
                        sentences.append((begin, at, question))
                        out.append("\n")
                        words.append(count)
                        at += 1
                        begin, last = at, 0
                        question = False
                    elif question and sentences:
                        sentences[-1] = (*sentences[-1][:2], True)
                        question = False
                    gap = white = False
                else:
                    gap = True
                    if char in _CLAUSE_END or (char == "-" and white):
                        breaks.append(at)
                continue
            this = this or 1
        else:
            this = group or 1
        if (gap or white) and last and not (white and not gap and this == 2 and last == 2):
            out.append(" ")
            words.append(count)
            at += 1
            last = 0
        gap = white = False
        size = len(piece)
        if this == 2:
            words.extend(range(count, count + size))
            count += size
        else:
            words.append(count)
            if this != last:
                count += 1
            if size > 1:
                words.extend([count] * (size - 1))
        out.append(piece)
        at += size
        last = this
    if at > begin:
        sentences.append((begin, at, question))
    elif out and out[-1] == "\n":
        out.pop()
        words.pop()
    words.append(count)
    return Normal("".join(out), words, sentences, breaks, numbers, readable, raw)


_TAIL_WORD = re.compile(r"[^\W_]+$")


def _shortened(work: str, index: int, shortened: frozenset[str]) -> bool:
    """Is the full stop here that of an initial or of a word written short, with the sentence going on behind it?"""
    match = _TAIL_WORD.search(work, max(0, index - 12), index)
    after = work[index + 1 : index + 6].lstrip()[:1]
    if match is None or not (after.isalnum() or after == NUMBER):
        return False
    word = match.group()
    return (
        word in shortened
        or (after == NUMBER and word + " #" in shortened)
        or (len(word) == 1 and word.isalpha() and kind(word) == 1)
    )


def normal_entry(entry: str, same: Same | None = None) -> str:
    """A lexicon entry's literal in matching form; inner sentence ends and outer spaces are dropped."""
    work = _NUMBER.sub(NUMBER, fold(entry)) if any(c.isdigit() for c in entry) else fold(entry)
    if same is not None:
        work = same.apply(work)
    out: list[str] = []
    last, gap, white = 0, False, False
    for char in work:
        this = kind(char) if char not in "⟨⟩" else 1
        if this == 0:
            if char.isspace():
                white = True
            else:
                gap = True
            continue
        if (gap or white) and last and not (white and not gap and this == 2 and last == 2):
            out.append(" ")
        gap = white = False
        out.append(char)
        last = this
    return "".join(out)
