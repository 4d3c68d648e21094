"""What is known of a candidate, as numbers: where it stands, what names it, how it looks, what bears it out.

Distances are in heights of a usual row or in shares of the page, so that small and large print are judged alike. What
does not apply is `ABSENT`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from pipeline.extract.adding_up import TOLERANCE
from pipeline.extract.candidates import Link
from pipeline.extract.labels import plain
from pipeline.extract.layout import POSTCODE
from pipeline.extract.name_words import bank, countries, legal_form, not_a_name, street
from pipeline.extract.party_clues import CONTACT, Name
from pipeline.extract.scoring.head import of_head
from pipeline.extract.scoring.surroundings import Surroundings
from pipeline.extract.spans import Span
from schemas import Candidate, EvidenceKind, FieldName, TextSource

ABSENT = -1.0

FEATURES: dict[str, str] = {
    # by hand
    "score": "the hand-set score",
    "rank": "how many candidates of the field have a higher hand-set score",
    "lead": "hand-set score less the best other one of the field",
    "options": "how many candidates the field has",
    "elsewhere": "the best hand-set score of the same value for another field",
    "elsewhere_leads": "1 when another field's score of the value is higher than its own",
    # labels
    "label": "strength of the best link to a label of the field, 0 without one",
    "label_is_weak": "1 when that label is a weak one, such as 'Date'",
    "label_words": "words of that label",
    "label_beside": "1 when it stands beside the value, 0 when above or behind it",
    "label_distance": "from the label's end to the value in row heights, across or down",
    "other_label": "strength of the best link to a label of another meaning",
    "not_label": "strength of the best link to a label that says what the value is not (customer, order, factor)",
    "label_lead": "strength of the own label less that of the best other one",
    # place
    "x": "middle of the value as a share of the page's width",
    "y": "middle of the value as a share of the page's height",
    "page": "pages before it",
    "pages_after": "pages behind it",
    "size": "row height against the usual one",
    "words_before": "words to its left on the row",
    "words_after": "words to its right on the row",
    "alone": "1 when it is all of its segment",
    "row_amounts": "amounts on its row: a table's row has several",
    "number_sign": "1 when a number sign stands among the words before it on its row",
    "title_rows": "rows from the nearest title of a document ('Invoice') down to it, at most 20 either way",
    "title_beside": "1 when such a title stands on its row",
    "after_title": "words between such a title and the value behind it in one text, 20 without one",
    "date_rows": "rows to the nearest date, at most 20",
    "payers": "1 when its row says that the account is the customer's",
    # form
    "length": "characters",
    "digits": "share of digits",
    "letters": "letters",
    "marks": "slashes, hyphens and points",
    "repeats": "how often the value stands on the pages",
    "checksum": "1 right, 0 wrong",
    "year_like": "1 when it holds a year from 2000 to 2039",
    "has_cents": "1 when an amount has two decimals",
    "currency_mark": "1 when a currency stands on it or beside it",
    "percent": "1 when a per cent sign stands on it or behind it",
    # amounts
    "size_rank": "share of the page's amounts that are larger",
    "is_largest": "1 when no amount is larger",
    "in_sum": "1 when the amounts of the page make it the field's part of net + VAT = gross",
    "in_other_sum": "1 when they make it another part of such a sum",
    "fits_recap": "1 when the VAT recap adds up to it, 0 when to something else",
    "fits_lines": "1 when the lines add up to it, 0 when to something else",
    "below": "amounts that stand below it or on later pages",
    # dates
    "date_rank": "share of the page's dates that are earlier",
    "dates": "different dates on the pages",
    "days_from_first": "days since the earliest date, at most 400",
    # names
    "legal_form": "1 with a legal form, 0 where only other names have one",
    "domain": "1 when the web or mail address bears the name",
    "in_address": "1 when it stands in a block with a postcode",
    "block_place": "rows above it in its block",
    "block_has_ids": "1 when its block holds a company, tax or bank number",
    "contact": "1 when its block holds a telephone number, web or mail address",
    "seller_label": "how well a seller's label stands to it",
    "buyer_label": "how well a buyer's label stands to it",
    "ship_label": "how well a label of a delivery address stands to it",
    "buyer_id": "1 when its block holds a VAT id that a label calls the customer's",
    "name_twice": "times that the name stands at the foot of a page or on another page",
    "sender": "1 for the sender's row of an address window",
    "below_sender": "1 right below such a row",
    "no_name": "1 for a title, a street, a country or a place with its postcode",
    "words": "words of the name",
    # reading
    "reading": "the reader's own confidence",
    "from_text_layer": "1 when it comes from a text layer",
}
"""The features by name, with what each means."""

_NAMES = tuple(FEATURES)
_SHIP, _SELLER, _BUYER = "not_ship_to", "seller", "buyer"
_NUMBERS = re.compile(r"\b(?:SIRET|SIREN|RCS|IBAN|HRB|USt|capital)\b|VAT (?:No|Reg)")
_CURRENCY = re.compile(r"[€$£]|\b[A-Z]{3}\b")

Values = Iterator[tuple[str, float]]
Proposals = Mapping[FieldName, Sequence[Candidate]]


def features_of(name: FieldName, proposals: Proposals, around: Surroundings) -> NDArray[np.float32]:
    """One row a candidate of the field, in its order; columns as in `FEATURES`."""
    options = proposals[name]
    table = np.full((len(options), len(_NAMES)), ABSENT, dtype=np.float32)
    for row, option in enumerate(options):
        for feature, value in _all_of(option, options, proposals, around):
            table[row, _COLUMN[feature]] = value
    return table


_COLUMN = {feature: column for column, feature in enumerate(_NAMES)}


def _all_of(option: Candidate, options: Sequence[Candidate], proposals: Proposals, around: Surroundings) -> Values:
    span = around.span_of(option)
    yield from _by_hand(option, options, proposals)
    yield from _of_place(option, around)
    yield from _of_text(option, span, around)
    if span is not None:
        yield from _of_labels(option.name, span, around)
    if isinstance(option.value, Decimal):
        yield from _of_amount(option, span, around)
    if isinstance(option.value, date):
        yield from _of_date(option.value, around)
    if option.name in (FieldName.SELLER_NAME, FieldName.BUYER_NAME) and (name := around.name_at(option)):
        yield from _of_name(name, around)
    yield from _of_reading(option)


def _by_hand(option: Candidate, options: Sequence[Candidate], proposals: Proposals) -> Values:
    others = [other.score for other in options if other is not option]
    elsewhere = max(
        (
            other.score
            for name, rivals in proposals.items()
            if name is not option.name
            for other in rivals
            if other.value == option.value
        ),
        default=0.0,
    )
    yield "score", option.score
    yield "rank", sum(score > option.score for score in others)
    yield "lead", option.score - max(others, default=0.0)
    yield "options", len(options)
    yield "elsewhere", elsewhere
    yield "elsewhere_leads", float(elsewhere > option.score)


def _of_labels(name: FieldName, span: Span, around: Surroundings) -> Values:
    links = around.links_to(span)
    own = links.get(name)
    others = {meaning: link.strength for meaning, link in links.items() if meaning != name}
    strength = own.strength if own else 0.0
    other = max(others.values(), default=0.0)
    yield "label", strength
    yield "other_label", other
    yield "not_label", max((s for meaning, s in others.items() if meaning.startswith("not_")), default=0.0)
    yield "label_lead", strength - other
    if own:
        yield "label_is_weak", float(own.label.phrase.weak)
        yield "label_words", own.label.length
        yield "label_beside", float(own.relation == "beside")
        yield "label_distance", _distance(own, around)


def _distance(link: Link, around: Surroundings) -> float:
    here, there = link.label.box, link.span.box
    gap = there.x0 - here.x1 if link.relation == "beside" else there.y0 - here.y1
    return max(0.0, gap / around.usual_height)


def _of_place(option: Candidate, around: Surroundings) -> Values:
    index = around.page_index.get(option.page)
    if option.box is None or index is None:
        return
    page = around.sheet.pages[index]
    yield "x", option.box.x_mid / page.width
    yield "y", option.box.y_mid / page.height
    yield "page", index
    yield "pages_after", len(around.sheet.pages) - 1 - index
    yield "size", option.box.height / around.usual_height
    line = around.line_of(option)
    if line is not None:
        yield "words_before", sum(word.box.x1 <= option.box.x0 + 1 for word in line.words)
        yield "words_after", sum(word.box.x0 >= option.box.x1 - 1 for word in line.words)
        yield "row_amounts", around.amounts_on[id(line)]
        if option.name in _NUMBERED:
            yield from of_head(option.box, line, option.page, around)


def _of_text(option: Candidate, span: Span | None, around: Surroundings) -> Values:
    text = option.raw if isinstance(option.value, Decimal | date) else str(option.value)
    yield "length", len(text)
    yield "digits", sum(char.isdigit() for char in text) / max(1, len(text))
    yield "letters", sum(char.isalpha() for char in text)
    yield "marks", sum(char in "/-._" for char in text)
    yield "year_like", float(bool(re.search(r"(?<!\d)20[0-3]\d", text)))
    for witness in option.evidence:
        if witness.kind is EvidenceKind.CHECKSUM:
            yield "checksum", float(witness.supports)
    if span is not None:
        yield "repeats", around.repetitions[span.kind, span.value]
        yield "alone", float(any(segment.text == span.raw for segment in span.line.segments))


def _of_amount(option: Candidate, span: Span | None, around: Surroundings) -> Values:
    value = abs(option.value)
    amounts = around.amounts
    yield "size_rank", sum(other > value for other in amounts) / max(1, len(amounts))
    yield "is_largest", float(not amounts or value >= amounts[-1])
    name = FieldName.GROSS_TOTAL if option.name is FieldName.AMOUNT_DUE else option.name
    if name in _PARTS:
        yield "in_sum", float(around.sums.part(name, value))
        yield "in_other_sum", float(any(around.sums.part(part, value) for part in _PARTS if part is not name))
    recap = {FieldName.NET_TOTAL: around.proof.recap_net, FieldName.TAX_TOTAL: around.proof.recap_tax}.get(name)
    if recap is not None:
        yield "fits_recap", float(abs(abs(recap) - value) <= TOLERANCE)
    if around.proof.lines_net is not None:
        yield "fits_lines", float(abs(abs(around.proof.lines_net) - value) <= TOLERANCE)
    if span is not None:
        yield from _around_amount(span, around)


def _around_amount(span: Span, around: Surroundings) -> Values:
    words = span.line.words
    after = words[span.last].text if span.last < len(words) else ""
    before = words[span.first - 1].text if span.first else ""
    yield "has_cents", float(bool(re.search(r"[.,]\d\d(?!\d)", span.raw)))
    yield "currency_mark", float(any(_CURRENCY.search(text) for text in (before, span.raw, after)))
    yield "percent", float(span.raw.endswith("%") or after.startswith("%"))
    yield "below", sum(top > (span.page, span.box.y_mid) for top in around.amount_tops)


_NUMBERED = frozenset(
    (
        FieldName.INVOICE_NUMBER,
        FieldName.PO_NUMBER,
        FieldName.ISSUE_DATE,
        FieldName.DUE_DATE,
        FieldName.DELIVERY_DATE,
        FieldName.IBAN,
    )
)
_PARTS = (FieldName.NET_TOTAL, FieldName.TAX_TOTAL, FieldName.GROSS_TOTAL)


def _of_date(value: date, around: Surroundings) -> Values:
    dates = [day for day in around.dates if isinstance(day, date)]
    yield "dates", len(dates)
    yield "date_rank", sum(day < value for day in dates) / max(1, len(dates))
    yield "days_from_first", min(400, (value - min(dates, default=value)).days)


def _of_name(name: Name, around: Surroundings) -> Values:
    clues, text = around.clues, plain(name.text)
    yield "repeats", clues.all_text.count(text)
    yield "legal_form", 1.0 if legal_form().search(name.text) else 0.0 if around.has_legal_form else ABSENT
    yield "domain", float(clues.matches_domain(name.text))
    yield "in_address", float(name.block.is_address)
    yield "block_place", name.index
    yield "block_has_ids", float(bool(_NUMBERS.search(name.block.text)))
    yield "contact", float(bool(CONTACT.search(name.block.text)))
    yield "seller_label", clues.labelled(name, _SELLER)
    yield "buyer_label", clues.labelled(name, _BUYER)
    yield "ship_label", clues.labelled(name, _SHIP)
    yield "buyer_id", float(clues.holds_buyer_id(name))
    yield "name_twice", around.repeats_below(name)
    yield "sender", float(any(name.line is line for line in clues.sender_lines))
    yield "below_sender", float(clues.below_sender_line(name))
    yield "no_name", float(bool(not_a_name().match(text) or street().search(text) or text in countries()
                                or bank().search(text) or POSTCODE.search(name.text)))  # fmt: skip
    yield "words", len(name.text.split())


def _of_reading(option: Candidate) -> Values:
    for witness in option.evidence:
        if witness.kind in _READERS:
            yield "reading", float(witness.detail or 1.0)
            yield "from_text_layer", float(witness.kind is EvidenceKind.TEXT_LAYER)
            return


_READERS = {EvidenceKind(source.value) for source in TextSource}
