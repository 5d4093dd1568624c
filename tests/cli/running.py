"""The command line, run in this process with a home of its own and none of the real environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from plexgap.cli.main import plexgap
from plexgap.config import FROM_ENV
from plexgap.demo.truth import ShowTruth
from plexgap.demo.world import World
from plexgap.domain.verdicts import State


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its code, and what stood on standard output and standard error."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Cli:
    """Runs commands against one home. `env`: what stands in the environment besides."""

    home: Path
    env: Mapping[str, str]

    @classmethod
    def at(cls, home: Path, env: Mapping[str, str] | None = None) -> Cli:
        own = {"PLEXGAP_HOME": str(home / "data"), "PLEXGAP_CONFIG": str(home / "config.json")}
        return cls(home, {**own, **(env or {})})

    def __call__(self, *arguments: object, env: Mapping[str, str] | None = None, stdin: str | None = None) -> Ended:
        """Runs `plexgap ARGUMENTS`; a fault of the program's own is raised."""
        nobody: dict[str, str | None] = dict.fromkeys((*FROM_ENV, "PLEXGAP_HOME", "PLEXGAP_CONFIG"))
        wanted = {**nobody, **self.env, **(env or {})}
        done = CliRunner().invoke(
            plexgap, [str(argument) for argument in arguments], env=wanted, input=stdin, prog_name="plexgap"
        )
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Ended(done.exit_code, done.stdout, done.stderr)

    @property
    def process_env(self) -> dict[str, str]:
        """The environment for running it as a process of its own."""
        clean = {name: value for name, value in os.environ.items() if name not in FROM_ENV}
        return {**clean, **self.env}


def with_gaps(world: World) -> ShowTruth:
    """An ordinary show with missing episodes and a title of its own."""
    titles = [truth.title for truth in world.truths]
    return next(
        truth
        for truth in world.truths
        if truth.state is State.GAPS
        and len(truth.missing) > 1
        and titles.count(truth.title) == 1
        and len(truth.rating_keys) == 1
    )
