"""What names and paths may look like. Each rule answers what is wrong, or None."""

import re

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
    """A container, and below it any folders: `labeledexamples/2016/spring`."""
    container, _, below = folder_path.strip("/").partition("/")
    if not container:
        return "names no container; expected container or container/folder"
    if _has_partition(folder_path):
        return "is not supported yet (a path partitioned by time, written with {braces})"
    if not re.fullmatch(_CONTAINER, container):
        return (
            "does not begin with a container's name; expected 3 to 63 lower-case letters, digits and single "
            "hyphens, then / and any folders"
        )
    return _blob_path_problem(below)


def file_name_problem(file_name: str) -> str | None:
    """The last part of a blob's name."""
    if _has_partition(file_name):
        return "is not supported yet (a name partitioned by time, written with {braces})"
    if "*" in file_name or "?" in file_name:
        return "is not supported yet (a name with wildcards); leave fileName out to read every blob of the folder"
    if file_name.startswith("/") or file_name.endswith("/"):
        return "is not a blob's name; expected no / at its ends"
    return _blob_path_problem(file_name)


def _has_partition(path: str) -> bool:
    return re.search(r"\{[^}]*\}", path) is not None


def _blob_path_problem(path: str) -> str | None:
    """Paths that storage or HTTP would change on the way."""
    if "\\" in path or not path.isprintable():
        return "is not a blob's path; expected / between folders and no control characters"
    if {".", ".."} & set(path.split("/")):
        return "is not a blob's path; expected no . or .. folders"
    return None
