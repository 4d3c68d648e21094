"""The rule by which a new model or engine replaces the one in use: it must not be worse on any slice beyond noise.

    ruling = not_worse(champion, challenger)
    if ruling.accepted: ...

Both are evaluations of the same files: `pipeline.measure.evaluate.evaluate(...)`, or the text of what
`backoffice evaluate --json` wrote.
"""

from pipeline.errors import InputError
from pipeline.measure.changes import EVERYTHING, Change, Comparison, compare_documents
from pipeline.measure.evaluate import DIMENSIONS, Evaluation
from schemas.base import Value


class Ruling(Value):
    """Whether the challenger may replace the champion, and why."""

    accepted: bool
    reasons: tuple[str, ...]
    """What got worse beyond noise, as sentences; empty when accepted."""
    comparison: Comparison


def not_worse(champion: Evaluation | str, challenger: Evaluation | str) -> Ruling:
    """Judge a challenger by the files that both evaluations have.

    It is refused when header fields, lines, VAT rows, the straight-through rate or documents wrongly straight through
    got worse over all files or in any slice (kind, language, supplier seen or not), or any single field over all files,
    with a probability below `pipeline.measure.changes.LEVEL` that chance explains it. It need not be better. A small
    set of files proves little: five changed files, all worse, are the least that can be more than noise.

    Raises InputError (code "not-comparable") when the evaluations share no file, when the challenger was not measured
    on all of the champion's files, or when only one of them ignored e-invoices.
    """
    old, new = _loaded(champion), _loaded(challenger)
    comparison = compare(old, new)
    if comparison.only_before:
        missing = ", ".join(comparison.only_before[:3])
        raise InputError(
            f"The challenger was not measured on {len(comparison.only_before)} files: {missing}.",
            code="not-comparable",
            remedy="Evaluate both on the same files.",
        )
    worse = comparison.worse
    return Ruling(accepted=not worse, reasons=tuple(map(_sentence, worse)), comparison=comparison)


def compare(earlier: Evaluation, later: Evaluation) -> Comparison:
    """What changed between two runs. Raises InputError (code "not-comparable") where nothing can be said."""
    if earlier.page_only != later.page_only:
        remedy = "Evaluate both with or both without --ignore-xml."
        raise InputError("Only one of the runs ignored e-invoices.", code="not-comparable", remedy=remedy)
    comparison = compare_documents(earlier.documents, later.documents, DIMENSIONS)
    if not comparison.files:
        remedy = "Evaluate both on the same files."
        raise InputError("The two runs have no file in common.", code="not-comparable", remedy=remedy)
    return comparison


def _loaded(given: Evaluation | str) -> Evaluation:
    return Evaluation.model_validate_json(given) if isinstance(given, str) else given


def _sentence(change: Change) -> str:
    where = "over all files" if change.slice == EVERYTHING else f"for {change.slice}"
    files = f"{change.worse} files worse, {change.better} better of {change.files}"
    return f"{change.what}, {where}: {change.before} to {change.after} mistakes, {files}, p = {change.p_worse:.3f}"
