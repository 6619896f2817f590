"""README's commands, as they stand there, run as a new user would run them."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from devstack.places import ROOT
from tests.devstack.cli import Cli

README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = [
    line.strip()
    for block in re.findall(r"^\s*```sh\n(.*?)^\s*```", README, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
    if line.strip()
]
STACK = ".venv/bin/python -m devstack "


CLOUD = "azd up"
"""The one command that needs a subscription: tests/infra checks all that it reads."""


def test_readme_has_commands_of_three_kinds_and_one_for_the_cloud() -> None:
    assert {"make demo", "make test", "make up", CLOUD} <= set(COMMANDS)
    strange = [each for each in COMMANDS if not each.startswith(("make ", ".venv/bin/python -m "))]
    assert strange == [CLOUD]


@pytest.mark.parametrize("command", [each for each in COMMANDS if each.startswith("make ")])
def test_every_make_target_in_readme_exists(command: str) -> None:
    """What they do is tested elsewhere: this very run is `make test`, tests/devstack has `demo` and `up`."""
    planned = subprocess.run(  # noqa: S603 - README's own command, as a dry run
        [*shlex.split(command), "--dry-run"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert planned.returncode == 0, planned.stderr


def test_the_check_in_readme_understands_the_sample() -> None:
    (command,) = [each for each in COMMANDS if "functions.retraining.check" in each]
    said = subprocess.run(  # noqa: S603 - README's own command, with this interpreter
        [sys.executable, *shlex.split(command)[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "pipeline 'pipeline'" in said.stdout
    assert "labeledexamples/labeledexamples.arff" in said.stdout


@pytest.mark.stack
def test_the_local_stacks_commands_in_readme_do_what_they_say_in_this_order(tmp_path: Path) -> None:
    cli = Cli(tmp_path / "stack")
    lines = [each.removeprefix(STACK) for each in COMMANDS if each.startswith(STACK)]
    stack = cli.up("--host", "--set", "POLL_SCHEDULE=* * * * * *")
    try:
        answers = [cli.run(*shlex.split(line)) for line in lines]
        code = stack.ends()
    finally:
        stack.stop()
    said = {line: answer.stdout + answer.stderr for line, answer in zip(lines, answers, strict=True)}
    assert [answer.returncode for answer in answers] == [0] * len(lines), said
    assert lines[-1] == "down"
    assert code == 0
    shares = [float(share) for share in re.findall(r"([\d.]+)% of \d+ held-out", "".join(a.stdout for a in answers))]
    assert len(shares) == 2, said
    assert shares[1] > shares[0], "the better sample makes a better model"
