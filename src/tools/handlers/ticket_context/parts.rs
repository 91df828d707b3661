//! Reads of something below a case, and what their answers come to.

use crate::connections::Product;
use crate::tools::error::ToolError;
use crate::tools::modules::Subject;
use crate::tools::output::conversation::Row;
use crate::tools::output::project::{Page, Projection, Rows};
use crate::zoho::{Read, ZohoResponse};

/// A read of something below a case.
pub(super) fn part<'p>(subject: &Subject, id: &'p str, path: impl IntoIterator<Item = &'p str>) -> Read {
    let segments = ["tickets", id].into_iter().chain(path);
    Read::get(Product::Desk, segments).with_scopes(subject.module.scopes.clone())
}

/// A part that is one object.
pub(super) async fn whole(response: &ZohoResponse) -> Option<Row> {
    let record = Projection::ALL.record(&response.body).await;
    record.ok().map(|record| record.shown)
}

/// A message in an answer of its own, its HTML made text.
pub(super) async fn message(response: &ZohoResponse) -> Option<Row> {
    let projection = Projection {
        fields: None,
        html: &["content".to_owned()],
        rows: Rows::default(),
    };
    let record = projection.record(&response.body).await.ok()?;
    record.id.map(|_| record.shown)
}

/// A page of a list, its HTML made text.
pub(super) async fn page(response: &ZohoResponse) -> Result<Page, ToolError> {
    let projection = Projection {
        fields: None,
        html: &["content".to_owned()],
        rows: Rows::default(),
    };
    projection.page(&response.body, "data").await
}
