//! Units -> pieces of sentences, each with at most one act. One pass; nothing is looked at more than a bounded number of
//! times.

use super::{
    Determiner, Mark, Span,
    classes::Class,
    finite::finite,
    inflection::Form,
    leads::lead,
    vocabulary::Vocabulary,
    words::{ISNT, Tag, Unit},
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
    /// "(with the result) **mailed to me**"
    Participle,
    /// "**urgent ones** go to support"
    Case,
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
pub(super) const REACH: usize = 12;

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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Main,
    /// A relative clause or a complement: its verbs are no acts.
    Embedded,
    /// After "when", "if", …; whether its verb has come.
    Sub {
        verb: bool,
    },
}

pub(super) struct Cutter<'a> {
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) units: &'a [Unit],
    pub(super) finite: &'a [Option<usize>],
    pub(super) end: usize,
    /// The form of the acts of this sentence.
    pub(super) main: Option<Form>,
    pub(super) mode: Mode,
    /// "A workflow **that**, when …": its acts are told of somebody.
    pub(super) led: bool,
    /// Whether this piece has said anything, and whether it has a verb.
    pub(super) content: bool,
    pub(super) verb: bool,
    /// Whether a piece before this one has something done.
    acts: bool,
    pub(super) starts: Vec<(usize, Start)>,
}

impl<'a> Cutter<'a> {
    fn new(vocabulary: &'a Vocabulary, units: &'a [Unit], finite: &'a [Option<usize>], end: usize) -> Self {
        let (main, mode, led) = (None, Mode::Main, false);
        Self {
            vocabulary,
            units,
            finite,
            end,
            main,
            mode,
            led,
            content: false,
            verb: false,
            acts: false,
            starts: Vec::new(),
        }
    }

    pub(super) fn unit(&self, at: usize) -> Option<&'a Unit> {
        self.units.get(at).filter(|_| at < self.end)
    }

    pub(super) fn tag(&self, at: usize) -> Option<Tag> {
        self.unit(at).map(|unit| unit.tag)
    }

    pub(super) fn before(&self, at: usize) -> Option<&'a Unit> {
        self.unit(at.checked_sub(1)?)
    }

    /// The first unit from here that is no adverb, time, politeness or "and".
    pub(super) fn skip(&self, at: usize) -> usize {
        let light =
            |at: &usize| self.unit(*at).is_some_and(|unit| unit.tag == Tag::Time || unit.light() && !self.marks(*at));
        (at..at + REACH).find(|at| !light(at)).unwrap_or(at)
    }

    pub(super) fn marks(&self, at: usize) -> bool {
        matches!(self.tag(at), Some(Tag::Mark(_)))
    }

    /// A piece that has said nothing yet becomes a part of the new one.
    fn open(&mut self, at: usize, start: Start) {
        self.acts |= self.content && self.starts.last().is_some_and(|(_, start)| *start == Start::Plain);
        match self.starts.last_mut() {
            Some(last) if !self.content && last.1 != Start::Lead || last.0 == at => last.1 = start,
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
                boundary = mark != Mark::Open;
                at = match mark {
                    Mark::Open => self.bracket(at),
                    // "a score > 80"
                    Mark::Arrow
                        if self.tag(at + 1) == Some(Tag::Value)
                            && !matches!(self.tag(at + 2), Some(Tag::Noun | Tag::Adjective | Tag::Service)) =>
                    {
                        at + 1
                    }
                    Mark::Colon | Mark::Semicolon | Mark::Arrow | Mark::Dash if self.more(at + 1) => {
                        self.open(at + 1, Start::Plain);
                        self.main = None;
                        self.leads(at + 1)
                    }
                    // "…, under 100: mail me"
                    Mark::Comma if self.content && self.label_ahead(at + 1) => {
                        self.open(at + 1, Start::Plain);
                        at + 1
                    }
                    Mark::Comma if self.content && self.timed() && self.more(at + 1) => {
                        self.open(at + 1, Start::Plain);
                        at + 1
                    }
                    _ => at + 1,
                };
                continue;
            }
            // "every time I post a link I want the text of it"
            if self.mode == (Mode::Sub { verb: true })
                && unit.narrator()
                && let Some(end) = lead(self.vocabulary, self.units, at, self.end)
                && matches!(
                    self.tag(end),
                    Some(Tag::Word(Class::Determiner(_) | Class::Pronoun) | Tag::Verb(Form::Base))
                )
            {
                at = self.leads(at);
                continue;
            }
            if self.mode == (Mode::Sub { verb: true }) && self.must(at) {
                self.open(at, Start::Plain);
                self.content = true;
                at += 1;
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
                if self.series(at, content) {
                    self.open(at, Start::Participle);
                    (self.content, self.verb) = (true, true);
                    (at, boundary) = (content + 1, false);
                    continue;
                }
                if self.content && self.opens(at, content) {
                    self.open(at, Start::Plain);
                    at = self.leads(at).max(content);
                    boundary = true;
                    continue;
                }
                if let Some(verb) = self.case(content).filter(|_| self.mode == Mode::Main && !self.content) {
                    self.open(at, Start::Case);
                    self.content = true;
                    self.open(verb, Start::Plain);
                    (at, boundary) = (verb, false);
                    continue;
                }
                if let Some(act) = self.each(content).filter(|_| self.mode == Mode::Main && !self.content) {
                    self.open(at, Start::Case);
                    self.content = true;
                    self.open(act, Start::Plain);
                    (at, boundary) = (act, false);
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

    /// "when somebody books a slot **our channel must get** a message": what is to be done then.
    pub(super) fn must(&self, at: usize) -> bool {
        let starts = matches!(
            self.tag(at),
            Some(Tag::Word(Class::Determiner(Determiner::Mine | Determiner::The | Determiner::Some)))
        );
        let inner = |unit: &Unit| {
            unit.is(Class::And)
                || unit.is(Class::Preposition)
                || matches!(unit.verb(), Some(Form::Base | Form::Third | Form::Past | Form::Ing))
        };
        let modal = self.finite.get(at + 1).copied().flatten().filter(|modal| *modal < self.end && *modal > at + 1);
        starts
            && self.before(at).is_some_and(|unit| !inner(unit))
            && modal.is_some_and(|modal| {
                let noun = |at: usize| self.unit(at).is_some_and(Unit::nominal);
                self.unit(modal).is_some_and(|unit| unit.is(Class::Modal)) && (at + 1..modal).all(noun)
            })
    }

    /// Whether a thing is compared with this number, and an act follows.
    fn compared(&self, at: usize) -> bool {
        let than = |unit: &Unit| {
            unit.tag == Tag::Mark(Mark::Arrow)
                || ["over", "under", "above", "below", "more than", "less than", "at least", "at most"]
                    .iter()
                    .any(|word| unit.preposition(word))
        };
        let thing = at.checked_sub(2).and_then(|at| self.unit(at)).is_some_and(Unit::nominal);
        thing && self.before(at).is_some_and(than) && matches!(self.tag(at + 1), Some(Tag::Verb(Form::Base)))
    }

    fn more(&self, at: usize) -> bool {
        (at..self.end).take(REACH).any(|at| !self.marks(at))
    }

    /// Whether a number with what it is a limit of stands in front of the next colon.
    fn label_ahead(&self, at: usize) -> bool {
        let units = self.units.get(at..self.end.min(at + 6)).unwrap_or_default();
        let Some(colon) = units.iter().position(|unit| unit.tag == Tag::Mark(Mark::Colon)) else { return false };
        let label = units.get(..colon).unwrap_or_default();
        label.iter().any(|unit| unit.tag == Tag::Value)
            && label.iter().all(|unit| {
                matches!(unit.tag, Tag::Value | Tag::Noun | Tag::Adjective | Tag::Word(_)) && unit.verb().is_none()
            })
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
        // "Grade it and tell me how to improve it": asked for, once there is something that it is asked of.
        let asks =
            self.unit(self.skip(at)).is_some_and(|unit| matches!(unit.lemma.as_str(), "tell" | "show" | "explain"));
        if asks && self.acts {
            return at;
        }
        while let Some(mut end) = lead(self.vocabulary, self.units, at, self.end) {
            while self.marks(end) && end < self.end {
                end += 1;
            }
            self.open(at, Start::Lead);
            self.content = true;
            self.led |= (at..end).any(|at| self.unit(at).is_some_and(|unit| unit.is(Class::Relative)));
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
            // "for each order that is above 200 **send** …"
            (Tag::Verb(Form::Base), Mode::Embedded)
                if self.main.is_none()
                    && self.before(at).is_some_and(|unit| unit.nominal() || unit.tag == Tag::Time) =>
            {
                (self.mode, self.main, self.verb) = (Mode::Main, Some(Form::Base), true);
            }
            (Tag::Verb(form), Mode::Sub { .. }) if form != Form::Ing => self.mode = Mode::Sub { verb: true },
            (Tag::Word(Class::Not), Mode::Sub { .. }) if ISNT.contains(&unit.lemma.as_str()) => {
                self.mode = Mode::Sub { verb: true };
            }
            // "if the amount > 500 **mail** me": compared without a verb.
            (Tag::Value, Mode::Sub { verb: false }) if self.compared(at) => self.mode = Mode::Sub { verb: true },
            // "if so", "if yes", "if rejected"
            (_, Mode::Sub { verb: false })
                if (matches!(unit.lemma.as_str(), "so" | "yes" | "not") || unit.lemma.ends_with("ed"))
                    && self.before(at).is_some_and(|unit| unit.is(Class::If)) =>
            {
                self.mode = Mode::Sub { verb: true };
            }
            (Tag::Word(Class::Relative), Mode::Main) => self.mode = Mode::Embedded,
            (Tag::Word(Class::Question | Class::If), Mode::Main) if self.main.is_some() => self.mode = Mode::Embedded,
            _ => {}
        }
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
