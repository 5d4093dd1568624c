"""`demo --verify`, as a person runs it."""

from __future__ import annotations

import json

from tests.cli.running import Cli
from tests.support import FEW_FILMS


def test_verify_scans_each_world_and_is_exact(cli: Cli) -> None:
    done = cli("demo", "--verify", "--seed", 3, "--seeds", 2, "--episodes", 1, "--films", FEW_FILMS, "--format", "json")
    found = json.loads(done.out)
    assert (done.code, found["exact"], found["differences"]) == (0, True, [])
    assert found["seeds"] == [3, 4]
    assert [line.partition(":")[0] for line in done.err.splitlines()] == ["Seed 3", "Seed 4"]
    total = found["tags"][-1]
    assert total["tag"] == "total"
    assert total["titles"] > 110
    assert total["missing"]["stated"] > 50


def test_verify_prints_a_line_for_each_tag_and_says_what_differs(cli: Cli) -> None:
    done = cli("demo", "--verify", "--episodes", 1, "--films", FEW_FILMS, "-q")
    heading, *lines = done.out.splitlines()
    assert heading.split() == ["tag", "titles", "missing", "precision", "recall", "states", "precision", "recall"]
    rows = {line.split()[0]: line.split()[1:] for line in lines[: lines.index("")]}
    assert rows["renumbered"][2:4] == ["1.000", "1.000"]
    assert list(rows)[-1] == "total"
    assert ("Exact in every world." in lines) is (done.code == 0)
    assert done.err == ""


def test_seeds_without_verify_is_no_command(cli: Cli) -> None:
    done = cli("demo", "--seeds", 2)
    assert (done.code, "--verify" in done.err) == (2, True)
