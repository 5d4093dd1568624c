"""The page Library: what waits for the person, what is odd, how complete everything is, and all titles to search."""

from __future__ import annotations

from plexgap.ui import parts_explore, parts_library, parts_notices, resources, state
from plexgap.ui.parts_head import Head, head
from plexgap.views.library import library
from plexgap.views.said import standing_of_library

place = resources.PLACES.present()
zone = state.zone()
stamp = resources.stamp(place, zone)
report = state.report(place)
view = library(report, zone)

parts_notices.demo_banner(place)
head(place, report, Head(view.heading, view.status, view.tone, resources.last_runs(place)), zone, stamp)
parts_notices.notices(place, report, zone, standing_of_library)
parts_library.tabs(
    lambda: parts_library.health(place, report, zone),
    lambda: parts_explore.explore(place, report, zone),
)
parts_notices.foot()
