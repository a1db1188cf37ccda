"""The main use through the deployed API: from a goal to steps, to an agent, to a changed agent."""

from deployed import stack
from api_test import ApiTest

GOAL = "Summarise a web page and e-mail the summary"


def setUpModule():
    stack()


class AgentsTest(ApiTest):
    def test_a_goal_becomes_an_agent_and_then_a_changed_agent(self):
        api = stack()
        plan = self.assert_result(api.call("POST", "/decompose", {"description": GOAL}), "instructions")
        self.assertGreater(len(plan["steps"]), 1, "a goal with two parts needs two steps")

        made = self.assert_result(api.call("POST", "/generate", {"instructions": plan}), "agent_preview")
        agent = made["agent_json"]
        self.assert_connected(agent)
        self.assertEqual((made["node_count"], made["link_count"]), (len(agent["nodes"]), len(agent["links"])))
        self.assertTrue(agent["is_active"] and agent["id"] and agent["version"] == 1)

        change = {"current_agent_json": agent, "changes": "Rename it to Page digest"}
        changed = self.assert_result(api.call("POST", "/patch", change), "agent_preview")
        self.assertEqual(changed["agent_json"]["name"], "Page digest")
        self.assertEqual(changed["agent_json"]["id"], agent["id"], "a patch keeps the agent's id")
        self.assert_connected(changed["agent_json"])

    def test_a_goal_becomes_an_agent_in_one_call(self):
        made = self.assert_result(stack().call("POST", "/generate", {"description": GOAL}), "agent_preview")
        self.assert_connected(made["agent_json"])

    def test_a_vague_goal_gets_a_suggestion_instead_of_an_error(self):
        answer = self.assert_result(stack().call("POST", "/decompose", {"description": "do something"}), "vague_goal")
        self.assertIn("suggested_goal", answer)

    def test_the_session_id_is_returned(self):
        sent = {"description": GOAL, "session_id": "conversation-7"}
        answer = self.assert_result(stack().call("POST", "/decompose", sent), "instructions")
        self.assertEqual(answer["session_id"], "conversation-7")

    def test_text_in_any_language_is_unchanged(self):
        sent = {"description": GOAL, "session_id": "Zürich – 東京 – 🛰"}
        answer = self.assert_result(stack().call("POST", "/decompose", sent), "instructions")
        self.assertEqual(answer["session_id"], sent["session_id"])

    def assert_connected(self, agent):
        """Every link joins two nodes, and every node has a link."""
        ids = {node["id"] for node in agent["nodes"]}
        joined = {end for link in agent["links"] for end in (link["source_id"], link["sink_id"])}
        self.assertEqual(ids, joined, "a node without a link")


class CatalogueTest(ApiTest):
    def test_the_blocks_are_listed(self):
        listed = self.assert_answer(stack().call("GET", "/blocks"), 200)
        self.assertEqual(listed["type"], "blocks")
        names = {block["name"] for block in listed["blocks"]}
        self.assertLessEqual({"AgentInputBlock", "AgentOutputBlock"}, names)

    def test_health_needs_no_key(self):
        answer = self.assert_answer(stack().call("GET", "/health", key=False), 200)
        self.assertEqual(answer, {"status": "healthy", "generator": "builtin", "blocks_loaded": True})


class DirectInvocationTest(ApiTest):
    def test_a_direct_invocation_returns_the_bare_result(self):
        api = stack()
        plan = api.invoke("DecomposeFunctionName", {"description": GOAL}).json()
        self.assertEqual(plan["type"], "instructions")
        made = api.invoke("GenerateFunctionName", {"instructions": plan}).json()
        self.assertEqual(made["type"], "agent_preview")
        change = {"current_agent_json": made["agent_json"], "changes": "Rename it to Page digest"}
        self.assertEqual(api.invoke("PatchFunctionName", change).json()["agent_name"], "Page digest")

    def test_a_direct_invocation_returns_a_bad_request_as_its_payload(self):
        error = stack().invoke("PatchFunctionName", {"changes": "Rename it"}).json()
        self.assertEqual((error["type"], error["error"]), ("error", "Missing current_agent_json parameter"))
