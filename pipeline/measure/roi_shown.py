"""A return on investment as tables, large figures and pictures."""

from pipeline.measure.manual_tables import sources
from pipeline.measure.presets import Presets
from pipeline.measure.roi import BY_HAND, PIPELINE, BreakEven, Outlay, Returns
from pipeline.measure.tables import Picture, Table, Tile, share_spread, spread


def roi_tables(found: Returns) -> tuple[Table, ...]:
    """Costs, where it pays, what moves it, and what it rests on."""
    return (_planned(found), _pays(found), _volumes(found), _swings(found), sources(Presets(**found.presets)))


def roi_tiles(found: Returns) -> tuple[Tile, ...]:
    """What stands in large print."""
    mine, hand = found.planned[PIPELINE], found.planned[BY_HAND]
    pays = found.break_even[BY_HAND]
    return (
        (f"{mine.euros_an_invoice.value:,.2f} EUR", "an invoice with this pipeline", _range(mine)),
        (f"{hand.euros_an_invoice.value:,.2f} EUR", "an invoice in house, by hand", _range(hand)),
        (_volume(pays.invoices_month), "invoices a month from which it is cheaper than by hand", ""),
        (_months(pays.months_until_paid), "until the set-up is earned", f"at {mine.invoices_month:,.0f} a month"),
    )


def roi_pictures(found: Returns) -> list[Picture]:
    """Cost against volume, and the tornado."""
    from pipeline.measure import plots_plan  # noqa: PLC0415 (matplotlib takes a second; the terminal does without)

    curves = {
        name: [(one.invoices_month, one.euros_an_invoice) for one in outlays] for name, outlays in found.ways.items()
    }
    swings = [(one.name, one.at_low, one.at_high) for one in found.swings]
    middle = found.planned[PIPELINE].euros_an_invoice.value
    return [
        (plots_plan.against_volume(curves, "Cost an invoice against volume"), "Bands: all assumptions at their ends."),
        (
            plots_plan.tornado(swings, middle, "EUR an invoice with this pipeline"),
            f"At {found.plan.invoices_month:,.0f} invoices a month; each assumption alone at its low and its high end.",
        ),
    ]


def _planned(found: Returns) -> Table:
    plan = found.plan
    seconds = spread(plan.review_seconds, 0) + " s" if plan.review_seconds else "as long as by hand (an upper figure)"
    return Table(
        "What it costs",
        f"{plan.invoices_month:,.0f} invoices a month. Full touch for all ways. With the pipeline "
        f"{share_spread(plan.stopped)} are stopped for a person, who takes {seconds}; set-up spread over "
        f"{plan.months} months. Ranges: all assumptions at their low or high ends at once.",
        ("way", "EUR a month", "EUR an invoice"),
        tuple(
            (name, spread(one.euros_month, 0), spread(one.euros_an_invoice, 2)) for name, one in found.planned.items()
        ),
    )


def _pays(found: Returns) -> Table:
    return Table(
        "When it pays",
        "The volumes between which the pipeline is cheaper, set-up spread over the months; and how long the set-up "
        "takes to be earned at the planned volume. At the middle of all assumptions.",
        ("against", "from invoices a month", "up to", "set-up earned after"),
        tuple(
            (name, _volume(one.invoices_month), _up_to(one), _months(one.months_until_paid))
            for name, one in found.break_even.items()
        ),
    )


def _volumes(found: Returns) -> Table:
    volumes = [f"{one.invoices_month:,.0f}" for one in found.ways[PIPELINE]]
    rows = ((name, *(f"{one.euros_an_invoice.value:,.2f}" for one in ways)) for name, ways in found.ways.items())
    note = "EUR an invoice, at the middle of all assumptions, by invoices a month."
    return Table("Cost against volume", note, ("way", *volumes), tuple(rows))


def _swings(found: Returns) -> Table:
    return Table(
        "What moves it",
        "EUR an invoice with the pipeline when one assumption alone is at its low or high end; widest first.",
        ("assumption", "at its low end", "at its high end"),
        tuple((one.name, f"{one.at_low:,.3f}", f"{one.at_high:,.3f}") for one in found.swings),
    )


def _range(outlay: Outlay) -> str:
    return f"{outlay.euros_an_invoice.low:,.2f} to {outlay.euros_an_invoice.high:,.2f}"


def _volume(volume: float | None) -> str:
    return "never" if volume is None else f"{volume:,.0f}"


def _up_to(one: BreakEven) -> str:
    if one.invoices_month is None:
        return "–"
    return "any" if one.up_to is None else f"{one.up_to:,.0f}"


def _months(months: float | None) -> str:
    return "never" if months is None else f"{months:,.1f} months"
