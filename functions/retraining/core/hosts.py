"""Which hosts may be sent a key, a token or a signature. Pure."""

import re
from dataclasses import dataclass
from ipaddress import ip_address

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = rf"{_LABEL}(?:\.{_LABEL})*"
_WILDCARD = "*."
_ADDRESS = rf"https?://(?P<host>{_NAME}\.?|\[[0-9a-f:.]+\])(?::[0-9]{{1,5}})?(?:[/?#].*)?"
_NUMBER = r"(?:[0-9]+|0x[0-9a-f]*)"


@dataclass(frozen=True)
class AllowedHosts:
    """Host names, IP addresses and `*.suffix` patterns, as `host_pattern` gives them; none of them: every host."""

    patterns: tuple[str, ...] = ()

    def allow(self, host: str) -> bool:
        """Whether a host, as `host_of` gives it, is among them. `*.suffix` stands for one label or more before it."""
        return not self.patterns or host in self.patterns or any(_below(host, pattern) for pattern in self.patterns)


def host_pattern(text: str) -> str | None:
    """A pattern in the form that is compared; None if it is no host name, or so wide that it was hardly meant.

    Without port: a host is trusted as a whole. `*.net` would be everybody's.
    """
    pattern = text.strip().lower().removesuffix(".")
    name = pattern.removeprefix(_WILDCARD)
    host = _canonical(name) if re.fullmatch(rf"{_NAME}|\[[0-9a-f:.]+\]", name) else ""
    if name == pattern:
        return host or None
    return f"{_WILDCARD}{host}" if "." in host and not _is_number(host) else None


def host_of(address: str) -> str:
    """The host that an http(s) address leads to: lower case, without port and final dot, an IP address in one form.

    Empty where clients could read it differently: a user name, a backslash, letters beyond ASCII, half an IP address.
    """
    match = re.fullmatch(_ADDRESS, address.strip().lower()) if address.isprintable() else None
    return _canonical(match["host"].removesuffix(".")) if match else ""


def _below(host: str, pattern: str) -> bool:
    return pattern.startswith(_WILDCARD) and host.endswith(pattern[1:])


def _canonical(host: str) -> str:
    """127.1 and 0x7f.1 are addresses to some clients and names to others: empty."""
    if not host.startswith("[") and not _is_number(host):
        return host if len(host) <= 253 else ""
    try:
        return str(ip_address(host.strip("[]")))
    except ValueError:
        return ""


def _is_number(host: str) -> bool:
    """Whether its last label is one, which makes it an IP address: WHATWG URL standard, "ends in a number"."""
    return re.fullmatch(_NUMBER, host.rpartition(".")[2]) is not None or ":" in host
