//! HTML that anyone can send by mail: every table, every depth, every size is answered as text, with every word in it.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;
use zoho_mcp::tools::output::html::{if_markup, to_text};
use zoho_mcp::tools::output::project::{Projection, Rows};

use crate::bed::{Bed, Wire};
use crate::desk_client::Desk;

/// A text without what tells its pictures from others.
pub(crate) fn unsigned(text: &str) -> String {
    let mut parts = text.split(" #");
    let mut bare = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let is_sign = part.find(']') == Some(4) && part[..4].bytes().all(|byte| byte.is_ascii_hexdigit());
        bare.push_str(if is_sign { "" } else { " #" });
        bare.push_str(if is_sign { &part[4..] } else { part });
    }
    bare
}

async fn described(bed: &Bed, wire: &mut Wire, html: &str) -> String {
    let id = Desk::of(bed).await.create("As sent", html).await;
    let answer = wire
        .call("get_record", json!({ "module": "Cases", "id": id }))
        .await;
    let text = answer["data"]["description"].as_str();
    text.unwrap_or_else(|| panic!("{answer}")).to_owned()
}

/// The tables that ended a call without an answer, and the largest numbers a table can name.
#[tokio::test]
async fn a_table_of_a_mail_is_answered() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (html, text) in [
        (
            "<table><tr><td colspan=2>a</td><td rowspan=2>b</td></tr></table>",
            "a | b",
        ),
        (
            "<table><tr><td colspan=18446744073709551615>x</td><td>y</td></tr></table>",
            "x | y",
        ),
        (
            "<table><tr><th>Lamp</th><th>Left</th></tr><tr><td><p>Aurora</p></td><td><p>3</p></td></tr></table>end",
            "\u{3014}Lamp | Left\nAurora | 3\nend\u{3015}",
        ),
    ] {
        let shown = described(&bed, &mut wire, html).await;
        assert!(shown.contains(text), "{html}: {shown}");
    }
}

/// A cell whose lines are put on one moves what stands in it: what was begun there and ends behind it is not found again.
#[test]
fn what_goes_on_behind_a_folded_cell_changes_no_word() {
    let raised = to_text("<table><td>word0.<ul>word1.<sup><td></sup>");
    assert_eq!(raised, "word0. / word1.");
    let linked = to_text("<table><td>see<br>it <a href=\"https://acme.example/a\">here<td>there</a>");
    assert_eq!(linked, "see / it here | there (https://acme.example/a)");
}

/// What a customer can repeat without end. A reading that looks at anything twice for each time it stands there would not
/// come to an end here.
#[test]
fn markup_without_end_is_read_once() {
    let attributes: String = (0..100_000).map(|number| format!("a{number}=x ")).collect();
    let many = |piece: &str| piece.repeat(1_000_000 / piece.len());
    for (html, text) in [
        (many("<div>"), ""),
        (many("<ol><li>x"), "1. x\n  1. x\n    1. x\n    1. x"),
        (many("<blockquote>x"), "> x\n\n> x"),
        (many("<a href=http://a>x"), "x (http://a)x (http://a)"),
        (many("<td>x"), "x\nx\nx"),
        (format!("<table><tr>{}", many("<td>x")), "x | x | x"),
        (many("<table><tr><td>x"), "x\nx\nx"),
        (format!("<p {attributes}>hi</p>"), "hi"),
        (many("<b>"), ""),
        (many("a<br>"), "a\na\na"),
        (many("<dl><dt>a<dd>b"), "a\nb\na"),
        (many("&a"), "&a&a&a"),
        (many("&a") + ";", "&a&a&a"),
        (many("<p>&a"), "&a\n\n&a"),
        (many("<a title=\""), ""),
        (many("<style>"), "[style without its end left out: 999"),
        (many("<style></style>"), ""),
        (many("<title>x"), "xxx"),
        (many("<svg><title/>"), ""),
        (format!("<svg>{}>", many("<mi ")), "<mi <mi <mi"),
        (
            many("<script></scripty>"),
            "[script without its end left out: 999",
        ),
        (
            many("<script><!--<script></script>"),
            "[script without its end left out: 999",
        ),
        (many("<style></"), "[style without its end left out: 999"),
        (many("<!--x--"), "[hidden text left out: 999"),
        (many("<!--x--!>y"), "yyy"),
        (many("x<!--"), "x [hidden text left out: 999"),
        (many("<p><"), "<\n\n<"),
        (many("<sup>2</sup>"), "²²²"),
        (many("</p>x</table></sup></s>"), "x\n\nx"),
    ] {
        let shown = to_text(&html);
        let start = html.get(..40).unwrap();
        assert!(!if_markup(&html).is_empty() || shown.is_empty(), "{start}");
        // What is bounded here is time and length: of so long a text the beginning alone is compared.
        assert!(
            shown.starts_with(text),
            "{start}: {}",
            shown.get(..40.min(shown.len())).unwrap()
        );
        assert!(shown.len() <= html.len(), "{start}: {} characters", shown.len());
        assert!(!text.is_empty() || shown.is_empty(), "{start}: {shown:.40}");
    }
}

/// What is no markup stays as its author wrote it, and what is cut off within a tag loses the tag alone.
#[test]
fn only_markup_is_taken_out() {
    for (html, text) in [
        (
            "if x<y then ask <jane@acme.example>; line\n  two",
            "if x<y then ask <jane@acme.example>; line\n  two",
        ),
        (
            "<p>ask <jane@acme.example> or <https://acme.example/x></p>",
            "ask <jane@acme.example> or <https://acme.example/x>",
        ),
        ("a &lt; b &amp; c\nd?x=1&copy=2;", "a < b & c\nd?x=1&copy=2;"),
        ("<o:p>x</o:p> 1 < 2 <3 <!-- > --> y", "x 1 < 2 <3 y"),
        (
            "<style>p { color: red }</style><title>T</title><script>if (a < b) {}</script>body",
            "[hidden text left out: 1 characters] body",
        ),
        ("<p>whole</p> cut <a href=\"https://acme.exam", "whole\n\ncut"),
        ("<p>if a <b then c", "if a <b then c"),
        (
            "<p>one <a href=\"x>two</a> <b>three</b> \" end",
            "one two **three** \" end",
        ),
        (
            "<a href='>'>link</a> <img alt=\"a picture\" src=x> <del>old</del> new",
            "link [image: a picture] ~~old~~ new",
        ),
        ("<pre>  a\n   b</pre>c<hr>d", "a\n   b\n\nc\n\nd"),
        (
            "see <a href=\"https://acme.example/a?x=1&amp;y=2\">the <b>manual</b></a>, <a href='https://acme.example/'>acme.example</a>, \
             <a href=mailto:jane@acme.example>jane@acme.example</a>, <a href=\"javascript:x()\">run</a>",
            "see the manual (https://acme.example/a?x=1&y=2), acme.example, jane@acme.example, run",
        ),
        (
            "<a href=\"https://acme.example/p\"><img src=x></a> <a href=https://acme.example/q>open",
            "[image] (https://acme.example/p) open (https://acme.example/q)",
        ),
        (
            "<ul><li>one<li><p>two</p><ol start=3><li>three</li><li></li><li>five</ol></ul>end",
            "- one\n\n- two\n  3. three\n  5. five\nend",
        ),
        (
            "Hi<blockquote><p>a</p><p>b<br>c</p></blockquote>d",
            "Hi\n\n> a\n\n> b\n> c\n\nd",
        ),
    ] {
        assert_eq!(unsigned(&to_text(html)), text, "{html}");
    }
}

/// What browsers run or obey is no text wherever it stands and however it ends; what they show is.
#[test]
fn scripts_and_styles_are_never_text_and_no_word_beside_them_is_lost() {
    let left_out =
        |what: &str, length: usize| format!("[{what} without its end left out: {length} characters]");
    for (html, text) in [
        ("<title/><style>p{}</style>words", "words".to_owned()),
        ("<title>one<style>p{}</style> two", "one two".to_owned()),
        (
            "a<title>T</title >b",
            "a [hidden text left out: 1 characters] b".to_owned(),
        ),
        ("a<title> </title >b", "ab".to_owned()),
        ("<style>p{}</stylex></style>words", "words".to_owned()),
        ("<STYLE>p{}</Style\n>words", "words".to_owned()),
        ("<style/>p{}</style/>words", "words".to_owned()),
        (
            "<p>one</p><style>p{} lost",
            format!("one\n\n{}", left_out("style", 8)),
        ),
        (
            "one<script>run()</scrip",
            format!("one\n\n{}", left_out("script", 12)),
        ),
        ("one <style>  ", "one".to_owned()),
        ("one <style>p{}</style", "one".to_owned()),
        ("<script>if (a<b) x='</b>'</script>words", "words".to_owned()),
        (
            "<script><!-- <script> </script> run() --></script>words",
            "words".to_owned(),
        ),
        ("<script><!-- run() </script>words", "words".to_owned()),
        (
            "<script><!-- <script> --> run() </script>words",
            "words".to_owned(),
        ),
        (
            "<template>one<style>p{}</style></template> two",
            "[hidden text left out: 3 characters] two".to_owned(),
        ),
        (
            "<math><mi>x</mi><mo>=</mo><mn>2</mn></math> two",
            "x=2 two".to_owned(),
        ),
        (
            "<svg viewBox='0 0 1 1'><style>p{}</style><path d='M0 0'/><text>one</text></svg> two",
            "one two".to_owned(),
        ),
        ("<svg><title/><style/>one</svg> two", "one two".to_owned()),
        ("<svg><p>ask <Jane>", "ask <Jane>".to_owned()),
        ("<math><b>one</b> <mi>two</mi>", "**one** <mi>two</mi>".to_owned()),
        (
            "<svg><foreignObject><span>one</span></foreignObject> <mi>two</mi></svg>",
            "one two".to_owned(),
        ),
        (
            "<svg>ask <jane@acme.example>",
            "ask <jane@acme.example>".to_owned(),
        ),
        (
            "<p>one <!--two <b>three</b>",
            "one [hidden text left out: 16 characters]".to_owned(),
        ),
        (
            "<p>one <!--<style>p{}</style> two",
            "one [hidden text left out: 22 characters]".to_owned(),
        ),
        ("one <!-- x --!> two <!-- y --> three", "one two three".to_owned()),
        (
            "one <!--> two <!---> three <!-- - -- --> four",
            "one two three four".to_owned(),
        ),
    ] {
        assert_eq!(to_text(html), text, "{html}");
    }
}

/// An answer that may take a while to read is not read where the calls run.
#[tokio::test]
async fn a_long_mail_is_read_aside() {
    let html = ["description".to_owned()];
    let projection = Projection {
        fields: None,
        html: &html,
        rows: Rows::default(),
    };
    for (length, at_once) in [(1_000, true), (1_000_000, false)] {
        let description = "<p>word</p>".repeat(length / 11);
        let body = Bytes::from(json!({ "id": "1", "description": description }).to_string());
        let mut reading = pin!(projection.record(&body));
        let first = reading.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert_eq!(first.is_ready(), at_once, "{length}");
        let record = match first {
            Poll::Ready(record) => record,
            Poll::Pending => reading.await,
        };
        let shown = record.unwrap().shown["description"].as_str().unwrap().to_owned();
        assert_eq!(shown.matches("word").count(), length / 11);
    }
}

/// Pieces of HTML as mail programs write them: whole, left open, closed twice, within each other in every order.
fn piece() -> impl Strategy<Value = String> {
    let tags = [
        "table",
        "tr",
        "td",
        "th",
        "tbody",
        "p",
        "div",
        "b",
        "ul",
        "li",
        "pre",
        "sup",
        "del",
        "blockquote",
        "dl",
        "dd",
        "span",
        "a",
        "h1",
        "center",
        "font",
    ];
    let attribute = prop_oneof![
        4 => Just(String::new()),
        1 => (0_u64..4).prop_map(|span| format!(" colspan={span}")),
        1 => any::<u64>().prop_map(|span| format!(" rowspan=\"{span}\"")),
        1 => Just(" title='>'".to_owned()),
    ];
    prop_oneof![
        4 => (select(tags.to_vec()), attribute).prop_map(|(tag, attribute)| format!("<{tag}{attribute}>")),
        3 => select(tags.to_vec()).prop_map(|tag| format!("</{tag}>")),
        1 => select(vec!["<br>", "<hr>", "<!-- x -->", "&nbsp;", " ", "\n", "<", "&", "<x", ">"]).prop_map(str::to_owned),
        4 => Just("WORD".to_owned()),
    ]
}

#[test]
fn a_raised_text_that_a_cell_ends_raises_no_other() {
    let shown = to_text("<table><td><table><table><del><dl>word<sup><td></sup>");
    assert!(shown.contains("word") && !shown.contains('^'), "{shown}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_word_of_any_markup_is_shown_in_order(pieces in prop::collection::vec(piece(), 0..40)) {
        let mut words = Vec::new();
        let mut html = String::from("<p>");
        for piece in pieces {
            if piece == "WORD" {
                words.push(format!("word{}.", words.len()));
                html.push_str(words.last().unwrap());
            } else {
                html.push_str(&piece);
            }
        }
        let shown = to_text(&html);
        let mut rest = shown.as_str();
        for word in &words {
            let at = rest.find(word.as_str());
            prop_assert!(at.is_some(), "{word} of {html:?} is not in {shown:?}");
            rest = &rest[at.unwrap() + word.len()..];
        }
        for tag in ["<table", "</", "<p>", "<td"] {
            prop_assert!(!shown.contains(tag), "{html:?}: {shown:?}");
        }
        prop_assert!(shown.len() <= html.len() + words.len() * 4, "{html:?}: {shown:?}");
    }
}
