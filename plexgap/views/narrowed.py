"""A report of shows alone, or of films alone, as the pages of either export it. Changes when a report has another part
that belongs to one of them."""

from __future__ import annotations

from dataclasses import fields, replace

from plexgap.domain.library import Kind
from plexgap.views.films import NO_FILMS
from plexgap.views.report import Report, Tally

_NO_TALLY = Tally(**dict.fromkeys((field.name for field in fields(Tally)), 0))


def of_shows(report: Report) -> Report:
    return replace(report, films=NO_FILMS, kinds=(Kind.SHOW,))


def of_films(report: Report) -> Report:
    return replace(report, shows=(), tally=_NO_TALLY, watchlist=None, kinds=(Kind.MOVIE,))
