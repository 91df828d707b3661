//! Writes to what administrators set up: templates, skills, holidays, the knowledge base, timers, exports, webhooks.

use serde_json::{Value, json};

use super::{Tester, first, id, listed, succeeded, ticket};

pub(crate) fn templates(t: &mut Tester) {
    let department = first(t, "/departments");
    let folder = t.write(
        "POST",
        "/templateFolders",
        json!({"folderName": "Spring", "departmentId": department, "folderAccessDetails": {"type": "allAgents"}}),
    )["folderId"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/templateFolders/{folder}");
    t.write("PUT", &path, json!({"folderName": "Summer"}));
    t.write("PATCH", &path, json!({"folderDesc": "Warm words"}));
    assert_eq!(
        (&t.read(&path)["folderName"], &t.read(&path)["folderDesc"]),
        (&json!("Summer"), &json!("Warm words"))
    );
    let body = json!({"templateName": "Thanks", "subject": "Thanks, ${Contacts.Last Name}", "recordType": "tickets",
        "departmentId": department, "folderId": folder, "fromId": "support@brightharbor.example", "contentType": "richtext",
        "body": "<div>Case ${Cases.Request Id}: ${Cases.Subject}</div>"});
    let made = t.write("POST", "/templates", body);
    assert_eq!(made["folder"]["folderName"], "Summer", "{made}");
    let template = format!("/templates/{}", made["templateId"].as_str().unwrap());
    t.write(
        "PUT",
        &template,
        json!({"replyTo": "answers@brightharbor.example"}),
    );
    t.write("PATCH", &template, json!({"templateName": "Many thanks"}));
    let kept = t.read(&template);
    assert_eq!(
        (&kept["templateName"], &kept["replyToAddr"]),
        (&json!("Many thanks"), &json!("answers@brightharbor.example"))
    );
    let found = t.rows(&format!(
        "/templates?departmentId={department}&searchStr=many*&module=tickets"
    ));
    assert_eq!(found.len(), 1);
    assert!(found[0].get("body").is_none(), "{found:?}");
    let case = ticket(t, "Lamp broken");
    let (_, error) = t.refused("POST", &format!("{template}/render?entityId=12"), json!({}));
    assert_eq!(error["errorCode"], "UNPROCESSABLE_ENTITY");
    let filled = t.write("POST", &format!("{template}/render?entityId={case}"), json!({}));
    let content = filled["content"].as_str().unwrap().to_owned();
    assert!(
        content.contains(": Lamp broken") && !content.contains("${"),
        "{filled}"
    );
    assert!(!filled["subject"].as_str().unwrap().contains("${"), "{filled}");
    let (_, error) = t.refused("DELETE", &path, Value::Null);
    assert_eq!(
        error["errorCode"], "UNPROCESSABLE_ENTITY",
        "a folder in use stays"
    );
    t.write("DELETE", &template, Value::Null);
    t.write("DELETE", &path, Value::Null);
    assert_eq!((t.get(&template).0, t.get(&path).0), (404, 404));
}

pub(crate) fn ticket_templates(t: &mut Tester) {
    let layout = first(t, "/layouts?module=tickets");
    let contact = first(t, "/contacts");
    let new = id(&t.write(
        "POST",
        "/ticketTemplates",
        json!({"layoutId": layout, "ticketTemplateName": "Order", "ticketTemplateValues": {"subject": "New order", "contactId": contact}}),
    ));
    let path = format!("/ticketTemplates/{new}");
    t.write("PATCH", &path, json!({"ticketTemplateName": "Orders"}));
    let whole = t.read(&format!("{path}?include=contacts"));
    assert_eq!(whole["ticketTemplateName"], "Orders");
    assert_eq!(
        whole["ticketTemplateValues"]["contact"]["id"],
        contact.as_str(),
        "{whole}"
    );
    assert!(listed(t, "/ticketTemplates?searchStr=orders", &new));
    let done = t.write("POST", "/ticketTemplates/deleteMany", json!({"ids": [new, "12"]}));
    assert_eq!(succeeded(&done), [true, false]);
    assert_eq!(t.get(&path).0, 404);
}

pub(crate) fn skills(t: &mut Tester) {
    let department = first(t, "/departments");
    let kind = id(&t.write(
        "POST",
        "/skillTypes",
        json!({"departmentId": department, "name": "Country"}),
    ));
    t.write("PATCH", &format!("/skillTypes/{kind}"), json!({"name": "Land"}));
    let criteria = json!({"fieldConditions": [{"fieldName": "Subject", "fieldModule": "tickets", "condition": "is", "value": ["India"]}], "pattern": "(1)"});
    let agent = first(t, "/agents");
    let new = id(&t.write(
        "POST",
        "/skills",
        json!({"name": "India", "skillTypeId": kind, "status": "ACTIVE", "criteria": criteria, "agentIds": [agent]}),
    ));
    let path = format!("/skills/{new}");
    let kept = t.read(&path);
    assert_eq!(
        (&kept["departmentId"], &kept["skillType"]["skillTypeName"]),
        (&json!(department), &json!("Land"))
    );
    t.write("PATCH", &path, json!({"status": "INACTIVE"}));
    let of_type = t.read(&format!("/skillTypes/{kind}"));
    assert_eq!(of_type["mappedSkillsStatus"], Value::Null, "only lists tell it");
    assert_eq!(of_type["associatedSkills"][0]["skillId"], new.as_str());
    let all = t.rows(&format!("/skills?departmentId={department}"));
    let mut ids: Vec<String> = all.iter().map(id).collect();
    ids.reverse();
    t.write(
        "POST",
        "/skills/order",
        json!({"departmentId": department, "skillIds": ids}),
    );
    assert_eq!(t.read(&path)["orderId"], "1");
    t.write(
        "POST",
        &format!("/agents/{agent}/mapSkills"),
        json!({"departmentId": department, "skillIds": []}),
    );
    assert_eq!(t.read(&path)["agentIds"], json!([]));
    let has = t.rows(&format!("/agents/{agent}/skills?departmentIds={department}"));
    assert_eq!(has[0]["associatedSkills"], json!([]));
    let (_, error) = t.refused("DELETE", &format!("/skillTypes/{kind}"), Value::Null);
    assert_eq!(error["errorCode"], "UNPROCESSABLE_ENTITY");
    t.write("DELETE", &path, Value::Null);
    t.write("DELETE", &format!("/skillTypes/{kind}"), Value::Null);
    t.write(
        "PATCH",
        "/skillConfiguration",
        json!({"departmentId": department, "autoSkillStamping": "ACTIVE"}),
    );
    let set = t.read(&format!("/skillConfiguration?departmentId={department}"));
    assert_eq!(set["autoSkillStamping"], "ACTIVE");
}

pub(crate) fn holidays(t: &mut Tester) {
    let hours = first(t, "/businessHours");
    let body = json!({"name": "Harbour days", "status": "ACTIVE", "associatedBusinessHourIds": [hours],
        "holidays": [{"holidayName": "Harbour", "from": "07-01", "to": "07-02"}]});
    let new = id(&t.write("POST", "/holidayList", body.clone()));
    let path = format!("/holidayList/{new}");
    assert_eq!(t.read(&path)["associatedBusinessHours"][0]["id"], hours.as_str());
    assert_eq!(
        t.read(&format!("/businessHours/{hours}"))["associatedHolidayList"]["holidayListId"],
        new.as_str()
    );
    let (_, error) = t.refused("POST", "/holidayList", body);
    assert_eq!(error["errors"][0]["errorType"], "duplicate");
    t.write("PATCH", &path, json!({"status": "INACTIVE"}));
    assert_eq!(t.read(&path)["status"], "INACTIVE");
    t.write("DELETE", &path, Value::Null);
    assert_eq!(t.get(&path).0, 404);
}

pub(crate) fn timers(t: &mut Tester) {
    let department = first(t, "/departments");
    let case = ticket(t, "Slow");
    let task = id(&t.write(
        "POST",
        "/tasks",
        json!({"subject": "Look", "departmentId": department, "ticketId": case}),
    ));
    for path in [format!("/tickets/{case}"), format!("/tasks/{task}")] {
        assert_eq!(t.read(&format!("{path}/timer"))["state"], "INIT");
        t.write("POST", &format!("{path}/timer?action=START"), Value::Null);
        let (_, error) = t.refused("POST", &format!("{path}/timer?action=START"), Value::Null);
        assert_eq!(error["errorCode"], "UNPROCESSABLE_ENTITY");
        t.write("POST", &format!("{path}/timer?action=PAUSE"), Value::Null);
        let paused = t.read(&format!("{path}/timer"));
        assert_eq!(
            (&paused["state"], &paused["minutes"]),
            (&json!("PAUSED"), &json!(1)),
            "{paused}"
        );
        t.write("POST", &format!("{path}/timer?action=RESUME"), Value::Null);
        let on = t.rows(&format!("{path}/activeTimer?include=owner"));
        assert_eq!((on.len(), &on[0]["timer"]["state"]), (1, &json!("RUNNING")));
        assert_eq!(on[0]["owner"]["id"], on[0]["userId"]);
    }
    let mine = t.rows(&format!("/myActiveTimers?departmentId={department}"));
    assert_eq!(mine.len(), 2);
    assert_eq!(mine[0]["ticket"]["subject"], "Slow", "{mine:?}");
    let tasks = t.rows(&format!(
        "/allActiveTimers?departmentId={department}&module=Tasks"
    ));
    assert_eq!((tasks.len(), &tasks[0]["entity"]), (1, &json!("Tasks")));
    let ended = t.write("POST", &format!("/tickets/{case}/timer?action=STOP"), Value::Null);
    assert_eq!(ended["state"], "INIT");
    assert!(ended["minutes"].as_u64().unwrap() >= 2, "{ended}");
}

pub(crate) fn knowledge(t: &mut Tester) {
    let department = first(t, "/departments");
    let body = json!({"name": "Manuals", "primaryDepartmentId": department, "logoId": "10", "status": "SHOW_IN_HELPCENTER",
        "visibility": "ALL_USERS", "articleViewType": "LISTVIEW", "isReviewEnabled": false,
        "translations": [{"name": "Manuals", "locale": "en"}, {"name": "Anleitungen", "locale": "de"}]});
    let root = id(&t.write("POST", "/kbRootCategories", body));
    let section = |parent: &str| json!({"name": "Pumps", "parentCategoryId": parent, "translations": [{"name": "Pumps", "locale": "en"}]});
    let (_, error) = t.refused("POST", "/kbSections", section("12"));
    assert_eq!(error["errors"][0]["fieldName"], "/parentCategoryId");
    let above = id(&t.write("POST", "/kbSections", section(&root)));
    let below = id(&t.write("POST", "/kbSections", section(&above)));
    t.write(
        "PATCH",
        &format!("/kbSections/{below}"),
        json!({"name": "Small pumps"}),
    );
    let tree = t.read("/kbRootCategories/categoryTreeByPermalink?permalink=anleitungen&locale=de");
    assert_eq!(tree["id"], root.as_str());
    let child = &tree["children"][0];
    assert_eq!(
        (&child["id"], &child["children"][0]["name"]),
        (&json!(above), &json!("Small pumps")),
        "{tree}"
    );
    assert_eq!(child["children"][0]["rootCategoryId"], root.as_str());
    let (_, error) = t.refused("DELETE", &format!("/kbCategory/{above}"), Value::Null);
    assert_eq!(error["errorCode"], "UNPROCESSABLE_ENTITY");
    for gone in [&below, &above, &root] {
        t.write("DELETE", &format!("/kbCategory/{gone}"), Value::Null);
    }
    assert_eq!(t.get(&format!("/kbRootCategories/{root}")).0, 404);
}

pub(crate) fn translations(t: &mut Tester) {
    let article = first(t, "/articles");
    let path = format!("/articles/{article}/translations");
    let author = first(t, "/agents");
    let before = t.read("/articleTranslations/count")["count"].as_u64().unwrap();
    let body = json!({"title": "Volle Warteschlange", "answer": "<div>Archiv, dann Leeren.</div>", "authorId": author,
        "status": "Published", "locale": "de"});
    let new = id(&t.write("POST", &path, body.clone()));
    let (_, error) = t.refused("POST", &path, body);
    assert_eq!(error["errors"][0]["errorType"], "duplicate");
    assert_eq!(t.read("/articleTranslations/count")["count"], before + 1);
    assert_eq!(t.rows(&path).len(), 2);
    assert_eq!(t.read(&format!("/articleTranslations/{new}"))["locale"], "de");
    t.write("PATCH", &format!("{path}/de"), json!({"title": "Volle Schlange"}));
    t.write("POST", &format!("{path}/de/like"), Value::Null);
    t.write("POST", &format!("{path}/en/dislike"), Value::Null);
    let german = t.read(&format!("{path}/de"));
    assert_eq!(
        (&german["title"], &german["likeCount"]),
        (&json!("Volle Schlange"), &json!("1"))
    );
    assert_eq!(t.read(&format!("/articles/{article}"))["dislikeCount"], "1");
    t.write(
        "POST",
        &format!("{path}/de/permalinks"),
        json!({"primaryPermalink": "schlange", "secondaryPermalinks": ["stau"]}),
    );
    assert_eq!(
        t.read("/articles/articleByPermalink?permalink=stau&locale=de")["id"],
        new.as_str()
    );
    for (permalink, is_free) in [("stau", false), ("frei", true)] {
        let told = t.write(
            "POST",
            "/articles/checkPermalinkAvailability",
            json!({"permalink": permalink}),
        );
        assert_eq!(told["isAvailable"], is_free, "{permalink}");
    }
    t.write("POST", &format!("{path}/de/moveToTrash"), Value::Null);
    assert_eq!(t.get(&format!("{path}/de")).0, 404);
}

pub(crate) fn exports(t: &mut Tester) {
    let made = t.write(
        "POST",
        "/bulkExport",
        json!({"module": "tickets", "fields": ["ticketNumber", "subject"], "apiNameAsHeader": true}),
    );
    let path = format!("/bulkExport/{}", made["exportId"].as_str().unwrap());
    assert_eq!(made["status"], "INITIATED");
    let file = format!(
        "/downloadBulkExportFile?exportId={}",
        made["exportId"].as_str().unwrap()
    );
    assert_eq!(t.get(&file).0, 404, "not yet");
    assert_eq!(t.read(&path)["status"], "INPROGRESS");
    assert_eq!(t.read(&path)["status"], "COMPLETED");
    let zip = t.raw(&t.request("GET", &file));
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(zip.body.to_vec())).unwrap();
    let mut rows = csv::Reader::from_reader(zip.by_index(0).unwrap());
    assert_eq!(rows.headers().unwrap(), ["ticketNumber", "subject"].as_slice());
    let tickets = t.read("/ticketsCount")["count"].as_u64().unwrap();
    assert_eq!(rows.records().count() as u64, tickets);
    let mut beyond = t.request("POST", "/bulkExport");
    beyond.body = json!({"module": "tickets", "password": "Aa1!aaaa"})
        .to_string()
        .into();
    assert!(t.raw(&beyond).unserved);
}

pub(crate) fn webhooks(t: &mut Tester) {
    let url = "http://127.0.0.1:9/hook";
    for (body, field) in [
        (
            json!({"url": "hook", "subscriptions": {"Ticket_Add": null}}),
            "/url",
        ),
        (
            json!({"url": url, "subscriptions": {"Ticket_Fly": null}}),
            "/subscriptions/Ticket_Fly",
        ),
        (
            json!({"url": url, "subscriptions": {"Contact_Add": {"fields": ["email"]}}}),
            "/subscriptions/Contact_Add",
        ),
        (
            json!({"url": url, "subscriptions": {"Ticket_Add": {"departmentIds": ["12"]}}}),
            "/subscriptions/Ticket_Add",
        ),
        (json!({"url": url, "subscriptions": {}}), "/subscriptions"),
    ] {
        let (_, error) = t.refused("POST", "/webhooks", body);
        assert_eq!(error["errors"][0]["fieldName"], field, "{error}");
    }
    let new = id(&t.write(
        "POST",
        "/webhooks",
        json!({"url": url, "name": "Mirror", "subscriptions": {"Ticket_Update": {"includePrevState": true, "fields": ["status"]}}}),
    ));
    let path = format!("/webhooks/{new}");
    t.write(
        "PATCH",
        &path,
        json!({"subscriptions": {"Contact_Add": null}, "isEnabled": false}),
    );
    let kept = t.read(&path);
    assert_eq!(
        (&kept["isEnabled"], &kept["subscriptions"]),
        (&json!(false), &json!({"Contact_Add": null}))
    );
    assert!(listed(t, "/webhooks", &new));
    t.write("DELETE", &path, Value::Null);
    assert_eq!(t.get(&path).0, 404);
}

pub(crate) fn review(t: &mut Tester) {
    let case = ticket(t, "Check me");
    let from = t.rows("/mailReplyAddress?departmentId=allDepartment")[0]["address"].clone();
    let draft = id(&t.write(
        "POST",
        &format!("/tickets/{case}/draftReply"),
        json!({"channel": "EMAIL", "content": "Soon.", "fromEmailAddress": from, "to": "a@b.example"}),
    ));
    t.write(
        "POST",
        &format!("/tickets/{case}/threads/{draft}/sendForReview"),
        Value::Null,
    );
}
