"""Results: the journal of a run, the measures computed from it, the store and the statistics.

Imports nothing of the other rooms; knows no browser.
"""
