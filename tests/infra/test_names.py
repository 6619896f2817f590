"""The names of the resources: what azd's environment and region make of abbreviations.json fits each service's rule."""

import json
import re

import pytest

from .bicep import INFRA, templates
from .wiring import MAIN

PREFIXES = json.loads((INFRA / "abbreviations.json").read_text("utf-8"))
TOKEN = "a1b2c3d4e5f6g"
"""uniqueString gives 13 letters and digits: learn.microsoft.com, String functions for Bicep."""


def test_each_prefix_is_used_and_each_one_used_is_there() -> None:
    assert set(re.findall(r"\bnames\.(\w+)", templates()[MAIN].text)) == set(PREFIXES)


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        # learn.microsoft.com, Naming rules and restrictions for Azure resources.
        ("hostStorage", r"[a-z0-9]{3,24}"),
        ("trainingStorage", r"[a-z0-9]{3,24}"),
        ("keyVault", r"[a-zA-Z](?!.*--)[a-zA-Z0-9-]{1,22}[a-zA-Z0-9]"),
        ("functionApp", r"[a-zA-Z0-9][a-zA-Z0-9-]{0,58}[a-zA-Z0-9]"),
        ("eventTopic", r"[a-zA-Z0-9-]{3,50}"),
        ("workspace", r"[a-zA-Z0-9][a-zA-Z0-9-]{2,61}[a-zA-Z0-9]"),
        ("identity", r"[a-zA-Z0-9][a-zA-Z0-9_-]{2,127}"),
    ],
)
def test_a_name_fits_the_rule_of_its_service(kind: str, rule: str) -> None:
    assert re.fullmatch(rule, f"{PREFIXES[kind]}{TOKEN}")


def test_the_host_id_is_not_shared_by_two_apps_of_one_host_storage() -> None:
    """The host cuts the app's name to 32 characters for it; this one is shorter, and has its host storage alone."""
    assert len(f"{PREFIXES['functionApp']}{TOKEN}") <= 32
