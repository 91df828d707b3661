//! The words in which mail programs write what they quote, a language a row.

/// The words of one language's mail programs.
pub(super) struct Language {
    /// What the line above a quotation begins with.
    pub(super) on: &'static [&'static str],
    /// What that line says.
    pub(super) wrote: &'static [&'static str],
    /// Its sender stands behind the verb.
    pub(super) verb_first: bool,
    /// The labels of Outlook's block: who, when, to whom and about what.
    pub(super) from: &'static [&'static str],
    pub(super) sent: &'static [&'static str],
    pub(super) to: &'static [&'static str],
    pub(super) subject: &'static [&'static str],
    /// Stands between dashes above that block.
    pub(super) original: &'static [&'static str],
}

/// All that are known.
pub(super) const LANGUAGES: [Language; 9] = [
    Language {
        on: &["on"],
        wrote: &["wrote"],
        verb_first: false,
        from: &["from"],
        sent: &["sent", "date"],
        to: &["to"],
        subject: &["subject"],
        original: &["original message"],
    },
    Language {
        on: &["am"],
        wrote: &["schrieb"],
        verb_first: true,
        from: &["von"],
        sent: &["gesendet", "datum"],
        to: &["an"],
        subject: &["betreff"],
        original: &[
            "ursprüngliche nachricht",
            "original-nachricht",
            "originalnachricht",
            "original nachricht",
        ],
    },
    Language {
        on: &["le"],
        wrote: &["a écrit"],
        verb_first: false,
        from: &["de"],
        sent: &["envoyé", "envoyé le", "date"],
        to: &["à", "a", "pour"],
        subject: &["objet", "sujet"],
        original: &[
            "message d'origine",
            "message d’origine",
            "message original",
            "message initial",
        ],
    },
    Language {
        on: &["op"],
        wrote: &["schreef", "het volgende geschreven", "geschreven"],
        verb_first: true,
        from: &["van"],
        sent: &["verzonden", "datum"],
        to: &["aan"],
        subject: &["onderwerp"],
        original: &["oorspronkelijk bericht", "origineel bericht"],
    },
    Language {
        on: &["el"],
        wrote: &["escribió"],
        verb_first: false,
        from: &["de"],
        sent: &["enviado", "enviado el", "fecha"],
        to: &["para", "a"],
        subject: &["asunto"],
        original: &["mensaje original"],
    },
    Language {
        on: &["il"],
        wrote: &["ha scritto"],
        verb_first: false,
        from: &["da"],
        sent: &["inviato", "data"],
        to: &["a"],
        subject: &["oggetto"],
        original: &["messaggio originale", "messaggio d'origine"],
    },
    Language {
        on: &["em", "no dia", "a", "às"],
        wrote: &["escreveu"],
        verb_first: false,
        from: &["de"],
        sent: &["enviado", "enviada", "enviada em", "enviado em", "data"],
        to: &["para"],
        subject: &["assunto"],
        original: &["mensagem original"],
    },
    Language {
        on: &["den"],
        wrote: &["skrev"],
        verb_first: true,
        from: &["fra"],
        sent: &["sendt", "dato"],
        to: &["til"],
        subject: &["emne"],
        original: &[
            "oprindelig meddelelse",
            "oprindelig besked",
            "original besked",
            "original meddelelse",
        ],
    },
    Language {
        on: &["den"],
        wrote: &["skrev"],
        verb_first: true,
        from: &["från"],
        sent: &["skickat", "datum"],
        to: &["till"],
        subject: &["ämne"],
        original: &["ursprungligt meddelande", "originalmeddelande"],
    },
];
