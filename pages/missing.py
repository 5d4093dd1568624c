"""The page Missing: what is absent, show by show, and what can be done about it."""

from __future__ import annotations

from plexgap.ui import parts, parts_export, parts_lists, parts_notices, parts_show, resources, state
from plexgap.ui.parts_head import Head, head
from plexgap.views.missing import missing

place = resources.PLACES.present()
zone = state.zone()
report = state.report(place)
view = missing(report, zone, checking=state.checking(), order=state.order(place))
state.keep_order(place, tuple(show.title_id for lane in view.lanes for show in lane.shows))

parts_notices.demo_banner(place)
head(place, report, Head(view.heading, view.status, view.tone, resources.last_runs(place)), zone)
parts_notices.notices(place, report, zone)
if view.counters:
    parts.counters(view.counters)
    parts_export.export_shows(place)
parts_lists.need_you(view.need, lambda show: parts_show.show_need(place, show, report.as_of, zone))
if view.quiet:
    parts.quiet(view.quiet)
parts_lists.lanes(view.lanes, lambda show: parts_show.show_card(place, show, report.as_of, zone))
parts_lists.upcoming(view.upcoming_title, view.upcoming)
parts_lists.complete(place, view.complete, report.as_of, zone)
parts_lists.ignored(place, view.ignored)
if view.counters:
    parts.credit(place.catalogues)
parts_notices.foot()
