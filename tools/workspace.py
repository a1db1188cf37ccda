"""Where things lie in this tree, and the environment that SAM CLI, cargo-lambda and the local cloud get."""

import os
import platform
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Logs and scratch files of the commands.
STATE = ROOT / ".local"
REGION = "us-east-1"
# The folder of the programs that pip installed.
BIN = Path(sys.executable).parent


def architecture():
    """This machine's processor, in Lambda's words: the local cloud can run no other."""
    return "arm64" if platform.machine() in ("aarch64", "arm64") else "x86_64"


def program(name):
    """A program of the virtual environment."""
    return BIN / name


def environment(**more):
    """Puts the virtual environment first on the PATH, drops the user's AWS account and disables telemetry."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    for name in ("NO_PROXY", "no_proxy"):
        kept[name] = ",".join(filter(None, [kept.get(name), "127.0.0.1,localhost"]))
    return kept | {
        "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}",
        "SAM_CLI_TELEMETRY": "0",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
    } | more
