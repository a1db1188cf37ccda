//! Where a clause begins, and why.

use super::{
    Determiner,
    classes::{Class, Group},
    clauses::{Cutter, Mode, REACH, Start},
    inflection::Form,
    words::{Tag, Unit},
};

impl Cutter<'_> {
    /// A word that begins a clause wherever it stands; and the unit that the clause begins with.
    pub(super) fn opener(&self, at: usize) -> Option<(usize, Start)> {
        let unit = self.unit(at)?;
        let start = match unit.tag {
            // "decide if": what is decided.
            Tag::Word(Class::If) if self.before(at).is_some_and(|before| self.says(before)) => return None,
            // "When it is submitted the team should …"
            Tag::Word(Class::Determiner(_)) if self.mode == (Mode::Sub { verb: true }) && self.passed(at) => {
                Start::Plain
            }
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

    fn says(&self, unit: &Unit) -> bool {
        unit.verb().is_some() && self.vocabulary.is(Group::Sayers, &unit.lemma)
    }

    /// Behind a passive verb, which takes no object, and in front of a verb of its own.
    fn passed(&self, at: usize) -> bool {
        let verb = |back: usize| at.checked_sub(back).and_then(|at| self.unit(at)).filter(|unit| unit.verb().is_some());
        let passive =
            verb(1).is_some_and(|unit| unit.verb() == Some(Form::Ed)) && verb(2).is_some_and(|unit| unit.lemma == "be");
        passive && self.finite.get(at).copied().flatten().is_some_and(|verb| verb < self.end)
    }

    fn prepositional(&self, at: usize, unit: &Unit) -> Option<Start> {
        let next = self.tag(self.skip(at + 1))?;
        if self.mode != Mode::Main || !self.content {
            return None;
        }
        match (unit.lemma.as_str(), next) {
            ("to", Tag::Verb(Form::Base)) if self.main.is_some() || self.says_why(at) => {
                let piece = self.units.get(self.starts.last()?.0..at)?;
                let verb = piece.iter().rev().take(REACH).find(|unit| unit.verb().is_some());
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
    pub(super) fn occasion(&self, at: usize) -> Option<usize> {
        let unit = self.unit(at)?;
        let after = unit.is(Class::Preposition) && OCCASIONS.contains(&unit.lemma.as_str());
        let ahead = || (at + 1..self.end).take(REACH);
        let verb = ahead().find(|at| !self.unit(*at).is_some_and(|unit| unit.nominal()))?;
        let noun = ahead().take_while(|at| *at < verb).any(|at| self.tag(at) == Some(Tag::Noun));
        (after && noun && matches!(self.tag(verb), Some(Tag::Verb(Form::Base | Form::Third)))).then_some(verb)
    }

    /// Whether a new act begins at a mark or "and". `content` is what follows adverbs and times.
    pub(super) fn opens(&self, at: usize, content: usize) -> bool {
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
}

const BEFORE_OPENERS: [&str; 6] = ["only", "just", "even", "again", "also", "right"];
const OCCASIONS: [&str; 7] =
    ["after", "before", "right after", "shortly before", "shortly after", "just before", "just after"];
