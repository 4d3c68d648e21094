"""The readers by name, so that another one can be tried by configuration: a known name, or `package.module:Class`."""

from functools import cache
from importlib import import_module

from pipeline.errors import EnvironmentFault
from pipeline.ports import SecondReader

KNOWN = {"pp-ocrv6": "pipeline.reading.second_reader:PaddleReader"}


@cache
def second_reader(name: str) -> SecondReader:
    """The second reader of this process; its models are loaded once.

    Raises EnvironmentFault for a name that leads to no reader.
    """
    module, _, factory = KNOWN.get(name, name).partition(":")
    try:
        reader: SecondReader = getattr(import_module(module), factory)()
    except (ImportError, AttributeError, ValueError, TypeError) as error:
        raise EnvironmentFault(
            f"There is no second reader '{name}': {error}",
            code="second-reader-missing",
            remedy=f"Set reading.second_engine to one of {', '.join(KNOWN)}, or to package.module:Class.",
        ) from error
    return reader
