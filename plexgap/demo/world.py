"""The invented world: one library, the catalogues about it, and the truth. Made from a seed, a size and the day.

    world = make_world(seed=1)
    world.truths            # what a scan must say
    world.change.add_episode("The Lantern Keepers", 2, 5)

Changes when the world as a whole gains a part.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from plexgap.demo import (
    cases_films,
    cases_identity,
    cases_later,
    cases_numbers,
    cases_orders,
    cases_ordinary,
    cases_watched,
)
from plexgap.demo.case import Draw, ShowCase
from plexgap.demo.changes import Changes
from plexgap.demo.library import Library, MusicEntry, Section
from plexgap.demo.listed import Catalogue
from plexgap.demo.placing import FILLED_FROM, FILLED_TO, Placing, hex_id
from plexgap.demo.placing_films import PlacingFilms
from plexgap.demo.truth import CollectionTruth, FilmTruth, ShowTruth
from plexgap.demo.watchlist import Watchlisted, first_list

DEFAULT_EPISODES, DEFAULT_FILMS = 2_500, 300
# Episodes of an ordinary show; in a small library, where cases are many, a few long ones fill up.
_A_SHOW, _A_SHOW_OF_FEW = 66, 150
CASES: tuple[Callable[[Draw], ShowCase], ...] = (
    *cases_ordinary.CASES,
    *cases_identity.CASES,
    *cases_numbers.CASES,
    *cases_later.CASES,
    *cases_orders.CASES,
    *cases_watched.CASES,
)


@dataclass(slots=True, eq=False)
class Books:
    """What Plex writes down when its content changes. `counter`: the section's contentChangedAt moves; `updated`: the
    updatedAt of what changed does. Either may fail to: the second often does, the first with old agents."""

    counter: bool = True
    updated: bool = True


class World:
    """Everything the servers speak of. Hold `lock` while reading or changing it: servers answer from many
    threads. `revision` counts changes.
    """

    def __init__(self, seed: int, now: Callable[[], datetime]) -> None:
        self.seed = seed
        self.now = now
        self.made_at = now()
        self.lock = threading.RLock()
        self.revision = 0
        self.catalogue = Catalogue()
        self.library = Library(first_key=1_000 + 11 * (seed % 83), counter=3_050_000 + seed)
        self.shows: dict[str, ShowTruth] = {}
        self.collections: dict[int, CollectionTruth] = {}
        self.films_to_map: tuple[FilmTruth, ...] = ()
        self.watchlist: list[Watchlisted] = []
        self.books = Books()
        self.machine_id = hex_id(seed, "machine") + hex_id(seed, "more")[:16]
        self.name = "Invented Library"
        self.account_name = "mara"
        # Codes of sign-ins at plex.tv, as they were made.
        self.codes: list[str] = []
        # Where each service listens, once it does.
        self.urls: dict[str, str] = {}
        self.plex_token = f"demo-plex-{hex_id(seed, 'token')}"
        self.tmdb_key = (hex_id(seed, "tmdb key") + hex_id(seed, "tmdb"))[:32]
        self.tmdb_read_token = f"eyJ{hex_id(seed, 'read')}.{hex_id(seed, 'token')}.{hex_id(seed, 'mark')}"
        raw = hex_id(seed, "tvdb key") + hex_id(seed, "tvdb")
        self.tvdb_key = "-".join((raw[:8], raw[8:12], raw[12:16], raw[16:20], raw[20:32]))
        self.tvdb_user_key = self.tvdb_key[::-1]
        self.tvdb_pin = hex_id(seed, "pin")[:8].upper()
        self.tvdb_turn = 0
        self.change = Changes(self)

    @property
    def truths(self) -> tuple[ShowTruth, ...]:
        """The truth of every title in Plex, in the order they were placed."""
        return tuple(self.shows.values())

    @property
    def collection_truths(self) -> tuple[CollectionTruth, ...]:
        return tuple(self.collections.values())

    @property
    def shows_held(self) -> int:
        """Show items, of which one title may have several."""
        return sum(len(section.entries) for section in self.library.sections)

    @property
    def episodes_held(self) -> int:
        return sum(section.episode_count for section in self.library.sections)

    @property
    def movies_held(self) -> int:
        return sum(len(section.films) for section in self.library.sections)

    def tagged(self, tag: str) -> tuple[ShowTruth, ...]:
        """The titles with this tag."""
        return tuple(truth for truth in self.shows.values() if tag in truth.tags)


def make_world(
    seed: int = 1,
    episodes: int = DEFAULT_EPISODES,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    films: int = DEFAULT_FILMS,
    cases: Sequence[Callable[[Draw], ShowCase]] = CASES,
) -> World:
    """A world of about `episodes` held episodes, never less than its `cases` need (all of them: about 2,000), and
    `films` films."""
    world = World(seed, now)
    _make_sections(world)
    # Each item takes its share of the days in which the library was filled.
    items = len(cases) + 12 + max(0, episodes // _A_SHOW)
    gap_s = max(60, ((FILLED_FROM - FILLED_TO) * 86_400 - episodes) // items - 60)
    placing = Placing(seed, world.made_at, world.catalogue, world.library, gap_s)
    for made in cases:
        _place(world, placing, made(Draw(seed, made.__name__, placing.today)))
    number = 0
    while (left := episodes - placing.held) > _A_SHOW // 4:
        draw = Draw(seed, f"ordinary {number}", placing.today)
        usual = _A_SHOW if episodes > DEFAULT_EPISODES else _A_SHOW_OF_FEW
        _place(world, placing, cases_ordinary.ordinary(draw, min(left, draw.between(usual // 3, usual * 5 // 3))))
        number += 1
    elsewhere = [placing.listed_only(cases_watched.not_in_plex(draw)) for draw in _draws(placing, "elsewhere", 3)]
    cases_films.place_all(PlacingFilms(placing), films)
    world.collections = {truth.tmdb_id: truth for truth in placing.collection_truths}
    world.films_to_map = tuple(placing.film_truths)
    world.watchlist = first_list(world, elsewhere, withdrawn=placing.titles.next())
    for section in world.library.sections:
        section.count_again()
    return world


def _draws(placing: Placing, name: str, count: int) -> list[Draw]:
    return [Draw(placing.seed, f"{name} {number}", placing.today) for number in range(count)]


def _place(world: World, placing: Placing, case: ShowCase) -> None:
    truth = placing.show(case)
    world.shows[truth.rating_keys[0]] = truth


def _make_sections(world: World) -> None:
    """Five libraries. Their keys have holes, as on any server where one was deleted once."""
    made = int((world.made_at - timedelta(days=FILLED_FROM + 1)).timestamp())
    scanned = int((world.made_at - timedelta(hours=2)).timestamp())
    rows = (
        ("1", "Movies", "movie", "tv.plex.agents.movie", "Plex Movie", "/srv/media/movies"),
        ("2", "TV Shows", "show", "tv.plex.agents.series", "Plex TV Series", "/srv/media/tv"),
        ("4", "Anime", "show", "tv.plex.agents.series", "Plex TV Series", "/srv/media/anime"),
        ("5", "Movies 4K", "movie", "tv.plex.agents.movie", "Plex Movie", "/srv/media/movies-4k"),
        ("7", "Music", "artist", "tv.plex.agents.music", "Plex Music", "/srv/media/music"),
    )
    for key, title, kind, agent, scanner, path in rows:
        raw = hex_id(world.seed, "section", key) + hex_id(key)
        uuid = "-".join((raw[:8], raw[8:12], raw[12:16], raw[16:20], raw[20:32]))
        world.library.sections.append(
            Section(key, uuid, title, kind, agent, scanner, "en-US", path, made, scanned, 3_048_000 + int(key) * 131)
        )
    # Whoever keeps anime counts it through.
    world.library.titled("TV Shows").ordering = "tmdbAiring"
    world.library.titled("Anime").ordering = "absolute"
    _make_music(world, made)


def _make_music(world: World, made: int) -> None:
    """A little music, which gap scans pass over."""
    library, section = world.library, world.library.titled("Music")
    for artist in range(6):
        band = MusicEntry(section, library.new_keys(), 8, f"{_BANDS[artist]}", made + artist * 900)
        library.add_music(band)
        for album in range(1, 3):
            year = 1990 + (world.seed + artist * 5 + album) % 34
            record = MusicEntry(section, library.new_keys(), 9, f"{_RECORDS[artist]} {album}", band.added + album * 60)
            record.index, record.parent, record.year = album, band, year
            library.add_music(record)
            for track in range(1, 7):
                song = MusicEntry(section, library.new_keys(), 10, f"{_SONGS[track - 1]} {album}", record.added + track)
                song.index, song.parent = track, record
                library.add_music(song)


_BANDS = ("The Tin Orchards", "Mara & the Ferrymen", "Óskar Vesterhav", "Night Bus", "Glass Quarry", "<i>Static</i>")
_RECORDS = ("Harbour Songs", "Small Hours", "Vetur", "Timetables", "Echo, Echo", "Noise & Signal")
_SONGS = ("Opening", "The Long Way Round", "Slow Train", "Paper Boats", "Late Light", "Coda")
