"""config.json on disk: read, set aside when broken, replaced whole. Changes when it is kept in another form.

The store's own files go through store/files.py, which stands later in the order of imports.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from plexgap.domain.errors import StoreError


def read(path: Path) -> tuple[dict[str, object], str]:
    """What the file holds ({} when absent), and why it is no settings file ("" when it is one)."""
    try:
        stored = json.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        return {}, ""
    except OSError as error:
        raise StoreError(f"{path}: {error}", f"{path} can't be read ({error.strerror}).") from error
    except json.JSONDecodeError as error:
        return {}, f"line {error.lineno}: {error.msg}"
    except (ValueError, RecursionError):
        return {}, "it is not JSON in UTF-8"
    return (stored, "") if isinstance(stored, dict) else ({}, "it is not a JSON object")


def set_aside(path: Path, problem: str, now: datetime) -> str:
    """Keep a broken file under another name, overwriting nothing. The sentence that says so."""
    kept = path.with_name(f"{path.name}.broken-{now:%Y%m%dT%H%M%S}")
    count = 1
    while kept.exists():
        count += 1
        kept = path.with_name(f"{path.name}.broken-{now:%Y%m%dT%H%M%S}-{count}")
    start = f"{path.name} could not be read ({problem}). plexgap goes on with the environment and the defaults."
    try:
        path.rename(kept)
    except OSError as error:
        return f"{start} The file could not be set aside ({error.strerror}) and was left as it is."
    return f"{start} The file is kept as {kept.name}."


def write(path: Path, stored: Mapping[str, object]) -> None:
    """Replace the file whole, for its owner's eyes only. A link stays a link: its target is replaced."""
    target = path.resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")  # made with mode 0600
    except OSError as error:
        raise _not_written(path, error) from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(stored, file, indent=2, ensure_ascii=False)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        raise _not_written(path, error) from error


def _not_written(path: Path, error: OSError) -> StoreError:
    return StoreError(f"{path}: {error}", f"{path} could not be written ({error.strerror}). Nothing was changed.")
