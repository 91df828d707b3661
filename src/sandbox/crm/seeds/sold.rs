//! What is sold: products, the lines of quotes, orders and invoices, and which of these came from which.

use serde_json::{Value, json};

use super::{Maker, id};
use crate::crm::derive;
use crate::crm::schema::{self, Field};
use crate::dice::Dice;
use crate::people::{self, Product};

impl Maker<'_> {
    /// The product that a record of Products is.
    pub(super) fn sold(&self) -> &'static Product {
        let sold = people::catalogue(0);
        &sold[self.index as usize % sold.len()]
    }

    /// What it came from, if from anything.
    pub(super) fn origin(&self, field: &Field) -> Value {
        let target = field.lookup.as_deref().and_then(schema::module);
        let origin = target.and_then(|target| {
            let index = self
                .known
                .origin(&self.module.api_name, self.index, &target.api_name)?;
            Some(self.reference(target, index))
        });
        origin.unwrap_or(Value::Null)
    }

    /// The lines of what is offered; what was ordered is what was offered, and what was ordered is billed.
    pub(super) fn items(&self) -> Value {
        let Some(products) = schema::module("Products") else {
            return Value::Null;
        };
        let first = ["Quotes", "Sales_Orders"]
            .into_iter()
            .filter_map(|of| Some((of, self.known.origin(&self.module.api_name, self.index, of)?)))
            .next()
            .and_then(|(of, index)| Some((schema::module(of)?, index)));
        let (module, index) = first.unwrap_or((self.module, self.index));
        let field = module.fields.iter().find(|field| field.data_type == "subform");
        let stream = field.map_or("", |field| &field.api_name);
        let mut dice = Dice::new(self.seed, &format!("{} {stream}", module.api_name), index);
        let sold = people::catalogue(0);
        let lines = 1 + dice.below(3);
        let lines = (0..lines).map(|line| {
            let product = dice.below(products.rows);
            let price = sold[product as usize % sold.len()].2;
            dice.below(300);
            let quantity = 1 + dice.below(12);
            json!({
                "id": (id(self.module, self.index) + 800_000 + line).to_string(), "Sequence_Number": line + 1,
                "Product_Name": self.reference(products, product),
                "Quantity": quantity, "List_Price": derive::amount(price), "Total": derive::amount(price * quantity as f64),
            })
        });
        Value::Array(lines.collect())
    }
}
