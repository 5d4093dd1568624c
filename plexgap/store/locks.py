"""One at a time among all processes of this machine. Changes when an operating system locks files otherwise.

Two locks: `only_writer`, held for moments while a file is replaced, and `scan_lock`, held as long as a scan runs.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from plexgap.domain.errors import ScanRunning, StoreError
from plexgap.store.files import could_not

log = logging.getLogger(__name__)

_WRITER_PAUSE_S = 0.02
_SCAN_PAUSE_S = 0.1
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


@contextmanager
def only_writer(
    path: Path,
    *,
    wait_s: float = 10.0,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[None]:
    """Inside, no other process or thread is inside for the same `path`. It is held for moments, never over a request.

    The lock lies on `NAME.lock` beside the file, because the file itself is replaced when it is written. The system
    frees it when a process dies. Where the file system knows no locks, it goes on without one.
    Raises StoreError when the lock isn't free after `wait_s` seconds, or its file can't be made.
    """
    lock = path.with_name(f"{path.name}.lock")
    try:
        lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise could_not("locked", path, error) from error
    try:
        _wait_for(handle, path, clock() + wait_s, clock, sleep)
        yield
    finally:
        os.close(handle)


def _wait_for(
    handle: int, path: Path, deadline: float, clock: Callable[[], float], sleep: Callable[[float], None]
) -> None:
    while True:
        try:
            _take(handle)
        except OSError as error:
            if error.errno not in _TAKEN:
                log.debug("%s can't be locked (%s), written without a lock", path, error)
                return
            if clock() >= deadline:
                raise StoreError(
                    f"{path} stays locked by another process",
                    f"Another plexgap holds {path.name} for too long. Nothing was changed: try again.",
                ) from error
            sleep(_WRITER_PAUSE_S)
        else:
            return


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
            sleep(_SCAN_PAUSE_S)
        _sign(handle, path, {"by": by, "since": now().isoformat(), "process": os.getpid()})
        try:
            yield
        finally:
            _sign(handle, path, None)
    finally:
        os.close(handle)


def is_scanning(path: Path) -> bool:
    """Whether a scan holds the lock now. To see that, the lock is taken for a moment where it is free."""
    try:
        handle = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise could_not("opened", path, error) from error
    try:
        return not _is_mine(handle, path)
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
