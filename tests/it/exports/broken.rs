//! Exports that broke off, run twice, or find something odd in their directory: the file holds the rows asked for, or
//! the answer says why not.

mod mended;

use std::collections::HashSet;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{bed, ids, left_over, tools};
use crate::apart::{second_organization, set_org, two_connections};
use crate::bed::{Bed, Wire, model_reads};
use crate::commands::finished;

const ROWS: u64 = 300;
/// With those that are spam.
const TICKETS: u64 = 304;

fn export(connection: Option<&str>) -> Value {
    match connection {
        Some(name) => json!({ "module": "Cases", "fields": ["subject"], "connection": name }),
        None => json!({ "module": "Cases", "fields": ["subject"] }),
    }
}

/// Lets the export break off at its third page, and gives its answer.
async fn break_off(bed: &Bed, wire: &mut Wire, arguments: &Value) -> Value {
    bed.admin(
        json!({ "faults": [{ "kind": "403", "path": "/api/v1/tickets/search", "every": 3, "count": 1 }] }),
    )
    .await;
    let broken = wire.call("export_records", arguments.clone()).await;
    assert_eq!(broken["code"], "rejected", "{broken}");
    bed.admin(json!({ "faults": [] })).await;
    broken
}

/// The file with this ending in the directory of the exports.
fn file(bed: &Bed, ending: &str) -> PathBuf {
    let entries = fs::read_dir(bed.home.path().join("files")).unwrap();
    let mut found = entries.map(|entry| entry.unwrap().path());
    let is_it = |path: &PathBuf| path.to_str().unwrap().ends_with(ending);
    found.find(is_it).unwrap_or_else(|| panic!("no {ending}"))
}

/// The export is complete and holds so many different rows.
#[track_caller]
fn whole(body: &Value, rows: u64) -> HashSet<String> {
    assert_eq!(body["complete"], true, "{body}");
    let all = ids(body["data"]["path"].as_str().unwrap());
    let different: HashSet<String> = all.iter().cloned().collect();
    let counted = body["data"]["records"].as_u64().unwrap();
    assert_eq!(
        (all.len() as u64, different.len() as u64, counted),
        (rows, rows, rows),
        "{body}"
    );
    different
}

async fn counted(wire: &mut Wire, connection: &str) -> u64 {
    let count = wire
        .call(
            "count_records",
            json!({ "module": "Cases", "connection": connection }),
        )
        .await;
    count["count"].as_u64().unwrap_or_else(|| panic!("{count}"))
}

#[tokio::test]
async fn another_connection_does_not_take_it_up() {
    let bed = two_connections(TICKETS).await;
    let mut wire = Wire::start(tools(&bed).await).await;
    let of_b = counted(&mut wire, "b").await;
    break_off(&bed, &mut wire, &export(Some("a"))).await;
    let b = wire.call("export_records", export(Some("b"))).await;
    let b_rows = whole(&b, of_b);
    let a = wire.call("export_records", export(Some("a"))).await;
    let a_rows = whole(&a, ROWS);
    assert!(a_rows.is_disjoint(&b_rows));
    assert_ne!(
        a["data"]["path"], b["data"]["path"],
        "one does not replace the other"
    );
    assert_eq!(left_over(&bed.home.path().join("files")), Vec::<String>::new());
}

#[tokio::test]
async fn another_organization_or_consent_does_not_take_it_up() {
    let bed = two_connections(TICKETS).await;
    let mut wire = Wire::start(tools(&bed).await).await;
    let of_b = counted(&mut wire, "b").await;
    break_off(&bed, &mut wire, &export(Some("a"))).await;
    set_org(&bed, "a", &second_organization(&bed));
    whole(&wire.call("export_records", export(Some("a"))).await, of_b);
    let first = bed.sandbox.desk_organizations[0].0.clone();
    set_org(&bed, "a", &first);
    bed.run(&["connect", "--name", "a"]).succeeded();
    bed.forget().await;
    let body = wire.call("export_records", export(Some("a"))).await;
    whole(&body, ROWS);
    assert!(
        !body["notes"].to_string().contains("went on"),
        "begun anew: {body}"
    );
}

/// Whoever renames the note of one export to that of another does not mix them either.
#[tokio::test]
async fn a_note_of_another_export_is_not_believed() {
    let bed = two_connections(TICKETS).await;
    let first = bed.sandbox.desk_organizations[0].0.clone();
    set_org(&bed, "b", &first);
    let mut wire = Wire::start(tools(&bed).await).await;
    break_off(&bed, &mut wire, &export(Some("a"))).await;
    let kept = bed.home.path().join("kept");
    fs::create_dir(&kept).unwrap();
    for ending in [".part", ".note"] {
        fs::rename(file(&bed, ending), kept.join(ending)).unwrap();
    }
    break_off(&bed, &mut wire, &export(Some("b"))).await;
    for ending in [".part", ".note"] {
        fs::rename(kept.join(ending), file(&bed, ending)).unwrap();
    }
    let body = wire.call("export_records", export(Some("b"))).await;
    whole(&body, ROWS);
    assert!(
        !body["notes"].to_string().contains("went on"),
        "begun anew: {body}"
    );
}

#[tokio::test]
async fn its_failure_tells_what_is_there_and_how_to_go_on() {
    let bed = bed(TICKETS).await;
    let mut wire = Wire::start(tools(&bed).await).await;
    let broken = break_off(&bed, &mut wire, &export(None)).await;
    let next = broken["next"].as_str().unwrap();
    assert!(
        next.contains("same call") && next.contains("190 records"),
        "{broken}"
    );
    let body = wire.call("export_records", export(None)).await;
    whole(&body, ROWS);
    assert!(
        body["notes"][0].as_str().unwrap().contains("190 records"),
        "{body}"
    );
}

/// What happens to a part and its note.
type Damage = fn(&Path, &Path);

#[tokio::test]
async fn nothing_broken_is_believed() {
    let bed = bed(TICKETS).await;
    let mut wire = Wire::start(tools(&bed).await).await;
    let damages: [(&str, Damage); 9] = [
        ("no part", |part, _| fs::remove_file(part).unwrap()),
        ("no note", |_, note| fs::remove_file(note).unwrap()),
        ("a short part", |part, _| cut(part, 100)),
        ("an empty part", |part, _| cut(part, 0)),
        ("a part of NUL bytes", |part, _| {
            let length = fs::metadata(part).unwrap().len();
            cut(part, 0);
            cut(part, length);
        }),
        ("a garbage note", |_, note| {
            fs::write(note, [0, 159, 146, 150]).unwrap()
        }),
        ("an empty note", |_, note| fs::write(note, "").unwrap()),
        ("half a note", |_, note| {
            cut(note, fs::metadata(note).unwrap().len() / 2)
        }),
        ("a boasting note", |_, note| {
            let mut kept: Value = serde_json::from_slice(&fs::read(note).unwrap()).unwrap();
            kept["bytes"] = json!(1_000_000);
            fs::write(note, kept.to_string()).unwrap();
        }),
    ];
    for (what, damage) in damages {
        break_off(&bed, &mut wire, &export(None)).await;
        damage(&file(&bed, ".part"), &file(&bed, ".note"));
        let body = wire.call("export_records", export(None)).await;
        let rows = whole(&body, ROWS);
        assert_eq!(rows.len() as u64, ROWS, "{what}");
        let path = body["data"]["path"].as_str().unwrap();
        assert!(!fs::read(path).unwrap().contains(&0), "{what}");
        assert_eq!(
            left_over(&bed.home.path().join("files")),
            Vec::<String>::new(),
            "{what}"
        );
        fs::remove_file(path).unwrap();
    }
}

fn cut(path: &Path, length: u64) {
    let file = fs::OpenOptions::new().write(true).open(path).unwrap();
    file.set_len(length).unwrap();
}

#[track_caller]
fn one_of_several(answers: &[Value]) {
    let complete = answers.iter().filter(|answer| answer["complete"] == true);
    assert!(complete.clone().count() > 0, "{answers:?}");
    complete.for_each(|answer| drop(whole(answer, ROWS)));
    for refused in answers.iter().filter(|answer| answer["complete"].is_null()) {
        assert_eq!(
            (&refused["code"], &refused["retryable"]),
            (&json!("unavailable"), &json!(true)),
            "{refused}"
        );
        assert!(
            refused["error"].as_str().unwrap().contains("running"),
            "{refused}"
        );
    }
}

#[tokio::test]
async fn four_at_once_in_one_process_are_one() {
    let bed = bed(TICKETS).await;
    let tools = tools(&bed).await;
    bed.admin(json!({ "latency_ms": 20 })).await;
    let mut wires = Vec::new();
    for _ in 0..4 {
        wires.push(Wire::start(tools.clone()).await);
    }
    let calls = wires
        .into_iter()
        .map(|mut wire| async move { wire.call("export_records", export(None)).await });
    let answers = crate::connections_rooms::refresh::futures_all(calls).await;
    one_of_several(&answers);
    assert!(
        answers.iter().any(|answer| answer["complete"].is_null()),
        "they ran one after the other"
    );
    assert_eq!(left_over(&bed.home.path().join("files")), Vec::<String>::new());
    let mut wire = Wire::start(tools).await;
    whole(&wire.call("export_records", export(None)).await, ROWS);
}

#[tokio::test]
async fn four_processes_at_once_are_one() {
    let bed = bed(TICKETS).await;
    let directory = bed.home.path().join("files");
    bed.admin(json!({ "latency_ms": 20 })).await;
    let arguments = export(None).to_string();
    let files = ["--files", directory.to_str().unwrap()];
    let words = [
        &files[..],
        &["--toolsets", "export", "call", "export_records", &arguments],
    ]
    .concat();
    let running: Vec<_> = (0..4)
        .map(|_| {
            let command = bed.command(&words);
            std::thread::spawn(move || finished(command, "").json())
        })
        .collect();
    let mut answers = Vec::new();
    for one in running {
        answers.push(tokio::task::spawn_blocking(|| one.join().unwrap()).await.unwrap());
    }
    one_of_several(&answers);
    assert_eq!(left_over(&directory), Vec::<String>::new());
}

#[tokio::test]
async fn one_that_runs_elsewhere_is_left_alone() {
    let bed = bed(TICKETS).await;
    let mut wire = Wire::start(tools(&bed).await).await;
    break_off(&bed, &mut wire, &export(None)).await;
    let part = fs::File::open(file(&bed, ".part")).unwrap();
    part.lock().unwrap();
    bed.forget().await;
    let refused = wire.call("export_records", export(None)).await;
    assert_eq!(
        (&refused["code"], &refused["retryable"]),
        (&json!("unavailable"), &json!(true)),
        "{refused}"
    );
    assert!(
        refused["error"].as_str().unwrap().contains("running"),
        "{refused}"
    );
    assert_eq!(bed.seen().await, Vec::<String>::new(), "Zoho is not asked");
    drop(part);
    whole(&wire.call("export_records", export(None)).await, ROWS);
}

fn fifo(path: &Path) {
    let made = std::process::Command::new("mkfifo").arg(path).status();
    assert!(made.unwrap().success());
}

#[tokio::test]
async fn links_and_pipes_in_its_place_lead_nowhere() {
    let bed = bed(TICKETS).await;
    let mut wire = Wire::start(tools(&bed).await).await;
    let victim = bed.home.path().join("victim");
    for ending in [".part", ".note"] {
        for pipe in [false, true] {
            break_off(&bed, &mut wire, &export(None)).await;
            let place = file(&bed, ending);
            fs::remove_file(&place).unwrap();
            fs::write(&victim, "precious").unwrap();
            if pipe {
                fifo(&place);
            } else {
                symlink(&victim, &place).unwrap();
            }
            let body = wire.call("export_records", export(None)).await;
            if body["complete"] == true {
                whole(&body, ROWS);
            } else {
                assert_eq!(body["code"], "unavailable", "{body}");
                assert!(body["error"].as_str().unwrap().contains("regular file"), "{body}");
                fs::remove_file(&place).unwrap();
            }
            assert_eq!(fs::read_to_string(&victim).unwrap(), "precious");
        }
    }
    fs::remove_dir_all(bed.home.path().join("files")).unwrap();
    let path = wire.call("export_records", export(None)).await["data"]["path"].clone();
    let path = Path::new(path.as_str().unwrap());
    fs::remove_file(path).unwrap();
    symlink(&victim, path).unwrap();
    whole(&wire.call("export_records", export(None)).await, ROWS);
    assert_eq!(fs::read_to_string(&victim).unwrap(), "precious");
    let mode = fs::symlink_metadata(path).unwrap().permissions().mode();
    assert_eq!(mode & 0o170_777, 0o100_600, "a file of its owner");
}

#[tokio::test]
async fn an_attachment_follows_no_link_and_leaves_no_draft() {
    let bed = bed(500).await;
    let mut wire = Wire::start(tools(&bed).await).await;
    let context = wire
        .call("get_ticket_context", json!({ "ticket_number": "600" }))
        .await;
    let (id, file) = (&context["data"]["case"]["id"], &context["data"]["attachments"][0]);
    let save = json!({ "module": "Cases", "id": id, "attachment_id": file["id"], "save": true });
    let path = wire.call("get_attachment", save.clone()).await["data"]["path"].clone();
    let path = Path::new(path.as_str().unwrap());
    let content = fs::read(path).unwrap();
    let victim = bed.home.path().join("victim");
    fs::write(&victim, "precious").unwrap();
    let part = path.with_file_name(format!("{}.part", path.file_name().unwrap().to_str().unwrap()));
    for pipe in [false, true] {
        fs::remove_file(path).unwrap();
        symlink(&victim, path).unwrap();
        let _ = fs::remove_file(&part);
        if pipe {
            fifo(&part);
        } else {
            symlink(&victim, &part).unwrap();
        }
        let answer = wire.call_text("get_attachment", &save.to_string()).await;
        assert!(model_reads(&answer)["data"]["path"].is_string(), "{answer}");
        assert!(fs::symlink_metadata(path).unwrap().is_file());
        assert_eq!(fs::read(path).unwrap(), content);
        assert_eq!(fs::read_to_string(&victim).unwrap(), "precious");
    }
    fs::remove_file(&part).unwrap();
    fs::remove_file(path).unwrap();
    let content = format!(
        "/api/v1/tickets/{}/attachments/{}/content",
        id.as_str().unwrap(),
        file["id"].as_str().unwrap()
    );
    bed.admin(json!({ "faults": [{ "kind": "midreset", "path": content }] }))
        .await;
    let answer = wire.call("get_attachment", save).await;
    assert_eq!(answer["code"], "unavailable", "{answer}");
    let left: Vec<_> = fs::read_dir(path.parent().unwrap()).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}
