//! Reading a filter. What is wrong is said with its place and with what would be right.

use super::expression::{Expression, Term};
use super::field::{Field, Test, Value};
use super::glob::Glob;
use super::key::{self, Asks, Key, Text};
use super::place::Place;
use super::token::{self, Kind, Shape, Token};
use super::value::{self, Asked, Comparison};
use super::{Complaint, Moment};
use crate::protocol::number::Number;
use crate::protocol::search;
use crate::protocol::verdict::Overall;
use std::ops::Range;

/// How deep parentheses and negations may stand in each other.
const MAX_DEPTH: usize = 64;

type Read<T> = Result<T, Complaint>;

/// Reads a text.
pub(super) fn parse(text: &str, moment: &Moment<'_>) -> Read<Expression> {
    let mut parser = Parser { text, tokens: token::cut(text), at: 0, depth: 0, moment };
    if parser.tokens.is_empty() {
        return Ok(Expression::default());
    }
    let expression = parser.either(None)?;
    match parser.next() {
        Some(token) => complain(token.range, "no opening parenthesis for this one"),
        None => Ok(expression),
    }
}

fn complain<T>(at: Range<usize>, what: impl Into<String>) -> Read<T> {
    Err(Complaint { at, what: what.into() })
}

struct Parser<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    moment: &'t Moment<'t>,
}

/// The operators, from the one that binds weakest to the one that binds strongest. `before` is what stands before the place
/// and needs something behind it.
impl Parser<'_> {
    fn either(&mut self, before: Option<&Range<usize>>) -> Read<Expression> {
        let mut parts = vec![self.all(before)?];
        while let Some(or) = self.next_if(Kind::Or) {
            parts.push(self.all(Some(&or.range))?);
        }
        Ok(Expression::any(parts))
    }

    fn all(&mut self, before: Option<&Range<usize>>) -> Read<Expression> {
        let mut parts = vec![self.one(before)?];
        loop {
            match self.peek() {
                None | Some(Kind::Close | Kind::Or) => return Ok(Expression::all(parts)),
                Some(Kind::And) => {
                    let and = self.next().map(|token| token.range);
                    parts.push(self.one(and.as_ref())?);
                }
                Some(Kind::Open | Kind::Not | Kind::Quoted | Kind::Term) => parts.push(self.one(None)?),
            }
        }
    }

    fn one(&mut self, before: Option<&Range<usize>>) -> Read<Expression> {
        let is_missing = matches!(self.peek(), None | Some(Kind::Close | Kind::And | Kind::Or));
        if let (Some(before), true) = (before, is_missing) {
            return complain(before.clone(), self.lonely(before));
        }
        let Some(token) = self.next() else { return complain(self.text.len()..self.text.len(), "something must stand here") };
        let typed = &self.text[token.range.clone()];
        match token.kind {
            Kind::Close => complain(token.range, "no opening parenthesis for this one"),
            Kind::And | Kind::Or => complain(token.range, format!("something must stand before `{typed}`; in quotes it is a word")),
            Kind::Not => Ok(Expression::Not(Box::new(self.deeper(&token, |parser| parser.one(Some(&token.range)))?))),
            Kind::Open => self.deeper(&token, |parser| parser.group(token.range.clone())),
            Kind::Quoted => quoted(typed, token.range.start).map(Expression::Term),
            Kind::Term => term(typed, token.range, self.moment),
        }
    }

    fn lonely(&self, before: &Range<usize>) -> String {
        match &self.text[before.clone()] {
            "(" if self.peek().is_none() => "no closing parenthesis for this one".to_owned(),
            "(" => "something must stand between the parentheses".to_owned(),
            operator => format!("something must follow `{operator}`; in quotes it is a word"),
        }
    }

    fn group(&mut self, open: Range<usize>) -> Read<Expression> {
        let inner = self.either(Some(&open))?;
        match self.next_if(Kind::Close) {
            Some(_) => Ok(inner),
            None => complain(open, "no closing parenthesis for this one"),
        }
    }

    fn deeper<T>(&mut self, token: &Token, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth == MAX_DEPTH {
            return complain(token.range.clone(), "too many parentheses and negations within each other");
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    fn peek(&self) -> Option<Kind> {
        self.tokens.get(self.at).map(|token| token.kind)
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn next_if(&mut self, kind: Kind) -> Option<Token> {
        if self.peek() == Some(kind) { self.next() } else { None }
    }
}

fn quoted(typed: &str, start: usize) -> Read<Term> {
    complain_of_unclosed(typed, start)?;
    Ok(Term::Word(token::unquoted(typed).to_ascii_lowercase().into_bytes()))
}

fn complain_of_unclosed(typed: &str, start: usize) -> Read<()> {
    match token::unclosed(typed) {
        Some(at) => complain(start + at..start + at + 1, "no closing quote for this one"),
        None => Ok(()),
    }
}

fn term(typed: &str, range: Range<usize>, moment: &Moment<'_>) -> Read<Expression> {
    match token::shape(typed) {
        Shape::Word if typed.eq_ignore_ascii_case(key::PINNED) => Ok(Expression::Term(Term::Pinned)),
        Shape::Word => Ok(Expression::Term(Term::Word(typed.to_ascii_lowercase().into_bytes()))),
        Shape::Body { path, operator } => body(typed, range.start, path, operator).map(Term::Field).map(Expression::Term),
        Shape::Named { name_end, value_start } => {
            let name = range.start..range.start + name_end;
            let Some(key) = key::named(&typed[..name_end]) else { return complain(name, unknown_name(&typed[..name_end])) };
            let start = range.start + value_start;
            complain_of_unclosed(&typed[value_start..], start)?;
            let items = items(&typed[value_start..], start);
            if items.is_empty() {
                return complain(range, format!("something must follow `{0}:`, as in {0}:{1}", key.name, key.example));
            }
            named(key, &items, moment)
        }
    }
}

fn unknown_name(name: &str) -> String {
    if name.eq_ignore_ascii_case("body") {
        return "a field of the body is written body.From_Account=leckie; a word alone is looked for in the body too".to_owned();
    }
    match search::nearest_word(name, key::KEYS.iter().map(|key| key.name)) {
        Some(nearest) => format!("unknown name `{name}`; did you mean `{nearest}`?"),
        None => format!("unknown name `{name}`; put it in quotes to look for that text, or write body.{name}=… for a field of the body"),
    }
}

/// One of the values between commas.
struct Item {
    text: String,
    at: Range<usize>,
}

/// The values between commas, those of which nothing is typed yet left out.
fn items(typed: &str, start: usize) -> Vec<Item> {
    let mut items = Vec::new();
    let mut at = 0;
    while at < typed.len() {
        let length = token::length_to(&typed[at..], |rest| rest.starts_with(','));
        if length > 0 {
            let range = at..at + length;
            items.push(Item { text: token::unquoted(&typed[range.clone()]), at: start + range.start..start + range.end });
        }
        at += length + 1;
    }
    items
}

fn named(key: &'static Key, items: &[Item], moment: &Moment<'_>) -> Read<Expression> {
    let term = match key.asks {
        Asks::Text(Text::Platform) if items.iter().all(|item| !item.text.contains('*')) => {
            Term::Platform(items.iter().map(|item| item.text.clone()).collect())
        }
        Asks::Text(text) => Term::Text(text, each(items, |item| glob(key, item))?),
        Asks::Overall => Term::Overall(each(items, |item| overall(key, item))?),
        Asks::Number(number) => {
            let asked = each(items, |item| Asked::read(number, &item.text).ok_or_else(|| wrong(item, value::likeness(number))))?;
            Term::Number(number, asked)
        }
        // Of several moments the one that lets most through decides, as one of several answers.
        Asks::Before => Term::Before(moments(items, moment)?.into_iter().max().unwrap_or_default()),
        Asks::After => Term::After(moments(items, moment)?.into_iter().min().unwrap_or_default()),
        Asks::Last => {
            let length = |item: &Item| value::duration(&item.text).filter(|micros| *micros >= 0);
            let longest = each(items, |item| length(item).ok_or_else(|| wrong(item, "a time such as 30s, 10m, 2h or 1d")))?;
            Term::Last(longest.into_iter().max().unwrap_or_default() / 1_000)
        }
        Asks::Has => return has(items),
    };
    Ok(Expression::Term(term))
}

fn each<T>(items: &[Item], read: impl FnMut(&Item) -> Read<T>) -> Read<Vec<T>> {
    items.iter().map(read).collect()
}

fn wrong(item: &Item, likeness: &str) -> Complaint {
    Complaint { at: item.at.clone(), what: format!("`{}` should be {likeness}", item.text) }
}

fn glob(key: &Key, item: &Item) -> Read<Glob> {
    if key.words.is_empty() || item.text.contains('*') {
        return Ok(Glob::new(&item.text));
    }
    word(key, item).map(Glob::new)
}

/// The one of a key's words that was typed.
fn word(key: &Key, item: &Item) -> Read<&'static str> {
    let words = || key.words.iter().map(|(word, _)| *word);
    let Some(word) = words().find(|word| key::is_same_word(word, &item.text)) else {
        let likeness = match search::nearest_word(&item.text, words()) {
            Some(nearest) => format!("one of {}; did you mean `{nearest}`?", words().collect::<Vec<_>>().join(", ")),
            None => format!("one of {}", words().collect::<Vec<_>>().join(", ")),
        };
        return Err(wrong(item, &likeness));
    };
    Ok(word)
}

fn overall(key: &Key, item: &Item) -> Read<Overall> {
    let word = word(key, item)?;
    Overall::from_word(word).ok_or_else(|| wrong(item, key.about))
}

fn moments(items: &[Item], moment: &Moment<'_>) -> Read<Vec<i64>> {
    let likeness = "a time such as 10:42, 2026-11-20 or 2026-11-20T10:42";
    each(items, |item| value::moment(&item.text, moment).ok_or_else(|| wrong(item, likeness)))
}

/// `has:note`, or `has:body.X`; of several any will do.
fn has(items: &[Item]) -> Read<Expression> {
    let one = |item: &Item| match item.text.to_ascii_lowercase().as_str() {
        "note" => Ok(Term::Note),
        "mark" => Ok(Term::Mark),
        "fault" => Ok(Term::Fault),
        _ => {
            let place = token::path_start(&item.text).and_then(|start| Place::read(&item.text[start..]));
            let field = place.map(|place| Term::Field(Field { place, test: Test::Exists }));
            field.ok_or_else(|| wrong(item, "note, mark, fault, or a field such as body.MsgBody"))
        }
    };
    Ok(Expression::any(each(items, |item| one(item).map(Expression::Term))?))
}

fn body(typed: &str, start: usize, path: Range<usize>, operator: Range<usize>) -> Read<Field> {
    complain_of_unclosed(typed, start)?;
    let at = start + path.start..start + path.end;
    let Some(place) = Place::read(&typed[path]) else {
        let at = if at.is_empty() { start..at.end } else { at };
        return complain(at, "a field such as body.From_Account or body.MsgBody[].MsgContent.Text, where [] is any item and [0] the first");
    };
    if operator.is_empty() {
        return Ok(Field { place, test: Test::Exists });
    }
    let items = items(&typed[operator.end..], start + operator.end);
    let sign = &typed[operator.clone()];
    if items.is_empty() {
        let at = start + operator.start..start + operator.end;
        return complain(at, format!("something must follow `{sign}`; an empty text is written \"\""));
    }
    Ok(Field { place, test: test(sign, &items)? })
}

fn test(sign: &str, items: &[Item]) -> Read<Test> {
    let values = || items.iter().map(|item| Value::new(&item.text)).collect();
    match sign {
        "=" | ":" => Ok(Test::Is(values())),
        "!=" => Ok(Test::IsNot(values())),
        "~" => Ok(Test::Contains(items.iter().map(|item| item.text.to_ascii_lowercase().into_bytes()).collect())),
        _ => {
            let number = |item: &Item| Number::read(&item.text).ok_or_else(|| wrong(item, "a number such as 100"));
            Ok(Test::Compares(Comparison::split(sign).0, each(items, number)?))
        }
    }
}
