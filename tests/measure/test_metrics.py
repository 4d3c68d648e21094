"""The example dashboard and the alert rules ask for metrics that there are."""

import json
import re
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from pipeline.measure.metrics import metrics_text
from tests.measure.kpi.history import History
from tests.posting.conftest import Shop

MONITORING = Path(__file__).parents[2] / "deploy" / "monitoring"


@pytest.fixture
def told(sqlite_ledger, clock, tmp_path):
    """Every family and sample of a house with a history."""
    History(Shop(sqlite_ledger, clock, tmp_path)).fill()
    text = metrics_text(sqlite_ledger.database, clock, 0.003).decode()
    families = list(text_string_to_metric_families(text))
    assert all(family.documentation for family in families)
    return families


def test_what_is_asked_for_is_told(told):
    """Names of metrics in the panels and rules, and the labels they are narrowed and grouped by."""
    samples = {sample.name: set(sample.labels) for family in told for sample in family.samples}
    panels = [target["expr"] for panel in _dashboard()["panels"] for target in panel["targets"]]
    rules = [rule["expr"] for group in _rules()["groups"] for rule in group["rules"]]
    assert len(panels) > 15
    for expression in (*panels, *rules):
        names = re.findall(r"backoffice_\w+", expression)
        assert names or "up{" in expression
        for name in names:
            assert name in samples, expression
            for label in re.findall(r"by \((\w+)\)", expression):
                assert label in samples[name], expression


def test_totals_are_sums_over_all_days_and_counts_of_histograms_agree(told):
    """Of both clients, and as many times as there are decisions."""
    values = {(s.name, s.labels.get("client"), s.labels.get("le")): s.value for f in told for s in f.samples}
    assert values["backoffice_invoices_total", "main", None] == 10
    assert values["backoffice_straight_through_total", "north", None] == 3
    assert values["backoffice_pages_total", "main", None] == 18
    name = "backoffice_time_to_decision_seconds"
    assert values[f"{name}_count", "main", None] == values[f"{name}_bucket", "main", "+Inf"] == 9


def _dashboard():
    return json.loads((MONITORING / "grafana.json").read_text(encoding="utf-8"))


def _rules():
    return yaml.safe_load((MONITORING / "alerts.yml").read_text(encoding="utf-8"))
