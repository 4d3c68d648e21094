"""A coding plan as text that an accountant reads and edits: YAML for all of it, CSV for its rules."""

import csv
import io
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from pipeline.errors import InputError
from pipeline.extract.labels import plain as lowered
from pipeline.extract.parsing import parse_amount
from pipeline.posting.coding.plan import Plan, Rule
from pipeline.posting.coding.shelf import Version

COLUMNS = {
    "supplier": "supplier fournisseur",
    "words": "words mots mots_cles libelle",
    "rate": "rate taux taux_tva",
    "category": "category categorie",
    "unit_price_from": "unit_price_from prix_unitaire_min a_partir_de",
    "account": "account compte compte_charge",
    "cost_centre": "cost_centre cost_center centre centre_de_cout section_analytique analytique",
    "deductible": "deductible deductible_percent taux_deductible",
    "supplier_account": "supplier_account compte_fournisseur compte_tiers",
}
"""What the columns of a CSV may be called, in plain words joined by underscores."""

_HEAD = (
    "# Coding plan of {client}, version {number}. Edit it and run: backoffice coding import FILE --client {client}\n"
    "# Of the rules, the first that fits and says something counts: one may give the account, another the centre.\n"
    "# supplier: its key, VAT id, SIREN or name. words: any of them. rate: VAT in per cent. category: VAT category.\n"
    "# unit_price_from: least net price of one. deductible: share of the VAT that is deducted, in per cent.\n"
)
_REMEDY = "Begin with what `backoffice coding export` writes; nothing was changed."
_SHOWN = 10


def to_yaml(plan: Plan, number: int, client_id: str) -> str:
    """The plan with its version, so that an edit of one that is no longer the newest is noticed."""
    data = {"version": number, **plan.model_dump(mode="json", exclude={"rules"})}
    data["rules"] = [rule.model_dump(mode="json", exclude_defaults=True) for rule in plan.rules]
    text: str = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110)
    return _HEAD.format(client=client_id, number=number) + text


def to_csv(plan: Plan) -> str:
    """The rules, one a row; several words of one cell are set apart by "|"."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(COLUMNS), delimiter=";", lineterminator="\n")
    writer.writeheader()
    for rule in plan.rules:
        writer.writerow({**rule.model_dump(mode="json", exclude_none=True), "words": "|".join(rule.words)})
    return out.getvalue()


def read_plan(path: Path, before: Version | None) -> tuple[Plan, int | None]:
    """The plan in a file and the version it was made from (YAML); a CSV brings its rules into the plan `before`.

    Raises InputError that names what is wrong; then nothing of the file counts.
    """
    text = _text(path)
    if path.suffix.lower() == ".csv":
        rules = tuple(_rules(text, path.name))
        return (before.plan if before else Plan()).model_copy(update={"rules": rules}), None
    return _from_yaml(text, path.name)


def _from_yaml(text: str, name: str) -> tuple[Plan, int | None]:
    try:
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text, Loader=yaml.SafeLoader)):
            raise InputError(f"{name} has aliases (*…).", code="bad-plan", remedy="Write out what they stand for.")
        data: Any = yaml.safe_load(text)
        if not isinstance(data, dict):
            raise InputError(f"{name} holds no plan.", code="bad-plan", remedy=_REMEDY)
        base = data.pop("version", None)
        return Plan.model_validate(_with_text_accounts(data)), None if base is None else int(base)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise InputError(f"{name}: {place}: {first['msg']}", code="bad-plan", remedy=_REMEDY) from error
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        raise InputError(f"{name} is not YAML: {error}", code="bad-plan", remedy=_REMEDY) from error


def _with_text_accounts(value: Any, key: object = "") -> Any:
    """With whole numbers as text where an account, a SIREN or a word belongs: YAML takes 606300 for a number."""
    if isinstance(value, dict):
        accounts = key == "names"
        return {str(one) if accounts else one: _with_text_accounts(inner, one) for one, inner in value.items()}
    if isinstance(value, list):
        return [_with_text_accounts(inner, key) for inner in value]
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number and key not in _NUMBERS else value


_NUMBERS = frozenset(("rate", "unit_price_from", "deductible", "reverse_rate", "sure_from"))


def _rules(text: str, name: str) -> Iterator[Rule]:
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=first.count))
    columns = [_column(one) for one in next(reader, [])]
    if not {"account", "cost_centre", "deductible", "supplier_account"} & set(columns):
        remedy = f"The first line names the columns: {', '.join(COLUMNS)}."
        raise InputError(f"{name} has no column 'account'.", code="bad-plan", remedy=remedy)
    mistakes = []
    for cells in reader:
        row = {column: cell.strip() for column, cell in zip(columns, cells, strict=False) if column and cell.strip()}
        try:
            if row:
                yield _rule(row)
        except ValidationError as error:
            place = ".".join(map(str, error.errors()[0]["loc"]))
            mistakes.append(f"line {reader.line_num}: {place}: {error.errors()[0]['msg']}")
        except (ValueError, InvalidOperation) as error:
            mistakes.append(f"line {reader.line_num}: {error}")
    if mistakes:
        more = f"; and {len(mistakes) - _SHOWN} more" if len(mistakes) > _SHOWN else ""
        raise InputError(f"{name}: {'; '.join(mistakes[:_SHOWN])}{more}.", code="bad-plan", remedy=_REMEDY)


def _rule(row: Mapping[str, str]) -> Rule:
    numbers = {name: _number(row[name]) for name in ("rate", "unit_price_from", "deductible") if name in row}
    words = tuple(word.strip() for word in row.get("words", "").split("|") if word.strip())
    return Rule.model_validate({**row, **numbers, "words": words})


def _number(text: str) -> Decimal:
    value = parse_amount(text.strip("% "), ",") if "," in text else Decimal(text.strip("% "))
    if value is None:
        raise ValueError(f"'{text}' is not a number")
    return value


def _column(name: str) -> str | None:
    said = "_".join("".join(char if char.isalnum() else " " for char in lowered(name)).split())
    return next((column for column, names in COLUMNS.items() if said in names.split()), None)


def _text(path: Path) -> str:
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")  # what spreadsheets on Windows write
