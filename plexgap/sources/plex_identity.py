"""Which Plex server answers at an address, asked without a token. Changes when `/identity` does (reference/plex.md 1).

The addresses come from plex.tv, and anything may have taken them over since: nothing secret is sent, no redirect is
followed, and only a small answer is read.
"""

from __future__ import annotations

import logging

import requests
import urllib3.exceptions
from pydantic import BaseModel, ConfigDict, Field, ValidationError

log = logging.getLogger(__name__)

TIMEOUT_S = 4.0
_MOST_BYTES = 64 * 1024
_OK = 200


class _Container(BaseModel):
    model_config = ConfigDict(extra="ignore")

    machine_id: str = Field(alias="machineIdentifier")


class _Identity(BaseModel):
    model_config = ConfigDict(extra="ignore")

    container: _Container = Field(alias="MediaContainer")


def _nobody(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """In the place of what a ~/.netrc may hold for that name."""
    return request


def machine_id(url: str, timeout_s: float = TIMEOUT_S) -> str:
    """The machine identifier of the server at this address; "" when no Plex server answers there in time."""
    try:
        with requests.get(
            f"{url.rstrip('/')}/identity",
            headers={"Accept": "application/json"},
            auth=_nobody,
            timeout=timeout_s,
            allow_redirects=False,
            stream=True,
        ) as response:
            if response.status_code != _OK:
                return ""
            body = response.raw.read(_MOST_BYTES, decode_content=True)
        return _Identity.model_validate_json(body).container.machine_id
    except (OSError, urllib3.exceptions.HTTPError, ValidationError, ValueError) as error:
        log.debug("no Plex server answers at one of its addresses (%s)", type(error).__name__)
        return ""
