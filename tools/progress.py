"""Shows what a command waits for: on a terminal a line that counts the seconds, elsewhere plain lines."""

import codecs
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

FRAMES = "|/-\\"
LAST_LINES = 30
# Enough for a sentence and its cause: some programs write all that they know in one line.
LINE_CHARACTERS = 1000
# How often a step says how far it is, where there is no terminal.
PLAIN_SECONDS = 10


class Failed(Exception):
    """An expected failure: the message is for the person at the terminal, `log` is the file with the details."""

    def __init__(self, message, log=None):
        super().__init__(message)
        self.log = Path(log) if log else None

    def tail(self):
        """The last lines of the log; empty without one."""
        if self.log is None or not self.log.is_file():
            return ""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join("    " + line[:LINE_CHARACTERS] for line in lines[-LAST_LINES:])


class Step:
    """`with Step("Building the functions") as step:` shows that work goes on, and how long it took.

    Set `step.detail` to say how far the work is: a terminal shows it at once, a log file every ten seconds.
    """

    def __init__(self, title, out=None, plain_seconds=PLAIN_SECONDS):
        self.title = title
        self.detail = ""
        self.out = out or sys.stdout
        self._ended = threading.Event()
        self._plain_seconds = plain_seconds

    def __enter__(self):
        self._began = time.monotonic()
        self._terminal = self.out.isatty()
        if not self._terminal:
            self._say(f"{self.title} ...\n")
        self._teller = threading.Thread(target=self._spin if self._terminal else self._tell, daemon=True)
        self._teller.start()
        return self

    def __exit__(self, kind, _error, _trace):
        self._ended.set()
        self._teller.join()
        outcome = "done" if kind is None else "stopped" if kind in (KeyboardInterrupt, SystemExit) else "failed"
        line = f"{self.title}: {outcome} in {self._elapsed()}\n"
        self._say(f"\r\x1b[K{line}" if self._terminal else line)

    def _spin(self):
        turn = 0
        while not self._ended.wait(0.2):
            detail = f": {self.detail}" if self.detail else ""
            line = f"{FRAMES[turn % len(FRAMES)]} {self.title} ({self._elapsed()}){detail}"
            # A line that wraps could not be overwritten.
            self._say(f"\r\x1b[K{line[:shutil.get_terminal_size().columns - 1]}")
            turn += 1

    def _tell(self):
        while not self._ended.wait(self._plain_seconds):
            if self.detail:
                self._say(f"{self.title}: {self.detail} after {self._elapsed()}\n")

    def _elapsed(self):
        seconds = time.monotonic() - self._began
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"

    def _say(self, text):
        self.out.write(text)
        self.out.flush()


def run_logged(command, log, message, env=None, cwd=None, heard=None):
    """Runs a command and writes its output to the file `log`. Any exit code but 0 is a `Failed` with `message`.

    `heard` gets each line as it comes, also one that ends in a carriage return; a line that it returns True for is left
    out of the log. An exception in `heard` ends the command, as Ctrl-C does.
    """
    log = Path(log)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as output:
        try:
            process = subprocess.Popen(
                [os.fspath(part) for part in command], stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if heard else output, stderr=subprocess.STDOUT, env=env, cwd=cwd,
            )
        except OSError as error:
            raise Failed(f"{message}: {command[0]} does not start ({error.strerror}).") from error
        with process:
            try:
                for line in _lines(process.stdout) if heard else ():
                    if not heard(line):
                        output.write(line + "\n")
                process.wait()
            except BaseException:
                process.terminate()
                raise
    if process.returncode != 0:
        raise Failed(f"{message}. All of it is in {shown(log)}; its end:", log)


def _lines(pipe):
    """The lines of a pipe, as soon as they are whole."""
    decoder, rest = codecs.getincrementaldecoder("utf-8")("replace"), ""
    for chunk in iter(lambda: pipe.read1(65536), b""):
        *lines, rest = re.split(r"\r\n|\r|\n", rest + decoder.decode(chunk))
        yield from filter(None, lines)
    if rest:
        yield rest


def shown(path):
    """A path as a person types it: relative, if it lies below the working directory."""
    try:
        return Path(path).resolve().relative_to(Path.cwd())
    except ValueError:
        return path


def report(failure, out=None):
    """Prints a `Failed`: the message, then the end of its log."""
    out = out or sys.stderr
    print(f"error: {failure}", file=out)
    if failure.tail():
        print(failure.tail(), file=out)


def exit_code(main, *arguments):
    """Runs `main`, the whole of a program, and returns its exit code: what `main` returns, 0 for None.

    A `Failed` is shown and is 1, Ctrl-C is 130. `kill` ends it in order as Ctrl-C does, with 143.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        return main(*arguments) or 0
    except Failed as failure:
        report(failure)
        return 1
    except KeyboardInterrupt:
        return 130
