"""The workflows and dependabot.yml: their schemas, zizmor's audits offline, and our own rules. Planted faults fail."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from devstack.places import ROOT

pytestmark = pytest.mark.processes

BIN = ROOT / ".venv/bin"
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
SCHEMAS = dict.fromkeys(WORKFLOWS, "vendor.github-workflows") | {GITHUB / "dependabot.yml": "vendor.dependabot"}
USES = re.compile(r"uses: (?P<action>[^\s#]+)(?: # (?P<version>\S+))?")


def _run(tool: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(BIN / tool), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)  # noqa: S603 - our tools


def _fits(file: Path, schema: str) -> subprocess.CompletedProcess[str]:
    return _run("check-jsonschema", "--builtin-schema", schema, str(file))


def _audited(folder: Path) -> subprocess.CompletedProcess[str]:
    return _run("zizmor", "--offline", "--persona=pedantic", "--no-progress", str(folder))


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of .github, for planting faults."""
    return Path(shutil.copytree(GITHUB, tmp_path / ".github"))


@pytest.mark.parametrize("file", SCHEMAS, ids=lambda file: file.name)
def test_each_file_fits_its_schema(file: Path) -> None:
    checked = _fits(file, SCHEMAS[file])
    assert checked.returncode == 0, checked.stdout


def test_zizmor_finds_nothing() -> None:
    audited = _audited(GITHUB)
    assert audited.returncode == 0, audited.stdout


@pytest.mark.parametrize(
    ("file", "right", "wrong"),
    [
        ("workflows/ci.yml", "runs-on:", "run-on:"),
        ("workflows/deploy.yml", "workflow_dispatch", "workflow_despatch"),
        ("dependabot.yml", "interval: weekly", "interval: fortnightly"),
    ],
)
def test_a_planted_typo_does_not_fit(copied: Path, file: str, right: str, wrong: str) -> None:
    text = (copied / file).read_text("utf-8")
    (copied / file).write_text(text.replace(right, wrong, 1), "utf-8")

    assert _fits(copied / file, SCHEMAS[GITHUB / file]).returncode != 0


@pytest.mark.parametrize(
    ("file", "right", "wrong"),
    [
        ("ci.yml", r"actions/checkout@[0-9a-f]{40}", "actions/checkout@v6"),
        ("ci.yml", r"permissions: \{\}", "permissions: write-all"),
        ("ci.yml", r'make "\$TARGET"', "make ${{ github.event.pull_request.title }}"),
        ("deploy.yml", r"on:\n  workflow_dispatch:", "on:\n  pull_request_target:"),
    ],
)
def test_a_planted_weakness_is_found(copied: Path, file: str, right: str, wrong: str) -> None:
    workflow = copied / "workflows" / file
    text, changes = re.subn(right, wrong, workflow.read_text("utf-8"), count=1)
    assert changes == 1
    workflow.write_text(text, "utf-8")

    assert _audited(copied).returncode != 0


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_every_action_is_pinned_to_a_commit_and_says_which_version_that_is(file: Path) -> None:
    used = [match for match in USES.finditer(file.read_text("utf-8")) if not match["action"].startswith("./")]

    assert used
    for match in used:
        assert re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}", match["action"]), match[0]
        assert re.fullmatch(r"v\d+\.\d+\.\d+", match["version"] or ""), match[0]


def test_the_same_action_is_the_same_version_everywhere() -> None:
    pins = {match["action"] for file in WORKFLOWS for match in USES.finditer(file.read_text("utf-8"))}
    assert len(pins) == len({pin.partition("@")[0] for pin in pins})


def test_the_workflows_only_use_make_targets_that_there_are() -> None:
    text = "".join(file.read_text("utf-8") for file in WORKFLOWS)
    asked = set(re.findall(r"run: make ([a-z-]+)", text)) | {"check", "test"}
    there = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert "target: [check, test]" in text
    assert asked <= there
