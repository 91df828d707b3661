//! Which scopes open a route.

use crate::http::Grant;

pub(super) const READ: &[&[&str]] = &[&["ZohoCRM.modules.{module}.READ"]];
pub(super) const CREATE: &[&[&str]] = &[&["ZohoCRM.modules.{module}.CREATE"]];
pub(super) const UPDATE: &[&[&str]] = &[&["ZohoCRM.modules.{module}.UPDATE"]];
pub(super) const DELETE: &[&[&str]] = &[&["ZohoCRM.modules.{module}.DELETE"]];
pub(super) const SEARCH: &[&[&str]] = &[&["ZohoCRM.modules.{module}.READ", "ZohoSearch.securesearch.READ"]];
pub(super) const NOTES_READ: &[&[&str]] = &[&["ZohoCRM.modules.{module}.READ", "ZohoCRM.modules.notes.READ"]];
pub(super) const NOTES_CREATE: &[&[&str]] =
    &[&["ZohoCRM.modules.{module}.READ", "ZohoCRM.modules.notes.CREATE"]];
pub(super) const NOTES_UPDATE: &[&[&str]] =
    &[&["ZohoCRM.modules.{module}.READ", "ZohoCRM.modules.notes.UPDATE"]];
pub(super) const NOTES_DELETE: &[&[&str]] =
    &[&["ZohoCRM.modules.{module}.READ", "ZohoCRM.modules.notes.DELETE"]];
pub(super) const FILES_READ: &[&[&str]] = &[&["ZohoCRM.modules.attachments.READ"]];
pub(super) const FILES_CREATE: &[&[&str]] = &[&["ZohoCRM.modules.attachments.CREATE"]];
pub(super) const FILES_DELETE: &[&[&str]] = &[&["ZohoCRM.modules.attachments.DELETE"]];
/// The documents name an operation VIEW here, which consents do not offer; programs hold the others.
pub(super) const ROLES_UPDATE: &[&[&str]] = &[
    &["ZohoCRM.modules.contacts.VIEW", "ZohoCRM.modules.deals.VIEW"],
    &["ZohoCRM.modules.deals.UPDATE"],
];
pub(super) const ROLES_READ: &[&[&str]] = &[
    &["ZohoCRM.modules.contacts.VIEW", "ZohoCRM.modules.deals.VIEW"],
    &["ZohoCRM.modules.{module}.READ"],
];
pub(super) const ROLES_DELETE: &[&[&str]] = &[
    &["ZohoCRM.modules.contacts.VIEW", "ZohoCRM.modules.deals.VIEW"],
    &["ZohoCRM.modules.{module}.DELETE"],
    &["ZohoCRM.modules.{module}.UPDATE"],
];
pub(super) const MAILS: &[&[&str]] = &[&["ZohoCRM.modules.{module}.READ", "ZohoCRM.modules.emails.READ"]];
pub(super) const SEND_MAIL: &[&[&str]] = &[
    &["ZohoCRM.send_mail.{module}.CREATE"],
    &["ZohoCRM.send_mail.all.CREATE"],
];
pub(super) const SHARE_READ: &[&[&str]] = &[&["ZohoCRM.share.{module}.READ"]];
pub(super) const SHARE_CREATE: &[&[&str]] = &[&["ZohoCRM.share.{module}.CREATE"]];
pub(super) const SHARE_UPDATE: &[&[&str]] = &[&["ZohoCRM.share.{module}.UPDATE"]];
pub(super) const SHARE_DELETE: &[&[&str]] = &[&["ZohoCRM.share.{module}.DELETE"]];
pub(super) const UNLINK: &[&[&str]] = &[
    &["ZohoCRM.modules.{module}.DELETE"],
    &["ZohoCRM.modules.{module}.UPDATE"],
];
pub(super) const TAGGING: &[&[&str]] = &[
    &["ZohoCRM.settings.tags.ALL"],
    &["ZohoCRM.modules.{module}.UPDATE"],
];
pub(super) const OWNERS: &[&[&str]] = &[&["ZohoCRM.change_owner.CREATE"], &["ZohoCRM.modules.ALL"]];
pub(super) const MASS_UPDATE: &[&[&str]] =
    &[&["ZohoCRM.mass_update.{module}.UPDATE"], &["ZohoCRM.modules.ALL"]];
pub(super) const MASS_READ: &[&[&str]] = &[&["ZohoCRM.mass_update.{module}.READ"], &["ZohoCRM.modules.ALL"]];

pub(super) const BULK_READ: &[&[&str]] = &[&["ZohoCRM.bulk.READ"]];
pub(super) const BULK_WRITE: &[&[&str]] = &[&["ZohoCRM.bulk.CREATE"]];

/// True when one of the alternatives is covered in full; `{module}` stands for the module's scope word.
pub(crate) fn allows(grant: &Grant, alternatives: &[&[&str]], module: &str) -> bool {
    alternatives.iter().any(|all| {
        all.iter()
            .all(|scope| grant.covers(&scope.replace("{module}", module)))
    })
}
