//! `get_records` and `search_records`: one page of any module.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;

use super::{Context, about, as_of, blind_conditions, names, rich_text, unmet_conditions, unseen_fields};
use crate::connections::Product;
use crate::names::{clip, letters, most_alike, pointer, tell_nearest};
use crate::tools::advice;
use crate::tools::error::ToolError;
use crate::tools::modules::{Module, Subject};
use crate::tools::output::currency::{settle_currency, tell_unnamed};
use crate::tools::output::list::{BUDGET, ONE_RECORD, Shape, shape};
use crate::tools::output::project::{Record, tell_cut};
use crate::tools::output::{Answer, link_of};
use crate::tools::reading::{self, Drawn};
use crate::tools::request::{self, Drafted, Ids, ListQuery, ListRequest, Sieve};
use crate::tools::settings::fields::list_known;
use crate::tools::zone;

/// Rows a page has at least of which few are expected to be left out.
const FEW: usize = 25;
/// Names told as the nearest ones of one that nothing has.
const NEAREST: usize = 3;
/// How a text is read of which no call has more.
const BY_LINK: &str = "The link of the record that it belongs to shows all of it.";

/// Lists a page of a module.
pub(super) async fn list(context: Context<'_>) -> Result<Answer, ToolError> {
    page(context, false).await
}

/// Searches a module for a page.
pub(super) async fn search(context: Context<'_>) -> Result<Answer, ToolError> {
    page(context, true).await
}

async fn page(context: Context<'_>, search: bool) -> Result<Answer, ToolError> {
    let subject = context.describe(request::subject(context.arguments)?).await?;
    let mut query = ListQuery::read(&subject.module, subject.product, context.arguments, search);
    query.named = subject.product == Product::Desk;
    let mut answer = answer(context, &subject, &query).await?;
    // Who has not come to the end takes nothing for all there is.
    let at_end = answer.body.get("has_more").is_some_and(|more| *more == false);
    let apart = request::tell_apart(&subject.module, context.arguments.get("filters"));
    answer.notes.extend(apart.filter(|_| at_end));
    if query.cursor.is_none() && answer.body.get("count").is_some_and(|count| *count == 0) {
        let unlisted = advice::tell_unlisted(context.invocation, &subject, &query).await;
        answer.notes.extend(unlisted);
    }
    Ok(answer)
}

/// Answers one page of a query.
pub(super) async fn answer(
    context: Context<'_>,
    subject: &Subject,
    query: &ListQuery<'_>,
) -> Result<Answer, ToolError> {
    let build = |ids: &Ids| draft(subject, query, context.zone, ids);
    answer_as_built(context, subject, query, build).await
}

/// The list that answers a query, as far as the ids of its names are known.
pub(super) fn draft(
    subject: &Subject,
    query: &ListQuery<'_>,
    zone: &TimeZone,
    ids: &Ids,
) -> Result<Drafted<ListRequest>, ToolError> {
    match subject.product {
        Product::Desk => request::desk::list(query, zone, ids),
        Product::Crm => request::crm::list(query, zone, ids),
    }
}

/// As [`answer`], from another list than that of the module.
pub(in crate::tools) async fn answer_as_built(
    context: Context<'_>,
    subject: &Subject,
    query: &ListQuery<'_>,
    build: impl Fn(&Ids) -> Result<Drafted<ListRequest>, ToolError>,
) -> Result<Answer, ToolError> {
    let of = reading::Query {
        tool: context.tool,
        key: &query.key,
        zone: zone::of_days(context.zone, query.filters.iter().map(|(_, value)| *value)),
    };
    let cursor = query.cursor.map(|text| reading::decode(text, &of)).transpose()?;
    let drafted = build(&Ids::default())?;
    let session = context.session(subject.product).await?;
    let start = cursor.map(|cursor| cursor.position(session)).transpose()?;
    let is_first = start.is_none();
    let (list, repairs) = context.finish(session, subject, drafted, build).await?;
    let mut notes = list.notes.clone();
    let searched = list.search;
    let (sieve, now) = (list.sieve.clone(), context.invocation.now());
    let list = fit_page(list, subject.product);
    let mut drawn = reading::draw(session, list, start, query.limit, now).await?;
    let namings = query.namings();
    for record in &mut drawn.rows {
        settle_currency(&mut record.shown);
        let asked = |name: &str| query.shows(name);
        names::put_beside(&mut record.shown, &namings, &asked, &context, session);
    }
    let rows = drawn.rows.iter().map(|record| &record.shown);
    let unnamed = tell_unnamed(rows).filter(|_| subject.product == Product::Crm && is_first);
    notes.extend(unnamed.map(str::to_owned));
    let alike = drawn.looked_at.saturating_sub(drawn.rows.len());
    let is_certain = is_first && drawn.failures.is_empty();
    let mut unsure = unsure(query, &drawn.rows, is_certain);
    let blind = blind_conditions(query).into_iter().filter(|_| is_first);
    for path in blind {
        if !unsure.contains(&path) {
            unsure.push(path);
        }
    }
    if is_first {
        refuse_strange_names(query, &drawn.rows)?;
    }
    let told = sieve.unseen(&drawn.findings);
    notes.extend(tell_unfilled(query, &drawn.rows, searched, &told));
    notes.extend(filters_only(query, &drawn.rows));
    let nothing = is_certain && drawn.looked_at == 0;
    notes.extend(nothing.then(|| request::tell_nothing_found(query)).flatten());
    let how = how_to_read(query, subject.product);
    rich_text::settle(context, session, subject, &mut drawn.rows).await;
    let shaped = shape(
        std::mem::take(&mut drawn.rows),
        &Shape {
            fields: &query.list_projected(),
            table: query.table,
            link: &|id| link_of(session, &subject.module, id),
            limit: query.limit,
            budget: BUDGET,
        },
    );
    // Desk cuts none.
    let ended = tell_cut(&shaped.ended, how).filter(|_| subject.product == Product::Crm);
    notes.extend(ended);
    notes.extend((shaped.left > 0).then(|| too_long(shaped.count)));
    notes.extend(shaped.cut.tell(how, how));
    let stop = drawn.after(shaped.count);
    let mut answer = Answer::default()
        .with("data", shaped.data)
        .with("count", shaped.count)
        .with("has_more", stop.more);
    if let Some(position) = stop.next.clone() {
        answer = answer.with("next_cursor", reading::encode(position, session, &of));
    }
    let answer = as_of(answer, query, &sieve, now);
    let mut answer = about(answer, subject, session).tell_refused(&drawn.refused_before(shaped.count));
    let failures = drawn.failures.iter();
    notes.extend(failures.map(one_failed));
    let told = [drawn.gap, drawn.doubt, stop.note];
    notes.extend(told.into_iter().flatten().map(str::to_owned));
    notes.extend(match sieve.whole_texts() {
        Some(fields) => only_alike(&fields, alike, &drawn),
        None => (!sieve.is_empty()).then(|| looked_through(&sieve, &drawn, stop.more)),
    });
    answer.notes.append(&mut notes);
    answer.unsure = unsure;
    Ok(answer.with_repairs(repairs))
}

/// Why there are fewer rows than were asked for.
fn too_long(shown: usize) -> String {
    format!(
        "{shown} records fill one answer; next_cursor goes on, fewer `fields` or format:\"table\" bring more."
    )
}

/// What is told of a search among several: what it finds is not known yet.
fn one_failed(error: &ToolError) -> String {
    format!(
        "One of the searches failed, what it alone finds is not here: {} {} next_cursor asks it again; of what it finds, \
         records shown before may come twice.",
        error.error, error.next
    )
}

/// How a text is read that is longer than one answer.
fn how_to_read(query: &ListQuery<'_>, product: Product) -> &'static str {
    match (query.within.is_empty(), &query.module.get) {
        (true, None) if product == Product::Desk => BY_LINK,
        (true, _) => ONE_RECORD,
        (false, Some(_)) => "get_related_records with its id as related_id has all of it, page by page.",
        (false, None) => BY_LINK,
    }
}

/// Where rows are tested, pages are as large as Zoho gives them.
pub(super) fn fit_page(mut list: ListRequest, product: Product) -> ListRequest {
    if list.sieve.whole_texts().is_some() {
        list.size = list.size.max(FEW);
    } else if !list.sieve.is_empty() {
        list.size = reading::largest_page(product);
    }
    list
}

/// What Zoho found by a part of a text, where the whole was asked for.
fn only_alike(fields: &[&str], alike: usize, drawn: &Drawn) -> Option<String> {
    let fields = fields.join(", ");
    let broken = drawn.broken.as_ref();
    let broken = broken.map(|error| format!(" Then it broke off: {} {}", error.error, error.next));
    let told = (alike > 0).then(|| {
        format!(
            "{alike} more whose {fields} only holds what was asked for are left out: Zoho finds parts, too."
        )
    });
    let told = [told, broken].into_iter().flatten().collect::<String>();
    (!told.is_empty()).then_some(told)
}

/// What was done for conditions that Zoho does not take.
fn looked_through(sieve: &Sieve, drawn: &Drawn, more: bool) -> String {
    let fields: Vec<&str> = sieve.names().collect();
    let (fields, rows) = (fields.join(", "), drawn.looked_at);
    let on = match &drawn.broken {
        Some(error) => format!(
            "; then it broke off: {} {} next_cursor looks further",
            error.error, error.next
        ),
        None if more => "; next_cursor looks further".to_owned(),
        None => String::new(),
    };
    let looked = format!(
        "Zoho does not settle {fields} by itself here: {rows} records were looked through for it{on}."
    );
    let told = std::iter::once(looked).chain(sieve.tell(&drawn.findings));
    told.collect::<Vec<String>>().join(" ")
}

/// Refuses a name in `fields` that neither a row nor the module's own data has, where no settings list what there is.
fn refuse_strange_names(query: &ListQuery<'_>, records: &[Record]) -> Result<(), ToolError> {
    let module = query.module;
    if !module.undescribed && module.known.is_empty() {
        return Ok(());
    }
    let known: BTreeSet<&str> = list_known(module).collect();
    let is_strange = |(_, field): &(usize, &String)| {
        !known.contains(field.as_str()) && !field.starts_with("cf_") && !is_shown(records, field)
    };
    let Some((index, field)) = query.asked.iter().enumerate().find(is_strange) else {
        return Ok(());
    };
    let spelt = known.iter().map(|name| (*name, vec![letters(name)]));
    let near = most_alike(&letters(field), spelt, NEAREST).into_iter();
    let near: Vec<String> = near.map(|name| format!("`{name}`")).collect();
    let all: Vec<&str> = known.into_iter().collect();
    let got = format!("`{}`, which none of them has", clip(field, 60));
    let fix = tell_nearest(&near, &format!("there are: {}", all.join(", ")));
    let path = pointer::below("/fields", index);
    Err(ToolError::argument(
        &path,
        "a field of these records",
        got,
        Some(fix),
    ))
}

fn is_shown(records: &[Record], field: &str) -> bool {
    records.iter().any(|record| record.shown.contains_key(field))
}

/// What was asked for and no row shows, but for what is told already: a column that nothing fills is left out. Rows of a
/// search lack fields that those of a list have.
fn tell_unfilled(
    query: &ListQuery<'_>,
    records: &[Record],
    searched: bool,
    told: &[String],
) -> Option<String> {
    let module = query.module;
    let related = query
        .include
        .iter()
        .map(|name| name.strip_suffix('s').unwrap_or(name).to_owned());
    let asked: Vec<String> = query.asked.iter().cloned().chain(related).collect();
    let filters = names_of_filters(module, &asked);
    let missing = asked.iter().filter(|field| {
        let is_told = told.contains(field) || filters.contains(&field.as_str());
        *field != "id" && !is_told && !is_shown(records, field)
    });
    let (lacking, empty): (Vec<&str>, Vec<&str>) = missing
        .map(String::as_str)
        .partition(|field| searched && module.lacks(field));
    let of_one = |field: &&str| {
        let mut single = module
            .get
            .iter()
            .flat_map(|get| get.fields.iter().chain(&module.html));
        !searched && single.any(|known| known == field)
    };
    let rest = match empty.iter().any(of_one) {
        true => "; get_record shows all of one record",
        false => "",
    };
    let lacking = (!lacking.is_empty()).then(|| {
        format!(
            "No search shows {}: get_records does, without words and without filters that only a search takes.",
            lacking.join(", ")
        )
    });
    let empty = (!empty.is_empty()).then(|| {
        format!(
            "None of them shows {}: empty in all, or not shown there{rest}.",
            empty.join(", ")
        )
    });
    let told: Vec<String> = lacking.into_iter().chain(empty).collect();
    (!records.is_empty() && !told.is_empty()).then(|| told.join(" "))
}

/// What Zoho filters by and no row shows.
fn filters_only(query: &ListQuery<'_>, records: &[Record]) -> Option<String> {
    let unseen: Vec<&String> = query
        .asked
        .iter()
        .filter(|field| !is_shown(records, field))
        .collect();
    let names = names_of_filters(query.module, unseen);
    let any = !records.is_empty() && !names.is_empty();
    any.then(|| tell_filters(query.module, &names))
}

/// What is told of fields that are filters and nothing else.
pub(super) fn tell_filters(module: &Module, names: &[&str]) -> String {
    let ids = names.iter().filter_map(|name| name.strip_suffix("Name"));
    let ids = ids.map(|of| format!("{of}Id"));
    let shown: Vec<String> = ids.filter(|id| module.list.row.contains(id)).collect();
    let beside = format!(
        " `{}` in `fields` has the name beside it, where Zoho tells it.",
        shown.join("`, `")
    );
    format!(
        "No record shows {}: Zoho filters by it, no row carries it.{}",
        names.join(", "),
        if shown.is_empty() { "" } else { &beside }
    )
}

/// Those of the fields that Zoho only filters by: neither a row nor a single record has them.
pub(super) fn names_of_filters<'f>(
    module: &Module,
    fields: impl IntoIterator<Item = &'f String>,
) -> Vec<&'f str> {
    let listings = || std::iter::once(&module.list).chain(&module.search);
    let one = module
        .get
        .iter()
        .flat_map(|get| get.fields.iter().chain(&get.include));
    let known: Vec<&String> = module
        .fields
        .iter()
        .chain(&module.list.row)
        .chain(&module.html)
        .chain(one)
        .collect();
    let is_filter = |field: &&String| listings().any(|listing| listing.filters.contains_key(field.as_str()));
    let fields = fields.into_iter().filter(|field| !known.contains(field));
    fields.filter(is_filter).map(String::as_str).collect()
}

/// Arguments by which nothing was found: fields that no record has, and where a first page is empty, its conditions.
fn unsure(query: &ListQuery<'_>, records: &[Record], first_page: bool) -> Vec<String> {
    if records.is_empty() && first_page {
        return unmet_conditions(query);
    }
    unseen_fields(&query.asked, query.module, &|field| is_shown(records, field))
}
