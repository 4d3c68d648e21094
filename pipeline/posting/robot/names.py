"""What the placeholders of a script may name, and whether a value has what they ask of it."""

from collections.abc import Iterator
from types import MappingProxyType
from typing import Any, get_args

from jinja2 import nodes
from pydantic import BaseModel

from schemas import Coding, Invoice, PostingOrder
from schemas.invoice import InvoiceLine
from schemas.posting import CodedLine, CodedTax, PostingKey

_MODELS: MappingProxyType[str, type[BaseModel]] = MappingProxyType(
    {
        "invoice": Invoice, "coding": Coding, "order": PostingOrder, "key": PostingKey, "line": CodedLine,
        "tax": CodedTax, "item": InvoiceLine,
    }
)  # fmt: skip
KNOWN = _MODELS.keys() | frozenset(
    "access secret tables reference sign credit deducted original file_name index read".split()
)
"""All names; see docs/guide.md."""


def lacking(template: nodes.Template) -> Iterator[str]:
    """What a template asks of a value that has no such thing, in words."""
    for node in template.find_all(nodes.Getattr):
        model = _model(node.node)
        if model is not None and not (node.attr in model.model_fields or hasattr(model, node.attr)):
            yield f"{_spelled(node.node)} has no {node.attr}"


def _model(node: nodes.Node) -> type[BaseModel] | None:
    """The kind of value that an expression gives, where that is known."""
    if isinstance(node, nodes.Name):
        return _MODELS.get(node.name)
    if not isinstance(node, nodes.Getattr):
        return None
    owner = _model(node.node)
    field = owner.model_fields.get(node.attr) if owner else None
    return _alone(field.annotation) if field else None


def _alone(annotation: Any) -> type[BaseModel] | None:
    """The model in `Model` or `Model | None`."""
    kinds = [kind for kind in get_args(annotation) or (annotation,) if kind is not type(None)]
    is_model = len(kinds) == 1 and isinstance(kinds[0], type) and issubclass(kinds[0], BaseModel)
    return kinds[0] if is_model else None


def _spelled(node: nodes.Node) -> str:
    return f"{_spelled(node.node)}.{node.attr}" if isinstance(node, nodes.Getattr) else str(getattr(node, "name", ""))
