//! Where a clause begins, and why.

use super::{
    Determiner, Mark,
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
            Tag::Word(Class::If) if self.asked(at) => return None,
            // "a comment saying when we look at it"
            Tag::Word(Class::When)
                if self.before(at).is_some_and(|unit| unit.lemma == "say" && unit.verb() == Some(Form::Ing)) =>
            {
                return None;
            }
            // "When it is submitted the team should …"
            Tag::Word(Class::Determiner(_)) if self.mode == (Mode::Sub { verb: true }) && self.passed(at) => {
                Start::Plain
            }
            // "When I send him a photo **he** describes it"
            Tag::Word(Class::Pronoun) if self.mode == (Mode::Sub { verb: true }) && self.answers(at) => Start::Plain,
            Tag::Word(class @ (Class::When | Class::If | Class::Else | Class::Reason | Class::While)) => {
                Start::Opener(class)
            }
            // "When a pull request is opened **and the description is empty**": no second event.
            Tag::Word(Class::And) if self.also_is(at) => Start::Opener(Class::If),
            Tag::Verb(Form::Ed) => return self.delivered(at),
            Tag::Word(Class::Pronoun)
                if unit.lemma == "whoever"
                    && self.mode != Mode::Embedded
                    && !self.before(at).is_some_and(|before| before.is(Class::Preposition)) =>
            {
                Start::Opener(Class::When)
            }
            Tag::Verb(Form::Third) | Tag::Word(Class::Modal)
                if self.mode == (Mode::Sub { verb: true }) && self.anyone() =>
            {
                Start::Plain
            }
            Tag::Word(Class::Preposition) => self.prepositional(at, unit)?,
            Tag::Verb(Form::Base) if self.mode == (Mode::Sub { verb: true }) && self.imperative(at) => Start::Plain,
            _ => return None,
        };
        let (last, _) = self.starts.last()?;
        let belongs = |at: &usize| {
            let only = |unit: &Unit| unit.is(Class::Adverb) && BEFORE_OPENERS.contains(&unit.lemma.as_str());
            let so =
                |unit: &Unit| unit.is(Class::Reason) && self.unit(*at + 1).is_some_and(|unit| unit.lemma == "whoever");
            start != Start::Plain && self.unit(*at).is_some_and(|unit| only(unit) || unit.is(Class::And) || so(unit))
        };
        let first = (*last..at).rev().take_while(belongs).last().unwrap_or(at);
        Some((first, start))
    }

    /// "whoever fills in the form **lands** in the list"
    fn anyone(&self) -> bool {
        let first = self.starts.last().and_then(|(first, _)| self.unit(*first));
        first.is_some_and(|unit| unit.lemma == "whoever" || unit.is(Class::Reason))
            && self.starts.last().is_some_and(|(_, start)| *start == Start::Opener(Class::When))
    }

    /// "a report **mailed to me**", "with the result **posted to Slack**": a thing that the agent makes is taken somewhere.
    fn delivered(&self, at: usize) -> Option<(usize, Start)> {
        let unit = self.unit(at)?;
        let place = self.unit(at + 1).filter(|unit| unit.is(Class::Preposition))?;
        let moved = self.vocabulary.is(Group::Movers, &unit.lemma) && unit.lemma != "attach" || unit.lemma == "merge";
        let goes = matches!(place.lemma.as_str(), "to" | "into" | "on" | "via" | "by" | "as");
        // "a summary of new Linear issues **posted in Slack**": what lies elsewhere is not narrowed by it.
        let service = |at: usize| self.unit(at).filter(|unit| unit.tag == Tag::Service).map(|unit| &unit.lemma);
        let within = service(at + 2).filter(|_| place.lemma == "in");
        let elsewhere = |first: usize| {
            let other = |at: usize| service(at).is_some_and(|name| Some(name) != within);
            within.is_none() || (first..at).any(other)
        };
        let goes = goes || within.is_some();
        let subject = self.finite.get(at).copied().flatten().is_some_and(|verb| verb > at && verb < self.end);
        if !(moved && goes && self.mode == Mode::Main) || subject {
            return None;
        }
        let (last, _) = *self.starts.last()?;
        let before = self.before(at)?;
        if before.tag == Tag::Mark(Mark::Comma) {
            return (!self.verb && self.content).then_some((at, Start::Participle));
        }
        // "a report of my steps"
        let inner =
            |unit: &Unit| unit.is(Class::Preposition) && matches!(unit.lemma.as_str(), "of" | "about" | "on" | "from");
        let noun =
            |at: &usize| self.unit(*at).is_some_and(|unit| unit.nominal() || unit.tag == Tag::Time || inner(unit));
        let first = (last..at).rev().take(REACH).take_while(noun).last().filter(|first| elsewhere(*first))?;
        let phrase = self.units.get(first..at)?.split(|unit| inner(unit)).next()?;
        let made = !phrase.iter().any(|unit| unit.plural && unit.tag == Tag::Noun || unit.lemma == "new")
            && phrase
                .iter()
                .any(|unit| matches!(unit.tag, Tag::Word(Class::Determiner(Determiner::Some | Determiner::The))));
        let joined = (last..first).rev().find(|at| !self.marks(*at)).filter(|at| {
            self.unit(*at).is_some_and(|unit| unit.preposition("with") || unit.is(Class::And) && !self.verb)
        });
        let alone = !self.verb && (last..first).all(|at| self.unit(at).is_some_and(Unit::light));
        match joined {
            Some(joined) if made && !alone => Some((joined, Start::Participle)),
            _ => (made && alone).then_some((at, Start::Participle)),
        }
    }

    /// "the news is read, **summed up and mailed to me**", "a report, **which is then posted**": what is done with it next.
    pub(super) fn series(&self, at: usize, content: usize) -> bool {
        let be = |at: usize| self.unit(at).is_some_and(|unit| matches!(unit.lemma.as_str(), "be" | "get"));
        // "are read" looks like "read".
        let same = |at: usize| at.checked_sub(1).is_some_and(be);
        let verb = |at: usize| self.unit(at).and_then(Unit::verb);
        let done = |at: usize| verb(at) == Some(Form::Ed) || verb(at).is_some() && same(at) && !be(at);
        let which = self.unit(at).is_some_and(|unit| unit.lemma == "which") && be(at + 1) && self.verb;
        let then = self.unit(at + 2).is_some_and(|unit| unit.is(Class::Adverb) || unit.is(Class::And));
        if which && then {
            return self.mode == Mode::Main && done(at + 3);
        }
        let Some((first, start)) = self.starts.last() else { return false };
        let passive = (*first..at).rev().take(2 * REACH).find(|at| done(*at)).is_some_and(|verb| {
            let light = |at: &usize| self.unit(*at).is_some_and(Unit::light);
            let helper = (*first..verb).rev().find(|at| !light(at));
            *start == Start::Participle || helper.is_some_and(be)
        });
        let ends = self.unit(content + 1).is_none_or(|unit| !unit.nominal() || unit.tag == Tag::Time);
        let plain = matches!(start, Start::Plain | Start::Participle) && self.mode == Mode::Main;
        // "unread mails, summed up, to Slack"
        let aside =
            !self.verb && self.content && self.before(at).is_some_and(|unit| unit.tag == Tag::Mark(Mark::Comma));
        plain && (passive || aside) && done(content) && ends
    }

    /// "**urgent ones** go to support", "**mails that mention a refund** go to Anna": the verb of such a case.
    pub(super) fn case(&self, at: usize) -> Option<usize> {
        let ahead = || at..self.end.min(at + REACH);
        let verb = |at: usize| self.unit(at).is_some_and(|unit| matches!(unit.verb(), Some(Form::Base | Form::Third)));
        let one = |unit: &Unit| unit.is(Class::Pronoun) && CASES.contains(&unit.lemma.as_str());
        let end = ahead().find(|at| self.tag(*at) != Some(Tag::Adjective) && !self.marks(*at))?;
        let next = self.skip(end + 1);
        // "high ones should go to …"
        let modal = self.unit(next).is_some_and(|unit| unit.is(Class::Modal));
        let next = if modal { self.skip(next + 1) } else { next };
        let rest = self.unit(end)?.lemma == "everything" && self.unit(end + 1)?.lemma == "else";
        if (rest || self.unit(end).is_some_and(one)) && (rest || end > at || self.unit(end)?.lemma.contains(' ')) {
            return verb(next).then_some(next);
        }
        let plural = self.unit(end).is_some_and(|unit| unit.plural) && self.unit(end + 1)?.is(Class::Relative);
        let goes =
            |at: &usize| verb(*at) && self.unit(*at).is_some_and(|unit| self.vocabulary.is(Group::Routes, &unit.lemma));
        ahead().skip(end + 3 - at).filter(|_| plural).find(goes)
    }

    /// "decide **if**", "find out **if**", "tell me **if**"
    fn asked(&self, at: usize) -> bool {
        let said = |back: usize| at.checked_sub(back).and_then(|at| self.unit(at)).filter(|unit| self.says(unit));
        let between = self.before(at).is_some_and(|unit| unit.lemma == "out");
        said(1).is_some() || between && said(2).is_some()
    }

    fn says(&self, unit: &Unit) -> bool {
        unit.verb().is_some() && self.vocabulary.is(Group::Sayers, &unit.lemma)
    }

    /// "it describes": somebody else who does something, behind what is done to a thing.
    fn answers(&self, at: usize) -> bool {
        let other = self.unit(at).is_some_and(|unit| matches!(unit.lemma.as_str(), "he" | "she" | "it"));
        let thing =
            self.before(at).is_some_and(|unit| matches!(unit.tag, Tag::Noun | Tag::Service | Tag::Value | Tag::Time));
        other
            && thing
            && self
                .unit(self.skip(at + 1))
                .is_some_and(|unit| unit.verb() == Some(Form::Third) || unit.is(Class::Modal))
    }

    /// Behind a passive verb, which takes no object, or behind an object, and in front of a verb of its own.
    fn passed(&self, at: usize) -> bool {
        let verb = |back: usize| at.checked_sub(back).and_then(|at| self.unit(at)).filter(|unit| unit.verb().is_some());
        let passive =
            verb(1).is_some_and(|unit| unit.verb() == Some(Form::Ed)) && verb(2).is_some_and(|unit| unit.lemma == "be");
        let Some(own) = self.finite.get(at).copied().flatten().filter(|verb| *verb < self.end) else { return false };
        let plain = |at: usize| matches!(self.tag(at), Some(Tag::Noun | Tag::Adjective | Tag::Service));
        let object = self.before(at).is_some_and(|unit| matches!(unit.tag, Tag::Noun | Tag::Value));
        passive || object && own > at + 1 && (at + 1..own).all(plain)
    }

    fn prepositional(&self, at: usize, unit: &Unit) -> Option<Start> {
        let next = self.tag(self.skip(at + 1))?;
        if self.mode != Mode::Main || !self.content {
            return None;
        }
        match (unit.lemma.as_str(), next) {
            // "a task to be created", "a mail is to be sent"
            ("to", Tag::Verb(Form::Base)) if self.unit(self.skip(at + 1)).is_some_and(|unit| unit.lemma == "be") => {
                None
            }
            // "five questions to prepare": says which ones.
            ("to", Tag::Verb(Form::Base))
                if self.before(at).is_some_and(|unit| unit.tag == Tag::Noun && unit.plural)
                    && self
                        .tag(self.skip(at + 1) + 1)
                        .is_none_or(|next| matches!(next, Tag::Mark(_) | Tag::Word(Class::And))) =>
            {
                None
            }
            ("to", Tag::Verb(Form::Base)) if self.main.is_some() || self.says_why(at) => {
                let piece = self.units.get(self.starts.last()?.0..at)?;
                let verb = piece.iter().rev().take(REACH).find(|unit| unit.verb().is_some());
                let complement = verb.is_some_and(|verb| self.vocabulary.is(Group::Raising, &verb.lemma));
                // "Post a reminder at 3pm to fill in …"
                let hook = piece.iter().any(|unit| unit.tag == Tag::Noun && unit.lemma == "reminder")
                    || self.vocabulary.is(Group::Hooks, &self.before(at)?.lemma);
                (!complement && !hook).then_some(Start::Purpose)
            }
            ("by" | "without" | "instead of" | "for", Tag::Verb(Form::Ing)) => Some(Start::Gerund),
            _ => None,
        }
    }

    /// "… whenever it gets cancelled **and add** …": no second verb of what happens.
    fn third(&self, at: usize) -> bool {
        let first = self.starts.last().map_or(at, |(first, _)| *first);
        let mut verbs = (first..at).rev().take(REACH).filter_map(|at| self.unit(at)?.verb());
        self.unit(at).is_some_and(|unit| unit.is(Class::And)) && verbs.any(|form| form == Form::Third)
    }

    /// "a daily mail to stay informed"
    fn says_why(&self, at: usize) -> bool {
        self.unit(self.skip(at + 1)).is_some_and(|verb| self.vocabulary.is(Group::Purposes, &verb.lemma))
    }

    /// "… when the file is there move the mail": an imperative without a comma before it.
    fn imperative(&self, at: usize) -> bool {
        let follows = |unit: &Unit| match unit.tag {
            Tag::Word(Class::Determiner(_) | Class::Pronoun) => true,
            Tag::Value | Tag::Service | Tag::Word(Class::Question) | Tag::Noun | Tag::Adjective => {
                let said = at.checked_sub(2).and_then(|at| self.unit(at)).is_some_and(Unit::narrator);
                !said && self.before(at).is_some_and(|unit| !unit.plural)
            }
            _ => false,
        };
        let replies = self.unit(at).is_some_and(|unit| matches!(unit.lemma.as_str(), "reply" | "respond" | "answer"));
        // "… changes its prices let #sales know …"
        let lets = self.unit(at).is_some_and(|unit| unit.lemma == "let")
            && (at + 2..at + 5).any(|at| self.unit(at).is_some_and(|unit| unit.lemma == "know"));
        let object =
            lets || self.unit(at + 1).is_some_and(|unit| follows(unit) || replies && unit.is(Class::Preposition));
        let subject = |unit: &Unit| unit.is(Class::Pronoun) && self.vocabulary.is(Group::Subjects, &unit.lemma);
        let helper = |unit: &Unit| {
            matches!(unit.tag, Tag::Word(Class::Modal | Class::Not | Class::And | Class::Relative | Class::Question))
        };
        // "if so **post** it"
        let answer = at.checked_sub(2).and_then(|at| self.unit(at)).is_some_and(|unit| unit.is(Class::If))
            && self.before(at).is_some_and(|unit| matches!(unit.lemma.as_str(), "so" | "yes" | "not"));
        let free = |unit: &Unit| !helper(unit) && !subject(unit) && !unit.preposition("to");
        object && (answer || self.before(at).is_some_and(free))
    }

    /// "For each new order **a mail** must go out", "for rejected ones **the sender** gets a mail".
    pub(super) fn each(&self, at: usize) -> Option<usize> {
        let each = matches!(self.tag(at + 1), Some(Tag::Word(Class::Determiner(Determiner::Each))));
        let ones = (at + 1..at + 4).any(|at| self.unit(at).is_some_and(|unit| unit.lemma == "ones"));
        let inner =
            |unit: &Unit| unit.is(Class::Preposition) && matches!(unit.lemma.as_str(), "of" | "in" | "from" | "on");
        let begins = |at: &usize| {
            let subject =
                matches!(self.tag(*at), Some(Tag::Word(Class::Determiner(Determiner::Some | Determiner::The))));
            let verb = self.finite.get(*at).copied().flatten().is_some_and(|verb| verb < self.end);
            subject && verb && !self.before(*at).is_some_and(inner)
        };
        let phrase = |at: &usize| self.unit(*at).is_some_and(|unit| unit.nominal() || inner(unit));
        (self.unit(at)?.preposition("for") && (each || ones)).then_some(())?;
        (at + 2..self.end).take(REACH).take_while(phrase).find(begins)
    }

    fn also_is(&self, at: usize) -> bool {
        let event = matches!(self.starts.last(), Some((_, Start::Opener(Class::When))));
        let the = matches!(self.tag(at + 1), Some(Tag::Word(Class::Determiner(Determiner::The))));
        let verb = self.finite.get(at + 1).copied().flatten().and_then(|verb| self.unit(verb));
        event
            && the
            && self.mode == (Mode::Sub { verb: true })
            && verb.is_some_and(|unit| unit.lemma == "be" && unit.verb() == Some(Form::Third))
    }

    /// "… and **for each order that is above 200 send** …"
    fn told_of_each(&self, at: usize) -> bool {
        let each = matches!(self.tag(at + 1), Some(Tag::Word(Class::Determiner(Determiner::Each))));
        let mut ahead = (at + 2..self.end).take(REACH).take_while(|at| !self.marks(*at));
        let phrase = |at: usize| self.unit(at).is_some_and(Unit::nominal);
        each && self.unit(at).is_some_and(|unit| unit.preposition("for"))
            && ahead.any(|at| self.tag(at) == Some(Tag::Verb(Form::Base)) && phrase(at - 1))
    }

    /// "After a meeting pull …": the verb that such a phrase stands in front of.
    pub(super) fn occasion(&self, at: usize) -> Option<usize> {
        let unit = self.unit(at)?;
        let after = unit.is(Class::Preposition) && OCCASIONS.contains(&unit.lemma.as_str())
            // "given an address find …"
            || (unit.lemma == "given" || unit.lemma == "give" && unit.verb() == Some(Form::Ed)) && matches!(self.tag(at + 1), Some(Tag::Word(Class::Determiner(Determiner::Some))));
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
        // "if it rains or snows", "is going to rain or snow": one of two things that may be so.
        let or = self.unit(at).is_some_and(|unit| unit.lemma == "or");
        match unit.tag {
            Tag::Verb(_) if or && !comma && self.mode == (Mode::Sub { verb: true }) => false,
            Tag::Verb(form) => match (self.mode, form) {
                (Mode::Sub { verb: false }, _) | (_, Form::Ed) => false,
                (Mode::Sub { verb: true }, Form::Base) => {
                    comma || then || self.imperative(content) || self.main == Some(form) && self.third(at)
                }
                (Mode::Sub { verb: true }, Form::Third) => {
                    // "triggers when a lead is added and scores it"
                    let object = matches!(next, Some(Tag::Word(Class::Determiner(_) | Class::Pronoun)));
                    comma && (self.main.is_some() || self.led) || then || object && self.main == Some(form)
                }
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
            _ if comma && self.verb && self.case(content).is_some() => true,
            _ if self.verb && self.mode == Mode::Main && self.told_of_each(content) => true,
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
                let refers = !self.verb && self.mode == Mode::Main && self.refers(content);
                ready && subject || refers || main && !self.list_ahead(content)
            }
            _ => false,
        }
    }

    /// "…, a summary **of them**"
    fn refers(&self, at: usize) -> bool {
        let determined = matches!(self.tag(at), Some(Tag::Word(Class::Determiner(_))));
        let same = (at..self.end).take(REACH).take_while(|at| !self.marks(*at));
        determined
            && same.into_iter().any(|at| {
                self.unit(at).is_some_and(|unit| unit.is(Class::Preposition))
                    && self
                        .unit(at + 1)
                        .is_some_and(|unit| unit.is(Class::Pronoun) && matches!(unit.lemma.as_str(), "it" | "them"))
            })
    }

    /// "When a row, a record or a page is added"
    fn list_ahead(&self, at: usize) -> bool {
        (at..self.end).take(8).any(|at| self.unit(at).is_some_and(|unit| unit.is(Class::And)))
    }
}

const CASES: [&str; 4] = ["ones", "the others", "the other ones", "the rest"];
const BEFORE_OPENERS: [&str; 6] = ["only", "just", "even", "again", "also", "right"];
const OCCASIONS: [&str; 7] =
    ["after", "before", "right after", "shortly before", "shortly after", "just before", "just after"];
