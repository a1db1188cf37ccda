"""The agent library through the deployed API: what a caller keeps is there, is theirs, and is never lost."""

import json
from concurrent.futures import ThreadPoolExecutor

from api_test import ApiTest
from aws import Aws, until
from deployed import stack

AGENT = {
    "name": "Echo", "description": "Gives back what it gets.",
    "nodes": [
        {"id": "in", "block_id": "c0a8e994-ebf1-4a9c-a4d8-89d09c86741b", "input_default": {"name": "text"}},
        {"id": "out", "block_id": "363ae599-353e-4804-937e-b2ee3cef3da4", "input_default": {"name": "text"}},
    ],
    "links": [{"id": "l", "source_id": "in", "source_name": "result", "sink_id": "out", "sink_name": "value", "is_static": True}],
}

# Runs another agent: its `graph_id` says which.
AGENT_EXECUTOR = "e189baac-8c20-45a1-94a7-55177ea42565"


def setUpModule():
    stack()


def named(name, **more):
    return {"agent_json": AGENT | {"name": name} | more}


class LibraryTest(ApiTest):
    def create(self, name, headers=None, **more):
        """The path and the tag of a new agent."""
        answer = stack().call("POST", "/agents", named(name, **more), headers)
        self.assertEqual(answer.status, 201, answer.body[:500])
        return f"/agents/{json.loads(answer.body)['id']}", answer.headers["ETag"]

    def names(self, query="", headers=None):
        answer = stack().call("GET", f"/agents?limit=100{query}", headers=headers)
        self.assertEqual(answer.status, 200, answer.body[:500])
        return [agent["name"] for agent in json.loads(answer.body)["agents"]]

    def another_key(self):
        return {"x-api-key": Aws(stack()).api_key(stack())}

    def test_an_agent_is_kept_changed_and_brought_back_with_its_history(self):
        path, first = self.create("Kept")
        changed = stack().call("PUT", path, named("Changed"), {"If-Match": first})
        self.assertEqual(changed.status, 200, changed.body[:500])
        self.assert_error(stack().call("PUT", path, named("Stale"), {"If-Match": first}), 412, "version_conflict")
        self.assert_error(stack().call("PUT", path, named("Blind")), 428, "precondition_required")
        restored = stack().call("POST", f"{path}/versions/1/restore", headers={"If-Match": changed.headers["ETag"]})
        self.assertEqual((restored.status, json.loads(restored.body)["version"]), (200, 3), restored.body[:500])
        read = stack().call("GET", path)
        self.assertEqual(json.loads(read.body)["agent_json"], named("Kept")["agent_json"])
        self.assertEqual(stack().call("GET", path, headers={"If-None-Match": read.headers["ETag"]}).status, 304)
        history = json.loads(stack().call("GET", f"{path}/versions").body)["versions"]
        self.assertEqual([version["origin"] for version in history], ["restored", "replaced", "created"])

    def test_a_deleted_agent_leaves_the_list_at_once_and_comes_back(self):
        path, _ = self.create("Soon deleted")
        until("the list has it", lambda: "Soon deleted" in self.names())
        self.assertEqual(stack().call("DELETE", path).status, 204)
        self.assertNotIn("Soon deleted", self.names())
        self.assert_error(stack().call("GET", path), 404, "agent_not_found")
        self.assertEqual(stack().call("POST", f"{path}/undelete").status, 200)
        until("the list has it again", lambda: "Soon deleted" in self.names("&q=soon"))

    def test_an_agent_of_4_mb_is_read_back_as_it_was_sent(self):
        note = "".join(chr(33 + at % 90) for at in range(4_000_000)).replace('"', "'").replace("\\", "/")
        path, _ = self.create("Long", note=note)
        self.assertEqual(json.loads(stack().call("GET", path).body)["agent_json"]["note"], note)

    def test_of_twenty_who_change_one_version_one_does(self):
        path, first = self.create("Contested")
        with ThreadPoolExecutor(20) as pool:
            answers = list(pool.map(lambda at: stack().call("PUT", path, named(f"Editor {at}"), {"If-Match": first}), range(20)))
        statuses = sorted(answer.status for answer in answers)
        self.assertEqual(statuses, [200] + [412] * 19)

    def test_nobody_finds_what_is_not_theirs_until_the_operator_gives_it_to_them(self):
        mine, theirs = self.another_key(), self.another_key()
        path, first = self.create("Private", mine)
        until("the list has it", lambda: self.names(headers=mine) == ["Private"])
        self.assertEqual(self.names(headers=theirs), [])
        for method, more in (("GET", ""), ("PUT", ""), ("DELETE", ""), ("GET", "/versions"), ("POST", "/fork")):
            with self.subTest(method=method, more=more):
                body = named("Stolen") if method in ("PUT", "POST") else None
                answer = stack().call(method, path + more, body, theirs | {"If-Match": first})
                self.assert_error(answer, 404, "agent_not_found")
        self.assertEqual(stack().call("GET", path, headers=mine).status, 200)

    def test_a_repeated_creation_makes_one_agent(self):
        key = {"Idempotency-Key": "library-repeat"}
        self.assertEqual(self.create("Once", key), self.create("Once", key))
        again = stack().call("POST", "/agents", named("Other"), key)
        self.assert_error(again, 422, "idempotency_mismatch")

    def ask(self, path, body, headers=None):
        """The result of a request, which must be an agent."""
        result = self.assert_answer(stack().call("POST", path, body, headers), 200)
        self.assertEqual(result["type"], "agent_preview", result)
        return result

    def in_the_background(self, path, body):
        """The result of the same in the background."""
        started = self.assert_answer(stack().call("POST", path, body, {"Prefer": "respond-async"}), 202)
        operation = f"/operations/{started['operation_id']}"
        ended = until("it has ended", lambda: self.ended(operation))
        self.assertEqual(ended["status"], "completed", ended)
        return ended["result"] | {"operation_id": started["operation_id"]}

    def ended(self, operation):
        read = json.loads(stack().call("GET", operation).body)
        return read if read["status"] in ("completed", "failed") else None

    def history(self, agent_id):
        return json.loads(stack().call("GET", f"/agents/{agent_id}/versions").body)["versions"]

    def test_an_agent_is_saved_as_it_is_made_and_changed_by_words(self):
        made = self.ask("/generate", {"description": "Summarise a web page", "save": True})
        kept = json.loads(stack().call("GET", f"/agents/{made['agent_id']}").body)
        self.assertEqual((kept["agent_json"], kept["version"], kept["etag"]), (made["agent_json"], 1, made["etag"]))
        preview = self.ask("/patch", {"agent_id": made["agent_id"], "changes": "Rename it to Preview"})
        self.assertEqual((preview["saved"], preview["etag"]), (False, made["etag"]))
        change = {"agent_id": made["agent_id"], "changes": "Rename it to Digest", "save": True}
        changed = self.ask("/patch", change, {"If-Match": made["etag"]})
        self.assertEqual((changed["saved"], changed["version"], changed["agent_name"]), (True, 2, "Digest"))
        self.assert_error(stack().call("POST", "/patch", change, {"If-Match": made["etag"]}), 412, "version_conflict")
        second, first = self.history(made["agent_id"])
        self.assertEqual((first["origin"], first["wish"]), ("generated", "Summarise a web page"))
        self.assertEqual((second["origin"], second["wish"], second["changes"]), ("patched", change["changes"], changed["changes"]))

    def test_the_same_in_the_background_with_the_operation_in_the_history(self):
        made = self.in_the_background("/generate", {"description": "Summarise a web page", "save": True})
        self.assertEqual((made["saved"], made["version"]), (True, 1))
        changed = self.in_the_background("/patch", {"agent_id": made["agent_id"], "changes": "Rename it to Late", "save": True})
        self.assertEqual((changed["saved"], changed["version"]), (True, 2))
        operations = [version["operation_id"] for version in self.history(made["agent_id"])]
        self.assertEqual(operations, [changed["operation_id"], made["operation_id"]])

    def test_of_many_who_change_one_agent_by_words_each_keeps_its_result(self):
        made = self.ask("/generate", {"description": "Summarise a web page", "save": True})
        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(lambda at: stack().call("POST", "/patch", {
                "agent_id": made["agent_id"], "version": 1, "changes": f"Rename it to Editor {at}", "save": True}), range(6)))
        results = [json.loads(answer.body) for answer in answers]
        # Who comes too late to begin is told so before any work.
        self.assertLessEqual({answer.status for answer in answers}, {200, 412})
        saved = [result for result in results if result.get("saved")]
        self.assertEqual([result["version"] for result in saved], [2])
        for at, result in enumerate(results):
            if result.get("saved") is False:
                self.assertEqual((result["error_type"], result["agent_name"]), ("version_conflict", f"Editor {at}"))

    def test_nobody_changes_what_is_not_theirs(self):
        made = self.ask("/generate", {"description": "Summarise a web page", "save": True}, self.another_key())
        change = {"agent_id": made["agent_id"], "changes": "Rename it to Mine", "save": True}
        self.assert_error(stack().call("POST", "/patch", change), 404, "agent_not_found")

    def test_an_agent_that_the_goal_names_becomes_a_step_for_its_owner_alone(self):
        mine, theirs = self.another_key(), self.another_key()
        path, _ = self.create("Zebra counter", mine)
        goal = {"description": 'Every Monday at 9, run my agent "Zebra counter" and post the result to the Slack channel #news'}

        def runs(headers, **more):
            made = json.loads(stack().call("POST", "/generate", goal | more, headers).body)
            nodes = made.get("agent_json", {}).get("nodes", [])
            return [node["input_default"]["graph_id"] for node in nodes if node["block_id"] == AGENT_EXECUTOR]

        until("the index has it", lambda: runs(mine) == [path.removeprefix("/agents/")])
        plan = self.assert_answer(stack().call("POST", "/decompose", goal, mine), 200)
        self.assertIn("AgentExecutorBlock", [step["block_name"] for step in plan["steps"]])
        self.assertEqual(runs(theirs), [])
        self.assertEqual(runs(mine, library_agents=[]), [])

    def test_an_agent_that_breaks_rules_is_told_them(self):
        broken = named("Broken", links=[AGENT["links"][0] | {"sink_id": "nowhere"}])
        error = self.assert_answer(stack().call("POST", "/agents", broken), 422)
        self.assertEqual(error["error_type"], "validation_error")
        self.assertTrue(error["faults"])

    def test_the_operator_can_sweep_and_transfer_by_payload_alone(self):
        self.assertEqual(stack().invoke("LibraryFunctionName", {"sweep": True}).json()["type"], "swept")
        asked = {"route": "agents/transfer", "from": "nobody", "to": "somebody"}
        moved = stack().invoke("LibraryFunctionName", asked).json()
        self.assertEqual(moved, {"type": "transferred", "agents": 0, "more": False})
        self.assert_error(stack().call("POST", "/agents/transfer", {"from": "a", "to": "b"}), 405, "method_not_allowed")
