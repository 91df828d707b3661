//! The order of imports: std first, then crates, then this crate. As rustfmt's `group_imports = "StdExternalCrate"` has it,
//! which stable rustfmt cannot ask for.

use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{Item, ItemUse, UseTree};

use super::{Breach, SourceFile};

/// Imports that stand behind one that comes later in the order, in any module of `file`.
pub(crate) fn out_of_order(file: &SourceFile) -> Vec<Breach> {
    let tree = syn::parse_file(&file.text).unwrap_or_else(|e| panic!("{}: {e}", file.path));
    let mut late = Late::default();
    late.of_one_module(&tree.items);
    late.visit_file(&tree);
    let breach = |line| Breach {
        path: file.path.clone(),
        line,
        what: "imports stand in the order std, crates, own".to_owned(),
    };
    late.lines.into_iter().map(breach).collect()
}

#[derive(Default)]
struct Late {
    lines: Vec<usize>,
}

impl Late {
    /// Anything but an import begins a new block.
    fn of_one_module(&mut self, items: &[Item]) {
        let mut highest = 0;
        for item in items {
            let Item::Use(import) = item else {
                highest = 0;
                continue;
            };
            let group = group(import);
            if group < highest {
                self.lines.push(import.span().start().line);
            }
            highest = highest.max(group);
        }
    }
}

impl<'ast> Visit<'ast> for Late {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if let Some((_, items)) = &module.content {
            self.of_one_module(items);
        }
        visit::visit_item_mod(self, module);
    }
}

fn group(import: &ItemUse) -> u8 {
    let first = match &import.tree {
        UseTree::Path(path) => path.ident.to_string(),
        UseTree::Name(name) => name.ident.to_string(),
        UseTree::Rename(rename) => rename.ident.to_string(),
        UseTree::Glob(_) | UseTree::Group(_) => return 1,
    };
    match first.as_str() {
        "std" | "core" | "alloc" => 0,
        "crate" | "super" | "self" => 2,
        _ => 1,
    }
}
