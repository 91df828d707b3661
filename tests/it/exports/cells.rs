//! What a spreadsheet makes of a file: no text of a customer runs, and none loses a character.

use serde_json::{Value, json};

use super::scripted::{contacts, last, listing, wire};

#[tokio::test]
async fn formulas_are_marked_and_told_and_numbers_stay() {
    let cells = [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3+A1", "'-2+3+A1"),
        ("- first item", "'- first item"),
        ("+1+2", "'+1+2"),
        ("-2+3", "'-2+3"),
        ("-1-1", "'-1-1"),
        ("--1", "'--1"),
        ("+1-2", "'+1-2"),
        ("+(1)(2)", "'+(1)(2)"),
        ("+1 555 0100", "+1 555 0100"),
        ("-5.", "-5."),
        ("\tx", "'\tx"),
        ("\r=x", "'\n'=x"),
        ("\n=x", "'\n'=x"),
        ("＝1+1", "'＝1+1"),
        // zvory/csv-safe#25, Asymmetric-al/core#518: some programs take the white space off before they look.
        (" =1+1", "' =1+1"),
        ("\u{a0}=HYPERLINK(1)", "'\u{a0}=HYPERLINK(1)"),
        // OWASP: a field separator begins a cell, too.
        ("x;=1+1", "x;'=1+1"),
        ("x; @SUM(A1)", "x;' @SUM(A1)"),
        (" -5", " -5"),
        ("a; b", "a; b"),
        ("-5", "-5"),
        ("-1,234.50 %", "-1,234.50 %"),
        ("+49 (170) 123-45/67", "+49 (170) 123-45/67"),
        ("a=1", "a=1"),
        ("'=1", "'=1"),
        // Read with another separator, a quoted cell ends at its line (hostile files, 19).
        ("x\n=1", "x\n'=1"),
        ("x;\n=cmd", "x;\n'=cmd"),
        ("x\r\n  @SUM(A1)\nend", "x\n'  @SUM(A1)\nend"),
        ("x\n- HYPERLINK(1)", "x\n'- HYPERLINK(1)"),
        ("x\n- cmd|' /C calc'!A0", "x\n'- cmd|' /C calc'!A0"),
        (
            "Steps:\n- first item\n  - second (new)\n- öl",
            "Steps:\n- first item\n  - second (new)\n- öl",
        ),
        (
            "Call\n+49 (170) 123-45/67\n-5\n\tx",
            "Call\n+49 (170) 123-45/67\n-5\n\tx",
        ),
        ("a;\"=1\",=2", "a;\"=1\",=2"),
    ];
    let rows: Value = cells
        .iter()
        .enumerate()
        .map(|(number, (text, _))| json!({ "id": number.to_string(), "Last_Name": text }))
        .chain([
            json!({ "id": "90", "Last_Name": -5 }),
            json!({ "id": "92", "Last_Name": -1e-7 }),
            json!({ "id": "91", "Last_Name": { "name": "=x" } }),
        ])
        .collect();
    let house = listing(|_| last(rows.clone())).await;
    let mut arguments = contacts();
    arguments["format"] = json!("csv");
    let body = wire(&house).await.call("export_records", arguments).await;
    assert_eq!(body["complete"], true, "{body}");
    let mut file = csv::Reader::from_path(body["data"]["path"].as_str().unwrap()).unwrap();
    let written: Vec<String> = file.records().map(|row| row.unwrap()[1].to_owned()).collect();
    let wanted = cells.iter().map(|(_, cell)| *cell).chain(["-5", "-1e-7", "'=x"]);
    assert_eq!(written, wanted.collect::<Vec<_>>());
    let marked = format!("{} cells", 25);
    assert!(body["notes"][0].as_str().unwrap().starts_with(&marked), "{body}");
}
