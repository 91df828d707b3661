#!/usr/bin/env python3
"""Zoho's own Python SDK against the sandbox of ZOHO_SANDBOX_*: a record is inserted, found by every kind of search,
and after its deletion found no more. Ends with 0 and SEARCH OK, or with what went wrong."""
import os
import shutil
import tempfile

from zohocrmsdk.src.com.zoho.api.authenticator.oauth_token import OAuthToken
from zohocrmsdk.src.com.zoho.api.authenticator.store import FileStore
from zohocrmsdk.src.com.zoho.api.logger import Logger
from zohocrmsdk.src.com.zoho.crm.api import Initializer, ParameterMap
from zohocrmsdk.src.com.zoho.crm.api.dc import DataCenter
from zohocrmsdk.src.com.zoho.crm.api.record import BodyWrapper, Record, RecordOperations, SearchRecordsParam
from zohocrmsdk.src.com.zoho.crm.api.sdk_config import SDKConfig

URL = os.environ["ZOHO_SANDBOX_URL"]
WORK = tempfile.mkdtemp()


class Sandbox(DataCenter):
    def get_iam_url(self):
        return URL + "/oauth/v2/token"

    def get_file_upload_url(self):
        return URL

    @classmethod
    def PRODUCTION(cls):
        return DataCenter.Environment(URL, cls().get_iam_url(), URL)


def initialize():
    token = OAuthToken(
        client_id=os.environ["ZOHO_SANDBOX_CLIENT_ID"],
        client_secret=os.environ["ZOHO_SANDBOX_CLIENT_SECRET"],
        refresh_token=os.environ["ZOHO_SANDBOX_REFRESH_TOKEN"],
    )
    Initializer.initialize(
        environment=Sandbox.PRODUCTION(),
        token=token,
        store=FileStore(os.path.join(WORK, "tokens.csv")),
        sdk_config=SDKConfig(auto_refresh_fields=False, pick_list_validation=False),
        resource_path=WORK,
        logger=Logger.get_instance(level=Logger.Levels.ERROR, file_path=os.path.join(WORK, "sdk.log")),
    )


def found(param, value):
    params = ParameterMap()
    params.add(param, value)
    params.add(SearchRecordsParam.fields, "Last_Name,Email")
    answer = RecordOperations("Leads").search_records(params)
    if answer.get_status_code() == 204:
        return []
    return [record.get_id() for record in answer.get_object().get_data()]


def main():
    initialize()
    leads = RecordOperations("Leads")
    record, body = Record(), BodyWrapper()
    values = {"Last_Name": "Wyrdhollow", "Company": "Probe & Söhne (Ltd)", "Email": "wyrdhollow@probe.example", "Phone": "+49 30 7654321"}
    for name, value in values.items():
        record.add_key_value(name, value)
    body.set_data([record])
    inserted = leads.create_records(body).get_object().get_data()[0]
    lead = int(inserted.get_details()["id"])
    searches = {
        "criteria": (SearchRecordsParam.criteria, "((Last_Name:equals:Wyrdhollow)and(Email:starts_with:wyrd))"),
        "email": (SearchRecordsParam.email, values["Email"]),
        "phone": (SearchRecordsParam.phone, values["Phone"]),
        "word": (SearchRecordsParam.word, "Wyrdhollow"),
    }
    for name, search in searches.items():
        assert found(*search) == [lead], (name, found(*search), lead)
    leads.delete_record(lead)
    for name, search in searches.items():
        assert found(*search) == [], (name, "after deletion")
    print("SEARCH OK")


try:
    main()
finally:
    shutil.rmtree(WORK, ignore_errors=True)
