/** The calls of the API that the page makes. */

import { list, number, object, text } from "../json.ts";
import type { Json, JsonObject } from "../json.ts";
import type { Facts, Head, Kept, Outcome, Status, Story } from "../types.ts";
import { factsOf, headOf, keptOf, outcomeOf, storyOf } from "./answers.ts";
import { failureOfOperation } from "./failure.ts";
import type { Http } from "./http.ts";

/** What the page knows of a block, by its id. */
export interface Block {
  id: string;
  name: string;
  description: string;
  kind: string;
  providers: readonly string[];
}

/** Ids that the page has made: sent again, the same request starts nothing new. */
export interface Ids {
  operation: string;
  task: string;
}

export type Begun = { outcome: Outcome } | { operation: string };

export interface Operation {
  status: Status;
  tool: string;
  createdAt: string;
  /** Of one that has completed. */
  result: Json;
}

export interface KeptAgent extends Head {
  agent: JsonObject;
  facts: Facts;
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

/** In characters: a history tells no more of it. */
const LONGEST_WISH = 2_000;

export type Calls = ReturnType<typeof calls>;

export function calls(http: Http) {
  const agentPath = (id: string): string => `agents/${encodeURIComponent(id)}`;
  const begin = async (path: string, body: object, ids: Ids, signal: AbortSignal): Promise<Begun> => {
    const whole = { ...body, operation_id: ids.operation, task_id: ids.task };
    const answer = await http.ask(path, { method: "POST", body: whole, headers: { prefer: "respond-async" }, signal });
    const told = object(answer.body);
    if (answer.status === 202) return { operation: text(told["operation_id"]) || ids.operation };
    return { outcome: outcomeOf(answer.body) };
  };
  const made = (agent: JsonObject, wish: string): JsonObject => {
    const words = [...wish.trim()].slice(0, LONGEST_WISH).join("");
    return { agent_json: agent, ...(words && { wish: words }) };
  };
  const page = (body: Json, key: string): { items: Json[]; next: string | null } => {
    const told = object(body);
    return { items: list(told[key]), next: text(told["next"]) || null };
  };
  const query = (parameters: Record<string, string | null>): string => {
    const given = Object.entries(parameters).filter((entry): entry is [string, string] => Boolean(entry[1]));
    return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
  };

  return {
    http,
    /** Fails if the credentials do not do. */
    async check(): Promise<void> {
      await http.ask("blocks?limit=1&fields=name");
    },
    async blocks(): Promise<Block[]> {
      const answer = await http.ask("blocks?fields=id,name,description,uiType,needs_credentials");
      return list(object(answer.body)["blocks"]).map((entry) => {
        const told = object(entry);
        const [id, name, description, kind] = ["id", "name", "description", "uiType"].map((key) => text(told[key]));
        const providers = list(told["needs_credentials"]).map((provider) => text(provider));
        return { id: id ?? "", name: name ?? "", description: description ?? "", kind: kind ?? "", providers };
      });
    },
    async decompose(description: string, context: string, signal: AbortSignal): Promise<Outcome> {
      const body = context ? { description, context } : { description };
      return outcomeOf((await http.ask("decompose", { method: "POST", body, signal })).body);
    },
    generate(body: { instructions: JsonObject } | { description: string; context?: string }, ids: Ids, signal: AbortSignal): Promise<Begun> {
      return begin("generate", body, ids, signal);
    },
    patch(agent: JsonObject, changes: string, context: string, ids: Ids, signal: AbortSignal): Promise<Begun> {
      const body = { current_agent_json: agent, changes, ...(context ? { context } : {}) };
      return begin("patch", body, ids, signal);
    },
    async operation(id: string, signal?: AbortSignal): Promise<Operation> {
      const told = object((await http.ask(`operations/${encodeURIComponent(id)}`, { signal })).body);
      if (told["status"] === "failed") throw failureOfOperation(told["error"]);
      return {
        status: text(told["status"]) as Status,
        tool: text(told["tool_name"]),
        createdAt: text(told["created_at"]),
        result: told["result"] ?? null,
      };
    },
    async cancel(id: string): Promise<void> {
      await http.ask(`operations/${encodeURIComponent(id)}/cancel`, { method: "POST" });
    },

    /** `key`: repeated with the same one, the agent is kept once. `wish`: what it was made from, for its history. */
    async keep(agent: JsonObject, key: string, wish: string): Promise<Kept> {
      const call = { method: "POST", body: made(agent, wish), headers: { "idempotency-key": `"${key}"` } } as const;
      return keptOf(object((await http.ask("agents", call)).body));
    },
    async replace(kept: Kept, agent: JsonObject, wish: string): Promise<Kept> {
      const call = { method: "PUT", body: made(agent, wish), headers: { "if-match": kept.etag } } as const;
      return keptOf(object((await http.ask(agentPath(kept.id), call)).body));
    },
    async agents(q: string, cursor: string | null, signal: AbortSignal): Promise<Page<Head>> {
      const { items, next } = page((await http.ask(`agents${query({ q, cursor })}`, { signal })).body, "agents");
      return { items: items.map(headOf), next };
    },
    async agent(id: string, signal?: AbortSignal): Promise<KeptAgent> {
      const body = (await http.ask(agentPath(id), { signal })).body;
      const told = object(body);
      return { ...headOf(body), agent: object(told["agent_json"]), facts: factsOf(told) };
    },
    async versions(id: string, cursor: string | null, signal: AbortSignal): Promise<Page<Story>> {
      const { items, next } = page((await http.ask(`${agentPath(id)}/versions${query({ cursor })}`, { signal })).body, "versions");
      return { items: items.map(storyOf), next };
    },
    async version(id: string, version: number, signal?: AbortSignal): Promise<JsonObject> {
      return object(object((await http.ask(`${agentPath(id)}/versions/${version}`, { signal })).body)["agent_json"]);
    },
    async restore(kept: Kept, version: number): Promise<number> {
      const call = { method: "POST", headers: { "if-match": kept.etag } } as const;
      return number(object((await http.ask(`${agentPath(kept.id)}/versions/${version}/restore`, call)).body)["version"]);
    },
    async fork(id: string, key: string): Promise<Kept> {
      const call = { method: "POST", headers: { "idempotency-key": `"${key}"` } } as const;
      return keptOf(object((await http.ask(`${agentPath(id)}/fork`, call)).body));
    },
    async remove(id: string): Promise<void> {
      await http.ask(agentPath(id), { method: "DELETE" });
    },
    async undelete(id: string): Promise<void> {
      await http.ask(`${agentPath(id)}/undelete`, { method: "POST" });
    },
  };
}
