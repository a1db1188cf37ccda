//! A noun phrase of a wish, as what it asks for.

use crate::{
    knowledge::Knowledge,
    patcher::canvas::words::{is_empty, words},
    reading::{self, Token, TokenKind, Value},
    text::plain_words,
};

/// Words for a step of whatever kind.
const STEPS: &str = "step block node action branch part piece bit thing module element stage operation process agent workflow flow \
    automation";
const ORDINALS: [&str; 10] =
    ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub(in crate::patcher) struct Wanted {
    /// The text itself, without quotation marks, in small letters.
    pub(in crate::patcher) exact: String,
    /// The same, with words such as "step" that stand beside the name.
    pub(in crate::patcher) whole: String,
    /// What stands in quotation marks, in small letters.
    pub(in crate::patcher) quoted: Vec<String>,
    /// Its telling words, in one form.
    pub(in crate::patcher) words: Vec<String>,
    /// Typed values in it: an address, a channel, a number.
    pub(in crate::patcher) values: Vec<String>,
    /// "the second step", counted from 0; `usize::MAX` is the last.
    pub(in crate::patcher) place: Option<usize>,
    /// "step 4": its number, which may stand in a title.
    pub(in crate::patcher) number: Option<String>,
    /// It names inputs or outputs of the agent.
    pub(in crate::patcher) input: bool,
    pub(in crate::patcher) output: bool,
    /// Only words for a step of whatever kind.
    pub(in crate::patcher) says_step: bool,
}

impl Wanted {
    pub(in crate::patcher) fn of(known: &Knowledge, text: &str) -> Self {
        let mut wanted = Self { exact: name(text), whole: without_article(text), ..Self::default() };
        let tokens = reading::tokens(text);
        for (at, token) in tokens.iter().enumerate() {
            wanted.take(known, token, token.raw(text), tokens.get(at + 1));
        }
        wanted
    }

    fn take(&mut self, known: &Knowledge, token: &Token, raw: &str, next: Option<&Token>) {
        match &token.kind {
            TokenKind::Word(word) => {
                let single = known.vocabulary.singular_of(word);
                match single.as_str() {
                    "input" | "field" | "question" | "parameter" => self.input = true,
                    "output" => self.output = true,
                    "last" | "final" => self.place = Some(usize::MAX),
                    other if STEPS.split(' ').any(|one| one == other) => self.says_step = true,
                    other if ORDINALS.contains(&other) => {
                        self.place = ORDINALS.iter().position(|ordinal| *ordinal == other);
                    }
                    // "the subject line"
                    "line" if self.words.last().is_some_and(|last| last == "subject") => {}
                    _ if is_empty(word) => {}
                    _ => {
                        let parts = plain_words(raw).into_iter().flat_map(|word| plain_words(&word.replace('-', " ")));
                        self.words.extend(parts.map(|part| known.vocabulary.canonical(&part)));
                    }
                }
            }
            TokenKind::Value(Value::Quoted(text)) => {
                self.quoted.push(text.trim().to_lowercase());
                self.words.extend(words(known, text));
            }
            TokenKind::Value(Value::Number(number)) => {
                let counts = self.says_step && next.is_none() && *number >= 1.0 && number.fract() == 0.0;
                if counts {
                    self.place = Some((*number - 1.0).min(1e6) as usize);
                    self.number = Some(raw.to_owned());
                } else {
                    self.values.push(raw.to_owned());
                }
            }
            TokenKind::Value(_) => self.values.push(raw.to_owned()),
            TokenKind::Mark(_) => {}
        }
    }

    /// Whether it names nothing.
    pub(in crate::patcher) fn is_empty(&self) -> bool {
        self.words.is_empty() && self.values.is_empty() && self.place.is_none()
    }

    /// Whether only the agent as a whole is meant: "it", "the workflow".
    pub(in crate::patcher) fn is_agent(&self) -> bool {
        self.is_empty() && !self.input && !self.output
    }
}

fn without_article(text: &str) -> String {
    let text = bare(text).to_lowercase();
    ["the ", "a ", "an ", "my "].iter().find_map(|article| text.strip_prefix(article)).unwrap_or(&text).to_owned()
}

/// What is called by a text, in small letters: "g2" of "the step g2", "send it" of "the 'Send it' node".
fn name(text: &str) -> String {
    let mut rest = text.trim();
    let generic = |word: &str| {
        let word = word.to_lowercase();
        matches!(word.as_str(), "the" | "a" | "an" | "my" | "this" | "that" | "our")
            || STEPS.split(' ').any(|one| one == word)
    };
    while let Some((_, more)) = rest.split_once(' ').filter(|(first, _)| generic(first)) {
        rest = more.trim();
    }
    while let Some((more, _)) = rest.rsplit_once(' ').filter(|(_, last)| generic(last)) {
        rest = more.trim();
    }
    bare(rest).to_lowercase()
}

/// A text without quotation marks, an article and what ends a sentence.
pub(in crate::patcher) fn bare(text: &str) -> &str {
    let text = text.trim().trim_end_matches(['.', ';', ',', '!', '?', ':']).trim();
    for (open, close) in [('"', '"'), ('“', '”'), ('\'', '\''), ('‘', '’'), ('`', '`')] {
        if let Some(inner) = text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)) {
            return inner;
        }
    }
    text
}
