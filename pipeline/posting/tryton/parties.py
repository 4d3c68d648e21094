"""The supplier of an invoice among Tryton's parties: found by its identifiers, or entered as a new one."""

from typing import Any, NamedTuple

from stdnum.ch import vat as swiss_vat
from stdnum.eu import vat as eu_vat
from stdnum.gb import vat as british_vat
from stdnum.no import mva

from pipeline.errors import TargetRefused
from pipeline.posting.tryton.rpc import Domain, Row, Session
from pipeline.validate.identifiers import plain, siren_in_vat_id
from schemas import FieldName, Record

VAT_ID, SIREN, SIRET = "eu_vat", "fr_siren", "fr_siret"
"""Tryton's names for these kinds of identifiers."""
_VAT_KINDS = {VAT_ID: eu_vat, "gb_vat": british_vat, "ch_vat": swiss_vat, "no_mva": mva}


class Party(NamedTuple):
    """A supplier as Tryton has it."""

    id: int
    address: int
    payable: int
    """The account that is owed on."""


def find_or_create(session: Session, record: Record) -> Party:
    """The one party with the seller's VAT id, SIREN or SIRET; without any of them known, the one with its name.

    Raises TargetRefused when the identifiers belong to several parties or several have the name; TargetDown;
    OutcomeUnknown when it was being entered and no answer came (the next attempt finds it).
    """
    found = _find(session, record) or _create(session, record)
    (row,) = session.rows("party.party", [["id", "=", found]], ["addresses", "account_payable"])
    addresses = row["addresses"] or session.tell("model.party.address.create", [{"party": found}])
    return Party(found, addresses[0], row["account_payable"] or _usual_account(session))


def _usual_account(session: Session) -> int:
    found = session.rows("account.configuration", [], ["default_account_payable"], limit=1)
    if not found or not found[0]["default_account_payable"]:
        raise TargetRefused("Tryton has no default account payable.", remedy="Accounting, Configuration: set 4011.")
    return int(found[0]["default_account_payable"])


def identifiers(record: Record) -> dict[str, str]:
    """The seller's identifiers by Tryton's kinds, compact; those with wrong check digits are nobody's."""
    vat_id, siret = plain(record.value(FieldName.SELLER_VAT_ID)), plain(record.value(FieldName.SELLER_SIRET))
    siren = plain(record.value(FieldName.SELLER_SIREN)) or siret[:9] or siren_in_vat_id(vat_id)
    vat_ids = {kind: module.compact(vat_id) for kind, module in _VAT_KINDS.items() if module.is_valid(vat_id)}
    known = {**dict(list(vat_ids.items())[:1]), SIREN: siren or "", SIRET: siret}
    return {kind: code for kind, code in known.items() if code}


def _find(session: Session, record: Record) -> int | None:
    known, name = identifiers(record), record.value(FieldName.SELLER_NAME)
    if known:
        clauses = [["identifiers", "where", [["type", "=", kind], ["code", "=", code]]] for kind, code in known.items()]
        if found := _one(session, ["OR", *clauses], f"the identifiers {', '.join(known.values())}"):
            return found
    if not name:
        raise TargetRefused("The invoice names no seller.", remedy="Give it the seller's name or identifiers.")
    return _one(session, [["name", "=", name], *_without_others(known)], f"the name {name}")


def _one(session: Session, domain: Domain, said: str) -> int | None:
    found = session.rows("party.party", domain, ["name"], limit=5)
    if len(found) > 1:
        names = ", ".join(row["name"] for row in found)
        raise TargetRefused(f"Several parties in Tryton have {said}: {names}.", remedy=_MERGE)
    return found[0]["id"] if found else None


def _without_others(known: dict[str, str]) -> Domain:
    """A party of the same name with another number of the same kind is another company."""
    return [["identifiers", "not where", [["type", "in", list(known)]]]] if known else []


def _create(session: Session, record: Record) -> int:
    known = identifiers(record)
    values: dict[str, Any] = {
        "name": record.value(FieldName.SELLER_NAME),
        "addresses": [["create", [_address(session, record)]]],
        "identifiers": [["create", [_identifier(kind, code) for kind, code in known.items() if kind != SIRET]]],
    }
    (party,) = session.tell("model.party.party.create", [values])
    if siret := known.get(SIRET):  # Tryton wants the establishment's address with it
        address = session.rows("party.address", [["party", "=", party]], ["id"], limit=1)[0]["id"]
        values = _identifier(SIRET, siret) | {"party": party, "address": address}
        session.tell("model.party.identifier.create", [values])
    return int(party)


def _identifier(kind: str, code: str) -> Row:
    return {"type": kind, "code": code}


def _address(session: Session, record: Record) -> Row:
    """All that is known of it: the country."""
    code = plain(record.value(FieldName.SELLER_VAT_ID))[:2] or ("FR" if SIREN in identifiers(record) else "")
    countries = session.rows("country.country", [["code", "=", code]], ["code"], limit=1) if code else []
    return {"country": countries[0]["id"]} if countries else {}


_MERGE = "Merge them in Tryton (Parties, Erase or Replace), or take the identifier from the wrong one."
