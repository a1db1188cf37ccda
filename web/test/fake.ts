/** A service for tests: gives the answers that it was told to, one after the other, and keeps what it was asked. */

import { connect } from "../src/api/http.ts";
import type { Http } from "../src/api/http.ts";

export interface Asked {
  path: string;
  method: string;
  headers: Headers;
  body: string;
}

export type Script = (Response | Error | ((asked: Asked) => Response | Promise<Response>))[];

export function service(script: Script, credentials = { key: "key-1", token: "" }): { http: Http; asked: Asked[] } {
  const asked: Asked[] = [];
  const send = async (address: URL | RequestInfo, init?: RequestInit): Promise<Response> => {
    const url = new URL(String(address));
    const now = { path: url.pathname + url.search, method: init?.method ?? "GET", headers: new Headers(init?.headers), body: String(init?.body ?? "") };
    asked.push(now);
    const next = script.shift();
    if (!next) throw new Error(`nobody expected ${now.path}`);
    if (next instanceof Error) throw next;
    return typeof next === "function" ? next(now) : next;
  };
  return { http: connect(new URL("https://x.test/v1/"), () => credentials, send), asked };
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", ...headers } });
}

export function failed(status: number, type: string, retryable: boolean, headers: Record<string, string> = {}): Response {
  return json(status, { type: "error", message: "It failed.", error_type: type, retryable, request_id: "r-1" }, headers);
}

/** A stream of these events, which then ends, or stays open and silent. */
export function stream(events: object[], end: "ends" | "silent" = "ends"): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const event of events) controller.enqueue(new TextEncoder().encode(`data: ${JSON.stringify(event)}\n\n`));
      if (end === "ends") controller.close();
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}
