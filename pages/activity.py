"""The page Activity: what the present check is at, and what the earlier ones did."""

from __future__ import annotations

from plexgap.ui import parts, parts_live, parts_notices, parts_runs, resources, state
from plexgap.ui.parts_head import Head, head
from plexgap.views.activity import activity, going

place = resources.PLACES.present()
zone = state.zone()
stamp = resources.stamp(place, zone)
report = state.report(place)
last = parts_runs.last(place)
lasted = resources.lasted(place)
view = activity(last, parts_runs.recorded(place), place.house.now(), zone)

parts_notices.demo_banner(place)
still = Head(
    view.heading,
    view.status,
    view.tone,
    resources.last_runs(place),
    lambda snap: going(snap, place.house.now(), zone, lasted),
    parts_live.moving(place, last, zone, lasted, lambda: parts_notices.notices(place, report, zone, None)),
)
head(place, report, still, zone, stamp)
if view.quiet:
    parts.quiet(view.quiet)
parts_runs.earlier(place, view.rows)
parts_notices.foot()
