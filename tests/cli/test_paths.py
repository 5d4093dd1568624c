"""`paths`: mappings kept in config.json, and a path tried out."""

from __future__ import annotations

import json

from tests.cli.running import Cli


def test_a_mapping_is_added_listed_tried_and_removed(cli: Cli) -> None:
    assert "No mapping" in cli("paths", "list").out
    here = cli.home / "films"
    here.mkdir()
    assert cli("paths", "add", "/data/films", here, "--ignore-case").out == f"/data/films is {here} from now on.\n"
    assert cli("paths", "list").out == f"/data/films -> {here} (whatever the case)\n"
    (here / "a.mkv").touch()
    assert cli("paths", "test", "/Data/Films/a.mkv").out == f"{here}/a.mkv (by /data/films)\nIt is there.\n"
    tried = json.loads(cli("paths", "test", "/data/tv/a.mkv", "--format", "json").out)
    assert tried == {"path": "/data/tv/a.mkv", "local": "/data/tv/a.mkv", "mapping": None, "is_there": False}
    assert cli("paths", "remove", "/data/films/").code == 0
    assert json.loads(cli("paths", "list", "--format", "json").out) == []


def test_half_a_path_or_an_unknown_one_is_refused(cli: Cli) -> None:
    refused = cli("paths", "add", "data", "/mnt")
    assert (refused.code, refused.out) == (2, "")
    assert "data is no whole path." in refused.err
    assert cli("paths", "remove", "/nowhere").code == 2


def test_the_settings_of_the_invented_library_are_never_written(cli: Cli) -> None:
    assert cli("paths", "add", "/data", "/mnt", "--demo").code == 2
    assert not (cli.home / "data" / "demo" / "config.json").exists()
