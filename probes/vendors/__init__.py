"""Vendor rules: whose chat system a page uses, and what that vendor's marks mean. One YAML file per vendor.

They add certainty; finding the conversation and reading its texts work without them. What may be written in a file is
in model.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from tohuman.probes.data_file import DataFileError, Problem, quoted, read_document
from tohuman.probes.problems import validated
from tohuman.probes.vendors.model import Author, Hint, Vendor

__all__ = ["Author", "Hint", "Vendor", "VendorFileError", "load_vendor", "load_vendors", "recognise"]


class VendorFileError(DataFileError):
    """A vendor file was refused; `sentences` as for platform files."""


def load_vendor(path: Path | str) -> Vendor:
    """One vendor file; VendorFileError with every problem found."""
    path = Path(path)
    file = quoted(path.name, marks="", limit=100)
    document = read_document(path)
    found = validated(Vendor, document)
    if isinstance(found, list):
        raise VendorFileError([problem.sentence(file) for problem in found])
    if path.name != f"{found.id}.yaml":
        told = f"the id must equal the file's name; call the file {found.id}.yaml"
        raise VendorFileError([Problem(("id",), told, document.line(("id",))).sentence(file)])
    return found


@lru_cache(maxsize=1)
def load_vendors() -> tuple[Vendor, ...]:
    """The vendors that come with the program, by id."""
    return tuple(load_vendor(path) for path in sorted(Path(__file__).parent.glob("*.yaml")))


def recognise(urls: Iterable[str], ids: Iterable[str] = ()) -> list[Vendor]:
    """The vendors whose marks are among the addresses (scripts, frames, links, the page itself) and the names of
    elements (ids, names of frames, classes) of a page: those with the most marks first, then by id. Never raises for
    what a page may hold."""
    urls, ids = list(dict.fromkeys(urls)), list(dict.fromkeys(ids))
    found = [(vendor.marks(urls, ids), vendor) for vendor in load_vendors()]
    return [vendor for marks, vendor in sorted(found, key=lambda pair: (-pair[0], pair[1].id)) if marks]
