"""Draws an agent as text: a box for each block, in the order in which they run, and a wire for each link.

    ┌ 1 · The page ───────────┐
    │ AgentInputBlock         │
    │ name = url              │
    │                  result ├─┐
    └─────────────────────────┘ │
    ┌ 2 ──────────────────────┐ │
    │ ExtractTextBlock        │ │
    │ url                     │◀┘
    └─────────────────────────┘

An output that feeds several inputs is one wire with several arrows. Wires that cross at ┼ are not connected.
"""

import json
import unicodedata
from dataclasses import dataclass, field

WIDEST_BOX = 72
NARROWEST_BOX = 34
PLAIN = str.maketrans({
    "┌": "+", "┐": "+", "└": "+", "┘": "+", "├": "+", "┤": "+", "┼": "+", "─": "-", "│": "|", "◀": "<", "·": "-", "…": "~", "→": ">",
})


@dataclass
class Wire:
    """Joins the row of an output with the rows of the inputs that it feeds."""

    source: int
    sinks: list = field(default_factory=list)

    @property
    def top(self):
        return min([self.source, *self.sinks])

    @property
    def bottom(self):
        return max([self.source, *self.sinks])


def draw(agent, block_names, columns=100, plain=False):
    """Draws `agent`, parsed JSON, at most `columns` wide. `block_names`: block id -> name. `plain`: ASCII only."""
    nodes, links = connected(agent)
    numbers = {node["id"]: number for number, node in enumerate(nodes, start=1)}
    rows, outputs, inputs = [], {}, {}
    for node in nodes:
        rows.append(("top", title(node, numbers[node["id"]])))
        rows.append(("left", block_names.get(node.get("block_id"), str(node.get("block_id")))))
        for name, value in (node.get("input_default") or {}).items():
            rows.append(("left", f"{name} = {one_line(value)}"))
        for name in unique(link["sink_name"] for link in links if link["sink_id"] == node["id"]):
            inputs[node["id"], name] = len(rows)
            rows.append(("left", name))
        for name in unique(link["source_name"] for link in links if link["source_id"] == node["id"]):
            outputs[node["id"], name] = len(rows)
            rows.append(("right", name))
        rows.append(("bottom", ""))
    wires = {}
    for link in links:
        row = outputs[link["source_id"], link["source_name"]]
        wires.setdefault(row, Wire(row)).sinks.append(inputs[link["sink_id"], link["sink_name"]])
    lanes = assign_lanes(wires.values())
    room = columns - 2 * len(lanes) - 1
    if room < NARROWEST_BOX:
        # No room for wires: list the links below the boxes.
        room, lanes = columns, []
        listed = [f"{numbers[l['source_id']]}.{l['source_name']} → {numbers[l['sink_id']]}.{l['sink_name']}" for l in links]
    else:
        listed = []
    width = max(8, min(room, WIDEST_BOX, max([width_of(text) + 6 for _, text in rows], default=0)))
    lines = [box_row(kind, text, width, row in wires) for row, (kind, text) in enumerate(rows)]
    lines = [(line + wiring).rstrip() for line, wiring in zip(lines, wiring_rows(len(rows), lanes))]
    text = "\n".join(lines + [cut(line, columns) for line in listed])
    return text.translate(PLAIN) if plain else text


def connected(agent):
    """The nodes in the order in which they run, and the links whose nodes both exist."""
    nodes = [node for node in agent.get("nodes") or [] if isinstance(node, dict) and "id" in node]
    ids = {node["id"] for node in nodes}
    links = [
        link for link in agent.get("links") or []
        if isinstance(link, dict) and link.get("source_id") in ids and link.get("sink_id") in ids
        and "source_name" in link and "sink_name" in link
    ]
    by_id = {node["id"]: node for node in nodes}
    feeders = {key: unique(link["source_id"] for link in links if link["sink_id"] == key) for key in by_id}
    feeding = {link["source_id"] for link in links}
    # Depth-first from the sinks, so that what feeds a block is right above it and wires stay short. A loop has no sink: its
    # first node serves as one.
    todo = [(node["id"], False) for node in nodes if node["id"] not in feeding] + [(node["id"], False) for node in nodes]
    todo.reverse()
    ordered, met = [], set()
    while todo:
        key, fed = todo.pop()
        if fed:
            ordered.append(by_id[key])
        elif key not in met:
            met.add(key)
            todo.append((key, True))
            todo.extend((feeder, False) for feeder in reversed(feeders[key]))
    return ordered, links


def title(node, number):
    """The title of a box: its number, and the node's own name if it has one."""
    name = (node.get("metadata") or {}).get("customized_name")
    return f"{number} · {one_line(name)}" if name else str(number)


def one_line(value):
    """A value as text without line breaks."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return " ".join(text.split())


def unique(names):
    """Drops repeated names and keeps the order."""
    return list(dict.fromkeys(names))


def assign_lanes(wires):
    """Assigns overlapping wires to different lanes, as few as possible. Short wires get the lanes next to the boxes."""
    lanes = []
    for wire in sorted(wires, key=lambda w: (w.bottom - w.top, w.top)):
        for lane in lanes:
            if all(wire.bottom < other.top or other.bottom < wire.top for other in lane):
                lane.append(wire)
                break
        else:
            lanes.append([wire])
    return lanes


def box_row(kind, text, width, feeds):
    """One row of a box. `feeds`: a wire starts at this row."""
    if kind == "top":
        text = cut(text, width - 4)
        return f"┌ {text} " + "─" * (width - width_of(text) - 4) + "┐"
    if kind == "bottom":
        return "└" + "─" * (width - 2) + "┘"
    text = cut(text, width - 4)
    gap = " " * (width - width_of(text) - 4)
    return f"│ {gap}{text} {'├' if feeds else '│'}" if kind == "right" else f"│ {text}{gap} │"


def wiring_rows(count, lanes):
    """Draws the wires: the text to the right of each of `count` rows."""
    width = 2 * len(lanes) + 1
    grid = [[" "] * width for _ in range(count)]
    for index, lane in enumerate(lanes):
        column = 2 * index + 1
        for wire in lane:
            for row in range(wire.top, wire.bottom + 1):
                grid[row][column] = "│"
    for index, lane in enumerate(lanes):
        column = 2 * index + 1
        for wire in lane:
            for row in {wire.source, *wire.sinks}:
                # From the box to the lane, across the wires between them.
                for left in range(column):
                    grid[row][left] = "┼" if grid[row][left] in "│┼" else "─"
                grid[row][column] = "┐" if row == wire.top else "┘" if row == wire.bottom else "┤"
                if row in wire.sinks:
                    grid[row][0] = "◀"
    return ["".join(line) for line in grid]


def width_of(text):
    """The number of columns that a text takes on a terminal."""
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text
    )


def cut(text, columns):
    """Shortens a text to `columns` columns; … marks the cut."""
    if width_of(text) <= columns:
        return text
    kept, taken = "", 0
    for letter in text:
        taken += width_of(letter)
        if taken > columns - 1:
            break
        kept += letter
    return kept + "…"


MARKS = {"added": "+", "removed": "-", "changed": "~"}


def changes(listed):
    """The `changes` of a patch, one line each: + added, - removed, ~ changed."""
    lines = []
    for change in listed:
        of = one_line(change.get("name") or change.get("id") or "")
        path, was, now = change.get("path"), change.get("before"), change.get("after")
        mark = MARKS.get(change.get("op"), "?")
        if change.get("what") == "link":
            lines.append(f"{mark} link {of} ({path})")
        elif change.get("what") == "node" and path is None:
            block = was if now is None else now
            lines.append(f"{mark} block {of}" + (f" [{block}]" if block and block != of else ""))
        else:
            place = path if change.get("what") == "agent" else f"{of}: {path}"
            values = [f" = {one_line(now)}" if now is not None else "", f" (was {one_line(was)})" if was is not None else ""]
            lines.append(f"{mark} {place}{''.join(values)}")
    return lines
