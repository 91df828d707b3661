//! Many tickets are found by an index, few by looking at each: both must find the same, whatever was written.

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};
use zoho_mcp::sandbox::desk::Desk;
use zoho_mcp::sandbox::people::identity;

use super::tester::{Tester, options};

/// So many that an index is kept.
const TICKETS: u64 = 1_100;

/// A write to tickets; they and their new values are picked from what there is.
#[derive(Debug, Clone)]
enum Write {
    Field(Index, &'static str, Value),
    Create(&'static str, &'static str),
    Trash(Index),
    Restore,
    Empty,
    Spam(Index, bool),
    Merge(Index, Index),
    Tag(Index, &'static str),
    Comment(Index),
    Oddly(Index, &'static str, &'static str),
}

fn words() -> impl Strategy<Value = &'static str> {
    select(&[
        "Gateway",
        "the order",
        "Bestellung",
        "*log*",
        "off*",
        "o",
        "7",
        "amp;",
        "<div",
        "ö",
        "センサー",
        "*",
        "reports no readings",
        "ΟΔΟΣ",
        "lamp",
        "g*y",
        "Thrupp",
        "*Thrupp Instr*",
        "Urgent",
        "10*",
    ])
}

fn fields() -> impl Strategy<Value = (&'static str, Value)> {
    let values = [
        ("status", json!("Closed")),
        ("status", json!("On Hold")),
        ("priority", json!("High")),
        ("priority", Value::Null),
        ("channel", json!("Phone")),
        ("subject", json!("Gateway of the ΟΔΟΣ reports no readings")),
        ("description", json!("The lamp\nblinks, a log is below <b>ö</b>")),
        ("description", Value::Null),
        ("dueDate", json!("2026-01-15T09:00:00.000Z")),
        ("dueDate", Value::Null),
        ("category", json!("Urgent lamp")),
        ("email", json!("o7@lamp.example")),
        ("cf", json!({"cf_severity": "Major", "cf_order_number": "777"})),
        ("assigneeId", Value::Null),
        ("productId", Value::Null),
    ];
    select(values.to_vec())
}

fn writes() -> impl Strategy<Value = Write> {
    let ticket = any::<Index>;
    let subjects = select(&["A lamp is off", "Bestellung 7", "センサー"]);
    let texts = select(&["It blinks & blinks", "o", "The gateway"]);
    prop_oneof![
        6 => (ticket(), fields()).prop_map(|(ticket, (field, value))| Write::Field(ticket, field, value)),
        3 => (subjects, texts).prop_map(|(subject, text)| Write::Create(subject, text)),
        2 => ticket().prop_map(Write::Trash),
        1 => Just(Write::Restore),
        1 => Just(Write::Empty),
        1 => (ticket(), any::<bool>()).prop_map(|(ticket, spam)| Write::Spam(ticket, spam)),
        1 => (ticket(), ticket()).prop_map(|(one, other)| Write::Merge(one, other)),
        1 => (ticket(), select(&["lamp", "urgent"])).prop_map(|(ticket, tag)| Write::Tag(ticket, tag)),
        1 => ticket().prop_map(Write::Comment),
        1 => (ticket(), select(&["dueDate", "category", "isArchived", "closedTime"]), select(&["true", "soon", ""]))
            .prop_map(|(ticket, field, value)| Write::Oddly(ticket, field, value)),
    ]
}

fn questions() -> impl Strategy<Value = String> {
    let with = |path: &'static str, names: &'static [&'static str], values: &'static [&'static str]| {
        (select(names), select(values)).prop_map(move |(name, value)| format!("{path}{name}={value}"))
    };
    let orders = select(&[
        "",
        "&sortBy=dueDate",
        "&sortBy=-dueDate",
        "&sortBy=-createdTime",
        "&sortBy=createdTime",
        "&sortBy=-recentThread",
        "&sortBy=customerResponseTime",
        "&sortBy=-responseDueDate",
    ]);
    let lists = prop_oneof![
        with(
            "/tickets?",
            &["status"],
            &["Open", "Closed,Escalated", "${ONHOLD}", "none"]
        ),
        with("/tickets?", &["priority"], &["High", "low,Urgent"]),
        with("/tickets?", &["channel"], &["Email", "Phone,Chat"]),
        with(
            "/tickets?",
            &["assignee"],
            &["Unassigned", "489731000000139001,Unassigned"]
        ),
        with(
            "/tickets?",
            &["departmentId"],
            &["489731000000006907", "489731000000018957"]
        ),
        with(
            "/tickets?",
            &["dueDate"],
            &["overdue", "today,tomorrow", "currentMonth"]
        ),
        with("/tickets?", &["closedTime"], &["last30days", "currentWeek"]),
        with("/tickets?", &["receivedInDays"], &["15", "90"]),
        Just("/tickets?".to_owned()),
    ];
    let spans = &[
        "2025-12-01T00:00:00.000Z,2026-01-20T00:00:00.000Z",
        "2026-01-15T09:00:00.000Z,2026-01-15T09:00:00.000Z",
    ];
    let searches = prop_oneof![
        8 => (select(&["subject", "description", "_all"]), words())
            .prop_map(|(name, words)| format!("/tickets/search?{name}={words}")),
        1 => with("/tickets/search?", &["ticketNumber"], &["101", "1201,150", "0101", "99"]),
        1 => with("/tickets/search?", &["status", "priority"], &["Open", "high", "${empty}", "${notempty}"]),
        1 => with("/tickets/search?", &["email", "phone", "contactName", "accountName"], &["o", "lamp", "a*", "${empty}"]),
        1 => with("/tickets/search?", &["tag", "category"], &["urgent", "lamp", "Order", "${empty}"]),
        1 => with("/tickets/search?", &["customField1"], &["cf_severity:Major", "cf_order_number:7*", "cf_severity:${empty}"]),
        1 => with("/tickets/search?", &["createdTimeRange", "dueDateRange", "modifiedTimeRange"], spans),
    ];
    let counts = select(&[
        "/ticketsCount",
        "/ticketsCount?departmentId=489731000000006907",
        "/ticketsCountByFieldValues?field=statusType,status,priority,channel,overDue,escalated,spam",
        "/agentsTicketsCount?agentIds=489731000000139001,489731000000140004",
        "/ticketTags?departmentId=0",
        "/search?searchStr=lamp&limit=20",
    ]);
    prop_oneof![
        (lists, orders, select(&["1", "40"]))
            .prop_map(|(list, order, from)| format!("{list}&from={from}&limit=20{order}")),
        (
            searches,
            select(&["", "&sortBy=-modifiedTime", "&sortBy=createdTime"])
        )
            .prop_map(|(search, order)| format!("{search}&from=0&limit=30{order}")),
        counts.prop_map(str::to_owned),
    ]
}

/// Every way to list, count and find tickets; `{own}` is the department of the one who asks, `{other}` is none of theirs.
const WAYS: &[&str] = &[
    "/tickets?limit=100",
    "/tickets?limit=100&from=60&sortBy=-createdTime",
    "/tickets?limit=100&sortBy=dueDate",
    "/tickets?limit=100&sortBy=-recentThread&include=contacts,assignee,departments",
    "/tickets?limit=100&status=Open,Closed&priority=High",
    "/tickets?limit=100&departmentIds={own}",
    "/tickets?limit=100&departmentIds={other}",
    "/tickets?limit=100&dueDate=overdue",
    "/tickets/search?limit=100&_all=gateway",
    "/tickets/search?limit=100&subject=order",
    "/tickets/search?limit=100&description=the",
    "/tickets/search?limit=100&phone=${notempty}",
    "/tickets/search?limit=100&customField1=cf_order_number:7*",
    "/tickets/search?limit=100&customField1=cf_severity:${empty}",
    "/tickets/search?limit=100&departmentId={own}&status=Open",
    "/tickets/search?limit=100&departmentId={other}",
    "/tickets/search?limit=100&ticketNumber=101,102,103,104,105,106,107,108,109,110,111,112,113",
    "/tickets/search?limit=100&contactName=a&sortBy=-modifiedTime",
    "/search?searchStr=gateway&limit=50",
    "/tasks?limit=100",
    "/tasks/search?limit=100&ticketNumber=101,102,103,104,105,106,107,108,109,110,111,112,113",
    "/ticketsCount",
    "/ticketsCount?departmentId={own}",
    "/ticketsCount?departmentId={other}",
    "/ticketsCountByFieldValues?field=statusType,status,priority,channel,overDue,escalated,spam",
    "/agentsTicketsCount?agentIds=489731000000139001,489731000000140004",
    "/ticketTags?departmentId={own}",
    "/dashboards/createdTickets?duration=THIS_MONTH&groupBy=channel",
    "/dashboards/solvedTickets?duration=LAST_30_DAYS&groupBy=agent",
    "/dashboards/backlogTickets?duration=THIS_WEEK&groupBy=date&departmentId={other}",
    "/dashboards/responseCount?duration=LAST_7_DAYS&groupBy=date",
];

/// The departments of the tickets that an answer shows.
fn departments(answer: &Value) -> impl Iterator<Item = &Value> {
    let rows = answer["data"].as_array().into_iter().flatten();
    rows.filter(|row| row.get("ticketNumber").is_some())
        .map(|row| &row["departmentId"])
}

#[test]
fn by_the_index_nobody_finds_what_is_of_other_departments() {
    let mut both = Both::new();
    let all = both.found.read("/ticketsCount")["count"].as_u64().unwrap();
    let (views, everywhere) = (
        both.found.rows("/views?module=tickets"),
        both.found.rows("/departments?limit=50"),
    );
    for person in ["agent", "light_agent"] {
        both.become_one(person);
        let me = both.found.read("/myinfo?include=associatedDepartments");
        let own = me["associatedDepartmentIds"].as_array().unwrap().clone();
        let other = everywhere.iter().find(|row| !own.contains(&row["id"])).unwrap();
        let views = views.iter().flat_map(|view| {
            let id = view["id"].as_str().unwrap();
            let count = format!("/ticketQueueView/count?departmentId=allDepartment&viewId={id}");
            [format!("/tickets?limit=100&viewId={id}"), count]
        });
        let ways = WAYS.iter().map(|way| {
            way.replace("{own}", own[0].as_str().unwrap())
                .replace("{other}", other["id"].as_str().unwrap())
        });
        for way in ways.chain(views) {
            let (found, looked) = (both.found.get(&way), both.looked.get(&way));
            assert_eq!(found, looked, "{person}: {way}");
            assert!(
                departments(&found.1).all(|department| own.contains(department)),
                "{person}: {way}: {}",
                found.1
            );
            assert_eq!(
                found.0 == 403,
                way.contains(other["id"].as_str().unwrap()),
                "{person}: {way}: {found:?}"
            );
        }
        let few = both.found.read("/ticketsCount")["count"].as_u64().unwrap();
        assert!(0 < few && few < all, "{person}: {few} of {all}");
    }
}

/// What is written is written to both.
struct Both {
    found: Tester,
    looked: Tester,
}

impl Both {
    fn new() -> Self {
        let tester = |desk: Desk| Tester {
            desk,
            ..Tester::with(options(3, 3, 1))
        };
        Both {
            found: tester(FOUND.clone()),
            looked: tester(FOUND.clone().without_index()),
        }
    }

    fn become_one(&mut self, person: &str) {
        for tester in [&mut self.found, &mut self.looked] {
            tester.person = identity(person).unwrap();
        }
    }

    fn write(&mut self, method: &str, target: &str, body: &Value) {
        let asked = |tester: &mut Tester| tester.tried(method, target, body);
        assert_eq!(
            asked(&mut self.found),
            asked(&mut self.looked),
            "{method} {target}"
        );
    }

    /// A ticket that lists show; lists show some twenty near the place.
    fn id(&mut self, place: &Index) -> String {
        let from = 1 + place.index(900);
        let rows = self.looked.rows(&format!("/tickets?limit=1&from={from}"));
        rows[0]["id"].as_str().unwrap().to_owned()
    }

    fn carry_out(&mut self, write: &Write) {
        match write {
            Write::Field(ticket, field, value) => {
                let id = self.id(ticket);
                self.write("PATCH", &format!("/tickets/{id}"), &json!({*field: value}));
            }
            Write::Create(subject, description) => {
                let contact = self.looked.rows("/contacts?limit=1")[0]["id"].clone();
                let made = json!({"subject": subject, "description": description, "contactId": contact,
                    "departmentId": "489731000000006907"});
                self.write("POST", "/tickets", &made);
            }
            Write::Trash(ticket) => {
                let id = self.id(ticket);
                self.write("POST", "/tickets/moveToTrash", &json!({"ticketIds": [id]}));
            }
            Write::Restore => self.write("POST", "/recycleBin/restoreAll", &Value::Null),
            Write::Empty => self.write("POST", "/recycleBin/deleteAll", &Value::Null),
            Write::Spam(ticket, spam) => {
                let id = self.id(ticket);
                self.write("POST", "/tickets/markSpam", &json!({"ids": [id], "isSpam": spam}));
            }
            Write::Merge(one, other) => {
                let (one, other) = (self.id(one), self.id(other));
                self.write("POST", &format!("/tickets/{one}/merge"), &json!({"ids": [other]}));
            }
            Write::Tag(ticket, tag) => {
                let id = self.id(ticket);
                self.write(
                    "POST",
                    &format!("/tickets/{id}/associateTag"),
                    &json!({"tags": [tag]}),
                );
            }
            Write::Comment(ticket) => {
                let id = self.id(ticket);
                let said = json!({"content": "seen", "isPublic": false});
                self.write("POST", &format!("/tickets/{id}/comments"), &said);
            }
            Write::Oddly(ticket, field, value) => {
                let id = self.id(ticket);
                let change = json!({"ids": [id], "fieldName": field, "fieldValue": value});
                self.write("POST", "/tickets/updateMany", &change);
            }
        }
    }
}

static FOUND: LazyLock<Desk> = LazyLock::new(|| Tester::with(options(3, TICKETS, 1)).desk);

proptest! {
    #![proptest_config(ProptestConfig { cases: 5, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_the_index_finds_is_what_looking_at_each_finds(
        writes in prop::collection::vec(writes(), 0..14),
        questions in prop::collection::vec((questions(), select(&["admin", "agent", "light_agent"])), 18),
    ) {
        let mut both = Both::new();
        for write in &writes {
            both.carry_out(write);
        }
        for (question, person) in &questions {
            both.become_one(person);
            let (found, looked) = (both.found.get(question), both.looked.get(question));
            prop_assert_eq!(found, looked, "{}: {}", person, question);
        }
    }
}
