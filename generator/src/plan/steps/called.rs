//! What things are called: names that stand behind "called", behind the word for a place, in quotes or with a capital.

use serde_json::json;

use super::{build::Builder, cover, fill::Fill};
use crate::{
    knowledge::Class,
    plan::{clauses::act::Act, model::Binding},
    reading::{Determiner, Mark, Phrase, Role, Span, Token, TokenKind, Value},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// What a thing is to be called: "called X", "named X", "with the subject X".
    pub(in crate::plan) fn called(&mut self, act: &Act<'r>) -> Option<String> {
        let tokens = &self.reading.tokens;
        for at in act.clause.span.clone() {
            let TokenKind::Word(word) = &tokens.get(at)?.kind else { continue };
            if !is_naming(word) {
                continue;
            }
            let found = match &tokens.get(at + 1).map(|token| &token.kind) {
                Some(TokenKind::Value(Value::Quoted(text))) => Some(text.clone()),
                Some(TokenKind::Word(next)) if word.ends_with('d') && !cover::is_empty(next) => {
                    let token = tokens.get(at + 1)?;
                    self.reading.text.get(token.start..token.end).map(str::to_owned)
                }
                _ => None,
            };
            if let Some(text) = found {
                self.cover.add(&(at..at + 2));
                return Some(text);
            }
        }
        None
    }

    /// The name of what an act makes: "called X", or in quotes behind the noun, "a task “Call Bob”".
    pub(in crate::plan) fn name_given(&mut self, act: &Act<'r>) -> Option<String> {
        if let Some(name) = self.called(act) {
            return Some(name);
        }
        let makes = self.is(act, Class::Make) || self.is(act, Class::Store);
        let carries = |phrase: &&Phrase| {
            makes
                && phrase.determiner == Determiner::Some
                && !self.known.is_carrier(&phrase.head)
                && phrase.tail.is_none()
        };
        let (at, name) = act.frame.objects.iter().filter(carries).find_map(|phrase| {
            let last = *phrase.values.last().filter(|at| **at + 1 == phrase.span.end && **at > phrase.span.start)?;
            match self.reading.tokens.get(last)?.value()? {
                Value::Quoted(text) => Some((last, text.clone())),
                _ => None,
            }
        })?;
        self.cover.add(&(at..at + 1));
        Some(name)
    }

    /// A value that stands beside the name of the input: "tab \"Inbox\"", "with label urgent", "my chat id is 5".
    pub(in crate::plan) fn by_words(&mut self, name: &str, fill: &Fill<'r>) -> Option<Binding> {
        let act = fill.act?;
        // "in_reply_to_tweet_id": not every "to" says so.
        let tells = |word: &&str| !matches!(*word, "id" | "name" | "url") && !cover::is_empty(word);
        let wanted: Vec<&str> = name.split('_').filter(tells).collect();
        let tokens = &self.reading.tokens;
        let file = |at: usize| {
            let word = tokens.get(at).and_then(Token::word);
            word.is_some_and(|word| matches!(word.trim_end_matches('s'), "spreadsheet" | "workbook" | "file"))
        };
        let file = act.clause.span.clone().any(file);
        // "Table: Leads" stands somewhere else.
        let values = self.reading.clauses.iter().filter(|clause| clause.role == Role::Value);
        let labels: Vec<Span> =
            values.map(|clause| clause.span.clone()).filter(|span| *span != act.clause.span).collect();
        let set = labels.last().map_or(0, |last| last.end);
        let own = act.clause.span.clone().map(|at| (at, act.clause.span.end));
        for (at, end) in own.chain(labels.into_iter().flatten().map(|at| (at, set))) {
            let Some(TokenKind::Word(word)) = tokens.get(at).map(|token| &token.kind) else { continue };
            let alias = match word.as_str() {
                "tab" | "worksheet" => "sheet",
                // A sheet is a file, unless another file is spoken of.
                "sheet" | "sheets" if !file => "spreadsheet",
                other => other.trim_end_matches('s'),
            };
            if !wanted.contains(&alias) {
                continue;
            }
            if let Some((span, text)) = self.name_behind(at, end) {
                self.cover.add(&(at..span.end));
                return Some(Binding::Value(json!(text)));
            }
            for near in [at + 1, at + 2, at.wrapping_sub(1)] {
                // "a page titled X", "posts mentioning X": X is no page.
                let label = near.checked_sub(1).and_then(|before| tokens.get(before)?.word());
                if near >= end || near > at + 1 && label.is_some_and(|label| is_naming(label) || label.ends_with("ing"))
                {
                    continue;
                }
                let value = match tokens.get(near).map(|token| &token.kind) {
                    Some(TokenKind::Value(Value::Quoted(text) | Value::Identifier(text) | Value::Channel(text))) => {
                        json!(text)
                    }
                    _ => continue,
                };
                self.cover.add(&(at.min(near)..at.max(near) + 1));
                return Some(Binding::Value(value));
            }
        }
        None
    }

    /// "the table Invoices", "the sheet called Open Invoices": a name that is not in quotes.
    /// "with the tags ai and research": the entries that stand behind the name of a list.
    pub(in crate::plan) fn listed_behind(&mut self, name: &str, fill: &Fill<'r>) -> Option<Binding> {
        const ENDS: [&str; 12] = ["to", "in", "on", "for", "from", "with", "about", "by", "at", "into", "that", "as"];
        let span = fill.act?.clause.span.clone();
        let wanted = name.rsplit('_').next()?.strip_suffix('s').filter(|one| one.len() > 2)?;
        let token = |at: usize| self.reading.tokens.get(at);
        let at = span.clone().find(|at| {
            let word = token(*at).and_then(Token::word);
            word.is_some_and(|word| word.strip_suffix('s').unwrap_or(word) == wanted)
        })?;
        let mut entries: Vec<Span> = Vec::new();
        let mut open = false;
        let mut last = at;
        for next in at + 1..span.end {
            let (joint, ends) = match token(next).map(|token| &token.kind) {
                Some(TokenKind::Word(word)) => (matches!(word.as_str(), "and" | "or"), ENDS.contains(&word.as_str())),
                Some(TokenKind::Mark(mark)) => (*mark == Mark::Comma || *mark == Mark::Colon, false),
                Some(TokenKind::Value(_)) => (false, false),
                None => (false, true),
            };
            if ends || !joint && matches!(token(next).map(|token| &token.kind), Some(TokenKind::Mark(_))) {
                break;
            }
            if joint {
                open = false;
                continue;
            }
            match entries.last_mut().filter(|_| open) {
                Some(entry) => entry.end = next + 1,
                None => entries.push(next..next + 1),
            }
            (open, last) = (true, next);
        }
        let texts: Vec<String> =
            entries.iter().map(|entry| self.text(entry).trim_matches(['"', '“', '”']).to_owned()).collect();
        if texts.is_empty() || texts.iter().any(String::is_empty) {
            return None;
        }
        self.cover.close(&(at..last + 1));
        Some(Binding::Value(json!(texts)))
    }

    fn name_behind(&self, at: usize, end: usize) -> Option<(Span, String)> {
        let word = |at: usize| self.reading.tokens.get(at).filter(|_| at < end).and_then(Token::word);
        let said = word(at + 1).is_some_and(|word| matches!(word, "called" | "named"));
        let first =
            at + 1 + usize::from(said || self.reading.tokens.get(at + 1).and_then(Token::mark) == Some(Mark::Colon));
        let capital = |at: &usize| {
            let raw = self.reading.tokens.get(*at).map(|token| token.raw(&self.reading.text));
            word(*at).is_some() && raw.is_some_and(|raw| raw.starts_with(char::is_uppercase))
        };
        let last = (first..end.min(first + 4)).take_while(capital).last()?;
        Some((first..last + 1, self.text(&(first..last + 1)).to_owned()))
    }
}

fn is_naming(word: &str) -> bool {
    matches!(word, "called" | "named" | "titled" | "entitled" | "subject" | "title")
}
