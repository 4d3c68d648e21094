"""Gives the tax and company identifiers on a page to seller and buyer."""

import re
from collections.abc import Iterable

from pipeline.extract.candidates import Sheet, scores_for
from pipeline.extract.header import best_first, candidate, label_evidence
from pipeline.extract.party_clues import is_party_label
from pipeline.extract.spans import Span
from schemas import Candidate, Evidence, EvidenceKind, FieldName


def propose_tax_ids(
    sheet: Sheet, seller: Candidate | None, buyer: Candidate | None
) -> dict[FieldName, tuple[Candidate, ...]]:
    """Candidates for the VAT ids of both parties and the SIREN and SIRET of the seller.

    A number stands with the buyer when a label or its block says so; any other is the seller's.
    """
    buyers = {span: _buyer_share(span, sheet, seller, buyer) for span in sheet.spans if span.kind in _KINDS}
    found = {
        FieldName.SELLER_VAT_ID: [*_vat_ids(sheet, buyers), *_unprefixed(sheet)],
        FieldName.BUYER_VAT_ID: list(_buyer_vat_ids(sheet, buyers)),
        FieldName.SELLER_SIREN: list(_french(sheet, "siren", FieldName.SELLER_SIREN, buyers)),
        FieldName.SELLER_SIRET: list(_french(sheet, "siret", FieldName.SELLER_SIRET, buyers)),
    }
    ranked = {name: best_first(options) for name, options in found.items()}
    return ranked | {FieldName.BUYER_VAT_ID: _other_than(ranked, FieldName.SELLER_VAT_ID, FieldName.BUYER_VAT_ID)}


UNLIKELY = 0.3
"""Below this a number is not taken for the seller's."""
_KINDS = frozenset(("vat_id", "siren", "siret"))


def _buyer_share(span: Span, sheet: Sheet, seller: Candidate | None, buyer: Candidate | None) -> float:
    """How much a number belongs to the buyer, 0 (seller) to 1."""
    own = scores_for(sheet, FieldName.BUYER_VAT_ID).get(span)
    if own is not None and own.strength > 0.6:
        return 1.0
    block = next((b for b in sheet.blocks if any(_holds(line, span) for line in b.lines)), None)
    share = 0.0
    if block is not None:
        texts = {line.text for line in block.lines}
        if buyer is not None and buyer.raw in texts:
            share = 0.85
        elif seller is not None and seller.raw in texts:
            share = 0.05
        elif any(is_party_label(lb) and lb.meaning == "buyer" and lb.segment.text in texts for lb in sheet.labels):
            share = 0.8
    if share:
        return share
    return _by_distance(span, seller, buyer)


def _holds(line: object, span: Span) -> bool:
    return any(word is span.line.words[span.first] for word in line.words)  # type: ignore[attr-defined]


def _by_distance(span: Span, seller: Candidate | None, buyer: Candidate | None) -> float:
    """Nearer below the buyer's name than the seller's, in the same column, speaks for the buyer."""
    if buyer is None or buyer.box is None or buyer.page != span.page:
        return 0.1
    drop = span.box.y0 - buyer.box.y1
    same_column = span.box.x0 > buyer.box.x0 - 20 and span.box.x0 < buyer.box.x1 + 60
    if not (same_column and 0 <= drop < 110):
        return 0.1
    if seller is not None and seller.box is not None and 0 <= span.box.y0 - seller.box.y1 < drop:
        return 0.3
    return 0.6


def _vat_ids(sheet: Sheet, buyers: dict[Span, float]) -> Iterable[Candidate]:
    links = scores_for(sheet, FieldName.SELLER_VAT_ID)
    for span in sheet.spans_of("vat_id"):
        link = links.get(span)
        base = (0.8 if span.valid else 0.4) + 0.2 * (link.strength if link else 0.0)
        witnesses = [Evidence(kind=EvidenceKind.CHECKSUM, supports=span.valid)]
        witnesses += [label_evidence(link)] if link else []
        yield candidate(FieldName.SELLER_VAT_ID, span, base * (1.0 - buyers[span]), *witnesses)


def _buyer_vat_ids(sheet: Sheet, buyers: dict[Span, float]) -> Iterable[Candidate]:
    for span in sheet.spans_of("vat_id"):
        checked = Evidence(kind=EvidenceKind.CHECKSUM, supports=span.valid)
        yield candidate(FieldName.BUYER_VAT_ID, span, (0.9 if span.valid else 0.5) * buyers[span], checked)


def _unprefixed(sheet: Sheet) -> Iterable[Candidate]:
    """Tax numbers printed without a country, such as "VAT No: 123 4567 89", by their label alone."""
    for label in sheet.labels:
        if label.meaning != FieldName.SELLER_VAT_ID or label.length < 2:
            continue
        rest = label.segment.text[label.end :]
        match = re.match(r"\W{0,3}((?:[A-Z]{0,3}[ ]?)?\d[\d .]{6,16}\d[A-Z]?)(?![\w,])", rest)
        words = label.segment.words_between(label.end + (match.start(1) if match else 0), label.end + (match.end(1) if match else 0))  # fmt: skip  # noqa: E501
        if match and words[1] > words[0]:
            value = re.sub(r"[^0-9A-Z]", "", match[1])
            yield candidate(FieldName.SELLER_VAT_ID, Span("vat_id", value, label.segment, *words, valid=False), 0.42)


def _french(sheet: Sheet, kind: str, name: FieldName, buyers: dict[Span, float]) -> Iterable[Candidate]:
    links = scores_for(sheet, name)
    for span in sheet.spans_of(kind):
        link = links.get(span)
        score = (0.55 + 0.45 * (link.strength if link else 0.0)) * (1.0 - buyers[span])
        if link is None and kind == "siren":
            score *= 0.5  # nine digits with a right Luhn digit turn up by chance once in ten
        yield candidate(name, span, score, Evidence(kind=EvidenceKind.CHECKSUM))


def _other_than(
    ranked: dict[FieldName, tuple[Candidate, ...]], taken: FieldName, name: FieldName
) -> tuple[Candidate, ...]:
    """The candidates of a field without the value that another field has already."""
    used = ranked[taken][0].value if ranked[taken] and ranked[taken][0].score >= UNLIKELY else None
    return tuple(option for option in ranked[name] if option.value != used)
