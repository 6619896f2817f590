"""`local.settings.json`, where the Functions tools keep the app settings of a laptop."""

from collections.abc import Mapping

from functions.retraining.core.errors import Fault

from .documents import parse_object
from .findings import Findings


def local_settings(file: str, text: str) -> tuple[Mapping[str, str], tuple[Fault, ...]]:
    """Read the Values of a local.settings.json: the settings, and what is wrong with the file."""
    findings = Findings({})
    root = parse_object(file, text, findings)
    if root.member("IsEncrypted").value is True:
        root.member("IsEncrypted").fault("is true; expected false: encrypted values cannot be read here")
        return {}, findings.faults
    values: dict[str, str] = {}
    for name, node in root.member("Values").entries().items():
        if isinstance(node.value, str):
            values[name] = node.value
        else:
            node.expected("text")
    return values, findings.faults
