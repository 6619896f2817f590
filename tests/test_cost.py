"""docs/cost.md: computed from counts that the workflows keep, and equal to what the script prints."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from benchmarks import cost
from benchmarks.cost_prices import PRICES, Price
from benchmarks.operations import STORAGE_BUDGET
from functions.retraining.workflows.poll import poll_runs
from functions.retraining.workflows.sweep import sweep_examples
from tests.infra.monitoring import rule_body, rules
from tests.support.world import World, make_app, make_world

ROOT = Path(__file__).parents[1]
DOCUMENT = (ROOT / "docs" / "cost.md").read_text("utf-8")

LISTS = {"runs.list", "blob.list", "ended.list"}
READS = {"blob.version", "slot.read", "run.read"}
WRITES = {"run.write", "slot.write", "ended.write", "archive.copy_output"}
DELETES = {"run.delete"}


def counted(calls: list[str]) -> tuple[int, int, int, int]:
    """Lists, writes, reads, deletes."""
    by_name = Counter(calls)
    lists, writes, reads, deletes = (sum(by_name[name] for name in names) for names in (LISTS, WRITES, READS, DELETES))
    return lists, writes, reads, deletes


def retrained(polls: int) -> World:
    world = make_world()
    world.training["retraining"].lasts = timedelta(minutes=polls, seconds=30)
    app = make_app(world)
    world.announce(app, world.upload())
    world.tick(app, polls + 1)
    assert world.open_runs() == []
    return world


def test_one_run_costs_the_operations_that_are_computed_with() -> None:
    polls = int(cost.TRAINING_HOURS * 60)
    found = counted(retrained(polls).steps.calls)
    assert found == (polls + 1, cost.RUN_WRITES, cost.RUN_READS, cost.RUN_DELETES)
    assert cost.RUN_WRITES + cost.RUN_READS + cost.RUN_DELETES == STORAGE_BUDGET


def test_an_idle_tick_and_an_idle_sweep_cost_what_is_computed_with() -> None:
    world = retrained(polls=1)
    app = replace(make_app(world), dead_letter_container="deadletter")
    before = len(world.steps.calls)
    poll_runs(app)
    assert counted(world.steps.calls[before:]) == (cost.TICK_LISTS, 0, 0, 0)
    before = len(world.steps.calls)
    sweep_examples(app)
    assert counted(world.steps.calls[before:]) == (cost.SWEEP_LISTS, 0, cost.SWEEP_READS, 0)


def test_the_alerts_are_as_many_and_as_often_as_is_computed_with() -> None:
    assert len(rules()) == cost.ALERTS
    assert rule_body()["evaluationFrequency"] == "PT15M"


def test_the_schedules_are_the_samples() -> None:
    sample = (ROOT / "local.settings.sample.json").read_text("utf-8")
    assert '"POLL_SCHEDULE": "0 * * * * *"' in sample
    assert '"SWEEP_SCHEDULE": "0 */15 * * * *"' in sample


def test_the_first_plan_is_the_one_that_is_deployed() -> None:
    assert "param instanceMemoryMB int = 2048" in (ROOT / "infra" / "main.bicep").read_text("utf-8")
    assert next(iter(cost.PLANS)) == "Flex 2,048 MB"


def test_what_is_free_is_taken_off_once() -> None:
    price = Price("x", dollars=2, per=10, page="", free=100)
    assert (price.of(150), price.beyond_free(150), price.beyond_free(90)) == (30, 10, 0)


def test_the_document_has_what_the_script_prints() -> None:
    assert DOCUMENT.endswith("\n".join(cost.tables()) + "\n")


def test_every_price_says_where_to_look_it_up() -> None:
    assert len(PRICES) > 10
    assert all(each.page and each.dollars > 0 for each in PRICES)
