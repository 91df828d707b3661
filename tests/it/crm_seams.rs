//! Rows of Zoho CRM that come and go between two pages: every row that was there from beginning to end comes once, or the
//! answer says that the list changed.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use zoho_mcp::sandbox::Options;
use zoho_mcp::sandbox::dice::Dice;

use crate::bed::{self, Bed, USER, Wire};
use crate::crm_client::Crm;

async fn house() -> (Bed, Wire, Crm) {
    let bed = Bed::empty(Options {
        tickets: 1,
        ..Options::default()
    })
    .await;
    bed.connect(USER).await;
    let wire = bed.client().await;
    let crm = Crm::of(&bed).await;
    (bed, wire, crm)
}

fn is_told(page: &Value) -> bool {
    let told = |note: &Value| note.as_str().unwrap().contains("changed while it was paged");
    page["notes"]
        .as_array()
        .is_some_and(|notes| notes.iter().any(told))
}

fn behind(arguments: &Value, page: &Value) -> Value {
    let mut arguments = arguments.clone();
    arguments["cursor"] = page["next_cursor"].clone();
    arguments
}

/// The rows of the rest of the list, and whether it was told to have changed.
async fn rest(wire: &mut Wire, tool: &str, arguments: &Value, first: &Value) -> (Vec<String>, bool) {
    let (mut ids, mut told) = (Vec::new(), false);
    let mut page = first.clone();
    while page["next_cursor"].is_string() {
        page = wire.call(tool, behind(arguments, &page)).await;
        assert!(page["data"].is_array(), "{page}");
        told |= is_told(&page);
        ids.extend(bed::ids(&page));
    }
    (ids, told)
}

/// The first page of a list, and the rows behind it, of which there are several pages.
async fn begun(wire: &mut Wire, tool: &str, arguments: &Value) -> (Value, Vec<String>) {
    let first = wire.call(tool, arguments.clone()).await;
    let (before, told) = rest(wire, tool, arguments, &first).await;
    assert!(before.len() > 4 && !told, "{arguments}: {first}");
    (first, before)
}

/// The lists whose pages are walked: of a module, in either order, by a condition, by words, of a view, of several
/// conditions as one, and of one record.
fn lists(account: &str) -> Vec<(&'static str, Value)> {
    let contacts = |more: Value| {
        let mut all = json!({ "module": "Contacts", "app_type": "crm", "limit": 4, "fields": ["Last_Name"] });
        all.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        all
    };
    vec![
        ("get_records", contacts(json!({}))),
        (
            "get_records",
            contacts(json!({ "sort_by": "Created_Time", "sort_order": "asc" })),
        ),
        ("get_records", contacts(json!({ "sort_by": "Created_Time" }))),
        (
            "get_records",
            contacts(json!({ "filters": { "Created_Time": { "from": "2000-01-01" } } })),
        ),
        ("get_records", contacts(json!({ "view": "All Contacts" }))),
        (
            "get_related_records",
            json!({ "module": "Accounts", "app_type": "crm", "id": account, "related": "Contacts", "limit": 2, "fields": ["Last_Name"] }),
        ),
    ]
}

#[tokio::test]
async fn what_went_at_the_beginning_pushes_nothing_out() {
    let (_bed, mut wire, crm) = house().await;
    let account = crm.account_with_contacts(30).await;
    for (tool, arguments) in lists(&account) {
        let (first, before) = begun(&mut wire, tool, &arguments).await;
        crm.delete("Contacts", &bed::ids(&first)[..1]).await;
        let (after, told) = rest(&mut wire, tool, &arguments, &first).await;
        assert_eq!(after, before, "{arguments}");
        let order_may_change = arguments.get("view").is_some();
        assert_eq!(told, order_may_change, "{arguments}");
    }
}

#[tokio::test]
async fn what_came_at_the_beginning_doubles_nothing() {
    let (_bed, mut wire, crm) = house().await;
    let account = crm.account_with_contacts(30).await;
    for (tool, arguments) in lists(&account) {
        let (first, before) = begun(&mut wire, tool, &arguments).await;
        for more in [1, 2, 5, 60] {
            let new = crm.contacts(&account, more).await;
            let (mut after, _) = rest(&mut wire, tool, &arguments, &first).await;
            after.retain(|id| !new.contains(id));
            assert_eq!(after, before, "{more} more, {arguments}");
            crm.delete("Contacts", &new).await;
        }
    }
}

#[tokio::test]
async fn without_the_last_row_given_the_change_is_told() {
    let (_bed, mut wire, crm) = house().await;
    let account = crm.account_with_contacts(30).await;
    for (tool, arguments) in lists(&account) {
        let (first, before) = begun(&mut wire, tool, &arguments).await;
        let given = bed::ids(&first);
        crm.delete("Contacts", &given[given.len() - 1..]).await;
        let second = wire.call(tool, behind(&arguments, &first)).await;
        assert!(is_told(&second), "{arguments}: {second}");
        let shown = bed::ids(&second);
        assert!(!shown.is_empty(), "{arguments}: {second}");
        assert_eq!(shown, before[..shown.len()], "{arguments}");
    }
}

#[tokio::test]
async fn a_list_that_went_altogether_is_told() {
    let (_bed, mut wire, crm) = house().await;
    let arguments = json!({ "module": "Contacts", "app_type": "crm", "limit": 4, "fields": ["Last_Name"] });
    let (first, before) = begun(&mut wire, "get_records", &arguments).await;
    let given = bed::ids(&first);
    crm.delete("Contacts", &before).await;
    let second = wire.call("get_records", behind(&arguments, &first)).await;
    // The last row given is still there: behind it there is nothing.
    assert_eq!(
        (&second["count"], &second["has_more"]),
        (&json!(0), &json!(false)),
        "{second}"
    );
    assert!(second.get("notes").is_none(), "{second}");
    crm.delete("Contacts", &given).await;
    let second = wire.call("get_records", behind(&arguments, &first)).await;
    assert_eq!(
        (&second["count"], &second["has_more"]),
        (&json!(0), &json!(false)),
        "{second}"
    );
    assert!(second["notes"].to_string().contains("may be missing"), "{second}");
}

/// In the order of the last change a row that was changed moves: nobody can say which rows it passed.
#[tokio::test]
async fn in_an_order_that_changes_a_move_is_told() {
    let (bed, mut wire, crm) = house().await;
    let arguments = json!({ "module": "Contacts", "app_type": "crm", "limit": 4, "sort_by": "Modified_Time", "fields": ["Last_Name"] });
    let first = wire.call("get_records", arguments.clone()).await;
    let (before, told) = rest(&mut wire, "get_records", &arguments, &first).await;
    assert!(!told);
    bed.set_clock(json!({ "advance_s": 60 })).await;
    crm.rename("Contacts", before.last().unwrap()).await;
    let (_, told) = rest(&mut wire, "get_records", &arguments, &first).await;
    assert!(told);
}

#[tokio::test]
async fn a_cursor_that_tells_a_page_alone_is_refused() {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let (_bed, mut wire, _) = house().await;
    let arguments = json!({ "module": "Contacts", "app_type": "crm", "limit": 4, "fields": ["Last_Name"] });
    let first = wire.call("get_records", arguments.clone()).await;
    let cursor = URL_SAFE_NO_PAD
        .decode(first["next_cursor"].as_str().unwrap())
        .unwrap();
    let mut cursor: Value = serde_json::from_slice(&cursor).unwrap();
    for old in [json!({ "p": [2, 4, 0] }), json!({ "t": ["token", 4, 0] })] {
        cursor[2] = old;
        let mut arguments = arguments.clone();
        arguments["cursor"] = json!(URL_SAFE_NO_PAD.encode(cursor.to_string()));
        let answer = wire.call("get_records", arguments).await;
        assert_eq!(answer["code"], "invalid_arguments", "{answer}");
        assert!(
            answer["next"].as_str().unwrap().contains("leave `cursor` out"),
            "{answer}"
        );
    }
}

/// Deletes those that are still there.
async fn went(crm: &Crm, gone: &mut BTreeSet<String>, mut some: Vec<String>) {
    some.retain(|id| !gone.contains(id));
    crm.delete("Contacts", &some).await;
    gone.extend(some);
}

/// Whatever comes and goes between the pages: a row that was there from beginning to end comes once, or the change is
/// told; and no more calls are made than pages are read as long as nothing changes.
#[tokio::test]
async fn rows_that_stay_come_once_or_the_change_is_told() {
    let (_bed, mut wire, crm) = house().await;
    let account = crm.account_with_contacts(30).await;
    let mut untold = 0;
    for seed in 0..60 {
        let mut dice = Dice::new(seed, "seams", 0);
        let (tool, mut arguments) = dice.pick(&lists(&account)).clone();
        arguments["limit"] = json!(dice.pick(&[1, 2, 3, 7, 10, 25]));
        let begun: BTreeSet<String> = crm
            .ids_of(&mut wire, tool, &arguments)
            .await
            .into_iter()
            .collect();
        let (mut gone, mut came) = (BTreeSet::new(), Vec::new());
        let mut page = wire.call(tool, arguments.clone()).await;
        let (mut given, mut told) = (bed::ids(&page), false);
        while page["next_cursor"].is_string() {
            let unread = begun
                .iter()
                .filter(|id| !given.contains(id) && !gone.contains(*id));
            let mut unread: Vec<String> = unread.cloned().collect();
            unread.truncate(2);
            let read = dice.below(given.len() as u64) as usize;
            match dice.below(12) {
                0 => came.extend(crm.contacts(&account, 1 + dice.below(4) as usize).await),
                1 => went(&crm, &mut gone, unread).await,
                2 => went(&crm, &mut gone, given[read..].iter().take(3).cloned().collect()).await,
                3 if seed % 3 == 0 => went(&crm, &mut gone, vec![given.last().unwrap().clone()]).await,
                _ => {}
            }
            page = wire.call(tool, behind(&arguments, &page)).await;
            assert!(page["data"].is_array(), "{page}");
            told |= is_told(&page);
            given.extend(bed::ids(&page));
        }
        let distinct: BTreeSet<String> = given.iter().cloned().collect();
        let stayed: BTreeSet<&String> = begun.difference(&gone).collect();
        let lost = stayed.iter().filter(|id| !distinct.contains(**id)).count();
        let doubled = given.len() - distinct.len();
        assert!(
            told || lost == 0 && doubled == 0,
            "seed {seed}: {lost} lost, {doubled} doubled, {arguments}"
        );
        untold += usize::from(!told);
        let back = gone.len();
        crm.delete(
            "Contacts",
            &came
                .into_iter()
                .filter(|id| !gone.contains(id))
                .collect::<Vec<_>>(),
        )
        .await;
        crm.contacts(&account, back).await;
    }
    assert!(untold > 15, "{untold} walks were joined");
}
