//! Exports of cases hold those in the archive, too: Zoho Desk lists these department by department (OAS,
//! getArchivedTickets), and in no other list, search or count.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use serde_json::{Value, json};

use super::scripted::wire as wire_of;
use super::{bed, ids, tools};
use crate::bed::{Bed, Wire};
use crate::connections_rooms::fake::{House, Scripted, json as scripted};
use crate::desk_client::Desk;

const ARCHIVE: &str = "/api/v1/tickets/archivedTickets";
/// So many that some of the oldest are archived.
const TICKETS: u64 = 1_500;

/// The archive of each department, and its name, as another client finds them.
async fn archives(bed: &Bed) -> Vec<(Value, HashSet<String>)> {
    let desk = Desk::of(bed).await;
    let mut all = Vec::new();
    for department in desk.get("/departments").await["data"].as_array().unwrap() {
        let id = department["id"].as_str().unwrap();
        let list = desk
            .get(&format!("/tickets/archivedTickets?limit=100&departmentId={id}"))
            .await;
        let rows = list["data"].as_array().into_iter().flatten();
        let ids = rows.map(|row| row["id"].as_str().unwrap().to_owned());
        all.push((department["name"].clone(), ids.collect()));
    }
    all
}

/// What is in the file, each once.
#[track_caller]
fn once(body: &Value) -> HashSet<String> {
    let all = ids(body["data"]["path"]
        .as_str()
        .unwrap_or_else(|| panic!("{body:#}")));
    let different: HashSet<String> = all.iter().cloned().collect();
    assert_eq!(all.len(), different.len(), "{body:#}");
    assert_eq!(body["data"]["records"], all.len(), "{body:#}");
    different
}

fn notes(body: &Value) -> String {
    body["notes"].to_string()
}

#[tokio::test]
async fn an_export_holds_the_archive_of_every_department() {
    let bed = bed(TICKETS).await;
    let mut wire = Wire::start(tools(&bed).await).await;
    let archives = archives(&bed).await;
    let archived: HashSet<String> = archives.iter().flat_map(|(_, ids)| ids).cloned().collect();
    let with_some = archives.iter().filter(|(_, ids)| !ids.is_empty()).count();
    assert!(with_some > 1, "{archives:?}");
    let body = wire.call("export_records", json!({ "module": "Cases" })).await;
    let counted = wire.call("count_records", json!({ "module": "Cases" })).await;
    let rows = once(&body);
    assert!(archived.is_subset(&rows), "{body:#}");
    assert_eq!(
        rows.len() as u64,
        counted["count"].as_u64().unwrap() + archived.len() as u64
    );
    assert_eq!(body["complete"], true, "{body:#}");
    let told = notes(&body);
    assert!(
        told.contains(&format!("{} of these are archived", archived.len())),
        "{told}"
    );
    assert!(
        told.contains("Trashed cases (module RecycleBin) and spam are not in the file"),
        "{told}"
    );
    for left_out in [json!(false), json!({ "not": true })] {
        let call = json!({ "module": "Cases", "filters": { "isArchived": left_out } });
        let body = wire.call("export_records", call).await;
        assert!(once(&body).is_disjoint(&archived), "{body:#}");
        assert!(notes(&body).contains("trashed and spam cases are not among these"));
    }
}

#[tokio::test]
async fn conditions_hold_for_archived_records_too() {
    let bed = bed(TICKETS).await;
    let mut wire = Wire::start(tools(&bed).await).await;
    let archives = archives(&bed).await;
    let (name, own) = archives.iter().max_by_key(|(_, ids)| ids.len()).unwrap();
    let others = archives.iter().filter(|(other, _)| other != name);
    let others: HashSet<String> = others.flat_map(|(_, ids)| ids).cloned().collect();
    for (condition, asked, not) in [
        (name.clone(), own, &others),
        (json!({ "not": name }), &others, own),
    ] {
        let call = json!({ "module": "Cases", "filters": { "departmentId": condition } });
        let body = wire.call("export_records", call).await;
        let rows = once(&body);
        assert_eq!(body["complete"], true, "{body:#}");
        assert!(asked.is_subset(&rows) && not.is_disjoint(&rows), "{body:#}");
    }
    let call = json!({ "module": "Cases", "filters": { "priority": "High", "departmentId": name } });
    let body = wire.call("export_records", call).await;
    let rows = once(&body);
    let desk = Desk::of(&bed).await;
    for id in own {
        let case = desk.get(&format!("/tickets/{id}")).await;
        assert_eq!(rows.contains(id), case["priority"] == "High", "{case:#}");
    }
    // No row of the archive tells whether it was escalated.
    let call = json!({ "module": "Cases", "filters": { "isEscalated": true } });
    let body = wire.call("export_records", call).await;
    assert_eq!(body["complete"], false, "{body:#}");
    assert!(
        notes(&body).contains("`filters/isEscalated` cannot be put to them"),
        "{body:#}"
    );
}

#[tokio::test]
async fn columns_are_the_same_for_archived_records() {
    let bed = bed(TICKETS).await;
    let mut wire = Wire::start(tools(&bed).await).await;
    let archived: HashSet<String> = archives(&bed)
        .await
        .into_iter()
        .flat_map(|(_, ids)| ids)
        .collect();
    let call = json!({ "module": "Cases", "format": "csv", "fields": ["ticketNumber", "departmentId", "contactId", "isArchived"] });
    let body = wire.call("export_records", call).await;
    assert_eq!(body["complete"], true, "{body:#}");
    let text = std::fs::read_to_string(body["data"]["path"].as_str().unwrap()).unwrap();
    let mut lines = text.lines();
    let heads: Vec<&str> = lines.next().unwrap().split(',').collect();
    let place = |head: &str| heads.iter().position(|one| *one == head).unwrap();
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    let of_archive: Vec<_> = rows
        .iter()
        .filter(|row| archived.contains(row[place("id")]))
        .collect();
    assert_eq!(of_archive.len(), archived.len());
    for row in of_archive {
        assert_eq!(
            (row.len(), row[place("isArchived")]),
            (heads.len(), "true"),
            "{row:?}"
        );
        for named in ["department", "contact", "link"] {
            assert!(!row[place(named)].is_empty(), "{named}: {row:?}");
        }
    }
    // Rows of a search have it, those of the archive do not.
    let call = json!({ "module": "Cases", "fields": ["subject", "resolution"] });
    let body = wire.call("export_records", call).await;
    assert_eq!(body["complete"], false, "{body:#}");
    assert!(
        notes(&body).contains("No archived row shows resolution"),
        "{body:#}"
    );
}

#[tokio::test]
async fn a_refused_archive_is_told_with_zohos_code() {
    let bed = bed(TICKETS).await;
    let mut wire = Wire::start(tools(&bed).await).await;
    let counted = wire.call("count_records", json!({ "module": "Cases" })).await["count"].clone();
    for (code, whole) in [("FORBIDDEN", false), ("LICENSE_ACCESS_LIMITED", true)] {
        bed.forget().await;
        let body = json!({ "errorCode": code, "message": "no" });
        bed.admin(json!({ "faults": [{ "kind": "answer", "path": ARCHIVE, "status": 403, "body": body }] }))
            .await;
        let body = wire.call("export_records", json!({ "module": "Cases" })).await;
        assert_eq!(
            (&body["data"]["records"], &body["complete"]),
            (&counted, &json!(whole)),
            "{body:#}"
        );
        assert!(notes(&body).contains(code), "{body:#}");
        let asked = bed
            .seen()
            .await
            .iter()
            .filter(|line| line.contains(ARCHIVE))
            .count();
        assert_eq!(
            asked == 1,
            whole,
            "what the organization has not is asked for once"
        );
    }
}

fn cases(ids: Range<u32>) -> Value {
    let row =
        |id| json!({ "id": format!("{id}"), "subject": "X", "createdTime": "2026-01-01T00:00:00.000Z" });
    ids.map(row).collect()
}

fn page(rows: Value) -> Scripted {
    scripted(200, &json!({ "data": rows }).to_string())
}

/// Two departments, of which the archive of the first has two pages; `answer` is what the second of these is at its
/// first reading.
async fn house(answer: Scripted) -> House {
    let house = House::new().await;
    house.connect(3_000_000_000).await;
    let failed = AtomicUsize::new(0);
    house.fake.follow(move |path, query| {
        Some(match path {
            "/api/v1/departments" => page(json!([{ "id": "7", "name": "A" }, { "id": "8", "name": "B" }])),
            "/api/v1/tickets/search" => page(cases(1..11)),
            ARCHIVE if query.contains("departmentId=8") => page(cases(300..303)),
            // 10 was archived after it had been written.
            ARCHIVE if !query.contains("from=") => page(cases(10..106)),
            ARCHIVE if failed.fetch_add(1, SeqCst) == 0 => answer.clone(),
            ARCHIVE => page(cases(103..120)),
            _ => return None,
        })
    });
    house
}

fn forbidden() -> Scripted {
    scripted(403, r#"{"errorCode":"FORBIDDEN","message":"no"}"#)
}

#[tokio::test]
async fn one_that_broke_off_in_an_archive_goes_on_there() {
    for format in ["ndjson", "csv"] {
        // What is no answer of Zoho's passes.
        let house = house(scripted(200, "<html>")).await;
        let call = json!({ "module": "Cases", "app_type": "desk", "fields": ["subject"], "format": format });
        let mut wire = wire_of(&house).await;
        let broken = wire.call("export_records", call.clone()).await;
        assert!(
            broken["next"].as_str().unwrap().contains("104 records"),
            "{broken:#}"
        );
        let before = house.fake.count("/api/v1/tickets/search");
        let body = wire.call("export_records", call).await;
        assert_eq!(
            (&body["data"]["records"], &body["complete"]),
            (&json!(122), &json!(true)),
            "{body:#}"
        );
        assert!(notes(&body).contains("112 of these are archived"), "{body:#}");
        assert_eq!(house.fake.count("/api/v1/tickets/search"), before);
    }
}

#[tokio::test]
async fn an_archive_that_zoho_refuses_in_the_middle_is_not_whole() {
    let house = house(forbidden()).await;
    let call = json!({ "module": "Cases", "app_type": "desk", "fields": ["subject"] });
    let body = wire_of(&house).await.call("export_records", call).await;
    assert_eq!(body["complete"], false, "{body:#}");
    // Of the first department what had come, and all of the second.
    assert!(once(&body).contains("302"), "{body:#}");
    assert!(notes(&body).contains("may be missing, of department 7: ") && notes(&body).contains("FORBIDDEN"));
}
