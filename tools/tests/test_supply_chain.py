"""What comes from others: only what was chosen, only from where it was chosen, and nothing in a function that it has no use for."""

import contextlib
import functools
import io
import json
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import tomlkit

TOOLS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TOOLS))

import install  # noqa: E402
from bill_of_materials import TRIPLES, cargo, linked  # noqa: E402
from build import APART  # noqa: E402
from workspace import ROOT, program  # noqa: E402

FUNCTIONS = sorted(folder.parent.name for folder in (ROOT / "functions").glob("*/Cargo.toml"))
CRATES_IO = "registry+https://github.com/rust-lang/crates.io-index"
# What keeps operations; the others answer out of what they are asked.
WITH_OPERATIONS = {"generate", "patch", "operations", "deliver", "stream", "mcp"}
# What keeps something on AWS.
KEEPING = WITH_OPERATIONS | {"library"}
# A second TLS or HTTP stack, an engine for what is done by hand, and what only tests and fuzzers use.
NOT_IN_A_FUNCTION = {
    "openssl", "openssl-sys", "native-tls", "aws-lc-rs", "aws-lc-sys", "h2", "quinn", "regex", "chrono", "aws-sdk-s3",
    "proptest", "rcgen", "yaml_serde", "libfuzzer-sys", "arbitrary", "kit", "test-support",
}
# Two versions of these would be two of the largest things in a program, and two places to patch.
ONCE = {"tokio", "hyper", "hyper-util", "hyper-rustls", "http", "reqwest", "rustls", "rustls-webpki", "ring", "serde_json", "time"}
# The first version that deny.toml takes, where it bans those before.
SINCE = {"rustls": "0.23.0", "hyper": "1.0.0"}
BEFORE = {"rustls": "0.22.4", "hyper": "0.14.32"}


@functools.cache
def packages_of(function, processor):
    """(name, version) of each package that is linked into a function."""
    return set(linked(ROOT, function, processor))


@functools.cache
def features_of(function):
    """(name, version) of each package that is linked into a function -> its features."""
    tree = cargo(ROOT, "tree", "--package", function, "--edges", "normal", "--prefix", "none", "--format", "{p} features={f} ")
    lines = (line.split() for line in tree.splitlines())
    return {(name, version): set(features(rest).split(",")) for name, version, *rest in lines}


def features(words):
    """What `cargo tree` says of a package after its version: perhaps a path, its features, perhaps `(*)`."""
    return next(word for word in words if word.startswith("features=")).removeprefix("features=")


def toml(path):
    """A TOML file of the project."""
    return tomlkit.parse((ROOT / path).read_text(encoding="utf-8")).unwrap()


class LinkedTest(unittest.TestCase):
    def each(self):
        """The packages of each function, for both processors."""
        for function in FUNCTIONS:
            for processor in TRIPLES:
                with self.subTest(function=function, processor=processor):
                    yield function, packages_of(function, processor)

    def test_no_function_carries_a_second_stack_or_what_only_tests_use(self):
        for _, packages in self.each():
            self.assertEqual({name for name, _ in packages} & NOT_IN_A_FUNCTION, set())

    def test_no_function_carries_two_versions_of_what_is_large_or_has_to_be_patched(self):
        for _, packages in self.each():
            versions = sorted(f"{name} {version}" for name, version in packages if name in ONCE)
            self.assertEqual(len(versions), len({version.split()[0] for version in versions}), versions)
            self.assertLessEqual({"tokio", "ring"}, {name for name, _ in packages}, "nothing was looked at")

    def test_the_page_can_call_nobody(self):
        for function, packages in self.each():
            clients = {name for name, _ in packages} & {"reqwest", "rustls", "http-client"}
            self.assertEqual(bool(clients), function != "page")

    def test_a_function_that_keeps_nothing_starts_without_the_sdk(self):
        for function, packages in self.each():
            has_sdk = any(name.startswith("aws-sdk-") for name, _ in packages)
            self.assertEqual(has_sdk, function in KEEPING)

    def test_no_function_has_what_tests_turn_on_in_tokio(self):
        for function in FUNCTIONS:
            with self.subTest(function=function):
                features = {name: said for (name, _), said in features_of(function).items()}
                self.assertEqual("lifecycle-aws" in features, function in WITH_OPERATIONS)
                self.assertEqual(features["tokio"] & {"full", "test-util", "process", "signal"}, set())

    def test_each_crate_is_compiled_once_for_all_functions_but_the_page(self):
        seen = {}
        for function in FUNCTIONS:
            for package, features in features_of(function).items() if function != APART else ():
                self.assertEqual(seen.setdefault(package, features), features, f"{package[0]} in {function}: crates/sdk-features")
        self.assertGreater(len(seen), len(features_of(APART)), "nothing was looked at")


class LockTest(unittest.TestCase):
    def test_every_package_is_of_the_registry_and_pinned_by_its_bytes_or_stands_here(self):
        members = json.loads(cargo(ROOT, "metadata", "--format-version", "1", "--no-deps"))["packages"]
        ours = {member["name"] for member in members}
        packages = toml("Cargo.lock")["package"]
        self.assertLessEqual(ours, {package["name"] for package in packages})
        for package in packages:
            with self.subTest(package=package["name"]):
                if "source" in package:
                    self.assertEqual(package["source"], CRATES_IO)
                    self.assertRegex(package["checksum"], r"\A[0-9a-f]{64}\Z")
                else:
                    self.assertIn(package["name"], ours, "taken from a folder outside")

    def test_nothing_is_asked_for_that_no_crate_uses(self):
        asked = set(toml("Cargo.toml")["workspace"]["dependencies"])
        used = set()
        for manifest in ROOT.glob("*/Cargo.toml"), ROOT.glob("*/*/Cargo.toml"):
            for path in manifest:
                said = toml(path.relative_to(ROOT))
                for kind in ("dependencies", "dev-dependencies", "build-dependencies"):
                    used |= {name for name, wish in said.get(kind, {}).items() if isinstance(wish, dict) and wish.get("workspace")}
        self.assertEqual(asked - used, set())


@unittest.skipUnless(program("cargo-deny").exists(), "cargo-deny is not installed: `make lint-licences` does it")
class DenyTest(unittest.TestCase):
    def refused(self, check, *crates):
        """(crate, why) for each crate that `cargo deny` refuses, of a program that links these (name, version, licence)."""
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            needed = "".join(f'{name} = {{ path = "{name}" }}\n' for name, _, _ in crates)
            self.crate(root, "program", "1.0.0", "MIT", needed)
            for name, version, licence in crates:
                self.crate(root / name, name, version, licence)
            done = subprocess.run(
                [program("cargo-deny"), "--manifest-path", root / "Cargo.toml", "--config", ROOT / "deny.toml", "--offline",
                 "--format", "json", "check", check],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False,
            )
            said = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
            errors = [it["fields"] for it in said if it["type"] == "diagnostic" and it["fields"]["severity"] == "error"]
            found = {(graph["Krate"]["name"], error["code"]) for error in errors for graph in error["graphs"]}
            self.assertEqual(bool(found), done.returncode != 0, done.stderr)
            return found

    @staticmethod
    def crate(folder, name, version, licence, needed=""):
        """A crate without a line of code."""
        (folder / "src").mkdir(parents=True)
        (folder / "src" / "lib.rs").touch()
        said = f'license = "{licence}"\n' if licence else ""
        (folder / "Cargo.toml").write_text(
            f'[package]\nname = "{name}"\nversion = "{version}"\nedition = "2021"\npublish = false\n{said}[dependencies]\n{needed}'
        )

    def test_a_second_tls_or_http_stack_stops_the_check(self):
        banned = [entry.get("crate", entry.get("name")) for entry in toml("deny.toml")["bans"]["deny"]]
        self.assertLessEqual({"openssl", "native-tls", "aws-lc-rs", "h2", "rustls", "hyper"}, set(banned))
        self.assertEqual(
            self.refused("bans", *((name, BEFORE.get(name, "1.0.0"), "MIT") for name in banned)),
            {(name, "banned") for name in banned},
        )
        self.assertEqual(self.refused("bans", *((name, version, "MIT") for name, version in SINCE.items())), set())

    def test_a_licence_that_asks_something_of_whoever_ships_stops_the_check(self):
        licences = {"gpl": "GPL-3.0-only", "agpl": "AGPL-3.0-only", "lgpl": "LGPL-2.1-only", "mpl": "MPL-2.0", "busl": "BUSL-1.1"}
        crates = [(name, "1.0.0", licence) for name, licence in licences.items()]
        found = self.refused("licenses", *crates, ("choice", "1.0.0", "MIT OR GPL-3.0-only"), ("unsaid", "1.0.0", ""))
        self.assertEqual(found, {(name, "rejected") for name in licences} | {("unsaid", "unlicensed")})


class RequirementsTest(unittest.TestCase):
    def test_every_tool_is_pinned_by_its_bytes(self):
        for path in sorted(TOOLS.glob("requirements*.txt")):
            told = [line for line in path.read_text().splitlines() if line.strip() and not line.lstrip().startswith("#")]
            entries = "\n".join(told).replace("\\\n", "").splitlines()
            self.assertTrue(entries, path.name)
            for entry in entries:
                with self.subTest(file=path.name, entry=entry.split()[0]):
                    self.assertRegex(entry, r"\A[\w.-]+(\[[\w,-]+\])?==[\w.]+( ;[^#]*?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*\Z")

    def test_what_is_wished_for_is_what_is_locked(self):
        for path in sorted(TOOLS.glob("requirements*.in")):
            locked = path.with_suffix(".txt").read_text()
            for line in path.read_text().splitlines():
                if line and not line.startswith("#"):
                    with self.subTest(file=path.name, wish=line):
                        self.assertRegex(line, r"\A[\w.-]+==[\w.]+\Z")
                        self.assertIn(f"\n{line} \\\n", locked)

    def test_a_tool_whose_bytes_are_others_is_not_installed(self):
        with mock.patch.object(install, "run_logged") as run, contextlib.redirect_stdout(io.StringIO()):
            install.install(Path("venv"), Path("requirements.txt"), "Installing", anew=False)
        (command, *_), _ = run.call_args
        self.assertIn("--require-hashes", command)


if __name__ == "__main__":
    unittest.main()
