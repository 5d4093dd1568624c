from __future__ import annotations

import errno
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from plexgap.domain.errors import StoreError
from plexgap.store.files import could_not, set_aside, write_atomically

NOW = datetime(2026, 11, 21, 8, 30, 5, tzinfo=UTC)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_content_is_replaced_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_atomically(path, "first, and longer")
    write_atomically(path, "sécond")
    assert path.read_text(encoding="utf-8") == "sécond"
    assert list(tmp_path.iterdir()) == [path]


def test_private_file_and_the_folders_made_for_it_are_the_users_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "deep" / "decisions.json"
    write_atomically(path, b"{}", private=True)
    assert (mode(path), mode(path.parent), mode(tmp_path / "data")) == (0o600, 0o700, 0o700)


def test_private_file_gets_private_even_where_an_open_one_stood(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("{}")
    path.chmod(0o644)
    write_atomically(path, "{}", private=True)
    assert mode(path) == 0o600


def test_symbolic_link_keeps_standing_and_its_target_is_written(tmp_path: Path) -> None:
    target = tmp_path / "synced" / "decisions.json"
    target.parent.mkdir()
    target.write_text("old")
    link = tmp_path / "decisions.json"
    link.symlink_to(target)
    write_atomically(link, "new")
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_write_that_fails_half_way_keeps_the_old_content_and_leaves_no_rest(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    path = tmp_path / "a.json"
    path.write_text("old")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(StoreError, match=r"a\.json could not be written: "):
            write_atomically(path, "x" * 5000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_folder_that_is_a_file_is_said() -> None:
    with pytest.raises(StoreError, match=r"/dev/null/a\.json could not be written") as caught:
        write_atomically(Path("/dev/null/a.json"), "x")
    assert caught.value.advice.startswith("/dev/null/a.json could not be written")


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "the disk is full. Make room on the disk, then try again."),
        (
            errno.EACCES,
            "plexgap has no right to write there. Check who owns the folder, or choose another data folder.",
        ),
        (errno.EIO, "Input/output error."),
    ],
)
def test_cause_is_said_in_plain_words(number: int, said: str) -> None:
    error = could_not("written", Path("a.json"), OSError(number, os.strerror(number)))
    assert error.advice == f"a.json could not be written: {said}"


def test_broken_file_is_set_aside_under_its_time(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text("{broken")
    aside = set_aside(path, NOW)
    assert aside == tmp_path / "config.json.broken-20261121T083005"
    assert aside.read_text() == "{broken"
    assert not path.exists()


def test_second_broken_file_of_a_second_overwrites_none(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    kept = []
    for content in ("one", "two", "three"):
        path.write_text(content)
        kept.append(set_aside(path, NOW).read_text())
    assert kept == ["one", "two", "three"]
    assert sorted(each.name.partition("05")[2] for each in tmp_path.iterdir()) == ["", "-2", "-3"]


def test_setting_aside_what_is_not_there_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="could not be set aside"):
        set_aside(tmp_path / "config.json", NOW)
    assert list(tmp_path.iterdir()) == []
