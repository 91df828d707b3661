//! What holds for every file of `tool-schemas/`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use zoho_mcp::connections::Product;
use zoho_mcp::names::fold;
use zoho_mcp::tools::catalog::{Catalog, Selection};
use zoho_mcp::tools::definition::ToolFile;
use zoho_mcp::tools::handlers::{HANDLERS, PLANNERS};
use zoho_mcp::tools::modules::{self, Kind};
use zoho_mcp::tools::request::{self, Drafted, Ids, ListQuery};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

pub(crate) fn tool_files() -> Vec<(PathBuf, Value)> {
    let mut files = Vec::new();
    for folder in std::fs::read_dir(root().join("tool-schemas")).unwrap() {
        let folder = folder.unwrap().path();
        let others = ["modules", "prompts", "resources"];
        if folder.is_dir() && !others.iter().any(|other| folder.ends_with(other)) {
            for file in std::fs::read_dir(folder).unwrap() {
                let path = file.unwrap().path();
                if path.ends_with("toolset.json") {
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                files.push((
                    path.clone(),
                    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{path:?}: {e}")),
                ));
            }
        }
    }
    files
}

fn everything() -> Selection {
    Selection {
        files: true,
        ..Selection::default()
    }
}

fn properties(tool: &Value) -> &Map<String, Value> {
    tool["inputSchema"]["properties"].as_object().unwrap()
}

#[test]
fn the_binary_holds_every_file_of_the_folder() {
    let catalog = Catalog::embedded(&everything()).unwrap();
    let embedded: BTreeSet<&str> = catalog.names().into_iter().collect();
    let files = tool_files();
    let on_disk: BTreeSet<&str> = files
        .iter()
        .map(|(_, tool)| tool["name"].as_str().unwrap())
        .collect();
    assert_eq!(embedded, on_disk);
}

#[test]
fn a_tool_is_named_like_its_file_in_snake_case() {
    for (path, tool) in tool_files() {
        let name = tool["name"].as_str().unwrap();
        assert_eq!(path.file_stem().unwrap(), name);
        assert!(
            name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') && name.len() <= 64,
            "{name}"
        );
    }
}

/// Every keyword of a schema, wherever it stands.
fn keywords<'s>(schema: &'s Value, found: &mut BTreeSet<&'s str>) {
    for (keyword, value) in schema.as_object().into_iter().flatten() {
        found.insert(keyword);
        match keyword.as_str() {
            "properties" => value
                .as_object()
                .into_iter()
                .flatten()
                .for_each(|(_, property)| keywords(property, found)),
            "items" | "additionalProperties" => keywords(value, found),
            _ => {}
        }
    }
}

/// Arguments are checked in draft 7, and MCP reads a schema that names no dialect as 2020-12: JSON Schema's release notes
/// of 2019-09 and 2020-12 name none of these keywords among those that changed (`items` did, where it is a list).
#[test]
pub(crate) fn tool_files_keep_to_what_two_dialects_of_json_schema_share() {
    let shared = [
        "type",
        "description",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "enum",
        "default",
        "pattern",
        "format",
        "minimum",
        "maximum",
        "minLength",
        "maxLength",
        "minItems",
        "maxItems",
        "minProperties",
        "maxProperties",
        "title",
        "examples",
    ];
    for (path, tool) in tool_files() {
        let schema = &tool["inputSchema"];
        jsonschema::draft202012::meta::validate(schema).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        jsonschema::draft7::meta::validate(schema).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        let mut found = BTreeSet::new();
        keywords(schema, &mut found);
        found.retain(|keyword| !keyword.starts_with("x-") && !shared.contains(keyword));
        assert_eq!(found, BTreeSet::new(), "{path:?}");
        assert!(!schema.to_string().contains("\"items\":["), "{path:?}");
    }
}

#[test]
fn every_tool_accepts_a_connection_and_closes_its_arguments() {
    for (path, tool) in tool_files() {
        assert_eq!(tool["inputSchema"]["additionalProperties"], false, "{path:?}");
        assert_eq!(tool["inputSchema"]["x-blank"], "absent", "{path:?}");
        assert_eq!(tool["inputSchema"]["type"], "object", "{path:?}");
        assert!(
            properties(&tool).contains_key("connection"),
            "{path:?}: tools/list must not vary by connection"
        );
        for required in tool["inputSchema"]["required"].as_array().into_iter().flatten() {
            assert!(
                properties(&tool).contains_key(required.as_str().unwrap()),
                "{path:?}: {required}"
            );
        }
    }
}

#[test]
fn a_reading_tool_neither_destroys_nor_changes() {
    for (path, tool) in tool_files() {
        let hints = &tool["annotations"];
        let reads = tool["operation"]["effect"] == "read";
        // MCP: "does not modify its environment", of which the files of this machine are part.
        let toolset = std::fs::read_to_string(path.with_file_name("toolset.json")).unwrap();
        let exports = toolset.contains(r#""needs_files": true"#);
        let writes_files = exports || properties(&tool).contains_key("save");
        assert_eq!(
            hints["readOnlyHint"],
            reads && !writes_files,
            "{path:?}: the hint says what is changed"
        );
        if reads {
            assert_eq!(hints["destructiveHint"], false, "{path:?}");
            assert_eq!(hints["idempotentHint"], !exports, "{path:?}");
        }
    }
}

#[test]
fn aliases_mean_one_property_only() {
    for (path, tool) in tool_files() {
        let mut taken: BTreeSet<String> = properties(&tool).keys().map(|key| fold(key)).collect();
        for (key, property) in properties(&tool) {
            for alias in property["x-aliases"].as_array().into_iter().flatten() {
                let folded = fold(alias.as_str().unwrap());
                if folded != fold(key) {
                    assert!(taken.insert(folded), "{path:?}: alias {alias} of {key} is taken");
                }
            }
        }
    }
}

#[test]
fn handlers_named_are_handlers_registered() {
    let files = tool_files();
    let named = |member: &str| -> BTreeSet<String> {
        let of = |tool: &Value| tool["operation"][member].as_str().map(str::to_owned);
        files.iter().filter_map(|(_, tool)| of(tool)).collect()
    };
    let handlers: BTreeSet<String> = HANDLERS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(named("handler"), handlers);
    let planners: BTreeSet<String> = PLANNERS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(named("plan"), planners);
}

#[test]
fn what_is_published_carries_nothing_private() {
    let catalog = Catalog::embedded(&everything()).unwrap();
    for tool in catalog.tools() {
        let text = tool.publish().to_string();
        assert!(
            !text.contains("\"x-") && !text.contains("\"operation\""),
            "{text}"
        );
        let published: rmcp::model::Tool = serde_json::from_str(&text).unwrap();
        assert_eq!(published.name, tool.name());
    }
}

#[test]
fn the_schema_of_tool_files_is_current_and_every_file_fits_it() {
    let generated = serde_json::to_value(schemars::schema_for!(ToolFile)).unwrap();
    let path = root().join("tool-schemas/tool.schema.json");
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        std::fs::write(&path, format!("{generated:#}\n")).unwrap();
    }
    let checked_in: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(
        checked_in, generated,
        "run `INSTA_UPDATE=always cargo test` and look at the difference"
    );
    let validator = jsonschema::validator_for(&checked_in).unwrap();
    for (path, tool) in tool_files() {
        assert!(
            validator.is_valid(&tool),
            "{path:?}: {:?}",
            validator.iter_errors(&tool).next()
        );
    }
}

#[test]
fn modules_name_fields_links_and_filters_soundly() {
    for product in [Product::Desk, Product::Crm] {
        let modules = modules::all(product);
        assert!(modules.len() >= 6, "{product:?} has {} modules", modules.len());
        let mut names = BTreeSet::new();
        for module in modules {
            assert!(
                module.fields.iter().any(|field| field == "id"),
                "{}: no id",
                module.name
            );
            for name in std::iter::once(&module.name).chain(&module.aliases) {
                names.insert(fold(name));
            }
            for listing in std::iter::once(&module.list).chain(&module.search) {
                for (name, filter) in &listing.filters {
                    assert!(!filter.param.is_empty(), "{}: {name}", module.name);
                }
            }
        }
        assert!(names.contains("cases") && names.contains("tickets"));
    }
}

#[test]
fn the_readme_table_of_tools_is_current() {
    let catalog = Catalog::embedded(&everything()).unwrap();
    let mut table = String::from("| tool | toolset | what it does |\n|---|---|---|\n");
    for tool in catalog.tools() {
        table.push_str(&format!(
            "| `{}` | {} | {} |\n",
            tool.name(),
            tool.toolset(),
            tool.description()
        ));
    }
    is_in_the_readme("tools", &table);
}

/// The text between `<!-- name -->` and `<!-- /name -->`.
#[track_caller]
fn is_in_the_readme(name: &str, table: &str) {
    let path = root().join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let (before, rest) = readme.split_once(&start).expect("the place in README.md");
    let (current, after) = rest.split_once(&end).expect("its end in README.md");
    if current != table && std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        std::fs::write(&path, format!("{before}{start}{table}{end}{after}")).unwrap();
        return;
    }
    assert_eq!(
        current, table,
        "run `INSTA_UPDATE=always cargo test` to write the table"
    );
}

#[test]
fn every_folder_of_tools_says_what_it_is_and_the_readme_tells_it() {
    let catalog = Catalog::embedded(&everything()).unwrap();
    let folders: BTreeSet<&str> = catalog.tools().iter().map(|tool| tool.toolset()).collect();
    let described: BTreeSet<&str> = catalog.toolsets().keys().map(String::as_str).collect();
    assert_eq!(folders, described);
    let mut table = String::from("| toolset | what it is | offered |\n|---|---|---|\n");
    for (name, toolset) in catalog.toolsets() {
        let offered = match (toolset.default, toolset.needs_files) {
            (true, false) => "by default",
            (true, true) => "by default with `--files`",
            (false, _) => "when named",
        };
        table.push_str(&format!("| `{name}` | {} | {offered} |\n", toolset.title));
    }
    is_in_the_readme("toolsets", &table);
}

#[test]
fn every_lookup_reads_and_what_is_asked_of_people_covers_it() {
    let catalog = Catalog::embedded(&everything()).unwrap();
    let asked = zoho_mcp::tools::scopes::to_ask(&catalog);
    let covered = |scope: &String| {
        asked
            .iter()
            .any(|held| zoho_mcp::tools::scopes::covers(held, scope))
    };
    for product in [Product::Desk, Product::Crm] {
        for (name, lookup) in modules::lookups(product) {
            assert_eq!(lookup.product, product, "{name}");
            assert_eq!(lookup.effect, zoho_mcp::zoho::Effect::Read, "{product} {name}");
            assert!(lookup.scopes.iter().all(covered), "{product} {name}");
        }
        for module in modules::all(product) {
            assert!(module.scopes.iter().any(covered), "{product} {}", module.name);
        }
    }
}

/// The words of every `x-ref` inside a schema.
fn references(schema: &Value, words: &mut BTreeSet<String>) {
    match schema {
        Value::Object(members) => {
            words.extend(members.get("x-ref").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|inner| references(inner, words));
        }
        Value::Array(items) => items.iter().for_each(|inner| references(inner, words)),
        _ => {}
    }
}

/// The kinds the conditions of a request leave open.
fn left_open(product: Product, module: &str, arguments: Value) -> Vec<Kind> {
    let arguments = arguments.as_object().unwrap();
    let subject = modules::subject(module, Some(product)).unwrap();
    let query = ListQuery::read(&subject.module, product, arguments, false);
    let utc = jiff::tz::TimeZone::UTC;
    let drafted = match product {
        Product::Desk => request::desk::list(&query, &utc, &Ids::default()),
        Product::Crm => request::crm::list(&query, &utc, &Ids::default()),
    };
    match drafted.unwrap() {
        Drafted::Open(open) => open.ids.iter().map(|open| open.kind).collect(),
        Drafted::Finished(_) => Vec::new(),
    }
}

#[test]
fn every_reference_names_a_kind_and_every_kind_is_reached() {
    let mut words = BTreeSet::new();
    for (path, tool) in tool_files() {
        let mut own = BTreeSet::new();
        references(&tool["inputSchema"], &mut own);
        for word in &own {
            assert!(Kind::find(word).is_some(), "{path:?}: x-ref {word} names no kind");
        }
        words.extend(own);
    }
    let mut reached: Vec<Kind> = words.iter().filter_map(|word| Kind::find(word)).collect();
    for module in modules::all(Product::Desk) {
        let listings = std::iter::once(&module.list).chain(&module.search);
        let filters = listings.flat_map(|listing| listing.filters.values());
        reached.extend(filters.filter_map(|filter| filter.kind.refers_to()));
    }
    reached.extend(left_open(
        Product::Desk,
        "Cases",
        json!({ "view": "Open Tickets" }),
    ));
    reached.extend(left_open(
        Product::Crm,
        "Leads",
        json!({ "filters": { "Owner": "me" } }),
    ));
    reached.extend(left_open(
        Product::Crm,
        "Deals",
        json!({ "filters": { "Account_Name": "Zylker" } }),
    ));
    for kind in Kind::ALL {
        assert!(reached.contains(&kind), "{kind:?} is reached by nothing");
        let alone = Kind::find(&format!("{kind:?}").to_lowercase());
        assert_eq!(
            alone,
            (!matches!(kind, Kind::View | Kind::Record)).then_some(kind),
            "views and records belong to a module"
        );
    }
}
