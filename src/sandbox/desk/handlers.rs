//! The work behind the operations, by the names that the route tables use.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::call::{Answer, Call};
use super::search;

mod attachments;
mod beside;
mod blueprint;
mod bulk;
mod counts;
mod customers;
mod history;
mod presence;
mod records;
mod recycle_bin;
mod references;
mod replies;
mod setup;
mod tags;
mod threads;
mod tickets;
mod ties;
mod time;
mod writing;

/// Does the work of one operation.
pub(crate) type Handler = fn(&mut Call<'_>) -> Answer;

/// The handler of this name.
pub(crate) fn by_name(name: &str) -> Handler {
    BY_NAME[name]
}

static BY_NAME: LazyLock<HashMap<&'static str, Handler>> =
    LazyLock::new(|| HANDLERS.iter().copied().collect());

/// Every handler.
const HANDLERS: &[(&str, Handler)] = &[
    ("records.list", records::list),
    ("records.get", records::get),
    ("records.search", search::module),
    ("records.create", records::create),
    ("records.update", records::update),
    ("records.delete", records::delete),
    ("records.count", records::count),
    ("records.by_ids", records::by_ids),
    ("records.trash", bulk::trash),
    ("records.update_many", bulk::update_many),
    ("records.mark_spam", bulk::mark_spam),
    ("records.delete_spam", bulk::delete_spam),
    ("records.empty_spam", bulk::empty_spam),
    ("search.across", search::across),
    ("activities.search", search::activities),
    ("custom.search", search::custom_module),
    ("activities.of_ticket", records::activities_of_ticket),
    ("tickets.create", tickets::create),
    ("tickets.update", tickets::update),
    ("tickets.close", tickets::close),
    ("tickets.move", tickets::move_to_department),
    ("tickets.merge", tickets::merge),
    ("tickets.split", tickets::split),
    ("tickets.mark_read", tickets::mark_read),
    ("tickets.mark_unread", tickets::mark_unread),
    ("tickets.archived", tickets::archived),
    ("resolution.get", history::resolution),
    ("resolution.update", history::update_resolution),
    ("resolution.delete", history::delete_resolution),
    ("history.list", history::list),
    ("history.metrics", history::metrics),
    ("presence.online", presence::online),
    ("presence.offline", presence::offline),
    ("presence.all", presence::all),
    ("presence.my_profile", presence::my_profile),
    ("presence.my_permissions", presence::my_permissions),
    ("presence.light_profile", presence::light_profile),
    ("counts.tickets", counts::tickets),
    ("counts.by_field_values", counts::by_field_values),
    ("counts.agents", counts::agents),
    ("counts.queue", counts::queue),
    ("tags.of_ticket", tags::of_ticket),
    ("tags.associate", tags::associate),
    ("tags.dissociate", tags::dissociate),
    ("tags.list", tags::list),
    ("tags.search", tags::search),
    ("tags.tickets", tags::tickets),
    ("tags.replace", tags::replace),
    ("blueprint.get", blueprint::get),
    ("blueprint.perform", blueprint::perform),
    ("blueprint.revoke", blueprint::revoke),
    ("recycle_bin.list", recycle_bin::list),
    ("recycle_bin.restore", recycle_bin::restore),
    ("recycle_bin.delete", recycle_bin::delete),
    ("recycle_bin.restore_all", recycle_bin::restore_all),
    ("recycle_bin.delete_all", recycle_bin::delete_all),
    ("threads.list", threads::list),
    ("threads.get", threads::get),
    ("threads.full", threads::full),
    ("threads.latest", threads::latest),
    ("threads.original", threads::original),
    ("threads.attachment", threads::attachment),
    ("comments.attachment", threads::comment_attachment),
    ("threads.conversations", threads::conversations),
    ("replies.send", replies::send),
    ("replies.draft", replies::draft),
    ("replies.update_draft", replies::update_draft),
    ("replies.delete_draft", replies::delete_draft),
    ("replies.send_draft", replies::send_draft),
    ("attachments.upload", attachments::upload),
    ("attachments.create", attachments::create),
    ("attachments.update", attachments::update),
    ("attachments.content", attachments::content),
    ("attachments.uploaded", attachments::uploaded),
    ("side.list", beside::list),
    ("side.get", beside::get),
    ("side.delete", beside::delete),
    ("comments.create", beside::create_comment),
    ("comments.update", beside::update_comment),
    ("comments.history", beside::comment_history),
    ("followers.add", beside::add_followers),
    ("followers.remove", beside::remove_followers),
    ("approvals.create", beside::create_approvals),
    ("approvals.update", beside::update_approval),
    ("pins.create", beside::create_pin),
    ("pins.unpin", beside::unpin),
    ("time.create", time::create),
    ("time.update", time::update),
    ("time.summation", time::summation),
    ("time.of_person", time::of_person),
    ("customers.merge", customers::merge),
    ("customers.associate_accounts", customers::associate_accounts),
    ("customers.dissociate_accounts", customers::dissociate_accounts),
    ("customers.products", customers::products),
    ("customers.of_product", customers::of_product),
    ("customers.history", customers::history),
    ("customers.statistics", customers::statistics),
    ("products.duplicates", customers::duplicates),
    ("organizations.list", setup::organizations),
    ("organizations.get", setup::organization),
    ("organizations.update", setup::update_organization),
    ("agents.me", setup::me),
    ("agents.by_zuid", setup::agent_by_zuid),
    ("agents.by_email", setup::agent_by_email),
    ("agents.activate", setup::activate_agents),
    ("agents.deactivate", setup::deactivate_agent),
    ("departments.check_exists", setup::department_exists),
    ("departments.enable", setup::enable_department),
    ("departments.disable", setup::disable_department),
    ("departments.associable_agents", setup::associable_agents),
    ("departments.associate_agents", setup::associate_agents),
    ("departments.dissociate_agents", setup::dissociate_agents),
    ("teams.delete", setup::delete_team),
    ("teams.members", setup::team_members),
    ("profiles.clone", setup::clone_profile),
    ("views.last", setup::last_view),
    ("views.remember", setup::remember_view),
    ("layouts.my_form", setup::my_form),
    ("settings.ticket_statuses", setup::ticket_statuses),
];
