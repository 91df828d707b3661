//! Text in markup that nobody is shown.

use zoho_mcp::tools::output::html::to_text;

/// nugget/thane-ai-agent#1560, ryaker/outlook-mcp#41: what a person never sees is not said to the model as if it had been.
#[test]
fn what_is_styled_away_leaves_a_mark() {
    let mark = |length: usize| format!("[hidden text left out: {length} characters]");
    let six = mark(6);
    for (html, text) in [
        (
            r#"<div style="display:none">secret</div><p>Hello</p>"#,
            format!("{six}\n\nHello"),
        ),
        (
            r#"<DIV STYLE='Display : NONE !important; color:red'>secret</DIV>Hello"#,
            format!("{six} Hello"),
        ),
        (
            r#"Hello<span style="visibility:hidden">secret</span>."#,
            format!("Hello {six} ."),
        ),
        (
            "Hello <font style=opacity:0>secret</font>",
            format!("Hello {six}"),
        ),
        ("Hello <b hidden>secret</b> you", format!("Hello {six} you")),
        (
            r#"<div hidden=""><div>sec</div><p>x</div>you"#,
            format!("{} you", mark(5)),
        ),
        // Nothing in it: a preview that is filled up with nothing.
        (
            "<div style=\"display:none\">\u{200c}&nbsp;&zwnj;&nbsp;</div>Hello",
            "Hello".to_owned(),
        ),
        (
            r#"<div style="display:none"><img src=x><style>p{}</style></div>Hello"#,
            "Hello".to_owned(),
        ),
        // It ends where browsers end it, and no later: words that are seen are not lost.
        (
            r#"<p style="display:none">secret<p>Hello"#,
            format!("{six}\n\nHello"),
        ),
        (
            r#"<p style="display:none">secret<table><tr><td>Hello</table>"#,
            format!("{six}\nHello"),
        ),
        (
            r#"<table><tr><td style="display:none">secret<td>Hello</table>"#,
            format!("{six} | Hello"),
        ),
        (
            r#"<table><tr><td><div style="display:none">secret</td><td>Hello</td></tr></table>"#,
            format!("{six} | Hello"),
        ),
        (
            r#"<td hidden><table><tr><td>sec<td>ret</table></td>Hello"#,
            format!("{} Hello", mark(7)),
        ),
        (
            r#"<ul><li hidden>secret<li>Hello</ul>"#,
            format!("{six}\n- Hello"),
        ),
        (r#"Hello<div style="display:none">secret"#, format!("Hello {six}")),
        // What is shown after all, or somewhere.
        (
            r#"<div style="display:none;display:block">Hello</div>"#,
            "Hello".to_owned(),
        ),
        (
            r#"<div style="display:block!important;display:none">Hello</div>"#,
            "Hello".to_owned(),
        ),
        (r#"<div style="mso-hide:all">Hello</div>"#, "Hello".to_owned()),
        (
            r#"<td style="font-size:0"><div style="font-size:13px">Hello</div></td>"#,
            "Hello".to_owned(),
        ),
        (
            r#"<div class="x hidden y" title='hidden'>Hello</div>"#,
            "Hello".to_owned(),
        ),
        (r#"<div style="opacity:0.5">Hello</div>"#, "Hello".to_owned()),
        (r#"<div style="display:none"/>Hello"#, "Hello".to_owned()),
    ] {
        assert_eq!(to_text(html), text, "{html}");
    }
}

/// However often it is done, it is read once.
#[test]
fn what_is_styled_away_without_end_is_read_once() {
    for piece in [
        "<i hidden>x",
        "<p style=display:none>x</p>y",
        "<td hidden><table>",
    ] {
        let html = piece.repeat(1_000_000 / piece.len());
        let shown = to_text(&html);
        assert!(
            shown.len() < 2 * html.len(),
            "{piece}: {} characters",
            shown.len()
        );
    }
}
