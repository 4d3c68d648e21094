"""What supplier memory is worth: field F1 on a supplier's next invoices after none, one, two and three confirmed ones.

    python -m tests.bench.memory [FOLDER] [--suppliers N] [--seed S]

Each supplier sends six native PDFs. The first three are confirmed as a person would: what the machine read right stays
with its place, what it read wrong is corrected without one. The last three are read after 0, 1, 2 and 3 of them. With a
FOLDER the documents are kept there and not made anew the next time.
"""

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import NamedTuple

from rich.console import Console
from rich.progress import track
from rich.table import Table

from pipeline.extract.candidates import Sheet, survey
from pipeline.extract.record import extract_record
from pipeline.measure.cases import Guess, Prediction, Truth, read_truth
from pipeline.measure.compare import FieldScore, Verdict, score_fields
from pipeline.measure.scores import Counts
from pipeline.reading.pdf import PdfFile
from pipeline.settings import Settings
from pipeline.suppliers.confirm import supplier_of
from pipeline.suppliers.known import Known
from pipeline.suppliers.learn import learn, merge
from pipeline.suppliers.master import Master
from pipeline.suppliers.reread import remember
from pipeline.suppliers.rule_shelf import PAGES
from samples.generate import make_file, write_samples
from samples.layouts import LAYOUTS
from samples.model import make_paper
from samples.supplier import supplier_at
from samples.truth import Sample
from samples.words import weighted
from schemas import DocumentType, Field, FieldName, FieldStatus, Page, Record
from schemas.field import missing, typed

TAUGHT, TARGETS = 3, 3
DOC_TYPES: dict[DocumentType, float] = {DocumentType.INVOICE: 9, DocumentType.CREDIT_NOTE: 1}


class Paper(NamedTuple):
    """One document as it was read, and its truth."""

    truth: Truth
    sheet: Sheet
    record: Record


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.memory", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--suppliers", type=int, default=24)
    parser.add_argument("--seed", type=int, default=77)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="backoffice-memory-") as scratch:
        folder = given.folder or Path(scratch)
        if not (folder / "truth.jsonl").is_file():
            made = samples(given.seed, given.suppliers)
            write_samples(track(made, "Making", (TAUGHT + TARGETS) * given.suppliers), folder)
        truths = read_truth(folder / "truth.jsonl")
        papers = [paper_of(truth, folder) for truth in track(truths, "Reading")]
    scores: dict[int, list[FieldScore]] = {taught: [] for taught in range(TAUGHT + 1)}
    for own in track(list(grouped(papers)), "Measuring"):
        for taught, known in enumerate(states(own[:TAUGHT])):
            scores[taught] += (score for paper in own[TAUGHT:] for score in judged(paper, known))
    show(scores, len(papers) // (TAUGHT + TARGETS) * TARGETS)


def samples(seed: int, suppliers: int) -> Iterator[Sample]:
    """Six documents of each supplier, the suppliers through all layouts in turn."""
    for index in range(suppliers):
        supplier = supplier_at(seed, index, ("fr", "en", "de"), tuple(LAYOUTS))
        for number in range(TAUGHT + TARGETS):
            rng = Random(f"memory/{seed}/{index}/{number}")
            paper = make_paper(rng, supplier, weighted(rng, DOC_TYPES), number + 1)
            yield make_file(rng, f"{seed}-{index:03d}-{number}", "native", paper)


def grouped(papers: Iterable[Paper]) -> Iterator[list[Paper]]:
    """The papers of one supplier after the other."""
    rows: dict[str, list[Paper]] = {}
    for paper in papers:
        rows.setdefault(paper.truth.file.rpartition("-")[0], []).append(paper)
    yield from rows.values()


def paper_of(truth: Truth, folder: Path) -> Paper:
    """A document, read and extracted without memory."""
    pages = read(folder / truth.file)
    return Paper(truth, survey(pages), extract_record(pages))


def read(path: Path) -> tuple[Page, ...]:
    """The pages of a native PDF by its text layer; kept beside it, for reading takes longer than measuring."""
    kept = path.with_suffix(".pages.json")
    if not kept.is_file():
        file = PdfFile(path.read_bytes(), Settings())
        pages = (file.read_text(number).page for number in range(1, file.page_count + 1))
        kept.write_bytes(PAGES.dump_json(tuple(page for page in pages if page)))
    return PAGES.validate_json(kept.read_bytes())


def states(papers: Iterable[Paper]) -> Iterator[Known]:
    """What is known before the first confirmation, and after each."""
    yield Known()
    rules, supplier = None, None
    for paper in papers:
        record = confirmed(paper)
        supplier = supplier or supplier_of(record, Master(()))
        if supplier is None:
            yield Known()
            continue
        rules = merge(rules, learn(record, paper.sheet, supplier.key))
        yield Known(Master((supplier,)), {supplier.key: rules.model_dump_json()})


def confirmed(paper: Paper) -> Record:
    """The record after a person: right values confirmed, wrong ones corrected, what is not there removed."""
    said = {name: field.value for name, field in paper.record.fields.items()}
    wrong = {one.name for one in score_fields(paper.truth, prediction(paper, said)) if one.verdict is not Verdict.RIGHT}
    fields = dict(paper.record.fields)
    for name, value in paper.truth.fields.items():
        if name in wrong:
            corrected = typed(name, value)
            fields[name] = (
                missing(name)
                if corrected is None
                else Field(name=name, value=corrected, status=FieldStatus.CORRECTED, confidence=1.0)
            )
        elif fields[name].value is not None:
            fields[name] = fields[name].model_copy(update={"status": FieldStatus.CONFIRMED})
    return paper.record.model_copy(update={"fields": fields})


def judged(paper: Paper, known: Known) -> tuple[FieldScore, ...]:
    """How the fields that memory works on come out."""
    said = remember(paper.record, paper.sheet, known.recall)
    truth = paper.truth.model_copy(
        update={"fields": {name: value for name, value in paper.truth.fields.items() if name in said}}
    )
    return score_fields(truth, prediction(paper, said))


def prediction(paper: Paper, said: Mapping[FieldName, object]) -> Prediction:
    """The values as the measuring takes them."""
    guesses = {name: Guess(value=None if value is None else str(value)) for name, value in said.items()}
    return Prediction(file=paper.truth.file, fields=guesses)


def counted(scores: Iterable[FieldScore]) -> Counts:
    """The verdicts, counted."""
    found = Counter(score.verdict for score in scores)
    return Counts(**{verdict.value: found[verdict] for verdict in Verdict})


def show(scores: dict[int, list[FieldScore]], targets: int) -> None:
    """F1 by field and number of confirmed documents, and the documents whose fields are all right."""
    table = Table(title=f"F1 on {targets} invoices after so many confirmed ones", title_justify="left")
    for title in ("field", *map(str, scores)):
        table.add_column(title, justify="left" if title == "field" else "right")
    names = dict.fromkeys(score.name for all_scores in scores.values() for score in all_scores)
    for name in names:
        row = [counted(score for score in all_scores if score.name == name) for all_scores in scores.values()]
        table.add_row(name, *(f"{one.f1:.3f}" if one.f1 is not None else "" for one in row))
    table.add_section()
    whole = [counted(all_scores) for all_scores in scores.values()]
    table.add_row("all", *(f"{one.f1:.4f}" for one in whole))
    table.add_row("wrong or missed", *(str(one.wrong + one.missed) for one in whole))
    table.add_row("spurious", *(str(one.spurious) for one in whole))
    table.add_row("of", *(str(one.right + one.wrong + one.missed) for one in whole))
    Console().print(table)


if __name__ == "__main__":
    main()
