"""The requests the studio has seen, without their secrets."""

import json
import re
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

HIDDEN: Final = "***"
_OPEN_QUERY: Final = frozenset({"api-version", "details", "format"})
_SECRET_WORDS: Final = ("connectionstring", "sas", "key", "token", "secret", "credential", "password", "assertion")
_FORM: Final = "application/x-www-form-urlencoded"
_URL_WITH_QUERY: Final = re.compile(r"(https?://[^\s?]*)\?\S*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """One call as it was seen and answered.

    `route` is the route's name, or empty for a path the studio does not have; `query` holds only what is known to
    be no secret; `status` is 0 when the connection was dropped; `received_at` is UTC in ISO form; `seconds` is how
    long the answer took; `fault` the kind of fault that struck, or empty.
    """

    number: int
    received_at: str
    method: str
    path: str
    route: str
    query: dict[str, str]
    body: Any
    status: int
    seconds: float
    fault: str
    request_id: str

    def to_wire(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


class RequestLog:
    """The requests seen, oldest first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: list[SeenRequest] = []
        self._count = 0

    def add(self, **facts: Any) -> None:  # noqa: ANN401 - the fields of SeenRequest, checked by its constructor
        """Note a request: the fields of SeenRequest, without its number."""
        with self._lock:
            self._count += 1
            self._seen.append(SeenRequest(number=self._count, **facts))

    def matching(self, *, route: str = "", method: str = "") -> list[SeenRequest]:
        """The requests seen, all or those of one route or method."""
        with self._lock:
            return [s for s in self._seen if route in ("", s.route) and method in ("", s.method)]

    def clear(self) -> None:
        """Forget them; the numbers go on."""
        with self._lock:
            self._seen.clear()


def open_query(query: Mapping[str, str]) -> dict[str, str]:
    """The query with every value hidden that is not known to be harmless."""
    return {name: value if name in _OPEN_QUERY else HIDDEN for name, value in query.items()}


def open_body(body: bytes, content_type: str = "") -> Any:  # noqa: ANN401 - whatever JSON the caller sent
    """The JSON or form body without connection strings, tokens, keys and URLs' queries; else only its size."""
    if not body:
        return None
    if content_type.partition(";")[0].strip().lower() == _FORM:
        return _redacted(dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True)))
    try:
        return _redacted(json.loads(body))
    except ValueError:
        return f"{len(body)} bytes that are not JSON"


def _redacted(value: Any) -> Any:  # noqa: ANN401 - any JSON in, any JSON out
    if isinstance(value, dict):
        return {name: _redacted_member(name, member) for name, member in value.items()}
    if isinstance(value, list):
        return [_redacted(member) for member in value]
    return _URL_WITH_QUERY.sub(rf"\1?{HIDDEN}", value) if isinstance(value, str) else value


def _redacted_member(name: str, member: Any) -> Any:  # noqa: ANN401 - any JSON in, any JSON out
    secret = any(word in name.lower() for word in _SECRET_WORDS)
    return HIDDEN if secret and member else _redacted(member)
