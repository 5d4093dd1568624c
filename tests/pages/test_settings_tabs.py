"""The further tabs of the page Settings: what counts, links, schedule, version."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from plexgap.config import ROOT, save
from plexgap.demo.servers import DemoServers
from plexgap.ui import resources
from plexgap.ui.resources import PLACES
from plexgap.views.settings import PRESETS
from tests.pages.conftest import LONG_S, Open
from tests.pages.reading import missing, source, text

HOSTILE = "<script>alert(1)</script> ![x](http://example.invalid/x.png)"


def field(name: str) -> str:
    return f"{name}-{PLACES.number}"


def stored(home: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((home / "config.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture
def settings(checked: None, open_app: Open) -> AppTest:
    return open_app().switch_page("pages/settings.py").run()


def test_what_counts_is_kept_and_counts_at_once(settings: AppTest, home: Path) -> None:
    settings.switch_page("pages/missing.py").run()
    before = missing(settings)
    settings.switch_page("pages/settings.py").run()
    settings.selectbox(key=field("missing-policy")).set_value("latest_season")
    settings.selectbox(key=field("default-order")).set_value("dvd")
    settings.number_input(key=field("recent-threshold-hours")).set_value(48)
    settings.checkbox(key=field("sp")).set_value(True)
    settings.checkbox(key=field("fu")).set_value(True)
    settings.number_input(key=field("min-owned")).set_value(2)
    settings.number_input(key=field("min-collection-size")).set_value(3)
    settings.number_input(key=field("min-runtime-minutes")).set_value(40)
    settings.checkbox(key=field("adult")).set_value(True)
    settings.checkbox(key=field("video")).set_value(True)
    settings.text_area(key=field("excluded-shows")).set_value(f" The Lantern Keepers \n\n{HOSTILE}\n{HOSTILE}")
    settings.selectbox(key=field("provider")).set_value("tmdb")
    settings.button(key="save-counts").click().run()
    assert "Saved. It counts from now on." in text(settings)
    assert stored(home)["options"] == {
        "exclude_future": False,
        "exclude_specials": False,
        "recent_threshold_hours": 48,
        "missing_policy": "latest_season",
        "default_order": "dvd",
        "min_collection_size": 3,
        "min_owned": 2,
        "include_adult": True,
        "include_video": True,
        "min_runtime_minutes": 40,
    }
    assert stored(home)["exclusions"]["shows"] == ["The Lantern Keepers", HOSTILE]
    assert stored(home)["provider"] == "tmdb"
    assert settings.text_area(key=field("excluded-shows")).value == f"The Lantern Keepers\n{HOSTILE}"
    assert "<script>" not in source(settings)
    settings.switch_page("pages/missing.py").run()
    assert missing(settings) != before
    assert "The Lantern Keepers" not in text(settings)


def test_what_counts_may_begin_at_an_episode_and_a_wrong_one_changes_nothing(settings: AppTest, home: Path) -> None:
    before = (home / "config.json").read_bytes()
    settings.selectbox(key=field("missing-policy")).set_value("from")
    settings.button(key="save-counts").click().run()
    assert settings.error[0].value.startswith("Enter an episode from which on it counts")
    assert (home / "config.json").read_bytes() == before
    settings.selectbox(key=field("missing-policy")).set_value("from")
    settings.text_input(key=field("missing-start")).set_value("2x5")
    settings.button(key="save-counts").click().run()
    assert stored(home)["options"]["missing_policy"] == "from:S02E05"
    assert settings.text_input(key=field("missing-start")).value == "S02E05"


def test_a_catalogue_without_a_key_is_not_asked_alone(
    open_app: Open, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_app()
    monkeypatch.delenv("TVDB_API_KEY")
    PLACES.reopen()
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=LONG_S).run().switch_page("pages/settings.py").run()
    app.selectbox(key=field("provider")).set_value("tvdb")
    app.button(key="save-counts").click().run()
    assert "There is no key of TheTVDB yet" in app.error[0].value
    assert stored(home)["provider"] == "auto"


def test_links_of_ones_own_stand_beside_the_gaps_and_can_be_removed(
    settings: AppTest, home: Path, demo: DemoServers
) -> None:
    settings.button(key="save-links").click().run()
    assert stored(home)["link_templates"] == [
        {"label": "NZBHydra2", "url": "http://127.0.0.1:5076/?mode=search&category=All&query={query}"}
    ]
    settings.selectbox(key=field("link-preset")).set_value("An address of your own").run()
    settings.text_input(key=field("link-label-3")).set_value("A <b> & B")
    settings.text_input(key=field("link-url-3")).set_value("https://find.invalid/?q={title}&at={code}")
    settings.button(key="save-links").click().run()
    assert [each["label"] for each in stored(home)["link_templates"]] == ["NZBHydra2", "A <b> & B"]
    assert "A &lt;b&gt; &amp; B" in source(settings)

    settings.session_state["open-tmdb-" + lantern()] = True
    settings.switch_page("pages/missing.py").run()
    labels = [(link.proto.label, link.proto.url) for link in settings.get("link_button")]
    assert (
        "NZBHydra2",
        "http://127.0.0.1:5076/?mode=search&category=All&query=The%20Lantern%20Keepers%20S02",
    ) in labels
    assert (r"A \<b\> \& B", "https://find.invalid/?q=The%20Lantern%20Keepers&at=S02") in labels
    first = next(truth for truth in demo.world.truths if truth.title == "The Lantern Keepers").missing[0]
    code = f"S{first[0]:02d}E{first[1]:02d}"
    assert f'href="https://find.invalid/?q=The%20Lantern%20Keepers&amp;at={code}"' in source(settings)

    settings.switch_page("pages/settings.py").run()
    settings.button(key=f"unlink-{PLACES.number}-0").click().run()
    assert [each["label"] for each in stored(home)["link_templates"]] == ["A <b> & B"]


def test_a_link_that_a_terminal_made_or_took_meanwhile_stays_so(settings: AppTest, home: Path) -> None:
    preset, other = {"label": "NZBHydra2", "url": PRESETS["NZBHydra2"]}, {"label": "Other", "url": "https://o.invalid"}
    settings.button(key="save-links").click().run()
    save(PLACES.own(), {"link_templates": [other, preset]})
    settings.button(key=f"unlink-{PLACES.number}-0").click().run()
    assert stored(home)["link_templates"] == [other]
    save(PLACES.own(), {"link_templates": []})
    settings.button(key="save-links").click().run()
    assert stored(home)["link_templates"] == [preset]
    save(PLACES.own(), {"link_templates": []})
    settings.button(key="save-links").click().run()
    assert stored(home)["link_templates"] == [preset]


def test_a_link_that_is_taken_from_the_environment_stays_so_when_others_come_and_go(
    open_app: Open, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_INDEXER", "https://private.invalid/?q={query}")
    app = open_app().switch_page("pages/settings.py").run()
    named, preset = {"label": "Mine", "url": "${MY_INDEXER}"}, {"label": "NZBHydra2", "url": PRESETS["NZBHydra2"]}
    save(PLACES.own(), {"link_templates": [named]})
    app.button(key="save-links").click().run()
    assert stored(home)["link_templates"] == [named, preset]
    app.button(key=f"unlink-{PLACES.number}-1").click().run()
    assert stored(home)["link_templates"] == [named]


def lantern() -> str:
    """TMDB's number of the show, as its card is called."""
    report = resources.report(PLACES.present())
    return next(show.title_id for show in report.shows if show.title == "The Lantern Keepers").removeprefix("tmdb-")


def test_a_link_that_is_none_is_refused_in_its_own_words(settings: AppTest, home: Path) -> None:
    settings.selectbox(key=field("link-preset")).set_value("An address of your own").run()
    settings.text_input(key=field("link-label-3")).set_value("Mine")
    settings.text_input(key=field("link-url-3")).set_value("https://find.invalid/?apikey=abcdef&q={query}")
    settings.button(key="save-links").click().run()
    assert "holds no key" in settings.error[0].value
    assert stored(home)["link_templates"] == []


def test_a_link_without_a_name_asks_for_one(settings: AppTest, home: Path) -> None:
    settings.text_input(key=field("link-label-0")).set_value(" ")
    settings.button(key="save-links").click().run()
    assert settings.error[0].value.replace("\\", "") == "Give the link a name."
    assert stored(home)["link_templates"] == []


def test_debrid_media_manager_can_be_moved_and_left_out(settings: AppTest, home: Path) -> None:
    settings.text_input(key=field("dmm-base-url")).set_value("dmm.invalid")
    settings.button(key="save-dmm").click().run()
    assert stored(home)["dmm_base_url"] == "http://dmm.invalid"
    settings.switch_page("pages/missing.py").run()
    assert "http://dmm.invalid/show/tt" in source(settings)
    settings.switch_page("pages/settings.py").run()
    settings.checkbox(key=field("include-dmm-link")).set_value(False)
    settings.button(key="save-dmm").click().run()
    settings.switch_page("pages/missing.py").run()
    assert "dmm.invalid" not in source(settings)


def test_what_the_environment_says_of_links_is_locked(
    open_app: Open, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DMM_BASE_URL", "https://dmm.invalid")
    app = open_app().switch_page("pages/settings.py").run()
    assert app.text_input(key=field("dmm-base-url")).disabled
    assert "Set by DMM_BASE_URL in the environment. Change it there." in text(app)
    app.checkbox(key=field("include-dmm-link")).set_value(False)
    app.button(key="save-dmm").click().run()
    assert stored(home)["include_dmm_link"] is False
    assert stored(home)["dmm_base_url"] == "https://debridmediamanager.com"


def test_the_schedule_says_what_works(settings: AppTest) -> None:
    assert "The scheduler of your system can do that too" in text(settings)
    assert any("scan -q" in code.value for code in settings.code)
