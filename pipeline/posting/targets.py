"""The accounting systems by name, so that another one is tried by configuration.

A name leads to a factory, `package.module:factory`, that gets the settings and the client's id and gives a `Target`.
Only the settings may name one by its path: a client's policy is changed through the web, and must run no other code.
"""

from collections.abc import Callable
from importlib import import_module

import structlog

from pipeline.errors import EnvironmentFault
from pipeline.ports import Target
from pipeline.settings import Settings

_log = structlog.get_logger(__name__)

KNOWN = {
    "portal": "pipeline.posting.robot.target:portal_target",
    "tryton": "pipeline.posting.tryton.target:tryton_target",
    "tryton-screens": "pipeline.posting.robot.target:tryton_screens",
    "file": "pipeline.posting.files.target:file_target",
}
"""What can be named in `posting.target` and in a client's policy, beside what `posting.named` adds."""

Factory = Callable[[Settings, str], Target]


class Targets:
    """The targets of one poster, opened when they are first needed. Not for several threads at once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._open: dict[tuple[str, str], Target] = {}

    def __enter__(self) -> "Targets":
        return self

    def __exit__(self, *_: object) -> None:
        for name, client_id in list(self._open):
            self.forget(name, client_id)

    def get(self, name: str, client_id: str) -> Target:
        """The target of that name for a client. Raises EnvironmentFault when there is none, or it cannot be opened."""
        if (name, client_id) not in self._open:
            self._open[name, client_id] = open_target(name, self._settings, client_id)
        return self._open[name, client_id]

    def forget(self, name: str, client_id: str) -> None:
        """Close a target; the next `get` opens it anew."""
        target = self._open.pop((name, client_id), None)
        close = getattr(target, "close", None)
        if close is not None:
            try:
                close()
            except Exception as error:  # it was broken anyway, and what matters is written down
                _log.warning("target-not-closed", target=name, error=repr(error))


def open_target(name: str, settings: Settings, client_id: str) -> Target:
    """A target by its name, or, where the settings say so, by `package.module:factory`. Raises EnvironmentFault."""
    known = {**KNOWN, **settings.posting.named}
    own = {name: name} if name == settings.posting.target else {}
    module, _, function = (own | known).get(name, "").partition(":")
    try:
        factory: Factory = getattr(import_module(module), function)
    except (ImportError, AttributeError, ValueError) as error:
        raise EnvironmentFault(
            f"There is no accounting system '{name}': {error}",
            code="posting-target-missing",
            remedy=f"Name one of {', '.join(known)} in posting.target or in the client's policy, or add it to "
            "posting.named as package.module:factory.",
        ) from error
    return factory(settings, client_id)
