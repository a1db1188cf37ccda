// Uses the functions as an assistant's program does, with the official TypeScript client.
// Usage: node walk.mjs ADDRESS KEY auto|legacy. Prints a line of JSON.
import {Client, StreamableHTTPClientTransport} from '@modelcontextprotocol/client';

const [address, key, mode] = process.argv.slice(2);
const client = new Client({name: 'walk', version: '1'}, {versionNegotiation: {mode}});
await client.connect(new StreamableHTTPClientTransport(new URL(address), {requestInit: {headers: {'x-api-key': key}}}));
const {tools} = await client.listTools();
const call = (name, given) => client.callTool({name, arguments: given});
const found = await call('find_blocks', {query: 'summarise a text'});
const wrong = await call('find_blocks', {words: 'summarise a text'});
const made = await call('generate_agent', {goal: 'Summarise a web page', save: true});
const read = await call('get_agent', {agent_id: made.structuredContent.agent_id});
const {prompts} = await client.listPrompts();
const version = client.getNegotiatedProtocolVersion();
await client.close();
console.log(JSON.stringify({
  version, tools: tools.length, prompts: prompts.length, found: found.structuredContent.blocks.map((block) => block.name), wrong: wrong.isError,
  saved: made.structuredContent.saved, nodes: read.structuredContent.outline.nodes.length,
}));
