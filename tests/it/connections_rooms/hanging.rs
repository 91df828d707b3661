//! Calls that hang, and those beside them.

use std::time::Duration;

use zoho_mcp::connections::Product;
use zoho_mcp::zoho::{Limits, Read};

use super::fake::House;

const HANGING: &str = "/api/v1/tickets/1";

/// Hostile input 30: what hangs takes no place of what is answered.
#[tokio::test]
async fn calls_that_hang_keep_no_other_of_the_organization_waiting() {
    let house = House::with_limits(Limits {
        in_flight: 2,
        counted: Duration::from_millis(1),
        ..Limits::default()
    })
    .await;
    house.connect(3000).await;
    let session = house.session().await;
    let held = house.fake.hold(HANGING);
    let hanging: Vec<_> = [true, true, true, false, false, false]
        .into_iter()
        .map(|is_read| {
            let session = session.clone();
            let request = Read::get(Product::Desk, ["tickets", "1"]);
            tokio::spawn(async move {
                match is_read {
                    true => session.read(&request).await.map(drop),
                    false => session.download(&request, 1000, &mut Vec::new()).await.map(drop),
                }
            })
        })
        .collect();
    for _ in &hanging {
        held.arrival().await;
    }
    session
        .read(&Read::get(Product::Desk, ["tickets"]))
        .await
        .unwrap();
    assert!(hanging.iter().all(|call| !call.is_finished()), "they still hang");
    hanging.iter().for_each(|_| held.release());
    for call in hanging {
        call.await.unwrap().unwrap();
    }
}
