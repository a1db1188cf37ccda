"""A page of Markdown with tables that programs fill in, each between two comments that name it."""

import re


class NoPlace(Exception):
    """The page has no place for a table, or the table has none on the page."""


def filled(page, contents):
    """The page with each table in its place.

    Raises `NoPlace` where the two do not fit together.
    """
    places = set(re.findall(r"<!-- table (\S+) -->", page))
    if odd := places ^ set(contents):
        raise NoPlace(", ".join(sorted(odd)))
    for name, content in contents.items():
        start, end = f"<!-- table {name} -->", f"<!-- end {name} -->"
        before, _, rest = page.partition(start)
        _, found, after = rest.partition(end)
        if not found:
            raise NoPlace(name)
        page = f"{before}{start}\n{content}\n{end}{after}"
    return page


def table(heads, rows):
    """A table in Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
