"""Starts a local cloud, runs a command with its address in LOCAL_CLOUD_ENDPOINT, and stops the local cloud.

Usage: with_local_cloud.py COMMAND [ARGUMENT...]
Exit code: the command's.
"""

import os
import subprocess
import sys

from local_cloud import LocalCloud
from ports import free_port
from progress import Failed, exit_code, report


def main(command):
    """Exit code: the command's, or 127 if it does not start."""
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        # On a port of its own: `make run` may be up on the usual one.
        with LocalCloud(free_port(), "cloud-for-a-command") as cloud:
            return subprocess.run(command, env=os.environ | {"LOCAL_CLOUD_ENDPOINT": cloud.endpoint}, check=False).returncode
    except OSError as error:
        report(Failed(f"{command[0]} does not start: {error.strerror}"))
        return 127


if __name__ == "__main__":
    sys.exit(exit_code(main, sys.argv[1:]))
