"""Key figures for other programs: CSV, one row a figure, and JSON with the definitions and the queries."""

import csv
import io
import json
from collections.abc import Iterable

from sqlalchemy.dialects import postgresql

from pipeline.measure.kpi.model import Figure, Kpi, Measured, Scope

COLUMNS = ("kpi", "slice", "label", "value", "unit", "currency", "n", "count", "low", "high", "interval")


def as_csv(measured: Iterable[Measured], scope: Scope) -> str:
    """Comma separated, with a head; values as exact as they are. The period and the clients are in every row."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("first", "last", "clients", *COLUMNS))
    for one in measured:
        for figure in one.figures:
            row = {"kpi": one.kpi.name, "unit": one.kpi.unit.value, "interval": one.kpi.interval.value}
            values = figure.model_dump() | row
            cells = ("" if values[name] is None else _plain(values[name]) for name in COLUMNS)
            writer.writerow((scope.first, scope.last, " ".join(scope.clients), *cells))
    return text.getvalue()


def as_json(measured: Iterable[Measured], scope: Scope) -> str:
    """One object a key figure: its wording, its query for PostgreSQL, and its figures."""
    found = [_values(one.kpi, one.figures, scope) for one in measured]
    return json.dumps({"scope": scope.model_dump(mode="json"), "kpis": found}, ensure_ascii=False, indent=1) + "\n"


def sql_of(kpi: Kpi, scope: Scope) -> str:
    """The query of a key figure as PostgreSQL takes it, its values filled in."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    compiled = kpi.query(scope).compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    return str(compiled)


def _values(kpi: Kpi, figures: Iterable[Figure], scope: Scope) -> dict[str, object]:
    return {
        "name": kpi.name,
        "title": kpi.title._asdict(),
        "definition": kpi.definition._asdict(),
        "unit": kpi.unit.value,
        "interval": kpi.interval.value,
        "query": sql_of(kpi, scope),
        "figures": [one.model_dump(mode="json") for one in figures],
    }


def _plain(value: object) -> object:
    """Text that a spreadsheet does not take for a formula; a supplier may call itself as it likes."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
