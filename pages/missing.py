"""The page Missing: what is absent, show by show, and what can be done about it."""

from __future__ import annotations

from functools import partial

import streamlit as st

from plexgap.ui import parts, parts_lists, parts_missing, parts_notices, resources, state
from plexgap.ui.parts_head import Head, head
from plexgap.views.missing import missing
from plexgap.views.said import standing
from plexgap.views.shows import listed, offered

place = resources.PLACES.present()
zone = state.zone()
stamp = resources.stamp(place, zone)
report = state.report(place)
new = resources.NEWNESS.since(place, report, zone)
view = missing(report, zone, checking=state.checking())

parts_notices.demo_banner(place)
head(place, report, Head(view.heading, view.status, view.tone, resources.last_runs(place)), zone, stamp)
above = st.container()  # what the notices say depends on what is listed
if view.counters:
    parts.counters(view.counters)
asked = parts_missing.asked(place, offered(report, new))
found = listed(report, asked, new, state.order(place, f"missing-{asked.sort}"))
state.keep_order(place, found.order, f"missing-{asked.sort}")
with above:
    drawn = [show.title_id for show in parts_lists.needs_drawn(found.need)]
    parts_notices.notices(place, report, zone, partial(standing, drawn=drawn))
parts_missing.narrowed(asked)
parts_missing.shows(place, found, view.quiet, new, report.as_of, zone)
parts_lists.ignored(place, view.ignored)
if view.counters:
    parts.credit(place.catalogues)
parts_notices.foot()
