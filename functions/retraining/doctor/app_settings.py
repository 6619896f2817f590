"""The settings of a live app: what `az functionapp config appsettings list` prints, and references to Key Vault."""

import re
from collections.abc import Iterator, Mapping

import msgspec

from .finding import Area, Finding

SETTINGS = Area("settings")

_REFERENCE = re.compile(r"@Microsoft\.KeyVault\((?P<what>[^)]*)\)", re.IGNORECASE)
"""learn.microsoft.com, Use Key Vault references as app settings."""

_FOR_AZ = {"secreturi": "--id", "vaultname": "--vault-name", "secretname": "--name", "secretversion": "--version"}
"""What stands in a reference, and how `az keyvault secret show` is told it."""


class _Setting(msgspec.Struct):
    name: str
    value: str | None = None


def app_settings_list(text: str) -> dict[str, str]:
    """The settings that the Azure CLI printed. Raises ValueError if that is not what the text is."""
    listed = msgspec.json.decode(text, type=list[_Setting])
    return {setting.name: setting.value or "" for setting in listed}


def key_vault_references(values: Mapping[str, str]) -> frozenset[str]:
    """The names of the settings whose value is a reference that nobody has resolved."""
    return frozenset(name for name, value in values.items() if _REFERENCE.fullmatch(value.strip()))


def examine_overrides(stored: Mapping[str, str], environment: Mapping[str, str]) -> Iterator[Finding]:
    """Each setting that the environment gives another value than the file, unless the file has a reference only."""
    plain = stored.keys() - key_vault_references(stored)
    for name in sorted(plain & environment.keys()):
        if environment[name] != stored[name]:
            yield SETTINGS.notice(
                name,
                "has another value in this command's environment than in the file; that of the environment was tried",
                f"to try the file's, take it out of the environment: unset {name}",
            )


def examine_references(
    references: frozenset[str], values: Mapping[str, str], environment: Mapping[str, str]
) -> Iterator[Finding]:
    """Each reference: from the environment it is a fault of the platform, from a list it cannot be looked behind."""
    for name in sorted(references):
        if name in environment:
            yield SETTINGS.problem(
                name,
                "is a Key Vault reference that was not resolved: the app would take its text for the secret",
                "give the app's identity the role Key Vault Secrets User on the vault, name that identity in the site "
                "property keyVaultReferenceIdentity, check the secret's name, then restart the app",
            )
        else:
            yield SETTINGS.notice(
                name,
                "is a Key Vault reference; what it stands for cannot be seen here, so nothing that needs it was tried",
                f"to try it, run this command with {name} in its environment, set to what "
                f"`az keyvault secret show {_of_az(values[name])} --query value --output tsv` prints (by the role Key "
                "Vault Secrets User). The portal shows under Environment variables whether it is resolved",
            )


def _of_az(reference: str) -> str:
    """The options that name the reference's secret."""
    match = _REFERENCE.fullmatch(reference.strip())
    parts = (part.partition("=") for part in (match["what"] if match else "").split(";"))
    named = {_FOR_AZ.get(name.strip().lower(), ""): value.strip() for name, _, value in parts}
    return " ".join(f"{option} {value}" for option, value in named.items() if option and value)
