"""The edge to the file system: a factory's folder to its documents' texts."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from functions.retraining.core.errors import ConfigurationError, Fault

from .factory import FOLDERS


def read_folder(path: Path | str) -> Mapping[str, str]:
    """Read every `*.json` in a factory's folder and the folders directly in it, by relative file name, sorted.

    Bytes that are not UTF-8 are kept as `surrogateescape` keeps them: `load` reports them with the other faults.
    Raises ConfigurationError, naming them all, for what cannot be read at all.
    """
    root = Path(path)
    if not root.is_dir():
        expected = f"expected a folder with {', '.join(f'{folder}/' for folder in FOLDERS)}"
        raise ConfigurationError((Fault(str(path), f"there is no such folder; {expected}"),))
    texts: dict[str, str] = {}
    faults: list[Fault] = []
    for file in sorted(_json_files(root, faults)):
        name = file.relative_to(root).as_posix()
        try:
            texts[name] = file.read_bytes().decode("utf-8", "surrogateescape")
        except OSError as error:
            faults.append(Fault(name, f"cannot be read: {error.strerror}"))
    if faults:
        raise ConfigurationError(tuple(faults))
    return texts


def _json_files(root: Path, faults: list[Fault]) -> Iterator[Path]:
    for entry in _entries(root, faults):
        inside = _entries(entry, faults) if entry.is_dir() and not entry.name.startswith(".") else [entry]
        yield from (file for file in inside if file.suffix.lower() == ".json" and not file.is_dir())


def _entries(folder: Path, faults: list[Fault]) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError as error:
        faults.append(Fault(str(folder), f"cannot be read: {error.strerror}"))
        return []
