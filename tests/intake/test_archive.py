"""The archive of untouched originals."""

import hashlib
import os
import threading

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pipeline.errors import BrokenFile, StoreError
from pipeline.intake.archive import Archive, StillChanging, hash_file


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path / "archive")


def files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


@hypothesis_settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=5000))
def test_bytes_come_back_untouched(archive, content):
    """What is archived is found by its SHA-256 with the same bytes."""
    sha256 = archive.put_bytes(content)
    assert sha256 == hashlib.sha256(content).hexdigest()
    assert archive.path(sha256).read_bytes() == content


def test_a_file_is_copied_and_stays(archive, tmp_path):
    """The source stays where it is; the copy is read-only, in a folder of its first two digits."""
    source = tmp_path / "invoice.pdf"
    source.write_bytes(b"x" * 3_000_000)
    sha256 = archive.put(source)
    kept = archive.path(sha256)
    assert source.read_bytes() == kept.read_bytes()
    assert kept.parent.name == sha256[:2]
    assert kept.stat().st_mode & 0o777 == 0o444
    assert hash_file(kept) == sha256


def test_the_same_bytes_are_kept_once(archive, tmp_path):
    """Two files with the same bytes are one in the archive, and no draft is left."""
    assert archive.put_bytes(b"same") == archive.put_bytes(b"same")
    assert len(files(tmp_path / "archive")) == 1


def test_a_damaged_original_is_mended(archive):
    """When the disk spoilt the archived bytes and the good ones come again, they take their place."""
    sha256 = archive.put_bytes(b"good")
    path = archive.path(sha256)
    path.chmod(0o644)
    path.write_bytes(b"bad!")
    archive.put_bytes(b"good")
    assert path.read_bytes() == b"good"


def test_a_link_is_not_followed(archive, tmp_path):
    """A symbolic link in the drop folder does not bring a file from elsewhere into the archive."""
    (tmp_path / "secret").write_bytes(b"secret")
    link = tmp_path / "link.pdf"
    link.symlink_to(tmp_path / "secret")
    with pytest.raises(BrokenFile) as caught:
        archive.put(link)
    assert caught.value.specific_code == "unreadable"


def test_a_fifo_is_refused_without_waiting(archive, tmp_path):
    """A FIFO that nobody writes to does not stop the intake."""
    os.mkfifo(tmp_path / "fifo.pdf")
    with pytest.raises(BrokenFile):
        archive.put(tmp_path / "fifo.pdf")


def test_a_file_that_grows_meanwhile_is_not_kept(archive, tmp_path, monkeypatch):
    """What is written to while it is copied is left for later, and nothing of it stays in the archive."""
    source = tmp_path / "growing.pdf"
    source.write_bytes(b"x" * 10)
    real_sync = os.fsync

    def grow_and_sync(descriptor):
        with source.open("ab") as file:
            file.write(b"more")
        real_sync(descriptor)

    monkeypatch.setattr("os.fsync", grow_and_sync)
    with pytest.raises(StillChanging):
        archive.put(source)
    assert files(tmp_path / "archive") == []


def test_a_full_disk_is_a_store_error(archive, tmp_path, monkeypatch):
    """A disk that takes no more is the archive's trouble, not the document's, and leaves no draft."""

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StoreError) as caught:
        archive.put_bytes(b"x")
    assert caught.value.retryable
    assert files(tmp_path / "archive") == []


def test_many_threads_may_archive_the_same_bytes(archive, tmp_path):
    """Archiving at the same moment yields one file and no error."""
    barrier, hashes = threading.Barrier(6), []

    def work():
        barrier.wait()
        hashes.append(archive.put_bytes(b"y" * 100_000))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(hashes) == 6
    assert len(set(hashes)) == len(files(tmp_path / "archive")) == 1
