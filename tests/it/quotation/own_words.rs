//! What a person wrote is never cut: sentences with a date, a name and a verb, headers that were typed or passed on, and
//! all that the sandbox's people write.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

use super::cut_history;
use super::forms::{rows, unmarked};

/// Sentences that have all an introduction has: a day, a name, an address, the verb and a colon at the end of a line.
const SENTENCES: &[&str] = &[
    "On Tue, 3 Mar 2026 we met Bob <bob@b.example> who wrote:",
    "On Tue, 3 Mar 2026 at 9:12 we met Bob <bob@b.example> who wrote:",
    "On 3 March 2026 at 9:12 our technician Bob <bob@b.example> wrote:",
    "On 3 March 2026 we met at 9:12, Bob <bob@b.example> wrote:",
    "On 3 March 2026 at 9:12 I wrote to Bob <bob@b.example>:",
    "On 3 March 2026 at 9:12, as agreed, Bob <bob@b.example> wrote:",
    "On 3 March 2026 at 9:12 Bob <bob@b.example> and Jane <jane@b.example> wrote:",
    "On 3 March 2026 at 9:12 Bob <bob@b.example> called, and then he wrote:",
    "On 3 March 2026 Bob <bob@b.example> wrote:",
    "Bob <bob@b.example> wrote on 3 March 2026 at 9:12:",
    "Am Montag schrieb ich an Bob <bob@b.example>:",
    "Am 3.11.2026 um 9:12 Uhr schrieb ich an Bob <bob@b.example>:",
    "Am 3.11.2026 um 9:12 Uhr schrieb Jens an Bob <bob@b.example>:",
    "Am 3.11.2026 um 9:12 Uhr schrieb unser Techniker Bob <bob@b.example>:",
    "Am 3.11.2026 haben wir um 9:12 Uhr telefoniert, danach schrieb Bob <bob@b.example>:",
    "Unser Techniker Bob <bob@b.example> schrieb am 3.11.2026 um 9:12:",
    "Le 3 novembre 2026 à 9:12 nous avons vu Bob <bob@b.example> qui nous a écrit :",
    "Le 3 novembre 2026 à 9:12 notre technicien Bob <bob@b.example> a écrit :",
    "Op 3 november 2026 om 9:12 schreef ik aan Bob <bob@b.example>:",
    "El 3 de noviembre de 2026 a las 9:12 nuestro técnico Bob <bob@b.example> escribió:",
    "Il 3 novembre 2026 alle ore 9:12 il nostro tecnico Bob <bob@b.example> ha scritto:",
    "Em 3 de novembro de 2026 às 9:12 o nosso técnico Bob <bob@b.example> escreveu:",
    "Den 3. november 2026 kl. 9.12 skrev jeg til Bob <bob@b.example>:",
    "Den 3. november 2026 kl. 9.12 skrev Jens til Bob <bob@b.example>:",
    "Den 3 november 2026 kl 9:12 skrev Jens till Bob <bob@b.example>:",
    "W dniu 3.11.2026 o 9:12 nasz technik Bob <bob@b.example> napisał:",
    "Dne 3. 11. 2026 v 9:12 náš technik Bob <bob@b.example> napsal:",
    "Pe 3 noiembrie 2026 la 9:12 tehnicianul nostru Bob <bob@b.example> a scris:",
    "3 ноября 2026 г. в 9:12 наш техник Bob <bob@b.example> написал:",
    "Давайте созвонимся 12 марта 2026 г. в 14:00, Bob <bob@b.example>:",
    "Встреча 12 марта 2026 г. в 14:00, Bob <bob@b.example>:",
    "2026年3月12日(木) 14:00 からいかがでしょうか、田中 <tanaka@b.example> の件:",
    "2026年11月3日に田中さんから連絡がありました:",
    "我们在2026年11月3日收到小王的邮件，他写道：",
    "2026년 11월 3일에 김 선생님이 보낸 메일 내용:",
    "في 3 نوفمبر 2026 اتصل بنا العميل ثم كتب:",
    "בתאריך 3.11.2026 בשעה 9:12 קיבלנו מכתב מאת הלקוח <bob@b.example>:",
    "धन्यवाद, 3 नवंबर 2026 को हमारे ग्राहक ने लिखा:",
];

/// Blocks that somebody typed or pasted, and what programs write above what is meant to be read.
const BLOCKS: &[&str] = &[
    "From: Berlin\nTo: Paris\nSubject: a parcel\nSent: 3 March 2026",
    "From: Berlin\nSent: 3 March 2026\nTo: Paris\nSubject: a parcel\nIt never came.",
    "From: Berlin\nSent: 3 March 2026 at 9:12\nTo: Paris\nSubject: a parcel\nIt never came.",
    "Von: Berlin\nAn: Paris\nDatum: 3.3.2026, 9:12\nBetreff: Paket\nEs kam nie an.",
    "De : Berlin\nÀ : Paris\nDate : 3 mars 2026 à 9:12\nObjet : un colis\nIl n'est jamais arrivé.",
    "発送元: 東京\n宛先: 大阪\n日付: 2026年3月3日 9:12\n件名: 荷物\n届きません。",
    "从: 上海\n到: 北京\n日期: 2026年3月3日 9:12\n主题: 包裹\n没有收到。",
    "This mail came back to us:\nFrom: Bob <bob@b.example>\nSent: 3 March 2026 9:12\nTo: Jane <jane@b.example>\nSubject: Lamp\nHello",
    "---------- Forwarded message ---------\nFrom: Bob <bob@b.example>\nDate: Tue, Nov 3, 2026 at 9:12 AM\nSubject: Lamp\nTo: <jane@b.example>\n\nHello",
    "-------- 転送 --------\n差出人: 田中 <tanaka@b.example>\n日付: 2026年3月3日 9:12\n宛先: <jane@b.example>\n件名: 荷物\n届きません。",
    "-- On 3 March 2026 our technician came and wrote --\nerror 42",
    "---- On 3 March 2026 our technician came and wrote ----\nerror 42",
    "-- On Tue, 3 Mar 2026 at 9:12, Bob wrote --\nerror 42",
    "---- On 3 November 2026 ----\nwe changed the card.",
    "See what he answered:\n\nOn Tue, 3 Nov 2026 at 9:12, Bob <bob@b.example> wrote:\n\nerror 42",
    "彼の返事はこちらです：\n\n2026年11月3日(火) 9:12 Bob <bob@b.example>:\n\n42",
    "-------- Original message --------\nof the device: error 42",
];

fn texts() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/sandbox/desk/seed");
    let mut found = Vec::new();
    for file in std::fs::read_dir(format!("{folder}/topics")).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let topics: Vec<Value> = serde_json::from_str(&text).unwrap();
        for topic in &topics {
            let all = |member: &str| topic[member].as_array().cloned().unwrap_or_default();
            found.extend(all("messages"));
            found.extend(
                all("more")
                    .iter()
                    .flat_map(|pair| pair.as_array().cloned().unwrap()),
            );
            found.extend(all("comments").iter().map(|note| note["text"].clone()));
            found.extend([topic["call"].clone(), topic["resolution"].clone()]);
        }
    }
    let words: Value =
        serde_json::from_str(&std::fs::read_to_string(format!("{folder}/texts.json")).unwrap()).unwrap();
    for member in ["injections", "spoken"] {
        found.extend(words[member].as_array().unwrap().iter().cloned());
    }
    for thanks in words["thanks"].as_object().unwrap().values() {
        found.extend(thanks.as_array().unwrap().iter().cloned());
    }
    let found: Vec<String> = found
        .iter()
        .filter_map(|text| Some(text.as_str()?.trim().to_owned()))
        .filter(|text| !text.is_empty())
        .collect();
    assert!(found.len() > 800, "{}", found.len());
    found
}

#[test]
fn what_the_people_of_the_sandbox_write_is_kept() {
    for text in texts() {
        assert_eq!(cut_history(&text), (text.as_str(), 0));
    }
}

#[test]
fn sentences_and_typed_headers_are_kept() {
    for header in [
        "We miss a mail with this header\nFrom: Bob <bob@b.example>\nSent: 3 March 2026 9:12\nTo: Jane <jane@b.example>\n\
         Subject: Lamp",
        "I sent you this mail\nFrom: Bob <bob@b.example>\nTo: Jane <jane@b.example>\nDate: 3/3/2026\nSubject: Lamp\n\
         The picture in it is empty.",
        "I sent you this mail\nFrom: Bob <bob@b.example>\nTo: Jane <jane@b.example>\nDate: 3/3/2026 9:12\nSubject: Lamp\n\
         The picture in it is empty.",
    ] {
        assert_eq!(cut_history(header), (header, 0));
    }
    for said in SENTENCES.iter().chain(BLOCKS) {
        for text in [
            format!("Hello\n{said}\nerror 42"),
            format!("Hello\n\n{said}\n\nerror 42\n\nBest"),
        ] {
            assert_eq!(cut_history(&text), (text.as_str(), 0));
        }
    }
    for said in SENTENCES {
        let text = format!("Hello, {said}\nerror 42");
        assert_eq!(cut_history(&text), (text.as_str(), 0));
    }
}

/// The same sentence above lines that its author marked as what somebody said.
#[test]
fn sentences_above_marked_lines_are_kept() {
    let looks_like_a_program = |said: &&&str| {
        said.contains("3 March 2026 Bob <")
            || said.contains("<bob@b.example> wrote on")
            || said.starts_with("Unser Techniker")
    };
    for said in SENTENCES.iter().filter(|said| !looks_like_a_program(said)) {
        let text = format!("Hello\n{said}\n> error 42\n> error 43");
        assert_eq!(cut_history(&text), (text.as_str(), 0));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever people wrote in whatever order, with sentences that look like introductions among it.
    #[test]
    fn own_words_are_never_cut(
        parts in prop::collection::vec(select(texts()), 1..4),
        said in select([SENTENCES, BLOCKS].concat()),
        at in 0..4_usize,
        gap in select(vec!["\n", "\n\n"]),
    ) {
        let mut parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        parts.insert(at.min(parts.len()), said);
        let text = parts.join(gap);
        prop_assert_eq!(cut_history(&text), (text.trim(), 0));
    }

    /// Whatever was written above a quotation is kept to the last letter, and no more.
    #[test]
    fn what_stands_above_a_quotation_is_kept(
        own in select(texts()),
        at in 0..1_000_usize,
        is_marked in any::<bool>(),
    ) {
        let rows = rows();
        let row = &rows[at % rows.len()];
        let text = match is_marked || !row.alone {
            true => format!("{own}\n\n{}", row.text),
            false => format!("{own}\n{}", unmarked(&row.text)),
        };
        prop_assert_eq!(cut_history(&text).0, own.as_str());
    }
}
