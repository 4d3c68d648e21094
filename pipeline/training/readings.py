"""Reads labelled documents once and remembers it: pages by both readers, and every strip that was ever looked at.

Reading is what training costs; it is a step of its own that can be stopped and taken up again.
"""

import gzip
import hashlib
import json
import os
import pickle
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

import numpy as np

from pipeline.errors import BackofficeError, InputError
from pipeline.intake.sniff import identify_file
from pipeline.measure.cases import Truth, read_truth
from pipeline.ports import GrayImage, SecondReader, Strip, StripReader
from pipeline.reading.read import read_document
from pipeline.reading.tesseract import TesseractEngine
from pipeline.settings import Settings
from pipeline.verify.pictures import Pictures
from pipeline.verify.read_again import read_again
from pipeline.verify.readers import Readers, readers_of
from schemas import Box, FieldName, MediaType, Page, Reading, TextSource
from schemas.base import Value

T = TypeVar("T")

BLIND = "blind"
"""The split of the generated samples that nothing is fitted or chosen on."""


class Case(Value):
    """A labelled document: its file and what it says."""

    path: Path
    truth: Truth

    @property
    def group(self) -> str:
        """What must not be in training and test at once: its layout, or where that is unknown its seller's name."""
        return self.truth.layout or self.truth.fields.get(FieldName.SELLER_NAME) or self.truth.file


class Read(Value):
    """A document as it was read: the first reading, and its pages by the second reader where they are pixels."""

    reading: Reading
    again: tuple[Page, ...] = ()

    @property
    def views(self) -> tuple[tuple[Page, ...], ...]:
        """The same pages as each reader saw them."""
        return (self.reading.pages, self.again) if self.again else (self.reading.pages,)


def cases_of(folders: Iterable[Path]) -> list[Case]:
    """The labelled documents of some folders, each with a `truth.jsonl`; traps are left out.

    Raises InputError where a folder has no truth.
    """
    found = []
    for folder in folders:
        truth = folder / "truth.jsonl"
        if not truth.is_file():
            raise InputError(f"{truth} is missing", remedy="Each folder needs its truth.jsonl.")
        cases = [Case(path=folder / case.file, truth=case) for case in read_truth(truth)]
        found += [case for case in cases if case.path.is_file() and not case.truth.trap]
    return found


def to_learn_from(folders: Iterable[Path]) -> list[Case]:
    """As `cases_of`; also raises InputError for documents of the blind split (`samples/README.md`)."""
    cases = cases_of(folders)
    blind = next((case.path.parent for case in cases if case.truth.split == BLIND), None)
    if blind:
        raise InputError(f"{blind} is of the blind split", remedy="Train on other documents: it is for measuring.")
    return cases


def read_cases(cases: Sequence[Case], work: Path, settings: Settings, workers: int) -> Iterator[Case]:
    """Read what was not read before, in this many processes; yields each case as it is there."""
    (work / "readings").mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(workers) as pool:
        jobs = [(case, work, settings) for case in cases]
        yield from (case for case in pool.map(_read_case, jobs) if case is not None)


def load_read(case: Case, work: Path) -> Read:
    """What `read_cases` wrote for a case."""
    return Read.model_validate_json(gzip.decompress(_place(case, work).read_bytes()))


def _read_case(job: tuple[Case, Path, Settings]) -> Case | None:
    case, work, settings = job
    place = _place(case, work)
    if not place.exists():
        try:
            text = _read(case, work, settings).model_dump_json()
        except BackofficeError:
            return None  # a document that cannot be read teaches nothing
        part = place.with_suffix(f".{os.getpid()}")
        part.write_bytes(gzip.compress(text.encode()))
        part.replace(place)
    return case


def _read(case: Case, work: Path, settings: Settings) -> Read:
    content = case.path.read_bytes()
    media_type = media_type_of(case)
    reading = read_document(content, media_type, settings, TesseractEngine(page_seconds=settings.limits.page_seconds))
    from_pixels = [page for page in reading.pages if page.source is not TextSource.TEXT_LAYER and page.words]
    if not from_pixels:
        return Read(reading=reading)
    pictures = Pictures(content, media_type, settings.limits.page_pixels)
    reader = remembered(work, settings).second
    again = {page.number: read_again(page, pictures.of(page), reader) for page in from_pixels}
    return Read(reading=reading, again=tuple(again.get(page.number, page) for page in reading.pages))


def media_type_of(case: Case) -> MediaType:
    """The kind of the case's file, by its content."""
    return identify_file(case.path)


def _place(case: Case, work: Path) -> Path:
    key = hashlib.sha256(case.path.read_bytes()).hexdigest()[:24]
    return work / "readings" / f"{key}.json.gz"


def remembered(work: Path, settings: Settings) -> Readers:
    """The readers of an installation, which look at the same strip only once."""
    readers = readers_of(settings)
    memory = Memory(work / "strips.sqlite")
    return Readers(RememberedReader(readers.second, memory), RememberedStrips(readers.first, memory))


@dataclass(frozen=True)
class Memory:
    """Answers by the content of the question, in a file that several processes share."""

    path: Path

    def answer(self, key: str, work_out: Callable[[], T]) -> T:
        """What was answered before, or the answer worked out now and remembered."""
        with sqlite3.connect(self.path, timeout=120) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, answer BLOB)")
            row = connection.execute("SELECT answer FROM answers WHERE key = ?", (key,)).fetchone()
        if row:
            return cast(T, pickle.loads(row[0]))  # noqa: S301 (written by ourselves, below)
        answer = work_out()
        with sqlite3.connect(self.path, timeout=120) as connection:
            connection.execute("INSERT OR REPLACE INTO answers VALUES (?, ?)", (key, pickle.dumps(answer)))
        return answer


class RememberedStrips:
    """Implements `pipeline.ports.StripReader`."""

    def __init__(self, reader: StripReader, memory: Memory) -> None:
        self.name = reader.name
        self._reader = reader
        self._memory = memory

    def read_strips(self, strips: Sequence[GrayImage]) -> tuple[Strip, ...]:
        """As the reader behind it; the same strips together are looked at once."""
        if not strips:
            return ()
        key = f"{self.name}/{'/'.join(map(_digest, strips))}"
        return self._memory.answer(hashlib.sha256(key.encode()).hexdigest(), lambda: self._reader.read_strips(strips))


class RememberedReader(RememberedStrips):
    """Implements `pipeline.ports.SecondReader`."""

    _reader: SecondReader

    def find_lines(self, image: GrayImage) -> tuple[Box, ...]:
        """As the reader behind it."""
        return self._memory.answer(f"lines/{self.name}/{_digest(image)}", lambda: self._reader.find_lines(image))


def _digest(image: GrayImage) -> str:
    shape = json.dumps(image.shape)
    return hashlib.sha256(shape.encode() + np.ascontiguousarray(image).tobytes()).hexdigest()
