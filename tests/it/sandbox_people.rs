//! The sandbox's other people: an agent of one department, a light agent, a user and a reader of CRM. What each sees, what is
//! refused to them and with which body.
//!
//! Who says so: the help pages of light agents and of adding agents; Desk's API document (FORBIDDEN); the schema of profiles
//! in Desk's OpenAPI; the 403 examples of CRM's OpenAPI of 2026 (NO_PERMISSION with `details.permissions`).

mod crm;
mod crm_fields;
mod desk;
mod desk_rights;
mod every_route;
mod signing_in;

use serde_json::{Value, json};
use zoho_mcp::sandbox::people::identity;

use crate::sandbox_crm::World;
use crate::sandbox_desk::tester::Tester;

/// Desk's refusal of what somebody has no permission for.
fn forbidden() -> (u16, Value) {
    let message = "You are not authorized to access this resource.";
    (403, json!({ "errorCode": "FORBIDDEN", "message": message }))
}

/// CRM's, with the permissions that are missing.
fn no_permission(missing: &[&str]) -> (u16, Value) {
    let details = json!({ "permissions": missing });
    let body = json!({ "code": "NO_PERMISSION", "details": details, "message": "permission denied", "status": "error" });
    (403, body)
}

/// Goes on as somebody else.
fn become_in_desk(tester: &mut Tester, id: &str) {
    tester.person = identity(id).unwrap();
}

/// Goes on as somebody else.
fn become_in_crm(world: &mut World, id: &str) {
    world.person = identity(id).unwrap();
}
