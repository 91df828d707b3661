//! What a seeded ticket answers when a condition asks for a field; the whole record is made for rare fields only.

use super::{Seedling, Special};
use crate::desk::clauses::Fields;
use crate::desk::seed::Kind;
use crate::desk::times;

impl Fields for Seedling<'_> {
    fn any(&self, name: &str, test: &mut dyn FnMut(Option<&str>) -> bool) -> bool {
        let world = self.world;
        let time = |second: i64, test: &mut dyn FnMut(Option<&str>) -> bool| {
            test(Some(&times::written_second(second)))
        };
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
            "createdTime" => time(self.created, test),
            "modifiedTime" => time(self.modified, test),
            "customerResponseTime" => time(self.customer_second(), test),
            "_recent" => time(self.recent_second(), test),
            "dueDate" => test(self.due.map(times::written_second).as_deref()),
            "closedTime" => test(self.closed.map(times::written_second).as_deref()),
            "isTrashed" => flag(false, test),
            "isArchived" => flag(self.is_archived(), test),
            "isSpam" => flag(self.kind == Special::Spam, test),
            "_blueprint" => flag(self.kind == Special::Blueprint, test),
            "subject" => test(Some(&self.subject())),
            "description" if self.kind == Special::Bare => test(None),
            "description" => test(Some(&self.description())),
            "email" => test(Some(&world.person(self.contact).email)),
            "category" if self.kind.is_bare() => test(None),
            "category" => test(Some(&self.topic.category)),
            "_tags" if self.tag_names().is_empty() => test(None),
            "_tags" => self.tag_names().into_iter().any(|tag| test(Some(tag))),
            _ => self.row().any(name, test),
        }
    }
}
