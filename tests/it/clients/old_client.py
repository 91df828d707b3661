#!/usr/bin/env python3
"""The oldest client that still negotiates (Python mcp 1.9.4, protocol 2025-03-26): it refuses a whole answer that holds a
kind of block it does not know. Lists, calls, reads a file, saves it, exports. Ends with 0 and OLD CLIENT OK.

usage: old_client.py PROGRAM DIRECTORY"""
import asyncio
import json
import os
import sys

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

PROGRAM, DIRECTORY = sys.argv[1:]
SERVER = StdioServerParameters(command=PROGRAM, args=["--sandbox", "--files", DIRECTORY])


async def call(session, tool, **arguments):
    answer = await session.call_tool(tool, arguments)
    assert not answer.isError, (tool, answer.content)
    return json.loads(answer.content[0].text)


async def main():
    async with stdio_client(SERVER) as (reader, writer), ClientSession(reader, writer) as session:
        negotiated = (await session.initialize()).protocolVersion
        assert negotiated == "2025-03-26", negotiated
        tools = {tool.name for tool in (await session.list_tools()).tools}
        assert {"get_records", "get_attachment", "export_records"} <= tools, tools
        files = []
        for case in (await call(session, "get_records", module="Cases", limit=20))["data"]:
            related = await call(session, "get_related_records", module="Cases", id=case["id"], related="attachments")
            files += [{"module": "Cases", "id": case["id"], "attachment_id": row["id"]} for row in related["data"]]
        assert files, "no case of the sandbox has a file"
        for file in files:
            shown = await call(session, "get_attachment", **file)
            assert shown["data"]["bytes"] > 0, shown
            saved = await call(session, "get_attachment", **file, save=True)
            assert os.path.getsize(saved["data"]["path"]) == shown["data"]["bytes"], saved
        exported = await call(session, "export_records", module="Cases", filters={"status": "Open"})
        assert os.path.getsize(exported["data"]["path"]) > 0 and exported["complete"], exported
    print(f"OLD CLIENT OK: {negotiated}, {len(tools)} tools, {len(files)} files")


asyncio.run(main())
