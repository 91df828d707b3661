//! `run_coql_query`: CRM's query language, for reading.

mod grammar;

use super::Context;
use crate::connections::Product;
use crate::names::clip;
use crate::repair::Repair;
use crate::tools::error::ToolError;
use crate::tools::output::Answer;
use crate::tools::output::list::{BUDGET, Shape, shape};
use crate::tools::output::project::Projection;
use crate::tools::request::{operation, text};
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
    let query = ("query".to_owned(), Value::from(right));
    let request = operation::lookup(Product::Crm, "query", &std::iter::once(query).collect())?;
    let response = session.read(&request).await?;
    let page = Projection::ALL.page(&response.body, "data").await?;
    let more = page
        .info
        .get("more_records")
        .and_then(Value::as_bool)
        .unwrap_or(false);
    let table = text(context.arguments, "format") == Some("table");
    let link = |_: &str| None;
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
