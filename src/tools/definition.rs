//! A tool as its file in `tool-schemas/` declares it.

pub mod operation;

use operation::Operation;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::repair::{Access, SchemaError, ToolSchema};
use crate::zoho::Effect;

/// What arguments are checked by. The keywords of tool files mean the same in 2020-12, which MCP takes for granted;
/// that dialect's meta-schema alone, compiled, is a third of the first call.
const DIALECT: &str = "http://json-schema.org/draft-07/schema#";

/// One file of `tool-schemas/`: the MCP tool object, and what is stripped before it is published.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ToolFile {
    /// As called by MCP clients, `[a-z_]+`.
    pub name: String,
    /// For people.
    pub title: String,
    /// For the model: imperative and short.
    pub description: String,
    /// JSON Schema of the arguments, with the annotations `x-aliases`, `x-enum-aliases`, `x-clamp`, `x-ref`, `x-url`,
    /// `x-pattern` (a pattern that is checked and costs models no tokens), `x-blank: absent` (blank text for an optional
    /// argument, a list of nothing, and no rows as the size of a page, are no value), `x-null-words: absent` (nor is a word for null here),
    /// `x-keys` (the commonest keys of an object that takes any), `x-example` (what stands there in the example of a right
    /// call), `x-one-of` (the arguments of which a call needs one), `x-module` (the module that the tool is about) and `x-fields` (the argument whose fields `fields`,
    /// `filters` and `sort_by` name).
    pub input_schema: Map<String, Value>,
    /// JSON Schema of `structuredContent`.
    #[serde(default)]
    pub output_schema: Option<Map<String, Value>>,
    /// All four, always.
    pub annotations: Annotations,
    /// What the tool does; never published.
    pub operation: Operation,
}

/// MCP's hints about a tool's effect; none may be left to a default.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "the protocol has four")]
pub struct Annotations {
    /// Changes nothing, neither at Zoho nor in a file of this machine.
    pub read_only_hint: bool,
    /// May remove or overwrite something.
    pub destructive_hint: bool,
    /// Twice is the same as once.
    pub idempotent_hint: bool,
    /// Talks to Zoho.
    pub open_world_hint: bool,
}

/// The file `toolset.json` of a folder of `tool-schemas/`: what its tools are together.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Toolset {
    /// For people.
    pub title: String,
    /// Offered when the operator names neither toolsets nor tools.
    pub default: bool,
    /// Its tools only write files: offered by default where files may be written.
    #[serde(default)]
    pub needs_files: bool,
}

/// A tool that can be listed and called.
#[derive(Debug)]
pub struct ToolDefinition {
    file: ToolFile,
    toolset: String,
    schema: ToolSchema,
}

impl ToolDefinition {
    /// Reads one tool file; `toolset` is the folder it lies in.
    ///
    /// # Errors
    /// The text is no tool file, or its `inputSchema` is no JSON Schema.
    pub fn read(toolset: &str, text: &str) -> Result<Self, DefinitionError> {
        let file: ToolFile = serde_json::from_str(text)?;
        let access = access_of(&file.operation);
        let fits = file.operation.check(&file.input_schema);
        fits.map_err(DefinitionError::Operation)?;
        let mut checked = file.input_schema.clone();
        checked.insert("$schema".to_owned(), DIALECT.into());
        let schema = ToolSchema::new(&file.name, access, Value::Object(checked))?;
        Ok(ToolDefinition {
            file,
            toolset: toolset.to_owned(),
            schema,
        })
    }

    /// The name clients call.
    pub fn name(&self) -> &str {
        &self.file.name
    }

    /// For people.
    pub fn title(&self) -> &str {
        &self.file.title
    }

    /// The description the model reads.
    pub fn description(&self) -> &str {
        &self.file.description
    }

    /// The folder of `tool-schemas/` the tool lies in.
    pub fn toolset(&self) -> &str {
        &self.toolset
    }

    /// Whether the tool changes nothing at Zoho; it may write a file, which `readOnlyHint` would not leave unsaid.
    pub fn is_read_only(&self) -> bool {
        self.access() == Access::Read
    }

    /// What repairs its arguments may take: a write's are never changed into others.
    pub fn access(&self) -> Access {
        access_of(&self.file.operation)
    }

    /// The contract arguments are repaired against.
    pub fn schema(&self) -> &ToolSchema {
        &self.schema
    }

    /// Whether `fields`, `filters` and `sort_by` name fields of the module that the arguments name.
    pub fn names_fields(&self) -> bool {
        self.file.input_schema.get("x-fields").and_then(Value::as_str) == Some("module")
    }

    /// The module that it is about, whatever its arguments say.
    pub fn module(&self) -> Option<&str> {
        self.file.input_schema.get("x-module").and_then(Value::as_str)
    }

    /// The only argument that takes any keys, those of a record.
    pub fn object_of_any_keys(&self) -> Option<&str> {
        let properties = self.file.input_schema.get("properties")?.as_object()?;
        let mut open = properties
            .iter()
            .filter(|(_, property)| property.get("x-keys").is_some());
        let (name, _) = open.next()?;
        open.next().is_none().then_some(name.as_str())
    }

    /// The conditions that are published, all of which a client may have to give.
    pub fn published_conditions(&self) -> impl Iterator<Item = &str> {
        let filters = self
            .file
            .input_schema
            .get("properties")
            .and_then(|all| all.get("filters"));
        let keys = filters.and_then(|filters| filters.get("x-keys")?.as_object());
        keys.into_iter().flat_map(Map::keys).map(String::as_str)
    }

    /// What the tool does.
    pub fn operation(&self) -> &Operation {
        &self.file.operation
    }

    /// The MCP tool object: the file without `operation`, its schemas in the few keywords that every client and every
    /// model vendor takes. What is checked beyond them is checked here, where it can be repaired.
    pub fn publish(&self) -> Value {
        let input_schema = plain(&self.file.input_schema);
        let mut tool = json!({
            "name": self.file.name,
            "title": self.file.title,
            "description": self.file.description,
            "inputSchema": input_schema,
            "annotations": self.file.annotations,
        });
        if let (Some(schema), Some(object)) = (&self.file.output_schema, tool.as_object_mut()) {
            object.insert("outputSchema".to_owned(), plain(schema));
        }
        tool
    }
}

/// Keywords that are published as they are.
const PUBLISHED: [&str; 4] = ["type", "description", "enum", "required"];

/// A schema in plain words: nothing that limits a value beyond its type, and the commonest keys (`x-keys`) of an object
/// that takes any.
fn plain(schema: &Map<String, Value>) -> Value {
    let mut published = Map::new();
    for (keyword, value) in schema {
        match (keyword.as_str(), value) {
            ("properties" | "x-keys", Value::Object(properties)) => {
                let each = properties
                    .iter()
                    .map(|(name, property)| (name.clone(), plain_value(property)));
                published.insert("properties".to_owned(), each.collect::<Map<_, _>>().into());
            }
            ("items", value) => {
                published.insert("items".to_owned(), plain_value(value));
            }
            (keyword, value) if PUBLISHED.contains(&keyword) => {
                published.insert(keyword.to_owned(), value.clone());
            }
            _ => {}
        }
    }
    Value::Object(published)
}

fn plain_value(schema: &Value) -> Value {
    schema.as_object().map_or_else(|| schema.clone(), plain)
}

/// Why a tool file could not be used.
#[derive(Debug, thiserror::Error)]
pub enum DefinitionError {
    /// Not the JSON of a tool file.
    #[error("not a tool file: {0}")]
    Json(#[from] serde_json::Error),
    /// An operation that does not fit the arguments, or itself.
    #[error("operation: {0}")]
    Operation(String),
    /// Not a JSON Schema.
    #[error("inputSchema: {0}")]
    Schema(#[from] SchemaError),
}

fn access_of(operation: &Operation) -> Access {
    match operation.effect() {
        Effect::Read => Access::Read,
        _ => Access::Write,
    }
}
