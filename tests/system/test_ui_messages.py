"""The AI SDK's own client reads our UI message streams: what `useChat` of a page would show, without a complaint.

The streams are files that the tests of functions/stream hold the function's answers against.
"""

import json
import shutil
import subprocess
import sys
import unittest

from translated import ROOT

sys.path.insert(0, str(ROOT / "tools"))

from ai_sdk import PACKAGES  # noqa: E402
from node import NODE  # noqa: E402


class ReaderTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not PACKAGES.are_installed():
            raise AssertionError("the AI SDK is not installed: `make test` does it (.venv/bin/python tools/ai_sdk.py)")

    def read(self, name):
        """What the client makes of a stream."""
        # A module finds its packages from where it lies.
        program, stream = PACKAGES.folder / "read.mjs", PACKAGES.source / "streams" / name
        shutil.copyfile(PACKAGES.source / "read.mjs", program)
        done = subprocess.run([NODE, program, stream], capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return json.loads(done.stdout)

    def test_a_page_shows_the_last_state_of_an_operation_and_its_closing_words(self):
        read = self.read("agent.txt")
        self.assertEqual(read["errors"], [])
        self.assertEqual(read["asked"], ["GET http://stack.test/v1/tasks/demo/stream"], "the address that its client makes")
        self.assertEqual((read["message"]["id"], read["message"]["role"]), ("op", "assistant"))
        operation, words = read["message"]["parts"]
        self.assertEqual((operation["type"], operation["data"]["status"]), ("data-operation", "completed"))
        self.assertEqual(operation["data"]["event"]["agent_name"], "News")
        self.assertEqual(words, {"type": "text", "text": "Every weekday at 8:00.\n", "state": "done"})

    def test_a_page_shows_why_an_operation_failed(self):
        read = self.read("failure.txt")
        self.assertEqual(read["errors"], ["Failed to generate the agent. Please try again."])
        self.assertEqual([part["data"]["status"] for part in read["message"]["parts"]], ["failed"])


if __name__ == "__main__":
    unittest.main()
