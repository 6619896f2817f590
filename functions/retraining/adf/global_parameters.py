"""`globalParameters`: what the training web service's parameters are set to."""

import json
import math

from functions.retraining.core.slices import TextFormat

from .findings import Unset
from .names import is_expression
from .node import EXPRESSION, Node
from .slice_functions import TIMES, read_text_function


def read_global_parameters(node: Node) -> dict[str, str | TextFormat]:
    """Read the parameters, all as text; those at fault are left out."""
    values = {name: _parameter(child) for name, child in node.entries().items()}
    return {name: value for name, value in values.items() if value is not None}


def _parameter(node: Node) -> str | TextFormat | None:
    """A parameter as text, spelled as JSON spells numbers and booleans."""
    value = node.value
    if isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return json.dumps(value)
    if isinstance(value, dict) and value.get("type") == "Expression":
        return node.text()
    if isinstance(value, str):
        return _text_parameter(node, value)
    node.expected("text, a number, true or false")
    return None


def _text_parameter(node: Node, value: str) -> str | TextFormat | None:
    """Functions are told by what the document says, never by what a setting holds."""
    if value == "":
        return ""
    if is_expression(value):
        node.not_supported(EXPRESSION)
        return None
    if value in TIMES:
        node.notice(f"is sent as this word; a slice's time is written $${value}")
    text = node.text()
    if text is None or isinstance(text, Unset) or not value.lstrip().startswith("$$"):
        return text
    return read_text_function(node, text)
