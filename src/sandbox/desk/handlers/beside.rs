//! Lists beside records: comments, attachments, followers, approvals, pins.

use serde_json::{Value, json};

use crate::desk::call::{Answer, Call};
use crate::desk::clauses::{self, Clause, Test};
use crate::desk::filters;
use crate::desk::modules::{self, Row, text, value};
use crate::desk::paging;
use crate::desk::refusal::Refusal;
use crate::desk::render;
use crate::desk::seed::{staff, texts};

/// The list, filtered, ordered and paged.
pub(crate) fn list(call: &mut Call<'_>) -> Answer {
    let (module, side) = (call.route.module.clone(), call.route.side.clone());
    let (owner, _) = call.record(&module)?;
    let mut rows = call.org.side(&module, owner, &side);
    let conditions = conditions(call, &side);
    rows.retain(|row| clauses::all(&conditions, row));
    if let Some(sort) = paging::sort(call) {
        rows.sort_by(|one, other| text(one, &sort.field).cmp(text(other, &sort.field)));
        if sort.descending {
            rows.reverse();
        }
    } else if call.query("orderBy") == Some("DESC") {
        rows.reverse();
    }
    let rows = paging::cut(call, rows)?
        .into_iter()
        .map(|row| shown(call, &side, row))
        .collect();
    call.list("data", rows)
}

/// What the parameters of a list beside a record ask of its rows.
pub(crate) fn conditions(call: &Call<'_>, side: &str) -> Vec<Clause> {
    let mut conditions = Vec::new();
    for name in ["isPublic", "status", "billingType"] {
        conditions.extend(call.query(name).map(|sent| Clause::is(name, sent)));
    }
    for name in ["createdTimeRange", "modifiedTimeRange"] {
        conditions.extend(
            call.query(name)
                .and_then(|sent| filters::range(name.trim_end_matches("Range"), sent)),
        );
    }
    if side == "pins" && call.query("types").is_some() {
        conditions.push(Clause::one_of("type", call.items("types")));
    }
    match call.query("billStatus") {
        Some("nonBillable") => conditions.push(Clause::is("isBillable", "false")),
        Some("billed") => conditions.push(Clause::is("isBilled", "true")),
        Some(_) => conditions.extend([
            Clause::is("isBillable", "true"),
            Clause::new("isBilled", Test::OneOf(vec!["false".into()])),
        ]),
        None => {}
    }
    conditions
}

/// A row with what `include` adds.
pub(crate) fn shown(call: &Call<'_>, side: &str, mut row: Row) -> Value {
    row.retain(|key, _| !key.starts_with('_'));
    for name in call.items("include") {
        let (key, found) = match name.as_str() {
            "creator" => ("creator", render::agent(call.org, text(&row, "creatorId"))),
            "owner" => ("owner", render::agent(call.org, text(&row, "ownerId"))),
            "pinnedBy" => ("pinnedBy", render::agent(call.org, text(&row, "pinnedById"))),
            "plainText" => {
                let plain = texts::plain(text(&row, "content"), text(&row, "contentType"));
                ("plainText", plain.into())
            }
            "mentions" if side == "comments" => ("mention", mentions(call, text(&row, "content"))),
            _ => continue,
        };
        row.insert(key.to_owned(), found);
    }
    row.into()
}

/// The agents that a text mentions as `zsu[@user:ZUID]zsu`.
fn mentions(call: &Call<'_>, content: &str) -> Value {
    let mut found = Vec::new();
    for (at, _) in content.match_indices("zsu[@user:") {
        let rest = &content[at + 10..];
        let Some(zuid) = rest.split(']').next() else {
            continue;
        };
        let Some(id) = call
            .org
            .ids("agents", &[Clause::is("zuid", zuid)])
            .into_iter()
            .next()
        else {
            continue;
        };
        let Some((_, agent)) = call.org.row_of("agents", &id) else {
            continue;
        };
        found.push(json!({"id": id, "name": agent["name"], "type": "AGENT", "offSet": at.to_string(),
            "length": (zuid.len() + 14).to_string(), "zuid": zuid, "email": agent["emailId"], "photoURL": text(&agent, "photoURL")}));
    }
    found.into()
}

/// One row of the list.
pub(crate) fn get(call: &mut Call<'_>) -> Answer {
    let (module, side) = (call.route.module.clone(), call.route.side.clone());
    let (_, mut rows, at) = call.side_row(&module, &side)?;
    let row = shown(call, &side, rows.swap_remove(at));
    call.with(&row)
}

/// Deletes one row of the list.
pub(crate) fn delete(call: &mut Call<'_>) -> Answer {
    let (module, side) = (call.route.module.clone(), call.route.side.clone());
    let (owner, mut rows, at) = call.side_row(&module, &side)?;
    rows.remove(at);
    call.org.put_side(&module, owner, &side, rows);
    if module == "tickets" {
        let event = match side.as_str() {
            "comments" => "CommentDeleted",
            "attachments" => "AttachmentDeleted",
            _ => "TimeEntryDeleted",
        };
        call.note(owner, event, Vec::new());
    }
    call.done()
}

/// Writes a comment.
pub(crate) fn create_comment(call: &mut Call<'_>) -> Answer {
    let module = call.route.module.clone();
    let (owner, _) = call.record(&module)?;
    let id = call.org.new_id().to_string();
    let content_type = call.sent("contentType");
    let files: Vec<Value> = call
        .sent_ids("attachmentIds")
        .iter()
        .filter_map(|file| super::attachments::reference(call, "comments", &id, file))
        .collect();
    let mut row = modules::blank("comments");
    for (key, value) in [
        ("id", json!(id)),
        ("content", json!(call.sent("content"))),
        (
            "contentType",
            json!(if content_type.is_empty() {
                "html"
            } else {
                &content_type
            }),
        ),
        ("isPublic", json!(call.sent_flag("isPublic"))),
        ("commentedTime", json!(call.now())),
        ("commenterId", json!(call.me())),
        (
            "commenter",
            staff::commenter(&call.org.world, call.org.sight.agent),
        ),
        ("attachments", files.into()),
    ] {
        row.insert(key.to_owned(), value);
    }
    if matches!(module.as_str(), "contacts" | "accounts") {
        row.shift_remove("isPublic");
        row.shift_remove("attachments");
    }
    let mut rows = call.org.side(&module, owner, "comments");
    rows.push(row.clone());
    call.org.put_side(&module, owner, "comments", rows);
    if module == "tickets" {
        call.note(owner, "CommentAdded", Vec::new());
    }
    call.with(&row.into())
}

/// Changes the text of a comment; the old one is kept for its history.
pub(crate) fn update_comment(call: &mut Call<'_>) -> Answer {
    let module = call.route.module.clone();
    let (owner, mut rows, at) = call.side_row(&module, "comments")?;
    let row = &mut rows[at];
    let mut earlier = modules::value(row, "_earlier")
        .as_array()
        .cloned()
        .unwrap_or_default();
    let changed = if row["modifiedTime"].is_null() {
        &row["commentedTime"]
    } else {
        &row["modifiedTime"]
    };
    earlier.push(json!({"content": row["content"], "contentType": row["contentType"], "modifiedTime": changed, "commenter": row["commenter"]}));
    row.insert("_earlier".to_owned(), earlier.into());
    for key in ["content", "contentType"] {
        if call.body.contains_key(key) {
            row.insert(key.to_owned(), call.sent(key).into());
        }
    }
    row.insert("modifiedTime".to_owned(), call.now().into());
    let answer = shown(call, "comments", row.clone());
    call.org.put_side(&module, owner, "comments", rows);
    if module == "tickets" {
        call.note(owner, "CommentEdited", Vec::new());
    }
    call.with(&answer)
}

/// The earlier texts of a comment.
pub(crate) fn comment_history(call: &mut Call<'_>) -> Answer {
    let (_, rows, at) = call.side_row("tickets", "comments")?;
    let earlier = value(&rows[at], "_earlier")
        .as_array()
        .cloned()
        .unwrap_or_default();
    let earlier = paging::cut(call, earlier)?;
    call.list("data", earlier)
}

/// Makes agents follow a record.
pub(crate) fn add_followers(call: &mut Call<'_>) -> Answer {
    let module = call.route.module.clone();
    let (owner, _) = call.record(&module)?;
    let ids = call.sent_ids("followerIds");
    call.must_exist("agents", &ids, "/followerIds")?;
    let mut rows = call.org.side(&module, owner, "followers");
    for id in ids {
        if rows.iter().all(|row| text(row, "id") != id) {
            let mut row = render::agent(call.org, &id)
                .as_object()
                .cloned()
                .unwrap_or_default();
            row.insert("following".to_owned(), module.clone().into());
            rows.push(row);
        }
    }
    call.org.put_side(&module, owner, "followers", rows);
    if module == "tickets" {
        call.note(owner, "FollowersAdded", Vec::new());
    }
    call.done()
}

/// Makes agents follow a record no longer.
pub(crate) fn remove_followers(call: &mut Call<'_>) -> Answer {
    let module = call.route.module.clone();
    let (owner, _) = call.record(&module)?;
    let ids = call.sent_ids("followerIds");
    let mut rows = call.org.side(&module, owner, "followers");
    rows.retain(|row| !ids.iter().any(|id| id == text(row, "id")));
    call.org.put_side(&module, owner, "followers", rows);
    if module == "tickets" {
        call.note(owner, "FollowersRemoved", Vec::new());
    }
    call.done()
}

/// Asks agents for an approval, each for one of their own.
pub(crate) fn create_approvals(call: &mut Call<'_>) -> Answer {
    let (owner, _) = call.record("tickets")?;
    let ids = call.sent_ids("approverIds");
    call.must_exist("agents", &ids, "/approverIds")?;
    let person = |call: &Call<'_>, id: &str| {
        let mut agent = render::agent(call.org, id);
        let photo = agent
            .as_object_mut()
            .and_then(|agent| agent.shift_remove("photoURL"));
        agent["photoUrl"] = photo.unwrap_or_default();
        agent
    };
    let mut new = Vec::new();
    for approver in ids {
        let mut row = modules::blank("approvals");
        row.insert("id".to_owned(), call.org.new_id().to_string().into());
        row.insert("subject".to_owned(), call.sent("subject").into());
        row.insert("description".to_owned(), value(&call.body, "description"));
        row.insert("requestedTime".to_owned(), call.now().into());
        row.insert("approver".to_owned(), person(call, &approver));
        row.insert("requester".to_owned(), person(call, &call.me()));
        new.push(row);
    }
    let mut rows = call.org.side("tickets", owner, "approvals");
    rows.extend(new.clone());
    call.org.put_side("tickets", owner, "approvals", rows);
    call.note(owner, "ApprovalSent", Vec::new());
    call.with(&json!({"approvals": new}))
}

/// Approves or rejects.
pub(crate) fn update_approval(call: &mut Call<'_>) -> Answer {
    let (owner, mut rows, at) = call.side_row("tickets", "approvals")?;
    if text(&rows[at], "status") != "Pending" {
        return Err(Refusal::unprocessable("The approval has already been processed."));
    }
    let status = call.sent("status");
    rows[at].insert("status".to_owned(), status.clone().into());
    rows[at].insert("processedTime".to_owned(), call.now().into());
    let row = rows[at].clone();
    call.org.put_side("tickets", owner, "approvals", rows);
    call.note(
        owner,
        if status == "Approved" {
            "ApprovalApproved"
        } else {
            "ApprovalRejected"
        },
        Vec::new(),
    );
    call.with(&row.into())
}

/// Pins a comment or a thread.
pub(crate) fn create_pin(call: &mut Call<'_>) -> Answer {
    let (owner, _) = call.record("tickets")?;
    let kind = call.sent("type");
    let entities = call.org.side("tickets", owner, &kind.to_lowercase());
    let entity = entities
        .iter()
        .find(|row| text(row, "id") == call.sent("entityId"));
    let entity = entity
        .cloned()
        .ok_or_else(|| Refusal::invalid_field("/entityId", "invalid"))?;
    let entity = if kind == "THREADS" {
        super::threads::short(&entity)
    } else {
        shown(call, "comments", entity)
    };
    let mut row = modules::blank("pins");
    for (key, value) in [
        ("id", json!(call.org.new_id().to_string())),
        ("type", json!(kind)),
        ("entityPinned", entity),
        ("pinnedById", json!(call.me())),
        ("pinnedTime", json!(call.now())),
        ("isPublic", json!(call.sent_flag("isPublic"))),
    ] {
        row.insert(key.to_owned(), value);
    }
    let mut rows = call.org.side("tickets", owner, "pins");
    rows.push(row.clone());
    call.org.put_side("tickets", owner, "pins", rows);
    call.with(&row.into())
}

/// Takes pins away.
pub(crate) fn unpin(call: &mut Call<'_>) -> Answer {
    let (owner, _) = call.record("tickets")?;
    let mut rows = call.org.side("tickets", owner, "pins");
    let mut outcomes = Vec::new();
    for id in call.sent_ids("ids") {
        let before = rows.len();
        rows.retain(|row| text(row, "id") != id);
        outcomes.push((id, rows.len() < before));
    }
    call.org.put_side("tickets", owner, "pins", rows);
    call.results(outcomes)
}
