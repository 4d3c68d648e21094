"""The machine's work on one document: read, extract, validate. Runs in a child process, which may die of it."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from pipeline import VERSIONS
from pipeline.allowance import allow
from pipeline.calibration.calibrate import calibrate
from pipeline.calibration.model import load_calibration
from pipeline.errors import BackofficeError, EnvironmentFault
from pipeline.extract.discount import find_discount
from pipeline.extract.layout import lines_of
from pipeline.extract.printed import compare_with_pages
from pipeline.extract.record import record_of
from pipeline.extract.scoring.scorer import load_scorer, scoring_with
from pipeline.extract.split import split_pages
from pipeline.reading.kept import keep_pages
from pipeline.reading.read import read_document
from pipeline.reading.tesseract import TesseractEngine
from pipeline.settings import Effort, Settings
from pipeline.suppliers.check import check_known, vouch
from pipeline.suppliers.known import Known
from pipeline.suppliers.snapshot import snapshot_path
from pipeline.validate.legal_mentions import check_legal_mentions
from pipeline.validate.rules import validate
from pipeline.validate.stamps import check_stamps
from pipeline.verify.contradictions import find_contradictions
from pipeline.verify.labelled import compare_with_labels
from pipeline.verify.ladder import Checked, Ladder
from pipeline.verify.pictures import Pictures
from pipeline.verify.readers import readers_of
from pipeline.verify.rival_totals import find_rival_totals
from schemas import Draft, Finding, MediaType, Reading, Record
from schemas.policy import MAIN

WHITE = np.full((64, 320), 255, np.uint8)
"""A picture without anything on it: as a page, and as a line."""


def load_models(settings: Settings) -> None:
    """Load what most documents need, over a second of CPU time, before the first one comes.

    Raises what the readers raise; the first document that needs them would be told the same.
    """
    load_scorer(settings.models)
    load_calibration(settings.models)
    if settings.reading.second_reader is not Effort.OFF:
        second = readers_of(settings).second
        second.find_lines(WHITE)
        second.read_strips([WHITE])


def understand(path: Path, media_type: MediaType, settings: Settings, client_id: str = MAIN) -> tuple[Draft, ...]:
    """What the machine makes of a client's document: one draft for each invoice in it.

    A document that cannot be read gives one draft with the failure. Raises EnvironmentFault when it is this
    machine that lacks something: then the document is not at fault and must wait.
    """
    seconds: dict[str, float] = {}
    allow(1, settings.limits.page_seconds)
    try:
        content = path.read_bytes()
        first = TesseractEngine(page_seconds=settings.limits.page_seconds)
        with _cpu_of("read", seconds):
            reading = read_document(content, media_type, settings, first)
        keep_pages(settings.pages, path.name, reading.pages)
        with _cpu_of("extract", seconds), scoring_with(load_scorer(settings.models)):
            pictures = Pictures(content, media_type, settings.limits.page_pixels)
            known = Known.load(snapshot_path(settings.home, client_id))
            readers = readers_of(settings).for_one_document()
            ladder = Ladder(readers, pictures, settings.reading.second_reader, known.recall)
            checked = [_weighed(each, known, settings, reading) for each in extract_records(reading, ladder)]
        with _cpu_of("validate", seconds):
            findings = [
                (
                    *judge(record, reading),
                    *ladder.inspect(record, reading.pages),
                    *check_known(record, known, settings.orders),
                )
                for record, _ in checked
            ]
    except EnvironmentFault:
        raise
    except BackofficeError as error:
        return (Draft(failures=(error.failure(),), seconds=seconds, versions=VERSIONS),)
    pairs = zip(checked, findings, strict=True)
    drafts = (_draft(part, *pair, reading, seconds) for part, pair in enumerate(pairs, start=1))
    return tuple(draft.model_copy(update={"versions": versions_of(settings)}) for draft in drafts)


def versions_of(settings: Settings) -> dict[str, str]:
    """Which code and which models make a draft."""
    scorer, calibration = load_scorer(settings.models), load_calibration(settings.models)
    return {**VERSIONS, "scorer": scorer.version, "calibration": calibration.version}


def extract_records(reading: Reading, ladder: Ladder) -> tuple[Checked, ...]:
    """The invoices in a reading: what the e-invoice says where there is one, else what the pages say.

    Either is held against the pictures of the pages by a second reader, as far as the ladder goes; what fails on the
    ladder is told beside the record.
    """
    if reading.e_invoice is not None:
        return (ladder.look_at_print(record_of(reading.e_invoice, reading.pages), reading.pages),)
    return tuple(ladder.read_record(pages) for pages in split_pages(reading.pages) if pages)


def _weighed(checked: Checked, known: Known, settings: Settings, reading: Reading) -> Checked:
    """The record with what a purchase order says for it, and with the probabilities that follow from all evidence."""
    record = _with_discount(vouch(checked.record, known, settings.orders), reading)
    return checked._replace(record=calibrate(record, load_calibration(settings.models)))


def _with_discount(record: Record, reading: Reading) -> Record:
    """The record with what is taken off for early payment: by the e-invoice, or as its own pages print it."""
    terms = reading.e_invoice.invoice.payment.terms if reading.e_invoice else None
    mine = [page for page in reading.pages if page.number in record.pages]
    printed = "\n".join(line.text for page in mine for line in lines_of(page))
    found = find_discount([terms] if terms else [printed])
    return record.model_copy(update={"discount": found}) if found else record


def judge(record: Record, reading: Reading) -> tuple[Finding, ...]:
    """What the rules say of a record; of an e-invoice also the EN 16931 rules, and whether its page prints the same."""
    notes = reading.e_invoice.invoice.notes if reading.e_invoice else ()
    mentions = check_legal_mentions(record, reading.pages, notes)
    found = (*find_contradictions(record), *find_rival_totals(record))
    findings = (*found, *check_stamps(reading.pages), *validate(record, datetime.now(UTC).date()), *mentions)
    if reading.e_invoice is None:
        return findings
    if not reading.pages:
        return (*reading.e_invoice.findings, *findings)
    differences = (*compare_with_pages(record, reading.pages), *compare_with_labels(record, reading.pages))
    return (*reading.e_invoice.findings, *differences, *findings)


def _draft(
    part: int, checked: Checked, findings: tuple[Finding, ...], reading: Reading, seconds: dict[str, float]
) -> Draft:
    # the file's CPU time is told once, on its first invoice
    return Draft(
        part=part,
        record=checked.record,
        findings=findings,
        failures=(*reading.failures, *checked.failures),
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
