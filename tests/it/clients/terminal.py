"""Runs a command on a terminal of its own and answers its questions.

terminal.py QUESTION ANSWER [QUESTION ANSWER ...] -- COMMAND ...

Each answer is typed once its question is on the screen, a secret once the terminal no longer shows what is typed. Instead of
an answer: `{allowed}` types the address that a sandbox's consent page leads to (`{quoted}` in quotes, `{query}` its parameters alone), `{typed}` types a device's code into a sandbox's page
and allows it, and what somebody agrees to is read for a moment; `{ctrl-c}` and `{terminate}` end the command.
Prints {"exit": number, "screen": text, "echo": whether the terminal shows what is typed afterwards}.
"""

import codecs
import json
import os
import pty
import re
import select
import signal
import sys
import termios
import time
import urllib.error
import urllib.request

# Seconds after which a command that shows nothing has stopped.
SILENCE = 120

split = sys.argv.index("--")
talk, command = sys.argv[1:split], sys.argv[split + 1 :]
questions = list(zip(talk[0::2], talk[1::2]))

child, terminal = pty.fork()
if child == 0:
    termios.tcsetwinsize(0, (40, int(os.environ["COLUMNS"])))
    # Whoever runs the tests in the background has the keys that end a command ignored, and that is inherited.
    for key in (signal.SIGINT, signal.SIGQUIT):
        signal.signal(key, signal.SIG_DFL)
    os.execvp(command[0], command)


def shows_typing():
    return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def allowed():
    page = re.findall(r"http://\S*/oauth/v2/auth\?\S+", screen)[-1]
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), Stay)
    try:
        opener.open(page + "&auto_approve=true")
    except urllib.error.HTTPError as led:
        return led.headers["Location"]


def type_code():
    page, code = re.search(r"Open (\S+) in .*?\n\s+(\S+)\r?\n", screen, re.S).groups()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    opener.open(f"{page}?user_code={code}&auto_approve=true").read()


# A part may end inside a letter.
decoder = codecs.getincrementaldecoder("utf-8")("replace")
screen, read_from = "", 0
while True:
    if not select.select([terminal], [], [], SILENCE)[0]:
        os.kill(child, signal.SIGKILL)
        sys.exit(f"nothing more was shown for {SILENCE} s; waiting for {questions} after {screen}")
    try:
        part = os.read(terminal, 65536)
    except OSError:
        break
    if not part:
        break
    screen += decoder.decode(part)
    while questions and questions[0][0] in screen[read_from:]:
        question, answer = questions.pop(0)
        read_from = screen.index(question, read_from) + len(question)
        for _ in range(2000 if "not shown" in question else 0):
            if not shows_typing():
                break
            time.sleep(0.005)
        # Nobody has read sooner what they are to agree to.
        if "gree" in question:
            time.sleep(0.6)
        if answer == "{terminate}":
            os.kill(child, signal.SIGTERM)
            continue
        if answer == "{typed}":
            type_code()
            continue
        as_pasted = {
            "{allowed}": lambda address: address,
            "{quoted}": lambda address: f"'{address}'",
            "{query}": lambda address: address.split("?")[1],
        }
        if answer in as_pasted:
            answer = as_pasted[answer](allowed())
        os.write(terminal, ("\x03" if answer == "{ctrl-c}" else answer + "\n").encode())

_, status = os.waitpid(child, 0)
print(json.dumps({"exit": os.waitstatus_to_exitcode(status), "screen": screen, "echo": shows_typing()}))
