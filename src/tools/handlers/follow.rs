//! `follow`: agents that follow a case, or follow it no longer.

use http::Method;
use serde_json::{Value, json};

use super::Context;
use super::on_record::{OnRecord, case, on_or_off, put_back, rows_of};
use super::written::is_so_already;
use crate::tools::error::ToolError;
use crate::tools::modules::Kind;
use crate::tools::request::texts;
use crate::tools::settings::named::read_named;
use crate::tools::writing::{Look, Plan, Planned, Sending, Step, plain};
use crate::zoho::Effect;

/// Where agents are made to follow, and to follow no longer.
const ADD: &str = "addFollowers";
const REMOVE: &str = "removeFollowers";

/// Plans who follows.
pub(super) async fn plan(context: Context<'_>) -> Result<Plan, ToolError> {
    let case = case(context, None).await?;
    let ends = context.arguments.get("stop") == Some(&Value::Bool(true));
    let meant = to_do(context, &case, ends).await?;
    if meant.is_empty() {
        let data = json!({ "id": case.written.id, "done": "nothing", "link": case.written.link });
        let answer = is_so_already(data, &case.subject, case.session);
        return Ok(Plan::Answer(Box::new(answer)));
    }
    let names = names(context, &case, &meant).await;
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
    let look = |id: &String, unlisted: bool| Look {
        list: Some("data".to_owned()),
        is: [("/id".to_owned(), json!(id))].into_iter().collect(),
        unlisted,
        ..case.look(["followers"])
    };
    let looks = |unlisted: bool| -> Vec<Look> { meant.iter().map(|id| look(id, unlisted)).collect() };
    let step = Step {
        looks: looks(ends),
        undo: Some(put_back("put the followers back", back, looks(!ends))),
        ..there.into()
    };
    Ok(Plan::Act(Box::new(Planned {
        id: Some(case.written.id.clone()),
        changes: names
            .iter()
            .map(|name| on_or_off("follower", name, ends))
            .collect(),
        ..case.plan_of(&case.subject.module.name, what, step)
    })))
}

/// The agents who do not yet as they shall: those that the call names, else the one whose connection it is.
async fn to_do(context: Context<'_>, case: &OnRecord<'_>, ends: bool) -> Result<Vec<String>, ToolError> {
    let meant = match context.arguments.contains_key("agents") {
        true => texts(context.arguments, "agents"),
        false => vec![myself(context, case).await?],
    };
    let followers = rows_of(case.session, &case.read(["followers"]), "data").await?;
    let follows = |id: &String| {
        let mut ids = followers.iter().filter_map(|row| row.get("id").and_then(plain));
        ids.any(|known| known == *id)
    };
    Ok(meant.into_iter().filter(|id| follows(id) == ends).collect())
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
