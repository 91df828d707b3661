//! The names of elements: what is one, and what it means for the text around it.

/// Whether an element stands on lines of its own; those with more to them than that are not among these.
pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "body"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "frameset"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "legend"
            | "li"
            | "listing"
            | "main"
            | "marquee"
            | "nav"
            | "ol"
            | "optgroup"
            | "option"
            | "search"
            | "section"
            | "summary"
            | "tr"
            | "ul"
    )
}

/// The other elements of HTML: `<jane@acme.example>` and `<y then` are the author's own words.
fn is_other(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr"
            | "acronym"
            | "applet"
            | "area"
            | "audio"
            | "b"
            | "base"
            | "basefont"
            | "bdi"
            | "bdo"
            | "bgsound"
            | "big"
            | "blink"
            | "blockquote"
            | "br"
            | "button"
            | "canvas"
            | "cite"
            | "code"
            | "col"
            | "colgroup"
            | "data"
            | "datalist"
            | "del"
            | "dfn"
            | "dialog"
            | "dir"
            | "em"
            | "embed"
            | "font"
            | "frame"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "head"
            | "i"
            | "iframe"
            | "ilayer"
            | "image"
            | "img"
            | "input"
            | "ins"
            | "isindex"
            | "kbd"
            | "keygen"
            | "label"
            | "layer"
            | "link"
            | "map"
            | "mark"
            | "math"
            | "menu"
            | "menuitem"
            | "meta"
            | "meter"
            | "multicol"
            | "nobr"
            | "noembed"
            | "noframes"
            | "nolayer"
            | "noscript"
            | "object"
            | "output"
            | "p"
            | "param"
            | "picture"
            | "plaintext"
            | "pre"
            | "progress"
            | "q"
            | "rb"
            | "rp"
            | "rt"
            | "rtc"
            | "ruby"
            | "s"
            | "samp"
            | "script"
            | "select"
            | "selectedcontent"
            | "slot"
            | "small"
            | "source"
            | "spacer"
            | "span"
            | "strike"
            | "strong"
            | "style"
            | "sub"
            | "sup"
            | "svg"
            | "table"
            | "tbody"
            | "td"
            | "template"
            | "textarea"
            | "tfoot"
            | "th"
            | "thead"
            | "time"
            | "title"
            | "track"
            | "tt"
            | "u"
            | "var"
            | "video"
            | "wbr"
            | "xmp"
    )
}

/// The name of a tag, in small letters, where it is one of HTML or, like `o:p`, of the programs that write it.
pub(super) fn find_known(name: &str) -> Option<String> {
    let name = name.to_ascii_lowercase();
    let of_office = || {
        let (space, local) = name.split_once(':')?;
        let letters = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        (space.len() <= 3 && letters(space) && letters(local)).then_some(())
    };
    let known = is_block(&name) || is_other(&name) || of_office().is_some();
    known.then_some(name)
}

/// Whether an element gives a text its structure: nobody writes one in passing and ends it.
pub(super) fn is_structure(name: &str) -> bool {
    let breaks = [
        "blockquote",
        "dialog",
        "font",
        "head",
        "p",
        "pre",
        "style",
        "svg",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "title",
    ];
    let is_heading = matches!(name.as_bytes(), [b'h', b'1'..=b'6']);
    is_block(name) || is_heading || breaks.contains(&name)
}

/// Whether an element has no content and no end.
pub(super) fn is_void(name: &str) -> bool {
    let voids = [
        "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "image", "img", "input",
        "keygen", "link", "meta", "param", "source", "spacer", "track", "wbr",
    ];
    voids.contains(&name)
}

/// Where an element stands whose end may be left out; none where it must not be.
pub(super) fn parents(name: &str) -> &'static [&'static str] {
    match name {
        "li" => &["ul", "ol", "menu", "dir"],
        "dt" | "dd" => &["dl"],
        "td" | "th" | "tr" | "tbody" | "thead" | "tfoot" | "colgroup" | "caption" => &["table"],
        "option" | "optgroup" => &["select", "datalist"],
        _ => &[],
    }
}

/// Whether a word behind the name of a tag is one of its attributes although it has no value: `<b and c>` has none.
pub(super) fn is_flag(word: &str) -> bool {
    let word = word.trim_end_matches('/').to_ascii_lowercase();
    let flags = [
        "",
        "allowfullscreen",
        "async",
        "autofocus",
        "autoplay",
        "checked",
        "compact",
        "controls",
        "default",
        "defer",
        "disabled",
        "download",
        "formnovalidate",
        "hidden",
        "inert",
        "ismap",
        "itemscope",
        "loop",
        "multiple",
        "muted",
        "nohref",
        "noresize",
        "noshade",
        "novalidate",
        "nowrap",
        "open",
        "playsinline",
        "popover",
        "readonly",
        "required",
        "reversed",
        "scoped",
        "selected",
    ];
    flags.contains(&word.as_str()) || word.starts_with("data-") || word.starts_with("aria-")
}

/// Whether a name is that of an attribute which programs give a value.
pub(super) fn is_attribute(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let names = [
        "align",
        "alt",
        "bgcolor",
        "border",
        "cellpadding",
        "cellspacing",
        "class",
        "color",
        "colspan",
        "content",
        "data",
        "dir",
        "face",
        "height",
        "href",
        "id",
        "lang",
        "name",
        "rel",
        "role",
        "rowspan",
        "size",
        "src",
        "srcset",
        "style",
        "target",
        "title",
        "type",
        "valign",
        "value",
        "width",
        "xmlns",
    ];
    let is_event =
        name.len() > 4 && name.starts_with("on") && name.bytes().all(|byte| byte.is_ascii_lowercase());
    names.contains(&name.as_str()) || is_event || name.starts_with("data-") || name.starts_with("aria-")
}

/// Whether a name can be that of an element of a drawing or a formula: there are hundreds. Addresses are none.
pub(super) fn is_foreign(name: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    name.starts_with(|first: char| first.is_ascii_alphabetic()) && name.bytes().all(inner)
}

/// Whether a start tag ends the drawings and formulas around it, as the HTML standard has it: a `p` is never inside one.
pub(super) fn breaks_out(name: &str) -> bool {
    matches!(
        name,
        "b" | "big"
            | "blockquote"
            | "body"
            | "br"
            | "center"
            | "code"
            | "dd"
            | "div"
            | "dl"
            | "dt"
            | "em"
            | "embed"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "head"
            | "hr"
            | "i"
            | "img"
            | "li"
            | "menu"
            | "meta"
            | "nobr"
            | "ol"
            | "p"
            | "pre"
            | "s"
            | "small"
            | "span"
            | "strike"
            | "strong"
            | "sub"
            | "sup"
            | "table"
            | "tt"
            | "u"
            | "ul"
            | "var"
    )
}
