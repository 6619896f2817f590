"""Small function apps, written by the tests that run them, and the file in which their functions note what they saw."""

import json
from pathlib import Path
from typing import Any

HEAD = """
import json, logging, os, pathlib, time
import azure.functions as func
from functions.blob_reference import BlobReference

app = func.FunctionApp()


def note(*what):
    with open(os.environ["SEEN"], "a", encoding="utf-8") as seen:
        seen.write(json.dumps(what) + "\\n")


def await_file(name):
    while not pathlib.Path(os.environ["SEEN"]).with_name(name).exists():
        time.sleep(0.01)
"""

BLOB_DOOR = """
@app.blob_trigger(arg_name="blob", path="%CONTAINER%/{name}.csv", connection="AzureWebJobsStorage")
def arrived(blob: BlobReference) -> None:
    note(blob.container, blob.name)
"""


class AppFolder:
    """A folder with a function_app.py, and what its functions noted in it."""

    def __init__(self, folder: Path, source: str, *, host_json: dict[str, Any] | None = None) -> None:
        self.root = folder / "app"
        self.state = folder / "state"
        self.root.mkdir(parents=True)
        (self.root / "function_app.py").write_text(HEAD + source, "utf-8")
        if host_json is not None:
            (self.root / "host.json").write_text(json.dumps({"version": "2.0", **host_json}), "utf-8")
        self._seen = folder / "seen.jsonl"

    @property
    def settings(self) -> dict[str, str]:
        """The setting that tells the app where to note."""
        return {"SEEN": str(self._seen)}

    @property
    def seen(self) -> list[list[Any]]:
        """Everything noted so far, in order."""
        text = self._seen.read_text("utf-8") if self._seen.exists() else ""
        return [json.loads(line) for line in text.splitlines()]

    def names(self, folder: str = "") -> list[str]:
        """The last thing of each note, if it begins so: a blob's name, in the blob apps."""
        return [str(note[-1]) for note in self.seen if str(note[-1]).startswith(folder)]

    def put(self, name: str) -> None:
        """Make the file that a function awaits."""
        self._seen.with_name(name).touch()
