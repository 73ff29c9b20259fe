"""Dashboard: the static site written from the store. No network, no inline script, no server."""

from tohuman.dashboard.build import build
from tohuman.dashboard.folder import DashboardError

__all__ = ["DashboardError", "build"]
