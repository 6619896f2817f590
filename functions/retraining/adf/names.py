"""What names and paths may look like. Each rule answers what is wrong, or None."""

import re
from urllib.parse import unquote

from .node import EXPRESSION

# Data Factory's naming rules: up to 260 characters, none of . + ? / < > * % & : \ and, for the sake of logs, none
# that cannot be printed. Pipeline names become parts of blob names here.
_NAME = r"[^.+?/<>*%&:\\]{1,260}"
# Storage's naming rules for containers.
_CONTAINER = r"(?=.{3,63}\Z)[a-z0-9]+(-[a-z0-9]+)*"


def name_problem(name: str) -> str | None:
    """Data Factory's rule for the names of pipelines, activities, datasets and linked services."""
    if re.fullmatch(_NAME, name) and name.isprintable() and name == name.strip():
        return None
    return "is not a name; expected 1 to 260 characters, none of . + ? / < > * % & : \\ and no blank at the ends"


def folder_path_problem(folder_path: str) -> str | None:
    """A container, and below it any folders: `labeledexamples/2016/spring`, `labeledexamples/{Year}`."""
    container, _, below = folder_path.strip("/").partition("/")
    if not container:
        return "names no container; expected container or container/folder"
    if is_expression(folder_path):
        return f"is not supported ({EXPRESSION})"
    if not re.fullmatch(_CONTAINER, container):
        return (
            "does not begin with a container's name; expected 3 to 63 lower-case letters, digits and single "
            "hyphens, then / and any folders"
        )
    return _blob_path_problem(below)


def file_name_problem(file_name: str) -> str | None:
    """The last part of a blob's name."""
    if is_expression(file_name):
        return f"is not supported ({EXPRESSION})"
    if "*" in file_name or "?" in file_name:
        return "holds a wildcard; leave fileName out and write it as fileFilter"
    if file_name.startswith("/") or file_name.endswith("/"):
        return "is not a blob's name; expected no / at its ends"
    return _blob_path_problem(file_name)


def file_path_problem(file_path: str) -> str | None:
    """Data Factory v2's one path with container, folders and name: `labeledexamples/2016/examples.csv`."""
    folder_path, _, file_name = file_path.lstrip("/").rpartition("/")
    if not folder_path and not is_expression(file_path):
        return "is not a blob's path; expected container/name, or container/folder/name"
    if not file_name:
        return "names a folder; expected container/name, or container/folder/name"
    return folder_path_problem(folder_path or file_path) or file_name_problem(file_name)


def file_filter_problem(file_filter: str) -> str | None:
    """What a file's name has to look like: `*.csv`, `2014-1-?.txt`."""
    if is_expression(file_filter):
        return f"is not supported ({EXPRESSION})"
    if "/" in file_filter or "\\" in file_filter or not file_filter.isprintable():
        return "is not a filter; expected the name of a file, with * and ? as wildcards"
    return None


def leads_up(path: str) -> bool:
    """Whether HTTP would take a folder out of the path on the way, and so lead to another blob."""
    return bool({".", ".."} & set(path.split("/")))


def is_expression(text: str) -> bool:
    """Whether text is worked out by Data Factory v2: `@pipeline()...`, `..@{...}`."""
    return text.startswith("@") or "@{" in text


def _blob_path_problem(path: str) -> str | None:
    """Paths that storage or HTTP would change on the way, and braces that are no partition's."""
    path = unquote(path)  # services put it into a URL, where %2e%2e is a folder up as well
    if "\\" in path or not path.isprintable():
        return "is not a blob's path; expected / between folders and no control characters"
    if leads_up(path):
        return "is not a blob's path; expected no . or .. folders"
    if {"{", "}"} & set(re.sub(r"\{[^{}]+\}", "", path)):
        return "holds a brace that stands alone; expected the name of a partition in braces, as in {Year}"
    return None
