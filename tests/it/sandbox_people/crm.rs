//! What users of CRM may do: each permission by its own name.

use serde_json::{Value, json};

use super::{become_in_crm, no_permission};
use crate::sandbox_crm::World;

#[test]
fn a_standard_user_deletes_and_masses_nothing() {
    let mut world = World::new();
    let (lead, deal) = (world.first("Leads"), world.first("Deals"));
    become_in_crm(&mut world, "standard");
    let me = world.good("GET users?type=CurrentUser")["users"][0].clone();
    assert_eq!(me["profile"]["name"], "Standard");
    let refused = [
        (format!("DELETE Leads/{lead}"), json!(null), "Delete_Leads"),
        (
            format!("DELETE Deals?ids={deal}"),
            json!(null),
            "Delete_Potentials",
        ),
        (
            "POST Leads/actions/mass_update".to_owned(),
            json!({ "data": [{ "City": "Oslo" }], "ids": [lead] }),
            "Mass_Update_Leads",
        ),
        (
            format!("POST Leads/{lead}/actions/change_owner"),
            json!({ "owner": { "id": me["id"] } }),
            "Change_Owner_Leads",
        ),
        (
            "GET settings/variables".to_owned(),
            json!(null),
            "Variables_Access",
        ),
        (
            "POST settings/variables".to_owned(),
            json!({ "variables": [{}] }),
            "Variables_Access",
        ),
        (
            "GET settings/profiles/5725767000000026014".to_owned(),
            json!(null),
            "Manage_Profiles",
        ),
    ];
    for (line, body, missing) in refused {
        let answer = world.put(&line, body);
        assert_eq!(
            answer,
            no_permission(&[&format!("Crm_Implied_{missing}")]),
            "{line}"
        );
    }
    for line in [
        "GET settings/profiles",
        "GET settings/roles",
        "GET settings/modules",
        "GET org",
        "GET users",
    ] {
        world.good(line);
    }
    let (status, body) = world.call("GET Notes?fields=id");
    assert_eq!((status, &body["code"]), (403, &json!("NOT_SUPPORTED")), "{body}");
    world.good(&format!("GET Leads/{lead}"));
    let new = world.insert("Leads", json!({ "Last_Name": "Okoro" }));
    let record = world.record("Leads", &new);
    for name in ["Owner", "Created_By", "Modified_By"] {
        assert_eq!(record[name]["id"], me["id"], "{name}");
    }
}

#[test]
fn a_reader_is_told_which_permission_is_missing() {
    let mut world = World::new();
    let (lead, contact, deal) = (
        world.first("Leads"),
        world.first("Contacts"),
        world.first("Deals"),
    );
    let vendor = world.first("Vendors");
    become_in_crm(&mut world, "read_only");
    let one = json!({ "data": [{ "Last_Name": "Okoro" }] });
    let tags = json!({ "tags": [{ "name": "Hot" }], "ids": [lead] });
    let query = |text: &str| json!({ "select_query": text });
    let job = |module: &str| json!({ "query": { "module": { "api_name": module } } });
    let refused: [(String, Value, &[&str]); 13] = [
        ("POST Leads".to_owned(), one.clone(), &["Create_Leads"]),
        (format!("PUT Leads/{lead}"), one.clone(), &["Edit_Leads"]),
        ("PUT Leads".to_owned(), one.clone(), &["Edit_Leads"]),
        (
            "POST Leads/upsert".to_owned(),
            one.clone(),
            &["Create_Leads", "Edit_Leads"],
        ),
        (format!("DELETE Leads/{lead}"), json!(null), &["Delete_Leads"]),
        (
            "POST Leads/actions/add_tags".to_owned(),
            tags,
            &["Edit_Leads", "Tags_Leads"],
        ),
        (
            format!("POST Leads/{lead}/actions/convert"),
            json!({ "data": [{}] }),
            &["Convert_Leads"],
        ),
        (
            format!("POST Deals/{deal}/Notes"),
            json!({ "data": [{ "Note_Content": "x" }] }),
            &["Create_Notes"],
        ),
        ("POST bulk/v8/read".to_owned(), job("Leads"), &["Export_Leads"]),
        ("GET Vendors?fields=id".to_owned(), json!(null), &["View_Vendors"]),
        (format!("GET Vendors/{vendor}"), json!(null), &["View_Vendors"]),
        (
            "POST coql".to_owned(),
            query("select Vendor_Name from Vendors where id is not null"),
            &["View_Vendors"],
        ),
        (
            "POST coql".to_owned(),
            query("select Last_Name, Vendor_Name.Vendor_Name from Contacts where id is not null"),
            &["View_Vendors"],
        ),
    ];
    for (line, body, missing) in refused {
        let missing: Vec<String> = missing.iter().map(|name| format!("Crm_Implied_{name}")).collect();
        let missing: Vec<&str> = missing.iter().map(String::as_str).collect();
        assert_eq!(world.put(&line, body), no_permission(&missing), "{line}");
    }
    world.good(&format!("GET Contacts/{contact}"));
    world.good("GET Contacts/search?word=an");
    let found = world.put(
        "POST coql",
        query("select Last_Name from Contacts where id is not null limit 1"),
    );
    assert_eq!(found.0, 200, "{}", found.1);
    let modules = world.good("GET settings/modules")["modules"].clone();
    let viewable = |name: &str| {
        let mut all = modules.as_array().unwrap().iter();
        let module = all.find(|module| module["api_name"] == name).unwrap();
        [
            &module["viewable"],
            &module["editable"],
            &module["creatable"],
            &module["deletable"],
        ]
        .map(Value::as_bool)
    };
    assert_eq!(viewable("Vendors"), [Some(false); 4]);
    assert_eq!(
        viewable("Leads"),
        [Some(true), Some(false), Some(false), Some(false)]
    );
}

#[test]
fn profiles_say_what_is_carried_out() {
    let mut world = World::new();
    let lead = world.first("Leads");
    let profiles = world.good("GET settings/profiles")["profiles"].clone();
    let names: Vec<&Value> = profiles
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["name"])
        .collect();
    assert_eq!(names, ["Administrator", "Standard", "Read Only"]);
    assert!(
        profiles[0].get("permissions_details").is_none(),
        "only one profile by itself tells them"
    );
    let one = json!({ "data": [{ "City": "Oslo" }] });
    for (place, person) in [(0, "admin"), (1, "standard"), (2, "read_only")] {
        become_in_crm(&mut world, "admin");
        let line = format!(
            "GET settings/profiles/{}",
            profiles[place]["id"].as_str().unwrap()
        );
        let details = world.good(&line)["profiles"][0]["permissions_details"].clone();
        become_in_crm(&mut world, person);
        let tries = [
            ("View_Leads", format!("GET Leads/{lead}"), json!(null)),
            ("Edit_Leads", format!("PUT Leads/{lead}"), one.clone()),
            ("Create_Leads", "POST Leads".to_owned(), one.clone()),
            (
                "Mass_Update_Leads",
                "POST Leads/actions/mass_update".to_owned(),
                json!({ "data": [{ "City": "Oslo" }], "ids": [lead] }),
            ),
            (
                "Variables_Access",
                "GET settings/variables".to_owned(),
                json!(null),
            ),
            (
                "View_PurchaseOrders",
                "GET Purchase_Orders?fields=id".to_owned(),
                json!(null),
            ),
        ];
        for (name, line, body) in tries {
            let name = format!("Crm_Implied_{name}");
            let mut all = details.as_array().unwrap().iter();
            let told = all
                .find(|one| one["name"] == *name)
                .unwrap_or_else(|| panic!("{name}"));
            let (_, answer) = world.put(&line, body);
            let refused = answer["code"] == "NO_PERMISSION";
            assert_eq!(told["enabled"], json!(!refused), "{person}: {name}: {answer}");
        }
    }
}

#[test]
fn a_page_token_is_good_for_whom_it_was_made() {
    let mut world = World::new();
    let first = world.good("GET Contacts?fields=id&per_page=5");
    let token = first["info"]["next_page_token"].as_str().unwrap();
    let next = format!("GET Contacts?fields=id&per_page=5&page_token={token}");
    world.good(&next);
    become_in_crm(&mut world, "standard");
    let (status, body) = world.call(&next);
    assert_eq!((status, &body["code"]), (400, &json!("INVALID_DATA")), "{body}");
    become_in_crm(&mut world, "agent");
    let (status, body) = world.call("GET Contacts?fields=id");
    assert_eq!(
        (status, &body["code"]),
        (401, &json!("AUTHENTICATION_FAILURE")),
        "no user of this CRM: {body}"
    );
}
