//! `follow`: agents that follow a case, or follow it no longer.

use http::Method;
use serde_json::{Value, json};

use super::Context;
use super::on_record::{OnRecord, OneCall, case, rows_of, taken_back};
use super::written::is_so_already;
use crate::tools::error::ToolError;
use crate::tools::modules::Kind;
use crate::tools::request::texts;
use crate::tools::settings::named::read_named;
use crate::tools::writing::{Change, Look, Plan, Planned, Sending, plain};
use crate::zoho::Effect;

/// Where agents are made to follow, and to follow no longer.
const ADD: &str = "addFollowers";
const REMOVE: &str = "removeFollowers";

/// Plans who follows.
pub(super) async fn plan(context: Context<'_>) -> Result<Plan, ToolError> {
    let case = case(context, None).await?;
    let ends = context.arguments.get("stop") == Some(&Value::Bool(true));
    let meant = match context.arguments.contains_key("agents") {
        true => texts(context.arguments, "agents"),
        false => vec![myself(context, &case).await?],
    };
    let followers = rows_of(case.session, &case.read(["followers"]), "data").await?;
    let follows = |id: &String| {
        followers
            .iter()
            .any(|row| row.get("id").and_then(plain).as_ref() == Some(id))
    };
    let meant: Vec<String> = meant.into_iter().filter(|id| follows(id) == ends).collect();
    let Some(first) = meant.first() else {
        let data = json!({ "id": case.written.id, "done": "nothing", "link": case.written.link });
        let answer = is_so_already(data, &case.subject, case.session);
        return Ok(Plan::Answer(Box::new(answer)));
    };
    let names = names(context, &case, &meant).await;
    let change = |name: String| match ends {
        true => (Some(name), None),
        false => (None, Some(name)),
    };
    let changes = names.into_iter().map(|name| {
        let (before, after) = change(name);
        let label = "follower".to_owned();
        Change { label, before, after }
    });
    let body = json!({ "followerIds": meant });
    let call = |path: &str| {
        let call = Sending::new(Effect::Change, &Method::POST, case.below([path]));
        call.with_body(body.clone()).with_scopes(&case.writing.change)
    };
    let (there, back) = match ends {
        true => (call(REMOVE), call(ADD)),
        false => (call(ADD), call(REMOVE)),
    };
    let what = match ends {
        true => "make agents follow no longer",
        false => "make agents follow",
    };
    let is = [("/id".to_owned(), json!(first))];
    // That somebody is not in a list is nothing to look for.
    let look = (!ends).then(|| Look {
        list: Some("data".to_owned()),
        is: is.into_iter().collect(),
        ..case.look(["followers"])
    });
    let step = OneCall {
        call: there,
        look,
        undo: Some(taken_back("put the followers back", back, None)),
    };
    Ok(Plan::Act(Box::new(Planned {
        id: Some(case.written.id.clone()),
        changes: changes.collect(),
        ..case.plan(&case.subject.module.name, what, step)
    })))
}

/// The agent whose connection it is.
async fn myself(context: Context<'_>, case: &OnRecord<'_>) -> Result<String, ToolError> {
    let names = &context.invocation.equipment().settings.names;
    let user = names.current_user(case.session).await?;
    read_named(&user).map(|one| one.id).ok_or_else(|| {
        let got = "none, and Zoho does not say which agent this is";
        ToolError::argument("/agents", "ids of agents", got, None)
    })
}

/// What agents are called, as far as that is known.
async fn names(context: Context<'_>, case: &OnRecord<'_>, ids: &[String]) -> Vec<String> {
    let names = &context.invocation.equipment().settings.names;
    let known = names.of(case.session, None, Kind::Agent, false).await;
    let known = known.map(|(known, _)| known).unwrap_or_default();
    let called = |id: &String| match known.iter().find(|one| one.id == *id) {
        Some(one) => format!("{} ({id})", one.name),
        None => id.clone(),
    };
    ids.iter().map(called).collect()
}
