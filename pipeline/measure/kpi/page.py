"""The key figures of a period as the report shows them: everything in words, ready for a template."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from markupsafe import Markup

from pipeline.measure.kpi.by_hand import TITLE, BesideShown, beside_by_hand, show_beside
from pipeline.measure.kpi.measured import DayCount, by_day, measure, prices_of, scope_in
from pipeline.measure.kpi.model import Measured, Prices, Scope, Unit
from pipeline.measure.kpi.pictures import HELD, THROUGH, days_picture
from pipeline.measure.kpi.words import INTERVALS, Shown, in_language, said, shown
from pipeline.measure.notation import UNKNOWN, day, moment
from pipeline.ports import Clock
from pipeline.review.causes import Wording
from pipeline.settings import Settings
from pipeline.store.database import Database
from schemas.base import Value

HEADS = (
    "documents",
    "time-to-decision",
    "straight-through",
    "touch-rate",
    "samples-wrong",
    "first-time-right",
    "cost",
    "posted",
)
"""The key figures that stand at the top."""
MOST_LINES = 40
"""Lines of one table; `backoffice kpis --csv` has all."""
_SAID = {
    "title": Wording("Chiffres clés", "Key figures"),
    "interval": Wording("intervalle à 95\N{NO-BREAK SPACE}%", "95\N{NO-BREAK SPACE}% interval"),
    "what": Wording("objet", "what"),
    "figure": Wording("chiffre", "figure"),
    "through": THROUGH,
    "held": HELD,
    "more": Wording("Lignes non montrées :", "Lines not shown:"),
    "by_hand_title": TITLE,
    "here": Wording("ici", "here"),
    "by_hand": Wording("à la main", "by hand"),
    "range": Wording("plage publiée", "published range"),
    "source": Wording("source (confiance)", "source (trust)"),
    "nothing": Wording("Rien encore.", "Nothing yet."),
    "counted": Wording(
        "Chaque chiffre est compté à partir des événements de la piste d'audit ; sa définition se trouve au-dessus de "
        "son tableau.",
        "Every figure is counted from the events of the audit trail; its definition stands above its table.",
    ),
}


class Head(Value):
    """A key figure at the top."""

    title: str
    value: str
    interval: str
    n: str


class Table(Value):
    """A key figure with all its lines; `more` are not shown."""

    title: str
    definition: str
    interval: str
    lines: tuple[Shown, ...]
    more: int


class FiguresPage(Value):
    """All that the report shows of the key figures."""

    title: str
    period: str
    prices: str
    said: Mapping[str, str]
    heads: tuple[Head, ...]
    tables: tuple[Table, ...]
    beside: tuple[BesideShown, ...]
    picture: str


def figures_page(
    measured: Sequence[Measured],
    days: Sequence[DayCount],
    scope: Scope,
    prices: Prices,
    now: datetime,
    language: str,
) -> FiguresPage:
    """The page in a language."""
    words = {name: in_language(wording, language) for name, wording in _SAID.items()}
    hour = {
        name: said(float(price), Unit.MONEY, language, prices.currency)
        for name, price in (("machine", prices.machine_hour), ("people", prices.operator_hour))
    }
    cost = Wording(
        f"Coût : {hour['machine']} l'heure de processeur, {hour['people']} l'heure d'une personne (réglages).",
        f"Cost: {hour['machine']} a CPU hour, {hour['people']} an hour of a person (settings).",
    )
    clients = ", ".join(scope.clients)
    return FiguresPage(
        title=words["title"],
        period=f"{day(scope.first, language)} – {day(scope.last, language)} (UTC), {clients}, {moment(now, language)}",
        prices=in_language(cost, language),
        said=words,
        heads=tuple(_heads(measured, language)),
        tables=tuple(_table(one, language) for one in measured),
        beside=tuple(show_beside(beside_by_hand(measured), language)),
        picture=days_picture(days, scope, language),
    )


def report_page(
    database: Database,
    clock: Clock,
    settings: Settings,
    clients: Sequence[str],
    first: date | None,
    last: date | None,
    language: str,
) -> FiguresPage:
    """The page on some clients, from their first event on where no day is given. Raises StoreError."""
    now, prices = clock.now(), prices_of(settings.costs)
    with database.reading() as session:
        scope = scope_in(session, clients, first, last, now)
        return figures_page(measure(session, scope, prices), by_day(session, scope), scope, prices, now, language)


def marked(page: FiguresPage) -> FiguresPage:
    """The page for a template: the picture is markup, made here."""
    return page.model_copy(update={"picture": Markup(page.picture)})  # noqa: S704 (drawn by `days_picture`)


def _heads(measured: Iterable[Measured], language: str) -> Iterable[Head]:
    by_name = {one.kpi.name: one for one in measured}
    for name in HEADS:
        lines = shown(by_name[name], language)
        first = lines[0] if lines else Shown("", UNKNOWN, "", "0", None)
        title = in_language(by_name[name].kpi.title, language)
        yield Head(title=title, value=first.value, interval=first.interval, n=first.n)


def _table(measured: Measured, language: str) -> Table:
    lines, kpi = shown(measured, language), measured.kpi
    return Table(
        title=in_language(kpi.title, language),
        definition=in_language(kpi.definition, language),
        interval=in_language(INTERVALS[kpi.interval], language),
        lines=tuple(lines[:MOST_LINES]),
        more=max(0, len(lines) - MOST_LINES),
    )
