//! The files of the prompts: named like them, taking what their texts show, and naming only tools that there are.

use std::collections::BTreeSet;
use std::path::Path;

use zoho_mcp::tools::catalog::{Catalog, Selection};
use zoho_mcp::tools::policy::Policy;
use zoho_mcp::tools::prompts::Prompts;

use super::ALL;

#[test]
fn every_file_says_what_its_text_needs() {
    let everything = Selection {
        writes: Policy::Trusted,
        files: true,
        ..Selection::default()
    };
    let catalog = Catalog::embedded(&everything).unwrap();
    let tools: BTreeSet<&str> = catalog.names().into_iter().collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tool-schemas/prompts");
    let prompts = Prompts::of(&catalog).unwrap();
    let known: Vec<&str> = prompts.all().iter().map(|prompt| prompt.name.as_str()).collect();
    assert_eq!(known, ALL);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 2 * ALL.len());
    for prompt in prompts.all() {
        let name = &prompt.name;
        let template = std::fs::read_to_string(folder.join(format!("{name}.md"))).unwrap();
        assert!(template.chars().count() <= 2_000, "{name}");
        let quoted: Vec<&str> = template.split('`').skip(1).step_by(2).collect();
        let first = |text: &&str| text.split(' ').next().unwrap_or_default().to_owned();
        let named: BTreeSet<String> = quoted
            .iter()
            .map(first)
            .filter(|word| tools.contains(word.as_str()))
            .collect();
        let said: BTreeSet<String> = prompt.tools.iter().cloned().collect();
        assert_eq!(named, said, "{name}");
        // What looks like a tool is one.
        let odd = |word: &&str| {
            let verb = word.split('_').next().unwrap_or_default();
            word.contains('_')
                && [
                    "get",
                    "search",
                    "count",
                    "find",
                    "run",
                    "summarize",
                    "draft",
                    "send",
                ]
                .contains(&verb)
        };
        let words = template.split(|c: char| !(c.is_ascii_lowercase() || c == '_'));
        let strange: Vec<&str> = words.filter(odd).filter(|word| !tools.contains(word)).collect();
        assert_eq!(strange, Vec::<&str>::new(), "{name}");
        for argument in &prompt.arguments {
            assert!(
                template.contains(&format!("{{{}}}", argument.name)),
                "{name}: {}",
                argument.name
            );
            assert!(!argument.description.ends_with('.'), "{name}");
        }
    }
}
