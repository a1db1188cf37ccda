"""Webhooks: to nowhere that they must not go, and where they may, signed and told again until they are taken."""

import json
from concurrent.futures import ThreadPoolExecutor

from aws import until
from deployed import operations_stack, receiver
from operations import OperationTest
from webhook_receiver import is_genuine

# Each of them leads into the network of whoever runs the functions, in one notation or another, or is no safe address.
FORBIDDEN = (
    "https://127.0.0.1/", "https://127.0.0.1:443/hook", "https://10.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest",
    "https://192.168.1.1/", "https://172.16.0.1/", "https://2130706433/", "https://0177.0.0.1/", "https://0x7f.1/",
    "https://[::ffff:127.0.0.1]/", "https://[::ffff:a9fe:a9fe]/", "https://[fd00::1]/", "https://0.0.0.0/",
    "https://localhost/", "http://example.com/", "https://user:password@example.com/", "https://example.com:8443/",
    "ftp://example.com/", "example.com", "",
)


def setUpModule():
    operations_stack()


class WebhookTest(OperationTest):
    def delivered(self, path, count=1):
        """The deliveries to a path, once there are so many."""
        return until("the webhook", lambda: receiver().deliveries(path)[count - 1:] and receiver().deliveries(path))

    def test_an_address_in_our_own_network_is_refused_before_any_work(self):
        requests = [self.with_ids(callback_url=url) for url in FORBIDDEN]
        with ThreadPoolExecutor() as pool:
            answers = list(pool.map(lambda request: self.post(request[1]), requests))
        for (mark, body), answer in zip(requests, answers):
            with self.subTest(url=body["callback_url"]):
                error = self.assert_error(answer, 400, "invalid_request")
                self.assertIn("callback_url", error["message"])
                self.assertIsNone(self.aws.item(self.api.outputs["OperationsTable"], body["operation_id"]))
                self.assertEqual(self.generator.calls(mark), [])

    def test_the_end_is_told_and_the_receiver_can_verify_by_whom(self):
        secret = self.aws.secret(self.api.outputs["WebhookSecretArn"])
        for path, answers, kind in (
            ("/good", (), "operation.completed"),
            ("/bad", ((422, {"error_type": "validation_error", "error": "No sink"}),), "operation.failed"),
        ):
            with self.subTest(kind=kind):
                _, body = self.start(*answers, callback_url=receiver().url(path), session_id="conversation-7")
                (headers, text), = self.delivered(path)
                self.assertTrue(is_genuine(secret, headers, text))
                self.assertFalse(is_genuine(secret, headers, text + b" "))
                told = json.loads(text)
                self.assertEqual((told["type"], told["data"]["operation_id"], told["data"]["task_id"]),
                                 (kind, body["operation_id"], body["task_id"]))
                self.assertEqual(told["data"]["session_id"], "conversation-7")
                self.assertNotIn("agent_json", str(told), "the result is for the caller alone")

    def test_a_receiver_that_was_down_or_points_elsewhere_gets_the_same_webhook_again(self):
        for path, status in (("/down", 503), ("/moved", 302)):
            receiver().answer(path, status)
            self.start(callback_url=receiver().url(path))
        for path in ("/down", "/moved"):
            (first, body), (second, again) = self.delivered(path, 2)
            self.assertEqual((first["webhook-id"], body), (second["webhook-id"], again))

    def test_a_receiver_that_is_gone_is_left_alone(self):
        receiver().answer("/gone", 410)
        self.start(callback_url=receiver().url("/gone"))
        self.delivered("/gone")
        self.drains(self.api.resources["CallbacksQueue"])
        self.assertEqual(len(receiver().deliveries("/gone")), 1)
