"""Bearer tokens: JSON web tokens, signed with a key of this studio, so that a restarted studio still knows its own.

The claims are those that Microsoft's documentation lists for access tokens (azure-docs, active-directory/develop,
access-tokens.md); the signature is HMAC, where the real one is RSA: no client may look inside a token.
"""

import base64
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import Any, Final, Self

_HEADER: Final = {"typ": "JWT", "alg": "HS256"}


class ForeignToken(Exception):
    """Not a token that this studio has issued."""


class ExpiredToken(Exception):
    """It was good until `at` (UTC, seconds since 1970)."""

    def __init__(self, at: int) -> None:
        self.at = at
        super().__init__("the token has expired")


@dataclass(frozen=True, slots=True)
class AccessToken:
    """What a token says: for which resource, whose, and until when (UTC, seconds since 1970)."""

    audience: str
    issuer: str
    tenant_id: str
    client_id: str
    object_id: str
    issued_at: int
    expires_at: int

    def sign(self, key: str) -> str:
        """The token as a client gets it."""
        payload = f"{_part(_HEADER)}.{_part(self._claims())}"
        return f"{payload}.{_signature(payload, key)}"

    @classmethod
    def verify(cls, token: str, key: str) -> Self:
        """Read a token. Raises ForeignToken or ExpiredToken."""
        payload, _, signature = token.rpartition(".")
        if not hmac.compare_digest(signature.encode(), _signature(payload, key).encode()):
            raise ForeignToken
        claims = json.loads(_decoded(payload.partition(".")[2]))
        if claims["exp"] <= time.time():
            raise ExpiredToken(claims["exp"])
        return cls(
            audience=claims["aud"],
            issuer=claims["iss"],
            tenant_id=claims["tid"],
            client_id=claims["appid"],
            object_id=claims["oid"],
            issued_at=claims["iat"],
            expires_at=claims["exp"],
        )

    def _claims(self) -> dict[str, Any]:
        return {
            "aud": self.audience,
            "iss": self.issuer,
            "iat": self.issued_at,
            "nbf": self.issued_at,
            "exp": self.expires_at,
            "appid": self.client_id,
            "oid": self.object_id,
            "tid": self.tenant_id,
        }


def _part(value: dict[str, Any]) -> str:
    return _encoded(json.dumps(value, separators=(",", ":")).encode())


def _signature(payload: str, key: str) -> str:
    return _encoded(hmac.digest(key.encode(), payload.encode(), hashlib.sha256))


def _encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _decoded(value: str) -> bytes:
    return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
