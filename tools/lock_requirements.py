"""Pins the .in files of this folder and of bench/peer: writes a .txt beside each, with every dependency and its hashes.

Needs `pip-compile` (PyPI: pip-tools) on the PATH, and PyPI. Run it after changing a version in a .in file.
"""

import re
import subprocess
from pathlib import Path

TOOLS = Path(__file__).resolve().parent
PEER = TOOLS.parent / "bench" / "peer"
COMMAND = [
    "pip-compile", "--quiet", "--generate-hashes", "--no-strip-extras", "--allow-unsafe", "--no-header",
    "--no-emit-index-url", "--no-emit-find-links",
]
WITH_EXTRAS = re.compile(r"(?m)^[\w.-]+\[[^\]]*\]==.*\n(?: {4}.*\n)+")


def plain_and_with_extras(found):
    """Repeats the entry of a package with extras without them: pip needs both when it checks hashes."""
    entry = found.group(0)
    return re.sub(r"\[[^\]]*\]", "", entry, count=1) + entry


def lock(folder, name):
    """Writes `name`.txt from `name`.in."""
    target = folder / f"{name}.txt"
    subprocess.run([*COMMAND, "--output-file", target.name, f"{name}.in"], cwd=folder, check=True)
    note = f"# Made by lock_requirements.py from {name}.in, which says what for.\n"
    lines = [line for line in target.read_text().splitlines() if not line.startswith("#")]
    target.write_text(note + WITH_EXTRAS.sub(plain_and_with_extras, "\n".join(lines).strip() + "\n"))


if __name__ == "__main__":
    lock(TOOLS, "requirements")
    lock(TOOLS, "requirements-check")
    lock(PEER, "requirements")
