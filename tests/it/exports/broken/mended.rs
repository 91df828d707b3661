//! What a half export is good for once what broke it off is mended.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

use serde_json::json;

use super::{ROWS, TICKETS, bed, break_off, export, file, tools, whole};
use crate::bed::Wire;

#[tokio::test]
async fn it_is_taken_up_with_another_key() {
    let bed = bed(TICKETS).await;
    let mut wire = Wire::start(tools(&bed).await).await;
    break_off(&bed, &mut wire, &export(None)).await;
    bed.run(&["connections", "rekey", "--yes"]).succeeded();
    let body = wire.call("export_records", export(None)).await;
    whole(&body, ROWS);
    assert!(
        body["notes"][0].as_str().unwrap().contains("190 records"),
        "{body}"
    );
}

/// Its failure does not promise what is in the file to a call that will begin anew.
#[tokio::test]
async fn a_failure_that_a_new_consent_mends_says_that_it_begins_anew() {
    let bed = bed(TICKETS).await;
    let mut wire = Wire::start(tools(&bed).await).await;
    // The third page, and again with the token renewed.
    let fault = json!({ "kind": "401", "path": "/api/v1/tickets/search", "every": 3, "count": 1 });
    bed.admin(json!({ "faults": [fault, fault] })).await;
    let broken = wire.call("export_records", export(None)).await;
    assert_eq!(broken["code"], "rejected", "{broken}");
    let next = broken["next"].as_str().unwrap();
    assert!(
        next.contains("begins anew") && !next.contains("goes on"),
        "{broken}"
    );
    bed.admin(json!({ "faults": [] })).await;
    bed.connect(crate::bed::USER).await;
    let body = wire.call("export_records", export(None)).await;
    whole(&body, ROWS);
    assert!(
        !body["notes"].to_string().contains("went on"),
        "begun anew: {body}"
    );
}

/// Whoever may write the directory lays a file of their own there beforehand, and reads what comes into it (CWE-379).
#[tokio::test]
async fn a_part_that_others_can_read_is_not_written_into() {
    let bed = bed(TICKETS).await;
    let mut wire = Wire::start(tools(&bed).await).await;
    break_off(&bed, &mut wire, &export(None)).await;
    let part = file(&bed, ".part");
    let before = fs::metadata(&part).unwrap().ino();
    fs::set_permissions(&part, fs::Permissions::from_mode(0o666)).unwrap();
    let open = fs::File::open(&part).unwrap();
    let body = wire.call("export_records", export(None)).await;
    whole(&body, ROWS);
    let made = fs::metadata(body["data"]["path"].as_str().unwrap()).unwrap();
    assert_ne!(made.ino(), before, "{body}");
    assert_eq!(made.permissions().mode() & 0o777, 0o600, "{body}");
    drop(open);
}
