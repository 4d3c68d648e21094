"""Replays a supplier's rules on its confirmed documents: a rule that makes one of them wrong does not go live."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from pipeline.errors import InputError
from pipeline.extract.candidates import Sheet
from pipeline.extract.views import Proposals
from pipeline.suppliers.apply import recall
from pipeline.suppliers.learn import same_value
from pipeline.suppliers.model import Rules
from pipeline.suppliers.rule_shelf import Confirmed
from schemas import FieldName, Page, Record
from schemas.base import Value

Recall = Callable[[Proposals, Sheet], Proposals]
"""What the memory makes of the candidates of a sheet."""

Reread = Callable[[Sequence[Page], Recall], Mapping[FieldName, object]]
"""Reads pages again with a memory and gives the values that would be chosen; pure."""


class Broken(Value):
    """A confirmed value that the rules would get wrong."""

    document_id: str
    field: FieldName
    confirmed: str
    read: str | None
    said: str = ""

    def __str__(self) -> str:
        """In words."""
        return f"document {self.document_id}: {self.field} would be '{self.read}', confirmed was '{self.confirmed}'"


class RuleRefused(InputError):
    """A rule that makes a confirmed document wrong."""

    code = "rule-refused"
    remedy = "Mend the rule of that field, or switch it off (enabled: false). The rules before stay live."


def replay(rules: Rules, before: Rules | None, history: Iterable[Confirmed], reread: Reread) -> tuple[Broken, ...]:
    """The confirmed values that come out right without the new rules, and no longer with them.

    `before` are the rules that count now. Fields that came out wrong anyway are no reason to refuse.
    """
    return tuple(broken for document in history for broken in _broken(document, rules, before, reread))


def refuse_if_broken(broken: Sequence[Broken]) -> None:
    """Raise RuleRefused that names the first document, and how many more break."""
    if broken:
        more = f" And {len(broken) - 1} more." if len(broken) > 1 else ""
        raise RuleRefused(f"The rules break a confirmed document: {broken[0]}.{more}")


def without(rules: Rules, fields: Iterable[FieldName]) -> Rules:
    """The rules with those of some fields switched off."""
    names = set(fields)
    return rules.model_copy(
        update={
            "fields": tuple(
                rule.model_copy(update={"enabled": False}) if rule.field in names else rule for rule in rules.fields
            )
        }
    )


def _broken(document: Confirmed, rules: Rules, before: Rules | None, reread: Reread) -> Iterator[Broken]:
    now = reread(document.pages, memory_of(rules))
    then: Mapping[FieldName, object] | None = None
    for name, value in now.items():
        if is_right(document.record, name, value):
            continue
        then = reread(document.pages, memory_of(before)) if then is None else then
        if is_right(document.record, name, then.get(name)):
            said, confirmed = document.record.value(name), value
            yield Broken(
                document_id=document.document_id,
                field=name,
                confirmed=str(said),
                read=None if confirmed is None else str(confirmed),
            )


def memory_of(rules: Rules | None) -> Recall:
    """The rules as a function of the candidates; no rules leave them as they are."""
    if rules is None:
        return lambda proposals, _: proposals
    return lambda proposals, sheet: recall(proposals, sheet, rules)


def is_right(record: Record, name: FieldName, value: object) -> bool:
    """Whether a value is the confirmed one; both may be missing."""
    confirmed = record.value(name)
    if confirmed is None or value is None:
        return confirmed is value
    return same_value(confirmed, value)  # type: ignore[arg-type]
