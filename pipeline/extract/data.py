"""Reads the data files of extraction: labels, titles and words."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def load_data(name: str) -> Any:
    """The content of a YAML file of this package, read once; the C loader is ten times faster than Python's."""
    return yaml.load(files("pipeline.extract").joinpath(name).read_text("utf-8"), Loader=yaml.CSafeLoader)
