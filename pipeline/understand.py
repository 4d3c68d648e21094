"""The machine's work on one document: read, extract, validate. Runs in a child process, which may die of it."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pipeline import VERSIONS
from pipeline.errors import BackofficeError, EnvironmentFault
from pipeline.extract.printed import compare_with_pages
from pipeline.extract.record import extract_record, record_of
from pipeline.extract.split import split_pages
from pipeline.reading.read import read_document
from pipeline.reading.tesseract import TesseractEngine
from pipeline.settings import Settings
from pipeline.validate.rules import validate
from schemas import Draft, Finding, MediaType, Reading, Record


def understand(path: Path, media_type: MediaType, settings: Settings) -> tuple[Draft, ...]:
    """What the machine makes of a document: one draft for each invoice in it.

    A document that cannot be read gives one draft with the failure. Raises EnvironmentFault when it is this
    machine that lacks something: then the document is not at fault and must wait.
    """
    seconds: dict[str, float] = {}
    try:
        with _cpu_of("read", seconds):
            engine = TesseractEngine(page_seconds=settings.limits.page_seconds)
            reading = read_document(path.read_bytes(), media_type, settings, engine)
        with _cpu_of("extract", seconds):
            records = extract_records(reading)
        with _cpu_of("validate", seconds):
            findings = [judge(record, reading) for record in records]
    except EnvironmentFault:
        raise
    except BackofficeError as error:
        return (Draft(failures=(error.failure(),), seconds=seconds, versions=VERSIONS),)
    pairs = zip(records, findings, strict=True)
    return tuple(_draft(part, *pair, reading, seconds) for part, pair in enumerate(pairs, start=1))


def extract_records(reading: Reading) -> tuple[Record, ...]:
    """The invoices in a reading: what the e-invoice says where there is one, else what the pages say."""
    if reading.e_invoice is not None:
        return (record_of(reading.e_invoice, reading.pages),)
    return tuple(extract_record(pages) for pages in split_pages(reading.pages) if pages)


def judge(record: Record, reading: Reading) -> tuple[Finding, ...]:
    """What the rules say of a record; of an e-invoice also the EN 16931 rules, and whether its page prints the same."""
    findings = validate(record, datetime.now(UTC).date())
    if reading.e_invoice is None:
        return findings
    differences = compare_with_pages(record, reading.pages) if reading.pages else ()
    return (*reading.e_invoice.findings, *differences, *findings)


def _draft(
    part: int, record: Record, findings: tuple[Finding, ...], reading: Reading, seconds: dict[str, float]
) -> Draft:
    # the file's CPU time is told once, on its first invoice
    return Draft(
        part=part,
        record=record,
        findings=findings,
        failures=reading.failures,
        seconds=seconds if part == 1 else {},
        versions=VERSIONS,
    )


@contextmanager
def _cpu_of(stage: str, seconds: dict[str, float]) -> Iterator[None]:
    """Note the CPU seconds of a stage, its child processes included."""
    before = _cpu_seconds()
    try:
        yield
    finally:
        seconds[stage] = round(_cpu_seconds() - before, 4)


def _cpu_seconds() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
