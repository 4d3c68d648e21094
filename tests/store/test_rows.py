"""Outcomes become rows: exact JSON, and projections for those who query."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from pipeline.store.rows import key_digest
from schemas import Box, Candidate, Evidence, EvidenceKind, Field, FieldName, Outcome, Reason, Record, Review
from schemas.field import missing

words = st.text(max_size=20)
evidence = st.builds(Evidence, kind=st.sampled_from(EvidenceKind), supports=st.booleans(), detail=words)
amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=2)
shares = st.floats(0, 1)
lengths = st.floats(-1e4, 1e4)
boxes = st.builds(Box, x0=lengths, y0=lengths, x1=lengths, y1=lengths)
values = {
    FieldName.INVOICE_NUMBER: st.text(min_size=1, max_size=20),
    FieldName.ISSUE_DATE: st.dates(),
    FieldName.GROSS_TOTAL: amounts,
    FieldName.SELLER_NAME: words,
}


def fields(name):
    rivals = st.lists(st.builds(Candidate, name=st.just(name), value=values[name], score=st.floats(-9, 9)), max_size=2)
    found = st.builds(
        Field,
        name=st.just(name),
        value=values[name],
        raw=words,
        page=st.integers(1, 9),
        box=boxes,
        confidence=shares,
        evidence=st.lists(evidence, max_size=2).map(tuple),
        rivals=rivals.map(tuple),
    )
    return found | st.just(missing(name))


records = st.fixed_dictionaries({name: fields(name) for name in values}).map(lambda found: Record(fields=found))
outcomes = st.builds(
    Outcome,
    record=st.none() | records,
    seconds=st.dictionaries(words, st.floats(0, 1e6), max_size=2),
    decision=st.builds(Review, reasons=st.lists(st.builds(Reason, code=words, message=words), min_size=1).map(tuple)),
)


@given(outcomes)
def test_an_outcome_survives_json(outcome):
    """Whatever an outcome holds, its JSON says it exactly."""
    assert Outcome.model_validate_json(outcome.model_dump_json()) == outcome


@given(st.lists(st.text(max_size=5), min_size=1, max_size=4), st.lists(st.text(max_size=5), min_size=1, max_size=4))
def test_different_keys_have_different_digests(one, other):
    """No two business keys are taken for the same, however their parts are cut."""
    assert (key_digest(tuple(one)) == key_digest(tuple(other))) == (one == other)


def test_the_projections_say_what_the_record_says(database_url, begun, settle, make_draft):
    """A query on plain columns finds the headline, the fields and the findings of a settled record."""
    settle(begun, make_draft())
    engine = create_engine(database_url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        record = connection.execute(text("SELECT number, currency, net, gross, decision FROM records")).one()
        field = connection.execute(text("SELECT value, status, page FROM fields WHERE name = 'tax_total'")).one()
        missing_fields = connection.execute(text("SELECT count(*) FROM fields WHERE status = 'missing'")).scalar()
        findings = connection.execute(text("SELECT rule, severity FROM findings")).all()
    engine.dispose()
    assert (record.number, record.currency, Decimal(record.net)) == ("F-1", "EUR", Decimal("100.00"))
    assert (str(record.gross), record.decision) == ("120.0", "straight_through")
    assert tuple(field) == ("20.000", "read", 1)
    assert missing_fields == len(FieldName) - 7
    assert [tuple(each) for each in findings] == [("sum", "info")]
