"""What several tests share: tables of cases, short ways to write held and listed episodes, and homes that are
scanned without a limit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from plexgap.domain.catalogue import AIRED, ListedEpisode, Listing
from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.ids import Source, parse_guids
from plexgap.domain.library import HeldEpisode, HeldShow, ShowItem
from plexgap.gaps.held import pair
from plexgap.gaps.numbering import aired_numbering
from plexgap.gaps.orders import OrderSource, Placed, Settled

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
# Every invented case of a film and of a collection is in a world of however few films. The ordinary ones beside them
# take half the time of a scan: what is about their number asks for them.
FEW_FILMS = 1
_RANGE = re.compile(r"(\d+)x(\d+)(?:-(\d+))?")


def unlimited(folder: Path) -> Path:
    """The folder, made where it isn't there, with a config.json by which scans ask as fast as the invented services
    answer: at the usual 20 requests a second a scan of the invented library takes as many seconds."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text('{"requests_per_second": 0}', encoding="utf-8")
    return folder


def cases(name: str) -> list[Any]:
    """The rows of tests/cases/NAME.yml as pytest parameters, each named by its `case`."""
    rows = yaml.safe_load((Path(__file__).parent / "cases" / f"{name}.yml").read_text(encoding="utf-8"))
    return [pytest.param(row, id=row["case"]) for row in rows]


def numbers(text: str) -> tuple[EpisodeNumber, ...]:
    """ "1x1-3 2x5" as S01E01, S01E02, S01E03, S02E05."""
    found = []
    for piece in text.split():
        match = _RANGE.fullmatch(piece)
        assert match, f"not a range of episodes: {piece}"
        season, first, last = int(match[1]), int(match[2]), int(match[3] or match[2])
        found += [EpisodeNumber(season, number) for number in range(first, last + 1)]
    return tuple(found)


def episode_id(number: EpisodeNumber) -> int:
    """The id that `listing` gives an episode."""
    return number.season * 10_000 + number.number + 1


def listing(
    episodes: str,
    *,
    show_id: int = 1,
    dates: Mapping[str, date | None] | None = None,
    default_date: date | None = date(2020, 1, 1),
    status: str = "Ended",
    ids: Iterable[str] = (),
    fetched_at: datetime = NOW,
) -> Listing:
    """A listing of these episodes; `dates` by "1x5" overrides `default_date`."""
    by_number = {numbers(key)[0]: value for key, value in (dates or {}).items()}
    return Listing(
        provider=Source.TMDB,
        show_id=show_id,
        order=AIRED,
        title="The Lantern Keepers",
        year=2019,
        status=status,
        ids=parse_guids([f"tmdb://{show_id}", *ids]),
        episodes=tuple(
            ListedEpisode(
                number=number,
                title=f"Title {number}",
                air_date=by_number.get(number, default_date),
                episode_id=episode_id(number),
            )
            for number in numbers(episodes)
        ),
        fetched_at=fetched_at,
    )


def show_item(rating_key: str = "1", *, guids: Iterable[str] = ("tmdb://1",), **given: Any) -> ShowItem:
    """A show item of the section TV Shows, with what is given changed."""
    values: dict[str, Any] = {
        "section_uuid": "tv",
        "section_title": "TV Shows",
        "title": "The Lantern Keepers",
        "year": 2019,
        "guid": "",
        "ids": parse_guids(guids),
        "revision": 1,
    }
    return ShowItem(rating_key=rating_key, **(values | given))


def held_show(episodes: str, *, ids: Mapping[str, str] | None = None, item: ShowItem | None = None) -> HeldShow:
    """A show that holds these episodes, by number alone; `ids` by "1x5" gives that episode a guid."""
    guids = {numbers(key)[0]: value for key, value in (ids or {}).items()}
    item = item or show_item()
    return HeldShow(
        item,
        tuple(
            HeldEpisode(
                rating_key=f"{item.rating_key}-{number.season}-{number.number}-{position}",
                season=number.season,
                number=number.number,
                ids=parse_guids([guids[number]] if number in guids else []),
            )
            for position, number in enumerate(numbers(episodes))
        ),
    )


def in_aired_order(held: Sequence[HeldShow], aired: Listing) -> Settled:
    """Every item taken to be numbered as the catalogue aired it: nothing is asked, nothing weighed."""
    plain = aired_numbering(aired)
    items = tuple(Placed(show, plain, pair(show.episodes, aired.provider, plain.listed)) for show in held)
    return Settled(aired, plain, items, OrderSource.DEFAULT, (AIRED,))
