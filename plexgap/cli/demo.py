"""`demo`: the invented library as real servers on this machine, for a second terminal or another program, or scanned
and compared with what it states."""

from __future__ import annotations

import shlex
import signal
import threading
from collections.abc import Mapping

import click

from plexgap.cli import output
from plexgap.cli.exits import Exit
from plexgap.cli.options import Form, given, shared
from plexgap.cli.session import command, no_csv, warn

_WAIT_S = 0.5


@command("demo")
@click.option(
    "--ports",
    type=click.IntRange(1, 65530),
    metavar="BASE",
    help="Port of Plex; TMDB has the next one, and so on. Default: free ones.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed is another library.")
@click.option("--episodes", type=click.IntRange(min=1), default=2500, show_default=True, help="How large it is, about.")
@click.option("--films", type=click.IntRange(min=1), default=300, show_default=True, help="How many films, about.")
@click.option("--verify", is_flag=True, help="Scan it and compare every verdict with what the library states.")
@click.option(
    "--seeds", type=click.IntRange(min=1), default=1, help="With --verify: this many libraries, from --seed on."
)
@shared
@click.pass_context
def demo(ctx: click.Context, ports: int | None, seed: int, episodes: int, films: int, verify: bool, seeds: int) -> None:
    """Serve an invented library until Ctrl-C, and print the lines that point plexgap at it.

    With --verify nothing is served for others: the library is scanned in full into a folder of its own, and precision
    and recall of missing episodes and of states are printed by tag. Exit code 1 where anything differs.
    """
    wanted = given(ctx)
    no_csv(wanted)
    if verify:
        _verify(ctx, range(seed, seed + seeds), episodes, wanted.form)
        return
    if seeds > 1:
        raise click.UsageError("--seeds goes with --verify.", ctx)
    _serve(ctx, ports, seed, episodes, films, wanted.form)


def _verify(ctx: click.Context, seeds: range, episodes: int, form: Form) -> None:
    from plexgap.cli import verifying

    found = verifying.verify(seeds, episodes, lambda sentence: warn(ctx, sentence))
    if form is Form.JSON:
        output.result_json(verifying.as_json(found))
    else:
        output.result_lines(verifying.as_text(found))
    ctx.exit(Exit.NOTHING_MISSING if found.exact else Exit.GAPS)


def _serve(ctx: click.Context, ports: int | None, seed: int, episodes: int, films: int, form: Form) -> None:
    from plexgap.demo.servers import serve

    ended = threading.Event()
    before = {number: signal.signal(number, lambda *_: ended.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with serve(ports, seed, episodes, films) as servers:
            output.result(_exports(servers.exports(), form))
            warn(ctx, "The demo library is up. Ctrl-C ends it.")
            while not ended.wait(_WAIT_S):
                pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _exports(names: Mapping[str, str], form: Form) -> str:
    if form is Form.JSON:
        import json

        return json.dumps(dict(names)) + "\n"
    return "".join(f"export {name}={_quoted(value)}\n" for name, value in names.items())


def _quoted(value: str) -> str:
    quoted = shlex.quote(value)
    return quoted if quoted.startswith("'") else f"'{quoted}'"
