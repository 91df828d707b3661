//! How fast a ticket was worked on is computed from its threads and its history. Source: Desk's OpenAPI (TicketMetrics):
//! durations are texts like `01:50 hrs`, counts are numbers sent as strings, `stagingData` has a row for each status and
//! `agentsHandled` one for each agent.

use serde_json::{Value, json};

use super::tester::{Tester, id};
use crate::sandbox_core::{Zoho, told};

/// A case whose every minute is known: two agents, an answer sent twice, on hold, closed too early.
fn steps(contact: &str, department: &str, agents: [&str; 2], from: &Value) -> Value {
    let case = "/api/v1/tickets/${case.id}";
    let wait = |minutes: i64| json!({"clock": {"advance_s": minutes * 60}});
    let change = |body: Value| json!({"call": format!("PATCH {case}"), "body": body});
    let says = |text: &str| json!({"customer": {"ticket": "${case.id}", "content": text}});
    let reply = || {
        json!({"call": format!("POST {case}/sendReply"), "body": {"channel": "EMAIL", "to": "a@example.com",
            "fromEmailAddress": from, "contentType": "plainText", "content": "We look into it"}})
    };
    let created =
        json!({"subject": "Lamp", "contactId": contact, "departmentId": department, "assigneeId": agents[0]});
    json!([
        {"call": "POST /api/v1/tickets", "as": "case", "body": created},
        wait(10), reply(), wait(20), reply(), wait(30), says("Still dark"),
        wait(15), change(json!({"status": "On Hold"})),
        wait(45), change(json!({"assigneeId": agents[1]})),
        wait(60), reply(), change(json!({"status": "Closed"})),
        wait(60), says("Dark again"), wait(60), reply(), change(json!({"status": "Closed"})), wait(600),
    ])
}

#[tokio::test]
async fn every_figure_is_computed_from_what_happened() {
    let zoho = Zoho::start();
    let token = zoho.token().await;
    let client = zoho.ask("client").await;
    let org = client["desk_org_id"].as_str().unwrap();
    let get = async |path: &str| {
        told(
            zoho.api_request(&format!("/api/v1{path}"), &token)
                .header("orgId", org),
        )
        .await
    };
    let first = get("/tickets?limit=1").await.1["data"][0].clone();
    let text = |name: &str| first[name].as_str().unwrap().to_owned();
    let agents = get("/agents?limit=50").await.1["data"].clone();
    let [one, two] = [&agents[0], &agents[1]];
    let ids = [one, two].map(|agent| agent["id"].as_str().unwrap());
    let from = get(&format!(
        "/mailReplyAddress?departmentId={}",
        text("departmentId")
    ))
    .await
    .1["data"][0]["address"]
        .clone();
    let steps = steps(&text("contactId"), &text("departmentId"), ids, &from);
    let (status, loaded) = zoho.control("load", json!({ "steps": steps })).await;
    assert_eq!(status, 200, "{loaded}");
    let token = zoho.token().await;
    let path = format!("/api/v1/tickets/{}/metrics", id(&loaded["known"]["case"]));
    let (_, metrics) = told(zoho.api_request(&path, &token).header("orgId", org)).await;
    let handled = |agent: &Value| json!({"agentId": agent["id"], "agentName": agent["name"], "handlingTime": "02:00 hrs"});
    let wanted = json!({
        "firstResponseTime": "00:10 hrs", "totalResponseTime": "03:10 hrs", "resolutionTime": "05:00 hrs",
        "responseCount": "3", "outgoingCount": "4", "threadCount": "6", "reopenCount": "1", "reassignCount": "1",
        "stagingData": [{"status": "Open", "handledTime": "02:15 hrs"}, {"status": "On Hold", "handledTime": "01:45 hrs"},
            {"status": "Closed", "handledTime": "00:00 hrs"}],
        "agentsHandled": [handled(one), handled(two)],
    });
    assert_eq!(metrics, wanted, "{metrics:#}");
}

/// What the seed made has a past, too: its figures are those of its history.
#[test]
fn seeded_cases_have_the_figures_of_their_history() {
    let mut t = Tester::new(120);
    let mut staged = 0;
    for case in t.rows("/tickets?limit=100") {
        let path = format!("/tickets/{}", id(&case));
        let metrics = t.read(&format!("{path}/metrics"));
        let count = |name: &str| metrics[name].as_str().unwrap().parse::<u64>().unwrap();
        assert!(count("responseCount") <= count("outgoingCount"), "{metrics}");
        assert!(count("outgoingCount") <= count("threadCount"), "{metrics}");
        let rows = |name: &str| metrics[name].as_array().cloned().unwrap_or_default();
        let statuses = rows("stagingData");
        assert_eq!(statuses[0]["status"], "Open", "{metrics}");
        assert!(
            statuses.iter().any(|row| row["status"] == case["status"]),
            "{metrics}"
        );
        staged += usize::from(statuses.len() > 1);
        let agents = rows("agentsHandled");
        let is_there = agents.iter().any(|row| row["agentId"] == case["assigneeId"]);
        assert_eq!(is_there, case["assigneeId"].is_string(), "{metrics}");
    }
    assert!(staged > 20, "{staged}");
}

/// A transition of a blueprint and a merge change the status: both are in the history with from and to.
#[test]
fn every_change_of_a_status_is_in_the_history() {
    let mut t = Tester::new(60);
    let cases = t.rows("/tickets?limit=100");
    let held = cases
        .iter()
        .map(id)
        .find(|case| t.get(&format!("/tickets/{case}/blueprint")).0 == 200);
    let held = format!("/tickets/{}", held.unwrap());
    let transition = t.read(&format!("{held}/blueprint"))["transitions"][0].clone();
    t.write(
        "POST",
        &format!("{held}/transitions/{}/perform", id(&transition)),
        json!({}),
    );
    let to = &transition["toState"];
    let event = &t.rows(&format!("{held}/History"))[0];
    assert_eq!(event["eventName"], "BlueprintTransitionPerformed");
    assert_eq!(event["eventInfo"][0]["propertyName"], "status", "{event}");
    assert_eq!(
        event["eventInfo"][0]["propertyValue"]["updatedValue"], *to,
        "{event}"
    );
    let statuses = t.read(&format!("{held}/metrics"))["stagingData"].clone();
    assert!(
        statuses
            .as_array()
            .unwrap()
            .iter()
            .any(|row| row["status"] == *to),
        "{statuses}"
    );

    let of = |status: &str| {
        cases
            .iter()
            .find(|case| case["status"] == status)
            .map(id)
            .unwrap()
    };
    let (open, closed) = (of("On Hold"), of("Closed"));
    let body = json!({"ids": [closed], "source": {"status": closed}});
    t.write("POST", &format!("/tickets/{open}/merge"), body);
    let history = t.rows(&format!("/tickets/{open}/History"));
    let changed = |event: &Value| {
        event["eventInfo"]
            .as_array()
            .is_some_and(|info| info.iter().any(|one| one["propertyName"] == "status"))
    };
    let merged = history
        .iter()
        .find(|event| event["eventName"] == "TicketMergedMaster")
        .unwrap();
    assert!(changed(merged), "{merged}");
    assert_eq!(
        t.read(&format!("/tickets/{open}/metrics"))["stagingData"][2]["status"],
        "Closed"
    );
}

/// Threads, `respondedIn`: hours, minutes and seconds that the message before an answer had waited.
#[test]
fn an_answer_tells_how_long_it_was_waited_for() {
    let mut t = Tester::new(60);
    let second = |thread: &Value| {
        let time: jiff::Timestamp = thread["createdTime"].as_str().unwrap().parse().unwrap();
        time.as_second()
    };
    let mut seen = 0;
    let cases = t.rows("/tickets?limit=100");
    for case in &cases {
        let mut threads = t.rows(&format!("/tickets/{}/threads?limit=100", id(case)));
        threads.sort_by_key(second);
        for pair in threads.windows(2) {
            let waited = second(&pair[1]) - second(&pair[0]);
            let told = pair[1]["respondedIn"].as_str().map(|text| {
                let parts = text.split(':').map(|part| part.parse::<i64>().unwrap());
                parts.fold(0, |sum, part| sum * 60 + part)
            });
            let wanted = (pair[1]["direction"] == "out").then_some(waited);
            assert_eq!(told, wanted, "{pair:?}");
            seen += usize::from(wanted.is_some());
        }
    }
    assert!(seen > 40, "{seen}");
    let contact = cases[0]["contactId"].clone();
    let body = json!({"subject": "Lamp", "contactId": contact, "departmentId": cases[0]["departmentId"]});
    let new = id(&t.write("POST", "/tickets", body));
    let department = cases[0]["departmentId"].as_str().unwrap();
    let from = t.rows(&format!("/mailReplyAddress?departmentId={department}"))[0]["address"].clone();
    let reply = json!({"channel": "EMAIL", "to": "a@example.com", "fromEmailAddress": from, "contentType": "plainText", "content": "We look"});
    for wanted in [json!("00:01:01"), Value::Null] {
        let sent = t.write("POST", &format!("/tickets/{new}/sendReply"), reply.clone());
        let thread = t.read(&format!("/tickets/{new}/threads/{}", id(&sent)));
        assert_eq!(thread["respondedIn"], wanted, "{thread}");
    }
}

/// Desk's OpenAPI, getMyPendingApprovals and getTimeEntryForAgent.
#[test]
fn what_waits_for_me_and_one_of_my_times() {
    let mut t = Tester::new(60);
    let case = id(&t.rows("/tickets?limit=1")[0]);
    let me = id(&t.read("/myinfo"));
    let before = t.read("/myPendingApprovals?department=allDepartment&limit=100");
    let body = json!({"subject": "Refund of 900", "approverIds": [me]});
    t.write("POST", &format!("/tickets/{case}/approvals"), body);
    let now = t.read("/myPendingApprovals?department=allDepartment&limit=100");
    let rows = |answer: &Value| answer["myPendingApprovals"].as_array().unwrap().len();
    assert_eq!(rows(&now), rows(&before) + 1);
    let first = &now["myPendingApprovals"][0];
    assert_eq!(
        (&first["subject"], &first["ticketId"]),
        (&json!("Refund of 900"), &json!(case))
    );
    assert_eq!(now["assignee"]["id"], *me);
    let keys = [
        "id",
        "ticketNumber",
        "departmentId",
        "departmentName",
        "requester",
        "createdTime",
    ];
    assert!(keys.iter().all(|key| !first[*key].is_null()), "{first}");
    assert_eq!(t.get("/myPendingApprovals?department=12").0, 422);
    let agents = t.rows("/agents?limit=50");
    let times = agents.iter().find_map(|agent| {
        let path = format!("/agents/{}/timeEntry", id(agent));
        let row = t.rows(&format!("{path}?limit=1")).into_iter().next()?;
        Some((path, row))
    });
    let (path, row) = times.unwrap();
    assert_eq!(t.read(&format!("{path}/{}", id(&row))), row);
    assert_eq!(t.get(&format!("{path}/12")).0, 404);
    let department = id(&t.rows("/departments")[0]);
    assert_eq!(
        t.tried(
            "POST",
            "/activities/emptySpam",
            &json!({"departmentId": department})
        )
        .0,
        202
    );
}
