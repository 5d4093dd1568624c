"""decisions.json as a whole: what this version understands of it, and everything else untouched.

What this version doesn't know (fields, whole decisions of a later version) is kept as it stands when the file is
written again: the entries are held as they were read, and only the one that is changed is made anew. Changes when
decisions are put together in another way.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from plexgap.domain.decisions import Decisions, Ignore, Override, TitleRef
from plexgap.domain.library import Kind
from plexgap.gaps import rules
from plexgap.store.decision_form import ignore_raw, is_decision, override_raw, read_ignore, read_override

VERSION = 1
_KIND = "decisions of plexgap"  # what an exported file calls itself; decisions.json itself says nothing of the kind


class BrokenFile(ValueError):
    """The bytes are no decisions.json at all. `str(e)` says where, without quoting what stands there."""


class NewerFile(ValueError):
    """A later plexgap wrote it: it is neither broken nor ours to rewrite. `version` is its number."""

    def __init__(self, version: int) -> None:
        super().__init__(f"version {version}, this plexgap writes {VERSION}")
        self.version = version


class _Document(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

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
        except (RecursionError, ValueError) as error:  # thousands of brackets, a number of thousands of digits
            raise BrokenFile("it is no file that a person or a program of ours would write") from error
        if document.version > VERSION:
            raise NewerFile(document.version)
        return cls(
            {name: value for name, value in raw.items() if name not in ("ignores", "overrides")},
            tuple(_Entry(entry, read_ignore(entry)) for entry in document.ignores),
            tuple(_Entry(entry, read_override(entry)) for entry in document.overrides),
        )

    @classmethod
    def parse_exported(cls, data: bytes) -> DecisionFile:
        """An exported file, or a decisions.json of another installation. Raises as `parse` does, and BrokenFile also
        for a file of something else and for an entry that is no decision of any version."""
        file = cls.parse(data)
        raw = json.loads(data)
        if raw.get("kind", _KIND) != _KIND or not {"ignores", "overrides"} & raw.keys():
            raise BrokenFile("it holds something else")
        _demand_decisions("ignores", file._ignores)
        _demand_decisions("overrides", file._overrides)
        return file

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

    def __len__(self) -> int:
        return len(self._ignores) + len(self._overrides)

    @property
    def names_sections(self) -> bool:
        """Whether some title in it is known by its section alone."""
        known = self.decisions
        titles = (*(one.title for one in known.ignores), *(one.title for one in known.overrides))
        return any(title.section_uuid and not title.ids and not title.guids for title in titles)

    def at(self, sections: frozenset[str]) -> DecisionFile:
        """The same as decisions of a library with these sections; what stands in the file is not changed by that."""
        return replace(self, _ignores=_at(self._ignores, sections), _overrides=_at(self._overrides, sections))

    def with_ignore(self, ignore: Ignore) -> DecisionFile:
        """The same with this ignore, in the place of the one of equal key if there is one."""
        made = _Entry(ignore_raw(ignore), ignore)
        return replace(self, _ignores=_put(self._ignores, made, lambda other: other.key == ignore.key))

    def without_ignore(self, key: str) -> DecisionFile:
        return replace(self, _ignores=tuple(e for e in self._ignores if e.value is None or e.value.key != key))

    def with_override(self, override: Override) -> DecisionFile:
        """The same with this override, which replaces every other one of the same title."""
        made = _Entry(override_raw(override), override)
        return replace(self, _overrides=_put(self._overrides, made, lambda other: is_same_override(other, override)))

    def without_override(self, title: TitleRef, kind: Kind = Kind.SHOW) -> DecisionFile:
        """The same without any override of that title, a show's or a film's."""
        kept = (
            e for e in self._overrides if e.value is None or e.value.kind is not kind or not _same(e.value.title, title)
        )
        return replace(self, _overrides=tuple(kept))

    def joined(self, other: DecisionFile) -> tuple[DecisionFile, int]:
        """The same with the other's decisions, and how many of those were here already or had a newer one here.

        Of two about the same the newer stands; what this version can't read is taken over as it is. Titles that are
        known by their sections are compared by those, as they stand in the two files.
        """
        ignores, ignores_there = _joined(self._ignores, other._ignores, is_same_ignore)
        overrides, overrides_there = _joined(self._overrides, other._overrides, is_same_override)
        return replace(self, _ignores=ignores, _overrides=overrides), ignores_there + overrides_there

    def unread_beyond(self, other: DecisionFile) -> DecisionFile:
        """Of what this version can't read, what the other file does not hold."""
        ignores, overrides = _without(self._ignores, other._ignores), _without(self._overrides, other._overrides)
        unread = tuple(e for e in ignores if e.value is None), tuple(e for e in overrides if e.value is None)
        return DecisionFile({}, *unread)

    def without_unread(self, gone: DecisionFile) -> DecisionFile:
        """The same without these decisions, which this version can't read."""
        return replace(
            self,
            _ignores=_without(self._ignores, gone._ignores),
            _overrides=_without(self._overrides, gone._overrides),
        )

    def exported(self, moment: str) -> bytes:
        """The text of a file for another installation; `moment`: when that is made."""
        return self._text({"kind": _KIND, "exported_at": moment, **self._other})

    def data(self) -> bytes:
        """The file's text, UTF-8: one field a line, so that a person can read and compare it."""
        return self._text(self._other)

    def _text(self, head: Mapping[str, Any]) -> bytes:
        document = {
            **head,
            "ignores": [entry.raw for entry in self._ignores],
            "overrides": [entry.raw for entry in self._overrides],
        }
        # A lone half of a character, which JSON can spell, is written as it was read.
        return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass")


def _demand_decisions(name: str, entries: Iterable[_Entry[T]]) -> None:
    for place, entry in enumerate(entries, start=1):
        if entry.value is None and not is_decision(entry.raw):
            raise BrokenFile(f"entry {place} of its {name} is no decision")


def _same(one: TitleRef, other: TitleRef) -> bool:
    return rules.same_title(one, other) or rules.same_title(other, one)


def is_same_ignore(one: Ignore, other: Ignore) -> bool:
    """Whether it is one decision, or two that cover just the same, such as one made anew with another end."""
    return one.key == other.key or (
        (one.season, one.numbers) == (other.season, other.numbers)
        and (one.level, one.provider, one.order) == (other.level, other.provider, other.order)
        and _same(one.title, other.title)
    )


def is_same_override(one: Override, other: Override) -> bool:
    return one.kind is other.kind and _same(one.title, other.title)


def _joined(
    entries: tuple[_Entry[T], ...], others: Iterable[_Entry[T]], is_same: Callable[[T, T], bool]
) -> tuple[tuple[_Entry[T], ...], int]:
    """The entries with the others, and how many of these are left out for one of the entries."""
    joined, there = list(entries), 0
    for other in others:
        new = other.value
        if new is None:
            same = [entry for entry in joined if entry.value is None and entry.raw == other.raw]
            newest = bool(same)
        else:
            same = [entry for entry in joined if entry.value is not None and is_same(entry.value, new)]
            newest = any(entry.value is not None and entry.value.made_at >= new.made_at for entry in same)
        if newest:
            there += 1
        else:
            joined = [*(entry for entry in joined if entry not in same), other] if same else [*joined, other]
    return tuple(joined), there


def _without(entries: tuple[_Entry[T], ...], gone: Iterable[_Entry[T]]) -> tuple[_Entry[T], ...]:
    """The entries but for those that this version can't read and that stand so among the others."""
    raws = [other.raw for other in gone if other.value is None]
    return tuple(entry for entry in entries if entry.value is not None or entry.raw not in raws)


def _at(entries: tuple[_Entry[T], ...], sections: frozenset[str]) -> tuple[_Entry[T], ...]:
    return tuple(
        entry if entry.value is None else replace(entry, value=_value_at(entry.value, sections)) for entry in entries
    )


def _value_at(value: T, sections: frozenset[str]) -> T:
    return replace(value, title=rules.here(value.title, sections))


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


def _first_problem(error: ValidationError) -> str:
    """The first complaint without the value it is about, which may be private."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(step) for step in first["loc"])
    return f"{where}: {first['msg']}" if where else str(first["msg"])
