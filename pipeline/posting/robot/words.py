"""Fills the placeholders of a script with an order's values, in the target's notation, and reads its screens back."""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Self

from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import SandboxedEnvironment
from pydantic import Field as Constraint

from pipeline.errors import TargetRefused
from pipeline.extract.parsing import parse_amount
from pipeline.posting.robot.names import KNOWN, lacking
from schemas.base import Value

_SPACES = r"[\s\u00a0\u202f]"


class Notation(Value):
    """How the target's screens write amounts and dates."""

    decimal_mark: str = Constraint(default=",", pattern=r"^[.,]$")
    date_format: str = Constraint(default="%d/%m/%Y", description="As in strftime.")

    def write(self, value: Any) -> str:
        """A value as it is keyed: amounts with two decimals or as exact as they are, without groups."""
        if isinstance(value, Decimal):
            return f"{_exact(value):f}".replace(".", self.decimal_mark)
        if isinstance(value, date):
            return value.strftime(self.date_format)
        return "" if value is None else str(value)

    def amount(self, text: str) -> Decimal:
        """The amount that a screen shows, with or without groups and currency. Raises ValueError."""
        found = parse_amount(" ".join(text.split()), self.decimal_mark)
        if found is None:
            raise ValueError(f"no amount: {text!r}")
        return found

    def day(self, text: str) -> date:
        """The date that a screen shows. Raises ValueError."""
        return datetime.strptime(text.strip(), self.date_format).date()  # noqa: DTZ007 (a day has no zone)

    def pattern(self, text: str) -> re.Pattern[str]:
        """What a field may show after `text` was keyed: a target groups digits and adds zeros to an amount."""
        mark = re.escape(self.decimal_mark)
        if number := re.fullmatch(rf"(-?)(\d+)(?:{mark}(\d+))?", text.strip()):
            return re.compile(self._number_pattern(*number.groups()))
        words = rf"{_SPACES}+".join(map(re.escape, text.split()))
        return re.compile(rf"^{_SPACES}*{words}{_SPACES}*$")

    def _number_pattern(self, sign: str, whole: str, decimals: str | None) -> str:
        group = rf"(?:{_SPACES}|{'[.]' if self.decimal_mark == ',' else ','})?"
        head = len(whole) % 3 or min(3, len(whole))
        groups = group.join([whole[:head], *(whole[at : at + 3] for at in range(head, len(whole), 3))])
        minus = "[-−]" if sign else ""
        if decimals is None:
            return rf"^{_SPACES}*{minus}{groups}{_SPACES}*$"
        return rf"^{_SPACES}*{minus}{groups}{re.escape(self.decimal_mark)}{decimals}0*{_SPACES}*[€%]?{_SPACES}*$"


class Words:
    """The values that a script may name, and the notation in which they are written."""

    def __init__(self, notation: Notation, values: Mapping[str, Any]) -> None:
        self.notation = notation
        self._values = values

    def but(self, **values: Any) -> Self:
        """The same with some values more, or others."""
        return type(self)(self.notation, {**self._values, **values})

    def value(self, name: str) -> Any:
        """A value as it is. Raises KeyError."""
        return self._values[name]

    def text(self, template: str) -> str:
        """A template with its placeholders filled. Raises TargetRefused where the order lacks the value."""
        if "{" not in template:
            return template
        try:
            return str(_environment(self.notation).from_string(template).render(self._values)).strip()
        except (UndefinedError, SecurityError, TypeError) as error:
            raise TargetRefused(f"The script wants {template}: {error}", code="value-missing") from error


def check_template(template: str) -> str:
    """The template itself; raises ValueError for wrong syntax and for names that nothing gives a value."""
    try:
        tree = _environment(Notation()).parse(template)
    except TemplateSyntaxError as error:
        raise ValueError(f"{template}: {error.message}") from error
    if unknown := find_undeclared_variables(tree) - KNOWN:
        raise ValueError(f"{template}: nothing is called {', '.join(sorted(unknown))}")
    if wrong := list(lacking(tree)):
        raise ValueError(f"{template}: {', '.join(wrong)}")
    return template


@cache
def _environment(notation: Notation) -> SandboxedEnvironment:
    environment = SandboxedEnvironment(undefined=StrictUndefined, finalize=notation.write, autoescape=False)
    environment.filters["plain"] = _plain
    environment.filters["compact"] = lambda text: re.sub(r"\s", "", text or "")
    environment.filters["css"] = lambda text: json.dumps(str(text), ensure_ascii=False)
    return environment


def _exact(value: Decimal) -> Decimal:
    cents = value.quantize(Decimal("0.01")) + 0  # no minus before zero
    return cents if cents == value else value.normalize()


def _plain(value: Any) -> str:
    """For tables and addresses: 20.00 is "20", 5.50 is "5.5", dates are ISO."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
