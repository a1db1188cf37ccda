"""The deployed functions have the rights of their roles and no others: each of these calls fails without its policy."""

import uuid

from deployed import impatient_stack
from operations import OperationTest


def setUpModule():
    impatient_stack()


class EnforcedTest(OperationTest):
    def setUp(self):
        super().setUp()
        self.api = impatient_stack()

    def test_a_function_without_a_right_is_refused_and_with_it_works(self):
        def start():
            return self.post(self.with_ids()[1])

        def read():
            return self.api.call("GET", f"/operations/{uuid.uuid4()}")

        for role, policy, call, status in (
            ("GenerateRole", "jobs", start, 202), ("GenerateRole", "operations", start, 202),
            ("OperationsRole", "operations", read, 404),
        ):
            with self.subTest(role=role, policy=policy):
                with self.aws.without_policy(self.api.resources[role], policy):
                    refused = self.assert_answer(call(), 503)
                self.assertEqual(refused["error_type"], "service_unavailable")
                self.assertIn("AccessDenied", refused["details"]["service_error"])
                self.assertEqual(call().status, status)
