// What `install` has written into a home directory, read by the parser that each assistant has, where a package has it:
// jsonc-parser (VS Code, OpenCode), strip-json-comments (Gemini CLI), JSON.parse (those of Electron and Node), yaml for Goose.
// usage: node configs.mjs PROGRAM < the list that `install --json` prints

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(`${process.env.NODE_PATH}/`);
const jsonc = require("jsonc-parser");
const { default: stripComments } = await import(require.resolve("strip-json-comments"));
const yaml = require("yaml");

const withComments = (text) => {
  const errors = [];
  const read = jsonc.parse(text, errors, { allowTrailingComma: true });
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  return read;
};
const assistants = {
  "claude-desktop": (text) => JSON.parse(text).mcpServers,
  "claude-code": (text) => JSON.parse(text).mcpServers,
  vscode: (text) => withComments(text).servers,
  cursor: (text) => JSON.parse(text).mcpServers,
  gemini: (text) => JSON.parse(stripComments(text)).mcpServers,
  goose: (text) => yaml.parse(text, { strict: true, uniqueKeys: true }).extensions,
  windsurf: (text) => JSON.parse(text).mcpServers,
  zed: (text) => withComments(text).context_servers,
  opencode: (text) => withComments(text).mcp,
  copilot: (text) => JSON.parse(text).mcpServers,
};

const [program] = process.argv.slice(2);
const listed = JSON.parse(readFileSync(0, "utf8"));
for (const { name, state, file } of listed) {
  if (name === "codex") continue; // TOML: Python has a reader of its own
  const { command, cmd } = assistants[name](readFileSync(file, "utf8")).zoho;
  const started = [command ?? cmd].flat()[0];
  if (started !== program || state !== "knows this server") throw new Error(`${name}: ${started}, ${state}`);
}
console.log(`${listed.length - 1} configurations read`);
