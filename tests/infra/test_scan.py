"""What `make infra-scan` leaves out has its reason, and what it installs is pinned."""

import re

from .bicep import INFRA

SCAN = INFRA / "scan"


def test_each_check_that_is_left_out_has_its_reason() -> None:
    lines = [line for line in (SCAN / "checkov.yaml").read_text("utf-8").splitlines() if "- CKV" in line]
    assert lines
    assert [line for line in lines if not re.fullmatch(r"  - CKV_AZURE_\d+ # .{20,}", line)] == []


def test_the_deployment_document_says_how_many_are_left_out() -> None:
    left_out = (SCAN / "checkov.yaml").read_text("utf-8").count("- CKV")
    assert f"{left_out} of its checks are left out" in (INFRA.parent / "docs" / "deploy.md").read_text("utf-8")


def test_checkov_reads_bicep_with_the_parser_that_the_tests_use() -> None:
    lock = (SCAN / "requirements.lock").read_text("utf-8")
    house = (INFRA.parent / "requirements-dev.lock").read_text("utf-8")
    versions = [re.findall(r"(?m)^pycep-parser==(\S+)", text) for text in (lock, house)]
    assert versions[0] == versions[1]
    assert len(versions[0]) == 1


def test_everything_that_is_installed_for_the_scan_has_a_hash() -> None:
    entries = (SCAN / "requirements.lock").read_text("utf-8").replace("\\\n", "").splitlines()
    assert len(entries) > 50
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
