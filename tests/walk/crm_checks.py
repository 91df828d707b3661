"""What CRM's lists, counts, searches and queries must answer, computed from the model and compared."""

from collections import defaultdict
from datetime import datetime

from crm import CHOICES, FIELDS, LOOKUPS, MODULES, NAMES, TAGS, plain
from desk import some
from zoho import same


def checks():
    return [lists, pages, searches, words, counts, queries, groups, aggregates, converted, deleted, notes, tags, related]


def ids(rows):
    return sorted(row["id"] for row in rows)


def moment(text):
    return datetime.fromisoformat(text)


def lists(dice, crm):
    for module in MODULES:
        key, order = dice.choice(["id", "Created_Time", "Modified_Time"]), dice.choice(["asc", "desc"])
        rows = crm.all(module, {"sort_by": key, "sort_order": order})
        same(f"all {module}", {row["id"]: plain(module, row) for row in rows}, crm.records[module])
        value = (lambda row: int(row["id"])) if key == "id" else (lambda row: moment(row[key]))
        given = [value(row) for row in rows]
        same(f"{module} by {key} {order}", given, sorted(given, reverse=order == "desc"))


def pages(dice, crm):
    module = dice.choice(MODULES)
    rows = crm.zoho.crm_rows(f"/{module}", {"fields": "id", "sort_order": "asc"}, per_page=dice.choice([7, 20, 50]))
    same(f"{module} page by page", [row["id"] for row in rows], sorted(crm.records[module], key=int))
    chosen = some(dice, sorted(crm.records[module]), 5)
    rows = crm.zoho.crm_rows(f"/{module}", {"fields": "id", "ids": ",".join(chosen)})
    same(f"{module} by ids", ids(rows), sorted(chosen))


NUMBERS = {"Leads": ["Annual_Revenue", "No_of_Employees"], "Accounts": ["Annual_Revenue", "Employees"],
           "Deals": ["Amount"]}
PICKED = {"Leads": "Lead_Status", "Contacts": "Lead_Source", "Accounts": "Industry", "Deals": "Stage",
          "Tasks": "Status"}


def criterion(dice, module):
    """One criterion as searches write it, the same as queries write it, and what it means."""
    kinds = ["picked", "several", "begins"]
    kinds += ["more", "between"] if module in NUMBERS else []
    kinds += ["date"] if module in ("Deals", "Tasks") else []
    kind, name = dice.choice(kinds), PICKED[module]
    values = some(dice, CHOICES[name], 3)
    if kind == "picked":
        return (f"({name}:equals:{values[0]})", f"{name} = '{values[0]}'", lambda row: row[name] == values[0])
    if kind == "several":
        quoted = ", ".join(f"'{value}'" for value in values)
        return (f"({name}:in:{','.join(values)})", f"{name} in ({quoted})", lambda row: row[name] in values)
    if kind == "begins":
        name, begin = NAMES[module], dice.choice(["Brambel00", "Bram", "Brambel001"])
        return (f"({name}:starts_with:{begin})", f"{name} like '{begin}%'",
                lambda row: row[name].lower().startswith(begin.lower()))
    if kind == "date":
        name, day = ("Closing_Date" if module == "Deals" else "Due_Date"), f"2026-12-{dice.randint(1, 28):02}"
        return (f"({name}:less_than:{day})", f"{name} < '{day}'", lambda row: bool(row[name]) and row[name] < day)
    name = dice.choice(NUMBERS[module])
    low = dice.randint(1, 400) * (1 if "mployees" in name else 200)
    high = low * 3
    if kind == "more":
        return (f"({name}:greater_than:{low})", f"{name} > {low}", lambda row: (row[name] or 0) > low)
    return (f"({name}:between:{low},{high})", f"{name} between {low} and {high}",
            lambda row: row[name] is not None and low <= row[name] <= high)


def condition(dice, module):
    """One criterion, or two joined."""
    first, second = criterion(dice, module), criterion(dice, module)
    joined = dice.choice([None, "and", "or"])
    if joined is None:
        return first
    both = all if joined == "and" else any
    return (f"({first[0]}{joined}{second[0]})", f"({first[1]} {joined} {second[1]})",
            lambda row: both([first[2](row), second[2](row)]))


def searches(dice, crm):
    for module in MODULES:
        criteria, _, wanted = condition(dice, module)
        expected = sorted(id for id, row in crm.records[module].items() if wanted(row))
        rows = crm.zoho.crm_rows(f"/{module}/search", {"criteria": criteria, "fields": "id"},
                                 per_page=dice.choice([9, 200]))
        same(f"search {module} {criteria}", ids(rows), expected)
        answer = crm.zoho.crm("GET", f"/{module}/actions/count", {"criteria": criteria})
        same(f"count {module} {criteria}", answer["count"], len(expected))


def words(dice, crm):
    """An address finds who has it; a name that was written over finds nobody."""
    for module in ("Leads", "Contacts"):
        for id in some(dice, sorted(crm.records[module]), 2):
            mail = crm.records[module][id]["Email"]
            if mail:
                rows = crm.zoho.crm_rows(f"/{module}/search", {"email": mail, "fields": "id"})
                same(f"{module} with {mail}", ids(rows),
                     sorted(one for one, row in crm.records[module].items() if row["Email"] == mail))
    for number in some(dice, range(1, crm.made + 1), 2):
        begin = f"Brambel{number:04}"
        for module in MODULES:
            rows = crm.zoho.crm_rows(f"/{module}/search",
                                     {"criteria": f"({NAMES[module]}:starts_with:{begin})", "fields": "id"})
            same(f"{module} named {begin}", ids(rows),
                 sorted(one for one, row in crm.records[module].items() if row[NAMES[module]].startswith(begin)))


def counts(dice, crm):
    for module in MODULES:
        answer = crm.zoho.crm("GET", f"/{module}/actions/count")
        same(f"count of {module}", answer["count"], len(crm.records[module]))


def queried(crm, query):
    answer = crm.zoho.crm("POST", "/coql", body={"select_query": query})
    return answer["data"] if answer else []


def seen(crm, module):
    """What queries see that ask nothing about `Converted__s`: no converted leads."""
    return crm.records[module]


def queries(dice, crm):
    for module in MODULES:
        _, where, wanted = condition(dice, module)
        name = dice.choice(FIELDS[module])
        rows = queried(crm, f"select id, {name} from {module} where {where} limit 2000")
        expected = {id: row[name] for id, row in seen(crm, module).items() if wanted(row)}
        same(f"{module} where {where}", {row["id"]: row[name] for row in rows}, expected)
        order = dice.choice(["asc", "desc"])
        total = len(expected)
        offset, limit = dice.randint(0, max(total - 1, 0)), dice.randint(1, 20)
        rows = queried(crm, f"select id from {module} where {where} order by id {order} limit {offset}, {limit}")
        sequence = sorted(expected, key=int, reverse=order == "desc")[offset:offset + limit]
        same(f"{module} where {where} order by id {order} limit {offset}, {limit}", [row["id"] for row in rows], sequence)


def groups(dice, crm):
    for module in MODULES:
        name = PICKED[module]
        rows = queried(crm, f"select {name}, COUNT(id) from {module} where {name} is not null group by {name}")
        expected = defaultdict(int)
        for row in seen(crm, module).values():
            if row[name] is not None:
                expected[row[name]] += 1
        same(f"{module} by {name}", {row[name]: row["COUNT(id)"] for row in rows}, dict(expected))


def aggregates(dice, crm):
    for module, names in NUMBERS.items():
        name, by = dice.choice(names), PICKED[module]
        rows = queried(crm, f"select {by}, SUM({name}), MAX({name}), MIN({name}) from {module} "
                            f"where ({by} is not null and {name} is not null) group by {by}")
        held = defaultdict(list)
        for row in seen(crm, module).values():
            if row[by] is not None and row[name] is not None:
                held[row[by]].append(row[name])
        expected = {key: (sum(values), max(values), min(values)) for key, values in held.items()}
        found = {row[by]: tuple(row[f"{kind}({name})"] for kind in ("SUM", "MAX", "MIN")) for row in rows}
        same(f"sums of {name} of {module} by {by}", found, expected)


def converted(dice, crm):
    same("converted leads", ids(crm.all("Leads", {"converted": "true"})), sorted(crm.converted))
    same("leads, converted or not", ids(crm.all("Leads", {"converted": "both"})), sorted({**crm.records["Leads"], **crm.converted}))


def deleted(dice, crm):
    for module in MODULES:
        rows = {row["id"] for row in crm.zoho.crm_rows(f"/{module}/deleted", {"type": "recycle"})}
        same(f"deleted {module}", rows - crm.deleted_before[module], crm.deleted[module])


def notes(dice, crm):
    touched = {id for id in crm.touched if id in crm.notes}
    crm.touched.clear()
    for id in sorted(touched | set(some(dice, sorted(crm.notes), 2))):
        held = crm.notes[id]
        module = next((one for one in ("Leads", "Contacts", "Deals") if id in crm.records[one]), None)
        if module:
            rows = crm.zoho.crm_rows(f"/{module}/{id}/Notes", {"fields": "Note_Title,Note_Content"})
            own = {row["id"]: (row["Note_Title"], row["Note_Content"]) for row in rows
                   if (row["Note_Title"] or "").startswith("Brambel")}
            same(f"notes of {module} {id}", own, {note: text[1:] for note, text in held.items()})


def tags(dice, crm):
    for module in ("Leads", "Contacts", "Deals"):
        answer = crm.zoho.crm("GET", "/settings/tags", {"module": module})
        for tag in answer["tags"] if answer else []:
            if tag["name"] in TAGS:
                counted = crm.zoho.crm("GET", f"/settings/tags/{tag['id']}/actions/records_count", {"module": module})
                held = sum(tag["name"] in row["Tag"] for row in crm.records[module].values())
                same(f"records of {module} with {tag['name']}", int(counted["count"]), held)


def related(dice, crm):
    [account] = some(dice, sorted(crm.records["Accounts"]))
    for module in ("Contacts", "Deals"):
        rows = crm.zoho.crm_rows(f"/Accounts/{account}/{module}", {"fields": "id"})
        same(f"{module} of account {account}", ids(rows),
             sorted(id for id, row in crm.records[module].items() if row[LOOKUPS[module][0]] == account))
