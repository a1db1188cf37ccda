"""Installs the AI SDK, in the versions that tests/ai_sdk/package-lock.json pins, into .local/ai-sdk."""

import sys

from node import Packages
from progress import Failed, report
from workspace import ROOT, STATE

PACKAGES = Packages("the AI SDK", ROOT / "tests" / "ai_sdk", STATE / "ai-sdk")


def main():
    """Exit code 0: it is installed."""
    try:
        PACKAGES.install()
    except Failed as failure:
        report(failure)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
