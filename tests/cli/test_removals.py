"""A library that lost much at once, on the command line: held back, said, asked about, and let go when that is said."""

from __future__ import annotations

from pathlib import Path

from plexgap.cli.exits import Exit
from plexgap.demo.servers import DemoServers
from plexgap.demo.world import CASES, make_world
from plexgap.domain.verdicts import State
from tests.cli.running import Cli
from tests.support import unlimited

_TITLES = 60


def test_a_third_of_a_library_is_kept_until_the_person_lets_it_go(tmp_path: Path) -> None:
    with DemoServers(make_world(episodes=1, films=1, cases=CASES[:_TITLES])) as demo:
        cli = Cli.at(unlimited(tmp_path), demo.exports())
        assert cli("scan", "-q").code == Exit.GAPS
        held = cli("gaps", "--format", "json").out
        shows = demo.world.library.titled("TV Shows").entries
        gone = shows[: max(21, len(shows) * 3 // 10)]
        with_gaps = next(t for t in demo.world.truths if t.state is State.GAPS and t.libraries == ("TV Shows",))
        assert with_gaps.rating_keys[0] in [str(entry.key) for entry in gone]
        for entry in list(gone):
            if entry in demo.world.library.titled("TV Shows").entries:
                demo.change.remove_show(entry.title, entry.year)
        for _ in range(2):
            kept = cli("scan")
            assert kept.code == Exit.PARTIAL
            assert "--accept-removals" in kept.out + kept.err
            assert "no longer in Plex" in kept.out + kept.err
            assert cli("gaps").code == Exit.PARTIAL
            assert with_gaps.title in cli("gaps", "--format", "json").out
        accepted = cli("scan", "--accept-removals")
        assert accepted.code == Exit.GAPS
        assert "--accept-removals" not in accepted.out + accepted.err
        after = cli("gaps", "--format", "json").out
        assert with_gaps.title not in after
        assert after != held
