"""Refusals of the Resource Manager and of its machine learning provider.

The Resource Manager's own have `code` and `message`; the provider's have a class and a detail, as the recorded 404
shows (azure-powershell, WebServiceTests session records).
"""

from typing import Any

from devstack.studio.errors import Refusal, error_body


class ArmRefusal(Refusal):
    """Refused by the Resource Manager before the provider is asked."""

    def __init__(self, status: int, code: str, message: str, *, challenge: str = "") -> None:
        Exception.__init__(self, message)
        self.status, self.code, self.detail = status, code, message
        if challenge:
            self.headers = {"WWW-Authenticate": challenge}

    def body(self) -> dict[str, Any]:
        """Code and message."""
        return {"error": {"code": self.code, "message": self.detail}}


class ProviderRefusal(Refusal):
    """Refused by the provider."""

    def __init__(self, status: int, error_class: str, message: str, code: str, detail: str) -> None:
        Exception.__init__(self, detail)
        self.status, self.error_class, self.message = status, error_class, message
        self.code, self.detail = code, detail

    def body(self) -> dict[str, Any]:
        """Class and message, with the specific code in the details."""
        return error_body(self.error_class, self.message, self.code, self.detail)


def not_found(name: str) -> ProviderRefusal:
    """No such web service; the recorded words."""
    detail = f"No Web Service could be found with the provided name: {name}."
    return ProviderRefusal(404, "NotFound", "The specified resource was not found.", "WebServiceNotFound", detail)


def bad_argument(code: str, detail: str) -> ProviderRefusal:
    """A body that cannot be carried out; the codes are ours."""
    return ProviderRefusal(400, "BadArgument", "Invalid argument provided.", code, detail)


def read_only(name: str) -> ProviderRefusal:
    """The specification says a read-only web service cannot be patched, not how that is answered: this is ours."""
    detail = f"Web Service {name} is read only and cannot be updated."
    message = "The request is invalid in the current context."
    return ProviderRefusal(400, "InvalidOperation", message, "WebServiceReadOnly", detail)


def busy(name: str) -> ProviderRefusal:
    """An update is under way; no source has one, so this is ours."""
    detail = f"Web Service {name} is being updated. Try again when that update has ended."
    return ProviderRefusal(409, "Conflict", "The request conflicts with another one.", "UpdateInProgress", detail)
