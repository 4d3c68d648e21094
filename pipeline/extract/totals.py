"""Chooses the totals jointly: candidates from labels, lines and VAT recap, of which those win that add up."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from pipeline.extract.adding_up import (
    TOLERANCE,
    Assignment,
    Proof,
    adds_up,
    is_plausible_tax,
    left_out,
    proof_of,
    worth,
)
from pipeline.extract.candidates import Sheet, scores_for
from pipeline.extract.header import best_first, candidate, label_evidence
from pipeline.extract.rounding import rounded
from pipeline.extract.side_amounts import fit_side_amounts
from pipeline.extract.spans import Span
from pipeline.extract.views import Proposals
from schemas import Candidate, Evidence, EvidenceKind, FieldName, InvoiceLine, VatBreakdown

MOST_RIVALS = 7
LEAST_SIDE_SCORE = 0.4
INFERRED = 0.8
"""What a total that follows from two others is worth against the weaker of them."""

_TOTALS = (FieldName.NET_TOTAL, FieldName.TAX_TOTAL, FieldName.GROSS_TOTAL)
_SIDE_AMOUNTS = (
    FieldName.AMOUNT_DUE,
    FieldName.PREPAID_TOTAL,
    FieldName.ALLOWANCE_TOTAL,
    FieldName.CHARGE_TOTAL,
    FieldName.LINES_TOTAL,
)


_DEDUCTED = frozenset((FieldName.PREPAID_TOTAL, FieldName.ALLOWANCE_TOTAL))


@dataclass(frozen=True)
class Totals:
    """The chosen candidates of the totals, each with the evidence of the sums, and what lost."""

    chosen: dict[FieldName, Candidate]
    rivals: dict[FieldName, tuple[Candidate, ...]]
    adds_up: bool
    worth: float
    """How well the choice fits its labels, the sums, the lines and the VAT recap; comparable for the same pages."""


def propose_totals(sheet: Sheet) -> dict[FieldName, tuple[Candidate, ...]]:
    """Candidates for all totals from their labels, each weighed by itself."""
    rivals = {name: best_first(_labelled(sheet, name)) for name in (*_TOTALS, *_SIDE_AMOUNTS)}
    return rivals | {FieldName.GROSS_TOTAL: _with_due_as_gross(rivals)}


def choose_totals(
    rivals: Proposals, lines: Sequence[InvoiceLine], taxes: Sequence[VatBreakdown], sheets: Sequence[Sheet]
) -> Totals:
    """Of the candidates for net, VAT and gross choose those that add up, also with lines and VAT recap."""
    proof = proof_of(lines, taxes)
    derived = _derived(proof)
    pools = [_pool(rivals[name], derived.get(name, ())) for name in _TOTALS]
    strongest = max((option.score for option in rivals[FieldName.GROSS_TOTAL]), default=0.0)
    best = max(
        (Assignment(*combo) for combo in product(*pools)),
        key=lambda choice: worth(choice, proof) - left_out(choice, strongest),
    )
    completed = _completed(best, sheets)
    value = worth(completed, proof)
    chosen = _with_sums(completed, proof) if value > 0 else {}
    chosen |= {
        name: _deducted_positive(rivals[name][0], completed.gross)
        for name in _SIDE_AMOUNTS
        if rivals[name] and rivals[name][0].score > LEAST_SIDE_SCORE
    }
    chosen = fit_side_amounts(_without_columns(chosen, proof), rivals, proof.lines_net)
    if FieldName.GROSS_TOTAL in chosen:
        chosen |= rounded(chosen[FieldName.GROSS_TOTAL], sheets)
    return Totals(chosen, {name: rivals[name] for name in (*_TOTALS, *_SIDE_AMOUNTS)}, adds_up(completed), value)


def _without_columns(chosen: dict[FieldName, Candidate], proof: Proof) -> dict[FieldName, Candidate]:
    """Without a sum of lines that the lines deny, where they make the net total: a column's heading was taken for it.

    What would lie between the two, allowances and charges, was then misread too.
    """
    net, stated = chosen.get(FieldName.NET_TOTAL), chosen.get(FieldName.LINES_TOTAL)
    if net is None or stated is None or proof.lines_net is None or stated.value == proof.lines_net:
        return chosen
    if abs(net.value - proof.lines_net) > TOLERANCE:
        return chosen
    between = (FieldName.LINES_TOTAL, FieldName.ALLOWANCE_TOTAL, FieldName.CHARGE_TOTAL)
    return {name: option for name, option in chosen.items() if name not in between}


def _labelled(sheet: Sheet, name: FieldName) -> Iterable[Candidate]:
    for span, link in scores_for(sheet, name).items():
        yield candidate(name, span, link.strength * _amount_fit(span, sheet), label_evidence(link))


def _amount_fit(span: Span, sheet: Sheet) -> float:
    """How much a number looks like a printed total: two decimals or a currency, not a percentage or a count."""
    words = span.line.words
    after = words[span.last].text if span.last < len(words) else ""
    if span.raw.endswith("%") or after.startswith("%"):
        return 0.05
    has_cents = bool(re.search(r"[.,]\d\d(?!\d)", span.raw))
    has_currency = bool(re.search(r"[€$£]|[A-Za-z]{2}", span.raw))
    fit = 1.0 if has_cents else 0.75 if has_currency else 0.25
    # totals stand on the last page, not on those before it
    return fit * (1.0 if sheet.pages[-1].number == span.page else 0.93)


def _deducted_positive(option: Candidate, gross: Candidate | None) -> Candidate:
    """What is taken off is printed with or without a minus; EN 16931 (BT-107, BT-113) counts it as the gross."""
    if option.name not in _DEDUCTED or gross is None:
        return option
    return option.model_copy(update={"value": abs(option.value).copy_sign(gross.value)})


def _with_due_as_gross(rivals: dict[FieldName, tuple[Candidate, ...]]) -> tuple[Candidate, ...]:
    """Many invoices print only the amount to pay; it is the gross total where nothing was paid before."""
    as_gross = [
        due.model_copy(update={"name": FieldName.GROSS_TOTAL, "score": due.score * 0.75})
        for due in rivals[FieldName.AMOUNT_DUE]
    ]
    return best_first([*rivals[FieldName.GROSS_TOTAL], *as_gross])


def _derived(proof: Proof) -> dict[FieldName, list[Candidate]]:
    """Totals that follow from the lines and from the VAT recap, printed or not."""
    sums = (
        (FieldName.NET_TOTAL, proof.lines_net, "sum of the lines", 0.35),
        (FieldName.NET_TOTAL, proof.recap_net, "sum of the VAT bases", 0.45),
        (FieldName.TAX_TOTAL, proof.recap_tax, "sum of the VAT amounts", 0.5),
    )
    found: dict[FieldName, list[Candidate]] = {}
    for name, value, what, score in sums:
        if value is not None:
            witness = Evidence(kind=EvidenceKind.ARITHMETIC, detail=what)
            found.setdefault(name, []).append(Candidate(name=name, value=value, score=score, evidence=(witness,)))
    return found


def _pool(labelled: Sequence[Candidate], derived: Sequence[Candidate]) -> list[Candidate | None]:
    """The options of one total: none, or a value; a sum that is also printed makes the printed one stronger."""
    sums = {option.value: option for option in derived}
    merged = [_strengthened(option, sums.pop(option.value, None)) for option in labelled[:MOST_RIVALS]]
    return [None, *merged, *sums.values()]


def _strengthened(option: Candidate, same: Candidate | None) -> Candidate:
    if same is None:
        return option
    evidence = (*option.evidence, *same.evidence)
    return option.model_copy(update={"score": option.score + 0.5 * same.score, "evidence": evidence})


def _completed(choice: Assignment, sheets: Sequence[Sheet]) -> Assignment:
    """Fill the one missing total from the two others, where the page prints it or there is no VAT."""
    net, tax, gross = choice
    if net and gross and tax is None:
        return choice._replace(tax=_inferred(FieldName.TAX_TOTAL, gross.value - net.value, net, gross, sheets))
    if net and tax and gross is None:
        return choice._replace(gross=_inferred(FieldName.GROSS_TOTAL, net.value + tax.value, net, tax, sheets))
    if gross and tax and net is None:
        return choice._replace(net=_inferred(FieldName.NET_TOTAL, gross.value - tax.value, gross, tax, sheets))
    return choice


def _inferred(
    name: FieldName, value: Decimal, one: Candidate, other: Candidate, sheets: Sequence[Sheet]
) -> Candidate | None:
    """A total that follows from two others; None when the page does not bear it out."""
    score = INFERRED * min(one.score, other.score)
    witness = Evidence(kind=EvidenceKind.ARITHMETIC, detail=f"follows from {one.name} and {other.name}")
    is_tax = name is FieldName.TAX_TOTAL
    if is_tax and not is_plausible_tax(one.value, value):
        return None
    if is_tax and value == 0:
        return Candidate(name=name, value=value, score=score, evidence=(witness,))
    printed = [span for sheet in sheets for span in sheet.spans_of("amount") if span.value == value]
    return candidate(name, printed[-1], score, witness) if printed else None


def _with_sums(choice: Assignment, proof: Proof) -> dict[FieldName, Candidate]:
    """The chosen totals with what the sums say: for them when they add up and no VAT rate is left out."""
    net, tax, _ = _TOTALS
    said = (
        (adds_up(choice), True, "net + VAT = gross", _TOTALS),
        (proof.is_only_a_row(choice), False, "only one of several VAT rates", _TOTALS),
        (proof.recap_agrees(choice), True, "the VAT recap adds up to it", (net, tax)),
        (proof.lines_agree(choice), True, "the lines add up to it", (net,)),
    )
    return {
        name: option.model_copy(
            update={
                "evidence": option.evidence
                + tuple(
                    Evidence(kind=EvidenceKind.ARITHMETIC, supports=supports, detail=detail)
                    for holds, supports, detail, names in said
                    if holds and name in names
                )
            }
        )
        for name, option in zip(_TOTALS, choice, strict=True)
        if option
    }
