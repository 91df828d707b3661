//! A query checked against the modules: columns that exist, operators that fit, limits that hold.

use serde_json::{Value, json};

use super::parser::{Condition, Query};
use crate::crm::answer;
use crate::crm::call::Call;
use crate::crm::filter::{Expr, Kind, Op, Test, kind};
use crate::crm::schema::{self, Field, Module};
use crate::http::Reply;

/// A query that can run.
pub(crate) struct Plan {
    pub(crate) query: Query,
    pub(crate) module: &'static Module,
    pub(crate) filter: Expr,
}

impl Plan {
    /// Checks a query.
    pub(crate) fn new(query: Query, call: &Call<'_>) -> Result<Self, Reply> {
        let version = call.version;
        let module = call
            .seen(&query.module)
            .filter(|module| module.api_name != "Attachments");
        let module = module.ok_or_else(|| wrong(&json!({ "module": query.module })))?;
        for (clause, count, most) in [
            ("select", query.columns.len(), 50),
            ("group by", query.groups.len(), 4),
            ("order by", query.order.len(), 10),
        ] {
            if count > most {
                return Err(limit(clause, most));
            }
        }
        if query.limit > version.coql_rows || query.limit == 0 {
            return Err(limit("limit", version.coql_rows));
        }
        if query.offset + query.limit > version.coql_reach {
            return Err(limit("offset", version.coql_reach));
        }
        let grouped = query.is_grouped();
        for column in &query.columns {
            let (_, field) = known(module, &column.name)?;
            if column
                .function
                .as_ref()
                .is_some_and(|name| matches!(name.as_str(), "SUM" | "AVG") && kind(field) != Kind::Number)
            {
                return Err(wrong(
                    &json!({ "column_name": column.name, "operator": column.function }),
                ));
            }
            if grouped && column.function.is_none() && !query.groups.contains(&column.name) {
                return Err(wrong(
                    &json!({ "column_name": column.name, "clause": "group by" }),
                ));
            }
        }
        let aliases: Vec<&String> = query
            .columns
            .iter()
            .filter_map(|column| column.alias.as_ref())
            .collect();
        if let Some(twin) = aliases
            .iter()
            .enumerate()
            .find(|(index, alias)| aliases[..*index].contains(alias))
        {
            return Err(answer::refuse(
                400,
                "DUPLICATE_ALIAS",
                &json!({ "alias": twin.1 }),
                "duplicate alias",
            ));
        }
        for column in &query.groups {
            known(module, column)?;
        }
        for (column, _) in query
            .order
            .iter()
            .filter(|(column, _)| !aliases.contains(&column))
        {
            known(module, column)?;
        }
        let filter = compile(module, &query.condition)?;
        if filter.count() > 25 {
            return Err(limit("where", 25));
        }
        Ok(Plan {
            query,
            module,
            filter,
        })
    }

    /// Every module whose records are read.
    pub(crate) fn modules(&self) -> Vec<&'static Module> {
        let mut names: Vec<&str> = self
            .query
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        names.extend(self.query.groups.iter().map(String::as_str));
        names.extend(self.query.order.iter().map(|(name, _)| name.as_str()));
        collect(&self.filter, &mut names);
        let mut modules = vec![self.module];
        for name in names {
            let mut module = self.module;
            let mut parts = name.split('.').peekable();
            while let (Some(part), Some(_)) = (parts.next(), parts.peek()) {
                let Some(next) = target(module, part) else { break };
                module = next;
                modules.push(module);
            }
        }
        modules
    }
}

fn collect<'a>(expr: &'a Expr, names: &mut Vec<&'a str>) {
    match expr {
        Expr::All(parts) | Expr::Any(parts) => parts.iter().for_each(|part| collect(part, names)),
        Expr::Test(test) => names.push(&test.column),
    }
}

/// The module a lookup field points at.
pub(crate) fn target(module: &'static Module, field: &str) -> Option<&'static Module> {
    let target = module.field(field)?.lookup.as_deref()?;
    schema::beside(module, target)
}

/// The field of a column and the module it belongs to.
pub(crate) fn resolve(module: &'static Module, column: &str) -> Option<(&'static Module, &'static Field)> {
    match column.split_once('.') {
        None => Some((
            module,
            module
                .field(column)
                .filter(|field| field.data_type != "subform")?,
        )),
        Some((name, "id")) => Some((module, module.field(name).filter(|field| field.is_lookup())?)),
        Some((name, rest)) => resolve(target(module, name)?, rest),
    }
}

fn known(module: &'static Module, column: &str) -> Result<(&'static Module, &'static Field), Reply> {
    resolve(module, column).ok_or_else(|| wrong(&json!({ "column_name": column })))
}

fn compile(module: &'static Module, condition: &Condition) -> Result<Expr, Reply> {
    Ok(match condition {
        Condition::Both(one, other) => Expr::All(vec![compile(module, one)?, compile(module, other)?]),
        Condition::Either(one, other) => Expr::Any(vec![compile(module, one)?, compile(module, other)?]),
        Condition::Test {
            column,
            operator,
            values,
        } => Expr::Test(test(module, column, operator, values)?),
    })
}

fn test(module: &'static Module, column: &str, operator: &str, values: &[String]) -> Result<Test, Reply> {
    let (_, field) = known(module, column)?;
    let details = |reason: &str| json!({ "column_name": column, "operator": operator, "reason": reason });
    if values.len() > 100 {
        return Err(limit("in", 100));
    }
    if !fits(field, operator) {
        return Err(wrong(&details("the operator does not fit the column's type")));
    }
    let (plain, negated) = match operator {
        "!=" => ("=", true),
        "is not null" => ("is null", true),
        _ => operator
            .strip_prefix("not ")
            .map_or((operator, false), |plain| (plain, true)),
    };
    let mut values = values.to_vec();
    let op = match plain {
        "=" => Op::Equal,
        "in" => Op::In,
        "<" => Op::Less,
        "<=" => Op::LessEqual,
        ">" => Op::Greater,
        ">=" => Op::GreaterEqual,
        "between" => Op::Between,
        "is null" => Op::Empty,
        _ => {
            let (op, text) = pattern(&values[0])
                .ok_or_else(|| wrong(&details("the pattern is %text, text% or %text%")))?;
            values = vec![text];
            op
        }
    };
    Test::new(field, column, op, negated, &values)
        .ok_or_else(|| wrong(&details("the value does not fit the column's type")))
}

fn fits(field: &Field, operator: &str) -> bool {
    if matches!(field.data_type.as_str(), "textarea" | "subform" | "jsonarray") {
        return false;
    }
    let tests = ["=", "!=", "in", "not in", "is null", "is not null"];
    match kind(field) {
        Kind::Boolean => operator == "=",
        Kind::Lookup => tests.contains(&operator),
        Kind::Text | Kind::Many => tests.contains(&operator) || operator.ends_with("like"),
        Kind::Number | Kind::Whole | Kind::Date | Kind::DateTime => !operator.ends_with("like"),
    }
}

fn pattern(text: &str) -> Option<(Op, String)> {
    let (start, end) = (text.starts_with('%'), text.len() > 1 && text.ends_with('%'));
    let inner = text.strip_prefix('%').unwrap_or(text);
    let inner = if end {
        inner.strip_suffix('%').unwrap_or(inner)
    } else {
        inner
    };
    if inner.contains('%') {
        return None;
    }
    let op = match (start, end) {
        (true, true) => Op::Contains,
        (true, false) => Op::EndsWith,
        (false, true) => Op::StartsWith,
        (false, false) => Op::Equal,
    };
    Some((op, inner.to_owned()))
}

/// 400 for a query that parses and cannot run.
pub(crate) fn wrong(details: &Value) -> Reply {
    answer::refuse(400, "INVALID_QUERY", details, "Invalid query formed")
}

fn limit(clause: &str, most: usize) -> Reply {
    answer::refuse(
        400,
        "LIMIT_EXCEEDED",
        &json!({ "clause": clause, "limit": most }),
        "limit exceeded",
    )
}
