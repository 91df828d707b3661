//! Whether the seeded records could be those of a sales team: stages and their dates, what is done, who is known where.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::World;
use crate::sandbox_desk::tester::{Tester, options};

/// Up to 200 records of a module with these fields.
fn rows(world: &mut World, module: &str, fields: &str) -> Vec<Value> {
    let body = world.good(&format!("GET {module}?fields={fields}&per_page=200"));
    body["data"].as_array().unwrap().clone()
}

fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key].as_str().unwrap_or_default()
}

#[test]
fn deals_that_ended_did_so_and_most_others_are_to_end() {
    let mut world = World::new();
    let today = world.now.to_string()[..10].to_owned();
    let deals = rows(
        &mut world,
        "Deals",
        "Stage,Closing_Date,Created_Time,Reason_For_Loss__s,Next_Step",
    );
    let (ended, open): (Vec<&Value>, Vec<&Value>) = deals
        .iter()
        .partition(|deal| text(deal, "Stage").starts_with("Closed"));
    assert!(ended.len() > 10 && open.len() > 30);
    for deal in ended {
        let day = text(deal, "Closing_Date");
        assert!(
            day <= today.as_str() && day >= &text(deal, "Created_Time")[..10],
            "{deal}"
        );
        assert_eq!(
            deal["Reason_For_Loss__s"].is_string(),
            deal["Stage"] == "Closed Lost",
            "{deal}"
        );
        assert!(deal["Next_Step"].is_null(), "{deal}");
    }
    assert!(open.iter().all(|deal| deal["Reason_For_Loss__s"].is_null()));
    let late = open
        .iter()
        .filter(|deal| text(deal, "Closing_Date") < today.as_str())
        .count();
    assert!(late > 1 && late * 4 < open.len(), "{late} of {}", open.len());
}

#[test]
fn tasks_that_are_done_have_an_end_and_most_others_are_to_do() {
    let mut world = World::new();
    let today = world.now.to_string()[..10].to_owned();
    let tasks = rows(
        &mut world,
        "Tasks",
        "Subject,Status,Due_Date,Closed_Time,Created_Time",
    );
    let subjects: BTreeSet<&str> = tasks.iter().map(|task| text(task, "Subject")).collect();
    assert!(
        subjects.len() * 3 > tasks.len() * 2,
        "{} of {}",
        subjects.len(),
        tasks.len()
    );
    let mut late = 0;
    for task in &tasks {
        let done = task["Status"] == "Completed";
        assert_eq!(done, task["Closed_Time"].is_string(), "{task}");
        let due = text(task, "Due_Date");
        assert!(
            !done || due <= today.as_str() && text(task, "Closed_Time") > text(task, "Created_Time"),
            "{task}"
        );
        late += usize::from(!done && due < today.as_str());
    }
    assert!(late > 1 && late * 4 < tasks.len(), "{late}");
    for row in rows(&mut world, "Subscriptions", "Name,Plan") {
        assert!(text(&row, "Name").ends_with(text(&row, "Plan")), "{row}");
    }
}

#[test]
fn most_leads_are_new_companies_some_contacts_have_no_address_and_there_are_ranks() {
    let mut world = World::new();
    let accounts = rows(&mut world, "Accounts", "Account_Name");
    let known: BTreeSet<&str> = accounts
        .iter()
        .map(|account| text(account, "Account_Name"))
        .collect();
    let leads = rows(&mut world, "Leads", "Company,Email,Website");
    let customers = leads
        .iter()
        .filter(|lead| known.contains(text(lead, "Company")))
        .count();
    assert!(
        customers > 2 && customers * 3 < leads.len(),
        "{customers} of {}",
        leads.len()
    );
    for lead in &leads {
        let domain = text(lead, "Email").split('@').nth(1).unwrap();
        let website = text(lead, "Website");
        assert!(website.is_empty() || website.ends_with(domain), "{lead}");
    }
    let contacts = rows(&mut world, "Contacts", "Last_Name,Email");
    let without = contacts
        .iter()
        .filter(|contact| contact["Email"].is_null())
        .count();
    assert!(without > 1 && without * 8 < contacts.len(), "{without}");
    let users = world.good("GET users?type=AllUsers");
    let roles = users["users"].as_array().unwrap().iter();
    let roles: BTreeSet<&str> = roles.map(|user| user["role"]["name"].as_str().unwrap()).collect();
    assert!(roles.len() > 3, "{roles:?}");
}

#[test]
fn desk_knows_whom_crm_knows() {
    let mut world = World::new();
    let mut desk = Tester::with(options(7, 500, 1));
    let mut seen = 0;
    for (list, key, module, names) in [
        (
            "contacts",
            "zohoCRMContact",
            "Contacts",
            [("lastName", "Last_Name"), ("firstName", "First_Name")],
        ),
        (
            "accounts",
            "zohoCRMAccount",
            "Accounts",
            [("city", "Billing_City"), ("country", "Billing_Country")],
        ),
    ] {
        for row in desk.rows(&format!("/{list}?limit=60")) {
            let row = desk.read(&format!("/{list}/{}", text(&row, "id")));
            let record = world.record(module, row[key]["id"].as_str().unwrap());
            for (ours, theirs) in names {
                // One in ten contacts has no account.
                if row[ours].is_string() {
                    assert_eq!(row[ours], record[theirs], "{row}");
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 150, "{seen}");
}

#[test]
fn somebody_else_has_typed_the_companies_of_crm() {
    let mut world = World::new();
    let mut desk = Tester::with(options(7, 500, 1));
    let digits = |phone: &Value| {
        let digits = phone.as_str().unwrap().chars().filter(char::is_ascii_digit);
        digits.collect::<String>().trim_start_matches('0').to_owned()
    };
    let accounts = desk.rows("/accounts?limit=60");
    let (mut names, mut phones) = (0, 0);
    for row in &accounts {
        let record = world.record("Accounts", row["zohoCRMAccount"]["id"].as_str().unwrap());
        assert_eq!(digits(&row["phone"]), digits(&record["Phone"]), "{row}");
        assert_ne!(row["website"], record["Website"]);
        names += usize::from(row["accountName"] != record["Account_Name"]);
        phones += usize::from(row["phone"] != record["Phone"]);
    }
    assert!((8..accounts.len() / 2).contains(&names), "{names}");
    assert!((8..accounts.len() * 3 / 4).contains(&phones), "{phones}");
}

#[test]
fn what_was_done_to_a_record_last_is_told_by_its_timeline() {
    let mut world = World::new();
    let mut changed = 0;
    for module in [
        "Leads", "Contacts", "Accounts", "Deals", "Tasks", "Cases", "Quotes", "Products",
    ] {
        for row in rows(&mut world, module, "Created_Time,Modified_Time") {
            let told = world.good(&format!("GET {module}/{}/__timeline", text(&row, "id")));
            let own = told["__timeline"].as_array().unwrap().iter();
            let own = own.filter(|event| event["related_record"].is_null());
            let last = own.map(|event| text(event, "audited_time")).max();
            assert_eq!(last, Some(text(&row, "Modified_Time")), "{module}: {row} {told}");
            changed += usize::from(row["Modified_Time"] != row["Created_Time"]);
        }
    }
    assert!(changed > 100, "{changed}");
}

#[test]
fn no_record_points_at_one_that_came_later() {
    let mut world = World::new();
    let modules = [
        "Accounts",
        "Contacts",
        "Leads",
        "Deals",
        "Tasks",
        "Events",
        "Calls",
        "Cases",
        "Products",
        "Quotes",
        "Sales_Orders",
        "Invoices",
        "Vendors",
        "Campaigns",
        "Purchase_Orders",
        "Solutions",
        "Subscriptions",
    ];
    let mut all = BTreeMap::new();
    for module in modules {
        let listed = rows(&mut world, module, "id");
        for row in &listed {
            let read = world.good(&format!("GET {module}/{}", text(row, "id")));
            all.insert(text(row, "id").to_owned(), read["data"][0].clone());
        }
    }
    let mut links = 0;
    for row in all.values() {
        let lookups = row.as_object().unwrap().iter();
        for (field, other) in
            lookups.filter_map(|(field, value)| Some((field, all.get(value["id"].as_str()?)?)))
        {
            let [own, others] = [row, other].map(|row| text(row, "Created_Time"));
            // A company is bought by one that was met later.
            assert!(
                field == "Parent_Account" || others <= own,
                "{field}: {others} of {other} after {own} of {row}"
            );
            links += 1;
        }
    }
    assert!(links > 500, "{links}");
}

#[test]
fn calls_meetings_orders_and_vendors_are_as_work_makes_them() {
    let mut world = World::new();
    let fields = "Call_Type,Call_Duration,Call_Duration_in_seconds,Call_Result,Call_Start_Time";
    let calls = rows(&mut world, "Calls", fields);
    let (missed, taken): (Vec<&Value>, Vec<&Value>) =
        calls.iter().partition(|call| call["Call_Type"] == "Missed");
    assert!(missed.len() > 20 && taken.len() > 20);
    for call in missed {
        assert_eq!(call["Call_Duration_in_seconds"], 0, "{call}");
        assert!(call["Call_Result"].is_null(), "{call}");
    }
    for call in taken {
        assert!(call["Call_Duration_in_seconds"].as_u64() > Some(0), "{call}");
    }
    for meeting in rows(&mut world, "Events", "Start_DateTime,End_DateTime") {
        let day: jiff::civil::Date = text(&meeting, "Start_DateTime")[..10].parse().unwrap();
        assert!(day.weekday().to_monday_one_offset() < 6, "{meeting}");
        assert!(
            text(&meeting, "Start_DateTime") < text(&meeting, "End_DateTime"),
            "{meeting}"
        );
    }
    let ordered = rows(&mut world, "Sales_Orders", "Quote_Name");
    let ordered: BTreeSet<&str> = ordered
        .iter()
        .map(|order| text(&order["Quote_Name"], "id"))
        .collect();
    let quotes = rows(&mut world, "Quotes", "Quote_Stage");
    let of_orders = quotes.iter().filter(|quote| ordered.contains(text(quote, "id")));
    let stages: Vec<&str> = of_orders.map(|quote| text(quote, "Quote_Stage")).collect();
    assert!(
        !stages.is_empty() && stages.iter().all(|stage| *stage == "Closed Won"),
        "{stages:?}"
    );
    let accounts = rows(&mut world, "Accounts", "Website");
    for vendor in rows(&mut world, "Vendors", "Website") {
        assert!(
            accounts
                .iter()
                .all(|account| account["Website"] != vendor["Website"]),
            "{vendor}"
        );
    }
}
