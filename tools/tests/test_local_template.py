"""What the local cloud deploys is the template, but for what it cannot read: a test of it says something about AWS."""

import json
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

from samcli.yamlhelper import yaml_parse

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from local_template import ANY, write_readable  # noqa: E402

READ_BY_THE_QUEUES_POLLER = {"GenerateWorker", "PatchWorker"}
NAMES_A_SECRET = {"OperationsFunction", "DeliverFunction", "OperationsRole", "DeliverRole"}
REFUSES_PLAIN_HTTP = {"QueuesOverTls", "OperationsBucketPolicy", "LibraryBucketPolicy"}


def plain(path):
    """A template without the order of its keys."""
    return json.loads(json.dumps(yaml_parse(path.read_text(encoding="utf-8")), default=str))


class LocalTemplateTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            given = Path(shutil.copy(ROOT / "template.yaml", folder))
            cls.template = plain(given)
            cls.copy = plain(write_readable(given, "mine", {"WorkerConcurrency": 7, "BedrockModelId": "arn:aws:bedrock:x"}))

    def test_nothing_but_what_cannot_be_read_is_changed(self):
        before, after = self.template["Resources"], self.copy["Resources"]
        self.assertEqual(set(before) - set(after), REFUSES_PLAIN_HTTP)
        self.assertEqual({after[name]["Type"] for name in set(after) - set(before)}, {"AWS::ApiGateway::GatewayResponse"})
        changed = {name for name in set(before) & set(after) if before[name] != after[name]}
        self.assertEqual(changed, {"Api"} | READ_BY_THE_QUEUES_POLLER | NAMES_A_SECRET)
        changed = {name for name in self.template["Conditions"] if self.template["Conditions"][name] != self.copy["Conditions"][name]}
        self.assertEqual(changed, {"NamesModelByArn"})

    def test_the_parameters_are_those_of_the_deployment(self):
        self.assertEqual(self.copy["Conditions"]["NamesModelByArn"], {"Fn::Equals": ["True", "True"]})
        scaling = self.copy["Resources"]["PatchWorker"]["Properties"]["Events"]["Jobs"]["Properties"]["ScalingConfig"]
        self.assertEqual(scaling, {"MaximumConcurrency": 7})

    def test_every_method_of_a_route_has_the_key_and_the_limit_of_the_template(self):
        api = {name: source["Resources"]["Api"]["Properties"] for name, source in (("is", self.copy), ("was", self.template))}
        for path, methods in api["is"]["DefinitionBody"]["paths"].items():
            was = api["was"]["DefinitionBody"]["paths"][path]
            self.assertEqual({name: methods[name] for name in methods}, {name: was.get(name, was[ANY]) for name in methods})
        limits = {(limit["ResourcePath"], limit["HttpMethod"]): limit for limit in api["is"]["MethodSettings"]}
        self.assertEqual(limits["/health", "PUT"]["ThrottlingRateLimit"], {"Ref": "OpenRateLimit"})


if __name__ == "__main__":
    unittest.main()
