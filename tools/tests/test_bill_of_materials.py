"""What whoever has to patch, or to answer a lawyer, learns about a function's program."""

import hashlib
import json
import sys
import tempfile
import unittest
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

TOOLS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TOOLS))

import bill_of_materials  # noqa: E402
from build import BILLS, PACKAGE  # noqa: E402
from workspace import ROOT, architecture  # noqa: E402

PROGRAM = b"the bytes of a program"
# The crates of the workspace that functions link; each is called as its folder.
OURS = {"shared", "generator"} | {manifest.parent.name for manifest in ROOT.glob("crates/*/Cargo.toml")}


def bill(crate, processor="x86_64", program=PROGRAM):
    """A crate's bill, as text."""
    return bill_of_materials.bill(ROOT, crate, processor, bill_of_materials.known(ROOT, processor), program)


class BillTest(unittest.TestCase):
    def setUp(self):
        self.text = bill("decompose")
        self.bill = json.loads(self.text)
        self.components = {part["name"]: part for part in self.bill["components"]}

    def test_any_tool_can_read_it_because_it_holds_against_the_schema_of_the_standard(self):
        validator = JsonStrictValidator(SchemaVersion.V1_6)
        self.assertIsNone(validator.validate_str(self.text))
        # And the validator is one.
        self.assertIsNotNone(validator.validate_str(self.text.replace('"type": "library"', '"type": "book"', 1)))

    def test_a_known_hole_is_found_by_the_package_it_is_in_its_version_and_its_bytes(self):
        for name, licence in (("reqwest", "Apache-2.0"), ("rustls", "Apache-2.0"), ("ring", "Apache-2.0")):
            with self.subTest(crate=name):
                part = self.components[name]
                self.assertEqual(part["purl"], f"pkg:cargo/{name}@{part['version']}")
                self.assertIn(f'name = "{name}"\nversion = "{part["version"]}"\n', (ROOT / "Cargo.lock").read_text())
                (digest,) = part["hashes"]
                self.assertIn(f'checksum = "{digest["content"]}"', (ROOT / "Cargo.lock").read_text())
                self.assertIn(licence, json.dumps(part["licenses"]))

    def test_every_package_has_a_licence_and_what_is_not_ours_an_address_and_a_hash(self):
        for part in self.bill["components"]:
            name = part["name"]
            with self.subTest(crate=part["bom-ref"]):
                self.assertTrue(part["licenses"])
                if name not in OURS:
                    self.assertTrue(part["purl"] and part["hashes"])
                else:
                    self.assertNotIn("purl", part, "a crate of the registry that is called the same, and is not ours")

    def test_it_names_what_is_linked_and_nothing_that_only_another_function_or_a_test_or_the_compiler_runs(self):
        self.assertLessEqual({"tokio", "hyper", "lambda_runtime", "webpki-roots", "generator"}, set(self.components))
        for name in ("aws-sdk-dynamodb", "proptest", "rcgen", "serde_derive", "cc"):
            self.assertNotIn(name, self.components)
        self.assertIn('"aws-sdk-dynamodb"', bill("generate"))

    def test_it_belongs_to_one_program(self):
        own = self.bill["metadata"]["component"]
        self.assertEqual((own["name"], own["type"]), ("decompose", "application"))
        self.assertEqual(own["hashes"], [{"alg": "SHA-256", "content": hashlib.sha256(PROGRAM).hexdigest()}])
        self.assertNotEqual(json.loads(bill("decompose", program=b"another"))["serialNumber"], self.bill["serialNumber"])

    def test_the_same_program_has_the_same_bill_to_the_byte(self):
        self.assertEqual(bill("decompose"), self.text)

    def test_whoever_follows_a_hole_finds_what_brings_the_package(self):
        needs = {entry["ref"]: entry.get("dependsOn", []) for entry in self.bill["dependencies"]}
        own = self.bill["metadata"]["component"]["bom-ref"]
        self.assertEqual(set(needs), {own} | {part["bom-ref"] for part in self.bill["components"]})
        reached, waiting = set(), [own]
        while waiting:
            ref = waiting.pop()
            if ref not in reached:
                reached.add(ref)
                waiting += needs[ref]
        self.assertEqual(reached, set(needs), "something that nothing needs")


class PackageTest(unittest.TestCase):
    def test_each_program_of_the_package_has_its_bill_and_no_other_does(self):
        programs = bill_of_materials.programs(ROOT, PACKAGE.parent)
        self.assertEqual(set(programs), {folder.parent.name for folder in (ROOT / "functions").glob("*/Cargo.toml")})
        with tempfile.TemporaryDirectory() as folder:
            package, bills = Path(folder) / "build", Path(folder) / "sbom"
            bills.mkdir()
            (bills / "forgotten.cdx.json").write_text("{}")
            for crate, program in bill_of_materials.programs(ROOT, package).items():
                program.parent.mkdir(parents=True)
                program.write_bytes(crate.encode())
            bill_of_materials.write_bills(ROOT, package, bills, architecture())
            self.assertEqual({path.name for path in bills.iterdir()}, {f"{crate}.cdx.json" for crate in programs})

    def test_the_bills_of_the_package_are_of_the_programs_in_it(self):
        for crate, program in bill_of_materials.programs(ROOT, PACKAGE.parent).items():
            with self.subTest(crate=crate):
                told = json.loads((BILLS / f"{crate}.cdx.json").read_text())["metadata"]["component"]["hashes"]
                self.assertEqual([digest["content"] for digest in told], [hashlib.sha256(program.read_bytes()).hexdigest()])


if __name__ == "__main__":
    unittest.main()
