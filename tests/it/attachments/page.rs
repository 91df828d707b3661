//! Pages of HTML that come as files.
//! REAL CLOCK: the process that opens a picture is told no time, and needs none.

use super::fetched;
use crate::bed::model_reads;

/// What nobody sees of a page is told as it is of a message in HTML, also where it comes as a file.
#[tokio::test]
async fn of_a_page_of_html_what_is_seen_is_shown() {
    let page = "<style>.x{display:none}</style><p>Hello &amp; <b>you</b></p><p class=x>secret</p><p style='display:none'>secret</p>";
    for (name, media_type) in [
        ("offer.html", "text/html;charset=UTF-8"),
        ("offer.HTM", "application/octet-stream"),
        ("offer", "Text/HTML"),
    ] {
        let body = model_reads(&fetched(name, media_type, page.as_bytes().to_vec()).await);
        let text = body["data"]["text"].as_str().unwrap();
        assert!(text.contains("Hello & **you**"), "{body}");
        assert_eq!(
            text.matches("[hidden text left out: 6 characters]").count(),
            2,
            "{body}"
        );
        assert!(!body.to_string().contains("secret"), "{body}");
        assert!(body["notes"].to_string().contains("HTML"), "{body}");
    }
    // Where nothing says that it is one, a file is the text that it is.
    let body = model_reads(&fetched("offer.txt", "text/plain", page.as_bytes().to_vec()).await);
    assert!(
        body["data"]["text"]
            .as_str()
            .unwrap()
            .contains("<p class=x>secret</p>"),
        "{body}"
    );
}
