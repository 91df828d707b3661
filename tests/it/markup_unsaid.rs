//! A text of which no record says what it is loses no word of its author; HTML shows a mark of what is no text.
//!
//! Who says so: reports of words in `< >` that were lost (frappe/frappe#42463, osTicket/osTicket#5368 and #6120). Assumed:
//! what is evidently markup where nothing says what a text is, for no document of Zoho's says that of such texts.

use proptest::prelude::*;
use proptest::sample::select;
use zoho_mcp::tools::output::html::{if_markup, to_text};

use crate::markup::unsigned;

/// Written by people: no tag of theirs is one, no reference is read, no line end lost.
#[test]
fn a_plain_text_stays_as_it_is() {
    for text in [
        "<table 5> reserved for <li>",
        "a<b and c>d, <script>x</script>",
        "&lt;b&gt; &amp;amp; Tom &amp; Jerry",
        "do NOT delete <b>this</b>",
        "Map<String, Integer> and List<Object>\n  of <jane@acme.example>",
        "<li> is missing in <ul>, see <p>",
        "I typed <br> and it showed <br>.",
        "if a <b and b> c then </p>",
        "<?php echo 1 ?> and <!important> and <!-- note",
        "select * from <table> where x <> y",
        "<user@host> wrote",
        "<img> and <input> are void",
        "<b> is bold, <li> a line",
        "<code>123 is mine",
        "<table x=1> and <b and id=5> are no tags",
        "<![CDATA[",
        "1 < 2 > 0 & 5 &amp; 6",
    ] {
        assert_eq!(if_markup(text), text);
    }
}

/// Written by programs, as Zoho stores the body of a mail and the clients of its API write descriptions.
#[test]
fn evident_markup_is_read_and_the_words_in_it_stay() {
    for (html, text) in [
        ("one<br>two<br/>three &lt;x&gt;", "one\ntwo\nthree <x>"),
        (
            "<div style=\"color:red\">one</div><div>two &amp; three</div>",
            "[red: one]\ntwo & three",
        ),
        (
            "Dear <b>all</b>,<br>use <ul> and <li>, not </p>",
            "Dear **all**,\nuse <ul> and <li>, not </p>",
        ),
        (
            "<p>ask <jane@acme.example></p><p>Map<String, Integer>, List<Object></p>",
            "ask <jane@acme.example>\n\nMap<String, Integer>, List<Object>",
        ),
        ("<dl><dt>a<dd>b</dl>", "a\nb"),
        ("<dl><dt>a<dd>b<dl><dt>c<dd>d", "a\nb\nc\nd"),
        (
            "<font color=red>one</font> <center>two</center>",
            "[red: one]\ntwo",
        ),
        ("<font>one</font>", "one"),
        ("<html><body><div>cut <div>within", "cut\nwithin"),
        ("<ul><li>one<li>two</ul>", "- one\n- two"),
        ("<p>say <li> here</p>", "say <li> here"),
        ("<div><p>say <li> here</p></div>", "say <li> here"),
        (
            "see <a href=\"https://acme.example/\">this</a> &gt; all",
            "see this (https://acme.example/) > all",
        ),
        ("<b>one</b>", "one"),
        (
            "<a href=\"https://acme.example\">here",
            "here (https://acme.example)",
        ),
        ("see <iframe src=x> there", "see [iframe] there"),
        ("<svg onload=alert(1)>one", "one"),
        ("<b>one", "one"),
        ("<b><b>hello", "hello"),
        ("<i><b>hello</b> you", "**hello** you"),
        ("<style>p { color: red }</style>hello", "hello"),
        ("<svg><path d='M0 0'/></svg>hello", "hello"),
        ("<svg>hello</svg>", "hello"),
        ("<dialog open>hello</dialog> you", "hello you"),
        (
            "<style>p { color: red }",
            "[style without its end left out: 16 characters]",
        ),
        ("<b>Note:</b> use <li> there", "**Note:** use <li> there"),
        ("<li>one", "- one"),
        ("<p>one <svg><path d='x'/></svg>two</p>", "one two"),
        ("<b style='color: red'>one <li> two", "one <li> two"),
        ("<![CDATA[one < two]]>", "one < two"),
        ("<p>one <![CDATA[two]]></p>", "one two"),
        (
            "<select><option>one<option selected>two</select>",
            "( ) one\n(x) two",
        ),
        (
            "<select><option class=\"opt selected now\">one<option value='selected' SELECTED=\"\">two</select>",
            "( ) one\n(x) two",
        ),
        (
            "<div style=\"white-space: pre-wrap\">one\n  two<div>three</div>\nfour</div> five\nsix",
            "one\n  two\nthree\n\nfour\nfive six",
        ),
        ("<p>if a <b and b> c</p>", "if a <b and b> c"),
        (
            "<hgroup><ruby>one<rt>two</rt></ruby></hgroup><progress value=1>three</progress>",
            "onetwo\nthree",
        ),
    ] {
        assert_eq!(if_markup(html), text, "{html}");
    }
}

/// Pictures and fields are seen in a browser, so they leave a mark in the text; a row of a table stays a row.
#[test]
fn what_is_no_text_leaves_a_mark() {
    for (html, text) in [
        (
            "See <img src=\"https://desk.zoho.com/support/ImageDisplay?x=1\" alt=\"\"> end",
            "See [image] end",
        ),
        (
            "a <img src=\"cid:image001.png@01DB3C\"> b",
            "a [image: image001.png] b",
        ),
        (
            "a <img src='https://acme.example/p/photo.jpg?w=1'> b",
            "a [image: photo.jpg] b",
        ),
        ("a <img src=data:image/png;base64,AAAA> b", "a [image] b"),
        (
            "<img alt=\"&#128512;\" src=x.png> <img alt='the label' src=x.png>",
            "\u{1f600} [image: the label]",
        ),
        (
            "a<img width=1 height=\"1\" src=https://acme.example/t.gif><img style='display: none' src=x> b",
            "a b",
        ),
        (
            "<input type=checkbox checked> agree <input type=\"checkbox\"> disagree <input type=radio checked=checked> one",
            "[x] agree [ ] disagree (x) one",
        ),
        (
            "<input type=hidden value=secret><input value='my name'>",
            "my name",
        ),
        (
            "<iframe src=\"https://acme.example/film\"></iframe> <video src='x'></video>",
            "[iframe: https://acme.example/film] [video]",
        ),
        (
            "<table><tr><td>Item</td><td>Qty</td></tr><tr><td>Pump<br>large</td><td>3</td></tr></table>",
            "Item | Qty\nPump / large | 3",
        ),
        (
            "<table><tr><td><p>Pump</p><p>large</p></td><td><p>3</p><p>left</p></td></tr><tr><td>x</td><td></td><td>y</td></tr></table>",
            "Pump / large | 3 / left\nx | | y",
        ),
        (
            "<table><tr><td><p>one</p><p>two</p></td></tr></table>",
            "one\n\ntwo",
        ),
        (
            "<table><tr><td>a<table><tr><td>b</td><td>c</td></tr><tr><td>d</td><td>e</td></tr></table></td><td>f</td></tr></table>",
            "a\nb | c\nd | e\nf",
        ),
    ] {
        assert_eq!(unsigned(&to_text(html)), text, "{html}");
    }
}

fn words_of_people() -> impl Strategy<Value = String> {
    let pieces = select(vec![
        "one",
        "two",
        " ",
        " ",
        "\n",
        "<",
        ">",
        "a<b",
        "c>d",
        "<user@host>",
        "<li>",
        "<table",
        "<table 5>",
        "<b and",
        "</p>",
        "<ul>",
        "&amp;",
        "&lt;",
        "<String,",
        "List<Object>",
        "<!",
        "<!--",
        "-->",
        "<?",
        "x=",
        "\"",
        "</",
        "/>",
        "<Script>",
    ]);
    prop::collection::vec(pieces, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Where no element ends and no line is broken, not a sign of a text changes.
    #[test]
    fn a_text_without_ended_elements_is_kept(text in words_of_people()) {
        let text = format!("It says {text}");
        prop_assert_eq!(if_markup(&text), text);
    }

    /// Between the tags of a mail every word stays, whatever signs people write into it.
    #[test]
    fn words_between_tags_are_kept(texts in prop::collection::vec(words_of_people(), 1..6)) {
        let texts: Vec<String> = texts.iter().map(|text| text.replace("<!", "<").replace("x=", "x")).collect();
        let html: String = texts.iter().enumerate().map(|(number, text)| format!("<p class=\"x\">{text} word{number}.</p>\n")).collect();
        let shown = if_markup(&html);
        for number in 0..texts.len() {
            prop_assert_eq!(shown.matches(&format!("word{number}.")).count(), 1, "{:?}: {:?}", html, shown);
        }
        let texts = texts.join("\n");
        let words = texts.split(|sign: char| !sign.is_alphanumeric()).filter(|word| word.len() > 2);
        for word in words.filter(|word| !["amp", "Script", "table"].contains(word)) {
            let kept = shown.matches(word).count();
            prop_assert!(kept >= texts.matches(word).count(), "{word} of {html:?}: {shown:?}");
        }
    }
}
