from __future__ import annotations

from dataclasses import dataclass

import click
import pytest

from plexgap.cli.titles import matching, none_or_several


@dataclass(frozen=True)
class Named:
    title: str
    year: int | None


SHOWS = (
    Named("Amélie & <b>Co</b>", 2001),
    Named("Battlestar Galactica", 1978),
    Named("Battlestar Galactica", 2003),
    Named("Doctor Who (2005)", 2005),
    Named("¿?", None),
)


@pytest.mark.parametrize(
    ("title", "year", "found"),
    [
        ("amelie and <B>co</b>", None, [2001]),
        ("Battlestar Galactica", None, [1978, 2003]),
        ("battlestar galactica", 2003, [2003]),
        ("Battlestar Galactica (1978)", None, [1978]),
        ("Doctor Who (2005)", None, [2005]),
        ("¿?", None, [None]),
        ("Battlestar", None, []),
        ("Battlestar Galactica", 1999, []),
    ],
)
def test_a_title_is_found_whatever_its_case_accents_and_signs(
    title: str, year: int | None, found: list[int | None]
) -> None:
    assert [show.year for show in matching(SHOWS, title, year)] == found


def line(show: Named) -> str:
    return f"{show.title} ({show.year})"


def test_several_are_all_listed() -> None:
    error = none_or_several("Battlestar Galactica", None, matching(SHOWS, "Battlestar Galactica", None), SHOWS, line)
    assert isinstance(error, click.UsageError)
    assert "fits 2 titles" in error.message
    assert "Battlestar Galactica (1978)" in error.message
    assert "Battlestar Galactica (2003)" in error.message


@pytest.mark.parametrize(("title", "near"), [("Batlestar Galactika", "(1978)"), ("Galactica", "(2003)")])
def test_none_suggests_what_is_near(title: str, near: str) -> None:
    message = none_or_several(title, None, (), SHOWS, line).message
    assert f'no title "{title}" here' in message
    assert near in message


def test_nothing_near_suggests_nothing() -> None:
    assert none_or_several("Xyzzy", 2001, (), SHOWS, line).message == 'There is no title "Xyzzy" of 2001 here.'
