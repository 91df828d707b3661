//! What of a message is its own, and what it only quotes.

use zoho_mcp::tools::output::conversation::unquoted;

#[test]
fn a_quotation_ends_the_message_in_a_line_and_within_one() {
    for (text, own) in [
        (
            "Thanks!\nOn Tue, 3 Nov 2026 at 09:12, Aiko wrote:\n> Hello",
            "Thanks!",
        ),
        (
            "card ordered On Tue, 3 Nov 2026 at 09:12, Aiko Mori <support@b",
            "card ordered",
        ),
        ("Danke\nAm 3. November 2026 schrieb Aiko:\n> Hallo", "Danke"),
        (
            "Merci\nLe 3 novembre 2026 Aiko a \u{e9}crit :\n> Bonjour",
            "Merci",
        ),
        ("See above\n----- Original Message -----\nFrom: Aiko", "See above"),
        ("> only a quotation", "> only a quotation"),
    ] {
        assert_eq!(unquoted(text), own);
    }
}

#[test]
fn what_only_looks_like_a_quotation_is_kept() {
    for text in [
        "It fails On Tue, always",
        "Turn it On Monday, then Off",
        "On Tue, 3 Nov 2026 we meet",
        "Ask Saturday, 12 boxes",
    ] {
        assert_eq!(unquoted(text), text);
    }
}
