"""What strangers read first is true: config.example.json, README.md and Streamlit's own settings."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from streamlit import config as streamlit_config

from plexgap.cli.main import plexgap
from plexgap.config import FROM_ENV, KEYS, Origin, Settings, load

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands(group: click.Group, before: str = "") -> Iterator[str]:
    """Every command as people type it: `scan`, `config show`."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        inner = tuple(commands(command, f"{name} ")) if isinstance(command, click.Group) else ()
        yield from (before + line for line in inner or (name,))


def test_the_example_loads_says_every_key_and_is_what_a_first_start_writes(tmp_path: Path) -> None:
    found = load(tmp_path, env={}, config_path=ROOT / "config.example.json")
    assert found.settings == Settings()
    assert found.notices == ()
    assert set(found.origins) == set(KEYS)
    assert set(found.origins.values()) == {Origin.CONFIG}
    load(tmp_path, env={}, write_defaults=True)
    assert json.loads((ROOT / "config.example.json").read_bytes()) == json.loads(
        (tmp_path / "config.json").read_bytes()
    )


@pytest.mark.parametrize("command", sorted(commands(plexgap)))
def test_the_readme_names_the_command(command: str) -> None:
    assert f"`{command}`" in README or f"`{command} " in README


@pytest.mark.parametrize(
    "words", ["python3 app.py", "python3 app.py --demo", "python3 app.py --test", "python -m plexgap"]
)
def test_the_readme_names_the_way_to_start(words: str) -> None:
    assert words in README


def test_the_readme_names_only_variables_that_exist() -> None:
    named = {
        word.strip("`(),|") for word in README.split() if word.startswith(("`PLEX_", "`TMDB_", "`DMM_", "`INCLUDE_"))
    }
    assert named
    assert named <= set(FROM_ENV)


def test_streamlit_listens_to_this_computer_alone_and_asks_nobody() -> None:
    wanted = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert wanted["server"]["address"] == "127.0.0.1"
    assert wanted["server"]["allowedHosts"] == ["127.0.0.1", "localhost"]
    assert wanted["server"]["fileWatcherType"] == "none"
    assert wanted["browser"]["gatherUsageStats"] is False
    assert wanted["client"]["toolbarMode"] == "minimal"
    assert "enableCORS" not in wanted["server"]
    assert "enableXsrfProtection" not in wanted["server"]


def test_streamlit_knows_every_option_that_its_settings_name() -> None:
    def dotted(section: dict[str, object], before: str = "") -> Iterator[str]:
        for name, value in section.items():
            yield from dotted(value, f"{before}{name}.") if isinstance(value, dict) else (before + name,)

    wanted = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    known = streamlit_config.get_config_options()
    assert set(dotted(wanted)) <= set(known)
