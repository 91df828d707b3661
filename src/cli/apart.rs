//! A command with a sandbox changes nothing of Zoho itself: which rows and tables it leaves alone, and how it says so.

use super::Failure;
use crate::zoho::ZohoClient;

/// # Errors
/// The row of that name is one of Zoho itself, and a sandbox is in use.
pub(super) fn spare_row(zoho: &ZohoClient, name: &str, server: &str) -> Result<(), Failure> {
    if zoho.hosts().may_change(server) {
        return Ok(());
    }
    Err(format!(
        "the connection `{name}` is one of {server}, and with a sandbox no connection of Zoho itself is changed: to \
         change this one leave --sandbox-url (ZOHO_MCP_SANDBOX_URL) out"
    )
    .into())
}

/// For what has an effect on every row: another key, or a row that plain calls would take from then on.
///
/// # Errors
/// A row of the table is one of Zoho itself, and a sandbox is in use.
pub(super) async fn spare_table(zoho: &ZohoClient) -> Result<(), Failure> {
    if zoho.may_change_all().await? {
        return Ok(());
    }
    Err("this database holds connections of Zoho itself, which would change with it: for the sandbox leave \
         --database-url (ZOHO_MCP_DATABASE_URL) out, which gives it a database of its own, or name one that is; \
         for those connections leave --sandbox-url (ZOHO_MCP_SANDBOX_URL) out"
        .into())
}
