"""What corrections at the desk are worth: ten invoices of a supplier, of which a person corrects the first two.

    python -m tests.bench.learning [FOLDER] [--suppliers N] [--seed S] [--split train|test|all]
                                   [--kind native|scan|degraded|photo|fax]

Each document is read (pictures by the first reader alone), settled, claimed, corrected as a person would type it, and
learned from, through the desk and the supplier memory as they are. A field needs a hand when what was read is not what
is there. The last eight invoices are read with what the first two taught, and without. The suppliers go through the
layouts of the split in turn; the models have seen none of `test`. With a FOLDER the documents are kept there.
"""

import argparse
import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random

from rich.console import Console
from rich.progress import track
from rich.table import Table

from pipeline.bootstrap import SystemClock
from pipeline.extract.record import extract_record
from pipeline.intake.archive import Archive
from pipeline.intake.sniff import identify_file
from pipeline.measure.cases import Guess, Prediction, Truth, read_truth
from pipeline.measure.compare import Verdict, score_fields
from pipeline.review.desk import Desk
from pipeline.review.keyed import text_of
from pipeline.review.pages import read_pages
from pipeline.review.teach import Teacher
from pipeline.rows import plain
from pipeline.settings import Settings
from pipeline.store.database import Database
from pipeline.store.ledger import open_ledger
from pipeline.suppliers.book import open_book
from pipeline.suppliers.known import Known
from pipeline.suppliers.snapshot import write_snapshot
from pipeline.validate.duplicates import business_key
from samples.generate import make_file, write_samples
from samples.layouts import SPLITS, layouts_of
from samples.model import make_paper
from samples.supplier import supplier_at
from samples.truth import Sample
from schemas import Document, DocumentType, Draft, FieldName, MediaType, Outcome, Page, Reason, Record, Review
from schemas.edits import FRENCH, Edits, Typed
from schemas.field import typed
from schemas.people import HOUSE, Actor, Role
from tests.bench.memory import PAGES

INVOICES, CORRECTED = 10, 2
ANNE = Actor(user="anne", roles={HOUSE: frozenset({Role.OPERATOR})})
LOOK = Review(reasons=(Reason(code="bench", message="Look at it."),))
Paper = tuple[Truth, tuple[Page, ...]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.learning", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--suppliers", type=int, default=12)
    parser.add_argument("--seed", type=int, default=4104)
    parser.add_argument("--kind", default="native", choices=("native", "scan", "degraded", "photo", "fax"))
    parser.add_argument("--split", default="all", choices=(*SPLITS, "all"))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="backoffice-learning-") as scratch:
        folder = given.folder or Path(scratch)
        if not (folder / "truth.jsonl").is_file():
            made = samples(given.seed, given.suppliers, given.kind, layouts_of(given.split))
            write_samples(track(made, "Making", INVOICES * given.suppliers), folder)
        truths = read_truth(folder / "truth.jsonl")
        papers = [(truth, pages_of(folder / truth.file)) for truth in track(truths, "Reading")]
        suppliers = [papers[first : first + INVOICES] for first in range(0, len(papers), INVOICES)]
        found = [measure(own, Path(scratch) / str(number)) for number, own in enumerate(track(suppliers, "Correcting"))]
    show(suppliers, found)


def pages_of(path: Path) -> tuple[Page, ...]:
    """The pages of a document by its text layer or by the first reader; kept beside it."""
    kept = path.with_suffix(".pages.json")
    if not kept.is_file():
        kept.write_bytes(PAGES.dump_json(read_pages(path, identify_file(path), Settings())))
    return PAGES.validate_json(kept.read_bytes())


def samples(seed: int, suppliers: int, kind: str, layouts: Sequence[str]) -> Iterator[Sample]:
    """Ten invoices of each supplier, the suppliers through the layouts in turn."""
    for index in range(suppliers):
        supplier = supplier_at(seed, index, ("fr", "en", "de"), layouts)
        for number in range(INVOICES):
            rng = Random(f"learning/{seed}/{index}/{number}")
            paper = make_paper(rng, supplier, DocumentType.INVOICE, number + 1)
            yield make_file(rng, f"{seed}-{index:03d}-{number:02d}", kind, paper)


def measure(papers: Sequence[Paper], home: Path) -> list[tuple[int, int, int]]:
    """For each invoice after the corrected ones: fields that need a hand without memory, with it, of so many."""
    url, clock = f"sqlite:///{home / 'desk.db'}", SystemClock()
    with open_ledger(url, clock) as ledger, open_book(url, clock) as book:
        database = Database(url)
        desk, teacher = Desk(database, clock), Teacher(database, clock, Archive(home / "archive"), home / "labelled")
        for truth, pages in papers[:CORRECTED]:
            document = document_of(truth)
            ledger.register(document, truth.file)
            ledger.begin(document.document_id, "bench", timedelta(minutes=5))
            record = extract_record(pages, recall=Known.load(home / "known" / "main.json").recall)
            draft = Draft(record=record)
            ledger.settle(
                document.document_id, "bench", [draft], lambda one, _: Outcome(**dict(one), decision=LOOK), business_key
            )
            hold = desk.claim_next(ANNE)
            assert hold is not None
            desk.correct(ANNE, hold, typing(truth, record), note="as printed")
            assert teacher.teach(book, lambda _, pages=pages: pages) == 1
            write_snapshot(book, home)
        database.close()
    recalls = (Known().recall, Known.load(home / "known" / "main.json").recall)
    return [
        hands(truth, *(extract_record(pages, recall=one) for one in recalls)) for truth, pages in papers[CORRECTED:]
    ]


def hands(truth: Truth, before: Record, after: Record) -> tuple[int, int, int]:
    """How many fields need a hand in either record, of how many that are compared."""
    return len(wrong(truth, before)), len(wrong(truth, after)), len(score_fields(truth, Prediction(file=truth.file)))


def typing(truth: Truth, record: Record) -> Edits:
    """What a person types where the record is not right."""
    texts = {name: text_of(typed(name, truth.fields[name]), FRENCH) for name in wrong(truth, record)}
    return Edits(fields={name: Typed(text=text) for name, text in texts.items()})


def wrong(truth: Truth, record: Record) -> list[FieldName]:
    """The fields that need a hand."""
    guesses = {name: Guess(value=plain(field.value)) for name, field in record.fields.items()}
    scores = score_fields(truth, Prediction(file=truth.file, fields=guesses))
    return [one.name for one in scores if one.verdict is not Verdict.RIGHT]


def document_of(truth: Truth) -> Document:
    """A document for the ledger; its bytes are not needed."""
    digest = hashlib.sha256(truth.file.encode()).hexdigest()
    now = SystemClock().now()
    return Document(sha256=digest, file_name=truth.file, size=1, media_type=MediaType.PDF, received_at=now)


def show(suppliers: Sequence[Sequence[Paper]], found: Sequence[Sequence[tuple[int, int, int]]]) -> None:
    """A row a supplier, and all together."""
    table = Table(title=f"Fields that need a hand, invoices {CORRECTED + 1} to {INVOICES}", title_justify="left")
    for name in ("supplier", "fields", "before", "after two corrections"):
        table.add_column(name, justify="left" if name == "supplier" else "right")
    rows = [(own[0][0].layout or own[0][0].file, sums(part)) for own, part in zip(suppliers, found, strict=True)]
    for name, (before, after, of) in [*rows, ("all", sums([one for part in found for one in part]))]:
        table.add_row(name, str(of), f"{before} ({before / of:.1%})", f"{after} ({after / of:.1%})")
    Console().print(table)


def sums(parts: Sequence[tuple[int, int, int]]) -> tuple[int, int, int]:
    """Column sums."""
    before, after, of = (sum(column) for column in zip(*parts, strict=True))
    return before, after, of


if __name__ == "__main__":
    main()
