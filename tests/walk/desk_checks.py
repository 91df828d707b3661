"""What Desk's lists, counts and searches must answer, computed from the model and compared."""

from desk import CATEGORIES, CHANNELS, OF_CONTACTS, PRIORITIES, SEVERITIES, STATUSES, TAGS, some
from zoho import same


def checks():
    return [ticket_list, ticket_order, ticket_count, counts_by_field, ticket_search, word_search, range_search, single,
            tags, bin, contact_list, contact_search, account_contacts, tasks, views]


def ids(rows):
    return sorted(row["id"] for row in rows)


def row_of(ticket):
    return {key: value for key, value in ticket.items() if key in ("id", "subject", "status", "statusType", "priority",
            "category", "channel", "departmentId", "contactId", "assigneeId", "dueDate", "createdTime", "closedTime")}


def condition(dice, desk):
    """Some parameters of a list, and what a ticket must be to be in it."""
    asked, tests = {}, []

    def csv(name, field, values, most=2):
        chosen = some(dice, values, most)
        asked[name] = ",".join(chosen)
        tests.append(lambda ticket: ticket[field] in chosen)

    for part in some(dice, ["status", "priority", "channel", "department", "assignee"], 2):
        if part == "status":
            csv("status", "status", list(STATUSES))
        elif part == "priority":
            csv("priority", "priority", PRIORITIES)
        elif part == "channel":
            csv("channel", "channel", CHANNELS)
        elif part == "department":
            csv("departmentIds", "departmentId", desk.departments)
        else:
            csv("assignee", "assigneeId", sorted(desk.agents), 1)
    return asked, lambda ticket: all(test(ticket) for test in tests)


def ticket_list(dice, desk):
    asked, wanted = condition(dice, desk)
    rows = desk.zoho.desk_rows("/tickets", asked, limit=dice.choice([7, 25, 50]))
    same(f"tickets {asked}", ids(rows), ids(row for row in desk.tickets.values() if wanted(row)))
    for row in rows:
        expected = row_of(desk.tickets[row["id"]])
        same(f"row {row['id']} of tickets {asked}", {key: row[key] for key in expected}, expected)
        same(f"commentCount of {row['id']}", row["commentCount"], str(len(desk.tickets[row["id"]]["comments"])))


def ticket_order(dice, desk):
    key, back = dice.choice(["createdTime", "dueDate"]), dice.random() < 0.5
    rows = desk.zoho.desk_rows("/tickets", {"sortBy": ("-" if back else "") + key}, limit=dice.choice([11, 40]))
    same(f"all tickets by {key}", ids(rows), ids(desk.tickets.values()))
    given = [row[key] for row in rows if row[key]]
    same(f"order by {key}, descending {back}", given, sorted(given, reverse=back))
    newest = [row["createdTime"] for row in desk.zoho.desk_rows("/tickets")]
    same("order without sortBy: newest first", newest, sorted(newest, reverse=True))


def ticket_count(dice, desk):
    department, category = dice.choice(desk.departments), dice.choice(CATEGORIES)
    severity, agent = dice.choice(SEVERITIES), dice.choice(sorted(desk.agents))
    for asked, wanted in [
        ({"departmentId": department}, lambda one: one["departmentId"] == department),
        ({"category": category, "departmentId": department},
         lambda one: one["category"] == category and one["departmentId"] == department),
        ({"assigneeId": agent}, lambda one: one["assigneeId"] == agent),
        ({"customField1": f"cf_severity:{severity}"}, lambda one: one["cf"]["cf_severity"] == severity),
        ({}, lambda one: True),
    ]:
        answer = desk.zoho.desk("GET", "/ticketsCount", asked)
        same(f"ticketsCount {asked}", int(answer["count"]), sum(map(wanted, desk.tickets.values())))


def counts_by_field(dice, desk):
    department = dice.choice(desk.departments)
    answer = desk.zoho.desk("GET", "/ticketsCountByFieldValues",
                            {"departmentId": department, "field": "status,priority,channel"})
    for field in ("status", "priority", "channel"):
        expected = {}
        for one in desk.tickets.values():
            if one["departmentId"] == department and one[field]:
                expected[one[field].lower()] = expected.get(one[field].lower(), 0) + 1
        found = {one["value"].lower(): int(one["count"]) for one in answer[field] if one["value"] and int(one["count"])}
        same(f"ticketsCountByFieldValues {field} of {department}", found, expected)


def searched(desk, asked, wanted):
    expected = ids(row for row in desk.tickets.values() if wanted(row))
    rows = desk.zoho.desk_rows("/tickets/search", asked, first=0, limit=23)
    same(f"search {asked}", ids(rows), expected)
    if expected:
        count = desk.zoho.desk("GET", "/tickets/search", {**asked, "limit": 1})["count"]
        same(f"count of search {asked}", int(count), len(expected))


def ticket_search(dice, desk):
    status, priority = dice.choice(list(STATUSES)), dice.choice(PRIORITIES)
    ticket = desk.tickets[dice.choice(sorted(desk.tickets))]
    severity, tag = dice.choice(SEVERITIES), dice.choice(TAGS)
    searched(desk, {"status": status, "priority": priority},
             lambda one: one["status"] == status and one["priority"] == priority)
    searched(desk, {"ticketNumber": ticket["ticketNumber"]}, lambda one: one["id"] == ticket["id"])
    searched(desk, {"contactId": ticket["contactId"]}, lambda one: one["contactId"] == ticket["contactId"])
    searched(desk, {"customField1": f"cf_severity:{severity}", "departmentId": ticket["departmentId"]},
             lambda one: one["cf"]["cf_severity"] == severity and one["departmentId"] == ticket["departmentId"])
    searched(desk, {"tag": tag}, lambda one: tag in one["tags"])
    for rows in (desk.binned, desk.spam):
        for gone in some(dice, sorted(rows)):
            searched(desk, {"ticketNumber": rows[gone]["ticketNumber"]}, lambda one: False)


def word_search(dice, desk):
    """Each word was made up for one subject; a subject that was written over is not found by its old word."""
    for number in some(dice, range(1, desk.made + 1), 3):
        word = f"quillon{number:04}"
        searched(desk, {"subject": f"{word}*"}, lambda one: word in one["subject"])
        searched(desk, {"subject": f"*{word[3:]}*"}, lambda one: word[3:] in one["subject"])
    searched(desk, {"subject": "quillon*"}, lambda one: one["subject"].startswith("quillon"))


def range_search(dice, desk):
    made = sorted(one["createdTime"] for one in desk.tickets.values())
    low = dice.choice(made)
    high = dice.choice([moment for moment in made if moment >= low])
    searched(desk, {"createdTimeRange": f"{low},{high}"}, lambda one: low <= one["createdTime"] <= high)
    searched(desk, {"dueDateRange": "2026-12-05T00:00:00.000Z,2026-12-20T00:00:00.000Z"},
             lambda one: "2026-12-05T00:00:00.000Z" <= (one["dueDate"] or "") <= "2026-12-20T00:00:00.000Z")


def single(dice, desk):
    touched = {id for id in desk.touched if id in desk.tickets}
    desk.touched.clear()
    for id in sorted(touched | set(some(dice, sorted(desk.tickets), 2))):
        model, found = desk.tickets[id], desk.read(id)
        expected = {**model, "comments": found["comments"]}
        expected.pop("merged", None)
        same(f"ticket {id}", found, expected)
        if model.get("merged"):  # Which of two tickets' comments comes first is not documented.
            same(f"comments of {id}", sorted(found["comments"]), sorted(model["comments"]))
        else:
            same(f"comments of {id}, oldest first", found["comments"], model["comments"])


def tags(dice, desk):
    department = dice.choice(desk.departments)
    for row in desk.zoho.desk_rows("/ticketTags", {"departmentId": department}):
        if row["name"] in TAGS:
            held = [one for one in desk.tickets.values() if row["name"] in one["tags"]]
            here = [one for one in held if one["departmentId"] == department]
            same(f"ticketCount of tag {row['name']} in {department}", int(row["ticketCount"]), len(here))
            rows = desk.zoho.desk_rows(f"/tags/{row['id']}/tickets")
            if ids(rows) != ids(here):  # Whether a tag is its department's alone is not documented.
                same(f"tickets of tag {row['name']}", ids(rows), ids(held))


def bin(dice, desk):
    rows = {row["id"] for row in desk.zoho.desk_rows("/recycleBin", first=0)}
    same("the bin", rows, desk.binned_before | set(desk.binned) | set(desk.binned_contacts))
    for id in some(dice, sorted(desk.binned)):
        same(f"isTrashed of {id}", desk.zoho.desk("GET", f"/tickets/{id}").get("isTrashed"), True)


def contact_list(dice, desk):
    back = dice.random() < 0.5
    rows = desk.zoho.desk_rows("/contacts", {"sortBy": "-createdTime" if back else "createdTime"}, limit=33)
    same("contacts", ids(rows), ids(desk.contacts.values()))
    given = [row["createdTime"] for row in rows]
    same(f"contacts by createdTime, descending {back}", given, sorted(given, reverse=back))
    for row in rows:
        same(f"contact {row['id']}", {key: row[key] for key in OF_CONTACTS}, desk.contacts[row["id"]])


def contact_search(dice, desk):
    for id in some(dice, sorted(desk.contacts), 3):
        email = desk.contacts[id]["email"]
        if email:
            rows = desk.zoho.desk_rows("/contacts/search", {"email": email}, first=0)
            same(f"contacts with {email}", ids(rows), ids(row for row in desk.contacts.values() if row["email"] == email))
        held = [row for row in desk.tickets.values() if row["contactId"] == id]
        same(f"tickets of contact {id}", ids(desk.zoho.desk_rows(f"/contacts/{id}/tickets")), ids(held))


def account_contacts(dice, desk):
    [account] = some(dice, sorted(desk.accounts))
    rows = desk.zoho.desk_rows(f"/accounts/{account}/contacts")
    same(f"contacts of account {account}", ids(rows),
         ids(row for row in desk.contacts.values() if row["accountId"] == account))


def tasks(dice, desk):
    done = dice.random() < 0.5
    rows = desk.zoho.desk_rows("/tasks", {"isCompleted": str(done).lower()})
    expected = [row for row in desk.tasks.values() if (row["status"] == "Completed") == done]
    same(f"tasks, completed {done}", ids(rows), ids(expected))
    for row in rows:
        model = desk.tasks[row["id"]]
        same(f"task {row['id']}", {key: row[key] for key in model}, model)
    for id in some(dice, sorted(desk.tickets)):
        held = ids(row for row in desk.tasks.values() if row["ticketId"] == id)
        same(f"tasks of {id}", ids(desk.zoho.desk_rows(f"/tickets/{id}/tasks")), held)
        same(f"taskCount of {id}", desk.zoho.desk("GET", f"/tickets/{id}")["taskCount"], str(len(held)))


def views(dice, desk):
    for view in desk.zoho.desk("GET", "/views", {"module": "tickets"})["data"]:
        wanted = {"Open Cases": "Open", "On Hold Cases": "On Hold", "Closed Cases": "Closed"}.get(view["name"])
        if wanted:
            rows = desk.zoho.desk_rows("/tickets", {"viewId": view["id"]})
            same(f"view {view['name']}", ids(rows),
                 ids(row for row in desk.tickets.values() if row["statusType"] == wanted))
