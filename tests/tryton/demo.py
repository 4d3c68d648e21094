"""Fills an empty Tryton database with a French company, over the same API that the product uses.

What is there already is left as it is, so that it can be run again after it was interrupted.
"""

from datetime import date
from decimal import Decimal

from pipeline.posting.tryton.rpc import Row, Session

COMPANY, VAT_ID, SIREN = "Société Démonstration", "FR83404833048", "404833048"
YEARS = range(2024, 2028)
POSTER, POSTER_GROUPS = (
    "backoffice",
    ("account.group_account", "party.group_party_admin", "purchase.group_purchase"),
)
CURRENCIES = {"EUR": ("Euro", "€"), "USD": ("US dollar", "$"), "GBP": ("Pound sterling", "£"), "CHF": ("Franc", "CHF")}
RATES = {"EUR": "1", "USD": "1.08", "GBP": "0.84", "CHF": "0.95"}
COUNTRIES = {
    **{"FR": "France", "DE": "Allemagne", "BE": "Belgique", "NL": "Pays-Bas", "ES": "Espagne", "IT": "Italie"},
    **{"GB": "Royaume-Uni", "CH": "Suisse", "LU": "Luxembourg", "AT": "Autriche", "IE": "Irlande", "US": "États-Unis"},
}
GENERAL = ["601", "602", "607", "615", "616", "627", "651"]
CENTRES = {"ADM": "Administration", "ATEL": "Atelier"}
SUPPLIERS = (
    ("Quincaillerie Martin", "FR44732829320", "732829320"),
    ("Papeterie Lafayette", "FR40303265045", "303265045"),
    ("Électricité Générale du Centre", "FR61954506077", "954506077"),
)
ORDERS = (
    ("Quincaillerie Martin", (("Vis inox 6x40, boîte de 100", 20.0, "12.50"), ("Perceuse 18 V", 2.0, "189.90"))),
    ("Papeterie Lafayette", (("Ramette A4 80 g", 50.0, "4.20"),)),
    ("Électricité Générale du Centre", (("Dépannage, heure", 6.0, "68.00"), ("Disjoncteur 16 A", 10.0, "14.35"))),
)
"""Supplier, and lines of description, quantity and unit price without VAT."""


def fill(session: Session, password: str) -> None:
    """The company with its chart, years, currencies, suppliers and orders, and the user that posts."""
    currencies = {code: _currency(session, code) for code in CURRENCIES}
    countries = {code: _country(session, code) for code in COUNTRIES}
    company = _company(session, currencies["EUR"], countries["FR"])
    _work_in(session, company)
    _chart(session, company)
    _open_general_accounts(session)
    for year in YEARS:
        _fiscal_year(session, company, year)
    _exchange_accounts(session)
    _centres(session, company)
    for name, vat_id, siren in SUPPLIERS:
        _supplier(session, name, vat_id, siren, countries["FR"])
    for supplier, lines in ORDERS:
        _order(session, company, currencies["EUR"], supplier, lines)
    _poster(session, company, password)


def _one(session: Session, model: str, key: str, value: object) -> int | None:
    found = session.rows(model, [[key, "=", value]], ["id"], limit=1)
    return found[0]["id"] if found else None


def _ensure(session: Session, model: str, key: str, values: Row) -> int:
    return _one(session, model, key, values[key]) or _made(session, model, values)


def _made(session: Session, model: str, values: Row) -> int:
    (made,) = session.tell(f"model.{model}.create", [values])
    return int(made)


def _currency(session: Session, code: str) -> int:
    name, symbol = CURRENCIES[code]
    rate = {"date": date(YEARS[0], 1, 1), "rate": Decimal(RATES[code])}
    values = {"code": code, "name": name, "symbol": symbol, "rounding": Decimal("0.01"), "digits": 2}
    return _ensure(session, "currency.currency", "code", {**values, "rates": [["create", [rate]]]})


def _country(session: Session, code: str) -> int:
    return _ensure(session, "country.country", "code", {"code": code, "name": COUNTRIES[code]})


def _company(session: Session, currency: int, country: int) -> int:
    found = session.rows("company.company", [["party.name", "=", COMPANY]], ["id"], limit=1)
    if found:
        return int(found[0]["id"])
    party = _supplier(session, COMPANY, VAT_ID, SIREN, country)
    return _made(session, "company.company", {"party": party, "currency": currency, "timezone": "Europe/Paris"})


def _supplier(session: Session, name: str, vat_id: str, siren: str, country: int) -> int:
    identifiers = [{"type": "eu_vat", "code": vat_id}, {"type": "fr_siren", "code": siren}]
    address = {"street": "1 rue de la Paix", "postal_code": "75002", "city": "Paris", "country": country}
    values = {"name": name, "identifiers": [["create", identifiers]], "addresses": [["create", [address]]]}
    return _ensure(session, "party.party", "name", values)


def _work_in(session: Session, company: int) -> None:
    if session.context.get("company") != company:
        (me,) = session.rows("res.user", [["login", "=", "admin"]], ["id"])
        session.tell("model.res.user.write", [me["id"]], {"companies": [["add", [company]]], "company": company})
        session.forget()


def _chart(session: Session, company: int) -> None:
    if session.rows("account.account", [["code", "=", "4011"]], ["id"], limit=1):
        return
    template = session.ask("model.ir.model.data.get_id", "account_fr", "root")
    (wizard, *_) = session.tell("wizard.account.create_chart.create")
    run = "wizard.account.create_chart.execute"
    session.tell(run, wizard, {}, "account")
    session.tell(run, wizard, {"account": {"company": company, "account_template": template}}, "create_account")
    receivable, payable = (_one(session, "account.account", "code", code) for code in ("4111", "4011"))
    properties = {"company": company, "account_receivable": receivable, "account_payable": payable}
    session.tell(run, wizard, {"properties": properties}, "create_properties")
    session.tell("wizard.account.create_chart.delete", wizard)


def _open_general_accounts(session: Session) -> None:
    """A small company books on the general accounts, which Tryton's chart closes in favour of their parts."""
    found = session.rows("account.account", [["code", "in", GENERAL], ["closed", "=", True]], ["id"])
    if found:
        session.tell("model.account.account.write", [row["id"] for row in found], {"closed": False})


def _fiscal_year(session: Session, company: int, year: int) -> None:
    if _one(session, "account.fiscalyear", "name", str(year)):
        return
    moves = _sequence(session, company, "account", "sequence_type_account_move", f"Écritures {year}", f"{year}-")
    invoices = _sequence(
        session, company, "account_invoice", "sequence_type_account_invoice", f"Factures {year}", f"FA{year}-"
    )
    kinds = ("in_invoice", "in_credit_note", "out_invoice", "out_credit_note")
    sequences = {"company": company} | {f"{kind}_sequence": invoices for kind in kinds}
    made = _made(
        session,
        "account.fiscalyear",
        {
            "name": str(year),
            "company": company,
            "start_date": date(year, 1, 1),
            "end_date": date(year, 12, 31),
            "move_sequence": moves,
            "invoice_sequences": [["create", [sequences]]],
        },
    )
    session.tell("model.account.fiscalyear.create_period", [made])


def _sequence(session: Session, company: int, module: str, kind: str, name: str, prefix: str) -> int:
    type_id = session.ask("model.ir.model.data.get_id", module, kind)
    values = {"name": name, "company": company, "sequence_type": type_id, "prefix": prefix, "padding": 5}
    return _ensure(session, "ir.sequence.strict", "name", values)


def _exchange_accounts(session: Session) -> None:
    credit, debit = (_one(session, "account.account", "code", code) for code in ("766", "666"))
    values = {"currency_exchange_credit_account": credit, "currency_exchange_debit_account": debit}
    session.tell("model.account.configuration.write", [1], values)


def _centres(session: Session, company: int) -> None:
    """Analytic accounts, one for each cost centre."""
    root = _ensure(session, _ANALYTIC, "name", {"name": "Centres", "company": company, "type": "root"})
    for code, name in CENTRES.items():
        parents = {"root": root, "parent": root}
        values = {"code": code, "name": name, "company": company, "type": "normal", "state": "opened", **parents}
        _ensure(session, _ANALYTIC, "code", values)


_ANALYTIC = "analytic_account.account"


def _order(
    session: Session, company: int, currency: int, supplier: str, lines: tuple[tuple[str, float, str], ...]
) -> None:
    party = _one(session, "party.party", "name", supplier)
    if _one(session, "purchase.purchase", "party", party):
        return
    address = _one(session, "party.address", "party", party)
    rows = [
        {"description": text, "quantity": quantity, "unit_price": Decimal(price)} for text, quantity, price in lines
    ]
    values = {
        **{"company": company, "party": party, "invoice_address": address, "currency": currency},
        **{"purchase_date": date(2026, 1, 5), "invoice_method": "manual", "lines": [["create", rows]]},
    }
    made = _made(session, "purchase.purchase", values)
    for step in ("quote", "confirm"):
        session.tell(f"model.purchase.purchase.{step}", [made])


def _poster(session: Session, company: int, password: str) -> None:
    if _one(session, "res.user", "login", POSTER):
        return
    groups = [session.ask("model.ir.model.data.get_id", *name.split(".")) for name in POSTER_GROUPS]
    french = _one(session, "ir.lang", "code", "fr")
    values = {
        **{"name": "Backoffice", "login": POSTER, "password": password, "language": french},
        **{"companies": [["add", [company]]], "company": company, "groups": [["add", groups]]},
    }
    _made(session, "res.user", values)
