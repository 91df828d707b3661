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
            | "header"
            | "hr"
            | "html"
            | "legend"
            | "li"
            | "main"
            | "nav"
            | "ol"
            | "option"
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
            | "big"
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
            | "frameset"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "head"
            | "i"
            | "iframe"
            | "img"
            | "input"
            | "ins"
            | "kbd"
            | "label"
            | "link"
            | "map"
            | "mark"
            | "math"
            | "menu"
            | "meta"
            | "meter"
            | "nobr"
            | "noscript"
            | "object"
            | "output"
            | "p"
            | "param"
            | "picture"
            | "pre"
            | "q"
            | "s"
            | "samp"
            | "script"
            | "select"
            | "small"
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
            | "tt"
            | "u"
            | "var"
            | "video"
            | "wbr"
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
