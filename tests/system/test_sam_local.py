"""The files of events/ in SAM CLI's own containers: what people send first, and how they send it."""

import json
import os
import subprocess
import sys
import unittest
from contextlib import ExitStack

# Before anything of tools/: it says where that is.
from deployed import ROOT, stack
from build import PACKAGE
from container_engine import NoEngine, container_engine
from sam_local import LocalLambda, beside, function_for

EVENTS = {path.stem: path for path in (ROOT / "events").glob("*.json")}
RESULTS = {"decompose": "instructions", "generate": "agent_preview", "patch": "agent_preview", "catalog": "blocks"}
STATUS_OF_A_MISTAKE = {"catalog": 405}
DONE = {"batchItemFailures": []}
# In this order: each leaves in the table what the next one finds there.
OF_OPERATIONS = ("generate-poison", "generate-sqs", "patch-sqs", "operations-rest", "operations-task-rest", "operations-events-rest",
                 "operations-list-rest", "operations-sqs", "operations-cancel-rest", "operations-complete-rest", "operations-report-rest", "deliver-sqs", "generate-eventbridge-operation", "operations-sweep")
OF_LIBRARY = ("library-create-rest", "generate-save-rest", "patch-kept-rest", "library-list-rest", "library-transfer", "library-sweep")
# `check` answers with its verdict, which has no type; of a call, its result is looked at.
OF_MCP = ("mcp-discover-rest", "mcp-call-rest", "mcp-build-rest", "mcp-check-rest")
# SAM's Lambda takes no answer that is streamed.
STREAMED = ("page-rest",)
LAMBDA_ERRORS = {"unknown": "Runtime.UnknownEvent"}


def setUpModule():
    """Without an engine these tests are skipped, unless CONTAINER_ENGINE=required says that there has to be one."""
    global containers
    running = ExitStack()
    unittest.addModuleCleanup(running.close)
    try:
        engine = running.enter_context(container_engine(PACKAGE.parent / "DecomposeFunction" / "bootstrap"))
    except NoEngine as missing:
        if os.environ.get("CONTAINER_ENGINE") == "required":
            raise
        raise unittest.SkipTest(str(missing)) from None
    containers = running.enter_context(LocalLambda(engine, *running.enter_context(beside(stack(), engine))))


def sent(name):
    """The answer to an event."""
    return containers.invoke(function_for(EVENTS[name]), EVENTS[name].read_bytes())


class EventTest(unittest.TestCase):
    def test_every_event_of_one_request_is_answered_as_its_name_says(self):
        for name in sorted(set(EVENTS) - set(OF_OPERATIONS) - set(OF_LIBRARY) - set(OF_MCP) - set(STREAMED)):
            function, _, trigger = name.partition("-")
            with self.subTest(event=name):
                answer = sent(name)
                if name in LAMBDA_ERRORS:
                    self.assertEqual(answer.get("errorType"), LAMBDA_ERRORS[name], answer)
                elif function == "authorizer":
                    # The token is of another issuer, so the authorizer need not ask its own for a key.
                    self.assertEqual(answer["policyDocument"]["Statement"][0]["Effect"], "Deny", answer)
                elif trigger == "wrong":
                    self.assertEqual(answer.get("statusCode"), STATUS_OF_A_MISTAKE.get(function, 400), answer)
                    self.assertEqual(json.loads(answer["body"])["type"], "error")
                elif trigger in ("direct", "eventbridge"):
                    self.assertEqual(answer.get("type"), RESULTS[function], answer)
                else:
                    self.assertEqual(answer.get("statusCode"), 200, answer)
                    self.assertEqual(json.loads(answer["body"])["type"], RESULTS[function])

    def test_every_event_of_work_in_the_background_finds_its_table(self):
        answers = {name: sent(name) for name in OF_OPERATIONS}
        message = json.loads(EVENTS["generate-poison"].read_bytes())["Records"][0]["messageId"]
        self.assertEqual(answers["generate-poison"], {"batchItemFailures": [{"itemIdentifier": message}]})
        for name in ("generate-sqs", "patch-sqs", "operations-sqs", "deliver-sqs"):
            self.assertEqual(answers[name], DONE, name)
        status = answers["operations-rest"]
        self.assertEqual((status.get("statusCode"), json.loads(status["body"]).get("status")), (200, "completed"), status)
        task = answers["operations-task-rest"]
        self.assertEqual(json.loads(task["body"]).get("operation_id"), json.loads(status["body"])["operation_id"], task)
        listed = json.loads(answers["operations-list-rest"]["body"])["operations"]
        self.assertEqual([head["status"] for head in listed], ["completed"])
        late = answers["operations-cancel-rest"]
        self.assertEqual((late.get("statusCode"), json.loads(late["body"]).get("error_type")), (409, "already_ended"), late)
        events = json.loads(answers["operations-events-rest"]["body"])["events"]
        self.assertEqual((events[0]["type"], events[-1]["type"]), ("started", "completed"), events)
        for name in ("operations-complete-rest", "operations-report-rest"):
            self.assertEqual(answers[name].get("statusCode"), 401, answers[name])
        self.assertEqual(answers["operations-sweep"].get("failed"), 0, answers["operations-sweep"])
        started = answers["generate-eventbridge-operation"]
        self.assertEqual((started.get("type"), started.get("task_id")), ("operation_started", "task-example-3"), started)

    def test_every_event_of_the_library_finds_its_table(self):
        created, made, changed, listed, moved, swept = [sent(name) for name in OF_LIBRARY]
        versions = [json.loads(answer["body"]).get("version") for answer in (made, changed)]
        self.assertEqual(versions, [1, 2], (made, changed))
        self.assertEqual((created.get("statusCode"), listed.get("statusCode")), (201, 200), (created, listed))
        self.assertEqual((moved.get("type"), swept.get("type")), ("transferred", "swept"), (moved, swept))

    def test_every_event_of_an_assistant_is_answered(self):
        found, called, built, checked = [json.loads(sent(name)["body"]) for name in OF_MCP]
        self.assertEqual(found["result"]["resultType"], "complete", found)
        self.assertEqual(called["result"]["isError"], False, called)
        self.assertEqual((built["type"], checked["valid"]), ("agent_preview", True), (built, checked))


class CommandTest(unittest.TestCase):
    def test_make_local_invoke_prints_the_answer_and_nothing_else(self):
        done = subprocess.run(
            [sys.executable, ROOT / "tools" / "local_invoke.py"], env=os.environ | {"EVENT": str(EVENTS["catalog-rest"])},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["statusCode"], 200)
