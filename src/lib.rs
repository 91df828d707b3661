//! zoho-mcp: Zoho Desk cases and Zoho CRM records for LLM agents, over the Model Context Protocol.
//!
//! The rooms, from the door inwards; each may use those below it, none those above:
//!
//! - [`cli`]: one file a command
//! - [`server`]: MCP over stdio
//! - [`tools`]: `execute_tool_with_repair`, the story of one call; alone knows both MCP and Zoho
//! - [`repair`]: arguments in, valid arguments or a refusal out; pure
//! - [`zoho`]: requests to Zoho, tokens, organizations, links
//! - [`ledger`]: what survives a call or is shared by replicas: consents people were asked for, counts of repairs
//! - [`connections`]: the rows of `zoho_connections`, sealed
//! - [`database`]: one SQLite file or one PostgreSQL database, under both
//! - [`documents`]: the words of PDF and office files; pure, in a process of its own
//! - [`names`]: how names are written, compared and shown; pure, for every room
//! - `regular`: files that are files, for whoever opens one
//!
//! Beside them stand [`clock`], [`config`], [`logging`] and [`sandbox`], a Zoho that lives on this machine and uses no other
//! room, so that it cannot merely agree with them.

pub mod cli;
pub mod clock;
pub mod config;
pub mod connections;
pub mod database;
pub mod documents;
pub mod ledger;
pub mod logging;
pub mod names;
mod regular;
pub mod repair;
pub mod server;
pub mod tools;
pub mod zoho;

#[cfg(feature = "sandbox")]
pub use zoho_sandbox as sandbox;
