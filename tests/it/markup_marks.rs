//! Marks that stand in the place of what a browser shows of lists and of words struck out.

use zoho_mcp::tools::output::html::to_text;

/// CSS Text Decoration 3 (2): a line goes through all within its element, but for what stands apart from the lines there, and
/// nothing within takes it away.
#[test]
fn words_struck_out_are_marked_however_it_is_done() {
    for (html, text) in [
        ("<p>a <s>b</s> c</p>", "a ~~b~~ c"),
        (
            r#"<p>a <span style="text-decoration:line-through">b</span> c</p>"#,
            "a ~~b~~ c",
        ),
        (
            r#"<p>a <span style="text-decoration: underline line-through red">b</span>.</p>"#,
            "a ~~b~~.",
        ),
        (
            r#"<p>a <u style="text-decoration-line:line-through">b</u></p>"#,
            "a ~~b~~",
        ),
        (r#"<p>a <s style="text-decoration:none">b</s></p>"#, "a b"),
        (
            r#"<p style="text-decoration:line-through">a <b style="text-decoration:none">b</b></p>c"#,
            "~~a **b**~~\n\nc",
        ),
        (
            r#"<p style="text-decoration:line-through">a <b style="display:inline-block">b</b> c</p>"#,
            "~~a~~ **b** ~~c~~",
        ),
        (r#"<s>a<del>b</del>c</s>"#, "~~abc~~"),
        (
            r#"<div style="text-decoration:line-through"><p>a</p><p>b</p></div>c"#,
            "~~a~~\n\n~~b~~\n\nc",
        ),
        (
            r#"<ul style="text-decoration:line-through"><li>a<li>b</ul>c"#,
            "- ~~a~~\n- ~~b~~\nc",
        ),
        (
            r#"<table><tr style="text-decoration:line-through"><td>a<td>b</tr><tr><td>c<td>d</table>"#,
            "~~a~~ | ~~b~~\nc | d",
        ),
        (
            r#"<s><a href="https://x.example/">https://x.example/</a></s>"#,
            "~~https://x.example/~~",
        ),
        ("<s></s>a<s> </s>b<s>c", "a b~~c~~"),
        (
            "<style>.x{text-decoration:line-through} .y{text-decoration-line:none}</style><p>a <b class=x>b</b> <s class=y>c</s></p>",
            "a ~~**b**~~ c",
        ),
    ] {
        assert_eq!(to_text(html), text, "{html}");
    }
}

/// The HTML standard, 4.4.5 and 4.4.8: `start`, `reversed`, `type`, `value`; CSS Lists 3: `list-style-type`.
#[test]
fn items_have_the_numbers_that_a_browser_shows() {
    for (html, text) in [
        ("<ol><li>a<li value=7>b<li>c</ol>", "1. a\n7. b\n8. c"),
        ("<ol start=5><li>a<li>b</ol>", "5. a\n6. b"),
        ("<ol start=-1><li>a<li>b<li>c</ol>", "-1. a\n0. b\n1. c"),
        (
            "<ol reversed><li>a<ol><li>x<li>y</ol><li hidden></li><li>b<li>c</ol>",
            "3. a\n  1. x\n  2. y\n2. b\n1. c",
        ),
        ("<ol reversed start=9><li>a<li>b</ol>", "9. a\n8. b"),
        ("<ol type=a><li>a<li>b<li value=28>c</ol>", "a. a\nb. b\nab. c"),
        ("<ol type=A start=26><li>a<li>b</ol>", "Z. a\nAA. b"),
        (
            "<ol type=i start=4><li>a<li value=1999>b</ol>",
            "iv. a\nmcmxcix. b",
        ),
        (
            "<ol type=I start=0><li>a<li>b<li value=4000>c</ol>",
            "0. a\nI. b\n4000. c",
        ),
        (
            r#"<ol style="list-style-type:lower-alpha"><li>a<li>b</ol>"#,
            "a. a\nb. b",
        ),
        (
            r#"<ol style="list-style:upper-roman inside"><li>a<li>b</ol>"#,
            "I. a\nII. b",
        ),
        (r#"<ol style="list-style:none"><li>a</ol>"#, "- a"),
        (
            r#"<ul style="list-style-type:decimal"><li>a<li>b</ul>"#,
            "1. a\n2. b",
        ),
        ("<ul type=disc><li value=4>a</ul>", "- a"),
        (
            "<style>.x{list-style-type:lower-alpha} #y{list-style:none} .z{display:none}</style><ol class=x><li>a<li>b</ol><ol id=y><li>c</ol>",
            "a. a\nb. b\n- c",
        ),
        (
            "<style>.z{display:none}</style><ol reversed><li>a<li class=z><li>b</ol>",
            "2. a\n1. b",
        ),
    ] {
        assert_eq!(to_text(html), text, "{html}");
    }
}

/// What is counted ahead is bounded.
#[test]
fn lists_that_count_down_without_end_are_read_once() {
    let html = "<ol reversed><li>x".repeat(100_000);
    assert!(to_text(&html).contains("- x"));
}
