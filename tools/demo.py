"""The second half of `make run`: starts the local cloud, deploys, sends one goal through the API, stays up until Ctrl-C.

start.py has compiled the functions before. The page's address comes first. Reads GOAL (what the agent should do), CHANGES (the wish for the second version), ONCE=1 (end after the demonstration) and
GATEWAY_PORT (where the local cloud listens) from the environment. Exit code 1: something failed.
"""

import contextlib
import json
import os
import shlex
import shutil
import sys
import textwrap
import time
import webbrowser
import zipfile
from pathlib import Path

from debug_build import PROGRAMS
from drawing import changes, draw
from gateway import Gateway
from kept import Shelf
from live import events, words
from local_cloud import LocalCloud
from ports import USUAL_PORT, port_from_environment
from progress import Failed, Step, exit_code, report, shown
from repackaged import write_template
from workspace import ROOT, STATE

GOAL = "Summarise a web page and e-mail the summary"
CHANGES = "Rename it to Daily page digest and add a step that posts the summary to Slack"
# For another goal: a change that suits every agent.
ANY_CHANGES = "Rename it to My first agent"
# How often an operation is begun that is to be stopped in time.
RACES = 5
# Whose answers the gateway streams, and what they write.
STREAMING = ("stream", "page")
STREAM_LOG = STATE / "stream.log"


class Demonstration:
    """Sends one goal through the API and prints what comes back."""

    def __init__(self, deployment, out=None):
        self.api = deployment
        self.out = out or sys.stdout
        self.columns = max(30, min(shutil.get_terminal_size((100, 24)).columns, 120))
        encoding = (getattr(self.out, "encoding", None) or "ascii").lower().replace("-", "")
        self.plain = not encoding.startswith("utf")

    def run(self, goal, wish):
        """Goal, steps, agent, changed agent. Fails if the API answers with an error."""
        self.heading(f"Goal: {goal}")
        plan = self.ask("/decompose", {"description": goal})
        if plan["type"] != "instructions":
            return self.tell(plan)
        self.say(plan["message"])
        self.list_steps(plan.get("steps") or [])
        self.list_left_out(plan)
        names = self.block_names()

        self.heading("The agent")
        shelf = Shelf(self)
        made = shelf.make({"instructions": plan, "description": goal})
        if made["type"] != "agent_preview":
            return self.tell(made)
        self.say(made["message"])
        self.put("")
        self.say(made["explanation"])
        self.list_requirements(made["requirements"])
        self.list_left_out(made)
        self.show(made["agent_json"], names)
        self.item("-", f"Saved: /agents/{made['agent_id']}, version {made['version']}")
        self.in_the_background({"instructions": plan, "description": goal})

        self.heading(f"Change: {wish}")
        changed = shelf.change(made, wish)
        if changed["type"] != "agent_preview":
            return self.tell(changed)
        self.say(changed["message"])
        self.say(changed["summary"])
        self.put("")
        for line in changes(changed["changes"]) or ["nothing is different"]:
            self.put("\n".join(textwrap.wrap(line, self.columns - 2, initial_indent="  ", subsequent_indent="    ")))
        self.show(changed["agent_json"], names)
        self.item("-", f"Saved: version {changed['version']}")
        shelf.show(made, changed)
        return None

    def in_the_background(self, request):
        """Has the same agent made by a worker, and prints what happens when it happens; then stops another one."""
        self.heading("The same in the background")
        started = self.ask("/generate", request, {"Prefer": "respond-async"})
        path = f"/operations/{started['operation_id']}"
        self.say(f"POST /generate with Prefer: respond-async, then GET {path}/events as a stream:")
        last = self.watch(started["operation_id"])
        if last["type"] == "failed":
            raise Failed(f"{last['message']} (POST /generate: {last['error_type']})")
        self.heading("One that is stopped")
        # It is a race, which the work may win.
        for _ in range(RACES):
            started = self.ask("/generate", request, {"Prefer": "respond-async"})
            path = f"/operations/{started['operation_id']}/cancel"
            answer = self.api.call("POST", path).json()
            if answer.get("error_type") != "already_ended":
                break
        self.say(f"POST {path}: {answer.get('status') or answer.get('message')}")
        self.watch(started["operation_id"])

    def watch(self, operation_id):
        """Prints the events of an operation, each with the seconds since the first look; returns the last one."""
        began = time.monotonic()
        for event in events(self.api, operation_id):
            told = words(event)
            if told:
                mark = f"{time.monotonic() - began:4.1f} s"
                self.put(textwrap.fill(told, self.columns, initial_indent=f"  {mark}  ", subsequent_indent=" " * 10))
        return event

    def ask(self, path, body, headers=None):
        """Posts `body`; returns the answer's JSON. An error of the API becomes a `Failed` with its message and type."""
        return self.known("POST", path, self.api.call("POST", path, body, headers).json(), "type")

    def known(self, method, path, answer, key):
        """Returns the answer if it has `key` and is not an error; else fails."""
        if isinstance(answer, dict) and answer.get("type") == "error":
            raise self.failure(f"{method} {path}", answer)
        if not isinstance(answer, dict) or key not in answer:
            raise Failed(f"{method} {path} gave an unexpected answer: {json.dumps(answer)[:300]}")
        return answer

    def failure(self, request, error):
        """Turns an error of the API into a message for the person at the terminal."""
        return Failed(f"{error.get('message')} ({request}: {error.get('error_type')})")

    def block_names(self):
        """Block id -> name, from GET /blocks."""
        listed = self.api.call("GET", "/blocks").json()
        return {block.get("id"): block.get("name") for block in listed.get("blocks") or []}

    def tell(self, answer):
        """Prints an answer that is not an agent: the message, the questions, the suggested goal."""
        self.say(answer["message"])
        for question in answer.get("questions") or []:
            example = f" (for example: {question['example']})" if question.get("example") else ""
            self.item("-", f"{question['question']}{example}")
        if answer.get("suggested_goal"):
            self.put(f"\n  Try: make run GOAL={shlex.quote(answer['suggested_goal'])}")

    def list_steps(self, steps):
        """Prints the steps, numbered, each with its block."""
        for number, step in enumerate(steps, start=1):
            if isinstance(step, dict):
                text = step.get("description") or step.get("action") or json.dumps(step, ensure_ascii=False)
                block = f" [{step['block_name']}]" if step.get("block_name") else ""
                self.item(f"{number}.", f"{text}{block}")
            else:
                self.item(f"{number}.", str(step))

    def list_left_out(self, answer):
        """Prints what the person asked for and does not get."""
        for part in answer["left_out"]:
            self.item("!", f"Left out: \"{part['text']}\" ({part['message']})")

    def list_requirements(self, needs):
        """Prints what the person has to connect, supply and schedule."""
        for credential in needs["credentials"]:
            self.item("-", f"Connect {credential['provider']} (for {', '.join(credential['blocks'])})")
        for given in needs["inputs"]:
            about = f": {given['description']}" if given["description"] else ""
            self.item("-", f"{'Supply' if given['required'] else 'Supply if you like'} {given['name']}{about}")
        if needs["schedule"]:
            self.item("-", f"Schedule it: {needs['schedule']}" + (f" ({needs['timezone']})" if needs["timezone"] else ""))
        if needs["trigger"]:
            self.item("-", f"Starts by itself: {needs['trigger']['description']}")

    def show(self, agent, names):
        """Prints an agent: name, description, drawing."""
        self.put("")
        self.say(" - ".join(filter(None, [agent.get("name"), agent.get("description")])))
        self.put(draw(agent, names, self.columns, self.plain))

    def heading(self, text):
        """Prints a line that stands out."""
        text = text if len(text) <= self.columns else text[: self.columns - 3] + "..."
        self.put(f"\n{text}\n{'-' * len(text)}" if not self.out.isatty() else f"\n\x1b[1m{text}\x1b[0m")

    def item(self, mark, text):
        """Prints a line of a list."""
        self.put("\n".join(textwrap.wrap(text, self.columns, initial_indent=f"  {mark} ", subsequent_indent="     ")))

    def say(self, text):
        """Prints a paragraph."""
        self.put(textwrap.fill(text, self.columns))

    def put(self, text):
        """Prints text as it is; characters that the terminal lacks become question marks."""
        encoding = getattr(self.out, "encoding", None) or "utf-8"
        print(text.encode(encoding, "replace").decode(encoding), file=self.out, flush=True)


def tell_page(api):
    """Prints where the page is and the key for it, and opens it where there is a desktop."""
    print(f"\nThe page: {api.url}/\nIts key:  {api.key}", flush=True)
    if any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")):
        webbrowser.open(f"{api.url}/")


def how_to_call(api, goal):
    """The address, the key, and commands to paste."""
    def curl(path, body=None, key=True, prefer=None, stream=False):
        parts = ["curl", "-sN", "-H", "'accept: text/event-stream'"] if stream else ["curl", "-sw", r"'\n'"]
        parts += ["-H", shlex.quote(f"x-api-key: {api.key}")] if key else []
        parts += ["-H", shlex.quote(f"prefer: {prefer}")] if prefer else []
        if body:
            data = body if isinstance(body, str) else shlex.quote(json.dumps(body, ensure_ascii=False))
            parts += ["-H", "'content-type: application/json'", "-d", data]
        return "  " + " ".join([*parts, api.url + path])

    wish = """'import json,sys; print(json.dumps({"current_agent_json": json.load(sys.stdin)["agent_json"], "changes": "Rename it to Mine"}))'"""
    return "\n".join([
        f"The page:    {api.url}/",
        f"API address: {api.url}",
        f"API key:     {api.key}",
        "",
        curl("/health", key=False),
        curl("/blocks"),
        curl("/decompose", {"description": goal}),
        curl("/generate", {"description": goal}),
        "",
        "The agent of one call is the input of the next:",
        "",
        curl("/generate", {"description": goal}) + " \\",
        f"  | python3 -c {wish} \\",
        f"  | {curl('/patch', '@-').strip()}",
        "",
        "In the background: an id at once, then what happens, when it happens:",
        "",
        f"  ID=$({curl('/generate', {'description': goal}, prefer='respond-async').strip()} \\",
        """  | python3 -c 'import json,sys; print(json.load(sys.stdin)["operation_id"])')""",
        curl("/operations/$ID/events", stream=True),
        "",
        "For an assistant (docs/MCP.md has ChatGPT, VS Code and Cursor): Claude Code, then any that starts a program:",
        "",
        f"  claude mcp add --transport http agent-generator {api.url}/mcp --header {shlex.quote(f'x-api-key: {api.key}')}",
        f"  npx mcp-remote {api.url}/mcp --allow-http --header {shlex.quote(f'x-api-key:{api.key}')}",
    ])


def package():
    """Packs the compiled programs; returns the template to deploy, which is template.yaml with another CodeUri."""
    programs = json.loads(PROGRAMS.read_text(encoding="utf-8"))
    packed = {}
    for name, program in programs.items():
        packed[name] = PROGRAMS.parent / f"{name}.zip"
        # Not compressed: it is unpacked on the same machine.
        with zipfile.ZipFile(packed[name], "w") as archive:
            archive.write(program, "bootstrap")
    return write_template(
        ROOT / "template.yaml", PROGRAMS.parent / "template.yaml", lambda _, source: packed[Path(source).name])


def streaming_programs():
    """The compiled programs whose answers the gateway streams."""
    compiled = json.loads(PROGRAMS.read_text(encoding="utf-8"))
    return {name: compiled[name] for name in STREAMING}


@contextlib.contextmanager
def gateway(deployment):
    """The API with the page, and with streams that are sent as they come."""
    with STREAM_LOG.open("w", encoding="utf-8") as log, Gateway(deployment, streaming_programs(), log) as api:
        yield api


def show_agent(api, goal, wish):
    """Runs the demonstration; reports a failure and returns False."""
    try:
        Demonstration(api).run(goal, wish)
    except Failed as failure:
        report(failure)
        return False
    return True


def main():
    """Exit code 0: the demonstration was shown to the end."""
    goal = os.environ.get("GOAL", "").strip() or GOAL
    wish = os.environ.get("CHANGES", "").strip() or (CHANGES if goal == GOAL else ANY_CHANGES)
    once = os.environ.get("ONCE", "").strip() not in ("", "0")
    shown_all = False
    try:
        port = port_from_environment()
        template = package()
        with LocalCloud(port) as cloud:
            if port is None and cloud.port != USUAL_PORT:
                print(f"Port {USUAL_PORT} is taken; the local cloud listens on {cloud.port}.")
            with Step("Deploying template.yaml into the local cloud"):
                deployment = cloud.deploy(template=template)
            with gateway(deployment) as api:
                if not once:
                    tell_page(api)
                shown_all = show_agent(api, goal, wish)
                if not once:
                    print(f"\n{how_to_call(api, goal)}\n\nUp until Ctrl-C. The local cloud's log: {shown(cloud.log)}", flush=True)
                    code = cloud.wait()
                    raise Failed(f"The local cloud stopped unexpectedly (exit code {code}). {shown(cloud.log)} ends with:", cloud.log)
    except KeyboardInterrupt:
        print("\nStopped.")
    return 0 if shown_all else 1


if __name__ == "__main__":
    sys.exit(exit_code(main))
