"""Webhooks: only to allowed addresses, signed, and repeated until they are accepted."""

import json
from concurrent.futures import ThreadPoolExecutor

from aws import until
from deployed import operations_stack, receiver
from operations import OperationTest
from webhook_receiver import is_genuine

# Private addresses in several notations, and unsafe ones.
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
        """Waits for a number of deliveries to a path."""
        return until("the webhook", lambda: receiver().deliveries(path)[count - 1:] and receiver().deliveries(path))

    def test_a_private_address_is_rejected_before_any_work(self):
        requests = [self.with_ids(callback_url=url) for url in FORBIDDEN]
        with ThreadPoolExecutor() as pool:
            answers = list(pool.map(lambda request: self.post(request[1]), requests))
        for (mark, body), answer in zip(requests, answers):
            with self.subTest(url=body["callback_url"]):
                error = self.assert_error(answer, 400, "invalid_request")
                self.assertIn("callback_url", error["message"])
                self.assertIsNone(self.aws.item(self.api.outputs["OperationsTable"], body["operation_id"]))
                self.assertEqual(self.generator.calls(mark), [])

    def test_the_receiver_learns_the_end_and_can_verify_the_sender(self):
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
                webhook = json.loads(text)
                self.assertEqual((webhook["type"], webhook["data"]["operation_id"], webhook["data"]["task_id"]),
                                 (kind, body["operation_id"], body["task_id"]))
                self.assertEqual(webhook["data"]["session_id"], "conversation-7")
                self.assertNotIn("agent_json", str(webhook), "the result is only for the caller")

    def test_after_an_error_or_a_redirect_the_same_webhook_is_sent_again(self):
        for path, status in (("/down", 503), ("/moved", 302)):
            receiver().answer(path, status)
            self.start(callback_url=receiver().url(path))
        for path in ("/down", "/moved"):
            (first, body), (second, again) = self.delivered(path, 2)
            self.assertEqual((first["webhook-id"], body), (second["webhook-id"], again))

    def test_a_receiver_that_answers_410_is_not_called_again(self):
        receiver().answer("/gone", 410)
        self.start(callback_url=receiver().url("/gone"))
        self.delivered("/gone")
        self.drains(self.api.resources["CallbacksQueue"])
        self.assertEqual(len(receiver().deliveries("/gone")), 1)
