"""Checks that hold for every answer of the API."""

import unittest

NEVER_STORED = "no-store, no-cache, must-revalidate, private"


class ApiTest(unittest.TestCase):
    """A test case with checks for answers and errors."""

    maxDiff = None

    def assert_answer(self, answer, status):
        """Checks the status and the common headers; returns the JSON."""
        self.assertEqual(answer.status, status, answer.body[:500])
        self.assertTrue(answer.headers["Content-Type"].startswith("application/"), answer.headers["Content-Type"])
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        self.assertTrue(answer.headers["X-Request-Id"], "an answer without a request id")
        return answer.json()

    def assert_result(self, answer, kind):
        """Checks a result of type `kind`; returns the JSON."""
        result = self.assert_answer(answer, 200)
        self.assertEqual(result.get("type"), kind, result)
        self.assertTrue(result["message"], "a result without a message")
        self.assertIn("session_id", result)
        self.assertEqual(answer.headers["Cache-Control"], NEVER_STORED)
        return result

    def assert_error(self, answer, status, error_type, code=None, retryable=False):
        """Checks the fields of an error; returns the JSON."""
        error = self.assert_answer(answer, status)
        more = {"details", "operation"} if error_type == "already_ended" else {"details"}
        self.assertEqual(
            set(error) - more,
            {"type", "message", "error", "error_type", "retryable", "session_id", "request_id"},
        )
        self.assertEqual(error["type"], "error")
        self.assertEqual(error["error_type"], error_type)
        self.assertEqual(error["error"], code or error_type)
        self.assertIs(error["retryable"], retryable)
        self.assertIsInstance(error["details"], dict)
        self.assertEqual(error["request_id"], answer.headers["X-Request-Id"])
        self.assertEqual(answer.headers["Cache-Control"], NEVER_STORED)
        return error
