//! What helps after Zoho refused a call: another argument, or somebody who gives a right.

use crate::repair::Problem;
use crate::zoho::FieldError;

/// Told where an account is no user of Desk.
pub(super) const NO_DESK: &str = "Nothing of Desk can be read with this account: an administrator of Zoho Desk can add it \
    as an agent, or the user connects another account. What belongs to Zoho CRM is asked for with app_type:\"crm\".";

const CHANGE: &str = "Change what Zoho names, then call again.";
const NO_RIGHT: &str = "The person who is connected has no right to this in Zoho (profile, department, module or field): \
    calling again does not help. An administrator of Zoho can give it. get_modules and get_records list what they may see.";
const NOT_IN_EDITION: &str = "The edition of this organization does not have it, whoever asks; get_modules lists what \
    there is.";
const SWITCHED_OFF: &str =
    "It is not switched on in this organization: an administrator of Zoho can do that.";
const NOBODY: &str = "The account that is connected is no active user of this product: an administrator of Zoho can \
    change that.";
const NO_API: &str = "Zoho gives this to nobody, or to administrators only; get_modules lists what there is.";

/// What to do next: 403 is no fault of the arguments, and no argument mends it.
pub(super) fn next(status: u16, code: &str) -> &'static str {
    match code {
        _ if status != 403 => CHANGE,
        "LICENSE_ACCESS_LIMITED" => NOT_IN_EDITION,
        "INACTIVE_USER" | "ONLY_LIVECHAT_USER" => NOBODY,
        "NOT_SUPPORTED" => NO_API,
        code if code.ends_with("_NOT_ENABLED") => SWITCHED_OFF,
        _ => NO_RIGHT,
    }
}

/// What is wrong with a field or parameter that Zoho names.
pub(super) fn problem(field: &FieldError) -> Problem {
    let expected = field.message.clone();
    Problem {
        path: field.field.clone(),
        expected: expected.unwrap_or_else(|| "a value Zoho accepts".to_owned()),
        got: field.kind.clone(),
        ..Problem::default()
    }
}
