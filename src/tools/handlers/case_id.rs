//! The case that a call names: by its id, by the number people see, or by both.

use crate::tools::error::{Code, ToolError};
use crate::tools::modules::Subject;
use crate::tools::output::project::{Projection, Rows};
use crate::tools::reading;
use crate::tools::request;
use crate::zoho::Session;

/// The id of the case. Both may be given where they mean the same case: a client that must send every argument fills both.
pub(super) async fn find(
    session: &Session,
    subject: &Subject,
    id: Option<&str>,
    number: Option<&str>,
) -> Result<String, ToolError> {
    match (id, number) {
        (Some(id), None) => Ok(id.to_owned()),
        (None, None) => Err(neither()),
        (given, Some(number)) => {
            let found = by_number(session, subject, number).await?;
            match given.filter(|id| *id != found && *id != number) {
                None => Ok(found),
                Some(id) => Err(two_cases(id, number, &found)),
            }
        }
    }
}

/// The id of the case of this number.
pub(super) async fn by_number(
    session: &Session,
    subject: &Subject,
    number: &str,
) -> Result<String, ToolError> {
    let request = request::desk::by_number(&subject.module, number)?;
    let projection = Projection {
        fields: Some(&["id".to_owned()]),
        html: &[],
        rows: Rows::WithIds,
    };
    let page = reading::one_page(session, &request, "data", &projection).await?;
    let found = page.records.into_iter().find_map(|record| record.id);
    found.ok_or_else(|| no_such_number(number))
}

/// No case has the number, or one that Zoho does not find by it.
pub(super) fn no_such_number(number: &str) -> ToolError {
    ToolError::new(
        Code::NotFound,
        format!("Zoho has no case with ticket number {number}, or does not show it to this person."),
        "Cases in spam, in the trash and in the archive are not found by number, only by `id`, and those of departments \
         that the person does not belong to not at all; search_records, module Cases, finds others.",
    )
}

/// Neither was given.
pub(super) fn neither() -> ToolError {
    let fix = "send the id, or for a case its ticket_number".to_owned();
    ToolError::argument("/id", "an `id` or a `ticket_number`", "neither", Some(fix))
}

fn two_cases(id: &str, number: &str, found: &str) -> ToolError {
    let fix = "send the one that is meant".to_owned();
    let got = format!("{id}, while ticket {number} is {found}");
    ToolError::argument(
        "/id",
        "the id of the case that `ticket_number` names",
        got,
        Some(fix),
    )
}
