"""The form of decisions.json, version 1, and how it maps to the domain. Changes when that form does.

What this version doesn't know (fields, whole decisions of a later version) is kept as it stands when the file is
written again: the entries are held as they were read, and only the one that is changed is made anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from plexgap.domain.decisions import Decisions, Ignore, Level, Override, TitleRef
from plexgap.domain.ids import Source, parse_guids
from plexgap.gaps.rules import same_title

VERSION = 1


class BrokenFile(ValueError):
    """The bytes are no decisions.json at all. `str(e)` says where, without quoting what stands there."""


class NewerFile(ValueError):
    """A later plexgap wrote it: it is neither broken nor ours to rewrite. `version` is its number."""

    def __init__(self, version: int) -> None:
        super().__init__(f"version {version}, this plexgap writes {VERSION}")
        self.version = version


def _as_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


_Moment = Annotated[datetime, AfterValidator(_as_utc)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Title(_Form):
    title: str
    year: int | None = None
    ids: tuple[str, ...] = ()
    guids: frozenset[str] = frozenset()
    section_uuid: str = ""

    def value(self) -> TitleRef:
        return TitleRef(parse_guids(self.ids), self.guids, self.title, self.year, self.section_uuid)


class _Ignore(_Form):
    key: str = Field(min_length=1)
    title: _Title
    level: Level
    made_at: _Moment
    season: int | None = None
    numbers: tuple[int, ...] = ()
    episode_ids: frozenset[int] = frozenset()
    provider: Source | None = None
    order: str | None = None
    until: date | None = None
    reason: str = ""

    @model_validator(mode="after")
    def _names_what_it_covers(self) -> Self:
        if self.level is not Level.SHOW and self.season is None:
            raise ValueError("a season is missing")
        if self.level is Level.EPISODE and not self.numbers and not self.episode_ids:
            raise ValueError("the episodes are missing")
        return self

    def value(self) -> Ignore:
        return Ignore(
            key=self.key,
            title=self.title.value(),
            level=self.level,
            made_at=self.made_at,
            season=self.season,
            numbers=self.numbers,
            episode_ids=self.episode_ids,
            provider=self.provider,
            order=self.order,
            until=self.until,
            reason=self.reason,
        )


class _Override(_Form):
    title: _Title
    made_at: _Moment
    tmdb_id: int = Field(gt=0)
    echo: str = ""

    def value(self) -> Override:
        return Override(self.title.value(), self.made_at, self.tmdb_id, self.echo)


class _Document(_Form):
    version: int = Field(ge=1)
    ignores: list[dict[str, Any]] = []
    overrides: list[dict[str, Any]] = []


T = TypeVar("T", bound=Ignore | Override)


@dataclass(frozen=True, slots=True)
class _Entry(Generic[T]):
    """One decision: as it stands in the file, and as a value; `value` None where this version can't read it."""

    raw: Mapping[str, Any]
    value: T | None


@dataclass(frozen=True, slots=True)
class DecisionFile:
    """decisions.json as one frozen value: what this version understands, and everything else untouched."""

    _other: Mapping[str, Any]
    _ignores: tuple[_Entry[Ignore], ...] = ()
    _overrides: tuple[_Entry[Override], ...] = ()

    @classmethod
    def empty(cls) -> DecisionFile:
        return cls({"version": VERSION})

    @classmethod
    def parse(cls, data: bytes) -> DecisionFile:
        """Raises BrokenFile for what is no such file, NewerFile for one of a later version.

        A single decision that can't be read breaks nothing: it is counted in `unreadable`, kept and without effect.
        """
        try:
            raw = json.loads(data)
            document = _Document.model_validate(raw)
        except json.JSONDecodeError as error:
            raise BrokenFile(f"line {error.lineno}, column {error.colno}: {error.msg}") from error
        except UnicodeDecodeError as error:
            raise BrokenFile(f"it is no text: byte {error.start}") from error
        except ValidationError as error:
            raise BrokenFile(_first_problem(error)) from error
        if document.version > VERSION:
            raise NewerFile(document.version)
        return cls(
            {name: value for name, value in raw.items() if name not in ("ignores", "overrides")},
            tuple(_Entry(entry, _read(entry, _ignore_value)) for entry in document.ignores),
            tuple(_Entry(entry, _read(entry, _override_value)) for entry in document.overrides),
        )

    @property
    def decisions(self) -> Decisions:
        return Decisions(
            tuple(entry.value for entry in self._ignores if entry.value is not None),
            tuple(entry.value for entry in self._overrides if entry.value is not None),
        )

    @property
    def unreadable(self) -> int:
        """How many decisions are kept but have no effect, because this version can't read them."""
        return sum(e.value is None for e in self._ignores) + sum(e.value is None for e in self._overrides)

    def with_ignore(self, ignore: Ignore) -> DecisionFile:
        """The same with this ignore, in the place of the one of equal key if there is one."""
        made = _Entry(_ignore_raw(ignore), ignore)
        return replace(self, _ignores=_put(self._ignores, made, lambda other: other.key == ignore.key))

    def without_ignore(self, key: str) -> DecisionFile:
        return replace(self, _ignores=tuple(e for e in self._ignores if e.value is None or e.value.key != key))

    def with_override(self, override: Override) -> DecisionFile:
        """The same with this override, which replaces every other one of the same title."""
        made = _Entry(_override_raw(override), override)
        return replace(self, _overrides=_put(self._overrides, made, lambda other: _same(other.title, override.title)))

    def without_override(self, title: TitleRef) -> DecisionFile:
        kept = (e for e in self._overrides if e.value is None or not _same(e.value.title, title))
        return replace(self, _overrides=tuple(kept))

    def data(self) -> bytes:
        """The file's text, UTF-8: one field a line, so that a person can read and compare it."""
        document = {
            **self._other,
            "ignores": [entry.raw for entry in self._ignores],
            "overrides": [entry.raw for entry in self._overrides],
        }
        return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()


def _same(one: TitleRef, other: TitleRef) -> bool:
    return same_title(one, other) or same_title(other, one)


def _put(entries: Iterable[_Entry[T]], made: _Entry[T], replaced: Callable[[T], bool]) -> tuple[_Entry[T], ...]:
    """The entries with `made` in the place of the first that it replaces, else at the end; the others of these go."""
    placed: list[_Entry[T]] = []
    done = False
    for entry in entries:
        if entry.value is None or not replaced(entry.value):
            placed.append(entry)
        elif not done:
            placed.append(_Entry({**entry.raw, **made.raw}, made.value))
            done = True
    return tuple(placed) if done else (*placed, made)


def _read(raw: Mapping[str, Any], value: Callable[[Mapping[str, Any]], T]) -> T | None:
    try:
        return value(raw)
    except ValidationError:
        return None


def _ignore_value(raw: Mapping[str, Any]) -> Ignore:
    return _Ignore.model_validate(raw).value()


def _override_value(raw: Mapping[str, Any]) -> Override:
    return _Override.model_validate(raw).value()


def _first_problem(error: ValidationError) -> str:
    """The first complaint without the value it is about, which may be private."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(step) for step in first["loc"])
    return f"{where}: {first['msg']}" if where else str(first["msg"])


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _title_raw(title: TitleRef) -> dict[str, Any]:
    return {
        "title": title.title,
        "year": title.year,
        "ids": sorted(str(external) for external in title.ids),
        "guids": sorted(title.guids),
        "section_uuid": title.section_uuid,
    }


def _ignore_raw(ignore: Ignore) -> dict[str, Any]:
    return {
        "key": ignore.key,
        "title": _title_raw(ignore.title),
        "level": ignore.level.value,
        "season": ignore.season,
        "numbers": list(ignore.numbers),
        "episode_ids": sorted(ignore.episode_ids),
        "provider": ignore.provider.value if ignore.provider else None,
        "order": ignore.order,
        "until": ignore.until.isoformat() if ignore.until else None,
        "reason": ignore.reason,
        "made_at": _moment(ignore.made_at),
    }


def _override_raw(override: Override) -> dict[str, Any]:
    return {
        "title": _title_raw(override.title),
        "tmdb_id": override.tmdb_id,
        "echo": override.echo,
        "made_at": _moment(override.made_at),
    }
