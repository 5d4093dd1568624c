"""Decisions are found by a title exactly as if each of them were asked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plexgap.domain.decisions import TitleRef
from plexgap.domain.ids import ExternalId, Source
from plexgap.gaps.by_title import ByTitle
from plexgap.gaps.rules import same_title

_IDS = st.frozensets(st.builds(ExternalId, st.sampled_from(Source), st.sampled_from("123")), max_size=2)
_GUIDS = st.frozensets(st.sampled_from(["plex://show/a", "plex://show/b"]), max_size=1)
_TITLES = st.builds(
    TitleRef,
    _IDS,
    _GUIDS,
    st.sampled_from(["Atlas", "ATLAS", "Umbra"]),
    st.sampled_from([None, 2019]),
    st.sampled_from(["", "tv", "anime"]),
)


@given(st.lists(_TITLES, max_size=8), _TITLES)
def test_those_about_a_title_are_found_in_their_order(decided: list[TitleRef], title: TitleRef) -> None:
    found = ByTitle(enumerate(decided)).about(title)
    assert found == tuple(place for place, other in enumerate(decided) if same_title(other, title))
