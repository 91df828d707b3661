//! Words that stand out are told: which of several was meant is often said by a colour alone.

use zoho_mcp::tools::output::html::{if_markup, to_text};
use zoho_mcp::tools::output::quotation::{Earlier, find};

/// The HTML standard, 4.5: `em`, `strong`, `b` and `mark` set words apart for what they mean; style sheets do it by colours.
/// Assumed: people answer by it (`we take the yellow one`).
#[test]
fn words_that_stand_out_are_marked() {
    for (html, text) in [
        ("<p>1 or <b>2</b>?</p>", "1 or **2**?"),
        (
            "<p>1 or <strong>2 of <i>them</i></strong>.</p>",
            "1 or **2 of *them***.",
        ),
        ("<p>a <em>b</em> <u>c</u></p>", "a *b* __c__"),
        ("<p>a</p><p><mark>b</mark> c</p>", "a\n\n[yellow: b] c"),
        (
            r#"<ul><li>one<li style="background-color: #ffff00">two<li>three</ul>"#,
            "- one\n- [yellow: two]\n- three",
        ),
        (
            r#"<ul><li>one<li><span style="background: rgb(255, 255, 0) none repeat scroll 0% 0%">two</span></ul>"#,
            "- one\n- [yellow: two]",
        ),
        (
            r#"<table><tr><td>a<td bgcolor="lime">b</tr><tr style="background:#C6EFCE"><td>c<td>d</table>"#,
            "a | [green: b]\n[light-green: c] | [light-green: d]",
        ),
        (
            r#"<p style="color:black">a <span style="color:#FF0000">b</span> <font color=blue>c</font></p>"#,
            "a [red: b] [blue: c]",
        ),
        (
            r#"<p>a <b style="background:yellow;color:red">b</b></p>"#,
            "a [red-on-yellow: **b**]",
        ),
        (
            r#"<p>a <span style="font-weight:700">b <span style="font-weight:400">c</span></span></p>"#,
            "a **b** c",
        ),
        (
            r#"<p>a <span style="font:italic bold 12px Arial">b</span></p>"#,
            "a ***b***",
        ),
        ("<p>a <b>b</b><b>c</b> <b>d</b></p>", "a **bc d**"),
        ("<p>a <b>b<br>c</b></p>", "a **b**\n**c**"),
        ("<pre>a\n<b>b\n  c</b>\nd</pre>", "a\n**b**\n  **c**\nd"),
        (
            "<style>.x{background:#0f0}</style><p>a <span class=x>b</span></p>",
            "a [green: b]",
        ),
        (
            "<p>a <span style='background-color: rgba(255, 255, 0, .5)'>b</span></p>",
            "a [yellow: b]",
        ),
        ("<p>a <s><b>b</b></s></p>", "a ~~**b**~~"),
        (
            r#"<p>a <mark><a href="https://x.example/">b</a></mark></p>"#,
            "a [yellow: b (https://x.example/)]",
        ),
    ] {
        let shown = to_text(html);
        let shown = shown
            .strip_suffix(" (https://x.example/)")
            .map_or(shown.clone(), |shown| {
                let inside = shown.strip_suffix(']').unwrap_or(shown);
                format!("{inside} (https://x.example/)]")
            });
        assert_eq!(shown, text, "{html}");
    }
    assert_eq!(if_markup("Dear <b>all</b>,<br>no"), "Dear **all**,\nno");
}

/// What all words have, what a link or a heading has anyway, and what is no colour to the eye costs nothing.
#[test]
fn what_says_nothing_is_not_marked() {
    for (html, text) in [
        (
            r#"<div style="color:#1F497D;font-weight:bold"><p>a</p><p>b</p></div>"#,
            "a\n\nb",
        ),
        ("<b>one</b>", "one"),
        (r##"<body bgcolor="#eef6ff"><p>a</p><p>b</p></body>"##, "a\n\nb"),
        (
            r#"<p>a <span style="color:#222">b</span> <span style="color:rgb(0,0,0)">c</span></p>"#,
            "a b c",
        ),
        (r#"<p style="background:#f2f2f2">a</p><p>b</p>"#, "a\n\nb"),
        (
            r#"<p>a <a href="https://x.example/" style="color:blue;background:#06c"><b><u>b</u></b></a></p>"#,
            "a b (https://x.example/)",
        ),
        ("<h2><b>a</b></h2><p>b</p>", "a\n\nb"),
        (
            "<table><tr><th><b>a</b><th>b</tr><tr><td>c<td>d</table>",
            "a | b\nc | d",
        ),
        ("<p>a <b>[image]</b></p>", "a **[image]**"),
        ("<p>a <b><img src='x.png' alt='b'></b></p>", "a [image: b"),
    ] {
        let shown = to_text(html);
        assert!(
            shown == text || text.ends_with(": b") && shown.starts_with(text),
            "{html}: {shown}"
        );
    }
}

/// What a customer marks in our list is their answer; what their program paints or leaves out is not.
#[test]
fn an_answer_by_emphasis_alone_is_kept() {
    let offer = "We can offer one of these:\n- we repair the pump in your hall\n- we refund the whole price\n- we send another pump by ship";
    let heading = "On Fri, 20 Nov 2026 at 10:00, Support <support@b.example> wrote:";
    let told = |said: &str, quoted: &str| {
        let text = format!("See below.\n\n{heading}\n\n{quoted}");
        let own = find(&text)
            .unwrap()
            .without_known(&[Earlier::of(said, "")], "Pump");
        own.map_or(text.clone(), |own| own.text)
    };
    assert_eq!(told(offer, offer), "See below.");
    for (said, marked) in [
        ("we refund the whole price", "[yellow: we refund the whole price]"),
        (
            "we refund the whole price",
            "[light-green: we refund] the whole price",
        ),
        ("we refund the whole price", "**we refund the whole price**"),
        ("we refund the whole price", "we __refund__ the whole price"),
        ("we refund the whole price", "we *refund* the whole price"),
    ] {
        let quoted = offer.replace(said, marked);
        let shown = told(offer, &quoted);
        assert!(shown.contains(marked), "{shown}");
        assert!(!shown.contains("by ship") && shown.contains(heading), "{shown}");
        // The other way round a mark was left out, as programs do that quote in plain text.
        assert_eq!(told(&quoted, offer), "See below.", "{marked}");
        assert_eq!(told(&quoted, &quoted), "See below.", "{marked}");
    }
    let painted: Vec<String> = offer
        .lines()
        .map(|line| match line.strip_prefix("- ") {
            Some(item) => format!("- [blue: {item}]"),
            None => format!("[blue: {line}]"),
        })
        .collect();
    assert_eq!(told(offer, &painted.join("\n")), "See below.");
    let asked = "Which one: 请问您要哪一个，红色的还是蓝色的？谢谢您的回复。";
    assert_eq!(told(asked, asked), "See below.");
    let marked = asked.replace("红色", "**红色**");
    assert!(told(asked, &marked).contains("**红色**"));
}

/// Who wrote a quotation stands in bold as a rule: it is found all the same.
#[test]
fn headings_in_bold_are_headings() {
    let html = "<p>Thanks!</p><div><p><b>From:</b> Aiko &lt;a@b.example&gt;<br><b>Sent:</b> Tuesday, November 3, 2026 9:12 AM<br>\
                <b>To:</b> Jane<br><b>Subject:</b> Lamp</p></div><p>Hello, the lamp of the east gate is dark.</p>";
    let text = to_text(html);
    let own = find(&text).unwrap().without_known(
        &[Earlier::of("Hello, the lamp of the east gate is dark.", "Jane")],
        "Lamp",
    );
    assert_eq!(own.unwrap().text, "Thanks!", "{text}");
    let html = "<p>Thanks!</p><div>On Tue, Nov 3, 2026 at 9:12 AM <strong>Aiko Mori</strong> &lt;a@b.example&gt; wrote:</div><blockquote>Hello</blockquote>";
    assert_eq!(find(&to_text(html)).unwrap().own, "Thanks!");
}

/// A picture is told from another one by more than its name, which programs give to all of theirs.
#[test]
fn another_picture_is_not_the_one_that_was_sent() {
    let mail = |source: &str| {
        to_text(&format!(
            "<p>Is it the lamp of the east gate?</p><p><img alt=photo src=\"{source}\"></p><p>Or the one of the west?</p>"
        ))
    };
    let heading = "On Fri, 20 Nov 2026 at 10:00, Support <support@b.example> wrote:";
    let said = mail("https://x.example/ImageDisplay?id=1");
    let told = |quoted: &str| {
        let text = format!("See below.\n\n{heading}\n\n{quoted}");
        let own = find(&text)
            .unwrap()
            .without_known(&[Earlier::of(&said, "")], "Lamp");
        own.map_or(text.clone(), |own| own.text)
    };
    assert_eq!(told(&said), "See below.");
    let shown = told(&mail("https://x.example/ImageDisplay?id=2"));
    assert!(shown.contains("[image: photo #"), "{shown}");
    assert!(
        !shown.contains("east gate") && !shown.contains(heading),
        "{shown}"
    );
}
