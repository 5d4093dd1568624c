"""`export`: what is missing or ahead, for a spreadsheet, a program, a calendar or a feed reader. Changes when a form
comes, or where it is written to."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from plexgap.cli import options, output
from plexgap.cli.options import Form, shared
from plexgap.cli.session import command, session, warn
from plexgap.domain.library import Kind

if TYPE_CHECKING:
    from plexgap.views.report import Report

_STREAM = Path("-")


@command("export")
@click.argument("wanted", metavar="[csv|json|ics|rss]", type=click.Choice(["csv", "json", "ics", "rss"]))
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True), required=False)
@options.only
@options.libraries
@shared
@click.pass_context
def export(ctx: click.Context, wanted: str, file: Path | None, only: Kind | None, libraries: tuple[str, ...]) -> None:
    """Write what is missing (csv, json, rss), or what is ahead (ics), to FILE; without FILE to standard output.

    Nothing is scanned, and the exit code is 0 whatever is missing.
    """
    from plexgap import wiring
    from plexgap.store.files import write_atomically

    with session(ctx) as now:
        if file is not None and file.is_dir():
            raise click.UsageError(f"{file} is a folder. Name a file.")
        report = wiring.report(now.house, as_of=now.given.as_of, libraries=libraries, only=only)
        text = _forms()[wanted](report, now.house.now())
        if report.last_run is None:
            warn(ctx, "No check has ended yet: run python3 app.py scan.")
        for unread in report.unread:
            warn(ctx, f"{unread.section}: {unread.reason}" if unread.section else unread.reason)
        if file is None or file == _STREAM:
            _as_it_is(text)
        else:
            write_atomically(file, text)
            _say_done(now.given.form, wanted, file)


def _forms() -> Mapping[str, Callable[[Report, datetime], str]]:
    from plexgap.views.export import report_csv, report_json
    from plexgap.views.ics import upcoming_ics
    from plexgap.views.rss import missing_rss

    return {
        "csv": lambda report, now: report_csv(report),
        "json": report_json,
        "ics": lambda report, now: upcoming_ics(report),
        "rss": lambda report, now: missing_rss(report),
    }


def _as_it_is(text: str) -> None:
    """A calendar's lines end in CR and LF, of which Windows would make two CRs."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(newline="")
    output.result(text)


def _say_done(said: Form, form: str, file: Path) -> None:
    if said is Form.JSON:
        output.result_json({"version": 1, "done": "export", "form": form, "file": str(file)})
    else:
        output.result(f"Written to {file}.\n")
