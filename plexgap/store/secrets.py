"""What a service gave us for a time, such as a token: a private file each. Changes when such files are kept otherwise.

They may be deleted at any time: it costs a sign-in. Nothing that a person typed is in them.
"""

from __future__ import annotations

import logging
from pathlib import Path

from plexgap.domain.errors import StoreError
from plexgap.store.files import write_atomically

log = logging.getLogger(__name__)

_MOST_BYTES = 64 * 1024


class SecretFile:
    """One text that only this user may read (0600). What it means is known to whoever keeps it here."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> str:
        """The text; "" when there is none, or none that can be read."""
        try:
            with self._path.open("rb") as file:
                return file.read(_MOST_BYTES).decode()
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError) as error:
            log.warning("%s can't be read (%s)", self._path, type(error).__name__)
            return ""

    def keep(self, text: str) -> None:
        """Writes it in place of what was there; where that fails it is said in the log, and nothing else is lost."""
        try:
            write_atomically(self._path, text, private=True, durable=False)
        except StoreError as error:
            log.warning("%s", error)
