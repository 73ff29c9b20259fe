"""A worker process without a browser, for test_supervisor.py: does to each order what its platform's name says.

Speaks the same lines as runners/worker.py; the journals it writes are real.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from tohuman.results.events import Finding, ProbeKey, RunEnded, RunStarted
from tohuman.results.ids import journal_path, new_run_id
from tohuman.results.journal import Journal


def say(**what: object) -> None:
    print(json.dumps(what), flush=True)


def begin(data: Path, platform: str, url: str) -> Journal:
    run_id = new_run_id(platform)
    started = RunStarted(run_id=run_id, at="2026-01-01T00:00:00.000Z", probe=ProbeKey(platform=platform), start_url=url)
    journal = Journal.create(journal_path(data, run_id), started)
    say(run=run_id)
    return journal


def end(journal: Journal) -> None:
    journal.append(Finding(finding="no_way_left"))
    journal.append(RunEnded(at="2026-01-01T00:00:09.000Z", reason="done"))
    journal.close()
    say(done=journal.path.parent.name)


def main() -> None:
    data = Path(sys.argv[1])
    with open(data / "workers.txt", "a", encoding="utf-8") as file:
        file.write(f"{os.getpid()}\n")
    if (data / "never-ready").exists():
        time.sleep(600)
    if (data / "no-browser").exists():
        say(refused="No browser was found on this machine.", exit=5)
        return
    say(ready=True)
    for line in sys.stdin:
        order = json.loads(line)
        platform, url = order["platform"], order["url"]
        once = data / f"{platform}-once"
        if platform == "dies-early-once" and not once.exists():
            once.touch()
            os._exit(9)
        if platform == "dies-early":
            os._exit(9)
        if platform == "refused":
            say(refused="The address lies in a private or reserved network.", exit=4)
            continue
        journal = begin(data, platform, url)
        match platform:
            case "dies":
                os._exit(9)
            case "silent":
                time.sleep(600)
            case "overdue":
                while True:
                    say(alive=1)
                    time.sleep(0.05)
            case "noisy":
                sys.stdout.write("Warning: what is this\n{broken\n[]\n" + "x" * 9_000_000 + "\n")
                sys.stdout.flush()
            case "leaves-children":
                subprocess.Popen(["sleep", "600"], start_new_session=True)
            case "retires":
                journal.append(Finding(finding="no_way_left"))
                journal.append(RunEnded(at="2026-01-01T00:00:09.000Z", reason="done"))
                journal.close()
                say(done=journal.path.parent.name, retire="the browser did not let go of the run")
                continue
            case _:
                pass
        end(journal)


if __name__ == "__main__":
    main()
