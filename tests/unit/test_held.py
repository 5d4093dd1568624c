from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from plexgap.domain.catalogue import Listing
from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.ids import parse_guids
from plexgap.domain.library import HeldEpisode
from plexgap.gaps.evidence import plain_title
from plexgap.gaps.held import pair
from tests.support import cases, episode_id, listing, numbers


def listed(rows: list[list[Any]]) -> Listing:
    plain = listing(" ".join(row[0] for row in rows))
    episodes = {episode.number: episode for episode in plain.episodes}
    return replace(
        plain,
        episodes=tuple(
            replace(episodes[number], title=title, air_date=day)
            for (number,), title, day in ((numbers(row[0]), row[1], row[2]) for row in rows)
        ),
    )


def held(rows: list[list[Any]]) -> list[HeldEpisode]:
    made = []
    for key, row in enumerate(rows):
        number = numbers(row[0])[0] if row[0] else None
        made.append(
            HeldEpisode(
                str(key),
                number.season if number else 2020,
                number.number if number else None,
                row[1],
                row[2],
                parse_guids(row[3:]),
            )
        )
    return made


@pytest.mark.parametrize("case", cases("placed"))
def test_held_episode_finds_its_place(case: dict[str, Any]) -> None:
    given = listed(case["listed"])
    found = pair(held(case["held"]), given.provider, sorted(given.episodes, key=lambda episode: episode.number))
    placed = [found.matches.get(str(key)) for key in range(len(case["held"]))]
    assert [(match.number, match.rule.value) if match else None for match in placed] == [
        (numbers(row[0])[0], row[1]) if row else None for row in case["placed"]
    ]


@pytest.mark.parametrize("order", [1, -1])
def test_placing_does_not_depend_on_the_order_of_inputs(order: int) -> None:
    given = listing("1x1-9 2x1-9")
    episodes = [
        HeldEpisode(
            str(n), 1, n.number if n.season == 1 else 9 + n.number, ids=parse_guids([f"tmdb://{episode_id(n)}"])
        )
        for n in numbers("1x1-9 2x1-9")
    ]
    found = pair(episodes[::order], given.provider, given.episodes)
    assert {match.number for match in found.matches.values()} == set(numbers("1x1-9 2x1-9"))


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("Salt and Iron", "saltandiron"),
        ("Salt & Iron", "saltandiron"),
        ("Été à la mer", "etealamer"),
        ("Episode 5", ""),
        ("Part 2", ""),
        ("Pilot", ""),
        ("TBA", ""),
        ("1234567", ""),
        ("Noon", ""),
        ("", ""),
        ("Folge 12", ""),
        ("The Pilot Who Fell", "thepilotwhofell"),
        ("第十二話の真実", "第十二話の真実"),
    ],
)
def test_title_as_it_is_compared(title: str, plain: str) -> None:
    assert plain_title(title) == plain


def test_one_number_satisfies_no_two_listed_episodes() -> None:
    given = listing("1x1-2")
    found = pair([HeldEpisode("7", 1, 1)], given.provider, given.episodes)
    assert [match.number for match in found.matches.values()] == [EpisodeNumber(1, 1)]
