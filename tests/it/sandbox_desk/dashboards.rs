//! Dashboards count what lists show. Source of the forms: Desk's OpenAPI (DashboardMetrics), its samples.

use serde_json::{Value, json};

use super::tester::{Tester, id};

fn total(answer: &Value) -> u64 {
    answer["totalTicketCount"].as_str().unwrap().parse().unwrap()
}

fn sum(answer: &Value, rows: &str, count: &str) -> u64 {
    let rows = answer[rows].as_array().unwrap();
    rows.iter()
        .map(|row| row[count].as_str().unwrap().parse::<u64>().unwrap())
        .sum()
}

#[test]
fn what_came_in_and_what_was_closed_is_what_lists_show() {
    let mut t = Tester::new(60);
    let tickets: Vec<Value> = t.rows("/tickets?limit=100");
    let now = t.now.to_string();
    let since = t
        .now
        .checked_sub(jiff::SignedDuration::from_hours(29 * 24))
        .unwrap();
    let since = since.to_string()[..10].to_owned();
    for (figure, field) in [("createdTickets", "createdTime"), ("solvedTickets", "closedTime")] {
        let within = |row: &&Value| {
            row[field]
                .as_str()
                .is_some_and(|time| time[..10] >= *since && *time <= *now)
        };
        let listed = tickets.iter().filter(within).count() as u64;
        assert!(listed > 0, "{figure}");
        for group in ["date", "channel", "hour"] {
            let answer = t.read(&format!(
                "/dashboards/{figure}?duration=LAST_30_DAYS&groupBy={group}"
            ));
            assert_eq!(total(&answer), listed, "{figure} by {group}");
            assert_eq!(
                sum(&answer, "ticketCount", "count"),
                listed,
                "{figure} by {group}: {answer}"
            );
            assert_eq!(answer["groupedBy"], group);
        }
        let days = t.read(&format!(
            "/dashboards/{figure}?duration=LAST_30_DAYS&groupBy=date"
        ));
        assert_eq!(days["ticketCount"].as_array().map(Vec::len), Some(30));
        let by_agent = t.read(&format!(
            "/dashboards/{figure}?duration=LAST_30_DAYS&groupBy=agent"
        ));
        let row = &by_agent["ticketCount"][0];
        let agent = t.read(&format!("/agents/{}", row["referenceValue"].as_str().unwrap()));
        assert_eq!(row["value"], agent["name"]);
        let own = t.read(&format!(
            "/dashboards/{figure}?duration=LAST_30_DAYS&groupBy=date&agentId={}",
            id(&agent)
        ));
        assert_eq!(own["totalTicketCount"], row["count"]);
    }
}

#[test]
fn a_ticket_that_is_closed_leaves_the_backlog() {
    let mut t = Tester::new(40);
    let open = t
        .rows("/tickets?limit=100&status=Open")
        .into_iter()
        .map(|row| id(&row))
        .next()
        .unwrap();
    let figure = |t: &mut Tester, name: &str| {
        total(&t.read(&format!("/dashboards/{name}?duration=TODAY&groupBy=date")))
    };
    let (solved, backlog) = (figure(&mut t, "solvedTickets"), figure(&mut t, "backlogTickets"));
    let unresolved = t
        .rows("/tickets?limit=100")
        .iter()
        .filter(|row| row["statusType"] != "Closed")
        .count();
    assert_eq!(backlog, unresolved as u64);
    t.write("PATCH", &format!("/tickets/{open}"), json!({"status": "Closed"}));
    assert_eq!(
        (figure(&mut t, "solvedTickets"), figure(&mut t, "backlogTickets")),
        (solved + 1, backlog - 1)
    );
    t.write("PATCH", &format!("/tickets/{open}"), json!({"status": "Open"}));
    let reopened = t.read("/dashboards/reopenedTickets?duration=TODAY&groupBy=date");
    assert_eq!(total(&reopened), 1, "{reopened}");
    t.write("PATCH", &format!("/tickets/{open}"), json!({"status": "On Hold"}));
    assert!(figure(&mut t, "onholdTickets") >= 1);
}

#[test]
fn answers_are_counted_and_timed() {
    let mut t = Tester::new(60);
    let ask = |t: &mut Tester, first: &str| {
        t.read(&format!(
            "/dashboards/responseTime?duration=LAST_30_DAYS&groupBy=channel&isFirstResponse={first}"
        ))
    };
    let (first, others) = (ask(&mut t, "true"), ask(&mut t, "false"));
    let all = t.read("/dashboards/responseCount?duration=LAST_30_DAYS&groupBy=agent");
    let count = |answer: &Value| {
        answer["totalResponseCount"]
            .as_str()
            .unwrap()
            .parse::<u64>()
            .unwrap()
    };
    assert_eq!(count(&first) + count(&others), count(&all));
    assert_eq!(sum(&all, "responseCount", "count"), count(&all));
    assert!(
        first["totalAvgAgentTime"].as_str().unwrap().ends_with(" hrs"),
        "{first}"
    );
    let names: Vec<&str> = first["timeData"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["value"].as_str().unwrap())
        .collect();
    assert!(names.contains(&"Email") && names.contains(&"Chat"), "{names:?}");
    let taken = t.read("/dashboards/ticketsResolutionTime?duration=LAST_30_DAYS&groupBy=channel");
    assert_eq!(sum(&taken, "timeData", "ticketCount"), total(&taken));
}

#[test]
fn a_span_of_ones_own_has_two_ends() {
    let mut t = Tester::new(20);
    let path = "/dashboards/createdTickets?groupBy=date&duration=CUSTOM_IN_DATE";
    let (status, error) = t.get(&format!("{path}&startDate=2026-01-01"));
    assert_eq!(
        (status, error["errorCode"].as_str()),
        (422, Some("UNPROCESSABLE_ENTITY"))
    );
    assert_eq!(
        t.get(&format!("{path}&startDate=2026-02-01&endDate=2026-01-01"))
            .0,
        422
    );
    let day = t.now.to_string()[..10].to_owned();
    let today = t.read(&format!("{path}&startDate={day}&endDate={day}"));
    assert_eq!(today["ticketCount"].as_array().map(Vec::len), Some(1), "{today}");
    let millis = t.now.as_millisecond();
    let hour = format!(
        "/dashboards/createdTickets?groupBy=channel&duration=CUSTOM_IN_MILLIS&startDate={}&endDate={millis}",
        millis - 3_600_000
    );
    assert_eq!(t.read(&hour)["groupedBy"], "channel");
}
