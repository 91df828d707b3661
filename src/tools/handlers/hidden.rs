//! Fields that are there and not shown to the person: without a word, a record looks as if they were empty. Zoho writes null
//! for what is empty, so that nobody is asked about records that have all members.

use super::Context;
use crate::tools::modules::{self, Subject};
use crate::tools::output::currency::CURRENCY;
use crate::tools::output::project::Record;
use crate::tools::settings::fields::is_hidden;
use crate::zoho::Session;

/// The default fields of a module that none of its records has, not even without a value.
pub(super) fn lacking(subject: &Subject, records: &[Record]) -> Vec<String> {
    if records.is_empty() || modules::find(subject.product, &subject.module.name).is_none() {
        return Vec::new();
    }
    lacking_of(&subject.module.fields, |field| {
        records.iter().any(|record| record.has(field))
    })
}

/// Those of the fields that no record has.
pub(super) fn lacking_of<'f, S: AsRef<str> + 'f>(
    fields: impl IntoIterator<Item = &'f S>,
    has: impl Fn(&str) -> bool,
) -> Vec<String> {
    // Organizations with one currency have no field of that name.
    let fields = fields.into_iter().map(AsRef::as_ref);
    let lacking = fields.filter(|field| *field != CURRENCY && !has(field));
    lacking.map(str::to_owned).collect()
}

/// What is told of those of them that the person's own list of fields lacks, too.
pub(super) async fn tell(
    context: Context<'_>,
    session: &Session,
    subject: &Subject,
    lacking: &[String],
) -> Option<String> {
    if lacking.is_empty() {
        return None;
    }
    let known = &context.invocation.equipment().settings.fields;
    let (fields, _) = known.of(session, subject, false).await.ok()?;
    let hidden = lacking.iter().filter(|name| is_hidden(&fields, name));
    let hidden: Vec<&str> = hidden.map(String::as_str).collect();
    (!hidden.is_empty()).then(|| {
        format!(
            "{}: Zoho shows this user no {}; that says nothing of whether there is any.",
            subject.module.name,
            hidden.join(", ")
        )
    })
}
