//! Answers and failures as MCP tool results.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rmcp::model::{CallToolResult, ContentBlock};
use serde_json::Value;

use crate::tools::Answer;
use crate::tools::error::ToolError;

/// `structuredContent` and the same JSON as the text block; with a picture the text block and the picture alone, since
/// clients that find `structuredContent` drop the blocks beside it.
pub fn write_result(answer: Answer) -> CallToolResult {
    let body = Value::Object(answer.body);
    match answer.image {
        None => CallToolResult::structured(body),
        Some(image) => CallToolResult::success(vec![
            ContentBlock::text(body.to_string()),
            ContentBlock::image(STANDARD.encode(image.bytes), image.media_type),
        ]),
    }
}

/// One text block and no `structuredContent`: clients check that against `outputSchema` even for errors.
pub fn write_error(error: &ToolError) -> CallToolResult {
    CallToolResult::error(vec![ContentBlock::text(error.to_json().to_string())])
}
