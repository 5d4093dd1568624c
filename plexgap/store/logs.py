"""Where the program's log goes, and that no secret goes with it. Changes when logging is set up otherwise."""

from __future__ import annotations

import logging
import logging.handlers
import os
from collections.abc import Iterable
from pathlib import Path
from typing import IO
from urllib.parse import quote, quote_plus

log = logging.getLogger(__name__)

_ROOT = "plexgap"
_FILE_BYTES = 1_000_000
_FILES_KEPT = 3
_FILE_FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_MASK = "***"
_SHORTEST_SECRET = 4


class MaskingFormatter(logging.Formatter):
    """Writes a record as its parent does, then masks every secret in the whole text, tracebacks included."""

    def __init__(self, form: str, secrets: Iterable[str] = ()) -> None:
        super().__init__(form)
        plain = {secret for secret in secrets if len(secret) >= _SHORTEST_SECRET}
        spelled = plain | {quote(secret, safe="") for secret in plain} | {quote_plus(secret) for secret in plain}
        self._secrets = sorted(spelled, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, _MASK)
        return text


class _PrivateFile(logging.handlers.RotatingFileHandler):
    """Rotating; each file is readable by its owner alone from its first byte on."""

    def _open(self) -> IO[str]:  # type: ignore[override]
        return open(
            self.baseFilename, self.mode, encoding=self.encoding, opener=lambda name, flags: os.open(name, flags, 0o600)
        )


def start_logging(
    path: Path, level: int = logging.INFO, secrets: Iterable[str] = (), beside: Iterable[logging.Handler] = ()
) -> None:
    """Sends the program's log records to a rotated file (3 old ones, 1 MB each, mode 0600) and to `beside`.

    Everything written is masked of `secrets`, also as they look inside an address. Called again, it takes the place of
    the earlier call. A file that can't be opened is told to `beside` and otherwise goes unused.
    """
    secrets = tuple(secrets)
    end_logging()
    root = logging.getLogger(_ROOT)
    others = tuple(beside)
    for handler in others:
        handler.setFormatter(MaskingFormatter("%(message)s", secrets))
        root.addHandler(handler)
    root.setLevel(min([level, *(handler.level for handler in others)]))
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = _PrivateFile(path, maxBytes=_FILE_BYTES, backupCount=_FILES_KEPT, encoding="utf-8", delay=False)
    except OSError as error:
        log.warning("The log %s can't be written: %s.", path, error.strerror or error)
        return
    file.setLevel(level)
    file.setFormatter(MaskingFormatter(_FILE_FORM, secrets))
    root.addHandler(file)


def end_logging() -> None:
    """Closes what `start_logging` opened."""
    root = logging.getLogger(_ROOT)
    for handler in tuple(root.handlers):
        root.removeHandler(handler)
        handler.close()
