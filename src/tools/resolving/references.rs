//! Names in place of ids, at the door: a read gets the id, a write is told it.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::names::{clip, composed, most_alike};
use crate::repair::{InvalidArguments, OpenReference, ReferenceKind, Repair};
use crate::tools::error::ToolError;
use crate::tools::invocation::Invocation;
use crate::tools::modules::{Kind, Subject};
use crate::tools::request::{Drafted, Ids, OpenCondition, part_of};
use crate::tools::settings::fields::types;
use crate::tools::settings::named::{KnownNames, Named, read_named, search, search_module};
use crate::zoho::Session;

/// Puts ids in place of the names, e-mail addresses and `me` that a read gave for them, and tells it.
///
/// # Errors
/// Nobody, or several, are called so; or the lists could not be had.
pub(super) async fn resolve(
    invocation: &Invocation<'_>,
    arguments: &mut Map<String, Value>,
    open: &[OpenReference],
) -> Result<Vec<Repair>, ToolError> {
    let mut found = Vec::new();
    for reference in open {
        let ReferenceKind::Name(word) = &reference.kind else {
            continue;
        };
        let kind = Kind::find(word)
            .ok_or_else(|| ToolError::internal(&format_args!("x-ref names no kind: {word}")))?;
        let session = invocation.session(kind.product()).await?;
        let one = find(
            &invocation.equipment().settings.names,
            session,
            None,
            &condition(reference, kind),
        )
        .await?;
        found.push((reference, one));
    }
    let mut whole = Value::Object(std::mem::take(arguments));
    let mut repairs = Vec::new();
    for (reference, one) in found {
        if let Some(place) = whole.pointer_mut(&reference.path) {
            *place = Value::from(one.id.as_str());
        }
        repairs.push(one.report(reference.path.clone(), &reference.text));
    }
    if let Value::Object(members) = whole {
        *arguments = members;
    }
    Ok(repairs)
}

/// What follows where nobody tells the types of the fields.
const BY_FORM: &str = "The form of each value decided how it is compared.";
/// How the id of a record is found by what people call it.
const BY_NAME: &str = "search_records finds the record by its name, and shows its id";

/// Where people and companies are found of which the exact name is not known.
const ELSEWHERE: &str = "find_customer finds people and companies by a part of the name, and shows their ids";

/// The refusal of a write, with the id of whom a name means offered where that is one; it is not used by itself.
pub(in crate::tools) async fn suggest(
    invocation: &Invocation<'_>,
    mut invalid: InvalidArguments,
) -> ToolError {
    for problem in &mut invalid.problems {
        let text = problem.text.as_ref();
        let is_name = text.is_some_and(|text| text.contains(char::is_alphabetic));
        if problem.path == "/id" && problem.suggestion.is_none() && is_name {
            problem.suggestion = Some(BY_NAME.to_owned());
        }
        let Some(reference) = &problem.reference else {
            continue;
        };
        let ReferenceKind::Name(word) = &reference.kind else {
            continue;
        };
        let Some(kind) = Kind::find(word) else { continue };
        let Ok(session) = invocation.session(kind.product()).await else {
            continue;
        };
        if let Ok(one) = find(
            &invocation.equipment().settings.names,
            session,
            None,
            &condition(reference, kind),
        )
        .await
        {
            problem.suggestion = Some(format!("\"{}\" ({})", one.id, one.name));
        }
    }
    ToolError::from(invalid)
}

fn condition(reference: &OpenReference, kind: Kind) -> OpenCondition {
    let (path, text) = (reference.path.clone(), reference.text.clone());
    OpenCondition {
        path,
        kind,
        text,
        module: None,
    }
}

/// The request as it can be sent: what is missing in it is looked up, ids in place of names are told as repairs, and then it
/// is built.
///
/// # Errors
/// Nobody, or several, are called so; or the request cannot be built.
pub(in crate::tools) async fn finish<T>(
    invocation: &Invocation<'_>,
    session: &Session,
    subject: &Subject,
    drafted: Drafted<T>,
    build: impl Fn(&Ids) -> Result<Drafted<T>, ToolError>,
) -> Result<(T, Vec<Repair>), ToolError> {
    let (mut drafted, mut known, mut repairs) = (drafted, Ids::default(), Vec::new());
    // Whose ids are missing may show only when the types of the fields are known.
    for _ in 0..=2 {
        let open = match drafted {
            Drafted::Finished(request) => return Ok((request, repairs)),
            Drafted::Open(open) => open,
        };
        if open.types {
            match invocation.fields(session, subject, false).await {
                Ok((fields, _)) => known.add_types(types(&fields)),
                Err(error) => {
                    invocation.miss_fields(subject, &error, BY_FORM);
                    known.add_types(HashMap::new());
                }
            }
        }
        for condition in open.ids {
            let found = find(
                &invocation.equipment().settings.names,
                session,
                Some(subject),
                &condition,
            )
            .await?;
            repairs.push(found.report(condition.path.clone(), &condition.text));
            known.add(condition, found.id);
        }
        drafted = build(&known)?;
    }
    Err(ToolError::internal(&"a request that is never finished"))
}

/// The one whose name or e-mail address the condition gives, or the connection's own user for `me`.
///
/// # Errors
/// Nobody, or several, are called so; or Zoho refused the list.
async fn find(
    names: &KnownNames,
    session: &Session,
    subject: Option<&Subject>,
    condition: &OpenCondition,
) -> Result<Named, ToolError> {
    let (kind, text, path) = (condition.kind, condition.text.as_str(), condition.path.as_str());
    if text.eq_ignore_ascii_case("me") && matches!(kind, Kind::Agent | Kind::User) {
        return me(names, session, path).await;
    }
    if let Some(module) = &condition.module {
        let (found, are_all) = search_module(session, module, text).await?;
        if are_all {
            return unique(&found, text, path, kind);
        }
        let got = "words that so many records hold that not all could be compared";
        let fix = format!("search_records of {module} with more of the name finds its id");
        return Err(ToolError::argument(path, "the id of one record", got, Some(fix)));
    }
    if matches!(kind, Kind::Contact | Kind::Account | Kind::Product) {
        let mut found = search(session, kind, text).await?;
        if found.is_empty() && !text.contains(['*', '@']) {
            found = search(session, kind, &part_of(text)).await.unwrap_or_default();
        }
        if let (true, Some(turned)) = (found.is_empty(), turned(kind, text)) {
            found = search(session, kind, &turned).await.unwrap_or_default();
        }
        return unique(&found, text, path, kind);
    }
    let (known, fresh) = names.of(session, subject, kind, false).await?;
    match unique(&known, text, path, kind) {
        Err(_) if !fresh => unique(&names.of(session, subject, kind, true).await?.0, text, path, kind),
        outcome => outcome,
    }
}

async fn me(names: &KnownNames, session: &Session, path: &str) -> Result<Named, ToolError> {
    let user = names.current_user(session).await?;
    read_named(&user).ok_or_else(|| ToolError::argument(path, "an id", "Zoho does not say who `me` is", None))
}

/// The name of a person with the family name at the other end, as half of the world writes it.
fn turned(kind: Kind, text: &str) -> Option<String> {
    let is_person = matches!(kind, Kind::Contact | Kind::Agent | Kind::User);
    let (one, other) = text.trim().split_once(' ').filter(|_| is_person)?;
    let is_one_word = |word: &str| !word.is_empty() && !word.contains([' ', '*', '@', ',']);
    (is_one_word(one) && is_one_word(other)).then(|| format!("{other} {one}"))
}

/// Whether somebody's first or last name is this one, composed.
fn has_as_a_name(whole: &str, name: &str) -> bool {
    let whole = composed(whole);
    let mut names = whole.split_whitespace();
    [names.next(), names.next_back()].contains(&Some(name))
}

fn unique(list: &[Named], text: &str, path: &str, kind: Kind) -> Result<Named, ToolError> {
    let wanted = composed(text.trim());
    let same = |one: &str| composed(one.trim()) == wanted;
    let mut hits: Vec<&Named> = list
        .iter()
        .filter(|one| same(&one.name) || same(&one.email))
        .collect();
    if let (true, Some(turned)) = (hits.is_empty(), turned(kind, text)) {
        let is_it = |one: &&Named| composed(one.name.trim()) == composed(&turned);
        hits = list.iter().filter(is_it).collect();
    }
    if hits.is_empty() && matches!(kind, Kind::Agent | Kind::User) {
        let is_it = |one: &&Named| has_as_a_name(&one.name, &wanted);
        hits = list.iter().filter(is_it).collect();
    }
    let what = kind.what();
    match hits.as_slice() {
        [one] => Ok((*one).clone()),
        [] => {
            let names = || list.iter().map(|one| one.name.as_str());
            let near = most_alike(
                &text.to_lowercase(),
                names().zip(names().map(|name| vec![name.to_lowercase()])),
                5,
            );
            let some: Vec<&str> = names().take(5).collect();
            let fix = match (near.is_empty(), some.len()) {
                (false, _) => Some(format!("nearest: {}", near.join(", "))),
                (true, 0) if matches!(kind, Kind::Contact | Kind::Account) => Some(ELSEWHERE.to_owned()),
                (true, 0) => None,
                (true, shown) if shown < list.len() => {
                    Some(format!("{shown} of {}: {}", list.len(), some.join(", ")))
                }
                (true, _) => Some(format!("there are: {}", some.join(", "))),
            };
            let got = format!(
                "{:?}, which is the name or e-mail address of no {what}",
                clip(text, 60)
            );
            Err(ToolError::argument(
                path,
                format!("the id, exact name or e-mail address of one {what}"),
                got,
                fix,
            ))
        }
        several => {
            let ids: Vec<String> = several
                .iter()
                .take(5)
                .map(|one| format!("{} ({})", one.id, one.name))
                .collect();
            let got = format!("{} {what}s are called so", several.len());
            let fix = format!("send one of the ids: {}", ids.join(", "));
            Err(ToolError::argument(
                path,
                format!("the id of one {what}"),
                got,
                Some(fix),
            ))
        }
    }
}
