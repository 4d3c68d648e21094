"""`backoffice quality`: what samples say, what drifted, and the suppliers that are held back."""

from typing import Annotated

import typer

from pipeline.cli.options import By, Client, Home

Release = Annotated[
    str | None, typer.Option("--release", metavar="SUPPLIER", help="Let the client's target hold again for it.")
]
Why = Annotated[str, typer.Option("--why", help="The reason, kept with the change.")]
Act = Annotated[bool, typer.Option("--watch", help="Act on it now, as the web application does once an hour.")]


def quality(
    home: Home = None, client: Client = None, release: Release = None, why: Why = "", by: By = "", act: Act = False
) -> None:
    """Show whether too much is posted wrong, what drifted, and of which suppliers more certainty is asked."""
    from pipeline.bootstrap import SystemClock, load_settings, open_the_ledger, watch_quality
    from pipeline.house.clients import Clients
    from pipeline.measure.watch import see, today_of
    from pipeline.suppliers.limits import Limits

    settings, clock = load_settings(home, client=client), SystemClock()
    with open_the_ledger(settings) as ledger:
        database = ledger.database
        if act:
            watch_quality(settings, database)
        if release:
            of = Clients(database, clock).get(settings.client).id
            day = today_of(database, clock, of, release)
            Limits(database, clock, of).release(release, why, day, by)
        clients = [settings.client] if client else [one.id for one in Clients(database, clock).all()]
        found = see(database, clock, clients, settings.routing.target_error)
    for one in found.checked:
        if one.checked and (one.by != "supplier" or one.wrong):
            mark = "TOO MANY" if one.is_exceeded else "ok"
            bound = f"at least {one.bound:.3%} of the fields, target {one.target:.3%}"
            typer.echo(f"{mark:9} {one.client_id}: {one.by} {one.label}: {one.wrong} of {one.checked} wrong, {bound}")
    for drift in found.drifts:
        (before, n), (now, m) = drift.before, drift.now
        rate = f"{drift.measure.replace('_', ' ')} {before:.1%} (n = {n}) -> {now:.1%} (n = {m})"
        typer.echo(f"{'changed':9} {drift.client_id}: {drift.by} {drift.label}: {rate}")
    for client_id, limit in found.limits:
        asked = "everything is reviewed" if limit.reviews_all else f"target {limit.target_error:.3%}"
        typer.echo(f"{'held':9} {client_id}: {limit.supplier} ({limit.seller}): {asked}. {limit.why}")
