"""The page as it is built and written: small, of known parts, asking nobody else, and never turning text into HTML."""

import gzip
import json
import re
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import web  # noqa: E402
from workspace import ROOT  # noqa: E402

# Gzipped, with everything.
MOST_BYTES = 120_000
# Ask nothing of whoever passes the code on but to keep the notice.
FREE = {"MIT", "ISC", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0"}
# Lockfile -> licences that are also allowed there, of what is used but never passed on.
LOCKS = {"web": set(), "tests/browser": {"MPL-2.0"}, "tests/ai_sdk": set(), "tests/assistants": set()}
# What makes HTML or a program of a text, or keeps something beyond the tab.
FORBIDDEN = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|setHTML|parseFromString|DOMParser|srcdoc"
    r"|\beval\b|new Function|javascript:|\bimport\(|localStorage|indexedDB|document\.cookie|serviceWorker"
)
PLANTED = (
    "element.innerHTML = name", "el.outerHTML=x", 'a.insertAdjacentHTML("beforeend", x)', "document.write(x)", "eval(x)",
    "new Function(x)", 'link.href = "javascript:" + x', "localStorage.key = key", "document.cookie = key", "frame.srcdoc = x",
    "new DOMParser().parseFromString(x)", "await import(x)", "element.setHTMLUnsafe(x)",
)
# The name of a format, which nobody asks.
SVG = "http://www.w3.org/2000/svg"


def sources():
    """The page's own code."""
    return sorted(path for pattern in ("src/**/*.ts", "styles/**/*.css", "*.css", "index.html") for path in web.WEB.glob(pattern))


def code(path):
    """A source without its comments."""
    return re.sub(r"/\*.*?\*/|<!--.*?-->|^\s*//.*?$", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


class SourceTest(unittest.TestCase):
    def test_what_would_turn_a_name_into_html_is_found(self):
        for line in PLANTED:
            self.assertRegex(line, FORBIDDEN)

    def test_no_text_becomes_html_or_a_program_and_nothing_outlives_the_tab(self):
        self.assertGreater(len(sources()), 10)
        for path in sources():
            with self.subTest(path=path.name):
                self.assertNotRegex(code(path), FORBIDDEN)

    def test_the_html_has_nothing_that_its_policy_forbids(self):
        html = (web.WEB / "index.html").read_text(encoding="utf-8")
        self.assertNotRegex(html, r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|<base|<form|<iframe")


class BuiltTest(unittest.TestCase):
    # Of web/, but not of the page.
    BESIDE = {"dist", "node_modules", "test", "dev.mjs", "package.json", "tsconfig.json"}

    def test_a_change_of_any_part_of_it_is_built(self):
        parts = {path for path in web.WEB.rglob("*") if path.is_file() and path.relative_to(web.WEB).parts[0] not in self.BESIDE}
        self.assertEqual(set(web.sources()), parts)

    @classmethod
    def setUpClass(cls):
        web.build()
        cls.html = (web.DIST / "index.html").read_bytes()
        cls.assets = {path.name: path.read_bytes() for path in (web.DIST / "assets").iterdir()}
        cls.raw = {name: content for name, content in cls.assets.items() if not name.endswith((".gz", ".br"))}

    def test_it_has_at_most_120_kb(self):
        total = len(gzip.compress(self.html)) + sum(len(self.assets[f"{name}.gz"]) for name in self.raw)
        self.assertLess(total, MOST_BYTES)
        self.assertGreater(total, 1000, "nothing was weighed")

    def test_a_browser_that_decompresses_an_asset_gets_the_asset(self):
        for name, content in self.raw.items():
            self.assertEqual(gzip.decompress(self.assets[f"{name}.gz"]), content, name)
            self.assertIn(f'="assets/{name}"', self.html.decode())
            self.assertRegex(name, r"-[0-9A-Z]{8}\.")

    def test_it_names_nobody_else(self):
        for name, content in self.raw.items():
            text = content.decode()
            # An address in an example for people has no host that exists.
            found = {address for address in re.findall(r"(?:https?:)?//[\w.-]+[\w/.-]*", text) if "example.com" not in address}
            self.assertLessEqual(found, {SVG}, name)


class PackagesTest(unittest.TestCase):
    def test_the_page_is_made_of_nothing_but_its_own_code(self):
        # The licence of a package that goes into it has to go with it: web/build.mjs puts none there.
        self.assertEqual(json.loads((web.WEB / "package.json").read_text(encoding="utf-8")).get("dependencies", {}), {})

    def test_every_package_is_pinned_by_its_bytes_and_has_a_licence_that_asks_nothing(self):
        for folder, more in LOCKS.items():
            locked = json.loads((ROOT / folder / "package-lock.json").read_text(encoding="utf-8"))["packages"]
            for name, package in locked.items():
                with self.subTest(folder=folder, package=name):
                    if name:
                        self.assertRegex(package["integrity"], r"\Asha512-")
                        self.assertRegex(package["version"], r"\A\d+\.\d+\.\d+")
                        choices = package["license"].strip("()").split(" OR ")
                        self.assertTrue(set(choices) & (FREE | more), choices)
                    wished = package if name == "" else {}
                    for version in (wished.get("dependencies", {}) | wished.get("devDependencies", {})).values():
                        self.assertRegex(version, r"\A\d+\.\d+\.\d+\Z")


if __name__ == "__main__":
    unittest.main()
