//! The input schema of a tool as the repairs read it: what each place takes, and a validator for it, compiled on first use.

use std::collections::HashMap;
use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::{Map, Value};

use super::Access;
use super::checking::{self, compile};
use crate::names::{fold, is_too_long, same_style};

const MAX_LEVELS: usize = 12;

/// Why a schema cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// The schema is not a JSON object.
    #[error("the input schema of {0} is not an object")]
    NotAnObject(String),
    /// The schema itself does not satisfy JSON Schema.
    #[error("the input schema of {tool} cannot be compiled: {reason}")]
    Invalid {
        /// Name of the tool.
        tool: String,
        /// What the compiler said.
        reason: String,
    },
}

/// The name, the access and the input schema of one tool; cheap to make, compiled when first needed.
#[derive(Debug)]
pub struct ToolSchema {
    name: String,
    access: Access,
    schema: Value,
    validator: OnceLock<Result<Validator, String>>,
    shape: OnceLock<Shape>,
}

impl ToolSchema {
    /// Takes the schema as it stands in a tool file, annotations that start with `x-` included.
    pub fn new(name: impl Into<String>, access: Access, input_schema: Value) -> Result<Self, SchemaError> {
        let name = name.into();
        let mut input_schema = input_schema;
        if !input_schema.is_object() {
            return Err(SchemaError::NotAnObject(name));
        }
        checking::complete(&mut input_schema);
        let (validator, shape) = (OnceLock::new(), OnceLock::new());
        Ok(Self {
            name,
            access,
            schema: input_schema,
            validator,
            shape,
        })
    }

    /// Name of the tool.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the tool reads or writes.
    pub fn access(&self) -> Access {
        self.access
    }

    /// The schema as it was given.
    pub fn input_schema(&self) -> &Value {
        &self.schema
    }

    /// Compiles the validator if that has not happened yet; the error is the one every call would meet.
    pub fn check(&self) -> Result<(), SchemaError> {
        self.validator().map(|_| ())
    }

    pub(super) fn validator(&self) -> Result<&Validator, SchemaError> {
        let compiled = self
            .validator
            .get_or_init(|| compile(&self.schema).map_err(|error| error.to_string()));
        compiled.as_ref().map_err(|reason| SchemaError::Invalid {
            tool: self.name.clone(),
            reason: reason.clone(),
        })
    }

    pub(super) fn shape(&self) -> &Shape {
        self.shape
            .get_or_init(|| Shape::read(&self.schema, &self.schema, 0))
    }

    /// Whether an argument left out means "leave it as it is": then null and "" may mean "clear it", and are no noise.
    pub(super) fn absent_means_keep(&self) -> bool {
        const VERBS: [&str; 12] = [
            "update", "edit", "set", "modify", "patch", "change", "upsert", "replace", "assign", "move",
            "mass", "save",
        ];
        let required = self
            .schema
            .get("required")
            .and_then(Value::as_array)
            .map_or(0, Vec::len);
        let asks_for_a_change = self
            .schema
            .get("minProperties")
            .and_then(Value::as_u64)
            .is_some_and(|least| usize::try_from(least).is_ok_and(|least| least > required));
        self.access == Access::Write
            && (asks_for_a_change || self.name.split(['_', '-', '.']).any(|word| VERBS.contains(&word)))
    }
}

impl AsRef<ToolSchema> for ToolSchema {
    fn as_ref(&self) -> &ToolSchema {
        self
    }
}

/// The JSON types a place takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Kinds {
    pub(super) text: bool,
    pub(super) integer: bool,
    pub(super) number: bool,
    pub(super) boolean: bool,
    pub(super) list: bool,
    pub(super) object: bool,
    pub(super) null: bool,
}

impl Kinds {
    fn add(&mut self, name: &str) {
        match name {
            "string" => self.text = true,
            "integer" => self.integer = true,
            "number" => self.number = true,
            "boolean" => self.boolean = true,
            "array" => self.list = true,
            "object" => self.object = true,
            "null" => self.null = true,
            _ => {}
        }
    }

    fn of(value: &Value) -> &'static str {
        match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        }
    }

    /// Whether single values of several kinds are taken.
    pub(super) fn is_mixed(self) -> bool {
        let kinds = [self.text, self.integer || self.number, self.boolean];
        self.scalar() && kinds.iter().filter(|taken| **taken).count() > 1
    }

    /// Whether a single value, and neither a list nor an object, is taken.
    pub(super) fn scalar(self) -> bool {
        !self.list && !self.object && (self.text || self.integer || self.number || self.boolean)
    }
}

/// One declared property of an object.
#[derive(Debug)]
pub(super) struct Property {
    pub(super) name: String,
    pub(super) required: bool,
    pub(super) aliases: Vec<String>,
    pub(super) shape: Shape,
}

/// What one place of the arguments takes.
#[derive(Debug, Default)]
pub(super) struct Shape {
    pub(super) kinds: Kinds,
    pub(super) properties: Vec<Property>,
    /// Position in `properties` by name.
    pub(super) by_name: HashMap<String, usize>,
    /// Position in `properties` by folded name or alias; none when the folded form could mean several.
    by_fold: HashMap<String, Option<usize>>,
    /// Whether undeclared keys are rejected.
    pub(super) closed: bool,
    /// What undeclared keys hold when they are taken.
    pub(super) rest: Option<Box<Shape>>,
    pub(super) items: Option<Box<Shape>>,
    pub(super) choices: Vec<Value>,
    pub(super) choice_aliases: Vec<(String, String)>,
    pub(super) pattern: Option<String>,
    pub(super) format: Option<String>,
    pub(super) maximum: Option<i64>,
    pub(super) clamped: bool,
    /// Whether 0, or a list of nothing, stands for "not given".
    pub(super) none_is_absent: bool,
    /// The kind of record whose id this is (`x-ref`).
    pub(super) reference: Option<String>,
    /// What `x-url` says, when the web address of a record is taken here.
    pub(super) record_url: Option<String>,
    /// Alternatives of `anyOf` and `oneOf`.
    pub(super) branches: Vec<Shape>,
    pub(super) schema: Value,
    validator: OnceLock<Option<Validator>>,
}

impl Shape {
    fn read(schema: &Value, root: &Value, level: usize) -> Self {
        let mut shape = Self::default();
        if level > MAX_LEVELS {
            return shape;
        }
        if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
            let target = target.strip_prefix('#').and_then(|pointer| root.pointer(pointer));
            return target.map_or(shape, |target| Self::read(target, root, level + 1));
        }
        shape.schema = schema.clone();
        if level > 0
            && let Some(own) = shape.schema.as_object_mut()
        {
            for definitions in ["$defs", "definitions"] {
                if let Some(shared) = root.get(definitions) {
                    own.insert(definitions.to_owned(), shared.clone());
                }
            }
        }
        let text = |key: &str| schema.get(key).and_then(Value::as_str).map(str::to_owned);
        let child = |value: &Value| Box::new(Self::read(value, root, level + 1));
        shape.pattern = text("pattern");
        shape.format = text("format");
        shape.reference = text("x-ref");
        shape.record_url = match schema.get("x-url") {
            Some(Value::String(what)) => Some(what.clone()),
            Some(Value::Bool(true)) => Some(String::new()),
            _ => None,
        };
        shape.maximum = schema.get("maximum").and_then(Value::as_i64);
        shape.clamped = schema
            .get("x-clamp")
            .is_some_and(|clamp| *clamp != Value::Bool(false));
        shape.none_is_absent = text("x-none").is_some();
        shape.closed = schema.get("additionalProperties") == Some(&Value::Bool(false));
        shape.rest = schema
            .get("additionalProperties")
            .filter(|rest| rest.is_object())
            .map(child);
        shape.items = schema.get("items").filter(|items| items.is_object()).map(child);
        shape.choices = match (schema.get("enum"), schema.get("const")) {
            (Some(Value::Array(choices)), _) => choices.clone(),
            (_, Some(only)) => vec![only.clone()],
            _ => Vec::new(),
        };
        shape.choice_aliases = aliases_of_choices(schema);
        shape.kinds = kinds(schema, &shape.choices);
        shape.read_properties(schema, root, level);
        for alternatives in ["anyOf", "oneOf"] {
            let list = schema.get(alternatives).and_then(Value::as_array);
            shape.branches.extend(
                list.into_iter()
                    .flatten()
                    .map(|branch| Self::read(branch, root, level + 1)),
            );
        }
        shape
    }

    fn read_properties(&mut self, schema: &Value, root: &Value, level: usize) {
        let required = |name: &str| {
            let names = schema.get("required").and_then(Value::as_array);
            names.is_some_and(|names| names.iter().any(|n| n.as_str() == Some(name)))
        };
        let declared = schema.get("properties").and_then(Value::as_object);
        for (name, value) in declared.into_iter().flat_map(Map::iter) {
            let aliases = value.get("x-aliases").and_then(Value::as_array);
            let position = self.properties.len();
            self.by_name.insert(name.clone(), position);
            self.properties.push(Property {
                name: name.clone(),
                required: required(name),
                aliases: aliases
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
                    .map(str::to_owned)
                    .collect(),
                shape: Self::read(value, root, level + 1),
            });
        }
        self.fold_names();
    }

    fn fold_names(&mut self) {
        for (position, property) in self.properties.iter().enumerate() {
            for name in std::iter::once(&property.name).chain(&property.aliases) {
                let seen = self.by_fold.entry(fold(name)).or_insert(Some(position));
                if *seen != Some(position) {
                    *seen = None;
                }
            }
        }
    }

    /// The declared property that a key means: by its name, by an alias, or by either in another style.
    pub(super) fn find_meant(&self, key: &str) -> Option<&Property> {
        if is_too_long(key) {
            return None;
        }
        let alias = || {
            self.properties
                .iter()
                .find(|property| property.aliases.iter().any(|alias| alias == key))
        };
        let folded = || {
            let property = self
                .by_fold
                .get(&fold(key))
                .copied()
                .flatten()
                .and_then(|at| self.properties.get(at))?;
            let mut spellings = std::iter::once(&property.name).chain(&property.aliases);
            spellings
                .any(|spelling| same_style(key, spelling))
                .then_some(property)
        };
        self.property(key).or_else(alias).or_else(folded)
    }

    /// The declared property of exactly this name.
    pub(super) fn property(&self, name: &str) -> Option<&Property> {
        self.by_name
            .get(name)
            .and_then(|position| self.properties.get(*position))
    }

    /// What the place under `key` takes.
    pub(super) fn under(&self, key: &str) -> Option<&Shape> {
        self.property(key)
            .map(|property| &property.shape)
            .or(self.rest.as_deref())
    }

    /// Whether the value satisfies this part of the schema on its own.
    pub(super) fn fits(&self, value: &Value) -> bool {
        let validator = self.validator.get_or_init(|| compile(&self.schema).ok());
        validator
            .as_ref()
            .is_some_and(|validator| validator.is_valid(value))
    }

    /// Whether texts here are checked by more than their length, so that only a few notations can be meant.
    pub(super) fn is_constrained(&self) -> bool {
        self.pattern.is_some() || self.format.is_some() || !self.choices.is_empty()
    }

    /// Whether the text here is an e-mail address.
    pub(super) fn holds_address(&self) -> bool {
        matches!(self.format.as_deref(), Some("email" | "idn-email"))
    }

    /// Whether any text is taken as it is: then it is opaque and never changed.
    pub(super) fn free_text(&self) -> bool {
        self.kinds.text && !self.is_constrained()
    }
}

fn kinds(schema: &Value, choices: &[Value]) -> Kinds {
    let mut kinds = Kinds::default();
    match schema.get("type") {
        Some(Value::String(name)) => kinds.add(name),
        Some(Value::Array(names)) => names
            .iter()
            .filter_map(Value::as_str)
            .for_each(|name| kinds.add(name)),
        _ if !choices.is_empty() => choices.iter().for_each(|choice| kinds.add(Kinds::of(choice))),
        _ if schema.get("properties").is_some() => kinds.object = true,
        _ if schema.get("items").is_some() => kinds.list = true,
        _ if schema.get("pattern").is_some() || schema.get("format").is_some() => kinds.text = true,
        _ => {}
    }
    kinds
}

fn aliases_of_choices(schema: &Value) -> Vec<(String, String)> {
    let declared = schema.get("x-enum-aliases").and_then(Value::as_object);
    let pairs = declared.into_iter().flat_map(Map::iter);
    pairs
        .filter_map(|(alias, choice)| Some((alias.clone(), choice.as_str()?.to_owned())))
        .collect()
}
