"""Chooses the totals jointly: the assignment whose numbers add up (EN 16931: BT-112 = BT-109 + BT-110) wins."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from pipeline.extract.candidates import Sheet, scores_for
from pipeline.extract.header import best_first, candidate, label_evidence
from pipeline.extract.spans import Span
from schemas import Candidate, Evidence, EvidenceKind, FieldName, InvoiceLine, VatBreakdown

TOLERANCE = Decimal("0.02")
"""How far net plus VAT may be from gross, in the invoice's currency: one rounding of each."""

VAT_RATES = tuple(
    map(Decimal, "0 2.1 3 3.8 4 4.8 5 5.5 6 7 7.7 8 8.1 8.5 9 9.5 10 12 13 13.5 14 15 16 17 18 19 20 21 22 23 24 25 25.5 27".split())
)  # fmt: skip
"""VAT rates in force in Europe in the last fifteen years, in per cent."""

ADDS_UP = 1.0
CONTRADICTS = -1.2
KNOWN_RATE = 0.25
MOST_RIVALS = 7

_TOTALS = (FieldName.NET_TOTAL, FieldName.TAX_TOTAL, FieldName.GROSS_TOTAL)
_SIDE_AMOUNTS = (
    FieldName.AMOUNT_DUE,
    FieldName.PREPAID_TOTAL,
    FieldName.ALLOWANCE_TOTAL,
    FieldName.CHARGE_TOTAL,
    FieldName.LINES_TOTAL,
)


@dataclass(frozen=True)
class Totals:
    """The chosen candidates of the totals, each with the evidence of the sums, and what lost."""

    chosen: dict[FieldName, Candidate]
    rivals: dict[FieldName, tuple[Candidate, ...]]
    adds_up: bool


def choose_totals(sheet: Sheet, lines: Sequence[InvoiceLine], taxes: Sequence[VatBreakdown]) -> Totals:
    """Propose candidates for net, VAT and gross from labels, lines and VAT recap, and choose what adds up."""
    rivals = {name: best_first(_labelled(sheet, name)) for name in (*_TOTALS, *_SIDE_AMOUNTS)}
    rivals[FieldName.GROSS_TOTAL] = _with_due_as_gross(rivals)
    derived = _derived(lines, taxes)
    pools = [_pool(rivals[name], derived[name]) for name in _TOTALS]
    best, score = max(((combo, _worth(combo)) for combo in product(*pools)), key=lambda pair: pair[1])
    completed = _completed(best, sheet)
    adds_up = _sums_hold(completed) is True
    chosen = {name: _with_sum(option, adds_up) for name, option in zip(_TOTALS, completed, strict=True) if option}
    if score <= 0:
        chosen = {}
    chosen |= {name: rivals[name][0] for name in _SIDE_AMOUNTS if rivals[name] and rivals[name][0].score > 0.4}
    return Totals(chosen, rivals, adds_up)


def _labelled(sheet: Sheet, name: FieldName) -> Iterable[Candidate]:
    for span, link in scores_for(sheet, name).items():
        yield candidate(name, span, link.strength * _amount_fit(span, sheet), label_evidence(link))


def _amount_fit(span: Span, sheet: Sheet) -> float:
    """How much a number looks like a printed total: two decimals or a currency, not a percentage or a count."""
    raw = span.raw
    words = span.line.words
    after = words[span.last].text if span.last < len(words) else ""
    if raw.endswith("%") or after.startswith("%"):
        return 0.05
    has_cents = span.value == span.value and len(raw.rstrip("€$£ )-").rsplit(sheet.decimal_mark or ".", 1)[-1]) == 2
    has_currency = any(char in raw for char in "€$£") or any(c.isalpha() for c in raw)
    fit = 1.0 if has_cents else 0.75 if has_currency else 0.45
    # later pages and lower places are where totals stand
    last_page = sheet.pages[-1].number == span.page
    return fit * (1.0 if last_page else 0.93)


def _with_due_as_gross(rivals: dict[FieldName, tuple[Candidate, ...]]) -> tuple[Candidate, ...]:
    """Many invoices print only the amount to pay; it is the gross total where nothing was paid before."""
    as_gross = [
        due.model_copy(update={"name": FieldName.GROSS_TOTAL, "score": due.score * 0.75})
        for due in rivals[FieldName.AMOUNT_DUE]
    ]
    return best_first([*rivals[FieldName.GROSS_TOTAL], *as_gross])


def _derived(lines: Sequence[InvoiceLine], taxes: Sequence[VatBreakdown]) -> dict[FieldName, list[Candidate]]:
    """Totals that follow from the lines and from the VAT recap."""
    nets = [line.net_amount for line in lines if line.net_amount is not None]
    bases = [row.base for row in taxes if row.base is not None]
    amounts = [row.amount for row in taxes if row.amount is not None]
    found: dict[FieldName, list[Candidate]] = {name: [] for name in _TOTALS}
    if nets and not any(line.includes_tax for line in lines):
        found[FieldName.NET_TOTAL].append(_sum_candidate(FieldName.NET_TOTAL, nets, "sum of the lines", 0.35))
    if bases and len(bases) == len(taxes):
        found[FieldName.NET_TOTAL].append(_sum_candidate(FieldName.NET_TOTAL, bases, "sum of the VAT bases", 0.45))
    if amounts and len(amounts) == len(taxes):
        found[FieldName.TAX_TOTAL].append(_sum_candidate(FieldName.TAX_TOTAL, amounts, "sum of the VAT amounts", 0.5))
    return found


def _sum_candidate(name: FieldName, parts: Sequence[Decimal], what: str, score: float) -> Candidate:
    witness = Evidence(kind=EvidenceKind.ARITHMETIC, detail=what)
    return Candidate(name=name, value=sum(parts, Decimal(0)), score=score, evidence=(witness,))


def _pool(labelled: Sequence[Candidate], derived: Sequence[Candidate]) -> list[Candidate | None]:
    """The options of one total: none, or a value; a sum that is also printed makes the printed one stronger."""
    pool: list[Candidate | None] = [None]
    sums = {c.value: c for c in derived}
    for option in labelled[:MOST_RIVALS]:
        same = sums.pop(option.value, None)
        if same is not None:
            option = option.model_copy(
                update={
                    "score": option.score + 0.5 * same.score,
                    "evidence": (*option.evidence, *same.evidence),
                }
            )
        pool.append(option)
    return [*pool, *sums.values()]


def _worth(combo: Sequence[Candidate | None]) -> float:
    """What an assignment of net, VAT and gross is worth: labels, sums, and a VAT rate that exists."""
    worth = sum(option.score for option in combo if option)
    holds = _sums_hold(combo)
    if holds is None:
        return worth
    if not holds:
        return worth + CONTRADICTS
    net, tax, _ = (option.value for option in combo if option)
    return worth + ADDS_UP + (KNOWN_RATE if is_known_rate(net, tax) else 0.0)


def _sums_hold(combo: Sequence[Candidate | None]) -> bool | None:
    """Whether net + VAT = gross; None when one is unknown."""
    if any(option is None for option in combo):
        return None
    net, tax, gross = (option.value for option in combo if option)
    return bool(abs(net + tax - gross) <= TOLERANCE)


def is_known_rate(net: Decimal, tax: Decimal) -> bool:
    """Whether VAT over net is a rate in force somewhere in Europe, to the cent."""
    return any(abs(net * rate / 100 - tax) <= TOLERANCE for rate in VAT_RATES)


def _completed(combo: Sequence[Candidate | None], sheet: Sheet) -> list[Candidate | None]:
    """Fill the one missing total from the two others, where the page supports it."""
    net, tax, gross = combo
    if net and gross and tax is None:
        difference = gross.value - net.value
        printed = [s for s in sheet.spans_of("amount") if s.value == difference]
        if difference == 0 or printed:
            tax = _inferred(FieldName.TAX_TOTAL, difference, "gross less net", printed, min(net.score, gross.score))
    elif net and tax and gross is None:
        total = net.value + tax.value
        printed = [s for s in sheet.spans_of("amount") if s.value == total]
        if printed:
            gross = _inferred(FieldName.GROSS_TOTAL, total, "net plus VAT", printed, min(net.score, tax.score))
    elif gross and tax and net is None:
        rest = gross.value - tax.value
        printed = [s for s in sheet.spans_of("amount") if s.value == rest]
        if printed or tax.value == 0:
            net = _inferred(FieldName.NET_TOTAL, rest, "gross less VAT", printed, min(gross.score, tax.score))
    return [net, tax, gross]


def _inferred(name: FieldName, value: Decimal, how: str, printed: Sequence[Span], score: float) -> Candidate:
    """A total that follows from two others; it has a place when the page prints it."""
    witness = Evidence(kind=EvidenceKind.ARITHMETIC, detail=how)
    if printed:
        return candidate(name, printed[-1], 0.8 * score, witness)
    return Candidate(name=name, value=value, score=0.8 * score, evidence=(witness,))


def _with_sum(option: Candidate, adds_up: bool) -> Candidate:
    witness = Evidence(kind=EvidenceKind.ARITHMETIC, supports=adds_up, detail="net + VAT = gross")
    return option.model_copy(update={"evidence": (*option.evidence, witness)}) if adds_up else option
