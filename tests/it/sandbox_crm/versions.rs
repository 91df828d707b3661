//! Versions: one state behind all of them, each with what it is known to take and tell.

use serde_json::json;

use super::World;

const ALL: [&str; 8] = ["v2", "v2.1", "v3", "v4", "v5", "v6", "v7", "v8"];

/// The programs that spoke another version than the newest were not answered at all.
#[test]
fn every_version_shows_the_same_records() {
    let mut world = World::new();
    let newest = world.good("GET v8/Leads?fields=Last_Name,Email&per_page=50");
    for version in ALL {
        let same = world.good(&format!("GET {version}/Leads?fields=Last_Name,Email&per_page=50"));
        assert_eq!(same["data"], newest["data"], "{version}");
        assert!(world.good(&format!("GET {version}/settings/modules"))["modules"].is_array());
    }
    let (status, body) = world.call("GET v9/Leads?fields=Last_Name");
    assert_eq!((status, &body["code"]), (404, &json!("INVALID_URL_PATTERN")));
}

/// Airbyte's source (v2) lists without fields and goes by page number to the end; docs of v3 ask for both.
#[test]
fn a_list_without_fields_has_all_of_them_up_to_v2_1() {
    let mut world = World::new();
    for version in ["v2", "v2.1"] {
        let rows = world.good(&format!("GET {version}/Leads?per_page=2"));
        assert!(rows["data"][0]["Company"].is_string(), "{version}: {rows}");
        let sorted = world.good(&format!(
            "GET {version}/Leads?fields=Last_Name&sort_by=Last_Name&sort_order=asc&per_page=2"
        ));
        assert!(sorted["data"][0]["Last_Name"].as_str() <= sorted["data"][1]["Last_Name"].as_str());
        assert_eq!(
            world.call(&format!("GET {version}/Calls?per_page=200&page=11")).0,
            200,
            "{version}"
        );
    }
    for version in &ALL[2..] {
        let (status, body) = world.call(&format!("GET {version}/Leads?per_page=2"));
        assert_eq!(
            (status, &body["code"]),
            (400, &json!("REQUIRED_PARAM_MISSING")),
            "{version}"
        );
        let (status, _) = world.call(&format!("GET {version}/Leads?fields=id&sort_by=Last_Name"));
        assert_eq!(status, 400, "{version}");
        let (status, body) = world.call(&format!("GET {version}/Calls?fields=id&per_page=200&page=11"));
        let code = json!("DISCRETE_PAGINATION_LIMIT_EXCEEDED");
        assert_eq!((status, &body["code"]), (400, &code), "{version}");
    }
}

/// The change logs of v3 (Leads), v4 and v6 name the fields that came with them.
#[test]
fn no_version_has_fields_of_a_later_one() {
    for (version, has) in [
        ("v2", 0),
        ("v2.1", 0),
        ("v3", 3),
        ("v4", 4),
        ("v5", 4),
        ("v6", 5),
        ("v8", 5),
    ] {
        let new = [
            "Converted_Account",
            "Converted_Contact",
            "Converted_Deal",
            "Converted__s",
            "Record_Status__s",
        ];
        let mut world = World::new();
        let fields = world.good(&format!("GET {version}/settings/fields?module=Leads"));
        let names: Vec<&str> = fields["fields"]
            .as_array()
            .unwrap()
            .iter()
            .map(|field| field["api_name"].as_str().unwrap())
            .collect();
        let row = world.good(&format!(
            "GET {version}/Leads?fields=Last_Name,{}&per_page=1",
            new.join(",")
        ));
        for (at, field) in new.iter().enumerate() {
            assert_eq!(names.contains(field), at < has, "{version} {field}");
            assert_eq!(
                row["data"][0].get(*field).is_some(),
                at < has,
                "{version} {field}: {row}"
            );
        }
    }
}

/// COQL-Overview and COQL-Limitations of the versions.
#[test]
fn a_query_reaches_as_far_as_its_version() {
    let mut world = World::new();
    for (version, rows, reach) in [
        ("v2", 200, 10_000),
        ("v3", 200, 10_000),
        ("v4", 2_000, 10_000),
        ("v5", 2_000, 10_000),
        ("v7", 2_000, 100_000),
        ("v8", 2_000, 100_000),
    ] {
        let mut ask = |offset: usize, limit: usize| {
            let query = format!("select id from Leads where id is not null limit {offset}, {limit}");
            world
                .put(&format!("POST {version}/coql"), json!({ "select_query": query }))
                .0
        };
        assert_eq!((ask(0, rows), ask(0, rows + 1)), (200, 400), "{version}");
        assert_eq!(
            (ask(reach - rows, rows), ask(reach - rows + 1, rows)),
            (204, 400),
            "{version}"
        );
    }
}

/// create-notes of v2 has `se_module` beside the id of the record; later versions have the record in one object.
#[test]
fn a_note_names_its_record_as_its_version_does() {
    let mut world = World::new();
    let lead = world.good("GET Leads?fields=id&per_page=1")["data"][0]["id"].clone();
    let plain = json!({ "data": [{ "Note_Content": "called", "Parent_Id": lead, "se_module": "Leads" }] });
    assert_eq!(world.put("POST v2/Notes", plain.clone()).0, 201);
    let (_, refused) = world.put("POST v8/Notes", plain);
    assert_eq!(refused["data"][0]["code"], "DEPENDENT_FIELD_MISSING", "{refused}");
    let whole = json!({ "id": lead, "module": { "api_name": "Leads" } });
    let note = json!({ "data": [{ "Note_Content": "called", "Parent_Id": whole }] });
    assert_eq!(world.put("POST v8/Notes", note).0, 201);
}
