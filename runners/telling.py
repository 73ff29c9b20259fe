"""A run's lines (results/narrate.py) as sentences for a terminal, in the words of the dashboard's languages.

Holds no words of its own. Captured text is passed through as it is: cli/shared.lines sanitises what it prints.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tohuman.dashboard.locale import words
from tohuman.results.measures import Measures
from tohuman.results.narrate import Line
from tohuman.runners.terminal import pad, sanitise

_TEXT = 400
_OPTIONS = 12
#: Flags of a line that are told in brackets after it; a field's own are part of its sentence.
_FLAGS = {"dead": "dead", "double": "double", "faked": "untrusted", "history": "history"}


class Teller:
    """Tells runs in one language; KeyError for a language the dashboard does not have."""

    def __init__(self, language: str = "en") -> None:
        self._words: Mapping[str, str] = words(language)

    def say(self, key: str, **values: object) -> str:
        """The words of a key with the values put in, each sanitised; for a code without words, the code."""
        text = self._words.get(key, key.partition(".")[2])
        for name, value in values.items():
            text = text.replace("{" + name + "}", sanitise(value, _TEXT))
        return text

    def head(self, measures: Measures, platform: str) -> list[str]:
        """Who, what it ended with, and the figures, in two or three lines."""
        lines = [f"{platform or measures.run_id}: {self.say('outcome.' + measures.outcome)}"]
        lines.append(self.figures(measures))
        if measures.gate:
            lines.append(self.say("run.asks", what=self.say("gate." + measures.gate)))
        if measures.to:
            lines.append(self.say("run.leads", what=self.say("diversion." + measures.to)))
        return lines

    def figures(self, measures: Measures) -> str:
        columns = ["clicks", "turns", "obstacle_clicks", "fields"]
        parts = [f"{self.say('figure.' + name)} {getattr(measures, name)}" for name in columns]
        for name in ("wait_page_s", "wait_bot_s", "wait_queue_s"):
            parts.append(f"{self.say('figure.' + name)} {self.seconds(getattr(measures, name))}")
        return " · ".join(parts)

    def seconds(self, value: float) -> str:
        return self.say("seconds", n=f"{value:.1f}")

    def walk(self, lines: Sequence[Line]) -> list[str]:
        """One text per line of the walk: the second, the number of a counted act, what happened."""
        numbers: dict[str, int] = {}
        told: list[str] = []
        for line in lines:
            text = self._line(line)
            if not text:
                continue
            badge = ""
            if line.kind in ("click", "turn", "obstacle"):
                step = int(line.number or 1) if line.kind == "obstacle" else 1
                numbers[line.kind] = numbers.get(line.kind, 0) + step
                badge = f"{self.say('kind.' + line.kind)} {numbers[line.kind]}"
            flags = [self.say("walk." + _FLAGS[flag]) for flag in line.flags if flag in _FLAGS]
            more = f" ({', '.join(flags)})" if flags else ""
            told.append(f"{line.at:7.1f}  {pad(badge, 10)}  {text}{more}")
            if line.options and line.kind in ("message", "changed"):
                shown = [sanitise(option, 60) for option in line.options[:_OPTIONS]]
                rest = ["…"] if len(line.options) > _OPTIONS else []
                told.append(f"{'':21}{self.say('walk.options')}: {' | '.join(shown + rest)}")
        return told

    def _line(self, line: Line) -> str:
        quoted = f"“{sanitise(line.text, _TEXT)}”"
        match line.kind:
            case "start":
                return self.say("walk.opened", address=line.text)
            case "page":
                seen = self.say("walk.view", title=quoted) if line.text else self.say("walk.view_untitled")
                return f"{seen}  {sanitise(line.address, 200)}"
            case "click" | "press":
                return self._press(line, quoted)
            case "turn":
                return f"{self.say('author.consumer')}: {sanitise(line.text, _TEXT)}"
            case "obstacle":
                return f"{self.say('walk.obstacle', kind=self.say('obstacle_kind.' + line.key))} {quoted}"
            case "message":
                name = f" ({sanitise(line.name, 60)})" if line.name else ""
                return f"{self.say('author.' + line.key)}{name}: {sanitise(line.text, _TEXT)}"
            case "changed":
                if "removed" in line.flags:
                    return self.say("walk.message_removed")
                return self.say("walk.message_changed", text=line.text) if line.text else ""
            case "field":
                flags = [self.say(f"walk.field_{flag}") for flag in line.flags]
                return f"{self.say('walk.field', label=quoted)} ({', '.join(flags)})"
            case "wait":
                return self.say(f"walk.wait_{line.key}", s=self.seconds(line.number or 0.0)) if line.number else ""
            case "queue":
                place = f", {self.say('walk.queue_position', n=int(line.number))}" if line.number is not None else ""
                return self.say(f"walk.queue_{line.key}") + place
            case "barrier":
                return self.say("walk.barrier", barrier=self.say("barrier." + line.key))
            case "finding":
                what = self.say("outcome." + line.name) if line.name else ""
                said = f": {quoted}" if line.text else ""
                return self.say("walk." + line.key, outcome=what) + said
            case "left":
                return self.say("walk.left_" + line.key) + (f": {quoted}" if line.text else "")
            case "spent":
                return self.say("walk.spent_" + line.key)
            case "failure":
                failed = self.say("walk.failure", outcome=self.say("outcome." + line.name))
                return f"{failed} {sanitise(line.text, _TEXT)}"
            case "end":
                why = f" {self.say('run.why')}: {quoted}" if line.text else ""
                return f"{self.say('outcome_long.' + line.name)}{why}"

    def _press(self, line: Line, quoted: str) -> str:
        fixed = {"dialog": "dialog_closed", "back": "back", "popup_closed": "popup_closed", "jump": "jump"}
        if line.key in fixed:
            return self.say("walk." + fixed[line.key], label=quoted, address=line.text or line.address)
        if line.key == "scripted":
            return self.say("walk.scripted", label=quoted)
        return self.say("walk.pressed", label=quoted) if line.text else self.say("walk.pressed_unnamed")
