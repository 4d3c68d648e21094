"""Originals at an fsspec URL: in a bucket of a real S3 server, on this machine only copies of them."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from uuid import uuid4

import pytest

from pipeline.errors import EnvironmentFault, StoreError
from pipeline.intake.archive import Archive
from pipeline.intake.originals import BLOCK_BYTES, IN_USE_SECONDS, RemoteArchive, open_archive
from pipeline.intake.take import take_files
from pipeline.settings import Settings

CONTENT = b"%PDF-1.7\nan invoice\n%%EOF\n"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
LARGE = os.urandom(2 * BLOCK_BYTES + 1000)


@pytest.fixture
def bucket(s3_server):
    """A new bucket, as boto sees it."""
    return s3_server.create_bucket(Bucket=f"originals-{uuid4().hex}")


@pytest.fixture
def remote(bucket, settings) -> Settings:
    """Settings with the originals in the bucket."""
    return settings.model_copy(update={"originals": f"s3://{bucket.name}/invoices"})


def keys(bucket) -> list[str]:
    return [one.key for one in bucket.objects.all()]


def elsewhere(settings: Settings) -> Settings:
    """The settings of another machine with the same bucket."""
    return settings.model_copy(update={"home": settings.home.parent / uuid4().hex})


def test_without_a_setting_they_are_in_the_home(settings):
    """A folder named by a path or a file URL is as good; all of them keep the promises of the local archive."""
    folder = settings.home.parent / "elsewhere"
    for originals, root in (("", settings.archive), (str(folder), folder), (folder.as_uri(), folder)):
        archive = open_archive(settings.model_copy(update={"originals": originals}))
        assert type(archive) is Archive
        assert archive.put_bytes(CONTENT) == SHA256
        assert (root / SHA256[:2] / SHA256).read_bytes() == CONTENT


def test_an_unknown_url_says_what_to_install(settings):
    """At the start, not at the first invoice."""
    with pytest.raises(EnvironmentFault) as caught:
        open_archive(settings.model_copy(update={"originals": "nosuch://there"}))
    assert caught.value.failure().code == "originals"


def test_the_bucket_has_the_bytes_and_another_machine_reads_them(remote, bucket):
    """Under their hash, once, however often they come in."""
    archive = open_archive(remote)
    assert archive.put_bytes(CONTENT) == archive.put_bytes(CONTENT) == SHA256
    assert keys(bucket) == [f"invoices/{SHA256[:2]}/{SHA256}"]
    assert bucket.Object(keys(bucket)[0]).get()["Body"].read() == CONTENT
    copy = open_archive(elsewhere(remote)).path(SHA256)
    assert (copy.name, copy.read_bytes()) == (SHA256, CONTENT)


def test_a_dropped_file_is_archived_there_before_it_is_registered(remote, bucket, sqlite_ledger, clock, tmp_path):
    """Intake needs no change for it."""
    (tmp_path / "invoice.pdf").write_bytes(CONTENT)
    (received,) = take_files([tmp_path / "invoice.pdf"], remote, sqlite_ledger, clock)
    assert (received.document.sha256, received.document.size) == (SHA256, len(CONTENT))
    assert len(keys(bucket)) == 1


def test_a_large_original_comes_back_whole(remote, bucket):
    """It is sent in several parts."""
    sha256 = open_archive(remote).put_bytes(LARGE)
    assert len(keys(bucket)) == 1
    assert open_archive(elsewhere(remote)).path(sha256).read_bytes() == LARGE


def test_what_is_not_archived_is_not_there(remote, bucket):
    """A path at which nothing is, as of the local archive."""
    assert not open_archive(remote).path(SHA256).exists()


KILLED = """
import os, signal, sys
from pathlib import Path
import s3fs.core
from pipeline.intake.originals import open_archive
from pipeline.settings import Settings

class Dying(s3fs.core.S3File):
    def _upload_chunk(self, final=False):
        result = super()._upload_chunk(final)
        if self.parts and os.environ["DIES"] == "in the middle" or final:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

s3fs.core.S3File = Dying
settings = Settings(home=sys.argv[1], originals=sys.argv[2])
open_archive(settings).put(Path(sys.argv[3]))
"""


@pytest.mark.parametrize("dies", ["in the middle", "before the commit"])
def test_an_upload_that_is_cut_off_leaves_nothing_half_visible(remote, bucket, tmp_path, dies):
    """The process is killed after the first part, or with all parts sent; the next try puts the whole."""
    source = tmp_path / "large.pdf"
    source.write_bytes(LARGE)
    command = [sys.executable, "-c", KILLED, str(remote.home), remote.originals, str(source)]
    done = subprocess.run(command, env=os.environ | {"DIES": dies}, check=False)
    assert done.returncode == -signal.SIGKILL
    assert bucket.meta.client.list_multipart_uploads(Bucket=bucket.name)["Uploads"], "it was under way"
    assert keys(bucket) == []
    sha256 = hashlib.sha256(LARGE).hexdigest()
    assert not open_archive(remote).path(sha256).exists()
    assert open_archive(remote).put(source) == sha256
    assert open_archive(elsewhere(remote)).path(sha256).read_bytes() == LARGE


def test_a_refused_upload_is_a_fault_that_may_pass(remote, bucket, monkeypatch):
    """The commit does not get through: a StoreError, nothing in the bucket, no parts left, no copy that looks kept."""
    import s3fs.core

    def refuse(self):
        raise OSError("connection reset")

    monkeypatch.setattr(s3fs.core.S3File, "commit", refuse)
    archive = open_archive(remote)
    with pytest.raises(StoreError, match="connection reset") as caught:
        archive.put_bytes(LARGE)
    assert caught.value.retryable
    assert keys(bucket) == []
    assert not bucket.meta.client.list_multipart_uploads(Bucket=bucket.name).get("Uploads")
    assert not list(remote.copies.rglob("*.*")) + [path for path in remote.copies.rglob("*") if path.is_file()]


def test_an_original_that_was_changed_in_the_bucket_is_refused(remote, bucket):
    """Other bytes under its hash are never read as the invoice; the next put of the right ones mends it."""
    archive = open_archive(remote)
    archive.put_bytes(CONTENT)
    bucket.Object(keys(bucket)[0]).put(Body=CONTENT + b"changed")
    other = open_archive(elsewhere(remote))
    assert not other.path(SHA256).exists()
    archive.put_bytes(CONTENT)
    assert other.path(SHA256).read_bytes() == CONTENT


def test_a_server_that_is_down_is_a_fault_that_may_pass(settings, monkeypatch, s3_server):
    """Whatever the library raises."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    import s3fs

    files = s3fs.S3FileSystem(config_kwargs={"retries": {"max_attempts": 0}}, skip_instance_cache=True)
    files.retries = 1
    with pytest.raises(StoreError):
        RemoteArchive(files, "bucket/originals", settings.copies, 0).path(SHA256)


def test_removed_is_removed_on_both_sides(remote, bucket):
    """Twice is once."""
    archive = open_archive(remote)
    archive.put_bytes(CONTENT)
    archive.remove(SHA256)
    archive.remove(SHA256)
    assert keys(bucket) == []
    assert not archive.path(SHA256).exists()


def test_copies_that_nobody_asks_for_make_room(remote, bucket):
    """The oldest first, never one in use; whatever went is fetched again."""
    full = remote.model_copy(update={"copies_bytes": 2500})
    archive = open_archive(full)
    hashes = [archive.put_bytes(bytes([number]) * 1000) for number in range(2)]
    old = time.time() - 2 * IN_USE_SECONDS
    for number, sha256 in enumerate(hashes):
        os.utime(full.copies / sha256[:2] / sha256, (old + number, old + number))
    newest = archive.put_bytes(b"newest" * 200)
    kept = {path.name for path in full.copies.glob("??/*")}
    assert kept == {hashes[1], newest}
    assert archive.path(hashes[0]).read_bytes() == bytes(1000)
