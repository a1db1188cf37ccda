"""Pages of Markdown whose tables are written by programs, each between two comments that name it."""

import re


class NoPlace(Exception):
    """The page has no place for a table, or no table for a place."""


def filled(page, tables):
    """The page with each table in its place. Raises `NoPlace` if the two do not fit together."""
    places = set(re.findall(r"<!-- table (\S+) -->", page))
    if odd := places ^ set(tables):
        raise NoPlace(", ".join(sorted(odd)))
    for name, content in tables.items():
        place = re.compile(rf"(<!-- table {re.escape(name)} -->\n).*?(<!-- end {re.escape(name)} -->)", re.DOTALL)
        page, found = place.subn(lambda match, content=content: f"{match[1]}{content}\n{match[2]}", page)
        if found != 1:
            raise NoPlace(name)
    return page


def table(heads, rows):
    """A table in Markdown."""
    return "\n".join("| " + " | ".join(line) + " |" for line in [heads, ["---"] * len(heads), *rows])


def number(value):
    """Three digits of a number, or all before the point."""
    if value == 0:
        return "0"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def percent(part, whole):
    """A share as a percentage; never 0 % or 100 % unless it is exactly that."""
    if not whole or not part:
        return "0 %"
    share = 100 * part / whole
    if share < 0.1:
        return "< 0.1 %"
    if share > 99.9 and part < whole:
        return "> 99.9 %"
    return f"{share:.1f} %" if share < 10 else f"{share:.0f} %"
