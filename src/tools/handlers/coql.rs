//! `run_coql_query`: CRM's query language, for reading.

mod grammar;

use super::Context;
use crate::connections::Product;
use crate::names::clip;
use crate::repair::Repair;
use crate::tools::error::ToolError;
use crate::tools::modules::{self, Subject};
use crate::tools::output::list::{BUDGET, Shape, shape};
use crate::tools::output::project::Projection;
use crate::tools::output::{Answer, link_of};
use crate::tools::request::{operation, text};
use crate::zoho::Session;
use serde_json::Value;

/// Runs a select statement.
pub(super) async fn run(context: Context<'_>) -> Result<Answer, ToolError> {
    let query = text(context.arguments, "query").unwrap_or_default().trim();
    let first = query.split_whitespace().next().unwrap_or_default();
    if !first.eq_ignore_ascii_case("select") {
        let example = "select Last_Name, Email from Leads where Company = 'Acme' limit 50";
        return Err(ToolError::argument(
            "/query",
            "a select statement",
            "another statement",
            Some(example.to_owned()),
        ));
    }
    let session = context.session(Product::Crm).await?;
    let right = grammar::mend_query(query);
    let repair = (right != query).then(|| Repair {
        path: "/query".to_owned(),
        rule: "coql",
        from: clip(query, 300),
        to: clip(&right, 300),
    });
    if let Some(broken) = grammar::find_broken_text(&right) {
        let got = format!(
            "one that is not closed, or goes on behind its end: {}",
            clip(broken, 60)
        );
        let fix = "write \\' for a ' inside a text: 'O\\'Brien'".to_owned();
        return Err(ToolError::argument("/query", "texts in quotes", got, Some(fix)));
    }
    let query = ("query".to_owned(), Value::from(right.as_str()));
    let request = operation::lookup(Product::Crm, "query", &std::iter::once(query).collect())?;
    let response = session
        .read(&request)
        .await
        .map_err(|error| readable(error.into()))?;
    let page = Projection::ALL.page(&response.body, "data").await?;
    let more = page
        .info
        .get("more_records")
        .and_then(Value::as_bool)
        .unwrap_or(false);
    let table = text(context.arguments, "format") == Some("table");
    let subject = match page.records.iter().any(|record| record.id.is_some()) {
        true => listed(context, session, &right).await,
        false => None,
    };
    let link = |id: &str| link_of(session, &subject.as_ref()?.module, id);
    let (limit, refused) = (page.records.len(), page.refused);
    let shaped = shape(
        page.records,
        &Shape {
            fields: &[],
            table,
            link: &link,
            limit,
            budget: BUDGET,
        },
    );
    let mut answer = Answer::default()
        .with("data", shaped.data)
        .with("count", shaped.count)
        .with("has_more", more || shaped.left > 0)
        .with("app_type", Product::Crm.as_str());
    if shaped.left > 0 {
        answer.notes.push(format!(
            "{} of {limit} rows fit: select fewer columns, or add limit and offset.",
            shaped.count
        ));
    } else if more {
        answer
            .notes
            .push("There are more rows: add `limit n offset m`; one query gives 2,000 at most.".to_owned());
    }
    Ok(answer
        .tell_refused(&refused)
        .with_repairs(repair.into_iter().collect()))
}

/// The module whose records are listed.
async fn listed(context: Context<'_>, session: &Session, query: &str) -> Option<Subject> {
    let subject = modules::subject(grammar::module_of(query)?, Some(Product::Crm)).ok()?;
    Some(context.link(session, subject).await)
}

/// What to look at where Zoho says no more than that it cannot read the query.
fn readable(mut error: ToolError) -> ToolError {
    let said = error.rejection.as_ref();
    if said.is_some_and(|said| said.code == "SYNTAX_ERROR" && said.fields.is_empty()) {
        error.next = "Compare it with `select Field, Lookup.Field from Module where (A = 'text' and B > 1) and C is not null order by \
            Field limit 50`: names without quotes, texts in single quotes, `\\'` for a ' inside them."
            .to_owned();
    }
    error
}
