#!/usr/bin/env python3
"""Google's genai SDK with the server's session as its tools, against a model of this machine that calls one tool and then
answers. It turns every published schema into Google's own form. Ends with 0 and GENAI OK.

usage: genai_session.py PROGRAM"""
import asyncio
import http.server
import json
import sys
import threading

from google import genai
from google.genai import types
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

TURNS = [
    {"functionCall": {"name": "get_records", "args": {"module": "Cases", "limit": 1}}},
    {"text": "one case"},
]
ASKED = []


class Model(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_POST(self):
        ASKED.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        content = {"role": "model", "parts": [TURNS[len(ASKED) - 1]]}
        answer = json.dumps({"candidates": [{"content": content, "finishReason": "STOP"}]}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)


async def main():
    model = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Model)
    threading.Thread(target=model.serve_forever, daemon=True).start()
    options = types.HttpOptions(base_url=f"http://127.0.0.1:{model.server_address[1]}")
    client = genai.Client(api_key="none", http_options=options)
    server = StdioServerParameters(command=sys.argv[1], args=["--sandbox"])
    async with stdio_client(server) as (reader, writer), ClientSession(reader, writer) as session:
        await session.initialize()
        listed = {tool.name for tool in (await session.list_tools()).tools}
        answer = await client.aio.models.generate_content(
            model="gemini-2.5-flash", contents="Which case is open?", config={"tools": [session]}
        )
    assert answer.text == "one case", answer
    offered = {tool["name"] for group in ASKED[0]["tools"] for tool in group["functionDeclarations"]}
    assert offered == listed, offered ^ listed
    told = ASKED[1]["contents"][-1]["parts"][0]["functionResponse"]
    assert told["name"] == "get_records" and "ticketNumber" in json.dumps(told), told
    print(f"GENAI OK: {len(offered)} tools, {len(ASKED)} turns")


asyncio.run(main())
