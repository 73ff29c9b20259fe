"""Locks the npm packages of an app anew: `python -m tests.real.lock SOFTWARE …`.

The lock file keeps versions and hashes and no addresses, so that it serves behind any mirror.
"""

from __future__ import annotations

import json
import shutil
import sys
from typing import Any

from tests.real.build import APPS
from tests.real.tools import node_path, run

#: Keys of a lock file whose values are addresses that no installation needs.
ADDRESSES = ("resolved", "funding")


def lock(software: str) -> None:
    """Writes apps/<software>/package-lock.json from its package.json."""
    folder = APPS / software
    env = node_path()
    npm = shutil.which("npm", path=env["PATH"])
    assert npm is not None
    (folder / "package-lock.json").unlink(missing_ok=True)
    run([npm, "install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder, env=env)
    told: dict[str, Any] = json.loads((folder / "package-lock.json").read_text("utf-8"))
    for package in told["packages"].values():
        for key in ADDRESSES:
            package.pop(key, None)
        if "://" in str(package.get("deprecated", "")):
            package["deprecated"] = "see the package's own page"
    (folder / "package-lock.json").write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    for named in sys.argv[1:]:
        lock(named)
