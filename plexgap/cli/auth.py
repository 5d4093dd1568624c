"""`auth`: sign in to Plex, and the keys of the catalogues. Nothing is saved before it was tested."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import click

from plexgap.cli import output
from plexgap.cli.options import Form, given, shared
from plexgap.cli.secrets import read_secret, secret_option
from plexgap.cli.session import Group, Session, no_csv, session, tell, warn

if TYPE_CHECKING:
    from plexgap.domain.account import Account, OwnServer


@click.group("auth", cls=Group)
@shared
def auth() -> None:
    """Sign in to Plex, or enter a key. Each is tested before it is saved; a - reads it from standard input."""


@auth.command("plex")
@click.option("--login", is_flag=True, help="Sign in at plex.tv with a code of four characters.")
@click.option("--server", "name", metavar="NAME", help="With --login: which of your servers, if there are several.")
@secret_option("--token", "Enter a token for the address in the settings, or in --plex-url.")
@shared
@click.pass_context
def plex(ctx: click.Context, login: bool, name: str | None, token: str | None) -> None:
    """Sign in to Plex at plex.tv (--login), or enter a token (--token)."""
    if login == (token is not None):
        raise click.UsageError("Say either --login or --token.", ctx)
    if name is not None and not login:
        raise click.UsageError("--server goes with --login.", ctx)
    _own(ctx)
    with session(ctx) as now:
        no_csv(now.given)
        if login:
            _login(ctx, now, name)
        else:
            _token(now, token or "")


@auth.command("tmdb")
@secret_option("--key", "The API key, or the read token.")
@shared
@click.pass_context
def tmdb(ctx: click.Context, key: str | None) -> None:
    """Enter the key of TMDB."""
    from plexgap import wiring

    if key is None:
        raise click.UsageError("Say --key, or --key - to give it on standard input.", ctx)
    _own(ctx)
    with session(ctx) as now:
        no_csv(now.given)
        _refuse_locked(now, "tmdb_api_key")
        secret = read_secret(key, "TMDB key", "--key")
        wiring.try_tmdb(now.house, secret)
        _keep(now, {"tmdb_api_key": secret}, "tmdb", "The key works. Saved.")


@auth.command("tvdb")
@secret_option("--key", "The API key.")
@secret_option("--pin", "The subscriber's PIN, for a key that asks for one.")
@shared
@click.pass_context
def tvdb(ctx: click.Context, key: str | None, pin: str | None) -> None:
    """Enter the key of TheTVDB, and its PIN where it has one. On standard input the key stands first, the PIN below.

    A new key without --pin has none; --pin alone is that of the key which is kept.
    """
    from plexgap import wiring

    if key is None and pin is None:
        raise click.UsageError("Say --key, or --key - to give it on standard input.", ctx)
    _own(ctx)
    with session(ctx) as now:
        no_csv(now.given)
        _refuse_locked(now, *(("tvdb_api_key",) if key is not None else ()), "tvdb_pin")
        known = now.house.settings.tvdb_api_key
        new_key = read_secret(key, "TheTVDB key", "--key") if key is not None else known
        if not new_key:
            raise click.UsageError("There is no TheTVDB key yet. Say --key too.", ctx)
        new_pin = read_secret(pin, "TheTVDB PIN", "--pin") if pin is not None else ""
        wiring.try_tvdb(now.house, new_key, new_pin)
        changed = {"tvdb_pin": new_pin} if key is None else {"tvdb_api_key": new_key, "tvdb_pin": new_pin}
        _keep(now, changed, "tvdb", "The key works. Saved.")


def _token(now: Session, given_as: str) -> None:
    from plexgap import wiring
    from plexgap.views.settings import connected

    address = now.given.plex_url
    _refuse_locked(now, "plex_token", *(("plex_base_url",) if address else ()))
    secret = read_secret(given_as, "Plex token", "--token")
    found = wiring.try_plex(now.house, now.house.settings.plex_base_url, secret)
    moved = {"plex_base_url": now.house.settings.plex_base_url} if address else {}
    _keep(now, {"plex_token": secret, **moved}, "plex", f"{connected(found)} Saved.", server=found.server)


def _login(ctx: click.Context, now: Session, name: str | None) -> None:
    import time

    from plexgap import wiring
    from plexgap.jobs.sign_in import NO_SERVER, await_token
    from plexgap.sources.plex_tv_account import link_page
    from plexgap.views.settings import connected

    _refuse_locked(now, "plex_token", "plex_base_url")
    stop = threading.Event()

    def note(advice: str) -> None:
        if advice:
            warn(ctx, advice)

    with wiring.plex_account(now.house, stop) as plex_tv:
        pin = plex_tv.pin(strong=False)
        tell(ctx, f"Open {link_page(now.house.settings.plex_tv_base_url)} and enter {pin.code}. Waiting for you there.")
        token = await_token(plex_tv, pin, time.monotonic, stop.wait, note)
        account = plex_tv.account(token)
    if not account.servers:
        raise click.UsageError(NO_SERVER)
    reached = wiring.connect(_chosen(ctx, account, name))
    found = wiring.try_plex(now.house, reached.url, reached.token)
    changes = {"plex_base_url": reached.url, "plex_token": reached.token}
    said = f"Signed in as {output.one_line(account.name)}. {output.one_line(connected(found))} Saved."
    _keep(now, changes, "plex", said, account=account.name, server=found.server, address=reached.url)


def _chosen(ctx: click.Context, account: Account, name: str | None) -> OwnServer:
    """The server of that name; without one the only server, the only one of one's own, or the one that is chosen on the
    terminal."""
    from plexgap.views.settings import server_name

    servers = account.servers
    names = "\n".join(f"  {number}. {output.one_line(server_name(s))}" for number, s in enumerate(servers, start=1))
    if name is not None:
        named = [server for server in servers if name.casefold() in (server.name.casefold(), server.machine_id)]
        if len(named) != 1:
            raise click.UsageError(f"{'No' if not named else 'More than one'} server is called {name!r}:\n{names}", ctx)
        return named[0]
    own = [server for server in servers if not server.owner]
    if len(servers) == 1:
        return servers[0]
    if sys.stdin.isatty():
        tell(ctx, names)
        number = click.prompt("Which server", type=click.IntRange(1, len(servers)), default=1, err=True)
        return servers[number - 1]
    if len(own) == 1:
        warn(ctx, f"Taking {output.one_line(own[0].name)}, your own. --server NAME takes another:\n{names}")
        return own[0]
    raise click.UsageError(f"Say which server with --server NAME:\n{names}", ctx)


def _own(ctx: click.Context) -> None:
    if given(ctx).demo:
        raise click.UsageError("The invented library needs no key, and its settings are never written.", ctx)


def _refuse_locked(now: Session, *keys: str) -> None:
    """Before anything is asked for: what the environment sets can't be saved."""
    from plexgap.config import refuse_locked

    refuse_locked(now.loaded, *keys)


def _keep(now: Session, changes: dict[str, str], service: str, sentence: str, **more: str) -> None:
    """Saves what was tested, and says so."""
    from plexgap.config import save

    save(now.loaded, changes)
    if now.given.form is Form.JSON:
        output.result_json({"version": 1, "done": "auth", "service": service, **more})
    else:
        output.result(f"{sentence}\n")
