//! The search operations: their parameters as conditions, joined to other modules where Desk does so. Of several values
//! separated by commas any is enough, but where the API declares one number or one channel (OAS, Search).

use serde_json::{Value, json};

use super::call::{Answer, Call};
use super::clauses::{Clause, Pattern, Test};
use super::filters;
use super::modules::{self, Row, text};
use super::org::{Org, Query, Sort};
use super::paging;
use super::refusal::Refusal;
use super::relevance::{self, Sought};
use super::render;
use crate::http::Reply;

/// Searches one module: `{data, count}` with detail-like rows.
pub(crate) fn module(call: &mut Call<'_>) -> Answer {
    let module = call.route.module.clone();
    one(call, &module)
}

/// Searches the custom module that the path names.
pub(crate) fn custom_module(call: &mut Call<'_>) -> Answer {
    let module = call.path[0].clone();
    one(call, &module)
}

fn one(call: &mut Call<'_>, module: &str) -> Answer {
    let clauses = clauses(call, module)?;
    let (skip, take) = paging::page(call)?;
    let (ids, count) = if relevance::is_asked(call) {
        let (hits, count) = relevance::page(call, &[Sought { module, clauses }], skip, take);
        (hits.into_iter().map(|(_, id)| id).collect(), count)
    } else {
        let query = Query {
            clauses,
            sort: paging::sort(call),
            skip,
            take,
        };
        call.org.page_of_all(module, &query)
    };
    let rows = ids
        .iter()
        .filter_map(|id| render::found(call, module, *id))
        .collect();
    answer(rows, count)
}

fn answer(rows: Vec<Value>, count: usize) -> Answer {
    if rows.is_empty() {
        return Ok(Reply::empty(204));
    }
    // Not by `json!`, which makes every row anew.
    let found = Row::from_iter([
        ("data".to_owned(), Value::Array(rows)),
        ("count".to_owned(), json!(count)),
    ]);
    Ok(Reply::json(200, &Value::Object(found)))
}

/// Searches tasks, calls and events together.
pub(crate) fn activities(call: &mut Call<'_>) -> Answer {
    several(call, &["tasks", "calls", "events"], "activityType")
}

/// Searches tickets, contacts, accounts and tasks together, or the one that `module` names.
pub(crate) fn across(call: &mut Call<'_>) -> Answer {
    let named = call.query("module").map(str::to_owned);
    let modules: Vec<&str> = match &named {
        Some(module) => vec![module.as_str()],
        None => vec!["tickets", "contacts", "accounts", "tasks"],
    };
    several(call, &modules, "module")
}

fn several(call: &mut Call<'_>, modules: &[&str], type_key: &str) -> Answer {
    let (skip, take) = paging::page(call)?;
    let sought = modules.iter().map(|module| {
        let clauses = clauses(call, module)?;
        Ok(Sought { module, clauses })
    });
    let sought: Vec<Sought<'_>> = sought.collect::<Result<_, Refusal>>()?;
    let (found, count) = match relevance::is_asked(call) {
        true => relevance::page(call, &sought, skip, take),
        false => together(call, sought, skip, take),
    };
    let rows = found.into_iter().filter_map(|(module, id)| {
        let mut row = render::found(call, module, id)?;
        let kind = if type_key == "module" {
            module.to_owned()
        } else {
            modules::module(module).plural.clone()
        };
        row.as_object_mut()?.insert(type_key.to_owned(), kind.into());
        Some(row)
    });
    answer(rows.collect(), count)
}

/// A page of records of several modules in the order asked for, and how many there are.
fn together<'m>(
    call: &Call<'_>,
    sought: Vec<Sought<'m>>,
    skip: usize,
    take: usize,
) -> (Vec<(&'m str, u64)>, usize) {
    let sort = paging::sort(call);
    let (mut found, mut count) = (Vec::new(), 0);
    for Sought { module, clauses } in sought {
        let query = Query {
            clauses,
            sort: sort.clone(),
            skip: 0,
            take: skip + take,
        };
        let (ids, of_all) = call.org.page_of_all(module, &query);
        count += of_all;
        found.extend(ids.into_iter().map(|id| (module, id)));
    }
    if let Some(sort) = &sort {
        merge(call.org, &mut found, sort);
    }
    (found.into_iter().skip(skip).take(take).collect(), count)
}

/// Brings records of several modules, each in order, into one order by a time.
fn merge(org: &Org, found: &mut [(&str, u64)], sort: &Sort) {
    found.sort_by_cached_key(|(module, id)| {
        let row = org.row(module, *id).unwrap_or_default();
        text(&row, &sort.field).to_owned()
    });
    if sort.descending {
        found.reverse();
    }
}

fn clauses(call: &Call<'_>, module: &str) -> Result<Vec<Clause>, Refusal> {
    let mut clauses = filters::alive(call, module);
    for (name, sent) in call.request.query.iter().filter(|(_, sent)| !sent.is_empty()) {
        clauses.extend(clause(call, module, name, sent)?);
    }
    Ok(clauses)
}

fn clause(call: &Call<'_>, module: &str, name: &str, sent: &str) -> Result<Option<Clause>, Refusal> {
    let org: &Org = call.org;
    let items = || call.items(name);
    Ok(Some(match name {
        "from" | "limit" | "sortBy" | "module" | "orgId" => return Ok(None),
        "departmentId" | "categoryId" if sent.contains(',') => return Err(Refusal::bad_param(name)),
        "_all" | "searchStr" => {
            Clause::either(items().iter().map(|one| everywhere(org, module, one)).collect())
        }
        "id" | "contactId" | "accountId" if module == "products" && name != "id" => Clause::one_of(
            if name == "contactId" {
                "_contacts"
            } else {
                "_accounts"
            },
            items(),
        ),
        "departmentId" => match module {
            "products" => Clause::one_of("departmentIds", items()),
            "contacts" | "accounts" => return Ok(None),
            _ => Clause::one_of("departmentId", items()),
        },
        "id" | "contactId" | "accountId" | "productId" | "priority" | "categoryId" => {
            Clause::one_of(name, items())
        }
        "ticketNumber" if module == "tickets" => Clause::one_of(name, items()),
        "ticketNumber" => Clause::one_of(
            "ticketId",
            org.ids("tickets", &[Clause::one_of("ticketNumber", items())]),
        ),
        "assigneeId" => Clause::one_of(
            if module == "tickets" {
                "assigneeId"
            } else {
                "ownerId"
            },
            items(),
        ),
        "status" => filters::status(module, items()),
        "channel" => words(name, vec![sent.to_owned()], Pattern::exactly),
        "lastName" | "accountName" if name == "lastName" || module == "accounts" => {
            words(name, items(), Pattern::exactly)
        }
        "accountName" => joined(
            org,
            "accounts",
            "accountName",
            "accountId",
            items(),
            Pattern::exactly,
        ),
        "productName" if module == "tickets" => joined(
            org,
            "products",
            "productName",
            "productId",
            items(),
            Pattern::contains,
        ),
        "contactName" => Clause::one_of("contactId", all_people(org, items())),
        "fullName" => Clause::one_of("id", all_people(org, items())),
        "categoryName" => return Ok(None),
        "tag" => words(
            if module == "tickets" { "_tags" } else { "tags" },
            items(),
            Pattern::exactly,
        ),
        "email" | "phone" | "mobile" => words(name, items(), Pattern::contains),
        "subject" | "description" | "firstName" | "productName" | "productCode" | "title" | "category" => {
            words(name, items(), Pattern::contains)
        }
        "startDateRange" => ranged("startTime", name, sent)?,
        _ if name.ends_with("Range") => ranged(name.trim_end_matches("Range"), name, sent)?,
        _ if name.starts_with("customField") || name.starts_with("field") => custom(name, sent)?,
        _ => return Ok(None),
    }))
}

fn ranged(field: &str, name: &str, sent: &str) -> Result<Clause, Refusal> {
    filters::range(field, sent).ok_or_else(|| Refusal::bad_param(name))
}

/// A text condition with Desk's `${empty}` and `${notempty}`.
fn words(field: &str, mut texts: Vec<String>, pattern: fn(&str) -> Pattern) -> Clause {
    // `*Tuesday,*` is one value whose comma has parted it: what says nothing is none.
    let says_something = |text: &String| !text.trim_matches('*').trim().is_empty();
    if texts.iter().any(says_something) {
        texts.retain(says_something);
    }
    let test = match texts.first().map(|text| text.to_lowercase()).as_deref() {
        Some("${empty}") => Test::Empty,
        Some("${notempty}") => Test::NotEmpty,
        _ => Test::Like(texts.iter().map(|text| pattern(text)).collect()),
    };
    Clause::new(field, test)
}

fn joined(
    org: &Org,
    module: &str,
    field: &str,
    key: &str,
    texts: Vec<String>,
    pattern: fn(&str) -> Pattern,
) -> Clause {
    let macro_text = texts.first().map(|text| text.to_lowercase()).unwrap_or_default();
    match macro_text.as_str() {
        "${empty}" => Clause::new(key, Test::Empty),
        "${notempty}" => Clause::new(key, Test::NotEmpty),
        _ => Clause::one_of(key, org.ids(module, &[words(field, texts, pattern)])),
    }
}

/// Contacts with any of these names.
fn all_people(org: &Org, texts: Vec<String>) -> Vec<String> {
    texts.iter().flat_map(|text| people(org, text)).collect()
}

/// Contacts whose first and last name together hold every word.
fn people(org: &Org, sent: &str) -> Vec<String> {
    let pattern = Pattern::contains(sent);
    org.ids_of_such("contacts", |row| {
        pattern.fits(format!("{} {}", text(row, "firstName"), text(row, "lastName")).trim())
    })
}

/// Free text: every word somewhere in the fields that people search by.
fn everywhere(org: &Org, module: &str, sent: &str) -> Clause {
    let fields: &[&str] = match module {
        "tickets" => &["subject", "ticketNumber", "email", "description"],
        "contacts" => &["lastName", "firstName", "email", "phone", "mobile"],
        "accounts" => &["accountName", "email", "website", "phone"],
        "products" => &["productName", "productCode"],
        "articles" => &["title", "answer", "tags"],
        _ if modules::is_custom(module) => &["name"],
        _ => &["subject", "description"],
    };
    let like = |field: &str| Clause::new(field, Test::Like(vec![Pattern::contains(sent)]));
    let mut either: Vec<Clause> = fields.iter().copied().map(like).collect();
    if modules::is_custom(module) {
        let custom = modules::blank(module);
        let custom = custom.get("cf").and_then(Value::as_object).into_iter().flatten();
        either.extend(custom.map(|(name, _)| like(&format!("cf.{name}"))));
    }
    match module {
        "tickets" => either.push(Clause::one_of("contactId", people(org, sent))),
        "contacts" => either.push(Clause::one_of("id", people(org, sent))),
        _ => {}
    }
    Clause::either(either)
}

fn custom(name: &str, sent: &str) -> Result<Clause, Refusal> {
    let (field, wanted) = sent.split_once(':').ok_or_else(|| Refusal::bad_param(name))?;
    let own = name.starts_with("field") && !field.starts_with("cf_");
    let place = if own {
        field.to_owned()
    } else {
        format!("cf.{field}")
    };
    let wanted = wanted.split(',').map(|one| one.trim().to_owned()).collect();
    Ok(words(&place, wanted, Pattern::exactly))
}
