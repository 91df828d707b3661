//! Documents as programs and the sandbox write them.
//! REAL CLOCK: the process that reads a document is told no time, and needs none.

use super::{case, shown};
use crate::bed::Bed;
use crate::desk_client::Desk;

/// The newest case whose first file has a name that ends so.
pub(super) async fn case_with(bed: &Bed, ending: &str) -> String {
    let desk = Desk::of(bed).await;
    for case in desk.get("/tickets?limit=100").await["data"].as_array().unwrap() {
        let id = case["id"].as_str().unwrap();
        let files = desk.get(&format!("/tickets/{id}/attachments")).await;
        if files["data"][0]["name"]
            .as_str()
            .is_some_and(|name| name.ends_with(ending))
        {
            return id.to_owned();
        }
    }
    panic!("no case has {ending}")
}

/// Files that ReportLab, python-docx and openpyxl have written.
#[tokio::test]
async fn a_model_reads_the_words_of_a_document() {
    let bed = Bed::connected().await;
    let (desk, id) = (Desk::of(&bed).await, case(&bed, "600"));
    for (name, bytes, wanted) in [
        (
            "delivery-note.pdf",
            include_bytes!("delivery-note.pdf").as_slice(),
            ["One Gateway G7 is missing", "M. Grünwald"],
        ),
        (
            "installation-report.docx",
            include_bytes!("installation-report.docx"),
            ["Serial number\tG7-0093-5521", "firmware update to 4.2.1"],
        ),
        (
            "downtime.xlsx",
            include_bytes!("downtime.xlsx"),
            ["2026-11-12\tSouth\t140\t118.5", "2026-11-12 07:45:00"],
        ),
    ] {
        desk.attach(&id, name, bytes).await;
        let answer = shown(&bed, &id);
        let text = answer["data"]["text"]
            .as_str()
            .unwrap_or_else(|| panic!("{answer}"));
        assert_eq!(answer["data"]["name"], name, "{answer}");
        assert!(
            text.starts_with('〔') && answer["untrusted"].to_string().contains("text"),
            "{answer}"
        );
        for part in wanted {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}

/// The sandbox's own, in one line each.
#[tokio::test]
async fn a_model_reads_the_documents_of_the_sandbox() {
    let bed = Bed::connected().await;
    for (ending, wanted) in [(".pdf", "2026-"), (".docx", "2026-"), (".xlsx", "\t")] {
        let answer = shown(&bed, &case_with(&bed, ending).await);
        let text = answer["data"]["text"]
            .as_str()
            .unwrap_or_else(|| panic!("{answer}"));
        assert!(text.lines().count() > 3 && text.contains(wanted), "{text}");
    }
}
