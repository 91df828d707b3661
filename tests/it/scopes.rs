//! What a consent asks for, by what the operator offers: summed up from the files of `tool-schemas/`.

use std::fmt::Write as _;

use zoho_mcp::tools::catalog::{Catalog, Selection};
use zoho_mcp::tools::scopes::{collect_needed, missing, to_ask};

fn of(toolsets: &[&str], files: bool) -> Selection {
    Selection {
        toolsets: toolsets.iter().map(|&name| name.to_owned()).collect(),
        files,
        ..Selection::default()
    }
}

/// The scopes of both lists in the order of their names, a line each: the set counts.
fn told(selection: &Selection) -> String {
    let catalog = Catalog::embedded(selection).unwrap();
    let (mut asked, mut lacking) = (to_ask(&catalog), missing(&collect_needed(&catalog), &[]));
    asked.sort();
    lacking.sort();
    format!("asks    {}\nlacking {}\n", asked.join(" "), lacking.join(" "))
}

#[test]
fn a_consent_asks_for_what_the_tools_on_offer_need() {
    let mut all = String::new();
    for (name, selection) in [
        ("nothing chosen", of(&[], false)),
        ("nothing chosen, files allowed", of(&[], true)),
        ("records", of(&["records"], false)),
        ("cases", of(&["cases"], false)),
        ("crm", of(&["crm"], false)),
        ("account", of(&["account"], false)),
        ("export", of(&["export"], true)),
        ("cases and account", of(&["cases", "account"], false)),
    ] {
        let _ = write!(all, "{name}\n{}\n", told(&selection));
    }
    insta::assert_snapshot!(all);
}
