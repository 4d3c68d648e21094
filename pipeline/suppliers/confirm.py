"""What becomes of a record that a person confirmed: its account is known, and its supplier's rules grow."""

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.suppliers.book import Book
from pipeline.suppliers.learn import learn, merge
from pipeline.suppliers.master import Contradiction, Master, Match, bare, find_supplier
from pipeline.suppliers.model import Rules, Source, Supplier
from pipeline.suppliers.replay import Broken, Reread, refuse_if_broken, replay, without
from pipeline.suppliers.reread import reread
from pipeline.suppliers.rule_shelf import Confirmed
from pipeline.validate.identifiers import plain
from schemas import FieldName, FieldStatus, Page, Record


class Confirmation(NamedTuple):
    """What was learned. `refused` are values that new rules would have broken; the rules of those fields are off."""

    supplier: Supplier
    version: int
    refused: tuple[Broken, ...]


def confirm(
    book: Book,
    document_id: str,
    part: int,
    record: Record,
    pages: Sequence[Page],
    by: str,
    read_again: Reread = reread,
) -> Confirmation | None:
    """Learn from a record that the person `by` approved as it stands, corrections included.

    Its account becomes known, also a changed one: to approve it is to have asked the supplier. The rules learned are
    replayed on the supplier's confirmed documents, this one included; those of a field that breaks one are switched
    off. None when the record names no seller, or keys of several. Raises StoreError; Outdated when another
    confirmation of the same supplier came in between (try again).
    """
    supplier = supplier_of(record, Master(book.suppliers.all()))
    if supplier is None:
        return None
    last, history = book.rules.newest(supplier.key), book.rules.history(supplier.key)
    before = last.rules if last else None
    document = Confirmed(document_id, part, record, tuple(pages))
    others = [one for one in history if (one.document_id, one.part) != (document_id, part)]
    if before is not None and len(others) < len(history):
        rules = before  # it was confirmed before and has taught already
    else:
        rules = merge(before, learn(record, pages, supplier.key))
    broken = replay(rules, before, [*others, document], read_again)
    iban = plain(record.value(FieldName.IBAN))
    live = without(rules, {one.field for one in broken})
    version = book.rules.add_confirmed(supplier, document, live, [iban] if iban else [], by, last.number if last else 0)
    return Confirmation(supplier, version, broken)


def is_confirmed(record: Record) -> bool:
    """Whether a person confirmed or corrected a field: only such records may teach."""
    return any(field.status in (FieldStatus.CONFIRMED, FieldStatus.CORRECTED) for field in record.fields.values())


def edit(book: Book, key: str, rules: Rules, by: str, base: int | None = None, read_again: Reread = reread) -> int:
    """Put an operator's rules in place of the supplier's newest ones and return their version.

    Raises RuleRefused with the document that would break, UnknownSupplier, and Outdated when `base` is not the newest.
    """
    last = book.rules.newest(key)
    before = last.rules if last else None
    refuse_if_broken(replay(rules, before, book.rules.history(key), read_again))
    return book.rules.add(key, rules.model_copy(update={"supplier": key}), by, base=base)


def switch(book: Book, key: str, is_on: bool, by: str, read_again: Reread = reread) -> int:
    """Switch a supplier's rules on or off as a new version; switched on they are replayed first.

    Raises RuleRefused, UnknownSupplier.
    """
    last = book.rules.newest(key)
    rules = last.rules if last else Rules(supplier=key)
    if is_on:
        refuse_if_broken(replay(rules, None, book.rules.history(key), read_again))
    return book.rules.add(key, rules, by, is_on=is_on)


def supplier_of(record: Record, master: Master) -> Supplier | None:
    """The known supplier of a record, or a new one made from it; None when its keys contradict each other."""
    match = find_supplier(record, master)
    if isinstance(match, Match):
        return match.supplier
    name = record.value(FieldName.SELLER_NAME)
    if isinstance(match, Contradiction) or not name:
        return None
    vat_id, siret = plain(record.value(FieldName.SELLER_VAT_ID)), plain(record.value(FieldName.SELLER_SIRET))
    siren = plain(record.value(FieldName.SELLER_SIREN)) or siret[:9]
    return Supplier(
        key=vat_id or siren or bare(name) or name,
        name=name,
        vat_id=vat_id or None,
        siren=siren or None,
        siret=siret or None,
        currency=record.value(FieldName.CURRENCY),
        source=Source.PERSON,
    )
