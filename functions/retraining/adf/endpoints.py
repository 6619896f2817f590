"""The two addresses of a linked service of type AzureML. No message shows one: an address can carry a token."""

import re
from collections.abc import Callable

from .findings import Unset
from .node import Node

# Narrower than RFC 3986 on purpose: no user name, no fragment. Blanks are the article's own.
_ADDRESS = r"https://(?P<host>[A-Za-z0-9.-]+(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?)(?P<path>/[^?#]*)(\?[^#]*)?"
_CLASSIC = r"/workspaces/[^/]+/webservices/[^/]+/endpoints/[^/]+"
_RESOURCE_MANAGER = r"/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.MachineLearning/webServices/[^/]+"


def read_ml_endpoint(node: Node) -> str | None:
    """The batch execution address up to and including /jobs.

    It is published both bare and with ?api-version=2.0; the query is left off here, as every call adds its own.
    """
    text = _read(node, "", _jobs_problem)
    if text is None or isinstance(text, Unset):
        return text
    return text.partition("?")[0].rstrip("/")


def read_update_resource_endpoint(node: Node) -> str | None:
    """The address that takes a new model: a classic endpoint's, or a Resource Manager web service's.

    The documentation's own Resource Manager address ends in a period and a blank; both are taken off.
    """
    return _read(node, ".", _update_problem)


def host_of(address: str) -> str:
    """The part of an address that can be shown; a missing setting's name if that is all there is."""
    match = re.fullmatch(_ADDRESS, address)
    return match["host"] if match else address


def is_resource_manager(address: str) -> bool:
    """Whether an update resource address is that of a Resource Manager web service, which wants a token, not a key."""
    match = re.fullmatch(_ADDRESS, address)
    return match is not None and re.fullmatch(_RESOURCE_MANAGER, match["path"].rstrip("/"), re.IGNORECASE) is not None


def _read(node: Node, stray: str, path_problem: Callable[[str], str | None]) -> str | None:
    text = node.text()
    if text is None or isinstance(text, Unset):
        return text
    address = text.strip().rstrip(f"{stray} ")
    problem = _address_problem(address, path_problem)
    if problem is not None:
        node.fault(problem)
        return None
    if address != text:
        node.notice("a stray period or blank at its ends was taken off")
    return address


def _address_problem(address: str, path_problem: Callable[[str], str | None]) -> str | None:
    if not address.isprintable():
        return "holds control characters; expected an https address"
    match = re.fullmatch(_ADDRESS, address)
    if match is None:
        return "is not a plain https address; expected https://host/path, without user name or fragment (#)"
    return path_problem(match["path"].rstrip("/"))


def _jobs_problem(path: str) -> str | None:
    if path.endswith("/jobs"):
        return None
    if path.endswith("/execute"):
        return "is the REQUEST/RESPONSE address; expected the BATCH EXECUTION one, which ends in /jobs"
    return "does not end in /jobs; expected the web service's BATCH EXECUTION address"


def _update_problem(path: str) -> str | None:
    if any(re.fullmatch(pattern, path, re.IGNORECASE) for pattern in (_CLASSIC, _RESOURCE_MANAGER)):
        return None
    return (
        "is not an UPDATE RESOURCE address; expected .../workspaces/{id}/webservices/{id}/endpoints/{name} or "
        ".../resourceGroups/{group}/providers/Microsoft.MachineLearning/webServices/{name}"
    )
