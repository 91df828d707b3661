#!/usr/bin/env python3
"""`llm-fragments-zohoticket`, a plugin that gives a case to a language model, against the sandbox of ZOHO_SANDBOX_*: it
signs in by client credentials as it does with Zoho and reads the messages of each of the newest cases. Ends with 0 and
LLM OK, or with what went wrong."""
import os

import httpx
import llm_fragments_zohoticket as plugin

URL = os.environ["ZOHO_SANDBOX_URL"]
ORGANIZATION = os.environ["ZOHO_SANDBOX_DESK_ORG_ID"]
CLIENT = (os.environ["ZOHO_SANDBOX_CLIENT_ID"], os.environ["ZOHO_SANDBOX_CLIENT_SECRET"])
HOSTS = ("https://desk.zoho.com", "https://accounts.zoho.com")


def to_sandbox(ask):
    """The same request, at the sandbox: the plugin knows of no other hosts than Zoho's."""

    def asked(url, **rest):
        [host] = [host for host in HOSTS if url.startswith(host)]
        return ask(URL + url.removeprefix(host), **rest)

    return asked


def main():
    get = httpx.get
    httpx.get, httpx.post = to_sandbox(httpx.get), to_sandbox(httpx.post)
    token = plugin.obtain_access_token(ORGANIZATION, *CLIENT)
    asked = {"headers": {"Authorization": f"Zoho-oauthtoken {token}", "orgId": ORGANIZATION}}
    cases = get(f"{URL}/api/v1/tickets", params={"limit": 8, "sortBy": "-createdTime"}, **asked).json()["data"]
    assert len(cases) == 8, cases
    # A case nobody has written to is answered by 204, which the plugin takes for a fault.
    cases = [case for case in cases if int(case["threadCount"])]
    assert cases, "none of the newest cases has a message"
    total = 0
    for case in cases:
        messages = plugin.fetch_ticket_conversation(ORGANIZATION, *CLIENT, case["id"])
        written = int(case["threadCount"]) + int(case["commentCount"])
        # The plugin asks for one page, which is of 100.
        assert len(messages) == min(written, 100), (case, messages)
        assert all(message.content.strip() for message in messages), messages
        total += len(messages)
    print(f"LLM OK: {total} messages of {len(cases)} cases")


main()
