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
            r#"<td style="font-size:0"><img alt="Logo"><table><tr><td>secret<a style="font-size:9pt">Hello</a></table></td>you"#,
            format!("[image: Logo]\n{six} Hello\nyou"),
        ),
        (
            r#"<td bgcolor='#06c'><a style="color:#fff">Hello</a></td>"#,
            "Hello".to_owned(),
        ),
        (
            r#"<style>.x{background:#000}</style><p class="x"><b style="color:white">Hello</b></p>"#,
            "Hello".to_owned(),
        ),
        (
            r#"<div style="background:#fff url(x.png)"><b style="color:white">Hello</b></div>"#,
            "Hello".to_owned(),
        ),
        (
            r#"<p style="color:#fff"><b style="color:red">Hello</b></p>"#,
            "Hello".to_owned(),
        ),
        (r#"<p style="color:black">Hello</p>"#, "Hello".to_owned()),
        (
            r#"<table><tr><td style="background:#000">x<td style="color:#000">Hello</table>"#,
            "x | Hello".to_owned(),
        ),
        (
            r#"<p style="text-indent:-24px;margin-left:-18pt">Hello</p>"#,
            "Hello".to_owned(),
        ),
        (
            r#"<div style="overflow:hidden;max-width:600px">Hello</div>"#,
            "Hello".to_owned(),
        ),
        (
            r#"<div style="overflow:hidden;height:0;padding-bottom:56.25%">Hello</div>"#,
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

/// hostile.md has these of the ways to hide an order for a machine in a mail; the preview of a newsletter is an innocent one.
#[test]
fn what_the_eye_cannot_see_leaves_a_mark() {
    for hidden in [
        r#"<span style="font-size:0">secret</span>"#,
        r#"<span style="FONT-SIZE: 0px !important">secret</span>"#,
        r#"<span style="font-size:1px;line-height:1px">secret</span>"#,
        r#"<span style="font:0/0 a">secret</span>"#,
        r#"<span style="color:#ffffff">secret</span>"#,
        r#"<span style="color:#fefefe">secret</span>"#,
        r#"<span style="color:rgb(255, 255, 255)">secret</span>"#,
        r#"<span style="color:transparent">secret</span>"#,
        r#"<span style="color:rgba(0,0,0,0)">secret</span>"#,
        r#"<font color=white>secret</font>"#,
        r#"<span style="background:#000;color:black">secret</span>"#,
        r#"<span style="position:absolute;left:-9999px">secret</span>"#,
        r#"<span style="display:inline-block;text-indent:-9999px">secret</span>"#,
        r#"<span style="float:left;max-height:0;overflow:hidden">secret</span>"#,
        r#"<span style="position:absolute;clip:rect(0,0,0,0)">secret</span>"#,
        r#"<span style="position:absolute;clip:rect(0 0 0 0)">secret</span>"#,
        r#"<span style="clip-path: inset(100%)">secret</span>"#,
        r#"<span style="display:inline-block;transform:scale(0)">secret</span>"#,
        r#"<span style="opacity:.01">secret</span>"#,
        r#"<span style="position:absolute;clip:rect(1px,1px,1px,1px)">secret</span>"#,
        r#"<span style="font-size:0"><i><b>sec</b>ret</i></span>"#,
        r#"<span style="font-size:0"><i style="font-size:0">secret</i></span>"#,
        r#"<span style="display:inline-block;width:0;overflow:hidden">secret</span>"#,
        r#"<span style="float:left;width:1px;height:1px;overflow:hidden">secret</span>"#,
        r#"<span style="font-size:.01em">secret</span>"#,
        r#"<span style="font-size:1%">secret</span>"#,
        r#"<span style="font-size:.1mm">secret</span>"#,
        r#"<datalist><option>secret</datalist>"#,
        r#"<dialog>secret</dialog>"#,
        r#"<b popover>secret</b>"#,
        r#"<noembed>secret</noembed>"#,
        r#"<template>secret</template>"#,
        r#"<title>secret</title>"#,
    ] {
        let html = format!("<p>Hello {hidden} you</p>");
        let shown = to_text(&html);
        assert_eq!(shown, "Hello [hidden text left out: 6 characters] you", "{html}");
    }
    let within = r#"<div style="font-size:0">a<p style="font-size:13px">Hello<i style="font-size:0">bc</i></p></div>you"#;
    let (one, two) = (
        "[hidden text left out: 1 characters]",
        "[hidden text left out: 2 characters]",
    );
    assert_eq!(to_text(within), format!("{one}\n\nHello {two}\n\nyou"));
}

/// What is behind words, or how large they are, is often said where it is not read here: then they are words.
#[test]
fn what_may_be_seen_is_shown() {
    for html in [
        r#"<div style="background-image:url(x.png)"><b style="color:#fff">Hello</b></div>"#,
        r#"<div style="background-image:linear-gradient(#111,#222);background-color:#fff"><b style="color:#fff">Hello</b></div>"#,
        r#"<div style="background-color:#fff;background:#111"><b style="color:#fff">Hello</b></div>"#,
        r#"<div style="background-position:top"><b style="color:#fff">Hello</b></div>"#,
        r#"<style>body{background:#111}</style><p style="color:#fff">Hello</p>"#,
        r#"<link rel="stylesheet" href="https://x.example/a.css"><p style="color:#fff">Hello</p>"#,
        r#"<div style="font-size:0"><span style="font-size:medium">Hello</span></div>"#,
        r#"<div style="font-size:0"><font size=2>Hello</font></div>"#,
        r#"<div style="font-size:0"><span style="font:bold 12px/1 Arial">Hello</span></div>"#,
        r#"<div style="font-size:0"><span style="font-size:calc(1px + 12px)">Hello</span></div>"#,
        r#"<style>.x{font-size:14px}</style><div style="font-size:0"><span class="x">Hello</span></div>"#,
        r#"<style>p{font-size:14px}</style><div style="font-size:0"><p>Hello</p></div>"#,
        r#"<div style="position:absolute;clip:rect(0,300px,200px,0)">Hello</div>"#,
        r#"<div style="max-height:0;min-height:20px;overflow:hidden">Hello</div>"#,
        r#"<div style="height:0;padding:0 0 20px;overflow:hidden">Hello</div>"#,
        r#"<p style="color:#fff;text-shadow:0 0 2px #000">Hello</p>"#,
        r#"<p style="color:#fff;-webkit-text-fill-color:#111">Hello</p>"#,
        r#"<b style="background:linear-gradient(#f00,#00f);-webkit-background-clip:text;color:transparent">Hello</b>"#,
        r#"<div style="position:absolute;right:-9999px">Hello</div>"#,
        r#"<div style="position:relative;bottom:-9999px">Hello</div>"#,
        r#"<div style="position:relative;top:-600px">Hello</div>"#,
        r#"<div style="position:absolute;left:-100%">Hello</div>"#,
        r#"<div style="position:absolute;left:0;right:9999px">Hello</div>"#,
        r#"<table><tr><td style="margin-left:-100%">Hello</td></tr></table>"#,
        r#"<div style="margin-left:-600px">Hello</div>"#,
        r#"<div style="position:absolute;clip:rect(1px,300px,200px,1px)">Hello</div>"#,
        r#"<div style="background:#000"><div style="background:#000;color:#fff">a</div></div><p style="color:#000">Hello</p>"#,
        r#"<div style="border:20px solid #003366;height:0;color:#fff">Hello</div>"#,
        r#"<div style="border-top:3em solid #036"><p style="color:#fff;margin-top:-2em">Hello</p></div>"#,
        r#"<table border=40><tr><td style="color:#fff">Hello</td></tr></table>"#,
        r#"<div style="box-shadow:inset 0 0 0 100px #036"><p style="color:#fff">Hello</p></div>"#,
        r#"<div style="background:linear-gradient(#111,#222)"><div style="height:0;background:#fff"><p style="color:#fff">Hello</p></div></div>"#,
        r##"<table background="x.png"><tr><td bgcolor="#ffffff"><b style="color:#fff">Hello</b></td></tr></table>"##,
        r#"<img src=x.png><p style="margin-top:-80px;color:#fff">Hello</p>"#,
        r#"<div style="background:#fff"><img src=x.png style="position:absolute"><p style="color:#fff">Hello</p></div>"#,
        r#"<div style="width:0;overflow:hidden;padding-left:200px">Hello</div>"#,
        r#"<div style="width:0">Hello</div>"#,
        r#"<dialog open>Hello</dialog>"#,
        r#"<dialog style="display:block">Hello</dialog>"#,
        r#"<span style="font-size:.8em">Hello</span>"#,
        r##"<table bgcolor="#003366"><tr><td>a</td><td style="color:#ffffff">Hello</td></tr></table>"##,
        r##"<table><tr bgcolor="#003366"><td>a</td><td style="color:#ffffff">Hello</td></tr></table>"##,
    ] {
        let shown = to_text(html);
        assert!(
            shown.contains("Hello") && !shown.contains("hidden"),
            "{html}: {shown}"
        );
    }
    let link = r#"<p style="color:#fff">secret <a href="https://x.example/">Hello</a></p>"#;
    assert_eq!(
        to_text(link),
        "[hidden text left out: 6 characters] Hello (https://x.example/)"
    );
    // A ground ends with its element, a table or row not with its first cell.
    for html in [
        r#"<div style="background:#000"><div style="background:#000">a</div></div><p style="color:#fff">secret</p>"#,
        r#"<table style="display:none"><tr><td>a</td><td>secret</td></tr></table>shown"#,
        r#"<table><tr style="display:none"><td>a</td><td>secret</td></tr></table>shown"#,
    ] {
        let shown = to_text(html);
        assert!(
            !shown.contains("secret") && shown.contains("hidden text left out"),
            "{html}: {shown}"
        );
    }
    let own =
        r#"<p style="color:#fff">secret <a href="https://x.example/" style="color:inherit">words</a></p>"#;
    let shown = to_text(own);
    assert!(shown.contains("[hidden text left out: 12 characters]"), "{shown}");
}

/// CSS 2.2 (10.4, 11.1, 11.2, 17.5): cells and words of a line are cut at no height, what is visible within what is hidden is
/// seen, columns are painted behind their cells. Office fills its shapes, and browsers do not.
#[test]
fn what_is_seen_after_all_is_shown() {
    for html in [
        r#"<table><tr><td style="max-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;width:100%">Hello</td></tr></table>"#,
        r#"<table><tr><td style="height:0;overflow:hidden">Hello</td></tr></table>"#,
        r#"<p><span style="max-height:0;overflow:hidden">Hello</span></p>"#,
        r#"<p><span style="text-indent:-9999px">Hello</span></p>"#,
        r#"<p><b style="transform:scale(0)">Hello</b></p>"#,
        r#"<div style="visibility:hidden"><p style="visibility:visible">Hello</p></div>"#,
        r#"<table style="visibility:hidden"><tr><td style="visibility:visible">Hello</td></tr></table>"#,
        r##"<table><col style="background:#000"><tr><td style="color:#fff">Hello</td></tr></table>"##,
        r##"<table><colgroup bgcolor="#000"><col></colgroup><tr><td style="color:#fff">Hello</td></tr></table>"##,
        r##"<v:roundrect fillcolor="#003366"><center style="color:#ffffff">Hello</center></v:roundrect>"##,
        r##"<v:rect><v:fill type="tile" color="#003366"/><v:textbox><p style="color:#fff">Hello</p></v:textbox></v:rect>"##,
    ] {
        let shown = to_text(html);
        assert!(
            shown.contains("Hello") && !shown.contains("hidden"),
            "{html}: {shown}"
        );
    }
    let parted = r#"<p style="visibility:hidden">secret <i style="visibility:visible">Hello</i> more <i hidden><b style="visibility:visible">x</b></i></p>you"#;
    let six = "[hidden text left out: 6 characters]";
    assert_eq!(to_text(parted), format!("{six} *Hello* {six} you"));
    // A column is painted in its table, and not behind it.
    for html in [
        r##"<table><col style="background:#000"><tr><td>a</td></tr></table><p style="color:#fff">secret</p>"##,
        r##"<v:rect fillcolor="#036">a</v:rect><p style="color:#fff">secret</p>"##,
        r#"<div style="max-height:0;overflow:hidden">secret</div>"#,
    ] {
        assert!(to_text(html).contains("hidden text left out: 6"), "{html}");
    }
}

/// However often it is done, it is read once.
#[test]
fn what_is_styled_away_without_end_is_read_once() {
    for piece in [
        "<i hidden>x",
        "<p style=display:none>x</p>y",
        "<td hidden><table>",
        "<b style=font-size:0>x",
        "<b style=color:white>x<i style=color:red>y",
        "<p bgcolor=red>x",
        "<i style=visibility:hidden>x<b style=visibility:visible>y",
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
