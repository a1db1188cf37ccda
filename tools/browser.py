"""Uses the page in Chromium, as a person does, against the stack in a local cloud: tests/browser.

Usage: browser.py        (`make test-browser`; without Chromium it says so and does nothing, unless TEST_BROWSER=required)
       browser.py write  (`make pictures`: the pictures of the documentation, into docs/pictures)

Takes the programs that `make build` left, else those of `make run`. Pictures of each run are in .local/browser.
"""

import json
import os
import shutil
import subprocess
import sys
import time

import yaml

import demo
import web
from build import PACKAGE
from debug_build import PROGRAMS
from gateway import Gateway
from local_cloud import UNLIMITED, LocalCloud
from node import NODE, Packages
from ports import free_port
from progress import Failed, Step, exit_code
from workspace import ROOT, STATE, environment

TESTS = ROOT / "tests" / "browser"
SUFFIX = ".test.mjs"
PACKAGES = Packages("what drives the browser", TESTS)
PICTURES = STATE / "browser"
DOCUMENTED = ROOT / "docs" / "pictures"
# What the documentation shows.
SHOWN = ("agent", "change")
# Measures what it takes when nobody has asked for the page before.
FIRST = "start"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def chromium():
    """The path of the browser; None if there is none."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def package():
    """The template to deploy, and the programs that the gateway runs."""
    if PACKAGE.is_file():
        return PACKAGE, {name: PACKAGE.parent / f"{name.title()}Function" / "bootstrap" for name in demo.STREAMING}
    if PROGRAMS.is_file():
        return demo.package(), demo.streaming_programs()
    raise Failed("Nothing is built yet: run `make build` or `make run`.")


def errors():
    """Each class of error of openapi.yaml, with its title as the message."""
    documented = yaml.safe_load((ROOT / "openapi.yaml").read_text(encoding="utf-8"))
    return [
        {"error_type": row["error_type"], "status": row["status"], "retryable": row["retryable"] is True, "message": row["title"]}
        for row in documented["x-error-types"] if row["error_type"] != "*"
    ]


def others():
    """The names of all tests but the first."""
    names = (path.name.removesuffix(SUFFIX) for path in TESTS.glob(f"*{SUFFIX}"))
    return sorted(name for name in names if name != FIRST)


def run(names, api, browser):
    """Runs the tests of these names with the page of `api`; returns their exit code."""
    variables = environment(
        API_URL=api.url, API_KEY=api.key, CHROMIUM=browser, PICTURES=str(PICTURES), ERROR_TYPES=json.dumps(errors()))
    files = [name + SUFFIX for name in names]
    return subprocess.run([NODE, "--test", *files], cwd=TESTS, env=variables, check=False).returncode


def test(browser, *names):
    """Deploys, then runs the tests with these names, or all; returns their exit code."""
    web.build()
    PACKAGES.install()
    shutil.rmtree(PICTURES, ignore_errors=True)
    template, programs = package()
    with LocalCloud(free_port(), "browser-cloud") as cloud:
        with Step("Deploying the template for the browser"):
            deployment = cloud.deploy("browser", template, **UNLIMITED)
        STATE.mkdir(exist_ok=True)
        with (STATE / "browser-stream.log").open("w", encoding="utf-8") as log, Gateway(deployment, programs, log) as api:
            began = time.monotonic()
            code = max(run(some, api, browser) for some in ([names] if names else [[FIRST], others()]))
            took = time.monotonic() - began
    print(f"{took:.0f} s in the browser; pictures: {PICTURES.relative_to(ROOT)}")
    return code


def write(browser):
    """Takes the pictures of the documentation from a run."""
    code = test(browser, "journey")
    if code == 0:
        DOCUMENTED.mkdir(exist_ok=True)
        for name in SHOWN:
            shutil.copyfile(PICTURES / f"{name}.png", DOCUMENTED / f"{name}.png")
    return code


def main(arguments):
    """Exit code 0: every test has passed, or there is no browser."""
    if arguments not in ([], ["write"]):
        print(__doc__, file=sys.stderr)
        return 2
    browser = chromium()
    if not browser:
        missing = "There is no Chromium (Debian: apt install --no-install-recommends chromium)"
        if arguments or os.environ.get("TEST_BROWSER") == "required":
            raise Failed(missing)
        print(f"{missing}: the page is not tried in a browser.")
        return 0
    return write(browser) if arguments else test(browser)


if __name__ == "__main__":
    sys.exit(exit_code(main, sys.argv[1:]))
