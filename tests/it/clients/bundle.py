"""An unpacked .mcpb is started as Claude Desktop starts it: with nothing filled in, where what is not filled in is left as
it stands (mcpb's MANIFEST.md), and with the sandbox chosen; the environment is small. usage: bundle.py FOLDER"""

import json
import os
import subprocess
import sys
import tempfile

folder = os.path.abspath(sys.argv[1])
manifest = json.load(open(f"{folder}/manifest.json", encoding="utf-8"))
config = manifest["server"]["mcp_config"]


def start(filled, *calls):
    """The results of calls to the server, as started with these values."""

    def put_in(text):
        text = text.replace("${__dirname}", folder)
        for name, value in filled.items():
            text = text.replace(f"${{user_config.{name}}}", value)
        return text

    meta = {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": {"name": "bundle", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {},
    }
    lines = [
        json.dumps({"jsonrpc": "2.0", "id": at, "method": method, "params": {**params, "_meta": meta}})
        for at, (method, params) in enumerate(calls)
    ]
    with tempfile.TemporaryDirectory() as home:
        program = subprocess.run(
            [put_in(config["command"]), *map(put_in, config["args"])],
            input="\n".join(lines) + "\n",
            capture_output=True,
            text=True,
            timeout=60,
            env={"HOME": home, "PATH": "/usr/bin:/bin"},
        )
    assert program.returncode == 0, program.stderr
    answers = {answer.get("id"): answer for answer in map(json.loads, program.stdout.splitlines())}
    return [answers[at]["result"] for at in range(len(calls))]


call = ("tools/call", {"name": "get_records", "arguments": {"module": "Cases", "limit": 2}})
offered, unconnected = start({"sandbox": "false"}, ("tools/list", {}), call)
names = {tool["name"] for tool in offered["tools"]}
named = {tool["name"] for tool in manifest["tools"]}
assert names <= named, f"offered and not in the manifest: {names - named}"
told = unconnected["content"][0]["text"]
assert "No Zoho connection found" in told, unconnected
# No shell finds a bundle's program by its name.
assert folder in told and "/server/zoho-mcp connect" in told, unconnected
(found,) = start({"sandbox": "true"}, call)
assert found["structuredContent"]["count"] == 2, found
(nothing,) = start({}, call)
assert nothing["isError"], nothing
print(f"{len(named)} tools, started three ways")
