"""The key figures beside the same work by hand: what people do, what it costs, how much is wrong, how much a day.

By hand is always the full touch of `pipeline.measure.baseline`, all hands an invoice goes through; keying alone would
be another model. What it rests on is published by others, and each row names its source and trust.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline.measure.baseline import full_touch
from pipeline.measure.estimate import Estimate, exactly, published
from pipeline.measure.kpi.model import Figure, Measured, Unit
from pipeline.measure.kpi.words import in_language, said
from pipeline.measure.notation import percent
from pipeline.measure.presets import Preset, Presets, load_presets
from pipeline.review.causes import Wording
from schemas.base import Value

EUR = "EUR"
TITLE = Wording("Face à la saisie manuelle", "Against the same work by hand")


class Beside(Value):
    """One thing both ways. `here` is what was measured, None where nothing was; `by_hand` is published."""

    title: Wording
    unit: Unit
    here: Figure | None
    by_hand: Estimate
    rests_on: tuple[Preset, ...]
    currency: str = ""


class BesideShown(Value):
    """The same in words, ready for a template."""

    title: str
    here: str
    here_interval: str
    by_hand: str
    by_hand_range: str
    source: str


def beside_by_hand(measured: Iterable[Measured], presets: Presets | None = None) -> tuple[Beside, ...]:
    """The rows, in order; empty where no document was decided."""
    by_name = {one.kpi.name: one for one in measured}
    files = by_name["documents"].of("all")
    if files is None or not files.value:
        return ()
    return tuple(_rows(by_name, files.n, presets or load_presets()))


def _rows(by_name: Mapping[str, Measured], files: int, presets: Presets) -> Iterator[Beside]:
    hands, rate = full_touch(1, presets), presets.touch_an_hour
    yield Beside(
        title=Wording("Temps humain par facture", "People's time an invoice"),
        unit=Unit.SECONDS,
        here=_spread(by_name["operator-seconds"].figures, files),
        by_hand=hands.seconds,
        rests_on=(rate,),
    )
    cost = by_name["cost"].of()
    for title, hour in (
        (Wording("Coût par facture, Europe de l'Ouest", "Cost an invoice, Western Europe"), presets.hour_western),
        (Wording("Coût par facture, délocalisé", "Cost an invoice, offshore"), presets.hour_offshore),
    ):
        yield Beside(
            title=title,
            unit=Unit.MONEY,
            here=cost,
            by_hand=hands.cost(hour).euros,
            rests_on=(rate, hour),
            currency=EUR,
        )
    wrong = _opposite(by_name["field-accuracy-samples"].of())
    for title, error in (
        (Wording("Champs faux, saisie simple", "Wrong fields, keyed once"), presets.single_error),
        (Wording("Champs faux, double saisie", "Wrong fields, keyed twice"), presets.double_error),
    ):
        yield Beside(title=title, unit=Unit.SHARE, here=wrong, by_hand=published(error), rests_on=(error,))
    a_day = by_name["documents"].of("a day")
    yield Beside(
        title=Wording("Documents par jour, un agent", "Documents a day, one clerk"),
        unit=Unit.COUNT,
        here=a_day,
        by_hand=published(rate) * presets.hours_a_day.value,
        rests_on=(rate, presets.hours_a_day),
    )
    for title, claim in (
        (Wording("Annoncé : par jour à la main", "Claimed: a day by hand"), presets.claimed_by_hand),
        (Wording("Annoncé : par jour par robot", "Claimed: a day by robot"), presets.claimed_by_robot),
    ):
        yield Beside(title=title, unit=Unit.COUNT, here=a_day, by_hand=exactly(claim.value), rests_on=(claim,))


def _spread(figures: Sequence[Figure], files: int) -> Figure | None:
    """The work on the invoices that were seen, spread over all files; None where nobody worked."""
    seconds = sum((one.value or 0.0) * one.n for one in figures)
    return Figure(value=seconds / files, n=files) if figures else None


def _opposite(right: Figure | None) -> Figure | None:
    """The share of wrong ones from that of right ones."""
    if right is None or right.value is None or right.count is None or right.low is None or right.high is None:
        return None
    ends = {"low": 1 - right.high, "high": 1 - right.low}
    return Figure(value=1 - right.value, n=right.n, count=right.n - right.count, **ends)


def show_beside(rows: Iterable[Beside], language: str) -> list[BesideShown]:
    """The rows in a language."""
    return [_shown(row, language) for row in rows]


def _shown(row: Beside, language: str) -> BesideShown:
    here, by_hand = row.here, row.by_hand
    return BesideShown(
        title=in_language(row.title, language),
        here=_said(here.value if here else None, row, language, here.currency if here else ""),
        here_interval=_between(here.low, here.high, row, language) if here else "",
        by_hand=_said(by_hand.value, row, language),
        by_hand_range=_between(by_hand.low, by_hand.high, row, language) if by_hand.low != by_hand.high else "",
        source="; ".join(f"{one.source.partition('. The ')[0]} ({one.trust})" for one in row.rests_on),
    )


def _between(low: float | None, high: float | None, row: Beside, language: str) -> str:
    if low is None or high is None:
        return ""
    return " – ".join(_said(end, row, language) for end in (low, high))


def _said(value: float | None, row: Beside, language: str, currency: str = "") -> str:
    """Shares with a digit more than elsewhere: a clerk's 0.29 % is not 0.3 %."""
    if value is not None and row.unit is Unit.SHARE:
        return percent(value, language, decimals=2)
    return said(value, row.unit, language, currency or row.currency)
