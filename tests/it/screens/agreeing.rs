//! Acts that change something, as a person at a terminal is asked about them: what is seen, and what each answer comes to.
//! REAL CLOCK: what terminals show is about a program that knows of no sandbox, too.

use serde_json::json;
use zoho_mcp::sandbox::Options;

use super::{WIDTHS, read};
use crate::bed::Bed;
use crate::commands::finished;
use crate::terminals::report;

const CHANGE: [&str; 5] = [
    "call",
    "update_record",
    "module=Cases",
    "ticket_number=600",
    "values.priority=High",
];
const COMMENT: [&str; 5] = [
    "call",
    "add_comment",
    "ticket_number=600",
    "public=true",
    "content=We have looked into it, and will call you tomorrow between nine and ten. Please have the number of the gateway at hand.",
];
const YES_OR_NO: &str = "Agree? [y/N]: ";
const WORD: &str = "Type 600 to agree, anything else to leave it: ";
const YES_NO_OR_LATER: &str = "Agree? [y/n, nothing to pass it over]: ";
const WORD_NO_OR_LATER: &str = "Type 600 to agree, n to refuse it, nothing to pass it over: ";

/// What a person sees who is asked and types this, with how it ended; what is another each time is left out.
fn talked(bed: &Bed, columns: u16, words: &[&str], answers: &[(&str, &str)]) -> Option<String> {
    let report = report(&bed.command(words), columns, answers)?;
    assert_eq!(
        report["echo"], true,
        "what is typed afterwards is shown: {report}"
    );
    let mut screen = read(report["screen"].as_str().unwrap(), Some(bed));
    if let Some((before, after)) = screen.clone().split_once("write: w") {
        let (_, after) = after.split_once(' ').unwrap();
        screen = format!("{before}write: w... {after}");
    }
    Some(format!("{screen}ends with {}\n", report["exit"]))
}

async fn sent(bed: &Bed) -> usize {
    let seen = bed.seen().await;
    seen.iter()
        .filter(|call| !call.to_string().contains("GET"))
        .count()
}

#[tokio::test]
async fn a_person_is_asked_about_each_act_and_each_answer_is_taken() {
    for columns in [WIDTHS[0], WIDTHS[1]] {
        let bed = Bed::empty(Options::default()).await;
        bed.run(&["connect", "--org", "7048213351"]).succeeded();
        bed.run(&["call", "count_records", "module=Cases"]).succeeded();
        bed.forget().await;
        let mut all = String::new();
        for (what, words, question, answer, ends) in [
            ("a no", &CHANGE, YES_OR_NO, "n", 1),
            ("a key that ends it", &CHANGE, YES_OR_NO, "{ctrl-c}", 130),
            ("another word", &COMMENT, WORD, "yes", 1),
        ] {
            let Some(screen) = talked(&bed, columns, words, &[(question, answer)]) else {
                return;
            };
            assert!(
                screen.ends_with(&format!("Nothing was sent.\nends with {ends}\n")),
                "{screen}"
            );
            all.push_str(&format!("# {what}\n{screen}\n"));
        }
        assert_eq!(sent(&bed).await, 0);
        for (what, words, question, answer) in [
            ("a yes", &CHANGE, YES_OR_NO, "y"),
            ("the word", &COMMENT, WORD, "600"),
        ] {
            let screen = talked(&bed, columns, words, &[(question, answer)]).unwrap();
            assert!(
                screen.contains("Done") && screen.ends_with("ends with 0\n"),
                "{screen}"
            );
            all.push_str(&format!("# {what}\n{screen}\n"));
        }
        insta::assert_snapshot!(format!("agreeing_{columns}"), all);
    }
}

/// What is no is forgotten: nobody is asked about it again.
#[tokio::test]
async fn acts_that_wait_are_agreed_to_one_by_one() {
    for columns in [WIDTHS[0], WIDTHS[1]] {
        let bed = Bed::empty(Options::default()).await;
        bed.run(&["connect", "--org", "7048213351"]).succeeded();
        if talked(&bed, columns, &CHANGE, &[(YES_OR_NO, "n")]).is_none() {
            return;
        }
        assert_eq!(bed.run(&["approve", "--json"]).succeeded(), json!([]));
        let asked = |words: &[&str]| finished(bed.command(words), "").json();
        for act in [&CHANGE[..], &COMMENT] {
            assert_eq!(asked(act)["code"], "confirmation_needed");
        }
        let mut all = String::new();
        // Passed over, both wait on.
        let answers = [(YES_NO_OR_LATER, ""), (WORD_NO_OR_LATER, "y")];
        all.push_str(&talked(&bed, columns, &["approve"], &answers).unwrap());
        assert!(all.contains("That was not 600: it waits on"), "{all}");
        assert_eq!(
            bed.run(&["approve", "--json"])
                .succeeded()
                .as_array()
                .unwrap()
                .len(),
            2,
            "a word that is another is no yes, and no no: {all}"
        );
        let answers = [(YES_NO_OR_LATER, "n"), (WORD_NO_OR_LATER, "no")];
        all.push_str(&talked(&bed, columns, &["approve"], &answers).unwrap());
        assert_eq!(bed.run(&["approve", "--json"]).succeeded(), json!([]), "{all}");
        // A no is told once to whoever asked.
        for code in ["declined_or_not_asked", "confirmation_needed"] {
            assert_eq!(asked(&COMMENT)["code"], code);
        }
        all.push_str(&talked(&bed, columns, &["approve"], &[(WORD_NO_OR_LATER, "#600")]).unwrap());
        assert_eq!(asked(&COMMENT)["write"]["agreed_by"], "approve", "{all}");
        all.push_str(&talked(&bed, columns, &["approve"], &[]).unwrap());
        insta::assert_snapshot!(format!("approving_{columns}"), all);
    }
}

/// What was typed before the question, or sooner than anybody reads it, is no yes.
#[tokio::test]
async fn a_yes_that_nobody_can_have_meant_is_none() {
    let bed = Bed::empty(Options::default()).await;
    bed.run(&["connect", "--org", "7048213351"]).succeeded();
    bed.run(&["call", "count_records", "module=Cases"]).succeeded();
    bed.forget().await;
    let blind = [("case #600", "y"), (YES_OR_NO, "n")];
    let Some(screen) = talked(&bed, WIDTHS[0], &CHANGE, &blind) else {
        return;
    };
    assert!(screen.ends_with("Nothing was sent.\nends with 1\n"), "{screen}");
    assert_eq!(
        finished(bed.command(&CHANGE), "").json()["code"],
        "confirmation_needed"
    );
    let blind = [("case #600", "y"), (YES_NO_OR_LATER, "n")];
    let screen = talked(&bed, WIDTHS[0], &["approve"], &blind).unwrap();
    assert!(screen.contains("Not agreed"), "{screen}");
    assert_eq!(
        finished(bed.command(&CHANGE), "").json()["code"],
        "declined_or_not_asked"
    );
    assert_eq!(sent(&bed).await, 0);
    let at_once = [("[y/N]: ", "y"), (YES_OR_NO, "y")];
    let screen = talked(&bed, WIDTHS[0], &CHANGE, &at_once).unwrap();
    assert!(
        screen.contains("sooner than anybody reads") && screen.ends_with("ends with 0\n"),
        "{screen}"
    );
}
