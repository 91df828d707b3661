//! Related lists of CRM that are no modules: each is paged as Zoho's documents say, by what the module file tells.

use serde_json::{Value, json};
use zoho_mcp::sandbox::Options;

use crate::bed::{Bed, Wire};
use crate::connections_rooms::fake::{House, json as scripted};
use crate::desk_client::Desk;
use crate::paging::bed as counting_bed;

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
        let (house, mut wire) = House::served().await;
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

/// A contact of the sandbox's Desk that has cases, and its id.
async fn with_history(wire: &mut Wire) -> String {
    let cases = json!({ "module": "Cases", "fields": ["contactId"], "limit": 1 });
    let answer = wire.call("get_records", cases).await;
    answer["data"][0]["contactId"].as_str().unwrap().to_owned()
}

/// Desk OAS, AccountContactHistory: the case, what was done with it, by whom; not the events of one case.
#[tokio::test]
async fn the_history_of_a_contact_is_shown_as_zoho_has_it() {
    let (_bed, mut wire) = Bed::warm(&[]).await;
    let id = with_history(&mut wire).await;
    let asked = json!({ "module": "Contacts", "id": id, "related": "history", "limit": 1 });
    let answer = wire.call("get_related_records", asked).await;
    for field in [
        "ticketId",
        "ticketNumber",
        "subject",
        "status",
        "statusType",
        "eventTime",
        "operation",
        "author",
        "link",
    ] {
        assert!(!answer["data"][0][field].is_null(), "{field}: {answer:#}");
    }
}

/// Desk OAS: an account's history cannot do without a contact, which no argument here names.
#[tokio::test]
async fn a_list_that_cannot_be_asked_for_is_not_offered() {
    let (_bed, mut wire) = Bed::warm(&[]).await;
    let asked =
        json!({ "module": "Accounts", "app_type": "desk", "id": "1892000000042034", "related": "history" });
    let refused = wire.call("get_related_records", asked).await;
    assert_eq!(refused["code"], "invalid_arguments", "{refused:#}");
    assert!(
        !refused["problems"][0]["expected"].to_string().contains("history"),
        "{refused:#}"
    );
    assert!(
        refused["problems"][0]["expected"].to_string().contains("tickets"),
        "{refused:#}"
    );
}

/// Get Emails of a Record (v6, v8): an e-mail has its time, its owner, and what became of it; Desk's messages are another.
#[tokio::test]
async fn an_e_mail_keeps_all_that_it_has() {
    let (house, mut wire) = House::served().await;
    let mail = json!({ "message_id": "c6085fae06cbd7b7", "subject": "Offer", "summary": "As agreed",
        "from": { "user_name": "Noor", "email": "noor@x.example" }, "to": [{ "user_name": "Anna", "email": "anna@x.example" }],
        "cc": null, "owner": { "name": "Noor", "id": "5725767000000411001" }, "sent": true, "read": false,
        "time": "2026-11-12T14:32:00+02:00", "sent_time": "2026-11-12T14:31:00+02:00", "linked_record": null,
        "status": [{ "type": "sent" }, { "type": "opened", "count": "2" }], "has_attachment": false });
    let page = json!({ "Emails": [mail], "info": { "count": 1, "more_records": false } });
    house
        .fake
        .script(&format!("{RECORD}/Emails"), [scripted(200, &page.to_string())]);
    let asked =
        json!({ "module": "Contacts", "app_type": "crm", "id": "5725767000000411001", "related": "Emails" });
    let answer = wire.call("get_related_records", asked).await;
    for field in ["sent_time", "time", "status", "owner", "read", "to"] {
        assert!(!answer["data"][0][field].is_null(), "{field}: {answer:#}");
    }
    let notes = answer["notes"].to_string();
    assert!(!notes.contains("threads"), "{answer:#}");
    assert!(notes.contains("beginning of an e-mail"), "{answer:#}");
}

const ACCOUNT: &str = "/crm/v8/Accounts/5725767000000411001";

/// What Zoho answers where an account's list of accounts is asked for, and how often.
async fn members(house: &House, settings: (u16, Value), times: usize) {
    let rows = json!({ "data": [{ "id": "5725767000000411002", "Account_Name": "Acme North", "Phone": "1" }],
        "info": { "count": 1, "more_records": false, "page": 1, "per_page": 200 } });
    let rows = rows.to_string();
    house.fake.script(
        "/crm/v8/settings/related_lists",
        [scripted(settings.0, &settings.1.to_string())],
    );
    house.fake.script(
        &format!("{ACCOUNT}/Member_Accounts"),
        (0..times).map(|_| scripted(200, &rows)),
    );
}

fn member_accounts() -> Value {
    json!({ "module": "Accounts", "app_type": "crm", "id": "5725767000000411001", "related": "Member_Accounts" })
}

/// A related list that no file tells of is of a module all the same (CRM settings, related lists: `module.api_name`).
#[tokio::test]
async fn rows_of_any_list_have_the_fields_of_their_module() {
    let (house, mut wire) = House::served().await;
    let lists = json!({ "related_lists": [{ "id": "1", "api_name": "Member_Accounts", "display_label": "Member Accounts",
        "name": "Member Accounts", "module": { "api_name": "Accounts", "id": "2" }, "type": "related_list" }] });
    members(&house, (200, lists), 2).await;
    for _ in 0..2 {
        let answer = wire.call("get_related_records", member_accounts()).await;
        let link = answer["data"][0]["link"].as_str().unwrap_or_default();
        assert!(link.ends_with("/tab/Accounts/5725767000000411002"), "{answer:#}");
    }
    let seen = house.fake.seen();
    let settings = seen.iter().filter(|seen| seen.path.contains("/settings/"));
    assert_eq!(settings.count(), 1, "what a list is of is remembered");
    let rows = seen
        .iter()
        .find(|seen| seen.path.ends_with("Member_Accounts"))
        .unwrap();
    assert!(rows.query.contains("Account_Name"), "{}", rows.query);
}

/// Where the settings cannot be had, what was not asked for is told.
#[tokio::test]
async fn a_list_of_rows_that_nobody_describes_says_what_was_asked_for() {
    let (house, mut wire) = House::served().await;
    let refusal =
        json!({ "code": "NO_PERMISSION", "details": {}, "message": "permission denied", "status": "error" });
    members(&house, (403, refusal), 1).await;
    let answer = wire.call("get_related_records", member_accounts()).await;
    assert_eq!(answer["count"], 1, "{answer:#}");
    assert!(
        answer["notes"].to_string().contains("does not tell what rows"),
        "{answer:#}"
    );
}

/// The list of an account's sales orders is called `SalesOrders`, their module `Sales_Orders`.
#[tokio::test]
async fn a_list_is_asked_for_by_its_own_name() {
    let (_bed, mut wire) = Bed::warm(&[]).await;
    let one = json!({ "module": "Accounts", "app_type": "crm", "limit": 1 });
    let id = wire.call("get_records", one).await["data"][0]["id"].clone();
    for name in ["SalesOrders", "salesorders", "Sales_Orders"] {
        let asked = json!({ "module": "Accounts", "app_type": "crm", "id": id, "related": name });
        let answer = wire.call("get_related_records", asked).await;
        assert_eq!(answer["related"], "SalesOrders", "{answer:#}");
    }
}

/// Desk OAS: the tags and the followers of a case come all at once; a `limit` is refused, as an unknown parameter is.
#[tokio::test]
async fn lists_without_pages_are_asked_without_a_length() {
    let bed = Bed::connected().await;
    let desk = Desk::of(&bed).await;
    let mut wire = bed.client().await;
    let id = desk.create("Tagged", "Words").await;
    desk.post(
        &format!("/tickets/{id}/associateTag"),
        json!({ "tags": ["alpha", "beta", "gamma"] }),
    )
    .await;
    let agents = desk.get("/agents").await;
    let agents: Vec<Value> = agents["data"]
        .as_array()
        .unwrap()
        .iter()
        .take(3)
        .map(|row| row["id"].clone())
        .collect();
    desk.post(
        &format!("/tickets/{id}/addFollowers"),
        json!({ "followerIds": agents }),
    )
    .await;
    for (related, most) in [("tags", 3), ("followers", 3)] {
        let mut arguments = json!({ "module": "Cases", "id": id, "related": related });
        let whole = wire.call("get_related_records", arguments.clone()).await;
        let all = whole["data"].as_array().unwrap_or_else(|| panic!("{whole:#}"));
        assert_eq!(
            (all.len(), &whole["has_more"]),
            (most, &json!(false)),
            "{whole:#}"
        );
        arguments["limit"] = json!(1);
        for row in all {
            let page = wire.call("get_related_records", arguments.clone()).await;
            assert_eq!(page["data"], json!([row]), "{page:#}");
            arguments["cursor"] = page["next_cursor"].clone();
        }
        assert_eq!(arguments["cursor"], Value::Null);
    }
}

/// Desk OAS: time entries have `orderBy`, threads `sortBy=-sendDateTime`; the oldest come first without.
#[tokio::test]
async fn what_has_an_order_comes_newest_first() {
    let bed = Bed::connected().await;
    let desk = Desk::of(&bed).await;
    let mut wire = bed.client().await;
    let id = desk.create("Timed", "Words").await;
    for hours in 1..4 {
        let entry = json!({ "executedTime": format!("2026-11-0{hours}T10:00:00.000Z"), "hoursSpent": hours, "ownerId": desk.get("/agents").await["data"][0]["id"] });
        desk.post(&format!("/tickets/{id}/timeEntry"), entry).await;
    }
    bed.forget().await;
    for (related, order) in [
        ("time_entries", "orderBy=DESC"),
        ("threads", "sortBy=-sendDateTime"),
    ] {
        let asked = json!({ "module": "Cases", "id": id, "related": related });
        let answer = wire.call("get_related_records", asked).await;
        assert!(answer["data"].is_array(), "{answer:#}");
        assert!(
            bed.seen().await.iter().any(|line| line.contains(order)),
            "{related}: {:#?}",
            bed.seen().await
        );
        if related == "time_entries" {
            let rows = answer["data"].as_array().unwrap();
            let hours: Vec<&str> = rows
                .iter()
                .map(|row| row["hoursSpent"].as_str().unwrap())
                .collect();
            assert_eq!(
                hours.first().map(|hours| hours.trim_start_matches('0')),
                Some("3"),
                "{answer:#}"
            );
        }
    }
}

/// A number of a case is no id of Zoho's: those have sixteen digits and more (Desk OAS, examples).
#[tokio::test]
async fn a_case_is_known_by_its_number() {
    let (_bed, mut wire) = Bed::warm(&[]).await;
    for number in ["#600", "600"] {
        let asked = json!({ "module": "Cases", "id": number, "related": "threads" });
        let answer = wire.call("get_related_records", asked).await;
        assert!(
            answer["data"].as_array().is_some_and(|rows| !rows.is_empty()),
            "{answer:#}"
        );
        assert!(answer["repairs"].to_string().contains("600"), "{answer:#}");
    }
    let asked = json!({ "module": "Cases", "id": "99999", "related": "threads" });
    let refused = wire.call("get_related_records", asked).await;
    assert_eq!(refused["code"], "not_found", "{refused:#}");
    assert!(
        refused["error"].to_string().contains("ticket number 99999"),
        "{refused:#}"
    );
    let asked = json!({ "module": "Deals", "id": "Acme renewal", "related": "Notes" });
    let refused = wire.call("get_related_records", asked).await;
    assert!(refused.to_string().contains("search_records"), "{refused:#}");
}

/// Get Associated Contact Roles (v8): rows are contacts with the part they play.
#[tokio::test]
async fn the_role_of_a_contact_is_shown() {
    let (house, mut wire) = House::served().await;
    let deal = "/crm/v8/Deals/5725767000000411001";
    let row = json!({ "id": "5725767000000411002", "Full_Name": "Noor", "Contact_Role": { "name": "Decision Maker", "id": "5725767000000006819" } });
    let rows =
        json!({ "data": [row], "info": { "count": 1, "more_records": false, "page": 1, "per_page": 200 } })
            .to_string();
    house
        .fake
        .script(&format!("{deal}/Contact_Roles"), [scripted(200, &rows)]);
    let asked = json!({ "module": "Deals", "app_type": "crm", "id": "5725767000000411001", "related": "Contact_Roles" });
    let answer = wire.call("get_related_records", asked).await;
    assert_eq!(
        answer["data"][0]["Contact_Role"]["name"], "Decision Maker",
        "{answer:#}"
    );
    let link = answer["data"][0]["link"].as_str().unwrap_or_default();
    assert!(link.ends_with("/tab/Contacts/5725767000000411002"), "{answer:#}");
}

/// Desk's documents: `/History` takes `from` and `limit`, 50 at most; its events have no ids (HistoryEvent). A page is joined
/// to the one before all the same, whether Zoho counts from 0 or from 1.
#[tokio::test]
async fn a_long_history_is_read_to_its_end() {
    for from_base in [0, 1] {
        let bed = counting_bed(Options::default().tickets, from_base).await;
        let desk = Desk::of(&bed).await;
        let ticket = desk.create("Late parcel", "Where is it?").await;
        for number in 0..120 {
            let subject = json!({ "subject": format!("Late parcel n{number}n") });
            desk.patch(&format!("/tickets/{ticket}"), subject).await;
        }
        let mut wire = bed.client().await;
        let context = wire.call("get_ticket_context", json!({ "id": ticket })).await;
        let known = context["data"]["history_total_at_least"].as_u64();
        assert!(
            known.is_some_and(|known| (99..=100).contains(&known)),
            "{context:#}"
        );
        let told = "get_related_records with related:\\\"history\\\" has it all, page by page.";
        assert!(context["notes"].to_string().contains(told), "{context:#}");
        let mut asked = json!({ "module": "Cases", "id": ticket, "related": "history", "limit": 30 });
        let mut told = Vec::new();
        loop {
            let page = wire.call("get_related_records", asked.clone()).await;
            assert!(!page["notes"].to_string().contains("changed"), "{page:#}");
            told.extend(page["data"].as_array().unwrap().clone());
            assert_eq!(page["has_more"], page["next_cursor"].is_string(), "{page:#}");
            if page["has_more"] == false {
                break;
            }
            asked["cursor"] = page["next_cursor"].clone();
        }
        let told = Value::from(told).to_string();
        for number in 0..120 {
            let change = format!("Late parcel n{number}n");
            assert!(told.contains(&change), "{from_base}: {change}: {told}");
        }
        assert_eq!(
            told.matches("\"eventName\":\"TicketCreated\"").count(),
            1,
            "{told}"
        );
        assert_eq!(told.matches("\"eventName\"").count(), 121, "{told}");
    }
}
