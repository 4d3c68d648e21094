"""Prometheus gets the totals with the token, or from this machine; nobody else gets anything."""

from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from starlette.testclient import TestClient

from pipeline.web.app import create_app


def asked(home, host="127.0.0.1", token=None, **headers):
    settings = home.services.settings.model_copy(update={"metrics_token": SecretStr(token) if token else None})
    app = create_app(replace(home.services, settings=settings))
    return TestClient(app, client=(host, 5000)).get("/metrics", headers=headers)


def values(text):
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_the_totals_are_those_of_the_events(home):
    """Invoices, what went through, what waits, jobs by state; each with its client."""
    found = values(asked(home).text)
    assert found["backoffice_invoices_total", ("client", "main")] == 3
    assert found["backoffice_straight_through_total", ("client", "main")] == 1
    assert found["backoffice_queue_items", ("client", "north")] == 1
    assert found["backoffice_postings", ("client", "main"), ("state", "dead")] == 1
    assert found["backoffice_reasons_total", ("client", "main"), ("code", "low-confidence")] == 2
    assert found["backoffice_time_to_decision_seconds_count", ("client", "main")] == 1


@pytest.mark.parametrize(
    ("host", "token", "headers", "status"),
    [
        ("127.0.0.1", None, {}, 200),
        ("::1", None, {}, 200),
        ("10.0.0.7", None, {}, 403),
        ("127.0.0.1", None, {"x-forwarded-for": "10.0.0.7"}, 403),
        ("10.0.0.7", "secret", {"authorization": "Bearer secret"}, 200),
        ("127.0.0.1", "secret", {}, 403),
        ("127.0.0.1", "secret", {"authorization": "Bearer guess"}, 403),
        ("127.0.0.1", "secret", {"authorization": "Basic secret"}, 403),
    ],
)
def test_only_who_may_sees_them(home, host, token, headers, status):
    """This machine without a token; with one, whoever has it and nobody else."""
    assert asked(home, host, token, **headers).status_code == status


def test_a_hostile_name_breaks_no_line(home):
    """What a supplier calls itself never ends a line or a label."""
    text = asked(home).text
    assert list(text_string_to_metric_families(text))
