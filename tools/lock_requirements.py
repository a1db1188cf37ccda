"""Pins the .in files of this folder and of bench/peer: writes a .txt beside each, with every dependency and its hashes.

Needs `uv` (PyPI: uv) on the PATH, and PyPI. Run it after changing a version in a .in file.
"""

import subprocess
from pathlib import Path

TOOLS = Path(__file__).resolve().parent
PEER = TOOLS.parent / "bench" / "peer"
# Where two tools ask for versions that exclude each other.
OVERRIDES = TOOLS / "overrides.txt"
COMMAND = [
    "uv", "pip", "compile", "--quiet", "--generate-hashes", "--no-header", "--no-emit-index-url", "--no-emit-find-links",
    "--overrides", OVERRIDES,
]


def lock(folder, name):
    """Writes `name`.txt from `name`.in. What it pins already stays as it is unless it must change."""
    target = folder / f"{name}.txt"
    subprocess.run([*COMMAND, "--output-file", target.name, f"{name}.in"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    note = f"# Made by lock_requirements.py from {name}.in, which says what for.\n"
    target.write_text(note + target.read_text())


if __name__ == "__main__":
    lock(TOOLS, "requirements")
    lock(TOOLS, "requirements-check")
    lock(PEER, "requirements")
