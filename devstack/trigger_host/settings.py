"""App settings: `local.settings.json` under the real environment, and `%SETTING%` in binding properties.

Names are matched exactly, letter case included (the .NET host ignores case; spelling them right works in both).
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path

from devstack.trigger_host.errors import TriggerHostError

_REFERENCE = re.compile(r"%([^%]+)%")


def read_local_settings(file: Path) -> dict[str, str]:
    """Return the `Values` of a local.settings.json, as text; empty if there is no such file.

    Raises TriggerHostError naming the file if it is not what Azure Functions Core Tools would write, or is encrypted.
    """
    if not file.exists():
        return {}
    try:
        document = json.loads(file.read_text("utf-8-sig"))
    except ValueError as error:
        raise TriggerHostError(f"{file} is not JSON: {error}.") from error
    if not isinstance(document, dict) or not isinstance(document.get("Values", {}), dict):
        raise TriggerHostError(f'{file}: expected an object with an object "Values" of settings in it.')
    if document.get("IsEncrypted"):
        raise TriggerHostError(f"{file} is encrypted. Run 'func settings decrypt', or write the values plainly.")
    return {name: _as_text(file, name, value) for name, value in document.get("Values", {}).items()}


def _as_text(file: Path, name: str, value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    raise TriggerHostError(f"{file}: the setting {name!r} must be text, not {type(value).__name__}.")


def resolve_references(text: str, settings: Mapping[str, str], where: str) -> str:
    """Replace every `%NAME%` in `text` by that setting's value.

    `where` names function and property for the TriggerHostError that a missing (or empty) setting raises.
    """

    def value_of(reference: re.Match[str]) -> str:
        value = settings.get(reference[1])
        if not value:
            raise TriggerHostError(f"{where}: the setting {reference[1]!r} in {text!r} is not set.")
        return value

    return _REFERENCE.sub(value_of, text)
