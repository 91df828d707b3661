//! The tools this server offers: read from the embedded files on first use, narrowed by the operator's choice.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::definition::{DefinitionError, ToolDefinition, Toolset};
use super::policy::Policy;
use crate::names::{fold, most_alike};

include!(concat!(env!("OUT_DIR"), "/tool_schemas.rs"));

/// The file that says what a toolset is.
const TOOLSET: &str = "toolset.json";

/// What the operator allows; the precedence is the policy above all, exclusion above inclusion.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// What may be changed: tools that do more are left out.
    pub writes: Policy,
    /// Folders of `tool-schemas/`; empty means all that can do their work.
    pub toolsets: Vec<String>,
    /// Single tools beside those of `toolsets`.
    pub tools: Vec<String>,
    /// Tools left out whatever else says they are in.
    pub exclude: Vec<String>,
    /// Files may be written to a directory.
    pub files: bool,
}

/// All tools offered, in the order of their names.
#[derive(Debug)]
pub struct Catalog {
    tools: Vec<ToolDefinition>,
    toolsets: BTreeMap<String, Toolset>,
    selection: Selection,
}

impl Catalog {
    /// The embedded tools, narrowed.
    ///
    /// # Errors
    /// A broken tool file, or a name in the selection that no tool or toolset has.
    pub fn embedded(selection: &Selection) -> Result<Self, CatalogError> {
        Self::read(tool_files(), selection)
    }

    /// Tools from other files than the embedded ones: pairs of `toolset/name.json` and text.
    ///
    /// # Errors
    /// As [`Catalog::embedded`].
    pub fn read<'a>(
        files: impl Iterator<Item = (&'a str, &'a str)>,
        selection: &Selection,
    ) -> Result<Self, CatalogError> {
        let mut tools = Vec::new();
        let mut toolsets = BTreeMap::new();
        for (path, text) in files {
            let (toolset, file) = path.split_once('/').unwrap_or_default();
            let broken = |error| CatalogError::File {
                path: path.to_owned(),
                error,
            };
            if file == TOOLSET {
                let read = serde_json::from_str(text).map_err(DefinitionError::Json);
                toolsets.insert(toolset.to_owned(), read.map_err(broken)?);
            } else {
                tools.push(ToolDefinition::read(toolset, text).map_err(broken)?);
            }
        }
        tools.sort_by(|one, other| one.name().cmp(other.name()));
        selection.check(&tools)?;
        tools.retain(|tool| selection.allows(tool, toolsets.get(tool.toolset())));
        Ok(Catalog {
            tools,
            toolsets,
            selection: selection.clone(),
        })
    }

    /// The tools offered.
    pub fn tools(&self) -> &[ToolDefinition] {
        &self.tools
    }

    /// All toolsets, offered or not, by their names.
    pub fn toolsets(&self) -> &BTreeMap<String, Toolset> {
        &self.toolsets
    }

    /// A tool by its exact name.
    pub fn get(&self, name: &str) -> Option<&ToolDefinition> {
        self.tools.iter().find(|tool| tool.name() == name)
    }

    /// What may be changed with these tools.
    pub fn policy(&self) -> Policy {
        self.selection.writes
    }

    /// The least policy that offers a tool of this exact name, where the present one does not.
    pub fn forbidden(&self, name: &str) -> Option<Policy> {
        let tool = embedded(name)?;
        let least = tool.operation().from();
        (self.selection.writes < least).then_some(least)
    }

    /// Why a tool of this exact name is not offered, and what would offer it.
    pub fn why_missing(&self, name: &str) -> Option<String> {
        let tool = embedded(name)?;
        let toolset = self.toolsets.get(tool.toolset());
        Some(format!(
            "This server does not offer it{}.",
            self.selection.lacks(&tool, toolset)
        ))
    }

    /// Whether none of the tools offered changes anything.
    pub fn only_reads(&self) -> bool {
        self.tools.iter().all(ToolDefinition::is_read_only)
    }

    /// The names offered.
    pub fn names(&self) -> Vec<&str> {
        self.tools.iter().map(ToolDefinition::name).collect()
    }
}

/// The tool of this exact name among the embedded files.
fn embedded(name: &str) -> Option<ToolDefinition> {
    let file = format!("/{name}.json");
    let (path, text) = tool_files().find(|(path, _)| path.ends_with(&file))?;
    ToolDefinition::read(path.strip_suffix(&file)?, text).ok()
}

/// Every toolset that can do its work.
const ALL: &str = "all";

impl Selection {
    fn allows(&self, tool: &ToolDefinition, toolset: Option<&Toolset>) -> bool {
        let named = |names: &[String], name: &str| names.iter().any(|item| item == name);
        let placed = toolset.is_none_or(|toolset| self.files || !toolset.needs_files);
        if self.writes < tool.operation().from() || named(&self.exclude, tool.name()) || !placed {
            return false;
        }
        let unnamed = self.toolsets.is_empty() && self.tools.is_empty();
        let useful = toolset.is_none_or(|toolset| toolset.default);
        (unnamed && useful)
            || named(&self.toolsets, ALL)
            || named(&self.toolsets, tool.toolset())
            || named(&self.tools, tool.name())
    }

    /// What stands between this selection and a tool, to be read after "This server does not offer it".
    fn lacks(&self, tool: &ToolDefinition, toolset: Option<&Toolset>) -> String {
        if self.exclude.iter().any(|name| name == tool.name()) {
            return ": it was started with the tool among --exclude-tools".to_owned();
        }
        let by_itself = self.toolsets.is_empty() && self.tools.is_empty();
        let is_chosen = self.tools.iter().any(|name| name == tool.name())
            || self
                .toolsets
                .iter()
                .any(|name| name == tool.toolset() || name == ALL);
        let named = toolset.is_some_and(|toolset| !toolset.default) || !by_itself;
        let choice = (named && !is_chosen).then(|| format!("{} among its --toolsets", tool.toolset()));
        let place = toolset.is_some_and(|toolset| toolset.needs_files && !self.files);
        let place = place.then(|| "--files DIRECTORY".to_owned());
        let ways: Vec<String> = choice.into_iter().chain(place).collect();
        format!("; started with {} it would", ways.join(" and "))
    }

    fn check(&self, tools: &[ToolDefinition]) -> Result<(), CatalogError> {
        let names: BTreeSet<&str> = tools.iter().map(ToolDefinition::name).collect();
        let toolsets: BTreeSet<&str> = tools.iter().map(ToolDefinition::toolset).collect();
        let asked = self
            .tools
            .iter()
            .chain(&self.exclude)
            .map(|name| ("tool", name, &names));
        let toolsets_named = self.toolsets.iter().filter(|name| *name != ALL);
        let asked = asked.chain(toolsets_named.map(|name| ("toolset", name, &toolsets)));
        for (kind, name, known) in asked {
            if !known.contains(name.as_str()) {
                return Err(CatalogError::Unknown {
                    kind,
                    name: name.clone(),
                    hint: nearest(name, known),
                });
            }
        }
        Ok(())
    }
}

fn nearest(name: &str, known: &BTreeSet<&str>) -> String {
    let spelt = known.iter().map(|item| (*item, vec![fold(item)]));
    let mut hint = String::new();
    if let Some(close) = most_alike(&fold(name), spelt, 1).first() {
        let _ = write!(hint, "did you mean `{close}`? ");
    }
    let all: Vec<&str> = known.iter().copied().collect();
    let _ = write!(hint, "known: {}", all.join(", "));
    hint
}

/// Why the catalog could not be made.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// One of the files is no tool.
    #[error("tool-schemas/{path}: {error}")]
    File {
        /// Inside `tool-schemas/`.
        path: String,
        /// What is wrong with it.
        error: DefinitionError,
    },
    /// The selection names something that is not there.
    #[error("unknown {kind} `{name}`: {hint}")]
    Unknown {
        /// `tool` or `toolset`.
        kind: &'static str,
        /// As given.
        name: String,
        /// The nearest name and all names.
        hint: String,
    },
}

/// The folders that hold no tools.
const NO_TOOLS: [&str; 3] = ["modules", "prompts", "resources"];

/// The embedded files of tools and toolsets.
fn tool_files() -> impl Iterator<Item = (&'static str, &'static str)> {
    let is_of_tools = |path: &str| {
        path.split_once('/')
            .is_some_and(|(folder, _)| !NO_TOOLS.contains(&folder))
    };
    FILES.iter().copied().filter(move |(path, _)| is_of_tools(path))
}

/// The embedded files of a folder of `tool-schemas/` that end so: their names without that, and their texts.
pub(super) fn files_of(
    folder: &'static str,
    ending: &'static str,
) -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES.iter().filter_map(move |(path, text)| {
        let name = path.strip_prefix(folder)?.strip_prefix('/')?;
        Some((name.strip_suffix(ending)?, *text))
    })
}

/// The text of an embedded file of `tool-schemas/modules/`.
pub(super) fn module_file(name: &str) -> Option<&'static str> {
    let mut files = files_of("modules", "");
    files.find(|(known, _)| *known == name).map(|(_, text)| text)
}
