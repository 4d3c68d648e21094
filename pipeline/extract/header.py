"""Proposes candidates for the fields that a label names: numbers, dates, identifiers, currency."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import zip_longest

from pipeline.extract.candidates import Link, Sheet, scores_for
from pipeline.extract.labels import plain
from pipeline.extract.layout import TextLine
from pipeline.extract.name_words import payer_account
from pipeline.extract.parsing import CURRENCY_CODES, currency_of
from pipeline.extract.spans import Span
from schemas import Candidate, Evidence, EvidenceKind, FieldName, TextSource, Word

KEPT = 5
"""How many candidates a field keeps."""

_SOURCES = {
    TextSource.TEXT_LAYER: EvidenceKind.TEXT_LAYER,
    TextSource.OCR: EvidenceKind.OCR,
    TextSource.SECOND_READER: EvidenceKind.SECOND_READER,
}


def candidate(name: FieldName, span: Span, score: float, *evidence: Evidence) -> Candidate:
    """A candidate from a value on the page, with the reader that saw it as its first witness."""
    return Candidate(
        name=name,
        value=span.value,
        raw=span.raw,
        page=span.page,
        box=span.box,
        score=max(0.0, score),
        evidence=(seen_by(span.line.words[span.first], span.confidence), *evidence),
    )


def seen_by(word: Word, confidence: float) -> Evidence:
    """Which reader saw a value, and how sure it was."""
    return Evidence(kind=_SOURCES[word.source], detail=f"{confidence:.2f}")


ONLY_DATE = 0.34
"""The score of a date without a label when no other date is printed: receipts print it wherever they like."""


def best_first(candidates: Iterable[Candidate], kept: int = KEPT) -> tuple[Candidate, ...]:
    """The best few candidates; of equal values the best one, which gains a little for the repetition."""
    by_value: dict[object, list[Candidate]] = {}
    for proposal in candidates:
        by_value.setdefault(proposal.value, []).append(proposal)
    merged = []
    for same in by_value.values():
        top = max(same, key=lambda c: c.score)
        if len(same) > 1:
            seen = Evidence(kind=EvidenceKind.REPETITION, detail=f"{len(same)} times")
            top = top.model_copy(update={"score": min(1.0, top.score + 0.04), "evidence": (*top.evidence, seen)})
        merged.append(top)
    return tuple(sorted(merged, key=lambda c: -c.score)[:kept])


def led_by(first: Candidate | None, options: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """The chosen one before the others, its rivals; none of them when the best is to have none."""
    return (first, *(option for option in options if option is not first)) if first else ()


def propose_header(sheet: Sheet) -> dict[FieldName, tuple[Candidate, ...]]:
    """Candidates for all fields that stand alone; totals and parties are chosen elsewhere."""
    return {
        FieldName.INVOICE_NUMBER: best_first(_high_up(sheet, _labelled(sheet, FieldName.INVOICE_NUMBER, _number_fit))),
        FieldName.PO_NUMBER: best_first(_labelled(sheet, FieldName.PO_NUMBER, _number_fit)),
        FieldName.PRECEDING_INVOICE: best_first(_labelled(sheet, FieldName.PRECEDING_INVOICE, _number_fit)),
        FieldName.ISSUE_DATE: best_first(
            [*_high_up(sheet, _labelled(sheet, FieldName.ISSUE_DATE, _date_fit)), *_lone_dates(sheet)]
        ),
        FieldName.DUE_DATE: best_first(_labelled(sheet, FieldName.DUE_DATE, _date_fit)),
        FieldName.DELIVERY_DATE: best_first(_labelled(sheet, FieldName.DELIVERY_DATE, _date_fit)),
        FieldName.IBAN: best_first(_checked(sheet, FieldName.IBAN, "iban")),
        FieldName.BIC: best_first([*_labelled(sheet, FieldName.BIC, _bic_fit), *_bics_of_ibans(sheet)]),
        FieldName.CURRENCY: best_first(_currencies(sheet)),
    }


def _labelled(sheet: Sheet, name: FieldName, fit: Callable[[Span], float]) -> Iterable[Candidate]:
    """Values that a label of the field names, weighed by how well their form fits; 0 is none at all."""
    for span, link in scores_for(sheet, name).items():
        if (fits := fit(span)) > 0:
            yield candidate(name, span, link.strength * fits, label_evidence(link))


def _high_up(sheet: Sheet, candidates: Iterable[Candidate]) -> Iterable[Candidate]:
    """Candidates that count less the lower they stand, and on later pages: the head of an invoice names it."""
    first = sheet.pages[0]
    for option in candidates:
        depth = option.box.y_mid / first.height if option.box and option.page == first.number else 1.0
        yield option.model_copy(update={"score": option.score * (1.0 - 0.22 * depth)})


def label_evidence(link: Link) -> Evidence:
    """The label that names a value, as a witness."""
    words = link.label.segment.text[link.label.start : link.label.end]
    return Evidence(kind=EvidenceKind.LABEL, detail=f"{link.relation} '{words}' ({link.strength:.2f})")


_AMOUNT_OR_DATE = re.compile(r"\d{1,3}([.,\s]\d{3})*[.,]\d{2}|\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d\d)")


def _number_fit(span: Span) -> float:
    """How much a text looks like the number of a document, 0 to 1."""
    text = str(span.value)
    digits = sum(char.isdigit() for char in text)
    if re.fullmatch(r"\d{1,3}([.,\s]\d{3})*[.,]\d{2}", text) or re.fullmatch(
        r"\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d\d)", text
    ):
        return 0.2  # an amount or a date
    if re.fullmatch(r"(19|20)\d\d", text) or digits < 2:
        return 0.5  # a year, or hardly a number
    after = span.line.words[span.last].text if span.last < len(span.line.words) else ""
    if _is_postcode(text, span, after):
        return 0.0
    if after.startswith("%") or (len(text) <= 2 and after[:1].isalpha()):
        return 0.3
    return 1.0


def _is_postcode(text: str, span: Span, after: str) -> bool:
    """Whether a number begins a text and a place follows: "00184 Roma" in the column beside the label."""
    begins = any(segment.words[0] is span.line.words[span.first] for segment in span.line.segments)
    return begins and bool(_POSTCODE.fullmatch(text)) and bool(_PLACE.match(after))


_POSTCODE = re.compile(r"\d{4,5}")
_PLACE = re.compile(r"[A-ZÀ-Þ][^\W\d]{2,}")


def _bic_fit(span: Span) -> float:
    return 1.0 if span.raw.isupper() and " " not in span.raw else 0.8


BIC_REACH = 6.0
"""Line heights above or below an account within which its bank's code needs no label."""


def _bics_of_ibans(sheet: Sheet) -> Iterable[Candidate]:
    """Codes in capitals near an account of the same country (ISO 9362: country in characters 5 and 6)."""
    accounts = [span for span in sheet.spans_of("iban") if span.valid]
    for span in sheet.spans_of("bic"):
        country = str(span.value)[4:6]
        near = (
            account.page == span.page
            and str(account.value)[:2] == country
            and abs(account.box.y_mid - span.box.y_mid) < BIC_REACH * max(4.0, span.line.height)
            for account in accounts
        )
        if span.raw.isupper() and " " not in span.raw and any(near):
            place = Evidence(kind=EvidenceKind.POSITION, detail="beside an account of its country")
            yield candidate(FieldName.BIC, span, 0.6, place)


def _date_fit(span: Span) -> float:
    year = span.value.year if isinstance(span.value, date) else 0
    return 1.0 if 1995 <= year <= 2100 else 0.3


def _lone_dates(sheet: Sheet) -> Iterable[Candidate]:
    """Dates near the top that no label names: letters print "Lyon, le 3 mars 2026"."""
    named = {link.span for link in sheet.links if link.label.phrase.expects == "date" and link.strength > 0.5}
    least = ONLY_DATE if len({span.value for span in sheet.spans_of("date")}) == 1 else 0.0
    for span in sheet.spans_of("date"):
        if span.page == sheet.pages[0].number and span not in named:
            height = span.box.y_mid / sheet.pages[0].height
            place = Evidence(kind=EvidenceKind.POSITION, detail=f"at {height:.0%} of the page")
            alone = any(segment.text == span.raw for segment in span.line.segments)
            score = max((0.46 if alone else 0.38) - 0.25 * height, least)
            yield candidate(FieldName.ISSUE_DATE, span, score * _date_fit(span), place)


def _checked(sheet: Sheet, name: FieldName, kind: str) -> Iterable[Candidate]:
    """Values of a kind with check digits: a right one needs no label. The customer's account is none to pay to."""
    links = scores_for(sheet, name)
    for span in sheet.spans_of(kind):
        if is_payers_row(span.line) or any(is_payers_row(line) for line in _sentence_before(sheet, span)):
            continue
        link = links.get(span)
        witnesses = [Evidence(kind=EvidenceKind.CHECKSUM, supports=span.valid)]
        witnesses += [label_evidence(link)] if link else []
        score = (0.75 if span.valid else 0.3) + 0.25 * (link.strength if link else 0.0)
        yield candidate(name, span, score, *witnesses)


SENTENCE_REACH = 1.6
"""Line heights between the rows of a sentence."""


def _sentence_before(sheet: Sheet, span: Span) -> Iterator[TextLine]:
    """The row above an account that begins its own row, where a sentence may run on from it."""
    line = span.line
    if span.first == 0:
        reach = SENTENCE_REACH * line.height
        for above in sheet.lines:
            near = 0 < line.box.y_mid - above.box.y_mid < reach and above.box.x0 <= line.box.x0 + line.height
            if above.page == line.page and near and len(above.words) >= FEWEST_OF_SENTENCE:
                yield above


FEWEST_OF_SENTENCE = 5
"""So few words at least make a sentence; fewer are a caption."""


def is_payers_row(line: TextLine) -> bool:
    """Whether the row of an account says that it is the customer's: "prélevé sur votre compte FR76…"."""
    return bool(payer_account().search(plain(line.text)))


_ALSO_WORDS = frozenset(("RM", "kr", "Ft", "lei"))
"""Signs of currencies that are words or codes elsewhere: RM is also the province of Rome."""


def _is_price(word: Word | None) -> bool:
    return word is not None and bool(re.match(r"\d[\d.,]*[.,]\d\d$", word.text))


def _is_reference(text: str, code: str) -> bool:
    """Whether what looks like a code begins the number of an article: "AUD-9799"."""
    return bool(re.search(rf"{code}[-_/]\d", text))


def _currencies(sheet: Sheet) -> Iterable[Candidate]:
    """Currencies by how often they stand beside amounts; a code says more than a sign."""
    votes: Counter[str] = Counter()
    where: dict[str, Word] = {}
    pages: dict[str, int] = {}
    for line in sheet.lines:
        has_amount = any(char.isdigit() for char in line.text)
        for word, follower in zip_longest(line.words, line.words[1:]):
            code = currency_of(word.text)
            if code is None or _is_reference(word.text, code) or (word.text in _ALSO_WORDS and not _is_price(follower)):
                continue
            is_code = any(known in word.text for known in CURRENCY_CODES)
            votes[code] += (2 if is_code else 1) * (2 if has_amount else 1)
            where.setdefault(code, word)
            pages.setdefault(code, line.page)
    total = sum(votes.values())
    for code, count in votes.items():
        share = count / total
        yield Candidate(
            name=FieldName.CURRENCY,
            value=code,
            raw=where[code].text,
            page=pages[code],
            box=where[code].box,
            score=min(1.0, share * (0.8 + 0.05 * min(count, 4))),
            evidence=(
                seen_by(where[code], where[code].confidence),
                Evidence(kind=EvidenceKind.REPETITION, detail=f"{share:.0%} of the currency marks"),
            ),
        )
