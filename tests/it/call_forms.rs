//! `zoho-mcp call` as people type it and as scripts read it: pairs, forms, the help of a tool, and the pager.
//!
//! REAL CLOCK: some of it is about a program that knows of no sandbox.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value, json};

use crate::bed::Bed;
use crate::commands::{bare, finished};
use crate::terminals::{talk_at, talk_with};

/// What a call was understood as.
fn asked(bed_answer: &Value) -> Vec<&str> {
    let rows = bed_answer["data"].as_array().unwrap();
    rows.iter()
        .map(|row| row["ticketNumber"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn arguments_are_pairs_or_one_object_and_mean_the_same() {
    let bed = Bed::connected().await;
    let object =
        r#"{"module":"Cases","limit":3,"filters":{"status":"Open"},"fields":["ticketNumber","status"]}"#;
    let expected = bed.run(&["call", "get_records", object]).succeeded();
    assert_eq!(asked(&expected).len(), 3);
    let pairs = [
        "call",
        "get_records",
        "module=Cases",
        "limit=3",
        "filters.status=Open",
        "fields=[\"ticketNumber\",\"status\"]",
    ];
    let answer = bed.run(&pairs).succeeded();
    assert_eq!(asked(&answer), asked(&expected));
    assert!(answer.get("repairs").is_none(), "{answer}");
    // What is text is no number, whatever it looks like.
    let answer = bed
        .run(&["call", "get_record", "module=Cases", "ticket_number=600"])
        .succeeded();
    assert!(answer.get("repairs").is_none(), "{answer}");
    let typed = [
        "call",
        "get_records",
        "Module=cases",
        "limit=3",
        "filters.status=Open",
        "fields=ticketNumber,status",
    ];
    let answer = bed.run(&typed).succeeded();
    assert_eq!(asked(&answer), asked(&expected));
    assert!(
        !answer["repairs"].as_array().unwrap().is_empty(),
        "told as ever: {answer}"
    );
    let answer = bed.run_with(&["call", "get_records", "-"], object).succeeded();
    assert_eq!(asked(&answer), asked(&expected));
}

#[tokio::test]
async fn pairs_that_contradict_each_other_are_refused_before_anything_is_asked() {
    let bed = Bed::connected().await;
    for (words, told) in [
        (&["limit=1", "limit=2"][..], "limit is given twice"),
        (
            &["filters=1", "filters.status=Open"],
            "filters.status is given twice",
        ),
        (&["module=Cases", "five"], "no key=value pair"),
    ] {
        let ran = bed.run(&[&["call", "get_records"], words].concat());
        assert!(ran.failed().contains(told), "{ran:?}");
    }
}

#[tokio::test]
async fn a_value_with_more_of_an_equals_sign_is_one_value() {
    let bed = Bed::connected().await;
    let query = "query=select id from Contacts where Last_Name = 'x' limit 1";
    let answer = bed.run(&["call", "run_coql_query", query]).succeeded();
    assert_eq!(answer["app_type"], "crm");
}

/// Who gives nothing has nothing to be told about it.
#[tokio::test]
async fn no_arguments_are_no_repair() {
    let bed = Bed::connected().await;
    let answer = bed.run(&["call", "get_all_organizations"]).succeeded();
    assert!(answer.get("repairs").is_none(), "{answer}");
}

#[test]
fn a_tool_tells_its_arguments_and_a_call_that_is_right() {
    let home = tempfile::tempdir().unwrap();
    let names = finished(bare(home.path(), &["tools"]), "").succeeded();
    for tool in names.as_array().unwrap() {
        let name = tool["name"].as_str().unwrap();
        let ran = finished(bare(home.path(), &["call", name, "--help"]), "");
        assert!(ran.ok, "{ran:?}");
        for argument in tool["inputSchema"]["properties"].as_object().unwrap().keys() {
            assert!(
                ran.out.contains(&format!("\n  {argument}")),
                "{argument}: {}",
                ran.out
            );
        }
        let example = ran
            .out
            .lines()
            .skip_while(|line| *line != "Example:")
            .nth(1)
            .unwrap();
        let words = example
            .trim()
            .strip_prefix("zoho-mcp ")
            .unwrap()
            .replace('\'', "");
        let call: Vec<&str> = ["--sandbox"]
            .into_iter()
            .chain(words.split_whitespace())
            .collect();
        let ran = finished(bare(home.path(), &call), "");
        // What is confirmed or taken back, only an earlier answer names; what is changed, only whoever wants it.
        let is_open = ["confirm_write", "undo_write", "update_cases"].contains(&name);
        let is_right = is_open || !ran.out.contains("invalid_arguments");
        assert!(is_right, "{words}: {ran:?}");
    }
    let ran = finished(bare(home.path(), &["call", "--help"]), "");
    assert!(ran.ok && ran.out.contains("KEY=VALUE"), "{ran:?}");
}

#[tokio::test]
async fn an_answer_is_printed_in_the_form_that_is_asked_for_also_into_a_pipe() {
    let bed = Bed::connected().await;
    let call = ["call", "get_records", "module=Cases", "limit=3"];
    let with = |form: &str| bed.run(&[&call[..], &["--output", form]].concat());
    let json = with("json").succeeded();
    let numbers = asked(&json);
    let table = with("table");
    assert!(
        table.ok && table.out.contains("SUBJECT") && !table.out.contains('\u{1b}'),
        "{table:?}"
    );
    for number in &numbers {
        assert!(table.out.contains(number), "{table:?}");
    }
    let lines = with("jsonl");
    let rows: Vec<Value> = lines
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(rows.len(), 3, "{lines:?}");
    assert!(
        rows[0]["subject"]
            .as_str()
            .unwrap()
            .starts_with(|sign| sign != '〔'),
        "{lines:?}"
    );
    assert!(
        lines.told.contains("there are more") && lines.told.contains("cursor="),
        "{lines:?}"
    );
    let csv = with("csv");
    let mut heads = csv.out.lines().next().unwrap().split(',');
    assert_eq!(heads.nth(1), Some("ticketNumber"), "{csv:?}");
    assert_eq!(csv.out.lines().count(), 4, "{csv:?}");
    let refused = bed.run(&["call", "get_records", "limit=many", "--output", "csv"]);
    assert!(
        refused.out.is_empty() && refused.failed().contains("example: "),
        "{refused:?}"
    );
    let (one, other) = (
        bed.run(&["call", "count_records", "module=Cases", "--json"]),
        json!(483),
    );
    assert_eq!(one.succeeded()["count"], other);
}

#[tokio::test]
async fn colours_are_asked_for_and_refused() {
    let bed = Bed::connected().await;
    let call = ["call", "get_records", "module=Cases", "limit=3"];
    let coloured = |screen: &str| screen.contains("\u{1b}[1m");
    let piped = |more: &[&str]| bed.run(&[&call[..], &["--output", "table"], more].concat()).out;
    assert!(!coloured(&piped(&[])) && coloured(&piped(&["--color", "always"])));
    let Some((_, screen)) = talk_at(&bed, 100, &call) else {
        return;
    };
    assert!(
        coloured(&screen) && screen.contains("\u{1b}]8;;https://desk."),
        "{screen:?}"
    );
    let (_, plain) = talk_at(&bed, 100, &[&call[..], &["--color", "never"]].concat()).unwrap();
    assert!(!coloured(&plain), "{plain:?}");
    let mut command = bed.command(&call);
    command.env("NO_COLOR", "1");
    let (_, plain) = talk_with(&command, 100, &[]).unwrap();
    assert!(!coloured(&plain), "{plain:?}");
    let mut command = bed.command(&call);
    command.env("TERM", "dumb");
    let (_, dumb) = talk_with(&command, 100, &[]).unwrap();
    assert!(
        !dumb.contains('\u{1b}') && dumb.contains("not shown: ids beside a name or link, link"),
        "{dumb:?}"
    );
}

/// A pager that says that it was one.
fn pager(folder: &std::path::Path) -> String {
    let path = folder.join("pager");
    std::fs::write(&path, "#!/bin/sh\necho \"paged with $LESS\"\nexec /bin/cat\n").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path.display().to_string()
}

/// As git has it: what is longer than the screen goes through PAGER.
#[tokio::test]
async fn a_page_that_is_longer_than_the_screen_goes_through_the_pager() {
    let bed = Bed::connected().await;
    let folder = tempfile::tempdir().unwrap();
    let on = |columns: u16, arguments: &[&str]| {
        let mut command = bed.command(arguments);
        command.env("PAGER", pager(folder.path()));
        talk_with(&command, columns, &[])
    };
    let with = |arguments: &[&str]| on(100, arguments);
    let long = ["call", "get_records", "module=Cases", "limit=60"];
    let Some((ok, screen)) = with(&long) else {
        return;
    };
    assert!(
        ok && screen.contains("paged with FRX") && screen.contains("SUBJECT"),
        "{screen}"
    );
    for page in [&["tools"][..], &["config"]] {
        let (_, screen) = on(60, page).unwrap();
        assert!(screen.contains("paged with FRX"), "{page:?}: {screen}");
    }
    let (_, screen) = with(&["call", "get_records", "module=Cases", "limit=2"]).unwrap();
    assert!(!screen.contains("paged"), "{screen}");
    let (_, screen) = with(&[&long[..], &["--no-pager"]].concat()).unwrap();
    assert!(
        !screen.contains("paged") && screen.contains("SUBJECT"),
        "{screen}"
    );
    let mut command = bed.command(&long);
    command.env("PAGER", "/nowhere/at/all");
    let (ok, screen) = talk_with(&command, 100, &[]).unwrap();
    assert!(ok && screen.contains("SUBJECT"), "{screen}");
}

/// A sheet has rows: an answer of several parts is one of theirs, each with its part's name.
#[tokio::test]
async fn an_answer_of_several_parts_is_rows_with_the_names_of_the_parts() {
    let bed = Bed::connected().await;
    let rows = |form: &str, call: &[&str]| {
        let ran = finished(bed.command(&[&["call", "--output", form], call].concat()), "");
        assert!(ran.ok, "{ran:?}");
        ran.out
    };
    let case = ["get_ticket_context", "ticket_number=600"];
    let answer = bed.run(&[&["call"][..], &case].concat()).succeeded();
    let lines = rows("jsonl", &case);
    let parts: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let of = |part: &str| parts.iter().filter(|row| row["part"] == part).count();
    assert_eq!(of("case"), 1, "{lines}");
    let messages = answer["data"]["conversation"].as_array().unwrap().len();
    assert_eq!(of("conversation"), messages, "{lines}");
    let sheet = rows("csv", &case);
    let (head, first) = (sheet.lines().next().unwrap(), sheet.lines().nth(1).unwrap());
    assert!(head.split(',').any(|column| column == "part"), "{head}");
    assert!(
        !first.starts_with('{') && !first.contains("\"\"ticketNumber"),
        "{first}"
    );
    let customer = ["find_customer", "email=selam.tesfaye56@copperfern.example"];
    assert!(rows("csv", &customer).lines().next().unwrap().contains("part"));
    let record = rows("csv", &["get_record", "module=Cases", "ticket_number=600"]);
    assert!(record.starts_with("id,ticketNumber,"), "{record}");
}

/// A call that is shown to be made again is the same call.
#[tokio::test]
async fn an_example_repeats_the_options_of_the_call() {
    let bed = Bed::connected().await;
    let folder = bed.home.path().join("out").display().to_string();
    let call = [
        "call",
        "--output",
        "table",
        "export_records",
        "module=Cases",
        "limit=many",
        "--files",
        &folder,
    ];
    let ran = finished(bed.command(&call), "");
    let example = ran
        .failed()
        .lines()
        .find(|line| line.starts_with("example:"))
        .unwrap();
    assert!(example.contains(&format!("--files {folder}")), "{example}");
}

/// A field that stands beside the object it belongs into is told its place, as the reader would write it; a key that is none is not.
#[tokio::test]
async fn a_misplaced_field_is_told_its_place() {
    let bed = Bed::connected().await;
    let suggested = |tool: &str, arguments: &Value| {
        let ran = bed.run(&["call", tool, &arguments.to_string()]);
        ran.json()["problems"][0]["suggestion"].clone()
    };
    for (tool, arguments, suggestion) in [
        (
            "get_records",
            json!({ "module": "Cases", "status": "Open" }),
            json!("`status` inside `filters`"),
        ),
        (
            "search_records",
            json!({ "module": "Cases", "query": "x", "Priority": "High" }),
            json!("`Priority` inside `filters`"),
        ),
        (
            "count_records",
            json!({ "module": "Leads", "Lead_Status": "New" }),
            json!("`Lead_Status` inside `filters`"),
        ),
        (
            "update_record",
            json!({ "module": "Cases", "ticket_number": "600", "values": { "status": "Closed" }, "priority": "High" }),
            json!("`priority` inside `values`"),
        ),
        (
            "get_records",
            json!({ "module": "Cases", "page": 2 }),
            Value::Null,
        ),
    ] {
        assert_eq!(suggested(tool, &arguments), suggestion, "{tool} {arguments}");
    }
    let typed = bed.run(&[
        "call",
        "get_records",
        "module=Cases",
        "status=Open",
        "--output",
        "table",
    ]);
    assert!(typed.failed().contains("meant filters.status?"), "{typed:?}");
}

/// What is to be done next is no value that was meant, and an example is typed as people type.
#[tokio::test]
async fn a_refusal_at_the_terminal_reads_as_words_and_its_example_is_typed_as_people_type() {
    let bed = Bed::connected().await;
    let told = |words: &[&str]| {
        let ran = bed.run(&[&["call"], words, &["--output", "table"]].concat());
        ran.failed().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    for words in [
        &[
            "search_records",
            "module=Cases",
            "query=printer",
            "any=[\"scanner\"]",
        ][..],
        &["get_records", "module=Nothing"],
        &["get_record", "module=Cases"],
    ] {
        let told = told(words);
        let (problems, next) = told.split_once(" next: ").unwrap();
        assert!(!problems.contains(".?"), "{told}");
        assert!(!problems.contains(next), "said once: {told}");
    }
    let refused = told(&["get_record", "module=Cases", "ticket_number=600", "colour=red"]);
    let example = "example: zoho-mcp call get_record module=Cases ticket_number=600 ";
    assert!(format!("{refused} ").contains(example), "{refused}");
    let refused = told(&["get_records", "module=Cases", "filters.status=Open", "limit=many"]);
    assert!(refused.contains(" filters.status=Open"), "{refused}");
    let example = refused.split(" example: zoho-mcp ").nth(1).unwrap();
    let example = example.split(" next: ").next().unwrap();
    bed.run(&example.split(' ').collect::<Vec<_>>()).succeeded();
}
