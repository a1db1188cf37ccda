//! A noun with what stands around it.

use super::{
    Determiner, Mark, Phrase, Token, TokenKind, Value,
    vocabulary::{Class, Form},
    words::{Tag, Unit},
};

pub(super) struct Phrases<'a> {
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

    fn value(&self, at: usize) -> Option<&Value> {
        match &self.tokens.get(self.unit(at)?.span.start)?.kind {
            TokenKind::Value(value) => Some(value),
            _ => None,
        }
    }

    /// The phrase that begins here, and the unit after it.
    pub(super) fn read(&self, from: usize) -> Option<(Phrase, usize)> {
        let mut phrase = Phrase::default();
        let mut at = from;
        let mut words: Vec<(usize, &Unit)> = Vec::new();
        while let Some(unit) = self.unit(at) {
            match unit.tag {
                Tag::Word(Class::Determiner(determiner)) if words.is_empty() && phrase.values.is_empty() => {
                    if phrase.determiner == Determiner::None || determiner == Determiner::Mine {
                        phrase.determiner = determiner;
                    }
                }
                Tag::Word(Class::Pronoun)
                    if words.is_empty() && phrase.values.is_empty() && phrase.services.is_empty() =>
                {
                    phrase.head.clone_from(&unit.lemma);
                    phrase.pronoun = true;
                    at += 1;
                    break;
                }
                Tag::Value => {
                    // "three mails" counts, "label 3" names.
                    if let Some(Value::Number(number)) = self.value(at)
                        && words.iter().all(|(_, unit)| unit.tag == Tag::Adjective)
                        && matches!(self.tag(at + 1), Some(Tag::Noun | Tag::Adjective | Tag::Service))
                        && number.fract() == 0.0
                        && (0.0..1e9).contains(number)
                    {
                        phrase.determiner = Determiner::Count(*number as u32);
                    }
                    phrase.values.push(unit.span.start);
                }
                Tag::Service => phrase.services.push(unit.lemma.clone()),
                Tag::Noun | Tag::Adjective => {
                    if unit.possessive && phrase.determiner == Determiner::None {
                        phrase.determiner = Determiner::The;
                    }
                    words.push((at, unit));
                }
                Tag::Word(Class::Adverb) | Tag::Time if self.adjective_follows(at) => {}
                Tag::Mark(Mark::Comma) | Tag::Word(Class::And) if self.between_adjectives(at, &words) => {}
                _ => break,
            }
            at += 1;
        }
        if at == from {
            return None;
        }
        let head = words.iter().rposition(|(_, unit)| unit.tag == Tag::Noun);
        if let Some((_, unit)) = head.and_then(|head| words.get(head)) {
            phrase.head.clone_from(&unit.lemma);
            phrase.plural = unit.plural;
        }
        let others = words.iter().enumerate().filter(|(place, _)| Some(*place) != head);
        phrase.modifiers = others.map(|(_, (_, unit))| unit.lemma.clone()).collect();
        let end = self.tail(at, &mut phrase);
        let first = self.units.get(from)?.span.start;
        phrase.span = first..self.units.get(end.checked_sub(1)?)?.span.end;
        Some((phrase, end))
    }

    fn adjective_follows(&self, at: usize) -> bool {
        matches!(self.tag(at + 1), Some(Tag::Adjective))
            && matches!(self.tag(at + 2), Some(Tag::Adjective | Tag::Noun | Tag::Service))
    }

    /// "clear, ordered notes", "short and friendly messages"
    fn between_adjectives(&self, at: usize, words: &[(usize, &Unit)]) -> bool {
        words.last().is_some_and(|(_, unit)| unit.tag == Tag::Adjective)
            && self.tag(at + 1) == Some(Tag::Adjective)
            && matches!(self.tag(at + 2), Some(Tag::Noun | Tag::Adjective | Tag::Service))
    }

    /// What narrows the phrase: a relative clause, "labelled bug", "from the last 24 hours", "(pushover for example)".
    fn tail(&self, from: usize, phrase: &mut Phrase) -> usize {
        let mut at = from;
        while let Some(unit) = self.unit(at) {
            let end = match unit.tag {
                Tag::Word(Class::Relative) => self.relative(at),
                Tag::Mark(Mark::Comma) if self.tag(at + 1) == Some(Tag::Word(Class::Relative)) => self.relative(at + 1),
                Tag::Word(Class::Pronoun) if unit.narrator() && !phrase.pronoun => self.relative(at),
                Tag::Verb(Form::Ed | Form::Ing) if !phrase.pronoun || phrase.head.ends_with("thing") => {
                    self.participle(at)
                }
                Tag::Word(Class::Preposition) if self.timed(at) => {
                    at + 2
                        + usize::from(
                            self.tag(at + 1) != Some(Tag::Time)
                                && !matches!(self.value(at + 1), Some(Value::Duration(_) | Value::Date(_))),
                        )
                }
                Tag::Mark(Mark::Open) => {
                    let inside = self.units.get(at..self.end).unwrap_or_default();
                    inside
                        .iter()
                        .position(|unit| unit.tag == Tag::Mark(Mark::Close))
                        .map_or(self.end, |length| at + length + 1)
                }
                _ => break,
            };
            at = end.min(self.end);
        }
        if at > from
            && let (Some(first), Some(last)) = (self.units.get(from), self.units.get(at - 1))
        {
            phrase.tail = Some(first.span.start..last.span.end);
        }
        at
    }

    /// "from the last 24 hours", "of the week"
    fn timed(&self, at: usize) -> bool {
        let of = |at| matches!(self.value(at), Some(Value::Duration(_) | Value::Date(_)));
        let unit = |at| {
            self.unit(at).is_some_and(|unit| {
                matches!(
                    unit.lemma.as_str(),
                    "week"
                        | "day"
                        | "month"
                        | "weekend"
                        | "night"
                        | "year"
                        | "yesterday"
                        | "today"
                        | "tomorrow"
                        | "quarter"
                        | "morning"
                )
            })
        };
        let narrows = self.unit(at).is_some_and(|unit| {
            matches!(unit.lemma.as_str(), "of" | "from" | "in" | "within" | "over" | "during" | "since" | "for")
        });
        narrows
            && (of(at + 1)
                || unit(at + 1)
                || self.tag(at + 1) == Some(Tag::Time) && self.unit(at).is_some_and(|unit| unit.lemma != "for")
                || matches!(self.tag(at + 1), Some(Tag::Word(Class::Determiner(_)))) && (of(at + 2) || unit(at + 2)))
    }

    fn relative(&self, from: usize) -> usize {
        let mut at = from + 1;
        let mut verb = false;
        while let Some(unit) = self.unit(at) {
            let place = unit.is(Class::Preposition) && matches!(unit.lemma.as_str(), "to" | "into");
            let target = matches!(self.tag(at + 1), Some(Tag::Service | Tag::Value | Tag::Word(Class::Determiner(_))));
            if self.moves && verb && place && target {
                break;
            }
            // The verb of the clause whose subject this phrase is.
            if verb && matches!(unit.verb(), Some(Form::Third | Form::Past)) || verb && unit.is(Class::Modal) {
                break;
            }
            verb |= unit.verb().is_some();
            if matches!(
                unit.tag,
                Tag::Mark(Mark::Colon | Mark::Dash | Mark::Arrow | Mark::Semicolon | Mark::Stop | Mark::Line)
            ) {
                break;
            }
            at += 1;
        }
        at
    }

    /// "labelled bug", "added to my database": a participle, and the phrase or the place that belongs to it.
    fn participle(&self, from: usize) -> usize {
        let mut at = from + 1;
        while matches!(self.tag(at), Some(Tag::Word(Class::Adverb))) {
            at += 1;
        }
        let place = self.unit(at).is_some_and(|unit| {
            unit.is(Class::Preposition) && !(self.moves && matches!(unit.lemma.as_str(), "to" | "into"))
        });
        if place {
            at += 1;
        }
        while self.unit(at).is_some_and(|unit| unit.nominal() || unit.tag == Tag::Time) {
            at += 1;
        }
        at
    }
}
