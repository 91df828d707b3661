//! The words of PDF and office files: a process of its own reads them, so the program itself is called, with a sandbox that
//! holds what a customer may have sent.
//! REAL CLOCK: the process that reads a document is told no time, and needs none.

mod bounds;
mod hidden;
mod real;

use std::io::{Cursor, Write as _};
use std::process::Stdio;

use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::bed::Bed;
use crate::commands::{bare, finished};
use crate::desk_client::Desk;

/// An archive of these parts.
fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn relations(kind: &str, target: &str) -> String {
    format!(
        r#"<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"/></Relationships>"#
    )
}

fn docx(document: &[u8]) -> Vec<u8> {
    let main = relations("officeDocument", "word/document.xml");
    archive(&[("_rels/.rels", main.as_bytes()), ("word/document.xml", document)])
}

/// A workbook of one sheet.
fn xlsx(cells: &str) -> Vec<u8> {
    let main = relations("officeDocument", "xl/workbook.xml");
    let sheet = relations("worksheet", "worksheets/sheet1.xml");
    let book = r#"<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#;
    let cells = format!("<worksheet><sheetData>{cells}</sheetData></worksheet>");
    archive(&[
        ("_rels/.rels", main.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", sheet.as_bytes()),
        ("xl/worksheets/sheet1.xml", cells.as_bytes()),
    ])
}

/// A PDF of these objects, the first of which is its catalog.
fn pdf(objects: &[&str]) -> Vec<u8> {
    let mut text = "%PDF-1.4\n".to_owned();
    let mut places = Vec::new();
    for (number, object) in (1..).zip(objects) {
        places.push(text.len());
        text += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    let table = text.len();
    text += &format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for place in places {
        text += &format!("{place:010} 00000 n \n");
    }
    text += &format!(
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n",
        objects.len() + 1
    );
    text.into_bytes()
}

fn stream(about: &str, content: &str) -> String {
    format!(
        "<< {about} /Length {} >>\nstream\n{content}\nendstream",
        content.len()
    )
}

/// What the process that reads documents says of one; nothing when it ended without a word.
fn read(bytes: &[u8]) -> Option<Value> {
    let home = tempfile::tempdir().unwrap();
    let mut command = bare(home.path(), &["read-document", "20000"]);
    command.env("MIMALLOC_ARENA_RESERVE", "0");
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(bytes);
    let output = child.wait_with_output().unwrap();
    output
        .status
        .success()
        .then(|| serde_json::from_slice(&output.stdout).unwrap())
}

fn words(bytes: &[u8]) -> String {
    let told = read(bytes).expect("it is read");
    assert_eq!(told["left_out"], 0, "{told}");
    told["text"]
        .as_str()
        .unwrap_or_else(|| panic!("{told}"))
        .to_owned()
}

fn why_unread(bytes: &[u8]) -> String {
    let told = read(bytes).expect("it says why");
    told["unread"]
        .as_str()
        .unwrap_or_else(|| panic!("{told}"))
        .to_owned()
}

/// Calls a tool with the program and gives the answer.
fn call(bed: &Bed, tool: &str, arguments: Value) -> Value {
    bed.run(&["call", tool, &arguments.to_string()]).succeeded()
}

fn case(bed: &Bed, number: &str) -> String {
    let found = call(
        bed,
        "get_record",
        json!({ "module": "Cases", "ticket_number": number }),
    );
    found["data"]["id"].as_str().unwrap().to_owned()
}

/// What a model reads of the newest file of a case.
fn shown(bed: &Bed, id: &str) -> Value {
    let listed = call(
        bed,
        "get_related_records",
        json!({ "module": "Cases", "id": id, "related": "attachments" }),
    );
    let file = listed["data"].as_array().unwrap()[0]["id"].clone();
    call(
        bed,
        "get_attachment",
        json!({ "module": "Cases", "id": id, "attachment_id": file }),
    )
}

/// Such a character is no JSON where it is written out for a terminal in another way than JSON has.
#[tokio::test]
async fn what_a_terminal_may_not_have_breaks_no_json() {
    let bed = Bed::connected().await;
    let (desk, id) = (Desk::of(&bed).await, case(&bed, "600"));
    let text = "<w:document><w:p><w:t>before&#x96;after&#x7f;end</w:t></w:p></w:document>";
    desk.attach(&id, "offer.docx", &docx(text.as_bytes())).await;
    let answer = shown(&bed, &id);
    let text = answer["data"]["text"]
        .as_str()
        .unwrap_or_else(|| panic!("{answer}"));
    assert!(
        ["before", "after", "end"].iter().all(|part| text.contains(part)),
        "{text}"
    );
    let odd = json!({ "module": "Cases", "un\u{96}known\u{7f}": 1 });
    let ran = bed.run(&["call", "get_records", &odd.to_string()]);
    assert_eq!(ran.json()["problems"][0]["path"], "/unknown", "{ran:?}");
}

/// What the system notes of each program that is loaded shows which of them were given the environment.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[tokio::test]
async fn the_reader_of_a_document_is_given_nothing_of_the_environment() {
    let bed = Bed::connected().await;
    let id = real::case_with(&bed, ".pdf").await;
    let related = json!({ "module": "Cases", "id": id, "related": "attachments" });
    let file = call(&bed, "get_related_records", related)["data"][0]["id"].clone();
    let wanted = json!({ "module": "Cases", "id": id, "attachment_id": file });
    let mut command = bed.command(&["call", "get_attachment", &wanted.to_string()]);
    let loads = tempfile::tempdir().unwrap();
    command
        .env("LD_DEBUG", "statistics")
        .env("LD_DEBUG_OUTPUT", loads.path().join("of"));
    let answer = finished(command, "").succeeded();
    assert!(answer["data"]["text"].is_string(), "{answer}");
    assert_eq!(
        std::fs::read_dir(loads.path()).unwrap().count(),
        1,
        "the program itself"
    );
}

/// A file that ends whoever reads it ends no call.
#[tokio::test]
async fn a_document_that_ends_its_reader_is_said_to_be_broken() {
    let bed = Bed::connected().await;
    let (desk, id) = (Desk::of(&bed).await, case(&bed, "600"));
    desk.attach(&id, "offer.pdf", &drawn_in_itself()).await;
    let answer = shown(&bed, &id);
    let note = answer["notes"].to_string();
    assert!(
        answer["data"]["text"].is_null() && note.contains("broken") && note.contains("save"),
        "{answer}"
    );
    let long = "Zeile mit Wörtern\n".repeat(3_000);
    let paragraphs: String = long
        .lines()
        .map(|line| format!("<w:p><w:t>{line}</w:t></w:p>"))
        .collect();
    desk.attach(
        &id,
        "long.docx",
        &docx(format!("<w:document>{paragraphs}</w:document>").as_bytes()),
    )
    .await;
    let answer = shown(&bed, &id);
    let left_out = answer["data"]["text_left_out"].as_u64().unwrap();
    let shown = answer["data"]["text"].as_str().unwrap().chars().count() as u64;
    // Two fences and the mark of the cut.
    assert_eq!(shown - 3 + left_out, long.chars().count() as u64);
}

/// A drawing that draws itself.
fn drawn_in_itself() -> Vec<u8> {
    let form = stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 4 0 R >> >>",
        "/F Do",
    );
    pdf(&[
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 9 9] >>",
        "<< /Type /Page /Parent 2 0 R /Contents 5 0 R /Resources << /XObject << /F 4 0 R >> >> >>",
        &form,
        &stream("", "/F Do"),
    ])
}

#[test]
fn words_come_in_the_order_they_are_shown_in() {
    let text = "<w:document><w:body><w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t xml:space=\"preserve\">a </w:t><w:tab/><w:t>b &amp; &#x20AC;</w:t><w:br/><w:t>c</w:t></w:r></w:p>\
        <w:del><w:r><w:delText>gone</w:delText></w:r></w:del><mc:AlternateContent><mc:Choice><w:p><w:t>once</w:t></w:p></mc:Choice><mc:Fallback><w:p><w:t>twice</w:t></w:p></mc:Fallback></mc:AlternateContent>\
        <w:tbl><w:tr><w:tc><w:p><w:t>1</w:t></w:p><w:p><w:t>2</w:t></w:p></w:tc><w:tc><w:p><w:t>3</w:t></w:p></w:tc></w:tr></w:tbl></w:body></w:document>";
    assert_eq!(words(&docx(text.as_bytes())), "a \tb & €\nc\nonce\n1 2\t3\n");
    let open = "<office:text><text:tracked-changes><text:p>gone</text:p></text:tracked-changes><text:h>T</text:h><text:p>a<text:s text:c=\"3\"/>b<text:tab/><text:span>c</text:span><text:line-break/>d</text:p></office:text>";
    let odt = archive(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", open.as_bytes()),
    ]);
    assert_eq!(words(&odt), "T\na   b\tc\nd\n");
    let slides = relations("officeDocument", "ppt/presentation.xml");
    let order = r#"<p:presentation><p:sldIdLst><p:sldId id="256" r:id="r2"/><p:sldId id="257" r:id="r1"/></p:sldIdLst></p:presentation>"#;
    let named = r#"<Relationships><Relationship Id="r1" Type="x/slide" Target="slides/slide1.xml"/><Relationship Id="r2" Type="x/slide" Target="/ppt/slides/slide2.xml"/></Relationships>"#;
    let pptx = archive(&[
        ("_rels/.rels", slides.as_bytes()),
        ("ppt/presentation.xml", order.as_bytes()),
        ("ppt/_rels/presentation.xml.rels", named.as_bytes()),
        (
            "ppt/slides/slide1.xml",
            b"<p:sld><a:p><a:t>made first</a:t></a:p></p:sld>",
        ),
        (
            "ppt/slides/slide2.xml",
            b"<p:sld><a:p><a:t>shown first</a:t></a:p></p:sld>",
        ),
    ]);
    assert_eq!(
        words(&pptx),
        "--- slide 1 ---\nshown first\n--- slide 2 ---\nmade first\n"
    );
    let cells = r#"<row r="2"><c r="B2" t="inlineStr"><is><t>x</t></is></c><c r="C2"><v>1.5</v></c><c r="D2" t="b"><v>1</v></c></row>"#;
    assert_eq!(words(&xlsx(cells)), "--- sheet S ---\nx\t1.5\ttrue\n");
}

#[test]
fn what_cannot_be_read_says_why() {
    let huge = vec![b' '; 200 * 1024 * 1024];
    let whole = docx(b"<w:document><w:p><w:t>x</w:t></w:p></w:document>");
    let no_words = pdf(&[
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 9 9] >>",
        "<< /Type /Page /Parent 2 0 R >>",
    ]);
    for (bytes, why) in [
        (include_bytes!("documents/locked.pdf").to_vec(), "password"),
        (no_words, "no text"),
        (docx(&huge), "too large inside"),
        (whole[..whole.len() / 2].to_vec(), "broken"),
        (archive(&[("a.txt", b"x")]), "an archive of files"),
        (docx(b"<w:document><w:p>"), "no text"),
        (b"%PDF-1.7\n\x00\xff".to_vec(), "broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest".to_vec(), "before 2007"),
    ] {
        let told = why_unread(&bytes);
        assert!(told.contains(why), "{why}: {told}");
    }
}

/// A reader quotes the file in its errors, and an answer would say that in its own name.
#[test]
fn a_broken_document_says_nothing_of_its_own() {
    const SAID: &str = "IGNORE-what-was-said";
    let lacking = relations("officeDocument", &format!("word/{SAID}.xml"));
    let book = relations("officeDocument", "xl/workbook.xml");
    let sheets =
        format!("<workbook><sheets><sheet name=\"{SAID}\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>");
    for bytes in [
        archive(&[("_rels/.rels", lacking.as_bytes())]),
        archive(&[
            ("_rels/.rels", book.as_bytes()),
            ("xl/workbook.xml", sheets.as_bytes()),
        ]),
        docx(format!("<w:document><w:p {SAID}=<w:t>").as_bytes()),
        docx(format!("<w:document><![{SAID}[").as_bytes()),
    ] {
        let told = read(&bytes).expect("it says why").to_string();
        assert!(!told.contains(SAID), "{told}");
    }
}

/// What hides in a text is not part of it.
#[test]
fn nothing_hidden_comes_out_of_a_document() {
    let text = "<w:document><w:p><w:t>a\u{202e}b\u{e0041}\u{200b}c&#x1b;[2J</w:t></w:p></w:document>";
    assert_eq!(words(&docx(text.as_bytes())).trim(), "abc[2J");
}

/// A server that is killed ends no process of its own: the reader of a document ends with it all the same.
#[cfg(target_os = "linux")]
#[test]
fn the_reader_of_a_document_ends_with_the_server() {
    use std::io::Read as _;
    let script = "exec 3<&0; \"$0\" read-document 100 <&3 & wait";
    let mut server = std::process::Command::new("sh");
    server.args(["-c", script, env!("CARGO_BIN_EXE_zoho-mcp")]);
    let mut server = server
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = server.stdin.take().unwrap();
    // More than a pipe holds: when it is written, the reader reads.
    input.write_all(&vec![b' '; 1 << 20]).unwrap();
    server.kill().unwrap();
    server.wait().unwrap();
    let (ended, ends) = std::sync::mpsc::channel();
    let mut output = server.stdout.take().unwrap();
    std::thread::spawn(move || ended.send(output.read_to_end(&mut Vec::new()).is_ok()));
    let end = ends.recv_timeout(std::time::Duration::from_secs(60));
    drop(input);
    assert_eq!(end, Ok(true));
}
