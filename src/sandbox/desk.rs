//! Stand-in for Zoho Desk: organisations, and an echo that needs a token.

use super::{
    Options,
    http::{Reply, Request},
};
use serde_json::json;

/// Stand-in.
pub struct Desk;

impl Desk {
    /// Stand-in.
    pub fn new(_: &Options) -> Self {
        Desk
    }

    /// Stand-in.
    pub fn organizations(&self) -> Vec<(String, String)> {
        vec![("648013571".to_owned(), "Lantern Works".to_owned())]
    }

    /// Stand-in.
    pub fn handle(&mut self, request: &Request) -> Reply {
        let refused = |code| Reply::json(401, &json!({ "errorCode": code, "message": "refused" }));
        match (&request.grant, request.path().as_slice()) {
            (None, _) if request.header("authorization").is_none() => refused("UNAUTHORIZED"),
            (None, _) => refused("INVALID_OAUTH"),
            (Some(grant), ["tickets"]) => Reply::json(
                200,
                &json!({ "data": [{ "id": "1", "scopes": grant.scopes }], "at": request.now.to_string() }),
            ),
            _ => Reply::json(404, &json!({ "errorCode": "URL_NOT_FOUND", "message": "x" }))
                .with("x-sandbox-unserved", "1"),
        }
    }
}
