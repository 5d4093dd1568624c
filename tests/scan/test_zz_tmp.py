import pytest
from tests.scan.conftest import *
from tests.scan.test_truth import seen, stated


@pytest.mark.parametrize("seed", range(3, 23))
def test_x(install, seed):
    i = install(seed=seed)
    done = i.scan()
    shows = {key: s for s in i.report.shows for key in s.rating_keys}
    tags = {
        "title_search",
        "title_search_bracket_year",
        "merged_at_tmdb",
        "no_usable_id",
        "deleted_at_tmdb",
        "local_guid",
        "same_name",
    }
    ts = [t for t in i.demo.world.truths if t.tags & tags]
    print(seed, done.stats.requests["tmdb"], round(done.stats.requests["tmdb"] / done.stats.shows, 3))
    assert {t.title + str(t.rating_keys): seen(shows[t.rating_keys[0]]) for t in ts} == {
        t.title + str(t.rating_keys): stated(t) for t in ts
    }
