// Reads a stream with the client that `useChat` of the AI SDK uses, and prints the message that a page would show.
//
// Usage: node read.mjs FILE (the body of an answer)

import { readFileSync } from "node:fs";
import { DefaultChatTransport, readUIMessageStream } from "ai";

const body = readFileSync(process.argv[2]);
const asked = [];
const transport = new DefaultChatTransport({
  api: "http://stack.test/v1/tasks",
  fetch: async (url, { method }) => {
    asked.push(`${method} ${url}`);
    return new Response(body, {
      headers: { "content-type": "text/event-stream", "x-vercel-ai-ui-message-stream": "v1" },
    });
  },
});
const stream = await transport.reconnectToStream({ chatId: "demo" });
const errors = [];
let message = null;
for await (const shown of readUIMessageStream({ stream, onError: (error) => errors.push(error.message) })) {
  message = shown;
}
console.log(JSON.stringify({ asked, message, errors }));
