"""Key figures of the outcome: what was right, what was saved and spent, what was posted and what was not."""

from pipeline.measure.kpi import work
from pipeline.measure.kpi.model import Interval, Kpi, Unit
from pipeline.review.causes import Wording

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

OUTCOME: tuple[Kpi, ...] = (
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
