"""The posting flow: one run posts what is due. The outbox, not Prefect, is the truth.

A run may die at any moment: its lease runs out, and the next one asks the accounting system before it sends anything.
"""

from pathlib import Path

from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from flows.batch import RETRIES, RETRY_SECONDS, may_pass
from pipeline.bootstrap import drop_anchor, load_settings, open_the_posting
from pipeline.interrupts import stopping
from pipeline.logs import about
from pipeline.posting.tally import PostingTally


@flow(name="post", validate_parameters=False)
def post(home: str | None = None, client: str | None = None) -> PostingTally:
    """Post what is due of all clients, or of one; returns the counts. Parameters are plain values, as of `batch`."""
    with about(run=str(flow_run.id)):
        tally = post_due(home, client)
    publish(tally)
    return tally


@task(retries=RETRIES, retry_delay_seconds=RETRY_SECONDS, retry_condition_fn=may_pass, cache_policy=NO_CACHE)
def post_due(home: str | None, client: str | None) -> PostingTally:
    """One run of the poster; what was done before a fault stays done."""
    tally, settings = PostingTally(), load_settings(None if home is None else Path(home))
    with open_the_posting(settings) as world, stopping(world.stop):
        for done in world.post(client):
            tally.add(done)
        drop_anchor(settings, world.database)
    return tally


def publish(tally: PostingTally) -> None:
    """Leave the counts with the flow run, as an artifact that Prefect's pages show."""
    rows = [{"what": name, "jobs": count} for name, count in tally.as_dict().items() if isinstance(count, int)]
    create_table_artifact(table=rows, key="posting-counts", description=f"**{tally.posted} posted**")
