//! What both products call the same people and companies: the ids by which Desk knows the records of CRM.

/// The leading digits that all ids of CRM's organization share.
pub(crate) const CRM_BLOCK: u64 = 5_725_767_000_000_000_000;

/// The tabs of CRM that hold people and companies, and how many of these it knows.
const CONTACTS: (u64, u64) = (1, 120);
const ACCOUNTS: (u64, u64) = (2, 40);

/// The id of seeded record `index` of the module in this place among CRM's tabs.
pub(crate) fn crm_record(tab: u64, index: u64) -> u64 {
    CRM_BLOCK + 100_000_000 + tab * 1_000_000 + (index + 1) * 17
}

/// Person `index` among CRM's contacts, if they are one.
pub(crate) fn crm_contact(index: u64) -> Option<u64> {
    known(CONTACTS, index)
}

/// Company `index` among CRM's accounts, if it is one.
pub(crate) fn crm_account(index: u64) -> Option<u64> {
    known(ACCOUNTS, index)
}

fn known((tab, rows): (u64, u64), index: u64) -> Option<u64> {
    (index < rows).then(|| crm_record(tab, index))
}

/// Which seeded record of that tab an id of CRM is.
pub(crate) fn crm_index(tab: u64, id: u64) -> Option<u64> {
    let offset = id.checked_sub(crm_record(tab, 0))?;
    (offset % 17 == 0).then_some(offset / 17)
}
