"""Makes supplier invoices of all kinds with exact truth: `python -m samples.generate OUT_DIR --count N --seed S`."""

import argparse
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random

from samples import degrade
from samples.einvoice import can_be_electronic, embed_xml, write_cii, write_ubl
from samples.layouts import LAYOUTS, SPLITS, layouts_of
from samples.model import Paper, make_paper
from samples.render import print_paper
from samples.supplier import LANGUAGES as _WEIGHTS
from samples.supplier import Supplier, supplier_at
from samples.truth import Sample, Visible, truth_of
from samples.words import weighted
from schemas import DocumentType, FieldName

LANGUAGES = tuple(_WEIGHTS)
"""French comes most often, then English and German."""

DOC_TYPES: dict[DocumentType, float] = {
    DocumentType.INVOICE: 84, DocumentType.CREDIT_NOTE: 6, DocumentType.PREPAYMENT_INVOICE: 2,
    DocumentType.CORRECTED_INVOICE: 1, DocumentType.QUOTE: 2, DocumentType.ORDER: 1, DocumentType.DELIVERY_NOTE: 1,
    DocumentType.PROFORMA: 1, DocumentType.STATEMENT: 1, DocumentType.REMINDER: 1,
}  # fmt: skip
"""The document types and how often they come."""

_DEGRADE: dict[str, tuple[str, Callable[[bytes, Random], bytes]]] = {
    "scan": ("pdf", degrade.scan),
    "degraded": ("pdf", degrade.degraded),
    "photo": ("jpg", degrade.photo),
    "fax": ("tif", degrade.fax),
    "tiff": ("tif", degrade.tiff),
}
_XML_KINDS = ("facturx", "ubl", "cii")
KINDS = ("native", *_DEGRADE, *_XML_KINDS)
"""native: a PDF with text; scan, degraded: image-only PDFs; photo: JPEG; fax, tiff: multi-page TIFF; and XML."""


@dataclass(frozen=True)
class Order:
    """What to generate; every sample depends on this and its index alone."""

    seed: int
    count: int
    kinds: tuple[str, ...] = KINDS
    languages: tuple[str, ...] = LANGUAGES
    layouts: tuple[str, ...] = layouts_of("train")
    doc_types: tuple[DocumentType, ...] = tuple(DOC_TYPES)


def generate(
    seed: int,
    count: int,
    kinds: Sequence[str] = KINDS,
    languages: Sequence[str] = LANGUAGES,
    layouts: Sequence[str] = layouts_of("train"),
    doc_types: Sequence[DocumentType] = tuple(DOC_TYPES),
) -> Iterator[Sample]:
    """`count` samples, the kinds in turn; without `layouts`, of suppliers that may be learned from.

    The same arguments give the same bytes on the same library versions.

    Raises ValueError for an unknown kind or layout, or when no layout is used in any of the languages.
    """
    order = Order(seed, count, tuple(kinds), tuple(languages), tuple(layouts), tuple(doc_types))
    check(order)
    for index in range(count):
        yield make_sample(order, index)


def check(order: Order) -> None:
    """Raise ValueError for names that are not known."""
    for names, known in ((order.kinds, KINDS), (order.layouts, tuple(LAYOUTS)), (order.languages, LANGUAGES)):
        if unknown := set(names) - set(known):
            raise ValueError(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(known)}")


def make_sample(order: Order, index: int) -> Sample:
    """The sample at an index of an order."""
    kind = order.kinds[index % len(order.kinds)]
    rng = Random(f"sample/{order.seed}/{index}")
    paper = _paper(rng, order, kind, index)
    stem = f"{order.seed}-{index:05d}-{kind}"
    return make_file(rng, stem, kind, paper)


def make_file(rng: Random, stem: str, kind: str, paper: Paper) -> Sample:
    """The paper as a file of a kind, with its truth."""
    if kind in {"ubl", "cii"}:
        write = write_ubl if kind == "ubl" else write_cii
        content = write(paper.invoice, paper.adjustments)
        visible = Visible(frozenset(FieldName), frozenset(), taxes=True, xml=True)
        return _sample(f"{stem}.xml", content, kind, paper, visible)
    printed = print_paper(paper)
    visible = Visible(printed.fields | {FieldName.DOC_TYPE}, printed.line_keys, printed.taxes, kind == "facturx")
    if kind == "facturx":
        xml = write_cii(paper.invoice, paper.adjustments)
        return _sample(f"{stem}.pdf", embed_xml(printed.pdf, xml, paper.supplier.language), kind, paper, visible)
    if kind == "native":
        return _sample(f"{stem}.pdf", printed.pdf, kind, paper, visible)
    suffix, degrade_pdf = _DEGRADE[kind]
    content = degrade_pdf(printed.pdf, rng)
    suffix = "pdf" if content.startswith(b"%PDF") else suffix
    return _sample(f"{stem}.{suffix}", content, kind, paper, visible)


def write_samples(samples: Iterable[Sample], folder: Path) -> int:
    """Write the files and their `truth.jsonl` into a folder; gives the number of samples."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    with (folder / "truth.jsonl").open("w", encoding="utf-8") as truth:
        for sample in samples:
            (folder / sample.file).write_bytes(sample.content)
            truth.write(json.dumps(sample.truth, ensure_ascii=False) + "\n")
            count += 1
    return count


def make_samples(order: Order, workers: int = 1) -> Iterator[Sample]:
    """The samples of an order, made by this many processes, in order."""
    check(order)
    if workers == 1:
        yield from (make_sample(order, index) for index in range(order.count))
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(make_sample, [order] * order.count, range(order.count), chunksize=4)


def supplier_of(order: Order, rng: Random) -> Supplier:
    """One of the order's suppliers: about four documents come from each."""
    return supplier_at(order.seed, rng.randrange(supplier_count(order)), order.languages, order.layouts)


def supplier_count(order: Order) -> int:
    """How many suppliers an order has: they are those at the indexes below it."""
    return max(len(order.layouts), order.count // 4)


def _paper(rng: Random, order: Order, kind: str, index: int) -> Paper:
    electronic = kind in _XML_KINDS
    weights = {name: DOC_TYPES[name] for name in order.doc_types if name.is_postable or not electronic}
    if not weights:
        raise ValueError(f"none of the document types can be {kind}")
    for _ in range(200):
        paper = make_paper(rng, supplier_of(order, rng), weighted(rng, weights), index + 1, electronic)
        if kind == "photo" and len(paper.invoice.lines) > 9:
            continue
        if not electronic or can_be_electronic(paper):
            return paper
    raise ValueError(f"no supplier of these layouts and languages sends {kind}")


def _sample(file: str, content: bytes, kind: str, paper: Paper, visible: Visible) -> Sample:
    return Sample(file, content, truth_of(file, kind, paper, visible))


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m samples.generate", description=__doc__)
    parser.add_argument("out", type=Path, help="folder to write the files and truth.jsonl into")
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", type=_names, default=KINDS, help=f"of {','.join(KINDS)}")
    parser.add_argument("--lang", type=_names, default=LANGUAGES, help=f"of {','.join(LANGUAGES)}")
    parser.add_argument(
        "--split", choices=(*SPLITS, "all"), default="train", help="whose layouts; test and blind: held out"
    )
    parser.add_argument("--layouts", type=_names, default=(), help=f"instead of a split: of {','.join(LAYOUTS)}")
    parser.add_argument("--doc-types", type=_names, default=tuple(DOC_TYPES), help=f"of {','.join(DOC_TYPES)}")
    parser.add_argument("--workers", type=int, default=1, help="processes")
    given = parser.parse_args(arguments)
    doc_types = tuple(DocumentType(name) for name in given.doc_types)
    layouts = given.layouts or layouts_of(given.split)
    order = Order(given.seed, given.count, given.kinds, given.lang, layouts, doc_types)
    try:
        count = write_samples(make_samples(order, given.workers), given.out)
    except ValueError as error:
        parser.error(str(error))
    print(f"{count} documents and truth.jsonl in {given.out}")  # noqa: T201


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


if __name__ == "__main__":
    main()
