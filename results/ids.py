"""Run ids, and where the files of a run lie inside the data directory.

Nothing here reads or writes; the journal is journal.py's, the database store.py's.
"""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime
from pathlib import Path

RUN_ID = re.compile(r"[a-z0-9-]{1,96}")
_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
_PARTS = re.compile(r"(\d{8}t\d{6})-([a-z0-9-]+)-[a-z2-7]{6}")


def new_run_id(platform: str, at: datetime | None = None) -> str:
    """`<utc yyyymmddthhmmss>-<platform>-<6 random base32>`.

    The platform's id is brought to `[a-z0-9-]` and cut to 72 letters; `at` is now unless given.
    """
    moment = (at or datetime.now(UTC)).astimezone(UTC)
    slug = re.sub(r"[^a-z0-9]+", "-", platform.lower()).strip("-")[:72].strip("-") or "unnamed"
    return f"{moment:%Y%m%dt%H%M%S}-{slug}-{''.join(secrets.choice(_BASE32) for _ in range(6))}"


def is_run_id(text: str) -> bool:
    """True for a name that is safe as one folder inside `data/runs`."""
    return RUN_ID.fullmatch(text) is not None


def parts_of(run_id: str) -> tuple[str, str]:
    """(`at` in ISO 8601 or '', platform slug or '') as far as the id tells: for a run without events."""
    match = _PARTS.fullmatch(run_id)
    if not match:
        return "", ""
    try:
        moment = datetime.strptime(match[1], "%Y%m%dt%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return "", match[2]
    return moment.isoformat(timespec="seconds"), match[2]


def runs_dir(data: Path) -> Path:
    """The folder that holds one folder per run."""
    return Path(data) / "runs"


def run_dir(data: Path, run_id: str) -> Path:
    """The folder of a run. ValueError for a name that is no run id (and could lead out of the data directory)."""
    if not is_run_id(run_id):
        raise ValueError(f"{run_id!r} is no run id: small letters, digits and hyphens only, at most 96.")
    return runs_dir(data) / run_id


def journal_path(data: Path, run_id: str) -> Path:
    """The journal of a run. ValueError as run_dir."""
    return run_dir(data, run_id) / "journal.jsonl"


def pictures_dir(data: Path, run_id: str) -> Path:
    """Where the pictures of a run lie. ValueError as run_dir."""
    return run_dir(data, run_id) / "pictures"


def database_path(data: Path) -> Path:
    """The store's database file."""
    return Path(data) / "tohuman.db"
