//! E-mail templates with their place holders, and templates of tickets. Source of the forms: Desk's OpenAPI
//! (EmailTemplates, TemplateFolders, TicketTemplate). Place holders name modules with the words of old:
//! `${Cases.Request Id}`.

use serde_json::{Value, json};

use crate::desk::call::{Answer, Call};
use crate::desk::clauses::Clause;
use crate::desk::modules::{self, Row, text, value};
use crate::desk::refusal::Refusal;
use crate::desk::render;

/// What place holders call a module, and the field of a ticket that leads to its record.
const WORDS: [(&str, &str, &str); 6] = [
    ("tickets", "Cases", "id"),
    ("contacts", "Contacts", "contactId"),
    ("accounts", "Accounts", "accountId"),
    ("products", "Products", "productId"),
    ("tasks", "Tasks", "id"),
    ("agents", "Agents", "assigneeId"),
];

/// The place holders of a module. (Assumed: the form of the list, which no source shows.)
pub(crate) fn place_holders(call: &mut Call<'_>) -> Answer {
    let module = call.query("module").unwrap_or_default().to_owned();
    let word = WORDS.iter().find(|(name, ..)| *name == module);
    let word = word.map_or_else(|| modules_word(&module), |(_, word, _)| (*word).to_owned());
    let fields = call.org.rows("fields", &[Clause::is("_module", &module)]);
    let rows = fields.iter().map(|field| {
        let label = text(field, "displayLabel");
        json!({"displayLabel": label, "placeHolder": format!("${{{word}.{label}}}")})
    });
    call.list("data", rows.collect())
}

fn modules_word(module: &str) -> String {
    let mut letters = module.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// A template filled in for a record. (Assumed: the keys of the answer, and that a place holder without a value becomes
/// nothing.)
pub(crate) fn render(call: &mut Call<'_>) -> Answer {
    let (_, template) = call.record("templates")?;
    let id = call.query("entityId").unwrap_or_default().to_owned();
    let module = text(&template, "recordType").to_owned();
    let (_, record) = call
        .org
        .row_of(&module, &id)
        .ok_or_else(|| Refusal::bad_param("entityId"))?;
    call.org.sight.may_reach(&module, &record)?;
    let filled = |name: &str| Value::from(filled(call, &module, &record, text(&template, name)));
    let answer = json!({"templateId": template["templateId"], "subject": filled("subject"), "content": filled("body"),
        "contentType": template["contentType"], "attachments": template["attachments"]});
    call.with(&answer)
}

fn filled(call: &Call<'_>, module: &str, record: &Row, written: &str) -> String {
    let mut parts = written.split("${");
    let mut told = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once('}') {
            Some((name, rest)) => {
                told.push_str(&meant(call, module, record, name));
                told.push_str(rest);
            }
            None => {
                told.push_str("${");
                told.push_str(part);
            }
        }
    }
    told
}

/// What `Cases.Subject` stands for.
fn meant(call: &Call<'_>, module: &str, record: &Row, name: &str) -> String {
    let Some((word, label)) = name.split_once('.') else {
        return String::new();
    };
    let Some((of, _, link)) = WORDS.iter().find(|(_, known, _)| *known == word) else {
        return String::new();
    };
    let row = if *of == module {
        record.clone()
    } else {
        let found = call.org.row_of(of, text(record, link));
        found.map(|(_, row)| row).unwrap_or_default()
    };
    let labelled = [Clause::is("_module", of), Clause::is("displayLabel", label)];
    let field = call.org.rows("fields", &labelled).into_iter().next();
    let key = match label {
        "Request Id" => "ticketNumber".to_owned(),
        _ => field.map_or_else(String::new, |field| text(&field, "apiName").to_owned()),
    };
    match value(&row, &key) {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Removes a folder. (Assumed: one that has templates stays, and so does the default one.)
pub(crate) fn delete_folder(call: &mut Call<'_>) -> Answer {
    let (id, folder) = call.record("templateFolders")?;
    let held = [Clause::is("folderId", &call.path[0])];
    if text(&folder, "category") == "DEFAULT_FOLDER" || call.org.count("templates", &held) > 0 {
        return Err(Refusal::unprocessable("The folder cannot be deleted."));
    }
    call.org.remove("templateFolders", id);
    call.done()
}

/// A template of tickets, with the records that its values name.
pub(crate) fn ticket_template(call: &mut Call<'_>) -> Answer {
    let (id, row) = call.record("ticketTemplates")?;
    let mut shown = render::detail(call, "ticketTemplates", id).ok_or_else(Refusal::not_found)?;
    if let Value::Object(mut values) = value(&row, "ticketTemplateValues") {
        values.insert("ticketNumber".to_owned(), Value::Null);
        for name in call.items("include") {
            render::include(call, "tickets", &values.clone(), &name, &mut values);
        }
        shown["ticketTemplateValues"] = values.into();
    }
    call.with(&shown)
}

/// Removes templates of tickets.
pub(crate) fn delete_many(call: &mut Call<'_>) -> Answer {
    let ids = modules::texts(&call.body, "ids");
    let mut outcomes = Vec::new();
    for id in ids {
        let found = call.org.row_of("ticketTemplates", &id);
        if let Some((number, _)) = found {
            call.org.remove("ticketTemplates", number);
        }
        outcomes.push((id, found.is_some()));
    }
    call.results(outcomes)
}
