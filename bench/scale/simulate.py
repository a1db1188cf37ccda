"""`make scale`: runs every scenario at every rate and writes what came of it into docs/SCALE.md and docs/scale.svg.

The same seed gives the same bytes. SEED=n takes another: what then changes in a table is chance.
"""

import os
import sys
from pathlib import Path

from model import Simulation
from page import NoPlace, filled
from parameters import RATES, RATES_BETWEEN, SCENARIOS, SEED
from report import anatomy_table, drawing, price_table, scenario_table

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = DOCS / "SCALE.md"
PICTURE = DOCS / "scale.svg"


def simulate(seed):
    """Every scenario at every rate: (name, rate) -> `Result`."""
    return {
        (scenario.name, rate): Simulation(scenario, rate, seed).run()
        for scenario in SCENARIOS
        for rate in (*RATES, *RATES_BETWEEN)
    }


def tables(results):
    """The tables by the names that their places on the page have."""
    return {
        **{scenario.name: scenario_table(scenario, results) for scenario in SCENARIOS},
        "anatomy": anatomy_table(results),
        "prices": price_table(),
    }


def main():
    """Exit code 0 where the page could be written."""
    try:
        seed = int(os.environ.get("SEED", "").strip() or SEED)
    except ValueError:
        print("error: SEED must be a number", file=sys.stderr)
        return 1
    results = simulate(seed)
    try:
        page = filled(PAGE.read_text(encoding="utf-8"), tables(results))
    except (OSError, NoPlace) as problem:
        print(f"error: {PAGE.name} cannot take the tables: {problem}", file=sys.stderr)
        return 1
    PAGE.write_text(page, encoding="utf-8")
    PICTURE.write_text(drawing(results), encoding="utf-8")
    print(f"{len(results)} runs, seed {seed}: docs/{PAGE.name}, docs/{PICTURE.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
