//! Skills: what cases need and which agents have it. Source of the forms: Desk's OpenAPI (Skill, SkillType,
//! SkillConfiguration). Nothing is assigned by them.

use serde_json::{Value, json};

use crate::desk::call::{Answer, Call};
use crate::desk::clauses::Clause;
use crate::desk::derived;
use crate::desk::modules::{self, Row, text};
use crate::desk::refusal::Refusal;

/// What `value` a condition takes, by its words.
const CONDITIONS: [(&str, &str); 4] = [
    ("is", "${CUSTOM}"),
    ("isn't", "${CUSTOM}"),
    ("is empty", "${EMPTY}"),
    ("is not empty", "${NOTEMPTY}"),
];

/// The fields that criteria may name.
pub(crate) fn criteria_fields(call: &mut Call<'_>) -> Answer {
    let module = call.query("module").unwrap_or_default().to_owned();
    let conditions: Vec<Value> = CONDITIONS
        .iter()
        .map(|(words, value)| json!({"condition": words, "i18NCondition": words, "value": [value]}))
        .collect();
    let fields = call.org.rows("fields", &[Clause::is("_module", &module)]);
    let details: Vec<Value> = fields
        .iter()
        .map(|field| {
            json!({"fieldLabel": field["displayLabel"], "i18NLabel": field["i18NLabel"], "type": text(field, "type").to_lowercase(),
                "availableConditions": conditions})
        })
        .collect();
    let label = &modules::module(&module).plural;
    call.with(&json!({"criteriaFields": [{"displayLabel": label, "name": module, "fieldDetails": details}]}))
}

/// Puts the skills of a department in order.
pub(crate) fn order(call: &mut Call<'_>) -> Answer {
    let ids = call.sent_ids("skillIds");
    call.must_exist("skills", &ids, "/skillIds")?;
    if ids.len() < 2 {
        return Err(Refusal::invalid_field("/skillIds", "invalid"));
    }
    for (id, place) in ids.iter().zip(1..) {
        if let Some((number, mut row)) = call.org.row_of("skills", id) {
            row.insert("orderId".to_owned(), place.to_string().into());
            call.org.put("skills", number, row);
        }
    }
    call.done()
}

/// Rules that use a skill or business hours: the organization has no rules.
pub(crate) fn related_rules(call: &mut Call<'_>) -> Answer {
    let module = call.route.module.clone();
    call.record(if module.is_empty() {
        "skills"
    } else {
        module.as_str()
    })?;
    call.list("data", Vec::new())
}

/// The skills of an agent, by department.
pub(crate) fn of_agent(call: &mut Call<'_>) -> Answer {
    call.record("agents")?;
    let departments = call.items("departmentIds").into_iter();
    let rows = departments.map(|department| {
        let of = [
            Clause::is("departmentId", &department),
            Clause::is("agentIds", &call.path[0]),
        ];
        let skills = call.org.rows("skills", &of);
        let shown: Vec<Value> = skills.iter().map(derived::skill_reference).collect();
        json!({"departmentId": department, "associatedSkills": shown})
    });
    call.list("data", rows.collect())
}

/// Sets which skills of a department an agent has.
pub(crate) fn map(call: &mut Call<'_>) -> Answer {
    call.record("agents")?;
    let agent = call.path[0].clone();
    let wanted = call.sent_ids("skillIds");
    call.must_exist("skills", &wanted, "/skillIds")?;
    let department = call.sent("departmentId");
    let of = [Clause::is("departmentId", &department)];
    for skill in call.org.ids("skills", &of) {
        if wanted.contains(&skill) {
            call.org.add_to_list("skills", &skill, "agentIds", &agent);
        } else {
            call.org.take_from_list("skills", &skill, "agentIds", &agent);
        }
    }
    let rows = wanted.iter().filter_map(|id| call.org.row_of("skills", id));
    let shown: Vec<Value> = rows.map(|(_, row)| derived::skill_reference(&row)).collect();
    call.with(&json!({"departmentId": department, "associatedSkills": shown}))
}

/// Removes a type of skills. (Assumed: one that has skills stays.)
pub(crate) fn delete_type(call: &mut Call<'_>) -> Answer {
    let (id, _) = call.record("skillTypes")?;
    let held = [Clause::is("skillTypeId", &call.path[0])];
    if call.org.count("skills", &held) > 0 {
        return Err(Refusal::unprocessable("The skill type has skills."));
    }
    call.org.remove("skillTypes", id);
    call.done()
}

/// How a department uses skills.
pub(crate) fn configuration(call: &mut Call<'_>) -> Answer {
    let department = call.query("departmentId").unwrap_or_default().to_owned();
    let row = configured(call, &department).ok_or_else(|| Refusal::bad_param("departmentId"))?;
    call.with(&row.into())
}

/// Changes how a department uses skills.
pub(crate) fn configure(call: &mut Call<'_>) -> Answer {
    let department = call.sent("departmentId");
    let row = configured(call, &department);
    let mut row = row.ok_or_else(|| Refusal::invalid_field("/departmentId", "invalid"))?;
    row.extend(call.body.clone());
    let number = department.parse().unwrap_or(0);
    call.org.put("skillConfiguration", number, row.clone());
    call.with(&row.into())
}

fn configured(call: &Call<'_>, department: &str) -> Option<Row> {
    let (number, _) = call.org.row_of("departments", department)?;
    let kept = call.org.row("skillConfiguration", number);
    let mut row = kept.unwrap_or_else(|| modules::blank("skillConfiguration"));
    row.insert("departmentId".to_owned(), department.into());
    Some(row)
}
