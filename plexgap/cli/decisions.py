"""`decisions`: what a person decided, to a file and back."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from plexgap.cli import output
from plexgap.cli.options import Form, shared
from plexgap.cli.session import Group, no_csv, session

_FILE = click.Path(path_type=Path, allow_dash=True)
_STREAM = Path("-")


@click.group("decisions", cls=Group)
@shared
def decisions() -> None:
    """Take what you decided to another installation."""


@decisions.command("export")
@click.argument("file", type=_FILE)
@shared
@click.pass_context
def export(ctx: click.Context, file: Path) -> None:
    """Write every ignore and every choice to FILE; - is standard output."""
    from plexgap.store.files import write_atomically

    with session(ctx) as now:
        no_csv(now.given)
        known = now.house.decisions.load()
        data = now.house.decisions.exported()
        if file == _STREAM:
            output.result(data.decode("utf-8", "surrogatepass"))
            return
        if file.is_dir():
            raise click.UsageError(f"{file} is a folder. Name a file.")
        if file.resolve() == now.house.paths.decisions.resolve():
            raise click.UsageError(f"{file} is where your decisions are kept. Name another file.")
        write_atomically(file, data, private=True)
        counted = _counted(len(known.ignores), len(known.overrides))
        if now.given.form is Form.JSON:
            output.result_json(
                {"version": 1, "done": "export", "ignores": len(known.ignores), "overrides": len(known.overrides)}
            )
        else:
            output.result(f"{counted} written to {file}.\n")


@decisions.command("import")
@click.argument("file", type=_FILE)
@shared
@click.pass_context
def take_in(ctx: click.Context, file: Path) -> None:
    """Add those of FILE to the ones here; - is standard input. Of two about the same the newer stands."""
    with session(ctx) as now:
        no_csv(now.given)
        done = now.house.decisions.take_in(_read(file), "Standard input" if file == _STREAM else str(file))
        if now.given.form is Form.JSON:
            output.result_json(
                {
                    "version": 1,
                    "done": "import",
                    "ignores": done.ignores,
                    "overrides": done.overrides,
                    "there": done.there,
                    "unreadable": done.unreadable,
                }
            )
            return
        there = f", {done.there} {'was' if done.there == 1 else 'were'} there already" if done.there else ""
        lines = [f"{_counted(done.ignores, done.overrides)} read{there}."]
        if done.unreadable:
            what = "1 more decision" if done.unreadable == 1 else f"{done.unreadable} more decisions"
            lines.append(f"{what} can't be read by this plexgap: kept, but without effect.")
        output.result_lines(lines)


def _read(file: Path) -> bytes:
    from plexgap.store.files import could_not

    if file == _STREAM:
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise could_not("read", file, error) from error


def _counted(ignores: int, overrides: int) -> str:
    """ "12 ignores and 3 choices", "1 ignore and 1 choice"."""
    from plexgap.views.words import count

    return f"{count(ignores, 'ignore')} and {count(overrides, 'choice')}"
