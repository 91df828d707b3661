#!/usr/bin/env python3
"""Draws the two pictures of README: `demo.svg`, a recording of `zoho-mcp demo`, and `assistant.svg`, an answer in Gemini
CLI. Everything in them comes from the sandbox at a fixed moment, so that a new run changes them only where the program
does. The assistant is the real one; its model is a script of this file: it calls one tool and lists what came back.

usage: make.py PROGRAM
needs: tmux, npm, and Python with rich (pip install rich==15.0.0)"""
import contextlib
import http.server
import io
import json
import os
import pathlib
import pty
import re
import subprocess
import sys
import tempfile
import termios
import threading
import time

from rich.console import Console
from rich.text import Text

HERE = pathlib.Path(__file__).resolve().parent
NOW = "2026-11-20T15:00:00Z"
COLUMNS = 92
SECONDS_A_SCREEN = 4
ASSISTANT = "@google/gemini-cli@0.61.0"
QUESTION = "Which open cases are due first, and who has them?"
# Rich's own form, without fonts from elsewhere: a picture asks nobody for anything.
FORM = """<svg xmlns="http://www.w3.org/2000/svg" class="rich-terminal" viewBox="0 0 {width} {height}">
<style>.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
font-size: {char_height}px; line-height: {line_height}px; }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: sans-serif; }}
{styles}</style>
<defs><clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>{lines}</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">{backgrounds}
<g class="{unique_id}-matrix">{matrix}</g></g>
</svg>"""


def drawn(lines, title, name):
    """The SVG of some lines with the terminal's own signs for colours in them."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), legacy_windows=False)
    for line in lines:
        console.print(Text.from_ansi(line), no_wrap=True, crop=True, overflow="ellipsis")
    return console.export_svg(title=title, code_format=FORM, unique_id=name)


def printed(command, environment):
    """What a command prints on a terminal of this width."""
    terminal, end = pty.openpty()
    termios.tcsetwinsize(end, (40, COLUMNS))
    with subprocess.Popen(command, env=environment, stdin=end, stdout=end, stderr=end):
        os.close(end)
        parts = []
        # Linux ends a terminal that nobody writes to any more with an error, others with nothing.
        with contextlib.suppress(OSError):
            while part := os.read(terminal, 65536):
                parts.append(part)
    return b"".join(parts).decode().replace("\r\n", "\n")


def screens(program, home):
    """What the demo prints: the steps up to the first answer, then a screen for each."""
    # As people have it: a shell finds the program, and what it recommends is called by its name.
    path = f"{pathlib.Path(program).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {"HOME": home, "PATH": path, "TZ": "UTC", "TERM": "xterm-256color"}
    shown = printed([program, "--now", NOW, "--no-pager", "demo"], environment)
    # Links and what a progress line takes back are no part of a picture.
    shown = re.sub(r"\x1b\]8;[^\x1b\x07]*(?:\x1b\\|\x07)|\x1b\[[0-9;?]*[A-HJKSTfhlsu]", "", shown)
    shown = "\n".join(line.rsplit("\r", 1)[-1] for line in shown.splitlines())
    steps = re.split(r"\n(?=(?:\x1b\[[0-9;]*m)*\d\. )", shown.strip())
    return ["\n".join(steps[:4]), *steps[4:]]


def record_demo(program, home):
    """Screen after screen, in one picture that moves by CSS alone."""
    steps = [step.splitlines() for step in screens(program, home)]
    rows = max(map(len, steps))
    frames = []
    for at, step in enumerate(steps):
        picture = drawn(step + [""] * (rows - len(step)), "zoho-mcp demo", f"s{at}")
        frames.append(f'<g class="frame" style="animation-delay:{at * SECONDS_A_SCREEN}s">{picture}</g>')
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', frames[0])
    share = 100 / len(frames)
    style = (
        f".frame{{opacity:0;animation:show {len(frames) * SECONDS_A_SCREEN}s steps(1) infinite}}"
        f"@keyframes show{{0%{{opacity:1}}{share:.3f}%{{opacity:0}}100%{{opacity:0}}}}"
        "@media(prefers-reduced-motion){.frame{animation:none}.frame:last-of-type{opacity:1}}"
    )
    whole = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[1]} {size[2]}"><style>{style}</style>'
    (HERE / "demo.svg").write_text(whole + "".join(frames) + "</svg>\n")


class Model(http.server.BaseHTTPRequestHandler):
    """Calls get_records, then lists the records that came back."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        answer = {"candidates": [{"content": {"role": "model", "parts": [turn(asked)]}, "finishReason": "STOP"}]}
        body = json.dumps(answer)
        streamed = "stream" in self.path
        body = (f"data: {body}\n\n" if streamed else body).encode()
        self.send_response(200)
        self.send_header("content-type", "text/event-stream" if streamed else "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def turn(asked):
    """The model's next part: the call while it has no records, then their list."""
    for part in asked["contents"][-1]["parts"]:
        if "functionResponse" in part:
            return {"text": listed(part["functionResponse"]["response"]["output"])}
    tools = [tool["name"] for group in asked.get("tools", []) for tool in group["functionDeclarations"]]
    reads = [name for name in tools if name.endswith("get_records")]
    arguments = {
        "module": "Cases",
        "filters": {"status": "Open"},
        "sort_by": "dueDate",
        "sort_order": "asc",
        "limit": 4,
    }
    return {"functionCall": {"name": reads[0], "args": arguments}} if reads else {"text": "ready"}


def listed(answer):
    """The records of an answer as a person is told of them; subjects without the brackets that mark others' words."""
    records = json.JSONDecoder().raw_decode(answer, answer.index("{"))[0]["data"]
    rows = ["| Case | Subject | Who has it | Due |", "|---|---|---|---|"]
    for record in records:
        subject = record["subject"].strip("〔〕")
        due = record["dueDate"].replace("T", " ")[:16]
        rows.append(f"| {record['ticketNumber']} | {subject} | {record.get('assignee', 'nobody')} | {due} |")
    first = records[0]
    return "\n".join([*rows, "", f"The first one: {first['link']}"])


def draw_assistant(program, home):
    """Gemini CLI on a terminal of its own, photographed once its answer stands there."""
    subprocess.run(["npm", "install", "--silent", "--prefix", home, ASSISTANT], check=True)
    model = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Model)
    threading.Thread(target=model.serve_forever, daemon=True).start()
    settings = pathlib.Path(home, ".gemini", "settings.json")
    settings.parent.mkdir()
    server = {"command": program, "args": ["--sandbox", "--now", NOW], "trust": True}
    chosen = {
        "security": {"auth": {"selectedType": "gemini-api-key"}, "folderTrust": {"enabled": False}},
        "general": {"enableAutoUpdate": False},
        "privacy": {"usageStatisticsEnabled": False},
        "ui": {"hideTips": True},
        "mcpServers": {"zoho": server},
    }
    settings.write_text(json.dumps(chosen))
    work = pathlib.Path(home, "support")
    work.mkdir()
    environment = {
        "HOME": home,
        "TZ": "UTC",
        "COLORTERM": "truecolor",
        "GEMINI_API_KEY": "none",
        "GOOGLE_GEMINI_BASE_URL": f"http://127.0.0.1:{model.server_address[1]}",
    }
    given = [word for name, value in environment.items() for word in ("-e", f"{name}={value}")]
    tmux = ["tmux", "-L", f"pictures-{os.getpid()}"]
    gemini = [f"{home}/node_modules/.bin/gemini", "-m", "gemini-2.5-flash", "-i", QUESTION]
    size = ["-x", str(COLUMNS), "-y", "200"]
    subprocess.run([*tmux, "new-session", "-d", "-s", "p", "-c", str(work), *size, *given, *gemini], check=True)
    try:
        lines = awaited(tmux)
    finally:
        subprocess.run([*tmux, "kill-server"], check=False)
    (HERE / "assistant.svg").write_text(drawn(lines, "Gemini CLI with zoho-mcp", "a") + "\n")


def awaited(tmux):
    """From the question to the end of the answer, once both stand on the screen. Of the box with what the tool answered,
    which Gemini CLI shows whole, its head is kept and `...` stands for the rest."""
    for _ in range(120):
        time.sleep(1)
        screen = subprocess.run([*tmux, "capture-pane", "-e", "-p", "-t", "p"], capture_output=True, text=True).stdout
        lines = screen.splitlines()
        begins = [at for at, line in enumerate(lines) if QUESTION in line]
        ends = [at for at, line in enumerate(lines) if "ShowHomePage" in line]
        boxes = [at for at, line in enumerate(lines) if "╰" in line]
        if begins and ends and boxes:
            head = next(at for at in range(begins[0], boxes[0]) if "╭" in lines[at])
            return lines[begins[0] : head + 5] + ["   ..."] + lines[boxes[0] : ends[-1] + 1]
    raise SystemExit("the assistant has not answered:\n" + screen)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    built = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as scratch:
        record_demo(built, scratch)
        draw_assistant(built, scratch)
