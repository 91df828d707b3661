//! Every write route: written, read back, and found by search and count.

use std::collections::BTreeSet;

use serde_json::json;

use super::{ROUTES, World};
use super::{blueprint, bulk_write, company, links, mail, tagging, uploads, upserts, watch, writes};

type Case = (&'static str, &'static str, fn(&mut World));

const CASES: &[Case] = &[
    ("POST", "{module}", writes::insert),
    ("PUT", "{module}", writes::update_many),
    ("PUT", "{module}/{id}", writes::update_one),
    ("DELETE", "{module}", writes::delete_many),
    ("DELETE", "{module}/{id}", writes::delete_one),
    ("POST", "{module}/{id}/actions/clone", writes::clone),
    ("POST", "{module}/upsert", upserts::upsert),
    ("POST", "{module}/actions/mass_update", upserts::mass_update),
    ("POST", "{module}/actions/change_owner", upserts::change_owners),
    (
        "POST",
        "{module}/{id}/actions/change_owner",
        upserts::change_owner,
    ),
    ("POST", "Leads/{lead}/actions/convert", upserts::convert),
    ("PUT", "{module}/{id}/actions/blueprint", blueprint::performed),
    ("POST", "{module}/{id}/Notes", links::note_added),
    ("PUT", "{module}/{id}/Notes", links::notes_updated),
    ("DELETE", "{module}/{id}/Notes", links::notes_deleted),
    ("PUT", "{module}/{id}/Notes/{note}", links::note_updated),
    ("DELETE", "{module}/{id}/Notes/{note}", links::note_deleted),
    ("POST", "{module}/{id}/Attachments", links::uploaded),
    ("DELETE", "{module}/{id}/Attachments", links::attachments_deleted),
    (
        "DELETE",
        "{module}/{id}/Attachments/{attachment}",
        links::attachment_deleted,
    ),
    ("PUT", "{module}/{id}/{list}", links::linked_many),
    ("DELETE", "{module}/{id}/{list}", links::unlinked_many),
    ("PUT", "{module}/{id}/{list}/{other}", links::linked),
    ("DELETE", "{module}/{id}/{list}/{other}", links::unlinked),
    ("DELETE", "{module}/{id}/Contact_Roles", links::roles_taken),
    (
        "DELETE",
        "{module}/{id}/Contact_Roles/{contact}",
        links::role_taken,
    ),
    ("PUT", "Deals/{deal}/Contact_Roles", links::roles_given),
    ("PUT", "Deals/{deal}/Contact_Roles/{contact}", links::role_given),
    (
        "POST",
        "bulk/write",
        bulk_write::rows_become_records_and_each_is_told_of,
    ),
    ("POST", "actions/watch", watch::subscribed),
    ("PUT", "actions/watch", watch::replaced),
    ("PATCH", "actions/watch", watch::updated),
    ("DELETE", "actions/watch", watch::unsubscribed),
    ("POST", "files", uploads::files_kept),
    ("POST", "{module}/{id}/photo", uploads::photo_set),
    ("DELETE", "{module}/{id}/photo", uploads::photo_deleted),
    ("POST", "org/currencies", company::currency_added),
    ("PUT", "org/currencies", company::currencies_changed),
    ("PUT", "org/currencies/{currency}", company::currency_changed),
    ("POST", "settings/territories", company::territories),
    ("PUT", "settings/territories", company::territories),
    ("PUT", "settings/territories/{territory}", company::territories),
    ("DELETE", "settings/territories", company::territories),
    ("DELETE", "settings/territories/{territory}", company::territories),
    ("POST", "settings/variables", company::variable_added),
    ("PUT", "settings/variables", company::variables_updated),
    ("PUT", "settings/variables/{variable}", company::variable_updated),
    ("DELETE", "settings/variables", company::variables_deleted),
    (
        "DELETE",
        "settings/variables/{variable}",
        company::variable_deleted,
    ),
    ("POST", "users", mail::people),
    ("PUT", "users", mail::people),
    ("PUT", "users/{user}", mail::people),
    ("DELETE", "users/{user}", mail::people),
    ("POST", "settings/roles", mail::people),
    ("PUT", "settings/roles", mail::people),
    ("PUT", "settings/roles/{role}", mail::people),
    ("DELETE", "settings/roles/{role}", mail::people),
    ("POST", "{module}/{id}/actions/send_mail", mail::sent),
    ("POST", "{module}/{id}/actions/share", mail::shared),
    ("PUT", "{module}/{id}/actions/share", mail::shared),
    ("DELETE", "{module}/{id}/actions/share", mail::shared),
    ("POST", "__composite_requests", mail::together),
    ("POST", "settings/recycle_bin/actions/restore", restored),
    (
        "POST",
        "settings/recycle_bin/{record}/actions/restore",
        restored_alone,
    ),
    ("POST", "settings/tags", tagging::created),
    ("PUT", "settings/tags/{tag}", tagging::renamed),
    ("DELETE", "settings/tags/{tag}", tagging::deleted),
    ("POST", "{module}/actions/add_tags", tagging::added_many),
    ("POST", "{module}/{id}/actions/add_tags", tagging::added),
    ("POST", "{module}/actions/remove_tags", tagging::removed_many),
    ("POST", "{module}/{id}/actions/remove_tags", tagging::removed),
];

/// Routes that write nothing although they are not GETs.
const READS: &[(&str, &str)] = &[
    ("POST", "coql"),
    ("POST", "bulk/read"),
    ("POST", "upload"),
    ("POST", "{module}/{id}/actions/get_related_records_count"),
];

#[test]
fn every_write_route_has_a_case() {
    let writes = ROUTES
        .iter()
        .filter(|route| route.method != "GET")
        .map(|route| (route.method, route.path));
    let writes: BTreeSet<_> = writes.filter(|route| !READS.contains(route)).collect();
    let cases: BTreeSet<_> = CASES.iter().map(|(method, path, _)| (*method, *path)).collect();
    assert_eq!(writes, cases);
}

#[test]
fn every_write_is_seen_by_reads_search_and_count() {
    for (_, _, case) in CASES {
        case(&mut World::new());
    }
}

/// A lead that was deleted.
fn deleted(world: &mut World) -> String {
    let lead = world.insert("Leads", json!({ "Last_Name": "Zyxlead" }));
    world.good(&format!("DELETE Leads/{lead}"));
    lead
}

fn restored(world: &mut World) {
    let lead = deleted(world);
    let (status, body) = world.put(
        "POST settings/recycle_bin/actions/restore",
        json!({ "ids": [lead] }),
    );
    assert_eq!(status, 200, "{body}");
    world.good(&format!("GET Leads/{lead}"));
}

fn restored_alone(world: &mut World) {
    let lead = deleted(world);
    let (status, body) = world.put(
        &format!("POST settings/recycle_bin/{lead}/actions/restore"),
        json!({}),
    );
    assert_eq!(status, 200, "{body}");
    world.good(&format!("GET Leads/{lead}"));
}
