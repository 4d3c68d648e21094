"""Reads the data files of extraction: labels, titles and words."""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from pipeline.errors import EnvironmentFault


def read_model(folder: Path | None, name: str) -> str:
    """The text of a trained model: from a folder that the settings name, else the one in the package.

    Raises EnvironmentFault when the folder does not hold it.
    """
    try:
        place = folder / name if folder else files("pipeline.models").joinpath(name)
        return place.read_text("utf-8")
    except OSError as error:
        raise unusable_model(folder, name, error) from error


def unusable_model(folder: Path | None, name: str, error: Exception) -> EnvironmentFault:
    """What to raise for a model that is missing, damaged or of another version."""
    remedy = "Run `backoffice train` again, or leave the setting `models` empty."
    return EnvironmentFault(f"{folder or 'this package'} has no usable {name}: {error}", code="model", remedy=remedy)


@cache
def load_data(name: str) -> Any:
    """The content of a YAML file of this package, read once; the C loader is ten times faster than Python's."""
    return yaml.load(files("pipeline.extract").joinpath(name).read_text("utf-8"), Loader=yaml.CSafeLoader)
