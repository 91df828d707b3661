//! Writes to agents, departments, teams, roles, profiles and settings.

use serde_json::{Value, json};

use super::{Tester, first, id, listed};

pub(crate) fn staff(t: &mut Tester) {
    let organization = first(t, "/organizations");
    t.write(
        "PATCH",
        &format!("/organizations/{organization}"),
        json!({"city": "Delft"}),
    );
    assert_eq!(t.read(&format!("/organizations/{organization}"))["city"], "Delft");
    let department = first(t, "/departments");
    let body = json!({"emailId": "new@brightharbor.example", "lastName": "Newman", "firstName": "Ida", "rolePermissionType": "AgentPublic",
        "associatedDepartmentIds": [department]});
    let before = t.read("/agents/count")["count"].as_u64().unwrap();
    let new = id(&t.write("POST", "/agents", body.clone()));
    let path = format!("/agents/{new}");
    assert_eq!(t.read("/agents/count")["count"], before + 1);
    assert_eq!(
        (&t.read(&path)["name"], t.rows("/agents?searchStr=*newman*").len()),
        (&json!("Ida Newman"), 1)
    );
    let (_, error) = t.refused("POST", "/agents", body);
    assert_eq!(error["errors"][0]["errorType"], "duplicate");
    t.write("PATCH", &path, json!({"lastName": "Oldman"}));
    assert_eq!(t.read(&path)["name"], "Ida Oldman");
    t.write("POST", &format!("{path}/deactivate"), Value::Null);
    assert!(listed(t, "/agents?status=DISABLED", &new));
    t.write("POST", "/agents/activate", json!({"agentIds": [new]}));
    assert_eq!(t.read(&path)["status"], "ACTIVE");
    t.write("DELETE", &path, Value::Null);
    assert_eq!(
        (t.get(&path).0, t.read("/agents/count")["count"].as_u64()),
        (404, Some(before))
    );
}

pub(crate) fn departments(t: &mut Tester) {
    let agents = t.rows("/agents");
    let (one, two) = (id(&agents[0]), id(&agents[3]));
    let new = id(&t.write(
        "POST",
        "/departments",
        json!({"name": "Night Watch", "associatedAgentIds": [one]}),
    ));
    let path = format!("/departments/{new}");
    assert_eq!(t.read(&path)["sanitizedName"], "night-watch");
    assert_eq!(
        t.read("/departments/checkExists?departmentName=night watch")["isExists"],
        true
    );
    t.write("PATCH", &path, json!({"name": "Day Watch"}));
    assert_eq!(
        t.read("/departments/checkExists?departmentName=night watch")["isExists"],
        false
    );
    t.write(
        "POST",
        &format!("{path}/associateAgents"),
        json!({"agentIds": [two]}),
    );
    assert!(
        listed(t, &format!("{path}/agents"), &two) && !listed(t, &format!("{path}/associableAgents"), &two)
    );
    t.write(
        "POST",
        &format!("{path}/dissociateAgents"),
        json!({"agentIds": [two]}),
    );
    assert!(
        !listed(t, &format!("{path}/agents"), &two) && listed(t, &format!("{path}/associableAgents"), &two)
    );
    t.write("POST", &format!("{path}/disable"), json!({}));
    assert!(listed(t, "/departments?isEnabled=false", &new));
    t.write("POST", &format!("{path}/enable"), Value::Null);
    assert_eq!(t.read(&path)["isEnabled"], true);
    let default = first(t, "/departments");
    t.refused("POST", &format!("/departments/{default}/disable"), json!({}));
}

pub(crate) fn groups(t: &mut Tester) {
    let department = first(t, "/departments");
    let agent = first(t, "/agents");
    let team = id(&t.write(
        "POST",
        "/teams",
        json!({"name": "Pilots", "departmentId": department, "agents": [agent]}),
    ));
    assert!(listed(t, "/teams", &team) && listed(t, &format!("/agents/{agent}/teams"), &team));
    assert_eq!(
        t.read(&format!("/teams/{team}/members"))["members"][0]["id"],
        agent.as_str()
    );
    t.write("PATCH", &format!("/teams/{team}"), json!({"name": "Old pilots"}));
    assert_eq!(t.read(&format!("/teams/{team}"))["name"], "Old pilots");
    let contact = first(t, "/contacts");
    let body =
        json!({"subject": "piloted", "departmentId": department, "contactId": contact, "teamId": team});
    let ticket = id(&t.write("POST", "/tickets", body));
    assert!(listed(t, &format!("/tickets?teamIds={team}"), &ticket));
    let heir = first(t, "/teams");
    let heirs = json!({"ticketNewAgent": "null", "ticketNewTeam": heir, "taskNewTeam": "null", "taskNewAgent": "null"});
    t.write("POST", &format!("/teams/{team}/deleteTeam"), heirs);
    assert_eq!(t.read(&format!("/tickets/{ticket}"))["teamId"], heir.as_str());
    assert!(!listed(t, "/teams", &team));

    let boss = first(t, "/roles");
    let role = id(&t.write(
        "POST",
        "/roles",
        json!({"name": "Stoker", "shareDataWithPeers": false, "reportsTo": boss}),
    ));
    t.write(
        "PATCH",
        &format!("/roles/{role}"),
        json!({"name": "Stoker II", "shareDataWithPeers": true}),
    );
    assert_eq!(t.read(&format!("/roles/{role}"))["shareDataWithPeers"], true);
    t.write("PATCH", &format!("/agents/{agent}"), json!({"roleId": role}));
    assert!(listed(t, &format!("/roles/{role}/agents"), &agent));
    t.write(
        "POST",
        &format!("/roles/{role}/delete"),
        json!({"transferToRoleId": boss}),
    );
    assert_eq!(
        (
            t.get(&format!("/roles/{role}")).0,
            &t.read(&format!("/agents/{agent}"))["roleId"]
        ),
        (404, &json!(boss))
    );

    let model = first(t, "/profiles");
    let profile = id(&t.write(
        "POST",
        &format!("/profiles/{model}/clone"),
        json!({"name": "Copy", "description": "A copy"}),
    ));
    assert_eq!(
        t.read(&format!("/profiles/{profile}"))["permissions"],
        t.read(&format!("/profiles/{model}"))["permissions"]
    );
    t.write(
        "PATCH",
        &format!("/profiles/{profile}"),
        json!({"name": "Copy II"}),
    );
    assert!(
        t.rows("/profiles?searchStr=Copy%")
            .iter()
            .any(|row| row["name"] == "Copy II")
    );
    t.write(
        "POST",
        &format!("/profiles/{profile}/delete"),
        json!({"transferToProfileId": model}),
    );
    assert_eq!(t.get(&format!("/profiles/{profile}")).0, 404);
}

pub(crate) fn settings(t: &mut Tester) {
    let views = t.rows("/views?module=tickets");
    t.write(
        "PUT",
        &format!("/lastAccessedView/{}", id(&views[2])),
        Value::Null,
    );
    assert_eq!(t.read("/lastAccessedView?module=tickets")["id"], views[2]["id"]);
    let department = first(t, "/departments");
    for fields in ["fields", "organizationFields"] {
        let field = t.write(
            "POST",
            &format!("/{fields}?module=tickets"),
            json!({"displayLabel": "Hull colour", "type": "Text"}),
        );
        assert_eq!(field["apiName"], "cf_hull_colour");
        let one = format!("/{fields}/{}", id(&field));
        t.write("PATCH", &one, json!({"toolTip": "Of the ship"}));
        assert_eq!(t.read(&one)["toolTip"], "Of the ship");
        let contact = first(t, "/contacts");
        let body = json!({"subject": "Paint", "departmentId": department, "contactId": contact, "cf": {"cf_hull_colour": "red"}});
        let ticket = t.write("POST", "/tickets", body);
        assert_eq!(ticket["customFields"]["Hull colour"], "red");
        assert!(listed(
            t,
            "/tickets/search?customField1=cf_hull_colour:red",
            &id(&ticket)
        ));
        t.write("DELETE", &one, Value::Null);
        assert_eq!(t.get(&one).0, 404);
    }
    let hours = json!({"name": "Nights", "timeZoneId": "Europe/Paris", "type": "SPECIFIC", "status": "ACTIVE",
        "businessTimes": [{"day": "MONDAY", "startTime": "22:00", "endTime": "23:59"}]});
    let hours = id(&t.write("POST", "/businessHours", hours));
    let one = format!("/businessHours/{hours}");
    t.write("PATCH", &one, json!({"status": "INACTIVE"}));
    assert!(listed(t, "/businessHours?status=INACTIVE", &hours));
    assert_eq!(t.read(&one)["timeZone"]["id"], "Europe/Paris");
    t.write("DELETE", &one, Value::Null);
    assert_eq!(t.get(&one).0, 404);
    let address =
        json!({"address": "quay@brightharbor.example", "displayName": "Quay", "departmentId": department});
    let address = id(&t.write("POST", "/mailReplyAddress", address));
    let one = format!("/mailReplyAddress/{address}");
    t.write("PATCH", &one, json!({"displayName": "The quay"}));
    assert_eq!(t.read(&one)["displayName"], "The quay");
    assert!(listed(
        t,
        &format!("/mailReplyAddress?departmentId={department}"),
        &address
    ));
    t.write("DELETE", &one, Value::Null);
    assert_eq!(t.get(&one).0, 404);
}
