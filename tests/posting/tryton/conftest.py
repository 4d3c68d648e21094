"""A Tryton that answers from memory: it knows the calls that the product makes, and fails where a test says so."""

from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal

import httpx
import pytest

from pipeline.posting.tryton.notation import from_json, to_json
from pipeline.posting.tryton.rpc import Session
from pipeline.posting.tryton.target import TrytonTarget
from pipeline.settings import TrytonSettings
from schemas import DocumentType, FieldName
from schemas.invoice import VatBreakdown
from tests.tryton.orders import coding_of, order_of, record_of

PASSWORD = "secret-password"
COMPANY, EURO = 1, 1
ACCOUNTS = {"4011": 10, "44566": 20, "44562": 21, "6063": 30, "611": 31, "6135": 32, "4452": 33, "6071": 34}
INSIDE = "T.V.A. Achat Intracommunautaire de biens Taux Normal"
TAXES = (
    (40, None, None, "none", "Taux normal", "biens", None),
    (41, 40, Decimal("0.20"), "percentage", "T.V.A. 20%", None, 20),
    (42, None, Decimal("0.055"), "percentage", "T.V.A. 5,5%", "biens", 20),
    (43, None, Decimal("0.055"), "percentage", "T.V.A. 5,5% services", "services", 20),
    (50, None, None, "none", INSIDE, "biens", None),
    (51, 50, None, "none", "T.V.A. 20%", "biens", None),
    (52, 51, Decimal("0.20"), "percentage", "T.V.A. 20% (1)", None, 20),
    (53, 51, Decimal("-0.20"), "percentage", "T.V.A. 20% (2)", None, 33),
    (54, 50, None, "none", "T.V.A. 19,6%", "biens", None),
    (55, 54, Decimal("0.196"), "percentage", "T.V.A. 19,6% (1)", None, 20),
    (56, 54, Decimal("-0.196"), "percentage", "T.V.A. 19,6% (2)", None, 33),
)
ENDED = {54: date(2013, 12, 31)}
CENTRE = "analytic_account.account"


class FakeTryton:
    """One company. `fail` maps a method to a failure that its next calls meet, `kinds` of them one after the other."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.fail: dict[str, list[object]] = defaultdict(list)
        self.sessions = 0
        self.expired = False
        self.rows: dict[str, list[dict]] = {
            "party.party": [],
            "ir.attachment": [],
            "account.invoice": [],
            "account.journal": [{"id": 5, "code": "EXP", "type": "expense"}],
            "currency.currency": [{"id": EURO, "code": "EUR"}],
            "ir.model": [],
            CENTRE: [{"id": 60, "code": "ATEL", "root": 61, "type": "normal", "state": "opened"}],
            "country.country": [],
            "party.address": [],
            "account.configuration": [{"id": 1, "default_account_payable": ACCOUNTS["4011"]}],
            "account.account": [
                {"id": number, "code": code, "closed": False, "type": 1, "type.": {"payable": code.startswith("40")}}
                for code, number in ACCOUNTS.items()
            ],
            "account.tax": [_tax(*values) for values in TAXES],
        }

    def answer(self, request: httpx.Request) -> httpx.Response:
        """What the server says to a request."""
        asked = from_json(request.content)
        method, parameters = asked["method"], asked["params"]
        self.calls.append(method)
        failure = self.fail[method].pop(0) if self.fail[method] else None
        if isinstance(failure, Exception):
            raise failure
        if isinstance(failure, Late):
            self._do(method, parameters)
            raise httpx.ReadTimeout("too late", request=request)
        if isinstance(failure, int):
            return httpx.Response(failure, text="no")
        if isinstance(failure, list):
            return self._reply({"error": failure})
        if method == "common.db.login":
            return self._log_in(parameters)
        if self.expired:
            self.expired = False
            return httpx.Response(401)
        return self._reply({"result": self._do(method, parameters)})

    def posted(self) -> list[dict]:
        """The invoices that are posted."""
        return [row for row in self.rows["account.invoice"] if row["state"] == "posted"]

    def _log_in(self, parameters: list) -> httpx.Response:
        self.sessions += 1
        good = parameters[1] == {"password": PASSWORD}
        return self._reply({"result": [7, "token", None]}) if good else httpx.Response(401)

    def _do(self, method: str, parameters: list) -> object:
        if method.endswith("get_preferences"):
            return {"company": COMPANY, "language": "fr"}
        _, *model, action = method.split(".")
        return getattr(self, f"_{action}")(".".join(model), *parameters[:-1])

    def _search_read(self, model, domain, _offset, limit, _order, _fields):
        found = [row for row in self.rows[model] if _fits(row, domain)]
        return found[:limit]

    def _create(self, model, values):
        made = [{"id": 100 + len(self.calls) * 10 + at, **row} for at, row in enumerate(values)]
        for row in made:
            if model == "account.invoice":
                _compute(row, self.rows["party.party"])
            if model == "party.party":
                row |= {"code": str(row["id"]), "addresses": [row["id"] + 1], "account_payable": None}
                row["identifiers"] = row["identifiers"][0][1]
        self.rows.setdefault(model, []).extend(made)
        return [row["id"] for row in made]

    def _delete(self, model, ids):
        self.rows[model] = [row for row in self.rows[model] if row["id"] not in ids]

    def _post(self, model, ids):
        for row in self.rows[model]:
            if row["id"] in ids:
                row |= {"state": "posted", "number": f"FA{row['id']}"}

    def _reply(self, content: dict) -> httpx.Response:
        return httpx.Response(200, content=to_json({"id": 1, **content}))


class Late:
    """The server does it, and its answer gets lost."""


def _tax(number, parent, rate, kind, name, group, account):
    return {
        **{"id": number, "parent": parent, "rate": rate, "type": kind, "name": name, "description": name},
        **{"group.": {"kind": "purchase", "code": f"Achat de {group}"} if group else None},
        **{
            "start_date": None,
            "end_date": ENDED.get(number),
            "invoice_account": account,
            "credit_note_account": account,
        },
    }


def _compute(row, parties):
    """What Tryton computes of an invoice: the sums, and the names of what it points to."""
    lines, taxes = row["lines"][0][1], row["taxes"][0][1]
    net = sum((Decimal(str(line["quantity"])) * line["unit_price"] for line in lines), Decimal(0)).quantize(
        Decimal("0.01")
    )
    tax = sum((one["amount"] for one in taxes), Decimal(0))
    name = next(party["name"] for party in parties if party["id"] == row["party"])
    row |= {"untaxed_amount": net, "tax_amount": tax, "total_amount": net + tax, "state": "draft", "number": None}
    row |= {"party.": {"name": name}, "currency.": {"code": "EUR"}, "create_date": datetime(2026, 3, 1, tzinfo=UTC)}


def _fits(row, domain):
    if domain[:1] == ["OR"]:
        return any(_fits(row, [clause]) for clause in domain[1:])
    return all(_clause(row, *clause) for clause in domain)


def _clause(row, field, operator, value):
    if field == "identifiers":
        found = any(_fits(one, value) for one in row["identifiers"])
        return found if operator == "where" else not found
    held = row.get(field) if field in row else COMPANY if field == "company" else None
    match operator:
        case "=":
            return held == value
        case "!=":
            return held != value
        case "in":
            return held in value
        case ">":
            return held > value
        case "like":
            return value.strip("%") in (held or "")
    raise AssertionError(operator)


@pytest.fixture
def tryton():
    return FakeTryton()


@pytest.fixture
def open_session(tryton):
    """A session with the fake."""
    opened = []

    def open_(password=PASSWORD):
        access = TrytonSettings(url="http://tryton.test", database="demo", user="backoffice", password=password)
        session = Session(access, "demo", httpx.MockTransport(tryton.answer))
        opened.append(session)
        return session

    yield open_
    for session in opened:
        session.close()


@pytest.fixture
def target(open_session):
    return TrytonTarget(open_session(), {"613500": "6135"})


@pytest.fixture
def original(tmp_path):
    path = tmp_path / "invoice.pdf"
    path.write_bytes(b"%PDF-1.7 the original")
    return path


@pytest.fixture
def make_order():
    """An order: rows of the VAT table as (rate, base, amount)."""

    def make(number="F-1", rows=(("20", "100.00", "20.00"),), doc_type=DocumentType.INVOICE, **more):
        values = {
            FieldName.INVOICE_NUMBER: number,
            FieldName.DOC_TYPE: doc_type,
            FieldName.ISSUE_DATE: date(2026, 3, 3),
            FieldName.SELLER_NAME: "Quincaillerie Martin",
            FieldName.SELLER_SIREN: "732829320",
            FieldName.CURRENCY: "EUR",
        }
        values |= {FieldName(name): value for name, value in more.items()}
        record = record_of({name: value for name, value in values.items() if value is not None})
        table = [VatBreakdown(rate=rate, base=base, amount=amount) for rate, base, amount in rows]
        record = record.model_copy(update={"vat_breakdown": tuple(table)})
        return order_of(record, coding_of(record), "invoice.pdf", b"%PDF-1.7 the original")

    return make
