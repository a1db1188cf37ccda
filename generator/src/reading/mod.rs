//! Reads a goal before any block is thought of: what kind of sentence each is, what is done to what, which values stand
//! in it. [`read`] is linear in the text; every token belongs to exactly one clause.

mod acts;
mod classes;
mod clauses;
mod finite;
mod frame;
mod guards;
mod inflection;
mod itself;
mod labels;
pub mod language;
mod leads;
mod openers;
mod opening;
mod phrase;
mod read;
mod roles;
pub(crate) mod schedule;
mod scope;
mod show;
mod strangers;
mod token;
mod units;
mod verb;
mod vocabulary;
mod words;
mod work;

use std::ops::Range;

pub(crate) use self::token::{is_money, is_month};
pub use self::{
    read::{read, read_with_names},
    schedule::schedule,
    show::show,
    token::tokens,
    vocabulary::{Kind, Service, Vocabulary},
};

/// A run of tokens, by index.
pub type Span = Range<usize>;

/// A goal, read.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    pub text: String,
    pub tokens: Vec<Token>,
    /// In the order of the text; their spans cover every token once.
    pub clauses: Vec<Clause>,
    pub schedule: Option<Schedule>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    /// Bytes of the text.
    pub start: usize,
    pub end: usize,
    pub kind: TokenKind,
}

impl Token {
    /// As the person wrote it.
    pub fn raw<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.start..self.end).unwrap_or_default()
    }

    pub fn word(&self) -> Option<&str> {
        match &self.kind {
            TokenKind::Word(word) => Some(word),
            _ => None,
        }
    }

    pub fn value(&self) -> Option<&Value> {
        match &self.kind {
            TokenKind::Value(value) => Some(value),
            _ => None,
        }
    }

    pub fn mark(&self) -> Option<Mark> {
        match self.kind {
            TokenKind::Mark(mark) => Some(mark),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum TokenKind {
    /// Lower case, British spelling, no apostrophe or possessive ending; the text has it as written.
    Word(String),
    Value(Value),
    /// Comma, full stop, colon, dash, arrow, bullet, bracket, line end …
    Mark(Mark),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Comma,
    Colon,
    Semicolon,
    /// `.`, `!`, `?`
    Stop,
    /// A line break, or what marks an entry of a list at the start of a line.
    Line,
    /// `->`, `→`, `>`, `=>`, `|` between two parts.
    Arrow,
    /// ` - `, ` – `, `—` between two parts.
    Dash,
    Open,
    Close,
    Other,
}

/// A typed value that the person wrote.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// With `https://` where it was left out.
    Url(String),
    Email(String),
    /// `#general`
    Channel(String),
    /// `@name`
    Handle(String),
    /// `r/rust`, without `r/`.
    Subreddit(String),
    /// `owner/name`
    Repository(String),
    /// Without its quotation marks.
    Quoted(String),
    /// Written in digits or as a word ("three"); a thousands separator is taken out.
    Number(f64),
    /// `$5`, `4000 euros`, `20 %` as written.
    Amount(String),
    /// Minutes: "24 hours", "two weeks", "30 min". Less than one counts as one; a month has 30 days.
    Duration(u32),
    /// Hour and minute.
    Time(u8, u8),
    /// `2026-12-24`, "24 December", "the 25th" as written.
    Date(String),
    /// `[name]`, `{topic}`, `<message>`: what is to be put in, without its brackets.
    Placeholder(String),
    /// A long identifier: document, sheet, database or chat.
    Identifier(String),
    /// `/support-tickets`: a path of an address.
    Path(String),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    /// Five fields, Sunday is 0.
    pub cron: String,
    /// "CST", "Europe/Berlin", "UTC+2" as written.
    pub timezone: Option<String>,
    /// The tokens that say it; may lie in several places ("every weekday … at 9").
    pub spans: Vec<Span>,
    /// What cron cannot say of it, and what it does instead, for the person.
    pub approximate: Option<String>,
    /// Other rhythms that the text names: they are not in `cron`.
    pub others: Vec<Span>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    pub span: Span,
    pub role: Role,
    /// Counted from 0.
    pub sentence: usize,
    /// The clause that this one depends on: a trigger, condition, loop or "otherwise". Always an index in `clauses`.
    pub under: Option<usize>,
    /// What is done, or happens. `None` for roles without an act of their own.
    pub frame: Option<Frame>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Something to do.
    Act,
    /// "When a new mail arrives", "RSS:" as a title in front.
    Trigger,
    /// Nothing but a time.
    Schedule,
    /// "if", "only if", "unless" (negated frame), "when it contains".
    Condition,
    /// "otherwise", "else", "the others": of the condition at this index.
    Otherwise(usize),
    /// "for each of them", "per file".
    Loop,
    /// "only unread ones", "at most 5", "with label X" as a clause of its own.
    Restriction,
    /// "My chat id is 123".
    Value,
    /// "In a friendly tone", "as bullet points", "in Spanish".
    Manner,
    /// Who we are, why, so that, what hurts today.
    Background,
    /// Greetings, thanks, "please".
    Politeness,
    /// To the builder: "do it with Zapier", "do not ask me for keys".
    Instruction,
    /// "An agent that …", "Build a workflow that": introduces an act, says nothing.
    LeadIn,
    /// The name of it all: "Standup reminder:", "Daily digest:".
    Title,
}

/// A verb with what belongs to it. "mail me the summary of it at noon": verb `mail`, recipient `me`, object `summary`
/// with the argument `of` `it`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Frame {
    /// `None` in a clause without a verb ("RSS feed to Slack", "ideas for reels").
    pub verb: Option<Verb>,
    /// Who does it, or what happens to what: "a new row is added" has the subject `row` and is passive.
    pub subject: Option<Phrase>,
    pub passive: bool,
    /// Coordinated ones are several: "title and link".
    pub objects: Vec<Phrase>,
    /// "mail **me**", "tell **the team**".
    pub recipients: Vec<Phrase>,
    /// In the order of the text, coordinated ones each by itself.
    pub arguments: Vec<Argument>,
    /// A subordinate clause: "that the rent is due", "what is unusual", "whether it is valid".
    pub complement: Option<Span>,
    pub negated: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Verb {
    /// `post` for "posts", "posting", "posted".
    pub lemma: String,
    /// "look **up**", "sum **up**"
    pub particle: Option<String>,
    pub span: Span,
}

impl Verb {
    /// `sum up`, `post`: the lemma with its particle.
    pub fn full(&self) -> String {
        match &self.particle {
            Some(particle) => format!("{} {particle}", self.lemma),
            None => self.lemma.clone(),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Argument {
    /// "from", "to", "into", "about", "as" …
    pub preposition: String,
    pub phrase: Phrase,
}

/// A noun with what stands around it: "the ten newest unread mails of the week with label X".
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Phrase {
    /// All of it, what narrows it included.
    pub span: Span,
    /// Singular and spelled as the vocabulary does: `email`, `web page`. Empty for a bare value or name.
    pub head: String,
    /// Content words before the head, in order, singular: `new`, `unread`, `pull`.
    pub modifiers: Vec<String>,
    pub determiner: Determiner,
    pub plural: bool,
    /// "it", "them", "me", "us".
    pub pronoun: bool,
    /// Tokens that are values, by index.
    pub values: Vec<usize>,
    /// Products and services in it, as the vocabulary names them ("Google Sheets"), known and unknown ones.
    pub services: Vec<String>,
    /// A list that the person gives: "a list of web pages". Only the planner knows.
    pub given: bool,
    /// Only what was not there at the last run: "without duplicates". Only the planner knows.
    pub unseen: bool,
    /// What narrows it: a relative clause, "labelled bug", "from the last 24 hours", "that fit a search".
    pub tail: Option<Span>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Determiner {
    #[default]
    None,
    /// "a", "another"
    Some,
    /// "the", "this"
    The,
    /// "my", "our", "the team's"
    Mine,
    /// "your", "their"
    Theirs,
    /// "each", "every", "per"
    Each,
    /// "all", "any"
    All,
    No,
    /// "the last 50", "three"
    Count(u32),
}
