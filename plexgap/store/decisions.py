"""decisions.json: what a person decided, kept through broken disks, two writers at once and newer versions.

Changes when the way these files are kept safe changes; their form is `decision_form`'s matter. A decision is never
dropped by the program. Several processes may write: each change is made under a lock, on the file as it stands then.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from plexgap.domain.decisions import Decisions, Ignore, Override, TitleRef
from plexgap.domain.errors import StoreError
from plexgap.domain.library import Kind
from plexgap.gaps.rules import override_of
from plexgap.store.decision_file import BrokenFile, DecisionFile, NewerFile
from plexgap.store.files import could_not, set_aside, write_atomically
from plexgap.store.locks import only_writer

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Imported:
    """What was read of another file. `there`: of those, how many were here already, or stood here in a newer form.
    `unreadable`: how many of them are kept without effect, because this version can't read them; `unread`: those of
    these that were not here already."""

    ignores: int
    overrides: int
    there: int
    unreadable: int
    unread: DecisionFile = field(default=DecisionFile.empty(), repr=False, compare=False)


class DecisionStore:
    """The person's decisions, shared by threads and processes.

    Beside the file stands `NAME.last`, a copy of its last good content: a broken file is set aside as
    `NAME.broken-<time>` and the copy takes its place. Each time, `keep_notice` is handed a sentence for the person;
    `notices` has those of this process. `sections`: the uuids of the library's sections, by which a decision on a title
    without any id is known (gaps/rules.py, `here`).
    """

    def __init__(
        self,
        path: Path,
        now: Callable[[], datetime],
        keep_notice: Callable[[str], None] | None = None,
        sections: Callable[[], frozenset[str]] = frozenset,
    ) -> None:
        self._path = path
        self._last = path.with_name(f"{path.name}.last")
        self._now = now
        self._keep_notice = keep_notice
        self._sections = sections
        self._notices: list[str] = []
        self._guard = threading.RLock()
        self._stamp: tuple[int, int, int] | None = None
        self._file: DecisionFile | None = None
        self._loaded: tuple[frozenset[str], Decisions] | None = None

    @property
    def notices(self) -> tuple[str, ...]:
        """Sentences for the person about what happened to the file since this store was made."""
        with self._guard:
            return tuple(self._notices)

    def load(self) -> Decisions:
        """All decisions, read again only when the file changed. StoreError: unreadable, or of a later version."""
        with self._guard:
            stamp = self.stamp()
            if self._file is None or stamp != self._stamp:
                self._file, self._stamp, self._loaded = self._read(), stamp, None
            sections = self._known_sections(self._file)
            if self._loaded is None or self._loaded[0] != sections:
                self._loaded = (sections, self._file.at(sections).decisions)
            return self._loaded[1]

    def stamp(self) -> tuple[int, int, int] | None:
        """Moves with every change of the file, whoever made it; None where there is none. StoreError: unreadable."""
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise could_not("read", self._path, error) from error
        return stat.st_mtime_ns, stat.st_size, stat.st_ino

    def add_ignore(self, ignore: Ignore) -> None:
        """Keeps the ignore; one of equal key is replaced."""
        self._change(lambda file: file.with_ignore(ignore))

    def remove_ignore(self, key: str) -> Ignore | None:
        """Takes the ignore back and returns it; None when there is none of that key."""
        removed: list[Ignore] = []

        def without(file: DecisionFile) -> DecisionFile:
            removed.extend(ignore for ignore in file.decisions.ignores if ignore.key == key)
            return file.without_ignore(key) if removed else file

        self._change(without)
        return removed[0] if removed else None

    def set_override(self, override: Override) -> None:
        """Keeps the override, in the place of any other one for the same title."""
        self._change(lambda file: file.at(self._known_sections(file)).with_override(override))

    def clear_override(self, title: TitleRef, kind: Kind = Kind.SHOW) -> Override | None:
        """Takes the title's override, a show's or a film's, back and returns it; None when it has none."""
        removed: list[Override] = []

        def without(file: DecisionFile) -> DecisionFile:
            here = file.at(self._known_sections(file))
            found = override_of(here.decisions, title, kind)
            if found is None:
                return file
            removed.append(found)
            return here.without_override(title, kind)

        self._change(without)
        return removed[0] if removed else None

    def exported(self) -> bytes:
        """All of them as the text of a file for another installation."""
        with self._guard:
            return self._read().exported(self._now().astimezone(UTC).isoformat(timespec="seconds"))

    def take_in(self, data: bytes, name: str) -> Imported:
        """Joins the decisions of another file, whole or not at all. StoreError, which calls the file `name`: it is
        none, or of a newer plexgap."""
        try:
            other = DecisionFile.parse_exported(data)
        except BrokenFile as error:
            raise StoreError(
                f"{name}: {error}", f"{name} is no file of plexgap's decisions: {error}. Nothing was changed."
            ) from error
        except NewerFile as error:
            raise StoreError(
                f"{name}: {error}",
                f"{name} was written by a newer plexgap (version {error.version} of the file). Nothing was changed: "
                "update plexgap first.",
            ) from error
        there, unread = 0, DecisionFile.empty()

        def joined(file: DecisionFile) -> DecisionFile:
            nonlocal there, unread
            after, there = file.joined(other)
            unread = after.unread_beyond(file)
            return after if there < len(other) else file

        self._change(joined)
        read = other.decisions
        return Imported(len(read.ignores), len(read.overrides), there, other.unreadable, unread)

    def drop_unread(self, gone: DecisionFile) -> None:
        """Takes back what a file brought that this version can't read (`Imported.unread`)."""
        self._change(lambda file: file.without_unread(gone) if len(gone) else file)

    def _known_sections(self, file: DecisionFile) -> frozenset[str]:
        return self._sections() if file.names_sections else frozenset()

    def _change(self, change: Callable[[DecisionFile], DecisionFile]) -> None:
        """Makes the change on the file as it stands now, whoever wrote it last. Nothing differs: nothing is written."""
        with self._guard, only_writer(self._path):
            before = self._read_or_recover()
            after = change(before)
            if after is not before:
                write_atomically(self._path, after.data(), private=True)
                self._copy(after.data())
            self._file = None  # as it stands in the file is what counts from now on

    def _read(self) -> DecisionFile:
        """The file as it is; recovering it, and renewing the copy beside it, happens under the lock only."""
        try:
            data = self._bytes(self._path)
            if data is None and not self._last.exists():
                return DecisionFile.empty()
            file = None if data is None else self._parse(data)
        except BrokenFile:
            file = None
        if file is None:
            with only_writer(self._path):
                return self._read_or_recover()
        if data != self._bytes(self._last):
            self._renew_copy()
        return file

    def _read_or_recover(self) -> DecisionFile:
        """The file; a broken or lost one is replaced by its last good copy. Only under the lock."""
        data = self._bytes(self._path)
        if data is None:
            return self._from_copy(f"{self._path.name} was gone") if self._last.exists() else DecisionFile.empty()
        try:
            return self._parse(data)
        except BrokenFile as error:
            aside = set_aside(self._path, self._now())
            return self._from_copy(f"{self._path.name} could not be read ({error}) and was set aside as {aside.name}")

    def _from_copy(self, happened: str) -> DecisionFile:
        try:
            data = self._bytes(self._last)
            file = DecisionFile.empty() if data is None else self._parse(data)
        except BrokenFile as error:
            aside = set_aside(self._last, self._now())
            happened = f"{happened}; its copy could not be read either ({error}) and was set aside as {aside.name}"
            file, data = DecisionFile.empty(), None
        write_atomically(self._path, file.data(), private=True)
        if data is None:
            self._notice(f"{happened}. There is no good copy, so your decisions begin anew.")
        else:
            count = len(file.decisions.ignores) + len(file.decisions.overrides)
            held = f"{count} decision" if count == 1 else f"{count} decisions"
            self._notice(f"{happened}. Its last good copy is used instead, with {held}.")
        return file

    def _parse(self, data: bytes) -> DecisionFile:
        try:
            file = DecisionFile.parse(data)
        except NewerFile as error:
            raise StoreError(
                f"{self._path}: {error}",
                f"{self._path.name} was written by a newer plexgap (version {error.version} of the file). "
                "Nothing was changed: update plexgap, or move the file away.",
            ) from error
        if file.unreadable:
            what = "1 decision" if file.unreadable == 1 else f"{file.unreadable} decisions"
            self._notice(f"{self._path.name} holds {what} that can't be read: kept there, but without effect.")
        return file

    def _renew_copy(self) -> None:
        """The copy follows a file that someone edited well. A folder that can't be written to is no reason to fail."""
        try:
            with only_writer(self._path):
                data = self._bytes(self._path)
                if data is not None:
                    DecisionFile.parse(data)
                    self._copy(data)
        except (StoreError, BrokenFile, NewerFile) as error:
            log.info("%s is not renewed: %s", self._last, error)

    def _copy(self, data: bytes) -> None:
        """Renews the copy. The decision itself is written by now, so a failure here only weakens the safety."""
        try:
            write_atomically(self._last, data, private=True)
        except StoreError as error:
            log.warning("The copy %s of your decisions could not be renewed: %s", self._last, error)

    def _notice(self, sentence: str) -> None:
        if sentence in self._notices:
            return
        log.warning("%s", sentence)
        self._notices.append(sentence)
        if self._keep_notice is not None:
            self._keep_notice(sentence)

    def _bytes(self, path: Path) -> bytes | None:
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise could_not("read", path, error) from error
