//! What stays of an export that could not end, and where its files lie.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::scripted::{LIST, contacts, directory, last, listing, page, rows, wire, wire_to};
use super::{bed, ids, left_over, tools};
use crate::bed::Wire;
use crate::commands::finished;
use crate::connections_rooms::fake::{House, json as scripted};

fn cases() -> Value {
    json!({ "module": "Cases", "fields": ["subject"] })
}

#[tokio::test]
async fn one_that_cannot_get_its_name_is_kept_whole() {
    let bed = bed(304).await;
    let mut wire = Wire::start(tools(&bed).await).await;
    let body = wire.call("export_records", cases()).await;
    let path = PathBuf::from(body["data"]["path"].as_str().unwrap());
    let text = fs::read(&path).unwrap();
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    let failed = wire.call("export_records", cases()).await;
    assert_eq!(failed["code"], "unavailable", "{failed}");
    let next = failed["next"].as_str().unwrap();
    assert!(
        next.contains("same call") && next.contains("300 records"),
        "{failed}"
    );
    fs::remove_dir(&path).unwrap();
    bed.forget().await;
    let body = wire.call("export_records", cases()).await;
    assert_eq!(
        (&body["complete"], &body["data"]["records"]),
        (&json!(true), &json!(300)),
        "{body}"
    );
    assert_eq!(fs::read(&path).unwrap(), text);
    assert_eq!(bed.seen().await, Vec::<String>::new(), "nothing is read again");
    assert_eq!(left_over(path.parent().unwrap()), Vec::<String>::new());
}

#[tokio::test]
async fn a_refused_export_leaves_nothing() {
    let bed = bed(304).await;
    let mut wire = Wire::start(tools(&bed).await).await;
    bed.admin(json!({ "faults": [{ "kind": "403", "path": "/api/v1/tickets/search" }] }))
        .await;
    let refused = wire.call("export_records", cases()).await;
    assert_eq!(refused["code"], "rejected", "{refused}");
    assert_eq!(left_over(&bed.home.path().join("files")), Vec::<String>::new());
}

/// The first connection of every database has the same number.
#[tokio::test]
async fn of_another_database_it_is_not_taken_up() {
    let broken = House::new().await;
    broken.connect(3_000_000_000).await;
    let first = page(rows(1..11), "T1").to_string();
    let refusal = scripted(400, r#"{"code":"INVALID_DATA","message":"no"}"#);
    broken.fake.script(LIST, [scripted(200, &first), refusal]);
    let left = wire(&broken).await.call("export_records", contacts()).await;
    assert!(left["next"].as_str().unwrap().contains("10 records"), "{left}");
    let other = listing(|number| match number {
        0 => page(rows(101..111), "T1"),
        _ => last(rows(110..113)),
    })
    .await;
    let mut there = wire_to(&other, directory(&broken)).await;
    let whole = there.call("export_records", contacts()).await;
    assert_eq!(
        (&whole["complete"], &whole["notes"]),
        (&json!(true), &Value::Null),
        "{whole}"
    );
    let ids = ids(whole["data"]["path"].as_str().unwrap());
    assert_eq!(ids, (101..113).map(|id| id.to_string()).collect::<Vec<_>>());
}

/// Days are others in another zone; an export without days is the same in any.
#[tokio::test]
async fn it_goes_on_in_another_zone_unless_it_names_days() {
    let day = json!({ "createdTime": { "from": "2000-01-01", "to": "2100-01-01" } });
    for (filters, goes_on) in [(json!({}), true), (day, false)] {
        let bed = bed(304).await;
        let mut wires = Vec::new();
        for zone in ["Europe/Berlin", "Asia/Kathmandu"] {
            let mut config = bed.config(crate::bed::USER);
            config.said.timezone = Some(zone.to_owned());
            config.said.files = Some(bed.home.path().join("files"));
            let assembled = zoho_mcp::cli::assemble::calling(&config, &bed.clock);
            wires.push(Wire::start(assembled.unwrap().tools).await);
        }
        let mut arguments = cases();
        arguments["filters"] = filters;
        let fault = json!({ "kind": "403", "path": "/api/v1/tickets/search", "every": 3, "count": 1 });
        bed.admin(json!({ "faults": [fault] })).await;
        let broken = wires[0].call("export_records", arguments.clone()).await;
        assert_eq!(broken["code"], "rejected", "{broken}");
        bed.admin(json!({ "faults": [] })).await;
        let whole = wires[1].call("export_records", arguments).await;
        assert_eq!(whole["data"]["records"], 300, "{whole}");
        let notes = whole["notes"].to_string();
        assert_eq!(notes.contains("It went on"), goes_on, "{whole}");
    }
}

#[tokio::test]
async fn its_directory_is_not_made_for_a_call_that_is_refused() {
    let bed = bed(20).await;
    let mut wire = Wire::start(tools(&bed).await).await;
    for (tool, arguments) in [
        ("export_records", json!({ "module": "No Such Module" })),
        (
            "export_records",
            json!({ "module": "Cases", "connection": "nobody's" }),
        ),
        (
            "get_attachment",
            json!({ "module": "Cases", "id": "1", "attachment_id": "2", "save": true }),
        ),
    ] {
        let refused = wire.call(tool, arguments).await;
        assert!(refused["code"].is_string(), "{refused}");
        assert!(!bed.home.path().join("files").exists(), "{refused}");
    }
}

/// What another program does to the part of an export on its way.
type Damage = fn(&Path);

#[tokio::test]
async fn a_part_that_others_change_is_never_called_whole() {
    // And how many pages are read until it is noticed.
    let damages: [(&str, usize, Damage); 4] = [
        ("emptied", 3, |part| fs::write(part, "").unwrap()),
        ("overwritten", 3, |part| {
            let length = fs::metadata(part).unwrap().len();
            fs::write(part, vec![b'x'; usize::try_from(length).unwrap()]).unwrap();
        }),
        ("removed", 2, |part| fs::remove_file(part).unwrap()),
        ("replaced", 2, |part| {
            let other = part.with_file_name("other");
            fs::write(&other, "a draft of somebody else").unwrap();
            fs::rename(other, part).unwrap();
        }),
    ];
    for (what, asked, damage) in damages {
        let house = listing(
            |number| match if number < asked { number } else { number - asked } {
                2 => last(rows(20..24)),
                0 => page(rows(1..11), "T0"),
                number => page(rows(number * 10..11 + number * 10), &format!("T{number}")),
            },
        )
        .await;
        let held = house.fake.hold(LIST);
        let mut wire = wire(&house).await;
        let meddle = async {
            held.arrival().await;
            held.release();
            held.arrival().await;
            let names = left_over(&directory(&house));
            let part = names.iter().find(|name| name.ends_with(".part")).unwrap();
            damage(&directory(&house).join(part));
            (0..200).for_each(|_| held.release());
        };
        let (changed, ()) = tokio::join!(wire.call("export_records", contacts()), meddle);
        assert_eq!(changed["code"], "unavailable", "{what}: {changed}");
        assert!(
            changed["error"].as_str().unwrap().contains("Another program"),
            "{changed}"
        );
        let next = changed["next"].as_str().unwrap();
        assert!(next.contains("anew") && !next.contains("goes on"), "{changed}");
        let whole = wire.call("export_records", contacts()).await;
        assert_eq!(whole["complete"], true, "{what}: {whole}");
        let text = fs::read_to_string(whole["data"]["path"].as_str().unwrap()).unwrap();
        assert_eq!(
            text.lines().filter(|line| line.contains("\"X\"")).count(),
            23,
            "{what}"
        );
        assert_eq!(text.lines().count(), 23, "{what}");
    }
}

/// The names the file is answered by hold wherever the reader stands.
#[tokio::test]
async fn its_directory_is_made_for_its_owner_and_named_from_the_root_on() {
    let bed = bed(20).await;
    let arguments = cases().to_string();
    let run = async |directory: &str| {
        let words = [
            "--files",
            directory,
            "--toolsets",
            "export",
            "call",
            "export_records",
            &arguments,
        ];
        let mut command = bed.command(&words);
        command.current_dir(bed.home.path());
        tokio::task::spawn_blocking(move || finished(command, "").json())
            .await
            .unwrap()
    };
    let out = bed.home.path().join("out");
    let body = run("~/out").await;
    assert!(body["notes"].to_string().contains("was made"), "{body}");
    let path = PathBuf::from(body["data"]["path"].as_str().unwrap());
    assert_eq!(path.parent().unwrap(), out, "{body}");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&out), mode(&path)), (0o700, 0o600));
    assert!(!run("~/out").await["notes"].to_string().contains("was made"));
    let slip = run("~/otu/exports").await;
    assert_eq!(slip["code"], "unavailable", "{slip}");
    assert!(slip["error"].as_str().unwrap().contains("otu/exports"), "{slip}");
    assert!(!bed.home.path().join("otu").exists());
    let file = run(path.to_str().unwrap()).await;
    assert_eq!(file["code"], "unavailable", "{file}");
}
