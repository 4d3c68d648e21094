"""Evaluates documents with remembered readings: `python -m tests.bench.replay FOLDER --work DIR --out F`.

The stages and the code are those of production; only what the readers answer is kept between runs, so that models and
rules can be compared on many scans in minutes. Score the predictions with `backoffice evaluate TRUTH --predictions F
--ignore-xml`. CPU time is measured by `backoffice evaluate` alone, which remembers nothing. `--without joint-choice`
takes each total by itself, whatever the sums say.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from pipeline.calibration.calibrate import calibrate
from pipeline.calibration.model import load_calibration
from pipeline.extract import adding_up
from pipeline.extract.scoring.scorer import load_scorer, scoring_with
from pipeline.route import decide
from pipeline.rows import row
from pipeline.settings import Effort, ReadingSettings, Settings
from pipeline.suppliers.check import check_known, vouch
from pipeline.suppliers.known import Known
from pipeline.training.readings import Case, cases_of, load_read, media_type_of, read_cases, remembered
from pipeline.understand import extract_records, judge
from pipeline.verify.ladder import Ladder
from pipeline.verify.pictures import Pictures
from schemas import Draft

SUMS = "ADDS_UP CONTRADICTS KNOWN_RATE AGREES_WITH_RECAP ONLY_A_ROW AGREES_WITH_LINES NO_VAT".split()
"""What sums count for in the choice of the totals."""


def ignore_sums() -> None:
    """Let every total be chosen by itself, in this process."""
    for name in SUMS:
        setattr(adding_up, name, 0.0)


def predict(case: Case, work: Path, settings: Settings) -> list[dict[str, object]]:
    """The rows that `backoffice process --out` would write for a document that was read before."""
    reading = load_read(case, work).reading
    pictures = Pictures(case.path.read_bytes(), media_type_of(case), settings.limits.page_pixels)
    ladder = Ladder(remembered(work, settings), pictures, settings.reading.second_reader)
    with scoring_with(load_scorer(settings.models)):
        checked = extract_records(reading, ladder)
    calibration = load_calibration(settings.models)
    rows = []
    for part, (found, failures) in enumerate(checked, start=1):
        record = calibrate(vouch(found, Known(), settings.orders), calibration)
        looked = ladder.inspect(record, reading.pages)
        findings = (*judge(record, reading), *looked, *check_known(record, Known(), settings.orders))
        draft = Draft(part=part, record=record, findings=findings, failures=(*reading.failures, *failures))
        outcome = decide(draft, (), settings.routing.target_error, calibration)
        rows.append(row(case.truth.file, outcome))
    return rows


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.replay", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--work", type=Path, required=True, help="where readings are remembered")
    parser.add_argument("--out", type=Path, help="predictions to write; without it documents are only read")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--most", type=int, default=None, help="only so many documents")
    parser.add_argument("--without", choices=["joint-choice"], help="what to switch off")
    parser.add_argument("--effort", type=Effort, default=Effort.BALANCED, help="off, fast, balanced or careful")
    parser.add_argument("--models", type=Path, help="folder of the models to use (default: those in use)")
    given = parser.parse_args(arguments)
    settings = Settings(reading=ReadingSettings(ignore_xml=True, second_reader=given.effort), models=given.models)
    cases = list(read_cases(cases_of([given.folder])[: given.most], given.work, settings, given.workers))
    if given.out is None:
        return
    switch = ignore_sums if given.without else None
    with ProcessPoolExecutor(given.workers, initializer=switch) as pool, given.out.open("w", encoding="utf-8") as out:
        for rows in _in_order(pool, cases, given.work, settings):
            out.writelines(json.dumps(each, ensure_ascii=False) + "\n" for each in rows)


def _in_order(
    pool: ProcessPoolExecutor, cases: Sequence[Case], work: Path, settings: Settings
) -> Iterator[list[dict[str, object]]]:
    return pool.map(partial(predict, work=work, settings=settings), cases, chunksize=4)


if __name__ == "__main__":
    main()
