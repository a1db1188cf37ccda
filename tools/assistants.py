"""Installs the TypeScript client of the Model Context Protocol and its conformance suite into .local/assistants, in the versions
that tests/assistants/package-lock.json pins."""

import sys

from node import Packages
from progress import exit_code
from workspace import ROOT, STATE

PACKAGES = Packages("the clients of assistants", ROOT / "tests" / "assistants", STATE / "assistants")

if __name__ == "__main__":
    sys.exit(exit_code(PACKAGES.install))
