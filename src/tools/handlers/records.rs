//! `get_records` and `search_records`: one page of any module.

mod columns;

pub(super) use columns::{names_of_filters, tell_filters, tell_untold};
use jiff::tz::TimeZone;
use serde_json::Value;

use super::{
    Context, about, amounts, as_of, blind_conditions, departments, hidden, names, rich_text, unmet_conditions,
};
use crate::connections::Product;
use crate::tools::advice;
use crate::tools::error::ToolError;
use crate::tools::modules::Subject;
use crate::tools::output::currency::{UNNAMED, settle_currency};
use crate::tools::output::list::{BUDGET, ONE_RECORD, Shape, Shaped, shape};
use crate::tools::output::project::tell_cut;
use crate::tools::output::{Answer, link_of};
use crate::tools::reading::{self, Drawn};
use crate::tools::request::{self, Drafted, Ids, ListQuery, ListRequest, Sieve};
use crate::tools::zone;
use crate::zoho::Session;

/// Rows a page has at least of which few are expected to be left out.
const FEW: usize = 25;
/// How a text is read of which no call has more.
const BY_LINK: &str = "The link of the record that it belongs to shows all of it.";

/// Told where a list goes on and a page has no record that the next could be joined to it by.
const UNPAGED: &str = "There are more rows, and no next_cursor: those read last show no record. The link of the record that they \
    belong to shows all.";

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
    // Few read on to the end, and who does has the first page before them.
    let is_first = query.cursor.is_none();
    let blind = blind_conditions(&query).into_iter().filter(|_| is_first);
    advice::refuse_unknown(context.invocation, context.arguments, blind).await?;
    let mut answer = answer(context, &subject, &query).await?;
    let is_none = answer.body.get("count").is_some_and(|count| *count == 0);
    let is_all = answer.body.get("has_more").is_some_and(|more| *more == false);
    if is_first && is_none && is_all {
        let all = unmet_conditions(&query).into_iter();
        advice::refuse_unknown(context.invocation, context.arguments, all).await?;
    }
    let apart = request::tell_apart(&subject.module, context.arguments.get("filters"));
    answer.notes.extend(apart.filter(|_| is_first));
    let has_several = answer.body.get("count").and_then(Value::as_u64) > Some(1) || !is_all;
    answer.notes.extend(
        tell_order(&query, &subject)
            .filter(|_| is_first && has_several)
            .map(str::to_owned),
    );
    // Only where it shows all there is, it matters of what.
    if is_first && is_all && subject.product == Product::Desk {
        let session = context.session(subject.product).await?;
        let only = departments::tell(context, session, &subject.module, &query.filters).await;
        answer.notes.extend(only);
    }
    if is_first && is_none {
        let untold = tell_untold(&query).filter(|_| subject.module.undescribed);
        answer.notes.extend(untold);
        let unlisted = advice::tell_unlisted(context.invocation, &subject, &query).await;
        answer.notes.extend(unlisted);
    }
    Ok(answer)
}

/// Told where the newest do not come first and nobody asked for another order.
fn tell_order(query: &ListQuery<'_>, subject: &Subject) -> Option<&'static str> {
    let is_asked = query.sort_by.is_some() || query.descending.is_some();
    match (is_asked || query.is_of_trash, query.view) {
        (true, _) => None,
        (false, Some(_)) => (subject.product == Product::Crm).then_some("In the order of the view."),
        (false, None) => (query.words.is_some() && query.any.is_empty() && !has_newest_first(subject))
            .then_some("In the order of Zoho's search; `sort_by` asks for another."),
    }
}

/// Whether words are searched for in an order that is asked for: CRM's search takes none.
fn has_newest_first(subject: &Subject) -> bool {
    let search = subject.module.search.as_ref().unwrap_or(&subject.module.list);
    subject.product == Product::Desk && request::desk::newest(search).is_some()
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
    request::list(query, subject.product, zone, ids)
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
    let list = reading::among(session, list, context.invocation.now()).await?;
    let mut notes = list.notes.clone();
    notes.extend(list.misses.clone());
    let (searched, sieve, now) = (list.search, list.sieve.clone(), context.invocation.now());
    let list = fit_page(list, subject.product);
    let mut drawn = reading::draw(session, list, start, query.limit, now).await?;
    notes.extend(name(context, query, session, &mut drawn).await);
    let rows = drawn.rows.iter().map(|record| &record.shown);
    let currency = amounts::currency_of(context, session, rows, is_first).await;
    let unsure = columns::settle(query, &drawn, is_first)?;
    let mut told = sieve.unseen(&drawn.findings);
    told.extend(columns::of_one_record(context, session, subject, query));
    notes.extend(columns::tell(query, &drawn.rows, searched, &told));
    let nothing = is_first && drawn.failures.is_empty() && drawn.looked_at == 0;
    notes.extend(nothing.then(|| request::tell_nothing_found(query)).flatten());
    if is_first && query.asked.is_empty() && !query.is_of_trash {
        let lacking = hidden::lacking(subject, &drawn.rows);
        notes.extend(hidden::tell(context, session, subject, &lacking).await);
    }
    rich_text::settle(context, session, subject, &mut drawn.rows).await;
    let shaped = shape_rows(subject, query, session, &mut drawn);
    notes.extend(tell_shaped(subject, query, &shaped));
    let stop = drawn.after(shaped.count);
    let mut answer = Answer::default()
        .with("data", shaped.data)
        .with("count", shaped.count)
        .with("has_more", stop.more);
    if let Some(position) = stop.next.clone() {
        answer = answer.with("next_cursor", reading::encode(position, session, &of));
    }
    let answer = amounts::tell(answer, currency, UNNAMED);
    let answer = as_of(answer, query, &sieve, now);
    let mut answer = about(answer, subject, session).tell_refused(&drawn.refused_before(shaped.count));
    notes.extend(drawn.failures.iter().map(one_failed));
    let unpaged = (stop.more && stop.next.is_none()).then_some(UNPAGED);
    let told = [drawn.gap, drawn.doubt, stop.note.or(unpaged)];
    notes.extend(told.into_iter().flatten().map(str::to_owned));
    notes.extend(match sieve.is_of_whole_texts() {
        true => only_alike(&sieve, &drawn),
        false => (!sieve.is_empty()).then(|| looked_through(&sieve, &drawn, stop.more)),
    });
    answer.notes.append(&mut notes);
    let mut answer = tell_contradicting(answer, &drawn);
    answer.unsure = unsure;
    Ok(answer.with_repairs(repairs))
}

/// Puts names beside the ids in rows, and keeps the signs of currencies beside amounts; what is told of ids without a name.
async fn name(
    context: Context<'_>,
    query: &ListQuery<'_>,
    session: &Session,
    drawn: &mut Drawn,
) -> Option<String> {
    let namings = query.namings();
    let asked = |name: &str| query.shows(name);
    for record in &mut drawn.rows {
        settle_currency(&mut record.shown);
        names::put_beside(&mut record.shown, &namings, &asked, &context, session);
    }
    let mut rows: Vec<_> = drawn.rows.iter_mut().map(|record| &mut record.shown).collect();
    names::ask_beside(&mut rows, &namings, &asked, &context, session).await
}

/// Tells which rows are left out because they contradict what Zoho was asked for.
fn tell_contradicting(answer: Answer, drawn: &Drawn) -> Answer {
    let Some(contradicting) = drawn.findings.contradicting() else {
        return answer;
    };
    let mut answer = answer
        .with("complete", false)
        .with("contradicting", contradicting);
    answer.notes.extend(drawn.findings.tell_contradicting());
    answer
}

/// As many of the rows as fill one answer.
fn shape_rows(subject: &Subject, query: &ListQuery<'_>, session: &Session, drawn: &mut Drawn) -> Shaped {
    shape(
        std::mem::take(&mut drawn.rows),
        &Shape {
            fields: &query.list_projected(),
            table: query.table,
            link: &|id| link_of(session, &subject.module, id).filter(|_| !query.is_of_trash),
            limit: query.limit,
            budget: BUDGET,
        },
    )
}

/// What the rows shown are not: all, or whole.
fn tell_shaped(subject: &Subject, query: &ListQuery<'_>, shaped: &Shaped) -> Vec<String> {
    let how = how_to_read(query, subject.product);
    // Desk cuts none.
    let ended = tell_cut(&shaped.ended, how).filter(|_| subject.product == Product::Crm);
    let fewer = (shaped.left > 0).then(|| too_long(shaped.count));
    let cut = shaped.cut.tell(how, how);
    ended.into_iter().chain(fewer).chain(cut).collect()
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
    if list.sieve.is_of_whole_texts() {
        list.size = list.size.max(FEW);
    } else if !list.sieve.is_empty() {
        list.size = reading::largest_page(product);
    }
    list
}

/// What Zoho found by a part of a text, where the whole was asked for.
fn only_alike(sieve: &Sieve, drawn: &Drawn) -> Option<String> {
    let broken = drawn.broken.as_ref();
    let broken = broken.map(|error| format!("The search broke off: {} {}", error.error, error.next));
    let told = [sieve.tell_parts(&drawn.findings), broken];
    let told: Vec<String> = told.into_iter().flatten().collect();
    (!told.is_empty()).then(|| told.join(" "))
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
