//! A piece of a sentence -> its verb, and what belongs to it.

use super::{
    Argument, Determiner, Frame, Mark, Phrase, Token, Verb,
    classes::{Class, Group},
    clauses::{Piece, Start},
    inflection::Form,
    phrase::Phrases,
    vocabulary::Vocabulary,
    words::{Tag, Unit},
};

pub(super) fn frame(vocabulary: &Vocabulary, tokens: &[Token], units: &[Unit], piece: &Piece) -> Frame {
    let phrases = Phrases { vocabulary, units, tokens, end: piece.units.end, moves: false };
    let mut reader =
        Reader { vocabulary, phrases, frame: Frame::default(), at: piece.units.start, first: 0, list: List::None };
    match piece.start {
        Start::Opener(_) => reader.opener(),
        Start::Purpose | Start::Gerund => reader.preposition(),
        Start::Participle => return reader.delivered(),
        _ => {}
    }
    reader.first = reader.at;
    let (at, negated) = (reader.at, reader.frame.negated);
    if !reader.front() {
        // No verb: what looked like a subject is the thing itself.
        reader.frame = Frame { negated, ..Frame::default() };
        (reader.at, reader.list) = (at, List::None);
    }
    reader.rest();
    reader.told();
    // "do nothing", "skip the rest"
    let frame = &mut reader.frame;
    let skips =
        frame.verb.as_ref().is_some_and(|verb| vocabulary.is(Group::Skips, &verb.lemma) && !is_put(verb, frame));
    let left = frame.verb.as_ref().is_some_and(|verb| verb.lemma == "leave" && verb.particle.is_none());
    let nothing = |object: &Phrase| object.head == "nothing" || skips && (object.pronoun || left && is_rest(object));
    frame.negated |= frame.verb.is_some() && frame.objects.iter().any(nothing);
    reader.frame
}

/// "Leave it in my drafts", "… as a comment", "… in Notion" puts it there. "Leave the rest in the inbox", "… as it is" does
/// nothing.
fn is_put(verb: &Verb, frame: &Frame) -> bool {
    let others = frame.objects.iter().any(is_rest);
    verb.lemma == "leave"
        && verb.particle.is_none()
        && frame.arguments.iter().any(|Argument { preposition, phrase }| {
            let draft = matches!(phrase.head.rsplit(' ').next(), Some("draft" | "drafts"));
            let new = preposition == "as" && phrase.determiner == Determiner::Some;
            let stores = matches!(preposition.as_str(), "in" | "on") && !phrase.services.is_empty();
            draft || !others && (new || stores)
        })
}

/// "the rest", "the others", "everything else"
fn is_rest(phrase: &Phrase) -> bool {
    matches!(phrase.head.as_str(), "rest" | "other" | "others" | "one" | "everything" | "anything" | "all")
}

/// Where a phrase after a comma or "and" belongs.
#[derive(Clone, PartialEq)]
pub(super) enum List {
    None,
    Objects,
    Recipients,
    Arguments(String),
}

pub(super) struct Reader<'a> {
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) phrases: Phrases<'a>,
    pub(super) frame: Frame,
    pub(super) at: usize,
    /// Where the clause begins, its opener aside.
    first: usize,
    pub(super) list: List,
}

impl<'a> Reader<'a> {
    pub(super) fn unit(&self, at: usize) -> Option<&'a Unit> {
        self.phrases.unit(at)
    }

    pub(super) fn tag(&self, at: usize) -> Option<Tag> {
        self.phrases.tag(at)
    }

    /// Passes "when", "only if", "otherwise" …
    fn opener(&mut self) {
        while let Some(unit) = self.unit(self.at) {
            match unit.tag {
                Tag::Word(Class::When | Class::If | Class::Else | Class::Reason | Class::While) => {
                    self.frame.negated = unit.lemma == "unless" || unit.lemma.starts_with("except");
                    self.at += 1;
                    return;
                }
                _ if unit.light() => self.at += 1,
                _ => return,
            }
        }
    }

    /// Passes the preposition of "to stay informed", "without opening".
    fn preposition(&mut self) {
        while let Some(unit) = self.unit(self.at) {
            self.at += 1;
            if unit.is(Class::Preposition) {
                self.frame.negated = matches!(unit.lemma.as_str(), "without" | "instead of");
                return;
            }
        }
    }

    /// All up to the verb. Whether there is one.
    fn front(&mut self) -> bool {
        let mut joined = false;
        while let Some(unit) = self.unit(self.at) {
            let coordinated = std::mem::replace(&mut joined, unit.is(Class::And) || unit.tag == Tag::Mark(Mark::Comma));
            match unit.tag {
                Tag::Word(Class::Not) => self.frame.negated = true,
                // "from handing in to approval": a noun.
                Tag::Verb(Form::Ing)
                    if self.at > self.first
                        && self.unit(self.at - 1).is_some_and(|unit| unit.is(Class::Preposition)) => {}
                // "did we sell"
                Tag::Verb(_) if unit.lemma == "do" && self.unit(self.at + 1).is_some_and(Unit::narrator) => {}
                Tag::Verb(_) => {
                    if self.verb() {
                        return true;
                    }
                    continue;
                }
                // "In which country …?"
                Tag::Word(Class::Preposition) if self.at == self.first && self.asks_which() => {}
                Tag::Word(Class::Preposition) => {
                    self.argument();
                    continue;
                }
                _ if unit.nominal() || unit.is(Class::Question) && self.frame.subject.is_none() => {
                    if let (true, Some(argument)) =
                        (coordinated && self.frame.subject.is_none(), self.frame.arguments.last())
                    {
                        self.list = List::Arguments(argument.preposition.clone());
                        self.phrase(true);
                    } else {
                        self.subject(coordinated);
                    }
                    continue;
                }
                _ => {}
            }
            self.at += 1;
        }
        false
    }

    /// "Products **and orders** come from …": the others of a list are objects, so that nothing is lost.
    fn subject(&mut self, coordinated: bool) {
        let question = self.unit(self.at).filter(|unit| unit.is(Class::Question));
        if let Some(unit) = question {
            let (span, head) = (unit.span.clone(), unit.lemma.clone());
            self.frame.subject = Some(Phrase { span, head, pronoun: true, ..Phrase::default() });
            self.at += 1;
            return;
        }
        let Some((phrase, end)) = self.phrases.read(self.at) else {
            self.at += 1;
            return;
        };
        self.at = end;
        self.frame.negated |= phrase.determiner == Determiner::No;
        match &mut self.frame.subject {
            Some(_) if coordinated => self.frame.objects.push(phrase),
            // "Daily the team gets …", "title the bot writes": the nearest is the subject.
            Some(first) => self.frame.objects.push(std::mem::replace(first, phrase)),
            None => self.frame.subject = Some(phrase),
        }
    }

    /// All behind the verb.
    pub(super) fn rest(&mut self) {
        let mut joined = false;
        while let Some(unit) = self.unit(self.at) {
            let coordinated = std::mem::replace(&mut joined, unit.is(Class::And) || unit.tag == Tag::Mark(Mark::Comma));
            let verb = self.frame.verb.is_some();
            match unit.tag {
                // "Send it, not the draft": it is sent.
                Tag::Word(Class::Not) => self.frame.negated |= !verb || self.frame.objects.is_empty(),
                Tag::Word(Class::Determiner(Determiner::No)) if !verb => self.frame.negated = true,
                Tag::Word(Class::Adverb | Class::Preposition) if self.particle() => continue,
                // "the site is down"
                Tag::Word(Class::Adverb)
                    if self.states()
                        && ["up", "down", "out", "off", "on", "over", "away", "online", "offline", "live"]
                            .contains(&unit.lemma.as_str()) =>
                {
                    let (span, modifiers) = (unit.span.clone(), vec![unit.lemma.clone()]);
                    self.frame.objects.push(Phrase { span, modifiers, ..Phrase::default() });
                }
                Tag::Word(Class::Preposition) if unit.lemma == "to" && verb && self.infinitive() => {
                    self.complement();
                    continue;
                }
                // "look at at least 5 sources"
                Tag::Word(Class::Preposition)
                    if matches!(unit.lemma.as_str(), "at least" | "at most" | "up to")
                        && verb
                        && self.tag(self.at + 1) == Some(Tag::Value)
                        && self.frame.objects.is_empty() => {}
                Tag::Word(Class::Preposition) => {
                    self.argument();
                    continue;
                }
                Tag::Word(Class::Question | Class::Relative | Class::If) if verb => {
                    self.complement();
                    continue;
                }
                Tag::Verb(Form::Base | Form::Third | Form::Past | Form::Ing) if verb => {
                    if !self.know() {
                        self.complement();
                    }
                    continue;
                }
                _ if unit.nominal() || unit.is(Class::Question) => {
                    self.phrase(coordinated);
                    continue;
                }
                _ => {}
            }
            self.at += 1;
            if unit.is(Class::Determiner(Determiner::No)) {
                self.at -= 1;
                self.phrase(coordinated);
            }
        }
    }

    fn asks_which(&self) -> bool {
        self.unit(self.at + 1).is_some_and(|next| next.is(Class::Question)) && self.tag(self.at + 2) == Some(Tag::Noun)
    }

    fn states(&self) -> bool {
        self.frame.objects.is_empty() && self.frame.verb.as_ref().is_some_and(|verb| verb.lemma == "be")
    }

    fn infinitive(&self) -> bool {
        self.unit(self.at + 1).and_then(Unit::verb) == Some(Form::Base)
    }

    fn argument(&mut self) {
        let Some(unit) = self.unit(self.at) else { return };
        let preposition = unit.lemma.clone();
        self.at += 1;
        while matches!(self.tag(self.at), Some(Tag::Word(Class::Adverb | Class::Preposition))) {
            self.at += 1;
        }
        let Some((mut phrase, end)) = self.phrases.read(self.at) else { return };
        if preposition == "per" {
            phrase.determiner = Determiner::Each;
        }
        self.at = end;
        self.list = List::Arguments(preposition.clone());
        self.frame.arguments.push(Argument { preposition, phrase });
    }

    fn phrase(&mut self, coordinated: bool) {
        let Some((phrase, end)) = self.phrases.read(self.at) else {
            self.at += 1;
            return;
        };
        self.at = end;
        match &self.list {
            // "the text of the issue, the name of its author": the second is no part of the first.
            List::Arguments(of)
                if coordinated
                    && of == "of"
                    && phrase.determiner == Determiner::The
                    && !self.frame.objects.is_empty() => {}
            // "the weather in Bonn, my calendar and 3 headlines": no places.
            List::Arguments(place)
                if coordinated
                    && matches!(place.as_str(), "in" | "for" | "of")
                    && matches!(phrase.determiner, Determiner::Count(_) | Determiner::Mine)
                    && phrase.values.len() < 2
                    && !self.frame.objects.is_empty()
                    && !self.frame.arguments.iter().any(|argument| argument.phrase.determiner == phrase.determiner) => {
            }
            List::Arguments(preposition) if coordinated => {
                let preposition = preposition.clone();
                return self.frame.arguments.push(Argument { preposition, phrase });
            }
            List::Recipients
                if coordinated
                    && !self.unit(end).is_some_and(Unit::nominal)
                    && (self.person(&phrase) || self.unit(end - 1).is_some_and(|unit| unit.name)) =>
            {
                return self.frame.recipients.push(phrase);
            }
            _ if !coordinated && self.recipient(&phrase) => {
                self.list = List::Recipients;
                return self.frame.recipients.push(phrase);
            }
            _ => {}
        }
        self.frame.objects.push(phrase);
        self.list = List::Objects;
    }

    fn person(&self, phrase: &Phrase) -> bool {
        let pronoun = ["me", "us", "him", "her", "them", "you"].contains(&phrase.head.as_str());
        pronoun || phrase.services.is_empty() && self.vocabulary.is(Group::People, &phrase.head)
    }

    /// "mail **me** the result", "tell **the team**", "notify **Telegram**"
    fn recipient(&self, phrase: &Phrase) -> bool {
        let Some(verb) = &self.frame.verb else { return false };
        if !self.frame.objects.is_empty() || !self.frame.recipients.is_empty() || self.frame.passive {
            return false;
        }
        // "mail them to me": the thing, not the person.
        if phrase.pronoun && self.unit(self.at).is_some_and(|unit| unit.preposition("to")) {
            return false;
        }
        let told = self.vocabulary.is(Group::Tellers, &verb.lemma);
        let given = self.vocabulary.is(Group::Givers, &verb.lemma);
        let more = self.unit(self.at).is_some_and(Unit::nominal);
        let name = phrase.modifiers.is_empty() && phrase.determiner == Determiner::None && phrase.services.is_empty();
        let named = name && self.unit(self.at.wrapping_sub(1)).is_some_and(|unit| unit.name);
        let person = self.person(phrase) || named;
        let place = !phrase.services.is_empty() && phrase.head.is_empty() || phrase.head == "channel";
        // "send me on Telegram the events"
        let self_told = matches!(phrase.head.as_str(), "me" | "us");
        told && (person || place && verb.lemma != "call") || given && (more || self_told) && (person || phrase.pronoun)
    }
}
