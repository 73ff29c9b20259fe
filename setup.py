"""Maps the top-level rooms to `tohuman.<room>` and finds their sub-packages and data files.

Everything else about the distribution stands in pyproject.toml. A new folder or data file needs no entry here.
"""

from __future__ import annotations

import os
from pathlib import Path

from setuptools import setup

HERE = Path(__file__).resolve().parent
ROOMS = ("probes", "runners", "results", "dashboard")
#: Never shipped: what other tools leave in a room.
LEFT_OUT = {"__pycache__", "node_modules", "build", "dist"}


def contents() -> tuple[dict[str, str], dict[str, list[str]]]:
    """Packages (name → folder) and, per package, the data files below it that belong to no nearer package."""
    packages: dict[str, str] = {}
    data: dict[str, list[str]] = {}
    for room in ROOMS:
        for folder, below, files in os.walk(HERE / room):
            below[:] = sorted(name for name in below if name not in LEFT_OUT and not name.startswith("."))
            place = Path(folder).relative_to(HERE)
            if any(name.endswith(".py") for name in files):
                packages["tohuman." + ".".join(place.parts)] = place.as_posix()
            owner = place
            while "tohuman." + ".".join(owner.parts) not in packages:
                owner = owner.parent
            names = [name for name in files if not name.endswith((".py", ".pyc")) and not name.startswith(".")]
            inside = place.relative_to(owner)
            data.setdefault("tohuman." + ".".join(owner.parts), []).extend(
                (inside / name).as_posix() for name in sorted(names)
            )
    return packages, {package: files for package, files in data.items() if files}


packages, package_data = contents()
setup(
    packages=sorted(packages),
    # Editable installs want the four rooms only: what lies below follows from them.
    package_dir={f"tohuman.{room}": room for room in ROOMS},
    package_data=package_data,
    include_package_data=False,
)
