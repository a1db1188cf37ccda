"""How long and how safely a caller's data is stored: queues, table and bucket."""

import json
import string
import unittest

from translated import resources, template

DAY = 24 * 60 * 60
# Queue -> its one consumer. Two consumers would take messages from each other.
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

    def test_every_queue_has_one_consumer_and_its_own_dead_letter_queue(self):
        self.assertEqual({queue: mapping["FunctionName"]["Ref"] for queue, mapping in mappings().items()}, CONSUMERS)
        self.assertEqual(set(self.consumed), set(CONSUMERS))
        laid_aside = [queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0] for queue in self.consumed.values()]
        self.assertEqual(sorted([*laid_aside, "FailedEvents"]), sorted(set(self.queues) - set(self.consumed)))

    def test_a_message_stays_hidden_while_its_function_can_still_run(self):
        functions = resources("AWS::Lambda::Function")
        for name, queue in self.consumed.items():
            with self.subTest(queue=name):
                visible, timeout = queue["VisibilityTimeout"], functions[CONSUMERS[name]]["Timeout"]
                if isinstance(timeout, dict):
                    self.assertEqual(visible, timeout)
                else:
                    self.assertGreaterEqual(visible, 6 * timeout)

    def test_a_failed_message_does_not_repeat_the_rest_of_its_batch(self):
        for name, mapping in mappings().items():
            with self.subTest(queue=name):
                self.assertEqual(mapping["FunctionResponseTypes"], ["ReportBatchItemFailures"])

    def test_concurrency_is_limited_for_every_queue(self):
        for name, mapping in mappings().items():
            with self.subTest(queue=name):
                self.assertIn("MaximumConcurrency", mapping["ScalingConfig"])
        for name in ("GenerateJobsQueue", "PatchJobsQueue"):
            mapping = mappings()[name]
            self.assertEqual(mapping["ScalingConfig"], {"MaximumConcurrency": {"Ref": "WorkerConcurrency"}})
            self.assertEqual(mapping["BatchSize"], 1, "a job would wait up to 15 minutes for another one")

    def test_a_job_gets_all_its_attempts_before_the_dead_letter_queue(self):
        attempts = template()["Parameters"]["JobAttempts"]["MaxValue"]
        for name in ("GenerateJobsQueue", "PatchJobsQueue"):
            # A receive while another worker has the job counts too.
            self.assertGreaterEqual(self.queues[name]["RedrivePolicy"]["maxReceiveCount"], 2 * attempts)

    def test_messages_are_kept_for_four_days_and_dead_letters_for_two_weeks(self):
        for name, queue in self.queues.items():
            with self.subTest(queue=name):
                self.assertGreaterEqual(queue["MessageRetentionPeriod"], (4 if name in self.consumed else 14) * DAY)

    def test_messages_are_encrypted_at_rest_and_in_transit(self):
        for name, queue in self.queues.items():
            with self.subTest(queue=name):
                self.assertIs(queue["SqsManagedSseEnabled"], True)
        policy, = resources("AWS::SQS::QueuePolicy").values()
        self.assertEqual({queue["Ref"] for queue in policy["Queues"]}, set(self.queues))
        assert_refuses_plain_text(self, policy["PolicyDocument"]["Statement"], "sqs:*")


class TableTest(unittest.TestCase):
    def setUp(self):
        self.tables = resources("AWS::DynamoDB::Table")
        self.table = self.tables["OperationsTable"]

    def test_an_operation_is_found_by_its_id_and_by_its_task_id(self):
        self.assertEqual(self.table["KeySchema"], [{"AttributeName": "operation_id", "KeyType": "HASH"}])
        index, *_ = self.table["GlobalSecondaryIndexes"]
        self.assertEqual(index["IndexName"], "task_id-index")
        keys = [(key["AttributeName"], key["KeyType"]) for key in index["KeySchema"]]
        self.assertEqual(keys, [("task_id", "HASH"), ("created_at", "RANGE")], "a caller asks for its newest of a task")
        # Of an attribute that changes, every change would be written twice; requests would be stored twice.
        self.assertEqual(index["Projection"], {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["owner"]})

    def test_the_sweep_finds_what_is_due_and_runs_every_minute(self):
        _, index, _ = self.table["GlobalSecondaryIndexes"]
        self.assertEqual(index["IndexName"], "due-index")
        keys = [(key["AttributeName"], key["KeyType"]) for key in index["KeySchema"]]
        self.assertEqual(keys, [("shard", "HASH"), ("due_at", "RANGE")])
        self.assertEqual(index["Projection"], {"ProjectionType": "KEYS_ONLY"})
        sweeps = {}
        for rule in resources("AWS::Events::Rule").values():
            target, = rule["Targets"]
            self.assertEqual(json.loads(target["Input"]), {"sweep": True})
            sweeps[target["Arn"]["Fn::GetAtt"][0]] = rule["ScheduleExpression"]
        self.assertEqual(sweeps, {"OperationsFunction": "rate(1 minute)", "LibraryFunction": "rate(1 hour)"})

    def test_a_callers_own_operations_are_listed_from_the_newest_on(self):
        *_, index = self.table["GlobalSecondaryIndexes"]
        self.assertEqual(index["IndexName"], "owner-index")
        keys = [(key["AttributeName"], key["KeyType"]) for key in index["KeySchema"]]
        self.assertEqual(keys, [("owner", "HASH"), ("created_at", "RANGE")])
        # Neither a request nor an outcome, which would be stored twice, nor what every renewal changes.
        heads = ["task_id", "tool_name", "status", "error_type", "updated_at", "deadline", "expires_at"]
        self.assertEqual(index["Projection"], {"ProjectionType": "INCLUDE", "NonKeyAttributes": heads})

    def test_old_items_expire_and_lost_ones_can_be_restored(self):
        for name, table in self.tables.items():
            with self.subTest(table=name):
                # An agent is kept until its caller deletes it, and a sweep removes it with its texts.
                expiry = None if name == "LibraryTable" else {"AttributeName": "expires_at", "Enabled": True}
                self.assertEqual(table.get("TimeToLiveSpecification"), expiry)
                self.assertEqual(table["PointInTimeRecoverySpecification"], {"PointInTimeRecoveryEnabled": True})

    def test_an_idle_table_costs_nothing_per_hour(self):
        self.assertEqual({table["BillingMode"] for table in self.tables.values()}, {"PAY_PER_REQUEST"})

    def test_operations_are_encrypted_with_a_kms_key(self):
        self.assertEqual([table["SSESpecification"] for table in self.tables.values()], [{"SSEEnabled": True}] * 3)

    def test_a_log_is_read_in_order_from_any_event_on(self):
        keys = [(key["AttributeName"], key["KeyType"]) for key in self.tables["ProgressTable"]["KeySchema"]]
        self.assertEqual(keys, [("operation_id", "HASH"), ("seq", "RANGE")])
        self.assertNotIn("GlobalSecondaryIndexes", self.tables["ProgressTable"])


class BucketTest(unittest.TestCase):
    def setUp(self):
        self.bucket = resources("AWS::S3::Bucket")["OperationsBucket"]

    def test_the_bucket_cannot_be_made_public(self):
        self.assertEqual(set(self.bucket["PublicAccessBlockConfiguration"].values()), {True})
        self.assertEqual(self.bucket["OwnershipControls"], {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]})

    def test_long_texts_are_encrypted_at_rest_and_in_transit(self):
        rule, = self.bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        self.assertIn(rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"], ("AES256", "aws:kms"))
        policies = resources("AWS::S3::BucketPolicy").values()
        self.assertEqual(sorted(policy["Bucket"]["Ref"] for policy in policies), ["LibraryBucket", "OperationsBucket"])
        for policy in policies:
            assert_refuses_plain_text(self, policy["PolicyDocument"]["Statement"], "s3:*")

    def test_long_texts_expire_after_their_items(self):
        rule, = self.bucket["LifecycleConfiguration"]["Rules"]
        self.assertEqual(rule["Status"], "Enabled")
        self.assertGreater(rule["ExpirationInDays"], template()["Parameters"]["OperationRetentionDays"]["MaxValue"])


class StackTest(unittest.TestCase):
    def test_deleting_a_stack_deletes_the_callers_data(self):
        for name in ("OperationsTable", "ProgressTable", "OperationsBucket"):
            resource = template()["Resources"][name]
            self.assertEqual((resource["DeletionPolicy"], resource["UpdateReplacePolicy"]), ("Delete", "Delete"))

    def test_the_outputs_name_all_resources_for_an_integration(self):
        wanted = {
            "OperationsTable": "OperationsTable", "OperationsBusName": "EventBus",
            "InternalKeySecretArn": "InternalKey", "WebhookSecretArn": "WebhookSecret",
            "CompletionsQueueUrl": "CompletionsQueue",
            "GenerateJobsQueueUrl": "GenerateJobsQueue", "PatchJobsQueueUrl": "PatchJobsQueue",
        }
        outputs = template()["Outputs"]
        self.assertEqual({name: outputs[name]["Value"] for name in wanted},
                         {name: {"Ref": resource} for name, resource in wanted.items()})

    def test_secrets_are_long_and_generated(self):
        for name, secret in resources("AWS::SecretsManager::Secret").items():
            with self.subTest(secret=name):
                self.assertNotIn("SecretString", secret, "a secret in the template")
                made = secret["GenerateSecretString"]
                self.assertGreaterEqual(made["PasswordLength"], 32)
                # It is sent in a header, or decoded as base64.
                self.assertIs(made["ExcludePunctuation"], True)
                self.assertLessEqual(set(string.punctuation), set(made["ExcludeCharacters"]))
        self.assertEqual(resources("AWS::SecretsManager::Secret")["WebhookSecret"]["GenerateSecretString"]["PasswordLength"] % 4, 0)


def assert_refuses_plain_text(test, statements, action):
    """Calls without TLS are denied."""
    statement, = statements
    test.assertEqual((statement["Effect"], statement["Principal"], statement["Action"]), ("Deny", "*", action))
    test.assertEqual(statement["Condition"], {"Bool": {"aws:SecureTransport": "false"}})


if __name__ == "__main__":
    unittest.main()
