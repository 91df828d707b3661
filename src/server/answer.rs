//! Answers and failures as MCP tool results.

use crate::tools::Answer;
use crate::tools::error::ToolError;
use rmcp::model::{CallToolResult, ContentBlock};
use serde_json::Value;

/// `structuredContent`, and the same JSON as the text block.
pub fn succeeded(answer: Answer) -> CallToolResult {
    CallToolResult::structured(Value::Object(answer.body))
}

/// One text block and no `structuredContent`: clients check that against `outputSchema` even for errors.
pub fn failed(error: &ToolError) -> CallToolResult {
    CallToolResult::error(vec![ContentBlock::text(error.to_json().to_string())])
}
