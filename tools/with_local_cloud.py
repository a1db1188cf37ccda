"""Runs a command beside a local cloud, whose address it finds in LOCAL_CLOUD_ENDPOINT.

Usage: with_local_cloud.py COMMAND [ARGUMENT...]
Exit code: the command's.
"""

import os
import signal
import subprocess
import sys

from local_cloud import LocalCloud, free_port
from progress import Failed, report


def main(command):
    """Starts the local cloud, runs the command, stops the local cloud, however it comes."""
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        # On a port of its own, beside whatever `make run` has up.
        with LocalCloud(free_port(), "cloud-for-a-command") as cloud:
            return subprocess.run(command, env=os.environ | {"LOCAL_CLOUD_ENDPOINT": cloud.endpoint}, check=False).returncode
    except OSError as error:
        report(Failed(f"{command[0]} does not start: {error.strerror}"))
        return 127
    except Failed as failure:
        report(failure)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    # `kill` stops it as Ctrl-C does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main(sys.argv[1:]))
