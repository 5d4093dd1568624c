"""`cache`: what is kept of the catalogues, and emptying it."""

from __future__ import annotations

import click

from plexgap.cli import output
from plexgap.cli.exits import Exit
from plexgap.cli.options import Form, given, shared
from plexgap.cli.session import Group, load, no_csv


@click.group("cache", cls=Group, invoke_without_command=True)
@click.option("--clear", "wants_clear", is_flag=True, hidden=True)
@shared
@click.pass_context
def cache(ctx: click.Context, wants_clear: bool) -> None:
    """What is kept of the catalogues, and emptying it."""
    if ctx.invoked_subcommand is not None:
        return
    if not wants_clear:
        click.echo(ctx.get_help(), err=True)
        ctx.exit(Exit.USAGE)
    ctx.invoke(clear)


@cache.command("stats")
@shared
@click.pass_context
def stats(ctx: click.Context) -> None:
    """Print how many listings are kept, their size, and the age of the oldest."""
    from plexgap.store.cache import Listings
    from plexgap.views.export import moment_text

    wanted = given(ctx)
    no_csv(wanted)
    kept = Listings(load(wanted).paths.cache).stats()
    oldest = moment_text(kept.oldest) if kept.oldest else None
    if wanted.form is Form.JSON:
        output.result_json({"titles": kept.titles, "bytes": kept.bytes, "oldest": oldest})
        return
    age = f", the oldest of {kept.oldest:%Y-%m-%d}" if kept.oldest else ""
    titles = "1 listing" if kept.titles == 1 else f"{kept.titles:,} listings"
    output.result(f"{titles}, {kept.bytes / 1_000_000:.1f} MB{age}.\n")


@cache.command("clear")
@shared
@click.pass_context
def clear(ctx: click.Context) -> None:
    """Empty it: the next check asks the catalogue for everything again. Nothing you decided is touched."""
    from plexgap.jobs.keeping import clear_all

    wanted = given(ctx)
    no_csv(wanted)
    removed = clear_all(load(wanted).paths)
    if wanted.form is Form.JSON:
        output.result_json({"removed": removed})
    else:
        output.result(f"Emptied: {'1 file' if removed == 1 else f'{removed:,} files'}.\n")
