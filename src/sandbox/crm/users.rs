//! Users, roles, profiles and the organization itself.

use serde_json::{Value, json};

use super::answer::{self, Answer};
use super::call::{Call, or_nothing};
use super::paging;
use super::permitted;
use super::schema::{Field, Module};
use super::state::{Crm, ORG_ID, ZGID};
use super::time;
use crate::http::Reply;
use crate::permissions::crm::{self as permissions, Profile};

/// Role name, id, whom it reports to.
const ROLES: &[(&str, &str, Option<usize>)] = &[
    ("CEO", "5725767000000026005", None),
    ("Manager", "5725767000000026008", Some(0)),
    ("Sales Manager", "5725767000000026011", Some(1)),
    ("Account Executive", "5725767000000026014", Some(2)),
];
/// The profiles as modules name them.
pub(crate) fn profile_references() -> Value {
    let all = permissions::profiles().iter();
    all.map(|profile| json!({ "name": profile.name, "id": profile.id }))
        .collect()
}

/// The profiles as a field names them: what the users of each may do with it.
pub(crate) fn field_profiles(module: &Module, field: &Field) -> Value {
    let all = permissions::profiles().iter();
    let access = |profile: &Profile| profile.access(&module.api_name, &field.api_name).to_owned();
    all.map(|profile| json!({ "permission_type": access(profile), "name": profile.name, "id": profile.id }))
        .collect()
}

/// The name of a role.
pub(crate) fn role_name(crm: &Crm, id: &str) -> Option<String> {
    let own = crm.company.get("roles").into_iter().flatten();
    let own = own.map(|role| {
        (
            role["name"].as_str().unwrap_or_default(),
            role["id"].as_str().unwrap_or_default(),
        )
    });
    let mut all = ROLES.iter().map(|role| (role.0, role.1)).chain(own);
    all.find(|(_, known)| *known == id)
        .map(|(name, _)| name.to_owned())
}

/// The names of all roles.
pub(crate) fn role_names(crm: &Crm) -> Vec<String> {
    let own = crm.company.get("roles").into_iter().flatten();
    let own = own.map(|role| role["name"].as_str().unwrap_or_default().to_owned());
    ROLES.iter().map(|role| role.0.to_owned()).chain(own).collect()
}

/// The name of a profile.
pub(crate) fn profile_name(_crm: &Crm, id: &str) -> Option<String> {
    let found = permissions::profiles().iter().find(|profile| profile.id == id);
    found.map(|profile| profile.name.clone())
}

/// `GET /users`.
pub(crate) fn list(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let kind = call.query("type").unwrap_or("AllUsers");
    let wanted = kinds(kind).ok_or_else(|| answer::parameter_invalid("type", json!({ "type": kind })))?;
    let ids = call.ids("ids", 100)?;
    let listed = |user: &&Value| {
        ids.as_ref().is_none_or(|ids| {
            user["id"]
                .as_str()
                .and_then(|id| id.parse().ok())
                .is_some_and(|id: u64| ids.contains(&id))
        })
    };
    let me = crm.users[crm.caller]["id"].clone();
    let users: Vec<Value> = crm
        .users
        .iter()
        .filter(|user| {
            if kind == "CurrentUser" {
                user["id"] == me
            } else {
                wanted(user)
            }
        })
        .filter(listed)
        .map(|user| shown(crm, user))
        .collect();
    let (page, info) = paging::paginate(call, &users)?;
    or_nothing("users", page, Some(info))
}

fn kinds(kind: &str) -> Option<fn(&Value) -> bool> {
    let active = |user: &Value| user["status"] == "active";
    Some(match kind {
        "AllUsers" | "CurrentUser" => |_| true,
        "ActiveUsers" | "AllActiveUsers" => active,
        "DeactiveUsers" => |user| user["status"] == "inactive",
        "ConfirmedUsers" => |user| user["confirm"] == true && user["status"] != "deleted",
        "NotConfirmedUsers" => |user| user["confirm"] == false,
        "DeletedUsers" => |user| user["status"] == "deleted",
        "ActiveConfirmedUsers" => |user| user["status"] == "active" && user["confirm"] == true,
        "AdminUsers" => |user| user["profile"] == "Administrator",
        "ActiveConfirmedAdmins" => {
            |user| user["status"] == "active" && user["confirm"] == true && user["profile"] == "Administrator"
        }
        "DeveloperUsers" => |_| false,
        _ => return None,
    })
}

/// `GET /users/{id}`.
pub(crate) fn get(crm: &mut Crm, call: &Call<'_>) -> Answer {
    if !call.parts[0].bytes().all(|sign| sign.is_ascii_digit()) {
        return Err(answer::id_invalid(1));
    }
    let user = crm.user(call.parts[0]).map(|user| shown(crm, user));
    or_nothing("users", user.into_iter().collect(), None)
}

/// What no user of the sandbox has filled in.
const EMPTY: &[&str] = &[
    "phone",
    "mobile",
    "fax",
    "website",
    "alias",
    "signature",
    "street",
    "city",
    "state",
    "zip",
    "dob",
    "reporting_to",
];

fn shown(crm: &Crm, user: &Value) -> Value {
    let role = ROLES
        .iter()
        .find(|role| user["role"] == role.0)
        .map(|role| json!({ "name": role.0, "id": role.1 }));
    let own = || {
        let mut roles = crm.company.get("roles").into_iter().flatten();
        let role = roles.find(|role| role["name"] == user["role"])?;
        Some(json!({ "name": role["name"], "id": role["id"] }))
    };
    let role = role.or_else(own);
    let profile = permissions::profiles()
        .iter()
        .find(|profile| user["profile"] == profile.name.as_str())
        .map(|profile| json!({ "name": profile.name, "id": profile.id }));
    let since = time::iso(time::shift(crm.start, -400 * 86_400));
    let by = json!({ "name": crm.users[0]["full_name"], "id": crm.users[0]["id"] });
    let mut shown = json!({
        "id": user["id"], "zuid": user["zuid"], "full_name": user["full_name"], "first_name": user["first_name"], "last_name": user["last_name"],
        "email": user["email"], "status": user["status"], "confirm": user["confirm"], "role": role, "profile": profile,
        "Current_Shift__s": null, "Next_Shift__s": null, "type__s": "Regular User", "sort_order_preference__s": "First Name,Last Name",
        "personal_account": false, "microsoft": false, "default_tab_group": "0", "Isonline": user["status"] == "active", "category": "regular_user",
        "language": "en_US", "locale": "en_IN", "country": "IN", "country_locale": "en_IN", "time_zone": time::TIME_ZONE, "offset": 19_800_000,
        "time_format": "hh:mm a", "date_format": "dd/MM/yyyy", "number_separator": "Comma", "decimal_separator": "Period", "name_format__s": "Salutation,First Name,Last Name",
        "created_time": since, "Modified_Time": since, "created_by": by, "Modified_By": by, "territories": [],
    });
    for name in EMPTY {
        shown[*name] = Value::Null;
    }
    shown
}

/// `GET /settings/roles` and `GET /settings/roles/{id}`.
pub(crate) fn roles(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let reference = |index: usize| json!({ "name": ROLES[index].0, "id": ROLES[index].1 });
    let roles = ROLES.iter().map(|(name, id, reports_to)| {
        json!({
            "display_label": name, "name": name, "id": id, "api_name": name, "reporting_to": reports_to.map(reference), "share_with_peers": reports_to.is_none(),
            "admin_user": reports_to.is_none(), "description": null, "forecast_manager": null, "created_by__s": null, "modified_by__s": null,
        })
    });
    let own = crm.company.get("roles").into_iter().flatten().cloned();
    one_or_all("roles", roles.chain(own).collect(), call)
}

/// `GET /settings/profiles` and `GET /settings/profiles/{id}`, which alone tells the permissions.
pub(crate) fn profiles(_crm: &mut Crm, call: &Call<'_>) -> Answer {
    let profiles = permissions::profiles().iter().map(|profile| {
        let mut shown = json!({
            "display_label": profile.name, "name": profile.name, "id": profile.id, "api_name": profile.name.replace(' ', "_"),
            "description": profile.description, "default": !profile.custom, "custom": profile.custom,
            "type": "normal_profile", "created_by": null, "modified_by": null, "created_time": null, "modified_time": null,
        });
        if !call.parts.is_empty() {
            shown["permissions_details"] = permitted::details(profile);
        }
        shown
    });
    one_or_all("profiles", profiles.collect(), call)
}

fn one_or_all(key: &str, mut all: Vec<Value>, call: &Call<'_>) -> Answer {
    if let Some(id) = call.parts.first() {
        all.retain(|item| item["id"] == *id);
        if all.is_empty() {
            return Err(answer::id_invalid(2));
        }
    }
    or_nothing(key, all, None)
}

/// `GET /org`.
pub(crate) fn organization(crm: &mut Crm, _call: &Call<'_>) -> Answer {
    let mut org = json!({
        "id": ORG_ID, "zgid": ZGID, "company_name": "Lantern Works", "domain_name": format!("org{ZGID}"),
        "primary_email": crm.users[0]["email"], "primary_zuid": crm.users[0]["zuid"], "country_code": "IN", "country": "IN", "iso_code": "USD",
        "currency": "US Dollar - USD", "currency_symbol": "$", "currency_locale": "en_US", "time_zone": time::TIME_ZONE, "type": "production", "mc_status": false,
        "gapps_enabled": false, "privacy_settings": false, "hipaa_compliance_enabled": false, "translation_enabled": false, "deletable_org_account": true,
        "zia_portal_id": null, "ziaPortalId": null, "photo_id": null, "oauth_presence": false, "lite_users_enabled": false, "max_per_page": 200,
        "created_time": time::iso(time::shift(crm.start, -400 * 86_400)), "employee_count": "25", "description": null,
        "city": "Chennai", "website": "https://lanternworks.example",
    });
    for name in ["alias", "street", "state", "zip", "phone", "mobile", "fax"] {
        org[name] = Value::Null;
    }
    org["license_details"] = json!({ "paid": true, "paid_type": "enterprise", "paid_expiry": null, "trial_type": null, "trial_expiry": null, "trial_action": null, "users_license_purchased": 10, "portal_users_license_purchased": 0 });
    Ok(Reply::json(200, &json!({ "org": [org] })))
}
