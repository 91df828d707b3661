//! `get_all_organizations`: what the connection can see.

use super::Context;
use crate::connections::Product;
use crate::tools::error::ToolError;
use crate::tools::output::Answer;
use crate::tools::output::project::Projection;
use crate::tools::request;
use crate::zoho::ZohoRequest;
use serde_json::Value;

const DESK_FIELDS: [&str; 7] = [
    "id",
    "companyName",
    "portalName",
    "edition",
    "timeZone",
    "isDefault",
    "isSandboxPortal",
];
const CRM_FIELDS: [&str; 7] = [
    "id",
    "zgid",
    "company_name",
    "domain_name",
    "primary_email",
    "time_zone",
    "iso_code",
];

/// Lists the organizations of the product asked, Desk when none is named.
pub(super) async fn list(context: Context<'_>) -> Result<Answer, ToolError> {
    let product = request::app_type(context.arguments).unwrap_or(Product::Desk);
    let (path, list_key, fields, scope) = match product {
        Product::Desk => ("organizations", "data", DESK_FIELDS, "Desk.basic.READ"),
        Product::Crm => ("org", "org", CRM_FIELDS, "ZohoCRM.org.READ"),
    };
    let session = match product {
        Product::Desk => context.session(product).await?,
        // A CRM connection belongs to one organization: the list itself is all there is to know.
        Product::Crm => &context.invocation.without_organization(product).await?,
    };
    let request = ZohoRequest::get(product, [path]).with_scopes(vec![scope.to_owned()]);
    let response = session.send(&request).await?;
    let fields = fields.map(str::to_owned);
    let projection = Projection {
        fields: Some(&fields),
        html: &[],
    };
    let page = projection
        .page(&response.body, list_key)
        .await
        .map_err(|error| ToolError::unreadable(&error))?;
    let in_use = session.organization().id;
    let mut data = Vec::new();
    for mut record in page.records {
        let used = product == Product::Crm || record.id == in_use;
        record.shown.insert("in_use".to_owned(), Value::Bool(used));
        data.push(Value::Object(record.shown));
    }
    let count = data.len();
    let mut answer = Answer::default()
        .of_our_own()
        .with("data", data)
        .with("count", count)
        .with("app_type", product.as_str());
    answer.notes.extend(session.notes().iter().cloned());
    Ok(answer)
}
