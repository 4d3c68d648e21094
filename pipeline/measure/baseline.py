"""What the same work takes by hand: two models that are never mixed, and a clerk's errors.

- **Keying** (`keying`): the values are typed, nothing else. 3.8 s a field and 0.24 s a keystroke on the values of the
  document itself. What it leaves out: opening, sorting, checking, coding, approving, filing.
- **Full touch** (`full_touch`): all hands an invoice goes through, 5 to 10 invoices an hour, whatever is on it.

The results are of different types. Adding them is a TypeError, and mypy refuses it before; a comparison of one with the
other has no function. Sources and trust are those of `presets.yaml`.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, Self

from pipeline.measure.cases import Truth
from pipeline.measure.estimate import Estimate, exactly, published
from pipeline.measure.presets import Preset, Presets, load_presets
from pipeline.rows import plain
from schemas import FieldName, InvoiceLine
from schemas.base import Value

HOUR = 3600.0


class _Quantity(Value):
    """Something that only adds to its own kind."""

    def __add__(self, other: Self) -> Self:
        if type(other) is not type(self):
            raise TypeError(f"{type(self).__name__} and {type(other).__name__} are of different models")
        return type(self).model_validate(
            {
                name: value if isinstance(value, str) else value + getattr(other, name)
                for name, value in ((name, getattr(self, name)) for name in type(self).model_fields)
            }
        )


class KeyingCost(_Quantity):
    """Euros of keying alone."""

    model: Literal["keying"] = "keying"
    euros: Estimate


class TouchCost(_Quantity):
    """Euros of all hands an invoice goes through."""

    model: Literal["full touch"] = "full touch"
    euros: Estimate


class KeyingTime(_Quantity):
    """Seconds of keying alone, for so many fields and keystrokes."""

    model: Literal["keying"] = "keying"
    fields: int = 0
    keystrokes: int = 0
    seconds: Estimate = exactly(0.0)

    def cost(self, hour: Preset) -> KeyingCost:
        """At a price an hour."""
        return KeyingCost(euros=(self.seconds * (1 / HOUR)).times(published(hour)))


class TouchTime(_Quantity):
    """Seconds of all hands, for so many invoices."""

    model: Literal["full touch"] = "full touch"
    invoices: int = 0
    seconds: Estimate = exactly(0.0)

    def cost(self, hour: Preset) -> TouchCost:
        """At a price an hour."""
        return TouchCost(euros=(self.seconds * (1 / HOUR)).times(published(hour)))


def keying(texts: Iterable[str], presets: Presets | None = None) -> KeyingTime:
    """What typing these values takes; empty ones are not typed."""
    typed = [text for text in texts if text]
    return _typing(len(typed), sum(map(len, typed)), presets or load_presets())


def looking(right: Iterable[str], wrong: Iterable[str], presets: Presets | None = None) -> KeyingTime:
    """What going over values that stand there already takes, by the same formula.

    Each is found on the page and taken in like any field (3.8 s); a right one costs one keystroke ("validating ... can
    take just a single mouse click", same source), a wrong one is typed. An upper figure: a desk that shows the doubtful
    values first spares the others.
    """
    kept, typed = [text for text in right if text], [text for text in wrong if text]
    return _typing(len(kept) + len(typed), len(kept) + sum(map(len, typed)), presets or load_presets())


def full_touch(invoices: int, presets: Presets | None = None) -> TouchTime:
    """What all hands take for so many invoices, whatever is on them."""
    rate = (presets or load_presets()).touch_an_hour
    an_invoice = Estimate(value=HOUR / rate.value, low=HOUR / rate.high, high=HOUR / rate.low)
    return TouchTime(invoices=invoices, seconds=an_invoice * invoices)


def measured_touch(invoices: int, an_invoice: Estimate) -> TouchTime:
    """The hands of so many invoices when the seconds an invoice were measured at the desk."""
    return TouchTime(invoices=invoices, seconds=an_invoice * invoices)


def header_texts(truth: Truth) -> list[str]:
    """The header values a clerk would type: those that the page shows, without our own code for what it is."""
    return [value for name in typed_fields(truth) if (value := truth.fields[name]) is not None]


def typed_fields(truth: Truth) -> list[FieldName]:
    """The fields of `header_texts`."""
    left_out = truth.hidden | {FieldName.DOC_TYPE}
    return [name for name, value in truth.fields.items() if value is not None and name not in left_out]


def line_texts(truth: Truth) -> list[str]:
    """The values of the lines, cell by cell."""
    return [text for line in truth.lines or () for text in cells(line)]


def cells(line: InvoiceLine) -> list[str]:
    """What a clerk would type of one line."""
    values = (line.description, line.quantity, line.unit_price, line.net_amount, line.tax_rate)
    return list(filter(None, map(plain, values)))


def expected_errors(fields: int, rate: Preset) -> Estimate:
    """How many of so many keyed fields are wrong; the interval is that of the published rate, not of one sample."""
    return published(rate) * fields


def expected_flawed(fields: Sequence[int], rate: Preset) -> Estimate:
    """How many documents have a wrong field, given the fields of each, errors being independent of each other."""
    value, low, high = (sum(1 - (1 - p) ** n for n in fields) for p in (rate.value, rate.low, rate.high))
    return Estimate(value=value, low=low, high=high)


def _typing(fields: int, keystrokes: int, presets: Presets) -> KeyingTime:
    seconds = published(presets.field_seconds) * fields + published(presets.keystroke_seconds) * keystrokes
    return KeyingTime(fields=fields, keystrokes=keystrokes, seconds=seconds)
