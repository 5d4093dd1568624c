"""Finding the title a person means. Changes when titles are named on the command line in another way."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from typing import Any, Protocol, TypeVar

import click

from plexgap.views.report import Report, ShowReport

_WITH_YEAR = re.compile(r"(?P<title>.+?)\s*\((?P<year>\d{4})\)")
F = TypeVar("F", bound=Callable[..., Any])


class Titled(Protocol):
    """Anything that has a title and a year."""

    @property
    def title(self) -> str: ...
    @property
    def year(self) -> int | None: ...


T = TypeVar("T", bound=Titled)


def title_argument(command: F) -> F:
    """Adds TITLE and --year; `--title T`, which older tools taught, counts for TITLE."""
    for option in (
        click.option("--year", type=int, metavar="YEAR", help="Which one, where two have the same title."),
        click.option("--title", "title_option", hidden=True),
        click.argument("title", required=False),
    ):
        command = option(command)
    return command


def wanted_title(argument: str | None, option: str | None) -> str:
    """The title that was given in either form; UsageError without one, or with two."""
    given = [text for text in (argument, option) if text is not None and text.strip()]
    if len(given) != 1:
        raise click.UsageError("Give one TITLE, in quotes if it has spaces.")
    return given[0].strip()


def find_show(report: Report, title: str, year: int | None) -> ShowReport:
    """The one show of the report that is meant, by title ("Title (2008)" too) or by its id ("tmdb-1396").

    UsageError, naming what there is, for none and for several.
    """
    by_id = [show for show in report.shows if show.title_id == title]
    if by_id:
        return by_id[0]
    found = matching(report.shows, title, year)
    if len(found) == 1:
        return found[0]
    raise none_or_several(title, year, found, report.shows, _line)


def matching(titled: Iterable[T], title: str, year: int | None) -> tuple[T, ...]:
    """Those of that title, in any case and spelling of accents and signs, and of that year if one is given."""
    known = tuple(titled)
    exact = tuple(one for one in known if _folded(one.title) == _folded(title))
    with_year = _WITH_YEAR.fullmatch(title.strip())
    if not exact and with_year:
        exact = tuple(one for one in known if _folded(one.title) == _folded(with_year["title"]))
        year = year if year is not None else int(with_year["year"])
    return exact if year is None else tuple(one for one in exact if one.year == year)


def none_or_several(
    title: str, year: int | None, found: Sequence[T], known: Iterable[T], line: Callable[[T], str]
) -> click.UsageError:
    """The usage error for a title that fits none or several: it lists those that were meant, or may have been."""
    if found:
        listed = "\n".join(f"  {line(one)}" for one in found)
        return click.UsageError(
            f'"{title}" fits {len(found)} titles. Say which, by its year as in "{title} (2001)" or by its id:\n{listed}'
        )
    by_name: dict[str, list[T]] = {}
    for one in known:
        by_name.setdefault(_folded(one.title), []).append(one)
    near = get_close_matches(_folded(title), by_name, n=5, cutoff=0.6)
    near = near or [name for name in by_name if len(_folded(title)) > 3 and _folded(title) in name][:5]
    of_year = f" of {year}" if year is not None else ""
    start = f'There is no title "{title}"{of_year} here.'
    if not near:
        return click.UsageError(start)
    listed = "\n".join(f"  {line(one)}" for name in near for one in by_name[name])
    return click.UsageError(f"{start} Near it are:\n{listed}")


def _line(show: ShowReport) -> str:
    year = f" ({show.year})" if show.year else ""
    return f"{show.title}{year}, {', '.join(show.libraries)}, {show.title_id}"


def _folded(title: str) -> str:
    """The title without case, accents and signs; kept whole where nothing else is left of it."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", title.casefold()) if not unicodedata.combining(c))
    words = "".join(c if c.isalnum() else " " for c in plain.replace("&", " and ").replace("'", "").replace("’", ""))
    return " ".join(words.split()) or title.strip()
