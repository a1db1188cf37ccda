//! The verb of a piece: auxiliaries, particles, who is made to do it, the clause that it takes.

use super::{
    Frame, Mark, Phrase, Span, Verb,
    classes::{Class, Group},
    frame::Reader,
    inflection::Form,
    words::{Tag, Unit},
};

impl Reader<'_> {
    /// Whether the verb is here; auxiliaries are passed over.
    pub(super) fn verb(&mut self) -> bool {
        let Some(unit) = self.unit(self.at) else { return true };
        // "is to be written"
        let be = |at: usize| self.unit(at).is_some_and(|unit| unit.lemma == "be");
        let to = self.unit(self.at + 1).is_some_and(|unit| unit.preposition("to"));
        if be(self.at) && to && be(self.at + 2) {
            self.at += 2;
            return false;
        }
        let aside = |at: &usize| {
            matches!(self.tag(*at), Some(Tag::Word(Class::Adverb | Class::Not | Class::Modal) | Tag::Time))
        };
        let next = (self.at + 1..self.phrases.end).find(|at| !aside(at)).unwrap_or(self.phrases.end);
        let form = self.unit(next).and_then(Unit::verb);
        let participle = matches!(form, Some(Form::Ed))
            || form == Some(Form::Base)
                && self.unit(next).is_some_and(|unit| PARTICIPLES.contains(&unit.lemma.as_str()));
        let passive = matches!(unit.lemma.as_str(), "be" | "get") && participle;
        let modal = (self.at..next).any(|at| self.tag(at) == Some(Tag::Word(Class::Modal)));
        let auxiliary = modal && form.is_some()
            || matches!(
                (unit.lemma.as_str(), form),
                ("be", Some(Form::Ing)) | ("have", Some(Form::Ed)) | ("do", Some(Form::Base))
            );
        if passive || auxiliary {
            self.frame.passive |= passive;
            self.frame.negated |= (self.at..next).any(|at| self.unit(at).is_some_and(|unit| unit.is(Class::Not)));
            self.at = next;
            return false;
        }
        if matches!(unit.lemma.as_str(), "let" | "have") && self.causes() {
            return false;
        }
        self.at += 1;
        self.phrases.moves = self.vocabulary.is(Group::Movers, &unit.lemma);
        self.frame.verb = Some(Verb { lemma: unit.lemma.clone(), particle: None, span: unit.span.clone() });
        self.particle();
        true
    }

    /// "let AI classify", "have the team approve": somebody else does it. "let me know" is a verb of its own.
    fn causes(&mut self) -> bool {
        let Some((phrase, end)) = self.phrases.read(self.at + 1) else { return false };
        let base = |unit: &&Unit| unit.verb() == Some(Form::Base) && unit.lemma != "know";
        if self.unit(end).filter(base).is_none() {
            return false;
        }
        self.frame.subject = Some(phrase);
        self.at = end;
        true
    }

    /// "sum **up** …", "keep **an eye on** …", "sum them **up**".
    pub(super) fn particle(&mut self) -> bool {
        let object = !self.frame.objects.is_empty();
        let Some(verb) = self.frame.verb.as_ref().filter(|verb| verb.particle.is_none()) else { return false };
        // A unit may hold several words, and a particle ends where a unit does.
        let ahead: Vec<(&str, bool, usize)> = (self.at..self.at + 4)
            .filter_map(|at| Some((self.unit(at)?, at)))
            .flat_map(|(unit, at)| {
                let words = unit.lemma.split(' ');
                let count = words.clone().count();
                words.enumerate().map(move |(place, word)| (word, place + 1 == count, at + 1))
            })
            .collect();
        let fits = |particle: &&Vec<String>| {
            let last = particle.len().checked_sub(1).and_then(|last| ahead.get(last));
            last.is_some_and(|(_, whole, _)| *whole) && particle.iter().zip(&ahead).all(|(word, (key, ..))| word == key)
        };
        let Some(particle) = self.vocabulary.particles(&verb.lemma).iter().find(fits) else { return false };
        let Some((_, _, end)) = ahead.get(particle.len() - 1) else { return false };
        let (joined, end) = (particle.join(" "), *end);
        // "log in the sheet", "put them into Notion": a place.
        let place = matches!(self.tag(end), Some(Tag::Word(Class::Determiner(_)) | Tag::Service));
        let preposition = self.unit(self.at).is_some_and(|unit| unit.is(Class::Preposition)) && particle.len() == 1;
        let kept = joined == "into" && (verb.lemma == "put" || self.tag(end) == Some(Tag::Service));
        if preposition && (object || place && (kept || matches!(joined.as_str(), "in" | "on" | "to"))) {
            return false;
        }
        if let Some(verb) = &mut self.frame.verb {
            verb.particle = Some(joined);
        }
        self.at = end;
        true
    }

    /// "with the result mailed to me": mail the result to me.
    pub(super) fn delivered(mut self) -> Frame {
        let verb = |at: &usize| self.unit(*at).and_then(Unit::verb) == Some(Form::Ed);
        let (first, end) = (self.at, self.phrases.end);
        self.phrases.end = (first..end).find(verb).unwrap_or(end);
        let begins = |at: &usize| self.unit(*at).is_some_and(Unit::nominal);
        let object = (first..self.phrases.end).find(begins).and_then(|at| self.phrases.read(at));
        (self.at, self.phrases.end) = (self.phrases.end, end);
        self.verb();
        self.frame.objects.extend(object.map(|(phrase, _)| phrase));
        self.rest();
        self.frame
    }

    /// All that is left, but the mark that ends it and where it is put: "write what came in **to the sheet**".
    pub(super) fn complement(&mut self) {
        let mut verb = false;
        let place = |at: &usize| {
            let Some(unit) = self.unit(*at) else { return true };
            let target = matches!(self.tag(at + 1), Some(Tag::Service | Tag::Value | Tag::Word(Class::Determiner(_))));
            let into = target && matches!(unit.lemma.as_str(), "to" | "into");
            let on = matches!(unit.lemma.as_str(), "in" | "on") && self.phrases.names_place(at + 1);
            // "remind me to pay the rent **by mail**"
            let way = matches!(unit.lemma.as_str(), "by" | "via" | "over") && self.phrases.names_way(at + 1);
            // "tell me which are late, **on Slack**"
            let apart = self.tag(at - 1) == Some(Tag::Mark(Mark::Comma)) && self.tag(at + 1) == Some(Tag::Service);
            let found = verb && (way || (self.phrases.moves || apart) && (into || on));
            verb |= unit.verb().is_some();
            found
        };
        let until = (self.at + 1..self.phrases.end).find(place).unwrap_or(self.phrases.end);
        let marks = (self.at + 1..until).rev();
        let end = marks.take_while(|at| matches!(self.tag(*at), Some(Tag::Mark(_)))).last().unwrap_or(until);
        let span = |at: usize| self.unit(at).map(|unit| unit.span.clone());
        let ends = span(self.at).zip(span(end - 1));
        let from = self.frame.complement.as_ref().map(|before| before.start);
        self.frame.complement = ends.map(|(first, last)| -> Span { from.unwrap_or(first.start)..last.end });
        self.at = until;
    }

    /// "let me **know**"
    pub(super) fn know(&mut self) -> bool {
        let knows = self.unit(self.at).is_some_and(|unit| unit.lemma == "know");
        match &mut self.frame.verb {
            Some(verb) if knows && verb.lemma == "let" => {
                verb.particle = Some("know".to_owned());
                self.frame.recipients.append(&mut self.frame.objects);
                self.at += 1;
                true
            }
            _ => false,
        }
    }

    /// "(I want) to be told": whoever asks is told.
    pub(super) fn told(&mut self) {
        let Some(verb) = self.frame.verb.as_ref().filter(|_| self.frame.passive && self.frame.subject.is_none()) else {
            return;
        };
        if self.vocabulary.is(Group::Tellers, &verb.lemma) {
            self.frame.passive = false;
            let (span, head) = (verb.span.clone(), "me".to_owned());
            self.frame.recipients.push(Phrase { span, head, pronoun: true, ..Phrase::default() });
        }
    }
}

/// Participles that are spelled like the base.
const PARTICIPLES: [&str; 14] =
    ["put", "read", "set", "cut", "come", "run", "become", "cost", "fit", "hit", "let", "quit", "shut", "split"];
