"""Installs the AI SDK, in the versions that tests/ai_sdk/package-lock.json pins, into .local/ai-sdk."""

import sys

from node import Packages
from progress import exit_code
from workspace import ROOT, STATE

PACKAGES = Packages("the AI SDK", ROOT / "tests" / "ai_sdk", STATE / "ai-sdk")

if __name__ == "__main__":
    sys.exit(exit_code(PACKAGES.install))
