"""Real git repositories in a folder of a test: one with a commit, and a clone of it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

WHO = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.invalid", "-c", "commit.gpgsign=false")


def git(folder: Path, *arguments: str) -> str:
    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        ("git", *WHO, "-C", str(folder), *arguments), capture_output=True, text=True, check=True, env=env, timeout=30
    )
    return done.stdout.strip()


def commit(folder: Path, name: str, text: str, subject: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    git(folder, "add", name)
    git(folder, "commit", "--quiet", "-m", subject)


def make_upstream(folder: Path) -> Path:
    """A repository with one commit on main, in the folder."""
    made = folder / "upstream"
    made.mkdir()
    git(made, "init", "--quiet", "--initial-branch=main")
    commit(made, "app.py", "one", "first")
    return made


def make_clone(upstream: Path) -> Path:
    """A clone beside it, on main, which follows origin/main."""
    made = upstream.parent / "plexgap"
    git(upstream.parent, "clone", "--quiet", str(upstream), str(made))
    return made
