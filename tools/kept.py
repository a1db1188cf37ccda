"""The part of `make run` that keeps an agent: versions, history, and an old version again."""

from progress import Failed


def keep(demonstration, made, changed):
    """Keeps an agent and its change in the library, prints the history, and restores the first version."""
    demonstration.heading("Kept in the library")
    path, tag = saved(demonstration, "POST", "/agents", {"agent_json": made})
    demonstration.item("-", f"POST /agents: version 1 of {made.get('name')}")
    _, tag = saved(demonstration, "PUT", path, {"agent_json": changed}, {"If-Match": tag})
    demonstration.item("-", f"PUT {path} with If-Match: version 2")
    history(demonstration, path)
    saved(demonstration, "POST", f"{path}/versions/1/restore", None, {"If-Match": tag})
    demonstration.item("-", f"POST {path}/versions/1/restore: version 3, as version 1 was")


def saved(demonstration, method, path, body, headers=None):
    """The path and the tag of what was saved."""
    answer = demonstration.api.call(method, path, body, headers)
    agent = demonstration.known(method, path, answer.json(), "id")
    if not answer.headers["ETag"]:
        raise Failed(f"{method} {path} gave no ETag.")
    return f"/agents/{agent['id']}", answer.headers["ETag"]


def history(demonstration, path):
    """Prints each version with what changed."""
    path += "/versions"
    answer = demonstration.api.call("GET", path).json()
    for version in demonstration.known("GET", path, answer, "versions")["versions"]:
        summary = version.get("summary")
        demonstration.item(" ", f"version {version['version']}, {version['origin']}" + (f": {summary}" if summary else ""))
