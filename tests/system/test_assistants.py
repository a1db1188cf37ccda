"""Assistants use the deployed stack: with the official clients of the Model Context Protocol, by the old revision and the new one."""

import asyncio
import json
import os
import re
import subprocess
import sys
import unittest

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from deployed import ROOT, stack
from key_proxy import KeyProxy

sys.path.insert(0, str(ROOT / "tools"))

from assistants import PACKAGES  # noqa: E402
from node import NODE  # noqa: E402

# Of the conformance suite, what is not about a server of its own: blocks, prompts and resources of these names exist nowhere else.
SCENARIOS = ("server-initialize", "ping", "tools-list", "resources-list", "prompts-list", "server-sse-multiple-streams")
REVISIONS = {"auto": "2026-07-28", "legacy": "2025-11-25"}


def setUpModule():
    stack()


def plan(block, output):
    """A text comes in, is summarised, and goes out."""
    def given(name, value):
        return {"name": name, "value": value, "source": None}

    def flows(name, step, source):
        return {"name": name, "value": None, "source": {"step": step, "output": source}}

    def step(number, name, title, inputs):
        return {"number": number, "block": name, "title": title, "description": title, "inputs": inputs}

    return {
        "type": "instructions", "name": "Summary", "description": "Summarises a text.", "recommended_schedule_cron": None,
        "steps": [
            step(1, "AgentShortTextInputBlock", "Text", [given("name", "Text")]),
            step(2, block, "Summarise", [flows("text", 1, "result")]),
            step(3, "AgentOutputBlock", "Summary", [given("name", "Summary"), flows("value", 2, output)]),
        ],
    }


async def with_client(mode, work):
    # The local cloud starts a process for each request of a busy function.
    limits = httpx2.Limits(max_connections=10)
    async with httpx2.AsyncClient(headers={"x-api-key": stack().key}, timeout=httpx2.Timeout(120), limits=limits) as http:
        async with Client(streamable_http_client(stack().url + "/mcp", http_client=http), mode=mode) as client:
            return await work(client)


class PythonClientTest(unittest.TestCase):
    """The client itself holds every structured result against the tool's schema."""

    def test_an_assistant_finds_builds_mends_saves_changes_and_looks_back(self):
        for mode in REVISIONS:
            with self.subTest(mode=mode):
                asyncio.run(with_client(mode, self.walk))

    async def walk(self, client):
        async def give(tool, **arguments):
            result = await client.call_tool(tool, arguments)
            self.assertFalse(result.is_error, result.content)
            return result.structured_content

        async def refuse(tool, **arguments):
            result = await client.call_tool(tool, arguments)
            self.assertTrue(result.is_error, result.content)
            return json.loads(result.content[0].text)

        found = await give("find_blocks", query="summarise a text", limit=5)
        self.assertIn("AITextSummarizerBlock", [block["name"] for block in found["blocks"]])
        await give("describe_blocks", names=["AITextSummarizerBlock"])
        told = await refuse("build_agent", plan=plan("AITextSummariserBlok", "sumary"))
        self.assertIn("AITextSummarizerBlock", told["problems"][0]["fix"])
        told = await refuse("build_agent", plan=plan("AITextSummarizerBlock", "sumary"))
        self.assertIn("summary", told["problems"][0]["fix"])
        built = await give("build_agent", plan=plan("AITextSummarizerBlock", "summary"), save=True)
        self.assertEqual((built["saved"], built["version"]), (True, 1), built)
        kept = {"agent_id": built["agent_id"]}
        changed = await give("change_agent", **kept, version=1, changes="Rename it to Short summary", save=True)
        self.assertEqual((changed["saved"], changed["version"]), (True, 2), changed)
        self.assertEqual((await refuse("change_agent", **kept, version=1, changes="Rename it to X", save=True))["error_type"], "version_conflict")
        history = await give("agent_history", **kept)
        self.assertEqual([version["version"] for version in history["versions"]], [2, 1])
        restored = await give("restore_agent", **kept, version=1, current_version=2)
        self.assertEqual(restored["version"], 3)
        read = await client.read_resource(f"agents://agents/{built['agent_id']}/diagram")
        self.assertTrue(read.contents[0].text.startswith("flowchart"))

    def test_work_goes_on_in_the_background(self):
        async def work(client):
            begun = (await client.call_tool("generate_agent", {"goal": "Summarise a web page", "background": True})).structured_content
            self.assertEqual(begun["type"], "operation_started")
            for _ in range(60):
                status = (await client.call_tool("operation_status", {"operation_id": begun["operation_id"]})).structured_content
                if status["status"] == "completed":
                    return status["result"]["type"]
                await asyncio.sleep(1)
            return status

        self.assertEqual(asyncio.run(with_client("auto", work)), "agent_preview")

    def test_a_hundred_calls_at_once_are_answered(self):
        async def work(client):
            calls = [client.call_tool("find_blocks", {"query": "send an e-mail", "limit": 3}) for _ in range(100)]
            return await asyncio.gather(*calls)

        results = asyncio.run(with_client("auto", work))
        self.assertEqual({json.dumps(result.structured_content) for result in results}, {json.dumps(results[0].structured_content)})
        self.assertFalse(any(result.is_error for result in results))

    def test_the_ten_lines_of_the_documentation_work(self):
        lines = re.search(r"```python\n(.*?)```", (ROOT / "docs" / "MCP.md").read_text(encoding="utf-8"), re.DOTALL)[1]
        done = subprocess.run(
            [sys.executable, "-c", lines], capture_output=True, text=True, timeout=120, check=False,
            env=os.environ | {"URL": stack().url, "KEY": stack().key},
        )
        self.assertEqual(done.returncode, 0, done.stderr[-2000:])
        found, fix, summary = done.stdout.splitlines()
        self.assertTrue(all("AITextSummarizerBlock" in line for line in (found, fix)), done.stdout)
        self.assertIn("Short summary", summary)


class TypeScriptTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not PACKAGES.are_installed():
            raise AssertionError("the clients are not installed: `make test` does it (.venv/bin/python tools/assistants.py)")

    def test_the_official_client_works_by_the_old_revision_and_the_new_one(self):
        # A module finds its packages from where it lies.
        program = PACKAGES.folder / "walk.mjs"
        program.write_bytes((PACKAGES.source / "walk.mjs").read_bytes())
        for mode, revision in REVISIONS.items():
            with self.subTest(mode=mode):
                done = subprocess.run(
                    [NODE, program, stack().url + "/mcp", stack().key, mode], capture_output=True, text=True, timeout=120, check=False,
                )
                self.assertEqual(done.returncode, 0, done.stderr[-2000:])
                told = json.loads(done.stdout)
                self.assertEqual((told["version"], told["tools"], told["wrong"], told["saved"]), (revision, 15, True, True), told)
                self.assertIn("AITextSummarizerBlock", told["found"])

    def test_the_conformance_suite_finds_no_fault(self):
        suite = PACKAGES.folder / "node_modules" / "@modelcontextprotocol" / "conformance" / "dist" / "index.js"
        with KeyProxy(stack().url, stack().key) as proxy:
            for scenario in SCENARIOS:
                with self.subTest(scenario=scenario):
                    done = subprocess.run(
                        [NODE, suite, "server", "--url", proxy.address + "/mcp", "--scenario", scenario],
                        capture_output=True, text=True, timeout=120, cwd=PACKAGES.folder, check=False,
                    )
                    self.assertEqual(done.returncode, 0, (done.stdout + done.stderr)[-2000:])
                    self.assertIn("0 failed", done.stdout)


if __name__ == "__main__":
    unittest.main()
