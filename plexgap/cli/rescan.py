"""`rescan`: look again at one show, now, beside whatever else runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from plexgap.cli import output
from plexgap.cli.exits import Exit
from plexgap.cli.options import Form, shared
from plexgap.cli.session import command, no_csv, session
from plexgap.cli.titles import find_show, title_argument, wanted_title
from plexgap.domain.episodes import EpisodeNumber

if TYPE_CHECKING:
    from plexgap.jobs.rescan import Rescanned
    from plexgap.views.report import ShowReport


@command("rescan")
@title_argument
@shared
@click.pass_context
def rescan(ctx: click.Context, title: str | None, title_option: str | None, year: int | None) -> None:
    """Read one show anew from Plex and the catalogue; say what was filled, what is new and what is still missing."""
    from plexgap import wiring
    from plexgap.cli.progress import stoppable
    from plexgap.domain.verdicts import Outcome

    wanted = wanted_title(title, title_option)
    with session(ctx, asks=True) as now, stoppable() as stop:
        no_csv(now.given)
        show = find_show(wiring.report(now.house), wanted, year)
        found = wiring.run_rescan(now.house, show, stop)
        if now.given.form is Form.JSON:
            output.result_json(_json(found))
        else:
            output.result_lines(_lines(show, found))
        ctx.exit(
            Exit.PARTIAL if found.outcome is Outcome.UNKNOWN else Exit.GAPS if found.missing else Exit.NOTHING_MISSING
        )


def _lines(show: ShowReport, found: Rescanned) -> list[str]:
    counts = f"{len(found.filled)} filled, {len(found.new)} new, {len(found.missing)} missing"
    lines = [f"{show.title}: {counts}."]
    lines += [
        f"  {word}: {', '.join(str(number) for number in numbers)}"
        for word, numbers in (("Filled", found.filled), ("New", found.new), ("Missing", found.missing))
        if numbers
    ]
    return [*lines, f"  {found.reason}"] if found.reason else lines


def _json(found: Rescanned) -> dict[str, object]:
    return {
        "version": 1,
        "title_id": found.title_id,
        "title": found.title,
        "outcome": found.outcome.value,
        "reason": found.reason,
        "filled": _numbers(found.filled),
        "new": _numbers(found.new),
        "missing": _numbers(found.missing),
    }


def _numbers(numbers: Sequence[EpisodeNumber]) -> list[dict[str, int]]:
    return [{"season": number.season, "episode": number.number} for number in numbers]
