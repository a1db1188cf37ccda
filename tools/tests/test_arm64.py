"""Building for arm64: what is tried in which order, what a person reads if nothing helps, and what is left alone."""

import io
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

TOOLS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TOOLS))

import arm64  # noqa: E402
import arm64_compiler  # noqa: E402
from progress import Failed  # noqa: E402

FUNCTIONS = ["authorizer", "catalog", "decompose", "deliver", "generate", "library", "mcp", "operations", "page", "patch", "stream"]


class CompilerTest(unittest.TestCase):
    def found(self, installed=False, unpacked=(), rustup=False, debian=False, root=True):
        """The variables for cargo, and what was done for them, on a machine where these ways work."""
        done, unpacked = [], list(unpacked)

        def from_debian(rustc):
            done.append("debian")
            unpacked.extend([rustc] if debian else [])

        def added():
            done.append("rustup")
            return rustup

        with mock.patch.multiple(
            arm64_compiler, has_target=lambda rustc="rustc": rustc in unpacked or (installed and rustc == "rustc"),
            added_by_rustup=added, rustc_from_debian=from_debian, can_install=lambda: root,
        ), mock.patch("sys.stdout", io.StringIO()):
            return arm64_compiler.compiler(), done

    def test_a_target_that_is_there_is_used_and_nothing_is_fetched(self):
        self.assertEqual(self.found(installed=True), ({}, []))

    def test_rustup_comes_before_debian(self):
        self.assertEqual(self.found(rustup=True, debian=True), ({}, ["rustup"]))

    def test_debians_compiler_is_used_for_this_build_alone(self):
        variables, done = self.found(debian=True)
        self.assertEqual((list(variables), done), (["RUSTC"], ["rustup", "debian"]))
        self.assertTrue(Path(variables["RUSTC"]).is_relative_to(TOOLS.parent / ".local"), "the machine's own stays as it is")

    def test_what_debian_gave_once_is_used_again_without_asking_anybody(self):
        given = arm64_compiler.FROM_DEBIAN / "rustc"
        self.assertEqual(self.found(unpacked=[given], rustup=True, debian=True), ({"RUSTC": str(given)}, []))

    def test_a_machine_where_nothing_helps_is_told_both_ways_in_one_line(self):
        for ways in ({"root": False}, {"debian": False}):
            with self.subTest(ways), self.assertRaises(Failed) as caught:
                self.found(**ways)
            said = str(caught.exception)
            self.assertIn("rustup target add aarch64-unknown-linux-gnu", said)
            self.assertIn("as root on Debian", said)
            self.assertNotIn("\n", said)

    def test_a_compiler_without_the_standard_library_is_not_taken_for_one_that_has_it(self):
        with tempfile.TemporaryDirectory() as folder:
            rustc = Path(folder) / "rustc"
            self.assertFalse(arm64_compiler.has_target(rustc), "there is none")
            # rustc names the folder for every target that it knows, installed or not.
            rustc.write_text(f"#!/bin/sh\necho {folder}/lib\n")
            rustc.chmod(0o755)
            self.assertFalse(arm64_compiler.has_target(rustc))
            (Path(folder) / "lib").mkdir()
            (Path(folder) / "lib" / "libstd-1.rlib").touch()
            self.assertTrue(arm64_compiler.has_target(rustc))


class EmulatorTest(unittest.TestCase):
    def test_an_arm64_machine_runs_the_functions_as_they_are(self):
        with mock.patch.object(arm64_compiler, "architecture", return_value="arm64"):
            self.assertEqual(arm64_compiler.emulator(), [])

    def test_without_an_emulator_a_person_reads_what_to_install(self):
        with mock.patch.multiple(arm64_compiler, architecture=lambda: "x86_64", found_emulator=lambda: None, can_install=lambda: False):
            with self.assertRaisesRegex(Failed, "apt install qemu-user-static libc6-arm64-cross"):
                arm64_compiler.emulator()

    def test_what_the_tests_start_is_the_function_in_the_emulator(self):
        with tempfile.TemporaryDirectory() as folder:
            built, programs = Path(folder) / "it's built", Path(folder) / "functions"
            (built / "patch").mkdir(parents=True)
            (built / "patch" / "bootstrap").write_text("#!/bin/sh\nprintf '%s|' $$ \"$@\"\n")
            # Of a function that is gone.
            programs.mkdir()
            (programs / "merge").touch()
            arm64.make_runnable(built, programs, ["sh", "-e"])
            self.assertEqual([path.name for path in programs.iterdir()], ["patch"])
            started = subprocess.Popen([programs / "patch", "two words"], stdout=subprocess.PIPE, text=True)
            said, _ = started.communicate()
        self.assertEqual(said, f"{started.pid}|two words|", "the function is the process that a test stops")


class BuildTest(unittest.TestCase):
    def test_the_package_of_this_machine_is_not_replaced(self):
        for quick, profile in ((False, "--release"), (True, "quick")):
            with self.subTest(profile), mock.patch.object(arm64, "run_logged") as run, mock.patch("sys.stdout", io.StringIO()):
                arm64.build(Path("/somewhere/arm64"), quick, {"RUSTC": "/other/rustc"})
            command, environment = run.call_args.args[0], run.call_args.kwargs["env"]
            self.assertIn(profile, command)
            self.assertIn("--arm64", command)
            self.assertEqual([word.partition("=")[2] for word in command if word.startswith("--package=")], FUNCTIONS)
            self.assertEqual(command[command.index("--lambda-dir") + 1], "/somewhere/arm64/built")
            self.assertEqual((environment["CARGO_TARGET_DIR"], environment["RUSTC"]), ("/somewhere/arm64", "/other/rustc"))

    def test_make_tests_what_it_built_and_not_the_package(self):
        done = subprocess.run(["make", "--dry-run", "arm64"], cwd=TOOLS.parent, env=os.environ | {"CARGO_TARGET_DIR": "/elsewhere"},
                              stdout=subprocess.PIPE, text=True, check=True)
        for line in ('tools/arm64.py "${CARGO_TARGET_DIR:-target}/arm64"', 'FUNCTIONS_BIN_DIR="${CARGO_TARGET_DIR:-target}/arm64/functions"'):
            self.assertIn(line, done.stdout)
        self.assertNotIn(".aws-sam", done.stdout)


if __name__ == "__main__":
    unittest.main()
