"""What a person may set, where it comes from, and where data lies (design/interface.md 2).

form (every key and what is allowed), layers (which place wins), references (`${NAME}`), file (config.json on disk),
paths (the data folder).
"""

from __future__ import annotations

from plexgap.config.form import FROM_ENV, KEYS, LISTS, SECRET_KEYS, LinkTemplate, Options, PathMapping, Settings
from plexgap.config.layers import Loaded, Origin, Shown, again, load, masked, refuse_locked, save
from plexgap.config.paths import ROOT, Paths, paths_in

__all__ = [
    "FROM_ENV",
    "KEYS",
    "LISTS",
    "ROOT",
    "SECRET_KEYS",
    "LinkTemplate",
    "Loaded",
    "Options",
    "Origin",
    "PathMapping",
    "Paths",
    "Settings",
    "Shown",
    "again",
    "load",
    "masked",
    "paths_in",
    "refuse_locked",
    "save",
]
