//! Keys of records that are made from other records when somebody looks.

use serde_json::{Value, json};

use super::call::Call;
use super::clauses::{Clause, Test};
use super::modules::{self, Row, text, value};
use super::org::Org;

/// Fills in what a record of the module shows of others.
pub(crate) fn fill(call: &Call<'_>, module: &str, record: &Row, row: &mut Row) {
    let org: &Org = call.org;
    let filled = match module {
        "templates" => vec![("folder", folder(org, record))],
        "skills" => vec![("skillType", skill_type(org, record))],
        "skillTypes" => skills_of_type(org, record),
        "holidayList" => vec![("associatedBusinessHours", business_hours(org, record))],
        "businessHours" => vec![("associatedHolidayList", holidays(org, record))],
        "kbRootCategories" | "kbSections" => category(call, module, record),
        _ => return,
    };
    for (key, value) in filled {
        row.insert(key.to_owned(), value);
    }
}

fn folder(org: &Org, template: &Row) -> Value {
    let found = org.row_of("templateFolders", text(template, "folderId"));
    found.map_or(
        Value::Null,
        |(_, folder)| json!({"folderId": folder["folderId"], "folderName": folder["folderName"]}),
    )
}

fn skill_type(org: &Org, skill: &Row) -> Value {
    let found = org.row_of("skillTypes", text(skill, "skillTypeId"));
    found.map_or(
        Value::Null,
        |(_, kind)| json!({"skillTypeId": kind["id"], "skillTypeName": kind["name"]}),
    )
}

fn skills_of_type(org: &Org, kind: &Row) -> Vec<(&'static str, Value)> {
    let skills = org.rows("skills", &[Clause::is("skillTypeId", text(kind, "id"))]);
    let mut states: Vec<&str> = skills.iter().map(|skill| text(skill, "status")).collect();
    states.sort_unstable();
    states.dedup();
    let states = json!(states);
    let shown = skills.iter().map(skill_reference).collect();
    vec![("associatedSkills", shown), ("mappedSkillsStatus", states)]
}

/// A skill as agents and types name it.
pub(crate) fn skill_reference(skill: &Row) -> Value {
    json!({"skillId": skill["id"], "skillName": skill["name"], "skillTypeId": skill["skillTypeId"]})
}

fn business_hours(org: &Org, list: &Row) -> Value {
    let ids = modules::texts(list, "associatedBusinessHourIds");
    let found = ids.iter().filter_map(|id| org.row_of("businessHours", id));
    found
        .map(|(_, hours)| json!({"id": hours["id"], "name": hours["name"]}))
        .collect()
}

fn holidays(org: &Org, hours: &Row) -> Value {
    let of = [Clause::is("associatedBusinessHourIds", text(hours, "id"))];
    let found = org.rows("holidayList", &of).into_iter().next();
    found.map_or(Value::Null, |list| {
        json!({"holidayListId": list["id"], "holidayListName": list["name"], "holidayListStatus": list["status"]})
    })
}

/// Who made a category, and the counts that `include` asks for.
fn category(call: &Call<'_>, module: &str, record: &Row) -> Vec<(&'static str, Value)> {
    let org: &Org = call.org;
    let actor = |key: &str| {
        let agent = org.row_of("agents", text(record, key));
        agent.map_or(Value::Null, |(_, agent)| {
            json!({"id": agent["id"], "name": agent["name"], "photoURL": agent["photoURL"], "status": agent["status"], "zuid": agent["zuid"]})
        })
    };
    let field = if module == "kbSections" {
        "categoryId"
    } else {
        "rootCategoryId"
    };
    let articles = |more: Vec<Clause>| {
        let of = vec![
            Clause::is(field, text(record, "id")),
            Clause::new("isTrashed", Test::NoneOf(vec!["true".to_owned()])),
        ];
        Value::from(org.count("articles", &[of, more].concat()).to_string())
    };
    let mut filled = vec![
        ("createdBy", actor("createdBy")),
        ("modifiedBy", actor("modifiedBy")),
    ];
    for name in call.items("include") {
        filled.push(match name.as_str() {
            "allArticlesCount" => ("allArticlesCount", articles(Vec::new())),
            "publishedArticleCount" => (
                "publishedArticleCount",
                articles(vec![Clause::is("status", "Published")]),
            ),
            "publicArticlesCount" => (
                "publicArticlesCount",
                articles(vec![
                    Clause::is("status", "Published"),
                    Clause::is("permission", "ALL"),
                ]),
            ),
            "allArticleTemplateCount" => ("allArticleTemplateCount", "0".into()),
            "followersCount" => ("followersCount", "0".into()),
            "canCurrentUserReview" => ("canCurrentUserReview", true.into()),
            "sectionsCount" => {
                let of = [Clause::is("rootCategoryId", text(record, "id"))];
                ("sectionsCount", org.count("kbSections", &of).to_string().into())
            }
            "portalUrl" => ("portalUrl", portal_url(org, record)),
            _ => continue,
        });
    }
    filled
}

/// (Assumed: the form, after that of articles.)
fn portal_url(org: &Org, record: &Row) -> Value {
    let permalink = &value(record, "translations")[0]["permalink"];
    let permalink = permalink.as_str().unwrap_or_default();
    format!(
        "https://desk.zoho.com/portal/{}/en/kb/{permalink}",
        org.world.portal
    )
    .into()
}

/// An agent as timers and others show whoever owns them.
pub(crate) fn actor(org: &Org, id: &str) -> Value {
    let agent = org.row_of("agents", id).map(|(_, row)| row);
    agent.map_or(Value::Null, |row| {
        let keys = ["id", "firstName", "lastName", "name", "photoURL"];
        keys.map(|key| (key, value(&row, key))).into_iter().collect()
    })
}
