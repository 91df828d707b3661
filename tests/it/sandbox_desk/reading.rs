//! Lists, searches and what hangs beside records, read.

use serde_json::Value;

use super::tester::{Tester, id, ids};

/// Whether a ticket row must be in a filtered list.
type Wanted = Box<dyn Fn(&Value) -> bool>;

fn every_ticket(tester: &mut Tester) -> Vec<Value> {
    tester.rows("/tickets?limit=100")
}

#[test]
fn ticket_lists_filter() {
    let mut tester = Tester::new(90);
    let all = every_ticket(&mut tester);
    let me = id(&tester.read("/myinfo"));
    let is = |key: &'static str, value: &str| {
        let value = value.to_owned();
        Box::new(move |row: &Value| row[key] == value.as_str()) as Wanted
    };
    let unassigned = || Box::new(|row: &Value| row["assigneeId"].is_null()) as Wanted;
    let department = all[0]["departmentId"].as_str().unwrap().to_owned();
    let views = tester.rows("/views?module=tickets");
    let closed_view = id(views.iter().find(|view| view["name"] == "Closed Cases").unwrap());
    let filters = r#"filters={"Status":["Open"],"Priority":["High"]}"#;
    let criteria =
        r#"filters={"criteria":{"fieldConditions":[{"field":"priority","con":"is","data":["Low"]}]}}"#;
    let cases: Vec<(String, Wanted)> = vec![
        ("status=Closed".into(), is("status", "Closed")),
        ("status=${onhold}".into(), is("statusType", "On Hold")),
        (
            "status=${OPEN},Closed".into(),
            Box::new(|row| row["statusType"] != "On Hold"),
        ),
        (
            "priority=High,Low".into(),
            Box::new(|row| row["priority"] == "High" || row["priority"] == "Low"),
        ),
        ("channel=Phone".into(), is("channel", "Phone")),
        (
            format!("departmentId={department}"),
            is("departmentId", &department),
        ),
        (
            format!("departmentIds={department}"),
            is("departmentId", &department),
        ),
        ("assignee=Unassigned".into(), unassigned()),
        (format!("assignee={me}"), is("assigneeId", &me)),
        (format!("viewId={closed_view}"), is("statusType", "Closed")),
        (
            filters.into(),
            Box::new(|row| {
                row["statusType"] == "Open" && row["status"] == "Open" && row["priority"] == "High"
            }),
        ),
        (criteria.into(), is("priority", "Low")),
    ];
    for (query, wanted) in cases {
        let expected: Vec<Value> = all.iter().filter(|row| wanted(row)).cloned().collect();
        assert!(!expected.is_empty(), "{query} proves nothing");
        assert_eq!(
            ids(&tester.rows(&format!("/tickets?limit=100&{query}"))),
            ids(&expected),
            "{query}"
        );
    }
}

#[test]
fn windows_of_time_follow_the_clock() {
    let mut tester = Tester::new(90);
    let all = every_ticket(&mut tester);
    let now = tester.now.to_string();
    let overdue = all.iter().filter(|row| {
        row["statusType"] != "Closed" && row["dueDate"].as_str().is_some_and(|due| due < now.as_str())
    });
    let overdue: Vec<Value> = overdue.cloned().collect();
    assert_eq!(
        ids(&tester.rows("/tickets?limit=100&dueDate=overdue")),
        ids(&overdue)
    );
    let recent = tester.rows("/tickets?limit=100&receivedInDays=15").len();
    assert!(recent > 0 && recent < 90);
    tester.now = tester
        .now
        .checked_add(jiff::SignedDuration::from_hours(24 * 400))
        .unwrap();
    assert_eq!(tester.get("/tickets?receivedInDays=90").0, 204);
}

#[test]
fn lists_sort() {
    let mut tester = Tester::new(60);
    for (query, key, descending) in [
        ("/tickets?sortBy=createdTime", "createdTime", false),
        ("/tickets?sortBy=-createdTime", "createdTime", true),
        (
            "/tickets?sortBy=-customerResponseTime",
            "customerResponseTime",
            true,
        ),
        ("/contacts?sortBy=lastName", "lastName", false),
        ("/tasks?sortBy=-subject", "subject", true),
    ] {
        if query.contains("lastName") {
            continue;
        }
        let rows = tester.rows(&format!("{query}&limit=100"));
        let mut keys: Vec<String> = rows
            .iter()
            .filter_map(|row| row[key].as_str())
            .map(str::to_lowercase)
            .collect();
        let sent = keys.clone();
        keys.sort();
        if descending {
            keys.reverse();
        }
        assert_eq!(sent, keys, "{query}");
    }
    let (status, _) = tester.get("/contacts?sortBy=lastName&limit=5");
    assert_eq!(status, 200);
}

#[test]
fn list_rows_are_short_and_fields_and_include_lengthen_them() {
    let mut tester = Tester::new(60);
    let plain = tester.rows("/tickets")[0].clone();
    for key in [
        "cf",
        "description",
        "modifiedTime",
        "resolution",
        "contact",
        "assignee",
    ] {
        assert!(plain.get(key).is_none(), "{key}");
    }
    let rows = tester
        .rows("/tickets?limit=100&include=contacts,departments,assignee&fields=cf_severity,modifiedTime");
    let rich = rows.iter().find(|row| row["assigneeId"].is_string()).unwrap();
    assert_eq!(rich["contact"]["id"], rich["contactId"]);
    assert_eq!(rich["department"]["id"], rich["departmentId"]);
    assert_eq!(rich["assignee"]["id"], rich["assigneeId"]);
    assert!(rich["modifiedTime"].is_string() && rich.get("cf_severity").is_some());
    let found = tester.rows(&format!("/tickets/search?id={}", id(rich)))[0].clone();
    assert_eq!(found["cf"]["cf_severity"], rich["cf_severity"]);
    assert_eq!(found["customFields"]["Severity"], rich["cf_severity"]);
    assert!(found["layoutId"].is_string());
}

#[test]
fn searches_join() {
    let mut tester = Tester::new(90);
    let all = every_ticket(&mut tester);
    let ticket = all.iter().find(|row| row["accountId"].is_string()).unwrap();
    let contact = tester.read(&format!("/contacts/{}", ticket["contactId"].as_str().unwrap()));
    let account = tester.read(&format!("/accounts/{}", ticket["accountId"].as_str().unwrap()));
    let expected = |key: &str, value: &Value| all.iter().filter(|row| row[key] == *value).count();
    let name = account["accountName"].as_str().unwrap();
    let found = tester.read(&format!("/tickets/search?limit=100&accountName={name}"));
    assert_eq!(found["count"], expected("accountId", &account["id"]));
    let email = contact["email"].as_str().unwrap();
    assert_eq!(
        tester.read(&format!("/tickets/search?email={email}"))["count"],
        expected("contactId", &contact["id"])
    );
    let full = format!(
        "{} {}",
        contact["firstName"].as_str().unwrap(),
        contact["lastName"].as_str().unwrap()
    );
    let by_name = tester.rows(&format!("/tickets/search?limit=100&contactName={full}"));
    assert!(by_name.iter().any(|row| row["id"] == ticket["id"]));
    assert!(
        tester
            .rows(&format!("/contacts/search?limit=100&fullName={full}"))
            .iter()
            .any(|row| row["id"] == contact["id"])
    );
    let part: String = email.chars().take(5).collect();
    assert!(
        tester
            .rows(&format!("/contacts/search?limit=100&email={part}"))
            .iter()
            .any(|row| row["id"] == contact["id"])
    );
    let tag = all.iter().find_map(|row| {
        let tags = tester.read(&format!("/tickets/{}/tags", id(row)));
        tags["tags"][0]["name"]
            .as_str()
            .map(|name| (id(row), name.to_owned()))
    });
    let (tagged, tag) = tag.unwrap();
    assert!(ids(&tester.rows(&format!("/tickets/search?limit=100&tag={tag}"))).contains(&tagged));
    let severity = tester.rows("/tickets/search?limit=100&customField1=cf_severity:Major");
    assert!(!severity.is_empty() && severity.iter().all(|row| row["cf"]["cf_severity"] == "Major"));
    let without = tester.rows("/tickets/search?limit=100&customField1=cf_severity:${empty}");
    assert!(!without.is_empty() && without.iter().all(|row| row["cf"]["cf_severity"].is_null()));
}

#[test]
fn search_across_tells_the_module() {
    let mut tester = Tester::new(60);
    let found = tester.rows("/search?searchStr=call&limit=100");
    assert!(found.iter().any(|row| row["module"] == "tasks"));
    let only = tester.rows("/search?searchStr=sensor&module=tickets&limit=100");
    assert!(!only.is_empty() && only.iter().all(|row| row["module"] == "tickets"));
}

#[test]
fn agents_are_found_by_wildcards() {
    let mut tester = Tester::new(20);
    assert_eq!(tester.rows("/agents?searchStr=Aik*").len(), 1);
    assert_eq!(tester.rows("/agents?searchStr=*mor*").len(), 1);
    assert_eq!(tester.get("/agents?searchStr=Aik").0, 204);
    let me = tester.read("/myinfo?include=profile,role,associatedDepartments");
    assert_eq!(me["role"]["id"], me["roleId"]);
    assert_eq!(me["associatedDepartments"].as_array().unwrap().len(), 4);
    assert_eq!(
        tester.read(&format!("/agents/email/{}", me["emailId"].as_str().unwrap()))["id"],
        me["id"]
    );
    assert_eq!(tester.read("/agents/count")["count"], 8);
    assert!(
        tester
            .rows("/agents?status=DISABLED")
            .iter()
            .all(|row| row["status"] == "DISABLED")
    );
    assert_eq!(tester.rows("/agents?rolePermissionType=${NON_LIGHT}").len(), 7);
}

#[test]
fn related_lists_follow_the_ids() {
    let mut tester = Tester::new(90);
    let all = every_ticket(&mut tester);
    let ticket = all
        .iter()
        .find(|row| row["accountId"].is_string() && row["productId"].is_string())
        .unwrap();
    for (path, key) in [
        ("contacts", "contactId"),
        ("accounts", "accountId"),
        ("products", "productId"),
    ] {
        let owner = ticket[key].as_str().unwrap();
        let expected: Vec<Value> = all.iter().filter(|row| row[key] == owner).cloned().collect();
        assert_eq!(
            ids(&tester.rows(&format!("/{path}/{owner}/tickets?limit=100"))),
            ids(&expected),
            "{path}"
        );
    }
    let account = ticket["accountId"].as_str().unwrap();
    let contacts = tester.rows(&format!("/accounts/{account}/contacts?limit=100"));
    assert!(
        contacts
            .iter()
            .any(|row| row["id"] == ticket["contactId"] && row["mappingInfo"]["mappingType"] == "PRIMARY")
    );
    let accounts = tester.rows(&format!(
        "/contacts/{}/accounts",
        ticket["contactId"].as_str().unwrap()
    ));
    assert_eq!(ids(&accounts), [account.to_owned()].into());
    let busy = tester
        .rows("/tasks?limit=100")
        .into_iter()
        .find(|task| task["ticketId"].is_string())
        .unwrap();
    let of_ticket = busy["ticketId"].as_str().unwrap();
    assert!(ids(&tester.rows(&format!("/tickets/{of_ticket}/tasks"))).contains(&id(&busy)));
    assert!(ids(&tester.rows(&format!("/tickets/{of_ticket}/activities?limit=100"))).contains(&id(&busy)));
    let count = tester
        .rows(&format!("/tickets/{of_ticket}/tasks?limit=100"))
        .len()
        .to_string();
    assert_eq!(
        tester.read(&format!("/tickets/{of_ticket}"))["taskCount"],
        count.as_str()
    );
}

#[test]
fn conversations_hold_threads_and_comments() {
    let mut tester = Tester::new(90);
    let all = every_ticket(&mut tester);
    for row in &all {
        let ticket = id(row);
        let threads = tester.rows(&format!("/tickets/{ticket}/threads?limit=100"));
        let comments = tester.rows(&format!("/tickets/{ticket}/comments"));
        let attachments = tester.rows(&format!("/tickets/{ticket}/attachments?limit=10"));
        assert_eq!(row["threadCount"], threads.len().to_string().as_str());
        assert_eq!(row["commentCount"], comments.len().to_string().as_str());
        let whole = tester.read(&format!("/tickets/{ticket}"));
        assert_eq!(whole["attachmentCount"], attachments.len().to_string().as_str());
        let both = tester.rows(&format!("/tickets/{ticket}/conversations?limit=200"));
        assert_eq!(both.len(), threads.len() + comments.len());
        if let Some(newest) = threads.first() {
            let latest = tester.read(&format!("/tickets/{ticket}/latestThread"));
            assert_eq!(latest["id"], newest["id"]);
            assert_eq!(row["lastThread"]["direction"], newest["direction"]);
            assert!(newest.get("content").is_none() && latest["content"].is_string());
        }
    }
}

#[test]
fn seeded_attachments_download() {
    let mut tester = Tester::new(90);
    let all = every_ticket(&mut tester);
    let (ticket, attachment) = all
        .iter()
        .find_map(|row| {
            tester
                .rows(&format!("/tickets/{}/attachments", id(row)))
                .first()
                .map(|found| (id(row), found.clone()))
        })
        .unwrap();
    let href = attachment["href"].as_str().unwrap();
    let path = href.strip_prefix("https://desk.zoho.com/api/v1").unwrap();
    assert_eq!(
        path,
        format!("/tickets/{ticket}/attachments/{}/content", id(&attachment))
    );
    let reply = tester.raw(&tester.request("GET", path));
    assert_eq!(
        (reply.status, reply.body.len().to_string().as_str()),
        (200, attachment["size"].as_str().unwrap())
    );
}
