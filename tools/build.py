"""Builds the page, the SAM package for this machine's processor, in .aws-sam/build, and the bills of materials beside it."""

import re
import sys

import web
from bill_of_materials import write_bills
from debug_build import functions
from progress import Step, exit_code, run_logged
from workspace import ROOT, STATE, architecture, environment, program

# What `sam build` makes of the template: CodeUri names compiled programs.
PACKAGE = ROOT / ".aws-sam" / "build" / "template.yaml"
# Outside the package, which `sam build` replaces and `sam deploy` uploads.
BILLS = ROOT / ".aws-sam" / "sbom"
# Calls nobody: without crates/http-client its crates have other features.
APART = "page"


def build():
    """The page, `sam build`, then the bills of materials. Cargo compiles only what changed."""
    web.build()
    compile_together()
    run("Putting the package together", [
        program("sam"), "build", "--config-env", "local", "--parameter-overrides", f"Architecture={architecture()}",
    ], re.compile(r"Building codeuri: .*/(functions/\S+)"))
    with Step("Writing the bills of materials"):
        write_bills(ROOT, PACKAGE.parent, BILLS, architecture())


def compile_together():
    """What `sam build` compiles for one function after the other: here no processor waits for the last crate of each."""
    packages = [f"--package={function}" for function in functions() if function != APART]
    processor = ["--arm64"] if architecture() == "arm64" else []
    run("Compiling the functions as they ship (the first time takes minutes)",
        ["cargo", "lambda", "build", "--release", *processor, *packages], re.compile(r"Compiling (\S+)"))


def run(title, command, shown):
    """Runs a step of the build; what `shown` finds in its output says how far it is."""
    with Step(title) as step:
        def heard(line):
            found = shown.search(line)
            if found:
                step.detail = f"at {found[1]}"

        run_logged(command, log=STATE / "build.log", message="The functions did not build", env=environment(), cwd=ROOT, heard=heard)


if __name__ == "__main__":
    sys.exit(exit_code(build))
