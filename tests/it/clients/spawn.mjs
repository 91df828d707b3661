// Start a server as Node clients do (child_process gives it sockets), send it messages, end it, say what came back.
//
// usage: node spawn.mjs END -- COMMAND ARGS...
//
// The messages are the lines of standard input. When every request is answered the server is ended by END: eof, term,
// int (signals) or close-stdout (nobody reads any more, and one message more is sent).
// Prints one line of JSON: exit (the exit code, the name of a signal, or "hung"), lines, stderr.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

const PATIENCE = 60_000; // milliseconds; only a server that hangs is stopped by it

const [end, dashes, command, ...args] = process.argv.slice(2);
if (dashes !== '--' || !command) throw new Error('usage: node spawn.mjs END -- COMMAND ARGS...');

const messages = readFileSync(0, 'utf8').split('\n').filter((line) => line);
const waiting = new Set(messages.map((line) => JSON.parse(line)).filter((m) => 'id' in m && m.method).map((m) => m.id));

const server = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
let output = '';
let told = '';
let exit = null;

const give_up = setTimeout(() => {
  exit = 'hung';
  server.kill('SIGKILL');
}, PATIENCE);

function finish() {
  if (end === 'eof') return server.stdin.end();
  if (end === 'term') return server.kill('SIGTERM');
  if (end === 'int') return server.kill('SIGINT');
  server.stdout.destroy();
  return server.stdin.write('{"jsonrpc":"2.0","id":"unread","method":"ping"}\n');
}

function strike(line) {
  try {
    const message = JSON.parse(line);
    if ('result' in message || 'error' in message) waiting.delete(message.id);
  } catch {
    // what is no JSON is judged by the caller
  }
}

let partial = '';
server.stdout.setEncoding('utf8').on('data', (chunk) => {
  output += chunk;
  const lines = (partial + chunk).split('\n');
  partial = lines.pop();
  const open = waiting.size;
  lines.forEach(strike);
  if (open && !waiting.size) finish();
});
server.stderr.setEncoding('utf8').on('data', (chunk) => (told += chunk));
server.stdin.on('error', () => {}); // the server may be gone before the last message

server.on('close', (code, signal) => {
  clearTimeout(give_up);
  const lines = output.split('\n').filter((line) => line);
  console.log(JSON.stringify({ exit: exit ?? code ?? signal, lines, stderr: told }));
});

server.stdin.write(messages.map((line) => `${line}\n`).join(''));
if (!waiting.size) finish();
