#!/usr/bin/env python3
"""Start a server as Python clients do, send it messages, end it, say what came back.

usage: spawn.py STREAMS END -- COMMAND ARGS...

The messages are the lines of standard input. STREAMS is what the server gets as standard input and output: pipes,
sockets, terminal or file. When every request is answered the server is ended by END: eof, term, int, hup (signals) or
close-stdout (nobody reads any more, and one message more is sent). With file the end of the file is the end.
Prints one line of JSON: exit (the exit code, a negative signal number, or "hung"), lines, stderr.
"""

import json
import os
import pty
import select
import signal
import socket
import subprocess
import sys
import tempfile
import termios

PATIENCE = 60  # seconds; only a server that hangs is stopped by it


def requests_in(lines):
    messages = [json.loads(line) for line in lines]
    return [m["id"] for m in messages if "id" in m and "method" in m]


def answers_in(output):
    found = []
    for line in output.split(b"\n")[:-1]:
        try:
            message = json.loads(line)
        except ValueError:
            continue
        if isinstance(message, dict) and ("result" in message or "error" in message):
            found.append(message.get("id"))
    return found


def read_some(descriptor):
    """What there is to read; empty at the end or when PATIENCE has run out."""
    if not select.select([descriptor], [], [], PATIENCE)[0]:
        return b""
    try:
        return os.read(descriptor, 65536)
    except OSError:  # the other side of a terminal has gone
        return b""


def open_streams(kind):
    """(server's stdin, server's stdout, our writing end, our reading end)"""
    if kind == "pipes":
        (server_in, ours_out), (ours_in, server_out) = os.pipe(), os.pipe()
    elif kind == "sockets":
        pairs = [socket.socketpair() for _ in range(2)]
        (server_in, ours_out), (ours_in, server_out) = [[end.detach() for end in pair] for pair in pairs]
    else:
        ours_out, server_in = pty.openpty()
        settings = termios.tcgetattr(server_in)
        settings[1] &= ~termios.OPOST
        settings[3] &= ~termios.ECHO
        termios.tcsetattr(server_in, termios.TCSANOW, settings)
        ours_in, server_out = os.dup(ours_out), os.dup(server_in)
    return server_in, server_out, ours_out, ours_in


def talk(kind, end, command, lines, log):
    server_in, server_out, to_server, from_server = open_streams(kind)
    server = subprocess.Popen(command, stdin=server_in, stdout=server_out, stderr=log, start_new_session=True)
    os.close(server_in)
    os.close(server_out)
    output = b""
    try:
        for line in lines:
            os.write(to_server, line.encode() + b"\n")
        waiting = set(requests_in(lines))
        while waiting - set(answers_in(output)):
            chunk = read_some(from_server)
            if not chunk:
                break
            output += chunk
        if end == "eof" and kind == "terminal":
            os.write(to_server, b"\x04")
        elif end == "eof":
            os.close(to_server)
            to_server = None
        elif end == "close-stdout":
            os.close(from_server)
            from_server = None
            os.write(to_server, b'{"jsonrpc":"2.0","id":"unread","method":"ping"}\n')
        else:
            server.send_signal({"term": signal.SIGTERM, "int": signal.SIGINT, "hup": signal.SIGHUP}[end])
        while from_server is not None:
            chunk = read_some(from_server)
            if not chunk:
                break
            output += chunk
        return wait(server), output
    finally:
        server.kill()
        for descriptor in (to_server, from_server):
            if descriptor is not None:
                os.close(descriptor)


def wait(server):
    try:
        return server.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        return "hung"


def from_file(command, lines, log):
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as output:
        given.write("".join(line + "\n" for line in lines).encode())
        given.seek(0)
        server = subprocess.Popen(command, stdin=given, stdout=output, stderr=log, start_new_session=True)
        code = wait(server)
        server.kill()
        output.seek(0)
        return code, output.read()


def main():
    kind, end, dashes, *command = sys.argv[1:]
    assert dashes == "--" and command, __doc__
    lines = sys.stdin.read().splitlines()
    with tempfile.TemporaryFile() as log:
        if kind == "file":
            code, output = from_file(command, lines, log)
        else:
            code, output = talk(kind, end, command, lines, log)
        log.seek(0)
        told = log.read().decode(errors="replace")
    text = output.decode(errors="replace")
    print(json.dumps({"exit": code, "lines": text.splitlines(), "stderr": told}))


main()
