"""The key figures. What adds what to a measure, and when, is written in `pipeline/store/measures.py`."""

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
        "intervention ou a été rejetée, sinon celle de la personne. Arrondi à deux chiffres, percentiles par rang.",
        "Time from the arrival of the file to the last decision: the machine's where the invoice went straight through "
        "or was rejected, else the person's. Rounded to two digits, percentiles by nearest rank.",
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
        "Temps de l'arrivée du fichier au reçu du système comptable. Arrondi à deux chiffres, percentiles par rang.",
        "Time from the arrival of the file to the receipt of the accounting system. Rounded to two digits, percentiles "
        "by nearest rank.",
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
        "Percentiles du même temps, arrondi à deux chiffres.", "Percentiles of the same time, rounded to two digits."
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
FIELDS_SAMPLED = Kpi(
    name="field-accuracy-samples",
    title=Wording("Champs justes, contrôle par sondage", "Fields right, in samples"),
    definition=Wording(
        "Champs dont dépend l'écriture, ressaisis à l'aveugle sur des factures passées sans intervention et tirées au "
        "sort : part de ceux que la machine avait lus juste. Sans égard à la confiance de la machine.",
        "Posting-critical fields that people keyed blind, of straight-through invoices drawn by lot: the share that "
        "the machine had right. Its own confidence plays no part.",
    ),
    unit=Unit.SHARE,
    interval=Interval.EXACT,
    measures=("field.sample",),
    work=work.shares(together=True),
)
FIELDS_REVIEWED = Kpi(
    name="field-accuracy-reviews",
    title=Wording("Champs justes, factures révisées", "Fields right, in reviews"),
    definition=Wording(
        "Champs que des personnes ont validés ou corrigés lors des révisions : part de ceux que la machine avait lus "
        "juste. Ce sont les factures difficiles, et l'opérateur voyait la valeur lue.",
        "Fields that people confirmed or corrected in reviews: the share that the machine had right. These are the "
        "hard invoices, and the person saw what was read.",
    ),
    unit=Unit.SHARE,
    interval=Interval.EXACT,
    measures=("field.review",),
    work=work.shares(together=True),
)
SAMPLES_WRONG = Kpi(
    name="samples-wrong",
    title=Wording("Passées à tort", "Wrongly straight through"),
    definition=Wording(
        "Part des factures passées sans intervention, tirées au sort et ressaisies à l'aveugle, qui étaient fausses : "
        "un champ dont dépend l'écriture diffère, ou tout est refusé.",
        "Share of the straight-through invoices drawn by lot and keyed blind that were wrong: a posting-critical field "
        "differs, or all of it was refused.",
    ),
    unit=Unit.SHARE,
    interval=Interval.EXACT,
    measures=("sample",),
    work=work.shares(),
)
CORRECTED = Kpi(
    name="correction-rate",
    title=Wording("Révisions avec correction", "Reviews with a correction"),
    definition=Wording(
        "Part des factures approuvées ou corrigées par des personnes dont un champ dont dépend l'écriture était faux.",
        "Share of the invoices that people approved or corrected of which a posting-critical field was wrong.",
    ),
    unit=Unit.SHARE,
    interval=Interval.EXACT,
    measures=("correction",),
    work=work.shares(),
)
FIRST_RIGHT = Kpi(
    name="first-time-right",
    title=Wording("Justes du premier coup", "First time right"),
    definition=Wording(
        "Part des factures comptabilisées qui l'ont été à la première tentative, sans correction d'une personne, et "
        "qu'aucun contrôle n'a trouvées fausses depuis.",
        "Share of the posted invoices that were posted at the first attempt, without a person's correction, and that "
        "no check has found wrong since.",
    ),
    unit=Unit.SHARE,
    interval=Interval.EXACT,
    measures=("first_right",),
    work=work.shares(),
)
DUPLICATES = Kpi(
    name="duplicates",
    title=Wording("Doublons arrêtés", "Duplicates stopped"),
    definition=Wording(
        "Fichiers reçus une seconde fois (mêmes octets), et factures qu'une personne a refusées comme déjà reçues, "
        "avec leur total TTC par devise.",
        "Files that came in a second time (same bytes), and invoices that a person refused as received before, "
        "with their total with VAT in each currency.",
    ),
    unit=Unit.COUNT,
    interval=Interval.NONE,
    measures=("seen_again", "duplicate"),
    work=work.duplicates,
)
DISCOUNTS = Kpi(
    name="discounts",
    title=Wording("Escomptes préservés", "Discounts kept"),
    definition=Wording(
        "Part des factures comptabilisées promettant un escompte qui l'ont été avant la fin du délai (UTC), et le "
        "montant des escomptes préservés et perdus par devise. Le paiement lui-même n'est pas connu ici.",
        "Share of the posted invoices with a discount for early payment that were posted before its last day was over "
        "(UTC), and the worth of those kept and lost in each currency. The payment itself is not known here.",
    ),
    unit=Unit.SHARE,
    interval=Interval.EXACT,
    measures=("discount.kept", "discount.lost"),
    work=work.discounts,
)
CPU = Kpi(
    name="cpu-seconds",
    title=Wording("Calcul par document", "CPU a document"),
    definition=Wording(
        "Secondes de processeur de la lecture, en moyenne par fichier.", "CPU seconds of reading, the mean of a file."
    ),
    unit=Unit.SECONDS,
    interval=Interval.NONE,
    measures=("cpu",),
    work=work.means(),
)
COST = Kpi(
    name="cost",
    title=Wording("Coût par document", "Cost a document"),
    definition=Wording(
        "Heures de processeur, de travail humain et du robot de saisie, chacune à son prix horaire, divisées par les "
        "fichiers décidés de la période.",
        "Hours of CPU, of people's work and of the posting robot, each at its price, divided by the files decided in "
        "the period.",
    ),
    unit=Unit.MONEY,
    interval=Interval.NONE,
    measures=("cpu", "operator", "posted", "documents"),
    work=work.cost,
)
POSTED = Kpi(
    name="posted",
    title=Wording("Comptabilisées", "Posted"),
    definition=Wording(
        "Factures dont le système comptable a donné un reçu, par système.",
        "Invoices of which the accounting system gave a receipt, by system.",
    ),
    unit=Unit.COUNT,
    interval=Interval.NONE,
    measures=("posted",),
    work=work.counts(),
)
ROBOT = Kpi(
    name="posting-seconds",
    title=Wording("Temps du robot par écriture", "Robot time a posting"),
    definition=Wording(
        "Secondes de la tentative qui a abouti, en moyenne, par système comptable.",
        "Seconds of the attempt that succeeded, the mean, by accounting system.",
    ),
    unit=Unit.SECONDS,
    interval=Interval.NONE,
    measures=("posted",),
    work=work.means(),
)
POSTING_PROBLEMS = Kpi(
    name="posting-problems",
    title=Wording("Écritures arrêtées", "Postings that stopped"),
    definition=Wording(
        "Écritures qui ont demandé l'aide d'une personne, par raison.", "Postings that needed somebody, by reason."
    ),
    unit=Unit.COUNT,
    interval=Interval.NONE,
    measures=("posting_dead",),
    work=work.counts(),
)
REFUSED = Kpi(
    name="refused",
    title=Wording("Fichiers refusés", "Files refused"),
    definition=Wording(
        "Fichiers qui n'ont pas été pris en charge, par raison.", "Files that were not taken in, by reason."
    ),
    unit=Unit.COUNT,
    interval=Interval.NONE,
    measures=("refused",),
    work=work.counts(),
)

KPIS: tuple[Kpi, ...] = (
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
    FIELDS_SAMPLED,
    FIELDS_REVIEWED,
    SAMPLES_WRONG,
    CORRECTED,
    FIRST_RIGHT,
    DUPLICATES,
    DISCOUNTS,
    CPU,
    COST,
    POSTED,
    ROBOT,
    POSTING_PROBLEMS,
    REFUSED,
)
"""In the order in which they are shown."""
