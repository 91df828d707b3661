//! Text that the sheets of styles in a page hide from everybody, or may show.

use zoho_mcp::tools::output::html::to_text;

/// A sheet in the mail styles its own words away (hostile mails and innocent previews do); the cascade is that of CSS 2.2, 6.4,
/// what is written is read by CSS Syntax 3. Programs that show mails run no scripts and fetch no sheets (caniemail.com).
#[test]
fn what_a_sheet_styles_away_leaves_a_mark() {
    let seen = |sheet: &str, element: &str| {
        let html = format!("<style>{sheet}</style><p>Hello</p>{element}<p>you</p>");
        to_text(&html).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let marked = "Hello [hidden text left out: 6 characters] you";
    for (sheet, element) in [
        (".x{display:none}", "<p class=x>secret</p>"),
        (".x { display : none !important; }", "<p class='a x b'>secret</p>"),
        ("#x{visibility:hidden}", "<div id=\"x\">secret</div>"),
        ("P.x,H1{opacity:0}", "<p class=x>secret</p>"),
        ("h1{display:none}", "<h1>secret</h1>"),
        (".x{position:absolute;left:-9999px}", "<p class=x>secret</p>"),
        ("/* .x{} */ <!-- .x{display:none} -->", "<p class=x>secret</p>"),
        ("@media screen{.x{display:none}}", "<p class=x>secret</p>"),
        (
            "@charset 'x';@font-face{font-family:a;src:url(b)} .x{display:none}",
            "<p class=x>secret</p>",
        ),
        // By its size or colour, on what is painted behind it.
        (".x{font-size:0}", "<p class=x>secret</p>"),
        (".x{max-height:0;overflow:hidden}", "<div class=x>secret</div>"),
        (".x{color:#fff}", "<p class=x>secret</p>"),
        (
            "body{background:#eee} .x{color:hsl(0 0% 93%)}",
            "<p class=x>secret</p>",
        ),
        (".x{content-visibility:hidden}", "<div class=x>secret</div>"),
        (".x.y{display:none}", "<p class='x y'>secret</p>"),
        // What is never so of a text that is read, is no rule of it, or is fetched by nobody, changes nothing.
        (
            ".x{display:none} .x:hover,.x:focus{display:block}",
            "<p class=x>secret</p>",
        ),
        (
            ".x{display:none} .x::before{display:block}",
            "<p class=x>secret</p>",
        ),
        ("@import 'a.css'; .x{display:none}", "<p class=x>secret</p>"),
        (
            ".x{display:none} @media print{.x{display:block}}",
            "<p class=x>secret</p>",
        ),
        (
            ".x{display:none;display:shown;opacity:much}",
            "<p class=x>secret</p>",
        ),
        (".x{color:#fff;color:#12}", "<p class=x>secret</p>"),
        (".x{display:none} .x,1{display:block}", "<p class=x>secret</p>"),
        (".x{opacity:0;animation:a 1s forwards}", "<p class=x>secret</p>"),
        (
            ".x{/* no */dis/**/play:block;d\\69splay:none}",
            "<p class=x>secret</p>",
        ),
        ("", "<p style='/*a*/display:/**/none/* b */'>secret</p>"),
        ("", "<p style='d\\69 splay:n\\6f ne'>secret</p>"),
        (
            "",
            "<link rel=stylesheet href=a.css><p style='display:none'>secret</p>",
        ),
        (".x{display:none}", "<script>show()</script><p class=x>secret</p>"),
        // What says the same more weakly, later or of others changes nothing.
        ("p{display:block} .x{display:none}", "<p class=x>secret</p>"),
        (".x{display:none} p{display:block}", "<p class=x>secret</p>"),
        (".x{display:block} .x{display:none}", "<p class=x>secret</p>"),
        (".x{display:none} .y{display:block}", "<p class=x>secret</p>"),
        (".x{display:none;content:'}'}", "<p class=x>secret</p>"),
        (".x{display:none", "<p class=x>secret</p>"),
        (
            ".x{display:none!important}",
            "<p class=x style='display:block'>secret</p>",
        ),
        (".x{display:none}", "<div class=x><p>secret</p></div>"),
        (
            ".x{display:none} @media(max-width:9px){.x{display:none}}",
            "<p class=x>secret</p>",
        ),
    ] {
        assert_eq!(seen(sheet, element), marked, "{sheet} {element}");
    }
    // A sheet counts for what stands before it.
    let before = to_text("<p class=x>secret</p>Hello<style>.x{display:none}</style>");
    assert!(!before.contains("secret"), "{before}");
}

/// Where it is not certain, words are shown.
#[test]
fn what_a_sheet_may_show_is_shown() {
    for (sheet, element) in [
        (".x{display:none}", "<p class=X>Hello</p>"),
        (".x{display:none}", "<p id=x>Hello</p>"),
        (".x{display:none}", "<p class=x style='display:block'>Hello</p>"),
        (".x{display:none} .x{display:block}", "<p class=x>Hello</p>"),
        (".x{display:none} #y{display:block}", "<p class=x id=y>Hello</p>"),
        ("p.x{display:block} .x{display:none}", "<p class=x>Hello</p>"),
        (".x{display:none} .x.y{display:block}", "<p class='x y'>Hello</p>"),
        (
            ".x{display:none} div .x{display:block}",
            "<div><p class=x>Hello</p></div>",
        ),
        (
            ".x{display:none} [title]{display:block}",
            "<p class=x title=a>Hello</p>",
        ),
        (
            ".x{display:none} :is(.y,.x){display:block}",
            "<p class=x>Hello</p>",
        ),
        (
            ".x{display:none} .x:not(.y){display:block}",
            "<p class=x>Hello</p>",
        ),
        (
            ".x{display:none} @media(max-width:9px){.x{display:block}}",
            "<p class=x>Hello</p>",
        ),
        (
            ".x{display:none} @supports(display:grid){.x{display:block}}",
            "<p class=x>Hello</p>",
        ),
        ("@media print{.x{display:none}}", "<p class=x>Hello</p>"),
        ("@media (max-width:9px){.x{display:none}}", "<p class=x>Hello</p>"),
        (".y .x{display:none}", "<p class=x>Hello</p>"),
        (".x:hover{display:none}", "<p class=x>Hello</p>"),
        // One selector that is none makes the rule void, and so do a stray brace and a stray semicolon.
        (".x,.1y{display:none}", "<p class=x>Hello</p>"),
        (".x,p::what{display:none}", "<p class=x>Hello</p>"),
        ("} .x{display:none}", "<p class=x>Hello</p>"),
        ("; .x{display:none}", "<p class=x>Hello</p>"),
        (".y{ .x{display:none} }", "<p class=x>Hello</p>"),
        ("/* .x{display:none} */", "<p class=x>Hello</p>"),
        (".y{content:'.x{display:none}'}", "<p class=x>Hello</p>"),
        (".x{display:none;all:initial}", "<p class=x>Hello</p>"),
        (
            "@keyframes a{to{opacity:1}} .x{opacity:0;animation:a 1s forwards}",
            "<p class=x>Hello</p>",
        ),
        // What counts for some, or of some elements alone, against the element's own style.
        (
            "@media(max-width:600px){.x{display:block!important}}",
            "<p class=x style='display:none'>Hello</p>",
        ),
        ("*{display:block!important}", "<p style='display:none'>Hello</p>"),
        (
            "body .x{display:block!important}",
            "<body><p class=x style='display:none'>Hello</p></body>",
        ),
        (
            ".x{font-size:14px!important}",
            "<p class=x style='font-size:0'>Hello</p>",
        ),
        (
            ".x{max-height:none!important}",
            "<div class=x style='max-height:0;overflow:hidden'>Hello</div>",
        ),
        (
            "td .x{color:#000!important}",
            "<p class=x style='color:#fff'>Hello</p>",
        ),
        (
            ".x{background:#000!important}",
            "<p class=x style='background:#fff;color:#fff'>Hello</p>",
        ),
        (
            ".x{color:#fff} .y{background:#036}",
            "<div class=y><p class=x>Hello</p></div>",
        ),
        (
            "div>p{background:#036}",
            "<div><p style='color:#fff'>Hello</p></div>",
        ),
        (".x{display:none;dis\\70lay:block}", "<p class=x>Hello</p>"),
        (
            ".x{visibility:hidden} .y{visibility:visible}",
            "<div class=x><p class=y>Hello</p></div>",
        ),
        ("body{visibility:hidden}", "<body>Hello</body>"),
        ("@import 'a.css';", "<p style='color:#fff'>Hello</p>"),
    ] {
        let html = format!("<style>{sheet}</style>{element}");
        let shown = to_text(&html);
        assert!(
            shown.contains("Hello") && !shown.contains("hidden"),
            "{html}: {shown}"
        );
    }
    for html in [
        "<style media=print>.x{display:none}</style><p class=x>Hello</p>",
        "<template><style>.x{display:none}</style></template><p class=x>Hello</p>",
        "<!--<style>.x{display:none}</style>--><p class=x>Hello</p>",
        "<style media='screen and (max-width:9px)'>.x{display:none}</style><p class=x>Hello</p>",
    ] {
        let shown = to_text(html);
        assert!(
            shown.contains("Hello") && !shown.contains("hidden"),
            "{html}: {shown}"
        );
    }
}

/// However many rules and elements there are.
#[test]
fn a_sheet_without_end_is_read_once() {
    let rules = ".a{display:none}.a.b{top:1px}.a .c{left:2px}".repeat(10_000);
    let classes = "a b c d ".repeat(5_000);
    let elements = "<p class='a b'>Q</p><i class=q>W</i>".repeat(20_000);
    let html = format!("<style>{rules}</style><p class='{classes}'>z</p>{elements}");
    let shown = to_text(&html);
    assert!(
        !shown.contains('Q') && shown.contains('W'),
        "{} characters",
        shown.len()
    );
    for odd in ["{", "}", "@a{", "/*", "\"", "a{b:", ".a,", "\\"] {
        to_text(&format!("<style>{}</style>Hello", odd.repeat(300_000)));
    }
}

/// CSS cascade: an important rule comes before the style of an element, and that before the browser's own rule of `hidden`. What
/// is no sheet says nothing.
#[test]
fn what_comes_first_in_the_cascade_decides() {
    for shown in [
        r#"<style>.a{display:block!important}</style><div class="a" style="display:none">VIS</div>"#,
        r#"<div hidden style="display:block">VIS</div>"#,
        r#"<style>.a{display:block}</style><div class=a hidden>VIS</div>"#,
        r#"<style type="text/plain">.a{display:none}</style><div class=a>VIS</div>"#,
        r#"<div style="visibility:hidden"><span style="visibility:visible">VIS</span></div>"#,
        r#"<table><tr><td style="height:0;overflow:hidden">VIS</td></tr></table>"#,
    ] {
        let text = to_text(shown);
        assert!(
            text.contains("VIS") && !text.contains("hidden text"),
            "{shown}: {text}"
        );
    }
    for hidden in [
        r#"<style>.a{display:none!important}</style><div class="a" style="display:block">HID</div>"#,
        r#"<style>.a{visibility:hidden}</style><p class=a>HID</p>"#,
        r#"<div hidden style="display:none">HID</div>"#,
        r#"<div hidden style="color:red">HID</div>"#,
    ] {
        let text = to_text(hidden);
        assert!(
            !text.contains("HID") && text.contains("hidden text"),
            "{hidden}: {text}"
        );
    }
}
