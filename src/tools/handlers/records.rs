//! `get_records` and `search_records`: one page of any module.

use super::{Context, about, unmet_conditions, unseen_fields};
use crate::connections::Product;
use crate::tools::cursor::{self, Cursor, Position};
use crate::tools::error::ToolError;
use crate::tools::modules::Subject;
use crate::tools::output::list::{BUDGET, Shape, Shaped, shape};
use crate::tools::output::project::{Page, Projection, Record};
use crate::tools::output::{Answer, link_of};
use crate::tools::request::desk::CEILING;
use crate::tools::request::{self, ListQuery, ListRequest};
use crate::tools::zone;
use crate::zoho::Session;
use serde_json::Value;

/// Told when a page could not be joined to the one before.
const CHANGED: &str = "The list changed while it was paged: rows may be missing or doubled.";
/// Told when a page that had to have records had none: not every answer without records is the end of a list.
pub(super) const HOLLOW: &str =
    "Zoho told of more records and then gave none in their place: some may be missing.";
/// Zoho CRM's code for a page token that is older than a day.
pub(super) const EXPIRED: &str = "EXPIRED_VALUE";
/// Rows Zoho CRM pages by number; beyond, it wants its page token.
const CRM_PAGED: u32 = 2000;

/// Lists a page of a module.
pub(super) async fn list(context: Context<'_>) -> Result<Answer, ToolError> {
    page(context, false).await
}

/// Searches a module for a page.
pub(super) async fn search(context: Context<'_>) -> Result<Answer, ToolError> {
    page(context, true).await
}

async fn page(context: Context<'_>, search: bool) -> Result<Answer, ToolError> {
    let subject = context.described(request::subject(context.arguments)?).await?;
    let query = ListQuery::read(&subject.module, subject.product, context.arguments, search);
    answer(context, &subject, &query).await
}

/// Answers one page of a query.
pub(super) async fn answer(
    context: Context<'_>,
    subject: &Subject,
    query: &ListQuery<'_>,
) -> Result<Answer, ToolError> {
    answer_within(context, subject, query, BUDGET).await
}

/// As [`answer`], with another budget of characters.
pub(super) async fn answer_within(
    context: Context<'_>,
    subject: &Subject,
    query: &ListQuery<'_>,
    budget: usize,
) -> Result<Answer, ToolError> {
    let plan = |start: Option<&Position>| match subject.product {
        Product::Desk => request::desk::list(query, start, context.zone),
        Product::Crm => request::crm::list(query, start, context.zone),
    };
    answer_as_planned(context, subject, query, budget, plan).await
}

/// As [`answer_within`], by another request than that of the module; `plan` is given where the page starts.
pub(in crate::tools) async fn answer_as_planned(
    context: Context<'_>,
    subject: &Subject,
    query: &ListQuery<'_>,
    budget: usize,
    plan: impl Fn(Option<&Position>) -> Result<ListRequest, ToolError>,
) -> Result<Answer, ToolError> {
    let of = cursor::Query {
        tool: context.tool,
        key: &query.key,
        zone: zone::of_days(context.zone, query.filters.iter().map(|(_, value)| *value)),
    };
    let cursor = query.cursor.map(|text| cursor::decode(text, &of)).transpose()?;
    let start = cursor.as_ref().map(Cursor::position);
    let plan = plan(start)?;
    let session = context.session(subject.product).await?;
    if let Some(cursor) = &cursor {
        cursor.check_owner(session)?;
    }
    let (plan, repairs) = context.closed(session, subject, plan).await?;
    let asking = Asking {
        session,
        subject,
        query,
        of,
        start,
        budget,
    };
    let answer = match subject.product {
        Product::Desk => asking.desk(plan).await?,
        Product::Crm => asking.crm(plan).await?,
    };
    Ok(answer.repaired(repairs))
}

/// One page that is asked for.
struct Asking<'a> {
    session: &'a Session,
    subject: &'a Subject,
    query: &'a ListQuery<'a>,
    of: cursor::Query<'a>,
    start: Option<&'a Position>,
    budget: usize,
}

impl Asking<'_> {
    async fn desk(&self, request: ListRequest) -> Result<Answer, ToolError> {
        let (session, query) = (self.session, self.query);
        let given = match self.start {
            Some(Position::Rows(given, last)) => Some((*given, last)),
            _ => None,
        };
        let mut page = Joined {
            page: fetch(session, query, request.request.clone(), &request).await?,
            from: given.map_or(0, |(given, _)| given.saturating_sub(1)),
            asked: request.asked,
            dropped: 0,
        };
        let mut notes = Vec::new();
        if let Some((_, last)) = given {
            match page.place_of(last) {
                Some(place) if page.tells_more_behind(place) => page.dropped = place + 1,
                place => {
                    let from = page.around(place, request.most);
                    match around(session, query, &request, from, last).await? {
                        Some(joined) => page = joined,
                        None => notes.push(CHANGED.to_owned()),
                    }
                }
            }
        }
        let Joined {
            page: rows,
            from,
            asked,
            dropped,
        } = page;
        let unsure = unsure(query, &rows.records, given.is_none());
        let full = rows.records.len() >= asked;
        let records: Vec<Record> = rows.records.into_iter().skip(dropped).collect();
        let at_ceiling = request.search && full && from as usize + asked >= CEILING as usize;
        let spare = usize::from(full && !at_ceiling && records.len() <= query.limit && records.len() > 1);
        let shown = records.len() - spare;
        let shaped = self.shaped(records, shown);
        let left = shaped.left > 0;
        let next = from.saturating_add(u32::try_from(dropped + shaped.count).unwrap_or(u32::MAX));
        let position = shaped
            .last_id
            .clone()
            .map(|id| Position::Rows(next, id))
            .filter(|_| left && next <= CEILING);
        if at_ceiling && !left || left && next > CEILING {
            notes.push(
                "Zoho Desk lists 5,000 rows at most: narrow the query, for example by createdTime."
                    .to_owned(),
            );
        }
        let mut answer = self.finished(shaped, position, left || at_ceiling);
        answer.unsure = unsure;
        Ok(with_notes(answer, request.notes.into_iter().chain(notes)))
    }

    async fn crm(&self, request: ListRequest) -> Result<Answer, ToolError> {
        let query = self.query;
        let size = u32::try_from(request.asked).unwrap_or(200);
        let start = self.start.cloned().unwrap_or(Position::Page(1, size, 0));
        let skip = match &start {
            Position::Page(_, _, skip) | Position::Token(_, _, skip) => *skip,
            Position::Rows(..) => 0,
        };
        let page = fetch(self.session, query, request.request.clone(), &request)
            .await
            .map_err(forgotten)?;
        let unsure = unsure(query, &page.records, self.start.is_none());
        let info = |key: &str| page.info.get(key);
        let more_records = info("more_records").and_then(Value::as_bool).unwrap_or(false);
        let token = info("next_page_token").and_then(Value::as_str).map(str::to_owned);
        let records: Vec<Record> = page.records.into_iter().skip(skip as usize).collect();
        let shown = records.len();
        let shaped = self.shaped(records, shown);
        let more = shaped.left > 0 || more_records;
        let taken = skip.saturating_add(u32::try_from(shaped.count).unwrap_or(0));
        let next = match (shaped.left > 0, start) {
            (true, Position::Page(page, size, _)) => Some(Position::Page(page, size, taken)),
            (true, Position::Token(token, size, _)) => Some(Position::Token(token, size, taken)),
            (false, Position::Page(page, size, _)) if (page + 1).saturating_mul(size) <= CRM_PAGED => {
                Some(Position::Page(page + 1, size, 0))
            }
            _ => token.map(|token| Position::Token(token, size, 0)),
        };
        let mut notes = request.notes;
        if self.start.is_some() && shown == 0 && !more {
            notes.push(if skip > 0 { CHANGED } else { HOLLOW }.to_owned());
        }
        if more && next.is_none() {
            notes.push("Zoho CRM's search gives 2,000 rows at most: narrow the query.".to_owned());
        }
        let mut answer = self.finished(shaped, next.filter(|_| more), more);
        answer.unsure = unsure;
        Ok(with_notes(answer, notes.into_iter()))
    }

    fn shaped(&self, records: Vec<Record>, shown: usize) -> Shaped {
        let fields = projected(self.query);
        let link = |id: &str| link_of(self.session, &self.subject.module, id);
        let limit = self.query.limit.min(shown);
        shape(
            records,
            &Shape {
                fields: &fields,
                table: self.query.table,
                link: &link,
                limit,
                budget: self.budget,
            },
        )
    }

    fn finished(&self, shaped: Shaped, next: Option<Position>, more: bool) -> Answer {
        let mut answer = Answer::default()
            .with("data", shaped.data)
            .with("count", shaped.count)
            .with("has_more", more);
        if let Some(position) = next {
            let cursor = cursor::encode(position, self.session, &self.of);
            answer = answer.with("next_cursor", cursor);
        }
        about(answer, self.subject, self.session)
    }
}

/// A page of Desk, and which of its rows an earlier page has given.
struct Joined {
    page: Page,
    /// What Zoho calls its first row, as far as known.
    from: u32,
    asked: usize,
    dropped: usize,
}

impl Joined {
    fn place_of(&self, last: &str) -> Option<usize> {
        let mut records = self.page.records.iter();
        records.position(|record| record.id.as_deref() == Some(last))
    }

    /// Whether the rows behind a place show if there are more.
    fn tells_more_behind(&self, place: usize) -> bool {
        let rows = self.page.records.len();
        rows < self.asked || place + 2 < rows
    }

    /// Where to look for the last row given: where it was seen, else before and behind the place where it was.
    fn around(&self, place: Option<usize>, most: usize) -> u32 {
        let number = |rows: usize| u32::try_from(rows).unwrap_or_default();
        match place {
            Some(place) => self.from + number(place),
            None => self.from.saturating_sub(number(most / 2)),
        }
    }
}

/// Looks for the last row given in the largest page from `from` on: rows came or went meanwhile.
async fn around(
    session: &Session,
    query: &ListQuery<'_>,
    request: &ListRequest,
    from: u32,
    last: &str,
) -> Result<Option<Joined>, ToolError> {
    let room = if request.search {
        CEILING.saturating_sub(from).max(1) as usize
    } else {
        request.most
    };
    let most = request.most.min(room);
    let again = request
        .request
        .clone()
        .replacing_query("from", from.to_string())
        .replacing_query("limit", most.to_string());
    let mut joined = Joined {
        page: fetch(session, query, again, request).await?,
        from,
        asked: most,
        dropped: 0,
    };
    let place = joined
        .place_of(last)
        .filter(|place| joined.tells_more_behind(*place));
    Ok(place.map(|place| {
        joined.dropped = place + 1;
        joined
    }))
}

/// Says of a page token that is too old what that means for the cursor it came in.
fn forgotten(error: ToolError) -> ToolError {
    let code = error.rejection.as_ref().map(|rejection| rejection.code.as_str());
    if code != Some(EXPIRED) {
        return error;
    }
    let got = "one whose place in the list Zoho has forgotten";
    let mut expired = ToolError::argument(
        "/cursor",
        "a cursor of the last 24 hours",
        got,
        Some(cursor::FIX.to_owned()),
    );
    expired.rejection = error.rejection;
    expired
}

async fn fetch(
    session: &Session,
    query: &ListQuery<'_>,
    request: crate::zoho::Read,
    plan: &ListRequest,
) -> Result<Page, ToolError> {
    let response = session.read(&request).await?;
    let fields = projected(query);
    let projection = Projection {
        fields: Some(&fields),
        html: &query.module.html,
    };
    projection.page(&response.body, &plan.list_key).await
}

/// Arguments by which nothing was found: fields that no record has, and where a first page is empty, its conditions.
fn unsure(query: &ListQuery<'_>, records: &[Record], first_page: bool) -> Vec<String> {
    if records.is_empty() && first_page {
        return unmet_conditions(query);
    }
    let shown = |field: &str| records.iter().any(|record| record.shown.contains_key(field));
    unseen_fields(&query.asked, query.module, &shown)
}

/// The fields shown, and the related records asked for beside them: Zoho names those in the singular.
fn projected(query: &ListQuery<'_>) -> Vec<String> {
    let mut fields = query.fields.clone();
    for name in &query.include {
        fields.push(name.clone());
        fields.extend(name.strip_suffix('s').map(str::to_owned));
    }
    fields
}

fn with_notes(mut answer: Answer, notes: impl Iterator<Item = String>) -> Answer {
    answer.notes.extend(notes);
    answer
}
