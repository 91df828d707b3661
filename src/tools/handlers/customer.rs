//! `find_customer`: one person or company in both products, side by side, with the cases and deals that are theirs.

mod crm;
mod desk;

use super::Context;
use crate::connections::Product;
use crate::tools::error::{Code, ToolError};
use crate::tools::modules::{self, Subject};
use crate::tools::output::project::{Projection, Record};
use crate::tools::output::{Answer, link_of};
use crate::tools::reading;
use crate::tools::request::text;
use crate::zoho::{Read, Session};
use serde_json::{Map, Value, json};

/// Matches shown of each kind.
const MATCHES: usize = 5;
/// Cases and deals shown beside a match.
const BESIDE: usize = 5;
/// Digits by which telephone numbers are told apart, from their end: what stands before differs with the notation.
const TELLING: usize = 8;
/// Fewer digits are no telephone number.
const LEAST: usize = 5;

/// What is known of the customer.
#[derive(Clone, Copy)]
enum Known<'a> {
    Email(&'a str),
    Phone(&'a str),
    Name(&'a str),
}

/// Records of one kind: those shown, and how many there are.
#[derive(Default)]
struct Found {
    records: Vec<Record>,
    total: u64,
    /// Zoho did not say how many: at least `total`.
    at_least: bool,
}

/// What a product knows of the customer, kind by kind, each with its totals.
type Lists = Map<String, Value>;

/// Asks both products at once; one that is not connected is named and stops nothing.
pub(super) async fn find(context: Context<'_>) -> Result<Answer, ToolError> {
    let given = ["email", "phone", "name"].map(|key| text(context.arguments, key).map(str::trim));
    let known = match given {
        [Some(email), None, None] => Known::Email(email),
        [None, Some(phone), None] if digits(phone).len() >= LEAST => Known::Phone(phone),
        [None, Some(_), None] => {
            let expected = format!("a telephone number of {LEAST} digits or more");
            return Err(ToolError::argument("/phone", expected, "fewer", None));
        }
        [None, None, Some(name)] => Known::Name(name),
        _ => {
            let fix = "send one of email, phone, name; the e-mail address is surest".to_owned();
            return Err(ToolError::argument(
                "/email",
                "exactly one of email, phone, name",
                "none or several",
                Some(fix),
            ));
        }
    };
    let (desk, crm) = tokio::join!(desk::find(context, known), crm::find(context, known));
    if let (Err(error), Err(_)) = (&desk, &crm) {
        return Err(error.clone());
    }
    let mut data = Map::new();
    let mut count = 0;
    let mut answer = Answer::default();
    for (product, outcome) in [(Product::Desk, desk), (Product::Crm, crm)] {
        match outcome {
            Ok(lists) => {
                count += lists
                    .values()
                    .filter_map(Value::as_array)
                    .map(Vec::len)
                    .sum::<usize>();
                data.insert(product.as_str().to_owned(), Value::Object(lists));
            }
            Err(error) if error.code == Code::InvalidArguments => return Err(error),
            Err(error) => answer.notes.push(format!(
                "{product} could not be asked: {} {}",
                error.error, error.next
            )),
        }
    }
    let cut = |lists: &Value| {
        let lists = lists.as_object().into_iter().flatten();
        let mut totals = lists.filter(|(name, _)| name.ends_with(TOTAL));
        totals.any(|(_, total)| total.is_string() || total.as_u64() > Some(MATCHES as u64))
    };
    if data.values().any(cut) {
        answer.notes.push(CUT.to_owned());
    }
    Ok(answer.with("data", data).with("count", count))
}

/// How the totals of lists are called, behind the name of the list.
const TOTAL: &str = "_total";
/// Told where there are more matches than are shown.
const CUT: &str =
    "More match than are shown: search_records lists them, or ask by more of the name or by e-mail.";

impl Found {
    /// Adds the list and its total.
    fn tell(&self, name: &str, shown: Vec<Value>, lists: &mut Map<String, Value>) {
        lists.insert(name.to_owned(), Value::Array(shown));
        let total = match self.at_least {
            true => json!(format!("{} or more", self.total)),
            false => json!(self.total),
        };
        lists.insert(format!("{name}{TOTAL}"), total);
    }

    /// The records as they are shown, each with its link; no more than so many.
    fn shown(self, session: &Session, subject: &Subject, most: usize) -> (Vec<Value>, Found) {
        let counted = Found {
            records: Vec::new(),
            ..self
        };
        let records = self.records.into_iter().take(most);
        (
            records.map(|record| linked(session, subject, record)).collect(),
            counted,
        )
    }
}

/// The records of a list; `shown` of them at most are kept.
async fn records(session: &Session, request: Read, fields: &[&str]) -> Result<Found, ToolError> {
    let fields: Vec<String> = fields.iter().map(|&field| field.to_owned()).collect();
    let projection = Projection {
        fields: Some(&fields),
        html: &[],
    };
    let page = reading::one_page(session, &request, "data", &projection).await?;
    let more = page.info.get("more_records") == Some(&Value::Bool(true));
    Ok(Found {
        total: page.total.unwrap_or(page.records.len() as u64),
        at_least: page.total.is_none() && more,
        records: page.records,
    })
}

fn module(product: Product, name: &str) -> Result<Subject, ToolError> {
    modules::subject(name, Some(product)).map_err(|unknown| ToolError::internal(&unknown.got))
}

fn linked(session: &Session, subject: &Subject, mut record: Record) -> Value {
    record.add_link(&|id| link_of(session, &subject.module, id));
    Value::Object(record.shown)
}

/// The digits of a telephone number, whatever stands between them.
fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

/// Whether two telephone numbers are the same but for their notation: country codes and zeros before are written or not.
fn is_same_number(one: &str, other: &str) -> bool {
    let (one, other) = (digits(one), digits(other));
    let length = one.len().min(other.len()).min(TELLING);
    let end = |digits: &str| digits.get(digits.len() - length..).map(str::to_owned);
    length >= LEAST && end(&one) == end(&other)
}
