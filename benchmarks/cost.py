"""What an idle month and one retraining cost: the tables of docs/cost.md.

    python -m benchmarks.cost

The counts of our own are held by tests/test_cost.py to what the workflows really do; those of the host are read from
its source and documentation; the prices are assumptions (benchmarks/cost_prices.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks import cost_prices as prices
from benchmarks.cost_prices import Price

HOURS = 730
"""Of a month, as Azure counts it."""

TICKS = HOURS * 60
SWEEPS = HOURS * 4
"""With the sample's schedules."""

RUN_WRITES, RUN_READS, RUN_DELETES = 8, 3, 1
"""Storage operations of one run: five documents written, the slot twice, the model copied; HEAD and two reads."""

TICK_LISTS = 1
SWEEP_LISTS, SWEEP_READS = 5, 2
"""Of an idle sweep with one pipeline and a dead-letter container."""

EVENTS = 2
"""Of one run: its example, its model. Each is one execution."""

HOST_LOCKS = 3
LOCK_RENEWALS = HOURS * 120
"""The host's own lock and one for each timer, each renewed about every 30 seconds."""

QUEUES = 2
QUEUE_POLLS = TICKS
"""The blob queue and the poison queue, each asked at least once a minute while the host is up."""

HOST_OPERATIONS_OF_EVENT = 6
"""Queue and blob operations of one Event Grid event in the host."""

LINES_OF_EXECUTION, KB_OF_LINE = 4, 1.2
"""Our line, the host's Executing and Executed, the request; and what the log counts for one with its columns."""

CONSUMPTION_GB, CONSUMPTION_SECONDS = 0.25, 0.3
"""Memory and time that an idle tick is charged with, where no second is the least."""

TRAINING_HOURS = 0.5
"""The example of one retraining."""


@dataclass(frozen=True)
class Row:
    """One line of a table: how many of what, at which price."""

    what: str
    units: float
    price: Price


def idle_month(memory_gb: float | None) -> list[Row]:
    """A month in which nothing is uploaded: on Flex Consumption with so much memory, on Consumption with None."""
    executions = TICKS + SWEEPS
    lists = TICKS * TICK_LISTS + SWEEPS * SWEEP_LISTS
    lines = executions * LINES_OF_EXECUTION
    return [
        *compute(executions, memory_gb),
        Row("Lists of ticks and sweeps", lists, prices.STORAGE_WRITE),
        Row("reads of sweeps", SWEEPS * SWEEP_READS, prices.STORAGE_READ),
        Row("the host's timer status", executions, prices.STORAGE_WRITE),
        Row("the host's locks", HOST_LOCKS * LOCK_RENEWALS, prices.STORAGE_READ),
        Row("the host's queues", QUEUES * QUEUE_POLLS, prices.QUEUE_OPERATION),
        Row("log, GB", round(lines * KB_OF_LINE / 1_000_000, 3), prices.LOG_GB),
        Row("alert rules", ALERTS, prices.ALERT_RULE),
    ]


def one_retraining(memory_gb: float | None) -> list[Row]:
    """What one run adds to the idle month, whose ticks ask for its job anyway."""
    host = EVENTS * HOST_OPERATIONS_OF_EVENT
    return [
        *compute(EVENTS, memory_gb),
        Row("writes", RUN_WRITES, prices.STORAGE_WRITE),
        Row("reads", RUN_READS, prices.STORAGE_READ),
        Row("the host's operations for its events", host, prices.STORAGE_WRITE),
        Row("events: every write, delivered or not, and two deliveries", RUN_WRITES + 2 * EVENTS, prices.EVENT_GRID),
    ]


def data_factory() -> dict[str, list[Row]]:
    """The same two on Data Factory v2: its trigger and two activities, the training waited for as an external one."""
    return {
        "one idle month": [Row("pipeline that did not run", 1, prices.ADF_IDLE_PIPELINE)],
        "one retraining": [
            Row("trigger and two activities", 3, prices.ADF_ACTIVITY_RUN),
            Row("hours of the training", TRAINING_HOURS, prices.ADF_EXTERNAL_HOUR),
        ],
    }


def polling_instead_of_events(containers: int = 2) -> Row:
    """Lists of the host's own container scan, every 10 seconds, and of the storage log's two prefixes."""
    cycles = HOURS * 360
    return Row("Lists of the container scan", cycles * (containers + 2), prices.STORAGE_WRITE)


def compute(executions: int, memory_gb: float | None) -> list[Row]:
    """Flex charges at least a second of the instance's whole memory; Consumption what was used."""
    if memory_gb is None:
        used = executions * CONSUMPTION_GB * CONSUMPTION_SECONDS
        return [
            Row("executions", executions, prices.CONSUMPTION_EXECUTION),
            Row("GB-seconds", used, prices.CONSUMPTION_GB_SECOND),
        ]
    return [
        Row("executions", executions, prices.FLEX_EXECUTION),
        Row("GB-seconds", executions * memory_gb, prices.FLEX_GB_SECOND),
    ]


ALERTS = 8
PLANS: dict[str, float | None] = {"Flex 2,048 MB": 2.0, "Flex 512 MB": 0.5, "Consumption": None}
"""2,048 MB is what infra/main.bicep makes."""


def main() -> None:
    """Print the tables."""
    print("\n".join(tables()))


def tables() -> Iterator[str]:
    """The part of docs/cost.md that is computed."""
    months = {plan: idle_month(memory) for plan, memory in PLANS.items()}
    runs = {plan: one_retraining(memory) for plan, memory in PLANS.items()}
    yield from _section("One idle month", months)
    yield from _section("One retraining more", runs)
    yield from ["### Data Factory v2", "", "| | units | dollars |", "|---|---|---|"]
    for title, rows in data_factory().items():
        yield from (f"| {title}: {row.what} | {row.units:,} | {row.price.of(row.units):.6f} |" for row in rows)
    polling = polling_instead_of_events()
    yield from [
        "",
        "### Blob events by polling, not by Event Grid",
        "",
        "| | units | dollars a month |",
        "|---|---|---|",
    ]
    yield f"| {polling.what} | {polling.units:,} | {polling.price.of(polling.units):.2f} |"
    yield from ["", "### Prices that this is computed with", "", f"As of {prices.AS_OF}.", ""]
    yield from ["| price | dollars | per | free in a month | look it up at |", "|---|---|---|---|---|"]
    for each in prices.PRICES:
        page = f"azure.microsoft.com/pricing/details/{each.page}"
        yield f"| {each.what} | {dollars(each)} | {each.per:,} | {each.free:,} | {page} |"


def dollars(price: Price) -> str:
    """The price without needless digits."""
    return f"{price.dollars:.6f}".rstrip("0").rstrip(".")


def _section(title: str, plans: dict[str, list[Row]]) -> Iterator[str]:
    yield from [f"### {title}", "", f"| | {' | '.join(f'{plan}: units | dollars' for plan in plans)} |"]
    yield "|---" * (1 + 2 * len(plans)) + "|"
    for rows in zip(*plans.values(), strict=True):
        cells = (f"{row.units:,.10g} | {row.price.of(row.units):.6f}" for row in rows)
        yield f"| {rows[0].what} | {' | '.join(cells)} |"
    for words, total in (("**sum**", Price.of), ("**sum beyond the free grants**", Price.beyond_free)):
        sums = (f" | {sum(total(row.price, row.units) for row in rows):.6f}" for rows in plans.values())
        yield f"| {words} | {' | '.join(sums)} |"
    yield ""


if __name__ == "__main__":
    main()
