//! Units -> pieces of sentences, each with at most one act. One pass; nothing is looked at more than a bounded number of
//! times.

use super::{
    Mark, Span,
    leads::lead,
    vocabulary::{Class, Form, Vocabulary},
    words::{Tag, Unit},
};

/// Why a piece begins where it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    Lead,
    Opener(Class),
    /// "to stay informed"
    Purpose,
    /// "by checking", "without opening"
    Gerund,
    Bracket,
    /// Anything else: a sentence, a verb in a series, what follows a colon.
    Plain,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece {
    /// Units, by index.
    pub(super) units: Span,
    pub(super) start: Start,
    pub(super) sentence: usize,
}

pub(super) fn pieces(vocabulary: &Vocabulary, units: &[Unit]) -> Vec<Piece> {
    let finite = finite(units);
    let mut all = Vec::new();
    let (mut from, mut sentence) = (0, 0);
    while from < units.len() {
        let length = units.iter().skip(from).position(|unit| matches!(unit.tag, Tag::Mark(Mark::Stop | Mark::Line)));
        let mut end = length.map_or(units.len(), |length| from + length + 1);
        while units.get(end).is_some_and(|unit| matches!(unit.tag, Tag::Mark(Mark::Stop | Mark::Line | Mark::Close))) {
            end += 1;
        }
        let mut cutter =
            Cutter { vocabulary, units, finite: &finite, end, main: None, mode: Mode::Main, pieces: Vec::new() };
        cutter.cut(from);
        let starts = cutter.pieces;
        let ends = starts.iter().skip(1).map(|(at, _)| *at).chain(std::iter::once(end));
        all.extend(starts.iter().zip(ends).map(|((at, start), end)| Piece {
            units: *at..end,
            start: *start,
            sentence,
        }));
        (from, sentence) = (end, sentence + 1);
    }
    all
}

/// For each unit: the finite verb that a noun phrase beginning here is the subject of.
fn finite(units: &[Unit]) -> Vec<Option<usize>> {
    let mut all = vec![None; units.len() + 1];
    for (at, unit) in units.iter().enumerate().rev() {
        let next = units.get(at + 1);
        let before = at.checked_sub(1).and_then(|before| units.get(before));
        let ahead = all.get(at + 1).copied().flatten();
        let verb_next = next.is_some_and(|next| next.verb().is_some());
        let found = match unit.tag {
            // "the text I gave" is what is given.
            Tag::Noun | Tag::Service if next.is_some_and(Unit::narrator) => None,
            Tag::Verb(Form::Third | Form::Past) | Tag::Word(Class::Modal) => Some(at),
            Tag::Verb(Form::Base) if !before.is_some_and(|before| before.preposition("to")) => Some(at),
            Tag::Verb(Form::Ed) => {
                let object =
                    next.is_some_and(|next| matches!(next.tag, Tag::Word(Class::Determiner(_) | Class::Pronoun)));
                if object { Some(at) } else { ahead }
            }
            Tag::Word(Class::And) if verb_next => None,
            Tag::Word(Class::Preposition) if unit.lemma == "to" && verb_next => None,
            Tag::Word(Class::Preposition | Class::And | Class::Adverb | Class::Not) | Tag::Time => ahead,
            _ if unit.nominal() => ahead,
            _ => None,
        };
        if let Some(slot) = all.get_mut(at) {
            *slot = found;
        }
    }
    all
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Main,
    /// A relative clause or a complement: its verbs are no acts.
    Embedded,
    /// After "when", "if", …; whether its verb has come.
    Sub {
        verb: bool,
    },
}

struct Cutter<'a> {
    vocabulary: &'a Vocabulary,
    units: &'a [Unit],
    finite: &'a [Option<usize>],
    end: usize,
    /// The form of the acts of this sentence.
    main: Option<Form>,
    mode: Mode,
    pieces: Vec<(usize, Start)>,
}

impl<'a> Cutter<'a> {
    fn unit(&self, at: usize) -> Option<&'a Unit> {
        self.units.get(at).filter(|_| at < self.end)
    }

    fn tag(&self, at: usize) -> Option<Tag> {
        self.unit(at).map(|unit| unit.tag)
    }

    /// The first unit from here that is no adverb, time, politeness or "and".
    fn content(&self, mut at: usize) -> usize {
        while matches!(self.tag(at), Some(Tag::Time | Tag::Word(Class::Adverb | Class::Polite | Class::And))) {
            at += 1;
        }
        at
    }

    fn open(&mut self, at: usize, start: Start) {
        if self.pieces.last().is_none_or(|(last, _)| *last < at) {
            self.pieces.push((at, start));
        } else if let Some(last) = self.pieces.last_mut() {
            last.1 = start;
        }
        self.mode = match start {
            Start::Opener(Class::Else | Class::Reason) => Mode::Main,
            Start::Opener(_) => Mode::Sub { verb: false },
            _ => Mode::Main,
        };
    }

    fn cut(&mut self, from: usize) {
        self.open(from, Start::Plain);
        let mut at = self.leads(from);
        let mut boundary = true;
        while at < self.end {
            let Some(unit) = self.unit(at) else { break };
            if let Tag::Mark(mark) = unit.tag {
                boundary = true;
                match mark {
                    Mark::Open => {
                        at = self.bracket(at);
                        continue;
                    }
                    Mark::Colon | Mark::Semicolon | Mark::Arrow | Mark::Dash if at + 1 < self.end => {
                        self.open(at + 1, Start::Plain);
                        self.main = None;
                        at = self.leads(at + 1);
                        continue;
                    }
                    _ => {}
                }
                at += 1;
                continue;
            }
            if let Some((first, start)) = self.opener(at) {
                self.open(first, start);
                boundary = false;
                at += 1;
                continue;
            }
            if boundary || unit.is(Class::And) {
                let content = self.content(at);
                if at > from && self.opens(at, content) {
                    self.open(at, Start::Plain);
                    boundary = false;
                    at = self.leads(at).max(content);
                    continue;
                }
                // "and" alone changes nothing for what follows.
                boundary = unit.is(Class::And) || content > at;
                if unit.is(Class::And) {
                    at += 1;
                    continue;
                }
            }
            self.pass(at);
            if boundary && !matches!(self.tag(at), Some(Tag::Time | Tag::Word(Class::Adverb | Class::Polite))) {
                boundary = false;
            }
            at += 1;
        }
    }

    /// Takes "An agent that", "I want you to" … as pieces of their own.
    fn leads(&mut self, mut at: usize) -> usize {
        while let Some(end) = lead(self.vocabulary, self.units, at, self.end) {
            self.open(at, Start::Lead);
            if end >= self.end {
                return end;
            }
            self.open(end, Start::Plain);
            at = end;
        }
        at
    }

    /// Changes the mode by what this unit is.
    fn pass(&mut self, at: usize) {
        let Some(unit) = self.unit(at) else { return };
        match (unit.tag, self.mode) {
            (Tag::Verb(form), Mode::Main) => {
                let infinitive =
                    at.checked_sub(1).and_then(|before| self.unit(before)).is_some_and(|unit| unit.preposition("to"));
                if self.main.is_none() && form != Form::Ed && !infinitive {
                    self.main = Some(form);
                }
            }
            (Tag::Verb(form), Mode::Sub { .. }) if form != Form::Ing => self.mode = Mode::Sub { verb: true },
            (Tag::Word(Class::Relative), Mode::Main) => self.mode = Mode::Embedded,
            (Tag::Word(Class::Question), Mode::Main) if self.main.is_some() => self.mode = Mode::Embedded,
            _ => {}
        }
    }

    /// A word that begins a clause wherever it stands; and the unit that the clause begins with.
    fn opener(&self, at: usize) -> Option<(usize, Start)> {
        let unit = self.unit(at)?;
        let start = match unit.tag {
            Tag::Word(class @ (Class::When | Class::If | Class::Else | Class::Reason | Class::While)) => {
                Start::Opener(class)
            }
            Tag::Word(Class::Preposition) => self.prepositional(at, unit)?,
            Tag::Verb(Form::Base) if self.mode == (Mode::Sub { verb: true }) && self.imperative(at) => Start::Plain,
            _ => return None,
        };
        let mut first = at;
        while let Some(before) =
            first.checked_sub(1).filter(|before| self.pieces.last().is_none_or(|(last, _)| before >= last))
        {
            let Some(unit) = self.unit(before) else { break };
            let only = unit.is(Class::Adverb)
                && matches!(unit.lemma.as_str(), "only" | "just" | "even" | "again" | "also" | "shortly" | "right");
            if start == Start::Plain || !(only || unit.is(Class::And)) {
                break;
            }
            first = before;
        }
        Some((first, start))
    }

    fn prepositional(&self, at: usize, unit: &Unit) -> Option<Start> {
        let next = self.tag(self.content(at + 1))?;
        let inside = self.pieces.last().is_some_and(|(first, _)| self.content(*first) < at);
        if self.mode != Mode::Main || !inside {
            return None;
        }
        match (unit.lemma.as_str(), next) {
            ("to", Tag::Verb(Form::Base)) if self.main.is_some() => {
                let verb = self.units.get(..at)?.iter().rev().take(12).find(|unit| unit.verb().is_some())?;
                let before = self.unit(at.checked_sub(1)?)?;
                let takes = matches!(
                    verb.lemma.as_str(),
                    "want"
                        | "like"
                        | "need"
                        | "ask"
                        | "tell"
                        | "remind"
                        | "try"
                        | "help"
                        | "let"
                        | "allow"
                        | "have"
                        | "invite"
                        | "request"
                        | "be"
                        | "start"
                        | "know"
                        | "forget"
                        | "learn"
                        | "decide"
                        | "enable"
                        | "wait"
                        | "prompt"
                        | "schedule"
                );
                let noun = matches!(
                    before.lemma.as_str(),
                    "way" | "reminder" | "time" | "chance" | "request" | "button" | "something" | "anything"
                );
                (!takes && !noun).then_some(Start::Purpose)
            }
            ("by" | "without" | "instead of" | "for", Tag::Verb(Form::Ing)) => Some(Start::Gerund),
            _ => None,
        }
    }

    /// "… when the file is there move the mail": an imperative without a comma before it.
    fn imperative(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|before| self.unit(before));
        let object =
            self.tag(at + 1).is_some_and(|tag| matches!(tag, Tag::Word(Class::Determiner(_) | Class::Pronoun)));
        object
            && before.is_some_and(|before| {
                !matches!(
                    before.tag,
                    Tag::Word(Class::Modal | Class::Not | Class::And | Class::Relative | Class::Question)
                ) && !before.preposition("to")
                    && !(before.is(Class::Pronoun) && self.vocabulary.subject(&before.lemma))
            })
    }

    /// Whether a new act begins at a mark or "and". `content` is what follows adverbs and times.
    fn opens(&self, at: usize, content: usize) -> bool {
        let Some(unit) = self.unit(content) else { return false };
        let comma =
            at.checked_sub(1).and_then(|before| self.tag(before)).is_some_and(|tag| matches!(tag, Tag::Mark(_)));
        let then = self.unit(at).is_some_and(|unit| unit.lemma.ends_with("then"));
        let object_next = self.tag(content + 1).is_some_and(|tag| !matches!(tag, Tag::Mark(_) | Tag::Word(Class::And)));
        match unit.tag {
            Tag::Verb(form) => match (self.mode, form) {
                (Mode::Sub { verb: false }, _) | (_, Form::Ed) => false,
                (Mode::Sub { verb: true }, Form::Base) => comma || then || self.imperative(content),
                (Mode::Sub { verb: true }, Form::Third) => comma && self.main.is_some() || then,
                (Mode::Sub { verb: true }, _) => comma,
                (Mode::Embedded, form) => self.main == Some(form),
                (Mode::Main, Form::Ing) => object_next,
                (Mode::Main, _) => true,
            },
            Tag::Word(Class::Modal) => self.mode == Mode::Main && self.main.is_some(),
            Tag::Word(Class::Not) => {
                let elided = self.tag(content + 1).is_some_and(|tag| matches!(tag, Tag::Word(Class::Preposition)));
                let verb = self.tag(content + 1).is_some_and(|tag| matches!(tag, Tag::Verb(Form::Base)));
                (elided || verb) && self.mode == Mode::Main && self.main.is_some()
            }
            _ if unit.nominal() || unit.is(Class::Preposition) && comma => {
                let subject =
                    self.finite.get(content).copied().flatten().is_some_and(|verb| verb > content && verb < self.end);
                let ready = match self.mode {
                    Mode::Main => true,
                    Mode::Embedded => comma,
                    Mode::Sub { verb } => verb && comma,
                };
                // "After a sub clause comes the main one", with or without a verb.
                let main = comma
                    && matches!(self.mode, Mode::Sub { verb: true })
                    && self.pieces.len() < 2
                    && !self.more_subject(content);
                ready && subject || main
            }
            _ => false,
        }
    }

    /// "When a row, a record or a page is added"
    fn more_subject(&self, at: usize) -> bool {
        self.units.get(at..self.end).unwrap_or_default().iter().take(8).any(|unit| unit.is(Class::And))
    }

    /// A bracket is a piece of its own if the sentence does not go on behind it; else it stays with what it explains.
    fn bracket(&mut self, at: usize) -> usize {
        let inside = self.units.get(at..self.end).unwrap_or_default();
        let Some(length) = inside.iter().position(|unit| unit.tag == Tag::Mark(Mark::Close)) else { return at + 1 };
        let close = at + length;
        let after = self.tag(close + 1);
        let ends = matches!(
            after,
            None | Some(Tag::Mark(_) | Tag::Word(Class::When | Class::If | Class::Reason | Class::And))
        );
        let long = length > 3;
        if ends && long && at > 0 {
            let mode = self.mode;
            self.open(at, Start::Bracket);
            if matches!(after, Some(Tag::Mark(Mark::Comma) | Tag::Word(Class::And)))
                && !self.opens(close + 2, self.content(close + 2))
            {
                self.pieces.pop();
                self.mode = mode;
            }
        }
        close + 1
    }
}
