"""Films and collections: every case that the issue on collections must be right about, and many ordinary films."""

from __future__ import annotations

from plexgap.demo.case import Draw
from plexgap.demo.placing_films import MOVIES, MOVIES_4K, CollectionCase, Copy, Part, PlacingFilms
from plexgap.domain.verdicts import State

HELD = (Copy(),)


def _run(count: int, held: int, oldest: int) -> tuple[Part, ...]:
    """`count` films a few years apart, the first `held` of them in Plex. `oldest`: days since the first came out."""
    step = oldest // (count + 1)
    return tuple(
        Part(released_in=-oldest + place * step, copies=HELD if place < held else ()) for place in range(count)
    )


def _cases(draw: Draw) -> tuple[CollectionCase, ...]:
    old = Part(released_in=-draw.between(7_000, 9_000), copies=HELD)
    mid = Part(released_in=-draw.between(3_000, 5_000), copies=HELD)
    late = Part(released_in=-draw.between(400, 1_200), copies=HELD)
    absent = Part(released_in=-draw.between(1_300, 2_500))
    future = Part(released_in=draw.between(40, 300))
    return (
        CollectionCase("one_of_many", _run(6, 1, 9_500), held=1, listed=6, missing=(1, 2, 3, 4, 5)),
        CollectionCase("collection_complete", (old, mid, late, future), held=3, listed=3, announced=(3,)),
        CollectionCase(
            "all_future",
            (old, Part(released_in=60), Part(released_in=400)),
            held=1,
            listed=1,
            announced=(1, 2),
            shown=False,
        ),
        CollectionCase("single_part", (old,), held=1, listed=1, shown=False),
        CollectionCase(
            "film_twice_in_editions",
            (Part(released_in=-8_000, copies=(Copy(), Copy(edition="Director's Cut"))), mid, absent),
            held=2,
            listed=3,
            missing=(2,),
        ),
        CollectionCase(
            "film_by_imdb_id",
            (
                Part(released_in=-6_000, copies=(Copy(ids=("imdb",)),)),
                Part(released_in=-5_000, copies=(Copy(guid="imdb"),)),
                absent,
            ),
            held=2,
            listed=3,
            missing=(2,),
        ),
        CollectionCase(
            "film_in_two_libraries",
            (Part(released_in=-4_000, copies=(Copy(MOVIES), Copy(MOVIES_4K))), absent),
            held=1,
            listed=2,
            missing=(1,),
        ),
        CollectionCase(
            "part_undated",
            (old, absent, Part(raw=""), Part(raw=None)),
            held=1,
            listed=2,
            missing=(1,),
            announced=(2, 3),
        ),
        CollectionCase(
            "adult_and_video_parts",
            (old, mid, Part(released_in=-900, video=True, runtime=41), Part(released_in=-800, adult=True)),
            held=2,
            listed=2,
        ),
        CollectionCase("parts_by_name", (old, absent, late), held=2, listed=3, missing=(1,), plain_names=True),
        CollectionCase("lookup_fails", (mid, absent), held=1, listed=2, missing=(1,)),
        CollectionCase("film_moved", (mid, late, absent), held=2, listed=3, missing=(2,)),
        CollectionCase(
            "collection_deleted", (mid, late), held=0, listed=0, on_tmdb=False, shown=False, state=State.COMPLETE
        ),
    )


def _ordinary(draw: Draw, number: int) -> CollectionCase:
    """Every other one has a film missing; one in four has another one announced."""
    count = draw.between(2, 7)
    parts = list(_run(count, count, draw.between(4_000, 15_000)))
    missing: tuple[int, ...] = ()
    if number % 2:
        missing = (draw.between(1, count - 1),)
        parts[missing[0]] = Part(released_in=parts[missing[0]].released_in)
    announced: tuple[int, ...] = ()
    if draw.chance(0.25):
        announced = (count,)
        parts.append(Part(released_in=draw.between(20, 500)))
    return CollectionCase(
        "ordinary", tuple(parts), held=count - len(missing), listed=count, missing=missing, announced=announced
    )


def place_all(placing: PlacingFilms, films: int) -> None:
    """All cases, then ordinary collections (one for eight films or so), then single films, until `films` are held."""
    draw = Draw(placing.seed, "films", placing.today)
    for case in _cases(draw):
        placing.collection(case)
    placing.single(Part(released_in=-2_200, copies=(Copy(ids=()),)), tags="film_without_id title_search")
    placing.single(
        Part(released_in=-3_300, copies=(Copy(guid="local"),), on_tmdb=False, searchable=False), tags="film_without_id"
    )
    number = 0
    while placing.held < films * 2 // 5:
        placing.collection(_ordinary(draw, number))
        number += 1
    while placing.held < films:
        copy = Copy(MOVIES_4K if draw.chance(0.12) else MOVIES)
        placing.single(Part(released_in=-draw.between(100, 20_000), copies=(copy,), runtime=draw.between(81, 160)))
