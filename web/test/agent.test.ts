import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";

import { differences, marked, subject } from "../src/agent/changes.ts";
import { recipes } from "../src/agent/curl.ts";
import { mermaid } from "../src/agent/mermaid.ts";
import { readAgent } from "../src/agent/read.ts";
import { drawingOfChange, growing } from "../src/graph/drawing.ts";
import type { JsonObject } from "../src/json.ts";

const block = (id: string, name: string, kind = "Standard") => [id, { id, name, description: "", kind, providers: [] }] as const;
const BLOCKS = new Map([block("in", "AgentInputBlock", "Input"), block("read", "ExtractWebsiteContentBlock"), block("out", "AgentOutputBlock", "Output")]);
const node = (id: string, kind: string, values: JsonObject = {}): JsonObject => ({ id, block_id: kind, input_default: values, metadata: { position: { x: 0, y: 0 } } });
const link = (from: string, output: string, to: string, input: string): JsonObject => ({ id: `${from}${to}`, source_id: from, source_name: output, sink_id: to, sink_name: input });

const AGENT: JsonObject = {
  name: "Reader",
  nodes: [node("c", "out", { name: "Text" }), node("b", "read", { raw: false }), node("a", "in", { name: "Page" })],
  links: [link("a", "result", "b", "url"), link("b", "content", "c", "value")],
};

test("an agent is read in the order in which it runs, by the names that a person gave", () => {
  const agent = readAgent(AGENT, BLOCKS);
  assert.deepEqual(agent.nodes.map(({ title, kind }) => [title, kind]), [["Page", "input"], ["Extract website content", "action"], ["Text", "output"]]);
});

test("an agent of a strange shape is shown as far as it can be, and a circle does no harm", () => {
  for (const strange of [{}, { nodes: 7, links: "x" }, { nodes: [null, 1, { id: 5 }, { id: "a" }], links: [null, { source_id: "a", sink_id: "gone" }] }]) {
    assert.ok(readAgent(strange as JsonObject, BLOCKS).links.length === 0);
  }
  const circle = { nodes: [node("a", "read"), node("b", "read")], links: [link("a", "x", "b", "y"), link("b", "x", "a", "y")] };
  assert.equal(readAgent(circle, BLOCKS).nodes.length, 2);
});

test("everything that differs between two agents is told, and nothing else", () => {
  const after = {
    ...AGENT, name: "Listener", version: 2,
    nodes: [{ ...node("b", "read", { raw: true }), metadata: { position: { x: 9, y: 9 } } }, node("c", "out", { name: "Text" }), node("d", "read")],
    links: [link("b", "content", "c", "value"), link("d", "content", "c", "more")],
  };
  const told = differences(AGENT, after, BLOCKS).map((change) => `${change.op} ${subject(change)}`);
  assert.deepEqual(told, [
    "changed name of the agent",
    "changed raw of step “Extract website content”",
    "removed step “Page”",
    "added step “Extract website content”",
    "removed link Page · result → Extract website content · url",
    "added link Extract website content · content → Text · more",
  ]);
  assert.deepEqual(differences(AGENT, structuredClone(AGENT), BLOCKS), []);
});

test("the picture of a change has what was removed in it, marked", () => {
  const after = { ...AGENT, nodes: [node("b", "read", { raw: true }), node("c", "out", { name: "Text" })], links: [link("b", "content", "c", "value")] };
  const { nodes, links } = marked(AGENT, after);
  assert.deepEqual([...nodes], [["b", "changed"], ["a", "removed"]]);
  assert.deepEqual([...links.values()], ["removed"]);
  const drawing = drawingOfChange(AGENT, after, BLOCKS);
  assert.deepEqual(drawing.blocks.map(({ id, mark }) => [id, mark]), [["a", "removed"], ["b", "changed"], ["c", undefined]]);
  assert.deepEqual(drawing.wires.map(({ mark }) => mark), [undefined, "removed"]);
});

test("blocks appear as they are told of, and a new attempt begins anew", () => {
  const event = (seq: number, type: string, node = "") => ({ seq, at: "", type, node, block: "ExtractWebsiteContent", name: `Read ${node}` });
  const events = [event(1, "block_added", "x"), event(2, "started"), event(3, "block_added", "y"), event(4, "block_added", "y")];
  assert.deepEqual(growing(events, BLOCKS).blocks.map(({ title, block }) => [title, block]), [["Read y", "Extract website content"]]);
});

test("no name can break a Mermaid diagram or get into it as a command", () => {
  const drawn = (name: string): string => mermaid(readAgent({ nodes: [{ id: "a", metadata: { customized_name: name } }] }, BLOCKS));
  assert.equal(drawn('a"]; click n1 href'), 'flowchart TD\n    n1["a#34;#93;#59; click n1 href"]\n');
  assert.equal(drawn("<img onerror=x>\nend"), 'flowchart TD\n    n1["#60;img onerror#61;x#62; end"]\n');
  assert.equal(drawn("1. first"), 'flowchart TD\n    n1["1#46; first"]\n');
  assert.equal(drawn("\u202eevil"), 'flowchart TD\n    n1["evil"]\n');
});

test("a diagram has the shapes and the outputs", () => {
  assert.equal(mermaid(readAgent(AGENT, BLOCKS)), [
    "flowchart TD", '    n1[/"Page"/]', '    n2["Extract website content"]', '    n3[\\"Text"\\]', '    n1 -->|"result"| n2', '    n2 -->|"content"| n3', "",
  ].join("\n"));
});

test("a command can be pasted into a shell, whatever the goal says, and has no key in it", () => {
  const goal = `Tell "it" to O'Hara; $(rm -rf /) \`x\` $KEY`;
  const [again, ...rest] = recipes(new URL("https://x.test/v1/"), goal, null, true);
  assert.ok(again);
  assert.equal(rest.length, 2);
  const script = `curl() { printf '%s\\n' "$@"; }\n${again.command}`;
  const words = execFileSync("sh", ["-c", script], { env: { KEY: "k", TOKEN: "t" }, encoding: "utf8" }).trim().split("\n");
  assert.deepEqual(words, [
    "-H", "x-api-key: k", "-H", "authorization: Bearer t", "-H", "content-type: application/json",
    "-d", JSON.stringify({ description: goal }), "https://x.test/v1/generate",
  ]);
});

test("the commands for a saved file send JSON", () => {
  const [, , change] = recipes(new URL("https://x.test/v1/"), "a goal", null, false);
  const script = `cat() { printf '{"name":"A"}'; }\ncurl() { printf '%s\\n' "$@"; }\n${change?.command}`;
  const words = execFileSync("sh", ["-c", script], { encoding: "utf8" }).trim().split("\n");
  assert.deepEqual(JSON.parse(words[5] ?? ""), { current_agent_json: { name: "A" }, changes: "Rename it to My agent" });
});
