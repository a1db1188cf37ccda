//! What only the person knows: inputs of the agent, and questions.

use shared::port::Question;

use crate::{
    knowledge::capitalised,
    plan::{
        clauses::act::{self, names, services_of},
        sources::works,
        steps::{build::Builder, cover::is_empty, draft::AskKind},
        wording::english,
    },
    reading::{Determiner, Phrase, Reading, TokenKind, Value},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// An input of the agent for a thing that only the person can give.
    pub(in crate::plan) fn ask_for(&mut self, phrase: &Phrase) -> usize {
        if phrase.given {
            return self.ask_list(phrase);
        }
        let nouns = names(phrase);
        let name = self.name_of(phrase);
        let kind = self.kind_of(phrase);
        let flow = self.draft.ask(&name, "", kind, None);
        self.draft.given(flow, nouns)
    }

    /// "two contracts": each by itself.
    pub(in crate::plan) fn ask_each(&mut self, phrase: &Phrase) -> Vec<usize> {
        let Determiner::Count(count @ 2..=4) = phrase.determiner else { return vec![self.ask_for(phrase)] };
        let one = Phrase { plural: false, tail: None, ..phrase.clone() };
        let (kind, nouns) = (self.kind_of(&one), names(phrase));
        let noun = nouns.first().cloned().unwrap_or_default();
        let ordinals = ["First", "Second", "Third", "Fourth"].into_iter().zip(0..count);
        ordinals
            .map(|(ordinal, _)| {
                let flow = self.draft.ask(&format!("{ordinal} {noun}"), "", kind, None);
                self.draft.given(flow, nouns.clone())
            })
            .collect()
    }

    pub(in crate::plan) fn name_of(&self, phrase: &Phrase) -> String {
        // "a {tone} tone"
        let token = |at: usize| self.reading.tokens.get(at).and_then(crate::reading::Token::value);
        if let Some(Value::Placeholder(name)) = phrase.values.iter().find_map(|at| token(*at)) {
            return capitalised(&name.replace('_', " "));
        }
        // As the person wrote it, without "the" and "new".
        let words: Vec<&str> = act::core(phrase)
            .filter_map(|at| {
                let token = self.reading.tokens.get(at)?;
                match &token.kind {
                    TokenKind::Word(word) if is_empty(word) || word == "new" => None,
                    TokenKind::Mark(_) => None,
                    _ => self.reading.text.get(token.start..token.end),
                }
            })
            .collect();
        if words.is_empty() {
            capitalised(&phrase.head)
        } else {
            capitalised(&english::shortened(&words.join(" "), 40))
        }
    }

    /// A file that nobody but the person has.
    pub(in crate::plan) fn is_uploaded_kind(&self, phrase: &Phrase) -> bool {
        phrase.services.is_empty() && phrase.values.is_empty() && self.kind_of(phrase) == AskKind::File
    }

    fn kind_of(&self, phrase: &Phrase) -> AskKind {
        // "PDF invoices I upload"
        let tail = phrase.tail.clone().and_then(|tail| self.reading.tokens.get(tail)).unwrap_or_default();
        let uploaded = tail.iter().any(|token| token.word().is_some_and(|word| word.starts_with("upload")));
        if uploaded || phrase.modifiers.iter().any(|word| matches!(word.as_str(), "pdf" | "csv" | "scanned")) {
            return AskKind::File;
        }
        // "an Excel file"
        let said = self.text(&act::core(phrase)).to_lowercase();
        if said.ends_with(" file") || said.ends_with(" files") {
            return AskKind::File;
        }
        match phrase.head.as_str() {
            "file" | "pdf" | "image" | "photo" | "picture" | "recording" | "audio" | "video" | "csv" | "csv file"
            | "document" => AskKind::File,
            "number" | "length" | "count" | "amount" | "budget" | "age" => AskKind::Number,
            "date" => AskKind::Date,
            "list" if phrase.plural => AskKind::List,
            noun if phrase.plural || works::is_work(noun) => AskKind::Long,
            "text" | "note" | "transcript" | "article" | "description" | "bug" | "feedback" | "review" | "email"
            | "message" | "story" | "resume" | "cv" | "job description" | "contract" | "code" | "essay" => {
                AskKind::Long
            }
            _ => AskKind::Text,
        }
    }

    /// Typed values that the person wrote, those of the context last.
    pub(in crate::plan) fn values(&self) -> impl Iterator<Item = &'r Value> {
        let all = |reading: &'r Reading| {
            reading.tokens.iter().filter_map(|token| match &token.kind {
                TokenKind::Value(value) => Some(value),
                _ => None,
            })
        };
        all(self.reading).chain(self.context.into_iter().flat_map(all))
    }

    /// Services that an answer names.
    pub(in crate::plan) fn answered_services(&self) -> Vec<String> {
        let Some(context) = self.context else { return Vec::new() };
        let mut said = services_of(context);
        // "Linear" by itself is an everyday word, but not as an answer.
        said.extend(self.known.choosable().filter(|service| context.text.contains(service)).map(str::to_owned));
        said
    }

    pub(in crate::plan) fn question(&mut self, question: &str, keyword: &str, example: &str) {
        if self.questions.len() < 5 && !self.questions.iter().any(|known| known.keyword == keyword) {
            self.questions.push(Question {
                question: question.to_owned(),
                keyword: keyword.to_owned(),
                example: Some(example.to_owned()),
            });
        }
    }
}
