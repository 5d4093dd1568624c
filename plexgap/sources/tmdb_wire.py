"""What TMDB answers: the wire forms of its API, version 3, and how a body is read and trimmed. Changes when an answer
changes its form.

Source: developer.themoviedb.org; reference/tmdb.md, whose section numbers are named below.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from plexgap.domain.errors import BadAnswer

log = logging.getLogger(__name__)

NAME = "TMDB"

_SEASON_KEY = re.compile(r"season/(\d+)")
# 34: the resource could not be found; 6: invalid id (2).
_ABSENCE_CODES = frozenset({34, 6})


class Wire(BaseModel):
    """What we read of an answer; whatever else stands in it is dropped, people and pictures most of all."""

    model_config = ConfigDict(extra="ignore")


class Episode(Wire):
    id: int
    episode_number: int
    name: str | None = None
    air_date: str | None = None
    runtime: int | None = None


class Season(Wire):
    episodes: list[Episode]


class SeasonRow(Wire):
    season_number: int
    episode_count: int | None = None


class ExternalIds(Wire):
    imdb_id: str | None = None
    tvdb_id: int | None = None


class NextEpisode(Wire):
    air_date: str | None = None


class Show(Wire):
    """Appended seasons are keys of their own, "season/1" (3). One that is no season, such as `success: false`, stays
    what it is."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Annotated[Season | Any, Field(union_mode="left_to_right")]]

    id: int
    seasons: list[SeasonRow]
    name: str | None = None
    original_name: str | None = None
    first_air_date: str | None = None
    status: str | None = None
    next_episode_to_air: NextEpisode | None = None
    external_ids: ExternalIds | None = None

    @model_validator(mode="after")
    def _drop_the_rest(self) -> Show:
        for name in [name for name in self.__pydantic_extra__ if not _SEASON_KEY.fullmatch(name)]:
            del self.__pydantic_extra__[name]
        return self

    def bodies(self) -> dict[int, Season]:
        """The seasons that came along whole, by their number."""
        return {
            int(name.partition("/")[2]): body
            for name, body in self.__pydantic_extra__.items()
            if isinstance(body, Season)
        }


class Hit(Wire):
    id: int


class Found(Wire):
    """Shows and films apart: the same number may be both (6)."""

    tv_results: list[Hit]
    movie_results: list[Hit] = []


class SearchRow(Wire):
    """A show has a `name` and a `first_air_date`, a film a `title` and a `release_date`."""

    id: int
    name: str | None = None
    original_name: str | None = None
    first_air_date: str | None = None
    title: str | None = None
    original_title: str | None = None
    release_date: str | None = None


class Search(Wire):
    """`total_results`: of a list of changes, whose answer has the same form, it is read too (7)."""

    results: list[SearchRow]
    total_pages: int
    total_results: int | None = None


class Changes(Wire):
    results: list[Hit]
    total_pages: int
    total_results: int


class GroupRow(Wire):
    """An episode group as a show lists it. `type`: 1 aired, 2 absolute, 3 DVD, 4 digital, 5 story arc, 6 production, 7
    tv (4.3)."""

    id: str
    type: int
    name: str | None = None
    episode_count: int | None = None


class Groups(Wire):
    results: list[GroupRow]


class GroupEpisode(Wire):
    """`order`: its place in its part, from 0."""

    id: int
    order: int
    name: str | None = None
    air_date: str | None = None
    runtime: int | None = None
    show_id: int | None = None


class GroupPart(Wire):
    """`order`: its place in the group; 0 holds the specials by custom."""

    order: int
    episodes: list[GroupEpisode]


class Group(Wire):
    groups: list[GroupPart]


class CollectionName(Wire):
    id: int
    name: str | None = None


class Movie(Wire):
    """`belongs_to_collection` always stands there, null for a film of none: without it the answer is no film (5)."""

    id: int
    belongs_to_collection: CollectionName | None
    title: str | None = None
    original_title: str | None = None
    release_date: str | None = None
    imdb_id: str | None = None
    runtime: int | None = None


class PartRow(Wire):
    """A film of a collection. Its title stands under one of two names (5)."""

    id: int
    title: str | None = None
    name: str | None = None
    original_title: str | None = None
    original_name: str | None = None
    release_date: str | None = None
    adult: bool | None = None
    video: bool | None = None
    poster_path: str | None = None


class Collection(Wire):
    id: int
    name: str | None = None
    overview: str | None = None
    parts: list[PartRow]


class Success(Wire):
    success: bool


class Error(Wire):
    status_code: int


# Told apart by the field that each must have and no other has.
_ANY: TypeAdapter[Wire] = TypeAdapter(
    Annotated[
        Show | Season | Found | Search | Group | Groups | Movie | Collection | Success,
        Field(union_mode="left_to_right"),
    ]
)

_Form = TypeVar("_Form", bound=Wire)


def trim(body: bytes) -> bytes:
    """The body with nothing but what we read. One of an unknown form stays as it is, for `read` to complain of."""
    try:
        kept = _ANY.validate_json(body)
    except ValidationError as error:
        if any(each["type"] == "json_invalid" for each in error.errors(include_input=False)):
            raise
        return body
    return _ANY.dump_json(kept, exclude_unset=True)


def form_mark() -> str:
    """Changes by itself with the forms above, so that no body trimmed by another version is ever read."""
    schema = json.dumps(_ANY.json_schema(), sort_keys=True)
    return hashlib.sha256(schema.encode()).hexdigest()[:12]


def is_absence(body: bytes) -> bool:
    """Whether a 404 is TMDB's own word; a proxy's or a wrong address's is not."""
    try:
        return Error.model_validate_json(body).status_code in _ABSENCE_CODES
    except ValidationError:
        return False


def read(form: type[_Form], body: bytes, path: str) -> _Form:
    """The body in this form; BadAnswer, which names `path`, when it is in another."""
    try:
        return form.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        problem = f"{path}: {where} {first['msg']}"
    raise BadAnswer(NAME, problem, "TMDB answered in a form that plexgap does not know. Look for a newer plexgap.")


def day(raw: str | None, show_id: int, what: object, kind: str = "show") -> date | None:
    """The day of first broadcast or of release, without time or zone; None when TMDB sends null or "" (both occur:
    4.2, 5).

    Anything else that is no date is logged and counts as None: one bad date must not hide a title.
    """
    if not raw:
        return None
    try:
        return date.fromisoformat(raw)
    except ValueError:
        log.warning("%s %s, %s: TMDB gives %.20r, which is no date", kind, show_id, what, raw)
        return None
