"""The peer: what `generate` does with steps, in Python, as such a function is commonly written.

It checks a gateway's request, calls the generator, classifies failures, answers, and writes one log line per request.
"""

import asyncio
import json
import os
import time
import uuid

import httpx

CLASSES = {429: "rate_limit", 503: "service_unavailable", 504: "timeout", 408: "timeout"}
STATUSES = {"timeout": 504, "rate_limit": 429, "service_unavailable": 503, "invalid_request": 400}
MESSAGES = {
    "timeout": "The request took too long. Please try again.",
    "rate_limit": "The service is currently busy. Please try again in a moment.",
}

loop = asyncio.new_event_loop()
client = httpx.AsyncClient(base_url=os.environ["AGENT_GENERATOR_URL"], timeout=httpx.Timeout(600.0))


class GeneratorError(Exception):
    """A failed call, with its error type."""

    def __init__(self, error_type, text):
        super().__init__(text)
        self.error_type = error_type


async def ask(path, body):
    """Calls the generator."""
    try:
        response = await client.post(path, json=body)
        response.raise_for_status()
        data = response.json()
    except httpx.HTTPStatusError as error:
        raise GeneratorError(CLASSES.get(error.response.status_code, "http_error"), str(error)) from error
    except httpx.TimeoutException as error:
        raise GeneratorError("timeout", str(error)) from error
    except httpx.ConnectError as error:
        raise GeneratorError("connection_error", str(error)) from error
    except httpx.RequestError as error:
        raise GeneratorError("request_error", str(error)) from error
    except ValueError as error:
        raise GeneratorError("invalid_response", str(error)) from error
    if not data.get("success"):
        raise GeneratorError(data.get("error_type", "unknown"), data.get("error", "Unknown error from Agent Generator"))
    return data


async def generate(body):
    """Request body -> result."""
    instructions = body.get("instructions")
    if not isinstance(instructions, dict):
        raise GeneratorError("invalid_request", "instructions must be an object")
    agent = (await ask("/api/generate-agent", {"instructions": instructions}))["agent_json"]
    agent.setdefault("id", str(uuid.uuid4()))
    agent.setdefault("version", 1)
    agent.setdefault("is_active", True)
    nodes, name = len(agent.get("nodes", [])), agent.get("name") or "Generated Agent"
    return {
        "type": "agent_preview", "message": f"I've generated an agent called '{name}' with {nodes} blocks.",
        "agent_json": agent, "agent_name": name, "description": agent.get("description", ""), "node_count": nodes,
        "link_count": len(agent.get("links", [])), "session_id": body.get("session_id"),
    }


def handler(event, context):
    """Event of a gateway -> answer."""
    start, status, error_type = time.monotonic(), 200, None
    try:
        answer = loop.run_until_complete(generate(json.loads(event["body"])))
    except GeneratorError as error:
        error_type = error.error_type
        status = STATUSES.get(error_type, 502)
        answer = {
            "type": "error", "message": MESSAGES.get(error_type, "Failed to generate the agent. Please try again."),
            "error": f"generation_failed:{error_type}", "error_type": error_type,
            "details": {"service_error": str(error), "error_type": error_type}, "session_id": None,
            "request_id": context.aws_request_id,
        }
    milliseconds = round((time.monotonic() - start) * 1000)
    print(json.dumps({"operation": "generate", "error_type": error_type, "total_ms": milliseconds, "request_id": context.aws_request_id}))
    return {"statusCode": status, "headers": {"content-type": "application/json"}, "body": json.dumps(answer)}
