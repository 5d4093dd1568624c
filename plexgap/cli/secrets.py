"""How a secret gets into a command: from standard input or from a terminal that does not show it, never from an
argument, which would stand in the shell's history and in the list of processes. Changes when there is another way.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

STDIN = "-"
_ASK = "\0ask"
F = TypeVar("F", bound=Callable[..., Any])


def secret_option(name: str, text: str) -> Callable[[F], F]:
    """An option that stands alone, or with - behind it."""
    return click.option(name, is_flag=False, flag_value=_ASK, metavar="[-]", help=text)


def read_secret(given: str, what: str, option: str) -> str:
    """The secret: a line of standard input for -, else asked for on the terminal. UsageError for an empty one, for one
    that stands in the command, and where there is no terminal to ask on."""
    if given == STDIN:
        found = sys.stdin.readline().strip()
    elif given != _ASK:
        raise click.UsageError(
            f"A secret in a command stays in the shell's history. Write {option} {STDIN} and give it on standard input."
        )
    elif not sys.stdin.isatty():
        raise click.UsageError(f"There is no terminal to ask on. Write {option} {STDIN} and give it on standard input.")
    else:
        found = str(click.prompt(what, hide_input=True, default="", show_default=False, err=True)).strip()
    if not found:
        raise click.UsageError(f"The {what} is empty.")
    return found
