//! The routes, as a table: method, path, the query parameters it reads, the scopes that open it, and who answers.

use std::sync::LazyLock;

use serde_json::json;

use super::answer::{self, Answer};
use super::call::{Call, Route};
use super::schema::{self, Module};
use super::scope::{
    BULK_READ, BULK_WRITE, CREATE, DELETE, FILES_CREATE, FILES_DELETE, FILES_READ, MAILS, MASS_READ,
    MASS_UPDATE, NOTES_CREATE, NOTES_DELETE, NOTES_READ, NOTES_UPDATE, OWNERS, READ, ROLES_DELETE,
    ROLES_READ, ROLES_UPDATE, SEARCH, SEND_MAIL, SHARE_CREATE, SHARE_DELETE, SHARE_READ, SHARE_UPDATE,
    TAGGING, UNLINK, UPDATE,
};
use super::state::Crm;
use super::{
    attachments, blueprint, bulk, company, composite, contact_roles, convert, coql, currencies, delete,
    layouts, mail, mass, notes, permitted, records, related, restore, rich_text, scope, search, settings,
    setup, share, staff, tags, territories, timeline, uploads, upsert, users, version, views, watch, write,
};
use crate::http::{Reply, Request};

const LIST: &[&str] = &[
    "fields",
    "ids",
    "cvid",
    "page",
    "per_page",
    "page_token",
    "sort_by",
    "sort_order",
    "converted",
];
const RELATED: &[&str] = &[
    "fields",
    "ids",
    "page",
    "per_page",
    "page_token",
    "sort_by",
    "sort_order",
];
const FIND: &[&str] = &[
    "criteria",
    "email",
    "phone",
    "word",
    "fields",
    "page",
    "per_page",
    "converted",
    "sort_by",
    "sort_order",
    "cvid",
];
/// What is included is there without being asked for. (Assumed: `filters` is refused, as its form is not told.)
const TIMELINE: &[&str] = &[
    "per_page",
    "page",
    "page_token",
    "sort_by",
    "sort_order",
    "include",
    "include_inner_details",
    "include_timeline_type",
];
const COUNT: &[&str] = &["criteria", "email", "phone", "word", "converted", "cvid"];

const fn route(
    method: &'static str,
    path: &'static str,
    query: &'static [&'static str],
    scopes: &'static [&'static [&'static str]],
    run: fn(&mut Crm, &Call<'_>) -> Answer,
) -> Route {
    Route {
        method,
        path,
        query,
        scopes,
        run,
    }
}

/// Everything that is served; a path of words comes before one with placeholders.
#[rustfmt::skip]
pub static ROUTES: &[Route] = &[
    route("GET", "org", &[], &[&["ZohoCRM.org.READ"]], users::organization),
    route("GET", "users", &["type", "page", "per_page", "ids"], &[&["ZohoCRM.users.READ"]], users::list),
    route("GET", "users/{user}", &[], &[&["ZohoCRM.users.READ"]], users::get),
    route("POST", "coql", &[], &[&["ZohoCRM.coql.READ"]], coql::run),
    route("POST", "bulk/read", &[], BULK_READ, bulk::read::create),
    route("GET", "bulk/read/{job}", &[], BULK_READ, bulk::read::status),
    route("GET", "bulk/read/{job}/result", &[], BULK_READ, bulk::read::result),
    route("POST", "upload", &[], &[&["ZohoFiles.files.ALL"]], bulk::write::upload),
    route("POST", "bulk/write", &[], BULK_WRITE, bulk::write::create),
    route("GET", "bulk/write/{job}", &[], BULK_WRITE, bulk::write::status),
    route("GET", "crm/{organization}/bulk-write/{job}/{file}", &[], BULK_WRITE, bulk::write::result),
    route("GET", "settings/modules", &["status"], &[&["ZohoCRM.settings.modules.READ"]], settings::modules),
    route("GET", "settings/modules/{name}", &[], &[&["ZohoCRM.settings.modules.READ"]], settings::module),
    route("GET", "settings/fields", &["module", "type"], &[&["ZohoCRM.settings.fields.READ"]], settings::fields),
    route("GET", "settings/fields/{field}", &["module"], &[&["ZohoCRM.settings.fields.READ"]], settings::field),
    route("GET", "settings/layouts", &["module"], &[&["ZohoCRM.settings.layouts.READ"]], layouts::list),
    route("GET", "settings/layouts/{layout}", &["module"], &[&["ZohoCRM.settings.layouts.READ"]], layouts::get),
    route("GET", "settings/pipeline", &["layout_id"], &[&["ZohoCRM.settings.pipeline.READ"]], layouts::pipeline),
    route("GET", "settings/custom_views", &["module", "page", "per_page"], &[&["ZohoCRM.settings.custom_views.READ"]], views::list),
    route("GET", "settings/custom_views/{view}", &["module"], &[&["ZohoCRM.settings.custom_views.READ"]], views::get),
    route("GET", "settings/related_lists", &["module"], &[&["ZohoCRM.settings.related_lists.READ"]], related::settings),
    route("GET", "settings/roles", &[], &[&["ZohoCRM.settings.roles.READ"]], users::roles),
    route("GET", "settings/roles/{role}", &[], &[&["ZohoCRM.settings.roles.READ"]], users::roles),
    route("GET", "settings/profiles", &[], &[&["ZohoCRM.settings.profiles.READ"]], users::profiles),
    route("GET", "settings/profiles/{profile}", &[], &[&["ZohoCRM.settings.profiles.READ"]], users::profiles),
    route("GET", "settings/tags", &["module"], &[&["ZohoCRM.settings.tags.READ"]], tags::list),
    route("POST", "settings/tags", &["module"], &[&["ZohoCRM.settings.tags.CREATE"]], tags::create),
    route("PUT", "settings/tags/{tag}", &["module"], &[&["ZohoCRM.settings.tags.UPDATE"]], tags::rename),
    route("DELETE", "settings/tags/{tag}", &[], &[&["ZohoCRM.settings.tags.DELETE"]], tags::delete),
    route("GET", "settings/tags/{tag}/actions/records_count", &["module"], &[&["ZohoCRM.settings.tags.READ"]], tags::count),
    route("POST", "files", &[], &[&["ZohoCRM.files.CREATE"]], uploads::upload),
    route("GET", "files", &["id"], &[&["ZohoCRM.files.READ"]], uploads::download),
    route("GET", "actions/watch", &["module", "channel_id", "page", "per_page"], &[&["ZohoCRM.notifications.READ"]], watch::list),
    route("POST", "actions/watch", &[], &[&["ZohoCRM.notifications.CREATE"]], watch::subscribe),
    route("PUT", "actions/watch", &[], &[&["ZohoCRM.notifications.UPDATE"]], watch::replace),
    route("PATCH", "actions/watch", &[], &[&["ZohoCRM.notifications.UPDATE"]], watch::update),
    route("DELETE", "actions/watch", &["channel_ids"], &[&["ZohoCRM.notifications.DELETE"]], watch::unsubscribe),
    route("GET", "org/currencies", &[], &[&["ZohoCRM.settings.currencies.READ"]], company::list),
    route("GET", "org/currencies/{currency}", &[], &[&["ZohoCRM.settings.currencies.READ"]], company::get),
    route("POST", "org/currencies", &[], &[&["ZohoCRM.settings.currencies.CREATE"]], currencies::add),
    route("PUT", "org/currencies", &[], &[&["ZohoCRM.settings.currencies.UPDATE"]], currencies::update_many),
    route("PUT", "org/currencies/{currency}", &[], &[&["ZohoCRM.settings.currencies.UPDATE"]], currencies::update),
    route("GET", "settings/territories", &["ids", "page", "per_page"], &[&["ZohoCRM.settings.territories.READ"]], company::list),
    route("POST", "settings/territories", &[], &[&["ZohoCRM.settings.territories.CREATE"]], territories::add),
    route("PUT", "settings/territories", &[], &[&["ZohoCRM.settings.territories.UPDATE"]], territories::update_many),
    route("DELETE", "settings/territories", &["ids", "delete_previous_forecasts"], &[&["ZohoCRM.settings.territories.DELETE"]], territories::delete_many),
    route("PUT", "settings/territories/{territory}", &[], &[&["ZohoCRM.settings.territories.UPDATE"]], territories::update),
    route("DELETE", "settings/territories/{territory}", &["delete_previous_forecasts"], &[&["ZohoCRM.settings.territories.DELETE"]], territories::delete),
    route("GET", "settings/territories/{territory}", &[], &[&["ZohoCRM.settings.territories.READ"]], company::get),
    route("GET", "settings/variable_groups", &[], &[&["ZohoCRM.settings.variable_groups.READ"]], company::list),
    route("GET", "settings/variable_groups/{group}", &[], &[&["ZohoCRM.settings.variable_groups.READ"]], company::get),
    route("GET", "settings/variables", &[], &[&["ZohoCRM.settings.variables.READ"]], company::list),
    route("POST", "settings/variables", &[], &[&["ZohoCRM.settings.variables.CREATE"]], company::create),
    route("PUT", "settings/variables", &[], &[&["ZohoCRM.settings.variables.UPDATE"]], company::update_many),
    route("DELETE", "settings/variables", &["ids"], &[&["ZohoCRM.settings.variables.DELETE"]], company::delete_many),
    route("GET", "settings/variables/{variable}", &["group"], &[&["ZohoCRM.settings.variables.READ"]], company::get),
    route("PUT", "settings/variables/{variable}", &[], &[&["ZohoCRM.settings.variables.UPDATE"]], company::update),
    route("DELETE", "settings/variables/{variable}", &[], &[&["ZohoCRM.settings.variables.DELETE"]], company::delete),
    route("POST", "users", &[], &[&["ZohoCRM.users.CREATE"]], staff::add_users),
    route("PUT", "users", &[], &[&["ZohoCRM.users.UPDATE"]], staff::update_users),
    route("PUT", "users/{user}", &[], &[&["ZohoCRM.users.UPDATE"]], staff::update_users),
    route("DELETE", "users/{user}", &[], &[&["ZohoCRM.users.DELETE"]], staff::delete_user),
    route("POST", "settings/roles", &[], &[&["ZohoCRM.settings.roles.CREATE"]], staff::add_roles),
    route("PUT", "settings/roles", &[], &[&["ZohoCRM.settings.roles.UPDATE"]], staff::update_roles),
    route("PUT", "settings/roles/{role}", &[], &[&["ZohoCRM.settings.roles.UPDATE"]], staff::update_roles),
    route("DELETE", "settings/roles/{role}", &["transfer_to_id"], &[&["ZohoCRM.settings.roles.DELETE"]], staff::delete_role),
    route("POST", "__composite_requests", &[], &[&["ZohoCRM.composite_requests.CUSTOM"]], composite::run),
    route("GET", "settings/emails/actions/from_addresses", &[], &[&["ZohoCRM.settings.emails.READ"]], mail::addresses),
    route("GET", "settings/email_templates", &["module", "page", "per_page"], &[&["ZohoCRM.templates.email.READ"]], company::list),
    route("GET", "settings/email_templates/{template}", &[], &[&["ZohoCRM.templates.email.READ"]], company::get),
    route("GET", "settings/inventory_templates", &["module", "page", "per_page"], &[&["ZohoCRM.templates.inventory.READ"]], company::list),
    route("GET", "settings/inventory_templates/{template}", &[], &[&["ZohoCRM.templates.inventory.READ"]], company::get),
    route("GET", "settings/user_groups", &["page", "per_page"], &[&["ZohoCRM.settings.user_groups.READ"]], company::list),
    route("GET", "settings/user_groups/{group}", &[], &[&["ZohoCRM.settings.user_groups.READ"]], company::get),
    route("GET", "settings/automation/assignment_rules", &[], &[&["ZohoCRM.settings.assignment_rules.READ"]], company::nothing),
    route("GET", "settings/automation/scoring_rules", &[], &[&["ZohoCRM.settings.scoring_rules.READ"]], company::nothing),
    route("GET", "settings/automation/workflow_rules", &[], &[&["ZohoCRM.settings.workflow_rules.READ"]], company::nothing),
    route("GET", "settings/automation/cadences", &[], &[&["ZohoCRM.settings.cadences.READ"]], company::nothing),
    route("GET", "settings/automation/field_updates", &[], &[&["ZohoCRM.settings.automation_actions.READ"]], company::nothing),
    route("GET", "settings/automation/tasks", &[], &[&["ZohoCRM.settings.automation_actions.READ"]], company::nothing),
    route("GET", "settings/automation/webhooks", &[], &[&["ZohoCRM.settings.automation_actions.READ"]], company::nothing),
    route("GET", "settings/wizards", &[], &[&["ZohoCRM.settings.wizards.READ"]], company::nothing),
    route("GET", "settings/portals", &[], &[&["ZohoCRM.settings.clientportal.READ"]], company::nothing),
    route("GET", "settings/global_picklists", &[], &[&["ZohoCRM.settings.global_picklist.READ"]], company::nothing),
    route("GET", "settings/unsubscribe_links", &[], &[&["ZohoCRM.settings.unsubscribe.READ"]], company::nothing),
    route("GET", "settings/record_locking_configurations", &["module"], &[&["ZohoCRM.settings.record_locking_configurations.READ"]], company::nothing),
    route("GET", "settings/holidays", &[], &[&["ZohoCRM.settings.business_hours.READ"]], company::nothing),
    route("GET", "settings/business_hours/shift_hours", &[], &[&["ZohoCRM.settings.business_hours.READ"]], company::nothing),
    route("GET", "settings/audit_log_export", &[], &[&["ZohoCRM.settings.audit_logs.READ"]], company::nothing),
    route("GET", "contacts/roles", &[], &[&["ZohoCRM.modules.contacts.READ"]], contact_roles::roles),
    route("GET", "contacts/roles/{role}", &[], &[&["ZohoCRM.modules.contacts.READ"]], contact_roles::roles),
    route("GET", "Contacts/roles", &[], &[&["ZohoCRM.modules.contacts.READ"]], contact_roles::roles),
    route("GET", "Contacts/roles/{role}", &[], &[&["ZohoCRM.modules.contacts.READ"]], contact_roles::roles),
    route("GET", "settings/recycle_bin", &["page", "per_page"], &[&["ZohoCRM.settings.recycle_bin.READ"]], setup::bin),
    route("GET", "settings/recycle_bin/actions/count", &[], &[&["ZohoCRM.settings.recycle_bin.READ"]], setup::bin_count),
    route("POST", "settings/recycle_bin/actions/restore", &[], &[&["ZohoCRM.settings.recycle_bin.UPDATE"]], restore::many),
    route("POST", "settings/recycle_bin/{record}/actions/restore", &[], &[&["ZohoCRM.settings.recycle_bin.UPDATE"]], restore::one),
    route("GET", "settings/recycle_bin/{record}", &[], &[&["ZohoCRM.settings.recycle_bin.READ"]], setup::bin),
    route("GET", "settings/fields/{field}/pick_list_values", &["module"], &[&["ZohoCRM.settings.fields.READ"]], setup::pick_list_values),
    route("GET", "settings/pipeline/{pipeline}", &["layout_id"], &[&["ZohoCRM.settings.pipeline.READ"]], layouts::pipeline),
    route("GET", "settings/related_lists/{list}", &["module"], &[&["ZohoCRM.settings.related_lists.READ"]], related::settings),
    route("GET", "settings/territories/{territory}/__child_territories", &["page", "per_page"], &[&["ZohoCRM.settings.territories.READ"]], setup::child_territories),
    route("GET", "settings/territories/{territory}/users", &[], &[&["ZohoCRM.settings.territories.READ"]], company::nothing),
    route("GET", "users/{user}/territories", &[], &[&["ZohoCRM.settings.territories.READ"]], company::nothing),
    route("GET", "users/{user}/actions/associated_groups", &[], &[&["ZohoCRM.settings.user_groups.READ"]], company::nothing),
    route("GET", "settings/user_groups/{group}/sources", &["page", "per_page"], &[&["ZohoCRM.settings.user_groups.READ"]], setup::sources),
    route("GET", "settings/user_groups/{group}/actions/sources_count", &[], &[&["ZohoCRM.settings.user_groups.READ"]], setup::sources_count),
    route("GET", "settings/business_hours", &[], &[&["ZohoCRM.settings.business_hours.READ"]], setup::single),
    route("GET", "settings/fiscal_year", &[], &[&["ZohoCRM.settings.fiscal_year.READ"]], setup::single),
    route("GET", "settings/service_preferences", &[], &[&["ZohoCRM.settings.modules.READ"]], setup::single),
    route("GET", "org/taxes", &[], &[&["ZohoCRM.org.READ"]], setup::single),
    route("GET", "settings/automation/assignment_rules/{id}", &["module"], &[&["ZohoCRM.settings.assignment_rules.READ"]], company::nobody),
    route("GET", "settings/automation/scoring_rules/{id}", &[], &[&["ZohoCRM.settings.scoring_rules.READ"]], company::nobody),
    route("GET", "settings/automation/workflow_rules/{id}", &[], &[&["ZohoCRM.settings.workflow_rules.READ"]], company::nobody),
    route("GET", "settings/global_picklists/{id}", &[], &[&["ZohoCRM.settings.global_picklist.READ"]], company::nobody),
    route("GET", "settings/holidays/{id}", &[], &[&["ZohoCRM.settings.business_hours.READ"]], company::nobody),
    route("GET", "settings/business_hours/shift_hours/{id}", &[], &[&["ZohoCRM.settings.business_hours.READ"]], company::nobody),
    route("GET", "settings/portals/{id}", &[], &[&["ZohoCRM.settings.clientportal.READ"]], company::nobody),
    route("GET", "settings/unsubscribe_links/{id}", &[], &[&["ZohoCRM.settings.unsubscribe.READ"]], company::nobody),
    route("GET", "settings/audit_log_export/{id}", &[], &[&["ZohoCRM.settings.audit_logs.READ"]], company::nobody),
    route("POST", "Leads/{lead}/actions/convert", &[], &[&["ZohoCRM.modules.leads.CREATE"]], convert::run),
    route("PUT", "Deals/{deal}/Contact_Roles", &[], ROLES_UPDATE, contact_roles::put_many),
    route("PUT", "Deals/{deal}/Contact_Roles/{contact}", &[], ROLES_UPDATE, contact_roles::put_one),
    route("GET", "Leads/{lead}/__conversion_options", &[], &[&["ZohoCRM.modules.leads.READ"]], convert::options),
    route("GET", "{module}/search", FIND, SEARCH, search::search),
    route("GET", "{module}/deleted", &["type", "page", "per_page"], READ, delete::list),
    route("POST", "{module}/upsert", &[], CREATE, upsert::run),
    route("GET", "{module}/actions/count", COUNT, SEARCH, search::count),
    route("GET", "{module}/actions/fetch_full_data", &["fields", "ids"], READ, rich_text::list),
    route("POST", "{module}/actions/mass_update", &[], MASS_UPDATE, mass::update),
    route("GET", "{module}/actions/mass_update", &["job_id"], MASS_READ, mass::status),
    route("POST", "{module}/actions/change_owner", &[], OWNERS, mass::change_owners),
    route("POST", "{module}/actions/add_tags", &["over_write"], TAGGING, tags::add_many),
    route("POST", "{module}/actions/remove_tags", &["ids"], TAGGING, tags::remove_many),
    route("GET", "{module}", LIST, READ, records::list),
    route("POST", "{module}", &[], CREATE, write::insert),
    route("PUT", "{module}", &[], UPDATE, write::update_many),
    route("DELETE", "{module}", &["ids", "wf_trigger"], DELETE, delete::many),
    route("GET", "{module}/{id}", &["fields"], READ, records::get),
    route("PUT", "{module}/{id}", &[], UPDATE, write::update_one),
    route("DELETE", "{module}/{id}", &["wf_trigger"], DELETE, delete::one),
    route("GET", "{module}/{id}/actions/fetch_full_data", &["fields"], READ, rich_text::get),
    route("POST", "{module}/{id}/actions/clone", &[], CREATE, write::clone),
    route("POST", "{module}/{id}/actions/change_owner", &[], OWNERS, mass::change_owner),
    route("POST", "{module}/{id}/actions/add_tags", &["over_write"], TAGGING, tags::add),
    route("POST", "{module}/{id}/actions/remove_tags", &[], TAGGING, tags::remove),
    route("POST", "{module}/{id}/actions/get_related_records_count", &[], READ, related::counts),
    route("GET", "{module}/{id}/__timeline", TIMELINE, READ, timeline::list),
    route("GET", "{module}/{id}/actions/blueprint", &[], READ, blueprint::get),
    route("PUT", "{module}/{id}/actions/blueprint", &[], UPDATE, blueprint::perform),
    route("GET", "{module}/{id}/actions/share", &["sharedTo", "view"], SHARE_READ, share::list),
    route("POST", "{module}/{id}/actions/share", &[], SHARE_CREATE, share::add),
    route("PUT", "{module}/{id}/actions/share", &[], SHARE_UPDATE, share::replace),
    route("DELETE", "{module}/{id}/actions/share", &[], SHARE_DELETE, share::revoke),
    route("POST", "{module}/{id}/actions/send_mail", &[], SEND_MAIL, mail::send),
    route("GET", "{module}/{id}/Emails", &["index", "owner_id", "type"], MAILS, mail::list),
    route("GET", "{module}/{id}/Emails/{message}", &["owner_id", "type"], MAILS, mail::get),
    route("GET", "{module}/{id}/photo", &[], READ, uploads::photo),
    route("POST", "{module}/{id}/photo", &[], CREATE, uploads::set_photo),
    route("DELETE", "{module}/{id}/photo", &[], DELETE, uploads::delete_photo),
    route("GET", "{module}/{id}/Attachments", RELATED, FILES_READ, attachments::list),
    route("POST", "{module}/{id}/Attachments", &["attachmentUrl", "title"], FILES_CREATE, attachments::upload),
    route("DELETE", "{module}/{id}/Attachments", &["ids"], FILES_DELETE, attachments::delete_many),
    route("GET", "{module}/{id}/Attachments/{attachment}", &[], FILES_READ, attachments::download),
    route("DELETE", "{module}/{id}/Attachments/{attachment}", &[], FILES_DELETE, attachments::delete),
    route("GET", "{module}/{id}/Notes", RELATED, NOTES_READ, notes::list),
    route("POST", "{module}/{id}/Notes", &[], NOTES_CREATE, notes::insert),
    route("PUT", "{module}/{id}/Notes", &[], NOTES_UPDATE, notes::update_many),
    route("DELETE", "{module}/{id}/Notes", &["ids"], NOTES_DELETE, notes::delete_many),
    route("GET", "{module}/{id}/Notes/{note}", &[], NOTES_READ, notes::get),
    route("PUT", "{module}/{id}/Notes/{note}", &[], NOTES_UPDATE, notes::update),
    route("DELETE", "{module}/{id}/Notes/{note}", &[], NOTES_DELETE, notes::delete),
    route("GET", "{module}/{id}/Contact_Roles", RELATED, ROLES_READ, related::list),
    route("DELETE", "{module}/{id}/Contact_Roles", &["ids"], ROLES_DELETE, related::unlink_many),
    route("GET", "{module}/{id}/Contact_Roles/{contact}", &["fields"], ROLES_READ, related::get),
    route("DELETE", "{module}/{id}/Contact_Roles/{contact}", &[], ROLES_DELETE, related::unlink),
    route("GET", "{module}/{id}/{list}", RELATED, READ, related::list),
    route("PUT", "{module}/{id}/{list}", &[], UPDATE, related::link_many),
    route("DELETE", "{module}/{id}/{list}", &["ids"], UNLINK, related::unlink_many),
    route("GET", "{module}/{id}/{list}/{other}", &["fields"], READ, related::get),
    route("PUT", "{module}/{id}/{list}/{other}", &[], UPDATE, related::link),
    route("DELETE", "{module}/{id}/{list}/{other}", &[], UNLINK, related::unlink),
];

/// What Zoho documents at addresses that would be taken for those of records, and nobody here answers: an address, or a
/// method with one.
static UNSERVED: LazyLock<Vec<&str>> =
    LazyLock::new(|| serde_json::from_str(include_str!("unserved.json")).expect("a list of paths"));

/// Finds the route and lets it answer: the token first, then the address, the scopes, the module.
pub(crate) fn dispatch(crm: &mut Crm, request: &Request) -> Reply {
    let Some(grant) = &request.grant else {
        return if request
            .header("authorization")
            .is_none_or(|value| value.trim().is_empty())
        {
            answer::refuse(401, "AUTHENTICATION_FAILURE", &json!({}), "Authentication failed")
        } else {
            answer::refuse(401, "INVALID_TOKEN", &json!({}), "invalid oauth token")
        };
    };
    let Some((name, path)) = versioned(request.path()) else {
        return answer::unserved();
    };
    let (path, Some(version)) = (path.as_slice(), version::named(name)) else {
        return answer::unserved();
    };
    let is_unserved = |entry: &&str| {
        let (verb, pattern) = entry.split_once(' ').unwrap_or(("", entry));
        (verb.is_empty() || verb == request.method.as_str()) && fits(pattern, path)
    };
    if UNSERVED.iter().any(is_unserved) {
        return answer::unserved();
    }
    let fitting = |route: &&Route| fits(route.path, path);
    let Some(route) = ROUTES
        .iter()
        .filter(fitting)
        .find(|route| route.method == request.method.as_str())
    else {
        if ROUTES.iter().any(|route| fits(route.path, path)) {
            let message = "The http request method type is not a valid one";
            return answer::refuse(400, "INVALID_REQUEST_METHOD", &json!({}), message).unserved();
        }
        return answer::unserved();
    };
    let name = if route.path.starts_with("{module}") {
        path[0]
    } else {
        ""
    };
    let is_active = |caller: &usize| crm.users[*caller]["status"] == "active";
    let Some(caller) = grant.person.crm.filter(is_active) else {
        return permitted::no_user();
    };
    crm.caller = caller;
    let modules = schema::seen_by(&crm.profile().name, version);
    let module = modules.iter().find(|module| module.api_name == name);
    let word = module.map_or_else(|| name.replace('_', "").to_lowercase(), Module::scope_name);
    if !scope::allows(grant, route.scopes, &word) {
        return answer::scope_mismatch();
    }
    if !name.is_empty() {
        match module {
            None => return answer::module_invalid(&json!({ "resource_path_index": 0 })),
            Some(module)
                if module.api_name == "Attachments" || module.of.is_some() && route.method != "GET" =>
            {
                return answer::refuse(
                    400,
                    "NOT_SUPPORTED",
                    &json!({ "resource_path_index": 0 }),
                    "The given module is not supported in API",
                );
            }
            Some(_) => {}
        }
    }
    let parts = route
        .path
        .split('/')
        .zip(path)
        .filter(|(pattern, _)| pattern.starts_with('{') && *pattern != "{module}")
        .map(|(_, part)| *part);
    let call = Call {
        request,
        version,
        route,
        modules,
        module,
        parts: parts.collect(),
        dispatch,
    };
    if let Err(refusal) = permitted::judge(crm, &call, path) {
        return refusal;
    }
    (route.run)(crm, &call).unwrap_or_else(|refusal| refusal)
}

/// The version and what follows; of `bulk/v8/read` that is `bulk/read`, which stands behind no version.
fn versioned(mut path: Vec<&str>) -> Option<(&str, Vec<&str>)> {
    match path.as_slice() {
        [_, "bulk", ..] => return None,
        ["bulk", _, ..] => path.swap(0, 1),
        _ => {}
    }
    let rest = path.split_off(path.len().min(1));
    Some((path.first()?, rest))
}

fn fits(pattern: &str, path: &[&str]) -> bool {
    let mut count = 0;
    let all = pattern.split('/').enumerate().all(|(index, wanted)| {
        count += 1;
        path.get(index).is_some_and(|part| match wanted {
            "{module}" => part.starts_with(|first: char| first.is_ascii_uppercase()),
            "{list}" => !matches!(*part, "actions" | "Emails" | "photo") && !part.starts_with("__"),
            _ if wanted.starts_with('{') => !part.is_empty() && *part != "actions",
            _ => wanted == *part,
        })
    });
    all && count == path.len()
}
