"""The Resource Manager takes its paths in any letter case: `/SUBSCRIPTIONS/x/resourcegroups/y/...`."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATH_AS_SENT: Final = "relearner.path_as_sent"
_PROVIDER: Final = "Microsoft.MachineLearning"
_WORDS: Final = {
    word.lower(): word
    for word in ("subscriptions", "resourceGroups", "providers", "webServices", "locations", "operationsStatus")
} | {word.lower(): word for word in ("listKeys", "services", "execute")}


class AnyLetterCase:
    """A WSGI app whose Resource Manager paths may be written in any letter case."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Let the app answer, with the path as it is documented."""
        path = environ.get("PATH_INFO", "")
        environ[PATH_AS_SENT] = path
        environ["PATH_INFO"] = as_documented(path)
        return self._app(environ, start_response)


def as_documented(path: str) -> str:
    """The path with its fixed words as the documentation writes them; what is not the Resource Manager's stays."""
    first, *segments = path.split("/")
    if not segments or segments[0].lower() != "subscriptions":
        return path
    # Words and names alternate; the provider's name is the one fixed word among the names.
    words = [_WORDS.get(each.lower(), each) if at % 2 == 0 else each for at, each in enumerate(segments)]
    for at in range(1, len(words)):
        if words[at - 1] == "providers" and words[at].lower() == _PROVIDER.lower():
            words[at] = _PROVIDER
    return "/".join([first, *words])
