"""How this program logs, set up in one place: structlog, and the standard library's records through it.

BACKOFFICE_LOG=json gives one JSON object a line on standard error, from "info" on, each with what was bound: `run`, the
run of a command or a flow, and `document`. Without it a person sees warnings in words.
"""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import structlog
from structlog.contextvars import bind_contextvars, bound_contextvars, merge_contextvars
from structlog.typing import Processor

VARIABLE, JSON = "BACKOFFICE_LOG", "json"


def set_up_logs(run: str = "") -> None:
    """Set it up for this process, and bind the run: the given id, or a new one."""
    is_json = os.environ.get(VARIABLE, "").casefold() == JSON
    level = logging.INFO if is_json else logging.WARNING
    common: list[Processor] = [
        merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=[*common], processors=_ending(is_json)))
    ours = logging.getLogger("pipeline"), logging.getLogger("flows")
    for logger in ours:  # Prefect and the libraries keep theirs
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(level)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *common,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    bind_contextvars(run=run or uuid4().hex[:12])


@contextmanager
def about(**values: str) -> Iterator[None]:
    """Whatever is logged in the block carries these values, such as `document`; a run may be named anew."""
    with bound_contextvars(**values):
        yield


def _ending(is_json: bool) -> list[Processor]:
    drop = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if is_json:
        return [drop, structlog.processors.dict_tracebacks, structlog.processors.JSONRenderer(ensure_ascii=False)]
    return [drop, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
