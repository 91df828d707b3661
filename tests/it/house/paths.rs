//! Every path a file names, as written: imports, expressions, types, attributes and the tokens of macros.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::visit::{self, Visit};
use syn::{Attribute, Ident, ItemExternCrate, ItemMod, ItemType, ItemUse, Macro, Meta, UseTree, Visibility};

use super::scope::Scopes;

/// How a path came to be named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// In a `use` or `extern crate`; `exported` when others can see the name.
    Import { exported: bool, glob: bool },
    /// As the whole right side of a type alias that others can see.
    ExportedType,
    /// Anywhere else.
    Plain,
}

/// A path as written, with where it stands. A leading `::` is kept as a segment of its own.
#[derive(Debug)]
pub(crate) struct Mention {
    pub(crate) segments: Vec<String>,
    pub(crate) module: Vec<String>,
    pub(crate) line: usize,
    pub(crate) form: Form,
}

/// All mentions of one file, and the names its modules bind.
#[derive(Default)]
pub(crate) struct Mentions {
    pub(crate) found: Vec<Mention>,
    pub(crate) scopes: Scopes,
    pub(crate) detours: Vec<(usize, &'static str)>,
    module: Vec<String>,
}

impl Mentions {
    /// Reads `text` as the file of `module`, e.g. `["zoho", "send"]`.
    pub(crate) fn of(text: &str, module: Vec<String>) -> syn::Result<Mentions> {
        let file = syn::parse_file(text)?;
        let mut mentions = Mentions {
            module,
            ..Mentions::default()
        };
        mentions.visit_file(&file);
        Ok(mentions)
    }

    fn add(&mut self, segments: Vec<String>, span: Span, form: Form) {
        let line = span.start().line;
        self.found.push(Mention {
            segments,
            module: self.module.clone(),
            line,
            form,
        });
    }

    fn import(&mut self, prefix: Vec<String>, tree: &UseTree, exported: bool) {
        let named = Form::Import {
            exported,
            glob: false,
        };
        match tree {
            UseTree::Path(path) => self.import(joined(&prefix, &path.ident), &path.tree, exported),
            UseTree::Group(group) => {
                group
                    .items
                    .iter()
                    .for_each(|tree| self.import(prefix.clone(), tree, exported));
            }
            UseTree::Name(name) => {
                let target = joined(&prefix, &name.ident);
                let bound = target.last().cloned().unwrap_or_default();
                self.scopes.bind(&self.module, bound, target.clone());
                self.add(target, name.ident.span(), named);
            }
            UseTree::Rename(rename) => {
                let target = joined(&prefix, &rename.ident);
                self.scopes
                    .bind(&self.module, rename.rename.unraw().to_string(), target.clone());
                self.add(target, rename.ident.span(), named);
            }
            UseTree::Glob(glob) => {
                let span = glob.star_token.spans[0];
                self.scopes.open(&self.module, prefix.clone());
                self.add(prefix, span, Form::Import { exported, glob: true });
            }
        }
    }

    fn use_item(&mut self, item: &ItemUse, exported: bool) {
        let start = if item.leading_colon.is_some() {
            vec!["::".to_owned()]
        } else {
            Vec::new()
        };
        self.import(start, &item.tree, exported);
    }

    fn scan(&mut self, tokens: TokenStream, literals: bool) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            match &tokens[at] {
                TokenTree::Group(group) => self.scan(group.stream(), literals),
                TokenTree::Literal(literal) if literals => self.scan_literal(literal),
                TokenTree::Ident(word) if *word == "use" || *word == "extern" => {
                    if let Some(end) = self.scan_import(&tokens, at) {
                        at = end;
                    }
                }
                TokenTree::Ident(word) if *word == "include" && is_punct(tokens.get(at + 1), '!') => {
                    self.detours.push((word.span().start().line, "include!"));
                }
                _ => {
                    if let Some((segments, end)) = path_at(&tokens, at) {
                        if segments.last().is_some_and(|s| s == "include") && is_punct(tokens.get(end), '!') {
                            self.detours.push((tokens[at].span().start().line, "include!"));
                        }
                        self.add(segments, tokens[at].span(), Form::Plain);
                        at = end;
                        continue;
                    }
                }
            }
            at += 1;
        }
    }

    fn scan_import(&mut self, tokens: &[TokenTree], at: usize) -> Option<usize> {
        let end = at + tokens[at..].iter().position(|token| is_punct(Some(token), ';'))?;
        let text: TokenStream = tokens[at..=end].iter().cloned().collect();
        let parenthesised = matches!(at.checked_sub(1).map(|i| &tokens[i]),
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis);
        let before = at
            .checked_sub(if parenthesised { 2 } else { 1 })
            .map(|i| &tokens[i]);
        let exported = matches!(before, Some(TokenTree::Ident(word)) if *word == "pub");
        if let Ok(item) = syn::parse2::<ItemUse>(text.clone()) {
            self.use_item(&item, exported);
        } else if let Ok(item) = syn::parse2::<ItemExternCrate>(text) {
            self.extern_crate(&item, exported);
        } else {
            return None;
        }
        Some(end)
    }

    fn scan_literal(&mut self, literal: &proc_macro2::Literal) {
        let text = syn::parse_str::<syn::LitStr>(&literal.to_string()).map(|text| text.value());
        let path = text.ok().and_then(|text| syn::parse_str::<syn::Path>(&text).ok());
        if let Some(path) = path.filter(|path| path.segments.len() > 1) {
            self.add(segments_of(&path), literal.span(), Form::Plain);
        }
    }

    fn extern_crate(&mut self, item: &ItemExternCrate, exported: bool) {
        let name = item.ident.unraw().to_string();
        let target = if name == "self" {
            "crate".to_owned()
        } else {
            name.clone()
        };
        let bound = item
            .rename
            .as_ref()
            .map_or(name, |(_, rename)| rename.unraw().to_string());
        self.scopes
            .bind(&self.module, bound, vec!["::".to_owned(), target.clone()]);
        let form = Form::Import {
            exported,
            glob: false,
        };
        self.add(vec!["::".to_owned(), target], item.ident.span(), form);
    }
}

impl<'ast> Visit<'ast> for Mentions {
    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        let name = item.ident.unraw().to_string();
        self.scopes.declare(&self.module, name.clone());
        item.attrs
            .iter()
            .for_each(|attribute| self.visit_attribute(attribute));
        if let Some((_, items)) = &item.content {
            self.module.push(name);
            items.iter().for_each(|item| self.visit_item(item));
            self.module.pop();
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.use_item(item, is_exported(&item.vis));
    }

    fn visit_item_extern_crate(&mut self, item: &'ast ItemExternCrate) {
        self.extern_crate(item, is_exported(&item.vis));
    }

    fn visit_item_type(&mut self, item: &'ast ItemType) {
        if let syn::Type::Path(target) = &*item.ty
            && is_exported(&item.vis)
        {
            self.add(segments_of(&target.path), item.ident.span(), Form::ExportedType);
        }
        visit::visit_item_type(self, item);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if let Some(first) = path.segments.first() {
            self.add(segments_of(path), first.ident.span(), Form::Plain);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast Macro) {
        let generated = item.tokens.to_string().contains("\"OUT_DIR\"");
        if !generated
            && item
                .path
                .segments
                .last()
                .is_some_and(|last| last.ident == "include")
        {
            let line = item.bang_token.spans[0].start().line;
            self.detours.push((line, "include!"));
        }
        self.visit_path(&item.path);
        self.scan(item.tokens.clone(), false);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        self.visit_path(attribute.path());
        let line = attribute.bracket_token.span.open().start().line;
        match &attribute.meta {
            Meta::NameValue(pair) if pair.path.is_ident("path") => self.detours.push((line, "#[path]")),
            Meta::List(list) => {
                if attribute.path().is_ident("cfg_attr") && sets_path(list.tokens.clone()) {
                    self.detours.push((line, "#[path]"));
                }
                self.scan(list.tokens.clone(), true);
            }
            _ => {}
        }
    }
}

fn sets_path(tokens: TokenStream) -> bool {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    tokens.windows(2).any(|two| {
        matches!(&two[0], TokenTree::Ident(word) if *word == "path") && is_punct(Some(&two[1]), '=')
    })
}

fn joined(prefix: &[String], ident: &Ident) -> Vec<String> {
    let name = ident.unraw().to_string();
    let mut path = prefix.to_vec();
    if name != "self" || path.is_empty() {
        path.push(name);
    }
    path
}

fn segments_of(path: &syn::Path) -> Vec<String> {
    let leading = path.leading_colon.map(|_| "::".to_owned());
    leading
        .into_iter()
        .chain(path.segments.iter().map(|s| s.ident.unraw().to_string()))
        .collect()
}

fn is_exported(visibility: &Visibility) -> bool {
    match visibility {
        Visibility::Public(_) => true,
        Visibility::Restricted(within) => !within.path.is_ident("self"),
        Visibility::Inherited => false,
    }
}

fn is_punct(token: Option<&TokenTree>, sign: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == sign)
}

fn colons(tokens: &[TokenTree], at: usize) -> bool {
    is_punct(tokens.get(at), ':') && is_punct(tokens.get(at + 1), ':')
}

/// A path of at least one `::` that begins at `at`, and the index after it.
fn path_at(tokens: &[TokenTree], at: usize) -> Option<(Vec<String>, usize)> {
    let mut segments = Vec::new();
    let mut next = at;
    if colons(tokens, next) {
        segments.push("::".to_owned());
        next += 2;
    }
    while let Some(TokenTree::Ident(word)) = tokens.get(next) {
        segments.push(word.unraw().to_string());
        next += 1;
        if !colons(tokens, next) {
            break;
        }
        next += 2;
    }
    let enough = segments.len() > 1 || (segments.len() == 1 && next > at + 1);
    enough.then_some((segments, next))
}
