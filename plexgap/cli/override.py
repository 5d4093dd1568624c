"""`override`: which show a title is, in which order it is numbered, and what of it counts."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import click

from plexgap.cli import film_choices, output
from plexgap.cli.options import Form, shared
from plexgap.cli.session import Session, command, no_csv, session, warn
from plexgap.cli.titles import find_show, title_argument, wanted_title
from plexgap.domain.catalogue import ORDERS, is_order
from plexgap.domain.errors import Cancelled, PlexgapError
from plexgap.gaps.policy import POLICIES, policy_named

if TYPE_CHECKING:
    from plexgap.domain.decisions import Override
    from plexgap.gaps.film_titles import FilmTitle
    from plexgap.views.report import ShowReport

_BACK = ("auto", "")


def _order(text: str) -> str:
    """The order, "" where it is taken back."""
    kind, colon, own = text.strip().partition(":")
    order = f"{kind.lower()}{colon}{own}"
    if order in _BACK:
        return ""
    if not is_order(order):
        raise click.BadParameter(f"{text!r} is no order. It is one of {', '.join(ORDERS)}, group:ID or auto.")
    return order


def _policy(text: str) -> str:
    """The policy as it is kept, "" where it is taken back."""
    if text.strip() == "default":
        return ""
    found = policy_named(text.strip())
    if found is None:
        raise click.BadParameter(f"{text!r} is no policy. It is one of {', '.join(POLICIES)}, from:S02E05 or default.")
    return found


@command("override")
@title_argument
@click.option("--tmdb", type=click.IntRange(min=1), metavar="ID", help="The show's number at TMDB.")
@click.option("--tvdb", type=click.IntRange(min=1), metavar="ID", help="The show's number at TheTVDB.")
@click.option(
    "--order",
    type=_order,
    metavar="ORDER",
    help=f"How its episodes are numbered: {', '.join(ORDERS)}, group:ID, or auto for what fits best.",
)
@click.option(
    "--policy",
    type=_policy,
    metavar="POLICY",
    help=f"What of it counts: {', '.join(POLICIES)}, from:S02E05, or default for what the settings say.",
)
@click.option(
    "--specials",
    type=click.Choice(["on", "off", "default"]),
    help="Whether its specials are listed; default: as the settings say.",
)
@click.option("--movie", is_flag=True, help="TITLE is a film: say with --tmdb which one, or --clear.")
@click.option("--clear", is_flag=True, help="Take all of it back: Plex and the settings count again.")
@shared
@click.pass_context
def override(
    ctx: click.Context,
    title: str | None,
    title_option: str | None,
    year: int | None,
    tmdb: int | None,
    tvdb: int | None,
    order: str | None,
    policy: str | None,
    specials: str | None,
    movie: bool,
    clear: bool,
) -> None:
    """Say which show a title is, in which order it is numbered, and what of it counts; or which film a film is.

    A number or an order is asked of its catalogue first. What was said before stays, until it is said anew.
    """
    from plexgap import wiring
    from plexgap.cli.progress import stoppable
    from plexgap.jobs.choices import Specials, Wish

    wanted = wanted_title(title, title_option)
    wish = Wish(tmdb, tvdb, order, policy=policy, specials=Specials(specials) if specials else None)
    if clear == (wish != Wish()):
        raise click.UsageError("Give --tmdb, --tvdb, --order, --policy or --specials, or else --clear.")
    if movie and wish != Wish(tmdb):
        raise click.UsageError("Of a film only --tmdb can be said.")
    with session(ctx, asks=clear or wish.moves) as now, stoppable() as stop:
        no_csv(now.given)
        if movie:
            _tell_film(now, *film_choices.override(now, wanted, year, tmdb, stop))
            return
        show = find_show(wiring.report(now.house), wanted, year)
        if not clear:
            said, moved = wiring.choose(now.house, show, wish, stop), wish.moves
        else:
            before, said = wiring.clear_override(now.house, show), None
            if before is None:
                raise click.UsageError(f"{show.title} has no override.")
            moved = before.moves
        if moved:
            _judge_anew(ctx, now, show, stop)
        _tell(now, show, said)


def _judge_anew(ctx: click.Context, now: Session, show: ShowReport, stop: threading.Event) -> None:
    """The show by what is said of it now. It is kept, also where the services don't answer."""
    from plexgap import wiring

    try:
        wiring.run_rescan(now.house, show, stop)
    except Cancelled:
        raise
    except PlexgapError as error:
        warn(ctx, f"Kept, but not judged by it yet: {error.advice} The next check judges it so.")


def _tell_film(now: Session, film: FilmTitle, said: Override | None) -> None:
    if now.given.form is Form.JSON:
        echo = said.echo if said else None
        output.result_json(
            {
                "version": 1,
                "done": "override",
                "title": film.name,
                "year": film.year,
                "tmdb_id": said.tmdb_id if said else None,
                "tmdb_title": echo,
            }
        )
    elif said is not None:
        output.result(f"{film.name} is now TMDB {said.tmdb_id}: {said.echo}.\n")
    else:
        output.result(f"{film.name} is again what its ids in Plex say.\n")


def _tell(now: Session, show: ShowReport, said: Override | None) -> None:
    """What is said of the show now."""
    from plexgap.views.chosen import sentences, taken_back

    if now.given.form is Form.JSON:
        output.result_json(
            {
                "version": 1,
                "done": "override",
                "title": show.title,
                "year": show.year,
                "tmdb_id": said.tmdb_id if said else None,
                "tmdb_title": (said.echo or None) if said and said.tmdb_id else None,
                "tvdb_id": said.tvdb_id if said else None,
                "order": (said.order or None) if said else None,
                "policy": (said.policy or None) if said else None,
                "specials": said.specials if said else None,
            }
        )
    else:
        output.result_lines(sentences(show.title, said) if said else [taken_back(show.title)])
