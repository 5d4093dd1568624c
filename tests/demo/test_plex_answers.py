"""The invented Plex against recorded answers of real ones, and against plexapi."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from typing import Any

import pytest
import requests
from PIL import Image
from plexapi.exceptions import Unauthorized
from plexapi.server import PlexServer

from plexgap.demo.servers import DemoServers
from tests.demo.asking import ask_plex, plex_json
from tests.demo.shapes import PAYLOADS, always, recorded, strays

MOVIES, SHOWS = "/library/sections/1/all", "/library/sections/2/all"
# Documented (reference/plex.md 2-5), but in no recording that we have.
DOCUMENTED = {
    "skipParent": "bool",
    "skipChildren": "bool",
    "editionTitle": "string",
    "showOrdering": "string",
    "viewCount": "number",
    "lastViewedAt": "number",
    "titleSort": "string",
    "Preferences": "list",
}


def rows_of(*names: str) -> list[dict[str, Any]]:
    return [row for name in names for row in recorded(f"plex/{name}")["MediaContainer"]["Metadata"]]


MOVIE_ROWS = rows_of(
    "pms143_section_all_movies_includeguids.json", "section_all_movies_legacy.json", "metadata_full_movie_legacy.json"
)
# "The 100" as recorded, with the ids and slug that newer servers give every kind of row.
SHOW_ROWS = [row | {"slug": "", "Guid": [{"id": ""}]} for row in rows_of("section_all_shows_legacy.json")]
SEASON_ROWS = rows_of("show_children_seasons_legacy.json")
EPISODE_ROWS = rows_of("pms143_section_all_type4_includeguids.json", "season_children_episodes_legacy.json")
PAGES = [
    (f"{MOVIES}?type=1&includeGuids=1", MOVIE_ROWS),
    (f"{SHOWS}?type=2&includeGuids=1", SHOW_ROWS),
    (f"{SHOWS}?type=3", SEASON_ROWS),
    (f"{SHOWS}?type=4&includeGuids=1", EPISODE_ROWS),
]


@pytest.mark.parametrize(("path", "samples"), PAGES)
def test_rows_have_the_names_and_types_of_recorded_ones(
    demo: DemoServers, session: requests.Session, path: str, samples: list[dict[str, Any]]
) -> None:
    rows = plex_json(demo, session, path)["Metadata"]
    assert len(rows) > 50
    one_of_each = {tuple(row): row for row in rows}.values()
    assert not {stray for row in (*one_of_each, *rows[::20]) for stray in strays(row, samples, DOCUMENTED)}


@pytest.mark.parametrize(("path", "samples"), PAGES)
def test_what_every_recorded_row_has_an_ordinary_row_has_too(
    demo: DemoServers, session: requests.Session, path: str, samples: list[dict[str, Any]]
) -> None:
    # Cut from our samples or belonging to a legacy agent's show alone.
    not_ours = {"rating", "banner", "theme", "parentTheme", "audienceRatingImage"}
    rows = plex_json(demo, session, path)["Metadata"]
    ordinary = max(rows, key=len)
    assert always(samples) - not_ours <= set(ordinary)


@pytest.mark.parametrize(("path", "samples"), PAGES)
def test_xml_says_the_same_as_json(
    demo: DemoServers, session: requests.Session, path: str, samples: list[dict[str, Any]]
) -> None:
    answer = ask_plex(demo, session, path)
    assert answer.headers["Content-Type"].startswith("text/xml")
    root = ET.fromstring(answer.content)
    container = plex_json(demo, session, path)
    rows = container.pop("Metadata")
    assert (root.tag, dict(root.attrib)) == ("MediaContainer", as_xml(container)[0])
    assert [tree(element) for element in root] == [as_xml(row) for row in rows]
    assert {element.tag for element in root} <= {"Video", "Directory"}


def as_xml(row: dict[str, Any]) -> tuple[dict[str, str], list[tuple[str, Any]]]:
    plain = {k: str(int(v)) if isinstance(v, bool) else str(v) for k, v in row.items() if not isinstance(v, list)}
    return plain, [(name, as_xml(child)) for name, value in row.items() if isinstance(value, list) for child in value]


def tree(element: ET.Element) -> tuple[dict[str, str], list[tuple[str, Any]]]:
    return dict(element.attrib), [(child.tag, tree(child)) for child in element]


def test_xml_names_are_those_of_recorded_xml(demo: DemoServers, session: requests.Session) -> None:
    ours = ET.fromstring(ask_plex(demo, session, f"{SHOWS}?type=4&includeGuids=1").content)
    for path in ("ha_episode_modern_agent.xml", "ha_library_size_zero.xml"):
        real = ET.parse(PAYLOADS / "plex" / path).getroot()
        paged = {"totalSize", "offset", "sortAsc"}
        assert set(real.attrib) - paged <= set(ours.attrib)
        for theirs in real:
            # Cut from rows since, or only on seasons and seen episodes.
            assert set(theirs.attrib) - {"audienceRating", "parentYear"} <= {n for row in ours for n in row.attrib}
    sections = ET.fromstring(ask_plex(demo, session, "/library/sections").content)
    real = ET.parse(PAYLOADS / "plex" / "ha_library_sections.xml").getroot()
    assert set(real[0].attrib) <= set(sections[0].attrib)
    assert [child.tag for child in sections[0]] == [child.tag for child in real[0]]


def test_sections_identity_and_accounts_have_recorded_forms(demo: DemoServers, session: requests.Session) -> None:
    sample = recorded("plex/pms143_library_sections.json")["MediaContainer"]
    given = plex_json(demo, session, "/library/sections/all")
    assert not strays(given, [sample])
    # Only sections on metadata providers have a group.
    assert always(sample["Directory"]) - {"metadataAgentProviderGroupId"} <= set(given["Directory"][0])
    identity = session.get(demo.urls["plex"] + "/identity", headers={"Accept": "application/json"}, timeout=5).json()
    assert not strays(identity, [recorded("plex/pms143_identity.json")])
    assert not strays(plex_json(demo, session, "/accounts"), [recorded("plex/pms143_accounts.json")["MediaContainer"]])


def test_containers_have_recorded_forms(demo: DemoServers, session: requests.Session) -> None:
    page = {"X-Plex-Container-Start": "2", "X-Plex-Container-Size": "3"}
    given = plex_json(demo, session, f"{SHOWS}?type=4&includeGuids=1", **page)
    sample = recorded("plex/pms143_section_all_type4_includeguids.json")["MediaContainer"]
    assert set(sample) == set(given) | ({"title2"} & set(sample))
    show = demo.world.tagged("gaps_in_season")[0].rating_keys[0]
    children = plex_json(demo, session, f"/library/metadata/{show}/children")
    real = recorded("plex/show_children_seasons_legacy.json")["MediaContainer"]
    assert not strays(children, [real | {"Metadata": SEASON_ROWS}], DOCUMENTED)
    assert set(real["Directory"][0]) == set(children["Directory"][0])
    season = children["Metadata"][0]["ratingKey"]
    leaves = plex_json(demo, session, f"/library/metadata/{season}/children")
    real = recorded("plex/season_children_episodes_legacy.json")["MediaContainer"]
    assert not strays(leaves, [real | {"Metadata": EPISODE_ROWS}], DOCUMENTED)


def test_a_single_item_says_more_and_several_come_at_once(demo: DemoServers, session: requests.Session) -> None:
    film = demo.world.library.titled("Movies").films[0].key
    given = plex_json(demo, session, f"/library/metadata/{film}")["Metadata"][0]
    assert not strays(given, MOVIE_ROWS, DOCUMENTED)
    assert given["Media"][0]["Part"][0]["Stream"]
    truth = demo.world.tagged("dvd_order")[0].rating_keys[0]
    given = plex_json(demo, session, f"/library/metadata/{truth},{film},999999999?includePreferences=1")
    assert [row["ratingKey"] for row in given["Metadata"]] == [truth, str(film)]
    settings = {s["id"]: s["value"] for s in given["Metadata"][0]["Preferences"][0]["Setting"]}
    assert settings["showOrdering"] == "dvd"
    assert ask_plex(demo, session, "/library/metadata/999999999,999999998").status_code == 404


def test_a_shows_own_order_is_said_on_its_own_page_alone(demo: DemoServers, session: requests.Session) -> None:
    def key(tag: str) -> str:
        return demo.world.tagged(tag)[0].rating_keys[0]

    def setting(row: dict[str, Any]) -> str:
        (found,) = [s for s in row["Preferences"][0]["Setting"] if s["id"] == "showOrdering"]
        return str(found["value"])

    assert not any("showOrdering" in row for row in plex_json(demo, session, f"{SHOWS}?type=2")["Metadata"])
    asked = ",".join(key(tag) for tag in ("one_long_season", "order_unknown_to_us", "complete", "order_of_library"))
    rows = plex_json(demo, session, f"/library/metadata/{asked}?includePreferences=1")["Metadata"]
    set_on_show, unknown, plain, of_library = rows
    assert (set_on_show["showOrdering"], setting(set_on_show)) == ("aired", "aired")
    assert setting(unknown) == unknown["showOrdering"]
    assert unknown["showOrdering"] not in ("tmdbAiring", "aired", "dvd", "absolute")
    assert (setting(plain), setting(of_library)) == ("", "")
    assert "showOrdering" not in plain


def test_libraries_have_an_order_of_their_own(demo: DemoServers, session: requests.Session) -> None:
    found = {}
    for section in plex_json(demo, session, "/library/sections")["Directory"]:
        settings = plex_json(demo, session, f"/library/sections/{section['key']}/prefs").get("Setting", [])
        found[section["title"]] = {row["id"]: row["value"] for row in settings}.get("showOrdering")
    assert found == {
        "Movies": None,
        "TV Shows": "tmdbAiring",
        "Anime": "absolute",
        "Movies 4K": None,
        "Music": None,
    }


@pytest.mark.parametrize("kind", [1, 2, 3, 4])
def test_pages_put_together_are_the_whole_listing(demo: DemoServers, session: requests.Session, kind: int) -> None:
    path = f"{MOVIES if kind == 1 else SHOWS}?type={kind}&sort=addedAt:asc"
    whole = [row["ratingKey"] for row in plex_json(demo, session, path)["Metadata"]]
    size = 97
    pieces: list[str] = []
    total: int | None = None
    while total is None or len(pieces) < total:
        window = {"X-Plex-Container-Start": str(len(pieces)), "X-Plex-Container-Size": str(size)}
        page = plex_json(demo, session, path, **window)
        total = page["totalSize"]
        assert page["offset"] == len(pieces)
        assert page["size"] == len(page["Metadata"])
        pieces += [row["ratingKey"] for row in page["Metadata"]]
    assert pieces == whole
    backwards = plex_json(demo, session, path.replace("asc", "desc"))["Metadata"]
    assert [row["ratingKey"] for row in backwards] == whole[::-1]


def test_a_page_of_none_gives_only_the_total(demo: DemoServers, session: requests.Session) -> None:
    window = {"X-Plex-Container-Start": "0", "X-Plex-Container-Size": "0"}
    answer = ask_plex(demo, session, f"{SHOWS}?type=4", **window)
    root = ET.fromstring(answer.content)
    total = demo.world.library.titled("TV Shows").episode_count
    assert (root.get("size"), root.get("totalSize"), len(root)) == ("0", str(total), 0)
    assert answer.headers["X-Plex-Container-Total-Size"] == str(total)


def test_listings_sort_filter_and_leave_out_as_asked(demo: DemoServers, session: requests.Session) -> None:
    rows = plex_json(demo, session, f"{SHOWS}?type=4&sort=updatedAt:desc")["Metadata"]
    times = [row["updatedAt"] for row in rows]
    assert times == sorted(times, reverse=True)
    after = plex_json(demo, session, f"{SHOWS}?type=4&updatedAt>>={times[10]}")["Metadata"]
    assert {row["ratingKey"] for row in after} == {row["ratingKey"] for row in rows if row["updatedAt"] > times[10]}
    unseen = plex_json(demo, session, f"{SHOWS}?type=4&unwatched=1")["Metadata"]
    assert 0 < len(unseen) < len(rows)
    assert not any("viewCount" in row for row in unseen)
    split = demo.world.tagged("split_items")[0]
    guid = plex_json(demo, session, f"/library/metadata/{split.rating_keys[0]}")["Metadata"][0]["guid"]
    found = plex_json(demo, session, f"{SHOWS}?type=2&guid={guid}")["Metadata"]
    assert [row["ratingKey"] for row in found] == list(split.rating_keys)
    bare = plex_json(
        demo, session, f"{SHOWS}?type=4&excludeElements=Media,Guid&excludeFields=summary,thumb&includeGuids=1"
    )
    assert not {"Media", "Guid", "summary", "thumb"} & {key for row in bare["Metadata"] for key in row}
    assert ask_plex(demo, session, f"{SHOWS}?type=4&sort=nonsense").status_code == 400


def test_counts_of_shows_and_seasons_are_those_of_their_episodes(demo: DemoServers, session: requests.Session) -> None:
    episodes = plex_json(demo, session, f"{SHOWS}?type=4")["Metadata"]
    for row in plex_json(demo, session, f"{SHOWS}?type=2")["Metadata"]:
        own = [episode for episode in episodes if episode["grandparentRatingKey"] == row["ratingKey"]]
        assert row["leafCount"] == len(own)
        assert row["viewedLeafCount"] == sum("viewCount" in episode for episode in own)
        assert row["childCount"] == len({episode["parentIndex"] for episode in own})
    for row in plex_json(demo, session, f"{SHOWS}?type=3")["Metadata"]:
        own = [
            e
            for e in episodes
            if e["grandparentRatingKey"] == row["parentRatingKey"] and e["parentIndex"] == row["index"]
        ]
        assert row["leafCount"] == len(own) > 0


@pytest.mark.parametrize("token", ["", "wrong"])
def test_a_wrong_token_is_refused_in_html(demo: DemoServers, session: requests.Session, token: str) -> None:
    headers = {"Accept": "application/json"} | ({"X-Plex-Token": token} if token else {})
    for path in ("/", "/library/sections", SHOWS, "/nowhere"):
        answer = session.get(demo.urls["plex"] + path, headers=headers, timeout=5)
        assert answer.status_code == 401
        assert answer.headers["Content-Type"].startswith("text/html")
        assert "Unauthorized" in answer.text
    assert session.get(demo.urls["plex"] + "/identity", timeout=5).status_code == 200


def test_what_is_not_there_is_404_in_html(demo: DemoServers, session: requests.Session) -> None:
    for path in ("/nowhere", "/library/sections/99/all", "/library/metadata/1", "/library/metadata/999999999/children"):
        answer = ask_plex(demo, session, path, Accept="application/json")
        assert answer.status_code == 404
        assert answer.headers["Content-Type"].startswith("text/html")


def test_posters_are_drawn_in_the_size_asked_and_need_the_token(demo: DemoServers, session: requests.Session) -> None:
    shows = plex_json(demo, session, f"{SHOWS}?type=2")["Metadata"]
    first, second = shows[0]["thumb"], shows[1]["thumb"]
    scaled = ask_plex(demo, session, f"/photo/:/transcode?width=120&height=180&minSize=1&url={first}")
    assert scaled.headers["Content-Type"] == "image/jpeg"
    with Image.open(io.BytesIO(scaled.content)) as picture:
        assert picture.size == (120, 180)
    assert ask_plex(demo, session, first).content != ask_plex(demo, session, second).content
    assert session.get(demo.urls["plex"] + first, timeout=5).status_code == 401


def test_plexapi_reads_it_as_a_real_server(demo: DemoServers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLEXAPI_PLEXAPI_AUTORELOAD", "false")
    connect: Any = PlexServer  # plexapi has no types
    plex = connect(demo.urls["plex"], demo.world.plex_token)
    assert (plex.friendlyName, plex.machineIdentifier) == (demo.world.name, demo.world.machine_id)
    assert [section.title for section in plex.library.sections()] == [
        "Movies",
        "TV Shows",
        "Anime",
        "Movies 4K",
        "Music",
    ]
    section = plex.library.section("TV Shows")
    assert section.totalSize == len(section.all()) == len(demo.world.library.titled("TV Shows").entries)
    show = section.get("The Lantern Keepers")
    assert [e.seasonEpisode for e in show.episodes()][:2] == ["s01e01", "s01e02"]
    assert [season.index for season in show.seasons()] == [1, 2, 3, 4, 5]
    episode = plex.fetchItem(int(show.episodes()[0].ratingKey))
    assert {guid.id.partition(":")[0] for guid in episode.guids} == {"imdb", "tmdb", "tvdb"}
    assert episode.media[0].parts[0].file.endswith("S01E01.mkv")
    newest = section.searchEpisodes(sort="addedAt:desc", maxresults=3, container_size=3)
    assert newest[0].addedAt >= newest[1].addedAt >= newest[2].addedAt
    with pytest.raises(Unauthorized):
        connect(demo.urls["plex"], "wrong")


def test_odd_rows_are_as_odd_as_real_ones(demo: DemoServers, session: requests.Session) -> None:
    def leaves(tag: str) -> list[dict[str, Any]]:
        key = demo.world.tagged(tag)[0].rating_keys[0]
        rows: list[dict[str, Any]] = plex_json(demo, session, f"/library/metadata/{key}/allLeaves?includeGuids=1")[
            "Metadata"
        ]
        return rows

    assert all(
        "index" not in row and row["originallyAvailableAt"] in row["Media"][0]["Part"][0]["file"]
        for row in leaves("date_based")
    )
    assert all("parentRatingKey" not in row and row["skipParent"] for row in leaves("flattened_seasons"))
    assert all(
        row["guid"].startswith("com.plexapp.agents.thetvdb://") and "Guid" not in row
        for row in leaves("legacy_thetvdb")
    )
    assert leaves("legacy_thetvdb")[0]["guid"].endswith("/1/1?lang=en")
    assert all(row["guid"].startswith("local://") and "year" not in row for row in leaves("local_guid"))
    assert max(len(row["Media"]) for row in leaves("two_copies")) == 2
    assert "S01E01-E02" in leaves("multi_episode_file")[0]["Media"][0]["Part"][0]["file"]
    empty = demo.world.tagged("empty_show")[0].rating_keys[0]
    assert "Metadata" not in plex_json(demo, session, f"/library/metadata/{empty}/children")
