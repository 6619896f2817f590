"""Keys and connection strings: checked as far as a look can tell, then hidden. No message ever shows one."""

from functions.retraining.core.secret import Secret

from .node import Node


def read_secret(node: Node) -> Secret | None:
    """A key, to be sent in a header: characters that no header can carry would end up in an HTTP client's error."""
    text = node.text_by(_key_problem)
    return None if text is None else Secret(text)


def read_connection_string(node: Node) -> Secret | None:
    """A storage account's connection string, with its key."""
    text = node.text_by(_connection_string_problem)
    return None if text is None else Secret(text)


def _key_problem(text: str) -> str | None:
    if not text.isascii() or not text.isprintable():
        return "holds characters that no key has (a line break, or not ASCII); copy it again"
    return None if text == text.strip() else "begins or ends with a blank; copy it again"


def _connection_string_problem(text: str) -> str | None:
    problem = _key_problem(text)
    if problem is not None:
        return problem
    parts = {part.partition("=")[0].strip().lower() for part in text.split(";") if part.partition("=")[2].strip()}
    if "usedevelopmentstorage" in parts or {"accountname", "accountkey"} <= parts:
        return None
    if "sharedaccesssignature" in parts:
        return "is not supported yet (a connection string with a shared access signature instead of AccountKey)"
    return "is not a storage connection string; expected AccountName=...;AccountKey=... among its parts"
