"""Hostile starts: a server of pages that hang, flood, crash or deceive, and the outcome each must have (truth.yaml)."""
