"""Where words go: results to standard output and nothing else, everything else to standard error."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable


def result(text: str) -> None:
    """Writes a result. A reader that went away (`| head`) is no error: what is left goes nowhere, without a word."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_the_rest()


def result_lines(lines: Iterable[str]) -> None:
    result("".join(f"{line}\n" for line in lines))


def result_json(value: object) -> None:
    result(json.dumps(value, indent=1, ensure_ascii=False) + "\n")


def say(sentence: str) -> None:
    """Writes a sentence beside the results; one that nobody can read any more is dropped."""
    try:
        sys.stderr.write(f"{sentence}\n")
        sys.stderr.flush()
    except BrokenPipeError:
        return


def one_line(text: str) -> str:
    """The text without line breaks and without what a terminal would obey: titles may hold anything."""
    return "".join(c if c.isprintable() else " " for c in text)


def _drop_the_rest() -> None:
    """Points standard output at nothing, so that the interpreter's own last flush has somewhere to go."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def prepare() -> None:
    """Results are UTF-8 wherever they go; a terminal that can't show a character shows its escape."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace", encoding=None if stream.isatty() else "utf-8")
