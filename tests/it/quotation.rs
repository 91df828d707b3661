//! What of a message is its own, and what it only quotes.

use zoho_mcp::tools::output::quotation::cut_history;

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
    ] {
        assert_eq!(cut_history(text), (text, 0));
    }
}
