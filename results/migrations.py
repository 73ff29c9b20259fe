"""The tables of the store, step by step: each migration and its record are one transaction (sqlite-utils).

A migration that was ever published is never changed; a new one is added below it. What is put in: rows.py.
"""

from __future__ import annotations

from functools import cache

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("tohuman")


@cache
def names() -> frozenset[str]:
    """The names of all migrations this version knows."""
    return frozenset(migration.name for migration in migrations.pending(Database(memory=True)))


_FIRST_MEASURES: dict[str, type] = {
    "run_id": str,
    "method_version": str,
    "outcome": str,
    "gate": str,
    "diverted_to": str,
    "valid": int,
    "reached": int,
    "offered": int,
    "answered": int,
    "taken_back": int,
    "clicks": int,
    "turns": int,
    "actions": int,
    "obstacle_clicks": int,
    "fields": int,
    "pages": int,
    "options_shown": int,
    "bot_messages": int,
    "bot_characters": int,
    "wait_page_s": float,
    "wait_bot_s": float,
    "wait_queue_s": float,
    "queue_first_position": int,
    "effort_s": float,
    "effort_low_s": float,
    "effort_high_s": float,
    "dead_presses": int,
    "double_presses": int,
    "address_jumps": int,
    "faked": int,
    "faked_kinds": str,
    "touches": int,
    "proof": str,
    "path": str,
    "sentence_key": str,
    "why": str,
    "duration_s": float,
    "conversation_began": int,
}
#: The columns of `measures` as they now are: a migration that adds some adds their names here.
MEASURES = (*_FIRST_MEASURES,)


@migrations()
def m001_runs_and_their_measures(db: Database) -> None:
    """platforms ← probes ← runs ← measures, barriers, steps, messages."""
    db.table("platforms").create({"id": str, "name": str}, pk="id")
    db.table("probes").create(
        {
            "id": str,
            "platform": str,
            "start": str,
            "surface": str,
            "policy": str,
            "scenario": str,
            "locale": str,
            "vantage": str,
        },
        pk="id",
        foreign_keys=[("platform", "platforms", "id")],
    )
    db.table("runs").create(
        {
            "run_id": str,
            "platform": str,
            "probe": str,
            "started_at": str,
            "ended_at": str,
            "state": str,  # ended, interrupted, running, damaged, newer
            "problem": str,
            "start_url": str,
            "stop": str,
            "observer": str,
            "simulated": int,
            "schema_version": int,
            "budget": str,
            "versions": str,
            "setting": str,
            "events": int,
            "journal": str,
            "journal_bytes": int,
        },
        pk="run_id",
        not_null={"platform", "probe", "started_at", "state"},
        foreign_keys=[("platform", "platforms", "id"), ("probe", "probes", "id")],
    )
    db.table("runs").create_index(["platform", "started_at"])
    db.table("measures").create(
        _FIRST_MEASURES, pk="run_id", not_null={"outcome"}, foreign_keys=[("run_id", "runs", "run_id")]
    )
    db.table("measures").create_index(["outcome"])
    db.table("barriers").create(
        {"run_id": str, "number": int, "barrier": str, "events": str},
        pk=("run_id", "barrier"),
        foreign_keys=[("run_id", "runs", "run_id")],
    )
    db.table("barriers").create_index(["barrier"])
    db.table("steps").create(
        {
            "run_id": str,
            "number": int,
            "event": int,
            "at": float,
            "kind": str,
            "key": str,
            "text": str,
            "name": str,
            "address": str,
            "options": str,
            "quantity": float,
            "flags": str,
        },
        pk=("run_id", "number"),
        foreign_keys=[("run_id", "runs", "run_id")],
    )


@migrations()
def m002_messages_and_their_search(db: Database) -> None:
    """The texts of all conversations, searchable. Trigrams: Chinese has no spaces for a word tokenizer to go by."""
    messages = db.table("messages")
    messages.create(
        {
            "id": int,
            "run_id": str,
            "event": int,
            "message": str,
            "author": str,
            "name": str,
            "text": str,
            "options": str,
            "history": int,
        },
        pk="id",
        foreign_keys=[("run_id", "runs", "run_id")],
    )
    messages.create_index(["run_id"])
    messages.enable_fts(["text"], create_triggers=True, tokenize="trigram")


@migrations()
def m003_due_times(db: Database) -> None:
    """Planned times and what became of each: planned, run, missed, not_attempted."""
    db.table("due").create(
        {"id": int, "probe": str, "due_at": str, "outcome": str, "reason": str, "run_id": str},
        pk="id",
        not_null={"probe", "due_at", "outcome"},
        foreign_keys=[("probe", "probes", "id"), ("run_id", "runs", "run_id")],
    )
    db.table("due").create_index(["probe", "due_at"], unique=True)
    db.table("due").create_index(["outcome", "due_at"])
