"""The key figures. What adds what to a measure, and when, is written in `pipeline/store/measures.py`."""

from pipeline.measure.kpi.flow import FLOW
from pipeline.measure.kpi.model import Kpi
from pipeline.measure.kpi.outcome import OUTCOME

KPIS: tuple[Kpi, ...] = (*FLOW, *OUTCOME)
"""In the order in which they are shown."""
