"""`scan`, `episodes`, `movies` and `gaps`: look for what is missing, and print it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from plexgap.cli import options, output
from plexgap.cli.exits import Exit, code_of_report
from plexgap.cli.film_titles import find_for_why
from plexgap.cli.options import Form, Given, given, shared
from plexgap.cli.session import BY, Session, command, listener, session, warn
from plexgap.cli.titles import find_show, matching
from plexgap.domain.events import RunDone, RunStatus
from plexgap.domain.library import Kind

if TYPE_CHECKING:
    from plexgap.views.report import Report

_MODE = click.option(
    "--mode",
    type=click.Choice(["incremental", "full", "refresh"]),
    help="What is read anew: what changed, everything, or listings alone. Default: incremental, full on the first run.",
)
_ACCEPT = click.option(
    "--accept-removals", is_flag=True, help="Take out what Plex no longer lists, however much that is."
)


@command("scan")
@_MODE
@options.only
@_ACCEPT
@shared
@click.pass_context
def scan(ctx: click.Context, mode: str | None, only: Kind | None, accept_removals: bool) -> None:
    """Read Plex, ask the catalogue, and print what is missing."""
    _scan_and_print(ctx, mode, accept_removals, (), only)


@command("episodes")
@options.libraries
@_MODE
@_ACCEPT
@shared
@click.pass_context
def episodes(ctx: click.Context, libraries: tuple[str, ...], mode: str | None, accept_removals: bool) -> None:
    """Scan the TV libraries, then print what is missing in them."""
    _scan_and_print(ctx, mode, accept_removals, libraries, Kind.SHOW)


@command("movies")
@options.libraries
@_MODE
@_ACCEPT
@shared
@click.pass_context
def movies(ctx: click.Context, libraries: tuple[str, ...], mode: str | None, accept_removals: bool) -> None:
    """Scan the movie libraries, then print what is missing from the collections that are begun there."""
    _scan_and_print(ctx, mode, accept_removals, libraries, Kind.MOVIE)


@command("gaps")
@options.only
@click.option("--upcoming", is_flag=True, help="Print upcoming episodes instead.")
@click.option("--why", metavar="TITLE", help="Print why one title stands as it does.")
@shared
@click.pass_context
def gaps(ctx: click.Context, only: Kind | None, upcoming: bool, why: str | None) -> None:
    """Print what is missing as far as it is known, without scanning."""
    from plexgap import wiring

    with session(ctx) as now:
        report = wiring.report(now.house, as_of=now.given.as_of, only=only)
        if why is not None:
            _print_why(now, report, why)
        else:
            _print(now, report, upcoming=upcoming)
        _say_scope(ctx, report)
        if report.last_run is None:
            warn(ctx, "No check has ended yet: run python3 app.py scan.")
        ctx.exit(code_of_report(report))


def _scan_and_print(
    ctx: click.Context, mode: str | None, accept_removals: bool, libraries: tuple[str, ...], only: Kind | None
) -> None:
    from plexgap import wiring
    from plexgap.cli.progress import stoppable
    from plexgap.jobs.scan import Mode, ScanPlan

    with session(ctx, asks=True) as now, stoppable() as stop:
        plan = ScanPlan(Mode(mode) if mode else None, accept_removals, now.given.no_cache, libraries, BY, only)
        hearing = listener(now)
        ended = None
        try:
            for event in wiring.run_scan(now.house, plan, stop):
                hearing.hear(event)
                if isinstance(event, RunDone):
                    ended = event.status
        finally:
            hearing.close()
        if ended is None or ended is RunStatus.STOPPED:
            warn(ctx, "Stopped. What was done is kept.")
            ctx.exit(Exit.STOPPED)
        report = wiring.report(now.house, as_of=now.given.as_of, libraries=libraries, only=only)
        _print(now, report)
        _say_scope(ctx, report)
        ctx.exit(code_of_report(report, ended))


def _print(now: Session, report: Report, *, upcoming: bool = False) -> None:
    from plexgap.views.export import report_csv, report_json

    if now.given.form is Form.JSON:
        output.result(report_json(report, now.house.now()))
    elif now.given.form is Form.CSV:
        output.result(report_csv(report, only_upcoming=upcoming))
    else:
        output.result_lines(_text(now.given, report, upcoming))


def _say_scope(ctx: click.Context, report: Report) -> None:
    """That only the watchlist counts; for those who read. Where progress is JSON lines, its trouble alone."""
    from plexgap.views.scope import line

    if report.watchlist is not None and (report.scope_unsure or not given(ctx).json_events):
        warn(ctx, line(report.watchlist))


def _text(wanted: Given, report: Report, upcoming: bool) -> Iterator[str]:
    from plexgap.views.lines import missing_lines, upcoming_lines

    return upcoming_lines(report) if upcoming else missing_lines(report, every_line=wanted.verbose)


def _print_why(now: Session, report: Report, title: str) -> None:
    from dataclasses import replace

    from plexgap.views.film_lines import why_collection_lines, why_film_lines
    from plexgap.views.films import NO_FILMS, CollectionReport
    from plexgap.views.lines import why_lines

    known = None if matching(report.shows, title, None) else find_for_why(report, title)
    if known is None:
        show = find_show(report, title, None)
        narrowed, lines = replace(report, shows=(show,), films=NO_FILMS), why_lines(show, report.as_of)
    elif isinstance(known, CollectionReport):
        films = replace(NO_FILMS, collections=(known,))
        narrowed, lines = replace(report, shows=(), films=films), why_collection_lines(known, report.as_of)
    else:
        narrowed, lines = replace(report, shows=(), films=replace(NO_FILMS, open=(known,))), why_film_lines(known)
    if now.given.form is Form.TEXT:
        output.result_lines(lines)
    else:
        _print(now, narrowed)
