"""Tills round to the coins there are: then the rounded total is what was asked for. Invoices keep theirs (BT-112)."""

import re
from collections.abc import Sequence
from decimal import Decimal

from pipeline.extract.candidates import Sheet
from pipeline.extract.header import candidate
from schemas import Candidate, Evidence, EvidenceKind, FieldName

_CASH = re.compile(
    r"^\W*(?:cash|visa|master|change|tender|esp[èe]ces|rendu|bar|r[üu]ckgeld|contant|wisselgeld|efectivo|contanti|resto)\b",
    re.IGNORECASE,
)
"""How a till's rows of money given and given back begin."""
COIN = Decimal("0.05")
"""The smallest coin in use where cash is rounded: Belgium, Finland, Ireland, Italy, Netherlands, Switzerland."""


def rounded(gross: Candidate, sheets: Sequence[Sheet]) -> dict[FieldName, Candidate]:
    """The total after rounding and the difference (BT-114), where the pages name a rounding and print such a total.

    Empty where nothing was rounded.
    """
    named = any(label.meaning == FieldName.ROUNDING for sheet in sheets for label in sheet.labels)
    paid_in_cash = any(_CASH.search(line.text) for sheet in sheets for line in sheet.lines)
    near = [
        span
        for sheet in sheets
        for span in sheet.spans_of("amount")
        if isinstance(span.value, Decimal) and abs(span.value - gross.value) < COIN < abs(span.value)
        if span.value % COIN == 0
    ]
    if not named or not paid_in_cash or not near or gross.value % COIN == 0:
        return {}
    last = near[-1]
    witness = Evidence(kind=EvidenceKind.ARITHMETIC, detail=f"{gross.value} rounded for cash")
    total = candidate(FieldName.GROSS_TOTAL, last, gross.score, *gross.evidence[1:], witness)
    difference = Candidate(
        name=FieldName.ROUNDING, value=Decimal(str(last.value)) - gross.value, score=gross.score, evidence=(witness,)
    )
    return {FieldName.GROSS_TOTAL: total, FieldName.ROUNDING: difference}
