//! The whole record of a seeded ticket, as a single read gives it.

use serde_json::{Value, json};

use super::{Seedling, Special};
use crate::desk::modules::{self, Row};
use crate::desk::seed::Kind;
use crate::desk::times;

impl Seedling<'_> {
    /// The whole ticket.
    pub(crate) fn row(&self) -> Row {
        let world = self.world;
        let person = world.person(self.contact);
        let bare = self.kind.is_bare();
        let told = |text: &str| Value::from((!bare).then_some(text));
        let id = self.id();
        let mut row = modules::blank("tickets");
        let mut set = |name: &str, value: Value| row.insert(name.to_owned(), value);
        set("id", id.clone().into());
        set("ticketNumber", self.number.to_string().into());
        set("subject", self.subject().into());
        set("status", self.status.into());
        set("statusType", self.status_type().into());
        set("priority", self.priority.into());
        set("category", told(&self.topic.category));
        set("subCategory", told(&self.topic.sub_category));
        set("channel", self.channel.into());
        set("language", told(&self.topic.language));
        set("email", person.email.clone().into());
        set("phone", told(&person.phone));
        set("departmentId", self.department_id().into());
        set("contactId", world.id(Kind::CONTACT, self.contact).into());
        set("accountId", self.account_id().into());
        set(
            "productId",
            self.product.map(|index| world.id(Kind::PRODUCT, index)).into(),
        );
        set(
            "assigneeId",
            self.assignee.map(|index| world.id(Kind::AGENT, index)).into(),
        );
        set("teamId", self.team.then(|| world.id(Kind::TEAM, 0)).into());
        set("layoutId", world.id(Kind::LAYOUT, 0).into());
        set("createdTime", times::written_second(self.created).into());
        set("modifiedTime", times::written_second(self.modified).into());
        set("dueDate", self.due.map(times::written_second).into());
        set(
            "responseDueDate",
            self.answer_due().map(times::written_second).into(),
        );
        set("slaId", self.sla().into());
        set("secondaryContacts", self.secondary_contacts().into());
        set("closedTime", self.closed.map(times::written_second).into());
        set(
            "onholdTime",
            (self.status == "On Hold")
                .then(|| times::written_second(self.modified))
                .into(),
        );
        set(
            "customerResponseTime",
            times::written_second(self.customer_second()).into(),
        );
        set("threadCount", self.threads.to_string().into());
        set("commentCount", self.comments.to_string().into());
        set("attachmentCount", self.attachments.to_string().into());
        set("timeEntryCount", self.time_entries().to_string().into());
        set("tagCount", self.tag_names().len().to_string().into());
        set(
            "source",
            json!({"type": "SYSTEM", "appName": null, "extId": null, "permalink": null, "appPhotoURL": null, "uuid": null}),
        );
        set("webUrl", world.web_url("Cases", &id).into());
        set("description", self.description_value());
        set("classification", told(&self.topic.classification));
        set("sentiment", self.sentiment().into());
        set("approvalCount", self.approvals().to_string().into());
        set("resolution", self.resolution().into());
        set("createdBy", world.id(Kind::AGENT, 0).into());
        set(
            "modifiedBy",
            world.id(Kind::AGENT, self.assignee.unwrap_or(0)).into(),
        );
        set("isEscalated", (self.status == "Escalated").into());
        set(
            "layoutDetails",
            json!({"id": world.id(Kind::LAYOUT, 0), "layoutName": "Tickets"}),
        );
        set(
            "cf",
            self.custom([
                "cf_severity",
                "cf_order_number",
                "cf_purchase_date",
                "cf_callback_wanted",
            ]),
        );
        set(
            "customFields",
            self.custom(["Severity", "Order number", "Purchase date", "Callback wanted"]),
        );
        let direction = if self.threads.is_multiple_of(2) {
            "out"
        } else {
            "in"
        };
        let last = json!({"channel": self.channel.to_uppercase(), "isDraft": false, "isForward": false, "direction": direction});
        set("lastThread", if self.threads == 0 { Value::Null } else { last });
        set("_tags", self.tag_names().into());
        set("_recent", times::written_second(self.recent_second()).into());
        set("isArchived", self.is_archived().into());
        set("isSpam", (self.kind == Special::Spam).into());
        set("_blueprint", (self.kind == Special::Blueprint).into());
        set("_read", (!self.index.is_multiple_of(3)).into());
        row
    }

    fn description_value(&self) -> Value {
        if self.kind == Special::Bare {
            Value::Null
        } else {
            self.description().into()
        }
    }

    /// How Desk takes the customer's words, where it has read them.
    fn sentiment(&self) -> Option<&'static str> {
        let mut dice = self.world.dice("sentiment", self.index);
        let is_read = self.channel == "Email" && !self.kind.is_bare() && dice.chance(60);
        let moods = match (self.status, self.priority) {
            ("Escalated", _) | (_, Some("Urgent")) => ["NEGATIVE", "NEGATIVE", "NEUTRAL"],
            _ => ["NEUTRAL", "NEGATIVE", "POSITIVE"],
        };
        is_read.then(|| *dice.pick(&moods))
    }
}
