//! What a seeded ticket answers when a condition asks for a field; the whole record is made for rare fields only.

use serde_json::{Value, json};

use super::{Seedling, Special};
use crate::desk::clauses::Fields;
use crate::desk::seed::Kind;
use crate::desk::times;

impl Fields for Seedling<'_> {
    fn any(&self, name: &str, test: &mut dyn FnMut(Option<&str>) -> bool) -> bool {
        let world = self.world;
        if let Some(second) = self.second(name) {
            return test(second.map(times::written_second).as_deref());
        }
        let id = |kind: Kind, index: Option<u64>, test: &mut dyn FnMut(Option<&str>) -> bool| {
            test(index.map(|index| world.id(kind, index)).as_deref())
        };
        let flag = |flag: bool, test: &mut dyn FnMut(Option<&str>) -> bool| {
            test(Some(if flag { "true" } else { "false" }))
        };
        match name {
            "id" => test(Some(&self.id())),
            "ticketNumber" => test(Some(&self.number.to_string())),
            "status" => test(Some(self.status)),
            "statusType" => test(Some(self.status_type())),
            "priority" => test(self.priority),
            "channel" => test(Some(self.channel)),
            "departmentId" => test(Some(&self.department_id())),
            "contactId" => id(Kind::CONTACT, Some(self.contact), test),
            "accountId" => test(self.account_id().as_deref()),
            "productId" => id(Kind::PRODUCT, self.product, test),
            "assigneeId" => id(Kind::AGENT, self.assignee, test),
            "teamId" => id(Kind::TEAM, self.team.then_some(0), test),
            "isTrashed" => flag(false, test),
            "isArchived" => flag(self.is_archived(), test),
            "isSpam" => flag(self.kind == Special::Spam, test),
            "_blueprint" => flag(self.kind == Special::Blueprint, test),
            "subject" => test(Some(&self.subject())),
            "description" if self.kind == Special::Bare => test(None),
            "description" => test(Some(&self.description())),
            "email" => test(Some(&world.person(self.contact).email)),
            "phone" if self.kind.is_bare() => test(None),
            "phone" => test(Some(&world.person(self.contact).phone)),
            "category" if self.kind.is_bare() => test(None),
            "category" => test(Some(&self.topic.category)),
            "_tags" if self.tag_names().is_empty() => test(None),
            "_tags" => self.tag_names().into_iter().any(|tag| test(Some(tag))),
            "approvalCount" => test(Some(&self.approvals().to_string())),
            "cf.cf_severity" => test(self.severity),
            "cf.cf_order_number" => test(self.order.map(|order| order.to_string()).as_deref()),
            "cf.cf_purchase_date" => test(self.purchased().as_deref()),
            "cf.cf_callback_wanted" => test(Some(self.wants_a_call())),
            _ => self.row().any(name, test),
        }
    }
}

impl Seedling<'_> {
    /// The time in a field, in seconds since 1970; none for a field that holds no time.
    pub(crate) fn second(&self, name: &str) -> Option<Option<i64>> {
        Some(match name {
            "createdTime" => Some(self.created),
            "modifiedTime" => Some(self.modified),
            "customerResponseTime" => Some(self.customer_second()),
            "_recent" => Some(self.recent_second()),
            "dueDate" => self.due,
            "responseDueDate" => self.answer_due(),
            "closedTime" => self.closed,
            _ => return None,
        })
    }

    /// The custom fields, under these keys.
    pub(super) fn custom(&self, keys: [&str; 4]) -> Value {
        json!({
            keys[0]: self.severity,
            keys[1]: self.order.map(|order| order.to_string()),
            keys[2]: self.purchased(),
            keys[3]: self.wants_a_call(),
        })
    }

    fn purchased(&self) -> Option<String> {
        let second = self.order.map(|_| self.created - 30 * 86_400);
        second.map(|second| times::written_second(second)[..10].to_owned())
    }

    fn wants_a_call(&self) -> &'static str {
        match self.index.is_multiple_of(2) {
            true => "false",
            false => "true",
        }
    }
}
