"""Path mappings: a table of what becomes of which path, and keeping them in config.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from plexgap.config import Loaded, PathMapping, load
from plexgap.domain.errors import ConfigError
from plexgap.gaps.paths import local_path
from plexgap.jobs import paths

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "paths.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_a_path_is_mapped_by_its_components(case: dict[str, Any]) -> None:
    mappings = [
        PathMapping(plex=plex, local=local, ignore_case=bool(rest and rest[0])) for plex, local, *rest in case["map"]
    ]
    found, by = local_path(case["from"], mappings)
    assert found == case.get("to", case["from"])
    assert (by is not None) == ("to" in case)


@pytest.fixture
def loaded(tmp_path: Path) -> Loaded:
    return load(tmp_path, env={}, write_defaults=True)


def stored(loaded: Loaded) -> object:
    return json.loads(loaded.config_path.read_bytes())["path_mappings"]


def test_a_mapping_is_kept_replaced_and_removed(loaded: Loaded) -> None:
    one = paths.add(loaded, "/data", "/mnt")
    two = paths.add(one, "/data/", "/srv", ignore_case=True)
    assert stored(two) == [{"plex": "/data/", "local": "/srv", "ignore_case": True}]
    assert stored(paths.remove(two, "/data")) == []


def test_a_folder_that_is_taken_from_the_environment_stays_so_when_others_come_and_go(tmp_path: Path) -> None:
    named = {"plex": "/data", "local": "${MEDIA_ROOT}"}
    (tmp_path / "config.json").write_text(json.dumps({"path_mappings": [named]}), encoding="utf-8")
    one = paths.add(load(tmp_path, env={"MEDIA_ROOT": "/mnt/films"}), "/other", "/srv")
    assert stored(one) == [named, {"plex": "/other", "local": "/srv", "ignore_case": False}]
    assert stored(paths.remove(one, "/other")) == [named]


@pytest.mark.parametrize(("plex", "local"), [("", "/mnt"), ("data", "/mnt"), ("/data", "mnt"), ("/data/../x", "/mnt")])
def test_half_a_path_is_refused_and_nothing_is_written(loaded: Loaded, plex: str, local: str) -> None:
    before = loaded.config_path.read_bytes()
    with pytest.raises(ConfigError, match="whole path"):
        paths.add(loaded, plex, local)
    assert loaded.config_path.read_bytes() == before


def test_removing_what_is_not_there_is_refused(loaded: Loaded) -> None:
    with pytest.raises(ConfigError, match="no such mapping"):
        paths.remove(loaded, "/data")


def test_trying_a_path_says_whether_the_file_is_there(tmp_path: Path) -> None:
    (tmp_path / "a.mkv").touch()
    mapping = PathMapping(plex="/data", local=str(tmp_path))
    assert paths.tried("/data/a.mkv", [mapping]).is_there
    missing = paths.tried("/data/b.mkv", [mapping])
    assert (missing.is_there, missing.local, missing.mapping) == (False, str(tmp_path / "b.mkv"), mapping)
    assert not paths.tried("/data/\0", [mapping]).is_there
