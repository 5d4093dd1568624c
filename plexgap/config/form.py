"""The form of what a person may set: every key, its default, and what is allowed.

Changes when a setting comes, goes or means something else (design/interface.md 2). Each field's description says
what is allowed, in the words that a wrong value is answered with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, get_origin
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.fields import FieldInfo


def _plain_number(value: object) -> object:
    if isinstance(value, bool):  # pydantic would take true for 1
        raise ValueError
    return value


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:  # .port raises ValueError
        raise ValueError
    if "@" in parts.netloc or parts.query or parts.fragment or re.search(r"\s", text):
        raise ValueError
    return text.rstrip("/")


def _template(text: str) -> str:
    """A web address whose places are known, none of them in the host."""
    host, key = _HOST.match(text), _KEY.search(text)
    if host is None or key or re.search(r"\s", text) or set(_PLACES.findall(text)) - PLACES:
        raise ValueError
    _web_address(host[0])
    return text


def _bare_secret(text: str) -> str:
    if not re.fullmatch(r"[!-~]*", text):  # it travels in a header: a space or a line break inside is a slip in copying
        raise ValueError
    return text


def _allowed(text: str) -> FieldInfo:
    info: FieldInfo = Field(description=text)
    return info


# What a link template may hold.
PLACES = frozenset({"query", "title", "code", "season", "episode", "imdbid", "tmdbid", "tvdbid"})
_PLACES = re.compile(r"\{([^{}]*)\}")
_HOST = re.compile(r"https?://[^/?#{}]+(?=[/?#]|$)")
_KEY = re.compile(r"(?i)[?&#;](api[-_]?key|token|pass(key|word)?|rss_?key|auth)=[^{&]")
_URL = "an address that starts with http:// or https://, such as http://192.168.1.20:32400, without user name or query"
_BARE = "the text alone, without spaces or line breaks"
_HOURS = "a whole number of hours from 0 (off) to 8760"
Text = Annotated[str, _allowed("a text")]
Url = Annotated[str, AfterValidator(_web_address), _allowed(_URL)]
Secret = Annotated[str, AfterValidator(_bare_secret), Field(repr=False, description=_BARE)]
Switch = Annotated[bool, _allowed("true or false")]
Hours = Annotated[int, BeforeValidator(_plain_number), Field(ge=0, le=8760, description=_HOURS)]
Count = Annotated[int, BeforeValidator(_plain_number), Field(ge=0, description="a whole number, 0 or more")]
AtLeastOne = Annotated[int, BeforeValidator(_plain_number), Field(ge=1, description="a whole number, 1 or more")]
Titles = Annotated[tuple[str, ...], _allowed('a list of titles, such as ["Title"]')]


class _Form(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        extra="ignore",  # unknown keys stay in the file and are named in a notice
        hide_input_in_errors=True,
        str_strip_whitespace=True,
        coerce_numbers_to_str=True,  # {"libraries": [1, 2]}
        allow_inf_nan=False,
    )


class _Row(_Form):
    model_config = ConfigDict(extra="forbid")


class PathMapping(_Row):
    """The folder `plex` of the server is the folder `local` here."""

    plex: str
    local: str
    ignore_case: bool = False


class LinkTemplate(_Row):
    """A further link beside each gap. `url` holds `{title}`, `{season}` and the like, but not in the host; a key that
    stands in it would stand in every page and export, so none may."""

    label: Annotated[str, Field(min_length=1, max_length=60)]
    url: Annotated[str, AfterValidator(_template)]


class Options(_Form):
    """What counts as missing."""

    exclude_future: Switch = True
    exclude_specials: Switch = True
    recent_threshold_hours: Annotated[
        int, BeforeValidator(_plain_number), Field(ge=0, le=72, description="a whole number of hours from 0 to 72")
    ] = 24
    missing_policy: Annotated[
        str,
        Field(
            pattern=r"^(everything|from_first_held|held_seasons|latest_season|from:S\d+E\d+)$",
            description="everything, from_first_held, held_seasons, latest_season or from:S02E05",
        ),
    ] = "everything"
    default_order: Annotated[
        str,
        Field(
            pattern=r"^(|aired|dvd|absolute|alternate|regional|group:[0-9A-Za-z]+)$",
            description='"" (what fits best), aired, dvd, absolute, alternate, regional or group:ID',
        ),
    ] = ""
    min_collection_size: AtLeastOne = 2
    min_owned: AtLeastOne = 1
    include_adult: Switch = False
    include_video: Switch = False
    min_runtime_minutes: Count = 0


class Exclusions(_Form):
    """Titles that stand in no list and no count."""

    shows: Titles = ()
    collections: Titles = ()


class Schedule(_Form):
    """Hours between two runs; 0 is off."""

    scan_hours: Hours = 0
    index_hours: Hours = 0
    trakt_hours: Hours = 0


class Trakt(_Form):
    """What is compared with Trakt, and in which direction it may be changed."""

    direction: Annotated[
        Literal["plex_to_trakt", "trakt_to_plex", "both"], _allowed("plex_to_trakt, trakt_to_plex or both")
    ] = "plex_to_trakt"
    libraries: Titles = ()
    sync: Annotated[
        tuple[Literal["watched", "ratings", "watchlist", "collection"], ...],
        _allowed("a list of watched, ratings, watchlist and collection"),
    ] = ("watched",)


_OBJECT = 'an object of its own keys, such as {"key": value}'


class Settings(_Form):
    """Everything that may be set, checked. Its text never shows a token, key or PIN."""

    plex_base_url: Url = "http://127.0.0.1:32400"
    plex_token: Secret = ""
    library_name: Text = ""
    libraries: Annotated[
        tuple[str, ...], _allowed('a list of library titles or section keys, such as ["TV Shows", "2"]')
    ] = ()
    scan_scope: Annotated[Literal["all_library", "watchlist_only"], _allowed("all_library or watchlist_only")] = (
        "all_library"
    )
    tmdb_api_key: Secret = ""
    tvdb_api_key: Secret = ""
    tvdb_pin: Secret = ""
    trakt_client_id: Secret = ""
    trakt_client_secret: Secret = ""
    tmdb_base_url: Url = "https://api.themoviedb.org/3"
    tmdb_image_base_url: Url = "https://image.tmdb.org/t/p"
    tvdb_base_url: Url = "https://api4.thetvdb.com/v4"
    plex_tv_base_url: Url = "https://plex.tv"
    plex_discover_base_url: Url = "https://discover.provider.plex.tv"
    plex_app_base_url: Url = "https://app.plex.tv"
    trakt_base_url: Url = "https://api.trakt.tv"
    trakt_auth_base_url: Url = "https://auth.trakt.tv"
    db_path: Annotated[str, _allowed("the path of a file, or nothing for library.db in the data folder")] = ""
    dmm_base_url: Url = "https://debridmediamanager.com"
    include_dmm_link: Switch = True
    link_templates: Annotated[
        tuple[LinkTemplate, ...],
        _allowed(
            'a list such as [{"label": "Search", "url": "https://.../?q={query}"}], with {query}, {title}, {code}, '
            "{season}, {episode}, {imdbid}, {tmdbid} or {tvdbid} behind the host, and without a key"
        ),
    ] = ()
    provider: Annotated[Literal["auto", "tmdb", "tvdb"], _allowed("auto, tmdb or tvdb")] = "auto"
    options: Annotated[Options, _allowed(_OBJECT)] = Options()
    exclusions: Annotated[Exclusions, _allowed(_OBJECT)] = Exclusions()
    path_mappings: Annotated[
        tuple[PathMapping, ...], _allowed('a list such as [{"plex": "/data", "local": "/mnt", "ignore_case": false}]')
    ] = ()
    requests_per_second: Annotated[
        int | float, BeforeValidator(_plain_number), Field(ge=0, description="a number, 0 for no limit")
    ] = 20
    workers: Annotated[
        int, BeforeValidator(_plain_number), Field(ge=1, le=64, description="a whole number from 1 to 64")
    ] = 8
    schedule: Annotated[Schedule, _allowed(_OBJECT)] = Schedule()
    trakt: Annotated[Trakt, _allowed(_OBJECT)] = Trakt()

    @property
    def lacking(self) -> tuple[str, ...]:
        """The keys that are empty and without which nothing can be checked: Plex's, and that of a catalogue which may
        be asked."""
        catalogue = {
            "tmdb": self.tmdb_api_key,
            "tvdb": self.tvdb_api_key,
            "auto": self.tmdb_api_key or self.tvdb_api_key,
        }[self.provider]
        named = "tvdb_api_key" if self.provider == "tvdb" else "tmdb_api_key"
        return tuple(key for key, value in (("plex_token", self.plex_token), (named, catalogue)) if not value)


def _fields(form: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, FieldInfo]]:
    for name, info in form.model_fields.items():
        inner = info.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from _fields(inner, f"{name}.")
        else:
            yield prefix + name, info


# Dotted key -> its field; the keys that hold a secret; those that hold a list.
KEYS: Mapping[str, FieldInfo] = dict(_fields(Settings))
SECRET_KEYS: frozenset[str] = frozenset(key for key, info in KEYS.items() if not info.repr)
LISTS: frozenset[str] = frozenset(key for key, info in KEYS.items() if get_origin(info.annotation) is tuple)

# Keys that this version reads and keeps, but that change nothing it says yet. A key leaves with its feature.
WITHOUT_EFFECT: tuple[str, ...] = (
    "schedule.scan_hours",
    "schedule.index_hours",
    "schedule.trakt_hours",
)

# Name in the environment -> dotted key. Of two names of one key the earlier wins.
FROM_ENV: Mapping[str, str] = {
    "PLEX_BASE_URL": "plex_base_url",
    "PLEX_URL": "plex_base_url",
    "PLEX_LIBRARY_NAME": "library_name",
    "PLEX_LIBRARY_NAMES": "libraries",
    "PLEX_TV_SECTION_KEY": "libraries",
    "PLEX_SCAN_SCOPE": "scan_scope",
    **{
        key.upper(): key
        for key in (
            *("plex_token", "tmdb_api_key", "tvdb_api_key", "tvdb_pin", "trakt_client_id", "trakt_client_secret"),
            *("tmdb_base_url", "tmdb_image_base_url", "tvdb_base_url", "plex_tv_base_url", "plex_discover_base_url"),
            *("plex_app_base_url", "trakt_base_url", "trakt_auth_base_url", "db_path", "dmm_base_url"),
            "include_dmm_link",
        )
    },
}
