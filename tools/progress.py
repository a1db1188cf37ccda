"""Says what is being waited for: a line that counts the seconds on a terminal, plain lines everywhere else."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

FRAMES = "|/-\\"
LAST_LINES = 30


class Failed(Exception):
    """Something did not work, in words for the person at the terminal; `log` is the file that says more."""

    def __init__(self, message, log=None):
        super().__init__(message)
        self.log = Path(log) if log else None

    def tail(self):
        """The log's last lines, or nothing."""
        if self.log is None or not self.log.is_file():
            return ""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join("    " + line for line in lines[-LAST_LINES:])


class Step:
    """`with Step("Building the functions"):` shows that it goes on, and how long it took."""

    def __init__(self, title, out=None):
        self.title = title
        self.out = out or sys.stdout
        self._ended = threading.Event()
        self._spinner = None

    def __enter__(self):
        self._began = time.monotonic()
        if self.out.isatty():
            self._spinner = threading.Thread(target=self._spin, daemon=True)
            self._spinner.start()
        else:
            self._say(f"{self.title} ...\n")
        return self

    def __exit__(self, kind, _error, _trace):
        self._ended.set()
        outcome = "done" if kind is None else "stopped" if kind is KeyboardInterrupt else "failed"
        line = f"{self.title}: {outcome} in {self._elapsed()}\n"
        if self._spinner:
            self._spinner.join()
            line = f"\r\x1b[K{line}"
        self._say(line)

    def _spin(self):
        turn = 0
        while not self._ended.wait(0.2):
            self._say(f"\r\x1b[K{FRAMES[turn % len(FRAMES)]} {self.title} ({self._elapsed()})")
            turn += 1

    def _elapsed(self):
        seconds = time.monotonic() - self._began
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"

    def _say(self, text):
        self.out.write(text)
        self.out.flush()


def run_logged(command, log, message, env=None, cwd=None):
    """Runs a command with its output in the file `log`; fails with `message`, which names the file, unless it exits with 0."""
    log = Path(log)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as output:
        try:
            done = subprocess.run(
                [os.fspath(part) for part in command],
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=env, cwd=cwd, check=False,
            )
        except OSError as error:
            raise Failed(f"{message}: {command[0]} does not start ({error.strerror}).") from error
    if done.returncode != 0:
        raise Failed(f"{message}. All of it is in {shown(log)}; its end:", log)


def shown(path):
    """A path as a person types it: from where they are, if it lies below."""
    try:
        return Path(path).resolve().relative_to(Path.cwd())
    except ValueError:
        return path


def report(failure, out=None):
    """Prints a `Failed`: what happened, then the end of its log."""
    out = out or sys.stderr
    print(f"error: {failure}", file=out)
    if failure.tail():
        print(failure.tail(), file=out)
