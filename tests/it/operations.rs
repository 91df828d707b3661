//! Tools that are data alone: one JSON, no Rust. The two that `tool-schemas/README.md` shows are run as they stand there.

use std::sync::Arc;

use serde_json::{Value, json};
use zoho_mcp::tools::Tools;
use zoho_mcp::tools::catalog::{Catalog, Selection};
use zoho_mcp::tools::scopes::to_ask;

use crate::bed::{Bed, USER, Wire, ids};

const README: &str = include_str!("../../tool-schemas/README.md");

const DELETE_COMMENT: &str = r#"{
  "name": "delete_comment", "title": "T", "description": "D",
  "inputSchema": {
    "type": "object", "additionalProperties": false, "required": ["ticket_id", "id"],
    "properties": {"ticket_id": {"type": "string"}, "id": {"type": "string"}, "connection": {"type": "string"}}
  },
  "annotations": {"readOnlyHint": false, "destructiveHint": true, "idempotentHint": true, "openWorldHint": true},
  "operation": {
    "product": "desk", "method": "DELETE", "path": "tickets/{ticket_id}/comments/{id}", "effect": "remove",
    "scopes": ["Desk.tickets.UPDATE"]
  }
}"#;

const CREATE_LEAD: &str = r#"{
  "name": "create_lead", "title": "T", "description": "D",
  "inputSchema": {
    "type": "object", "additionalProperties": false,
    "properties": {"last_name": {"type": "string"}, "company": {"type": "string"}, "connection": {"type": "string"}}
  },
  "annotations": {"readOnlyHint": false, "destructiveHint": false, "idempotentHint": false, "openWorldHint": true},
  "operation": {
    "product": "crm", "method": "POST", "path": "Leads",
    "body": {"data": [{"Last_Name": "{last_name}", "Company": "{company}"}]}, "effect": "create",
    "undo": {"method": "DELETE", "path": "Leads/{made}"},
    "scopes": ["ZohoCRM.modules.leads.CREATE"],
    "output": {"module": "Leads", "record": "/data/0/details", "fields": ["id", "Created_Time"]}
  }
}"#;

const GET_NOTES: &str = r#"{
  "name": "get_notes", "title": "T", "description": "D",
  "inputSchema": {
    "type": "object", "additionalProperties": false,
    "properties": {
      "limit": {"type": "integer"}, "cursor": {"type": "string"}, "sort_order": {"type": "string"},
      "connection": {"type": "string"}
    }
  },
  "annotations": {"readOnlyHint": true, "destructiveHint": false, "idempotentHint": true, "openWorldHint": true},
  "operation": {
    "product": "crm", "method": "GET", "path": "Notes",
    "query": {"fields": "Note_Title,Created_Time", "sort_by": "id", "sort_order": "{sort_order}"}, "effect": "read",
    "scopes": ["ZohoCRM.modules.notes.READ"],
    "output": {"module": "Notes", "list": "data", "page": 200, "fields": ["id", "Note_Title"]}
  }
}"#;

/// The tool files README.md shows, by name.
fn shown() -> Vec<(String, String)> {
    let blocks = README.split("```json\n").skip(1);
    let blocks = blocks.map(|block| block.split("```").next().unwrap());
    let named = |text: &str| {
        let tool: Value = serde_json::from_str(text).unwrap();
        let name = tool["name"].as_str().unwrap();
        (format!("cases/{name}.json"), text.to_owned())
    };
    blocks.map(named).collect()
}

fn tools(bed: &Bed) -> Arc<Tools> {
    let shown = shown();
    let mut files: Vec<(&str, &str)> = shown.iter().map(|(path, text)| (&**path, &**text)).collect();
    files.push(("cases/delete_comment.json", DELETE_COMMENT));
    files.push(("crm/create_lead.json", CREATE_LEAD));
    files.push(("crm/get_notes.json", GET_NOTES));
    bed.tools_of(&files, &[], &bed.clock)
}

/// A connection that holds what the server's own tools and these need.
async fn connected() -> Bed {
    let bed = Bed::empty(Default::default()).await;
    let own = to_ask(&Catalog::embedded(&Selection::default()).unwrap());
    let mut scopes: Vec<&str> = own.iter().map(String::as_str).collect();
    scopes.extend([
        "Desk.tasks.CREATE",
        "Desk.tasks.DELETE",
        "Desk.tickets.UPDATE",
        "ZohoCRM.modules.leads.CREATE",
    ]);
    bed.connect_with_scopes(USER, &scopes).await;
    let mut wire = bed.client().await;
    for app_type in ["desk", "crm"] {
        wire.call("get_views", json!({ "module": "Contacts", "app_type": app_type }))
            .await;
    }
    bed.sql("UPDATE zoho_connections SET desk_org_source = 'user'")
        .await;
    bed
}

/// A case with more than one comment.
async fn discussed(bed: &Bed) -> (String, Vec<String>) {
    let mut wire = bed.client().await;
    let cases = wire
        .call("get_records", json!({ "module": "Cases", "limit": 50 }))
        .await;
    for id in ids(&cases) {
        let related = json!({ "module": "Cases", "id": id, "related": "comments" });
        let mut rows = wire.call("get_related_records", related).await;
        let oldest_first = |row: &Value| row["commentedTime"].as_str().unwrap().to_owned();
        rows["data"].as_array_mut().unwrap().sort_by_key(oldest_first);
        let comments = ids(&rows);
        if comments.len() > 1 {
            return (id, comments);
        }
    }
    panic!("no case has two comments");
}

#[tokio::test]
async fn a_read_is_one_file() {
    let bed = connected().await;
    let (case, comments) = discussed(&bed).await;
    let mut wire = Wire::start(tools(&bed)).await;
    bed.forget().await;
    let answer = wire.call("get_case_comments", json!({ "ticket_id": case })).await;
    assert_eq!(ids(&answer), comments, "{answer:#}");
    assert_eq!(answer["repairs"][0]["rule"], "key_alias", "{answer:#}");
    assert_eq!(
        (&answer["has_more"], &answer["app_type"], &answer["module"]),
        (&json!(false), &json!("desk"), &json!("comments"))
    );
    assert!(answer["organization"]["id"].is_string(), "{answer:#}");
    assert_eq!(answer["untrusted"], json!(["content"]), "{answer:#}");
    let seen = bed.seen().await;
    let path = format!("GET /api/v1/tickets/{case}/comments?limit=26&sortBy=commentedTime");
    assert!(seen.len() == 1 && seen[0].starts_with(&path), "{seen:#?}");
}

#[tokio::test]
async fn its_list_is_paged_as_every_other() {
    let bed = connected().await;
    let (case, comments) = discussed(&bed).await;
    let mut wire = Wire::start(tools(&bed)).await;
    let mut found = Vec::new();
    let mut asked = json!({ "id": case, "limit": 1 });
    loop {
        let answer = wire.call("get_case_comments", asked.clone()).await;
        found.extend(ids(&answer));
        let next = answer["next_cursor"].clone();
        assert_eq!(answer["has_more"], !next.is_null(), "{answer:#}");
        if next.is_null() {
            break;
        }
        asked["cursor"] = next;
    }
    assert_eq!(found, comments);
    asked["id"] = json!("1");
    let answer = wire.call("get_case_comments", asked).await;
    assert_eq!(answer["code"], "invalid_arguments", "another query: {answer:#}");
}

#[tokio::test]
async fn a_list_of_crm_is_paged_by_its_rules() {
    let bed = connected().await;
    let mut wire = Wire::start(tools(&bed)).await;
    let first = wire
        .call("get_notes", json!({ "limit": 2, "sort_order": "asc" }))
        .await;
    assert_eq!(
        (first["count"].as_u64(), &first["has_more"]),
        (Some(2), &json!(true))
    );
    let asked = json!({ "limit": 2, "sort_order": "asc", "cursor": first["next_cursor"] });
    let second = wire.call("get_notes", asked).await;
    assert_eq!(second["count"], 2, "{second:#}");
    assert!(ids(&second).iter().all(|id| !ids(&first).contains(id)));
    assert!(first["data"][0]["link"].is_string(), "{first:#}");
}

#[tokio::test]
async fn a_tool_that_creates_is_one_file_too() {
    let bed = connected().await;
    let (case, _) = discussed(&bed).await;
    let mut own = bed.client().await;
    let departments = own.call("get_records", json!({ "module": "Departments" })).await;
    let department = ids(&departments).remove(0);
    let mut wire = Wire::start(tools(&bed)).await;
    bed.forget().await;
    let task = json!({ "subject": "Oil the lantern", "department_id": department, "ticket_id": case });
    let answer = wire.call("create_task", task).await;
    let made = &answer["data"];
    assert_eq!(
        (&made["subject"], &made["ticketId"]),
        (&json!("〔Oil the lantern〕"), &json!(case)),
        "{answer:#}"
    );
    assert!(made["link"].as_str().unwrap().contains("asks"), "{answer:#}");
    let seen = bed.seen().await;
    assert!(
        seen.len() == 1 && seen[0].starts_with("POST /api/v1/tasks "),
        "{seen:#?}"
    );
    let asked = json!({ "module": "Tasks", "id": made["id"], "fields": ["subject", "category", "priority"] });
    let read = own.call("get_record", asked).await;
    assert_eq!(read["data"]["subject"], "〔Oil the lantern〕", "{read:#}");
    assert_eq!(read["data"]["category"], "General", "{read:#}");
    // What its file says takes it back.
    let undone = own_of_writing(&bed)
        .await
        .call("undo_write", json!({ "id": answer["write"]["id"] }))
        .await;
    assert_eq!(undone["data"]["done"], "take back: create a task", "{undone:#}");
}

/// The server's own tools, those that write among them.
async fn own_of_writing(bed: &Bed) -> Wire {
    crate::writing::silent(bed, zoho_mcp::config::Writes::Trusted).await
}

#[tokio::test]
async fn a_change_that_zoho_refuses_is_sent_once_and_explained() {
    let bed = connected().await;
    let mut wire = Wire::start(tools(&bed)).await;
    bed.forget().await;
    let task = json!({ "subject": "Oil the lantern", "department_id": "1" });
    let answer = wire.call("create_task", task).await;
    assert!(
        answer["code"] == "rejected" || answer["code"] == "not_found",
        "{answer:#}"
    );
    assert_eq!(bed.seen().await.len(), 1);
    let answer = wire
        .call("create_lead", json!({ "company": "Lantern Works" }))
        .await;
    assert_eq!(answer["code"], "rejected", "{answer:#}");
    assert!(answer.to_string().contains("Last_Name"), "{answer:#}");
    bed.forget().await;
    bed.admin(json!({ "faults": [{ "kind": "midreset", "path": "/crm/v8/Leads" }] }))
        .await;
    let answer = wire
        .call("create_lead", json!({ "last_name": "Lampwright" }))
        .await;
    assert_eq!(answer["code"], "outcome_unknown", "{answer:#}");
    assert_eq!(bed.seen().await.len(), 1, "it is never sent again");
}

#[tokio::test]
async fn what_crm_made_is_shown_with_its_link() {
    let bed = connected().await;
    let mut wire = Wire::start(tools(&bed)).await;
    let answer = wire
        .call(
            "create_lead",
            json!({ "last_name": "Lampwright", "company": "Lantern Works" }),
        )
        .await;
    let id = answer["data"]["id"].as_str().unwrap();
    assert!(
        answer["data"]["link"].as_str().unwrap().ends_with(id),
        "{answer:#}"
    );
    let read = json!({ "module": "Leads", "id": id, "fields": ["Last_Name"] });
    let read = bed.client().await.call("get_record", read).await;
    assert_eq!(read["data"]["Last_Name"], "Lampwright", "{read:#}");
}

#[tokio::test]
async fn what_is_done_stays_done_whatever_the_answer_looks_like() {
    let bed = connected().await;
    let mut wire = Wire::start(tools(&bed)).await;
    bed.forget().await;
    bed.admin(json!({ "faults": [{ "kind": "truncated", "path": "/crm/v8/Leads" }] }))
        .await;
    let lead = json!({ "last_name": "Lampwright", "company": "Lantern Works" });
    let answer = wire.call("create_lead", lead).await;
    assert_eq!(answer["data"]["done"], "t", "{answer:#}");
    assert!(
        answer["notes"][0]
            .as_str()
            .unwrap()
            .contains("not make the call again"),
        "{answer:#}"
    );
    assert_eq!(bed.seen().await.len(), 1);
}

#[tokio::test]
async fn what_answers_nothing_says_that_it_is_done() {
    let bed = connected().await;
    let (case, comments) = discussed(&bed).await;
    let mut wire = Wire::start(tools(&bed)).await;
    let asked = json!({ "ticket_id": case, "id": comments[0] });
    bed.forget().await;
    // Its file says nothing that takes it back, so that a person agrees outside of the conversation.
    let told = wire.call("delete_comment", asked.clone()).await;
    assert_eq!(told["code"], "confirmation_needed", "{told:#}");
    assert_eq!(bed.seen().await, Vec::<String>::new());
    bed.sql("UPDATE writes SET state = 'approved'").await;
    let answer = wire.call("delete_comment", asked).await;
    assert_eq!(
        (&answer["data"]["done"], &answer["app_type"]),
        (&json!("t"), &json!("desk")),
        "{answer:#}"
    );
    let left = wire.call("get_case_comments", json!({ "id": case })).await;
    assert_eq!(ids(&left), comments[1..], "{left:#}");
}

#[tokio::test]
async fn their_effect_and_scopes_come_from_the_file() {
    let bed = Bed::empty(Default::default()).await;
    let tools = tools(&bed);
    let catalog = tools.catalog().unwrap();
    let reads: Vec<&str> = catalog
        .tools()
        .iter()
        .filter(|tool| tool.is_read_only())
        .map(|tool| tool.name())
        .collect();
    assert_eq!(reads, ["get_case_comments", "get_notes"]);
    let mut asked = to_ask(catalog);
    asked.sort();
    assert_eq!(
        asked,
        [
            "Desk.basic.READ",
            "Desk.settings.READ",
            "Desk.tasks.CREATE",
            "Desk.tickets.READ",
            "Desk.tickets.UPDATE",
            "ZohoCRM.modules.leads.CREATE",
            "ZohoCRM.modules.notes.READ",
            "ZohoCRM.org.READ"
        ]
    );
}

/// The example that creates, with one member of its operation in another form.
fn broken(member: &str, value: Value) -> String {
    let (path, text) = shown().pop().unwrap();
    let mut tool: Value = serde_json::from_str(&text).unwrap();
    tool["operation"][member] = value;
    let text = tool.to_string();
    let catalog = Catalog::read(
        [(path.as_str(), text.as_str())].into_iter(),
        &Selection::default(),
    );
    catalog.unwrap_err().to_string()
}

#[test]
fn the_vocabulary_is_closed() {
    for (member, value, told) in [
        ("if", json!("{priority}"), "unknown field `if`"),
        (
            "headers",
            json!({ "orgId": "{subject}" }),
            "unknown field `headers`",
        ),
        ("path", json!("tasks/{subject} or {priority}"), "stands alone"),
        ("path", json!("tasks/{ticket_id}"), "no required argument"),
        ("path", json!("tasks//x"), "empty segment"),
        (
            "body",
            json!({ "subject": "{subject}-{priority}" }),
            "stands alone",
        ),
        ("body", json!({ "subject": "{title}" }), "no argument of the tool"),
        ("body", json!({ "subject": "{subject}" }), "goes nowhere"),
        ("query", json!({ "limit": 5 }), "no text"),
        ("method", json!("GET"), "GET"),
        ("effect", json!("upsert"), "unknown variant `upsert`"),
        ("product", json!("books"), "unknown variant `books`"),
        (
            "output",
            json!({ "module": "Tasks", "when": "x" }),
            "unknown field `when`",
        ),
        ("output", json!({ "list": "data" }), "`module` names"),
        (
            "output",
            json!({ "module": "Tasks", "list": "data", "record": "/x" }),
            "either",
        ),
        (
            "output",
            json!({ "module": "Tasks", "list": "data", "page": 5 }),
            "that is read",
        ),
        ("handler", json!("records::list"), "unknown field `product`"),
        ("lookup", json!("views"), "unknown field `product`"),
    ] {
        let error = broken(member, value.clone());
        assert!(error.contains(told), "{member} {value}: {error}");
    }
}
