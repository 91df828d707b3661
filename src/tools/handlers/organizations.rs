//! `get_all_organizations`: what the connection can see.

use serde_json::Value;

use super::Context;
use crate::connections::Product;
use crate::tools::error::ToolError;
use crate::tools::output::Answer;
use crate::tools::output::fitting::fit_rows;
use crate::tools::output::list::BUDGET;
use crate::tools::output::project::{Projection, Rows};
use crate::tools::request::{self, operation};
use crate::tools::{mending, modules};

/// Where all of one is shown that was cut.
const IN_ZOHO: &str = "Zoho's own pages show all of it.";
/// Characters one organization may take.
const ONE: usize = 1_000;

/// Lists the organizations of the product asked, Desk when none is named.
pub(super) async fn list(context: Context<'_>) -> Result<Answer, ToolError> {
    let product = request::app_type(context.arguments).unwrap_or(Product::Desk);
    let session = match product {
        Product::Desk => context.session(product).await?,
        // A CRM connection belongs to one organization: the list itself is all there is to know.
        Product::Crm => &context.invocation.without_organization(product).await?,
    };
    let response = session.read(&operation::organizations(product)?).await?;
    let lookup = modules::lookup(product, "organizations")?;
    let projection = Projection {
        fields: Some(lookup.fields()),
        html: &[],
        rows: Rows::WithIds,
    };
    let page = projection.page(&response.body, lookup.list_key()).await?;
    let in_use = session.organization().id;
    let (mut data, mut others) = (Vec::new(), Vec::new());
    for mut record in page.records {
        let used = product == Product::Crm || record.id == in_use;
        record.shown.insert("in_use".to_owned(), Value::Bool(used));
        let list = if used { &mut data } else { &mut others };
        list.push(Value::Object(record.shown));
    }
    data.append(&mut others);
    let total = data.len();
    let (left, cut) = fit_rows(&mut data, BUDGET, ONE);
    let count = data.len();
    let mut answer = Answer::default()
        .tell_refused(&page.refused)
        .of_our_own()
        .with("data", data)
        .with("count", count)
        .with("app_type", product.as_str());
    answer.notes.extend(cut.tell(IN_ZOHO, IN_ZOHO));
    if left > 0 {
        let told =
            format!("{count} of {total} organizations fit, the one in use first; Zoho's own pages show all");
        answer = answer.with("total", total);
        answer.notes.push(mending::and_how_to_choose(&told));
    }
    answer.notes.extend(mending::notes_of(session));
    Ok(answer)
}
