"""Finding messages by the words in them, in any language. Only asks; the index is made by migrations.py."""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database

from tohuman.results.lines import clean_text
from tohuman.results.rows import Row

#: What the trigram index can look up; 人工 is shorter.
INDEXED = 3


def find(db: Database, words: str, limit: int) -> list[Row]:
    """Messages that hold all the words, newest run first. Words the index can't look up are looked for in the texts."""
    terms = clean_text(words).replace("\x00", "").split()
    if not terms:
        return []
    indexed = [term for term in terms if len(term) >= INDEXED]
    conditions: list[str] = []
    values: list[Any] = []
    if indexed:
        conditions.append("m.id IN (SELECT rowid FROM messages_fts WHERE messages_fts MATCH ?)")
        values.append(" ".join('"' + term.replace('"', '""') + '"' for term in indexed))
    for term in terms:
        if len(term) < INDEXED:
            conditions.append("m.text LIKE ? ESCAPE '\\'")
            values.append("%" + term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%")
    return list(
        db.query(
            "SELECT m.run_id, m.event, m.author, m.name, m.text, r.platform, r.started_at FROM messages m"
            f" JOIN runs r ON r.run_id = m.run_id WHERE {' AND '.join(conditions)}"
            " ORDER BY r.started_at DESC, m.id LIMIT ?",
            [*values, limit],
        )
    )
