//! Who an answer by mail comes from and goes to: the department's own address, the case's contact, those who were copied in.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Answering, member};
use crate::connections::Product;
use crate::tools::error::ToolError;
use crate::tools::handlers::Context;
use crate::tools::handlers::on_record::{OnRecord, new, rows_of, scopes_of};
use crate::tools::output::conversation::addresses;
use crate::tools::request::{text, texts};
use crate::tools::writing::Change;
use crate::zoho::Read;

/// Addresses that a department answers from, at most.
const OWN: &str = "100";

/// An answer by mail.
pub(super) struct Mail {
    from: String,
    to: Vec<String>,
    cc: Vec<String>,
    /// Those of them that no message of the case names.
    strangers: BTreeSet<String>,
    /// The case's contact.
    contact: Vec<String>,
    /// Who wrote last, where they do not get it.
    left_out: Option<String>,
}

/// Only mails have recipients of their own, and files.
///
/// # Errors
/// The call names some.
pub(super) fn refuse_addresses(context: Context<'_>, channel: &str) -> Result<(), ToolError> {
    match ["to", "cc", "from", "files"]
        .into_iter()
        .find(|name| context.arguments.contains_key(*name))
    {
        Some(name) => {
            let got = format!("it, for a case that is answered on {channel}");
            Err(ToolError::argument(&format!("/{name}"), "nothing", got, None))
        }
        None => Ok(()),
    }
}

impl Mail {
    /// The mail that a call and its case make: what the call does not say is in the case, and nothing is guessed.
    ///
    /// # Errors
    /// The case does not say whom to answer, or from where.
    pub(super) async fn of(
        context: Context<'_>,
        case: &OnRecord<'_>,
        answering: &Answering<'_>,
    ) -> Result<Self, ToolError> {
        let own = own_addresses(context, case).await?;
        let now = &case.written.now;
        let contact = [now.pointer("/contact/email"), now.get("email")];
        let contact: Vec<String> = contact
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .flat_map(addresses)
            .take(1)
            .collect();
        let of_last = |name: &str| addresses(answering.last.map_or("", |last| member(last, name)));
        let is_foreign = |address: &String| !own.iter().any(|(own, _)| own == address);
        let to = match given(context, "to") {
            Some(to) => to,
            None if contact.is_empty() => {
                let got = "none, and Zoho shows no address of the case's contact";
                return Err(ToolError::argument("/to", "at least one address", got, None));
            }
            None => contact.clone(),
        };
        let cc = given(context, "cc").unwrap_or_else(|| {
            let copied = of_last("cc").into_iter();
            copied.filter(is_foreign).collect()
        });
        let cc: Vec<String> = cc.into_iter().filter(|address| !to.contains(address)).collect();
        let written = answering
            .messages
            .iter()
            .filter(|message| member(message, "status") != "DRAFT");
        let headers = written.flat_map(|message| {
            ["fromEmailAddress", "replyTo", "to", "cc"].map(|name| member(message, name))
        });
        // The contact of a case can be another since its last message: whoever no message names is told.
        let known: BTreeSet<String> = headers
            .flat_map(addresses)
            .chain(own.iter().map(|(address, _)| address.clone()))
            .collect();
        let reached = || to.iter().chain(&cc);
        let strangers = reached()
            .filter(|address| !known.contains(*address))
            .cloned()
            .collect();
        let writer = of_last("fromEmailAddress").into_iter().next();
        let left_out = writer.filter(|writer| is_foreign(writer) && !reached().any(|one| one == writer));
        Ok(Mail {
            from: sender(context, &own, &[of_last("to"), of_last("cc")].concat())?,
            to,
            cc,
            strangers,
            contact,
            left_out,
        })
    }

    /// As a person reads it, an address a line.
    pub(super) fn lines(&self) -> Vec<Change> {
        let marked = |address: &String| match self.strangers.contains(address) {
            true if self.contact.contains(address) => {
                format!("{address} (NEW: the case's contact, whom no message of the case names)")
            }
            true => format!("{address} (NEW: not among the people of this case)"),
            false => address.clone(),
        };
        let from = std::iter::once(new("from", self.from.clone()));
        let to = self.to.iter().map(|address| new("to", marked(address)));
        let cc = self.cc.iter().map(|address| new("cc", marked(address)));
        let left_out = self.left_out.iter().map(|address| Change {
            label: "to".to_owned(),
            before: Some(format!("{address}, who wrote last and does not get it")),
            after: None,
        });
        from.chain(to).chain(cc).chain(left_out).collect()
    }

    /// As Zoho takes it.
    pub(super) fn members(&self) -> impl Iterator<Item = (String, Value)> {
        let cc = (!self.cc.is_empty()).then(|| ("cc", self.cc.join(",")));
        let all = [("fromEmailAddress", self.from.clone()), ("to", self.to.join(","))];
        let all: Vec<(&str, String)> = all.into_iter().chain(cc).collect();
        all.into_iter()
            .map(|(name, value)| (name.to_owned(), json!(value)))
    }
}

/// A body whose recipients stand in the order of their letters: who names the same people says the same.
pub(super) fn in_any_order(body: &Value) -> Value {
    let mut body = body.clone();
    for name in ["to", "cc"] {
        if let Some(Value::String(all)) = body.get_mut(name) {
            let mut each: Vec<&str> = all.split(',').collect();
            each.sort_unstable();
            *all = each.join(",");
        }
    }
    body
}

/// The addresses of an argument; none where it is not given.
fn given(context: Context<'_>, name: &str) -> Option<Vec<String>> {
    context.arguments.contains_key(name).then(|| {
        let mut unique = Vec::new();
        for address in texts(context.arguments, name) {
            let address = address.trim().to_lowercase();
            if !unique.contains(&address) {
                unique.push(address);
            }
        }
        unique
    })
}

/// The addresses that the case's department answers from, in small letters, each with whether it is the usual one.
async fn own_addresses(context: Context<'_>, case: &OnRecord<'_>) -> Result<Vec<(String, bool)>, ToolError> {
    let department = case.written.value("departmentId");
    let read = Read::get(Product::Desk, ["mailReplyAddress"])
        .with_query("departmentId", department.as_str().unwrap_or("allDepartment"))
        .with_query("limit", OWN)
        .with_scopes(scopes_of(context)?);
    let rows = rows_of(case.session, &read, "data").await?;
    let active = rows
        .iter()
        .filter(|row| row.get("isActive") != Some(&Value::Bool(false)));
    let address = |row: &Value| {
        let is_usual = row.get("isDepartmentDefault") == Some(&Value::Bool(true));
        let address = member(row, "address").trim().to_lowercase();
        (!address.is_empty()).then_some((address, is_usual))
    };
    Ok(active.filter_map(address).collect())
}

/// The address that the call names, else the one that the customer wrote to, else the department's usual one.
fn sender(context: Context<'_>, own: &[(String, bool)], written_to: &[String]) -> Result<String, ToolError> {
    let expected = || {
        let all: Vec<&str> = own.iter().map(|(address, _)| address.as_str()).collect();
        match all.is_empty() {
            true => {
                "an address of the department, which has none in Zoho: an administrator adds one".to_owned()
            }
            false => format!("one of: {}", all.join(", ")),
        }
    };
    if let Some(named) = text(context.arguments, "from") {
        let wanted = named.trim().to_lowercase();
        return match own.iter().find(|(address, _)| *address == wanted) {
            Some((address, _)) => Ok(address.clone()),
            None => Err(ToolError::argument(
                "/from",
                expected(),
                format!("`{named}`"),
                None,
            )),
        };
    }
    let only = |fits: &dyn Fn(&(String, bool)) -> bool| {
        let mut fitting = own.iter().filter(|one| fits(one));
        match (fitting.next(), fitting.next()) {
            (Some((address, _)), None) => Some(address.clone()),
            _ => None,
        }
    };
    let found = only(&|(address, _)| written_to.contains(address))
        .or_else(|| only(&|(_, is_usual)| *is_usual))
        .or_else(|| only(&|_| true));
    found.ok_or_else(|| {
        ToolError::argument(
            "/from",
            expected(),
            "none, and the case does not tell which",
            None,
        )
    })
}
