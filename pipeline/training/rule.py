"""Champion and challenger: both models on the same documents, which neither was fitted on."""

from collections.abc import Sequence

from pipeline.calibration.calibrate import calibrate
from pipeline.calibration.model import Calibration
from pipeline.measure.cases import Prediction, prediction_of
from pipeline.measure.champion import Ruling, not_worse
from pipeline.measure.evaluate import Evaluation, evaluate
from pipeline.route import decide
from pipeline.rows import row
from pipeline.training.examine import Judged
from schemas import Draft


def compare_models(
    champion: tuple[Sequence[Judged], Calibration], challenger: tuple[Sequence[Judged], Calibration], target: float
) -> Ruling:
    """Whether a new model may replace the one in use: it must not be worse on any slice beyond noise."""
    return not_worse(_evaluated(*champion, target), _evaluated(*challenger, target))


def _evaluated(judged: Sequence[Judged], calibration: Calibration, target: float) -> Evaluation:
    truths = [each.truth for each in judged]
    return evaluate(truths, [_prediction(each, calibration, target) for each in judged], page_only=True)


def _prediction(judged: Judged, calibration: Calibration, target: float) -> Prediction:
    record = calibrate(judged.record, calibration)
    draft = Draft(record=record, findings=judged.findings, failures=judged.failures)
    return prediction_of(row(judged.truth.file, decide(draft, (), target, calibration)))
