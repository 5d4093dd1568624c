"""`config set`: one setting to another value. Changes when a value is given in another way."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import reduce

import click

from plexgap.cli import output
from plexgap.cli.options import Form, given
from plexgap.cli.secrets import STDIN, read_secret
from plexgap.cli.session import load, no_csv, warn


def change(
    ctx: click.Context, key: str, value: str | None, add: Sequence[str], remove: Sequence[str], *, default: bool
) -> None:
    """Sets it, and prints it as it then is. UsageError, ConfigError: nothing was changed."""
    from plexgap.config import SECRET_KEYS, masked, refuse_locked, save

    wanted = given(ctx)
    no_csv(wanted)
    if wanted.demo:
        raise click.UsageError("The settings of the invented library are never written.", ctx)
    if sum((value is not None, bool(add or remove), default)) != 1:
        raise click.UsageError("Say a VALUE, --add and --remove, or --default.", ctx)
    _known(key)
    loaded = load(wanted)
    for sentence in loaded.notices:
        warn(ctx, sentence)
    refuse_locked(loaded, key)
    new: object = value
    if add or remove:
        now: object = reduce(getattr, key.split("."), loaded.settings)
        new = _list_after(key, now, add, remove)
    elif value is not None and key in SECRET_KEYS and not _is_reference(value):
        new = read_secret(value, key, f"config set {key}") if value else ""
    elif value == STDIN:
        raise click.UsageError("Only a secret is read from standard input.", ctx)
    saved = save(loaded, {key: new})
    row = next(row for row in masked(saved) if row.key == key)
    if wanted.form is Form.JSON:
        output.result_json({key: row.value})
    else:
        output.result(f"{key} = {json.dumps(row.value, ensure_ascii=False)}\n")


def _known(key: str) -> None:
    """ConfigError for a key that there is not, naming those that are like it."""
    from difflib import get_close_matches

    from plexgap.config import KEYS
    from plexgap.domain.errors import ConfigError

    if key not in KEYS:
        like = get_close_matches(key, KEYS, 3, 0.5)
        hint = f" There is {' and '.join(like)}." if like else " `config show` lists them all."
        raise ConfigError(key, "there is no such setting", f"There is no setting {key}.{hint}")


def _list_after(key: str, now: object, add: Sequence[str], remove: Sequence[str]) -> list[object]:
    """The list with these more and those less; an object is written as JSON."""
    from pydantic import BaseModel

    from plexgap.config import LISTS
    from plexgap.domain.errors import ConfigError

    if key not in LISTS or not isinstance(now, tuple):
        raise ConfigError(key, "it is no list", f"{key} is no list: give its value instead.")
    is_of_objects = any(isinstance(each, BaseModel) for each in now)
    found: list[object] = [each.model_dump(mode="json") if isinstance(each, BaseModel) else each for each in now]
    for text in remove:
        gone = _member(text, is_of_objects)
        if gone not in found:
            raise ConfigError(key, "it does not hold that", f"{key} does not hold {text}. Nothing was changed.")
        found.remove(gone)
    for text in add:
        more = _member(text, is_of_objects or text.lstrip().startswith("{"))
        if more not in found:
            found.append(more)
    return found


def _member(text: str, is_object: bool) -> object:
    if not is_object:
        return text
    try:
        found: object = json.loads(text)
    except ValueError:
        raise click.UsageError(f"{text!r} is no JSON object.") from None
    return found


def _is_reference(value: str) -> bool:
    """Whether it names a variable, as `${PLEX_TOKEN}` does, and is no secret itself."""
    return value.startswith("${") and value.endswith("}")
