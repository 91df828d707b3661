//! Channels that tell of changes: who wants to hear what, and until when. `notify` says what they are told.

use serde_json::{Value, json};

use super::answer::{self, Answer, failure, results_as, success};
use super::call::{Call, or_nothing};
use super::schema::{self, Module, Row};
use super::state::Crm;
use super::{paging, seeds, time};

/// Channels of one call, and events of one channel.
const MOST: usize = 50;
/// Seconds a channel lasts at most, and when none are asked for. (Assumed: the hour.)
const WEEK: i64 = 7 * 86_400;
const HOUR: i64 = 3_600;

const SUBSCRIBED: &str = "Successfully subscribed for actions-watch of the given module";
const UPDATED: &str = "Successfully updated the subscribe details";
const REMOVED: &str = "Successfully removed the subscribe details";
const UNSUBSCRIBED: &str = "Successfully un-subscribed from actions-watch";

/// `GET actions/watch`: a row for each module of a channel.
pub(crate) fn list(crm: &mut Crm, call: &Call<'_>) -> Answer {
    expire(crm);
    let wanted = |row: &&Value| {
        let is = |key: &str, name: &str| call.query(name).is_none_or(|value| row[key] == value);
        is("channel_id", "channel_id") && is("resource_name", "module")
    };
    let rows = crm.channels.iter().filter(wanted).map(|row| {
        let mut row = row.clone();
        row["resource_uri"] = json!(address(call, &row));
        row
    });
    let rows: Vec<Value> = rows.collect();
    let (page, info) = paging::paginate(call, &rows)?;
    or_nothing("watch", page, Some(info))
}

/// `POST actions/watch`.
pub(crate) fn subscribe(crm: &mut Crm, call: &Call<'_>) -> Answer {
    each(crm, call, 201, |crm, call, wish, path| {
        let events = events(wish, path)?;
        let (url, expiry) = (url(wish, path, true)?, expiry(crm, wish, path)?);
        let channel = channel(wish, path)?;
        let name = channel.as_str().unwrap_or_default().to_owned();
        crm.hearers.insert(name, crm.caller);
        for (module, names) in events.iter() {
            crm.channels
                .retain(|row| row["channel_id"] != channel || row["resource_name"] != module.api_name);
            let named = json!({ "resource_name": module.api_name });
            crm.channels.push(json!({
                "channel_id": channel, "resource_uri": address(call, &named), "resource_name": module.api_name, "resource_id": seeds::module_id(module), "events": names,
                "notify_url": url, "channel_expiry": expiry, "token": wish.get("token"),
                "notify_on_related_action": wish.get("notify_on_related_action").unwrap_or(&json!(true)),
                "return_affected_field_values": wish.get("return_affected_field_values").unwrap_or(&json!(false)),
                "notification_condition": wish.get("notification_condition"), "fields": null,
            }));
        }
        Ok(success(&told(crm, call, &channel, &events), SUBSCRIBED))
    })
}

/// `PUT actions/watch`: what a channel is to tell of from now on.
pub(crate) fn replace(crm: &mut Crm, call: &Call<'_>) -> Answer {
    each(crm, call, 200, |crm, call, wish, path| {
        change(crm, call, wish, path, true)
    })
}

/// `PATCH actions/watch`: some of it, or with `_delete_events` what it is not to tell of any more.
pub(crate) fn update(crm: &mut Crm, call: &Call<'_>) -> Answer {
    each(crm, call, 200, |crm, call, wish, path| {
        if wish.get("_delete_events") != Some(&json!(true)) {
            return change(crm, call, wish, path, false);
        }
        let channel = known_channel(crm, wish, path)?;
        let events = events(wish, path)?;
        let details = told(crm, call, &channel, &events);
        for (module, names) in &events {
            for row in crm
                .channels
                .iter_mut()
                .filter(|row| row["channel_id"] == channel && row["resource_name"] == module.api_name)
            {
                if let Some(held) = row["events"].as_array_mut() {
                    held.retain(|name| !names.iter().any(|gone| name == gone));
                }
            }
        }
        crm.channels
            .retain(|row| row["events"].as_array().is_some_and(|held| !held.is_empty()));
        Ok(success(&details, REMOVED))
    })
}

/// `DELETE actions/watch`: channels and all they told of.
pub(crate) fn unsubscribe(crm: &mut Crm, call: &Call<'_>) -> Answer {
    expire(crm);
    let ids = call
        .ids("channel_ids", MOST)?
        .ok_or_else(|| answer::parameter_missing("channel_ids"))?;
    let mut done = Vec::new();
    for id in ids {
        let id = json!(id.to_string());
        let (gone, kept): (Vec<Value>, Vec<Value>) =
            crm.channels.drain(..).partition(|row| row["channel_id"] == id);
        crm.channels = kept;
        if gone.is_empty() {
            done.push(not_subscribed(&id));
        }
        done.extend(gone.iter().map(|row| {
            let details = json!({ "resource_uri": address(call, row), "resource_id": row["resource_id"], "channel_id": id });
            success(&details, UNSUBSCRIBED)
        }));
    }
    Ok(results_as("watch", 200, done))
}

type Outcome = Result<Value, Value>;

/// Answers each entry of `watch` by itself.
fn each(
    crm: &mut Crm,
    call: &Call<'_>,
    good: u16,
    act: impl Fn(&mut Crm, &Call<'_>, &Row, &str) -> Outcome,
) -> Answer {
    expire(crm);
    let wishes = call.objects(&call.body()?, "watch", MOST)?;
    let mut done = Vec::new();
    for (index, wish) in wishes.iter().enumerate() {
        done.push(act(crm, call, wish, &format!("$.watch[{index}]")).unwrap_or_else(|error| error));
    }
    Ok(results_as("watch", good, done))
}

fn change(crm: &mut Crm, call: &Call<'_>, wish: &Row, path: &str, whole: bool) -> Outcome {
    let channel = known_channel(crm, wish, path)?;
    let url = url(wish, path, whole)?;
    let expiry = wish
        .get("channel_expiry")
        .map(|_| expiry(crm, wish, path))
        .transpose()?;
    let is_asked = whole || wish.contains_key("events");
    let events = if is_asked { events(wish, path)? } else { Vec::new() };
    let mut rows: Vec<Value> = crm
        .channels
        .iter()
        .filter(|row| row["channel_id"] == channel)
        .cloned()
        .collect();
    let pattern = rows[0].clone();
    if is_asked {
        let of_module = |(module, names): &(&'static Module, Vec<String>)| {
            let mut row = pattern.clone();
            row["resource_name"] = json!(module.api_name);
            row["resource_uri"] = json!(address(call, &row));
            row["resource_id"] = json!(seeds::module_id(module));
            row["events"] = json!(names);
            row
        };
        rows = events.iter().map(of_module).collect();
    }
    for row in &mut rows {
        for (name, value) in [("notify_url", url.clone()), ("channel_expiry", expiry.clone())] {
            if let Some(value) = value {
                row[name] = json!(value);
            }
        }
        for name in [
            "token",
            "notify_on_related_action",
            "return_affected_field_values",
            "notification_condition",
        ] {
            if let Some(value) = wish.get(name) {
                row[name] = value.clone();
            }
        }
    }
    crm.channels.retain(|row| row["channel_id"] != channel);
    crm.channels.extend(rows);
    Ok(success(&told(crm, call, &channel, &events), UPDATED))
}

/// A channel that has run out is as if it had never been.
fn expire(crm: &mut Crm) {
    let now = time::iso(crm.now);
    crm.channels
        .retain(|row| row["channel_expiry"].as_str() > Some(now.as_str()));
}

fn address(call: &Call<'_>, row: &Value) -> String {
    let module = row["resource_name"].as_str().unwrap_or_default();
    format!("{}/crm/{}/{module}", call.request.base_url, call.version.name())
}

/// The rows of a channel that these events belong to, all of them when none are named.
fn told(crm: &Crm, call: &Call<'_>, channel: &Value, events: &[(&'static Module, Vec<String>)]) -> Value {
    let is_meant = |row: &&Value| {
        row["channel_id"] == *channel
            && (events.is_empty()
                || events
                    .iter()
                    .any(|(module, _)| row["resource_name"] == module.api_name))
    };
    let rows = crm.channels.iter().filter(is_meant).map(|row| {
        json!({ "channel_expiry": row["channel_expiry"], "resource_uri": address(call, row), "resource_id": row["resource_id"], "resource_name": row["resource_name"], "channel_id": channel })
    });
    json!({ "events": rows.collect::<Vec<Value>>() })
}

fn wrong(path: &str, name: &str) -> Value {
    failure(
        "INVALID_DATA",
        &json!({ "api_name": name, "json_path": format!("{path}.{name}") }),
        "invalid data",
    )
}

fn missing(path: &str, name: &str) -> Value {
    let details = json!({ "api_name": name, "json_path": format!("{path}.{name}") });
    failure("MANDATORY_NOT_FOUND", &details, "required field not found")
}

/// (Assumed: the words.)
fn not_subscribed(channel: &Value) -> Value {
    failure(
        "NOT_SUBSCRIBED",
        &json!({ "channel_id": channel }),
        "the channel is not subscribed",
    )
}

fn channel(wish: &Row, path: &str) -> Outcome {
    let given = wish
        .get("channel_id")
        .filter(|given| !given.is_null())
        .ok_or_else(|| missing(path, "channel_id"))?;
    let number = given
        .as_u64()
        .or_else(|| given.as_str().and_then(|text| text.parse().ok()));
    number
        .map(|number| json!(number.to_string()))
        .ok_or_else(|| wrong(path, "channel_id"))
}

fn known_channel(crm: &Crm, wish: &Row, path: &str) -> Outcome {
    let channel = channel(wish, path)?;
    if crm.channels.iter().any(|row| row["channel_id"] == channel) {
        Ok(channel)
    } else {
        Err(not_subscribed(&channel))
    }
}

fn url(wish: &Row, path: &str, must: bool) -> Result<Option<String>, Value> {
    match wish.get("notify_url").and_then(Value::as_str) {
        None if must => Err(missing(path, "notify_url")),
        None => Ok(None),
        Some(text) if url::Url::parse(text).is_ok_and(|url| url.has_host()) => Ok(Some(text.to_owned())),
        Some(_) => Err(wrong(path, "notify_url")),
    }
}

fn expiry(crm: &Crm, wish: &Row, path: &str) -> Result<String, Value> {
    let Some(given) = wish.get("channel_expiry").filter(|given| !given.is_null()) else {
        return Ok(time::iso(time::shift(crm.now, HOUR)));
    };
    let moment = given.as_str().and_then(time::instant);
    let moment = moment.filter(|moment| *moment > crm.now && *moment <= time::shift(crm.now, WEEK));
    moment.map(time::iso).ok_or_else(|| wrong(path, "channel_expiry"))
}

/// The events by module: `Leads.create`, `Deals.all`.
fn events(wish: &Row, path: &str) -> Result<Vec<(&'static Module, Vec<String>)>, Value> {
    let given = wish.get("events").ok_or_else(|| missing(path, "events"))?;
    let given = given
        .as_array()
        .filter(|list| !list.is_empty() && list.len() <= MOST);
    let mut events: Vec<(&'static Module, Vec<String>)> = Vec::new();
    for event in given.ok_or_else(|| wrong(path, "events"))? {
        let parts = event.as_str().and_then(|name| name.split_once('.'));
        let known = parts.filter(|(_, action)| matches!(*action, "create" | "edit" | "delete" | "all"));
        let module = known
            .and_then(|(name, _)| schema::module(name))
            .filter(|module| !module.is_attached());
        let (Some(module), Some(name)) = (module, event.as_str()) else {
            return Err(wrong(path, "events"));
        };
        match events
            .iter_mut()
            .find(|(known, _)| known.api_name == module.api_name)
        {
            Some((_, names)) => names.push(name.to_owned()),
            None => events.push((module, vec![name.to_owned()])),
        }
    }
    Ok(events)
}
