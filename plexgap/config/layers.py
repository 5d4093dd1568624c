"""From where each setting comes: defaults, config.json, `.env`, the environment, options, lowest to highest.

Changes when another place may hold settings, or another rule says which wins.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import reduce
from pathlib import Path

from pydantic import ValidationError

from plexgap.config.file import read, set_aside, write
from plexgap.config.form import FROM_ENV, KEYS, LISTS, SECRET_KEYS, WITHOUT_EFFECT, Settings
from plexgap.config.paths import Paths, paths_in
from plexgap.config.references import has_reference, reference, resolved, to_write
from plexgap.domain.errors import ConfigError, StoreError

_DEFAULTS = Settings()
_SECTIONS = frozenset(key.partition(".")[0] for key in KEYS if "." in key)
_NEVER_SHOWN = SECRET_KEYS | {"link_templates"}  # an indexer's key may stand in a template, against our advice


class Origin(StrEnum):
    """Who said it, lowest to highest."""

    DEFAULT = "default"
    CONFIG = "config"
    DOTENV = "dotenv"
    ENVIRONMENT = "environment"
    OPTION = "option"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What `load` was called with, so that `save` can load again."""

    root: Path
    env: Mapping[str, str]
    config_path: Path | None
    home: Path | None
    overrides: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings as they stand. `origins`: of every dotted key. `env_names`: the variable that gave it, if one did.

    `notices`: sentences to say before anything else. No secret is in its text.
    """

    settings: Settings
    paths: Paths
    config_path: Path
    origins: Mapping[str, Origin]
    env_names: Mapping[str, str]
    notices: tuple[str, ...]
    asked: _Asked = field(repr=False, compare=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no log may hold."""
        return tuple(str(reduce(getattr, key.split("."), self.settings)) for key in SECRET_KEYS)


@dataclass(frozen=True, slots=True)
class Shown:
    """One setting for a person to read: a secret is stars. `set_by`: the variable that gave it, or ""."""

    key: str
    value: object
    origin: Origin
    set_by: str


@dataclass(frozen=True, slots=True)
class _Given:
    """A value as one layer says it. `name`: of the variable, "" where none."""

    value: object
    origin: Origin
    name: str = ""


def load(
    root: Path,
    *,
    env: Mapping[str, str],
    config_path: Path | None = None,
    home: Path | None = None,
    overrides: Mapping[str, object] = {},
    write_defaults: bool = False,
) -> Loaded:
    """The settings from all layers. `overrides`: command-line options by dotted key, None where not given.

    A config.json that is no JSON object is set aside, said first in `notices`, and counts as absent. With
    `write_defaults` an absent one is written. Raises ConfigError for the first wrong value, naming the others, and
    StoreError for a file that is there but can't be read.
    """
    asked = _Asked(root, {name: value for name, value in env.items() if value.strip()}, config_path, home, overrides)
    path = _config_path(asked)
    stored, broken = read(path)
    notices = [set_aside(path, broken, datetime.now(UTC))] if broken else []
    dotenv = _dotenv(path.with_name(".env"))
    given, unknown = _layers(stored, dotenv, asked)
    settings, given = _settle(given, {**dotenv, **asked.env}, path.name)
    if unknown:
        notices.append(f"{path.name} has keys that mean nothing to plexgap: {', '.join(unknown)}. They are kept.")
    idle = [key for key in WITHOUT_EFFECT if _value(settings, key) != _value(_DEFAULTS, key)]
    if idle:
        notices.append(f"This version does not act on these settings yet: {', '.join(idle)}. They are kept.")
    if write_defaults and not path.exists():
        try:
            write(path, Settings().model_dump(mode="json"))
        except StoreError as error:
            notices.append(error.advice)
    return Loaded(
        settings=settings,
        paths=_paths(asked, dotenv, path.parent, given.get("db_path")),
        config_path=path,
        origins={key: given[key].origin if key in given else Origin.DEFAULT for key in KEYS},
        env_names={key: value.name for key, value in given.items() if value.name},
        notices=tuple(notices),
        asked=asked,
    )


def save(loaded: Loaded, changes: Mapping[str, object]) -> Loaded:
    """The settings after these changes (dotted key -> new value, None for the default again), once they are on disk.

    What is as it was is left alone, so a form may hand over all its fields: keys nobody knows, `${NAME}` and what the
    environment sets stay as they are, and so does each row of a list that is in it still. Raises ConfigError, before
    anything is written, for a wrong value and for one that the environment decides; StoreError when the file can't be
    read or written.
    """
    path, asked = loaded.config_path, loaded.asked
    stored, broken = read(path)
    if broken:
        raise StoreError(f"{path}: {broken}", f"{path.name} can't be read ({broken}). Nothing was changed.")
    _refuse_unknown(changes)
    dotenv = _dotenv(path.with_name(".env"))
    lookup = {**dotenv, **asked.env}
    before, _ = _layers(stored, dotenv, asked)
    wanted = {key: _Given(value, Origin.OPTION) for key, value in changes.items() if value is not None}
    kept = {key: value for key, value in before.items() if key not in changes}
    settings, _ = _settle({**kept, **wanted}, lookup, path.name)
    dumped = settings.model_dump(mode="json")
    on_disk = dict(_flat(stored))
    moved = False
    for key, value in changes.items():
        was = before.get(key, _Given(None, Origin.DEFAULT))
        is_same = _value(settings, key) == _value(loaded.settings, key) and was.origin is not Origin.OPTION
        if is_same and not has_reference(value):
            continue
        _refuse_fixed(key, was, on_disk.get(key), value, path.name)
        rows = _rows(key, on_disk.get(key), lookup, path.name)
        _put(stored, key, None if value is None else to_write(value, _at(dumped, key), rows))
        moved = True
    if moved:
        write(path, stored)
    return again(loaded)


def again(loaded: Loaded) -> Loaded:
    """The settings as they stand now, asked for as they were then: another process may have changed the file."""
    asked = loaded.asked
    return load(asked.root, env=asked.env, config_path=asked.config_path, home=asked.home, overrides=asked.overrides)


def refuse_locked(loaded: Loaded, *keys: str) -> None:
    """Returns when `save` may change these keys; ConfigError for the first that is set elsewhere."""
    stored, _ = read(loaded.config_path)
    on_disk = dict(_flat(stored))
    for key in keys:
        given = _Given(None, loaded.origins[key], loaded.env_names.get(key, ""))
        _refuse_fixed(key, given, on_disk.get(key), "", loaded.config_path.name)


def masked(loaded: Loaded) -> tuple[Shown, ...]:
    """Every setting in the order of the form, for `config show`."""
    dumped = loaded.settings.model_dump(mode="json")
    return tuple(
        Shown(
            key=key,
            value="********" if key in SECRET_KEYS and _at(dumped, key) else _at(dumped, key),
            origin=loaded.origins[key],
            set_by=loaded.env_names.get(key, ""),
        )
        for key in KEYS
    )


# ---------------------------------------------------------------- layers


def _config_path(asked: _Asked) -> Path:
    path = asked.config_path or Path(asked.env.get("PLEXGAP_CONFIG", "") or asked.root / "config.json")
    return path.expanduser().absolute()


def _paths(asked: _Asked, dotenv: Mapping[str, str], folder: Path, db_path: _Given | None) -> Paths:
    """A relative path counts from the folder of the file that says it; from an option or the environment, from here."""
    if asked.home or "PLEXGAP_HOME" in asked.env:
        home = asked.home or Path(asked.env["PLEXGAP_HOME"])
    else:
        home = folder / Path(dotenv["PLEXGAP_HOME"]).expanduser() if "PLEXGAP_HOME" in dotenv else asked.root / "data"
    home = home.expanduser().absolute()
    library_db = None
    if db_path and db_path.value:
        base = folder if db_path.origin in (Origin.CONFIG, Origin.DOTENV) else Path.cwd()
        library_db = base / Path(str(db_path.value)).expanduser()
    return paths_in(home, library_db)


def _dotenv(path: Path) -> dict[str, str]:
    """The names that `.env` sets to something; it is never written and nothing in it is expanded."""
    if not path.is_file():
        return {}
    from dotenv import dotenv_values  # costs 40 ms, and most have no such file

    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise StoreError(f"{path}: {error}", f"{path} can't be read ({error.strerror}).") from error
    except UnicodeDecodeError:
        raise ConfigError(str(path), "it is not text in UTF-8.") from None
    found = dotenv_values(stream=io.StringIO(text), interpolate=False)
    return {name: value for name, value in found.items() if value and value.strip()}


def _layers(
    stored: Mapping[str, object], dotenv: Mapping[str, str], asked: _Asked
) -> tuple[dict[str, _Given], list[str]]:
    """Per dotted key what the highest layer says, `${NAME}` not yet replaced; and the keys nobody knows."""
    given: dict[str, _Given] = {}
    unknown = []
    for key, value in _flat(stored):
        if key not in KEYS:
            unknown.append(key)
        elif value is not None:
            given[key] = _Given(value, Origin.CONFIG)
    for names, origin in ((dotenv, Origin.DOTENV), (asked.env, Origin.ENVIRONMENT)):
        for name, key in reversed(tuple(FROM_ENV.items())):
            if name in names:
                given[key] = _Given(names[name], origin, name)
    _refuse_unknown(asked.overrides)
    for key, value in asked.overrides.items():
        if value is not None:
            given[key] = _Given(value, Origin.OPTION)
    return given, unknown


def _flat(stored: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for name, value in stored.items():
        if name not in _SECTIONS:
            yield name, value
        elif isinstance(value, Mapping):
            yield from ((f"{name}.{inner}", held) for inner, held in value.items())
        elif value is not None:
            raise ConfigError(name, f'it is {_text(value)}; allowed is an object of its own keys: {{"key": value}}.')


def _settle(
    given: Mapping[str, _Given], lookup: Mapping[str, str], file_name: str
) -> tuple[Settings, dict[str, _Given]]:
    """The checked settings, and what was given with every `${NAME}` replaced."""
    settled = {key: _resolved(key, value, lookup, file_name) for key, value in given.items()}
    nested: dict[str, object] = {}
    for key, said in settled.items():
        _put(nested, key, said.value)
    try:
        return Settings.model_validate(nested), settled
    except ValidationError as error:
        wrong = list(dict.fromkeys(_key_of(details["loc"]) for details in error.errors(include_input=False)))
        others = f" Also wrong: {', '.join(wrong[1:])}." if wrong[1:] else ""
        raise ConfigError(wrong[0], f"{_problem(wrong[0], settled[wrong[0]], file_name)}{others}") from None


def _resolved(key: str, said: _Given, lookup: Mapping[str, str], file_name: str) -> _Given:
    found: list[str] = []

    def value_of(name: str) -> str:
        if name not in lookup:
            raise ConfigError(
                key, f"{file_name} takes it from ${{{name}}}, set neither in the environment nor in .env."
            )
        found.append(name)
        return lookup[name]

    if said.origin in (Origin.DOTENV, Origin.ENVIRONMENT):  # a password may look like a reference
        return _Given(_from_text(key, said.value), said.origin, said.name)
    value = resolved(said.value, value_of)
    if found or said.origin is Origin.OPTION:
        value = _from_text(key, value)
    return _Given(value, said.origin, found[0] if found else "")


def _rows(key: str, stood: object, lookup: Mapping[str, str], file_name: str) -> list[tuple[object, object]]:
    """The rows of a list in the file, each as it counts and as it stands there; none where they are wrong."""
    if not isinstance(stood, list):
        return []
    try:
        settings, _ = _settle({key: _Given(stood, Origin.CONFIG)}, lookup, file_name)
    except ConfigError:
        return []
    counts = _at(settings.model_dump(mode="json"), key)
    return list(zip(counts, stood, strict=True)) if isinstance(counts, list) else []


def _from_text(key: str, value: object) -> object:
    """A list written in one line: JSON, or titles with commas between. Anything else is left to the form."""
    if key not in LISTS or not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        try:
            parsed: object = json.loads(value)
        except ValueError:
            return value
        return parsed
    return [part.strip() for part in value.split(",") if part.strip()]


# ---------------------------------------------------------------- words for what is wrong


def _key_of(location: tuple[int | str, ...]) -> str:
    dotted = ".".join(str(part) for part in location[:2])
    return dotted if dotted in KEYS else str(location[0])


def _problem(key: str, said: _Given, file_name: str) -> str:
    where = {
        Origin.CONFIG: f"{file_name} (through {said.name})" if said.name else file_name,
        Origin.DOTENV: f".env ({said.name})",
        Origin.ENVIRONMENT: f"the environment ({said.name})",
    }.get(said.origin, "the value given")
    allowed = KEYS[key].description
    may_hold_a_secret = key.endswith("_url") and re.search(r"[@?#]", str(said.value))
    if key in _NEVER_SHOWN or may_hold_a_secret or (said.name and said.name not in FROM_ENV):
        return f"{where} holds something else, not shown here; allowed is {allowed}."
    return f"{where} holds {_text(said.value)}; allowed is {allowed}."


def _text(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _refuse_unknown(keys: Iterable[str]) -> None:
    for key in keys:
        if key not in KEYS:
            raise ConfigError(key, "there is no such setting.")


def _refuse_fixed(key: str, was: _Given, on_disk: object, value: object, file_name: str) -> None:
    if was.origin in (Origin.ENVIRONMENT, Origin.DOTENV):
        where = ".env" if was.origin is Origin.DOTENV else "the environment"
        problem = f"{was.name} in {where} sets it and wins over {file_name}. Change it there."
        raise ConfigError(key, problem, f"{key} can't be changed here: {problem}")
    name = reference(on_disk)
    if name and not reference(value):
        problem = f"{file_name} takes it from ${{{name}}}. Change that variable, or the line in the file."
        raise ConfigError(key, problem, f"{key} can't be changed here: {problem}")


# ---------------------------------------------------------------- values by dotted key


def _value(settings: Settings, key: str) -> object:
    found: object = reduce(getattr, key.split("."), settings)
    return found


def _at(nested: Mapping[str, object], key: str) -> object:
    section, _, name = key.rpartition(".")
    inner = nested[section] if section else nested
    assert isinstance(inner, Mapping)
    return inner[name]


def _put(nested: dict[str, object], key: str, value: object) -> None:
    """Set a dotted key; None takes it out."""
    section, _, name = key.rpartition(".")
    if section and nested.get(section) is None:
        nested[section] = {}
    inner = nested[section] if section else nested
    assert isinstance(inner, dict)
    if value is None:
        inner.pop(name, None)
    else:
        inner[name] = value
