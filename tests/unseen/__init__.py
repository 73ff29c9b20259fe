"""Hold-out sites: written from the method alone by somebody who had not read the search, the engine or its words.

`async with serve_unseen() as sites` serves them on loopback; `python -m tests.unseen.score` scores the program there.
"""

from .server import UnseenSite, serve_unseen, site_ids
from .truth import SiteTruth, Way, load_truth

__all__ = ["SiteTruth", "UnseenSite", "Way", "load_truth", "serve_unseen", "site_ids"]
