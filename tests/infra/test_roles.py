"""The rights that infra/ grants, and that each rule about them notices a planted fault."""

import pytest

from .bicep import Template, templates
from .role_rules import KNOWN, assignments, documented, granted, on_containers, owners, roles_file, troubles

TEMPLATES = templates()
GRANTING = {name: each for name, each in TEMPLATES.items() if assignments(each)}

WHY_VAULT = "    description: 'Platform: reads the secrets that app settings refer to'\n"
WHY_TABLES = "reason: 'Functions host: its diagnostic events (AZFD0003 without)'"

PLANTED = [
    ("roles.bicep", "  scope: keyVault\n", "", "has no scope"),
    ("roles.bicep", WHY_VAULT, "", "has no reason"),
    (
        "roles.bicep",
        WHY_TABLES,
        "reason: ''",
        "has no reason",
    ),
    ("roles.bicep", "    principalType: deployerPrincipalType\n", "", "has no principalType"),
    (
        "roles.bicep",
        "roles.KeyVaultSecretsUser",
        "roles.KeyVaultAdministrator",
        "KeyVaultAdministrator, which",
    ),
    ("trainingRoles.bicep", "'StorageBlobDelegator'", "'Contributor'", "Contributor, which"),
]


@pytest.mark.parametrize("template", GRANTING.values(), ids=GRANTING)
def test_each_right_is_a_known_role_with_scope_and_reason(template: Template) -> None:
    assert list(troubles(template)) == []


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)
def test_owner_is_granted_only_where_it_is_needed(template: Template) -> None:
    assert list(owners(template)) == []


def test_rights_are_granted_in_two_files_only() -> None:
    assert set(GRANTING) == {"roles.bicep", "trainingRoles.bicep"}


def test_the_ids_are_azures_and_each_role_is_granted() -> None:
    given = {
        role for template in GRANTING.values() for each in assignments(template) for role in granted(template, each)
    }
    assert roles_file() == KNOWN
    assert given == set(KNOWN)


@pytest.mark.parametrize(("file", "right", "wrong", "told"), PLANTED, ids=[told for *_, told in PLANTED])
def test_a_planted_fault_is_noticed(file: str, right: str, wrong: str, told: str) -> None:
    found = list(troubles(TEMPLATES[file].with_change(right, wrong)))
    assert found
    assert all(told in each for each in found)


@pytest.mark.parametrize(
    ("file", "right"),
    [("roles.bicep", "roles.StorageBlobDataReader"), ("trainingRoles.bicep", "'StorageBlobDelegator'")],
)
def test_owner_where_it_is_not_needed_is_noticed(file: str, right: str) -> None:
    wrong = "'StorageBlobDataOwner'" if "'" in right else "roles.StorageBlobDataOwner"
    assert list(owners(TEMPLATES[file].with_change(right, wrong)))


SCOPES = {
    "state container": ["state"],
    "archive container": ["models"],
    "both watched containers, dead letters": ["labeledExamples", "trainedModels", "deadLetter"],
}
"""What docs/rights.md calls them -> what main.bicep does."""

FOR_THE_TRIGGER = {"labeledExamples", "trainedModels"}
"""Wider than what the app itself was seen to do: what the trigger's documentation asks for."""


def test_the_app_may_do_what_it_was_seen_to_do_and_no_more() -> None:
    seen = documented()
    wanted = {container: seen[scope] for scope, containers in SCOPES.items() for container in containers}
    given = on_containers(TEMPLATES["trainingRoles.bicep"])

    assert set(seen) == {*SCOPES, "the account"}
    assert given == wanted | dict.fromkeys(FOR_THE_TRIGGER, "StorageBlobDataOwner")
    assert seen["the account"] in str(TEMPLATES["trainingRoles.bicep"].variables["onTrainingStorage"])


def test_a_right_beyond_what_was_seen_is_noticed() -> None:
    wider = TEMPLATES["trainingRoles.bicep"].with_change("'StorageBlobDataReader'", "'StorageBlobDataContributor'")
    assert on_containers(wider)["deadLetter"] != documented()["both watched containers, dead letters"]
