//! One place of the arguments after another: what does not fit is changed step by step until it does, or stays as it came.

use serde_json::{Map, Value};

use super::absent::Verdict;
use super::dates::{self, Unclear};
use super::mending::{Mending, Note, display};
use super::rules::{self, Rule};
use super::shape::Shape;
use super::{Access, OpenReference, ReferenceKind, absent, containers, enums, keys, scalars};

const MAX_STEPS: usize = 8;
const MAX_DEPTH: usize = 24;

/// Repairs the members of an object, deepest first, and drops those that say nothing.
pub(super) fn mend_object(map: &mut Map<String, Value>, shape: &Shape, cx: &mut Mending) {
    keys::mend_keys(map, shape, cx);
    if cx.depth() == 0 {
        keys::lift(map, shape, cx);
    }
    let broken: Vec<String> = map
        .iter()
        .filter(|(name, value)| shape.under(name).is_some_and(|inner| !inner.fits(value)))
        .map(|(name, _)| name.clone())
        .collect();
    for name in broken {
        let (Some(inner), Some(value)) = (shape.under(&name), map.get_mut(&name)) else {
            continue;
        };
        let optional = shape.property(&name).is_none_or(|property| !property.required);
        let dropped = cx.at(&name, |cx| mend(value, inner, optional, cx)) == Mended::Dropped;
        if dropped {
            map.shift_remove(&name);
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mended {
    Kept,
    Dropped,
}

fn mend(value: &mut Value, shape: &Shape, optional: bool, cx: &mut Mending) -> Mended {
    match absent::judge(value, shape, optional, cx) {
        Verdict::Drop => return Mended::Dropped,
        Verdict::Refuse => return Mended::Kept,
        Verdict::Says if cx.depth() > MAX_DEPTH => return Mended::Kept,
        Verdict::Says => {}
    }
    if !shape.branches.is_empty() {
        mend_by_branch(value, shape, cx);
        return Mended::Kept;
    }
    let mark = cx.mark();
    let mut trail = Vec::new();
    let mut changed: Option<Value> = None;
    for _ in 0..MAX_STEPS {
        let now = changed.as_mut().unwrap_or(value);
        if mend_inside(now, shape, cx) && optional && !cx.absent_means_keep {
            cx.tell(rules::ABSENT_OPTIONAL, "nothing in it", "left out");
            return Mended::Dropped;
        }
        if shape.fits(now) {
            break;
        }
        let Some((next, rule)) = step(now, shape, cx) else {
            break;
        };
        trail.push(rule);
        changed = Some(next);
    }
    let Some(changed) = changed else {
        if !shape.fits(value) {
            leave_open(value, shape, cx);
        }
        return Mended::Kept;
    };
    let fits = shape.fits(&changed);
    let understood = changed.is_object() && shape.kinds.object || changed.is_array() && shape.kinds.list;
    if fits || understood {
        let (from, to) = (display(value), display(&changed));
        trail
            .into_iter()
            .for_each(|rule| cx.tell(rule, from.as_str(), to.as_str()));
        *value = changed;
    } else {
        cx.rewind(mark, false);
        leave_open(value, shape, cx);
    }
    Mended::Kept
}

/// Repairs what is inside an object or a list; true when an object lost all its members on the way.
fn mend_inside(value: &mut Value, shape: &Shape, cx: &mut Mending) -> bool {
    match value {
        Value::Object(map) if shape.kinds.object && !map.is_empty() => {
            mend_object(map, shape, cx);
            map.is_empty()
        }
        Value::Array(items) if shape.kinds.list => {
            if let Some(inner) = shape.items.as_deref() {
                for (index, item) in items.iter_mut().enumerate() {
                    if !inner.fits(item) {
                        cx.at(&index.to_string(), |cx| mend(item, inner, false, cx));
                    }
                }
            }
            false
        }
        _ => false,
    }
}

/// Takes the one result that the alternatives of the schema agree on.
fn mend_by_branch(value: &mut Value, shape: &Shape, cx: &mut Mending) {
    let mut found: Option<(Value, Vec<super::Repair>)> = None;
    let mark = cx.mark();
    for branch in &shape.branches {
        let mut trial = value.clone();
        mend(&mut trial, branch, false, cx);
        let repairs = cx.repairs.split_off(mark.0.min(cx.repairs.len()));
        let fits = shape.fits(&trial);
        cx.rewind(mark, fits);
        match &found {
            _ if !fits => {}
            None => found = Some((trial, repairs)),
            Some((other, _)) if *other == trial => {}
            Some(_) => return,
        }
    }
    if let Some((trial, repairs)) = found {
        *value = trial;
        cx.repairs.extend(repairs);
    }
}

fn step(value: &Value, shape: &Shape, cx: &mut Mending) -> Option<(Value, Rule)> {
    match value {
        Value::String(text) => step_from_text(text, shape, cx),
        Value::Number(number) => {
            let kinds = shape.kinds;
            if kinds.integer || kinds.number {
                return scalars::clamp(number, shape, cx);
            }
            if kinds.text {
                return scalars::integer_as_text(number, shape, cx);
            }
            if kinds.boolean {
                return scalars::boolean_in_number(number);
            }
            alone(value, shape)
        }
        Value::Bool(_) => {
            let written = enums::choice(&value.to_string(), shape, cx);
            written
                .filter(|_| shape.kinds.text)
                .or_else(|| alone(value, shape))
        }
        Value::Array(list) => containers::list_undone(list, shape, cx),
        Value::Object(map) => containers::object_undone(map, shape, cx),
        Value::Null => None,
    }
}

/// A single value where a list of such is taken.
fn alone(value: &Value, shape: &Shape) -> Option<(Value, Rule)> {
    let takes_it = shape.items.as_deref().is_some_and(|items| items.kinds.scalar());
    (shape.kinds.list && takes_it).then(|| (Value::Array(vec![value.clone()]), rules::LIST_OF_ONE))
}

fn step_from_text(text: &str, shape: &Shape, cx: &mut Mending) -> Option<(Value, Rule)> {
    if shape.free_text() {
        return None;
    }
    let kinds = shape.kinds;
    if (kinds.list || kinds.object || text.trim_start().starts_with(['[', '{']))
        && let Some(parsed) = containers::parse(text, shape, cx)
    {
        return Some(parsed);
    }
    if kinds.boolean
        && let Some(boolean) = scalars::boolean_in_text(text)
    {
        return Some(boolean);
    }
    if (kinds.integer || kinds.number)
        && let Some(number) = scalars::number_in_text(text, shape, cx)
    {
        return Some(number);
    }
    if kinds.text || !shape.choices.is_empty() {
        let cleaned = scalars::clean_text(text, shape, cx);
        if let Some(found) = cleaned
            .or_else(|| enums::choice(text, shape, cx))
            .or_else(|| time(text, shape, cx))
        {
            return Some(found);
        }
    }
    if kinds.list {
        return containers::list_in_text(text, shape, cx);
    }
    None
}

fn time(text: &str, shape: &Shape, cx: &mut Mending) -> Option<(Value, Rule)> {
    let (read, rule) = match shape.format.as_deref()? {
        "date" => (dates::day(text), rules::DATE_FORMAT),
        "date-time" => (dates::parse_moment(text), rules::DATE_TIME_FORMAT),
        _ => return None,
    };
    match read {
        Ok(read) if read != text => Some((Value::from(read), rule)),
        Ok(_) => None,
        Err(unclear) => {
            let wanted = super::problems::describe(shape);
            let why = match unclear {
                Unclear::Order => "the order of day, month and year is not certain",
                Unclear::NoSuchDay => "the calendar has no such day",
                Unclear::Relative => "a day by name, a span or an order of its own is not resolved here",
                Unclear::Zone => "the offset from UTC is missing",
                Unclear::Precision => "a day without a time is wanted",
            };
            cx.expect(format!("{wanted}; {why} (today is {})", cx.today));
            None
        }
    }
}

/// A name or a web address in place of an id: left open on reads, refused with its kind on writes.
fn leave_open(value: &mut Value, shape: &Shape, cx: &mut Mending) {
    let Value::String(text) = &*value else { return };
    let Some(kind) = reference_kind(text, shape) else {
        return;
    };
    let reference = OpenReference {
        path: cx.pointer(),
        kind,
        text: without_fence(text.trim()).to_owned(),
    };
    if cx.access == Access::Write {
        cx.explain(Note {
            reference: Some(reference),
            ..Note::default()
        });
        return;
    }
    let stand_in = (1..=20).rev().map(|width| {
        let number = cx.open_references.len() + 1;
        Value::from(format!("1{number:0>rest$}", rest = width - 1))
    });
    let Some(stand_in) = stand_in.into_iter().find(|candidate| shape.fits(candidate)) else {
        return;
    };
    cx.open_references.push(reference);
    *value = stand_in;
}

/// Without the brackets that answers of this server put around the words of others.
fn without_fence(text: &str) -> &str {
    let inside = text.strip_prefix('〔').and_then(|text| text.strip_suffix('〕'));
    inside.unwrap_or(text).trim()
}

fn reference_kind(text: &str, shape: &Shape) -> Option<ReferenceKind> {
    let trimmed = without_fence(text.trim());
    if trimmed.is_empty() || trimmed.chars().count() > 500 {
        return None;
    }
    if trimmed.starts_with("https://") || trimmed.starts_with("http://") {
        return shape.record_url.clone().map(ReferenceKind::RecordUrl);
    }
    let spoiled_number = trimmed
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '+' | '-' | 'e' | 'E' | '#' | ' '));
    let placeholder = trimmed.starts_with(['<', '{', '[', '$']);
    let kind = shape
        .reference
        .clone()
        .filter(|_| !spoiled_number && !placeholder)?;
    Some(ReferenceKind::Name(kind))
}
