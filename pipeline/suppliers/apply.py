"""Recalls how a supplier's invoices look: candidates that stand where its rules say gain, others may lose."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz

from pipeline.extract.candidates import Sheet
from pipeline.extract.header import candidate, seen_by
from pipeline.extract.views import Proposals
from pipeline.suppliers.learn import CONSTANT, MASKED, same_value, spans_for
from pipeline.suppliers.masks import fits
from pipeline.suppliers.model import FieldRule, Place, Rules
from pipeline.suppliers.places import Map, shared
from pipeline.validate.identifiers import plain
from schemas import Candidate, Evidence, EvidenceKind, FieldName

ONCE, OFTEN = 0.6, 0.9
"""The least score of a candidate that agrees with a rule seen in one confirmed document, and in more."""
SAME_NAME = 90.0
"""How alike a misread name must be to the confirmed one, in per cent (rapidfuzz ratio)."""
DOUBTED_ONCE, DOUBTED = 0.8, 0.5
"""What remains of the score of a candidate that has another form than all confirmed documents."""


def recall(proposals: Proposals, sheet: Sheet, rules: Rules) -> Proposals:
    """The proposals in the light of a supplier's rules, best first; pure, so that it can be replayed.

    A candidate that agrees gets a supporting evidence SUPPLIER_MEMORY and a better score; one that contradicts gets
    one that does not support, and a worse score. A value that stands where the rule says and that nobody proposed
    becomes a candidate. Accounts get evidence only: what is paid to is never chosen by habit.
    """
    if not rules.enabled:
        return proposals
    memory = _Memory(rules, Map(sheet))
    return {name: memory.recall(name, options) for name, options in proposals.items()}


@dataclass(frozen=True, eq=False)
class _Memory:
    """The rules of one supplier, held against one sheet."""

    rules: Rules
    chart: Map

    def recall(self, name: FieldName, options: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
        if name is FieldName.IBAN:
            return tuple(self._usual_account(one) for one in options)
        if name is FieldName.CURRENCY:
            return _best_first(self._usual_currency(one) for one in options)
        rule = self.rules.of(name)
        if rule is None:
            return options
        if name in CONSTANT:
            return _best_first(self._constants(rule, options))
        return _best_first((*(self._placed(one, rule) for one in options), *self._overlooked(rule, options)))

    def _placed(self, option: Candidate, rule: FieldRule) -> Candidate:
        form = fits(str(option.value), rule.masks) if rule.field in MASKED else None
        if form is False:
            return _doubted(option, rule, f"has not the form {' or '.join(rule.masks)}")
        where = self._where(option, rule)
        return _believed(option, rule, where) if where else option

    def _where(self, option: Candidate, rule: FieldRule) -> tuple[Place, ...]:
        """The known places at which the value stands, be it there where it was read or elsewhere on the pages."""
        boxes = [(option.page, option.box)] if option.page is not None and option.box is not None else []
        same = (span for span in spans_for(rule.field, self.chart.sheet) if same_value(span.value, option.value))
        boxes += [(span.page, span.box) for span in same]
        found = (shared(rule.places, self.chart.places_of(*where)) for where in boxes)
        return next((places for places in found if places), ())

    def _overlooked(self, rule: FieldRule, options: tuple[Candidate, ...]) -> Iterator[Candidate]:
        """Values that stand as the rule says and that were not proposed; only by a label, never by the zone alone."""
        for span in spans_for(rule.field, self.chart.sheet):
            if any(same_value(span.value, option.value) for option in options):
                continue
            if rule.field in MASKED and fits(str(span.value), rule.masks) is not True:
                continue
            where = shared(rule.places, self.chart.places_of(span.page, span.box))
            if any(place.label for place in where):
                yield _believed(candidate(rule.field, span, 0.0), rule, where)

    def _constants(self, rule: FieldRule, options: tuple[Candidate, ...]) -> Iterator[Candidate]:
        """What is always the same: the options, and the known value where it is printed and nobody proposed it."""
        yield from (_constant(option, rule) for option in options)
        if any(_is_known(option.value, rule) for option in options):
            return
        for line in self.chart.sheet.lines:
            for segment in line.segments:
                if (value := _known_in(segment.text, rule)) is not None:
                    first = segment.words[0]
                    found = Candidate(name=rule.field, value=value, raw=segment.text, page=line.page, box=segment.box)
                    seen = found.model_copy(update={"evidence": (seen_by(first, first.confidence),)})
                    yield _constant(seen, rule)
                    return

    def _usual_account(self, option: Candidate) -> Candidate:
        usual = self.rules.ibans
        if not usual:
            return option
        is_usual = plain(option.value) in usual
        return _noted(option, is_usual, "a confirmed account" if is_usual else "no confirmed document has this account")

    def _usual_currency(self, option: Candidate) -> Candidate:
        usual = self.rules.currencies
        if not usual:
            return option
        if option.value in usual:
            return _noted(option, True, "the usual currency")
        return _noted(option, False, f"the usual currency is {' or '.join(usual)}")


def _believed(option: Candidate, rule: FieldRule, where: tuple[Place, ...]) -> Candidate:
    floor = ONCE if rule.seen == 1 else OFTEN
    detail = f"{_said(where[0])}, as in {rule.seen} confirmed before"
    return _noted(option, True, detail, floor + (1.0 - floor) * min(1.0, option.score))


def _doubted(option: Candidate, rule: FieldRule, detail: str) -> Candidate:
    return _noted(option, False, detail, option.score * (DOUBTED_ONCE if rule.seen == 1 else DOUBTED))


def _constant(option: Candidate, rule: FieldRule) -> Candidate:
    if not _is_known(option.value, rule):
        return _doubted(option, rule, f"it was {' or '.join(rule.values)} before")
    floor = ONCE if rule.seen == 1 else OFTEN
    score = floor + (1.0 - floor) * min(1.0, option.score)
    return _noted(option, True, f"as in {rule.seen} confirmed before", score)


def _is_known(value: str, rule: FieldRule) -> bool:
    if rule.field is FieldName.SELLER_NAME:
        return any(fuzz.ratio(plain(value), plain(known)) >= SAME_NAME for known in rule.values)
    return any(same_value(value, known) for known in rule.values)


def _known_in(text: str, rule: FieldRule) -> str | None:
    """The known value that a text holds; a name must be all of it, or its beginning."""
    whole = plain(text)
    for known in rule.values:
        wanted = plain(known)
        is_name = rule.field is FieldName.SELLER_NAME
        if whole.startswith(wanted) if is_name else wanted in whole:
            return known
        if is_name and fuzz.ratio(whole, wanted) >= SAME_NAME:
            return known
    return None


def _noted(option: Candidate, supports: bool, detail: str, score: float | None = None) -> Candidate:
    witness = Evidence(kind=EvidenceKind.SUPPLIER_MEMORY, supports=supports, detail=detail)
    update = {"evidence": (*option.evidence, witness), "score": option.score if score is None else score}
    return option.model_copy(update=update)


def _said(place: Place) -> str:
    return f"{place.relation} '{place.label}'" if place.label else f"{place.zone} of the {place.page} page"


def _best_first(options: Iterable[Candidate]) -> tuple[Candidate, ...]:
    return tuple(sorted(options, key=lambda option: -option.score))
