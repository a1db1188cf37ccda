"""Builds the page, the SAM package for this machine's processor, in .aws-sam/build, and the bills of materials beside it."""

import re
import sys

import web
from bill_of_materials import write_bills
from progress import Step, exit_code, run_logged
from workspace import ROOT, STATE, architecture, environment, program

# What `sam build` makes of the template: CodeUri names compiled programs.
PACKAGE = ROOT / ".aws-sam" / "build" / "template.yaml"
# Outside the package, which `sam build` replaces and `sam deploy` uploads.
BILLS = ROOT / ".aws-sam" / "sbom"
# What SAM CLI prints when it comes to a function.
FUNCTION = re.compile(r"Building codeuri: .*/functions/(\S+)")


def build():
    """The page, `sam build`, then the bills of materials. Cargo compiles only what changed."""
    web.build()
    with Step("Building the package (the first time takes minutes)") as step:
        def heard(line):
            begun = FUNCTION.search(line)
            if begun:
                step.detail = f"at functions/{begun[1]}"

        run_logged(
            [program("sam"), "build", "--config-env", "local", "--parameter-overrides", f"Architecture={architecture()}"],
            log=STATE / "build.log", message="The functions did not build", env=environment(), cwd=ROOT, heard=heard,
        )
    with Step("Writing the bills of materials"):
        write_bills(ROOT, PACKAGE.parent, BILLS, architecture())


if __name__ == "__main__":
    sys.exit(exit_code(build))
