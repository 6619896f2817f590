"""A fake `az` on the PATH: a real program that writes down how it was called, and answers from a script."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devstack.places import ROOT

_PROGRAM = """#!{python}
import json, pathlib, sys
folder = pathlib.Path({folder!r})
calls = sorted(folder.glob("call-*.json"))
given = next(each for each in sys.argv if each.startswith("@"))
parameters = json.loads(pathlib.Path(given[1:]).read_text("utf-8"))
(folder / f"call-{{len(calls)}}.json").write_text(json.dumps({{"arguments": sys.argv[1:], "parameters": parameters}}))
answers = json.loads((folder / "answers.json").read_text("utf-8"))
answer = answers[min(len(calls), len(answers) - 1)]
sys.stderr.write(answer)
sys.exit(1 if answer else 0)
"""

HOOK = ROOT / "infra" / "hooks" / "postdeploy.py"

AZD = {
    "AZURE_SUBSCRIPTION_ID": "11111111-2222-3333-4444-555555555555",
    "AZURE_RESOURCE_GROUP": "rg-example",
    "FUNCTION_APP_NAME": "func-example",
    "EVENT_TOPIC_NAME": "evgt-example",
    "TRAINING_STORAGE_NAME": "sttrainexample",
    "DEAD_LETTER_CONTAINER": "deadletter",
    "LABELED_EXAMPLES_CONTAINER": "labeledexamples",
    "TRAINED_MODELS_CONTAINER": "trainingoutput",
    "BLOB_TRIGGER_SOURCE": "EventGrid",
}
"""What azd puts into a hook's environment."""


@dataclass(frozen=True)
class FakeAzureCli:
    """`answers`, in order, are what it writes to stderr: an empty one is a success. The last is given for ever."""

    folder: Path

    @classmethod
    def install(cls, folder: Path, *answers: str) -> "FakeAzureCli":
        (folder / "answers.json").write_text(json.dumps(answers or [""]), "utf-8")
        program = folder / "az"
        program.write_text(_PROGRAM.format(python=sys.executable, folder=str(folder)), "utf-8")
        program.chmod(0o755)
        return cls(folder)

    def calls(self) -> list[dict[str, Any]]:
        """Each call: its arguments, and the document of its parameters file."""
        return [json.loads(file.read_text("utf-8")) for file in sorted(self.folder.glob("call-*.json"))]


def run_hook(path: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the hook as azd does: its file alone, in its own folder, with `path` as the whole PATH."""
    return subprocess.run(  # noqa: S603 - this interpreter, and the hook
        [sys.executable, "-W", "ignore", str(HOOK), "--wait", "0.01", *arguments],
        cwd=HOOK.parent,
        env={"PATH": str(path), "HOME": os.environ.get("HOME", "/")} | environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
