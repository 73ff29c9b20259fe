"""The protocol's data fit the reader's: what the conversation asks of rules and signals is there."""

from __future__ import annotations

from pathlib import Path

import yaml

from tohuman.probes import reading
from tohuman.probes.protocol import MEANS, NO_QUEUE_NAMED
from tohuman.results.vocabulary import Signal

RULES = yaml.safe_load((Path(reading.__file__).parent / "rules" / "message.yaml").read_text("utf-8"))["rules"]


def test_every_signal_has_a_meaning() -> None:
    assert set(MEANS) == set(Signal)


def test_the_rules_that_name_no_queue_are_rules_of_the_reader_and_of_that_signal() -> None:
    signals = {rule["id"]: rule["signal"] for rule in RULES}
    assert {signals[name] for name in NO_QUEUE_NAMED} == {"queued"}


def test_every_rule_gives_a_signal_of_the_vocabulary() -> None:
    assert {rule["signal"] for rule in RULES} <= {signal.value for signal in Signal}
