"""How property tests run here: the same examples every time, so that a red build can be repeated."""

from hypothesis import HealthCheck, settings


def deterministic(examples: int, steps: int = 50) -> settings:
    """Hypothesis without chance, without a database and without a deadline."""
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
