"""Accounting systems are found by name."""

import pytest
from pydantic import ValidationError

from pipeline.errors import EnvironmentFault
from pipeline.posting.targets import KNOWN, Targets, open_target
from pipeline.settings import PostingSettings
from schemas.policy import ClientPolicy

MAKE = "tests.posting.on_disk:make"


def test_a_factory_is_found_by_its_path(settings):
    """Opened once for each client, closed at the end."""
    name = "folder"
    settings = with_posting(settings, named={name: MAKE})
    with Targets(settings) as targets:
        mine = targets.get(name, "main")
        assert targets.get(name, "main") is mine
        assert targets.get(name, "north").folder != mine.folder
        targets.forget(name, "main")
        assert targets.get(name, "main") is not mine


def with_posting(settings, **values):
    return settings.model_copy(update={"posting": PostingSettings(**values)})


def test_only_the_settings_name_a_factory_by_its_path(settings):
    """What a client's policy says is changed through the web: it leads to no code that nobody chose."""
    assert open_target(MAKE, with_posting(settings, target=MAKE), "main").name == "folder"
    with pytest.raises(EnvironmentFault):
        open_target(MAKE, settings, "main")
    with pytest.raises(ValidationError):
        ClientPolicy(posting_target=MAKE)


@pytest.mark.parametrize("name", ["nonsense", "no.such:thing", "pipeline.posting.targets:nothing"])
def test_a_name_that_leads_nowhere_says_what_can_be_named(settings, name):
    """With the known ones in the remedy."""
    with pytest.raises(EnvironmentFault, match="There is no accounting system") as caught:
        open_target(name, with_posting(settings, target=name), "main")
    assert all(known in caught.value.specific_remedy for known in KNOWN)
