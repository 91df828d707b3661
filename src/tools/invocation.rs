//! One call: the connection it means and its sessions, the same from its first look-up to its last request.

use super::Tools;
use super::error::ToolError;
use crate::connections::{Connection, Product};
use crate::zoho::Session;
use serde_json::{Map, Value};
use std::sync::Arc;
use tokio::sync::OnceCell;

/// What belongs to one call and to nobody else.
pub struct Invocation<'a> {
    /// The server's own state.
    pub tools: &'a Tools,
    connection: OnceCell<Connection>,
    desk: OnceCell<Arc<Session>>,
    crm: OnceCell<Arc<Session>>,
}

impl<'a> Invocation<'a> {
    /// A call that has asked for nothing yet.
    pub fn new(tools: &'a Tools) -> Self {
        Invocation {
            tools,
            connection: OnceCell::new(),
            desk: OnceCell::new(),
            crm: OnceCell::new(),
        }
    }

    /// The connection the call means; its row is read once a call.
    ///
    /// # Errors
    /// There is none, or it cannot be used.
    pub async fn connection(&self, arguments: &Map<String, Value>) -> Result<&Connection, ToolError> {
        let named = arguments.get("connection").and_then(Value::as_str);
        let name = named.or(self.tools.default_connection.as_deref());
        let resolve = || self.tools.connections.resolve(&self.tools.caller, name);
        Ok(self.connection.get_or_try_init(resolve).await?)
    }

    /// The call's session with a product: a proven connection and an organization it keeps to.
    ///
    /// # Errors
    /// As [`Invocation::connection`], or the organization cannot be found.
    pub async fn session(
        &self,
        product: Product,
        arguments: &Map<String, Value>,
    ) -> Result<Arc<Session>, ToolError> {
        let open = async || {
            let connection = self.connection(arguments).await?.clone();
            let session = self.tools.zoho.session(connection, product).await?;
            Ok::<_, ToolError>(Arc::new(session.bound()))
        };
        Ok(Arc::clone(self.opened(product).get_or_try_init(open).await?))
    }

    /// Whether the connection went on to another organization or consent meanwhile: what was looked up before means
    /// nothing there.
    pub fn was_moved(&self) -> bool {
        let sessions = [Product::Desk, Product::Crm].map(|product| self.opened(product).get());
        sessions.into_iter().flatten().any(|session| session.was_moved())
    }

    fn opened(&self, product: Product) -> &OnceCell<Arc<Session>> {
        match product {
            Product::Desk => &self.desk,
            Product::Crm => &self.crm,
        }
    }
}
