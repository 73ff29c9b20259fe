"""The reader: a text of a conversation → a signal, a control → a class, each with the rule and phrase that decided it.

The words are in lexicon/*.yaml, what they add up to in rules/*.yaml. No page, no conversation state here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from . import language
from .compound import Found
from .hours import ServiceHours
from .judge import RuleBook, Verdict
from .kept import kept
from .language import WordList
from .model import Lines, Reading, Value
from .names import names_of
from .normal import Folded, Normal, fold, folded, kind, normal_entry
from .precedent import Leaning
from .schema import Concept, Lexicon, LexiconError, Lexicons, Rules, Strict, content, load
from .tongue import Tongue, extended
from .values import position_of, simple_values

_HERE = Path(__file__).parent
#: Products mix English into every language; its lexicon is asked when the locale's own found nothing.
COMMON = "en"
#: A reading by a lexicon that is not the text's own locale is worth less.
FOREIGN = 0.9
_ALSO = 5
#: Precedents read a text that no rule reads when they point somewhere, clearly ahead of all else (log-odds: how far,
#: and how far ahead); to choose between rules, or to overrule a weak one, they must be surer. They never say that a
#: person was reached, offered or is waited for: that is a statement, and read by rules alone. That one was not they may
#: say against a rule: a false person is the worst error.
_READS, _CHOOSES, _OVERRULES, _DENIES = (1.0, 2.0), (3.0, 2.5), (3.0, 3.0), (3.0, 2.0)
#: A rule that scores less is weak; one that scores so much decides by the order the method gives (a stated time beats
#: the form beside it).
_WEAK, _STRONG = 85.0, 88.0
_STATED = frozenset({"human_joined", "human_message", "queued", "handoff_offer"})
#: The guards in rules/message.yaml whose concepts keep a text from being read by precedent: at all, or as an event.
_UNPRECEDENTED, _UNPRECEDENTED_EVENT = "unprecedented", "unprecedented_event"
_EVENTS = frozenset({"closed", "ended", "no_human", "queue_dropped"})
#: The rule that is named when precedents decided.
PRECEDENT = "precedent"
#: So many locale names are remembered; more are some caller's slip.
_LOCALES = 200


class _Concepts(Strict):
    concepts: dict[str, Concept]


@dataclass(frozen=True, slots=True)
class _Hit:
    """A rule that held, what it is worth here, and the lexicon and form of the text it held in."""

    score: float
    verdict: Verdict
    tongue: Tongue
    found: list[Found]
    normal: Normal


class Reader:
    """See docs/architecture.md, "The reader". Reads nothing but its own data files, and what kept.py keeps of them;
    holds no state between texts."""

    def __init__(self, folder: Path = _HERE) -> None:
        self._concepts = load(folder / "rules" / "concepts.yaml", _Concepts).concepts
        paths = sorted((folder / "lexicon").glob("*.yaml"))
        self._said = sorted((folder / "precedents").glob("*.jsonl"))
        self._files = {path.stem: content(path) for path in paths}
        sources = [part for name, file in self._files.items() for part in (name.encode(), file)]
        own = kept(Lexicons, "all", sources, lambda: Lexicons({p.stem: load(p, Lexicon) for p in paths})).by_name
        self._lexicons = {name: extended(name, own) for name in own}
        if not self._lexicons:
            raise LexiconError("there is no lexicon")
        self._covers = {name: lexicon.covers for name, lexicon in self._lexicons.items()}
        classes = {"control_" + k for lexicon in self._lexicons.values() for k in lexicon.controls}
        classes.update("say_" + k for lexicon in self._lexicons.values() for k in lexicon.says)
        near = [name for name, concept in self._concepts.items() if concept.near]
        rules = load(folder / "rules" / "message.yaml", Rules)
        self._messages = RuleBook(rules, {*self._concepts, *classes}, near)
        self._unprecedented = frozenset(rules.guards.get(_UNPRECEDENTED, ()))
        self._no_event = frozenset(rules.guards.get(_UNPRECEDENTED_EVENT, ()))
        self._controls = RuleBook(load(folder / "rules" / "control.yaml", Rules), {*self._concepts, *classes}, near)
        self._lists: dict[str, WordList] = {}
        self._small: dict[str, frozenset[str]] = {}  # each lexicon's smallest words
        self._by_script: dict[str, dict[str, frozenset[str]]] = {}
        for name, lexicon in self._lexicons.items():
            small = frozenset(normal_entry(w) for w in lexicon.function_words)
            self._by_script.setdefault(lexicon.script, {})[name] = self._small[name] = small
        self._tongues: dict[str, Tongue] = {}
        self._serves: dict[str, list[str]] = {}
        short = (entry for lexicon in self._lexicons.values() for entry in lexicon.abbreviations)
        self._hours = ServiceHours(own.values())
        self._shortened = frozenset(normal_entry(entry) for entry in short)

    @staticmethod
    @lru_cache(maxsize=1)
    def load() -> Reader:
        """The reader with all lexicons, ready to read; made once."""
        reader = Reader()
        reader.control("?", COMMON)
        return reader

    def ready(self, locale: str) -> Reader:
        """The reader, its words and precedents of a locale gathered: not first in the middle of a conversation."""
        for name in self._served(locale)[:1] if locale else ():
            _ = self._tongue(name).precedents
        return self

    # --- reading ---------------------------------------------------------------------------------------------------

    def message(self, text: str, locale: str | None = None) -> Reading:
        """The signal of what a conversation says; `other` when nothing is said."""
        source = folded(text)
        tongues = self._tongues_for(source, locale)
        best, heard = self._ruled(source, locale, tongues)
        stated = bool(best) and best[0].verdict.rule.signal in _STATED
        if not source.work or not (stated or heard.isdisjoint(self._unprecedented)):
            return self._reading(source, best)
        barred = _STATED if heard.isdisjoint(self._no_event) else _STATED | _EVENTS
        return self._with_precedents(source, best, tongues[0][0], barred)

    def notice(self, text: str, locale: str | None = None) -> Reading:
        """The signal of a line of a page, by the rules alone: most of what stands on pages says nothing, and all of it
        resembles something now and then."""
        source = folded(text)
        return self._reading(source, self._ruled(source, locale, self._tongues_for(source, locale))[0])

    def control(self, text: str, locale: str | None = None) -> Reading:
        """The class of a control by its label; `other` when its words say nothing."""
        source = folded(text)
        best: list[_Hit] = []
        for tongue, weight in self._tongues_for(source, locale):
            normal = tongue.normal(source)
            found = tongue.matcher.find(normal)
            verdicts = self._controls.judge(found, normal)
            if weight == FOREIGN and len(source.work.split()) > 1:
                # two letters of another language are a word of this one more often than not («j'ai», «vai ai prodotti»)
                verdicts = [v for v in verdicts if v.span[1] - v.span[0] > 2]
            best.extend(_Hit(v.score * weight, v, tongue, found, normal) for v in verdicts)
            if verdicts:
                break
        best.sort(key=lambda hit: -hit.score)
        reading = self._reading(source, best)
        if not best and "phone" in reading.values and not any(kind(c) in (1, 2) for c in source.work):
            return Reading("call", 0.7, "shape.phone", str(reading.values["phone"]), reading.values)
        return reading

    def says(self, kind: str, text: str, locale: str | None = None) -> bool:
        """Does the text say `kind` (a helper word of docs/architecture.md)? An unknown kind is a KeyError."""
        if not any(kind in lexicon.says for lexicon in self._lexicons.values()):
            raise KeyError(kind)
        source = folded(text)
        concept = "say_" + kind
        for tongue, _ in self._tongues_for(source, locale):
            normal = tongue.normal(source)
            if any(concept in sentence.hits for sentence in tongue.matcher.find(normal)):
                return True
        return False

    def mentions(self, text: str, locale: str | None = None) -> frozenset[str]:
        """The concepts and classes (`control_…`) a label's words touch, whatever they add up to."""
        source = folded(text)
        for tongue, _ in self._tongues_for(source, locale):
            found = tongue.matcher.find(tongue.normal(source))
            touched = frozenset(name for sentence in found for name in sentence.hits if not name.startswith("say_"))
            if touched:
                return touched
        return frozenset()

    def language(self, text: str, declared: str = "") -> str:
        """The locale whose words a page speaks: the declared one unless script or words clearly say otherwise."""
        work = folded(text[:4000]).work
        script = language.script(work)
        if not script:
            return declared or COMMON
        candidates = dict(self._by_script.get(script, {}))
        if script == "han":
            candidates.update(self._by_script.get("kana", {}))
        ranked = language.rank(work, candidates)
        served = self._served(declared) if declared else []
        own = [(name, count) for name, count in ranked if name in served]
        if declared and (own or not served):
            # templates keep the language tag they came with: believed unless other words are several times as many
            mine = max((count for _, count in own), default=0)
            if not ranked or ranked[0][1] < 3 * mine + 4:
                return declared
        return ranked[0][0] if ranked else declared or COMMON

    def lines(self, locale: str) -> Lines:
        """What the shopper says in a locale; English where no lexicon serves it."""
        for name in [*language.matching(locale, self._covers), COMMON]:
            entry = self._lexicons[name].lines
            if entry is not None:
                return Lines(
                    locale=name,
                    scenarios={str(k): v for k, v in entry.scenarios.items()},
                    ladder=tuple(entry.ladder),
                    not_helped=entry.not_helped,
                    leave=entry.leave,
                    disclosure=entry.disclosure,
                    name=entry.name,
                )
        raise LexiconError(f"no lexicon says what the shopper says in {locale}")

    def guess(self, text: str) -> str:
        """The lexicon whose language the text seems to be in."""
        return self._tongues_for(folded(text), None)[0][0].name

    @property
    def lexicons(self) -> dict[str, Lexicon]:
        return dict(self._lexicons)

    # --- inside ----------------------------------------------------------------------------------------------------

    def _tongue(self, name: str) -> Tongue:
        tongue = self._tongues.get(name)
        if tongue is None:
            texts = [path for path in self._said if language.base(path.stem.rpartition(".")[2]) == language.base(name)]
            tongue = self._tongues[name] = Tongue(
                name, self._lexicons[name], self._concepts, self._sources(name), self._shortened, texts
            )
        return tongue

    def _sources(self, name: str) -> list[bytes]:
        """The files a lexicon comes from."""
        return [self._files[own] for own in (name, self._lexicons[name].extends) if own]

    def _tongues_for(self, text: Folded, locale: str | None) -> list[tuple[Tongue, float]]:
        """The lexicons to ask, in order, each with the weight of its word."""
        script = language.script(text.work)
        chosen: list[tuple[str, float]] = []
        if locale:
            for index, name in enumerate(self._served(locale)):
                own = self._lexicons[name].script
                fits = own == script or not script or language.holds(text.work, own)
                if fits or (script == "han" and self._lexicons[name].script == "kana"):
                    chosen.append((name, 1.0 if index == 0 else 0.97))
        if not chosen:
            candidates = self._by_script.get(script, {})
            if script == "han" and "kana" in self._by_script:
                candidates = {**candidates, **self._by_script["kana"]}
            ranked = language.likely(text.work, {name: self._list(name) for name in candidates}, candidates)
            top = ranked[0][1] if ranked else 0.0
            known = not locale
            for name, weight in ranked[:4]:
                if weight >= max(0.01, top - 1.0) or len(ranked) <= 2 or top == 0:
                    chosen.append((name, 1.0 if known and weight == top else FOREIGN))
        if all(name != COMMON for name, _ in chosen) and COMMON in self._lexicons and _has_ascii_word(text.work):
            chosen.append((COMMON, FOREIGN))
        return [(self._tongue(name), weight) for name, weight in chosen or [(COMMON, FOREIGN)]]

    def _is_own(self, text: Folded, locale: str | None) -> bool:
        """Are the words rather those of the locale's own language than English ones?"""
        names = [name for name in self._served(locale or COMMON)[:1] if name != COMMON]
        ranked = language.likely(text.work, {n: self._list(n) for n in (*names, COMMON)}, self._small)
        return bool(names) and ranked[0][0] != COMMON and (len(ranked) < 2 or ranked[0][1] > ranked[1][1])

    def _list(self, name: str) -> WordList:
        """The words of a lexicon, gathered when a language is first guessed."""
        known = self._lists.get(name)
        if known is None:
            lexicon = self._lexicons[name]
            groups = (lexicon.concepts, lexicon.controls)
            entries = (fold(entry) for group in groups for found in group.values() for entry in found)
            known = self._lists[name] = kept(WordList, name, self._sources(name), lambda: WordList.of(entries))
        return known

    def _served(self, locale: str) -> list[str]:
        """The lexicons that serve a locale, remembered: the same few are asked for each text."""
        names = self._serves.get(locale)
        if names is None:
            names = language.matching(locale, self._covers)
            # a lexicon's words hold those of the one it extends, and its guards must not be got round by asking that
            parents = [(self._lexicons[name].extends, self._lexicons[name].script) for name in names]
            names = [n for at, n in enumerate(names) if (n, self._lexicons[n].script) not in parents[:at]]
            if len(self._serves) < _LOCALES:
                self._serves[locale] = names
        return names

    def _ruled(
        self, source: Folded, locale: str | None, tongues: list[tuple[Tongue, float]]
    ) -> tuple[list[_Hit], set[str]]:
        """The rules that hold, the strongest first, and the concepts that were heard."""
        best: list[_Hit] = []
        heard: set[str] = set()
        for tongue, weight in tongues:
            normal = tongue.normal(source)
            found = tongue.matcher.find(normal)
            verdicts = self._messages.judge(found, normal)
            if weight == FOREIGN and verdicts and len(heard) > 1 and self._is_own(source, locale):
                continue  # what the own lexicon has understood, and barred, is not got round by another's words
            heard.update(n for sentence in found for n in sentence.hits if not n.startswith("say_"))
            best.extend(_Hit(v.score * weight, v, tongue, found, normal) for v in verdicts)
            if verdicts and verdicts[0].score >= 55:
                break
        best.sort(key=lambda hit: -hit.score)
        return best, heard

    def _with_precedents(self, source: Folded, best: list[_Hit], tongue: Tongue, barred: frozenset[str]) -> Reading:
        """Where no rule holds precedents read; between rules that hold they choose, and a weak one gives way to clear
        precedents. They say nothing that is `barred`: no person above all; but they may speak against a rule that
        states one."""
        signals = {hit.verdict.rule.signal for hit in best}
        stated = bool(best) and best[0].verdict.rule.signal in _STATED
        weak = not best or best[0].score < _WEAK
        settled = bool(best) and not stated and (best[0].score >= _STRONG or (len(signals) < 2 and not weak))
        leaning = None if settled else tongue.precedents.leaning(tongue.normal(source).text)
        if leaning is None or leaning.signal in barred:
            return self._reading(source, best)
        if leaning.signal in signals:
            if leaning.at_least(_DENIES if stated else _CHOOSES):
                # a person that is denied is not named beside what is read instead either
                left = [hit for hit in best if not stated or hit.verdict.rule.signal not in _STATED]
                best = sorted(left, key=lambda hit: hit.verdict.rule.signal != leaning.signal)
        elif leaning.at_least(_DENIES if stated else _READS if not best else _OVERRULES) and (stated or weak):
            return _by_precedent(leaning, self._reading(source, []).values)
        return self._reading(source, best)

    def _reading(self, source: Folded, best: list[_Hit]) -> Reading:
        simple = simple_values(source.plain, self._hours)
        if not best:
            return Reading("other", 0.5 if source.work else 1.0, "nothing", "", simple)
        readings: list[Reading] = []
        seen: set[str] = set()
        for hit in best:
            rule = hit.verdict.rule
            if rule.signal in seen:
                continue
            seen.add(rule.signal)
            values = self._values(hit, simple)
            start, end = hit.verdict.span
            certainty = rule.certainty or round(min(hit.score, 99) / 100, 3)
            readings.append(Reading(rule.signal, certainty, rule.id, hit.normal.text[start:end], values))
            if len(readings) > _ALSO:
                break
        first = readings[0]
        merged = {**simple, **first.values}
        return Reading(first.signal, first.certainty, first.rule, first.phrase, merged, tuple(readings[1:]))

    def _values(self, hit: _Hit, simple: dict[str, Value]) -> dict[str, Value]:
        rule, normal, tongue, found = hit.verdict.rule, hit.normal, hit.tongue, hit.found
        values: dict[str, Value] = {}
        if rule.gate:
            values["gate"] = rule.gate
        if rule.to:
            values["to"] = rule.to
            if rule.to == "phone" and "phone" in simple:
                values["phone"] = simple["phone"]
        if rule.signal == "human_joined":
            values.update(names_of(normal, found[hit.verdict.sentence], hit.verdict.span, tongue.vocabulary))
        if rule.signal == "queued":
            place = position_of(normal, found)
            if place is not None:
                values["position"] = place
        if rule.signal in ("queued", "handoff_offer", "promise", "message_form", "closed", "no_human"):
            waits = rule.signal in ("queued", "handoff_offer")
            for sentence in found:
                for seconds, text, _, _ in tongue.times.find(normal, sentence.start, sentence.end):
                    if waits and "reply" not in sentence.hits:
                        values.setdefault("eta_seconds", int(seconds))
                    elif not waits and {"reply", "usual_reply", "within"} & sentence.hits.keys():
                        values.setdefault("promise_seconds", int(seconds))
                        values.setdefault("promise_text", text)
                if not waits and rule.signal == "promise" and "promise_text" not in values:
                    spans = sentence.hits.get("within")
                    if spans:
                        values["promise_text"] = normal.text[spans[0][0] : spans[0][1]]
        return values


def _by_precedent(leaning: Leaning, values: dict[str, Value]) -> Reading:
    """A reading by precedent: never as sure as one by rule, and unsure where it can't say which gate or which way."""
    if leaning.signal == "other":
        return Reading("other", 0.5, PRECEDENT, " … ".join(leaning.phrases), values)
    certainty = min(0.74, 0.3 + 0.08 * leaning.ahead)
    if leaning.signal in ("gated", "diverted"):
        certainty = min(certainty, 0.49)
    return Reading(leaning.signal, round(certainty, 3), PRECEDENT, " … ".join(leaning.phrases), values)


def _has_ascii_word(text: str) -> bool:
    return any(len(word) > 2 and word.isascii() and word.isalpha() for word in text[:400].split())
