"""CRM as the walk believes it to be: what was there at the beginning, and each write that was made since.

The rules are those of Zoho's documents: a deleted record is in no list, search or query; a converted lead is hidden
from lists unless `converted` asks for it and from queries unless a condition names `Converted__s`; an upsert finds its record by the field it names.
"""

from desk import some
from zoho import same

FIELDS = {
    "Leads": ["Last_Name", "Company", "Email", "Lead_Status", "Annual_Revenue", "No_of_Employees"],
    "Contacts": ["Last_Name", "Email", "Department", "Lead_Source"],
    "Accounts": ["Account_Name", "Industry", "Annual_Revenue", "Employees"],
    "Deals": ["Deal_Name", "Stage", "Amount", "Closing_Date"],
    "Tasks": ["Subject", "Status", "Priority", "Due_Date"],
}
LOOKUPS = {"Contacts": ["Account_Name"], "Deals": ["Account_Name", "Contact_Name"], "Tasks": ["Who_Id", "What_Id"]}
NAMES = {"Leads": "Last_Name", "Contacts": "Last_Name", "Accounts": "Account_Name", "Deals": "Deal_Name",
         "Tasks": "Subject"}
CHOICES = {
    "Lead_Status": ["Not Contacted", "Attempted to Contact", "Contacted", "Junk Lead"],
    "Industry": ["Energy", "Healthcare", "Logistics", "Software"],
    "Lead_Source": ["Advertisement", "Cold Call", "Partner", "Chat"],
    "Stage": ["Qualification", "Needs Analysis", "Value Proposition", "Closed Won", "Closed Lost"],
    "Status": ["Not Started", "In Progress", "Completed", "Deferred"],
    "Priority": ["High", "Normal", "Low"],
    "Department": ["Operations", "Purchasing", "Quality"],
}
TAGS = ["walk-amber", "walk-birch", "walk-cedar", "walk-delta"]
MODULES = list(FIELDS)


def plain(module, row):
    """What the model keeps of a record as Zoho writes it."""
    record = {"id": row["id"], "Owner": row["Owner"]["id"], "Created_Time": row["Created_Time"],
              "Modified_Time": row["Modified_Time"], "Tag": sorted(tag["name"] for tag in row["Tag"] or [])}
    record.update({name: row[name] for name in FIELDS[module]})
    record.update({name: (row[name] or {}).get("id") for name in LOOKUPS.get(module, [])})
    return record


class Crm:
    def __init__(self, zoho):
        self.zoho = zoho
        self.made = 0
        self.touched = set()  # Whose notes were written to since somebody looked.
        self.users = [row["id"] for row in zoho.crm("GET", "/users", {"type": "ActiveUsers"})["users"]
                      if row["confirm"]]
        self.records = {module: {row["id"]: plain(module, row)
                                 for row in self.all(module, {"converted": "false"} if module == "Leads" else {})}
                        for module in MODULES}
        self.converted = {row["id"]: plain("Leads", row) for row in self.all("Leads", {"converted": "true"})}
        self.deleted = {module: set() for module in MODULES}
        self.deleted_before = {module: {row["id"] for row in zoho.crm_rows(f"/{module}/deleted")}
                               for module in MODULES}
        self.notes = {}

    def all(self, module, query):
        names = [*FIELDS[module], *LOOKUPS.get(module, []), "Owner", "Created_Time", "Modified_Time", "Tag"]
        return self.zoho.crm_rows(f"/{module}", {"fields": ",".join(names), **query})

    def writes(self):
        return [(self.insert, 12), (self.update, 10), (self.update_many, 5), (self.upsert, 5), (self.delete, 6),
                (self.mass_update, 3), (self.change_owner, 3), (self.tag, 5), (self.untag, 3), (self.note, 6),
                (self.edit_note, 3), (self.drop_note, 2), (self.convert, 3)]

    def word(self):
        self.made += 1
        return f"Brambel{self.made:04}"

    def fields(self, dice, module):
        word = self.word()
        body = {NAMES[module]: f"{word} {dice.choice(['North', 'South'])}"}
        for name in FIELDS[module]:
            if name in CHOICES:
                body[name] = dice.choice(CHOICES[name])
            elif name == "Email":
                body[name] = f"{word.lower()}@walk.example"
            elif name in ("Closing_Date", "Due_Date"):
                body[name] = f"2026-12-{dice.randint(1, 28):02}"
            elif name in ("Annual_Revenue", "Amount"):
                body[name] = dice.randint(1, 90) * 1000
            elif name in ("Employees", "No_of_Employees"):
                body[name] = dice.randint(1, 900)
            elif name == "Company":
                body[name] = f"{word} Works"
        return body

    def links(self, dice, module):
        accounts, contacts = sorted(self.records["Accounts"]), sorted(self.records["Contacts"])
        if module == "Contacts":
            return {"Account_Name": dice.choice(accounts)}
        if module == "Deals":
            contact = dice.choice(contacts)
            return {"Account_Name": dice.choice(accounts), "Contact_Name": contact}
        if module == "Tasks" and dice.random() < 0.7:
            return {"Who_Id": dice.choice(contacts)}
        return {}

    def settle(self, module, id, asked):
        """What was asked for holds, and nothing else of the record changed but its moment of change."""
        row = plain(module, self.zoho.crm("GET", f"/{module}/{id}")["data"][0])
        for name, value in asked.items():
            same(f"{name} of {module} {id}", row[name], value)
        before = self.records[module].get(id)
        if before:
            kept = {name: value for name, value in before.items() if name not in asked and name != "Modified_Time"}
            same(f"what nobody changed of {module} {id}", {name: row[name] for name in kept}, kept)
        self.records[module][id] = row

    def pick(self, dice, module, most=1):
        return some(dice, sorted(self.records[module]), most)

    @staticmethod
    def wire(module, body):
        """As Zoho wants it: a lookup is an object with an id."""
        looked_up = LOOKUPS.get(module, [])
        return {name: {"id": value} if name in looked_up else value for name, value in body.items()}

    def wrote(self, answer, code="SUCCESS"):
        same("codes of a write", {row["code"] for row in answer["data"]}, {code})
        return [row["details"]["id"] for row in answer["data"]]

    def insert(self, dice):
        module = dice.choice(MODULES)
        bodies = [{**self.fields(dice, module), **self.links(dice, module)} for _ in range(dice.randint(1, 3))]
        ids = self.wrote(self.zoho.crm("POST", f"/{module}", body={"data": [self.wire(module, body) for body in bodies]}))
        for id, body in zip(ids, bodies):
            self.settle(module, id, body)
        return f"insert {module} {ids} {bodies}"

    def update(self, dice):
        module = dice.choice(MODULES)
        [id], fields = self.pick(dice, module), self.fields(dice, module)
        body = {name: fields[name] for name in some(dice, sorted(fields), 3)}
        self.wrote(self.zoho.crm("PUT", f"/{module}/{id}", body={"data": [body]}))
        self.settle(module, id, body)
        return f"update {module} {id} {body}"

    def update_many(self, dice):
        module = dice.choice(MODULES)
        bodies = {id: {NAMES[module]: self.fields(dice, module)[NAMES[module]]} for id in self.pick(dice, module, 5)}
        self.wrote(self.zoho.crm("PUT", f"/{module}", body={"data": [{"id": id, **one} for id, one in bodies.items()]}))
        for id, body in bodies.items():
            self.settle(module, id, body)
        return f"update many {module} {bodies}"

    def upsert(self, dice):
        module = dice.choice(["Leads", "Contacts"])
        body, known = self.fields(dice, module), None
        if dice.random() < 0.5:
            known = dice.choice(sorted(id for id, row in self.records[module].items() if row["Email"]))
            body["Email"] = self.records[module][known]["Email"]
            same_mail = [id for id, row in self.records[module].items() if row["Email"] == body["Email"]]
            if len(same_mail) > 1:
                return "no upsert: two have the address"
        answer = self.zoho.crm("POST", f"/{module}/upsert", body={"data": [body], "duplicate_check_fields": ["Email"]})
        [id] = self.wrote(answer)
        same("action of upsert", answer["data"][0]["action"], "update" if known else "insert")
        if known:
            same("id of upsert", id, known)
        self.settle(module, id, body)
        return f"upsert {module} {id} {body}"

    def free(self, module):
        """What no other record names: what becomes of a lookup to a deleted record is not documented."""
        named = {row[name] for other, names in LOOKUPS.items() for row in self.records[other].values()
                 for name in names}
        return sorted(id for id in self.records[module] if id not in named)

    def delete(self, dice):
        module = dice.choice(MODULES)
        ids = some(dice, self.free(module), 3)
        if not ids:
            return f"nothing to delete in {module}"
        self.wrote(self.zoho.crm("DELETE", f"/{module}", {"ids": ",".join(ids)}))
        for id in ids:
            self.records[module].pop(id)
            self.notes.pop(id, None)
            self.zoho.crm("GET", f"/{module}/{id}", expect=(204,))
        self.deleted[module] |= set(ids)
        return f"delete {module} {ids}"

    def mass_update(self, dice):
        module = dice.choice(["Leads", "Accounts", "Deals"])
        name = {"Leads": "Lead_Status", "Accounts": "Industry", "Deals": "Stage"}[module]
        ids, value = self.pick(dice, module, 8), dice.choice(CHOICES[name])
        self.wrote(self.zoho.crm("POST", f"/{module}/actions/mass_update",
                                 body={"data": [{name: value}], "ids": ids, "over_write": True}))
        for id in ids:
            self.settle(module, id, {name: value})
        return f"mass update {module} {ids} {name} {value}"

    def change_owner(self, dice):
        module = dice.choice(["Leads", "Contacts", "Deals"])
        [id], owner = self.pick(dice, module), dice.choice(self.users)
        self.wrote(self.zoho.crm("POST", f"/{module}/{id}/actions/change_owner", body={"owner": {"id": owner}}))
        self.settle(module, id, {"Owner": owner})
        return f"change owner {module} {id} {owner}"

    def tag(self, dice):
        module = dice.choice(["Leads", "Contacts", "Deals"])
        ids, tags = self.pick(dice, module, 4), some(dice, TAGS, 2)
        self.zoho.crm("POST", f"/{module}/actions/add_tags", body={"tags": [{"name": one} for one in tags], "ids": ids})
        for id in ids:
            self.settle(module, id, {"Tag": sorted({*self.records[module][id]["Tag"], *tags})})
        return f"tag {module} {ids} {tags}"

    def untag(self, dice):
        module = dice.choice(["Leads", "Contacts", "Deals"])
        tagged = sorted(id for id, row in self.records[module].items() if row["Tag"])
        if not tagged:
            return "nothing tagged"
        id = dice.choice(tagged)
        tag = dice.choice(self.records[module][id]["Tag"])
        self.zoho.crm("POST", f"/{module}/{id}/actions/remove_tags", body={"tags": [{"name": tag}]})
        self.settle(module, id, {"Tag": [one for one in self.records[module][id]["Tag"] if one != tag]})
        return f"untag {module} {id} {tag}"

    def note(self, dice):
        module = dice.choice(["Leads", "Contacts", "Deals"])
        [id], word = self.pick(dice, module), self.word()
        body = {"Note_Title": word, "Note_Content": f"{word} called about it."}
        [note] = self.wrote(self.zoho.crm("POST", f"/{module}/{id}/Notes", body={"data": [body]}))
        self.touched.add(id)
        self.notes.setdefault(id, {})[note] = (module, body["Note_Title"], body["Note_Content"])
        return f"note {note} on {module} {id}"

    def noted(self, dice):
        held = sorted((id, note) for id, notes in self.notes.items() for note in notes)
        if not held:
            return None, None
        id, note = dice.choice(held)
        self.touched.add(id)
        return id, note

    def edit_note(self, dice):
        id, note = self.noted(dice)
        if id:
            module, title, _ = self.notes[id][note]
            content = f"{self.word()} wrote again."
            self.wrote(self.zoho.crm("PUT", f"/{module}/{id}/Notes/{note}", body={"data": [{"Note_Content": content}]}))
            self.notes[id][note] = (module, title, content)
        return f"edit note {note} of {id}"

    def drop_note(self, dice):
        id, note = self.noted(dice)
        if id:
            module, _, _ = self.notes[id].pop(note)
            self.wrote(self.zoho.crm("DELETE", f"/{module}/{id}/Notes/{note}"))
        return f"drop note {note} of {id}"

    def convert(self, dice):
        """Only leads of companies that the walk made up: no account has their name yet."""
        fresh = sorted(id for id, row in self.records["Leads"].items() if row["Company"].startswith("Brambel"))
        companies = {row["Account_Name"] for row in self.records["Accounts"].values()}
        fresh = [id for id in fresh if self.records["Leads"][id]["Company"] not in companies]
        if not fresh:
            return "no lead to convert"
        id = dice.choice(fresh)
        name = f"{self.word()} deal"
        body = {"Deals": {"Deal_Name": name, "Closing_Date": "2026-12-24", "Stage": "Qualification",
                          "Pipeline": "Standard (Standard)", "Amount": 5000}}
        answer = self.zoho.crm("POST", f"/Leads/{id}/actions/convert", body={"data": [body]})
        details = answer["data"][0]["details"]
        lead = self.records["Leads"].pop(id)
        self.converted[id] = lead
        account, contact, deal = (details[module]["id"] for module in ("Accounts", "Contacts", "Deals"))
        self.settle("Accounts", account, {"Account_Name": lead["Company"]})
        self.settle("Contacts", contact, {"Last_Name": lead["Last_Name"], "Email": lead["Email"],
                                          "Account_Name": account})
        self.settle("Deals", deal, {"Deal_Name": name, "Closing_Date": "2026-12-24", "Stage": "Qualification",
                                    "Amount": 5000, "Account_Name": account, "Contact_Name": contact})
        # Notes go with the lead to what came of it; which of the three is the documents' to say, and they differ.
        self.notes.pop(id, None)
        self.wrote_nothing(id)
        return f"convert {id} to {account} {contact} {deal}"

    def wrote_nothing(self, id):
        """A converted lead is out of reach of writes."""
        answer = self.zoho.crm("PUT", f"/Leads/{id}", body={"data": [{"Last_Name": "x"}]}, expect=(400,))
        same("status of a write to a converted lead", "SUCCESS" in str(answer), False)
