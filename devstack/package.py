"""The package that a deployment uploads: this folder without what .funcignore names.

`python -m devstack.package OUT.zip` writes it, for the Azure CLI and for pipelines; Core Tools and azd read .funcignore
themselves. Dependencies are not in it: the remote build installs requirements.txt.
"""

import argparse
import os
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from pathspec import GitIgnoreSpec

from devstack.places import ROOT

FUNCIGNORE = ".funcignore"
_FIRST_MOMENT = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can hold: the same files make the same package, byte by byte."""


def packaged_files(root: Path) -> Iterator[PurePosixPath]:
    """The files of the package, relative to `root`, sorted; .funcignore is read as a .gitignore.

    Folders that are left out are not gone through. Raises FileNotFoundError without a .funcignore.
    """
    ignored = GitIgnoreSpec.from_lines((root / FUNCIGNORE).read_text("utf-8").splitlines())
    for folder, folders, files in os.walk(root):
        here = Path(folder).relative_to(root)
        folders[:] = sorted(name for name in folders if not ignored.match_file(f"{(here / name).as_posix()}/"))
        yield from (
            PurePosixPath(here / name) for name in sorted(files) if not ignored.match_file((here / name).as_posix())
        )


def write_package(root: Path, target: Path) -> int:
    """Write the package and answer how many files are in it."""
    files = list(packaged_files(root))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        for file in files:
            entry = zipfile.ZipInfo(str(file), _FIRST_MOMENT)
            entry.external_attr = 0o644 << 16
            package.writestr(entry, (root / file).read_bytes(), zipfile.ZIP_DEFLATED)
    return len(files)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the package of this repository."""
    parser = argparse.ArgumentParser(prog="python -m devstack.package", description=__doc__)
    parser.add_argument("target", type=Path, metavar="OUT.zip")
    target: Path = parser.parse_args(arguments).target
    count = write_package(ROOT, target)
    sys.stdout.write(f"{target}: {count} files, {target.stat().st_size / 1024:.0f} kB\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
