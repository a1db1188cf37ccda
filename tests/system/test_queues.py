"""What is kept of a caller's work, and for how long: the queues, the table and the bucket."""

import string
import unittest

from translated import resources, template

DAY = 24 * 60 * 60
# The queues that functions consume; each has one function, for two consumers of one queue would lose messages to each other.
CONSUMERS = {
    "GenerateJobsQueue": "GenerateWorker",
    "PatchJobsQueue": "PatchWorker",
    "CompletionsQueue": "OperationsFunction",
    "CallbacksQueue": "DeliverFunction",
}


def mappings():
    """Queue -> the event source mapping that reads it."""
    found = resources("AWS::Lambda::EventSourceMapping").values()
    return {mapping["EventSourceArn"]["Fn::GetAtt"][0]: mapping for mapping in found}


class QueueTest(unittest.TestCase):
    def setUp(self):
        self.queues = resources("AWS::SQS::Queue")
        self.consumed = {name: queue for name, queue in self.queues.items() if "RedrivePolicy" in queue}

    def test_every_queue_has_one_function_and_a_dead_letter_queue_of_its_own(self):
        self.assertEqual({queue: mapping["FunctionName"]["Ref"] for queue, mapping in mappings().items()}, CONSUMERS)
        self.assertEqual(set(self.consumed), set(CONSUMERS))
        laid_aside = [queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0] for queue in self.consumed.values()]
        self.assertEqual(sorted(laid_aside), sorted(set(self.queues) - set(self.consumed)))

    def test_no_living_function_loses_its_message_to_another(self):
        functions = resources("AWS::Lambda::Function")
        for name, queue in self.consumed.items():
            with self.subTest(queue=name):
                visible, timeout = queue["VisibilityTimeout"], functions[CONSUMERS[name]]["Timeout"]
                if isinstance(timeout, dict):
                    self.assertEqual(visible, timeout)
                else:
                    self.assertGreaterEqual(visible, 6 * timeout)

    def test_a_message_that_fails_costs_no_other_of_its_batch_its_turn(self):
        for name, mapping in mappings().items():
            with self.subTest(queue=name):
                self.assertEqual(mapping["FunctionResponseTypes"], ["ReportBatchItemFailures"])

    def test_a_flood_of_jobs_does_not_become_a_flood_of_calls(self):
        for name, mapping in mappings().items():
            with self.subTest(queue=name):
                self.assertIn("MaximumConcurrency", mapping["ScalingConfig"])
        for name in ("GenerateJobsQueue", "PatchJobsQueue"):
            mapping = mappings()[name]
            self.assertEqual(mapping["ScalingConfig"], {"MaximumConcurrency": {"Ref": "WorkerConcurrency"}})
            self.assertEqual(mapping["BatchSize"], 1, "a job would wait behind another that takes a quarter of an hour")

    def test_a_job_is_not_laid_aside_before_it_was_tried_as_often_as_it_may_be(self):
        attempts = template()["Parameters"]["JobAttempts"]["MaxValue"]
        for name in ("GenerateJobsQueue", "PatchJobsQueue"):
            # A receive that finds another worker at it counts too.
            self.assertGreaterEqual(self.queues[name]["RedrivePolicy"]["maxReceiveCount"], 2 * attempts)

    def test_a_message_outlives_a_long_weekend_and_what_was_laid_aside_a_holiday(self):
        for name, queue in self.queues.items():
            with self.subTest(queue=name):
                self.assertGreaterEqual(queue["MessageRetentionPeriod"], (4 if name in self.consumed else 14) * DAY)

    def test_messages_lie_and_travel_encrypted(self):
        for name, queue in self.queues.items():
            with self.subTest(queue=name):
                self.assertIs(queue["SqsManagedSseEnabled"], True)
        policy, = resources("AWS::SQS::QueuePolicy").values()
        self.assertEqual({queue["Ref"] for queue in policy["Queues"]}, set(self.queues))
        assert_refuses_plain_text(self, policy["PolicyDocument"]["Statement"], "sqs:*")


class TableTest(unittest.TestCase):
    def setUp(self):
        self.table = resources("AWS::DynamoDB::Table")["OperationsTable"]

    def test_an_operation_is_found_by_its_id_and_by_its_task(self):
        self.assertEqual(self.table["KeySchema"], [{"AttributeName": "operation_id", "KeyType": "HASH"}])
        index, = self.table["GlobalSecondaryIndexes"]
        self.assertEqual(index["IndexName"], "task_id-index")
        self.assertEqual(index["KeySchema"], [{"AttributeName": "task_id", "KeyType": "HASH"}])
        self.assertEqual(index["Projection"], {"ProjectionType": "KEYS_ONLY"}, "requests would be kept twice")

    def test_what_is_old_is_forgotten_and_what_was_lost_can_be_brought_back(self):
        self.assertEqual(self.table["TimeToLiveSpecification"], {"AttributeName": "expires_at", "Enabled": True})
        self.assertEqual(self.table["PointInTimeRecoverySpecification"], {"PointInTimeRecoveryEnabled": True})

    def test_an_idle_stack_pays_for_no_table(self):
        self.assertEqual(self.table["BillingMode"], "PAY_PER_REQUEST")

    def test_operations_lie_encrypted_under_a_key_whose_use_is_recorded(self):
        self.assertEqual(self.table["SSESpecification"], {"SSEEnabled": True})


class BucketTest(unittest.TestCase):
    def setUp(self):
        self.bucket = resources("AWS::S3::Bucket")["OperationsBucket"]

    def test_nobody_can_open_it_to_the_world(self):
        self.assertEqual(set(self.bucket["PublicAccessBlockConfiguration"].values()), {True})
        self.assertEqual(self.bucket["OwnershipControls"], {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]})

    def test_long_texts_lie_and_travel_encrypted(self):
        rule, = self.bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        self.assertIn(rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"], ("AES256", "aws:kms"))
        policy, = resources("AWS::S3::BucketPolicy").values()
        self.assertEqual(policy["Bucket"], {"Ref": "OperationsBucket"})
        assert_refuses_plain_text(self, policy["PolicyDocument"]["Statement"], "s3:*")

    def test_it_forgets_after_the_table_and_not_before(self):
        rule, = self.bucket["LifecycleConfiguration"]["Rules"]
        self.assertEqual(rule["Status"], "Enabled")
        self.assertGreater(rule["ExpirationInDays"], template()["Parameters"]["OperationRetentionDays"]["MaxValue"])


class StackTest(unittest.TestCase):
    def test_a_stack_that_is_deleted_leaves_no_callers_text_behind(self):
        for name in ("OperationsTable", "OperationsBucket"):
            resource = template()["Resources"][name]
            self.assertEqual((resource["DeletionPolicy"], resource["UpdateReplacePolicy"]), ("Delete", "Delete"))

    def test_whoever_wires_a_stack_to_another_system_finds_all_names_in_the_outputs(self):
        wanted = {
            "OperationsTable": "OperationsTable", "OperationsBusName": "EventBus",
            "InternalKeySecretArn": "InternalKey", "WebhookSecretArn": "WebhookSecret",
            "CompletionsQueueUrl": "CompletionsQueue",
            "GenerateJobsQueueUrl": "GenerateJobsQueue", "PatchJobsQueueUrl": "PatchJobsQueue",
        }
        outputs = template()["Outputs"]
        self.assertEqual({name: outputs[name]["Value"] for name in wanted},
                         {name: {"Ref": resource} for name, resource in wanted.items()})

    def test_secrets_are_made_long_and_by_nobody(self):
        for name, secret in resources("AWS::SecretsManager::Secret").items():
            with self.subTest(secret=name):
                self.assertNotIn("SecretString", secret, "a secret in the template is none")
                made = secret["GenerateSecretString"]
                self.assertGreaterEqual(made["PasswordLength"], 32)
                # It travels in a header, or is read as base64.
                self.assertIs(made["ExcludePunctuation"], True)
                self.assertLessEqual(set(string.punctuation), set(made["ExcludeCharacters"]))
        self.assertEqual(resources("AWS::SecretsManager::Secret")["WebhookSecret"]["GenerateSecretString"]["PasswordLength"] % 4, 0)


def assert_refuses_plain_text(test, statements, action):
    """Nobody gets through without TLS."""
    statement, = statements
    test.assertEqual((statement["Effect"], statement["Principal"], statement["Action"]), ("Deny", "*", action))
    test.assertEqual(statement["Condition"], {"Bool": {"aws:SecureTransport": "false"}})


if __name__ == "__main__":
    unittest.main()
