//! A company of Desk by its id, where nothing else that was read has its name.

use crate::connections::Product;
use crate::tools::error::ToolError;
use crate::tools::modules;
use crate::tools::output::project::{Projection, Record, Rows};
use crate::zoho::{Read, Session};

/// The account, these members of it.
pub(super) async fn one(session: &Session, id: &str, fields: &[&str]) -> Result<Record, ToolError> {
    let accounts = modules::subject("Accounts", Some(Product::Desk));
    let scopes = accounts.map(|accounts| accounts.module.scopes.clone());
    let request = Read::get(Product::Desk, ["accounts", id]).with_scopes(scopes.unwrap_or_default());
    let fields: Vec<String> = fields.iter().map(|&field| field.to_owned()).collect();
    let projection = Projection {
        fields: Some(&fields),
        html: &[],
        rows: Rows::default(),
    };
    projection.record(&session.read(&request).await?.body).await
}
