//! Whether seeded records belong together: one account and one deal from the quote to the invoice, activities about those
//! they are with, nobody before what they hang on, and what is sold known to Desk by the same name.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::World;
use crate::sandbox_desk::tester::{Tester, options};

/// All records of the modules that hang together, by id.
struct Records(BTreeMap<String, (&'static str, Value)>);

impl Records {
    fn read(world: &mut World) -> Self {
        let mut records = BTreeMap::new();
        for (module, fields) in [
            ("Accounts", "Account_Name"),
            ("Contacts", "Account_Name,Reporting_To"),
            ("Deals", "Account_Name,Contact_Name"),
            ("Quotes", "Account_Name,Contact_Name,Deal_Name,Grand_Total"),
            (
                "Sales_Orders",
                "Account_Name,Contact_Name,Deal_Name,Quote_Name,Grand_Total",
            ),
            ("Invoices", "Account_Name,Contact_Name,Sales_Order,Grand_Total"),
            ("Cases", "Account_Name,Related_To,Deal_Name"),
            ("Subscriptions", "Account,Contact"),
            ("Tasks", "Who_Id,What_Id"),
            ("Calls", "Who_Id,What_Id"),
            ("Events", "Who_Id,What_Id"),
        ] {
            let body = world.good(&format!("GET {module}?fields={fields},Created_Time&per_page=200"));
            for row in body["data"].as_array().unwrap() {
                records.insert(row["id"].as_str().unwrap().to_owned(), (module, row.clone()));
            }
        }
        Records(records)
    }

    fn of<'a>(&'a self, module: &'a str) -> impl Iterator<Item = &'a Value> {
        self.0
            .values()
            .filter(move |(of, _)| *of == module)
            .map(|(_, row)| row)
    }

    fn at(&self, link: &Value) -> Option<&Value> {
        Some(&self.0.get(link["id"].as_str()?)?.1)
    }

    /// The id of the account that a record is about.
    fn account(&self, row: &Value) -> Option<String> {
        let (module, _) = self.0.get(row["id"].as_str()?)?;
        match *module {
            "Accounts" => row["id"].as_str(),
            "Subscriptions" => row["Account"]["id"].as_str(),
            _ => row["Account_Name"]["id"].as_str(),
        }
        .map(str::to_owned)
    }
}

#[test]
fn what_points_at_each_other_belongs_together() {
    let mut world = World::new();
    let records = Records::read(&mut world);
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (module, row) in records.0.values() {
        let links = [
            "Contact_Name",
            "Related_To",
            "Contact",
            "Deal_Name",
            "Quote_Name",
            "Sales_Order",
            "Reporting_To",
        ];
        for link in links {
            if let Some(other) = records.at(&row[link]) {
                *seen.entry(link).or_default() += 1;
                assert_eq!(records.account(other), records.account(row), "{module}: {row}");
            }
        }
        if let (Some(who), Some(what)) = (records.at(&row["Who_Id"]), records.at(&row["What_Id"])) {
            *seen.entry("What_Id").or_default() += 1;
            assert_eq!(records.account(who), records.account(what), "{module}: {row}");
        }
    }
    for (link, least) in [
        ("Deal_Name", 6),
        ("Quote_Name", 2),
        ("Sales_Order", 2),
        ("Reporting_To", 8),
        ("What_Id", 100),
    ] {
        assert!(seen[link] >= least, "{seen:?}");
    }
    for (module, from) in [("Sales_Orders", "Quote_Name"), ("Invoices", "Sales_Order")] {
        for row in records.of(module) {
            if let Some(origin) = records.at(&row[from]) {
                assert_eq!(row["Grand_Total"], origin["Grand_Total"], "{row}");
                assert_eq!(row["Contact_Name"], origin["Contact_Name"], "{row}");
            }
        }
    }
    for order in records.of("Sales_Orders") {
        if let Some(quote) = records.at(&order["Quote_Name"]) {
            assert_eq!(order["Deal_Name"], quote["Deal_Name"], "{order}");
        }
    }
}

#[test]
fn nobody_reports_to_themselves_by_way_of_others() {
    let mut world = World::new();
    let records = Records::read(&mut world);
    for contact in records.of("Contacts") {
        let (mut above, mut steps) = (records.at(&contact["Reporting_To"]), 0);
        while let Some(person) = above {
            assert!(person["id"] != contact["id"] && steps < 120, "{contact}");
            steps += 1;
            above = records.at(&person["Reporting_To"]);
        }
    }
}

#[test]
fn no_record_is_older_than_what_it_hangs_on() {
    let mut world = World::new();
    let records = Records::read(&mut world);
    let mut seen = 0;
    for (module, row) in records.0.values() {
        for (field, link) in row.as_object().unwrap() {
            let Some(parent) = records.at(link).filter(|_| field != "id") else {
                continue;
            };
            seen += 1;
            assert!(
                parent["Created_Time"].as_str() <= row["Created_Time"].as_str(),
                "{module} {field}: {row} {parent}"
            );
        }
    }
    assert!(seen > 600, "{seen}");
}

#[test]
fn desk_serves_what_crm_sells() {
    let mut world = World::new();
    let body = world.good("GET Products?fields=Product_Name,Product_Code,Unit_Price&per_page=200");
    let sold: BTreeSet<(String, String, String)> = body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let text = |key: &str| row[key].as_str().unwrap().to_owned();
            let price = format!("{:.2}", row["Unit_Price"].as_f64().unwrap());
            (text("Product_Name"), text("Product_Code"), price)
        })
        .collect();
    assert_eq!(sold.len(), 25);
    let mut desk = Tester::with(options(7, 500, 1));
    for row in desk.rows("/products") {
        let row = desk.read(&format!("/products/{}", row["id"].as_str().unwrap()));
        let text = |key: &str| row[key].as_str().unwrap().to_owned();
        let price = format!("{:.2}", text("unitPrice").parse::<f64>().unwrap());
        assert!(
            sold.contains(&(text("productName"), text("productCode"), price)),
            "{row}"
        );
    }
}
