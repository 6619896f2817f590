"""Queries of URLs kept out of messages and logs: that of an operation may be its signature. Pure but for `keep_out`."""

import logging
import re
from typing import override

_QUERY = re.compile(r"""(?<=[^\s?])\?[^\s"'<>)]+""")


def without_queries(text: str) -> str:
    """The text with the query of every URL or path in it replaced by ..."""
    return _QUERY.sub("?...", text)


class _WithoutQueries(logging.Filter):
    """urllib3 writes every request's path and query at DEBUG, and has no switch for it."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_cut(value) for value in record.args)
        return True


def _cut(value: object) -> object:
    return value if isinstance(value, int | float) else without_queries(str(value))


_FILTER = _WithoutQueries()


def keep_out_of_log() -> None:
    """Let urllib3 write no queries from now on; as often as one likes."""
    logging.getLogger("urllib3.connectionpool").addFilter(_FILTER)
