"""Renders figures as one HTML file that needs nothing else: no scripts, no fonts, no pictures beside it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from babel.numbers import format_currency, format_decimal
from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.measure.document import worst
from pipeline.measure.evaluate import Evaluation, Group
from pipeline.measure.kpi.page import FiguresPage, marked
from pipeline.measure.report import SHOWN, Report
from pipeline.measure.scores import Share
from pipeline.measure.tables import Picture, Table, Tile

SHOWN_FLAWED = 200
"""At most so many documents with mistakes are listed, the worst; the JSON has all."""

_SMALL = 0.02
_LOCALE = "en"
_MONEY = "#,##0.00 ¤¤"  # the code, not the sign: many currencies share a sign


def render_report(report: Report, figures: FiguresPage | None = None) -> str:
    """The report on the ledger's history, with the key figures if they are given, as HTML."""
    page = marked(figures) if figures else None
    return _environment().get_template("report.html.j2").render(report=report, shown=SHOWN, page=page)


def render_figures(figures: FiguresPage, language: str = _LOCALE) -> str:
    """The key figures alone as HTML, "en" or "fr"."""
    return _environment().get_template("figures.html.j2").render(page=marked(figures), language=language)


def render_evaluation(evaluation: Evaluation, now: datetime, files: str = "") -> str:
    """The evaluation as HTML with plots; `files` is the way from the page to the folder of the documents."""
    from pipeline.measure import plots  # noqa: PLC0415 (matplotlib takes a second; the report does without)

    template = _environment().get_template("evaluation.html.j2")
    flawed = worst(evaluation.documents)
    shown = flawed[:SHOWN_FLAWED]
    return template.render(evaluation=evaluation, worst=shown, flawed=len(flawed), plots=plots, now=now, files=files)


def render_tables(
    title: str,
    subtitle: str,
    now: datetime,
    tables: Iterable[Table],
    tiles: Sequence[Tile] = (),
    pictures: Sequence[Picture] = (),
) -> str:
    """Large figures, pictures and tables as HTML."""
    template = _environment().get_template("tables.html.j2")
    return template.render(title=title, subtitle=subtitle, now=now, tables=tables, tiles=tiles, pictures=pictures)


def _environment() -> Environment:
    # What documents say is hostile text: escaping is on for every template, whatever its name.
    environment = Environment(
        loader=PackageLoader("pipeline.measure"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "percent": percent,
        "count": count,
        "seconds": seconds,
        "score": score,
        "interval": interval,
        "money": money,
        "moment": moment,
        "words": words,
    }
    environment.globals["straight_through"] = _straight_through
    return environment


def _straight_through(groups: Mapping[str, Group]) -> dict[str, Share]:
    return {name: group.straight_through for name, group in groups.items()}


def percent(rate: float | None) -> str:
    """0.1234 as "12.3 %", 0.0123 as "1.23 %"; a dash for what is not known."""
    return "–" if rate is None else f"{100 * rate:.{_decimals(rate)}f} %"


def count(number: int) -> str:
    """12345 as "12,345"."""
    return str(format_decimal(number, locale=_LOCALE))


def seconds(value: float | None) -> str:
    """1.234 as "1.2 s"; a dash for what is not known."""
    return "–" if value is None else f"{value:.1f} s"


def score(value: float | None) -> str:
    """0.98765 as "0.988"; a dash for what is not known."""
    return "–" if value is None else f"{value:.3f}"


def interval(share: Share) -> str:
    """A share's 95 % interval in per cent."""
    decimals = _decimals(share.high)
    return f"{100 * share.low:.{decimals}f} to {100 * share.high:.{decimals}f} %"


def _decimals(rate: float) -> int:
    """Small rates are error rates: their second decimal matters."""
    return 2 if 0 < rate < _SMALL else 1


def money(amount: Decimal | None, currency: str | None) -> str:
    """1234.5 in EUR as "1,234.50 EUR", with all its decimals."""
    if amount is None:
        return "–"
    if currency is None:
        return str(format_decimal(amount, locale=_LOCALE, decimal_quantization=False))
    return str(format_currency(amount, currency, _MONEY, _LOCALE, currency_digits=False, decimal_quantization=False))


def moment(value: date | datetime | None) -> str:
    """A date in ISO notation; a time with minutes and zone."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M %Z")
    return "–" if value is None else value.isoformat()


def words(name: str) -> str:
    """A code as words: "straight_through" as "straight through"."""
    return name.replace("_", " ")
