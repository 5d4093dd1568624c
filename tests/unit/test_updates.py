"""Updates against real repositories: what is said, what is fetched, and that nothing of the person's is touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from plexgap.domain.errors import UpdateError
from plexgap.jobs import updates
from plexgap.views.settings import version_line
from tests.repositories import commit, git, make_clone, make_upstream


@pytest.fixture
def upstream(tmp_path: Path) -> Path:
    return make_upstream(tmp_path)


@pytest.fixture
def clone(upstream: Path) -> Path:
    return make_clone(upstream)


def state(folder: Path) -> tuple[str, str, str]:
    """Everything that an update might touch."""
    return git(folder, "rev-parse", "HEAD"), git(folder, "status", "--porcelain"), git(folder, "stash", "list")


def test_a_clone_that_is_behind_says_by_how_much_and_what_is_new_once_it_was_asked(clone: Path, upstream: Path) -> None:
    commit(upstream, "app.py", "two", "missing: counts & <b>adds</b>")
    commit(upstream, "more.py", "more", "upcoming: a page")
    before = updates.look(clone)
    assert (before.behind, before.upstream, before.branch, before.obstacle) == (0, "origin/main", "main", "")
    assert version_line(before, asked=False) == f"At commit {before.commit} of main."
    found = updates.fetch(clone)
    assert (found.behind, found.news) == (2, ("upcoming: a page", "missing: counts & <b>adds</b>"))
    assert version_line(found, asked=True) == f"At commit {found.commit} of main, 2 changes behind origin/main."
    assert (clone / "app.py").read_text(encoding="utf-8") == "one", "asking touches no file"


def test_an_update_is_a_fast_forward_and_leaves_what_is_not_its_own(clone: Path, upstream: Path) -> None:
    commit(upstream, "app.py", "two", "second")
    (clone / "config.json").write_text("{}", encoding="utf-8")
    updates.fetch(clone)
    found = updates.update(clone)
    assert (found.behind, found.ahead, found.news) == (0, 0, ())
    assert (clone / "app.py").read_text(encoding="utf-8") == "two"
    assert (clone / "config.json").read_text(encoding="utf-8") == "{}"
    assert git(clone, "rev-parse", "HEAD") == git(upstream, "rev-parse", "HEAD")
    assert git(clone, "log", "--merges", "--format=%s") == ""
    assert "which is the newest of origin/main" in version_line(found, asked=True)
    assert updates.update(clone) == found, "nothing more is to be had"


def changed(clone: Path) -> None:
    (clone / "app.py").write_text("mine", encoding="utf-8")


def own_commit(clone: Path) -> None:
    commit(clone, "mine.py", "mine", "mine")


def detached(clone: Path) -> None:
    git(clone, "checkout", "--quiet", "--detach")


def without_upstream(clone: Path) -> None:
    git(clone, "checkout", "--quiet", "-b", "mine", "--no-track")


@pytest.mark.parametrize(
    ("happened", "said"),
    [
        (changed, "Files of plexgap were changed here"),
        (own_commit, "This clone has commits of its own that origin/main has not"),
        (detached, "on no branch"),
        (without_upstream, "The branch mine follows no other"),
    ],
)
def test_a_clone_that_is_not_clean_or_follows_nothing_is_left_as_it_is(
    happened: object, said: str, clone: Path, upstream: Path
) -> None:
    commit(upstream, "app.py", "two", "second")
    assert callable(happened)
    happened(clone)
    before = state(clone)
    assert said in updates.fetch(clone).obstacle
    with pytest.raises(UpdateError) as caught:
        updates.update(clone)
    assert said in caught.value.advice
    assert state(clone) == before
    assert said in version_line(updates.look(clone), asked=True)


def test_an_untracked_file_in_the_way_stops_the_update_and_stays(clone: Path, upstream: Path) -> None:
    commit(upstream, "new.py", "theirs", "second")
    (clone / "new.py").write_text("mine", encoding="utf-8")
    updates.fetch(clone)
    with pytest.raises(UpdateError) as caught:
        updates.update(clone)
    assert "nothing was changed" in caught.value.advice
    assert (clone / "new.py").read_text(encoding="utf-8") == "mine"


def test_a_file_that_git_was_told_to_ignore_stops_the_update_and_stays(clone: Path, upstream: Path) -> None:
    commit(upstream, ".gitignore", "config.json\n", "ours alone")
    updates.fetch(clone)
    updates.update(clone)
    (clone / "config.json").write_text("mine", encoding="utf-8")
    git(upstream, "rm", "--quiet", ".gitignore")
    commit(upstream, "config.json", "theirs", "a slip")
    updates.fetch(clone)
    before = state(clone)
    with pytest.raises(UpdateError) as caught:
        updates.update(clone)
    assert "nothing was changed" in caught.value.advice
    assert (clone / "config.json").read_text(encoding="utf-8") == "mine"
    assert state(clone) == before


def test_hooks_of_the_person_are_not_run_by_an_update(clone: Path, upstream: Path) -> None:
    hook = clone / ".git" / "hooks" / "post-merge"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\ntouch ran\n", encoding="utf-8")
    hook.chmod(0o755)
    commit(upstream, "app.py", "two", "second")
    updates.fetch(clone)
    updates.update(clone)
    assert not (clone / "ran").exists()


def test_an_upstream_that_is_gone_is_said_and_what_was_known_stays(clone: Path, upstream: Path) -> None:
    upstream.rename(upstream.with_name("elsewhere"))
    with pytest.raises(UpdateError) as caught:
        updates.fetch(clone)
    assert "did not answer" in caught.value.advice
    assert str(upstream) not in caught.value.advice
    assert updates.look(clone).behind == 0


def test_a_folder_that_is_no_clone_of_its_own_has_nothing_to_update(clone: Path, tmp_path: Path) -> None:
    within = clone / "inner"
    within.mkdir()
    broken = tmp_path / "broken"
    (broken / ".git").mkdir(parents=True)
    for folder in (tmp_path, within, broken):
        for work in (updates.look, updates.fetch, updates.update):
            with pytest.raises(UpdateError) as caught:
                work(folder)
            assert "nothing to update here" in caught.value.advice


def test_variables_of_another_repository_lead_nowhere(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path))
    assert updates.look(clone).branch == "main"
