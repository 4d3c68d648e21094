"""The comparison with the manual baseline as tables of plain text, for the terminal, Markdown and HTML alike."""

from collections.abc import Sequence

from pipeline.measure.baseline import HOUR, KeyingCost, KeyingTime, TouchCost, TouchTime
from pipeline.measure.estimate import Estimate
from pipeline.measure.manual_model import ENOUGH, Beside, Contrast, Errors, Flawed
from pipeline.measure.notation import count, interval, percent
from pipeline.measure.presets import Preset, Presets
from pipeline.measure.tables import Table, Tile, spread

BY_HAND = ("", "by hand", "by hand, twice", "with the machine", "left of by hand")
_PLAIN_TRUST = {
    "A": "A, primary",
    "B": "B, vendor or survey",
    "C": "C, second-hand",
    "D": "D, marketing",
    "own": "assumed",
}


def tables(beside: Beside) -> tuple[Table, ...]:
    """All tables of a comparison."""
    return (
        _straight_through(beside),
        _keying(beside),
        _touch(beside),
        _wrong(beside),
        _machine(beside),
        sources(Presets(**beside.presets)),
    )


def tiles(beside: Beside) -> tuple[Tile, ...]:
    """What stands in large print: the value, what it is, a note."""
    through, errors = beside.straight_through, beside.critical
    keyed, touch = beside.keying, beside.touch
    return (
        (
            percent(through.rate),
            "without a touch",
            f"{through.count} of {through.of}, {interval(through)}; by hand none",
        ),
        (
            _left([keyed.by_hand.work.seconds] * 2 + [keyed.with_machine.work.seconds]),
            "of the keying is left",
            "model 1",
        ),
        (
            _left([touch.by_hand.work.seconds] * 2 + [touch.with_machine.work.seconds]),
            "of all hands is left",
            "model 2",
        ),
        (
            spread(errors.with_machine),
            f"posting-critical fields wrong of {count(errors.of)}",
            f"keyed once {spread(errors.single)}, keyed twice {spread(errors.double)} expected",
        ),
    )


def sources(presets: Presets) -> Table:
    """Every preset with its source."""
    return Table(
        "The figures it rests on",
        "Trust: A primary or peer-reviewed, B measured by a vendor or a trade survey, C second-hand, D marketing. "
        "Each can be replaced by your own (--presets FILE).",
        ("figure", "value", "range", "unit", "source", "trust"),
        tuple((name.replace("_", " "), *_preset(preset)) for name, preset in presets.named().items()),
    )


def _straight_through(beside: Beside) -> Table:
    groups = {"all": beside.straight_through, **(beside.by_kind if len(beside.by_kind) > 1 else {})}
    sets = ", ".join(f"{name} {number}" for name, number in beside.sets.items())
    return Table(
        "Without a touch",
        f"{beside.invoices} invoices ({sets}). By hand none; every share with its exact 95 % interval.",
        ("documents", "straight through", "of", "rate", "95 % interval"),
        tuple(
            (kind, count(one.count), count(one.of), percent(one.rate), interval(one)) for kind, one in groups.items()
        ),
    )


def _keying(beside: Beside) -> Table:
    whole, header = beside.keying, beside.keying_header
    work, named = whole.by_hand.work, beside.presets
    return Table(
        "Model 1: keying alone",
        f"{named['field_seconds'].value:g} s a field and {named['keystroke_seconds'].value:g} s a keystroke on these "
        f"documents' own values: {count(work.fields)} fields, {count(work.keystrokes)} keystrokes by hand. With the "
        "machine: what was stopped is gone over value by value, one keystroke for a right one, typing for a wrong one. "
        "Not to be added to or compared with the next table.",
        BY_HAND,
        (
            *_contrast(whole, beside.invoices, "header and lines"),
            *_contrast(header, beside.invoices, "header alone"),
        ),
    )


def _touch(beside: Beside) -> Table:
    measured, rate = beside.touch_measured, beside.presets["touch_an_hour"]
    left = (
        f"the operators' own seconds, measured on {measured} documents"
        if measured >= ENOUGH
        else f"as long as by hand, an upper figure: work was measured on {measured} documents, {ENOUGH} are needed"
    )
    return Table(
        "Model 2: full touch",
        f"{rate.low:g} to {rate.high:g} invoices an hour, all hands, whatever is on them. With the machine a stopped "
        f"one takes {left}.",
        BY_HAND,
        _contrast(beside.touch, beside.invoices, "all hands"),
    )


def _contrast(
    contrast: Contrast[KeyingTime, KeyingCost] | Contrast[TouchTime, TouchCost], invoices: int, what: str
) -> tuple[tuple[str, ...], ...]:
    sides = (contrast.by_hand, contrast.by_hand_twice, contrast.with_machine)
    rows = (
        ("hours in all", [side.work.seconds * (1 / HOUR) for side in sides], 1),
        ("seconds an invoice", [side.work.seconds * (1 / invoices) for side in sides], 0),
        ("EUR an invoice, offshore", [side.prices.offshore.euros * (1 / invoices) for side in sides], 2),
        ("EUR an invoice, Western Europe", [side.prices.western.euros * (1 / invoices) for side in sides], 2),
    )
    return tuple(
        (f"{what}: {name}", *(spread(one, digits) for one in values), _left(values)) for name, values, digits in rows
    )


def _left(values: Sequence[Estimate]) -> str:
    by_hand, _, with_machine = values
    return percent(with_machine.value / by_hand.value) if by_hand.value else "–"


def _wrong(beside: Beside) -> Table:
    return Table(
        "What ends up wrong",
        "By hand: expected from the published rates of wrong values (clinical data), with their intervals. With the "
        "machine: wrong ones of what went straight through, counted here, and of the stopped ones what a person is "
        "expected to leave, at the rate of keying once. A value that was not found counts as "
        "wrong. The interval of the counted part is exact, 95 %.",
        ("", "of", "by hand", "by hand, twice", "with the machine", "counted in what went through", "95 % interval"),
        (
            _error_row("posting-critical fields", beside.critical),
            _error_row("all header fields", beside.header),
            _error_row("documents with a wrong posting-critical field", beside.flawed),
        ),
    )


def _error_row(name: str, errors: Errors | Flawed) -> tuple[str, ...]:
    through = errors.through
    expected = (spread(one) for one in (errors.single, errors.double, errors.with_machine))
    return name, count(errors.of), *expected, f"{through.count} of {through.of}", interval(through)


def _machine(beside: Beside) -> Table:
    machine, named = beside.machine, beside.presets
    rows = [
        ("claimed: requests a day by hand", f"{named['claimed_by_hand'].value:,.0f}", _trust(named["claimed_by_hand"])),
        (
            "claimed: requests a day by a robot",
            f"{named['claimed_by_robot'].value:,.0f}",
            _trust(named["claimed_by_robot"]),
        ),
    ]
    day = named["hours_a_day"].value
    by_hand, rate = beside.keying.by_hand.work.seconds.value / beside.invoices, named["touch_an_hour"]
    rows += [
        (
            f"keying alone: invoices a day of {day:.0f} hours",
            f"{day * HOUR / by_hand:,.0f}",
            "model 1, header and lines",
        ),
        (
            f"full touch: invoices a day of {day:.0f} hours",
            f"{day * rate.low:,.0f} to {day * rate.high:,.0f}",
            "model 2",
        ),
    ]
    if machine.seconds and machine.euros and machine.a_day:
        rows += [
            ("machine: CPU seconds a document", spread(machine.seconds, 2), f"measured, {machine.known} files"),
            ("machine: EUR a document", spread(machine.euros, 6), "at the preset of a core and hour"),
            ("machine: documents a day and core", spread(machine.a_day, 0), "24 hours; reading and checking alone"),
        ]
    return Table(
        "Beside what is claimed",
        "A claim says neither what a request is nor how it was counted: it stands here to compare with and enters no "
        "calculation. A machine works day and night, a clerk does not.",
        ("what", "figure", "from"),
        tuple(rows),
    )


def _trust(preset: Preset) -> str:
    return f"{preset.source}; trust {preset.trust}"


def _preset(preset: Preset) -> tuple[str, ...]:
    between = "" if preset.low == preset.high else f"{preset.low:g} to {preset.high:g}"
    return f"{preset.value:g}", between, preset.unit, preset.source, _PLAIN_TRUST[preset.trust]
