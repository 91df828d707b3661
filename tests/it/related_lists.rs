//! Related lists of CRM that are no modules: each is paged as Zoho's documents say, by what the module file tells.

use serde_json::{Value, json};

use crate::connections_rooms::fake::{House, json as scripted};

const RECORD: &str = "/crm/v8/Contacts/5725767000000411001";

fn mails(numbers: std::ops::Range<u32>, next: Value) -> Value {
    let mail = |number| json!({ "message_id": format!("m{number}"), "subject": format!("Mail {number}") });
    let more = next.is_string();
    json!({ "Emails": numbers.map(mail).collect::<Value>(),
        "info": { "per_page": 10, "count": 10, "next_index": next, "prev_index": null, "more_records": more } })
}

fn ids(answer: &Value) -> Vec<&str> {
    let rows = answer["data"].as_array().unwrap();
    rows.iter()
        .map(|row| row["message_id"].as_str().unwrap())
        .collect()
}

/// Get Emails of a Record (v6, v8): ten a call, `next_index` of the answer goes into `index`.
#[tokio::test]
async fn e_mails_go_on_behind_their_index() {
    for limit in [4, 10, 25] {
        let house = House::new().await;
        house.connect(3600).await;
        let mut wire = house.serve(house.settings()).await;
        let path = format!("{RECORD}/Emails");
        let first = || mails(1..11, json!("c2_1700000000000"));
        let pages = match limit {
            4 => vec![first(), first(), first(), mails(11..13, Value::Null)],
            _ => vec![first(), mails(11..13, Value::Null)],
        };
        house
            .fake
            .script(&path, pages.iter().map(|page| scripted(200, &page.to_string())));
        let mut arguments = json!({ "module": "Contacts", "app_type": "crm", "id": "5725767000000411001",
            "related": "emails", "limit": limit });
        let mut seen = Vec::new();
        for _ in &pages {
            let answer = wire.call("get_related_records", arguments.clone()).await;
            seen.extend(ids(&answer).into_iter().map(str::to_owned));
            arguments["cursor"] = answer["next_cursor"].clone();
            assert_eq!(
                answer["has_more"],
                answer["next_cursor"].is_string(),
                "{answer:#}"
            );
        }
        let all: Vec<String> = (1..13).map(|number| format!("m{number}")).collect();
        assert_eq!(seen, all, "{limit}");
        assert!(arguments["cursor"].is_null());
        let asked = house.fake.seen();
        let asked: Vec<&str> = asked
            .iter()
            .filter(|seen| seen.path == path)
            .map(|seen| seen.query.as_str())
            .collect();
        assert_eq!(asked.last(), Some(&"index=c2_1700000000000"), "{asked:?}");
        assert!(asked.iter().all(|query| !query.contains("per_page")), "{asked:?}");
    }
}
