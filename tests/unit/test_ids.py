from __future__ import annotations

from typing import Any

import pytest

from plexgap.domain.ids import ExternalId, Source, external_id, first_id, ids_of, parse_guid, parse_guids
from tests.support import cases


@pytest.mark.parametrize("case", cases("guids"))
def test_outside_id_in_a_guid(case: dict[str, Any]) -> None:
    found = parse_guid(case["guid"])
    assert (str(found) if found else None) == case["id"]


def test_all_ids_of_a_source_are_kept_in_a_fixed_order() -> None:
    ids = parse_guids(["tvdb://900", "tvdb://81189", "tvdb://100", "imdb://tt0903747", "plex://show/x"])
    assert ids_of(ids, Source.TVDB) == ("100", "900", "81189")
    assert first_id(ids, Source.TMDB) is None


def test_id_zero_of_a_catalogue_is_none() -> None:
    assert external_id(Source.TVDB, 0) is None
    assert external_id(Source.TMDB, 1396) == ExternalId(Source.TMDB, "1396")
