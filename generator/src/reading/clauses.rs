//! Units -> pieces of sentences, each with at most one act. One pass; nothing is looked at more than a bounded number of
//! times.

use super::{
    Determiner, Mark, Span,
    inflection::Form,
    leads::lead,
    vocabulary::{Class, Group, Vocabulary},
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

/// How far one looks ahead or back: keeps the work linear whatever the text.
const REACH: usize = 12;

pub(super) fn pieces(vocabulary: &Vocabulary, units: &[Unit]) -> Vec<Piece> {
    let finite = finite(units);
    let mut all = Vec::new();
    let (mut from, mut sentence) = (0, 0);
    while from < units.len() {
        let ends = |unit: &Unit| matches!(unit.tag, Tag::Mark(Mark::Stop | Mark::Line));
        let length = units.iter().skip(from).position(ends);
        let mut end = length.map_or(units.len(), |length| from + length + 1);
        while units.get(end).is_some_and(|unit| ends(unit) || unit.tag == Tag::Mark(Mark::Close)) {
            end += 1;
        }
        let mut cutter = Cutter::new(vocabulary, units, &finite, end);
        cutter.cut(from);
        let ends = cutter.starts.iter().skip(1).map(|(at, _)| *at).chain(std::iter::once(end));
        let starts = cutter.starts.iter().zip(ends);
        all.extend(starts.map(|((at, start), end)| Piece { units: *at..end, start: *start, sentence }));
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
                let object = |next: &Unit| matches!(next.tag, Tag::Word(Class::Determiner(_) | Class::Pronoun));
                if next.is_some_and(object) { Some(at) } else { ahead }
            }
            Tag::Word(Class::And) if verb_next || next.is_some_and(Unit::narrator) => None,
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
    /// Whether this piece has said anything, and whether it has a verb.
    content: bool,
    verb: bool,
    starts: Vec<(usize, Start)>,
}

impl<'a> Cutter<'a> {
    fn new(vocabulary: &'a Vocabulary, units: &'a [Unit], finite: &'a [Option<usize>], end: usize) -> Self {
        let (main, mode) = (None, Mode::Main);
        Self { vocabulary, units, finite, end, main, mode, content: false, verb: false, starts: Vec::new() }
    }

    fn unit(&self, at: usize) -> Option<&'a Unit> {
        self.units.get(at).filter(|_| at < self.end)
    }

    fn tag(&self, at: usize) -> Option<Tag> {
        self.unit(at).map(|unit| unit.tag)
    }

    fn before(&self, at: usize) -> Option<&'a Unit> {
        self.unit(at.checked_sub(1)?)
    }

    /// The first unit from here that is no adverb, time, politeness or "and".
    fn skip(&self, at: usize) -> usize {
        let light =
            |at: &usize| self.unit(*at).is_some_and(|unit| unit.tag == Tag::Time || unit.light() && !self.marks(*at));
        (at..at + REACH).find(|at| !light(at)).unwrap_or(at)
    }

    fn marks(&self, at: usize) -> bool {
        matches!(self.tag(at), Some(Tag::Mark(_)))
    }

    /// A piece that has said nothing yet becomes a part of the new one.
    fn open(&mut self, at: usize, start: Start) {
        match self.starts.last_mut() {
            Some(last) if !self.content && last.1 != Start::Lead => last.1 = start,
            _ => self.starts.push((at, start)),
        }
        (self.content, self.verb) = (false, false);
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
        while let Some(unit) = self.unit(at) {
            if let Tag::Mark(mark) = unit.tag {
                boundary = true;
                at = match mark {
                    Mark::Open => self.bracket(at),
                    // "a score > 80"
                    Mark::Arrow if self.tag(at + 1) == Some(Tag::Value) => at + 1,
                    Mark::Colon | Mark::Semicolon | Mark::Arrow | Mark::Dash if self.more(at + 1) => {
                        self.open(at + 1, Start::Plain);
                        self.main = None;
                        self.leads(at + 1)
                    }
                    Mark::Comma if self.content && self.timed() && self.more(at + 1) => {
                        self.open(at + 1, Start::Plain);
                        at + 1
                    }
                    _ => at + 1,
                };
                continue;
            }
            if let Some((first, start)) = self.opener(at) {
                self.open(first, start);
                self.content = true;
                boundary = false;
                at += 1;
                continue;
            }
            if boundary || unit.is(Class::And) {
                let content = self.skip(at);
                if self.content && self.opens(at, content) {
                    self.open(at, Start::Plain);
                    at = self.leads(at).max(content);
                    boundary = true;
                    continue;
                }
                if let Some(verb) = self.occasion(content) {
                    self.open(at, Start::Opener(Class::When));
                    self.content = true;
                    self.open(verb, Start::Plain);
                    (at, boundary) = (verb, false);
                    continue;
                }
                boundary = unit.light();
            }
            self.pass(at);
            at += 1;
        }
    }

    fn more(&self, at: usize) -> bool {
        (at..self.end).take(REACH).any(|at| !self.marks(at))
    }

    /// Whether the piece is nothing but a time so far: "Every Friday, …".
    fn timed(&self) -> bool {
        let Some((first, Start::Plain)) = self.starts.last() else { return false };
        let units = self.units.get(*first..self.end).unwrap_or_default();
        let until = units.iter().take(REACH).take_while(|unit| !matches!(unit.tag, Tag::Mark(_)));
        until.clone().any(|unit| unit.tag == Tag::Time)
            && until.into_iter().all(|unit| unit.tag == Tag::Time || unit.light())
    }

    /// Takes "An agent that", "I want you to" … as pieces of their own.
    fn leads(&mut self, mut at: usize) -> usize {
        while let Some(mut end) = lead(self.vocabulary, self.units, at, self.end) {
            while self.marks(end) && end < self.end {
                end += 1;
            }
            self.open(at, Start::Lead);
            self.content = true;
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
        self.content |= !unit.light();
        match (unit.tag, self.mode) {
            (Tag::Verb(form), Mode::Main) => {
                let infinitive = self.before(at).is_some_and(|unit| unit.preposition("to"));
                self.verb |= form != Form::Ed || self.before(at).is_some_and(|unit| unit.verb().is_some());
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
        let (last, _) = self.starts.last()?;
        let belongs = |at: &usize| {
            let only = |unit: &Unit| unit.is(Class::Adverb) && BEFORE_OPENERS.contains(&unit.lemma.as_str());
            start != Start::Plain && self.unit(*at).is_some_and(|unit| only(unit) || unit.is(Class::And))
        };
        let first = (*last..at).rev().take_while(belongs).last().unwrap_or(at);
        Some((first, start))
    }

    fn prepositional(&self, at: usize, unit: &Unit) -> Option<Start> {
        let next = self.tag(self.skip(at + 1))?;
        if self.mode != Mode::Main || !self.content {
            return None;
        }
        match (unit.lemma.as_str(), next) {
            ("to", Tag::Verb(Form::Base)) if self.main.is_some() || self.says_why(at) => {
                let verb = self.units.get(..at)?.iter().rev().take(REACH).find(|unit| unit.verb().is_some());
                let complement = verb.is_some_and(|verb| self.vocabulary.is(Group::Raising, &verb.lemma));
                (!complement && !self.vocabulary.is(Group::Hooks, &self.before(at)?.lemma)).then_some(Start::Purpose)
            }
            ("by" | "without" | "instead of" | "for", Tag::Verb(Form::Ing)) => Some(Start::Gerund),
            _ => None,
        }
    }

    /// "a daily mail to stay informed"
    fn says_why(&self, at: usize) -> bool {
        self.unit(self.skip(at + 1)).is_some_and(|verb| self.vocabulary.is(Group::Purposes, &verb.lemma))
    }

    /// "… when the file is there move the mail": an imperative without a comma before it.
    fn imperative(&self, at: usize) -> bool {
        let object = matches!(self.tag(at + 1), Some(Tag::Word(Class::Determiner(_) | Class::Pronoun)));
        let subject = |unit: &Unit| unit.is(Class::Pronoun) && self.vocabulary.is(Group::Subjects, &unit.lemma);
        let helper = |unit: &Unit| {
            matches!(unit.tag, Tag::Word(Class::Modal | Class::Not | Class::And | Class::Relative | Class::Question))
        };
        object && self.before(at).is_some_and(|unit| !helper(unit) && !subject(unit) && !unit.preposition("to"))
    }

    /// "After a meeting pull …": the verb that such a phrase stands in front of.
    fn occasion(&self, at: usize) -> Option<usize> {
        let unit = self.unit(at)?;
        let after = unit.is(Class::Preposition) && OCCASIONS.contains(&unit.lemma.as_str());
        let ahead = || (at + 1..self.end).take(REACH);
        let verb = ahead().find(|at| !self.unit(*at).is_some_and(|unit| unit.nominal()))?;
        let noun = ahead().take_while(|at| *at < verb).any(|at| self.tag(at) == Some(Tag::Noun));
        (after && noun && matches!(self.tag(verb), Some(Tag::Verb(Form::Base | Form::Third)))).then_some(verb)
    }

    /// Whether a new act begins at a mark or "and". `content` is what follows adverbs and times.
    fn opens(&self, at: usize, content: usize) -> bool {
        let Some(unit) = self.unit(content) else { return false };
        let comma = at.checked_sub(1).is_some_and(|before| self.marks(before));
        let then = self.unit(at).is_some_and(|unit| unit.lemma.ends_with("then"));
        let next = self.tag(content + 1);
        match unit.tag {
            Tag::Verb(form) => match (self.mode, form) {
                (Mode::Sub { verb: false }, _) | (_, Form::Ed) => false,
                (Mode::Sub { verb: true }, Form::Base) => comma || then || self.imperative(content),
                (Mode::Sub { verb: true }, Form::Third) => comma && self.main.is_some() || then,
                (Mode::Sub { verb: true }, _) => comma,
                (Mode::Embedded, form) => self.main == Some(form),
                (Mode::Main, Form::Ing) => next.is_some_and(|tag| !matches!(tag, Tag::Mark(_) | Tag::Word(Class::And))),
                (Mode::Main, _) => true,
            },
            Tag::Word(Class::Modal) => self.mode == Mode::Main && self.main.is_some(),
            Tag::Word(Class::Not) => {
                let elided = matches!(next, Some(Tag::Word(Class::Preposition) | Tag::Verb(Form::Base)));
                elided && self.mode == Mode::Main && self.main.is_some()
            }
            Tag::Word(Class::Determiner(Determiner::No)) if comma && !self.verb => true,
            _ if unit.nominal() || unit.is(Class::Preposition) && comma => {
                let verb = self.finite.get(content).copied().flatten();
                let subject = verb.is_some_and(|verb| verb > content && verb < self.end);
                let ready = match self.mode {
                    Mode::Main => self.verb,
                    Mode::Embedded => comma,
                    Mode::Sub { verb } => verb && comma,
                };
                // After a clause with "when" comes the main one, with or without a verb.
                let main = comma && self.mode == (Mode::Sub { verb: true }) && self.starts.len() < 2;
                ready && subject || main && !self.list_ahead(content)
            }
            _ => false,
        }
    }

    /// "When a row, a record or a page is added"
    fn list_ahead(&self, at: usize) -> bool {
        (at..self.end).take(8).any(|at| self.unit(at).is_some_and(|unit| unit.is(Class::And)))
    }

    /// A bracket with a sentence in it is a piece of its own if the sentence around it ends there; else it stays with
    /// what it explains.
    fn bracket(&mut self, at: usize) -> usize {
        let inside = self.units.get(at..self.end).unwrap_or_default();
        let Some(length) = inside.iter().take(10 * REACH).position(|unit| unit.tag == Tag::Mark(Mark::Close)) else {
            return at + 1;
        };
        let verb = |unit: &Unit| matches!(unit.tag, Tag::Verb(Form::Third | Form::Past | Form::Base));
        let ends = !self.more(at + length + 1);
        if ends && self.content && inside.iter().take(length).any(verb) {
            self.open(at, Start::Bracket);
            self.content = true;
        }
        at + length + 1
    }
}

const BEFORE_OPENERS: [&str; 6] = ["only", "just", "even", "again", "also", "right"];
const OCCASIONS: [&str; 7] =
    ["after", "before", "right after", "shortly before", "shortly after", "just before", "just after"];
