//! Answers and failures as MCP tool results.

use crate::tools::Answer;
use crate::tools::error::ToolError;
use crate::tools::output::File;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rmcp::model::{CallToolResult, ContentBlock, Resource, ResourceContents};
use serde_json::Value;

/// `structuredContent`, the same JSON as the text block, and the files.
pub fn write_result(answer: Answer) -> CallToolResult {
    let mut result = CallToolResult::structured(Value::Object(answer.body));
    result.content.extend(answer.files.into_iter().map(content));
    result
}

/// One text block and no `structuredContent`: clients check that against `outputSchema` even for errors.
pub fn write_error(error: &ToolError) -> CallToolResult {
    CallToolResult::error(vec![ContentBlock::text(error.to_json().to_string())])
}

fn content(file: File) -> ContentBlock {
    match file {
        File::Content {
            media_type, bytes, ..
        } if media_type.starts_with("image/") => ContentBlock::image(STANDARD.encode(bytes), media_type),
        File::Content {
            name,
            media_type,
            bytes,
        } => {
            let uri = format!("attachment:{name}");
            let resource = match String::from_utf8(bytes) {
                Ok(text) => ResourceContents::text(text, uri),
                Err(binary) => ResourceContents::blob(STANDARD.encode(binary.into_bytes()), uri),
            };
            ContentBlock::resource(resource.with_mime_type(media_type))
        }
        File::Saved {
            name,
            media_type,
            path,
            size,
        } => {
            let uri =
                url::Url::from_file_path(&path).map_or_else(|()| path.display().to_string(), String::from);
            let link = Resource::new(uri, name).with_mime_type(media_type);
            ContentBlock::resource_link(link.with_size(size))
        }
    }
}
