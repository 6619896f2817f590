"""Prices, in US dollars. None was looked up while this was written: check each one before you plan with it."""

from dataclasses import dataclass

AS_OF = "November 2026, from memory and third parties, for a US region"


@dataclass(frozen=True)
class Price:
    """What `per` units cost beyond the `free` ones of a month; `page` is below azure.microsoft.com/pricing/details/."""

    what: str
    dollars: float
    per: int
    page: str
    free: int = 0

    def of(self, units: float) -> float:
        """What so many units cost in a month, the free ones not taken off."""
        return units * self.dollars / self.per

    def beyond_free(self, units: float) -> float:
        """The same beyond the free ones, if nothing else uses them up."""
        return self.of(max(units - self.free, 0))


FLEX_EXECUTION = Price("Flex Consumption, on demand: executions", 0.40, 1_000_000, "functions", free=250_000)
FLEX_GB_SECOND = Price("Flex Consumption, on demand: GB-seconds", 0.000026, 1, "functions", free=100_000)
CONSUMPTION_EXECUTION = Price("Consumption: executions", 0.20, 1_000_000, "functions", free=1_000_000)
CONSUMPTION_GB_SECOND = Price("Consumption: GB-seconds", 0.000016, 1, "functions", free=400_000)
STORAGE_WRITE = Price("Blob storage (hot, LRS): writes and Lists", 0.05, 10_000, "storage/blobs")
STORAGE_READ = Price("Blob storage (hot, LRS): reads and all others", 0.004, 10_000, "storage/blobs")
QUEUE_OPERATION = Price("Queue storage: operations", 0.004, 10_000, "storage/queues")
EVENT_GRID = Price("Event Grid (system topic): operations", 0.60, 1_000_000, "event-grid", free=100_000)
LOG_GB = Price("Log Analytics: GB taken in (pay as you go)", 2.30, 1, "monitor", free=5)
ALERT_RULE = Price("Log search alert, every 15 minutes: rules", 0.50, 1, "monitor")
ADF_ACTIVITY_RUN = Price("Data Factory v2: orchestrated activity runs", 1.00, 1_000, "data-factory/data-pipeline")
ADF_EXTERNAL_HOUR = Price("Data Factory v2: hours of external activities", 0.00025, 1, "data-factory/data-pipeline")
ADF_IDLE_PIPELINE = Price("Data Factory v2: pipelines without a run in a month", 0.80, 1, "data-factory/data-pipeline")

PRICES = tuple(each for each in globals().values() if isinstance(each, Price))
