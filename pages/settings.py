"""The page Settings: where the library is, the key of the catalogue, the libraries. Alone on the first start."""

from __future__ import annotations

from plexgap.ui import parts, parts_notices, parts_settings, resources, state

place = resources.PLACES.present()
zone = state.zone()

parts.watch(lambda: resources.PLACES.number, place.number)
parts_notices.demo_banner(place)
if place.demo:
    parts.heading("Settings", "The invented library needs none. Your own are as you left them.")
elif place.ready and not state.choosing():
    parts.heading("Settings", f"Kept in {place.house.loaded.config_path.name}. Keys are tested before they are saved.")
    parts_notices.notices(place, state.report(place), zone, None)
    parts_settings.settings(place)
else:
    parts_notices.notices(place, state.report(place), zone, None)
    parts_settings.first_start(place)
