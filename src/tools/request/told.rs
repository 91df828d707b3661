//! What is told of how Zoho Desk reads conditions: texts that it finds by a part of them and those it compares as a whole,
//! one status of several of its kind.

use serde_json::json;

use super::comparison::{self, Comparison};
use super::conditions::{filters_of, same_filter};
use super::criteria::is_user;
use super::number::number;
use super::parameter::is_id;
use super::{ListQuery, phone, words};
use crate::names::fold;
use crate::tools::modules::{Compares, Filter, FilterKind, Kind};

/// A condition on a text by its value, how it is called, and the filter that takes it; none of a custom field.
struct OnText<'q> {
    name: &'q str,
    filter: Option<&'q Filter>,
    texts: Vec<String>,
    how: How,
}

/// What a condition wants of its texts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    One,
    None,
    Begun,
}

impl OnText<'_> {
    fn compares(&self) -> Option<Compares> {
        self.filter?.parameter().compares
    }

    fn has_star(&self) -> bool {
        self.texts.iter().any(|text| text.contains('*'))
    }
}

fn on_texts<'q>(query: &'q ListQuery<'_>) -> impl Iterator<Item = OnText<'q>> {
    query.filters.iter().filter_map(|(name, value)| {
        let mut filters = filters_of(query.module, name);
        let filter = filters.find(|filter| filter.kind == FilterKind::Text);
        if filter.is_none() && !name.starts_with("cf_") {
            return None;
        }
        let (texts, how) = match comparison::read("", value).ok()? {
            Comparison::OneOf(texts) | Comparison::OneOrEmpty(texts) => (texts, How::One),
            Comparison::NoneOf(texts) => (texts, How::None),
            Comparison::Begins(text) => (vec![text], How::Begun),
            Comparison::Between(..) | Comparison::Empty(_) | Comparison::Not(_) => return None,
        };
        Some(OnText {
            name,
            filter,
            texts,
            how,
        })
    })
}

/// What is told of how the conditions were read, where these parameters have one of them each.
pub(super) fn notes(query: &ListQuery<'_>, taken: &[String]) -> impl Iterator<Item = String> {
    let notes = of_the_status(query).into_iter().chain(query.readings());
    let notes = notes.chain(tell_parts(query, taken));
    let notes = notes.chain(words::tell_where(query).map(str::to_owned));
    let notes = notes.chain(words::tell_star(query).map(str::to_owned));
    notes.chain(phone::tell_extensions(query))
}

/// A status is one of several of its kind; who asks for `Open` may mean all that are not closed.
fn of_the_status(query: &ListQuery<'_>) -> Option<String> {
    let named = |wanted: &str| query.filters.iter().any(|(name, _)| same_filter(name, wanted));
    let (_, value) = query
        .filters
        .iter()
        .find(|(name, _)| same_filter(name, "status"))?;
    let value = fold(value.as_str()?);
    let kind = ["Open", "On Hold", "Closed"]
        .into_iter()
        .find(|kind| fold(kind) == value)?;
    let has_kinds = query.module.list.row.iter().any(|field| field == "statusType");
    (has_kinds && !named("statusType"))
        .then(|| format!("Only the status {kind}; `statusType` {kind} finds every status of that kind."))
}

/// Told of conditions that find more than what is equal, and of those that leave out no more: Desk compares by a part what
/// it is asked itself, rows that are looked through are compared as a whole but for texts of words.
fn tell_parts(query: &ListQuery<'_>, taken: &[String]) -> Vec<String> {
    let is_taken = |filter: &Filter| taken.contains(&filter.param);
    let is_asked = |on: &OnText<'_>| on.how == How::One && on.filter.is_none_or(is_taken);
    let begins = |on: &OnText<'_>| on.compares() == Some(Compares::Begins) && is_asked(on);
    let holds = |on: &OnText<'_>| on.filter.is_some_and(|filter| filter.parameter().finds_parts());
    let is_wordy = |on: &OnText<'_>| on.compares() == Some(Compares::Words) && on.how != How::Begun;
    let by_words = |on: &OnText<'_>| is_wordy(on) && !on.has_star();
    let tell = |fits: &dyn Fn(&OnText<'_>) -> bool, told: &str| {
        let names = on_texts(query).filter(fits).map(|on| on.name);
        let names = names.collect::<Vec<&str>>().join(", ");
        (!names.is_empty()).then(|| format!("{names} {told}"))
    };
    let words = tell(
        &by_words,
        "is found by its words, which may stand apart, not as a whole.",
    );
    let parts = tell(
        &|on| !on.has_star() && !is_wordy(on) && !begins(on) && is_asked(on) && holds(on),
        "is compared by what it holds, not as a whole.",
    );
    let begun = tell(
        &|on| !on.has_star() && begins(on),
        "is compared by how it begins, not as a whole.",
    );
    let left_out = tell(
        &|on| on.how == How::None && !on.has_star() && holds(on) && !is_wordy(on),
        "with `not` is compared as a whole: what only holds it stays.",
    );
    let any = tell(
        &|on| on.has_star() && (is_asked(on) || on.how == How::None && !is_wordy(on)),
        "has `*`, which stands for any letters: Zoho knows no other.",
    );
    [words, parts, begun, left_out, any]
        .into_iter()
        .flatten()
        .collect()
}

/// Told where nothing was found: what was not looked through or how it was compared, and what else would have found it.
pub fn tell_nothing_found(query: &ListQuery<'_>) -> Option<String> {
    let told = [
        words::tell_nothing_found(query),
        tell_name(query),
        tell_signs(query),
        tell_tag(query),
        phone::tell_several(query),
        tell_ids(query),
    ];
    let told: Vec<String> = told.into_iter().flatten().collect();
    (!told.is_empty()).then(|| told.join(" "))
}

/// Told of null beside other conditions, which some clients send for what they do not ask for.
pub(super) fn tell_nulls(query: &ListQuery<'_>) -> Option<String> {
    let nulls = query.filters.iter().filter(|(_, value)| value.is_null());
    let names: Vec<&str> = nulls.map(|(name, _)| *name).collect();
    let told = || {
        format!(
            "{} null: those without are meant; left out it finds all.",
            names.join(", ")
        )
    };
    (!names.is_empty() && query.filters.len() > 1).then(told)
}

/// Told of conditions that do not find all who could be meant.
pub(super) fn tell_misses(query: &ListQuery<'_>) -> Option<String> {
    let on = |known: &String| query.filters.iter().any(|(name, _)| same_filter(known, name));
    let mut misses = query.module.misses.iter();
    misses.find_map(|(known, told)| on(known).then(|| told.clone()))
}

/// Told where nothing was found by a name.
fn tell_name(query: &ListQuery<'_>) -> Option<String> {
    let is_name = |on: &OnText<'_>| on.filter.is_some_and(|filter| filter.parameter().is_name);
    let mut named = on_texts(query).filter(|on| on.how != How::None && is_name(on));
    let on = named.next()?;
    let name = on.name;
    if on.how == How::One && on.compares() == Some(Compares::Whole) && !on.has_star() {
        let begun = json!({ name: { "starts_with": on.texts.first() } });
        return Some(format!(
            "{name} is compared as a whole, with its accents: filters:{begun} finds names that begin so, find_customer those \
             that hold it, without its accents, too."
        ));
    }
    Some(format!(
        "{name} is compared with its accents; find_customer finds names without them, too, in either order."
    ))
}

/// Digits that the number of a case has at most; an id has more.
pub const LONGEST_NUMBER: usize = 10;

/// Told where nothing was found by an id: Zoho does not tell one that nothing has from one that nothing refers to.
fn tell_ids(query: &ListQuery<'_>) -> Option<String> {
    let is_desk = !query.module.path.is_empty();
    let refers = |name: &str| match is_desk {
        true => name.to_lowercase().ends_with("id") || Kind::of_field(name).is_some(),
        false => is_user(name) || query.module.lookups.keys().any(|known| fold(known) == fold(name)),
    };
    let by_ids = query.filters.iter().filter(|(name, _)| refers(name));
    let by_ids = by_ids.filter_map(|(name, value)| match comparison::read("", value).ok()? {
        Comparison::OneOf(texts) if texts.iter().all(|text| is_id(text)) => Some((*name, texts)),
        _ => None,
    });
    let by_ids: Vec<(&str, Vec<String>)> = by_ids.collect();
    let names: Vec<&str> = by_ids.iter().map(|(name, _)| *name).collect();
    let is_short = |(_, texts): &(&str, Vec<String>)| texts.iter().any(|text| text.len() <= LONGEST_NUMBER);
    let short = match is_desk && by_ids.iter().any(is_short) {
        true => " Ids are longer than numbers of cases, which get_record takes as ticket_number.",
        false => "",
    };
    (!names.is_empty()).then(|| {
        format!(
            "{}: whether anything has such an id Zoho does not say here; get_record does.{short}",
            names.join(", ")
        )
    })
}

/// The conditions on a text that are asked for as they are written, where the module's own data lists no values.
pub fn taken_as_written<'q>(query: &'q ListQuery<'_>) -> impl Iterator<Item = &'q str> {
    let takes_words = |filter: &Filter| {
        let is_of_text = matches!(filter.kind, FilterKind::Text | FilterKind::Texts);
        is_of_text && filter.parameter().compares.is_none() && filter.values.is_empty()
    };
    let is_word = |text: &String| {
        let is_plain = !text.contains('*') && !matches!(text.as_str(), "true" | "false");
        is_plain && !comparison::is_time(text) && number(text).is_none()
    };
    query.filters.iter().filter_map(move |(name, value)| {
        let names_an_id = !query.module.path.is_empty() && Kind::of_field(name).is_some();
        let Ok(Comparison::OneOf(texts)) = comparison::read("", value) else {
            return None;
        };
        let fits = filters_of(query.module, name).all(takes_words) && texts.iter().all(is_word);
        (fits && !names_an_id).then_some(*name)
    })
}

/// Told where nothing was found by a text with signs around it, as numbers are often written.
fn tell_signs(query: &ListQuery<'_>) -> Option<String> {
    let of_signs = |on: OnText<'_>| {
        let text = on.texts.first()?.trim();
        let bare = text.trim_matches(|c: char| !c.is_alphanumeric());
        let differs = on.how == How::One && !on.has_star() && !bare.is_empty() && bare != text;
        differs.then(|| format!("Signs count, too: filters:{} has none.", json!({ on.name: bare })))
    };
    on_texts(query).find_map(of_signs)
}

/// Told where nothing was found by a tag; Desk lists tags by department alone (`advice/tags.rs`).
fn tell_tag(query: &ListQuery<'_>) -> Option<String> {
    let mut names = query.filters.iter().map(|(name, _)| *name);
    let has_tags = query.module.related.contains_key("tags");
    (has_tags && names.any(|name| same_filter(name, "tag")))
        .then(|| "A tag is compared as a whole: the related list `tags` of a case shows its own.".to_owned())
}
