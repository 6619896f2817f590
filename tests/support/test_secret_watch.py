"""A test session in which a secret is written down fails, with and without xdist, and does not show it."""

import os
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[2]
CONFTEST = (ROOT / "tests" / "conftest.py").read_text("utf-8")
KEY = "cGxhbnRlZC1zZWNyZXQ"
TESTS = f"""
import logging, pytest
from functions.retraining.core.errors import PermanentError

pytestmark = pytest.mark.processes

def test_log_line():
    logging.getLogger("azure").warning("GET /c/b?sig=%s", "{KEY}")

def test_bearer_in_a_deep_logger():
    logging.getLogger("a.b").error("Bearer {KEY}")

def test_traceback():
    try:
        raise ValueError("AccountKey={KEY}")
    except ValueError:
        logging.getLogger("relearner").exception("broken")

def test_error_text():
    PermanentError("call", "client_secret={KEY}")

def test_nothing():
    logging.getLogger("relearner").warning("sig=*** of significance")

@pytest.mark.plants_secrets
def test_on_purpose():
    PermanentError("call", "client_secret={KEY}")

def test_zz_file(tmp_path):
    (tmp_path / "studio.log").write_text("AccountKey={KEY};")
"""
"""The file is found when the session ends, so at its last test."""


@pytest.mark.parametrize("options", [(), ("-n", "1")], ids=["alone", "xdist"])
def test_each_planted_secret_fails_its_test_and_is_not_shown(
    options: tuple[str, ...], pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(test_planted=TESTS)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "--show-capture=no", "-rE", *options)
    for file in pytester.path.rglob("studio.log"):
        file.unlink()  # this session is watched as well
    result.assert_outcomes(passed=7, errors=5)
    failed = {line.partition("::")[2].partition(" ")[0] for line in result.outlines if line.startswith("ERROR test_")}
    assert failed == {
        "test_log_line",
        "test_bearer_in_a_deep_logger",
        "test_traceback",
        "test_error_text",
        "test_zz_file",
    }
    said = [line for line in result.outlines if "secrets were written down: " in line]
    assert said
    assert KEY not in "".join(said)
