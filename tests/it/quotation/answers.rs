//! Answers that are hard to tell from what they answer: they begin like the next line, they are a sign, they are a line of
//! which something was taken away. All were lost once, without a mark.

use zoho_mcp::tools::output::quotation::{Earlier, find};

use super::{SUBJECT, earlier, told};

const HEADING: &str = "On Fri, 20 Nov 2026 at 10:00, Support <s@b.example> wrote:";

/// What a message says, and what the customer made of it in the quotation of it.
const ANSWERED: &[(&str, &str)] = &[
    (
        "1. How many gateways are offline?\n2. Which firmware do they run?",
        "1. How many gateways are offline?\n2\n2. Which firmware do they run?\n4.2",
    ),
    (
        "1. How many gateways are offline?\n2. Which firmware do they run?",
        "1. How many gateways are offline? 2\n2. Which firmware do they run?",
    ),
    (
        "Do you agree?\nNo delivery happens before that.",
        "Do you agree?\nNo\nNo delivery happens before that.",
    ),
    (
        "Which day suits you?\nTuesday is possible, too.",
        "Which day suits you?\nTuesday\nTuesday is possible, too.",
    ),
    (
        "是否需要更换设备\n同意之前不会更换",
        "是否需要更换设备\n同意\n同意之前不会更换",
    ),
    (
        "Please choose what you would like:\n☐ refund\n☐ repair",
        "Please choose what you would like:\n☒ refund\n☐ repair",
    ),
    (
        "Please choose what you would like:\n( ) refund\n( ) repair",
        "Please choose what you would like:\n(*) refund\n( ) repair",
    ),
    (
        "Is Monday at nine fine for you?",
        "Is Monday at nine fine for you? 👍",
    ),
    (
        "Is Monday at nine fine for you?\nThe technician has the key of the hall.",
        "Is Monday at nine fine for you?\n👍\nThe technician has the key of the hall.",
    ),
    (
        "The sensor shows 5 degrees in the morning.",
        "The sensor shows -5 degrees in the morning.",
    ),
    (
        "We offer 10 $ a month for the whole fleet.",
        "We offer 10 € a month for the whole fleet.",
    ),
    (
        "Please rate the answer of our team:\n☆☆☆☆☆",
        "Please rate the answer of our team:\n★★★☆☆",
    ),
    (
        "The rule fires if a < b and nothing else.",
        "The rule fires if a > b and nothing else.",
    ),
    (
        "It is written in C as far as we know.",
        "It is written in C++ as far as we know.",
    ),
    (
        "We can do one of these things for you:\nwe repair the pump\nwe refund the price",
        "We can do one of these things for you:\nwe repair the pump\n~~we refund the price~~",
    ),
    ("We propose: do not delete the old data", "delete the old data"),
    ("please answer yes or no:", "please answer yes"),
    (
        "Do you agree with the offer of last week? yes / no",
        "Do you agree with the offer of last week? yes",
    ),
    ("Да или нет", "Да"),
    ("คุณตกลงหรือไม่", "คุณตกลง"),
    ("是否需要更换设备", "需要更换设备"),
    (
        "Did it work?\nYes. No. Perhaps.",
        "Did it work?\nYes.\nYes. No. Perhaps.",
    ),
];

/// The lines that no line of the message is.
fn written_into<'a>(said: &str, quoted: &'a str) -> Vec<&'a str> {
    let mut left: Vec<&str> = said.lines().collect();
    let mut written = Vec::new();
    for line in quoted.lines() {
        match left.iter().position(|known| *known == line) {
            Some(place) => _ = left.remove(place),
            None => written.push(line),
        }
    }
    written
}

#[test]
fn no_answer_is_taken_for_what_it_answers() {
    for (said, quoted) in ANSWERED {
        let written = written_into(said, quoted);
        assert!(!written.is_empty(), "{quoted}");
        for mark in ["> ", ""] {
            let lines: Vec<String> = quoted.lines().map(|line| format!("{mark}{line}")).collect();
            let text = format!("See below.\n\n{HEADING}\n\n{}", lines.join("\n"));
            let shown = told(&text, &[earlier(said), earlier("Hello")]);
            for line in &written {
                assert!(
                    shown.lines().any(|own| own.trim_start_matches("> ") == *line),
                    "{line} of {text}: {shown}"
                );
            }
        }
    }
}

/// An answer that the customer gave before is an answer again: a quotation is of one message, and lines of another one are
/// written into it.
#[test]
fn an_answer_that_was_given_before_is_kept() {
    let own = "The brackets are missing.\n\nPlease send it to Hafenstrasse 5 in Hamburg.\n\nNatalia";
    let asked = "Hello,\n\nWhere shall we send the replacement?\n\nWe need to know it by Friday at the latest.\n\nYusuf";
    let known = [earlier(asked), earlier(own)];
    let answer = "Please send it to Hafenstrasse 5 in Hamburg.";
    let quoted = asked.replace("?\n", &format!("?\n\n{answer}\n"));
    let text = format!("Please see my answer below.\n\n{HEADING}\n\n{quoted}");
    let expected = format!("Please see my answer below.\n\n{HEADING}\n\n[...]\n{answer}\n\n[...]");
    assert_eq!(told(&text, &known), expected);
    // What each of them wrote is known below its own heading.
    let chain = format!("Thanks\n\n{HEADING}\n\n{asked}\n\n{HEADING}\n\n{own}");
    assert_eq!(told(&chain, &known), "Thanks");
}

/// Who wrote what nobody has stays above it, and a receiver whom nobody knows is told (Foundry376/Mailspring#1136,
/// crisp-oss/email-forward-parser#3).
#[test]
fn words_of_others_are_not_the_customers() {
    let ours =
        "Hello Omar, the gateways need the new APN that the provider has given out.\nBrightharbor Support";
    let known = [Earlier::of(
        ours,
        "\"Brightharbor\" <support@b.example>, omar@c.example",
    )];
    let block = "From: Brightharbor Support <support@b.example>\nSent: Friday, 20 November 2026 10:00\nTo: Omar <omar@c.example>\nSubject: Re: Lamp of the gate";
    let carla = "From: Carla Diaz <carla@provider.example>\nSent: Friday, 20 November 2026 12:00\nTo: Omar <omar@c.example>\nSubject: Re: Lamp of the gate";
    let said = "The APN is m2m.new, we cancel your contract.\nCarla";
    let text = format!("FYI\n\n{carla}\n\n{said}\n\n{block}\n\n{ours}");
    assert_eq!(told(&text, &known), format!("FYI\n\n{carla}\n\n{said}\n\n[...]"));
    let wrote = "On Fri, 20 Nov 2026 at 12:00, Carla Diaz <carla@provider.example> wrote:";
    let text = format!(
        "FYI\n\n{wrote}\n> {said}\n>\n>> {HEADING}\n>> {}",
        ours.replace('\n', "\n>> ")
    );
    let shown = told(&text, &known);
    assert!(
        shown.contains(wrote) && shown.contains("we cancel your contract"),
        "{shown}"
    );
    assert!(!shown.contains("new APN"), "{shown}");
    let greeted = "FYI\n\n-----Original Message-----\nFrom: Carla\nTo: Omar\n\nHello Omar, the gateways need the new APN that the provider has given out.\nWe cancel it.";
    assert!(told(greeted, &known).contains("From: Carla"), "{greeted}");

    let copied = block.replace("\nSubject", "\nCc: Lawyer Kim <kim@law.example>\nSubject");
    let text = format!("Fine.\n\n{copied}\n\n{ours}");
    assert_eq!(
        told(&text, &known),
        "Fine.\n\n[...]\nCc: Lawyer Kim <kim@law.example>\n\n[...]"
    );
    let copied = block.replace("\nSubject", "\nCc: Omar <omar@c.example>\nSubject");
    assert_eq!(told(&format!("Fine.\n\n{copied}\n\n{ours}"), &known), "Fine.");
}

/// A line of the message that is quoted, written into it as the answer: one of the two stays.
#[test]
fn an_answer_in_the_words_of_the_question_is_kept() {
    let asked =
        "We can do one of these things for you:\nwe repair the pump in your hall\nwe refund the whole price";
    let answer = "we refund the whole price";
    let quoted = asked.replacen('\n', &format!("\n{answer}\n"), 1);
    let text = format!("See below.\n\n{HEADING}\n\n{quoted}");
    let shown = told(&text, &[earlier(asked)]);
    assert!(shown.lines().any(|line| line == answer), "{shown}");
    let whole = format!("See below.\n\n{HEADING}\n\n{asked}");
    assert_eq!(told(&whole, &[earlier(asked)]), "See below.");
}

/// What is left out is counted by its lines, whatever marks stand in their place.
#[test]
fn what_is_left_out_is_counted() {
    let said = "No.\nWe sent the parcel to the other address on Monday.";
    let text = format!("top\n\n{HEADING}\n\n{said}\nNew words");
    let own = find(&text)
        .unwrap()
        .without_known(&[earlier(said)], SUBJECT)
        .unwrap();
    assert_eq!(own.left_out, said.chars().count() + 1, "{own:?}");
}

/// Comparisons have an end, however often a line of one message begins like those of another.
#[test]
fn a_hostile_quotation_costs_no_more_than_another() {
    let line = "ha ha ha ha ha ha ha ha ha ha ha ha ha ha\n";
    let known = [earlier(&line.repeat(1_500)), earlier(&line.repeat(1_499))];
    let text = format!("Thanks\n\n{HEADING}\n{}ho\n", line.repeat(1_500));
    assert!(told(&text, &known).ends_with("ho"));
    // Each line would be looked for 16,000 times in each message: 4 billion comparisons without an end.
    let known: Vec<Earlier> = (0..40).map(|_| earlier(&"a x\n".repeat(16_000))).collect();
    let text = format!("Thanks\n\n{HEADING}\n{}", "a y\n".repeat(250_000));
    assert_eq!(told(&text, &known), text);
}
