"""The part of `make run` that keeps an agent: saved as it is made, changed by words, its history, a second agent that runs the first, and
an old version again. All of it through the API."""

import time

from progress import Failed

# Runs another agent: its `graph_id` says which.
AGENT_EXECUTOR = "e189baac-8c20-45a1-94a7-55177ea42565"
# The index that offers are read from lags behind.
PATIENCE_SECONDS = 10


class Shelf:
    """The library as a demonstration shows it."""

    def __init__(self, demonstration):
        self.demonstration = demonstration

    def make(self, request):
        """Has an agent made and saved; returns the answer, which need not be an agent."""
        return self.saved("/generate", request)

    def change(self, made, wish):
        """Has the newest version of a kept agent changed by words, and saved; returns the answer."""
        return self.saved("/patch", {"agent_id": made["agent_id"], "changes": wish})

    def saved(self, path, request):
        """The answer to a request that saves. An agent that is not saved is a `Failed`."""
        answer = self.demonstration.ask(path, request | {"save": True})
        if answer["type"] == "agent_preview" and not answer.get("saved"):
            raise Failed(f"POST {path} did not save the agent: {answer.get('error_type')}")
        return answer

    def show(self, made, changed):
        """Prints the history, has a second agent run the kept one, and restores the first version."""
        path = f"/agents/{made['agent_id']}"
        self.demonstration.heading(f"Kept: {path}")
        self.history(path)
        self.use(changed)
        self.demonstration.heading("The first version again")
        restored = self.demonstration.api.call("POST", f"{path}/versions/1/restore", None, {"If-Match": changed["etag"]}).json()
        version = self.demonstration.known("POST", path, restored, "version")["version"]
        self.demonstration.item("-", f"POST {path}/versions/1/restore: version {version}, as version 1 was")

    def history(self, path):
        """Prints each version with what changed."""
        path += "/versions"
        answer = self.demonstration.api.call("GET", path).json()
        for version in self.demonstration.known("GET", path, answer, "versions")["versions"]:
            about = version.get("summary") or version.get("wish")
            told = f"version {version['version']}, {version['origin']}"
            self.demonstration.item(" ", told + (f": {about}" if about else ""))

    def use(self, kept):
        """Has an agent made that runs the kept one, which the goal names."""
        goal = f"Every Monday at 9, run my agent \"{kept['agent_name']}\" and post the result to the Slack channel #news"
        self.demonstration.heading(f"A second agent: {goal}")
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            made = self.demonstration.ask("/generate", {"description": goal})
            runs = [node for node in made.get("agent_json", {}).get("nodes", []) if node["block_id"] == AGENT_EXECUTOR]
            if runs or time.monotonic() > deadline:
                break
            time.sleep(0.2)
        if not runs:
            raise Failed(f"POST /generate made no agent that runs {kept['agent_name']}: {made['message']}")
        given = runs[0]["input_default"]
        self.demonstration.say(made["explanation"])
        self.demonstration.item("-", f"runs {given['agent_name']}, {given['graph_id']}, version {given['graph_version']}")
