"""Reading the query files, and analysing them with node."""

import json
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "infra" / "monitoring" / "queries"
ANALYSER = Path(__file__).with_name("analyse.mjs")

TABLES = {
    "AppTraces": "(TimeGenerated: datetime, Message: string, SeverityLevel: int, OperationName: string, "
    "OperationId: string, AppRoleName: string, _ResourceId: string)",
    "AppExceptions": "(TimeGenerated: datetime, ExceptionType: string, OuterType: string, OuterMessage: string, "
    "InnermostType: string, InnermostMessage: string, ProblemId: string, OperationName: string, OperationId: string, "
    "AppRoleName: string, SeverityLevel: int, _ResourceId: string)",
}
"""Columns as in Azure Monitor's table reference (learn.microsoft.com/azure/azure-monitor/reference/tables), in part."""


@dataclass(frozen=True)
class Analysis:
    """What a query is made of. `facts` are read from the log line, `texts` its string literals."""

    troubles: list[str]
    columns: list[str]
    facts: set[str]
    texts: set[str]


@cache
def queries() -> dict[str, str]:
    """The text of every query file, by its name without extension."""
    return {path.stem: path.read_text("utf-8") for path in sorted(FOLDER.glob("*.kql"))}


def analyse(texts: dict[str, str]) -> dict[str, Analysis]:
    """What the parser says of these queries; one process for all."""
    asked = json.dumps({"tables": TABLES, "queries": texts})
    answer = subprocess.run(  # noqa: S603 - our own script
        ["node", str(ANALYSER)],  # noqa: S607 - the node that Azurite runs on
        input=asked,
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=100,
    )
    return {
        name: Analysis(said["troubles"], said["columns"], set(said["facts"]), set(said["texts"]))
        for name, said in json.loads(answer.stdout).items()
    }


@cache
def analysed() -> dict[str, Analysis]:
    """What the parser says of the query files."""
    return analyse(queries())
