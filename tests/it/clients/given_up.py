#!/usr/bin/env python3
"""A client that gives up each call at once: 20,000 of them take no more memory than 20,000 that are waited for, and what
comes behind them is answered. Ends with 0 and GIVEN UP OK.

usage: given_up.py PROGRAM ARGS..."""
import json
import subprocess
import sys
import threading

CALLS = 20_000
PATIENCE = 180
# Of what the same calls take that are not given up, measured in the same run.
MOST = 1.3
HELLO = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "hasty", "version": "0"}}


def message(**members):
    return json.dumps({"jsonrpc": "2.0", **members}).encode() + b"\n"


def calls(server, gives_up):
    server.stdin.write(message(id="hello", method="initialize", params=HELLO))
    server.stdin.write(message(method="notifications/initialized"))
    for number in range(CALLS):
        server.stdin.write(message(id=number, method="tools/call", params={"name": "nope", "arguments": {}}))
        if gives_up:
            server.stdin.write(message(method="notifications/cancelled", params={"requestId": number}))
    server.stdin.write(message(id="last", method="ping"))
    server.stdin.flush()


def peak_kb(gives_up):
    """The most memory that the server has taken when everything is answered or given up."""
    server = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    watchdog = threading.Timer(PATIENCE, server.kill)
    watchdog.start()
    threading.Thread(target=calls, args=(server, gives_up), daemon=True).start()
    waiting = {"last"} | (set() if gives_up else set(range(CALLS)))
    while waiting:
        line = server.stdout.readline()
        assert line, f"the server has gone, {len(waiting)} requests unanswered"
        waiting.discard(json.loads(line).get("id"))
    with open(f"/proc/{server.pid}/status") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    server.stdin.close()
    assert server.wait() == 0
    watchdog.cancel()
    return peak


plain, given_up = peak_kb(False), peak_kb(True)
assert given_up <= MOST * plain, f"{given_up} kB where calls that are waited for take {plain}"
print(f"GIVEN UP OK: {CALLS} calls, {given_up} kB where calls that are waited for take {plain}")
