//! `run_coql_query`: CRM's query language, for reading.

mod columns;
mod grammar;
mod lacking;
mod people;
mod quotes;
mod said;

use serde_json::Value;

use super::{Context, rich_text};
use crate::connections::Product;
use crate::names::clip;
use crate::repair::Repair;
use crate::tools::error::ToolError;
use crate::tools::modules::{self, Subject};
use crate::tools::output::list::{BUDGET, ONE_RECORD, Shape, shape};
use crate::tools::output::project::{Page, Projection, Rows, tell_cut};
use crate::tools::output::{Answer, link_of};
use crate::tools::request::{operation, text};
use crate::tools::resolving::tell_nearest;
use crate::tools::settings::fields::Field;
use crate::zoho::Session;

/// Told where a query with texts gives nothing.
const NO_ROW: &str = "No row: COQL takes a value that a field cannot have without a word; get_fields lists those of a picklist.";
/// Told where a query has more rows than one answer gives: an offset counts rows as they stand when it is read.
const MORE: &str = "There are more rows: add `limit n offset m`; one query gives 2,000 at most. Rows that come or go \
     between two queries move the offset: `order by id`, and let the queries overlap by a row.";

/// Runs a select statement.
pub(super) async fn run(context: Context<'_>) -> Result<Answer, ToolError> {
    let query = text(context.arguments, "query").unwrap_or_default().trim();
    let right = put_right(query)?;
    let session = context.session(Product::Crm).await?;
    let mut page = ask(context, session, &right).await?;
    if let Some(subject) = module_read(&right) {
        rich_text::settle(context, session, &subject, &mut page.records).await;
    }
    people::name(context, session, &mut page.records).await;
    columns::keep_empty(&mut page.records, &right);
    let renamed = columns::renamed(&right);
    // A column of that name is what was asked for.
    let has_links = page.records.iter().any(|record| record.id.is_some()) && !renamed.contains_key("link");
    let subject = match has_links {
        true => listed(context, session, &right).await,
        false => None,
    };
    let link = |id: &str| link_of(session, &subject.as_ref()?.module, id);
    let repair = (right != query).then(|| Repair {
        path: "/query".to_owned(),
        rule: "coql",
        from: clip(query, 300),
        to: clip(&right, 300),
    });
    let table = text(context.arguments, "format") == Some("table");
    let mut compared = said::compared(&right).into_iter();
    let compares = page.records.is_empty() && compared.any(|one| one.is_value());
    let nameless = columns::tell_nameless(&page.records, &right);
    let mut answer = show(page, table, &link).with_repairs(repair.into_iter().collect());
    answer.notes.extend(compares.then(|| NO_ROW.to_owned()));
    answer.notes.extend(nameless);
    answer.notes.extend(tell_hidden(&right));
    answer.renamed = renamed;
    Ok(columns::tell_currency(answer, context, session, &right).await)
}

/// The select statement as COQL takes it.
fn put_right(query: &str) -> Result<String, ToolError> {
    let first = query.split_whitespace().next().unwrap_or_default();
    if !first.eq_ignore_ascii_case("select") {
        let example = "select Last_Name, Email from Leads where Company = 'Acme' limit 50";
        return Err(ToolError::argument(
            "/query",
            "a select statement",
            if first.is_empty() {
                "no statement"
            } else {
                "another statement"
            },
            Some(example.to_owned()),
        ));
    }
    let straight = quotes::straighten(query).map_err(|broken| {
        let got = format!(
            "one that is not closed, or goes on behind its end: {}",
            clip(broken, 60)
        );
        let fix = "write '' for a ' inside a text: 'O''Brien'".to_owned();
        ToolError::argument("/query", "texts in quotes", got, Some(fix))
    })?;
    Ok(grammar::mend_query(&straight))
}

/// The rows that Zoho gives for a query.
async fn ask(context: Context<'_>, session: &Session, query: &str) -> Result<Page, ToolError> {
    let arguments = ("query".to_owned(), Value::from(query));
    let request = operation::lookup(Product::Crm, "query", &std::iter::once(arguments).collect())?;
    match session.read(&request).await {
        Ok(response) => {
            let projection = Projection {
                rows: Rows::AsAsked,
                ..Projection::ALL
            };
            projection.page(&response.body, "data").await
        }
        Err(error) => {
            let error = name_nearest(context, session, query, error.into()).await;
            Err(name_lacking(name_module(readable(error, query), query), query))
        }
    }
}

fn show(page: Page, table: bool, link: &dyn Fn(&str) -> Option<String>) -> Answer {
    let more = page.info.get("more_records").and_then(Value::as_bool);
    let more = more.unwrap_or(false);
    let (limit, refused) = (page.records.len(), page.refused);
    let shaped = shape(
        page.records,
        &Shape {
            fields: &[],
            table,
            link,
            limit,
            budget: BUDGET,
        },
    );
    let cut = shaped.cut.tell(ONE_RECORD, ONE_RECORD);
    let mut answer = Answer::default()
        .with("data", shaped.data)
        .with("count", shaped.count)
        .with("has_more", more || shaped.left > 0)
        .with("app_type", Product::Crm.as_str());
    answer.notes.extend(cut);
    answer.notes.extend(tell_cut(&shaped.ended, ONE_RECORD));
    if shaped.left > 0 {
        answer.notes.push(format!(
            "{} of {limit} rows fit: select fewer columns, or add limit and offset.",
            shaped.count
        ));
    } else if more {
        answer.notes.push(MORE.to_owned());
    }
    answer.tell_refused(&refused)
}

/// What is told of records that lists and counts leave out, and a query that does not tell them apart may have.
fn tell_hidden(query: &str) -> Option<String> {
    let subject = module_read(query)?;
    let hidden = subject.module.hidden.as_ref()?;
    let told_apart = hidden.fields.iter().any(|field| grammar::speaks_of(query, field));
    (!told_apart).then(|| hidden.queried.clone())
}

/// The module whose records are listed.
async fn listed(context: Context<'_>, session: &Session, query: &str) -> Option<Subject> {
    Some(context.link(session, module_read(query)?).await)
}

/// What to look at where Zoho says no more than that it cannot read the query.
fn readable(mut error: ToolError, query: &str) -> ToolError {
    let said = error.rejection.as_ref();
    if said.is_some_and(|said| said.code == "SYNTAX_ERROR" && said.fields.is_empty()) {
        error.next = "Compare it with `select Field, Lookup.Field from Module where (A = 'text' and B > 1) and C is not null order by \
            Field limit 50`: names without quotes, texts in single quotes, `''` for a ' inside them."
            .to_owned();
        if grammar::orders_by_function(query) {
            error.next = format!(
                "Give the function behind `order by` a name and order by that: `select Stage, count(id) as n from Deals where id is \
                 not null group by Stage order by n`. If that is not it: {}",
                error.next
            );
        }
    }
    error
}

/// The failure with the API name of a module that the query calls by another name.
fn name_module(mut error: ToolError, query: &str) -> ToolError {
    let named = grammar::module_of(query);
    let known = named.and_then(|name| Some((name, modules::find(Product::Crm, name)?)));
    if let Some((name, module)) = known.filter(|(name, module)| module.name != **name) {
        error.next = format!(
            "Write `from {}`: `{}` is no API name.",
            module.name,
            clip(name, 60)
        );
    }
    error
}

/// The failure with the way round what COQL has not, where Zoho does not understand the query.
fn name_lacking(mut error: ToolError, query: &str) -> ToolError {
    let said = error.rejection.as_ref();
    let is_unread = said.is_some_and(|said| matches!(said.code.as_str(), "SYNTAX_ERROR" | "INVALID_QUERY"));
    if let Some(told) = lacking::tell(query).filter(|_| is_unread) {
        error.next = told;
    }
    error
}

/// What a field of days or times is compared with, where that is neither.
fn tell_moment(field: &Field, query: &str) -> Option<String> {
    let mut compared = said::compared(query).into_iter();
    let one = compared.find(|one| one.field.eq_ignore_ascii_case(&field.api_name))?;
    let day = one
        .text
        .get(..10)
        .filter(|_| one.is_day())
        .unwrap_or("2026-11-29");
    let (what, text) = match field.kind.as_str() {
        "datetime" => ("a time", format!("{day}T00:00:00+00:00")),
        "date" => ("a day", day.to_owned()),
        _ => return None,
    };
    let name = &field.api_name;
    (one.text != text).then(|| format!("`{name}` is compared with {what}: '{text}'."))
}

/// The module that a query reads.
fn module_read(query: &str) -> Option<Subject> {
    modules::subject(grammar::module_of(query)?, Some(Product::Crm)).ok()
}

/// The failure with the fields most like a column that the module does not have.
async fn name_nearest(
    context: Context<'_>,
    session: &Session,
    query: &str,
    mut error: ToolError,
) -> ToolError {
    let named = error
        .rejection
        .as_ref()
        .and_then(|rejection| rejection.fields.first());
    // Of `Account_Name.Industry` only the lookup is a field of the module itself.
    let column = named.map(|named| named.field.split('.').next().unwrap_or_default().to_owned());
    let Some((column, subject)) = column.zip(module_read(query)) else {
        return error;
    };
    let Ok((fields, _)) = context.invocation.fields(session, &subject, false).await else {
        return error;
    };
    let known = fields.iter().find(|field| field.api_name == column);
    error.next = known
        .and_then(|field| tell_moment(field, query))
        .unwrap_or(error.next);
    // A name that is right although the user's own list of fields does not have it.
    if known.is_some_and(|field| field.label.is_empty()) {
        error.next = format!(
            "`{}` is not shown to this user, or is no column of a query: get_fields lists the fields they are shown.",
            clip(&column, 60)
        );
    }
    if !fields.is_empty() && known.is_none() {
        let nearest = tell_nearest(&column, &fields);
        error.next = format!(
            "{} has no field `{}`; {nearest}.",
            subject.module.name,
            clip(&column, 60)
        );
        for problem in &mut error.problems {
            problem.suggestion.get_or_insert_with(|| nearest.clone());
        }
    }
    error
}
