//! `sortBy=relevance`: the best hit comes first. Source: Desk's OpenAPI, Search (the order's name).
//! (Assumed: a whole title before a whole word of one, that before a
//! part of a word, all these before other fields; of equal ones those first that come first without an order.)

use serde_json::json;

use super::tester::{Tester, id};

fn cases(t: &mut Tester) -> Vec<String> {
    let contact = id(&t.rows("/contacts?limit=1")[0]);
    let department = id(&t.rows("/departments")[0]);
    let texts = [
        ("Quokka", ""),
        ("The quokka, again", ""),
        ("A quokka came in", ""),
        ("Quokkas everywhere", ""),
        ("Something in the yard", "It may be a quokka"),
    ];
    let made = texts.map(|(subject, description)| {
        let body = json!({"subject": subject, "description": description, "contactId": contact, "departmentId": department});
        let (status, made) = t.tried("POST", "/tickets", &body);
        assert_eq!(status, 200, "{made}");
        id(&made)
    });
    made.to_vec()
}

/// Few are looked at one by one, for many there is an index.
#[test]
fn the_best_hit_comes_first() {
    for tickets in [40, 1_100] {
        let mut t = Tester::new(tickets);
        let made = cases(&mut t);
        let wanted = [0, 2, 1, 3, 4].map(|place: usize| made[place].clone());
        let found = |t: &mut Tester, query: &str| -> Vec<String> {
            let rows = t.rows(&format!("/tickets/search?{query}"));
            rows.iter().map(id).collect()
        };
        assert_eq!(found(&mut t, "_all=quokka&sortBy=relevance"), wanted);
        assert_eq!(
            found(&mut t, "_all=quokka&sortBy=relevance&from=2&limit=2"),
            wanted[2..4]
        );
        assert_eq!(
            t.read("/tickets/search?_all=quokka&sortBy=relevance&limit=1")["count"],
            5
        );
        assert_eq!(found(&mut t, "subject=*quokka*&sortBy=relevance"), wanted[..4]);
        let newest: Vec<String> = made.iter().rev().cloned().collect();
        assert_eq!(found(&mut t, "_all=quokka&sortBy=-createdTime"), newest);
        assert_eq!(found(&mut t, "status=Open&sortBy=relevance&limit=1"), newest[..1]);
    }
}

#[test]
fn modules_are_ranked_together() {
    let mut t = Tester::new(40);
    let made = cases(&mut t);
    let contact = id(&t.write("POST", "/contacts", json!({"lastName": "Quokka"})));
    let rows = t.rows("/search?searchStr=quokka&sortBy=relevance&limit=10");
    let found: Vec<String> = rows.iter().map(id).collect();
    let wanted = [&made[0], &contact, &made[2], &made[1], &made[3], &made[4]];
    assert_eq!(found.iter().collect::<Vec<_>>(), wanted);
}
