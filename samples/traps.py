"""Documents that must never go straight through: `python -m samples.traps OUT_DIR --count N --seed S`.

The truth is what a person sees on the page; its key `trap` names what is wrong.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random

from samples import lies
from samples.degrade import pictures_to_pdf
from samples.einvoice import can_be_electronic, embed_xml, write_cii
from samples.generate import Order, make_file, supplier_of, write_samples
from samples.model import Paper, balanced, make_paper
from samples.parties import PaperPrinter
from samples.render import print_paper
from samples.sums import ZERO, breakdown_of
from samples.truth import Sample
from schemas import DocumentType, Invoice

_NON_INVOICES = (
    DocumentType.QUOTE, DocumentType.ORDER, DocumentType.DELIVERY_NOTE, DocumentType.STATEMENT, DocumentType.REMINDER,
    DocumentType.PROFORMA,
)  # fmt: skip


def make_traps(seed: int, count: int, traps: Sequence[str] = ()) -> Iterator[Sample]:
    """At least `count` documents, the traps in turn; a duplicate comes after its original (trap "original")."""
    order = Order(seed, count)
    names = tuple(traps) or tuple(TRAPS)
    made = index = 0
    while made < count:
        name = names[index % len(names)]
        rng = Random(f"trap/{seed}/{index}")
        for sample in TRAPS[name](rng, order, f"{seed}-{index:04d}-{name}"):
            yield replace(sample, truth={**sample.truth, "trap": sample.truth.get("trap", name)})
            made += 1
        index += 1


def with_wrong_sum(rng: Random, paper: Paper) -> Paper:
    """Totals that do not add up: one of net, VAT and gross is off by more than any rounding."""
    totals = paper.invoice.totals
    name = rng.choice(["net", "tax", "gross"])
    wrong = getattr(totals, name) + Decimal(rng.choice(["1.00", "10.00", "-5.40", "100.00", "27.30"]))
    update = {name: wrong, "due": wrong} if name == "gross" else {name: wrong}
    return _with(paper, totals=totals.model_copy(update=update))


def wrong_check_digit(rng: Random, identifier: str) -> str:
    """The identifier with one of its last six digits changed, so that its check digits no longer fit."""
    at = rng.choice([at for at, sign in enumerate(identifier) if sign.isdigit() and at >= 4][-6:])
    digit = str((int(identifier[at]) + rng.randrange(1, 9)) % 10)
    return identifier[:at] + digit + identifier[at + 1 :]


def _sums(rng: Random, order: Order, stem: str) -> Iterator[Sample]:
    paper = _paper(rng, order, _shows_all_totals)
    yield make_file(rng, stem, rng.choice(["native", "scan"]), with_wrong_sum(rng, paper))


def _iban(rng: Random, order: Order, stem: str) -> Iterator[Sample]:
    paper = _paper(rng, order, lambda paper: _prints(paper, "iban"))
    payment = paper.invoice.payment
    wrong = wrong_check_digit(rng, str(payment.iban))
    yield make_file(rng, stem, "native", _with(paper, payment=payment.model_copy(update={"iban": wrong})))


def _vat_id(rng: Random, order: Order, stem: str) -> Iterator[Sample]:
    paper = _paper(rng, order, lambda paper: _prints(paper, "seller_vat_id") and paper.supplier.company.country == "FR")
    seller = paper.invoice.seller
    siren = str(seller.siren)
    # The key no longer fits the SIREN, which itself stays right.
    key = (int(str(seller.vat_id)[2:4]) + rng.randrange(1, 96)) % 97
    wrong = seller.model_copy(update={"vat_id": f"FR{key:02d}{siren}"})
    yield make_file(rng, stem, "native", _with(paper, seller=wrong))


def _non_invoice(rng: Random, order: Order, stem: str) -> Iterator[Sample]:
    paper = make_paper(rng, supplier_of(order, rng), rng.choice(_NON_INVOICES), rng.randrange(1, 900))
    yield make_file(rng, stem, rng.choice(["native", "scan"]), paper)


def _hidden(how: str) -> "Trap":
    def make(rng: Random, order: Order, stem: str) -> Iterator[Sample]:
        paper = _paper(rng, order, _shows_all_totals)
        totals = PaperPrinter(_dearer(paper)).totals()
        sample = make_file(rng, stem, "native", paper)
        lines = [f"{label} {value}" for _, label, value in totals]
        yield replace(sample, content=lies.add_text(sample.content, lines, how))

    return make


def _covered(rng: Random, order: Order, stem: str) -> Iterator[Sample]:
    paper = _paper(rng, order, _shows_all_totals)
    sample = make_file(rng, stem, "native", paper)
    lying = print_paper(_dearer(paper)).pdf
    yield replace(sample, content=lies.cover_with_picture(lying, sample.content, pictures_to_pdf))


def _remapped(rng: Random, order: Order, stem: str) -> Iterator[Sample]:
    paper = _paper(rng, order, _shows_all_totals)
    sample = make_file(rng, stem, "native", paper)
    # A digit of the gross total, so that the total itself reads otherwise.
    first = rng.choice([digit for digit in str(paper.invoice.totals.gross) if digit.isdigit()])
    second = rng.choice([digit for digit in "0123456789" if digit != first])
    yield replace(sample, content=lies.remap_digits(sample.content, {first: second, second: first}))


def _facturx_differs(rng: Random, order: Order, stem: str) -> Iterator[Sample]:
    paper = _paper(rng, order, lambda paper: can_be_electronic(paper) and _shows_all_totals(paper))
    printed = make_file(rng, stem, "native", paper)
    xml = write_cii(_dearer(paper).invoice)
    content = embed_xml(printed.content, xml, paper.supplier.language)
    yield Sample(printed.file, content, {**printed.truth, "kind": "facturx"})


def _duplicate(rng: Random, order: Order, stem: str) -> Iterator[Sample]:
    """The same invoice again in other bytes: printed first, then scanned."""
    paper = _paper(rng, order, _shows_all_totals)
    yield from _pair(rng, stem, paper, paper)


def _renumbered(rng: Random, order: Order, stem: str) -> Iterator[Sample]:
    """The same content under another number."""
    paper = _paper(rng, order, _shows_all_totals)
    yield from _pair(rng, stem, paper, _with(paper, number=f"{paper.invoice.number}A"))


def _pair(rng: Random, stem: str, first: Paper, second: Paper) -> Iterator[Sample]:
    original = make_file(rng, f"{stem}-1", "native", first)
    again = make_file(rng, f"{stem}-2", "scan", second)
    # Whichever comes second is the duplicate; the truth names the pair.
    yield replace(original, truth={**original.truth, "pair": again.file, "trap": "original"})
    yield replace(again, truth={**again.truth, "pair": original.file})


def _truncated(rng: Random, order: Order, stem: str) -> Iterator[Sample]:
    sample = make_file(rng, stem, "native", _paper(rng, order, _shows_all_totals))
    yield truncated(sample)


def truncated(sample: Sample) -> Sample:
    """The first half of the file: an upload that broke off. Nothing of it can be held to a truth."""
    truth = {**sample.truth, "fields": {}, "visible_fields": {}, "absent": [], "lines": [], "taxes": []}
    return replace(sample, content=sample.content[: len(sample.content) // 2], truth={**truth, "trap": "truncated"})


Trap = Callable[[Random, Order, str], Iterator[Sample]]

TRAPS: dict[str, Trap] = {
    "sums": _sums,
    "iban": _iban,
    "vat_id": _vat_id,
    "non_invoice": _non_invoice,
    "text_invisible": _hidden("invisible"),
    "text_white": _hidden("white"),
    "text_off_page": _hidden("off_page"),
    "text_covered": _covered,
    "text_remapped": _remapped,
    "facturx_differs": _facturx_differs,
    "duplicate": _duplicate,
    "renumbered": _renumbered,
    "truncated": _truncated,
}
"""What can be wrong, and how it is made."""


def _paper(rng: Random, order: Order, wanted: Callable[[Paper], bool]) -> Paper:
    while True:
        paper = make_paper(rng, supplier_of(order, rng), DocumentType.INVOICE, rng.randrange(1, 900))
        if len(paper.invoice.lines) < 16 and wanted(paper):
            return paper


def _prints(paper: Paper, name: str) -> bool:
    return any(field.value == name for field in print_paper(paper).fields)


def _shows_all_totals(paper: Paper) -> bool:
    return bool(paper.invoice.totals.tax) and not paper.invoice.totals.prepaid and not paper.adjustments


def _dearer(paper: Paper) -> Paper:
    """The same invoice with other totals that add up among themselves: every quantity doubled."""
    lines = tuple(
        line.model_copy(
            update={key: (getattr(line, key) or ZERO) * 2 for key in ("quantity", "net_amount", "discount")}
        )
        for line in paper.invoice.lines
    )
    return balanced(replace(_with(paper, lines=lines, vat_breakdown=breakdown_of(lines, ())), adjustments=()))


def _with(paper: Paper, **changes: object) -> Paper:
    invoice: Invoice = paper.invoice.model_copy(update=changes)
    return replace(paper, invoice=invoice)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m samples.traps", description=__doc__)
    parser.add_argument("out", type=Path, help="folder to write the files and truth.jsonl into")
    parser.add_argument("--count", type=int, default=len(TRAPS))
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    count = write_samples(make_traps(given.seed, given.count), given.out)
    print(f"{count} documents and truth.jsonl in {given.out}")  # noqa: T201


if __name__ == "__main__":
    main()
