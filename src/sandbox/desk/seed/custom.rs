//! Records of the custom module of an organization: the vehicles its engineers drive.

use serde_json::{Value, json};

use super::{Kind, World};
use crate::desk::modules::{self, Row};
use crate::desk::times;

const NAMES: [&str; 7] = [
    "Van North",
    "Van South",
    "Estate car of the installers",
    "Pool car Utrecht",
    "Kastenwagen Köln",
    "Trailer for stations",
    "巡回サービス車",
];
const FUELS: [&str; 3] = ["Petrol", "Diesel", "Electric"];

/// The layout of the custom module, by its place among the layouts.
pub(crate) const LAYOUT: u64 = 9;

/// Vehicles; the second organization has three.
pub(crate) fn service_vehicles(world: &World) -> Vec<Row> {
    let count = if world.which == 0 { 14 } else { 3 };
    (0..count).map(|index| vehicle(world, index)).collect()
}

fn vehicle(world: &World, index: u64) -> Row {
    let mut dice = world.dice("cm_service_vehicles", index);
    let created = times::written_second(world.sometime(&mut dice));
    let owner = world.id(Kind::AGENT, dice.below(world.agents()));
    let custom = [
        (
            "cf_plate",
            "Plate",
            json!(format!("GX-{:03}-K", 117 + index * 31)),
        ),
        (
            "cf_contract_number",
            "Contract Number",
            json!((index % 4 != 3).then(|| format!("LC-{}", 2400 + index))),
        ),
        ("cf_fuel", "Fuel", json!(FUELS[(index % 3) as usize])),
        ("cf_seats", "Seats", json!((2 + index % 4).to_string())),
        (
            "cf_next_inspection",
            "Next inspection",
            json!((index % 5 != 4).then(|| format!("2026-{:02}-15", 1 + index % 12))),
        ),
        (
            "cf_winter_tyres",
            "Winter tyres",
            json!(dice.chance(50).to_string()),
        ),
    ];
    let by_name = custom
        .iter()
        .map(|(name, _, value)| ((*name).to_owned(), value.clone()));
    let by_label = custom
        .iter()
        .map(|(_, label, value)| ((*label).to_owned(), value.clone()));
    let name = format!("{} {}", NAMES[(index % 7) as usize], 1 + index / 7);
    let mut row = modules::blank("cm_service_vehicles");
    for (key, value) in [
        ("id", json!(world.id(Kind::VEHICLE, index))),
        ("name", json!(name)),
        ("departmentId", json!(world.id(Kind::DEPARTMENT, index % 2))),
        ("layoutId", json!(world.id(Kind::LAYOUT, LAYOUT))),
        ("ownerId", json!(owner)),
        ("createdBy", json!(world.id(Kind::AGENT, 0))),
        ("createdTime", json!(created)),
        ("modifiedBy", json!(owner)),
        ("modifiedTime", json!(created)),
        ("cf", Value::Object(by_name.collect())),
        ("customFields", Value::Object(by_label.collect())),
    ] {
        row.insert(key.to_owned(), value);
    }
    row
}
