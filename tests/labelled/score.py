"""Scores the reader on the labelled texts: accuracy, macro-F1, per locale, per label, false humans (labels: README.md).

Prints labels and counts, never a text, so that the untouched part stays untouched. No label is decided here.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any, Literal

from tohuman.results.vocabulary import ControlClass, Signal

HERE = Path(__file__).resolve().parent
LOCALES = ("zh-CN", "zh-TW", "en", "de", "fr", "es", "pt", "it", "ja", "ko", "ru", "nl", "tr", "pl", "ar")
KINDS = ("messages", "controls", "negatives")
NEGATIVE = "negative"
#: What says that a person was reached: a text of another label read as one of these is the worst error.
REACH = frozenset({Signal.HUMAN_JOINED, Signal.HUMAN_MESSAGE, Signal.QUEUED, Signal.HANDOFF_OFFER})
NEAR = 0.8

Part = Literal["tuned", "untouched"]
#: The tuned texts are the reader's own precedents.
FOLDERS: dict[Part, Path] = {
    "tuned": HERE.parents[1] / "probes" / "reading" / "precedents",
    "untouched": HERE / "untouched",
}


class SumsError(Exception):
    """The untouched files are not those that were hashed before the first score."""


@dataclass(frozen=True)
class Labelled:
    """One labelled text; `set` is message or control, `label` a Signal, a ControlClass or `negative`."""

    id: str
    text: str
    locale: str
    set: str
    label: str


def verify_sums(folder: Path = HERE / "untouched") -> int:
    """Check every file of the folder against its SHA256SUMS; how many there are. Raises SumsError, naming the files."""
    wanted: dict[str, str] = {}
    for line in (folder / "SHA256SUMS").read_text("utf-8").splitlines():
        digest, _, name = line.partition("  ")
        wanted[name] = digest
    present = {path.name for path in folder.iterdir()} - {"SHA256SUMS"}
    wrong = sorted(present ^ wanted.keys())
    for name in sorted(present & wanted.keys()):
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != wanted[name]:
            wrong.append(name)
    if wrong:
        raise SumsError(f"not as hashed before the first score: {', '.join(wrong)}")
    return len(wanted)


def load(part: Part) -> list[Labelled]:
    """All labelled texts of a part, in the order of the files."""
    return [
        Labelled(row["id"], row["text"], row["locale"], row["set"], row["label"])
        for path in sorted(FOLDERS[part].glob("*.jsonl"))
        for row in map(json.loads, filter(str.strip, path.read_text("utf-8").split("\n")))
    ]


def normalised(text: str) -> str:
    """Letters only, folded: punctuation, width, case, the value of a digit and invisible characters do not count."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join("0" if c.isdigit() else c for c in folded if c.isalnum() or unicodedata.category(c).startswith("M"))


def grams(text: str) -> frozenset[str]:
    """The character 3-grams of the normalised text; a text shorter than three is its own only gram."""
    plain = normalised(text) or text.strip()
    return frozenset(plain[i : i + 3] for i in range(len(plain) - 2)) or frozenset({plain})


def near_duplicates(rows: Iterable[Labelled], others: Iterable[Labelled]) -> set[str]:
    """Ids of those rows that have a text of the same set among the others, 3-gram Jaccard of NEAR or more."""
    ours = [(row, grams(row.text)) for row in rows]
    wanted = frozenset[str]().union(*(mine for _, mine in ours))
    index: dict[tuple[str, str], list[int]] = defaultdict(list)
    texts: list[frozenset[str]] = []
    for number, other in enumerate(others):
        texts.append(grams(other.text))
        for gram in texts[-1] & wanted:
            index[other.set, gram].append(number)
    near: set[str] = set()
    for row, mine in ours:
        # who shares NEAR of all shares at least NEAR of mine, and so one of any that are more than the rest of mine:
        # the rarest are asked (prefix filtering, Chaudhuri, Ganti and Kaushik 2006)
        rarest = sorted(mine, key=lambda gram: (len(index.get((row.set, gram), ())), gram))
        asked = rarest[: len(mine) - ceil(NEAR * len(mine) - 1e-9) + 1]
        found = {number for gram in asked for number in index.get((row.set, gram), ())}
        if any(len(mine & texts[number]) / len(mine | texts[number]) >= NEAR for number in found):
            near.add(row.id)
    return near


def f_score(pairs: Counter[tuple[str, str]], label: str) -> float:
    """F1 of one label from (label, read as) counts; 0 where nothing was right."""
    right = pairs[label, label]
    wanted = sum(n for (label_, _), n in pairs.items() if label_ == label)
    said = sum(n for (_, read), n in pairs.items() if read == label)
    return 2 * right / (wanted + said) if wanted + said else 0.0


def figures(pairs: Counter[tuple[str, str]]) -> dict[str, Any]:
    """Texts, accuracy and macro-F1 (over the labels that occur) of (label, read as) counts."""
    total = sum(pairs.values())
    labels = sorted({label for label, _ in pairs})
    scores = {label: f_score(pairs, label) for label in labels}
    return {
        "texts": total,
        "accuracy": sum(n for (label, read), n in pairs.items() if label == read) / total if total else 0.0,
        "macro_f1": sum(scores.values()) / len(scores) if scores else 0.0,
    }


def score(part: Part, with_locale: bool = True) -> dict[str, Any]:
    """Read every text of a part and count. Untouched: sums first, near-duplicates of the tuned part left out.

    Labels of controls are written `control:<class>`, so that the two `other` stay apart.
    """
    if part == "untouched":
        verify_sums()
    # Only now: damaged sums are reported even where the reader cannot be imported.
    from tohuman.probes.reading import Reader

    rows = load(part)
    left_out = near_duplicates(rows, load("tuned")) if part == "untouched" else set()
    reader = Reader.load()
    by_set: dict[str, Counter[tuple[str, str]]] = {"message": Counter(), "control": Counter()}
    by_locale: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    false_human: dict[str, Counter[str]] = defaultdict(Counter)
    negatives = beside = 0
    for row in rows:
        if row.id in left_out:
            continue
        locale = row.locale if with_locale else None
        if row.set == "control":
            read = str(reader.control(row.text, locale).signal)
            pair = (f"control:{row.label}", f"control:{read}")
        else:
            reading = reader.message(row.text, locale)
            read = str(reading.signal)
            pair = (row.label, read)
            if read in REACH and row.label not in REACH:
                false_human[row.locale][f"{row.label} → {read}"] += 1
            if row.label == NEGATIVE:
                negatives += 1
                beside += read not in REACH and any(str(more.signal) in REACH for more in reading.also)
                continue
        by_set[row.set][pair] += 1
        by_locale[row.locale][pair] += 1
    everything = by_set["message"] + by_set["control"]
    known = [name for name in LOCALES if name in by_locale]
    kinds = [pair for counts in false_human.values() for pair in counts.elements()]
    return {
        "part": part,
        "near_duplicates_left_out": len(left_out),
        "all": figures(everything),
        "message": figures(by_set["message"]),
        "control": figures(by_set["control"]),
        "queued_and_handoff_offer_as_one": figures(_merged(everything)),
        "locales": {name: figures(by_locale[name]) for name in known},
        "labels": {label: round(f_score(everything, label), 4) for label in sorted({label for label, _ in everything})},
        "confusion": {
            name: {f"{a} → {b}": n for (a, b), n in by_locale[name].most_common() if a != b} for name in known
        },
        "negatives": negatives,
        "false_human_negatives": sum(pair.startswith(f"{NEGATIVE} ") for pair in kinds),
        "false_human_labelled": sum(not pair.startswith(f"{NEGATIVE} ") for pair in kinds),
        "false_human_beside": beside,
        "false_human": {name: dict(false_human[name].most_common()) for name in LOCALES if name in false_human},
    }


def _merged(pairs: Counter[tuple[str, str]]) -> Counter[tuple[str, str]]:
    """The same counts with a queue and a hand-off as one label: both are the first statement of method §4a."""
    same = {str(Signal.HANDOFF_OFFER): str(Signal.QUEUED)}
    merged: Counter[tuple[str, str]] = Counter()
    for (label, read), count in pairs.items():
        merged[same.get(label, label), same.get(read, read)] += count
    return merged


def labels_of(kind: str) -> frozenset[str]:
    """The labels a file of this kind (messages, controls, negatives) may hold."""
    if kind == "negatives":
        return frozenset({NEGATIVE})
    return frozenset(map(str, ControlClass if kind == "controls" else Signal))


def written(result: dict[str, Any]) -> str:
    """The figures as lines to read."""

    def row(name: str, one: dict[str, Any], width: int) -> str:
        shares = f"accuracy {one['accuracy']:.3f}   macro-F1 {one['macro_f1']:.3f}"
        return f"  {name:<{width}}{one['texts']:>6} texts   {shares}"

    lines = [f"{result['part']}: {result['near_duplicates_left_out']} near-duplicates of the tuned part left out"]
    for name in ("all", "message", "control", "queued_and_handoff_offer_as_one"):
        lines.append(row(name, result[name], 32))
    lines.append("per locale")
    lines += [row(name, one, 8) for name, one in result["locales"].items()]
    lines.append("F1 per label")
    lines += [f"  {label:<28}{value:.3f}" for label, value in result["labels"].items()]
    lines.append("confusion (label → read as, count)")
    for name, pairs in result["confusion"].items():
        lines.append(f"  {name}: " + ("; ".join(f"{pair} {count}" for pair, count in pairs.items()) or "none"))
    lines.append(
        f"false humans: {result['false_human_negatives']} of {result['negatives']} negatives, "
        f"{result['false_human_labelled']} of the other messages; "
        f"named beside another signal in {result['false_human_beside']} negatives"
    )
    for name, pairs in result["false_human"].items():
        lines.append(f"  {name}: " + "; ".join(f"{pair} {count}" for pair, count in pairs.items()))
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.labelled.score", description="Score the reader")
    parser.add_argument("--set", choices=("tuned", "untouched"), help="one part; without it, both")
    parser.add_argument("--json", action="store_true", help="one JSON object a part")
    parser.add_argument("--guess-language", action="store_true", help="do not tell the reader the locale")
    options = parser.parse_args(arguments)
    parts: tuple[Part, ...] = (options.set,) if options.set else ("tuned", "untouched")
    try:
        for part in parts:
            result = score(part, with_locale=not options.guess_language)
            print(json.dumps(result, ensure_ascii=False) if options.json else written(result))
    except SumsError as error:
        print(f"score: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
