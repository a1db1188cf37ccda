"""Checks what the documentation points at: links, headings, make targets, packages, paths and programs.

Usage: documentation.py
Prints one line per fault; exit code 1 if there is one.
"""

import os
import re
import shlex
import sys
import urllib.parse
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = "README.md"
README_LINES = 200
README_COLUMNS = 120
# Say what was once there.
HISTORY = {"CHANGELOG.md", "docs/DECISIONS.md"}
# Pages whose paths and commands are checked as well as their links and make targets.
GUIDES = {README, "CONTRIBUTING.md", "generator/README.md"}
# Beside what .gitignore has: appear with the first finding of the fuzzers, and with `make web`.
MADE_LATER = {"fuzz/regressions", "web/dist"}
# Programs that a reader has, or that .venv/bin holds.
PROGRAMS = {"aws", "bash", "cargo", "cd", "curl", "export", "git", "make", "python3", "rustup", "sam"}
FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"(`+)(.+?)\1", re.DOTALL)
LINK = re.compile(r"\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)|^\[[^\]]+\]:\s+(\S+)", re.MULTILINE)
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
# A path has a slash or one of the project's endings, and none of the signs of a pattern, a route, a variable or a media type.
PATH = re.compile(r"(?!(?:application|text|aws|https?:)/)\.?[\w.-]+(?:/[\w.*{},-]+)+/?|[\w-]+\.(?:json|ld|md|py|rs|toml|ya?ml)")


def ignored(root):
    """Names of what is made here and not kept: the lines of .gitignore."""
    return {line.strip("/") for line in (root / ".gitignore").read_text(encoding="utf-8").splitlines() if line}


def files(root, ending=""):
    """The files of the project, seen from its root. Without git, which a machine that only builds may lack."""
    found, skipped = [], ignored(root) | {".git"}
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in skipped)
        found += [str((Path(folder) / name).relative_to(root)) for name in sorted(names) if name.endswith(ending)]
    return found


def pages(root):
    """The Markdown files."""
    return files(root, ".md")


def prose(text):
    """The text without its code, in which nothing is a link or a heading."""
    return SPAN.sub(lambda span: "`" + "_" * len(span[2]) + "`", FENCE.sub("", text))


def anchors(text):
    """What `#…` can point at: the headings, named as GitHub names them."""
    seen = {}
    for heading in HEADING.findall(FENCE.sub("", text)):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        count = seen[slug] = seen.get(slug, -1) + 1
        yield f"{slug}-{count}" if count else slug


def dead_links(root, page, text):
    """Relative links whose file or heading does not exist."""
    for found in LINK.findall(prose(text)):
        link = found[0] or found[1]
        if re.match(r"[a-z][a-z0-9+.-]*:|//", link, re.IGNORECASE):
            continue
        path, _, anchor = urllib.parse.unquote(link).partition("#")
        target = ((root / page).parent / path).resolve() if path else root / page
        if not (target.exists() and target.is_relative_to(root.resolve())):
            yield f"{page}: {link} does not exist"
        elif anchor and target.suffix == ".md" and anchor not in anchors(target.read_text(encoding="utf-8")):
            yield f"{page}: {link} has no such heading"


def makefile(root):
    """The Makefile's targets, and its text."""
    text = (root / "Makefile").read_text(encoding="utf-8")
    variables = dict(re.findall(r"^(\w+) :?= (.*)$", text, re.MULTILINE))
    targets = set()
    for names in re.findall(r"^([^\s#:=][^:=\n]*):(?!=)", text, re.MULTILINE):
        while "$(" in names and (known := re.search(r"\$\((\w+)\)", names)) and known[1] in variables:
            names = names.replace(known[0], variables[known[1]])
        targets.update(names.split())
    return targets, text


def code(text):
    """The lines of code that a reader could copy: spans, and fences of a shell with their continued lines joined."""
    for language, block in FENCE.findall(text):
        if language.strip() in ("sh", "bash", "console"):
            yield from ((line, True) for line in block.replace("\\\n", " ").splitlines() if line.strip())
    yield from ((span[1].replace("\n", " ").strip(), False) for span in SPAN.findall(FENCE.sub("", text)))


def wrong_make(root, page, text):
    """`make X` without such a target, `make X NAME=…` whose NAME the Makefile does not have."""
    targets, makefile_text = makefile(root)
    for line, _ in code(text):
        for said in re.findall(r"(?<![\w/.-])make((?: +(?:[A-Z_]+=(?:\"[^\"]*\"|\S*)|[a-z.][\w./-]*))+)", line):
            for word in re.findall(r"(?:\"[^\"]*\"|[^\s\"])+", said):
                name, is_variable, _ = word.partition("=")
                if is_variable and not re.search(rf"\b{name}\b", makefile_text):
                    yield f"{page}: make does not know {name}"
                elif not is_variable and name not in targets:
                    yield f"{page}: there is no `make {name}`"


def packages(root):
    """Names of the workspace's packages."""
    texts = [(root / name).read_text(encoding="utf-8") for name in files(root, "Cargo.toml")]
    return {name for text in texts for name in re.findall(r"^\[package\]\nname = \"([^\"]+)\"", text, re.MULTILINE)}


def wrong_packages(root, page, text):
    """`cargo … -p NAME` of a package that the workspace does not have."""
    known = None
    for line, _ in code(text):
        for name in re.findall(r" (?:-p|--package)[ =]([\w-]+)", line) if re.search(r"\bcargo ", line) else []:
            known = known or packages(root)
            if name not in known:
                yield f"{page}: there is no package {name}"


def expanded(path):
    """`a/{b,c}` is `a/b` and `a/c`."""
    braces = re.search(r"\{([^{}]*)\}", path)
    if not braces:
        return [path]
    return [name for part in braces[1].split(",") for name in expanded(path.replace(braces[0], part, 1))]


def wrong_paths(root, page, text):
    """Paths that do not exist, seen from the root, the page or its `src`, and commands whose program nobody has.

    A name without a folder may lie anywhere: `lib.rs`.
    """
    made_later = MADE_LATER | ignored(root)
    names = {Path(name).name for name in files(root)}
    folders = (root, (root / page).parent, (root / page).parent / "src")
    for line, is_command in code(text):
        words = words_of(line) if is_command else [line]
        if words is None:
            yield f"{page}: a shell does not take {line}"
            continue
        for word in words:
            for path in expanded(word.rstrip("/")) if PATH.fullmatch(word) else []:
                is_made_later = path in made_later or path.split("/")[0] in made_later
                if not is_made_later and path not in names and not any(any(folder.glob(path)) for folder in folders):
                    yield f"{page}: {path} does not exist"
        if is_command:
            yield from wrong_program(page, words)


def words_of(line):
    """The words of a command; None if its quotes do not match."""
    try:
        return shlex.split(line, comments=True)
    except ValueError:
        return None


def wrong_program(page, words):
    """A command begins with a program that is there, behind the variables that it gets."""
    first = next((word for word in words if not re.match(r"\w+=", word)), None)
    if first and first not in PROGRAMS and not PATH.fullmatch(first):
        yield f"{page}: {first} is not a program that a reader has"


def too_long(page, text):
    """A README that is more than two screens."""
    lines = text.splitlines()
    if len(lines) > README_LINES:
        yield f"{page}: {len(lines)} lines, at most {README_LINES}"
    for number, line in enumerate(lines, start=1):
        if len(line) > README_COLUMNS:
            yield f"{page}:{number}: {len(line)} characters, at most {README_COLUMNS}"


def faults_of(root, page):
    """Everything that is wrong with one page, a line each."""
    text = (root / page).read_text(encoding="utf-8")
    yield from dead_links(root, page, text)
    if page not in HISTORY:
        yield from wrong_make(root, page, text)
        yield from wrong_packages(root, page, text)
    if page in GUIDES:
        yield from wrong_paths(root, page, text)
    if page == README:
        yield from too_long(page, text)


def main():
    """Exit code 0 if everything that the pages point at exists."""
    faults = [fault for page in pages(ROOT) for fault in faults_of(ROOT, page)]
    print("\n".join(faults or [f"{len(pages(ROOT))} pages: every link, command and path exists"]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
