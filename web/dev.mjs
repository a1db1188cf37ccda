// Serves the page from its sources and passes everything else on to a running stack; the page reloads at every change.
//
// Usage: node dev.mjs ADDRESS      (of the API, as `make run` prints it)

import { createServer, request } from "node:http";
import { request as secureRequest } from "node:https";

import * as esbuild from "esbuild";

import { html, SETTINGS } from "./build.mjs";

const PORT = 8000;
const HOST = "127.0.0.1";
const RELOAD = `new EventSource("/esbuild").addEventListener("change", () => location.reload());`;

const api = new URL(process.argv[2]);
const context = await esbuild.context({
  ...SETTINGS,
  write: false,
  sourcemap: "inline",
  banner: { js: RELOAD },
});
await context.watch();
const built = await context.serve({ host: HOST, port: 0 });

/** Sends a request on, and the answer back as it comes. */
function pass(incoming, outgoing, target) {
  const send = target.protocol === "https:" ? secureRequest : request;
  const headers = { ...incoming.headers, host: target.host };
  const passed = send(target, { method: incoming.method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.headers);
    answer.pipe(outgoing);
  });
  passed.on("error", (error) => {
    if (!outgoing.headersSent) outgoing.writeHead(502, { "content-type": "text/plain" });
    outgoing.end(`No answer from ${target.origin}: ${error.message}`);
  });
  outgoing.on("close", () => passed.destroy());
  incoming.pipe(passed);
}

const server = createServer(async (incoming, outgoing) => {
  const path = incoming.url;
  if (path === "/") {
    outgoing.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
    outgoing.end(await html("main.js").catch(String));
  } else if (path === "/esbuild" || path.startsWith("/assets/")) {
    pass(incoming, outgoing, new URL(path.replace("/assets", ""), `http://${HOST}:${built.port}`));
  } else {
    pass(incoming, outgoing, new URL(api.pathname.replace(/\/$/, "") + path, api));
  }
});
server.listen(PORT, HOST, () => console.log(`The page: http://${HOST}:${PORT}/   The API: ${api}   Ctrl-C ends it.`));
