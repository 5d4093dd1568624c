"""The command line's door: which commands there are, and what becomes of a command's end.

Changes when a command comes or goes. Nothing that is slow to import is imported before the command that needs it.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from types import TracebackType

import click

from plexgap.cli import output
from plexgap.cli.exits import Exit
from plexgap.cli.options import given, shared

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Entry:
    """Where a command is, and its line in the list of commands."""

    module: str
    name: str
    text: str


_COMMANDS: Mapping[str, _Entry] = {
    "scan": _Entry("checks", "scan", "Read Plex, ask the catalogue, print what is missing."),
    "gaps": _Entry("checks", "gaps", "Print what is missing, without scanning."),
    "episodes": _Entry("checks", "episodes", "Scan TV libraries, then print."),
    "movies": _Entry("checks", "movies", "Scan movie libraries, then print what collections lack."),
    "rescan": _Entry("rescan", "rescan", "Look again at one show, now."),
    "ignore": _Entry("choices", "ignore", "Leave a show, episodes, a film or a collection out of every total."),
    "unignore": _Entry("choices", "unignore", "Take an ignore back."),
    "override": _Entry("override", "override", "Say which show a title is, its order, and what of it counts."),
    "decisions": _Entry("decisions", "decisions", "Take what you decided to another installation."),
    "runs": _Entry("runs", "runs", "What the last checks did, or everything of one of them."),
    "config": _Entry("settings", "config", "Show, change and check the settings."),
    "auth": _Entry("auth", "auth", "Sign in to Plex, or enter a key; tested before it is saved."),
    "paths": _Entry("paths", "paths", "Where the files of the Plex server lie on this machine."),
    "cache": _Entry("cache", "cache", "What is kept of the catalogues, and emptying it."),
    "export": _Entry("export", "export", "What is missing or ahead, as CSV, JSON, calendar or feed."),
    "demo": _Entry("demo", "demo", "Serve the invented library as real servers on this machine."),
}


class _Commands(click.Group):
    """Loads a command's module when that command is called, not before; the list of commands needs none."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = _COMMANDS.get(cmd_name)
        if entry is None:
            return None
        command: click.Command = getattr(import_module(f"plexgap.cli.{entry.module}"), entry.name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.text) for name, entry in _COMMANDS.items()])


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 nothing missing, 1 gaps found, 2 wrong usage or settings, 3 partial, 4 sign-in refused, "
    "5 a server can't be reached, 6 another check runs, 130 stopped.",
)
@shared
@click.pass_context
def plexgap(ctx: click.Context) -> None:
    """What is missing in a Plex library, and how sure that is."""
    if ctx.invoked_subcommand is not None:
        return
    if given(ctx).clear_cache:
        command = plexgap.get_command(ctx, "cache")
        assert isinstance(command, click.Group)
        ctx.invoke(command.commands["clear"])
        return
    click.echo(ctx.get_help(), err=True)
    ctx.exit(Exit.USAGE)


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line and gives its exit code. Help names the program as the person can type it."""
    called = os.environ.get("PLEXGAP_CALLED") or "python -m plexgap"
    try:
        plexgap.main(args=arguments, prog_name=called, standalone_mode=True)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else Exit.FAULT
    return Exit.NOTHING_MISSING


def start() -> None:
    """Runs the command line as the whole process, and ends it. The program's own faults end in FAULT, never in a code
    that means something else, such as Python's own 1."""
    output.prepare()
    sys.excepthook = _say_fault
    sys.exit(main())


def _say_fault(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
    if logging.getLogger("plexgap").handlers:
        log.critical("A fault of plexgap's own.", exc_info=(kind, fault, trace))
        output.say("This is a fault of plexgap's own, and in its log. What was done before is kept.")
    else:
        sys.__excepthook__(kind, fault, trace)
    logging.shutdown()
    os._exit(Exit.FAULT)
