//! Which contacts, accounts and products belong together: both ends of a tie are kept in step here.

use crate::desk::clauses::Clause;
use crate::desk::modules::{self, text};
use crate::desk::org::Org;

/// Ties a contact to an account, or unties them; the contact's counter and main account follow.
pub(crate) fn link(org: &mut Org, contact: &str, account: &str, tie: bool) {
    if account.is_empty() {
        return;
    }
    if tie {
        org.add_to_list("contacts", contact, "_accounts", account);
        org.add_to_list("accounts", account, "_contacts", contact);
    } else {
        org.take_from_list("contacts", contact, "_accounts", account);
        org.take_from_list("accounts", account, "_contacts", contact);
    }
    let Some((id, mut row)) = org.row_of("contacts", contact) else {
        return;
    };
    let accounts = modules::texts(&row, "_accounts");
    if !accounts.iter().any(|known| known == text(&row, "accountId")) {
        row.insert("accountId".to_owned(), accounts.first().cloned().into());
    }
    row.insert("accountCount".to_owned(), accounts.len().to_string().into());
    org.put("contacts", id, row);
}

/// Ties a product to a contact or an account, or unties them.
pub(crate) fn link_product(org: &mut Org, module: &str, owner: &str, product: &str, tie: bool) {
    let list = format!("_{module}");
    if tie {
        org.add_to_list(module, owner, "_products", product);
        org.add_to_list("products", product, &list, owner);
    } else {
        org.take_from_list(module, owner, "_products", product);
        org.take_from_list("products", product, &list, owner);
    }
}

/// Takes a record that is about to go out of the lists that name it.
pub(crate) fn unlink(org: &mut Org, module: &str, id: &str) {
    let (other, list) = if module == "contacts" {
        ("accounts", "_contacts")
    } else {
        ("contacts", "_accounts")
    };
    for (other, list) in [(other, list), ("products", list)] {
        let list = if other == "products" {
            format!("_{module}")
        } else {
            list.to_owned()
        };
        for owner in org.ids(other, &[Clause::is(&list, id)]) {
            org.take_from_list(other, &owner, &list, id);
        }
    }
}
