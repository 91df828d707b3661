//! Quotations that were changed where nobody looks: in the block above, by a line that was taken out, with words below.

use zoho_mcp::tools::output::html::to_text;
use zoho_mcp::tools::output::quotation::{Earlier, find};

use super::{SUBJECT, earlier, told};

const MISSING: &str = "[not all of the quoted message is quoted here]";
const SAID: &str =
    "Hello Omar, the gateways need the new card that the provider has given out.\nBrightharbor Support";

/// Mail programs let people write into the block above what they quote (Foundry376/Mailspring#1136), and the words below it may
/// all be known: what the block then says of receivers, files and the subject is nowhere else.
#[test]
fn what_is_changed_in_the_block_is_told() {
    let known = [Earlier::of(
        SAID,
        "\"Brightharbor\" <support@b.example>; \"Omar Haddad\" <omar@c.example>; banjo@c.example; offer.pdf",
    )];
    let sent = "From: Brightharbor <support@b.example>\nSent: Friday, 20 November 2026 10:00";
    let block = |rows: &str| format!("{sent}\n{rows}\n\n{SAID}");
    for rows in [
        "To: Omar <omar@c.example>\nSubject: Lamp of the gate",
        "To: Omar Haddad\nSubject: RE: AW: Lamp of  the gate",
        "To: 'Omar' <mailto:OMAR@c.example>; banjo@c.example\nSubject: [##596##] Lamp of the gate\nAttachments: offer.pdf",
        "To: Omar <omar@c.example>;\n banjo@c.example\nSubject: Lamp of the gate",
    ] {
        assert_eq!(
            told(&format!("Fine.\n\n{}", block(rows)), &known),
            "Fine.",
            "{rows}"
        );
    }
    for (rows, wanted) in [
        ("To: Lawyer Kim\nSubject: Lamp of the gate", "To: Lawyer Kim"),
        ("To: jo@c.example\nSubject: Lamp of the gate", "To: jo@c.example"),
        ("To: Omar\nSubject: Lamp of the gate", "To: Omar"),
        (
            "To: Omar <omar@c.example>\nCc: Lawyer Kim\nSubject: Lamp of the gate",
            "Cc: Lawyer Kim",
        ),
        (
            "To: Omar <omar@c.example>;\n kim@law.example\nSubject: Lamp of the gate",
            "kim@law.example",
        ),
        (
            "To: Omar <omar@c.example>\nSubject: We cancel: Lamp of the gate",
            "Subject: We cancel: Lamp of the gate",
        ),
        (
            "To: Omar <omar@c.example>\nSubject: Lamp of the gate\nAttachments: notice.pdf",
            "Attachments: notice.pdf",
        ),
    ] {
        let shown = told(&format!("Fine.\n\n{}", block(rows)), &known);
        assert_eq!(
            shown.lines().filter(|line| line.trim() == wanted).count(),
            1,
            "{rows}: {shown}"
        );
        assert!(!shown.contains("new card"), "{shown}");
    }
}

/// What people take out of a list they are asked to choose from is their answer (willdurand/EmailReplyParser#89 has answers of
/// that kind in full lines).
#[test]
fn what_is_left_of_a_quotation_is_told() {
    let asked = "Hello Omar,\nplease tell us which of these things we may do for you:\nRefund\nRepair\nKind regards\nBrightharbor Support";
    let heading = "On Fri, 20 Nov 2026 at 10:00, Support <s@b.example> wrote:";
    let of = |lines: &str| told(&format!("See below.\n\n{heading}\n\n{lines}"), &[earlier(asked)]);
    assert_eq!(of(asked), "See below.");
    assert_eq!(
        of(&asked.replace("Repair\n", "")),
        format!("See below.\n\n{heading}\n\n[...]\nRefund\n{MISSING}\nKind regards\n\n[...]")
    );
    assert_eq!(
        of(&asked.replace("Refund\n", "")),
        format!(
            "See below.\n\n{heading}\n\n[...]\nplease tell us which of these things we may do for you:\n{MISSING}\nRepair\n\n[...]"
        )
    );
    let begin = "Hello Omar,\nplease tell us which of these things we may do for you:\nRefund";
    assert_eq!(
        of(begin),
        format!("See below.\n\n{heading}\n\n[...]\nRefund\n{MISSING}")
    );
    let end =
        "please tell us which of these things we may do for you:\nRepair\nKind regards\nBrightharbor Support";
    assert_eq!(
        of(end),
        format!(
            "See below.\n\n{heading}\n\n{MISSING}\nplease tell us which of these things we may do for you:\n{MISSING}\nRepair\n\n[...]"
        )
    );
    // A line that stands in its place says what became of it.
    assert_eq!(
        of(&asked.replace("Repair", "Repair, no")),
        format!("See below.\n\n{heading}\n\n[...]\nRepair, no\n\n[...]")
    );
}

/// Programs leave out the signature, pictures, and what was quoted before.
#[test]
fn what_programs_leave_out_of_a_quotation_is_not_missing() {
    let heading = "On Fri, 20 Nov 2026 at 10:00, Support <s@b.example> wrote:";
    let older = "On Thu, 19 Nov 2026 at 9:00, Omar <omar@c.example> wrote:\n\n> The lamp of the gate is dark since this morning.";
    let own = "Hello Omar, is the fuse of the gate in its place?\n[image: plan.png]\nSupport";
    let asked = earlier(&format!("{own}\n-- \nBrightharbor, Kiel\n\n{older}"));
    for quoted in [own.to_owned(), own.replace("[image: plan.png]\n", "")] {
        let text = format!("Yes.\n\n{heading}\n\n{quoted}");
        assert_eq!(told(&text, std::slice::from_ref(&asked)), "Yes.", "{text}");
    }
    // What it quotes may be quoted alone.
    let text = format!("Yes.\n\n{older}");
    assert_eq!(told(&text, &[asked]), "Yes.");
}

/// Signatures, footers and the lines of phones stand below what Gmail and Apple Mail quote.
#[test]
fn what_stands_below_a_quotation_is_kept_and_the_quotation_cut() {
    let heading = "On Fri, 20 Nov 2026 at 10:00, Support <s@b.example> wrote:";
    let quoted = format!("{heading}\n> {}", SAID.replace('\n', "\n> "));
    for below in ["Sent from my iPhone", "-- \nOmar Haddad\nKiel"] {
        let text = format!("Thanks\n\n{quoted}\n\n{below}");
        let own = find(&text)
            .unwrap()
            .without_known(&[earlier(SAID)], SUBJECT)
            .unwrap();
        assert_eq!(own.text, format!("Thanks\n\n[...]\n{below}"));
        assert_eq!(own.left_out, quoted.chars().count());
    }
    assert_eq!(
        told(&format!("{quoted}\n\nThe red one."), &[earlier(SAID)]),
        "[...]\nThe red one."
    );
    let answered = format!("Hi\n\n{heading}\n> Which one?\nRed.\n> When?\nToday.");
    assert_eq!(told(&answered, &[earlier("Which one?\nWhen?")]), answered);
}

/// As Thunderbird builds it (mozilla/releases-comm-central mailnews/compose/src/nsMsgCompose.cpp): a plain text keeps its lines
/// in a `pre` within the quotation.
#[test]
fn what_thunderbird_quotes_of_a_plain_text_is_marked_line_by_line() {
    let said = SAID.replace('\n', "\n\n");
    let html = format!(
        "<p>Thanks</p><div class=\"moz-cite-prefix\">On 11/20/26 10:00 AM, Brightharbor Support wrote:<br></div>\
         <blockquote type=\"cite\" cite=\"mid:1@b.example\"><pre wrap=\"\" class=\"moz-quote-pre\">{said}\n</pre></blockquote>\
         <pre class=\"moz-signature\" cols=\"72\">-- \nOmar</pre>"
    );
    let text = to_text(&html);
    assert!(text.contains("\n> Brightharbor Support"), "{text}");
    assert_eq!(told(&text, &[earlier(SAID)]), "Thanks\n\n[...]\n--\nOmar");
}
