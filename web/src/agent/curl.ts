/** Ready commands for a shell. They have no key in them: it is taken from `$KEY`. */

import { stringify } from "../json.ts";
import type { Kept } from "../types.ts";

/** Quotes a text for a POSIX shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function curl(address: URL, path: string, rest: string[], token: boolean): string {
  const headers = [`-H "x-api-key: $KEY"`, ...(token ? [`-H "authorization: Bearer $TOKEN"`] : [])];
  return ["curl", ...headers, ...rest, quoted(new URL(path, address).href)].join(" \\\n  ");
}

const JSON_BODY = "-H 'content-type: application/json'";

export interface Recipe {
  title: string;
  command: string;
}

/** What one may want to do with an agent outside of the page. `goal` is empty if it is not known. */
export function recipes(address: URL, goal: string, kept: Kept | null, token: boolean): Recipe[] {
  const found: Recipe[] = [];
  if (goal) {
    const command = curl(address, "generate", [JSON_BODY, `-d ${quoted(stringify({ description: goal }))}`], token);
    found.push({ title: "Make it again from the goal", command });
  }
  if (kept) {
    found.push({ title: "Read the newest version", command: curl(address, `agents/${kept.id}`, [], token) });
  } else {
    const body = [JSON_BODY, `-d "{\\"agent_json\\": $(cat agent.json)}"`];
    found.push({ title: "Keep it (download agent.json first)", command: curl(address, "agents", body, token) });
  }
  const wish = `{\\"current_agent_json\\": $(cat agent.json), \\"changes\\": \\"Rename it to My agent\\"}`;
  found.push({ title: "Change it by words (download agent.json first)", command: curl(address, "patch", [JSON_BODY, `-d "${wish}"`], token) });
  return found;
}
