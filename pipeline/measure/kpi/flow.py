"""Key figures of the flow: how much comes in, how fast it goes, what needs a person and why."""

from pipeline.measure.kpi import work
from pipeline.measure.kpi.model import Group, Interval, Kpi, Unit
from pipeline.measure.kpi.waiting import WaitingKpi
from pipeline.review.causes import Wording

DOCUMENTS = Kpi(
    name="documents",
    title=Wording("Documents lus", "Documents read"),
    definition=Wording(
        "Fichiers décidés par la machine : en tout, par jour et par heure de travail (une heure ou un jour où au moins "
        "une facture a été décidée), et au plus en un jour et en une heure.",
        "Files decided by the machine: in all, a day and an hour of work (one in which at least one invoice was "
        "decided), and the most of a day and of an hour.",
    ),
    unit=Unit.COUNT,
    interval=Interval.NONE,
    measures=("documents",),
    work=work.throughput(of_pages=False),
    group=Group.DAY,
)
PAGES = Kpi(
    name="pages",
    title=Wording("Pages lues", "Pages read"),
    definition=Wording(
        "Pages dont les factures décidées ont été lues, comme les documents.",
        "Pages that the decided invoices were read from, counted as the documents are.",
    ),
    unit=Unit.COUNT,
    interval=Interval.NONE,
    measures=("documents",),
    work=work.throughput(of_pages=True),
    group=Group.DAY,
)
TO_DECISION = Kpi(
    name="time-to-decision",
    title=Wording("Du dépôt à la décision", "From drop to decision"),
    definition=Wording(
        "Temps de l'arrivée du fichier à la décision finale : celle de la machine si la facture est passée sans "
        "intervention ou a été rejetée, sinon celle de la personne. Arrondi à 5 % près, percentiles par rang.",
        "Time from the arrival of the file to the last decision: the machine's where the invoice went straight through "
        "or was rejected, else the person's. Rounded by 5 % at most, percentiles by nearest rank.",
    ),
    unit=Unit.SECONDS,
    interval=Interval.RANKS,
    measures=("to_decision",),
    work=work.percentiles,
)
TO_POSTING = Kpi(
    name="time-to-posting",
    title=Wording("Du dépôt à l'écriture", "From drop to posting"),
    definition=Wording(
        "Temps de l'arrivée du fichier au reçu du système comptable. Arrondi à 5 % près, percentiles par rang.",
        "Time from the arrival of the file to the receipt of the accounting system. Rounded by 5 % at most, "
        "percentiles by nearest rank.",
    ),
    unit=Unit.SECONDS,
    interval=Interval.RANKS,
    measures=("to_posting",),
    work=work.percentiles,
)


def _straight_through(by: Wording | None, of: str) -> Kpi:
    title = Wording("Passées sans intervention", "Straight through")
    said = Wording(
        "Part des factures décidées par la machine qui sont passées sans qu'une raison les retienne",
        "Share of the invoices decided by the machine that went through, no reason holding them",
    )
    return Kpi(
        name=f"straight-through{f'-{of}' if of else ''}",
        title=Wording(f"{title.fr}, par {by.fr}", f"{title.en}, by {by.en}") if by else title,
        definition=Wording(f"{said.fr}, par {by.fr}.", f"{said.en}, by {by.en}.")
        if by
        else Wording(f"{said.fr}.", f"{said.en}."),
        unit=Unit.SHARE,
        interval=Interval.EXACT,
        measures=(f"straight_through.{of}" if of not in ("", "client") else "straight_through",),
        work=work.client_shares if of == "client" else work.shares(),
        group=Group.CLIENT if of == "client" else Group.NOTHING,
    )


STRAIGHT_THROUGH = _straight_through(None, "")
BY_CLIENT = _straight_through(Wording("client", "client"), "client")
BY_KIND = _straight_through(Wording("nature du document", "kind of document"), "kind")
BY_SUPPLIER = _straight_through(Wording("fournisseur", "supplier"), "supplier")
BY_MODEL = _straight_through(Wording("version du modèle", "model version"), "model")
TOUCH_RATE = Kpi(
    name="touch-rate",
    title=Wording("Prises en main", "Touched"),
    definition=Wording(
        "Part des factures décidées par la machine pendant la période qu'une personne a prises en main, contrôles par "
        "sondage exclus.",
        "Share of the invoices decided by the machine in the period that a person took in hand, samples excluded.",
    ),
    unit=Unit.SHARE,
    interval=Interval.EXACT,
    measures=("touched", "straight_through"),
    work=work.ratio("touched", "straight_through"),
)
OPERATOR_SECONDS = Kpi(
    name="operator-seconds",
    title=Wording("Travail humain par facture vue", "People's work an invoice seen"),
    definition=Wording(
        "Secondes de travail de toutes les personnes sur une facture terminée, pauses exclues : moyenne des révisions "
        "et des contrôles par sondage.",
        "Seconds that all persons worked on an invoice that they ended, idle gaps left out: the mean of reviews and of "
        "samples.",
    ),
    unit=Unit.SECONDS,
    interval=Interval.NONE,
    measures=("operator",),
    work=work.means(),
)
OPERATOR_TIMES = Kpi(
    name="operator-times",
    title=Wording("Temps de travail par facture vue", "Times of work an invoice seen"),
    definition=Wording(
        "Percentiles du même temps, arrondi à 5 % près.", "Percentiles of the same time, rounded by 5 % at most."
    ),
    unit=Unit.SECONDS,
    interval=Interval.RANKS,
    measures=("operator_time",),
    work=work.percentiles,
)
WAITING = WaitingKpi(
    name="queue-age",
    title=Wording("En attente maintenant, par ancienneté", "Waiting now, by age"),
    definition=Wording(
        "Factures mises en révision ou tirées au sort, et pas encore terminées : en tout, en retard, et selon le temps "
        "écoulé depuis leur mise en file. Maintenant, quelle que soit la période.",
        "Invoices put in the queue, for review or as a sample, that have not ended yet: in all, past their deadline, "
        "and by the time since they were put there. Now, whatever the period is.",
    ),
    unit=Unit.COUNT,
    interval=Interval.NONE,
    measures=("waiting",),
    work=work.waiting,
)
LATE = Kpi(
    name="sla-breaches",
    title=Wording("Décidées en retard", "Decided too late"),
    definition=Wording(
        "Part des factures décidées par des personnes qui l'ont été après leur échéance.",
        "Share of the invoices decided by people that were decided after their deadline.",
    ),
    unit=Unit.SHARE,
    interval=Interval.EXACT,
    measures=("sla",),
    work=work.shares(),
)
REASONS = Kpi(
    name="reasons",
    title=Wording("Pourquoi une personne est nécessaire", "Why a person is needed"),
    definition=Wording(
        "Factures retenues pour chaque raison, les plus fréquentes d'abord, et celles qui n'en ont pas d'autre. Une "
        "facture peut avoir plusieurs raisons.",
        "Invoices held for each reason, commonest first, and those that have no other. An invoice may have several.",
    ),
    unit=Unit.COUNT,
    interval=Interval.NONE,
    measures=("reason",),
    work=work.ranked,
)

FLOW: tuple[Kpi, ...] = (
    DOCUMENTS,
    PAGES,
    TO_DECISION,
    TO_POSTING,
    STRAIGHT_THROUGH,
    BY_CLIENT,
    BY_KIND,
    BY_SUPPLIER,
    BY_MODEL,
    TOUCH_RATE,
    OPERATOR_SECONDS,
    OPERATOR_TIMES,
    WAITING,
    LATE,
    REASONS,
)
"""In the order in which they are shown."""
