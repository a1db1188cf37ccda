"""Who uses whom: between the workspace's crates, the files of a crate, the Python modules, and the page's modules.

Reads code that rustfmt has formatted. What only a crate's own unit tests see (`#[cfg(test)]`) does not count.
"""

import ast
import json
import os
import re
import subprocess
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHON = [ROOT / "tools", ROOT / "tests", ROOT / "bench"]
PAGE = ROOT / "web" / "src"
# Comments, strings and characters, in which nothing is used.
NOISE = re.compile(
    r"""//[^\n]*|/\*.*?\*/|\bb?r(?P<marks>#*)".*?"(?P=marks)|"(?:\\.|[^"\\])*"|'(?:\\[^']+|[^'\\])'""", re.DOTALL
)
UNIT_TESTS = re.compile(r"^( *)#\[cfg\(test\)\]\n\1\S[^\n]*?(?:[;,}]|\{\n.*?\n\1\},?)$", re.DOTALL | re.MULTILINE)
MOD = re.compile(r'(?:#\[path = "(?P<path>[^"]+)"\]\s*)?^ *(?:pub(?:\([^)]*\))? )?mod (?P<name>\w+);', re.MULTILINE)
USE = re.compile(r"^ *(?P<public>pub(?:\([^)]*\))? )?use (?P<tree>[^;]+);", re.MULTILINE)
DEFINED = re.compile(r"\b(?:fn|struct|enum|trait|type|const|static|macro_rules!) (\w+)")
PATH = re.compile(r"(?<![\w:])\w+(?:::\w+)+")
# A name in code: a type, or what is called.
WORD = re.compile(r"(?<![.\w:])(?:[A-Z]\w*|\w+(?=[(!]|::))")
IMPORT = re.compile(r'^(?:import|export) (?P<names>[^;"]*)"(?P<path>\.[^"]+)";', re.MULTILINE)


def packages():
    """The workspace's packages as cargo describes them."""
    command = ["cargo", "metadata", "--no-deps", "--offline", "--format-version", "1"]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)["packages"]


def forbidden(crates, allowed, dev):
    """A line for each arrow between crates that breaks a rule. `allowed`: crate -> the crates that it may depend on, or
    `None` for any; `dev`: the same for the dev-dependencies of the crates that it names. No crate may depend on itself, and
    no circle may close, dev-dependencies included."""
    names = {crate["name"] for crate in crates}
    lines = [f"{name}: in the workspace or in the table, not in both" for name in names ^ set(allowed)]
    arrows = {name: set() for name in names}
    for crate in crates:
        for used in crate["dependencies"]:
            may = (dev if used["kind"] == "dev" else allowed).get(crate["name"])
            if used["name"] in names:
                arrows[crate["name"]].add(used["name"])
                if used["name"] == crate["name"] or (may is not None and used["name"] not in may):
                    lines.append(f"{crate['name']} -> {used['name']}: not allowed")
    return sorted(lines + [f"{' <-> '.join(circle)}: a circle" for circle in circles(arrows)])


def circles(arrows):
    """The groups of two or more that reach each other, each sorted. `arrows`: user -> what it uses."""
    reach = {user: set(used) for user, used in arrows.items()}
    for middle in reach:
        for used in reach.values():
            if middle in used:
                used |= reach[middle]
    groups = {tuple(sorted(other for other in reach[node] if node in reach.get(other, ()))) for node in reach}
    return sorted(group for group in groups if len(group) > 1)


class Module:
    """The Rust module of one file: the modules below it, the names that `use` brings in, the paths and names in its code."""

    def __init__(self, file, folder, parent=None):
        self.file, self.folder, self.parent = file, folder, parent
        text = file.read_text(encoding="utf-8")
        code = UNIT_TESTS.sub("", NOISE.sub(lambda noise: '""' if '"' in noise[0][:3] else "", text))
        self.uses, self.public = {}, set()
        for use in USE.finditer(code):
            for path in expanded(" ".join(use["tree"].split())):
                path, _, name = path.partition(" as ")
                path = path.removesuffix("::self").split("::")
                name = path[-1] if name in ("", "_") else name
                self.uses[name] = path
                self.public |= {name} if use["public"] else set()
        body = USE.sub("", code)
        self.defined, self.words = set(DEFINED.findall(body)), set(WORD.findall(body))
        self.paths = {tuple(path.split("::")) for path in PATH.findall(body)}
        # An attribute's path is a string, so the declarations come from the text.
        paths = {mod["name"]: mod["path"] for mod in MOD.finditer(text)}
        self.children = {mod["name"]: self.child(mod["name"], paths[mod["name"]]) for mod in MOD.finditer(code)}

    def child(self, name, path):
        """The module behind `mod name;`."""
        if path:
            file = Path(os.path.normpath(self.file.parent / path))
            return Module(file, file.parent, self)
        file = self.folder / f"{name}.rs"
        return Module(file if file.is_file() else self.folder / name / "mod.rs", self.folder / name, self)

    def definition(self, path, seen=()):
        """(file, name) of what a path leads to; `None` for a module, and for what another crate defines."""
        here = self
        if path[0] == "crate":
            while here.parent:
                here = here.parent
        elif path[0] not in ("self", "super", *self.children, *self.uses):
            return None
        for at, name in enumerate(path):
            known = name in here.uses and (here, name) not in seen
            if name == "super":
                here = here.parent or here
            elif name in here.children and not (at + 1 == len(path) and (known or name in here.defined)):
                here = here.children[name]
            elif known:
                return here.definition([*here.uses[name], *path[at + 1:]], (*seen, (here, name)))
            elif name not in ("crate", "self"):
                return here.file, name
        return None

    def arrows(self):
        """(user, used file, name) of this module and those below. A module that only re-exports a child's name does not use it."""
        used = {self.definition(path) for path in self.paths}
        for name, path in self.uses.items():
            found = self.definition(path)
            if found and (name not in self.public or name in self.words or self.folder not in found[0].parents):
                used.add(found)
        yield from ((self.file, *found) for found in used if found and found[0] != self.file)
        for child in self.children.values():
            yield from child.arrows()


def expanded(tree):
    """The paths of a `use` tree, the innermost braces first: `a::{b, c::{d}}` is `a::b` and `a::c::d`."""
    group = re.search(r"([\w:]*)\{([^{}]*)\}", tree)
    if not group:
        return [path.strip() for path in tree.split(",") if path.strip()]
    inner = ", ".join(group[1] + part.strip() for part in group[2].split(",") if part.strip())
    return expanded(tree[:group.start()] + inner + tree[group.end():])


def rust_arrows(roots):
    """File -> file that it uses -> the names. `roots`: the first file of each of cargo's targets."""
    arrows = defaultdict(lambda: defaultdict(set))
    for root in roots:
        for user, used, name in Module(root, root.parent).arrows():
            arrows[user][used].add(name)
    return arrows


def python_arrows(folders):
    """File -> file that it imports -> the names: the module beside it, else those of that name in another folder."""
    files = [file for folder in folders for file in sorted(folder.rglob("*.py"))]
    arrows = defaultdict(lambda: defaultdict(set))
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            for name in names:
                found = [other for other in files if other.stem == name.split(".")[0] and other != file]
                for used in [other for other in found if other.parent == file.parent] or found:
                    arrows[file][used].add(name)
    return arrows


def typescript_arrows(folders):
    """File -> file that it imports, types included -> the names."""
    arrows = defaultdict(lambda: defaultdict(set))
    for file in (file for folder in folders for file in sorted(folder.rglob("*.ts"))):
        for found in IMPORT.finditer(file.read_text(encoding="utf-8")):
            arrows[file][Path(os.path.normpath(file.parent / found["path"]))].add(found["names"].removesuffix(" from "))
    return arrows


def tied(arrows):
    """A line for each arrow in a circle: who uses whom, and the names."""
    for circle in circles(arrows):
        names = [file.relative_to(ROOT).as_posix() for file in circle]
        for user, name in zip(circle, names):
            for used in sorted(set(circle) & set(arrows[user])):
                yield f"{name} -> {used.relative_to(ROOT).as_posix()}: {', '.join(sorted(arrows[user][used]))}"


def every_file():
    """The arrows between the files of the project."""
    roots = {Path(os.path.normpath(target["src_path"])) for crate in packages() for target in crate["targets"]}
    return rust_arrows(sorted(roots)) | python_arrows(PYTHON) | typescript_arrows([PAGE])
