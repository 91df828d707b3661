//! What of a message is its own, and what it only quotes.

mod answers;
mod forms;
mod own_words;
mod parts;
mod sandbox;

use zoho_mcp::tools::output::html::to_text;
use zoho_mcp::tools::output::quotation::{Earlier, find};

/// What all messages are about.
const SUBJECT: &str = "Lamp of the gate";

/// An earlier message of nobody in particular.
fn earlier(text: &str) -> Earlier {
    Earlier::of(text, "")
}

/// What is told of a message that quotes these.
fn told(text: &str, earlier: &[Earlier]) -> String {
    let own = find(text).and_then(|found| found.without_known(earlier, SUBJECT));
    own.map_or_else(|| text.to_owned(), |own| own.text)
}

/// What of a text is its author's above what it quotes, and the characters of that; what is told below is the end of it.
fn cut_history(text: &str) -> (&str, usize) {
    match find(text) {
        Some(found) => {
            assert!(text.trim().ends_with(found.below), "{text}");
            (found.own, found.quoted.chars().count())
        }
        None => (text.trim(), 0),
    }
}

/// Five forms in each language: Gmail, Apple Mail, Thunderbird or K-9, Outlook's block in one of its orders, and the line of
/// phones or of web mailers.
///
/// Who says so: reports of the forms (github/email_reply_parser#23 and #69, twentyhq/twenty#25561). Assumed: the words of
/// each language, which no document lists.
const FORMS: [[&str; 5]; 9] = [
    [
        "On Tue, Nov 3, 2026 at 9:12\u{202f}AM Aiko Mori <aiko@b.example> wrote:\n\n> Hello",
        "> On Nov 3, 2026, at 9:12 AM, Aiko Mori <aiko@b.example> wrote:\n> \n> Hello",
        "On 11/3/2026 9:12 AM, Aiko Mori wrote:\n> Hello\n>\n> Bye",
        "From: Aiko Mori <aiko@b.example>\nTo: Jane <jane@acme.example>\nSubject: Lamp\nDate: Tue, 3 Nov 2026 09:12:00 +0100\n\nHello",
        "-------- Original message --------\nFrom: Aiko Mori <aiko@b.example>\nDate: 11/3/26 9:12 AM (GMT+01:00)\nTo: Jane\nSubject: Lamp\n\nHello",
    ],
    [
        "Am Di., 3. Nov. 2026 um 09:12\u{a0}Uhr schrieb Aiko Mori <aiko@b.example>:\n\n> Hallo",
        "> Am 03.11.2026 um 09:12 schrieb Aiko Mori <aiko@b.example>:\n>\n> Hallo",
        "Am 03.11.26 um 09:12 schrieb Aiko Mori:\n> Hallo",
        "Gesendet: Dienstag, 03. November 2026 um 09:12 Uhr\nVon: \"Aiko Mori\" <aiko@b.example>\nAn: jane@acme.example\nBetreff: Lampe\n\nHallo",
        "-------- Original-Nachricht --------\nVon: Aiko\nHallo",
    ],
    [
        "Le mar. 3 nov. 2026 à 09:12, Aiko Mori <aiko@b.example> a écrit :\n\n> Bonjour",
        "> Le 3 nov. 2026 à 09:12, Aiko Mori <aiko@b.example> a écrit :\n> \n> Bonjour",
        "Le 03/11/2026 à 09:12, Aiko Mori a écrit\u{a0}:\n> Bonjour",
        "De : Aiko Mori <aiko@b.example>\nÀ : Jane\nEnvoyé : mardi 3 novembre 2026 09:12\nObjet : Lampe\n\nBonjour",
        "-------- Message d’origine --------\nDe : Aiko\nDate : 03/11/2026 09:12 (GMT+01:00)\nBonjour",
    ],
    [
        "Op di 3 nov 2026 om 09:12 schreef Aiko Mori <aiko@b.example>:\n\n> Hallo",
        "> Op 3 nov. 2026, om 09:12 heeft Aiko Mori <aiko@b.example> het volgende geschreven:\n> \n> Hallo",
        "Op 03-11-2026 om 09:12 schreef Aiko Mori:\n> Hallo",
        "Van: Aiko Mori <aiko@b.example>\nDatum: dinsdag, 3 november 2026 om 09:12\nAan: Jane\nOnderwerp: Lamp\n\nHallo",
        "-------- Oorspronkelijk bericht --------\nVan: Aiko\nHallo",
    ],
    [
        "El mar, 3 nov 2026 a las 9:12, Aiko Mori (<aiko@b.example>) escribió:\n\n> Hola",
        "> El 3 nov 2026, a las 9:12, Aiko Mori <aiko@b.example> escribió:\n> \n> Hola",
        "El 03/11/2026 a las 9:12, Aiko Mori escribió:\n> Hola",
        "De: Aiko Mori <aiko@b.example>\nFecha: martes, 3 de noviembre de 2026, 9:12\nPara: Jane\nAsunto: Lámpara\n\nHola",
        "-------- Mensaje original --------\nDe: Aiko\nFecha: 3/11/26 9:12 (GMT+01:00)\nHola",
    ],
    [
        "Il giorno mar 3 nov 2026 alle ore 09:12 Aiko Mori <aiko@b.example> ha scritto:\n\n> Ciao",
        "> Il giorno 3 nov 2026, alle ore 09:12, Aiko Mori <aiko@b.example> ha scritto:\n> \n> Ciao",
        "Il 03/11/2026 09:12, Aiko Mori ha scritto:\n> Ciao",
        "Da: Aiko Mori <aiko@b.example>\nA: Jane\nData: martedì 3 novembre 2026 09:12\nOggetto: Lampada\n\nCiao",
        "-------- Messaggio originale --------\nDa: Aiko\nCiao",
    ],
    [
        "Em ter., 3 de nov. de 2026 às 09:12, Aiko Mori <aiko@b.example> escreveu:\n\n> Olá",
        "Aiko Mori <aiko@b.example> escreveu (terça, 3/11/2026 à(s) 09:12):\n\n> Olá",
        "Às 09:12 de 03/11/2026, Aiko Mori escreveu:\n> Olá",
        "De: Aiko Mori <aiko@b.example>\nData: terça-feira, 3 de novembro de 2026 09:12\nPara: Jane\nAssunto: Lâmpada\n\nOlá",
        "-------- Mensagem original --------\nDe: Aiko\nOlá",
    ],
    [
        "Den tirs. 3. nov. 2026 kl. 09.12 skrev Aiko Mori <aiko@b.example>:\n\n> Hej",
        "> Den 3. nov. 2026 kl. 09.12 skrev Aiko Mori <aiko@b.example>:\n> \n> Hej",
        "Den 03.11.2026 kl. 09.12 skrev Aiko Mori:\n> Hej",
        "Fra: Aiko Mori <aiko@b.example>\nTil: Jane\nDato: tirsdag den 3. november 2026 kl. 09.12\nEmne: Lampe\n\nHej",
        "-------- Oprindelig besked --------\nFra: Aiko\nHej",
    ],
    [
        "Den tis 3 nov. 2026 kl 09:12 skrev Aiko Mori <aiko@b.example>:\n\n> Hej",
        "> 3 nov. 2026 kl. 09:12 skrev Aiko Mori <aiko@b.example>:\n> \n> Hej",
        "Den 2026-11-03 kl. 09:12, skrev Aiko Mori:\n> Hej",
        "Från: Aiko Mori <aiko@b.example>\nDatum: tisdag 3 november 2026 09:12\nTill: Jane\nÄmne: Lampa\n\nHej",
        "-------- Originalmeddelande --------\nFrån: Aiko\nHej",
    ],
];

#[test]
fn five_forms_of_each_language_are_cut_and_counted() {
    for quoted in FORMS.iter().flatten() {
        let text = format!("Thanks!\n\n{quoted}");
        let (kept, left_out) = cut_history(&text);
        assert_eq!(kept, "Thanks!", "{quoted}");
        assert_eq!(left_out, quoted.trim().chars().count(), "{quoted}");
        // What stands below what is marked as quoted is its author's.
        if quoted.starts_with("> ") || quoted.contains("\n> ") {
            let answered = format!("{text}\nThe red one.");
            assert_eq!(cut_history(&answered), ("Thanks!", left_out));
            assert_eq!(find(&answered).unwrap().below, "The red one.", "{answered}");
            // Among it, it is an answer: then nothing is cut.
            let answered = format!("{answered}\n> When?");
            assert_eq!(cut_history(&answered), (answered.as_str(), 0));
        }
    }
}

/// The same as the programs write it into HTML, by the elements they are known for.
#[test]
fn quotations_of_html_are_cut_and_counted() {
    for (html, kept) in [
        (
            "<div dir=\"ltr\">Thanks!</div><br><div class=\"gmail_quote gmail_quote_container\"><div dir=\"ltr\" class=\"gmail_attr\">Le \
             mar. 3 nov. 2026 à 09:12, Aiko &lt;<a href=\"mailto:a@b.example\">a@b.example</a>&gt; a écrit :<br></div><blockquote \
             class=\"gmail_quote\" style=\"margin:0\"><div>Bonjour</div></blockquote></div>",
            "Thanks!",
        ),
        (
            "<div>Thanks!</div><div id=\"appendonsend\"></div><hr style=\"display:inline-block;width:98%\"><div id=\"divRplyFwdMsg\" \
             dir=\"ltr\"><font face=\"Calibri, sans-serif\"><b>Von:</b> Aiko &lt;a@b.example&gt;<br><b>Gesendet:</b> Dienstag, 3. November 2026 \
             09:12<br><b>An:</b> Jane<br><b>Betreff:</b> Lampe</font><div>&nbsp;</div></div><div>Hallo</div>",
            "Thanks!",
        ),
        (
            "<p class=MsoNormal>Thanks!<o:p></o:p></p><div style='border-top:solid #E1E1E1 1.0pt'><p class=MsoNormal><b><span \
             lang=EN-US>From:</span></b><span lang=EN-US> Aiko &lt;a@b.example&gt; <br><b>Sent:</b> Tuesday, November 3, 2026 9:12 AM<br>\
             <b>To:</b> Jane<br><b>Cc:</b> Joe<br><b>Subject:</b> Lamp<o:p></o:p></span></p></div><p class=MsoNormal>Hello</p>",
            "Thanks!",
        ),
        (
            "<div>Thanks!</div><div class=\"zmail_extra\"><br>---- On Tue, 03 Nov 2026 09:12:00 +0100 <b>Aiko \
             &lt;a@b.example&gt;</b> wrote ----<br><br><blockquote><div>Hello</div></blockquote></div>",
            "Thanks!",
        ),
        (
            "<div>Thanks!</div><br><div class=\"zmail_extra_hr\" style=\"border-top: 1px solid rgb(204, 204, 204); height: 0px\"><br></div>\
             <div class=\"zmail_extra\"><div><br></div><div id=\"Zm-_Id_-Sgn1\">From: Aiko &lt;a@b.example&gt;<br>To: \"Jane\"&lt;jane@b.example&gt;<br>\
             Date: Tue, 03 Nov 2026 09:12:33 +0530<br>Subject: RE: Lamp<br></div><div><br></div><blockquote id=\"blockquote_zmail\" \
             style=\"margin: 0px;\"><div>Hello</div></blockquote></div>",
            "Thanks!",
        ),
        (
            "<div>Thanks!</div><blockquote type=\"cite\"><div>Op 3 nov. 2026, om 09:12 heeft Aiko &lt;a@b.example&gt; het volgende \
             geschreven:</div><br><div>Hallo</div></blockquote>",
            "Thanks!",
        ),
    ] {
        let text = to_text(html);
        let (own, left_out) = cut_history(&text);
        assert_eq!(own, kept, "{text}");
        let rest = text.trim().strip_prefix(own).unwrap().trim();
        assert_eq!(left_out, rest.chars().count(), "{text}");
    }
}

/// The forms in which mail programs quote, in each language they are known in.
#[test]
fn quoted_history_is_cut_in_known_forms() {
    for quoted in [
        "---- On Fri, 20 Nov 2026 10:00:00 +0100 Aiko Mori <aiko@b.example> wrote ----\nHello",
        "---- On 2026-11-20T10:00:00.000Z, Aiko wrote ----\n> Hello\n>\n> Bye",
        "On Tue, Nov 3, 2026 at 9:12 AM Aiko Mori <aiko@b.example> wrote:\n\nHello",
        "On Tue, Nov 3, 2026 at 9:12 AM Aiko Mori of the Support Team <\naiko@b.example> wrote:\n> Hello",
        "On 11/3/26 09:12, Aiko wrote:\n> Hello",
        "Am 3. November 2026 schrieb Aiko:\n> Hallo",
        "Am Di., 3. Nov. 2026 um 09:12 Uhr schrieb Aiko <aiko@b.example>:\nHallo",
        "Le mar. 3 nov. 2026 à 09:12, Aiko <aiko@b.example> a écrit\u{a0}:\nBonjour",
        "Op di 3 nov 2026 om 09:12 schreef Aiko <aiko@b.example>:\nHallo",
        "El mar, 3 nov 2026 a las 9:12, Aiko (<aiko@b.example>) escribió:\nHola",
        "Il giorno mar 3 nov 2026 alle ore 09:12 Aiko <aiko@b.example> ha scritto:\nCiao",
        "Em ter., 3 de nov. de 2026 às 09:12, Aiko <aiko@b.example> escreveu:\nOlá",
        "Den tirs. 3. nov. 2026 kl. 09.12 skrev Aiko <aiko@b.example>:\nHej",
        "Den tis 3 nov. 2026 kl 09:12 skrev Aiko <aiko@b.example>:\nHej",
        "From: Aiko\nSent: Tuesday, November 3, 2026 9:12 AM\nTo: Jane\nSubject: Lamp\n\nHello",
        "*From:* Aiko <a@b.example>\n*Date:* Tuesday, 3 November 2026\n*To:* Jane; Joe;\nJim <j@b.example>\n*Cc:* Ann\n*Subject:* Lamp\nHello",
        "________________________________\nVon: Aiko\nGesendet: Dienstag, 3. November 2026 09:12\nAn: Jane\nBetreff: Lampe\n\nHallo",
        "De : Aiko\nEnvoyé : mardi 3 novembre 2026 09:12\nÀ : Jane\nObjet : Lampe\n\nBonjour",
        "Van: Aiko\nVerzonden: dinsdag 3 november 2026 09:12\nAan: Jane\nOnderwerp: Lamp\n\nHallo",
        "De: Aiko\nEnviado el: martes, 3 de noviembre de 2026 9:12\nPara: Jane\nAsunto: Lámpara\n\nHola",
        "Da: Aiko\nInviato: martedì 3 novembre 2026 09:12\nA: Jane\nOggetto: Lampada\n\nCiao",
        "De: Aiko\nEnviada em: terça-feira, 3 de novembro de 2026 09:12\nPara: Jane\nAssunto: Lâmpada\n\nOlá",
        "Fra: Aiko\nSendt: 3. november 2026 09:12\nTil: Jane\nEmne: Lampe\n\nHej",
        "Från: Aiko\nSkickat: den 3 november 2026 09:12\nTill: Jane\nÄmne: Lampa\n\nHej",
        "-----Original Message-----\nFrom: Aiko\nHello",
        "-----Ursprüngliche Nachricht-----\nVon: Aiko\nHallo",
    ] {
        let text = format!("Thanks!\n> a shell prompt\n\n{quoted}");
        let (kept, left_out) = cut_history(&text);
        assert_eq!(kept, "Thanks!\n> a shell prompt", "{quoted}");
        assert!(
            left_out >= 5 && left_out <= quoted.chars().count(),
            "{left_out}: {quoted}"
        );
        assert_eq!(
            cut_history(quoted),
            (quoted, 0),
            "a message that only quotes is whole"
        );
    }
}

#[test]
fn what_only_looks_like_a_quotation_is_kept() {
    for text in [
        "Delivery: On Fri, 20 Nov 2026 - send it to 12 Mill Lane, NOT to the warehouse.",
        "Hello,\nOn Monday our technician came and wrote:\nerror 42 on the display",
        "Hello,\nOn 3 November 2026 our technician came and wrote:\nerror 42 on the display",
        "I typed\n> ls -l\n> rm x\nand then it was gone",
        "> only a quotation",
        "Hello\nOn Tue, 3 Nov 2026 at 09:12, Aiko <a@b.example> wrote:\n> Which one?\nThe red one.\n> When?\nToday.",
        "It moves\nFrom: Berlin\nTo: Munich\nSubject: to change",
        "From: 12 Mill Lane\nTo: the warehouse\nDate: 3 Nov",
        "Hello\nAm Montag kam der Techniker und schrieb:\n> 42",
        "Le mardi\nLe technicien a écrit :\nerreur 42",
        "Original message\nof the device: 42",
        "---------- Forwarded message ---------\nFrom: Jane <jane@acme.example>\nThe display says 42",
        "See below.\n\n---------- Forwarded message ---------\nFrom: Jane <jane@acme.example>\nDate: Tue, Nov 3, 2026\nSubject: Lamp\n\
         To: <a@b.example>\n\nThe display says 42",
        "FYI\n\nAnfang der weitergeleiteten Nachricht:\n\nVon: Aiko\nBetreff: Lampe\nDatum: 3. November 2026\nAn: Jane\n\nHallo",
        "This is what he sent:\nFrom: Aiko\nSent: 3 November 2026\nTo: Jane\nSubject: Lamp\nIt is broken",
        "Please note\nOn 3 Nov 2026 we wrote to a@b.example that the device is broken:\nit still is",
        "On the machine\n> 2026-11-03 it wrote:\n> 42",
        "Den 3 november 2026 skrev vi ett brev till dem, och fick svar:\nNej",
    ] {
        assert_eq!(cut_history(text), (text, 0));
    }
}

/// What stands deep in a mail is not looked through line by line: no answer shows it. Each line of these has all the look of
/// an introduction, in every way it could be parted.
#[test]
fn a_long_mail_is_looked_through_where_it_is_shown() {
    let quoted = "On Tue, 3 Nov 2026 at 9:12, Aiko <a@b.example> wrote:\n> Hello";
    let own = "The red one.\n".repeat(2000);
    assert_eq!(
        find(&format!("The red one.\n\n{quoted}")).unwrap().own,
        "The red one."
    );
    assert!(find(&format!("{own}\n{quoted}")).is_none());
    for line in [
        "2026 ".repeat(79),
        "a 9:12 2026, ".repeat(30),
        "on a 1/1/2026 ".repeat(28),
    ] {
        let hostile = format!("{}:\n", line.trim_end());
        assert!(find(&hostile.repeat(1_000_000 / hostile.len())).is_none());
    }
    let blocks = "From: a\nSent: 2026 9:12\nTo: a@b.example\n".repeat(25_000);
    assert!(find(&blocks).is_none());
}

/// What a quotation repeats is known line by line, however it was wrapped, marked or headed.
#[test]
fn what_is_quoted_is_known_by_its_words() {
    let said = "Hello Jane, the gateway on the east pier does not come up any more. It is dead.";
    let known = [
        earlier("Something else entirely"),
        Earlier::of(said, "Jane <jane@b.example>"),
    ];
    for quoted in [
        "On Tue, 3 Nov 2026 at 9:12, Aiko <a@b.example> wrote:\n\n> Hello Jane,\n>\n> the gateway on the east pier\n> does not come up any more. It is dead.",
        "> On Nov 3, 2026, at 9:12 AM, Aiko <a@b.example> wrote:\n>\n> Hello Jane, the gateway on the east pier does not come up any more. It is dead.",
        "From: Aiko <a@b.example>\nSent: 3 November 2026 9:12\nTo: Jane\nSubject: AW: [##596##] Lamp of the gate\n\nHello Jane,\nthe gateway on the east pier does not come up any more. It is\ndead.",
        "-----Original Message-----\nFrom: Aiko\nTo: Jane\n\nHello Jane, the gateway on the east pier does not come up any more. It is dead.",
    ] {
        let text = format!("Thanks\n\n{quoted}");
        let found = find(&text).unwrap();
        let own = found.without_known(&known, SUBJECT).expect(quoted);
        assert_eq!(
            (own.text.as_str(), own.left_out),
            ("Thanks", quoted.chars().count()),
            "{quoted}"
        );
        for other in ["The pier", "", "Hello Jan", "hello", "Hello Jane, the gateway"] {
            assert_eq!(found.without_known(&[earlier(other)], SUBJECT), None, "{quoted}");
        }
    }
}

/// People answer between, behind and within the lines that they quote (willdurand/EmailReplyParser#89): none of it is lost,
/// and whose lines they stand among is told.
#[test]
fn what_is_written_into_a_quotation_stays() {
    let said = "Hello Jane,\nis the channel of the gate still needed, or may we delete it with the four others? Please tell us until Friday.\nKind regards\nAiko";
    let known = [earlier(said)];
    let headings = [
        "On Tue, 3 Nov 2026 at 9:12, Aiko <a@b.example> wrote:",
        "From: Aiko <a@b.example>\nSent: 3 November 2026 9:12\nTo: Jane\nSubject: Re: Lamp of the gate",
        "---- On Tue, 03 Nov 2026 09:12:00 +0100 Aiko <a@b.example> wrote ----",
        "---- On Tue, 03 Nov 2026 09:12:00 +0100 Aiko <a@b.example> wrote ---",
    ];
    let new = [
        "YES, it is. Do NOT delete it.",
        "Yes",
        "Please",
        "is the channel of the gate still needed, or may we delete it with the five others?",
        "Hello Jane, no.",
    ];
    for heading in headings {
        for new in new {
            for place in 1..=4 {
                let mut lines: Vec<&str> = said.lines().collect();
                lines.insert(place, new);
                let text = format!("My answers are below.\n\n{heading}\n\n{}", lines.join("\n"));
                let end = if place == 4 { "" } else { "\n\n[...]" };
                let expected = format!("My answers are below.\n\n{heading}\n\n[...]\n{new}{end}");
                assert_eq!(told(&text, &known), expected, "{text}");
            }
        }
        for changed in [said.replace("four", "five"), format!("{said} YES it is")] {
            let text = format!("See below.\n\n{heading}\n\n{changed}");
            let line = changed.lines().find(|line| !said.contains(line)).unwrap();
            assert!(told(&text, &known).contains(line), "{text}");
        }
    }
}

/// Scripts without spaces are wrapped anywhere.
#[test]
fn what_is_quoted_in_chinese_and_japanese_is_known_however_it_is_wrapped() {
    let said = "佐藤様、東側の桟橋のゲートウェイが月曜日から起動しません。ご確認をお願いいたします。";
    let heading = "2026年11月3日(火) 9:12 Aiko <a@b.example>:";
    let quoted = "> 佐藤様、東側の桟橋のゲートウェイが月\n> 曜日から起動しません。\n> 水曜日です。\n> ご確認をお願いいたします。";
    let text = format!("承知しました。\n\n{heading}\n\n{quoted}");
    let expected = format!("承知しました。\n\n{heading}\n\n[...]\n> 水曜日です。\n\n[...]");
    assert_eq!(told(&text, &[earlier(said)]), expected);
    let whole = quoted.replace("> 水曜日です。\n", "");
    let text = format!("承知しました。\n\n{heading}\n\n{whole}");
    assert_eq!(told(&text, &[earlier(said)]), "承知しました。");
}
