"""Every time limit, gathered from where each stands; `python -m tohuman.runners.limits` prints the table.

docs/timeouts.md holds that table and a test compares the two. Sets no limit itself.
"""

from __future__ import annotations

from tohuman.probes import counter, counter_browser, deadlines, explore_visit
from tohuman.probes.deadlines import Limit
from tohuman.results import store
from tohuman.runners import bench, browser, doctor, egress, exam, processes, run, supervisor, watch

_GUARD = egress.Limits()

#: Part of the program → its limits.
TABLE: dict[str, tuple[Limit, ...]] = {
    "the walk (probes/deadlines.py)": deadlines.ALL,
    "the counter (probes/counter.py, counter_browser.py)": (
        Limit("a gesture being told with its effect", counter.SETTLE, "1 s, on a busy machine 3; a page may hang"),
        Limit("every gesture so far being told", counter.TOLD, "a second more than one takes"),
        Limit("a key or button held down", counter.HELD, "nobody holds one longer"),
        Limit("the browser doing what a press asked for", counter.ATTRIBUTE, "later, something else was the cause"),
        Limit("a request answering a press", counter.ANSWER, "later ones are the page's own polling"),
        Limit("another frame saying whether anything moved there", counter.ASK, "a frame in a busy loop never answers"),
        Limit("a popup closing by a press in its opener", counter.CLOSE, "later it was closed by something else"),
        Limit("a document's last word before the browser's that it is gone", counter.LEAVE, "two channels, no order"),
        Limit("the words of a press from another process's frame", counter.BARRIER, "two channels, no order"),
        Limit("the headers of a request", counter_browser.HEADERS, "known soon after the request, or never"),
        Limit("a page's call of history.back() leading somewhere", counter_browser.ASKED, "a busy page takes its time"),
        Limit("the frames of a page following one step back", counter_browser.ONE_TRAVERSE, "they are one press"),
        Limit("two channels telling one navigation", counter_browser.TOGETHER, "they have no order"),
        Limit("a context closing after its first page", counter_browser.CLOSING, "a closed popup would be a press"),
        Limit("a debugging session coming up", counter_browser.CDP, "a page that is closing has none any more"),
    ),
    "one run (runners/run.py)": (
        Limit("a run, on top of its budgets for walking and queueing", run.GRACE, "closing, last words, journal's end"),
    ),
    "exploring (probes/explore_visit.py)": (
        Limit(
            "one visit of an exploration", explore_visit.PATIENCE, "a way of twenty presses with a slow bot at its end"
        ),
        Limit("a control that stood there before coming back", explore_visit.ABSENT, "the search has other moves"),
        Limit("the same for one that promises much", explore_visit.ABSENT_LIKELY, "launchers come after their page"),
        Limit("watching a stated transfer in the search", explore_visit.WATCH, "the confirming walk watches for 10 s"),
    ),
    "workers and their supervisor (runners/supervisor.py, workers.py, worker.py)": supervisor.LIMITS,
    "the browser (runners/browser.py)": (
        Limit("the browser starting", browser._START_SECONDS, "a cold disk and a busy machine"),
        Limit("the browser telling its version", browser._VERSION_SECONDS, "the same, without a window"),
    ),
    "the guard on the wire (runners/egress.py)": (
        Limit(
            "a request's head, and an answer's once it began", _GUARD.head_seconds, "one packet, or somebody drips it"
        ),
        Limit("a name looked up, a connection made", _GUARD.connect_seconds, "what takes longer is down"),
        Limit("a connection quiet both ways", _GUARD.idle_seconds, "longer than a queue is watched"),
    ),
    "the bench (runners/bench.py)": bench.LIMITS,
    "the store and the machine": (
        Limit("another process writing the database", store.BUSY, "taking in a long journal takes a second"),
        Limit("ps listing the processes", processes._PS_SECONDS, "only where there is no /proc"),
        Limit("a program asked by doctor", doctor._SECONDS, "a cold disk"),
        Limit(
            "between two looks of watch at the clock",
            float(watch.HEARTBEAT_SECONDS),
            "a machine may sleep, a clock jump",
        ),
        Limit("the last word of a page reaching its site (exam)", exam.TOLD, "a beacon outlives the page that sent it"),
    ),
}


def markdown() -> str:
    """The table as docs/timeouts.md holds it."""
    lines: list[str] = []
    for part, limits in TABLE.items():
        lines += [f"## {part[0].upper()}{part[1:]}", "", "| where | seconds | why |", "|---|---|---|"]
        lines += [f"| {limit.where} | {limit.seconds:g} | {limit.why} |" for limit in limits]
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    print(markdown())
