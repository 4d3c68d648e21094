"""Documents that must never go straight through: `python -m samples.traps OUT_DIR --count N --seed S`.

The truth is what a person sees on the page; its key `trap` names what is wrong, `trap_reason` says why it must stop.
`suppliers.csv` beside it is the supplier master with the accounts that are known.
"""

import argparse
import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

from samples import lies
from samples.company import CURRENCIES, make_account
from samples.degrade import pictures_to_pdf, scan
from samples.einvoice import can_be_electronic, embed_xml, write_cii
from samples.forge import (
    changed,
    dated,
    dearer,
    other_date,
    other_iban,
    other_number,
    sold_by,
    with_wrong_row,
    with_wrong_sum,
    wrong_check_digit,
)  # fmt: skip
from samples.generate import Order, make_file, supplier_count, supplier_of, write_samples
from samples.layouts import SPLITS, layouts_of
from samples.model import Paper, accounts_of, make_paper
from samples.parties import PaperPrinter
from samples.render import fields_shown, print_paper
from samples.supplier import supplier_at
from samples.truth import Sample
from samples.words import chance
from schemas import DocumentType, FieldName

_PRINTED = ("native", "native", "scan", "degraded")
_STAMPS = ("DUPLICATA", "COPY", "KOPIE", "PAYÉ", "PAID", "BEZAHLT", "PAGADO", "PAGATO", "ANNULÉ", "STORNIERT")
_NON_INVOICES = (
    DocumentType.QUOTE, DocumentType.ORDER, DocumentType.DELIVERY_NOTE, DocumentType.STATEMENT, DocumentType.REMINDER,
    DocumentType.PROFORMA,
)  # fmt: skip


def make_traps(seed: int, count: int, traps: Sequence[str] = (), split: str = "train") -> Iterator[Sample]:
    """At least `count` traps, each kind in turn; a duplicate comes after its original (trap "original")."""
    order = order_of(seed, count, split)
    names = tuple(traps) or tuple(TRAPS)
    made = index = 0
    while made < count:
        name = names[index % len(names)]
        rng = Random(f"trap/{seed}/{index}")
        for sample in TRAPS[name](rng, order, f"{seed}-{index:04d}-{name}"):
            trap = sample.truth.get("trap", name)
            yield replace(sample, truth={**sample.truth, "trap": trap, "trap_reason": REASONS.get(trap, "")})
            made += trap != "original"
        index += 1


def order_of(seed: int, count: int, split: str) -> Order:
    """The order whose suppliers send the traps."""
    return Order(seed, count, layouts=layouts_of(split))


def _sums(rng: Random, order: Order, stem: str) -> Iterator[Sample]:
    paper = _paper(rng, order, _shows_all_totals)
    yield make_file(rng, stem, rng.choice(_PRINTED), with_wrong_sum(rng, paper))


def _iban(rng: Random, order: Order, stem: str) -> Iterator[Sample]:
    paper = _paper(rng, order, lambda paper: _prints(paper, "iban"))
    payment = paper.invoice.payment
    wrong = wrong_check_digit(rng, str(payment.iban))
    yield make_file(rng, stem, rng.choice(_PRINTED), changed(paper, payment=payment.model_copy(update={"iban": wrong})))


def _changed_iban(rng: Random, order: Order, stem: str) -> Iterator[Sample]:
    """A known supplier asks to pay to another account, which is valid in itself."""
    paper = _paper(rng, order, lambda paper: _prints(paper, "iban"))
    account = make_account(rng, paper.supplier.company.country)
    payment = paper.invoice.payment.model_copy(
        update={"iban": account and account.iban, "bic": account and account.bic}
    )
    yield make_file(rng, stem, rng.choice(_PRINTED), changed(paper, payment=payment))


def _siret(rng: Random, order: Order, stem: str) -> Iterator[Sample]:
    paper = _paper(rng, order, lambda paper: _prints(paper, "seller_siret"))
    wrong = wrong_check_digit(rng, str(paper.invoice.seller.siret))
    seller = paper.invoice.seller.model_copy(update={"siret": wrong})
    yield make_file(rng, stem, rng.choice(_PRINTED), sold_by(paper, seller))


def _vat_id(rng: Random, order: Order, stem: str) -> Iterator[Sample]:
    paper = _paper(rng, order, lambda paper: _prints(paper, "seller_vat_id") and paper.supplier.company.country == "FR")
    seller = paper.invoice.seller
    siren = str(seller.siren)
    # The key no longer fits the SIREN, which itself stays right.
    key = (int(str(seller.vat_id)[2:4]) + rng.randrange(1, 96)) % 97
    wrong = seller.model_copy(update={"vat_id": f"FR{key:02d}{siren}"})
    yield make_file(rng, stem, rng.choice(_PRINTED), sold_by(paper, wrong))


def _non_invoice(rng: Random, order: Order, stem: str) -> Iterator[Sample]:
    paper = make_paper(rng, supplier_of(order, rng), rng.choice(_NON_INVOICES), rng.randrange(1, 900))
    yield make_file(rng, stem, rng.choice(_PRINTED), paper)


def _hidden(how: str) -> "Trap":
    def make(rng: Random, order: Order, stem: str) -> Iterator[Sample]:
        paper = _paper(rng, order, _shows_all_totals)
        totals = PaperPrinter(dearer(paper)).totals()
        sample = make_file(rng, stem, "native", paper)
        lines = [f"{label} {value}" for _, label, value in totals]
        yield replace(sample, content=lies.add_text(sample.content, lines, how))

    return make


def _covered(rng: Random, order: Order, stem: str) -> Iterator[Sample]:
    paper = _paper(rng, order, _shows_all_totals)
    sample = make_file(rng, stem, "native", paper)
    lying = print_paper(dearer(paper)).pdf
    yield replace(sample, content=lies.cover_with_picture(lying, sample.content, pictures_to_pdf))


def _remapped(rng: Random, order: Order, stem: str) -> Iterator[Sample]:
    paper = _paper(rng, order, _shows_all_totals)
    sample = make_file(rng, stem, "native", paper)
    # A digit of the gross total, so that the total itself reads otherwise.
    first = rng.choice([digit for digit in str(paper.invoice.totals.gross) if digit.isdigit()])
    second = rng.choice([digit for digit in "0123456789" if digit != first])
    yield replace(sample, content=lies.remap_digits(sample.content, {first: second, second: first}))


def _xml_says(lie: Callable[[Random, Paper], Paper], needs: str) -> "Trap":
    """A hybrid invoice whose XML is that of another paper; `needs` is the field that the page must show."""

    def make(rng: Random, order: Order, stem: str) -> Iterator[Sample]:
        paper = _paper(rng, order, lambda paper: can_be_electronic(paper) and _shows_all_totals(paper), needs)
        printed = make_file(rng, stem, "native", paper)
        xml = write_cii(lie(rng, paper).invoice)
        page = scan(printed.content, rng) if chance(rng, 0.25) else printed.content
        content = embed_xml(page, xml, paper.supplier.language)
        yield Sample(printed.file, content, {**printed.truth, "kind": "facturx"})

    return make


def _duplicate(rng: Random, order: Order, stem: str) -> Iterator[Sample]:
    """The same invoice again in other bytes: printed first, then scanned."""
    paper = _paper(rng, order, _shows_all_totals)
    yield from _pair(rng, stem, paper, paper)


def _renumbered(rng: Random, order: Order, stem: str) -> Iterator[Sample]:
    """The same content under another number."""
    paper = _paper(rng, order, _shows_all_totals)
    yield from _pair(rng, stem, paper, changed(paper, number=f"{paper.invoice.number}A"))


def _number_used(rng: Random, order: Order, stem: str) -> Iterator[Sample]:
    """Another total under the number and the date of an invoice that came before."""
    paper = _paper(rng, order, _shows_all_totals)
    yield from _pair(rng, stem, paper, dearer(paper))


def _moved(years: int) -> "Trap":
    def make(rng: Random, order: Order, stem: str) -> Iterator[Sample]:
        yield make_file(rng, stem, rng.choice(_PRINTED), dated(_paper(rng, order, _shows_all_totals), years))

    return make


def _vat_rows(rng: Random, order: Order, stem: str) -> Iterator[Sample]:
    while True:
        sample = make_file(rng, stem, rng.choice(_PRINTED), with_wrong_row(_paper(rng, order, _shows_tax_rows)))
        if sample.truth["visible_taxes"]:
            yield sample
            return


def _stamped(rng: Random, order: Order, stem: str) -> Iterator[Sample]:
    sample = make_file(rng, stem, "native", _paper(rng, order, _shows_all_totals))
    yield replace(sample, content=lies.stamp(sample.content, rng.choice(_STAMPS)))


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

_MADE: dict[str, tuple[Trap, str]] = {
    "sums": (_sums, "net, VAT and gross do not add up"),
    "iban": (_iban, "the IBAN's check digits are wrong"),
    "vat_id": (_vat_id, "the key of the French VAT id does not fit its SIREN"),
    "siret": (_siret, "the SIRET's check digit is wrong"),
    "changed_iban": (_changed_iban, "a known supplier asks to pay to an account that the master does not know"),
    "non_invoice": (_non_invoice, "not an invoice: nothing to post"),
    **{
        f"text_{how}": (_hidden(how), "the text layer holds a second, dearer total that nobody sees")
        for how in lies.HIDING_PLACES
    },
    "text_covered": (_covered, "the text under the picture is that of a dearer invoice"),
    "text_remapped": (_remapped, "the fonts draw other digits than the text layer says"),
    "facturx_differs": (_xml_says(lambda _, paper: dearer(paper), ""), "the XML has another total than the page"),
    "xml_number": (_xml_says(other_number, ""), "the XML has another invoice number than the page"),
    "xml_date": (_xml_says(other_date, ""), "the XML has another date than the page"),
    "xml_iban": (_xml_says(other_iban, "iban"), "the XML has another IBAN than the page"),
    "duplicate": (_duplicate, "the same invoice came before in other bytes"),
    "renumbered": (_renumbered, "the same invoice came before under another number"),
    "truncated": (_truncated, "half a file"),
    "number_used": (_number_used, "the seller used the number for another total before"),
    "future": (_moved(5), "the invoice is dated years ahead"),
    "ancient": (_moved(-31), "the invoice is 31 years old"),
    "vat_rows": (_vat_rows, "a VAT amount is not what its rate makes of its base"),
    "stamped": (_stamped, "the page says by itself that it is a copy, paid or void"),
}
TRAPS: dict[str, Trap] = {name: make for name, (make, _) in _MADE.items()}
"""What can be wrong, and how it is made."""
REASONS: dict[str, str] = {name: reason for name, (_, reason) in _MADE.items()}
"""Why a trap must not go straight through."""


def write_master(order: Order, path: Path) -> int:
    """Write the supplier master of an order as CSV, with the accounts that are known; gives the number of rows."""
    count = supplier_count(order)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["key", "name", "vat_id", "siren", "siret", "ibans", "currency", "country"])
        for index in range(count):
            supplier = supplier_at(order.seed, index, order.languages, order.layouts)
            party, currency = supplier.company.party, CURRENCIES[supplier.company.country]
            ids = [supplier.key, party.name, party.vat_id, party.siren, party.siret]
            writer.writerow([*ids, "|".join(accounts_of(supplier)), currency, party.country])
    return count


def _paper(rng: Random, order: Order, wanted: Callable[[Paper], bool], needs: str = "") -> Paper:
    while True:
        paper = make_paper(rng, supplier_of(order, rng), DocumentType.INVOICE, rng.randrange(1, 900))
        if len(paper.invoice.lines) < 16 and wanted(paper) and (not needs or _prints(paper, needs)):
            return paper


def _prints(paper: Paper, name: str) -> bool:
    return FieldName(name) in fields_shown(paper)


def _shows_all_totals(paper: Paper) -> bool:
    return bool(paper.invoice.totals.tax) and not paper.invoice.totals.prepaid and not paper.adjustments


def _shows_tax_rows(paper: Paper) -> bool:
    """A single rate without a table of its own is printed with the tax total, which is right."""
    has_rows = "tax_table" in paper.supplier.style.shows or len(paper.invoice.vat_breakdown) > 1
    return has_rows and _shows_all_totals(paper)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m samples.traps", description=__doc__)
    parser.add_argument("out", type=Path, help="folder to write the files and truth.jsonl into")
    parser.add_argument("--count", type=int, default=len(TRAPS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--split", choices=(*SPLITS, "all"), default="train", help="whose layouts; test and blind: held out"
    )
    parser.add_argument(
        "--traps", nargs="+", choices=tuple(TRAPS), default=(), metavar="TRAP", help=f"of {', '.join(TRAPS)}"
    )
    given = parser.parse_args(arguments)
    count = write_samples(make_traps(given.seed, given.count, given.traps, given.split), given.out)
    write_master(order_of(given.seed, given.count, given.split), given.out / "suppliers.csv")
    print(f"{count} documents, truth.jsonl and suppliers.csv in {given.out}")  # noqa: T201


if __name__ == "__main__":
    main()
