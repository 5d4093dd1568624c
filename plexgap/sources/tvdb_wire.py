"""What TheTVDB answers: the wire forms of its API, version 4, and how a body is read and trimmed. Changes when an
answer changes its form.

Source: reference/tvdb.md, whose section numbers are named below. "series" is its word for a show, and stops here.
"""

from __future__ import annotations

import hashlib
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import from_json, to_json

from plexgap.domain.errors import BadAnswer

NAME = "TheTVDB"


class Wire(BaseModel):
    """What we read of an answer; whatever else stands in it is dropped, people and pictures most of all."""

    model_config = ConfigDict(extra="ignore")


class Record(Wire):
    """Most of its names are written in `camelCase`."""

    model_config = ConfigDict(alias_generator=to_camel)


class Answer(Wire):
    """The envelope of every answer (1)."""

    status: Literal["success"] = "success"


class Token(Wire):
    """A JWT, or anything else that may stand in a header."""

    token: str = Field(pattern=r"^[A-Za-z0-9._~+/=-]+$", max_length=8192, repr=False)


class LoginAnswer(Answer):
    data: Token


class Links(Wire):
    """`next` was never null once, and lacks our own parameters: only whether there is one is read (2)."""

    next: str | None = None
    total_items: int | None = None
    page_size: int | None = None


class Named(Wire):
    name: str | None = None


class RemoteId(Record):
    """An id of another source. Of TMDB's it may hold the name too: "1438-the-wire"."""

    id: str | int | None = None
    type: int | None = None
    source_name: str | None = None


class SeasonType(Record):
    type: str | None = None
    name: str | None = None
    alternate_name: str | None = None


class Base(Record):
    """What every record of a series says of it. Dates are "" where there is none."""

    id: int
    name: str | None = None
    year: str | int | None = None
    first_aired: str | None = None
    next_aired: str | None = None
    status: Named | None = None
    original_language: str | None = None


class Series(Base):
    """The extended record. `season_types`: every order that the series has."""

    remote_ids: list[RemoteId] | None = None
    season_types: list[SeasonType] | None = None


class SeriesAnswer(Answer):
    data: Series


class Episode(Record):
    """`name_translations`: the languages it has a name in; several may stand in one text, "eng,fra"."""

    id: int
    season_number: int | None = None
    number: int | None = None
    name: str | None = None
    aired: str | None = None
    runtime: int | None = None
    name_translations: list[str] | None = None


class Listed(Wire):
    """Episodes, and the series they are of: beside them, or, where a language is asked for, around them (4)."""

    episodes: list[Episode]
    series: Base | None = None
    id: int | None = None
    name: str | None = None

    @property
    def series_id(self) -> int | None:
        return self.series.id if self.series is not None else self.id


class EpisodesAnswer(Answer):
    data: Listed
    links: Links | None = None


class RemoteHit(Wire):
    """One of series, movie, episode, season, people or company."""

    series: Base | None = None


class RemoteAnswer(Answer):
    data: list[RemoteHit] | None


class Translations(Wire):
    eng: str | None = None


class SearchRow(Wire):
    """Everything is a text here. `name` is in the series' own language."""

    tvdb_id: str
    type: str | None = None
    name: str | None = None
    year: str | int | None = None
    aliases: list[str] | None = None
    translations: Translations | None = None


class SearchAnswer(Answer):
    data: list[SearchRow]
    links: Links | None = None


class Update(Record):
    """`entity_type` says what `record_id` is an id of. `merge_to_id`: what took its place."""

    record_id: int
    entity_type: str
    series_id: int | None = None
    merge_to_id: int | None = None
    merge_to_entity_type: str | None = None


class UpdatesAnswer(Answer):
    data: list[Update]
    links: Links | None = None


class Failure(Wire):
    """What an error of TheTVDB's own looks like (1)."""

    status: str = Field(pattern="^failure$")


_FORMS = (
    *(LoginAnswer, SeriesAnswer, EpisodesAnswer, RemoteAnswer, SearchAnswer, UpdatesAnswer, Failure),
    *(Token, Links, Named, RemoteId, SeasonType, Series, Episode, Listed, RemoteHit, Translations, SearchRow, Update),
)
_READ = frozenset(info.alias or name for form in _FORMS for name, info in form.model_fields.items())

_Form = TypeVar("_Form", bound=Wire)


def trim(body: bytes) -> bytes:
    """The body with nothing but the fields that we read anywhere. ValueError: it is no JSON."""
    return to_json(_kept(from_json(body)))


def _kept(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _kept(inner) for name, inner in value.items() if name in _READ}
    return [_kept(inner) for inner in value] if isinstance(value, list) else value


def form_mark() -> str:
    """Changes by itself with the forms above, so that no body trimmed by another version is ever read."""
    return hashlib.sha256(",".join(sorted(_READ)).encode()).hexdigest()[:12]


def is_absence(body: bytes) -> bool:
    """Whether a 404 is TheTVDB's own word; a proxy's or a wrong address's is not."""
    try:
        Failure.model_validate_json(body)
    except ValidationError:
        return False
    return True


def read(form: type[_Form], body: bytes, path: str) -> _Form:
    """The body in this form; BadAnswer, which names `path`, when it is in another."""
    try:
        return form.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        problem = f"{path}: {where} {first['msg']}"
    raise BadAnswer(NAME, problem, "TheTVDB answered in a form that plexgap does not know. Look for a newer plexgap.")
