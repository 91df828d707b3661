//! The tools: what the server offers, and the story of one call.

pub mod after_rejection;
pub mod catalog;
pub mod consent;
pub mod counts;
pub mod cursor;
pub mod definition;
pub mod doctor;
pub mod error;
pub mod fields;
pub mod files;
pub mod handlers;
pub mod modules;
mod operations;
pub mod output;
pub mod references;
pub mod remembered;
pub mod request;
pub mod scopes;
pub mod zone;

use crate::connections::{Caller, Clock, Connection, Connections, Product};
use crate::repair::{self, Arguments, NameMatch, Repair};
use crate::zoho::oauth::OAuthClient;
use crate::zoho::{Session, ZohoClient};
use catalog::{Catalog, CatalogError, Selection};
use counts::RepairCounts;
use definition::ToolDefinition;
use error::ToolError;
use fields::KnownFields;
use handlers::Handler;
use modules::live::{self, KnownModules};
use output::fence;
use references::References;
use request::record_url;
use serde_json::{Map, Value};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use zone::Zones;

pub use output::Answer;

/// Everything a call needs; nothing in it is opened before the first call that uses it.
pub struct Tools {
    /// The rows of `zoho_connections`.
    pub connections: Arc<Connections>,
    /// The way to Zoho.
    pub zoho: ZohoClient,
    /// Whose connections are used.
    pub caller: Caller,
    /// The connection used when a call names none.
    pub default_connection: Option<String>,
    /// What consents are asked with, for connections that bring no client of their own.
    pub oauth_client: Option<OAuthClient>,
    /// The zones days in arguments are read in.
    pub zones: Zones,
    /// The one directory files may be written to.
    pub files: Option<PathBuf>,
    /// The present.
    pub clock: Clock,
    /// Names looked up.
    pub references: References,
    /// Modules looked up.
    pub modules: KnownModules,
    /// Fields looked up.
    pub fields: KnownFields,
    /// Repairs made, counted.
    pub counts: Arc<RepairCounts>,
    /// What the operator offers.
    pub selection: Selection,
    /// The tools, read on first use.
    pub catalog: OnceLock<Catalog>,
    /// What the tools are carried out by.
    pub handlers: &'static [Handler],
}

/// One call as it came in.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// The tool's name as the caller wrote it.
    pub name: &'a str,
    /// The arguments as the caller wrote them.
    pub arguments: Arguments<'a>,
}

/// Where a running call says what it does.
pub trait Status: Send + Sync {
    /// Tells the person who waits.
    fn say(&self, message: String) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;

    /// Tells how far a long job is, in records: so many done, of so many where the total is known.
    fn advance(
        &self,
        done: u64,
        total: Option<u64>,
        message: String,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

/// A call that gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// There is no such tool: a protocol error.
    #[error("Unknown tool: {name}. {hint}")]
    UnknownTool {
        /// As called.
        name: String,
        /// The nearest names.
        hint: String,
    },
    /// The tool failed: an answer with `isError`.
    #[error(transparent)]
    Failed(#[from] ToolError),
}

impl Tools {
    /// Carries out one call: finds the tool, repairs and validates the arguments, and only then asks the database
    /// and Zoho; the answer tells every repair.
    ///
    /// # Errors
    /// [`CallError`]: what the caller, the user or time can mend.
    pub async fn execute_tool_with_repair(
        &self,
        call: Call<'_>,
        status: &dyn Status,
    ) -> Result<Answer, CallError> {
        let (tool, renamed) = self.find(call.name)?;
        let accepted = match repair::accept(tool.schema(), call.arguments, self.today()) {
            Ok(accepted) => accepted,
            Err(invalid) => return Err(references::suggested(self, invalid).await.into()),
        };
        let (mut arguments, repairs, open) = accepted.into_parts();
        let unfenced = fence::take_off(&mut arguments);
        status.say(format!("Calling Zoho tool: {}...", tool.name())).await;
        let module = live::resolve(self, &mut arguments).await?;
        let links = record_url::resolve(&mut arguments, &open)?;
        let named = references::resolve(self, &mut arguments, &open).await?;
        let zone = zone::settle(self, &arguments).await;
        let mut answer = if tool.is_read_only() {
            after_rejection::repaired_read(self, tool, arguments, &zone.zone, status).await?
        } else {
            after_rejection::explained_write(self, tool, arguments, &zone.zone, status).await?
        };
        answer.notes.extend(zone.note);
        let first = renamed
            .into_iter()
            .chain(repairs)
            .chain(unfenced)
            .chain(module)
            .chain(links)
            .chain(named);
        let answer = answer.told(first);
        self.counts.add(tool.name(), &answer.repairs, &self.connections);
        Ok(answer)
    }

    /// The connection a call means: its row is read for every call.
    ///
    /// # Errors
    /// There is none, or it cannot be used.
    pub async fn connection(
        &self,
        product: Product,
        arguments: &Map<String, Value>,
    ) -> Result<Connection, ToolError> {
        let named = arguments.get("connection").and_then(Value::as_str);
        let name = named.or(self.default_connection.as_deref());
        Ok(self.connections.resolve(&self.caller, product, name).await?)
    }

    /// A session with a proven connection and a known organization.
    ///
    /// # Errors
    /// As [`Tools::connection`], or the organization cannot be found.
    pub async fn session(
        &self,
        product: Product,
        arguments: &Map<String, Value>,
    ) -> Result<Session, ToolError> {
        let connection = self.connection(product, arguments).await?;
        Ok(self.zoho.session(connection, product).await?)
    }

    /// The tools offered.
    ///
    /// # Errors
    /// A broken tool file, or an unknown name in the operator's selection.
    pub fn catalog(&self) -> Result<&Catalog, CatalogError> {
        if let Some(catalog) = self.catalog.get() {
            return Ok(catalog);
        }
        let catalog = Catalog::embedded(&self.selection)?;
        Ok(self.catalog.get_or_init(|| catalog))
    }

    fn find(&self, name: &str) -> Result<(&ToolDefinition, Option<Repair>), CallError> {
        let catalog = self.catalog().map_err(|error| ToolError::internal(&error))?;
        if let Some(tool) = catalog.get(name) {
            return Ok((tool, None));
        }
        if let Some(hint) = catalog.why_missing(name) {
            let name = name.to_owned();
            return Err(CallError::UnknownTool { name, hint });
        }
        let names = catalog.names();
        match repair::resolve_name(name, &names) {
            NameMatch::Exact(known) => Ok((catalog.get(known).ok_or_else(|| unknown(name, &names))?, None)),
            NameMatch::Repaired { name: known, rule } => {
                let tool = catalog.get(known).ok_or_else(|| unknown(name, &names))?;
                Ok((
                    tool,
                    Some(Repair {
                        path: "/name".to_owned(),
                        rule,
                        from: error::clip(name, 100),
                        to: known.to_owned(),
                    }),
                ))
            }
            NameMatch::Unknown { nearest } => Err(unknown(name, &nearest)),
        }
    }

    fn today(&self) -> jiff::civil::Date {
        let now = jiff::Timestamp::from_second(self.clock.now()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        now.to_zoned_datetime(self.zones.own()).date()
    }
}

fn unknown(name: &str, nearest: &[&str]) -> CallError {
    let hint = if nearest.is_empty() {
        "tools/list has the names.".to_owned()
    } else {
        format!("Nearest: {}.", nearest.join(", "))
    };
    CallError::UnknownTool {
        name: error::clip(name, 100),
        hint,
    }
}
