/** An agent as the text of a Mermaid flowchart, which GitHub and chat clients draw. */

import { shortened } from "../words.ts";
import type { Agent, AgentNode, Kind } from "./read.ts";

/** Mermaid draws no more. */
const MOST_EDGES = 480;
const LONGEST = 60;
const SHAPES: Record<Kind, [string, string]> = {
  input: ["[/", "/]"],
  output: ["[\\", "\\]"],
  trigger: ["([", "])"],
  decision: ["{", "}"],
  agent: ["[[", "]]"],
  action: ["[", "]"],
};

export function mermaid(agent: Agent): string {
  const names = new Map(agent.nodes.map((node, index) => [node.id, `n${index + 1}`]));
  const nodes = agent.nodes.map((node) => `    ${names.get(node.id)}${drawn(node)}`);
  const outputs = new Map<string, Set<string>>();
  for (const link of agent.links) {
    const ends = `${names.get(link.from)} ${names.get(link.to)}`;
    outputs.set(ends, (outputs.get(ends) ?? new Set()).add(link.output));
  }
  const edges = [...outputs].slice(0, MOST_EDGES).map(([ends, named]) => {
    const [from, to] = ends.split(" ");
    return `    ${from} -->|"${label([...named].join(", "))}"| ${to}`;
  });
  return `${["flowchart TD", ...nodes, ...edges].join("\n")}\n`;
}

function drawn(node: AgentNode): string {
  const [open, close] = SHAPES[node.kind];
  return `${open}"${label(node.title)}"${close}`;
}

/** Characters that Mermaid or Markdown could read are written as the code of the character. */
function label(text: string): string {
  // Invisible characters that turn or join text have no place in a label.
  const visible = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ");
  const code = (c: string): string => `#${c.codePointAt(0)};`;
  const coded = shortened(visible, LONGEST).replace(/[!-/:-@[-`{-~]/g, (c) => (/[,'/?!\-.]/.test(c) ? c : code(c)));
  // "- x" and "1. x" would be lists.
  return coded.replace(/^- /, `${code("-")} `).replace(/^(\d+)\./, `$1${code(".")}`) || "step";
}
