// The official TypeScript SDK reads an answer at once and notifications a moment later: one that comes right before an answer
// has a token it has forgotten, and some hosts close the connection over that. 3,000 quick calls, answers and failures, and
// as many as TOLD that last long enough to be told about. Ends with 0 and PROGRESS OK.
//
// usage: progress.mjs URL PROGRAM ARGS...     URL is that of the sandbox the program works on
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';

const QUICK = 3000, TOLD = 400, AT_ONCE = 8;
const [sandbox, command, ...args] = process.argv.slice(2);
const client = new Client({ name: 'progress', version: '0' });
const problems = [];
client.onerror = error => problems.push(String(error));
let notifications = 0;

async function call(args) {
  await client.callTool({ name: 'get_records', arguments: args }, undefined, { onprogress: () => { notifications += 1; } });
}
async function latency(milliseconds, jitter) {
  const body = JSON.stringify({ latency_ms: milliseconds, jitter_ms: jitter });
  const answer = await fetch(`${sandbox}/__sandbox/admin`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  if (!answer.ok) throw new Error(`the sandbox takes no latency: ${answer.status}`);
}

await client.connect(new StdioClientTransport({ command, args, env: process.env, stderr: 'inherit' }));
for (let done = 0; done < QUICK; done += 2) {
  await call({ module: 'Cases', limit: 1 });
  await call({ module: 'Cases', limit: 1, connection: 'nobody' });
}
const early = notifications;
// Just about as long as a call lasts before it is told about.
await latency(35, 30);
for (let done = 0; done < TOLD; done += AT_ONCE) {
  await Promise.all(Array.from({ length: AT_ONCE }, () => call({ module: 'Cases', limit: 1 })));
}
await latency(0, 0);
await client.close();
const unknown = problems.filter(problem => problem.includes('unknown token')).length;
if (problems.length || notifications === early) {
  console.error(`${unknown} unknown tokens, ${problems.length} problems, ${notifications - early} notifications: ${problems[0]}`);
  process.exit(1);
}
console.log(`PROGRESS OK: ${QUICK + TOLD} calls, ${notifications} notifications, 0 unknown tokens`);
