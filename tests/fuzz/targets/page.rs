//! Whatever Zoho answers a list with, it is a list or a failure; no record is lost on the way.
#![no_main]

use std::sync::LazyLock;

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};
use zoho_mcp::tools::output::project::{Projection, Rows};

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_current_thread().enable_all().build().unwrap());

fuzz_target!(|bytes: &[u8]| {
    let fields = ["id", "subject", "cf", "description"].map(str::to_owned);
    let body = Bytes::copy_from_slice(bytes);
    for projection in [
        Projection::ALL,
        Projection {
            fields: Some(&fields),
            html: &fields[3..],
            rows: Rows::WithIds,
        },
    ] {
        if let Ok(page) = RUNTIME.block_on(projection.page(&body, "data"))
            && !body.is_empty()
        {
            // Half a pair of surrogates is mended before anything is read.
            let Ok(whole) = serde_json::from_slice::<Value>(&body) else {
                return;
            };
            let rows = whole["data"].as_array().expect("a list").len();
            assert_eq!(page.records.len() + page.refused.len(), rows);
        }
        let _ = RUNTIME.block_on(projection.record(&body));
    }
});
