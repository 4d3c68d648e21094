"""The coding at the desk: what a person sees of it, may type, and settles. Implements `Bookkeeper`."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from pipeline.house.clients import Clients
from pipeline.posting.amounts import NotBookable
from pipeline.posting.coding.accounts import Accounts
from pipeline.posting.coding.check import DOUBTFUL, check_coding
from pipeline.posting.coding.code import Booking, Coder, document_name, propose
from pipeline.posting.coding.coders import Coders
from pipeline.posting.coding.lines import Line, entries_of, lines_of, matched, proposed, settled
from pipeline.review.correct import NotReadable
from pipeline.review.errors import AccountsMissing
from pipeline.review.keyed import Mistake, Unreadable
from pipeline.store.outbox import Settled
from schemas import Coding, Finding, Record
from schemas.edits import CodeText


class ShownLine(NamedTuple):
    """One line of the panel."""

    text: str
    label: str
    net: Decimal
    account: str
    """As typed, or as proposed."""
    cost_centre: str
    booked: str
    """The whole number of the account; empty for what is none."""
    name: str
    """What the account is called."""
    confidence: float
    because: str
    is_known: bool
    """Whether the client or the built-in chart has the account."""


class Shown(NamedTuple):
    """The coding of a record as a person sees it; without lines where it cannot be booked."""

    lines: tuple[ShownLine, ...]
    mistakes: tuple[Mistake, ...] = ()
    coding: Coding | None = None
    """What would be posted now."""
    is_doubtful: bool = False
    """Whether the coding as it was proposed needs a person."""
    trouble: str = ""
    """Why it cannot be booked."""
    remarks: tuple[str, ...] = ()
    """What is to be known of the entry beside its lines, such as a doubtful VAT."""

    def chosen(self) -> tuple[CodeText, ...]:
        """The lines as they lie before the person."""
        return tuple(CodeText(text=one.text, account=one.account, cost_centre=one.cost_centre) for one in self.lines)


@dataclass(frozen=True, eq=False)
class AtDesk:
    """The coding of one client, as its coder knows it."""

    coder: Coder
    rules = frozenset((DOUBTFUL, NotBookable.code))

    @cached_property
    def accounts(self) -> Accounts:
        """The accounts that the client is known to use."""
        return Accounts(self.coder)

    def show(self, record: Record, document_id: str, part: int, chosen: Sequence[CodeText] | None = None) -> Shown:
        """The coding of a record, with what was chosen so far in place of what is proposed."""
        try:
            booking = self._booking(record, document_id, part)
            lines = lines_of(booking)
            typed = [one or other for one, other in zip(matched(lines, chosen or ()), proposed(lines), strict=True)]
            read, mistakes = self._read(typed)
            coding = None if mistakes else settled(booking, lines, read).coding()
            was = booking.coding()
        except NotBookable as error:
            return Shown((), trouble=error.message)
        shown = tuple(self._shown(*one) for one in zip(lines, typed, read, strict=True))
        choices = {choice.why for rate in booking.rates for choice in rate.choices}
        remarks = tuple(why for why in was.why if why not in choices)
        return Shown(shown, mistakes, coding, was.confidence < self.coder.plan.sure_from, remarks=remarks)

    def settle(self, record: Record, document_id: str, part: int, chosen: Sequence[CodeText]) -> Settled | None:
        """As `Bookkeeper`."""
        try:
            booking = self._booking(record, document_id, part)
            lines = lines_of(booking)
            read = self._whole(lines, chosen)
            made = settled(booking, lines, read)
            return Settled(tuple(read), proposed(lines), made.coding(), entries_of(booking, lines, read))
        except NotBookable:
            return None

    def findings(self, record: Record, document_id: str, part: int) -> tuple[Finding, ...]:
        """As `Bookkeeper`."""
        return check_coding(record, self.coder, document_id, part)

    def _booking(self, record: Record, document_id: str, part: int) -> Booking:
        return propose(self.coder, record, document_name(document_id, part))

    def _whole(self, lines: Sequence[Line], chosen: Sequence[CodeText]) -> list[CodeText]:
        found = matched(lines, chosen)
        if missing := [line.label for line, one in zip(lines, found, strict=True) if one is None]:
            raise AccountsMissing(f"No account was chosen for: {', '.join(missing)}.")
        typed = [one.model_copy(update={"text": line.text}) for line, one in zip(lines, found, strict=True) if one]
        read, mistakes = self._read(typed)
        if mistakes:
            raise NotReadable("; ".join(f"'{one.text}': {one.message}" for one in mistakes))
        return read

    def _read(self, typed: Sequence[CodeText]) -> tuple[list[CodeText], tuple[Mistake, ...]]:
        """The lines with accounts of the chart; what is none is left and told, by place: "coding.0.account"."""
        read, mistakes = [], []
        for number, one in enumerate(typed):
            try:
                account = self.accounts.read(one.account)
            except Unreadable as error:
                mistakes.append(Mistake(f"coding.{number}.account", one.account, str(error)))
                account = ""
            read.append(one.model_copy(update={"account": account, "cost_centre": " ".join(one.cost_centre.split())}))
        return read, tuple(mistakes)

    def _shown(self, line: Line, typed: CodeText, read: CodeText) -> ShownLine:
        account = read.account
        return ShownLine(
            text=line.text,
            label=line.label,
            net=line.net,
            account=typed.account,
            cost_centre=typed.cost_centre,
            booked=account,
            name=self.coder.plan.name_of(account) if account else "",
            confidence=line.choice.confidence,
            because=line.choice.because,
            is_known=account in self.accounts.names,
        )


class Bookkeepers:
    """The bookkeepers of all clients."""

    def __init__(self, coders: Coders, clients: Clients, target: str | None) -> None:
        """`target` is where those clients post that have no accounting system of their own."""
        self._coders = coders
        self._clients = clients
        self._target = target
        self._kept: dict[str, AtDesk] = {}

    def of(self, client_id: str) -> AtDesk | None:
        """The bookkeeper of a client; None for one that posts nowhere. Raises StoreError, UnknownClient."""
        if not (self._clients.policy(client_id).posting_target or self._target):
            return None
        coder, kept = self._coders.of(client_id), self._kept.get(client_id)
        if kept is None or kept.coder is not coder:
            kept = self._kept[client_id] = AtDesk(coder)
        return kept
