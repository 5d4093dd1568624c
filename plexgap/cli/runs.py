"""`runs`: what the last checks did, or everything of one of them."""

from __future__ import annotations

import click

from plexgap.cli import output
from plexgap.cli.options import Form, shared
from plexgap.cli.session import Session, command, session

_USUAL = 10


@command("runs")
@click.argument("number", metavar="[RUN]", type=click.IntRange(min=1), required=False)
@click.option("--limit", type=click.IntRange(min=1), default=_USUAL, metavar="N", help="How many; 10 without it.")
@shared
@click.pass_context
def runs(ctx: click.Context, number: int | None, limit: int) -> None:
    """Print the last checks: when, by whom, how they ended and what they cost; or all that is kept of one RUN."""
    with session(ctx) as now:
        if number is None:
            _print_all(now, limit)
        else:
            _print_one(now, number)


def _print_all(now: Session, limit: int) -> None:
    from plexgap.jobs.history import last_runs
    from plexgap.views.runs import table_lines
    from plexgap.views.runs_export import runs_csv, runs_json

    found = last_runs(now.house.index, now.house.scan_lock, limit)
    match now.given.form:
        case Form.JSON:
            output.result(runs_json(found))
        case Form.CSV:
            output.result(runs_csv(found))
        case Form.TEXT:
            output.result_lines(map(output.one_line, table_lines(found)))


def _print_one(now: Session, number: int) -> None:
    from plexgap.jobs.history import run
    from plexgap.views.runs import record_lines
    from plexgap.views.runs_export import run_csv, run_json

    found = run(now.house.index, now.house.scan_lock, number)
    if found is None:
        raise click.UsageError(_unknown(now, number))
    match now.given.form:
        case Form.JSON:
            output.result(run_json(found))
        case Form.CSV:
            output.result(run_csv(found))
        case Form.TEXT:
            output.result_lines(map(output.one_line, record_lines(found)))


def _unknown(now: Session, number: int) -> str:
    known = [run.run_id for run in now.house.index.runs(limit=1)]
    if not known:
        return f"There is no run {number}: no check has run yet."
    return f"There is no run {number}, or it is no longer kept. The last one is {known[0]}."
