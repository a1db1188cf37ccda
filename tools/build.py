"""Builds the SAM package for this machine's processor and the bills of its materials, and says that it does."""

import os
import platform
import sys
from pathlib import Path

from bill_of_materials import write_bills
from progress import Failed, Step, report, run_logged

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / ".local"
# What `sam build` makes of the template: the same, with the programs in place of their sources.
PACKAGE = ROOT / ".aws-sam" / "build" / "template.yaml"
# Beside the package, which `sam build` makes anew and `sam deploy` uploads.
BILLS = ROOT / ".aws-sam" / "sbom"
BIN = Path(sys.executable).parent
REGION = "us-east-1"


def architecture():
    """This machine's processor, in Lambda's words: the local cloud can run no other."""
    return "arm64" if platform.machine() in ("aarch64", "arm64") else "x86_64"


def environment(**more):
    """The environment for SAM and its friends: their programs first, nothing of the person's AWS account, no telemetry."""
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


def program(name):
    """A program of the virtual environment."""
    return BIN / name


def build():
    """`sam build` of the template; cargo builds again only what changed. Then the bills of materials."""
    with Step("Building the functions (the first time takes minutes)"):
        run_logged(
            [program("sam"), "build", "--config-env", "local", "--parameter-overrides", f"Architecture={architecture()}"],
            log=STATE / "build.log", message="The functions did not build", env=environment(), cwd=ROOT,
        )
    with Step("Writing what is linked into them"):
        write_bills(ROOT, PACKAGE.parent, BILLS, architecture())


def main():
    """Exit code 0 where the package is there."""
    try:
        build()
    except Failed as failure:
        report(failure)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
