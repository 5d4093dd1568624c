"""One writer at a time among all processes of this program. Changes when an operating system locks files otherwise."""

from __future__ import annotations

import errno
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from plexgap.domain.errors import StoreError
from plexgap.store.files import could_not

log = logging.getLogger(__name__)

_PAUSE_S = 0.02
_TAKEN = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)

if sys.platform == "win32":
    import msvcrt

    def _try(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _try(handle: int) -> None:
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
            _try(handle)
        except OSError as error:
            if error.errno not in _TAKEN:
                log.debug("%s can't be locked (%s), written without a lock", path, error)
                return
            if clock() >= deadline:
                raise StoreError(
                    f"{path} stays locked by another process",
                    f"Another plexgap holds {path.name} for too long. Nothing was changed: try again.",
                ) from error
            sleep(_PAUSE_S)
        else:
            return
