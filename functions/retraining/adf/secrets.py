"""Keys, signatures and connection strings: where they come from, and a look at their form. No message shows one."""

import re

from functions.retraining.core.secret import Secret

from .findings import Unset
from .node import Fields, Node
from .shelf import reference
from .vocabulary import KEY_VAULT_SECRET, SECURE_STRING

# Key Vault's rule for the names of secrets.
_NAME_IN_VAULT = r"[A-Za-z0-9-]{1,127}"
_FORMS = "text, a SecureString or an AzureKeyVaultSecret"


def read_secret(node: Node) -> Secret | None:
    """A key, to be sent in a header: characters that no header can carry would end up in an HTTP client's error."""
    text = secret_text(node)
    return None if text is None else Secret(text)


def secret_text(node: Node) -> str | None:
    """A secret in any of its spellings, its characters checked; Unset where its setting is missing.

    Plain text, a `SecureString`, or an `AzureKeyVaultSecret`: the latter is the setting of that name.
    """
    text = _found(node)
    if text is None or isinstance(text, Unset):
        return text
    problem = _characters_problem(text)
    if problem is not None:
        node.fault(problem)
        return None
    return text


def setting_of(secret_name: str) -> str:
    """The setting that a Key Vault secret is read from: `scoring-api-key` is SCORING_API_KEY."""
    return secret_name.replace("-", "_").upper()


def _found(node: Node) -> str | None:
    if not isinstance(node.value, dict):
        return node.text()
    match node.value.get("type"):
        case "SecureString":
            fields = node.fields(SECURE_STRING)
            return None if fields is None else fields.need("value", "the secret").text()
        case "AzureKeyVaultSecret":
            fields = node.fields(KEY_VAULT_SECRET)
            return None if fields is None else _in_vault(fields)
        case "Expression":
            return node.text()
    node.expected(_FORMS)
    return None


def _in_vault(fields: Fields) -> str | None:
    node = fields.need("secretName", "the name of the secret in the vault")
    vault = reference(fields.need("store", "a reference to the linked service of the vault")).text()
    name = node.text_by(_secret_name_problem)
    if name is None or isinstance(name, Unset):
        return name
    setting = setting_of(name)
    if vault is not None and fields.node.findings.first_vault(setting, vault.casefold()) != vault.casefold():
        node.fault(
            f"is in another vault than the secret of the same name elsewhere, and both are the setting {setting}; "
            "expected a %SETTING% instead of one of them"
        )
        return None
    return fields.node.findings.setting(node.where, setting)


def _secret_name_problem(name: str) -> str | None:
    if re.fullmatch(_NAME_IN_VAULT, name):
        return None
    return "is not the name of a secret; expected 1 to 127 letters, digits and hyphens"


def _characters_problem(text: str) -> str | None:
    if not text.isascii() or not text.isprintable():
        return "holds characters that no key has (a line break, or not ASCII); copy it again"
    return None if text == text.strip() else "begins or ends with a blank; copy it again"
