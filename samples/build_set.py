"""Makes the committed set `samples/set/` : `python -m samples.build_set [OUT_DIR]`; every run gives the same."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import NamedTuple

from samples.einvoice import can_be_electronic
from samples.forge import with_wrong_sum
from samples.generate import make_file, write_samples
from samples.model import Paper, make_paper
from samples.supplier import supplier_at
from samples.traps import truncated
from samples.truth import Sample
from schemas import DocumentType


class Entry(NamedTuple):
    """One document of the set."""

    name: str
    kind: str
    language: str
    layout: str
    lines: int = 4
    doc_type: DocumentType = DocumentType.INVOICE


ENTRIES = (
    Entry("native-fr-1", "native", "fr", "label_left", 5),
    Entry("native-fr-2", "native", "fr", "boxes", 7),
    Entry("native-fr-3", "native", "fr", "micro", 2),
    Entry("native-fr-long", "native", "fr", "wholesale", 78),
    Entry("native-en-1", "native", "en", "british", 6),
    Entry("native-en-2", "native", "en", "saas", 3),
    Entry("native-de-1", "native", "de", "din5008", 5),
    Entry("native-de-2", "native", "de", "odoo", 4),
    Entry("scan-fr", "scan", "fr", "header_table", 6),
    Entry("scan-de", "scan", "de", "two_columns", 5),
    Entry("degraded-fr", "degraded", "fr", "slip", 6),
    Entry("degraded-en", "degraded", "en", "label_left", 5),
    Entry("photo-fr", "photo", "fr", "footer_seller", 4),
    Entry("photo-en", "photo", "en", "american", 4),
    Entry("fax-fr", "fax", "fr", "typewriter", 5),
    Entry("tiff-de", "tiff", "de", "ruled", 26),
    Entry("facturx-fr-1", "facturx", "fr", "band", 5),
    Entry("facturx-fr-2", "facturx", "fr", "total_boxes", 8),
    Entry("facturx-de", "facturx", "de", "header_table", 4),
    Entry("ubl-fr", "ubl", "fr", "odoo", 6),
    Entry("cii-de", "cii", "de", "boxes", 4),
    Entry("credit-note-fr", "native", "fr", "two_columns", 2, DocumentType.CREDIT_NOTE),
    Entry("quote-fr", "native", "fr", "letter", 4, DocumentType.QUOTE),
    Entry("sums-fr", "native", "fr", "header_table", 4),
    Entry("truncated-fr", "native", "fr", "label_left", 4),
)


def build() -> Iterator[Sample]:
    """The samples of the set, always the same."""
    for number, entry in enumerate(ENTRIES):
        yield build_entry(number, entry)


def build_entry(number: int, entry: Entry) -> Sample:
    """One document of the set; `number` is its place in `ENTRIES`."""
    rng = Random(f"set/{entry.name}")
    paper = _paper(rng, entry, number)
    if entry.name.startswith("sums"):
        sample = make_file(rng, entry.name, entry.kind, with_wrong_sum(rng, paper))
        return replace(sample, truth={**sample.truth, "trap": "sums"})
    sample = make_file(rng, entry.name, entry.kind, paper)
    return truncated(sample) if entry.name.startswith("truncated") else sample


def _paper(rng: Random, entry: Entry, number: int) -> Paper:
    electronic = entry.kind in {"facturx", "ubl", "cii"}
    while True:
        supplier = supplier_at(rng.randrange(10**6), 0, [entry.language], [entry.layout])
        paper = make_paper(rng, supplier, entry.doc_type, number + 1, electronic, entry.lines)
        if _is_plain(paper, entry) and (not electronic or can_be_electronic(paper)):
            return paper


def _is_plain(paper: Paper, entry: Entry) -> bool:
    """Leave the rare habits to the generator: the set is what a demo and end-to-end tests start from."""
    supplier, totals = paper.supplier, paper.invoice.totals
    if supplier.style.gross_prices or supplier.style.shows & {"factor", "direct_debit"}:
        return False
    if entry.lines > 50 and "carry_forward" not in supplier.style.shows:
        return False
    return bool(totals.tax) or entry.layout in {"micro", "american"}


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m samples.build_set", description=__doc__)
    parser.add_argument("out", type=Path, nargs="?", default=Path(__file__).parent / "set")
    out: Path = parser.parse_args(arguments).out
    for old in out.glob("*"):
        old.unlink()
    print(f"{write_samples(build(), out)} documents in {out}")  # noqa: T201


if __name__ == "__main__":
    main()
