//! Whatever comes as a cursor, as it is or in the writing of one, is refused or plausible.
#![no_main]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use libfuzzer_sys::fuzz_target;
use serde_json::json;
use zoho_mcp::tools::reading::{Query, decode};

fuzz_target!(|bytes: &[u8]| {
    let key = json!({ "module": "Cases" });
    let query = Query {
        tool: "get_records",
        key: &key,
        zone: None,
    };
    for cursor in [
        String::from_utf8_lossy(bytes).into_owned(),
        URL_SAFE_NO_PAD.encode(bytes),
    ] {
        if let Err(refused) = decode(&cursor, &query) {
            assert!(!refused.problems.is_empty(), "{refused:?}");
        }
    }
});
