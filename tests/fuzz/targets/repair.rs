//! Whatever a model writes for arguments, they are valid afterwards or refused in few words; what is valid stays as it is.
#![no_main]

use std::sync::LazyLock;

use jiff::civil::{Date, date};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use zoho_mcp::repair::{Arguments, accept};
use zoho_mcp::tools::catalog::{Catalog, Selection};

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::embedded(&Selection::default()).unwrap());
const TODAY: Date = date(2026, 11, 20);

fuzz_target!(|input: (u8, &str)| {
    let (which, written) = input;
    let names = CATALOG.names();
    let tool = CATALOG.get(names[usize::from(which) % names.len()]).unwrap();
    match accept(tool.schema(), Arguments::Text(written), TODAY) {
        Err(refused) => assert!(refused.message.chars().count() <= 1500, "{}", refused.message),
        Ok(valid) => {
            let again = Value::Object(valid.arguments().clone()).to_string();
            if valid.open_references().is_empty() {
                let twice = accept(tool.schema(), Arguments::Text(&again), TODAY)
                    .expect("what was accepted is valid");
                assert_eq!(twice.arguments(), valid.arguments());
            }
        }
    }
});
