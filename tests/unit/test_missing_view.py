"""What the page Missing says: headings, counts that add up, cards, opened shows, notices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from plexgap.domain.catalogue import Candidate
from plexgap.domain.decisions import Ignore, Level, Override, TitleRef
from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.errors import BadAnswer, PlexgapError, Rejected, ScanRunning, Unreachable
from plexgap.domain.events import RunStatus
from plexgap.domain.ids import Source
from plexgap.domain.verdicts import State
from plexgap.store.runs import CUT_OFF
from plexgap.views.card import Ask, card, need
from plexgap.views.missing import MissingView, Tone, differences, missing, missing_title
from plexgap.views.opened import opened, rechecked, rejudged
from plexgap.views.report import NOT_CHECKED, Group, HeldBack, Report, SeasonReport, ShowReport, Unread, WatchlistReport
from plexgap.views.said import Offer, run_failed, standing
from tests.lettered import NOW, report, show

LANTERN = show("The Lantern Keepers", "h" * 10, "hhhhmhhhhhhhh", "h" * 10, "hhmhmmmhhh", "hauu")
NORTHBOUND = show("Northbound", "hhhhmh", year=2021)
ENDED = show("Paper Wolves", "mmmm", "hhh", year=2009, group=Group.ARCHIVED, status="Ended")
WHOLE = show("Kestrel House", "hhhh", "hhuu", year=2001)
ENDED_WHOLE = show("Salt Road", "hhh", year=2004)
IGNORED = show("Half Seen", "hihh", year=2012)
UNWANTED = replace(WHOLE, seasons=(SeasonReport(1, "iii", aired=0, held=0, lines=()), *WHOLE.seasons[1:]))
UNASKED = show("New Here", state=State.UNKNOWN, reason=NOT_CHECKED)
FAILED = show("Umbra", "hhmm", year=2020, state=State.UNKNOWN, reason="TMDB did not answer", stale=True)
NAMELESS = show("Wintering", year=2014, state=State.NEEDS_MAPPING, reason="Plex knows no id for it")


def view(*shows: ShowReport, status: RunStatus | None = RunStatus.OK) -> MissingView:
    return missing(report(*shows, status=status), UTC)


def counts(seen: MissingView) -> list[str]:
    return [f"{c.value} {''.join(word for word, _ in c.words)}" for c in seen.counters]


def test_the_heading_is_the_answer() -> None:
    assert view(LANTERN, NORTHBOUND, ENDED, WHOLE).heading == "10 episodes are missing"
    assert view(NORTHBOUND).heading == "1 episode is missing"
    assert view(WHOLE).heading == "Nothing is missing"
    assert view(WHOLE, FAILED).heading == "Nothing is missing in 1 of 2 shows"
    assert view(FAILED, NAMELESS).heading == "No show could be judged"
    assert view(status=None).heading == "Not checked yet"
    assert view(UNASKED, status=RunStatus.STOPPED).heading == "Not checked yet"
    assert view().heading == "No show to check"


def test_where_only_specials_are_missing_they_are_the_answer() -> None:
    seen = view(WHOLE, replace(show("Salt Road", "hhh", specials="mmh"), state=State.GAPS))
    assert seen.heading == "2 specials are missing"
    assert seen.status == "Checked 3 h ago, all 2 shows."
    assert counts(seen)[1] == "0 missing in ongoing shows"
    assert seen.quiet is None


IN_PART: Mapping[str, dict[str, Any]] = {
    "a library that was not read": {"unread": (Unread("Anime", "Plex did not answer."),)},
    "titles that wait for their removal": {"held_back": (HeldBack("TV Shows", 24),)},
    "a watchlist that was not read": {"watchlist": WatchlistReport(("TV Shows",), read_at=NOW, is_old=True)},
}


@pytest.mark.parametrize("more", IN_PART.values(), ids=list(IN_PART))
def test_of_what_was_not_read_nothing_is_claimed(more: dict[str, Any]) -> None:
    seen = missing(replace(report(WHOLE, ENDED_WHOLE), **more), UTC)
    assert seen.heading == "Nothing is missing of what could be judged"
    assert seen.quiet is not None
    assert "your library" not in seen.quiet.heading.removesuffix(" is in your library")
    assert "these 2 shows" in seen.quiet.heading
    assert seen.tone is Tone.AMBER
    assert seen.quiet.heading.startswith("Nothing that counts" if "held_back" in more else "Every aired episode of")


def test_the_navigation_names_the_same_number_as_the_heading() -> None:
    assert missing_title(report(LANTERN, ENDED)) == "Missing 9"
    assert missing_title(report(WHOLE)) == "Missing"


def test_counters_say_whole_phrases_and_what_was_not_judged_by_itself() -> None:
    assert counts(view(LANTERN, NORTHBOUND, ENDED, WHOLE, FAILED, NAMELESS)) == [
        "6 shows, 1 complete",
        "6 missing in 2 ongoing shows",
        "4 missing in 1 archived show",
        "4 upcoming, 4 in 7 days",
        "2 need you, 1 not checked",
    ]
    assert counts(view(WHOLE, FAILED))[-1] == "1 needs you, 1 not checked"
    assert counts(view(show("Alone", "hh"))) == [
        "1 show, 1 complete",
        "0 missing in ongoing shows",
        "0 missing in archived shows",
        "0 upcoming",
        "0 need you",
    ]
    assert counts(view(UNASKED, status=None))[-1] == "1 still to be checked"


@pytest.mark.parametrize(
    ("shows", "status", "said", "tone"),
    [
        ((LANTERN, WHOLE), RunStatus.OK, "Checked 3 h ago, all 2 shows.", Tone.QUIET),
        ((LANTERN,), RunStatus.OK, "Checked 3 h ago.", Tone.QUIET),
        ((LANTERN, WHOLE), RunStatus.PARTIAL, "Checked 3 h ago, all 2 shows.", Tone.QUIET),
        ((LANTERN, WHOLE, NAMELESS), RunStatus.OK, "Checked 3 h ago, 2 of 3 shows.", Tone.QUIET),
        (
            (LANTERN, FAILED),
            RunStatus.PARTIAL,
            "Checked 3 h ago. 1 show could not be checked; showing what was known on Tuesday.",
            Tone.AMBER,
        ),
        (
            (LANTERN, UNASKED),
            RunStatus.STOPPED,
            "You stopped the last check 3 h ago. 1 show is still to be checked.",
            Tone.AMBER,
        ),
        (
            (LANTERN,),
            RunStatus.FAILED,
            "The last check ended early, 3 h ago.",
            Tone.AMBER,
        ),
        (
            (),
            RunStatus.PARTIAL,
            "Plex lists no show in the libraries you chose. Choose others in Settings.",
            Tone.AMBER,
        ),
        ((), RunStatus.OK, "Plex lists no show in the libraries you chose. Choose others in Settings.", Tone.AMBER),
    ],
)
def test_the_status_line_says_when_how_much_and_what_it_lacks(
    shows: tuple[ShowReport, ...], status: RunStatus, said: str, tone: Tone
) -> None:
    seen = view(*shows, status=status)
    assert (seen.status, seen.tone) == (said, tone)


TODAY, LONG_AGO, FIRST = NOW - timedelta(hours=4), NOW - timedelta(days=40), None


@pytest.mark.parametrize(
    ("status", "ago", "advice", "before", "said"),
    [
        (RunStatus.STOPPED, 0, "", TODAY, "You stopped the check. Showing what was known today at 10:00."),
        (RunStatus.STOPPED, 3, "", TODAY, "You stopped the last check 3 h ago. Showing what was known today at 10:00."),
        (RunStatus.STOPPED, 0, "", FIRST, "You stopped the check."),
        (
            RunStatus.FAILED,
            0,
            "Plex refused the token.",
            LONG_AGO,
            "The last check ended early, just now. Showing what was known on 12 Oct 2026.",
        ),
        (RunStatus.STOPPED, 3, CUT_OFF, FIRST, "The last check was cut off 3 h ago."),
        (
            RunStatus.STOPPED,
            0,
            CUT_OFF,
            TODAY,
            "The last check was cut off just now. Showing what was known today at 10:00.",
        ),
    ],
)
def test_after_a_check_that_was_cut_short_it_is_said_of_when_that_is_which_is_shown(
    status: RunStatus, ago: int, advice: str, before: datetime | None, said: str
) -> None:
    made = report(LANTERN, status=status, ago=timedelta(hours=ago), before=before)
    assert made.last_run is not None
    seen = missing(replace(made, last_run=replace(made.last_run, advice=advice)), UTC)
    assert (seen.status, seen.tone) == (said, Tone.AMBER)


def test_a_service_that_refused_its_key_leaves_the_status_line_in_doubt() -> None:
    made = report(LANTERN, WHOLE, status=RunStatus.PARTIAL)
    assert made.last_run is not None
    assert missing(replace(made, last_run=replace(made.last_run, refused_by=("TheTVDB",))), UTC).tone is Tone.AMBER


def test_a_check_that_was_cut_off_is_not_told_as_stopped_by_the_person() -> None:
    """As a power cut leaves it: the next check closes its record (store/runs.py)."""
    made = report(LANTERN, status=RunStatus.STOPPED)
    assert made.last_run is not None
    seen = missing(replace(made, last_run=replace(made.last_run, advice=CUT_OFF)), UTC)
    assert (seen.status, seen.tone) == ("The last check was cut off 3 h ago.", Tone.AMBER)


def test_specials_are_said_apart() -> None:
    seen = view(show("With Specials", "hm", specials="mh"))
    assert seen.heading == "1 episode is missing"
    assert seen.status.endswith("1 special apart.")


def test_a_card_says_what_is_missing_by_season() -> None:
    drawn = card(LANTERN, NOW, UTC)
    assert (drawn.missing, drawn.held) == ("5 missing", "39 of 45 held")
    assert drawn.about == "TV Shows · ongoing, S05 E03 tomorrow"
    assert [chip.text for chip in drawn.chips] == ["S02 E05", "S04 E03, E05-E07", "S05 E02 just aired"]
    assert drawn.chips[0].url == "https://dmm.invalid/show/tt0000001/2"
    assert drawn.chips[0].spoken == "S02 E05: open season 2 of The Lantern Keepers in Debrid Media Manager, new tab"
    assert drawn.chips[2].url == ""
    assert drawn.bar == ("h" * 10, "hhhhmhhhhhhhh", "h" * 10, "hhmhmmmhhh", "hauu")
    assert drawn.bar_spoken == "39 of 45 aired episodes held, 5 missing, 1 just aired, 2 upcoming"


def test_a_card_shows_three_seasons_and_counts_the_rest() -> None:
    drawn = card(show("Long", *["hm"] * 5), NOW, UTC)
    assert [chip.text for chip in drawn.chips] == ["S01 E02", "S02 E02", "S03 E02"]
    assert drawn.more == "and 2 more seasons"
    assert card(show("Long", *["hm"] * 4), NOW, UTC).more == "and 1 more season"


def test_a_whole_season_is_one_chip_and_specials_have_no_link() -> None:
    assert card(show("Whole", "mmm"), NOW, UTC).chips[0].text == "S01, all 3"
    special = card(show("Special", "hh", specials="hm"), NOW, UTC)
    assert (special.missing, special.chips[0].text, special.chips[0].url) == ("1 special missing", "S00 E02", "")


def test_an_archived_show_says_how_it_ended() -> None:
    assert card(ENDED, NOW, UTC).about == "TV Shows · archived, ended"


def test_an_opened_show_lists_what_is_absent_season_by_season() -> None:
    seen = opened(LANTERN, NOW, UTC, 24)
    assert seen.judged == "Judged by TMDB in aired order, checked 3 h ago"
    assert [(one.name, one.note) for one in seen.seasons] == [
        ("Season 2", "1 of 13 aired missing"),
        ("Season 4", "4 of 10 aired missing"),
        ("Season 5", "nothing missing, 1 just aired"),
    ]
    assert [line.code for line in seen.seasons[1].lines] == ["E03", "E05", "E06", "E07"]
    assert seen.seasons[1].numbers == (3, 5, 6, 7)
    assert seen.seasons[2].lines[0].badge == "just aired, counts as missing from tomorrow"
    assert seen.seasons[2].links == ()
    assert seen.seasons[0].lines[0].why == "Nothing carries 2x5. Last looked today at 11:00."


def test_the_hour_is_said_when_an_episode_counts_as_missing_later_today() -> None:
    line = opened(LANTERN, NOW, UTC, 20).seasons[2].lines[0]
    assert line.badge == "just aired, counts as missing from 20:00 today"


def test_a_wholly_missing_season_is_folded_and_says_its_span() -> None:
    one = opened(ENDED, NOW, UTC, 24).seasons[0]
    assert one.note == "all 4 episodes missing · 1 Feb - 22 Feb 2011"
    assert one.folded == "Show the 4 episodes"


def test_an_undated_episode_is_listed_between_aired_ones_only() -> None:
    seen = opened(show("Undated", "hdhm", "hhdd"), NOW, UTC, 24)
    assert [(line.code, line.date, line.badge) for line in seen.seasons[0].lines] == [
        ("E02", "date unknown", "not counted"),
        ("E04", "22 Feb 2011", ""),
    ]
    assert len(seen.seasons) == 1
    assert seen.seasons[0].numbers == (4,)


def test_a_show_judged_by_other_means_says_what_is_missing_now() -> None:
    assert rejudged([EpisodeNumber(1, 1)] * 3, None) == "Judged anew: 3 missing."
    assert rejudged([], None) == "Judged anew: nothing is missing."
    assert rejudged([], "plex did not answer") == "Judged anew: Plex did not answer."


def test_a_complete_show_opened_says_so() -> None:
    assert opened(WHOLE, NOW, UTC, 24).quiet == "All 6 aired episodes are held."


def test_an_override_is_said_where_the_show_is_judged() -> None:
    said = opened(show("Chosen", "hm", chosen=Override(LANTERN.ref, NOW, 7)), NOW, UTC, 24).judged
    assert "by your word" in said


def test_what_was_chosen_of_a_show_is_said_where_it_is_opened() -> None:
    chosen = Override(LANTERN.ref, NOW, order="dvd", policy="from:S02E05", specials=False)
    judged = replace(WHOLE, provider=Source.TVDB, order="dvd", order_source="override", chosen=chosen)
    seen = opened(judged, NOW, UTC, 24)
    assert seen.judged.startswith("Judged by TheTVDB in DVD order, by your word, checked")
    assert seen.said == "You chose: what aired from S02 E05 on counts, its specials are left out."
    assert opened(WHOLE, NOW, UTC, 24).said == ""


@pytest.mark.parametrize(
    ("filled", "new", "left", "reason", "said"),
    [
        (2, 1, 3, None, "Checked just now: 2 filled, 1 new, 3 remain."),
        (1, 0, 0, None, "Checked just now: 1 filled, nothing is missing."),
        (0, 0, 1, None, "Checked just now: nothing changed, 1 remains."),
        (0, 0, 0, "TMDB lists it no more", "Checked just now: TMDB lists it no more."),
    ],
)
def test_checking_again_answers_in_one_sentence(
    filled: int, new: int, left: int, reason: str | None, said: str
) -> None:
    some = [EpisodeNumber(1, number) for number in range(1, 9)]
    assert rechecked(some[:filled], some[:new], some[:left], reason) == said


def test_a_show_that_needs_the_person_says_why_and_what_was_known() -> None:
    seen = need(FAILED, NOW, UTC)
    assert (seen.badge, seen.ask) == ("Not checked", Ask.RETRY)
    assert seen.lines == ("TMDB did not answer.", "What was known on Tuesday: 2 episodes missing, S01 E03-E04.")
    asked = need(NAMELESS, NOW, UTC)
    assert (asked.badge, asked.ask, asked.lines) == (
        "Which show is this?",
        Ask.IDENTIFY,
        ("Plex knows no id for it. Match it in Plex and check again, or say which show it is.",),
    )
    assert need(show("Off", state=State.SUSPECT, reason="x"), NOW, UTC).badge == "Numbers look off"


def test_nothing_missing_says_what_comes_next() -> None:
    quiet = view(WHOLE).quiet
    assert quiet is not None
    assert quiet.text == "Next: tomorrow, 1 episode, first Kestrel House S02 E03."
    assert view(LANTERN).quiet is None
    before = view(status=None).quiet
    assert before is not None
    assert before.heading == "Ready for the first check"
    during = missing(report(status=None), UTC, checking=True).quiet
    assert during is not None
    assert during.heading == "The first check runs"


@pytest.mark.parametrize(
    ("shows", "heading"),
    [
        ((WHOLE,), "Every aired episode is in your library"),
        ((WHOLE, IGNORED), "Nothing that counts is missing from your library"),
        ((show("Out Today", "hha"),), "Nothing that counts is missing from your library"),
        ((WHOLE, FAILED), "Every aired episode of this show is in your library"),
        ((WHOLE, ENDED_WHOLE, FAILED), "Every aired episode of these 2 shows is in your library"),
        ((IGNORED, FAILED), "Nothing that counts is missing from this show"),
        ((UNWANTED,), "Nothing that counts is missing from your library"),
    ],
)
def test_the_calm_card_claims_no_more_than_is_so(shows: tuple[ShowReport, ...], heading: str) -> None:
    quiet = view(*shows).quiet
    assert quiet is not None
    assert quiet.heading == heading


def test_what_comes_next_is_named_by_the_readers_calendar() -> None:
    evening = replace(report(WHOLE), as_of=datetime(2026, 11, 21, 3, 0, tzinfo=UTC))
    quiet = missing(evening, ZoneInfo("America/New_York")).quiet
    assert quiet is not None
    assert quiet.text.startswith("Next: on Sunday, 1 episode")


def test_ignores_in_force_stand_at_the_foot() -> None:
    title = TitleRef(frozenset(), frozenset(), "Paper Wolves")
    made = Ignore("k1", title, Level.EPISODE, NOW - timedelta(days=50), season=1, numbers=(4,))
    row = missing(report(WHOLE, ignores=(made,)), UTC).ignored[0]
    assert (row.key, row.title, row.what, row.detail) == (
        "k1",
        "Paper Wolves",
        "S01 E04",
        "since 2 Oct 2026, for good.",
    )


def test_a_title_that_is_markup_stays_the_text_it_is() -> None:
    hostile = show("<b>&![x](http://a.invalid)", "hm")
    assert card(hostile, NOW, UTC).title == "<b>&![x](http://a.invalid)"


def test_differences_count_shows_that_would_look_different() -> None:
    before = report(LANTERN, WHOLE, UNASKED)
    assert differences(before, before) == 0
    assert differences(before, report(LANTERN, WHOLE, UNASKED, ago=timedelta(0))) == 0
    assert differences(before, report(show("The Lantern Keepers", "h" * 10), WHOLE, UNASKED, NORTHBOUND)) == 2


@pytest.mark.parametrize(
    ("error", "strong", "offers"),
    [
        (Rejected("Plex", "401"), "Plex refused the token.", (Offer.SETTINGS,)),
        (Rejected("TMDB", "401"), "TMDB refused the key.", (Offer.ANOTHER_KEY,)),
        (Unreachable("Plex", "no connection"), "Plex did not answer", (Offer.TRY_AGAIN, Offer.SETTINGS)),
        (BadAnswer("Plex", "HTML"), "The last check ended early.", (Offer.TRY_AGAIN, Offer.SETTINGS)),
        (
            ScanRunning(datetime(2026, 11, 21, 13, 2, tzinfo=UTC), "the schedule"),
            "Another check runs since today 14:02, started by the schedule.",
            (Offer.WATCH,),
        ),
    ],
    ids=lambda given: type(given).__name__ if isinstance(given, PlexgapError) else "",
)
def test_each_failure_has_its_own_sentence(error: PlexgapError, strong: str, offers: tuple[Offer, ...]) -> None:
    said = run_failed(error, error.advice, "", "http://192.168.1.20:32400", report(LANTERN), ZoneInfo("Europe/Oslo"))
    assert (said.strong, said.offers) == (strong, offers)


def test_plex_away_says_where_it_was_looked_for_and_how_old_the_library_is() -> None:
    said = run_failed(Unreachable("Plex", "x"), "", "", "http://192.168.1.20:32400", report(LANTERN), UTC)
    assert said.text == "at 192.168.1.20. Showing your library as of today 11:00."


def test_a_fault_of_ours_says_where_in_the_log() -> None:
    assert run_failed(None, "", "7F3A", "http://x", report(), UTC).text == "It is in the log as 7F3A."


def partial(*shows: ShowReport, held_back: tuple[HeldBack, ...] = ()) -> Report:
    return report(*shows, status=RunStatus.PARTIAL, held_back=held_back)


def test_many_shows_that_could_not_be_checked_are_one_notice() -> None:
    failed = [
        show(f"Away {number}", "hhm", state=State.UNKNOWN, reason="TMDB did not answer", stale=True)
        for number in range(7)
    ]
    said = standing(partial(LANTERN, *failed), UTC)[0]
    assert said.strong == "7 of 8 shows could not be checked."
    assert said.text == "They keep what was known on Tuesday and are in no total. TMDB did not answer."
    assert len(said.shows) == 7


@pytest.mark.parametrize(
    ("failed", "drawn", "strong", "text"),
    [
        (1, 0, "1 of 2 shows could not be checked.", "It keeps what was known on Tuesday and is in no total."),
        (3, 2, "3 of 4 shows could not be checked.", "They keep what was known on Tuesday and are in no total."),
        (4, 4, "4 of 5 shows could not be checked.", "They keep what was known on Tuesday and are in no total."),
        (3, 3, "", ""),
        (1, 1, "", ""),
    ],
)
def test_shows_that_could_not_be_checked_are_said_unless_each_of_a_few_stands_on_the_page(
    failed: int, drawn: int, strong: str, text: str
) -> None:
    away = [
        show(f"Away {number}", "hhm", state=State.UNKNOWN, reason="TMDB did not answer", stale=True)
        for number in range(failed)
    ]
    seen = standing(partial(LANTERN, *away), UTC, [one.title_id for one in away[:drawn]])
    assert [said.strong for said in seen] == ([strong] if strong else [])
    assert all(said.text.startswith(text) for said in seen)
    assert all(said.offers == (Offer.RETRY_SHOWS, Offer.SHOW_NEEDS) for said in seen)


def test_a_library_not_read_whole_is_said_but_not_before_the_first_check() -> None:
    unread = (Unread("TV Shows", "Plex gave fewer episodes than it announced"),)
    (said,) = standing(replace(partial(LANTERN), unread=unread), UTC)
    assert said.strong == "TV Shows was not read whole."
    assert said.text == "Plex gave fewer episodes than it announced. What was known of it stays."
    assert said.offers == (Offer.TRY_AGAIN,)
    assert standing(replace(partial(LANTERN), unread=unread, last_run=None), UTC) == ()


def test_a_suspect_show_says_its_best_guess_and_offers_to_be_believed() -> None:
    reason = "19 of 52 episodes in Plex match nothing TMDB lists in aired order."
    drawn = need(show("Northbound", "hhmm", state=State.SUSPECT, reason=reason), NOW, UTC)
    assert drawn.lines == (reason, "If it is the right show, 2 of 4 aired episodes are missing.")
    assert [offered.label for offered in drawn.offered] == ["It is the right show"]


def test_a_removal_held_back_asks_what_to_do() -> None:
    said = standing(partial(LANTERN, held_back=(HeldBack("TV Shows", 24),)), UTC)[0]
    assert said.strong == "24 titles are no longer in TV Shows."
    assert said.offers == (Offer.KEEP, Offer.TAKE_OUT)


@pytest.mark.parametrize(
    ("found", "labels"),
    [
        ((("Northbound", 1999), ("Northbound", 2014)), ["It is the 1999 series", "It is the 2014 series"]),
        ((("NORTHBOUND!", 1999),), ["It is the 1999 series"]),
        ((("Northbound", 1999), ("North Bounds", 2014)), ["It is Northbound (1999)", "It is North Bounds (2014)"]),
        ((("Northbound", 2014), ("Northbound", None)), ["It is Northbound (2014)", "It is Northbound"]),
        (
            (("Northbound", 2014), ("Northbound", 2014)),
            ["It is Northbound (2014), number 1", "It is Northbound (2014), number 2"],
        ),
        ((), []),
    ],
)
def test_each_candidate_is_a_button_that_tells_it_from_the_others(
    found: tuple[tuple[str, int | None], ...], labels: list[str]
) -> None:
    candidates = tuple(Candidate(Source.TMDB, n, title, year) for n, (title, year) in enumerate(found, start=1))
    asked = replace(NAMELESS, title="Northbound (1999)", candidates=candidates)
    drawn = need(asked, NOW, UTC)
    assert [offered.label for offered in drawn.offered] == labels
    assert [offered.show_id for offered in drawn.offered] == [candidate.show_id for candidate in candidates]


def test_the_first_three_candidates_are_buttons_each_of_its_own_catalogue() -> None:
    several = (Candidate(Source.TMDB, n, "Wintering", 2000 + n) for n in range(1, 6))
    candidates = (Candidate(Source.TVDB, 9, "Wintering", 2000), *several)
    offered = need(replace(NAMELESS, candidates=candidates), NOW, UTC).offered
    assert [(each.provider, each.show_id) for each in offered] == [
        (Source.TVDB, 9),
        (Source.TMDB, 1),
        (Source.TMDB, 2),
    ]


def test_opened_show_says_if_its_title_led_to_it() -> None:
    found = replace(WHOLE, reason="Found by its title and year. Plex knows no id for it.")
    said = opened(found, NOW, UTC, 24).judged
    assert said.endswith("checked 3 h ago. Found by its title and year. Plex knows no id for it.")
    assert opened(WHOLE, NOW, UTC, 24).judged.endswith("checked 3 h ago")
    assert "did not answer" not in opened(FAILED, NOW, UTC, 24).judged
