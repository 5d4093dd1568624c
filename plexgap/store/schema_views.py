"""The views of library.db that people query: one a kind of item. Changes when such a view has another column.

Those of a released version are never edited: a migration drops a view and makes it anew. Source: design/mirror.md 4.
"""

# ruff: noqa: S608 - the text of views is put together from our own pieces
from __future__ import annotations


def _human(size: str) -> str:
    return (
        f"CASE WHEN {size} IS NULL THEN NULL WHEN {size} >= 1e9 THEN printf('%.2f GB', {size} / 1e9) "
        f"ELSE printf('%.1f MB', {size} / 1e6) END"
    )


def _clock(duration_ms: str) -> str:
    return (
        f"CASE WHEN {duration_ms} IS NULL THEN NULL ELSE printf('%d:%02d:%02d', {duration_ms} / 3600000, "
        f"{duration_ms} / 60000 % 60, {duration_ms} / 1000 % 60) END"
    )


_COMMON = (
    "i.rating_key AS ratingKey, sec.title AS library, i.title, i.guid, s.added_at AS addedAt, "
    "s.updated_at AS updatedAt, lower(hex(i.media_hash)) AS mediaHash, s.available, "
    "CAST(s.read_at AS INTEGER) AS lastSeen"
)
_FROM = "FROM item i JOIN item_state s USING (item_id) JOIN section sec USING (section_id)"
_DATED = (
    f"i.year, i.duration_ms AS duration, {_clock('i.duration_ms')} AS durationHuman, "
    "i.air_date AS originallyAvailableAt, i.content_rating AS contentRating, i.summary"
)
# A file that holds two episodes stands on both: sizes count each file once.
_ONE_SIZE = "(SELECT sum(size) FROM (SELECT DISTINCT file, size FROM part WHERE part.item_id = i.item_id))"
_MEDIA = (
    f"{_ONE_SIZE} AS sizeBytes, {_human(_ONE_SIZE)} AS sizeHuman, "
    "(SELECT group_concat(DISTINCT video_codec) FROM media WHERE media.item_id = i.item_id) AS videoCodecs, "
    "(SELECT group_concat(DISTINCT audio_codec) FROM media WHERE media.item_id = i.item_id) AS audioCodecs, "
    "(SELECT group_concat(DISTINCT resolution) FROM media WHERE media.item_id = i.item_id) AS resolution, "
    "(SELECT count(DISTINCT file) FROM part WHERE part.item_id = i.item_id) AS files"
)
_IDS = ", ".join(
    f"(SELECT min(value) FROM item_guid g WHERE g.item_id = i.item_id AND g.source = '{source}') AS {source}Id"
    for source in ("tmdb", "tvdb", "imdb")
)
_LEAVES = "FROM item e JOIN item_state es USING (item_id) WHERE es.available = 1 AND e.kind = 'episode'"
_OF_SHOW = f"{_LEAVES} AND e.server_id = i.server_id AND e.show_key = i.rating_key"
_OF_SEASON = f"{_OF_SHOW.replace('i.rating_key', 'i.show_key')} AND e.parent_key = i.rating_key"
_SHOW_NAME = (
    "(SELECT show.title FROM item show WHERE show.server_id = i.server_id AND show.rating_key = i.show_key) "
    "AS showTitle"
)
VIEWS = (
    f"CREATE VIEW movies AS SELECT {_COMMON}, {_DATED}, i.edition, i.original_title AS originalTitle, i.studio, "
    f"{_MEDIA}, {_IDS}, s.view_count AS viewCount {_FROM} WHERE i.kind = 'movie'",
    f"CREATE VIEW tv_shows AS SELECT {_COMMON}, {_DATED}, i.original_title AS originalTitle, i.studio, {_IDS}, "
    f"s.child_count AS childCount, s.leaf_count AS leafCount, (SELECT count(*) {_OF_SHOW}) AS episodesHeld, "
    f"(SELECT min(e.year) {_OF_SHOW}) AS firstYear, (SELECT max(e.year) {_OF_SHOW}) AS lastYear "
    f"{_FROM} WHERE i.kind = 'show'",
    f"CREATE VIEW seasons AS SELECT {_COMMON}, {_SHOW_NAME}, i.show_key AS showKey, i.number AS season, "
    f"s.leaf_count AS leafCount, (SELECT count(*) {_OF_SEASON}) AS episodesHeld {_FROM} WHERE i.kind = 'season'",
    f"CREATE VIEW episodes AS SELECT {_COMMON}, {_SHOW_NAME}, i.show_key AS showKey, i.season, i.number AS episode, "
    f"{_DATED}, {_MEDIA}, {_IDS}, s.view_count AS viewCount {_FROM} WHERE i.kind = 'episode'",
)
