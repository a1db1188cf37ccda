"""A newcomer who follows the documentation meets no dead link, and types no command that does not exist."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import documentation  # noqa: E402

GOOD = """# A house

Read [the rules](docs/RULES.md#2-what-holds), [the same page](#a-house-1) and [the world](https://example.com/missing).

## A `house`!

`make run` shows it, `make run GOAL="a b"` too; `functions/*` and `crates/{a,b}` are crates, `template.yaml` a template.
`POST /decompose`, `application/json` and `.venv/bin/sam` are not files of ours. [A link in `code`](docs/RULES.md).

```sh
make .venv/installed && export PATH="$PWD/.venv/bin:$PATH"
NAME=value cargo test -p shared --test openapi   # not/a/path
curl -H 'content-type: application/json' $URL/decompose \\
  -d '{"a": "b/c"}'
```

```python
[not](a-link.md)
```
"""
RULES = "# Rules\n\n## 1. One\n\n## 2. What *holds*\n\n[up](../README.md)\n"
# What is planted into the good page -> the fault that has to be told.
PLANTED = {
    "[gone](docs/GONE.md)": "docs/GONE.md does not exist",
    "![gone](docs/gone.svg)": "docs/gone.svg does not exist",
    "[gone]: docs/GONE.md": "docs/GONE.md does not exist",
    "[gone](docs/RULES.md#3-three)": "docs/RULES.md#3-three has no such heading",
    "[gone](#nowhere)": "#nowhere has no such heading",
    "[outside](../other/README.md)": "../other/README.md does not exist",
    "`make gone`": "there is no `make gone`",
    "`make run gone`": "there is no `make gone`",
    "`make run COLOUR=red`": "make does not know COLOUR",
    "`cargo test -p gone`": "there is no package gone",
    "`cargo bench --package gone`": "there is no package gone",
    "`cargo test -p shared -p gone`": "there is no package gone",
    "`crates/{a,gone}`": "crates/gone does not exist",
    "`gone/*`": "gone/* does not exist",
    "`tools/gone.py`": "tools/gone.py does not exist",
    "`gone.yaml`": "gone.yaml does not exist",
    "```sh\npython3 tools/gone.py\n```": "tools/gone.py does not exist",
    "```sh\nmake run && make gone\n```": "there is no `make gone`",
    "```sh\nX=1 gone --now\n```": "gone is not a program that a reader has",
    "```sh\ncurl 'http\n```": "a shell does not take curl 'http",
    "x" * 121: "121 characters, at most 120",
    "\n" * 200: "lines, at most 200",
}


class TheDocumentation(unittest.TestCase):
    def test_every_link_command_and_path_of_it_exists(self):
        for page in documentation.pages(documentation.ROOT):
            with self.subTest(page=page):
                self.assertEqual(list(documentation.faults_of(documentation.ROOT, page)), [])

    def test_the_pages_that_a_newcomer_starts_with_are_among_those_looked_at(self):
        pages = set(documentation.pages(documentation.ROOT))
        self.assertLessEqual(documentation.GUIDES | {"docs/CONTRACT.md", "docs/USAGE.md"}, pages)


class TheChecker(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name) / "house"
        files = {
            "README.md": GOOD, "docs/RULES.md": RULES, "template.yaml": "", "functions/one/lib.rs": "", "crates/a/lib.rs": "",
            "crates/b/lib.rs": "", "shared/Cargo.toml": '[package]\nname = "shared"\n', ".gitignore": ".venv/\n",
            "Makefile": "INSTALLED := $(VENV)/installed\nVENV := .venv\nexport GOAL\nrun: $(INSTALLED)\n\t@echo\n$(INSTALLED): x\n",
        }
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        (self.root.parent / "other").mkdir()
        (self.root.parent / "other" / "README.md").write_text("", encoding="utf-8")

    def faults(self, planted=""):
        """What is told of the good page with `planted` at its end."""
        (self.root / "README.md").write_text(f"{GOOD}\n{planted}\n", encoding="utf-8")
        return [fault for page in documentation.pages(self.root) for fault in documentation.faults_of(self.root, page)]

    def test_a_page_without_fault_is_left_in_peace(self):
        self.assertEqual(self.faults(), [])

    def test_each_planted_fault_is_told_and_nothing_else(self):
        for planted, fault in PLANTED.items():
            with self.subTest(planted=planted[:40]):
                told = self.faults(planted)
                self.assertEqual(len(told), 1, told)
                self.assertIn(fault, told[0])

    def test_what_was_once_there_may_be_named_in_the_history_alone(self):
        for page, told in (("CHANGELOG.md", 0), ("docs/DECISIONS.md", 0), ("docs/MORE.md", 1)):
            with self.subTest(page=page):
                (self.root / page).write_text("`make gone`\n", encoding="utf-8")
                self.assertEqual(len(self.faults()), told)
                (self.root / page).unlink()

    def test_pages_that_are_installed_or_built_here_are_not_looked_at(self):
        (self.root / ".venv").mkdir()
        (self.root / ".venv" / "README.md").write_text("[gone](gone.md)\n", encoding="utf-8")
        self.assertEqual(self.faults(), [])


if __name__ == "__main__":
    unittest.main()
