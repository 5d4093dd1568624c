"""The page Collections: which films are missing from the collections one has started, and what can be done about it."""

from __future__ import annotations

from plexgap.ui import parts, parts_collections, parts_lists, parts_notices, resources, state
from plexgap.ui.parts_head import Head, head
from plexgap.views.collections import collections, listed
from plexgap.views.missing import NEED_FIRST
from plexgap.views.said import standing_of_films

place = resources.PLACES.present()
zone = state.zone()
stamp = resources.stamp(place, zone)
report = state.report(place)
view = collections(report, zone)

parts_notices.demo_banner(place)
head(place, report, Head(view.heading, view.status, view.tone, resources.last_runs(place)), zone, stamp)
parts_notices.notices(place, report, zone, standing_of_films)
parts_collections.glance(view.glance)
first, left = view.need[:NEED_FIRST], max(0, len(view.need) - NEED_FIRST)
parts_lists.need_you(first, left, lambda film: parts_collections.need(place, film))
asked = parts_collections.asked(place, view.picks)
found = listed(report, asked, zone, checking=state.checking(), order=state.order(place, f"collections-{asked.sort}"))
state.keep_order(place, found.order, f"collections-{asked.sort}")
parts_collections.cards(place, found, report.as_of, zone)
parts_lists.ignored(place, view.ignored)
if view.glance:
    parts.film_credit()
parts_notices.foot()
