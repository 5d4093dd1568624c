"""Whether a newer plexgap is to be had, and taking it: git, in the app's own folder and nowhere else.

Nothing of the person's is ever stashed, merged or overwritten: an update is a fast-forward of a clean clone, or it is
not made. Changes when updates come another way.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from plexgap.domain.errors import UpdateError

_LOOK_S, _FETCH_S = 15, 120
_MOST_NEWS = 30
# A hook or a helper of the person's would run as part of an update.
_QUIETLY = ("-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "gc.auto=0")
_NO_CLONE = "This plexgap is no clone of a repository, so there is nothing to update here. Fetch a newer one by hand."
_NO_ANSWER = (
    "the upstream did not answer",
    "The repository that this clone comes from did not answer. Check the internet connection, then try again.",
)
_NOT_MOVED = (
    "git did not move the clone forward",
    "git did not take the update, and nothing was changed. A file that stands in its way may be the cause: "
    "`git merge --ff-only --no-overwrite-ignore` in a terminal says which.",
)


@dataclass(slots=True)
class _Process:
    """Whether the files are newer than what runs: a module that is read only now would not fit those that are there."""

    updated: bool = False


PROCESS = _Process()


@dataclass(frozen=True, slots=True)
class Clone:
    """The app's folder as git sees it. `upstream`: "origin/main", "" where its branch follows none. `behind`, `ahead`:
    commits, as of the last look at the upstream. `news`: the subjects of what is new, newest first. `obstacle`: why it
    can't be updated, a sentence, or ""."""

    commit: str
    branch: str
    upstream: str
    behind: int
    ahead: int
    news: tuple[str, ...]
    obstacle: str


def look(root: Path) -> Clone:
    """The clone as it stands; asks no network. UpdateError: it is none."""
    git = _git(root)
    if not (root / ".git").exists():
        raise UpdateError("it is no clone", _NO_CLONE)
    top = git("rev-parse", "--show-toplevel")
    if not top or Path(top).resolve() != root.resolve():
        raise UpdateError("git does not take it for a clone", _NO_CLONE)
    branch = git("symbolic-ref", "--quiet", "--short", "HEAD")
    upstream = git("rev-parse", "--abbrev-ref", "--symbolic-full-name", "@{upstream}") if branch else ""
    ahead, behind = _apart(git("rev-list", "--left-right", "--count", "HEAD...@{upstream}")) if upstream else (0, 0)
    news = git("log", f"--max-count={_MOST_NEWS}", "--format=%s", "HEAD..@{upstream}") if behind else ""
    changed = git("status", "--porcelain", "--untracked-files=no")
    return Clone(
        commit=git("rev-parse", "--short", "HEAD"),
        branch=branch,
        upstream=upstream,
        behind=behind,
        ahead=ahead,
        news=tuple(news.splitlines()),
        obstacle=_obstacle(branch, upstream, ahead, bool(changed)),
    )


def fetch(root: Path) -> Clone:
    """The clone after asking its upstream what is new; no file of the app is touched. UpdateError: no answer."""
    found = look(root)
    if found.upstream:
        remote = _git(root)("config", f"branch.{found.branch}.remote")
        if remote != ".":
            _run(root, ("fetch", "--quiet", "--no-recurse-submodules", "--", remote), _FETCH_S, _NO_ANSWER)
    return look(root)


def update(root: Path) -> Clone:
    """The clone after it was moved forward to its upstream as last fetched. UpdateError: it was not moved, and all is
    as it was."""
    found = look(root)
    if found.obstacle:
        raise UpdateError("it can't be updated", found.obstacle)
    if found.behind:
        # Asks no network, and must not be killed half-way: what it locked would stay locked.
        _run(root, ("merge", "--ff-only", "--no-overwrite-ignore", "--quiet", "@{upstream}"), None, _NOT_MOVED)
    return look(root)


def _obstacle(branch: str, upstream: str, ahead: int, is_changed: bool) -> str:
    if not branch:
        return "This clone stands at a single commit and on no branch, so it is not updated from here."
    if not upstream:
        return f"The branch {branch} follows no other, so there is nothing to update from."
    if is_changed:
        return "Files of plexgap were changed here, so it is not updated: your changes stay as they are."
    if ahead:
        return f"This clone has commits of its own that {upstream} has not, so it is not updated from here."
    return ""


def _apart(counted: str) -> tuple[int, int]:
    """How many commits only we have, and how many only the upstream."""
    ours, _, theirs = counted.partition("\t")
    return (int(ours), int(theirs)) if ours.isdecimal() and theirs.isdecimal() else (0, 0)


def _git(root: Path) -> Callable[..., str]:
    """Asks git something; "" where it refuses."""

    def ask(*arguments: str) -> str:
        done = _started(root, arguments, _LOOK_S)
        return done.stdout.strip() if done.returncode == 0 else ""

    return ask


def _run(root: Path, arguments: Sequence[str], most_s: float | None, problem: tuple[str, str]) -> None:
    if _started(root, arguments, most_s).returncode:
        raise UpdateError(*problem)


def _started(root: Path, arguments: Sequence[str], most_s: float | None) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    # Nobody is there to type a password.
    env = {**own, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_SSH_COMMAND": "ssh -oBatchMode=yes"}
    try:
        return subprocess.run(  # noqa: S603 - the arguments are ours
            ("git", *_QUIETLY, "-C", str(root), *arguments),  # noqa: S607
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=most_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UpdateError("git took too long", "The repository did not answer in time. Try again later.") from None
    except OSError as error:
        raise UpdateError(f"git: {error}", "git can't be run on this computer, so updates can't be seen.") from error
