"""Renders figures as one HTML file that needs nothing else: no scripts, no fonts, no pictures beside it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.measure import notation
from pipeline.measure.document import worst
from pipeline.measure.evaluate import Evaluation, Group
from pipeline.measure.kpi.page import FiguresPage, marked
from pipeline.measure.kpi.words import kind_name
from pipeline.measure.report import SHOWN, Report
from pipeline.measure.report_words import say, say_code
from pipeline.measure.scores import Share
from pipeline.measure.tables import Picture, Table, Tile
from pipeline.review.reasons import wording

SHOWN_FLAWED = 200
"""At most so many documents with mistakes are listed, the worst; the JSON has all."""


def render_report(
    report: Report,
    figures: FiguresPage | None = None,
    language: str = "en",
    sentence: Callable[[str], str] = str,
) -> str:
    """The report on the ledger's history, with the key figures if they are given, as HTML, "en" or "fr".

    `sentence` gives the sentences of rules, which are English, in the language.
    """
    environment, page = _environment(language), marked(figures) if figures else None
    environment.filters["sentence"] = sentence
    return environment.get_template("report.html.j2").render(report=report, shown=SHOWN, page=page, language=language)


def render_figures(figures: FiguresPage, language: str = "en") -> str:
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


def _environment(language: str = "en") -> Environment:
    # What documents say is hostile text: escaping is on for every template, whatever its name.
    environment = Environment(
        loader=PackageLoader("pipeline.measure"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    told: Mapping[str, Callable[..., str]] = {
        "percent": notation.percent,
        "count": notation.count,
        "seconds": notation.seconds,
        "interval": notation.interval,
        "money": notation.money,
        "day": notation.day,
        "moment": notation.moment,
        "code": say_code,
        "kind": kind_name,
        "why": wording,
    }
    environment.filters |= {name: partial(one, language=language) for name, one in told.items()}
    environment.filters |= {"score": notation.score, "words": words, "unbroken": notation.unbroken}
    environment.globals["say"] = partial(say, language=language)
    environment.globals["straight_through"] = _straight_through
    return environment


def _straight_through(groups: Mapping[str, Group]) -> dict[str, Share]:
    return {name: group.straight_through for name, group in groups.items()}


def words(name: str) -> str:
    """A code as words: "straight_through" as "straight through"."""
    return name.replace("_", " ")
