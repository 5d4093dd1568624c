"""The options that every command takes, before or after its name, and those of several. Changes when one comes or goes.

Source: design/interface.md 3, "Global". Each option notes itself in the context's `meta`, which a command shares with
the groups around it; the one nearest to the command wins.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import click

from plexgap.domain.library import Kind

_META = "plexgap.given"
F = TypeVar("F", bound=Callable[..., Any])


class Form(StrEnum):
    """How a result is written."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Given:
    """The global options as the person gave them; None and False: not given. `as_of` is aware, UTC."""

    config: Path | None = None
    home: Path | None = None
    db_path: Path | None = None
    plex_url: str | None = None
    as_of: datetime | None = None
    form: Form = Form.TEXT
    no_cache: bool = False
    clear_cache: bool = False
    include_future: bool = False
    include_specials: bool = False
    verbose: bool = False
    debug: bool = False
    quiet: bool = False
    json_events: bool = False
    demo: bool = False

    def overrides(self) -> dict[str, object]:
        """The settings that these options stand above, by dotted key."""
        values: dict[str, object] = {}
        if self.plex_url is not None:
            values["plex_base_url"] = self.plex_url
        if self.db_path is not None:
            values["db_path"] = str(self.db_path)
        if self.include_future:
            values["options.exclude_future"] = False
        if self.include_specials:
            values["options.exclude_specials"] = False
        return values


_KINDS = {"shows": Kind.SHOW, "movies": Kind.MOVIE}
only = click.option(
    "--only",
    type=click.Choice(list(_KINDS)),
    callback=lambda ctx, param, value: _KINDS.get(value),
    help="Leave the other kind out.",
)
libraries = click.option(
    "--library", "libraries", multiple=True, metavar="NAME", help="This library only; may stand several times."
)


def _moment(text: str) -> datetime:
    """An ISO 8601 date or moment; without a zone it is UTC, a date alone is its first moment."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise click.BadParameter(f"{text!r} is no date or moment, such as 2026-11-20T10:00:00Z.") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def shared(command: F) -> F:
    """Adds the global options, the ones people know from older tools hidden among them, to a command or group."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def given(ctx: click.Context) -> Given:
    """The global options of this invocation, wherever they stood. UsageError where two can't stand together."""
    values = Given(**ctx.meta.get(_META, {}))
    if values.quiet and (values.verbose or values.debug):
        raise click.UsageError("-q and -v or --debug can't stand together.", ctx)
    return values


def _note(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    if value is not None and value is not False and param.name is not None:
        ctx.meta.setdefault(_META, {})[param.name] = Form(value) if param.name == "form" else value


def _option(*names: str, **settings: Any) -> Callable[[F], F]:
    return click.option(*names, expose_value=False, callback=_note, **settings)


def _flag(*names: str, text: str = "", hidden: bool = False) -> Callable[[F], F]:
    return _option(*names, is_flag=True, default=None, help=text, hidden=hidden)


_PATH = click.Path(path_type=Path)
_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    _option("--config", type=_PATH, metavar="FILE", help="Settings file in the place of config.json."),
    _option("--home", type=_PATH, metavar="FOLDER", help="Data folder in the place of data/."),
    _option("--db-path", type=_PATH, metavar="FILE", help="library.db somewhere else."),
    _option("--plex-url", metavar="URL", help="Address of the Plex server."),
    _option("--as-of", type=_moment, metavar="ISO8601", help="Judge as if this were now; UTC without a zone."),
    _option("--format", "form", type=click.Choice([form.value for form in Form]), help="Form of the results."),
    _flag("--no-cache", text="Ask the catalogue again instead of using kept listings."),
    _flag("--include-future", text="Count dated future episodes as missing."),
    _flag("--include-specials", text="List specials too, counted apart."),
    _flag("-v", "verbose", text="Every line, and what is being done."),
    _flag("--debug", text="Everything that happens, on standard error."),
    _flag("-q", "quiet", text="Results only."),
    _flag("--json-events", text="Progress as JSON lines on standard error."),
    _flag("--demo", text="Use the built-in invented library."),
    _flag("--verbose", "verbose", hidden=True),
    _flag("--quiet", "quiet", hidden=True),
    _flag("--clear-cache", hidden=True),
)
