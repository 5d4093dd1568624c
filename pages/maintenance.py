"""The page Maintenance: what the person decided, with the way back; what plexgap remembers; where files lie."""

from __future__ import annotations

from plexgap.ui import parts, parts_maintenance, parts_notices, parts_paths, resources, state
from plexgap.views.maintenance import maintenance

place = resources.PLACES.present()
zone = state.zone()
stamp = resources.stamp(place, zone)
report = state.report(place)
now = place.house.now()
view = maintenance(place.house.decisions.load(), now, zone)

parts.watch(lambda: resources.stamp(place, zone), stamp)
parts_notices.demo_banner(place)
parts_maintenance.head(place, view)
parts_notices.notices(place, report, zone, None)
if view.quiet:
    parts.quiet(view.quiet)
else:
    parts_maintenance.ignored(place, view.ignored, view.ignored_note)
    parts_maintenance.corrected(place, view.corrected, view.corrected_note)
parts_maintenance.remembers(place, report.library_seen_at, zone)
parts_paths.paths(place)
parts_notices.foot()
