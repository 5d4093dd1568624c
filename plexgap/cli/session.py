"""What every command does first and last: settings, log, notices, stores, and errors turned into exit codes.

Changes when commands begin or end in another way. The parts that are slow to import are imported inside.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from plexgap.cli import output
from plexgap.cli.exits import Exit, code_of_error
from plexgap.cli.options import Form, Given, given
from plexgap.domain.errors import ConfigError, PlexgapError, StoreError
from plexgap.domain.events import Warning as Said

if TYPE_CHECKING:
    from plexgap.cli.progress import Listener
    from plexgap.config import Loaded
    from plexgap.wiring import House

BY = "the command line"
_ENTERED_BY = {"plex_token": "auth plex --login", "tmdb_api_key": "auth tmdb", "tvdb_api_key": "auth tvdb"}
_TOLD_BY_EVENTS = ("plexgap.jobs", "plexgap.store.decisions")


class Command(click.Command):
    """A command whose errors end in a sentence and an exit code, and Ctrl-C in 130."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except PlexgapError as error:
            command = _ENTERED_BY.get(error.field) if isinstance(error, ConfigError) else None
            tell(ctx, f"{error.advice} In a terminal: {command}" if command else error.advice)
            ctx.exit(code_of_error(error))
        except KeyboardInterrupt:
            ctx.exit(Exit.STOPPED)


class Group(click.Group):
    """Of such commands."""

    command_class = Command


@dataclass(frozen=True, slots=True)
class Session:
    """One command's options, settings and stores."""

    given: Given
    loaded: Loaded
    house: House


@contextmanager
def session(ctx: click.Context, *, asks: bool = False) -> Iterator[Session]:
    """Settings read, log begun, notices said, stores open. `asks`: the command will talk to Plex or a catalogue, so
    that `--demo` brings up its servers. Everything is closed at the end. Raises PlexgapError."""
    wanted = given(ctx)
    with ExitStack() as closing:
        env = _demo_env(closing) if wanted.demo and asks else {}
        loaded = load(wanted, env)
        begin_log(wanted, loaded)
        from plexgap import wiring

        house = wiring.open_house(loaded)
        closing.callback(house.close)
        if wanted.clear_cache:
            from plexgap.jobs.keeping import clear_all

            clear_all(loaded.paths)
        _say_notices(ctx, house)
        yield Session(wanted, loaded, house)


def load(wanted: Given, demo_env: Mapping[str, str] | None = None, *, write_defaults: bool = True) -> Loaded:
    """The settings under these options. Under `--demo` nothing of the person's own is read or written: no config.json,
    no environment, and a home of its own."""
    from plexgap.config import ROOT, load

    home = _demo_home(wanted) if wanted.demo else wanted.home
    return load(
        ROOT,
        env=(demo_env or {}) if wanted.demo else os.environ,
        config_path=home / "config.json" if wanted.demo and home else wanted.config,
        home=home,
        overrides=wanted.overrides(),
        write_defaults=write_defaults and not wanted.demo,
    )


def config_path(wanted: Given) -> Path:
    """Where the settings file stands, or would stand, under these options; absolute."""
    from plexgap.config import ROOT

    if wanted.demo:
        return _demo_home(wanted) / "config.json"
    said = wanted.config or Path(os.environ.get("PLEXGAP_CONFIG", "").strip() or ROOT / "config.json")
    return said.expanduser().absolute()


def _demo_home(wanted: Given) -> Path:
    from plexgap.config import ROOT, paths_in

    home = wanted.home or Path(os.environ.get("PLEXGAP_HOME", "").strip() or ROOT / "data")
    return paths_in(home.expanduser().absolute()).demo


def begin_log(wanted: Given, loaded: Loaded) -> None:
    """The log file, and on standard error what the person asked to see of it."""
    from plexgap.store.logs import start_logging

    start_logging(
        loaded.paths.log,
        logging.DEBUG if wanted.debug else logging.INFO,
        loaded.secrets,
        () if _is_mute(wanted) else [_beside(wanted)],
    )


def tell(ctx: click.Context, sentence: str) -> None:
    """A sentence for the person on standard error: a warning event where progress is JSON lines."""
    if given(ctx).json_events:
        _json_lines(None).hear(Said("run", "", sentence))
    else:
        output.say(sentence)


def warn(ctx: click.Context, sentence: str) -> None:
    """The same for what is no error: unsaid under -q."""
    if not given(ctx).quiet:
        tell(ctx, sentence)


def listener(now: Session) -> Listener:
    """Who listens to a run: JSON lines, nobody, or lines for a person, on a terminal with a bar below them."""
    from plexgap.cli.progress import Bar, Plain, Silent, terminal_width

    if now.given.json_events:
        return _json_lines(now.house)
    if now.given.quiet:
        return Silent()
    if sys.stderr.isatty() and not (now.given.debug or now.given.verbose):
        return Bar(sys.stderr, terminal_width)
    return Plain(most=None) if now.given.debug or now.given.verbose else Plain()


def no_csv(wanted: Given) -> None:
    """UsageError where a command has nothing that a table could hold."""
    if wanted.form is Form.CSV:
        raise click.UsageError("This command prints text or JSON, not CSV.")


def command(name: str, **settings: Any) -> Callable[[Callable[..., Any]], Command]:
    """`click.command` for a Command."""
    return click.command(name, cls=Command, **settings)


def _json_lines(house: House | None) -> Listener:
    from plexgap import wiring
    from plexgap.cli.progress import JsonLines

    def number() -> int | None:
        run = house.index.last_run(finished=False) if house is not None else None
        return run.run_id if run is not None else None

    return JsonLines(number, wiring.clock)


def _demo_env(closing: ExitStack) -> dict[str, str]:
    from plexgap.demo.servers import serve

    return closing.enter_context(serve()).exports()


def _is_mute(wanted: Given) -> bool:
    return wanted.quiet or wanted.json_events


def _beside(wanted: Given) -> logging.Handler:
    """What of the log stands on standard error. -v: what jobs tell of their work, and warnings; --debug: everything.
    A job says what is unknown by its events, and its log doesn't repeat it."""
    from plexgap.cli.progress import AboveTheBar

    def is_wanted(record: logging.LogRecord) -> bool:
        of_work = record.levelno < logging.WARNING
        return wanted.debug or record.name.startswith(_TOLD_BY_EVENTS) is of_work

    handler = AboveTheBar(sys.stderr)
    handler.setLevel(logging.DEBUG if wanted.debug else logging.INFO if wanted.verbose else logging.WARNING)
    handler.addFilter(is_wanted)
    return handler


def _say_notices(ctx: click.Context, house: House) -> None:
    """What the settings and the state have to say. A person at a terminal has seen it; a log file has not."""
    house.decisions.load()  # a broken file is noticed now rather than after the results
    waiting = house.state.notices
    for sentence in (*house.loaded.notices, *waiting):
        warn(ctx, sentence)
    if waiting and sys.stderr.isatty() and not given(ctx).quiet:
        try:
            house.state.mark_seen(*waiting)
        except StoreError as error:
            logging.getLogger(__name__).info("notices stay unseen: %s", error)
