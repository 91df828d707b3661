//! COQL tokens to a query; what does not parse is a `SYNTAX_ERROR`.

use serde_json::{Value, json};

use super::lexer::{self, Token};
use crate::crm::answer;
use crate::http::Reply;

/// A column of the result.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    /// A field, through lookups where it is dotted.
    pub(crate) name: String,
    /// `COUNT`, `SUM`, `MIN`, `MAX` or `AVG` of the field.
    pub(crate) function: Option<String>,
    pub(crate) alias: Option<String>,
}

impl Column {
    /// The member of a result row.
    pub(crate) fn key(&self) -> String {
        let own = || {
            self.function.as_ref().map_or_else(
                || self.name.clone(),
                |function| format!("{function}({})", self.name),
            )
        };
        self.alias.clone().unwrap_or_else(own)
    }
}

/// The where clause.
#[derive(Debug)]
pub(crate) enum Condition {
    Both(Box<Condition>, Box<Condition>),
    Either(Box<Condition>, Box<Condition>),
    Test {
        column: String,
        operator: String,
        values: Vec<String>,
    },
}

/// A query as written.
#[derive(Debug)]
pub(crate) struct Query {
    pub(crate) columns: Vec<Column>,
    pub(crate) module: String,
    pub(crate) cvid: Option<String>,
    pub(crate) condition: Condition,
    pub(crate) groups: Vec<String>,
    /// Columns, and whether the largest comes first.
    pub(crate) order: Vec<(String, bool)>,
    pub(crate) limit: usize,
    pub(crate) offset: usize,
}

impl Query {
    /// True when rows are put together.
    pub(crate) fn is_grouped(&self) -> bool {
        !self.groups.is_empty() || self.columns.iter().any(|column| column.function.is_some())
    }
}

/// Reads a query.
pub(crate) fn parse(text: &str) -> Result<Query, Reply> {
    let tokens = lexer::tokens(text).map_err(|near| syntax(&json!({ "near": near })))?;
    let mut parser = Parser {
        tokens,
        at: 0,
        depth: 0,
    };
    let query = parser.query()?;
    if parser.at < parser.tokens.len() {
        Err(parser.near())
    } else {
        Ok(query)
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

/// Parentheses inside parentheses that are read.
const DEEPEST: usize = 50;

impl Parser {
    fn query(&mut self) -> Result<Query, Reply> {
        self.clause("select")?;
        let columns = self.list(Parser::column)?;
        self.clause("from")?;
        let (module, cvid) = match self.name()?.split_once('#') {
            Some((module, cvid)) => (module.to_owned(), Some(cvid.to_owned())),
            None => (self.last_name(), None),
        };
        if !self.word("where") {
            return Err(syntax(&json!({ "clause": "where" })));
        }
        let condition = self.condition()?;
        let mut groups = Vec::new();
        if self.word("group") {
            self.clause("by")?;
            groups = self.list(Parser::name)?;
        }
        let mut order = Vec::new();
        if self.word("order") {
            self.clause("by")?;
            order = self.list(Parser::ordered)?;
        }
        let (offset, limit) = self.limits()?;
        Ok(Query {
            columns,
            module,
            cvid,
            condition,
            groups,
            order,
            limit,
            offset,
        })
    }

    fn column(&mut self) -> Result<Column, Reply> {
        if self.symbol("*") {
            return Err(unsupported(&json!({ "clause": "select" })));
        }
        let mut name = self.name()?;
        let mut function = None;
        if self.symbol("(") {
            function = Some(name.to_uppercase())
                .filter(|name| matches!(name.as_str(), "COUNT" | "SUM" | "MIN" | "MAX" | "AVG"));
            if function.is_none() {
                return Err(unsupported(&json!({ "near": name })));
            }
            name = self.name()?;
            self.close()?;
        }
        let mut alias = None;
        if self.word("as") {
            alias = match self.next() {
                Some(Token::Text(text) | Token::Word(text)) => Some(text),
                _ => return Err(self.near()),
            };
        }
        Ok(Column {
            name,
            function,
            alias,
        })
    }

    fn ordered(&mut self) -> Result<(String, bool), Reply> {
        let name = self.name()?;
        let descending = self.word("desc");
        if !descending {
            self.word("asc");
        }
        Ok((name, descending))
    }

    /// Two operands at most: three conditions need parentheses around two of them.
    fn condition(&mut self) -> Result<Condition, Reply> {
        let one = Box::new(self.operand()?);
        if self.word("and") {
            return Ok(Condition::Both(one, Box::new(self.operand()?)));
        }
        if self.word("or") {
            return Ok(Condition::Either(one, Box::new(self.operand()?)));
        }
        Ok(*one)
    }

    fn operand(&mut self) -> Result<Condition, Reply> {
        if self.symbol("(") {
            if self.depth == DEEPEST {
                return Err(self.near());
            }
            self.depth += 1;
            let inner = self.condition()?;
            self.depth -= 1;
            self.close()?;
            return Ok(inner);
        }
        let column = self.name()?;
        let (operator, values) = self.test()?;
        Ok(Condition::Test {
            column,
            operator,
            values,
        })
    }

    fn test(&mut self) -> Result<(String, Vec<String>), Reply> {
        for symbol in ["=", "!=", "<=", ">=", "<", ">"] {
            if self.symbol(symbol) {
                return Ok((symbol.to_owned(), vec![self.value()?]));
            }
        }
        if self.word("is") {
            let negated = self.word("not");
            self.clause("null")?;
            return Ok((
                if negated { "is not null" } else { "is null" }.to_owned(),
                Vec::new(),
            ));
        }
        let not = if self.word("not") { "not " } else { "" };
        if self.word("like") {
            return Ok((format!("{not}like"), vec![self.value()?]));
        }
        if self.word("in") {
            if !self.symbol("(") {
                return Err(self.near());
            }
            if self.peek().is_some_and(
                |token| matches!(token, Token::Word(word) if word.eq_ignore_ascii_case("select")),
            ) {
                return Err(unsupported(&json!({ "operator": "in" })));
            }
            let values = self.list(Parser::value)?;
            self.close()?;
            return Ok((format!("{not}in"), values));
        }
        if self.word("between") {
            let from = self.value()?;
            self.clause("and")?;
            return Ok((format!("{not}between"), vec![from, self.value()?]));
        }
        Err(self.near())
    }

    fn value(&mut self) -> Result<String, Reply> {
        match self.next() {
            Some(Token::Text(text) | Token::Number(text)) => Ok(text),
            Some(Token::Word(word))
                if word.eq_ignore_ascii_case("true") || word.eq_ignore_ascii_case("false") =>
            {
                Ok(word)
            }
            _ => {
                self.at -= usize::from(self.at > 0 && self.at <= self.tokens.len());
                Err(self.near())
            }
        }
    }

    /// `limit n`, `limit off, n`, `limit n offset off` and `offset off`.
    fn limits(&mut self) -> Result<(usize, usize), Reply> {
        let (mut offset, mut limit) = (0, 200);
        if self.word("limit") {
            limit = self.number()?;
            if self.symbol(",") {
                offset = limit;
                limit = self.number()?;
            }
        }
        if self.word("offset") {
            offset = self.number()?;
        }
        Ok((offset, limit))
    }

    fn number(&mut self) -> Result<usize, Reply> {
        let number = match self.peek() {
            Some(Token::Number(text)) => text.parse().ok(),
            _ => None,
        };
        self.at += usize::from(number.is_some());
        number.ok_or_else(|| self.near())
    }

    fn list<T>(&mut self, item: fn(&mut Parser) -> Result<T, Reply>) -> Result<Vec<T>, Reply> {
        let mut list = vec![item(self)?];
        while self.symbol(",") {
            list.push(item(self)?);
        }
        Ok(list)
    }

    fn name(&mut self) -> Result<String, Reply> {
        const KEYWORDS: &[&str] = &[
            "select", "from", "where", "and", "or", "not", "in", "like", "between", "is", "null", "group",
            "order", "by", "limit", "offset", "as",
        ];
        match self.peek() {
            Some(Token::Word(word)) if !KEYWORDS.contains(&word.to_lowercase().as_str()) => {
                let word = word.clone();
                self.at += 1;
                Ok(word)
            }
            _ => Err(self.near()),
        }
    }

    fn last_name(&self) -> String {
        match self.tokens.get(self.at - 1) {
            Some(Token::Word(word)) => word.clone(),
            _ => String::new(),
        }
    }

    fn clause(&mut self, word: &str) -> Result<(), Reply> {
        if self.word(word) { Ok(()) } else { Err(self.near()) }
    }

    fn close(&mut self) -> Result<(), Reply> {
        if self.symbol(")") {
            Ok(())
        } else {
            Err(self.near())
        }
    }

    fn word(&mut self, wanted: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(word)) if word.eq_ignore_ascii_case(wanted));
        self.at += usize::from(found);
        found
    }

    fn symbol(&mut self, wanted: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Symbol(symbol)) if *symbol == wanted);
        self.at += usize::from(found);
        found
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.peek().cloned();
        self.at += 1;
        token
    }

    fn near(&self) -> Reply {
        let near = match self.peek() {
            Some(Token::Word(text) | Token::Text(text) | Token::Number(text)) => text.clone(),
            Some(Token::Symbol(symbol)) => (*symbol).to_owned(),
            None => return syntax(&json!({})),
        };
        syntax(&json!({ "near": near }))
    }
}

fn syntax(details: &Value) -> Reply {
    answer::refuse(
        400,
        "SYNTAX_ERROR",
        details,
        "error occured while parsing the query",
    )
}

fn unsupported(details: &Value) -> Reply {
    answer::refuse(400, "SYNTAX_ERROR", details, "given coql query not supported")
}
