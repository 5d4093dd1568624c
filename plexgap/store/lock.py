"""One scan at a time among all processes of this machine. Changes when an operating system locks files otherwise."""

from __future__ import annotations

import errno
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from plexgap.domain.errors import ScanRunning
from plexgap.store.files import could_not

_PAUSE_S = 0.1
_TAKEN = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)

if sys.platform == "win32":
    import msvcrt

    # Windows keeps others from reading locked bytes: the lock lies far behind the text.
    _FAR = 1 << 30

    def _take(handle: int) -> None:
        os.lseek(handle, _FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _utc_now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def scan_lock(
    path: Path,
    by: str,
    *,
    wait_s: float = 0.0,
    now: Callable[[], datetime] = _utc_now,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[None]:
    """Inside, no other process or thread is inside for the same `path`; the system frees it when a process dies.

    `by` tells the others who is at it. Raises ScanRunning, with who and since when, if it isn't free after `wait_s`
    seconds; StoreError when the file can't be made or locked.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise could_not("opened", path, error) from error
    try:
        deadline = clock() + wait_s
        while not _is_mine(handle, path):
            if clock() >= deadline:
                raise _running(path)
            sleep(_PAUSE_S)
        _sign(handle, path, {"by": by, "since": now().isoformat(), "process": os.getpid()})
        try:
            yield
        finally:
            _sign(handle, path, None)
    finally:
        os.close(handle)


def _is_mine(handle: int, path: Path) -> bool:
    try:
        _take(handle)
    except OSError as error:
        if error.errno in _TAKEN:
            return False
        raise could_not("locked", path, error) from error
    return True


def _sign(handle: int, path: Path, who: dict[str, str | int] | None) -> None:
    """Say in the file who holds it; None: nobody."""
    try:
        os.ftruncate(handle, 0)
        os.lseek(handle, 0, os.SEEK_SET)
        if who is not None:
            os.write(handle, json.dumps(who).encode())
    except OSError as error:
        raise could_not("written", path, error) from error


def _running(path: Path) -> ScanRunning:
    """Who holds it, as far as the file says so: it may be read in the moment between the lock and the signature."""
    try:
        said = json.loads(path.read_bytes())
        return ScanRunning(datetime.fromisoformat(said["since"]), str(said["by"]))
    except (OSError, ValueError, KeyError, TypeError):
        return ScanRunning(None)
