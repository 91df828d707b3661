//! How the searches of Desk read the parameters of conditions, whichever module has them.

use serde::Deserialize;

/// How a parameter reads what it is given.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// By how much of a text it finds (measured on contacts, for the others undocumented; zoho-desk.md, section 11).
    #[serde(default)]
    pub compares: Option<Compares>,
    /// It has the name of somebody or of a company.
    #[serde(default)]
    pub is_name: bool,
    /// Desk's words for having no value, or any, that it knows (OAS, searchTickets); others it takes for a value.
    #[serde(default)]
    pub knows: Vec<String>,
    /// Characters it takes at least (OAS, `minLength`).
    #[serde(default)]
    pub least: usize,
    /// Characters that all its values together have at most (OAS, `maxLength`); 0 where nobody says.
    #[serde(default)]
    pub longest: usize,
    /// Values that it takes at most (OAS, `maxItems`); 0 where nobody says.
    #[serde(default)]
    pub most: usize,
    /// It compares numbers or values of a list, each as a whole: nothing says that `*` stands for letters there.
    #[serde(default)]
    pub no_star: bool,
    /// It takes one value only (OAS): the others take several, separated by commas, of which any fits.
    #[serde(default)]
    pub single: bool,
    /// The members of rows that show exactly what it is asked for, one of them at least: rows of which none does contradict
    /// it. What Zoho may read in another way has none: departments share cases, an index may lag behind what is modified.
    #[serde(default)]
    pub shown: Vec<String>,
}

/// How a parameter finds texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Compares {
    /// By words that they hold; rows are looked through for the same.
    Words,
    /// By what they hold.
    Part,
    /// By how they begin.
    Begins,
    /// As a whole.
    Whole,
}

impl Parameter {
    /// One of which nothing is known.
    pub(super) const OTHER: Parameter = Parameter {
        compares: None,
        is_name: false,
        knows: Vec::new(),
        least: 0,
        longest: 0,
        most: 0,
        no_star: false,
        single: false,
        shown: Vec::new(),
    };

    /// Whether it takes this, all its values written.
    pub fn takes(&self, written: &str) -> bool {
        (self.longest == 0 || written.chars().count() <= self.longest)
            && (self.most == 0 || written.split(',').count() <= self.most)
    }

    /// Whether it finds more than the text as a whole.
    pub fn finds_parts(&self) -> bool {
        matches!(
            self.compares,
            Some(Compares::Words | Compares::Part | Compares::Begins)
        )
    }
}
