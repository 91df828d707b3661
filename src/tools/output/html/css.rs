//! CSS as it is written: declarations, rules and selectors, with their comments, escapes, strings and mistakes read as
//! browsers read them.

use cssparser::{
    AtRuleParser, CowRcStr, DeclarationParser, ParseError, Parser, ParserState, QualifiedRuleParser,
    RuleBodyItemParser, RuleBodyParser, StyleSheetParser, ToCss as _, Token, parse_important,
};

use super::selectors::{self, Selector};

type Failed = ParseError<()>;

/// What is said of one matter: its name and value in small letters, and whether it is important.
pub(super) struct Declaration {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) important: bool,
}

/// A rule: of which elements it says what.
pub(super) struct Rule {
    pub(super) selectors: Vec<Selector>,
    /// It counts for all who read.
    pub(super) is_sure: bool,
    pub(super) declarations: Vec<Declaration>,
}

/// The declarations of a style.
pub(super) fn declarations(text: &str) -> Vec<Declaration> {
    let mut body = Body::default();
    body.read(&mut Parser::new(text));
    body.declarations
}

/// A sheet as it is read.
pub(super) struct Sheet {
    /// What is read now counts for all who read.
    is_sure: bool,
    pub(super) rules: Vec<Rule>,
    /// Something in it moves.
    pub(super) moves: bool,
    /// It names another one.
    pub(super) imports: bool,
}

/// For whom a condition holds: all who read, some, or nobody at a screen.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Readers {
    All,
    Some,
    Nobody,
}

impl Readers {
    /// Those of a condition as `@media` and the attribute of that name have it.
    pub(super) fn of(media: &str) -> Self {
        let media = media.to_ascii_lowercase();
        let mut each = media
            .split(',')
            .map(|one| one.split_whitespace().collect::<Vec<_>>().join(" "));
        let is_paper = |one: &str| {
            let one = one.strip_prefix("only ").unwrap_or(one);
            let kind = one.split(' ').next();
            matches!(kind, Some("print" | "speech"))
        };
        let all = ["", "all", "screen", "only screen", "only all"];
        match each.clone().any(|one| all.contains(&one.as_str())) {
            true => Readers::All,
            false if each.all(|one| is_paper(&one)) => Readers::Nobody,
            false => Readers::Some,
        }
    }
}

/// What stands before the block of a rule with `@`.
pub(super) enum Head {
    Condition(Readers),
    Movement,
}

impl Sheet {
    /// A sheet that counts for all who read, or perhaps not.
    pub(super) fn of(text: &str, is_sure: bool) -> Self {
        let mut sheet = Sheet {
            is_sure,
            rules: Vec::new(),
            moves: false,
            imports: false,
        };
        sheet.read(&mut Parser::new(text));
        sheet
    }

    fn read(&mut self, input: &mut Parser<'_>) {
        // What is no rule is passed over, as browsers do.
        StyleSheetParser::new(input, self).for_each(drop);
    }
}

impl<'i> QualifiedRuleParser<'i> for Sheet {
    type Prelude = Vec<Selector>;
    type QualifiedRule = ();
    type Error = ();

    fn parse_prelude(&mut self, input: &mut Parser<'i>) -> Result<Vec<Selector>, Failed> {
        selectors::read(input)
    }

    fn parse_block(
        &mut self,
        selectors: Vec<Selector>,
        _: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<(), Failed> {
        self.rules.extend(rules(selectors, self.is_sure, input));
        Ok(())
    }
}

impl<'i> AtRuleParser<'i> for Sheet {
    type Prelude = Head;
    type AtRule = ();
    type Error = ();

    fn parse_prelude(&mut self, name: CowRcStr<'i>, input: &mut Parser<'i>) -> Result<Head, Failed> {
        let name = name.to_ascii_lowercase();
        let begins = input.position();
        while input.next().is_ok() {}
        let condition = input.slice_from(begins);
        match name.as_str() {
            "media" => Ok(Head::Condition(Readers::of(condition))),
            _ if name.ends_with("keyframes") => Ok(Head::Movement),
            // Nobody who shows a mail fetches a sheet from elsewhere.
            "import" => {
                self.imports = true;
                Err(Failed::unexpected_token())
            }
            // These hold no rules of elements.
            "namespace" | "font-face" | "page" | "counter-style" | "property" => {
                Err(Failed::unexpected_token())
            }
            _ => Ok(Head::Condition(Readers::Some)),
        }
    }

    fn parse_block(&mut self, head: Head, _: &ParserState, input: &mut Parser<'i>) -> Result<(), Failed> {
        let around = self.is_sure;
        match head {
            Head::Movement => self.moves = true,
            Head::Condition(Readers::Nobody) => {}
            Head::Condition(readers) => {
                self.is_sure &= readers == Readers::All;
                self.read(input);
                self.is_sure = around;
                return Ok(());
            }
        }
        while input.next().is_ok() {}
        Ok(())
    }
}

/// The inside of a rule: declarations, and rules within it, which count for what stands within its elements.
#[derive(Default)]
struct Body {
    declarations: Vec<Declaration>,
    within: Vec<Rule>,
}

impl Body {
    fn read(&mut self, input: &mut Parser<'_>) {
        RuleBodyParser::new(input, self).for_each(drop);
    }
}

/// A rule, and those that stand in it.
fn rules(selectors: Vec<Selector>, is_sure: bool, input: &mut Parser<'_>) -> Vec<Rule> {
    let mut body = Body::default();
    body.read(input);
    let rule = Rule {
        selectors,
        is_sure,
        declarations: body.declarations,
    };
    std::iter::once(rule).chain(body.within).collect()
}

impl<'i> DeclarationParser<'i> for Body {
    type Declaration = ();
    type Error = ();

    fn parse_value(
        &mut self,
        name: CowRcStr<'i>,
        input: &mut Parser<'i>,
        _: &ParserState,
    ) -> Result<(), Failed> {
        let mut value = String::new();
        write_value(input, &mut value)?;
        let important = input.try_parse(parse_important).is_ok();
        input.expect_exhausted()?;
        self.declarations.push(Declaration {
            name: name.to_ascii_lowercase(),
            value: value.trim().to_owned(),
            important,
        });
        Ok(())
    }
}

impl<'i> QualifiedRuleParser<'i> for Body {
    type Prelude = Vec<Selector>;
    type QualifiedRule = ();
    type Error = ();

    fn parse_prelude(&mut self, input: &mut Parser<'i>) -> Result<Vec<Selector>, Failed> {
        selectors::read(input)
    }

    fn parse_block(
        &mut self,
        selectors: Vec<Selector>,
        _: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<(), Failed> {
        self.within.extend(rules(selectors, false, input));
        Ok(())
    }
}

impl<'i> AtRuleParser<'i> for Body {
    type Prelude = ();
    type AtRule = ();
    type Error = ();

    fn parse_prelude(&mut self, _: CowRcStr<'i>, input: &mut Parser<'i>) -> Result<(), Failed> {
        while input.next().is_ok() {}
        Ok(())
    }

    fn parse_block(&mut self, (): (), _: &ParserState, input: &mut Parser<'i>) -> Result<(), Failed> {
        // A condition within a rule: what it says counts for some, of whichever elements.
        let mut body = Body::default();
        body.read(input);
        self.within.push(Rule {
            selectors: vec![Selector::any()],
            is_sure: false,
            declarations: body.declarations,
        });
        self.within.extend(body.within);
        Ok(())
    }
}

impl<'i> RuleBodyItemParser<'i, (), ()> for Body {
    fn parse_declarations(&self) -> bool {
        true
    }

    fn parse_qualified(&self) -> bool {
        true
    }
}

/// Writes a value up to its `!` in small letters: blanks are one, and none around commas and brackets.
fn write_value(input: &mut Parser<'_>, value: &mut String) -> Result<(), Failed> {
    loop {
        let before = input.state();
        let Ok(token) = input.next_including_whitespace().cloned() else {
            return Ok(());
        };
        let block = match &token {
            Token::Delim('!') => {
                input.reset(&before);
                return Ok(());
            }
            token if token.is_parse_error() => return Err(Failed::unexpected_token()),
            Token::Function(_) | Token::ParenthesisBlock => Some(')'),
            Token::SquareBracketBlock => Some(']'),
            Token::CurlyBracketBlock => return Err(Failed::unexpected_token()),
            _ => None,
        };
        match &token {
            Token::WhiteSpace(_) if value.ends_with([' ', ',', '(']) => {}
            Token::WhiteSpace(_) => value.push(' '),
            Token::QuotedString(_) => value.push_str("\"\""),
            Token::UnquotedUrl(_) => value.push_str("url()"),
            token => {
                if matches!(token, Token::Comma) {
                    value.truncate(value.trim_end().len());
                }
                value.push_str(&token.to_css_string().to_ascii_lowercase());
            }
        }
        if let Some(end) = block {
            input.parse_nested_block(|inside| write_value(inside, value))?;
            value.truncate(value.trim_end().len());
            value.push(end);
        }
    }
}
