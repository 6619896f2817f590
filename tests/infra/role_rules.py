"""Every right is a known role, given with its reason, at a scope that is narrower than the resource group."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from devstack.places import ROOT

from .bicep import INFRA, Resource, Template
from .safety import at

RIGHTS = ROOT / "docs" / "rights.md"
ASSIGNMENT = "Microsoft.Authorization/roleAssignments"

KNOWN = {
    "StorageBlobDataOwner": "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
    "StorageBlobDataContributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    "StorageBlobDataReader": "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
    "StorageBlobDelegator": "db58b8e5-c6ad-4a2a-8342-4190687cbf4a",
    "StorageQueueDataContributor": "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
    "StorageTableDataContributor": "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
    "KeyVaultSecretsUser": "4633458b-17de-408a-b874-0445c86b69e6",
    "MonitoringMetricsPublisher": "3913510d-42f4-4e42-8a64-420c390055eb",
}
"""learn.microsoft.com, Azure built-in roles. Each reads or writes data; none manages resources or grants rights."""

OWNER_HERE = {("roles.bicep", "onHostStorage"), ("trainingRoles.bicep", "onContainers")}
"""Where Storage Blob Data Owner may be granted: the host's own account, and the containers that a trigger watches."""


def roles_file() -> dict[str, str]:
    """Role name -> id, as the templates read it."""
    return dict(json.loads((INFRA / "roles.json").read_text("utf-8")))


def troubles(template: Template) -> Iterator[str]:
    """An assignment without scope, reason or principal type, or of a role that is not in roles.json."""
    for each in assignments(template):
        who = f"{template.name}: {each.symbol}"
        if not each.body.get("scope"):
            yield f"{who} has no scope: it would hold for the whole resource group"
        if not at(each.body, "properties.principalType"):
            yield f"{who} has no principalType: it fails while the new identity is not known everywhere yet"
        if not reasons(template, each) or not all(reasons(template, each)):
            yield f"{who} has no reason (description)"
        yield from (f"{who} is of role {role}, which is not known" for role in granted(template, each) - set(KNOWN))


def owners(template: Template) -> Iterator[str]:
    """Where Storage Blob Data Owner is granted without need."""
    for name, value in template.variables.items():
        if "StorageBlobDataOwner" in str(value) and (template.name, name) not in OWNER_HERE:
            yield f"{template.name}: {name}"
    for each in assignments(template):
        if "StorageBlobDataOwner" in str(each.body):
            yield f"{template.name}: {each.symbol}"


def documented() -> dict[str, str]:
    """Scope -> role, of the table of data actions in docs/rights.md: what the app was seen to need."""
    rows = re.findall(r"(?m)^\| ([^|]+) \| [^|]*`[^|]*\| (Storage \w+(?: \w+)*) \|$", RIGHTS.read_text("utf-8"))
    return {scope: role.replace(" ", "") for scope, role in rows}


def on_containers(template: Template) -> dict[str, str]:
    """Container (its key in main's `containers`) -> role, of the list `onContainers`."""
    grants = template.variables["onContainers"]
    return {grant["container"]["operator"]["operands"]["operand_2"]: grant["role"] for grant in grants}


def assignments(template: Template) -> list[Resource]:
    """The role assignments of a file."""
    return [each for each in template.made if each.type == ASSIGNMENT]


def granted(template: Template, assignment: Resource) -> set[str]:
    """The names of the roles that it gives: its own, or those of the list that it loops over."""
    definition = str(at(assignment.body, "properties.roleDefinitionId"))
    listed = {grant["role"] for grant in _grants(template, assignment)}
    return listed or {role for role in _names_in(definition) if role not in {"roles", "grant"}}


def reasons(template: Template, assignment: Resource) -> list[str]:
    """Why it is given: its description, or that of each in the list that it loops over."""
    listed = [grant.get("reason", "") for grant in _grants(template, assignment)]
    own = at(assignment.body, "properties.description")
    return listed or ([own] if isinstance(own, str) else [])


def _grants(template: Template, assignment: Resource) -> list[Mapping[str, Any]]:
    return list(template.variables[assignment.looped_over]) if assignment.looped_over in template.variables else []


def _names_in(definition: str) -> list[str]:
    """`roles.Name` in the parser's words: a property accessor with the name as its second operand."""
    return [part.partition("'")[0] for part in definition.split("'operand_2': '")[1:]]
