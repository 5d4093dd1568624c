"""Writing our own files so that a crash, a full disk or a second writer never leaves half of one.

Changes when the way files reach the disk changes.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from datetime import datetime
from pathlib import Path

from plexgap.domain.errors import StoreError

_PRIVATE_FILE = 0o600
_PRIVATE_FOLDER = 0o700

_CAUSES = {
    errno.ENOSPC: ("the disk is full", "Make room on the disk, then try again."),
    errno.EDQUOT: ("the disk quota is used up", "Make room on the disk, then try again."),
    errno.EROFS: ("the disk can only be read", "Choose a data folder that can be written to."),
    errno.EACCES: ("plexgap has no right to write there", "Check who owns the folder, or choose another data folder."),
    errno.EPERM: ("plexgap has no right to write there", "Check who owns the folder, or choose another data folder."),
}


def write_atomically(path: Path, data: bytes | str, *, private: bool = False, durable: bool = True) -> None:
    """Replaces the file's whole content, or leaves it as it was: there is no moment at which it is half written.

    Text is written as UTF-8. Missing folders are made. `private`: only this user may read the file (0600) and the
    folders made for it (0700). `durable` False leaves out waiting for the disk, for what can be fetched again: after
    a power cut the file may then be old or empty. A symbolic link keeps standing, its target is replaced.
    Raises StoreError.
    """
    content = data.encode() if isinstance(data, str) else data
    target = Path(os.path.realpath(path))
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        _make_folders(target.parent, private)
        try:
            _write_new(beside, content, _PRIVATE_FILE if private else 0o666, durable)
            beside.replace(target)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        if durable:
            _sync_folder(target.parent)
    except OSError as error:
        raise could_not("written", path, error) from error


def set_aside(path: Path, now: datetime) -> Path:
    """Renames a broken file to NAME.broken-<YYYYmmddTHHMMSS>, so that nothing in it is lost; the new path.

    A file already set aside is never overwritten: a second one of the same second gets "-2" behind it.
    Raises StoreError.
    """
    stem = f"{path.name}.broken-{now:%Y%m%dT%H%M%S}"
    number = 1
    while True:
        aside = path.with_name(stem if number == 1 else f"{stem}-{number}")
        try:
            # Only the one who made this name may rename onto it.
            os.close(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PRIVATE_FILE))
        except FileExistsError:
            number += 1
            continue
        except OSError as error:
            raise could_not("set aside", path, error) from error
        try:
            path.replace(aside)
        except OSError as error:
            aside.unlink(missing_ok=True)
            raise could_not("set aside", path, error) from error
        return aside


def could_not(be_done: str, path: Path, error: OSError) -> StoreError:
    """The StoreError for a failed step on a file: `str(e)` names the file, `.advice` says what to do about it."""
    cause, remedy = _CAUSES.get(error.errno or 0, (error.strerror or type(error).__name__, ""))
    return StoreError(
        f"{path} could not be {be_done}: {cause}", f"{path} could not be {be_done}: {cause}. {remedy}".strip()
    )


def _make_folders(folder: Path, private: bool) -> None:
    missing = [step for step in (folder, *folder.parents) if not step.exists()]
    for step in reversed(missing):
        step.mkdir(mode=_PRIVATE_FOLDER if private else 0o777, exist_ok=True)


def _write_new(path: Path, content: bytes, mode: int, durable: bool) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode), "wb") as file:
        file.write(content)
        if durable:
            file.flush()
            os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Makes the rename itself last. Systems that can't open a folder (Windows) or can't sync one go without."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
