//! Three tools as the repairs meet them: one that lists, one that changes, one that makes.

use serde_json::{Value, json};
use zoho_mcp::repair::{Access, ToolSchema};

pub(super) fn list() -> ToolSchema {
    ToolSchema::new("list_orders", Access::Read, list_schema()).expect("a schema")
}

pub(super) fn update() -> ToolSchema {
    ToolSchema::new("update_order", Access::Write, update_schema()).expect("a schema")
}

pub(super) fn create() -> ToolSchema {
    ToolSchema::new("create_order", Access::Write, create_schema()).expect("a schema")
}

pub(super) fn list_schema() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["kind"],
        "properties": {
            "kind": {
                "type": "string",
                "enum": ["Orders", "Invoices", "Returns", "Refunds"],
                "x-enum-aliases": { "Bills": "Invoices" }
            },
            "columns": {
                "type": "array",
                "items": { "type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_]*$" },
                "minItems": 1, "maxItems": 20, "uniqueItems": true,
                "x-aliases": ["fields"]
            },
            "limit": {
                "type": "integer", "minimum": 1, "maximum": 100, "default": 20, "x-clamp": true,
                "x-aliases": ["page_size"]
            },
            "search": { "type": "string", "minLength": 2 },
            "direction": { "type": "string", "enum": ["up", "down"] },
            "owner_id": { "type": "string", "pattern": "^[0-9]{10,19}$", "x-ref": "agents" },
            "record_id": { "type": "string", "pattern": "^[0-9]{10,19}$", "x-url": true },
            "where": {
                "type": "object", "additionalProperties": false, "minProperties": 1,
                "properties": {
                    "state": { "type": "string", "enum": ["Open", "On Hold", "Shipped", "Cancelled"] },
                    "is_late": { "type": "boolean" },
                    "placed_after": { "type": "string", "format": "date" },
                    "customer_id": { "type": "string", "pattern": "^[0-9]{10,19}$" }
                }
            }
        }
    })
}

pub(super) fn update_schema() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["order_id"],
        "minProperties": 2,
        "properties": {
            "order_id": { "type": "string", "pattern": "^[0-9]{10,19}$", "x-aliases": ["id"] },
            "note": { "type": "string", "minLength": 1, "maxLength": 5000 },
            "state": { "type": "string", "enum": ["Open", "On Hold", "Shipped", "Cancelled"] },
            "owner_id": { "type": ["string", "null"], "pattern": "^[0-9]{10,19}$", "x-ref": "agents" },
            "due": { "type": ["string", "null"], "format": "date-time" },
            "is_gift": { "type": "boolean" },
            "amount": { "type": "number" },
            "tags": { "type": "array", "items": { "type": "string", "minLength": 1 }, "uniqueItems": true },
            "extra": {
                "type": "object",
                "additionalProperties": { "type": ["string", "number", "boolean", "null"] }
            }
        }
    })
}

pub(super) fn create_schema() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["title", "customer_id"],
        "properties": {
            "title": { "type": "string", "minLength": 1, "maxLength": 200, "x-aliases": ["subject"] },
            "customer_id": { "type": "string", "pattern": "^[0-9]{10,19}$" },
            "text": { "type": "string", "maxLength": 30000 },
            "priority": { "type": "string", "enum": ["Low", "Medium", "High"] },
            "due": { "type": "string", "format": "date" },
            "to": { "type": "array", "items": { "type": "string", "format": "email" }, "minItems": 1, "maxItems": 10 },
            "labels": { "type": "array", "items": { "type": "string", "minLength": 1 } }
        }
    })
}
