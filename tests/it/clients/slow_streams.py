#!/usr/bin/env python3
"""A client that reads answers slowly, and one that never reads standard error: 2,000 calls each, every one answered once.
Ends with 0 and SLOW STREAMS OK.

usage: slow_streams.py PROGRAM ARGS..."""
import json
import subprocess
import sys
import threading
import time

CALLS = 2000
PIPE = 64 * 1024  # what the pipe of standard error holds
MOST_MB = 100
PATIENCE = 120
HELLO = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "slow", "version": "0"}}


def request(number, method, params):
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}).encode() + b"\n"


def calls(server):
    server.stdin.write(request(0, "initialize", HELLO))
    server.stdin.write(b'{"jsonrpc":"2.0","method":"notifications/initialized"}\n')
    for number in range(1, CALLS + 1):
        call = {"name": "get_records", "arguments": {"module": "Cases", "limit": 5}}
        server.stdin.write(request(number, "tools/call", call))
        # What hosts probe with and the server does not serve; what it says a word about on standard error.
        server.stdin.write(request(f"p{number}", "logging/setLevel", {"level": "info"}))
        server.stdin.write(b'{"jsonrpc":"2.0","id":"p","method":\n')
    server.stdin.flush()


def peak_mb(server):
    with open(f"/proc/{server.pid}/status") as status:
        return next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM"))


def answered(pause, *options, stderr):
    """Talks with a server till every request is answered; its peak memory, and what was left unread on standard error."""
    server = subprocess.Popen([*sys.argv[1:], *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr)
    watchdog = threading.Timer(PATIENCE, server.kill)
    watchdog.start()
    threading.Thread(target=calls, args=(server,), daemon=True).start()
    waiting = {0} | set(range(1, CALLS + 1)) | {f"p{number}" for number in range(1, CALLS + 1)}
    broken = 0
    while waiting or broken < CALLS:
        line = server.stdout.readline()
        assert line, f"the server has gone, {len(waiting)} requests unanswered"
        message = json.loads(line)
        # A line that is no JSON is answered under the id that can be read in it.
        broken += message["id"] == "p"
        if message["id"] != "p":
            waiting.remove(message["id"])
        failed = message.get("result", {}).get("isError")
        assert not failed and ("result" in message) == isinstance(message["id"], int), message
        time.sleep(pause)
    peak = peak_mb(server)
    server.stdin.close()
    unread = 0
    if server.stderr:
        # What is in the pipe now was left there all the time; only then is the rest taken out of its way.
        unread = len(server.stderr.read1(PIPE))
        server.stderr.read()
    assert server.wait(20) == 0, server.returncode
    watchdog.cancel()
    return peak, unread


slow, _ = answered(0.001, stderr=subprocess.DEVNULL)
assert slow <= MOST_MB, f"{slow} MB for a slow reader"
_, unread = answered(0, "--log-level", "debug", stderr=subprocess.PIPE)
assert unread > PIPE - 4096, f"standard error was never full: {unread} bytes"
print(f"SLOW STREAMS OK: {CALLS} calls each, peak {slow} MB for a slow reader, {unread} bytes of standard error unread")
