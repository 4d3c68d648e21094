"""Tells the seller from the buyer: every text that may be a name is weighed as each, and the best pair wins."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product

from rapidfuzz import fuzz

from pipeline.extract.candidates import Sheet
from pipeline.extract.header import best_first, led_by, seen_by
from pipeline.extract.labels import Label, plain
from pipeline.extract.layout import POSTCODE, TextLine
from pipeline.extract.name_words import is_legal_form, legal_form
from pipeline.extract.party_clues import FOOT, SENDERS_LINE, Clues, Name, is_party_label
from schemas import Candidate, Evidence, EvidenceKind, FieldName

SAME_NAME = 85.0
"""Similarity of names in per cent (rapidfuzz token_set_ratio)."""
LEGAL_PLACES = (SENDERS_LINE, FOOT)

Weigh = Callable[[Name], tuple[float, list[Evidence]]]
"""How much speaks for a name, and what."""


def propose_parties(sheet: Sheet) -> dict[FieldName, tuple[Candidate, ...]]:
    """Candidates for the names of seller and buyer, each weighed by itself."""
    names = tuple(names_on(sheet))
    if not names:
        return {FieldName.SELLER_NAME: (), FieldName.BUYER_NAME: ()}
    clues = Clues(sheet)
    return {
        FieldName.SELLER_NAME: best_first(_weighed(names, FieldName.SELLER_NAME, clues.seller_score)),
        FieldName.BUYER_NAME: best_first(_weighed(names, FieldName.BUYER_NAME, clues.buyer_score)),
    }


def choose_parties(proposals: Mapping[FieldName, tuple[Candidate, ...]]) -> dict[FieldName, tuple[Candidate, ...]]:
    """The candidates for the names of seller and buyer, the best pair first."""
    sellers, buyers = proposals[FieldName.SELLER_NAME], proposals[FieldName.BUYER_NAME]
    seller, buyer = _best_pair(sellers, buyers)
    seller = _legal_name(seller, buyer, sellers)
    return {
        FieldName.SELLER_NAME: led_by(seller, sellers),
        FieldName.BUYER_NAME: led_by(buyer, buyers),
    }


def names_on(sheet: Sheet) -> Iterator[Name]:
    """Texts with letters that could be a name, on the first page and on the last."""
    ends = {sheet.pages[0].number, sheet.pages[-1].number}
    captions = captions_on(sheet)
    for block in sheet.blocks:
        # a heading such as "Bill to" is not the first row of its address
        bare = [line for line in block.lines if id(line) not in captions]
        for index, line in enumerate(bare):
            text = _cleaned(line, sheet)
            letters = sum(char.isalpha() for char in text)
            is_wordy = letters >= 2 and letters >= 0.5 * len(text.replace(" ", "")) and len(text) < 80
            if line.page in ends and is_wordy and not is_legal_form(text):
                yield Name(text, line, block, index)


def captions_on(sheet: Sheet) -> frozenset[int]:
    """The texts that only announce others, by identity: they end with a colon, or are nothing but labels."""
    labels: dict[int, list[Label]] = {}
    for label in sheet.labels:
        labels.setdefault(id(label.segment), []).append(label)
    segments = (segment for line in sheet.lines for segment in line.segments)
    return frozenset(
        id(segment)
        for segment in segments
        if segment.text.rstrip().endswith(":") or _is_all_labels(segment, labels.get(id(segment), ()))
    )


def _is_all_labels(segment: TextLine, labels: Sequence[Label]) -> bool:
    """Whether labels make up a text, or begin it before a slash: "Bill to / Rechnung an"."""
    if any(label.start == 0 and re.match(r"\s*/", segment.text[label.end :]) for label in labels):
        return True
    rest = segment.text
    for label in labels:
        rest = rest[: label.start] + " " * (label.end - label.start) + rest[label.end :]
    return bool(labels) and not any(char.isalnum() for char in rest)


def _cleaned(line: TextLine, sheet: Sheet) -> str:
    """The text without a leading party label, and without what follows a separator."""
    text = line.text
    for label in sheet.labels:
        if label.segment is line and label.start <= 1 and is_party_label(label):
            text = text[label.end :]
            break
    text = re.split(r"\s[-–—|•·●*]\s|\s{2,}|\bSIRET\b|\bSIREN\b|\bRCS\b|\bau capital\b|\bTVA\b|\bUSt", text.strip(" :;,-–*").lstrip("."))[0]  # fmt: skip  # noqa: E501
    # a footer prints name and address on one row: the name ends with the legal form or at the comma
    form = legal_form().search(text)
    if form and form.start() > 0 and (POSTCODE.search(text) or _SEPARATOR.match(text, form.end())):
        text = text[: form.end()]
    return _ADDRESS.split(text)[0].strip(" :;,*")


_SEPARATOR = re.compile(r",|[.\s]*[-–—|•·●*]\s")
"""What parts a name from its address; a reader may see the dot of a middle dot, or a space less."""

_ADDRESS = re.compile(r",\s*(?=(?:[^\W\d][^\s,]*\s+){0,3}\d)")
"""A comma before a house number, which may follow the street ("Dekker Adviseurs, Stationsplein 124")."""


def _weighed(names: tuple[Name, ...], field: FieldName, weigh: Weigh) -> Iterator[Candidate]:
    for name in names:
        score, evidence = weigh(name)
        if score > 0:
            first = name.line.words[0]
            yield Candidate(
                name=field,
                value=name.text,
                raw=name.line.text,
                page=name.line.page,
                box=name.line.box,
                score=min(1.0, score),
                evidence=(seen_by(first, first.confidence), *evidence),
            )


def _legal_name(seller: Candidate | None, buyer: Candidate | None, options: Sequence[Candidate]) -> Candidate | None:
    """The name with a legal form (BT-27) where a trade name (BT-28) was chosen and its own line or the foot has it.

    Both name one party, so their scores are added. What stands there may also be a bank or an insurer: those have
    little that speaks for them.
    """
    if seller is None or legal_form().search(seller.value):
        return seller
    legal = next((o for o in options if _is_legal_name(o) and not (buyer and _is_same_name(o, buyer))), None)
    return legal.model_copy(update={"score": min(1.0, seller.score + legal.score)}) if legal else seller


def _is_legal_name(option: Candidate) -> bool:
    places = (witness.detail for witness in option.evidence if witness.kind is EvidenceKind.POSITION)
    return bool(legal_form().search(option.value)) and any(place in LEGAL_PLACES for place in places)


def _is_same_name(one: Candidate, other: Candidate) -> bool:
    return fuzz.token_set_ratio(plain(one.value), plain(other.value)) > SAME_NAME


def _best_pair(
    sellers: tuple[Candidate, ...], buyers: tuple[Candidate, ...]
) -> tuple[Candidate | None, Candidate | None]:
    """The seller and the buyer that together are worth most, and are not the same name."""
    options = product([None, *sellers], [None, *buyers])
    return max(
        ((s, b) for s, b in options if not (s and b and _is_same_name(s, b))),
        key=lambda pair: sum(c.score for c in pair if c),
    )
