//! The people and departments of an organization: agents, departments, teams, roles, profiles.

use serde_json::{Value, json};

use super::{Kind, World};
use crate::desk::modules::{self, Row};
use crate::dice::Dice;
use crate::people::identities;
use crate::permissions::desk as permissions;

/// `orgId`, company name, city, country and currency of the organizations.
pub(crate) const ORGANIZATIONS: [[&str; 6]; 2] = [
    [
        "7048213351",
        "Brightharbor Instruments",
        "Rotterdam",
        "Netherlands",
        "EUR",
        "€",
    ],
    [
        "7051994608",
        "Lumen & Pine Studio",
        "Portland",
        "United States",
        "USD",
        "$",
    ],
];

/// The portal names, in the order of the organizations.
pub(crate) const PORTALS: [&str; 2] = ["brightharbor", "lumenpine"];

/// Departments; the last one of the first organization never gets a seeded ticket.
const DEPARTMENTS: [&[&str]; 2] = [
    &["Support", "Billing", "Logistics", "Partner Onboarding"],
    &["Studio Desk", "Licensing"],
];

/// First name, last name, role index, profile index, departments.
pub(crate) type AgentSeed = (&'static str, &'static str, u64, u64, &'static [u64]);

/// Agents; the first is the token's own user in both organizations.
pub(crate) const AGENTS: [&[AgentSeed]; 2] = [
    &[
        ("Noor", "van Dijk", 0, 0, &[0, 1, 2, 3]),
        ("Tomás", "Herrera", 1, 1, &[0]),
        ("Aiko", "Mori", 2, 1, &[0, 2]),
        ("Samuel", "Okafor", 2, 1, &[0]),
        ("Lena", "Brandt", 1, 1, &[1]),
        ("Priya", "Raman", 2, 1, &[1, 0]),
        ("Yusuf", "Aydın", 2, 1, &[2]),
        ("Claire", "Dubois", 2, 2, &[2, 3]),
    ],
    &[
        ("Noor", "van Dijk", 0, 0, &[0, 1]),
        ("Gus", "Lindqvist", 1, 1, &[0]),
        ("Mei", "Tanaka", 2, 1, &[1]),
    ],
];

const ROLES: [(&str, &str); 3] = [
    ("CEO", "Sees everything"),
    ("Team Lead", "Leads a team"),
    ("Agent", "Works on tickets"),
];
const PROFILES: [(&str, &str); 3] = [
    ("Support Administrator", "Full access"),
    ("Support Agent", "Works on tickets, contacts and accounts"),
    ("Light Agent", "Comments privately"),
];

/// The department that cases of a category go to.
pub(crate) fn department_for(which: usize, category: &str) -> usize {
    match (which, category) {
        (0, "Order") => 2,
        (_, "Billing") => 1,
        _ => 0,
    }
}

/// An agent of the department.
pub(crate) fn agent_of(which: usize, department: usize, dice: &mut Dice) -> u64 {
    let members: Vec<u64> = (0..AGENTS[which].len() as u64)
        .filter(|agent| AGENTS[which][*agent as usize].4.contains(&(department as u64)))
        .collect();
    *dice.pick(&members)
}

/// The status type of a ticket status.
pub(crate) fn status_type(status: &str) -> &'static str {
    match status {
        "Closed" => "Closed",
        "On Hold" => "On Hold",
        _ => "Open",
    }
}

/// An agent's full name.
pub(crate) fn name(which: usize, agent: u64) -> String {
    let (first, last, ..) = AGENTS[which][agent as usize];
    format!("{first} {last}")
}

/// Who can sign in has one address in all organizations.
fn email(world: &World, agent: u64) -> String {
    let known = identities()
        .iter()
        .find(|identity| identity.desk[world.which] == Some(agent));
    if let Some(email) = known.and_then(|identity| identity.email.as_ref()) {
        return email.clone();
    }
    let (first, ..) = AGENTS[world.which][agent as usize];
    let plain: String = first
        .chars()
        .map(|letter| if letter == 'á' { 'a' } else { letter })
        .collect();
    format!("{}@{}.example", plain.to_lowercase(), world.portal)
}

/// The short form of an agent inside other records.
pub(crate) fn short(world: &World, agent: u64) -> Value {
    let (first, last, ..) = AGENTS[world.which][agent as usize];
    json!({"id": world.id(Kind::AGENT, agent), "firstName": first, "lastName": last, "email": email(world, agent), "photoURL": null})
}

/// An agent as the author of a thread.
pub(crate) fn author(world: &World, agent: u64) -> Value {
    let (first, last, ..) = AGENTS[world.which][agent as usize];
    json!({"id": world.id(Kind::AGENT, agent), "name": name(world.which, agent), "firstName": first, "lastName": last,
        "email": email(world, agent), "photoURL": null, "type": "AGENT"})
}

/// An agent as the writer of a comment.
pub(crate) fn commenter(world: &World, agent: u64) -> Value {
    let mut commenter = author(world, agent);
    commenter["roleName"] = ROLES[AGENTS[world.which][agent as usize].2 as usize].0.into();
    commenter
}

/// Agents; the first is the user whom tokens belong to.
pub(crate) fn agents(world: &World) -> Vec<Row> {
    let department = |index: &u64| world.id(Kind::DEPARTMENT, *index);
    (0..world.agents())
        .map(|index| {
            let (first, last, role, profile, departments) = AGENTS[world.which][index as usize];
            let id = world.id(Kind::AGENT, index);
            let mut row = modules::blank("agents");
            let photo = format!(
                "https://desk.zoho.com/api/v1/agents/{id}/photo?orgId={}",
                ORGANIZATIONS[world.which][0]
            );
            let permission = if index == 0 {
                "Admin"
            } else if profile == 2 {
                "Light"
            } else {
                "AgentPublic"
            };
            let ids: Vec<String> = departments.iter().map(department).collect();
            for (key, value) in [
                ("id", json!(id)),
                ("zuid", json!((924_194_079 + index).to_string())),
                ("firstName", json!(first)),
                ("lastName", json!(last)),
                ("name", json!(name(world.which, index))),
                ("emailId", json!(email(world, index))),
                ("timeZone", json!("Europe/Amsterdam")),
                ("isConfirmed", json!(index != 5)),
                ("status", json!(if index == 6 { "DISABLED" } else { "ACTIVE" })),
                ("roleId", json!(world.id(Kind::ROLE, role))),
                ("profileId", json!(world.id(Kind::PROFILE, profile))),
                ("rolePermissionType", json!(permission)),
                ("associatedDepartmentIds", json!(ids)),
                (
                    "photoURL",
                    if index.is_multiple_of(2) {
                        json!(photo)
                    } else {
                        Value::Null
                    },
                ),
            ] {
                row.insert(key.to_owned(), value);
            }
            row
        })
        .collect()
}

/// Departments; the first is the default one.
pub(crate) fn departments(world: &World) -> Vec<Row> {
    DEPARTMENTS[world.which]
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let members: Vec<String> = (0..world.agents())
                .filter(|agent| AGENTS[world.which][*agent as usize].4.contains(&(index as u64)))
                .map(|agent| world.id(Kind::AGENT, agent))
                .collect();
            let mut row = modules::blank("departments");
            for (key, value) in [
                ("id", json!(world.id(Kind::DEPARTMENT, index as u64))),
                ("name", json!(name)),
                ("nameInCustomerPortal", json!(name)),
                ("sanitizedName", json!(sanitize(name))),
                ("creatorId", json!(world.id(Kind::AGENT, 0))),
                ("createdTime", json!(world.founded())),
                ("isDefault", json!(index == 0)),
                ("isAssignToTeamEnabled", json!(index == 0)),
                ("associatedAgentIds", json!(members)),
            ] {
                row.insert(key.to_owned(), value);
            }
            row
        })
        .collect()
}

/// A name as a segment of a URL.
pub(crate) fn sanitize(name: &str) -> String {
    name.to_lowercase()
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

/// Teams: one per department that has more than two agents.
pub(crate) fn teams(world: &World) -> Vec<Row> {
    let names: &[(&str, &str, u64)] = if world.which == 0 {
        &[
            ("Second Level", "Hard cases", 0),
            ("Dispatch", "Parcels and returns", 2),
        ]
    } else {
        &[("Studio", "Everything", 0)]
    };
    names
        .iter()
        .enumerate()
        .map(|(index, (name, description, department))| {
            let members: Vec<String> = (0..world.agents())
                .filter(|agent| AGENTS[world.which][*agent as usize].4.contains(department))
                .map(|agent| world.id(Kind::AGENT, agent))
                .collect();
            let mut row = modules::blank("teams");
            row.insert("id".into(), world.id(Kind::TEAM, index as u64).into());
            row.insert("name".into(), (*name).into());
            row.insert("description".into(), (*description).into());
            row.insert(
                "departmentId".into(),
                world.id(Kind::DEPARTMENT, *department).into(),
            );
            row.insert("agents".into(), members.into());
            row.insert("roles".into(), json!([world.id(Kind::ROLE, 1)]));
            row
        })
        .collect()
}

/// Roles, each reporting to the one before.
pub(crate) fn roles(world: &World) -> Vec<Row> {
    (0u64..)
        .zip(ROLES)
        .map(|(index, (name, description))| {
            let mut row = modules::blank("roles");
            row.insert("id".into(), world.id(Kind::ROLE, index).into());
            row.insert("name".into(), name.into());
            row.insert("description".into(), description.into());
            row.insert("isDefault".into(), true.into());
            row.insert(
                "reportsTo".into(),
                index
                    .checked_sub(1)
                    .map(|above| world.id(Kind::ROLE, above))
                    .into(),
            );
            let below = (index < 2).then(|| world.id(Kind::ROLE, index + 1));
            row.insert(
                "immediateSubRoles".into(),
                below.into_iter().collect::<Vec<_>>().into(),
            );
            row
        })
        .collect()
}

/// Profiles.
pub(crate) fn profiles(world: &World) -> Vec<Row> {
    (0u64..)
        .zip(PROFILES)
        .map(|(index, (name, description))| {
            let mut row = modules::blank("profiles");
            row.insert("id".into(), world.id(Kind::PROFILE, index).into());
            row.insert("name".into(), name.into());
            row.insert("description".into(), description.into());
            row.insert(
                "type".into(),
                if index == 2 { "LIGHT_AGENT" } else { "ACCESS_ADMIN" }.into(),
            );
            row.insert("default".into(), true.into());
            row.insert("createdTime".into(), world.founded().into());
            row.insert("modifiedTime".into(), world.founded().into());
            row.insert("permissions".into(), permissions::of_profile(name));
            row.insert("_hidden".into(), permissions::hidden(name));
            row
        })
        .collect()
}

/// The organization itself, as the organization operations answer it.
pub(crate) fn organization(which: usize) -> Row {
    let [id, company, city, country, currency, symbol] = ORGANIZATIONS[which];
    let portal = PORTALS[which];
    let row = json!({
        "id": id, "companyName": company, "portalName": portal, "portalURL": format!("https://desk.zoho.com/portal/{portal}"),
        "edition": "ENTERPRISE", "alias": null, "description": null, "website": format!("https://www.{portal}.example"),
        "phoneNumber": null, "mobile": null, "fax": null, "street": null, "city": city, "state": null, "country": country,
        "zip": null, "employeeCount": null, "employeeCountRange": "50 - 99", "industry": null, "timeZone": "Europe/Amsterdam",
        "primaryContact": "Noor van Dijk", "designation": null, "currencyCode": currency, "currencySymbol": symbol,
        "currencyLocale": "en_US", "logoURL": null, "faviconURL": null, "isDefault": which == 0, "isAdminInOrg": true,
        "isSandboxPortal": false, "isPayloadEncryptionEnabled": false, "preferredSolution": [],
        "preferredCommunicationChannels": ["Email"], "migrationFrom": null,
    });
    serde_json::from_value(row).expect("an organization is an object")
}
