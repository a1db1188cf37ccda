"""The events of an operation as they happen, for a person at a terminal."""

import http.client
import json
import time
import urllib.request

from local_cloud import DIRECT
from progress import Failed

# A silent connection is dead: a stream has a comment every ten seconds.
SECONDS = 30
ENDS = ("completed", "failed", "cancelled")
STEPS = {
    "decomposing": "finding the steps", "planning": "planning", "asking_model": "asking the model", "assembling": "assembling",
    "validating": "checking", "fixing": "mending", "saving": "saving",
}


def events(api, operation_id):
    """Every event once, in order, to the last one; comes back where a stream was cut.

    A stream that breaks off, or ends early, without a new event is not asked for again: `Failed`.
    """
    last = 0
    while True:
        before, began, broken = last, time.monotonic(), None
        headers = {"x-api-key": api.key, "Accept": "text/event-stream", "Last-Event-ID": str(last)}
        request = urllib.request.Request(f"{api.url}/operations/{operation_id}/events", headers=headers)
        try:
            with DIRECT.open(request, timeout=SECONDS) as stream:
                for line in stream:
                    if line.startswith(b"data:"):
                        event = json.loads(line[5:])
                        last = event["seq"]
                        yield event
                        if event["type"] in ENDS:
                            return
        except (OSError, http.client.HTTPException, ValueError) as error:
            broken = error
        # A stream at which nothing happens lasts 90 s. One that ends at once, with nothing, would be asked for without end.
        if last == before and (broken or time.monotonic() - began < SECONDS):
            raise Failed(f"The events of the operation could not be read: {broken or 'the stream ended'}") from broken


def words(event):
    """An event in words; None for what nobody needs to read."""
    kind = event["type"]
    if kind == "step":
        detail = f": {event['detail']}" if event.get("detail") else ""
        return STEPS.get(event["name"], event["name"]) + detail
    if kind == "block_added":
        return f"+ {event['name']} [{event['block']}]"
    if kind == "fixed":
        return f"mended: {event['rule']}"
    if kind == "text":
        return event["delta"].strip() or None
    if kind == "attempt_failed":
        return f"failed for now ({event['error_type']}), again at {event['retry_at']}"
    if kind == "handed_over":
        return "the generator has taken it over"
    if kind == "completed":
        counts = [f"{event[key]} {what}" for key, what in (("node_count", "blocks"), ("link_count", "links")) if key in event]
        return "completed" + (f": {', '.join(counts)}" if counts else "")
    if kind == "failed":
        return f"failed: {event['message']}"
    return {"accepted": "accepted", "started": "a worker has started", "cancelled": "cancelled"}.get(kind)
