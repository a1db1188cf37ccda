//! Roles of pieces without a verb: labels, restrictions, manners.

use super::{
    Determiner, Frame, Mark, Phrase, Role,
    classes::{Class, Group},
    clauses::Start,
    roles::{Judge, is_new},
    words::{Tag, Unit},
};

impl Judge<'_> {
    pub(super) fn without_verb(&self, at: usize, frame: &Frame, units: &[Unit]) -> Role {
        let first = units.iter().find(|unit| !matches!(unit.tag, Tag::Mark(_) | Tag::Word(Class::And | Class::Polite)));
        let arrow = self.last_mark(at) == Some(Mark::Arrow);
        let colon = arrow || self.last_mark(at) == Some(Mark::Colon);
        let known = frame.objects.first().is_some_and(|object| self.is(Group::Reasons, &object.head));
        let colon = colon && (!self.last_in_sentence(at) || at == 0 || known);
        let comma = self.last_mark(at) == Some(Mark::Comma) && !self.last_in_sentence(at);
        let word = first.map_or("", |unit| unit.lemma.as_str());
        match first.map(|unit| unit.tag) {
            Some(Tag::Word(Class::Adverb)) if matches!(word, "only" | "just" | "only once") => {
                let cases = frame.arguments.first().is_some_and(|argument| argument.preposition == "for");
                return if cases { Role::Condition } else { Role::Restriction };
            }
            // "No news, no mail."
            Some(Tag::Word(Class::Determiner(Determiner::No))) => {
                return match self.role_before(at) {
                    Some(Role::Condition) => Role::Act,
                    _ if comma => Role::Condition,
                    _ => Role::Restriction,
                };
            }
            Some(Tag::Word(Class::Not)) if frame.arguments.is_empty() => return Role::Restriction,
            Some(Tag::Word(Class::Preposition)) => {
                if let Some(role) = self.prepositional(at, word, frame, colon, comma) {
                    return role;
                }
            }
            _ => {}
        }
        // "Many thanks, Ruth"
        let mut said = units.iter().filter(|unit| !matches!(unit.tag, Tag::Mark(_)));
        if said.next().is_some_and(|unit| unit.is(Class::Polite)) && said.all(|unit| unit.name) {
            return Role::Politeness;
        }
        // "+1 for this"
        let bare = |object: &Phrase| object.head.is_empty() && object.services.is_empty() && !object.values.is_empty();
        let points = |argument: &super::Argument| argument.phrase.pronoun && argument.preposition == "for";
        if frame.objects.iter().all(bare) && !frame.arguments.is_empty() && frame.arguments.iter().all(points) {
            return Role::Politeness;
        }
        // "We're a bakery in Porto."
        let mut said = units.iter().filter(|unit| !unit.light());
        let day = said.clone().next().is_some_and(|unit| unit.is(Class::Determiner(Determiner::Each)));
        // "Each Thursday I lose half a day."
        if first.is_some_and(Unit::narrator) || day && said.nth(2).is_some_and(Unit::narrator) {
            return Role::Background;
        }
        // "Content publishing from feeds" in a line of its own, and "This workflow …" in the next one.
        let told = self.frames.get(at + 1).and_then(|next| next.subject.as_ref()).map_or("", |subject| &subject.head);
        let told = self.is(Group::Agents, told) || matches!(told, "it" | "this" | "i" | "we");
        let led =
            self.pieces.get(at + 1).is_some_and(|next| matches!(next.start, Start::Lead | Start::Opener(Class::When)));
        let told = told || self.frames.get(at + 1).and_then(|next| next.subject.as_ref()).is_some_and(is_new);
        let ends = matches!(self.last_mark(at), Some(Mark::Line | Mark::Stop)) && self.last_in_sentence(at);
        if at == 0 && ends && (told || led) {
            return Role::Title;
        }
        if frame.objects.iter().any(|object| object.head.ends_with("triggered")) {
            return Role::Trigger;
        }
        if self.role_before(at) == Some(Role::Manner) && self.last_mark(at.wrapping_sub(1)) == Some(Mark::Colon) {
            return Role::Manner;
        }
        let describes = |unit: &Unit| unit.tag == Tag::Adjective || unit.light();
        match units.iter().all(describes) {
            adjectives if colon => match self.label(at, frame, adjectives) {
                Role::Trigger => Role::Trigger,
                _ if arrow => Role::Act,
                role => role,
            },
            true => Role::Manner,
            false => Role::Act,
        }
    }

    fn prepositional(&self, at: usize, word: &str, frame: &Frame, colon: bool, comma: bool) -> Option<Role> {
        let bare = frame.objects.is_empty();
        match word {
            "at most" | "at least" | "up to" | "without" | "except" | "except for" | "excluding" | "instead of" => {
                Some(Role::Restriction)
            }
            "for" if colon || comma => Some(Role::Loop),
            "per" => Some(Role::Loop),
            "like" => Some(Role::Instruction),
            "over" | "under" | "above" | "below" | "more than" | "less than" if colon => Some(Role::Condition),
            _ if word.contains("after") || word.contains("before") || word == "upon" => Some(Role::Trigger),
            // "On every pull request, …"
            "on" | "with" if comma && bare && matches!(frame.arguments.as_slice(), [only] if happens(&only.phrase)) => {
                Some(Role::Trigger)
            }
            // "On every new issue in acme/api:"
            "on" if colon && bare && frame.arguments.first().is_some_and(|first| happens(&first.phrase)) => {
                Some(Role::Trigger)
            }
            _ if matches!(self.role_before(at), Some(Role::Condition | Role::Restriction)) && bare => {
                Some(Role::Restriction)
            }
            // "In which country …?"
            "in" | "as" | "with" if frame.arguments.iter().any(|argument| argument.phrase.tail.is_some()) => None,
            "in" | "as" | "with" if bare && self.last_in_sentence(at) => Some(Role::Manner),
            _ => None,
        }
    }

    /// "High: …. The rest: …": the first of several cases.
    fn cases(&self, at: usize) -> bool {
        (at + 1..self.pieces.len())
            .take(4)
            .any(|next| self.begins_sentence(next) && self.last_mark(next) == Some(Mark::Colon))
    }

    /// "Role: …"
    pub(super) fn is_persona(&self, at: usize, frame: &Frame) -> bool {
        let label = frame.objects.first().filter(|_| frame.objects.len() == 1 && frame.verb.is_none());
        self.begins_sentence(at)
            && self.last_mark(at) == Some(Mark::Colon)
            && label.is_some_and(|object| self.is(Group::Personas, &object.head))
    }

    /// What stands before a colon, and has no verb.
    fn label(&self, at: usize, frame: &Frame, adjectives: bool) -> Role {
        let head = frame.objects.first().map_or("", |object| object.head.as_str());
        let of_any = frame.objects.first().map(|object| object.determiner);
        let names = |object: &Phrase| !object.services.is_empty() && object.head.is_empty();
        let source = frame.objects.iter().any(|object| names(object) || self.is(Group::Sources, &object.head));
        let leads_to = frame.arguments.iter().any(|argument| matches!(argument.preposition.as_str(), "to" | "into"));
        let value = |next: &Frame| {
            let bare = |object: &Phrase| object.head.is_empty() && !object.values.is_empty();
            next.verb.is_none() && !next.objects.is_empty() && next.objects.iter().all(bare)
        };
        match at {
            _ if self.is(Group::Personas, head) => Role::LeadIn,
            _ if self.is(Group::Reasons, head) => Role::Background,
            _ if self.is(Group::Settings, head)
                && frame.objects.iter().all(|object| object.modifiers.is_empty())
                && self.frames.get(at + 1).is_some_and(|next| next.verb.is_none() && !next.objects.is_empty()) =>
            {
                Role::Value
            }
            _ if self.is(Group::Manners, head) => Role::Manner,
            _ if self.is(Group::Times, head) => Role::Schedule,
            _ if self.is(Group::Tasks, head) && frame.objects.iter().all(|object| object.modifiers.is_empty()) => {
                Role::LeadIn
            }
            _ if frame.objects.iter().any(is_new) => Role::Trigger,
            0 if source && !leads_to => Role::Trigger,
            // "GitHub release -> …"
            0 if self.last_mark(at) == Some(Mark::Arrow)
                && self.is(Group::Events, head)
                && frame.objects.len() == 1 =>
            {
                Role::Trigger
            }
            // "A simple one: …" names the agent, "urgent ones: …" a case.
            0 if (head != "one" || of_any == Some(Determiner::Some)) && !(adjectives && self.cases(at)) => Role::Title,
            _ if self.frames.get(at + 1).is_some_and(value) => Role::Value,
            _ if self.begins_sentence(at) && (adjectives || frame.objects.len() == 1) => Role::Condition,
            _ => Role::Title,
        }
    }
}

/// One of several things that come again and again.
fn happens(phrase: &Phrase) -> bool {
    !phrase.head.is_empty() && (phrase.determiner == Determiner::Each || is_new(phrase))
}
