"""A sandbox of its own process, asked and told over HTTP; nothing here knows what the answers should be."""

import http.client
import json
import re
import subprocess
import urllib.parse


class Difference(Exception):
    """What the sandbox answered is not what the model expects."""


def same(what, found, expected):
    """Raises unless both are equal; says both, shortened."""
    if found == expected:
        return
    if isinstance(found, (list, set, dict)) and isinstance(expected, (list, set, dict)):
        beyond = [one for one in found if one not in expected]
        missing = [one for one in expected if one not in found]
        if beyond or missing:
            raise Difference(f"{what}: {len(found)} found, {len(expected)} expected\n"
                             f"  too much: {beyond[:5]}\n  missing: {missing[:5]}")
    raise Difference(f"{what}:\n  found:    {str(found)[:900]}\n  expected: {str(expected)[:900]}")


class Zoho:
    """One sandbox. Its clock stands and is moved by each write, so that no two moments are equal by chance."""

    NOW = "2026-11-20T10:00:00Z"

    def __init__(self, program, seed):
        self.process = subprocess.Popen(
            [program, "sandbox", "--env", "--seed", str(seed), "--tickets", "100", "--now", self.NOW],
            stdout=subprocess.PIPE, text=True)
        self.facts = {}
        while "SANDBOX_DESK_ORG_ID" not in self.facts:
            line = self.process.stdout.readline()
            if not line:
                raise SystemExit("walk: the sandbox does not start")
            name, value = re.fullmatch(r"export ZOHO_(\w+)='(.*)'\n", line).groups()
            self.facts[name] = value
        self.host = urllib.parse.urlsplit(self.facts["SANDBOX_URL"]).netloc
        self.line = http.client.HTTPConnection(self.host, timeout=60)

    def begin(self):
        """The data of the first day."""
        self.control("reset", {"data": True})
        self.seconds = 0
        self.sign_in()

    def sign_in(self):
        form = {"grant_type": "refresh_token", "client_id": self.facts["SANDBOX_CLIENT_ID"],
                "client_secret": self.facts["SANDBOX_CLIENT_SECRET"],
                "refresh_token": self.facts["SANDBOX_REFRESH_TOKEN"]}
        _, answer = self.send("POST", "/oauth/v2/token", urllib.parse.urlencode(form),
                              {"Content-Type": "application/x-www-form-urlencoded"})
        self.headers = {"Authorization": "Zoho-oauthtoken " + answer["access_token"],
                        "orgId": self.facts["SANDBOX_DESK_ORG_ID"], "Content-Type": "application/json"}

    def end(self):
        self.process.terminate()
        self.process.wait()

    def send(self, method, path, body=None, headers=None):
        self.line.request(method, path, body, headers or {})
        answer = self.line.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text else None

    def control(self, name, body):
        status, answer = self.send("POST", "/__sandbox/" + name, json.dumps(body))
        if status != 200:
            raise Difference(f"control {name}: {status} {answer}")

    def tick(self):
        """Moves the clock by a minute; a token lasts an hour of it."""
        self.seconds += 60
        self.control("clock", {"advance_s": 60})
        if self.seconds % 3000 == 0:
            self.sign_in()

    def call(self, method, path, query=None, body=None, expect=(200, 201, 202, 204)):
        if query:
            path += "?" + urllib.parse.urlencode(query)
        text = None if body is None else json.dumps(body)
        status, answer = self.send(method, path, text, self.headers)
        if status not in expect:
            raise Difference(f"{method} {path} {text or ''}: {status} {answer}")
        return answer

    def desk(self, method, path, query=None, body=None, **more):
        return self.call(method, "/api/v1" + path, query, body, **more)

    def crm(self, method, path, query=None, body=None, **more):
        return self.call(method, "/crm/v8" + path, query, body, **more)

    def desk_rows(self, path, query=None, first=1, limit=50):
        """All rows of a list of Desk, page by page; past the end is 204."""
        rows = []
        while True:
            answer = self.desk("GET", path, {**(query or {}), "from": first + len(rows), "limit": limit})
            page = answer["data"] if answer else []
            rows += page
            if len(page) < limit:
                return rows

    def crm_rows(self, path, query=None, per_page=200):
        """All rows of a list of CRM; whether there are more is what `info` says."""
        rows, page = [], 1
        while True:
            answer = self.crm("GET", path, {**(query or {}), "page": page, "per_page": per_page})
            if not answer:
                return rows
            rows += answer["data"]
            same(f"info.count of {path} page {page}", answer["info"]["count"], len(answer["data"]))
            if not answer["info"]["more_records"]:
                return rows
            page += 1
