"""What the files of the JSON cache have in common: how one is read or counts as absent, how one is written, what was
offered for a title. Changes when these files are kept in another way."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, PositiveInt, ValidationError

from plexgap.domain.catalogue import Candidate
from plexgap.domain.ids import Source
from plexgap.store.files import write_atomically

log = logging.getLogger(__name__)

FormT = TypeVar("FormT", bound=BaseModel)


class StoredCandidate(BaseModel):
    """A show or film that a catalogue offered, as it stands in a file."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: PositiveInt
    title: str
    year: int | None
    original_title: str = ""

    def read(self, provider: Source) -> Candidate:
        return Candidate(provider, self.id, self.title, self.year, original_title=self.original_title)


def candidates(offered: Iterable[Candidate]) -> list[dict[str, object]]:
    """What was offered, as it stands in a file."""
    return [
        {"id": each.show_id, "title": each.title, "year": each.year, "original_title": each.original_title}
        for each in offered
    ]


def title_mark(title: str, year: int | None) -> str:
    """What names the file of a title that was sought. Titles hold anything: it is their hash."""
    return hashlib.blake2b(f"{title}\n{year}".encode(), digest_size=12).hexdigest()


def read(path: Path, form: type[FormT], version: int) -> FormT | None:
    """The file's content; None when there is no file, or none that could be understood. `version`: of the form."""
    try:
        return form.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        log.warning("%s can't be read (%s), left out", path, error.strerror)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        log.warning("%s is not in form %d (%s %s), left out", path, version, where, first["msg"])
    return None


def write(path: Path, values: Mapping[str, object]) -> None:
    """Replaces the file. Raises StoreError."""
    write_atomically(path, json.dumps(values, indent=1, ensure_ascii=False) + "\n", private=True, durable=False)
