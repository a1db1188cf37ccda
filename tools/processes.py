"""Starts helpers that end with the command that started them."""

import ctypes
import os
import signal
import subprocess

PR_SET_PDEATHSIG = 1
STOP_SECONDS = 10
_LIBC = ctypes.CDLL(None, use_errno=True)


def start_helper(command, log, env, cwd=None):
    """Starts a command with its output in the open file `log`.

    It gets a process group of its own, so that Ctrl-C reaches the caller alone, who then stops it in order; and a SIGTERM
    if the caller dies first.
    """
    return subprocess.Popen(
        [os.fspath(part) for part in command], stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, env=env, cwd=cwd,
        start_new_session=True, preexec_fn=_die_with_parent,
    )


def stop_helper(process):
    """Asks a helper to end, waits for up to STOP_SECONDS, then kills what is left of its group."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        pass
    finally:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()


def _die_with_parent():
    _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
