"""Probes: what to walk and how a shopper behaves (pages, controls, conversations, reading).

Knows no schedules and no store; emits facts, decides no counts.
"""
