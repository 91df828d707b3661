//! Stand-in for Zoho CRM.

use super::{
    Options,
    http::{Reply, Request},
};
use serde_json::json;

/// Stand-in.
pub struct Crm;

impl Crm {
    /// Stand-in.
    pub fn new(_: &Options) -> Self {
        Crm
    }

    /// Stand-in.
    pub fn handle(&mut self, request: &Request) -> Reply {
        match request.path().as_slice() {
            ["Leads"] => Reply::json(200, &json!({ "data": [{ "id": "5725767000000524157" }] })),
            _ => Reply::json(
                404,
                &json!({ "code": "INVALID_URL_PATTERN", "message": "x", "details": {}, "status": "error" }),
            )
            .with("x-sandbox-unserved", "1"),
        }
    }
}
