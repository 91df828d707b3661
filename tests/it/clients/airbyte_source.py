#!/usr/bin/env python3
"""Airbyte's Zoho CRM source (CRM v2) against the sandbox of ZOHO_SANDBOX_*: it checks the connection, discovers the
modules and reads each of them to its end; it has to find as many records as CRM v8 counts in the module. Ends with 0
and AIRBYTE OK, or with what went wrong."""
import contextlib
import io
import json
import logging
import os
import tempfile
from pathlib import Path

import requests
from airbyte_cdk.entrypoint import launch
from source_zoho_crm.api import ZohoAPI
from source_zoho_crm.source import SourceZohoCrm

URL = os.environ["ZOHO_SANDBOX_URL"]
CONFIG = {
    "client_id": os.environ["ZOHO_SANDBOX_CLIENT_ID"],
    "client_secret": os.environ["ZOHO_SANDBOX_CLIENT_SECRET"],
    "refresh_token": os.environ["ZOHO_SANDBOX_REFRESH_TOKEN"],
    "dc_region": "US",
    "environment": "Production",
}
# What no sales team is without; other modules may come and go.
LEAST = {"Leads", "Contacts", "Accounts", "Deals", "Tasks", "Events", "Calls", "Products", "Quotes", "Invoices"}


def told(kind, *command):
    """What the source prints of that kind: its messages are lines of JSON."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        launch(SourceZohoCrm(), list(command))
    messages = [json.loads(line) for line in printed.getvalue().splitlines()]
    errors = [message for message in messages if message.get("trace", {}).get("type") == "ERROR"]
    assert not errors, errors
    return [message[kind] for message in messages if kind in message]


def counted(module, signed_in):
    answer = requests.get(f"{URL}/crm/v8/{module}/actions/count", headers=signed_in, timeout=30)
    assert answer.ok, (module, answer.text)
    return answer.json()["count"]


def main():
    logging.disable(logging.INFO)
    ZohoAPI._DC_REGION_TO_ACCESS_URL = ZohoAPI._DC_REGION_TO_API_URL = {"US": URL}
    with tempfile.TemporaryDirectory() as work:
        config, catalog = Path(work, "config.json"), Path(work, "catalog.json")
        config.write_text(json.dumps(CONFIG))
        [connected] = told("connectionStatus", "check", "--config", str(config))
        assert connected["status"] == "SUCCEEDED", connected
        [discovered] = told("catalog", "discover", "--config", str(config))
        whole = {"sync_mode": "full_refresh", "destination_sync_mode": "overwrite"}
        streams = [{"stream": stream, **whole} for stream in discovered["streams"]]
        catalog.write_text(json.dumps({"streams": streams}))
        came = {}
        for record in told("record", "read", "--config", str(config), "--catalog", str(catalog)):
            came.setdefault(record["stream"], set()).add(record["data"]["id"])
    modules = {stream.name: stream.module.api_name for stream in SourceZohoCrm().streams(CONFIG)}
    assert LEAST <= set(modules.values()), modules
    signed_in = ZohoAPI(CONFIG).authenticator.get_auth_header()
    read = {module: len(came.get(name, ())) for name, module in modules.items()}
    count = {module: counted(module, signed_in) for module in read}
    assert read == count, (read, count)
    print(f"AIRBYTE OK: {sum(read.values())} records of {len(read)} modules")


main()
