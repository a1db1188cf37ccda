//! Which words of the goal ended up somewhere. What is left over is told to the person.

use std::collections::HashMap;

use serde_json::Value;

use crate::{
    catalogue::special,
    knowledge::{Class, Knowledge},
    plan::model::{Binding, Step},
    reading::{Reading, Span, TokenKind},
};

/// Words that carry no wish of their own.
const EMPTY: &str = " a an the this that these those my your our their his her its i me we us you he she it they them who \
    which what whose whether and or but nor so then also too just only even still as than if unless when whenever while where how why to \
    of in on at by for from with into onto out up off over under about via per through across within without between \
    against during before after until since is are was were be been being am do does did done doing have has had having \
    can could should would may might must will shall want need like wants needs please get gets let lets know make makes go goes \
    there here not no yes any some each every all both one ones other others same such very really maybe perhaps etc ok \
    okay hi hello thanks automatically auto new way something anything thing things well able use using used \
    around another again back down its it's itself myself yourself dont don't id im ive hey simply always ever now kind sort \
    lot bit more most much many few own new whole given based because that's though although however else otherwise instead e.g i.e eg ie once time times soon moment \
    together along plus favourite favorite preferred quickly easily directly immediately instantly seamlessly efficiently \
    finally lastly afterwards afterward thereafter additionally furthermore moreover subsequently eventually accordingly ";

pub(in crate::plan) fn is_empty(word: &str) -> bool {
    let mut key = String::with_capacity(word.len() + 2);
    key.push(' ');
    key.push_str(word);
    key.push(' ');
    EMPTY.contains(&key)
}

#[derive(Debug)]
pub(in crate::plan) struct Cover {
    done: Vec<bool>,
    /// Said by something else that a step holds: the name of a person whose address it has.
    closed: Vec<bool>,
}

impl Cover {
    pub(in crate::plan) fn of(reading: &Reading) -> Self {
        let none = vec![false; reading.tokens.len()];
        Self { done: none.clone(), closed: none }
    }

    /// Covers words that no step has to hold.
    pub(in crate::plan) fn close(&mut self, span: &Span) {
        self.add(span);
        self.closed.get_mut(span.clone()).unwrap_or_default().fill(true);
    }

    pub(in crate::plan) fn is_closed(&self, at: usize) -> bool {
        self.closed.get(at).copied().unwrap_or(true)
    }

    pub(in crate::plan) fn add(&mut self, span: &Span) {
        for at in span.clone() {
            if let Some(done) = self.done.get_mut(at) {
                *done = true;
            }
        }
    }

    pub(in crate::plan) fn has(&self, at: usize) -> bool {
        self.done.get(at).copied().unwrap_or(true)
    }

    /// The runs of words within `span` that carry a wish and are not covered.
    pub(in crate::plan) fn open(&self, reading: &Reading, span: &Span) -> Vec<Span> {
        let mut runs: Vec<Span> = Vec::new();
        let mut current: Option<Span> = None;
        // "had no activity": without "no" it would be the opposite.
        let denies = |at: usize| {
            let word = reading.tokens.get(at).and_then(|token| token.word());
            word.is_some_and(|word| matches!(word, "no" | "not" | "never" | "without" | "dont" | "don't"))
        };
        let starts = |at: usize| match at.checked_sub(1) {
            Some(before) if span.contains(&before) && denies(before) => before,
            _ => at,
        };
        for at in span.clone() {
            let token = reading.tokens.get(at);
            let (tells, breaks) = match token.map(|token| &token.kind) {
                Some(TokenKind::Word(word)) => (!is_empty(word) && !self.has(at), self.has(at) && !is_empty(word)),
                Some(TokenKind::Value(_)) => (!self.has(at), self.has(at)),
                Some(TokenKind::Mark(_)) | None => (false, false),
            };
            match (&mut current, tells) {
                (Some(run), true) => run.end = at + 1,
                (None, true) => current = Some(starts(at)..at + 1),
                (_, false) if breaks => runs.extend(current.take()),
                _ => {}
            }
        }
        runs.extend(current);
        runs
    }
}

// ----- what the finished steps hold

/// The words that the finished steps hold: in values, prompts, names and titles, and in what their blocks mean.
pub(in crate::plan) struct Held {
    pub(in crate::plan) text: String,
    /// Without what a language model is told: an address in a prompt is not written to.
    firm: String,
    /// By their first three letters.
    words: HashMap<String, Vec<String>>,
    /// Something is read, or the person gives it.
    pub(in crate::plan) gets: bool,
    /// Something is sent, kept or given out.
    pub(in crate::plan) hands_over: bool,
    /// A trigger starts the agent.
    triggered: bool,
}

impl Held {
    pub(in crate::plan) fn by<'s>(known: &Knowledge, steps: impl Iterator<Item = &'s Step>) -> Self {
        let mut held = Self {
            text: String::new(),
            firm: String::new(),
            words: HashMap::new(),
            gets: false,
            hands_over: false,
            triggered: false,
        };
        for step in steps {
            if let Some(block) = known.catalogue.by_id(&step.block) {
                let meaning = known.meaning(block);
                held.gets |= block.is_agent_input() || known.serves(block, Class::Fetch);
                held.hands_over |= block.is_agent_output() || known.delivers(block);
                held.triggered |= block.trigger;
                // What is read or sent by a service does no more than its inputs say, whatever its title repeats.
                let repeats = meaning.service.is_some() || known.serves(block, Class::Fetch);
                held.add(if repeats && !block.is_agent_input() { "" } else { &step.title });
                held.add(&block.title());
                known.called(block).for_each(|noun| held.add(noun));
                for word in meaning.objects.iter().chain(&meaning.verbs).chain(&meaning.gives).chain(&meaning.service) {
                    held.add(word);
                }
            }
            // The schemas of an agent say much that it does not do here.
            let runs = step.block == special::AGENT_EXECUTOR;
            for input in step.inputs.iter().filter(|input| !runs || !input.name.ends_with("_schema")) {
                let asks = known.catalogue.by_id(&step.block).is_some_and(|block| block.is_agent_input());
                // An input that is there and empty holds nothing.
                let empty = matches!(&input.binding, Binding::Value(Value::Array(parts)) if parts.is_empty());
                held.add(if asks || empty { "" } else { &input.name });
                if let (Binding::Value(value), false) = (&input.binding, is_told(&input.name)) {
                    held.firm.push_str(&value.to_string().to_lowercase());
                }
                match &input.binding {
                    Binding::Value(value) => held.add_value(value),
                    Binding::From { output, .. } => held.add(output),
                }
            }
        }
        held
    }

    fn add_value(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.add(text),
            Value::Array(parts) => parts.iter().for_each(|part| self.add_value(part)),
            Value::Object(parts) => parts.iter().for_each(|(key, part)| {
                self.add(key);
                self.add_value(part);
            }),
            Value::Number(number) => self.add(&number.to_string()),
            Value::Bool(_) | Value::Null => {}
        }
    }

    pub(in crate::plan) fn add(&mut self, text: &str) {
        let text = text.to_lowercase();
        for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            let word = crate::text::plain(word);
            let bucket = self.words.entry(start(&word)).or_default();
            if !bucket.contains(&word) {
                bucket.push(word);
            }
        }
        self.text.push_str(&text);
        self.text.push('\n');
    }

    /// Whether a word stands there in any form: "summaries" for "summarise".
    pub(in crate::plan) fn has(&self, word: &str) -> bool {
        let word = crate::text::plain(word);
        // "follow-up", "e-mail": by their parts.
        word.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).all(|part| {
            let part = if part == "mail" || part == "mails" { "email" } else { part };
            self.words.get(&start(part)).is_some_and(|known| known.iter().any(|known| akin(part, known)))
        })
    }

    /// Whether a step reads a stretch of time only.
    pub(in crate::plan) fn windowed(&self) -> bool {
        ["newer_than:", "last_minutes", "time_period", "time_range_days"].iter().any(|sign| self.text.contains(sign))
    }

    /// A part that a step takes has this name.
    pub(in crate::plan) fn has_key(&self, name: &str) -> bool {
        self.firm.contains(&format!("\"{}\"", name.to_lowercase()))
    }

    /// Whether a step knows what is new.
    pub(in crate::plan) fn tells_new(&self) -> bool {
        let signs = ["recall what was there before", "is:unread", "wait for", "time_period"];
        self.triggered || signs.iter().any(|sign| self.text.contains(sign))
    }

    /// It stands in an input of its own, not only among the words of a prompt.
    pub(in crate::plan) fn has_firmly(&self, value: &str) -> bool {
        self.firm.contains(&value.to_lowercase().replace('"', "\\\""))
    }

    /// What was left out is accounted for.
    pub(in crate::plan) fn add_left(&mut self, text: &str) {
        self.add(text);
        self.firm.push_str(&text.to_lowercase());
    }

    pub(in crate::plan) fn has_value(&self, raw: &str) -> bool {
        let raw = raw.to_lowercase();
        let bare = raw.trim_matches(|c: char| !c.is_alphanumeric());
        !bare.is_empty()
            && (bare.len() > 3 && self.text.contains(bare)
                || bare
                    .split(|c: char| !c.is_alphanumeric())
                    .filter(|part| !part.is_empty())
                    .all(|part| self.has(part)))
    }

    /// The very words, one after the other: "Ready" is not "read".
    pub(in crate::plan) fn has_quoted(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        self.text.match_indices(text.trim()).any(|(at, found)| {
            edge(self.text.get(..at).and_then(|before| before.chars().next_back()))
                && edge(self.text.get(at + found.len()..).and_then(|after| after.chars().next()))
        })
    }
}

/// Inputs that a language model reads.
fn is_told(input: &str) -> bool {
    matches!(input, "prompt" | "sys_prompt" | "condition" | "focus")
}

pub(in crate::plan) fn start(word: &str) -> String {
    word.chars().take(3).collect()
}

/// The same word but for its ending.
fn akin(left: &str, right: &str) -> bool {
    const ENDINGS: [&str; 14] = ["", "s", "e", "es", "d", "ed", "ing", "er", "ers", "ly", "y", "ies", "ied", "ion"];
    let shared: usize =
        left.chars().zip(right.chars()).take_while(|(one, other)| one == other).map(|(c, _)| c.len_utf8()).sum();
    let longest = left.len().max(right.len());
    let rest = |word: &str| word.get(shared..).map(str::to_owned).unwrap_or_default();
    left == right
        || shared >= 5 && shared + 3 >= longest
        || shared >= 3 && ENDINGS.contains(&rest(left).as_str()) && ENDINGS.contains(&rest(right).as_str())
}
