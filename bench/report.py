"""What a run found, one line each."""

from __future__ import annotations

import os

from .load import Cost


class Report:
    """Prints as it goes, and remembers whether every target was met."""

    def __init__(self) -> None:
        self.missed: list[str] = []

    def title(self, text: str) -> None:
        print(f"\n{text} (load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)", flush=True)  # noqa: T201

    def note(self, text: str) -> None:
        print(f"  {text}", flush=True)  # noqa: T201

    def rate(self, what: str, requests: float) -> None:
        self.note(f"{what:<48}{requests:>12,.1f} a second")

    def cost(self, what: str, cost: Cost) -> None:
        parts = f"{cost.web:.1f} here, {cost.database:.1f} in PostgreSQL"
        self.note(f"{what:<48}{cost.total:>12.1f} ms of CPU a request ({parts}); {cost.rate:,.0f} a second")

    def ratio(self, what: str, value: float, at_least: float | None = None, at_most: float | None = None) -> None:
        met = (at_least is None or value >= at_least) and (at_most is None or value <= at_most)
        wanted = f"  (wanted: at least {at_least:g})" if at_least is not None else ""
        wanted += f"  (wanted: at most {at_most:g})" if at_most is not None else ""
        self.note(f"{what:<48}{value:>12.2f}{wanted}{'' if met else '  MISSED'}")
        if not met:
            self.missed.append(what)

    def equal(self, what: str, one: int, other: int) -> None:
        self.note(f"{what:<48}{one:>8} and {other}{'' if one == other else '  MISSED'}")
        if one != other:
            self.missed.append(what)
