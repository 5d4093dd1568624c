"""The rows of Plex's answers, as plain values with Plex's own names: dicts for elements, lists of dicts for children.

One description for XML and JSON. Source: reference/plex.md 5, the recorded samples. Changes when Plex's rows do.
"""

from __future__ import annotations

from plexgap.demo import names
from plexgap.demo.library import (
    EpisodeAt,
    FilmEntry,
    Found,
    Library,
    MusicEntry,
    Odd,
    Run,
    SeasonEntry,
    Section,
    ShowEntry,
)
from plexgap.demo.listed import CatalogueEpisode
from plexgap.demo.listed_tvdb import day_at_tvdb
from plexgap.demo.placing import hex_id
from plexgap.demo.plex_media import media, music_media
from plexgap.demo.plex_parts import ordering
from plexgap.demo.plex_words import Row, Wanted

_USUAL = Odd()
_DAY = 86_400
_GENRES = ("Drama", "Comedy", "Mystery", "Adventure", "Documentary", "Science Fiction")
_STUDIOS = ("Harbour Television", "North Tower", "Saltmarsh Studios", "Kestrel & Co.", "Lighthouse Network")
_RATINGS = ("TV-14", "TV-MA", "TV-PG", "TV-G")
_MUSIC = {8: "artist", 9: "album", 10: "track"}


class Rows:
    """Makes rows of one library."""

    def __init__(self, seed: int, library: Library) -> None:
        self._seed = seed
        self._library = library

    def of(self, found: Found, wanted: Wanted) -> Row:
        """The row of any item."""
        if isinstance(found, EpisodeAt):
            return self.episode(found.run, found.place, wanted)
        if isinstance(found, ShowEntry):
            return self.show(found, wanted)
        if isinstance(found, SeasonEntry):
            return self.season(found, wanted)
        if isinstance(found, FilmEntry):
            return self.film(found, wanted)
        return self.music(found, wanted)

    def episode(self, run: Run, place: int, wanted: Wanted) -> Row:
        entry = run.entry
        key, number = run.key + place, run.first + place
        odd = self._library.odd.get(key, _USUAL)
        listed = run.episode(place)
        if listed is None or entry.is_local:
            ordinal, title, day = run.season * 1_000 + number, f"Episode {number}", None
        else:
            ordinal, title, day = listed.episode_id - entry.show.episode_base, listed.title, listed.air_date
            if entry.foreign:
                title = names.foreign_title(entry.show.tmdb_id, ordinal)
            if entry.dates != "tmdb":
                day = day_at_tvdb(entry.show, listed.episode_id, day) if entry.dates == "tvdb" else None
        season_key = entry.season_keys[run.season]
        row: Row = {
            "ratingKey": str(key),
            "key": f"/library/metadata/{key}",
            "parentRatingKey": str(season_key),
            "grandparentRatingKey": str(entry.key),
            "guid": self._episode_guid(run, key, number, listed),
            "parentGuid": self._season_guid(entry, run.season),
            "grandparentGuid": entry.guid,
            "grandparentSlug": names.slug(entry.title),
            "type": "episode",
            "title": odd.title or title,
            "grandparentKey": f"/library/metadata/{entry.key}",
            "parentKey": f"/library/metadata/{season_key}",
            "grandparentTitle": entry.title,
            "parentTitle": _season_title(run.season),
            "contentRating": _RATINGS[entry.key % 4],
            "index": number,
            "parentIndex": run.season,
            "thumb": f"/library/metadata/{key}/thumb/{self.updated(run, place)}",
            "grandparentThumb": f"/library/metadata/{entry.key}/thumb/{entry.updated}",
            "duration": entry.show.runtime * 60_000 * odd.length + key % 977,
            "addedAt": run.added + place,
            **_written(entry, self.updated(run, place)),
        }
        if "summary" not in wanted.without:
            row["summary"] = names.overview(entry.show.tmdb_id, ordinal)
        usable = _usable(day if odd.day is None else odd.day)
        if usable:
            row["year"], row["originallyAvailableAt"] = int(usable[:4]), usable
        if (views := self.views(run, place)) is not None:
            row["viewCount"], row["lastViewedAt"] = views
        if entry.flattened:
            row["skipParent"] = True
            del row["parentRatingKey"], row["parentKey"]
        if not entry.numbered:
            del row["index"]
        if "Media" not in wanted.without:
            file = self._episode_file(run, place, odd, usable)
            row["Media"] = media(key, file, entry.show.runtime * odd.length, odd, wanted)
        self._episode_extras(row, entry, listed, wanted)
        return wanted.trim(row) if wanted.without else row

    def _episode_extras(self, row: Row, entry: ShowEntry, listed: CatalogueEpisode | None, wanted: Wanted) -> None:
        if (wanted.guids or wanted.detail) and entry.episode_ids and listed is not None:
            own = [f"imdb://{listed.imdb_id}", f"tmdb://{listed.episode_id}"]
            known = [] if listed.number in entry.show.tvdb_only else own
            row["Guid"] = [{"id": guid} for guid in (*known, f"tvdb://{listed.tvdb_id}")]
        if wanted.detail:
            self._section_fields(row, entry.section.key, entry.section.title)

    def _episode_guid(self, run: Run, key: int, number: int, listed: CatalogueEpisode | None) -> str:
        entry = run.entry
        if entry.legacy:
            return f"{entry.legacy}/{run.season}/{number}?lang=en"
        if entry.is_local:
            return f"local://{key}"
        return f"plex://episode/{hex_id(self._seed, 'e', listed.episode_id if listed else -key)}"

    def views(self, run: Run, place: int) -> tuple[int, int] | None:
        """How often and when last the token's user saw it; None: never, which is how Plex says 0."""
        odd = self._library.odd.get(run.key + place)
        if odd is not None and odd.views is not None and odd.viewed_at is not None:
            return (odd.views, odd.viewed_at) if odd.views else None
        return (1, run.added + place + 3 * _DAY) if place < run.watched else None

    def updated(self, run: Run, place: int) -> int:
        """When Plex last wrote to the item, as far as it says so."""
        return self._library.odd.get(run.key + place, _USUAL).updated or run.added + place + 240

    def odd_places(self, section: Section) -> dict[int, set[int]]:
        """Which episodes of a section are unusual in some way: their places, by the key of their run."""
        places: dict[int, set[int]] = {}
        for key in self._library.odd:
            found = self._library.find(str(key))
            if isinstance(found, EpisodeAt) and found.run.entry.section is section:
                places.setdefault(found.run.key, set()).add(found.place)
        return places

    def seen(self, runs: list[Run]) -> int:
        """How many episodes of these runs were seen."""
        more = sum(
            bool(odd.views) - (place < run.watched)
            for run in runs
            for place in range(run.count)
            if (odd := self._library.odd.get(run.key + place)) and odd.views is not None
        )
        return sum(run.watched for run in runs) + more

    def show(self, entry: ShowEntry, wanted: Wanted) -> Row:
        show = entry.show
        row: Row = {
            "ratingKey": str(entry.key),
            "key": f"/library/metadata/{entry.key}/children",
            "guid": entry.guid,
            "slug": names.slug(entry.title),
            "studio": _STUDIOS[show.tmdb_id % len(_STUDIOS)],
            "type": "show",
            "title": entry.title,
            "contentRating": _RATINGS[entry.key % 4],
            "summary": names.overview(show.tmdb_id),
            "index": 1,
        }
        if (by := names.sort_key(entry.title)) != entry.title:
            row["titleSort"] = by
        if entry.edition:
            row["editionTitle"] = entry.edition
        if entry.year is not None:
            row["year"] = entry.year
        row["thumb"] = f"/library/metadata/{entry.key}/thumb/{entry.updated}"
        row["art"] = f"/library/metadata/{entry.key}/art/{entry.updated}"
        row["duration"] = show.runtime * 60_000
        opening = next((season.start for season in show.seasons if season.number and season.start), None)
        if opening is not None and not entry.is_local:
            row["originallyAvailableAt"] = opening.isoformat()
        row["leafCount"] = entry.leaf_count
        row["viewedLeafCount"] = self.seen(entry.runs)
        row["childCount"] = len(entry.season_keys)
        if entry.flattened:
            row["skipChildren"] = True
        row["addedAt"] = entry.added
        row |= _written(entry, entry.updated)
        row["Genre"] = _tags(_GENRES[entry.key % 6], _GENRES[(entry.key + 2) % 6])
        row["Role"] = _tags(*(names.person(show.tmdb_id + n) for n in range(3)))
        if (wanted.guids or wanted.detail) and entry.guids:
            row["Guid"] = [{"id": guid} for guid in entry.guids]
        if wanted.detail:
            self._section_fields(row, entry.section.key, entry.section.title)
            if entry.ordering:
                row["showOrdering"] = entry.ordering
        if wanted.preferences:
            row["Preferences"] = [{"Setting": [ordering(entry.ordering, of_show=True)]}]
        return wanted.trim(row)

    def season(self, season: SeasonEntry, wanted: Wanted) -> Row:
        entry, runs = season.entry, season.entry.in_order(season.number)
        row: Row = {
            "ratingKey": str(season.key),
            "key": f"/library/metadata/{season.key}/children",
            "parentRatingKey": str(entry.key),
            "guid": self._season_guid(entry, season.number),
            "parentGuid": entry.guid,
            "parentStudio": _STUDIOS[entry.show.tmdb_id % len(_STUDIOS)],
            "type": "season",
            "title": _season_title(season.number),
            "parentKey": f"/library/metadata/{entry.key}",
            "parentTitle": entry.title,
            "summary": "",
            "index": season.number,
            "parentIndex": 1,
        }
        if entry.year is not None:
            row["parentYear"] = entry.year
        row["thumb"] = f"/library/metadata/{season.key}/thumb/{entry.updated}"
        row["art"] = f"/library/metadata/{entry.key}/art/{entry.updated}"
        row["parentThumb"] = f"/library/metadata/{entry.key}/thumb/{entry.updated}"
        row["leafCount"] = sum(run.count for run in runs)
        row["viewedLeafCount"] = self.seen(runs)
        row["addedAt"] = season.added
        row |= _written(entry, entry.updated)
        if wanted.detail:
            self._section_fields(row, entry.section.key, entry.section.title)
        return wanted.trim(row)

    def film(self, entry: FilmEntry, wanted: Wanted) -> Row:
        film, odd = entry.film, self._library.odd.get(entry.key, _USUAL)
        row: Row = {
            "ratingKey": str(entry.key),
            "key": f"/library/metadata/{entry.key}",
            "guid": entry.guid,
            "slug": names.slug(entry.title),
            "studio": _STUDIOS[film.tmdb_id % len(_STUDIOS)],
            "type": "movie",
            "title": entry.title,
            "contentRating": ("PG-13", "R", "PG", "G")[entry.key % 4],
            "summary": names.overview(film.tmdb_id, 3),
        }
        if (by := names.sort_key(entry.title)) != entry.title:
            row["titleSort"] = by
        if entry.edition:
            row["editionTitle"] = entry.edition
        if entry.watched:
            row["viewCount"] = 1
            row["lastViewedAt"] = entry.added + 9 * _DAY
        if entry.year is not None:
            row["year"] = entry.year
        row["thumb"] = f"/library/metadata/{entry.key}/thumb/{entry.added}"
        row["art"] = f"/library/metadata/{entry.key}/art/{entry.added}"
        row["duration"] = film.runtime * 60_000 + entry.key % 977
        if film.release_date:
            row["originallyAvailableAt"] = film.release_date
        row["addedAt"] = entry.added
        row["updatedAt"] = entry.updated or entry.added + 240
        if "Media" not in wanted.without:
            year = f" ({entry.year})" if entry.year else ""
            edition = f" {{edition-{entry.edition}}}" if entry.edition else ""
            folder = names.file_title(entry.title) + year
            version = f" v{odd.generation + 1}" if odd.generation else ""
            file = f"{entry.section.path}/{folder}/{folder}{edition}{version}.mkv"
            resolution = "2160" if entry.section.title.endswith("4K") else odd.resolution
            kept = Odd(resolution=resolution, generation=odd.generation)
            row["Media"] = media(entry.key, file, film.runtime, kept, wanted)
        row["Genre"] = _tags(_GENRES[entry.key % 6])
        row["Director"] = _tags(names.person(film.tmdb_id))
        row["Country"] = _tags("Norway" if entry.key % 5 == 0 else "Ireland")
        row["Role"] = _tags(*(names.person(film.tmdb_id + n) for n in range(1, 4)))
        if (wanted.guids or wanted.detail) and entry.guids:
            row["Guid"] = [{"id": guid} for guid in entry.guids]
        if wanted.detail:
            self._section_fields(row, entry.section.key, entry.section.title)
        return wanted.trim(row)

    def music(self, thing: MusicEntry, wanted: Wanted) -> Row:
        kind = _MUSIC[thing.kind]
        row: Row = {
            "ratingKey": str(thing.key),
            "key": f"/library/metadata/{thing.key}" + ("" if kind == "track" else "/children"),
            "guid": f"plex://{kind}/{hex_id(self._seed, kind, thing.key)}",
            "type": kind,
            "title": thing.title,
            "summary": "",
            "index": thing.index,
        }
        parent = thing.parent
        if parent is not None:
            row["parentRatingKey"] = str(parent.key)
            row["parentKey"] = f"/library/metadata/{parent.key}"
            row["parentTitle"] = parent.title
            if parent.parent is not None:
                row["grandparentRatingKey"] = str(parent.parent.key)
                row["grandparentTitle"] = parent.parent.title
        if thing.year is not None:
            row["year"] = thing.year
        row["addedAt"] = thing.added
        row["updatedAt"] = thing.added + 240
        if kind == "track":
            row["duration"] = 180_000 + thing.key % 90_000
            file = f"{thing.section.path}/{names.file_title(row_title(parent))}/{thing.index:02d} {thing.title}.flac"
            row["Media"] = [music_media(thing.key, file, 180_000 + thing.key % 90_000)]
        if wanted.detail:
            self._section_fields(row, thing.section.key, thing.section.title)
        return wanted.trim(row)

    def _season_guid(self, entry: ShowEntry, season: int) -> str:
        if entry.legacy:
            return f"{entry.legacy}/{season}?lang=en"
        if entry.is_local:
            return f"local://{entry.season_keys[season]}"
        return f"plex://season/{hex_id(self._seed, 's', entry.show.tmdb_id, season)}"

    def _section_fields(self, row: Row, key: str, title: str) -> None:
        row["librarySectionTitle"] = title
        row["librarySectionID"] = int(key)
        row["librarySectionKey"] = f"/library/sections/{key}"

    def _episode_file(self, run: Run, place: int, odd: Odd, day: str) -> str:
        entry = run.entry
        number = f"S{run.season:02d}E{run.first + place:02d}" if entry.numbered else day
        name = odd.file or f"{entry.folder} - {number}{f' v{odd.generation + 1}' if odd.generation else ''}.mkv"
        return f"{entry.section.path}/{entry.folder}/{_season_title(run.season)}/{name}"


def _written(entry: ShowEntry, when: int) -> Row:
    """When Plex last wrote to the show, or to something of it."""
    return {} if entry.silent else {"updatedAt": when}


def row_title(thing: MusicEntry | None) -> str:
    return thing.title if thing is not None else ""


def _season_title(season: int) -> str:
    return f"Season {season}" if season else "Specials"


def _tags(*words: str) -> list[Row]:
    return [{"tag": word} for word in words]


def _usable(raw: str | None) -> str:
    """A date as Plex would take it over: none for "", null, placeholders and nonsense."""
    known = raw is not None and raw > "1900-12-31" and (raw[8:] <= "28" or raw[5:] in _MONTH_ENDS)
    return raw if raw is not None and known else ""


_MONTH_ENDS = frozenset(
    f"{month:02d}-{day}" for month in range(1, 13) for day in (29, 30, 31) if (month, day) not in ((2, 30), (2, 31))
)
