"""`make limits`: sends the largest legal requests to the functions; writes docs/HOSTILE.md.

Exit code 1: a request was not answered in time, or cost more than the bounds; docs/HOSTILE.md is then left as it was.
"""

import sys

from build import build
from load import long_runs, on_this_machine
from progress import exit_code
from workspace import ROOT

DOCUMENT = ROOT / "docs" / "HOSTILE.md"
INTRODUCTION = """# The largest legal requests

What `make limits` found on {day}, on {processor}, {cores} cores, Linux {kernel}: what a caller, a queue or a generator can
make a function do without breaking a rule. A function of 256 MB has 0.145 of a core, so a second of a core takes it seven.
"""


def main():
    """Exit code 0: everything was answered in time and within the bounds."""
    build()
    tables, is_well = long_runs("limits")
    if not is_well:
        return 1
    DOCUMENT.write_text(f"{on_this_machine(INTRODUCTION)}\n{tables.rstrip()}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(exit_code(main))
