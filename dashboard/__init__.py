"""Dashboard: the static site written from the store. No network, no inline script, no server."""
