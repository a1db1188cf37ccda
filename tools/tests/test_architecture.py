"""Who may use whom. A circle of crates or files is code that can only be read, changed and tested as one."""

import tempfile
import unittest
from pathlib import Path

from arrows import circles, every_file, forbidden, packages, python_arrows, rust_arrows, tied, typescript_arrows

# Crate -> the crates of the workspace that it may depend on; None: any.
PLANS = {"shared", "lambda", "generator"}
KEEPS = {"lifecycle", "lifecycle-aws", "agent-library", "agent-library-aws", "agent-offers"}
OPERATES = {"shared", "lambda", "http-client", "lifecycle", "lifecycle-aws"}
# Programs that test and measure from outside. They know no crate of the product, not even as a dev-dependency.
OUTSIDE = {"kit", "service-tests", "fault-tests", "load", "cost", "bench-empty", "bench-forwarder"}
ALLOWED = {
    "sanitise": set(),
    "shared": {"sanitise"},
    "sdk-features": set(),
    "http-client": {"shared", "sdk-features"},
    "lambda": {"shared", "sanitise"},
    "lifecycle": {"shared", "lambda", "http-client", "sanitise"},
    "aws": {"http-client", "shared"},
    "lifecycle-aws": {"lifecycle", "aws", "shared"},
    "agent-library": {"shared"},
    "agent-library-aws": {"agent-library", "aws", "shared"},
    "test-support": {"shared", "lambda"},
    "generator": {"shared", "http-client"},
    "agent-offers": {"agent-library", "generator", "http-client", "shared"},
    "decompose": PLANS | {"agent-offers"}, "catalog": PLANS, "generate": PLANS | KEEPS, "patch": PLANS | KEEPS,
    "library": {"shared", "lambda", "lifecycle", "generator", "agent-library", "agent-library-aws"},
    "deliver": OPERATES, "stream": OPERATES,
    # Saves what a generator brings by itself as the functions do that it was made for.
    "operations": OPERATES | KEEPS | {"generator", "generate", "patch"},
    # Its tools are the routes of four functions, in process.
    "mcp": {
        "shared", "lambda", "generator", "lifecycle", "lifecycle-aws", "agent-library", "agent-library-aws",
        "agent-offers", "decompose", "generate", "library", "patch",
    },
    "authorizer": {"shared", "lambda", "http-client"},
    # Calls nobody.
    "page": {"shared", "lambda"},
    "fuzz": None,
} | dict.fromkeys(OUTSIDE, OUTSIDE)


def crate(name, *normal, dev=()):
    """A package as cargo describes it."""
    needed = [{"name": used, "kind": None} for used in normal] + [{"name": used, "kind": "dev"} for used in dev]
    return {"name": name, "dependencies": needed}


class CratesTest(unittest.TestCase):
    def test_an_arrow_that_the_table_does_not_allow_is_named(self):
        crates = [crate("low", "serde"), crate("high", "low"), crate("tests", "low", dev=["high"])]
        allowed = {"low": set(), "high": {"low"}, "tests": None}
        self.assertEqual(forbidden(crates, allowed, {}), [])
        self.assertEqual(forbidden(crates, allowed | {"high": set()}, {}), ["high -> low: not allowed"])
        self.assertEqual(forbidden(crates, allowed, {"tests": {"low"}}), ["tests -> high: not allowed"])
        self.assertEqual(len(forbidden(crates, {"low": set(), "high": {"low"}, "gone": None}, {})), 2)

    def test_dev_dependencies_close_no_circle_and_no_crate_depends_on_itself(self):
        crates = [crate("low", dev=["high"]), crate("high", "low", dev=["high"])]
        found = ["high -> high: not allowed", "high <-> low: a circle"]
        self.assertEqual(forbidden(crates, {"low": set(), "high": {"low"}}, {}), found)


class FilesTest(unittest.TestCase):
    def circles(self, arrows, **files):
        """The circles of these files, by the files' names."""
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                ending = {rust_arrows: ".rs", python_arrows: ".py", typescript_arrows: ".ts"}[arrows]
                path = Path(folder, *name.split("__")).with_suffix(ending)
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, encoding="utf-8")
            start = Path(folder, "lib.rs") if arrows is rust_arrows else Path(folder)
            return [[file.stem for file in circle] for circle in circles(arrows([start]))]

    def test_a_circle_of_rust_files_is_found_however_a_name_is_written(self):
        for a in (
            "use crate::b::B;", "use super::b::B as Other;", "use crate::{c, b::{self, B}};", "fn f() { crate::b::run() }",
            "use crate::b;\nfn f() -> b::B {}", "use crate::c::B;", "use super::c;\nfn f(b: c::B) {}", "fn f(b: super::c::B) {}",
        ):
            with self.subTest(a=a):
                found = self.circles(
                    rust_arrows, lib="mod a;\npub mod b;\nmod c;", a=f"{a}\npub struct A;",
                    b="use crate::a::A;\npub struct B;", c="pub(crate) use crate::b::B;",
                )
                self.assertEqual(found, [["a", "b"]])

    def test_a_parent_that_only_re_exports_is_in_no_circle_and_one_that_uses_its_child_is(self):
        child = "use super::Limit;\npub struct Child(Limit);\npub fn run() {}"
        for code, circle in (
            ("", False), ("// Child, run()\n", False), ('const TEXT: &str = "Child";', False),
            ("#[cfg(test)]\nmod tests {\n    use super::*;\n\n    fn f(child: Child) {}\n}\n", False),
            ("fn f(child: &Child) {}", True), ("fn f() { child::run() }", True), ("fn f() { run() }", True),
        ):
            with self.subTest(code=code):
                parent = f"mod child;\n\npub use child::{{Child, run}};\n\npub struct Limit;\n{code}"
                found = self.circles(rust_arrows, lib="mod parent;", parent__mod=parent, parent__child=child)
                self.assertEqual(found, [["child", "mod"]] if circle else [])

    def test_a_circle_of_python_modules_is_found(self):
        a, b = "from b import f", "def f():\n    import a"
        self.assertEqual(self.circles(python_arrows, a=a, tests__b=b), [["a", "b"]])
        self.assertEqual(self.circles(python_arrows, a=a, b="import json"), [])

    def test_a_circle_of_the_pages_modules_is_found_types_included(self):
        a = 'import { f } from "./b.ts";'
        for b, circle in (
            ('import type { A } from "../views/a.ts";', True), ('import {\n  g,\n} from "./a.ts";', True),
            ('export { g } from "./a.ts";', True), ('import "./a.ts";', True), ('const text = "./a.ts";', False),
        ):
            with self.subTest(b=b):
                self.assertEqual(self.circles(typescript_arrows, views__a=a, views__b=b), [["a", "b"]] if circle else [])


class TreeTest(unittest.TestCase):
    def test_every_crate_depends_only_on_those_below_it(self):
        self.hold(forbidden(packages(), ALLOWED, dict.fromkeys(OUTSIDE, OUTSIDE)))

    def test_no_files_use_each_other_in_a_circle(self):
        arrows = every_file()
        self.hold(tied(arrows))

    def hold(self, found):
        """Fails with a line for each arrow that was found."""
        if lines := list(found):
            self.fail("\n".join(["", *lines]))


if __name__ == "__main__":
    unittest.main()
