"""`python -m devstack demo`: exits 0 only if the new model is live and scores better."""

import argparse

from devstack.console import Console, JsonConsole
from devstack.demo import Outcome, demo


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser("demo", help="the main job for real, on a stack of its own")
    parser.add_argument("--json", action="store_true", help="one JSON object for each event, and a last one")
    parser.add_argument(
        "--scoring", choices=("classic", "arm"), default="classic", help="the kind of the scoring web service"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Show it, and say how it went."""
    console = JsonConsole() if options.json else Console()
    outcome = demo(console, options.scoring)
    console.result(_words(outcome), **_facts(outcome))
    return 0 if outcome.better else 1


def _words(outcome: Outcome) -> str:
    if outcome.better:
        share = f"{outcome.after:.1%} of rows that no model has seen, after {outcome.before:.1%}"
        return f"The new model is live: {outcome.live_model}. It is right on {share}."
    why = outcome.run.failure.message if outcome.run.failure else f"the live model is {outcome.live_model}"
    return f"The demo failed: run {outcome.run.id} is {outcome.run.status}. {why}"


def _facts(outcome: Outcome) -> dict[str, object]:
    steps = [{"status": step.status, "at": step.at.isoformat()} for step in outcome.run.history]
    return {
        "run": outcome.run.id,
        "status": outcome.run.status,
        "statuses": steps,
        "model": outcome.live_model,
        "accuracyBefore": outcome.before,
        "accuracyAfter": outcome.after,
        "better": outcome.better,
    }
