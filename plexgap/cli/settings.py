"""`config`: the settings as they are in force, changing them, whether they are in order, and where they stand."""

from __future__ import annotations

import json
from collections.abc import Iterable

import click

from plexgap.cli import output
from plexgap.cli.exits import Exit
from plexgap.cli.options import Form, given, shared
from plexgap.cli.session import Group, config_path, load, no_csv, warn
from plexgap.domain.errors import ConfigError


@click.group("config", cls=Group, invoke_without_command=True)
@click.option("--show", "wants_show", is_flag=True, hidden=True)
@click.option("--set", "pairs", nargs=2, multiple=True, hidden=True)
@shared
@click.pass_context
def config(ctx: click.Context, wants_show: bool, pairs: tuple[tuple[str, str], ...]) -> None:
    """Show, change and check the settings."""
    if ctx.invoked_subcommand is not None:
        return
    for key, value in pairs:
        _as_typed(ctx, set_value, "--", key, value)
    if pairs:
        return
    if not wants_show:
        click.echo(ctx.get_help(), err=True)
        ctx.exit(Exit.USAGE)
    _as_typed(ctx, show)


@config.command("show")
@shared
@click.pass_context
def show(ctx: click.Context) -> None:
    """Print every setting, where it comes from, and secrets as stars."""
    from plexgap.config import Origin, masked

    wanted = given(ctx)
    no_csv(wanted)
    loaded = load(wanted)
    _say(ctx, loaded.notices)
    rows = masked(loaded)
    if wanted.form is Form.JSON:
        output.result_json(
            {row.key: {"value": row.value, "source": row.origin.value, "name": row.set_by or None} for row in rows}
        )
        return
    words = {
        Origin.DEFAULT: "default",
        Origin.CONFIG: loaded.config_path.name,
        Origin.DOTENV: ".env",
        Origin.ENVIRONMENT: "environment",
        Origin.OPTION: "option",
    }
    for row in rows:
        source = f"{words[row.origin]}: {row.set_by}" if row.set_by else words[row.origin]
        output.result(f"{row.key} = {json.dumps(row.value, ensure_ascii=False)}  ({source})\n")


@config.command("set")
@click.argument("key")
@click.argument("value", required=False)
@click.option("--add", multiple=True, metavar="VALUE", help="Put it into the list; may stand several times.")
@click.option("--remove", multiple=True, metavar="VALUE", help="Take it out of the list; may stand several times.")
@click.option("--default", is_flag=True, help="Back to the built-in value.")
@shared
@click.pass_context
def set_value(
    ctx: click.Context,
    key: str,
    value: str | None = None,
    add: tuple[str, ...] = (),
    remove: tuple[str, ...] = (),
    default: bool = False,
) -> None:
    """Set KEY, such as options.min_owned, to VALUE. A list is JSON, or changed with --add and --remove; a secret is -
    and stands on standard input."""
    from plexgap.cli.setting import change

    change(ctx, key, value, add, remove, default=default)


@config.command("validate")
@shared
@click.pass_context
def validate(ctx: click.Context) -> None:
    """Say whether the settings are in order. No file is changed, and no server is asked."""
    from plexgap.config import KEYS
    from plexgap.config.file import read

    wanted = given(ctx)
    no_csv(wanted)
    place = config_path(wanted)
    _, problem = read(place)
    if problem:
        raise ConfigError(str(place), problem, f"{place} is no settings file: {problem}.")
    loaded = load(wanted, write_defaults=False)
    _say(ctx, loaded.notices)
    empty = list(loaded.settings.lacking)
    if wanted.form is Form.JSON:
        output.result_json({"path": str(place), "exists": place.exists(), "keys": len(KEYS), "empty": empty})
        return
    state = "is in order" if place.exists() else "is not there, so the environment and the defaults count"
    output.result(f"{place} {state}.\n")
    if empty:
        output.result(f"A check needs these too: {', '.join(empty)}.\n")


@config.command("path")
@shared
@click.pass_context
def path(ctx: click.Context) -> None:
    """Print where the settings file stands."""
    wanted = given(ctx)
    no_csv(wanted)
    place = config_path(wanted)
    if wanted.form is Form.JSON:
        output.result_json({"path": str(place), "exists": place.exists()})
    else:
        output.result(f"{place}\n")


def _as_typed(ctx: click.Context, command: click.Command, *arguments: str) -> None:
    """Runs the command that stands behind an old form, its errors included."""
    with command.make_context(command.name, list(arguments), parent=ctx) as inner:
        command.invoke(inner)


def _say(ctx: click.Context, sentences: Iterable[str]) -> None:
    for sentence in sentences:
        warn(ctx, sentence)
