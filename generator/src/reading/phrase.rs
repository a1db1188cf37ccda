//! A noun with what stands around it.

use super::{
    Determiner, Mark, Phrase, Token, TokenKind, Value,
    classes::{Class, Group},
    inflection::Form,
    vocabulary::Vocabulary,
    words::{Tag, Unit},
};

pub(super) struct Phrases<'a> {
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) units: &'a [Unit],
    pub(super) tokens: &'a [Token],
    /// Of the piece: no phrase goes beyond.
    pub(super) end: usize,
    /// The verb takes something to a place, so "to" and "into" are not parts of what narrows its object.
    pub(super) moves: bool,
}

impl<'a> Phrases<'a> {
    pub(super) fn unit(&self, at: usize) -> Option<&'a Unit> {
        self.units.get(at).filter(|_| at < self.end)
    }

    pub(super) fn tag(&self, at: usize) -> Option<Tag> {
        self.unit(at).map(|unit| unit.tag)
    }

    fn value(&self, at: usize) -> Option<&'a Value> {
        match &self.tokens.get(self.unit(at)?.span.start)?.kind {
            TokenKind::Value(value) => Some(value),
            _ => None,
        }
    }

    /// "the Slack channel #ops"
    pub(super) fn names_place(&self, at: usize) -> bool {
        let words = (at..at + 4).take_while(|at| self.unit(*at).is_some_and(Unit::nominal));
        words
            .into_iter()
            .any(|at| self.tag(at) == Some(Tag::Service) || matches!(self.value(at), Some(Value::Channel(_))))
    }

    /// "by mail", "over Slack"
    pub(super) fn names_way(&self, at: usize) -> bool {
        let mail = self.unit(at).is_some_and(|unit| matches!(unit.lemma.as_str(), "email" | "mail" | "message"));
        mail || self.tag(at) == Some(Tag::Service)
    }

    /// The phrase that begins here, and the unit after it.
    pub(super) fn read(&self, from: usize) -> Option<(Phrase, usize)> {
        let mut phrase = Phrase::default();
        let mut at = from;
        let mut words: Vec<&Unit> = Vec::new();
        // "newly opened issues"
        let newly = |at: usize| self.unit(at).is_some_and(|unit| matches!(unit.lemma.as_str(), "newly" | "freshly"));
        let mut new = from.checked_sub(1).is_some_and(newly);
        while let Some(unit) = self.unit(at) {
            let first = words.is_empty() && phrase.values.is_empty() && phrase.services.is_empty();
            match unit.tag {
                Tag::Word(Class::Determiner(determiner)) if first => {
                    if phrase.determiner == Determiner::None || determiner == Determiner::Mine {
                        phrase.determiner = determiner;
                    }
                }
                Tag::Word(Class::Pronoun | Class::Question) if first => {
                    (phrase.head, phrase.pronoun) = (unit.lemma.clone(), true);
                    self.divide(&mut phrase);
                    at += 1;
                    // "of what happened", "whoever fills it in": a clause in the place of a noun.
                    let after = from.checked_sub(1).and_then(|before| self.unit(before));
                    let anyone = unit.lemma == "whoever" && after.is_some_and(|unit| unit.is(Class::Preposition));
                    if unit.is(Class::Question) || anyone {
                        let (first, end) = (at, self.relative(at - 1));
                        if let (Some(first), Some(last)) = (self.unit(first), self.units.get(end - 1))
                            && end > at
                        {
                            phrase.tail = Some(first.span.start..last.span.end);
                            let named = self.units.get(at..end).unwrap_or_default().iter();
                            let named = named.filter(|unit| unit.tag == Tag::Service);
                            phrase.services.extend(named.map(|unit| unit.lemma.clone()));
                        }
                        at = end;
                    }
                    break;
                }
                // "urgent ones"
                Tag::Word(Class::Pronoun)
                    if unit.lemma.starts_with("one") && words.iter().all(|unit| unit.tag == Tag::Adjective) =>
                {
                    (phrase.head, phrase.plural) = ("one".to_owned(), unit.lemma == "ones");
                    at += 1;
                    break;
                }
                Tag::Value if self.said(at, &words) => break,
                Tag::Value => {
                    if let Some(count) = self.count(at, &words) {
                        phrase.determiner = Determiner::Count(count);
                    }
                    phrase.values.push(unit.span.start);
                }
                Tag::Service => phrase.services.push(unit.lemma.clone()),
                // "on Telegram today's events"
                Tag::Noun
                    if unit.possessive
                        && words.is_empty()
                        && !phrase.services.is_empty()
                        && self.vocabulary.is(Group::Periods, &unit.lemma) =>
                {
                    break;
                }
                Tag::Adjective if std::mem::take(&mut new) && unit.lemma.ends_with("ed") => {
                    phrase.modifiers.push("new".to_owned());
                }
                Tag::Noun | Tag::Adjective => {
                    if unit.possessive && phrase.determiner == Determiner::None {
                        phrase.determiner = Determiner::The;
                    }
                    words.push(unit);
                }
                Tag::Word(Class::Adverb) if self.adjective_follows(at) => {}
                // "a daily mail"
                Tag::Time if self.unit(at + 1).is_some_and(Unit::nominal) => {}
                Tag::Mark(Mark::Comma) | Tag::Word(Class::And | Class::Not) if self.between_adjectives(at, &words) => {}
                _ => break,
            }
            at += 1;
        }
        if at == from {
            return None;
        }
        // "my calendar today"
        let noun = |unit: &&Unit| unit.tag == Tag::Noun;
        let day = |unit: &&Unit| matches!(unit.lemma.as_str(), "today" | "tomorrow" | "tonight" | "yesterday");
        let head = words.iter().rposition(|unit| noun(unit) && !day(unit)).or_else(|| words.iter().rposition(noun));
        let head = head.filter(|_| phrase.head.is_empty());
        if let Some(unit) = head.and_then(|head| words.get(head)) {
            (phrase.head, phrase.plural) = (unit.lemma.clone(), unit.plural);
        }
        let others = words.iter().enumerate().filter(|(place, _)| Some(*place) != head);
        phrase.modifiers.extend(others.map(|(_, unit)| unit.lemma.clone()));
        // "the up/down state": a determiner alone is nothing.
        let bare = words.is_empty() && phrase.head.is_empty() && phrase.values.is_empty() && phrase.services.is_empty();
        if bare && phrase.determiner != Determiner::No {
            return None;
        }
        let end = self.tail(at, &mut phrase);
        let first = self.units.get(from)?.span.start;
        phrase.span = first..self.units.get(end.checked_sub(1)?)?.span.end;
        Some((phrase, end))
    }

    /// "each of them", "the others", "them all": a determiner and a pronoun.
    fn divide(&self, phrase: &mut Phrase) {
        let words = std::mem::take(&mut phrase.head);
        let (first, _) = words.split_once(' ').unwrap_or_default();
        let (_, last) = words.rsplit_once(' ').unwrap_or_default();
        for (determiner, head) in [(first, last), (last, first)] {
            if let (Some(determiner), true) =
                (self.vocabulary.determiner(determiner), self.vocabulary.function(head, Class::Pronoun))
            {
                (phrase.determiner, phrase.plural) = (determiner, head == "ones");
                phrase.head = if head == "ones" { "one" } else { head }.to_owned();
                return;
            }
        }
        phrase.head = words;
    }

    /// "three mails" counts, "label 3" names.
    fn count(&self, at: usize, words: &[&Unit]) -> Option<u32> {
        let Some(Value::Number(number)) = self.value(at) else { return None };
        let before = words.iter().all(|unit| unit.tag == Tag::Adjective);
        let counted = matches!(self.tag(at + 1), Some(Tag::Noun | Tag::Adjective | Tag::Service));
        (before && counted && self.unit(at)?.span.len() == 1 && number.fract() == 0.0 && (0.0..1e9).contains(number))
            .then_some(*number as u32)
    }

    /// "tell the team "Hello"": what is said is no part of whom it is said to.
    fn said(&self, at: usize, words: &[&Unit]) -> bool {
        let quoted = matches!(self.value(at), Some(Value::Quoted(_)));
        quoted && words.last().is_some_and(|unit| self.vocabulary.is(Group::People, &unit.lemma))
    }

    fn adjective_follows(&self, at: usize) -> bool {
        let noun = matches!(self.tag(at + 2), Some(Tag::Adjective | Tag::Noun | Tag::Service));
        self.tag(at + 1) == Some(Tag::Adjective) && noun
    }

    /// "clear, ordered notes", "short and friendly messages", "a confident but not salesy tone"
    fn between_adjectives(&self, at: usize, words: &[&Unit]) -> bool {
        let not = (at..at + 2).find(|at| self.tag(*at) == Some(Tag::Word(Class::Not)));
        let nominal = |at: usize| matches!(self.tag(at), Some(Tag::Adjective | Tag::Noun));
        match not {
            Some(not) => words.len() == 1 && nominal(not + 1) && nominal(not + 2),
            None => words.last().is_some_and(|unit| unit.tag == Tag::Adjective) && self.adjective_follows(at),
        }
    }

    /// What narrows the phrase: a relative clause, "labelled bug", "from the last 24 hours", "(chat id 123)".
    fn tail(&self, from: usize, phrase: &mut Phrase) -> usize {
        let mut at = from;
        while let Some(unit) = self.unit(at) {
            let end = match unit.tag {
                Tag::Word(Class::Relative) => self.kept(at, phrase),
                Tag::Word(Class::Pronoun) if unit.narrator() && !PERSONAL.contains(&phrase.head.as_str()) => {
                    self.relative(at)
                }
                Tag::Mark(Mark::Comma) if self.tag(at + 1) == Some(Tag::Verb(Form::Ed)) => self.participle(at + 1),
                Tag::Mark(Mark::Comma) if self.tag(at + 1) == Some(Tag::Word(Class::Relative)) => {
                    self.kept(at + 1, phrase)
                }
                Tag::Verb(Form::Ed | Form::Ing) if !phrase.pronoun || phrase.head.ends_with("thing") => {
                    self.participle(at)
                }
                Tag::Word(Class::Preposition)
                    if unit.lemma == "to"
                        && self.vocabulary.is(Group::Hooks, &phrase.head)
                        && self.tag(at + 1) == Some(Tag::Verb(Form::Base)) =>
                {
                    self.participle(at + 1)
                }
                Tag::Word(Class::Preposition) => match self.period(at) {
                    Some(end) => end,
                    None => break,
                },
                Tag::Mark(Mark::Open) => self.bracket(at, phrase),
                _ => break,
            };
            at = end.min(self.end);
        }
        // "the links I starred in Feedly", "contacts stored in Pipedrive"
        let place = |unit: &Unit| unit.is(Class::Preposition) && matches!(unit.lemma.as_str(), "in" | "on" | "from");
        for pair in self.units.get(from..at.min(self.end)).unwrap_or_default().windows(2) {
            if let [before, unit] = pair
                && place(before)
                && unit.tag == Tag::Service
                && !phrase.services.contains(&unit.lemma)
            {
                phrase.services.push(unit.lemma.clone());
            }
        }
        let mut last = at;
        while last > from && matches!(self.tag(last - 1), Some(Tag::Mark(mark)) if mark != Mark::Close) {
            last -= 1;
        }
        if last > from
            && let (Some(first), Some(last)) = (self.units.get(from), self.units.get(last - 1))
        {
            phrase.tail = Some(first.span.start..last.span.end);
        }
        at
    }

    /// "which is a Google Doc", "that lives in Notion": its service is that of the phrase.
    fn kept(&self, from: usize, phrase: &mut Phrase) -> usize {
        let end = self.relative(from);
        let units = self.units.get(from..end.min(self.end)).unwrap_or_default();
        let lies =
            |unit: &Unit| matches!(unit.lemma.as_str(), "be" | "live" | "sit" | "lie" | "reside" | "keep" | "store");
        if units.iter().find(|unit| unit.verb().is_some()).is_some_and(lies) {
            phrase.services.extend(units.iter().filter(|unit| unit.tag == Tag::Service).map(|unit| unit.lemma.clone()));
        }
        end
    }

    /// "(chat id 123)", "(pushover for example)": its values and names are those of the phrase.
    fn bracket(&self, from: usize, phrase: &mut Phrase) -> usize {
        let inside = self.units.get(from..self.end).unwrap_or_default();
        let close = inside.iter().position(|unit| unit.tag == Tag::Mark(Mark::Close));
        let length = close.map_or(inside.len(), |close| close + 1);
        // "(WhatsApp would be nice)" is a remark of its own.
        let remark = |unit: &Unit| {
            matches!(unit.tag, Tag::Verb(Form::Base | Form::Third) | Tag::Word(Class::Modal | Class::Polite))
        };
        for unit in inside.iter().take(length).filter(|_| !inside.iter().take(length).any(remark)) {
            match unit.tag {
                Tag::Value => phrase.values.push(unit.span.start),
                Tag::Service => phrase.services.push(unit.lemma.clone()),
                _ => {}
            }
        }
        from + length
    }

    /// "from the last 24 hours", "of the week"
    fn period(&self, from: usize) -> Option<usize> {
        let unit = self.unit(from)?;
        if !["of", "from", "in", "within", "over", "during", "since", "for"].contains(&unit.lemma.as_str()) {
            return None;
        }
        let mut at = from + 1;
        while matches!(self.tag(at), Some(Tag::Word(Class::Determiner(_)) | Tag::Adjective)) {
            at += 1;
        }
        let next = self.unit(at)?;
        let known = matches!(self.value(at), Some(Value::Duration(_) | Value::Date(_)))
            || next.tag == Tag::Noun && self.vocabulary.is(Group::Periods, &next.lemma)
            || next.tag == Tag::Time && unit.lemma != "for";
        known.then_some(at + 1)
    }

    /// The end of a clause that narrows what stands before it.
    fn relative(&self, from: usize) -> usize {
        let mut verb = false;
        let mut depth = 0_usize;
        let ends = |at: &usize| {
            let Some(unit) = self.unit(*at) else { return true };
            let place = unit.is(Class::Preposition) && matches!(unit.lemma.as_str(), "to" | "into");
            let target = matches!(self.tag(at + 1), Some(Tag::Service | Tag::Value | Tag::Word(Class::Determiner(_))));
            // A second finite verb is that of the clause whose subject this phrase is.
            // "for each order that is above 200 **send** …": so is one that says what to do.
            let said = || self.unit(at.wrapping_sub(1)).is_some_and(|unit| unit.nominal() || unit.tag == Tag::Time);
            let second = matches!(unit.tag, Tag::Verb(Form::Third | Form::Past) | Tag::Word(Class::Modal))
                || unit.tag == Tag::Verb(Form::Base) && said();
            let ended = match unit.tag {
                Tag::Mark(Mark::Open) => {
                    depth += 1;
                    false
                }
                Tag::Mark(Mark::Close) => {
                    depth = depth.saturating_sub(1);
                    false
                }
                Tag::Mark(Mark::Comma) => !self.unit(at + 1).is_some_and(|next| next.nominal() || next.is(Class::And)),
                Tag::Mark(_) | Tag::Word(Class::Polite) => true,
                _ => verb && (second || self.moves && place && target),
            };
            verb |= unit.verb().is_some();
            ended && depth == 0
        };
        (from + 1..self.end).find(ends).unwrap_or(self.end)
    }

    /// "labelled bug", "added to my database", "(steps) to reproduce": a participle, and the phrase or the place that belongs to it.
    fn participle(&self, from: usize) -> usize {
        let mut at = from + 1;
        while matches!(self.tag(at), Some(Tag::Word(Class::Adverb))) {
            at += 1;
        }
        let moved = |unit: &Unit| self.moves && matches!(unit.lemma.as_str(), "to" | "into");
        if self.unit(at).is_some_and(|unit| unit.is(Class::Preposition) && !moved(unit)) {
            at += 1;
        }
        while self.unit(at).is_some_and(|unit| unit.nominal() || unit.tag == Tag::Time) {
            at += 1;
        }
        // "a comment saying thanks for the report", "a note telling them that it is done": all that is said.
        let says = self.unit(from).is_some_and(|unit| self.vocabulary.is(Group::Sayers, &unit.lemma));
        let asks = self.tag(from) == Some(Tag::Verb(Form::Ing)) && says;
        if asks {
            let ends = |at: &usize| self.tag(*at).is_none_or(|tag| matches!(tag, Tag::Mark(_)));
            let end = (at..self.end).take(SAID).find(ends).unwrap_or(self.end.min(at + SAID));
            let said = self.units.get(at..end).unwrap_or_default();
            at = if said.iter().any(|unit| unit.tag == Tag::Service) { at } else { end };
        }
        at
    }
}

/// The longest that something says, in words: keeps the work linear whatever the text.
const SAID: usize = 40;
/// Nothing narrows what these stand for.
const PERSONAL: [&str; 9] = ["i", "me", "you", "it", "us", "them", "him", "her", "they"];
