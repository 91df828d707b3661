//! What belongs to one call and to nobody else: who calls, through which connection, whom it can tell, when it is.

use super::doctor::Examination;
use super::equipment::Equipment;
use super::error::ToolError;
use super::person::Person;
use crate::connections::{Caller, Connection, Product};
use crate::zoho::Session;
use serde_json::Value;
use tokio::sync::OnceCell;

/// Who calls: handed in by the transport with every message, never an argument.
#[derive(Debug, Clone)]
pub struct Principal {
    /// Whose connections are used.
    pub caller: Caller,
    /// The connection meant when a call names none.
    pub connection: Option<String>,
}

/// A session of the call, opened by whoever asks first; a failure is the same for all who ask.
type Opened = OnceCell<Result<Session, ToolError>>;

/// One call on its way through the rooms.
pub struct Invocation<'a> {
    equipment: &'a Equipment,
    principal: &'a Principal,
    connection: Option<String>,
    desk: Opened,
    crm: Opened,
    person: &'a dyn Person,
    now: i64,
}

impl<'a> Invocation<'a> {
    /// A call of this principal; `connection` is the one the arguments name.
    pub(super) fn new(
        equipment: &'a Equipment,
        principal: &'a Principal,
        connection: Option<&Value>,
        person: &'a dyn Person,
    ) -> Self {
        let named = connection.and_then(Value::as_str).map(str::to_owned);
        Invocation {
            equipment,
            principal,
            connection: named.or_else(|| principal.connection.clone()),
            desk: OnceCell::new(),
            crm: OnceCell::new(),
            person,
            now: equipment.clock.now(),
        }
    }

    /// The session with a product: the connection's row is read once, its secrets are opened once, its token is fresh and
    /// its organization known.
    ///
    /// # Errors
    /// There is no connection, it cannot be used, or its organization cannot be found.
    pub async fn session(&self, product: Product) -> Result<&Session, ToolError> {
        let opened = match product {
            Product::Desk => &self.desk,
            Product::Crm => &self.crm,
        };
        let session = opened.get_or_init(|| async {
            Ok(self
                .equipment
                .zoho
                .session(self.row(product).await?, product)
                .await?)
        });
        session.await.as_ref().map_err(Clone::clone)
    }

    /// A session of its own whose organization nobody looked for: for calls that ask which there are.
    ///
    /// # Errors
    /// There is no connection, or it cannot be used.
    pub async fn without_organization(&self, product: Product) -> Result<Session, ToolError> {
        Ok(self.equipment.zoho.open(self.row(product).await?, product)?)
    }

    async fn row(&self, product: Product) -> Result<Connection, ToolError> {
        let connections = &self.equipment.connections;
        let name = self.connection.as_deref();
        Ok(connections.resolve(&self.principal.caller, product, name).await?)
    }

    /// The person the call is made for.
    pub fn person(&self) -> &dyn Person {
        self.person
    }

    /// When the call came, in seconds since 1970-01-01 UTC.
    pub fn now(&self) -> i64 {
        self.now
    }

    /// Whose rows the call may see.
    pub fn caller(&self) -> &Caller {
        &self.principal.caller
    }

    /// What every call works with.
    pub(super) fn equipment(&self) -> &'a Equipment {
        self.equipment
    }

    /// What it takes to examine the caller's connections.
    pub(super) fn examination(&self) -> Examination<'a> {
        Examination::new(self.equipment, &self.principal.caller)
    }
}
