"""Tells the label of a credited or replaced invoice (BT-25) from that of the document's own number.

What stands before it tells: "Avoir sur facture 12" and "Korrektur zu Rechnung 12" name the invoice that they change, in
more ways than a list holds.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.extract.labels import Label, plain
from pipeline.extract.layout import TextLine
from schemas import FieldName

_CHANGE = (
    r"avoir|annul\w*|rectifi\w*|remplace\w*|deduction|correct\w*|korrektur|korrigiert|gutschrift|stornier\w*|ersetzt"
    r"|abono|anula\w*|sustitu\w*|rettific\w*|sostitui\w*|nota di credito|credit(?: note)?|creditnota"
    r"|creditering|crediteert|vervang\w*|replac\w*|cancel\w*"
)
_SMALL = (
    r"pour|sur|des?|du|a|la|le|les|d|l|notre|votre|zu|zur|zum|der|die|fur|unsere?r?|ihre?r?|op|van|voor|onze|uw|of|for|to|on"
    r"|against|the|our|your|su|di|della|alla|per|vs|ns|sobre|por|del|al|el|las|relative?|correspondant|concernant"
)
_INVOICE = r"(?:facture|fattura|factura|factuur|rechnung|invoice)\w*"
_CHANGED = re.compile(
    rf"\b(?:(?:{_CHANGE})(?:['\s]+(?:{_SMALL})\b)+|storno(?:['\s]+(?:{_SMALL})\b)*)['\s]*{_INVOICE}[\s\w.°º#]{{0,12}}$"
)


def name_preceding(labels: Iterable[Label], lines: Sequence[TextLine]) -> Iterator[Label]:
    """The labels, those of another invoice's number as such; what they belong to may end the row above."""
    above = {id(line.segments[0]): upper.text for upper, line in pairwise(lines)}
    for label in labels:
        begun = "" if label.start else above.get(id(label.segment), "")
        text = plain(f"{begun} {label.segment.text[: label.end]}")
        if label.meaning == FieldName.INVOICE_NUMBER and _CHANGED.search(text):
            yield replace(label, phrase=replace(label.phrase, meaning=FieldName.PRECEDING_INVOICE.value))
        else:
            yield label
