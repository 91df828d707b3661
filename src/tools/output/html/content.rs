//! Where elements end that hold no others: scripts, styles, titles.

/// What stands behind the end tag of an element that holds no others.
pub(super) fn end_of_content<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    // A script may write scripts where it hides itself from old browsers: `<!-- <script></script> -->`.
    let (mut hidden, mut within) = (false, false);
    let mut at = 0;
    loop {
        let rest = text.get(at..)?;
        let next = match name == "script" && hidden {
            true => rest.find(['<', '-'])?,
            false => rest.find('<')?,
        };
        let here = rest.get(next..)?;
        at += next + 1;
        if name == "script" && here.starts_with("<!--") {
            hidden = true;
            at += 1; // `<!-->` hides nothing, its dashes count twice
        } else if hidden && here.starts_with("-->") {
            (hidden, within) = (false, false);
        } else if hidden && here.strip_prefix('<').is_some_and(|tag| is_tag(tag, name)) {
            within = true;
        } else if let Some(tag) = here.strip_prefix("</").filter(|tag| is_tag(tag, name)) {
            if within {
                within = false;
                continue;
            }
            let close = tag.find('>').map_or(tag.len(), |close| close + 1);
            return tag.get(close..);
        }
    }
}

/// Whether the tag of an element stands there.
fn is_tag(text: &str, name: &str) -> bool {
    let same = text
        .get(..name.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(name));
    let behind = text.as_bytes().get(name.len());
    same && behind.is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'))
}
