//! `zoho-mcp tools`: what is offered, with the operator's choice applied.

use std::process::ExitCode;

use serde_json::Value;

use super::form::Printed;
use super::{CommandResult, assemble, pager, terminal};
use crate::config::Config;
use crate::tools::definition::ToolDefinition;

/// Prints the tools, each with its toolset: a table on a terminal, the MCP tool objects in a pipe.
pub(super) fn run(config: &Config, printed: Printed) -> CommandResult {
    let catalog = assemble::catalog(config)?;
    if !printed.is_json() {
        let rows = catalog.tools().iter().map(|tool| {
            let access = if tool.is_read_only() { "read" } else { "write" };
            vec![
                tool.name().to_owned(),
                tool.toolset().to_owned(),
                access.to_owned(),
                tool.description().to_owned(),
            ]
        });
        let heads = ["Tool", "Toolset", "Access", "What it does"];
        let table = terminal::painted_table(&heads, rows.collect(), |_| None);
        pager::print(&table, config.said.no_pager != Some(true));
    } else {
        let described = |tool: &ToolDefinition| {
            let mut described = tool.publish();
            if let Some(members) = described.as_object_mut() {
                members.insert("toolset".to_owned(), Value::from(tool.toolset()));
            }
            described
        };
        let tools: Vec<Value> = catalog.tools().iter().map(described).collect();
        terminal::print(&Value::Array(tools).to_string());
    }
    Ok(ExitCode::SUCCESS)
}
