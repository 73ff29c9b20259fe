"""Practice platforms: help centres and chats with invented names, served on loopback, whose truth is known beforehand.

What each is and what a walk there must find stands in <id>/truth.yaml; nothing here knows the program that walks them.
"""

from .server import Practice, PracticePlatform, platform_ids, serve, serve_blocking, serve_in_thread
from .site import LogEntry
from .truth import Truth, load_truth

__all__ = [
    "LogEntry",
    "Practice",
    "PracticePlatform",
    "Truth",
    "load_truth",
    "platform_ids",
    "serve",
    "serve_blocking",
    "serve_in_thread",
]
