"""`paths`: where the files of the Plex server lie on this machine. Changes when that is shown or said otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from plexgap.cli import output
from plexgap.cli.options import Form, given, shared
from plexgap.cli.session import Group, load, no_csv, warn

if TYPE_CHECKING:
    from plexgap.config import Loaded


@click.group("paths", cls=Group)
@shared
def paths() -> None:
    """Where the files of the Plex server lie on this machine."""


@paths.command("list")
@shared
@click.pass_context
def list_them(ctx: click.Context) -> None:
    """Print the mappings."""
    wanted = given(ctx)
    no_csv(wanted)
    known = load(wanted).settings.path_mappings
    if wanted.form is Form.JSON:
        output.result_json([mapping.model_dump(mode="json") for mapping in known])
        return
    lines = [f"{each.plex} -> {each.local}{' (whatever the case)' if each.ignore_case else ''}" for each in known]
    output.result_lines(lines or ["No mapping: each path counts as Plex gives it."])


@paths.command("add")
@click.argument("plex")
@click.argument("local")
@click.option("--ignore-case", is_flag=True, help="Capital and small letters are the same in PLEX.")
@shared
@click.pass_context
def add(ctx: click.Context, plex: str, local: str, ignore_case: bool) -> None:
    """The folder PLEX of the server is the folder LOCAL here."""
    from plexgap.jobs.paths import add as added

    added(_writable(ctx), plex, local, ignore_case=ignore_case)
    _say(ctx, "add", plex, f"{plex} is {local} from now on.")


@paths.command("remove")
@click.argument("plex")
@shared
@click.pass_context
def remove(ctx: click.Context, plex: str) -> None:
    """Take the mapping of the server's folder PLEX away."""
    from plexgap.jobs.paths import remove as removed

    removed(_writable(ctx), plex)
    _say(ctx, "remove", plex, f"{plex} is not mapped any more.")


@paths.command("test")
@click.argument("path")
@shared
@click.pass_context
def test(ctx: click.Context, path: str) -> None:
    """Print what becomes of PATH as Plex gives it, and whether the file is there."""
    from plexgap.jobs.paths import tried

    wanted = given(ctx)
    no_csv(wanted)
    found = tried(path, load(wanted).settings.path_mappings)
    if wanted.form is Form.JSON:
        mapping = found.mapping.model_dump(mode="json") if found.mapping else None
        output.result_json({"path": found.path, "local": found.local, "mapping": mapping, "is_there": found.is_there})
        return
    by = f"by {found.mapping.plex}" if found.mapping else "no mapping fits"
    output.result_lines([f"{found.local} ({by})", "It is there." if found.is_there else "There is no such file here."])


def _writable(ctx: click.Context) -> Loaded:
    wanted = given(ctx)
    no_csv(wanted)
    if wanted.demo:
        raise click.UsageError("The settings of the invented library are never written.", ctx)
    loaded = load(wanted)
    for sentence in loaded.notices:
        warn(ctx, sentence)
    return loaded


def _say(ctx: click.Context, done: str, plex: str, sentence: str) -> None:
    if given(ctx).form is Form.JSON:
        output.result_json({"version": 1, "done": done, "plex": plex})
    else:
        output.result(f"{sentence}\n")
