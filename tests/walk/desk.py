"""Desk as the walk believes it to be: what was there at the beginning, and each write that was made since.

The rules are those of Zoho's documents: what is in the bin, is spam or was merged is in no list, count or search; a
merge hands comments, tags and tasks on; a closed ticket has a moment of closing; comments come oldest first, tickets
newest first.
"""

from zoho import same

STATUSES = {"Open": "Open", "On Hold": "On Hold", "Escalated": "Open", "Closed": "Closed"}
PRIORITIES = ["Low", "Medium", "High", "Urgent"]
CATEGORIES = ["Technical", "Billing", "Order", "Account"]
SEVERITIES = ["Minor", "Major", "Critical"]
CHANNELS = ["Email", "Web", "Phone", "Chat"]
TAGS = [f"walk-{name}" for name in ("amber", "birch", "cedar", "delta", "ember", "fjord")]
PLAIN = ["id", "ticketNumber", "subject", "status", "statusType", "priority", "category", "channel", "departmentId",
         "contactId", "assigneeId", "dueDate", "createdTime", "closedTime", "cf"]
OF_CONTACTS = ["id", "firstName", "lastName", "email", "accountId"]


def some(dice, rows, most=1):
    return dice.sample(rows, min(len(rows), dice.randint(1, most)))


class Desk:
    def __init__(self, zoho):
        self.zoho = zoho
        self.made = 0
        self.touched = set()  # What was written to since somebody looked.
        self.departments = [row["id"] for row in zoho.desk("GET", "/departments")["data"]]
        self.agents = {row["id"]: row["associatedDepartmentIds"]
                       for row in zoho.desk("GET", "/agents", {"limit": 50})["data"] if row["status"] == "ACTIVE"}
        self.contacts = {row["id"]: {key: row[key] for key in OF_CONTACTS} for row in zoho.desk_rows("/contacts")}
        self.binned_contacts = {}
        self.accounts = {row["id"]: row["accountName"] for row in zoho.desk_rows("/accounts")}
        self.tickets, self.binned, self.spam = {}, {}, {}
        for row in zoho.desk_rows("/tickets"):
            self.tickets[row["id"]] = self.read(row["id"])
        # The status of these is changed by transitions only.
        self.captured = {id for id in self.tickets if zoho.desk("GET", f"/tickets/{id}/blueprint")}
        self.tasks = {row["id"]: {key: row[key] for key in ("id", "subject", "status", "ticketId", "departmentId")}
                      for row in zoho.desk_rows("/tasks")}
        self.binned_before = {row["id"] for row in zoho.desk_rows("/recycleBin", first=0)}
        self.own_comments = {}

    def read(self, id):
        row = self.zoho.desk("GET", f"/tickets/{id}")
        ticket = {key: row[key] for key in PLAIN}
        comments = self.zoho.desk_rows(f"/tickets/{id}/comments", first=0)
        ticket["comments"] = [(one["id"], one["content"]) for one in comments]
        same(f"commentCount of {id}", row["commentCount"], str(len(comments)))
        answer = self.zoho.desk("GET", f"/tickets/{id}/tags") if row["tagCount"] != "0" else None
        ticket["tags"] = {tag["name"] for tag in answer["tags"]} if answer else set()
        same(f"tagCount of {id}", row["tagCount"], str(len(ticket["tags"])))
        return ticket

    # What can be done. Each takes dice, does one write over HTTP and the same in the model.

    def writes(self):
        return [(self.create, 10), (self.update, 14), (self.close, 4), (self.update_many, 3), (self.trash, 4),
                (self.restore, 3), (self.merge, 3), (self.move, 4), (self.mark_spam, 2), (self.unmark_spam, 1),
                (self.tag, 7), (self.untag, 4), (self.comment, 8), (self.edit_comment, 3), (self.drop_comment, 2),
                (self.create_task, 4), (self.update_task, 4), (self.create_contact, 3), (self.update_contact, 3),
                (self.trash_contact, 2), (self.restore_contact, 1), (self.purge, 1)]

    def word(self):
        self.made += 1
        return f"quillon{self.made:04}"

    def pick(self, dice, rows=None, most=1):
        picked = some(dice, sorted(self.tickets if rows is None else rows), most)
        self.touched.update(picked)
        return picked

    def fields(self, dice):
        return {"subject": f"{self.word()} about the {dice.choice(['pump', 'meter', 'valve'])}",
                   "priority": dice.choice(PRIORITIES), "category": dice.choice(CATEGORIES),
                   "status": dice.choice(list(STATUSES)), "cf": {"cf_severity": dice.choice(SEVERITIES)},
                   "dueDate": f"2026-12-{dice.randint(1, 28):02}T{dice.randint(0, 23):02}:00:00.000Z"}

    def settle(self, id, asked):
        """What was asked for holds; what is nobody's to choose is read: the number, moments, the closing."""
        row = self.zoho.desk("GET", f"/tickets/{id}")
        for key, value in asked.items():
            if key == "cf":
                same(f"{key} of {id}", {name: row["cf"][name] for name in value}, value)
            else:
                same(f"{key} of {id}", row[key], value)
        same(f"statusType of {id}", row["statusType"], STATUSES[row["status"]])
        same(f"{id} has a closedTime", row["closedTime"] is not None, row["statusType"] == "Closed")
        ticket = self.tickets.setdefault(id, {"comments": [], "tags": set()})
        for key in PLAIN:
            unasked = key not in asked and key in ticket and key not in ("statusType", "closedTime", "cf")
            if unasked:
                same(f"{key} of {id}, which nobody changed", row[key], ticket[key])
            ticket[key] = row[key]

    def create(self, dice):
        department = dice.choice(self.departments)
        agents = sorted(id for id, places in self.agents.items() if department in places)
        body = {**self.fields(dice), "departmentId": department, "channel": dice.choice(CHANNELS),
                "contactId": dice.choice(sorted(self.contacts)), "assigneeId": dice.choice(agents)}
        id = self.zoho.desk("POST", "/tickets", body=body)["id"]
        self.settle(id, body)
        return f"create ticket {id} {body}"

    def update(self, dice):
        [id] = self.pick(dice)
        fields = self.fields(dice)
        body = {key: fields[key] for key in some(dice, sorted(fields), 3)}
        if id in self.captured and body.pop("status", None):
            self.zoho.desk("PATCH", f"/tickets/{id}", body={"status": "Closed"}, expect=(403, 422))
        if body:
            self.zoho.desk("PATCH", f"/tickets/{id}", body=body)
        self.settle(id, body)
        return f"update ticket {id} {body}"

    def close(self, dice):
        ids = self.pick(dice, [id for id in self.tickets if id not in self.captured], 4)
        self.zoho.desk("POST", "/closeTickets", body={"ids": ids})
        for id in ids:
            self.settle(id, {"status": "Closed"})
        return f"close {ids}"

    def update_many(self, dice):
        ids, priority = self.pick(dice, most=5), dice.choice(PRIORITIES)
        self.zoho.desk("POST", "/tickets/updateMany",
                       body={"ids": ids, "fieldName": "priority", "fieldValue": priority})
        for id in ids:
            self.settle(id, {"priority": priority})
        return f"updateMany {ids} {priority}"

    def without_tasks(self):
        held = {task["ticketId"] for task in self.tasks.values()}
        return [id for id in self.tickets if id not in held]

    def trash(self, dice):
        ids = self.pick(dice, self.without_tasks(), 3)
        self.zoho.desk("POST", "/tickets/moveToTrash", body={"ticketIds": ids})
        self.binned.update({id: self.tickets.pop(id) for id in ids})
        return f"trash {ids}"

    def restore(self, dice):
        ids = self.pick(dice, self.binned, 2) if self.binned else []
        if ids:
            self.zoho.desk("POST", "/recycleBin/restore", body={"ids": ids})
            self.tickets.update({id: self.binned.pop(id) for id in ids})
        return f"restore {ids}"

    def purge(self, dice):
        ids = self.pick(dice, self.binned) if self.binned else []
        if ids:
            self.zoho.desk("POST", "/recycleBin/delete", body={"ids": ids})
            self.binned.pop(ids[0])
        return f"purge {ids}"

    def merge(self, dice):
        [into] = self.pick(dice)
        ids = self.pick(dice, [id for id in self.tickets if id != into], 2)
        self.zoho.desk("POST", f"/tickets/{into}/merge", body={"ids": ids})
        target = self.tickets[into]
        for id in ids:
            gone = self.tickets.pop(id)
            target["comments"] += gone["comments"]
            target["tags"] |= gone["tags"]
            for task in self.tasks.values():
                if task["ticketId"] == id:
                    task["ticketId"] = into
            self.zoho.desk("GET", f"/tickets/{id}", expect=(404,))
        target["merged"] = True
        self.settle(into, {})
        return f"merge {ids} into {into}"

    def move(self, dice):
        [id] = self.pick(dice)
        to = dice.choice([one for one in self.departments if one != self.tickets[id]["departmentId"]])
        self.zoho.desk("POST", f"/tickets/{id}/move", {"departmentId": to}, {"departmentId": to})
        # Whether an agent without access keeps the ticket is not documented.
        self.tickets[id].pop("assigneeId")
        self.settle(id, {"departmentId": to})
        return f"move {id} to {to}"

    def mark_spam(self, dice):
        ids = self.pick(dice, self.without_tasks())
        self.zoho.desk("POST", "/tickets/markSpam", body={"ids": ids, "isSpam": True})
        self.spam.update({id: self.tickets.pop(id) for id in ids})
        return f"markSpam {ids}"

    def unmark_spam(self, dice):
        ids = self.pick(dice, self.spam) if self.spam else []
        if ids:
            self.zoho.desk("POST", "/tickets/markSpam", body={"ids": ids, "isSpam": False})
            self.tickets.update({id: self.spam.pop(id) for id in ids})
        return f"no spam {ids}"

    def tag(self, dice):
        [id], tags = self.pick(dice), some(dice, TAGS, 2)
        self.zoho.desk("POST", f"/tickets/{id}/associateTag", body={"tags": tags})
        self.tickets[id]["tags"] |= set(tags)
        return f"tag {id} {tags}"

    def untag(self, dice):
        tagged = [id for id, ticket in self.tickets.items() if ticket["tags"]]
        [id] = self.pick(dice, tagged)
        tag = dice.choice(sorted(self.tickets[id]["tags"]))
        self.zoho.desk("POST", f"/tickets/{id}/dissociateTag", body={"tags": [tag]})
        self.tickets[id]["tags"].discard(tag)
        return f"untag {id} {tag}"

    def comment(self, dice):
        [id], content = self.pick(dice), f"note {self.word()}"
        answer = self.zoho.desk("POST", f"/tickets/{id}/comments",
                                body={"content": content, "contentType": "plainText", "isPublic": dice.random() < 0.3})
        self.tickets[id]["comments"].append((answer["id"], content))
        self.own_comments[answer["id"]] = content
        return f"comment on {id}: {content}"

    def commented(self, dice):
        ids = [id for id, ticket in self.tickets.items()
               if any(one in self.own_comments for one, _ in ticket["comments"])]
        if not ids:
            return None, None
        [id] = self.pick(dice, ids)
        own = [one for one, _ in self.tickets[id]["comments"] if one in self.own_comments]
        return id, dice.choice(sorted(own))

    def edit_comment(self, dice):
        id, comment = self.commented(dice)
        content = f"note {self.word()}"
        if id:
            self.zoho.desk("PATCH", f"/tickets/{id}/comments/{comment}", body={"content": content})
            self.tickets[id]["comments"] = [(one, content if one == comment else text)
                                            for one, text in self.tickets[id]["comments"]]
        return f"edit comment {comment} of {id}"

    def drop_comment(self, dice):
        id, comment = self.commented(dice)
        if id:
            self.zoho.desk("DELETE", f"/tickets/{id}/comments/{comment}")
            self.tickets[id]["comments"] = [one for one in self.tickets[id]["comments"] if one[0] != comment]
        return f"drop comment {comment} of {id}"

    def create_task(self, dice):
        [id] = self.pick(dice)
        body = {"subject": f"task {self.word()}", "departmentId": self.tickets[id]["departmentId"],
                "ticketId": id, "status": "Not Started"}
        answer = self.zoho.desk("POST", "/tasks", body=body)
        self.tasks[answer["id"]] = {**body, "id": answer["id"]}
        return f"task {answer['id']} {body}"

    def update_task(self, dice):
        [id] = self.pick(dice, self.tasks)
        status = dice.choice(["Not Started", "In Progress", "Completed"])
        self.zoho.desk("PATCH", f"/tasks/{id}", body={"status": status})
        self.tasks[id]["status"] = status
        return f"task {id} {status}"

    def create_contact(self, dice):
        word = self.word()
        body = {"firstName": "Walk", "lastName": word.capitalize(), "email": f"{word}@walk.example",
                "accountId": dice.choice(sorted(self.accounts))}
        id = self.zoho.desk("POST", "/contacts", body=body)["id"]
        self.contacts[id] = {**body, "id": id}
        return f"contact {id} {body}"

    def update_contact(self, dice):
        [id], word = self.pick(dice, self.contacts), self.word()
        body = {"lastName": word.capitalize(), "email": f"{word}@walk.example"}
        self.zoho.desk("PATCH", f"/contacts/{id}", body=body)
        self.contacts[id].update(body)
        return f"contact {id} {body}"

    def trash_contact(self, dice):
        """Only whom nothing refers to: what becomes of the tickets of a contact in the bin is not documented."""
        named = {ticket["contactId"] for rows in (self.tickets, self.binned, self.spam) for ticket in rows.values()}
        free = [id for id, row in self.contacts.items() if id not in named and row["firstName"] == "Walk"]
        ids = self.pick(dice, free) if free else []
        if ids:
            self.zoho.desk("POST", "/contacts/moveToTrash", body={"contactIds": ids})
            self.binned_contacts.update({id: self.contacts.pop(id) for id in ids})
        return f"trash contact {ids}"

    def restore_contact(self, dice):
        ids = self.pick(dice, self.binned_contacts) if self.binned_contacts else []
        if ids:
            self.zoho.desk("POST", "/recycleBin/restore", body={"ids": ids})
            self.contacts.update({id: self.binned_contacts.pop(id) for id in ids})
        return f"restore contact {ids}"
