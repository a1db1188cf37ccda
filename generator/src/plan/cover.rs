//! Which words of the goal ended up somewhere. What is left over is told to the person.

use std::collections::HashMap;

use serde_json::Value;

use super::{
    know::{Class, Knowledge},
    model::{Binding, Step},
};
use crate::reading::{Clause, Reading, Role, Span, TokenKind, Value as Written};

/// Words that carry no wish of their own.
const EMPTY: &str = " a an the this that these those my your our their his her its i me we us you he she it they them who \
    which what whose and or but nor so then also too just only even still as than if unless when whenever while where how why to \
    of in on at by for from with into onto out up off over under about via per through across within without between \
    against during before after until since is are was were be been being am do does did done doing have has had having \
    can could should would may might must will shall want need like please get gets let lets make makes go goes \
    there here not no yes any some each every all both one ones other others same such very really maybe perhaps etc ok \
    okay hi hello thanks thank automatically auto new way something anything thing things well able use using used \
    around another again back down its it's itself myself yourself dont don't id im ive hey simply always ever now kind sort \
    lot bit more most much many few own new whole given based because that's though although however else otherwise instead e.g i.e eg ie once time times ";

pub(super) fn is_empty(word: &str) -> bool {
    let mut key = String::with_capacity(word.len() + 2);
    key.push(' ');
    key.push_str(word);
    key.push(' ');
    EMPTY.contains(&key)
}

#[derive(Debug)]
pub(super) struct Cover {
    done: Vec<bool>,
}

impl Cover {
    pub(super) fn of(reading: &Reading) -> Self {
        Self { done: vec![false; reading.tokens.len()] }
    }

    pub(super) fn add(&mut self, span: &Span) {
        for at in span.clone() {
            if let Some(done) = self.done.get_mut(at) {
                *done = true;
            }
        }
    }

    pub(super) fn has(&self, at: usize) -> bool {
        self.done.get(at).copied().unwrap_or(true)
    }

    /// The runs of words within `span` that carry a wish and are not covered.
    pub(super) fn open(&self, reading: &Reading, span: &Span) -> Vec<Span> {
        let mut runs: Vec<Span> = Vec::new();
        let mut current: Option<Span> = None;
        for at in span.clone() {
            let token = reading.tokens.get(at);
            let (tells, breaks) = match token.map(|token| &token.kind) {
                Some(TokenKind::Word(word)) => (!is_empty(word) && !self.has(at), self.has(at) && !is_empty(word)),
                Some(TokenKind::Value(_)) => (!self.has(at), self.has(at)),
                Some(TokenKind::Mark(_)) | None => (false, false),
            };
            match (&mut current, tells) {
                (Some(run), true) => run.end = at + 1,
                (None, true) => current = Some(at..at + 1),
                (_, false) if breaks => runs.extend(current.take()),
                _ => {}
            }
        }
        runs.extend(current);
        runs
    }
}

// ----- what the finished steps hold

/// Verbs of getting, handing on and happening: a block that does so holds them, whatever it is called.
const MOVES: [Class; 6] = [Class::Fetch, Class::Tell, Class::Store, Class::Make, Class::Hand, Class::Happen];

/// The words that the finished steps hold: in values, prompts, names and titles, and in what their blocks mean.
pub(super) struct Held {
    text: String,
    /// By their first three letters.
    words: HashMap<String, Vec<String>>,
}

impl Held {
    pub(super) fn by<'s>(known: &Knowledge, steps: impl Iterator<Item = &'s Step>) -> Self {
        let mut held = Self { text: String::new(), words: HashMap::new() };
        for step in steps {
            if let Some(block) = known.catalogue.by_id(&step.block) {
                let meaning = known.meaning(block);
                held.add(&block.title());
                known.called(block).for_each(|noun| held.add(noun));
                for word in meaning.objects.iter().chain(&meaning.verbs).chain(&meaning.gives).chain(&meaning.service) {
                    held.add(word);
                }
            }
            held.add(&step.title);
            for input in &step.inputs {
                held.add(&input.name);
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

    pub(super) fn add(&mut self, text: &str) {
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
    fn has(&self, word: &str) -> bool {
        let word = crate::text::plain(word);
        // "follow-up", "e-mail": by their parts.
        word.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).all(|part| {
            let part = if part == "mail" || part == "mails" { "email" } else { part };
            self.words.get(&start(part)).is_some_and(|known| known.iter().any(|known| akin(part, known)))
        })
    }

    fn has_value(&self, raw: &str) -> bool {
        let raw = raw.to_lowercase();
        let bare = raw.trim_matches(|c: char| !c.is_alphanumeric());
        !bare.is_empty()
            && (bare.len() > 3 && self.text.contains(bare)
                || bare
                    .split(|c: char| !c.is_alphanumeric())
                    .filter(|part| !part.is_empty())
                    .all(|part| self.has(part)))
    }
}

fn start(word: &str) -> String {
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

/// A part of the goal that no step holds.
pub(super) struct Lost {
    pub(super) span: Span,
    /// Nothing at all of the clause was taken up.
    pub(super) whole: bool,
    pub(super) clause: usize,
    pub(super) role: Role,
}

/// What the goal asks for and the finished steps do not hold, in the order of the text.
pub(super) fn lost(known: &Knowledge, reading: &Reading, cover: &Cover, held: &Held) -> Vec<Lost> {
    let mut found: Vec<Lost> = Vec::new();
    let timed = |at: usize| reading.schedule.iter().flat_map(|schedule| &schedule.spans).any(|span| span.contains(&at));
    for (index, clause) in reading.clauses.iter().enumerate().filter(|(_, clause)| speaks(known, reading, clause)) {
        let content: Vec<usize> = clause.span.clone().filter(|at| tells(reading, *at) && !timed(*at)).collect();
        let taken = clause.span.clone().any(|at| cover.has(at));
        let open: Vec<usize> =
            content.iter().copied().filter(|at| !taken || !holds(known, reading, cover, held, clause, *at)).collect();
        if open.is_empty() {
            continue;
        }
        let verb_open = clause
            .frame
            .as_ref()
            .and_then(|frame| frame.verb.as_ref())
            .is_some_and(|verb| verb.span.clone().any(|at| open.contains(&at)));
        let whole =
            !taken || open.len() * 2 > content.len() && (verb_open || content.len() > 2 && open.len() == content.len());
        let spans = if whole {
            vec![clause.span.clone()]
        } else {
            open.iter().map(|at| around(reading, clause, *at)).collect()
        };
        for span in spans {
            match found.last_mut() {
                Some(last) if last.span.end >= span.start => last.span.end = last.span.end.max(span.end),
                _ => found.push(Lost { span, whole, clause: index, role: clause.role }),
            }
        }
    }
    found
}

/// Titles and background ask for nothing, but for what they name: an address, a channel, a text, somebody who approves.
fn speaks(known: &Knowledge, reading: &Reading, clause: &Clause) -> bool {
    use Written::{Channel, Email, Handle, Identifier, Quoted, Url};
    match clause.role {
        Role::Politeness | Role::LeadIn | Role::Instruction => false,
        Role::Background | Role::Title => {
            let mut tokens = reading.tokens.get(clause.span.clone()).unwrap_or_default().iter();
            let named = tokens.any(|token| {
                matches!(token.value(), Some(Channel(_) | Email(_) | Handle(_) | Identifier(_) | Quoted(_) | Url(_)))
            });
            let verb = clause.frame.as_ref().and_then(|frame| frame.verb.as_ref());
            named || clause.role == Role::Background && verb.is_some_and(|verb| known.is(&verb.lemma, Class::Approve))
        }
        _ => true,
    }
}

/// It says something of its own.
fn tells(reading: &Reading, at: usize) -> bool {
    match reading.tokens.get(at).map(|token| &token.kind) {
        Some(TokenKind::Word(word)) => !is_empty(word) && word.len() > 2,
        Some(TokenKind::Value(_)) => true,
        Some(TokenKind::Mark(_)) | None => false,
    }
}

fn holds(known: &Knowledge, reading: &Reading, cover: &Cover, held: &Held, clause: &Clause, at: usize) -> bool {
    let Some(token) = reading.tokens.get(at) else { return true };
    match &token.kind {
        TokenKind::Word(word) => {
            let verb =
                clause.frame.as_ref().and_then(|frame| frame.verb.as_ref()).filter(|verb| verb.span.contains(&at));
            let moves = |lemma: &str| MOVES.iter().any(|class| known.is(lemma, *class));
            let moved = match verb {
                Some(verb) => moves(&verb.lemma),
                // The channel, the people and "new" are held by the block that sends or waits.
                None => {
                    known.is_carrier(word)
                        || known.is_person(word)
                        || matches!(word.as_str(), "new" | "incoming" | "latest")
                }
            };
            // "In a database": the service that is one.
            let chosen = known
                .choice(std::slice::from_ref(word))
                .is_some_and(|choice| choice.services.iter().any(|service| held.has_value(service)));
            let sign = known.sign(word).is_some_and(|sign| held.text.contains(sign));
            chosen
                || sign
                || cover.has(at) && moved
                || lemmas(clause, at).any(|lemma| held.has(lemma))
                || held.has(word)
                || held.has(token.raw(&reading.text))
        }
        TokenKind::Value(value) => {
            held.has_value(token.raw(&reading.text))
                || match value {
                    Written::Duration(minutes) => held.has(&minutes.to_string()),
                    Written::Number(number) => held.has(&number.to_string()),
                    Written::Time(hour, minute) => held.has_value(&format!("{hour:02}:{minute:02}")),
                    Written::Url(text)
                    | Written::Email(text)
                    | Written::Channel(text)
                    | Written::Handle(text)
                    | Written::Subreddit(text)
                    | Written::Repository(text)
                    | Written::Quoted(text)
                    | Written::Amount(text)
                    | Written::Date(text)
                    | Written::Placeholder(text)
                    | Written::Identifier(text)
                    | Written::Path(text) => held.has_value(text),
                }
        }
        TokenKind::Mark(_) => true,
    }
}

/// The word as the reading took it, spelled right: of a verb, or at the end of a phrase.
fn lemmas(clause: &Clause, at: usize) -> impl Iterator<Item = &str> {
    let frame = clause.frame.iter();
    frame.flat_map(move |frame| {
        let verb = frame.verb.iter().filter(move |verb| verb.span.contains(&at)).map(|verb| verb.lemma.as_str());
        let phrases = frame.objects.iter().chain(frame.arguments.iter().map(|argument| &argument.phrase));
        let heads = phrases.chain(&frame.recipients).chain(&frame.subject);
        verb.chain(
            heads.filter(move |phrase| super::act::core(phrase).end == at + 1).map(|phrase| phrase.head.as_str()),
        )
    })
}

/// The smallest phrase around a word that can be said by itself.
fn around(reading: &Reading, clause: &Clause, at: usize) -> Span {
    let frame = clause.frame.iter();
    let led = |span: &Span| span.start.saturating_sub(1).max(clause.span.start)..span.end;
    let mut spans: Vec<Span> = Vec::new();
    for frame in frame {
        spans.extend(frame.complement.clone());
        for phrase in frame.objects.iter().chain(&frame.recipients).chain(&frame.subject) {
            spans.extend([super::act::core(phrase), phrase.span.clone()]);
            spans.extend(phrase.tail.clone());
        }
        for argument in &frame.arguments {
            spans.extend([led(&super::act::core(&argument.phrase)), led(&argument.phrase.span)]);
            spans.extend(argument.phrase.tail.clone());
        }
    }
    let words = |span: &Span| {
        span.clone().filter(|at| reading.tokens.get(*at).is_some_and(|token| token.mark().is_none())).count()
    };
    spans.retain(|span| span.contains(&at) && words(span) > 1);
    spans.into_iter().min_by_key(Span::len).unwrap_or_else(|| clause.span.clone())
}
