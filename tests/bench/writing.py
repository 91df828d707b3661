#!/usr/bin/env python3
"""How long a confirmed update takes beside a read in the same run, and which calls of Zoho's it costs.

    tests/bench/writing.py target/release/zoho-mcp

The program's own sandbox answers, at once. Prints medians in milliseconds, and the calls of one confirmed update.
"""
import json
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

ROUNDS = 200
program = sys.argv[1]


class Server:
    def __init__(self, url, home):
        self.process = subprocess.Popen(
            [program, "--sandbox-url", url, "--database-url", f"sqlite:{home}/zoho-mcp.db", "--keyring=0", "--user", "bench",
             "--writes", "confirm"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.last = 0
        self.ask("initialize", {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "bench", "version": "0"}})
        self.say({"method": "notifications/initialized"})

    def say(self, message):
        self.process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        self.process.stdin.flush()

    def ask(self, method, params):
        self.last += 1
        self.say({"id": self.last, "method": method, "params": params})
        while True:
            message = json.loads(self.process.stdout.readline())
            if message.get("id") == self.last and "method" not in message:
                return message["result"]

    def call(self, tool, arguments):
        result = self.ask("tools/call", {"name": tool, "arguments": arguments})
        return json.loads(result["content"][0]["text"])


def timed(times, work):
    begun = time.perf_counter()
    answer = work()
    times.append((time.perf_counter() - begun) * 1000)
    return answer


with tempfile.TemporaryDirectory() as home:
    sandbox = subprocess.Popen([program, "sandbox", "--listen", "127.0.0.1:0", "--env"], stdout=subprocess.PIPE, text=True)
    said = {}
    while "ZOHO_SANDBOX_DESK_ORG_ID" not in said:
        name, _, value = sandbox.stdout.readline().strip().removeprefix("export ").partition("=")
        said[name] = value.strip("'\"")
    url = said["ZOHO_SANDBOX_URL"]
    connect = [program, "connect", "--sandbox-url", url, "--database-url", f"sqlite:{home}/zoho-mcp.db", "--keyring=0",
               "--user", "bench", "--yes", "--org", said["ZOHO_SANDBOX_DESK_ORG_ID"], "--writes", "confirm"]
    subprocess.run(connect, check=True, capture_output=True)
    server = Server(url, home)
    cases = server.call("get_records", {"module": "Cases", "limit": 50, "filters": {"status": "Open"}, "fields": ["id"]})["data"]
    reads, shown, confirmed, seen = [], [], [], None
    for turn in range(ROUNDS):
        case = cases[turn % len(cases)]["id"]
        timed(reads, lambda: server.call("get_record", {"module": "Cases", "id": case}))
        if turn == 1:
            urllib.request.urlopen(urllib.request.Request(f"{url}/__sandbox/log", method="DELETE"))
        change = {"module": "Cases", "id": case, "values": {"subject": f"Lantern {turn}"}}
        asked = timed(shown, lambda: server.call("update_record", change))
        done = timed(confirmed, lambda: server.call("confirm_write", {"token": asked["token"]}))
        assert done["data"]["id"] == case, done
        if turn == 1:
            seen = json.load(urllib.request.urlopen(f"{url}/__sandbox/log"))
    sandbox.terminate()
    server.process.terminate()
    p50 = {name: round(statistics.median(times), 2) for name, times in
           (("get_record", reads), ("update_record, shown", shown), ("confirm_write", confirmed))}
    whole = round(statistics.median(one + other for one, other in zip(shown, confirmed)), 2)
    print(json.dumps({"p50 ms": p50, "confirmed update, both calls": whole,
                      "times a read": round(whole / p50["get_record"], 1)}, indent=1))
    calls = seen if isinstance(seen, list) else seen.get("calls", seen)
    print("calls of one:", json.dumps([f"{one.get('method')} {one.get('path')}" if isinstance(one, dict) else one for one in calls]))
