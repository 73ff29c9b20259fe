"""The command line's entry: commands loaded when they are asked for, one sentence and one exit code for every error.

Each command lives in a file of its group; what they share in shared.py; the exit codes in ../exits.py.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import traceback

import click

from tohuman.runners.errors import TohumanError
from tohuman.runners.exits import Exit
from tohuman.runners.terminal import sanitise

#: command → module of this package that holds a click command of that name, in the order of --help.
COMMANDS = {
    "demo": "demo",
    "practice": "practice",
    "probes": "probes",
    "run": "running",  # a module named run would hide the function of that name here
    "walk": "walk",
    "explore": "explore",
    "heal": "heal",
    "runs": "records",
    "show": "records",
    "measure": "records",
    "dashboard": "dashboard",
    "watch": "watch",
    "exam": "exam",
    "bench": "bench",
    "classify": "classify",
    "doctor": "doctor",
}


class Commands(click.Group):
    """A group whose commands are imported by name: `tohuman runs` never loads a browser library."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name in COMMANDS if importlib.util.find_spec(f"{__name__}.{COMMANDS[name]}") is not None]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command = getattr(importlib.import_module(f"{__name__}.{COMMANDS[cmd_name]}"), cmd_name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="tohuman", prog_name="tohuman")
def cli() -> None:
    """Measure how many clicks and chat turns it takes to reach a human being at a platform's customer service.

    Exit codes: 0 done or measured (a person never reached is a measurement), 2 wrong usage, 3 no valid measurement,
    4 refused address, 5 no browser, 6 data directory, 7 malformed file, 8 a check that does not hold, 130 interrupted.
    """


def main(arguments: list[str] | None = None) -> None:
    """Runs the command and ends the process; the only place where an error becomes text and an exit code."""
    sys.exit(int(run(arguments)))


def run(arguments: list[str] | None = None) -> Exit | int:
    """The exit code of a command line; errors are said in one sentence on standard error, never as a traceback."""
    # Captured text may hold any character: an old terminal's encoding must not end a command.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        # Not cli.main(): it makes exits of its own out of errors that are told here.
        with cli.make_context("tohuman", list(sys.argv[1:] if arguments is None else arguments)) as context:
            code = cli.invoke(context)
        sys.stdout.flush()
        return code if isinstance(code, int) else Exit.MEASURED
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except (click.Abort, KeyboardInterrupt, EOFError):
        return _say("Interrupted.", Exit.INTERRUPTED)
    except BrokenPipeError:
        # The reader of a pipe went away, as `| head` does: nobody is left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return Exit.MEASURED
    except click.UsageError as error:
        where = f" (see {error.ctx.command_path} --help)" if error.ctx is not None else ""
        return _say(f"{error.format_message().rstrip('.')}{where}.", Exit.USAGE)
    except click.ClickException as error:
        return _say(error.format_message(), Exit.USAGE)
    except Exception as error:
        if os.environ.get("TOHUMAN_DEBUG"):
            traceback.print_exc()
        from tohuman.runners.translate import as_told

        told = as_told(error)
        return _say(str(told), told.exit)


def _say(sentence: str, code: Exit) -> Exit:
    sys.stdout.flush()
    print(f"tohuman: {sanitise(sentence)}", file=sys.stderr)
    return code


__all__ = ["COMMANDS", "TohumanError", "cli", "main", "run"]
