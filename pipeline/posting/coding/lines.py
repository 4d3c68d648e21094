"""The lines of a coding as a person sees and changes them; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from pipeline.posting.amounts import Share
from pipeline.posting.coding.choose import Choice
from pipeline.posting.coding.code import Booking
from schemas import DocumentType, Entry
from schemas.edits import CodeText


@dataclass(frozen=True)
class Line:
    """Shares that are described alike and would be booked alike: what a person gives one account."""

    text: str
    """Its description, the first of several where the lines of the invoice do not add up; empty for none."""
    label: str
    net: Decimal
    choice: Choice
    count: int
    """How many descriptions it stands for."""
    shares: tuple[tuple[int, int], ...]
    """Which they are: number of the rate, number within it."""


def lines_of(booking: Booking) -> tuple[Line, ...]:
    """The lines, in the order of the invoice."""
    found: dict[object, Line] = {}
    for place, share, choice in _placed(booking):
        key = (share.texts, choice.account, choice.cost_centre)
        before = found.get(key)
        if before:
            found[key] = replace(
                before,
                net=before.net + share.net,
                shares=(*before.shares, place),
                choice=min(before.choice, choice, key=lambda one: one.confidence),
            )
        else:
            text = share.texts[0] if share.texts else ""
            found[key] = Line(text, share.label, share.net, choice, len(share.texts), (place,))
    return tuple(found.values())


def proposed(lines: Sequence[Line]) -> tuple[CodeText, ...]:
    """The lines as they would be typed."""
    return tuple(
        CodeText(text=one.text, account=one.choice.account, cost_centre=one.choice.cost_centre or "") for one in lines
    )


def matched(lines: Sequence[Line], chosen: Sequence[CodeText]) -> tuple[CodeText | None, ...]:
    """What was chosen for each line: by its description, of several alike one after the other, else by an empty one."""
    waiting: dict[str, list[CodeText]] = {}
    for one in chosen:
        waiting.setdefault(one.text, []).append(one)
    whole = next((one for one in chosen if not one.text), None)
    return tuple(waiting[line.text].pop(0) if waiting.get(line.text) else whole for line in lines)


def settled(booking: Booking, lines: Sequence[Line], chosen: Sequence[CodeText]) -> Booking:
    """The booking with the account and cost centre that were chosen for each line."""
    by_place = {place: one for line, one in zip(lines, chosen, strict=True) for place in line.shares}
    rates = tuple(
        rate._replace(
            choices=tuple(
                choice.settled(by_place[number, at].account, by_place[number, at].cost_centre or None)
                for at, choice in enumerate(rate.choices)
            )
        )
        for number, rate in enumerate(booking.rates)
    )
    return replace(booking, rates=rates)


def entries_of(booking: Booking, lines: Sequence[Line], chosen: Sequence[CodeText]) -> tuple[Entry, ...]:
    """What it teaches. Several descriptions on one account teach of none of them, only of the supplier; that a
    prepayment went where prepayments go teaches nothing."""
    is_prepayment = booking.invoice.doc_type is DocumentType.PREPAYMENT_INVOICE
    chooser = booking.chooser
    found = (
        Entry(
            chooser.supplier.key,
            line.text if line.count == 1 else "",
            one.account,
            one.cost_centre or None,
            chooser.document,
        )
        for line, one in zip(lines, chosen, strict=True)
        if not (is_prepayment and one.account == chooser.plan.prepayment_account)
    )
    return tuple(dict.fromkeys(found))


def _placed(booking: Booking) -> Iterator[tuple[tuple[int, int], Share, Choice]]:
    order = {id(share.line): number for number, share in enumerate(booking.whole.shares) if share.line is not None}
    placed = [
        ((number, at), share, choice)
        for number, rate in enumerate(booking.rates)
        for at, (share, choice) in enumerate(zip(rate.shares, rate.choices, strict=True))
    ]
    return iter(sorted(placed, key=lambda one: order.get(id(one[1].line), len(order))))
