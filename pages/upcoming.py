"""The page Upcoming: what airs next, by day or on a calendar, and where to subscribe to it."""

from __future__ import annotations

from plexgap.ui import parts, parts_notices, parts_upcoming, resources, state
from plexgap.views.upcoming import upcoming

place = resources.PLACES.present()
zone = state.zone()
stamp = resources.stamp(place, zone)
report = state.report(place)
view = upcoming(report, zone, place.house.settings.options.recent_threshold_hours)

parts.watch(lambda: resources.stamp(place, zone), stamp)
parts_notices.demo_banner(place)
looked = parts_upcoming.head(place, view)
parts_notices.notices(place, report, zone, None)
if view.quiet:
    parts.quiet(view.quiet)
parts_upcoming.nearest(view.nearest)
parts_upcoming.ahead(report, zone, view.lanes, looked)
if view.lanes:
    parts.credit(place.catalogues)
parts_notices.foot()
