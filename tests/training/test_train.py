"""From labelled folders to models with their card; reading is done once."""

import json
import shutil
from pathlib import Path

import pytest

from pipeline.calibration.model import load_calibration
from pipeline.errors import InputError
from pipeline.extract.scoring.scorer import load_scorer
from pipeline.settings import Settings
from pipeline.training.fit import FOLDS
from pipeline.training.readings import Memory, RememberedStrips, cases_of, load_read, read_cases, to_learn_from
from pipeline.training.train import Plan, folds_of, train
from schemas import FieldName

SET = Path("samples/set")
KINDS = ("native",)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Some native PDFs of the committed samples, with their truth."""
    return _labelled(tmp_path_factory.mktemp("labelled"), 0, 3)


def _labelled(place, first, last):
    rows = [json.loads(line) for line in (SET / "truth.jsonl").read_text("utf-8").splitlines()]
    kept = [row for row in rows if row["kind"] in KINDS and not row.get("trap")][first:last]
    for row in kept:
        shutil.copy(SET / row["file"], place)
    (place / "truth.jsonl").write_text("\n".join(map(json.dumps, kept)), "utf-8")
    return place


@pytest.fixture(scope="module")
def trained(folder, tmp_path_factory):
    """The plan and the card of a training on them."""
    home = tmp_path_factory.mktemp("home")
    settings = Settings(home=home, reading={"ignore_xml": True})
    check = _labelled(tmp_path_factory.mktemp("check"), 3, 4)
    plan = Plan(folders=(folder,), out=home / "models", work=home / "work", settings=settings, check=(check,))
    return plan, train(plan)


def test_training_writes_models_that_the_pipeline_can_use(trained):
    """Scorer, calibration, and their card for programs and for people."""
    plan, _ = trained
    assert load_scorer(plan.out).fields
    assert load_calibration(plan.out).weights
    assert json.loads((plan.out / "card.json").read_text())["seed"] == plan.seed
    assert "hand-set" in (plan.out / "card.md").read_text()


def test_the_card_says_what_was_won_for_each_field(trained):
    """A field whose trained score does not win keeps the hand-set one."""
    plan, card = trained
    assert FieldName.INVOICE_NUMBER in card["fields"]
    ships = {name for name, contest in card["fields"].items() if contest["ships"]}
    assert {name.value for name in load_scorer(plan.out).fields} == ships


def test_the_card_rules_on_old_against_new(trained):
    """On documents of the check folder."""
    _, card = trained
    assert set(card["ruling"]) == {"accepted", "reasons"}
    assert (card["data"]["documents"], card["check"]["documents"]) == (3, 1)


def test_the_blind_split_is_refused(tmp_path):
    """A folder with a document of the blind split is neither trained on nor used to choose a model."""
    place = _labelled(tmp_path, 0, 2)
    rows = [json.loads(line) for line in (place / "truth.jsonl").read_text("utf-8").splitlines()]
    assert len(to_learn_from([place])) == 2
    rows[1]["split"] = "blind"
    (place / "truth.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    with pytest.raises(InputError, match="blind"):
        to_learn_from([place])
    assert len(cases_of([place])) == 2


def test_what_was_read_is_not_read_again(trained, monkeypatch):
    """Training can be stopped and taken up again."""
    plan, _ = trained
    cases = cases_of(plan.folders)
    places = {place: place.stat().st_mtime_ns for place in (plan.work / "readings").iterdir()}
    assert len(list(read_cases(cases, plan.work, plan.settings, 1))) == len(cases) == len(places) - 1
    assert {place: place.stat().st_mtime_ns for place in (plan.work / "readings").iterdir()} == places
    assert load_read(cases[0], plan.work).views[0][0].words


def test_a_folder_without_truth_is_refused(tmp_path):
    """There is nothing to learn from it."""
    with pytest.raises(InputError, match="truth"):
        cases_of([tmp_path])


def test_a_layout_is_in_one_fold_alone(folder):
    """So that no supplier is in training and test at once."""
    cases = cases_of([folder])
    folds = folds_of(cases * 4)
    assert set(folds) == {case.truth.layout for case in cases}
    assert set(folds.values()) <= set(range(FOLDS))


def test_a_strip_is_looked_at_once(tmp_path):
    """Its picture is its name."""
    import numpy as np

    from pipeline.ports import Strip

    class Counting:
        name = "counting"
        asked = 0

        def read_strips(self, strips):
            self.asked += 1
            return tuple(Strip("x", 0.9) for _ in strips)

    reader = Counting()
    remembered = RememberedStrips(reader, Memory(tmp_path / "strips.sqlite"))
    strips = [np.zeros((3, 4), dtype=np.uint8)]
    assert remembered.read_strips(strips) == remembered.read_strips(strips) == (Strip("x", 0.9),)
    assert remembered.read_strips([np.ones((3, 4), dtype=np.uint8)]) == (Strip("x", 0.9),)
    assert (reader.asked, remembered.read_strips([])) == (2, ())
