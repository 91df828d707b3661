//! Keys that stand beside the object they belong into: one that takes any key declares none, and what a module has tells them.

use crate::names::{fold, pointer};
use crate::repair::InvalidArguments;
use crate::tools::definition::ToolDefinition;
use crate::tools::modules::{self, Module};

/// Puts the place beside each unknown key that is a field or a condition of the module called.
pub fn suggest(tool: &ToolDefinition, invalid: &mut InvalidArguments) {
    let Some(object) = tool.object_of_any_keys() else {
        return;
    };
    let called = invalid
        .example
        .as_ref()
        .and_then(|call| call.get("module")?.as_str());
    let subject = called.and_then(|module| modules::subject(module, None).ok());
    let Some(subject) = subject else { return };
    for problem in &mut invalid.problems {
        let key = pointer::last_key(&problem.path);
        let is_open = problem.is_unknown_key() && problem.suggestion.is_none();
        if is_open && knows(&subject.module, &key) {
            problem.suggestion = Some(format!("`{key}` inside `{object}`"));
        }
    }
}

/// Whether a module has a field or a condition of that name.
fn knows(module: &Module, key: &str) -> bool {
    let filters = [Some(&module.list), module.search.as_ref()].into_iter().flatten();
    let filters = filters.flat_map(|listing| listing.filters.keys());
    let mut names = filters.chain(&module.fields).chain(&module.known);
    let wanted = fold(key);
    names.any(|name| fold(name) == wanted)
}
