"""The rows of Plex's answers, as plain values with Plex's own names: dicts for elements, lists of dicts for children.

One description for XML and JSON. Source: reference/plex.md 5, the recorded samples. Changes when Plex's rows do.
"""

from __future__ import annotations

from dataclasses import dataclass

from plexgap.demo import names
from plexgap.demo.library import (
    MEDIA,
    PARTS,
    SECOND_COPY,
    EpisodeAt,
    FilmEntry,
    Found,
    Library,
    MusicEntry,
    Odd,
    Run,
    SeasonEntry,
    ShowEntry,
)
from plexgap.demo.placing import hex_id

Value = str | int | float | bool | list["Row"]
Row = dict[str, Value]

_USUAL = Odd()
_DAY = 86_400
_GENRES = ("Drama", "Comedy", "Mystery", "Adventure", "Documentary", "Science Fiction")
_STUDIOS = ("Harbour Television", "North Tower", "Saltmarsh Studios", "Kestrel & Co.", "Lighthouse Network")
_RATINGS = ("TV-14", "TV-MA", "TV-PG", "TV-G")
_MUSIC = {8: "artist", 9: "album", 10: "track"}
# height of a resolution as Plex names it -> width, height, codec
_PICTURE = {
    "720": (1280, 720, "h264"),
    "1080": (1920, 1080, "h264"),
    "2160": (3840, 2160, "hevc"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the question asks of each row. `detail`: a single-item read, which says more."""

    guids: bool = False
    detail: bool = False
    preferences: bool = False
    without: frozenset[str] = frozenset()

    def trim(self, row: Row) -> Row:
        """The row without the elements and fields that were excluded."""
        for name in self.without:
            row.pop(name, None)
        return row


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
        local = entry.guid.startswith("local://")
        ordinal = run.season * 1_000 + number
        day, title, runtime = None, f"Episode {number}", entry.show.runtime
        guid = f"local://{key}"
        if listed is not None and not local:
            ordinal, day, runtime = listed.episode_id - entry.show.episode_base, listed.air_date, listed.runtime
            title = names.foreign_title(entry.show.tmdb_id, ordinal) if entry.foreign else listed.title
            guid = f"plex://episode/{hex_id(self._seed, 'e', listed.episode_id)}"
        elif not local:
            guid = f"plex://episode/{hex_id(self._seed, 'x', key)}"
        if entry.legacy:
            guid = f"{entry.legacy}/{run.season}/{number}?lang=en"
        season_key = entry.season_keys[run.season]
        row: Row = {
            "ratingKey": str(key),
            "key": f"/library/metadata/{key}",
            "parentRatingKey": str(season_key),
            "grandparentRatingKey": str(entry.key),
            "guid": guid,
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
            "summary": names.overview(entry.show.tmdb_id, ordinal),
            "index": number,
            "parentIndex": run.season,
        }
        if entry.flattened:
            row["skipParent"] = True
            del row["parentRatingKey"], row["parentKey"]
        if not entry.numbered:
            del row["index"]
        views = self.views(run, place)
        if views is not None:
            row["viewCount"], row["lastViewedAt"] = views
        usable = _usable(day if odd.day is None else odd.day)
        if usable:
            row["year"] = int(usable[:4])
        row["thumb"] = f"/library/metadata/{key}/thumb/{entry.updated}"
        row["grandparentThumb"] = f"/library/metadata/{entry.key}/thumb/{entry.updated}"
        row["duration"] = runtime * 60_000 * odd.length + key % 977
        if usable:
            row["originallyAvailableAt"] = usable
        row["addedAt"] = run.added + place
        row["updatedAt"] = odd.updated or run.added + place + 240
        if "Media" not in wanted.without:
            file = self._episode_file(run, place, odd, usable)
            row["Media"] = _media(key, file, runtime * odd.length, odd, wanted)
        if (wanted.guids or wanted.detail) and entry.episode_ids and listed is not None:
            row["Guid"] = [
                {"id": f"imdb://{listed.imdb_id}"},
                {"id": f"tmdb://{listed.episode_id}"},
                {"id": f"tvdb://{listed.tvdb_id}"},
            ]
        if wanted.detail:
            self._section_fields(row, entry.section.key, entry.section.title)
        return wanted.trim(row) if wanted.without else row

    def views(self, run: Run, place: int) -> tuple[int, int] | None:
        """How often and when last the token's user saw it; None: never, which is how Plex says 0."""
        odd = self._library.odd.get(run.key + place)
        if odd is not None and odd.views is not None and odd.viewed_at is not None:
            return odd.views + int(place < run.watched), odd.viewed_at
        return (1, run.added + place + 3 * _DAY) if place < run.watched else None

    def seen(self, runs: list[Run]) -> int:
        """How many episodes of these runs were seen."""
        more = sum(
            1
            for run in runs
            for place in range(run.watched, run.count)
            if (odd := self._library.odd.get(run.key + place)) and odd.views is not None
        )
        return sum(run.watched for run in runs) + more

    def show(self, entry: ShowEntry, wanted: Wanted) -> Row:
        show = entry.show
        local = entry.guid.startswith("local://")
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
        if opening is not None and not local:
            row["originallyAvailableAt"] = opening.isoformat()
        row["leafCount"] = entry.leaf_count
        row["viewedLeafCount"] = self.seen(entry.runs)
        row["childCount"] = len(entry.season_keys)
        if entry.flattened:
            row["skipChildren"] = True
        row["addedAt"] = entry.added
        row["updatedAt"] = entry.updated
        row["Genre"] = _tags(_GENRES[entry.key % 6], _GENRES[(entry.key + 2) % 6])
        row["Role"] = _tags(*(names.person(show.tmdb_id + n) for n in range(3)))
        if (wanted.guids or wanted.detail) and entry.guids:
            row["Guid"] = [{"id": guid} for guid in entry.guids]
        if wanted.detail:
            self._section_fields(row, entry.section.key, entry.section.title)
            if entry.ordering:
                row["showOrdering"] = entry.ordering
        if wanted.preferences:
            row["Preferences"] = [{"Setting": [_ordering_setting(entry.ordering)]}]
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
        row["updatedAt"] = entry.updated
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
        row["updatedAt"] = entry.added + 240
        if "Media" not in wanted.without:
            year = f" ({entry.year})" if entry.year else ""
            edition = f" {{edition-{entry.edition}}}" if entry.edition else ""
            folder = names.file_title(entry.title) + year
            file = f"{entry.section.path}/{folder}/{folder}{edition}.mkv"
            resolution = "2160" if entry.section.title.endswith("4K") else None
            row["Media"] = _media(entry.key, file, film.runtime, Odd(resolution=resolution or odd.resolution), wanted)
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
            row["Media"] = [_music_media(thing.key, file, 180_000 + thing.key % 90_000)]
        if wanted.detail:
            self._section_fields(row, thing.section.key, thing.section.title)
        return wanted.trim(row)

    def _season_guid(self, entry: ShowEntry, season: int) -> str:
        if entry.legacy:
            return f"{entry.legacy}/{season}?lang=en"
        if entry.guid.startswith("local://"):
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


def row_title(thing: MusicEntry | None) -> str:
    return thing.title if thing is not None else ""


def _season_title(season: int) -> str:
    return f"Season {season}" if season else "Specials"


def _tags(*words: str) -> list[Row]:
    return [{"tag": word} for word in words]


def _usable(raw: str | None) -> str:
    """A date as Plex would take it over: none for "", null and nonsense."""
    return raw if raw and raw[:4] > "1900" and raw[8:] <= "28" or raw and raw[5:] in _MONTH_ENDS else ""


_MONTH_ENDS = frozenset(
    f"{month:02d}-{day}" for month in range(1, 13) for day in (29, 30, 31) if (month, day) not in ((2, 30), (2, 31))
)


def _media(key: int, file: str, minutes: int, odd: Odd, wanted: Wanted) -> list[Row]:
    """One version, or several of the same item in several qualities."""
    usual = "720" if key % 5 == 0 else "1080"
    first = _version(key + odd.generation * 10_000_000, key, file, minutes, odd.resolution or usual, odd, wanted)
    if odd.copies == 1:
        return [first]
    stem, _, ending = file.rpartition(".")
    second = _version(key + SECOND_COPY, key, f"{stem} - 720p.{ending}", minutes, "720", odd, wanted)
    return [first, second]


def _version(number: int, key: int, file: str, minutes: int, resolution: str, odd: Odd, wanted: Wanted) -> Row:
    width, height, codec = _PICTURE[resolution]
    duration = minutes * 60_000 + key % 977
    size = minutes * height * 40_000 + number % 9_973
    part: Row = {
        "id": PARTS + number,
        "key": f"/library/parts/{PARTS + number}/{1_700_000_000 + key}/file.mkv",
        "duration": duration,
        "file": file,
        "size": size,
        "container": "mkv",
        "videoProfile": "high",
    }
    if wanted.detail:
        part["Stream"] = [
            {"id": number * 2, "streamType": 1, "default": True, "codec": codec, "index": 0, "height": height, "width": width},
            {"id": number * 2 + 1, "streamType": 2, "selected": True, "codec": "eac3", "index": 1, "channels": 6},
        ]
    return {
        "id": MEDIA + number,
        "duration": duration,
        "bitrate": size // max(1, duration // 8),
        "width": width,
        "height": height,
        "aspectRatio": 1.78,
        "audioChannels": 6,
        "audioCodec": "eac3",
        "videoCodec": codec,
        "videoResolution": "4k" if resolution == "2160" else resolution,
        "container": "mkv",
        "videoFrameRate": "24p",
        "videoProfile": "high",
        "Part": [part],
    }


def _music_media(key: int, file: str, duration: int) -> Row:
    part: Row = {"id": PARTS + key, "key": f"/library/parts/{PARTS + key}/1/file.flac", "duration": duration, "file": file}
    part |= {"size": duration * 110, "container": "flac"}
    return {"id": MEDIA + key, "duration": duration, "audioChannels": 2, "audioCodec": "flac", "container": "flac", "Part": [part]}


def _ordering_setting(value: str) -> Row:
    """The show's ordering among its preferences; "" is the library's default."""
    return {
        "id": "showOrdering",
        "label": "Episode ordering",
        "summary": "The order in which episodes are shown.",
        "type": "text",
        "default": "",
        "value": value,
        "hidden": False,
        "advanced": False,
        "group": "",
        "enumValues": ":Library default|tmdbAiring:The Movie Database (Aired)|aired:TheTVDB (Aired)|dvd:TheTVDB (DVD)"
        "|absolute:TheTVDB (Absolute)",
    }
