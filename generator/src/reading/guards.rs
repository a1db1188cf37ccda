//! What a clause behind "when", "if", "until" … is.

use super::{
    Frame, Phrase, Role,
    classes::{Class, Group},
    roles::{Judge, is_new},
    words::{Tag, Unit},
};

impl Judge<'_> {
    pub(super) fn opener(&self, at: usize, class: Class, units: &[Unit], frame: &Frame) -> Role {
        let only = units.iter().take_while(|unit| !unit.is(class)).any(|unit| unit.lemma == "only");
        let word = units.iter().find(|unit| unit.is(class)).map_or("", |unit| unit.lemma.as_str());
        match class {
            // "so we can look back when something broke"
            Class::When
                if self.role_before(at) == Some(Role::Background)
                    && self.last_in_sentence(at)
                    && self
                        .pieces
                        .get(at.wrapping_sub(1))
                        .is_some_and(|piece| piece.start == super::clauses::Start::Opener(Class::Reason)) =>
            {
                Role::Background
            }
            // "every time there is a release"
            Class::When if word.contains("time") && frame.subject.is_none() && !only => Role::Trigger,
            // "when there is a new video"
            Class::When if frame.subject.is_none() && frame.objects.iter().any(is_new) && !only => Role::Trigger,
            Class::When if only || self.tests(frame) || self.limits(units, frame) => Role::Condition,
            // "Make the list; when it is done, export it."
            Class::When if self.follows(frame) => Role::LeadIn,
            Class::When if self.of_watched(at, frame) => Role::Condition,
            Class::When => Role::Trigger,
            Class::If
                if word == "if"
                    && !only
                    && self.scope.trigger.is_none()
                    && self.happens(frame)
                    && !self.of_watched(at, frame)
                    && !self.tests(frame)
                    && !self.limits(units, frame) =>
            {
                Role::Trigger
            }
            // "…, with a price if given": as far as it is there.
            Class::If if frame.verb.is_none() && if_there(units) => Role::Restriction,
            // "and if not, …"
            Class::If if frame.negated && *frame == (Frame { negated: true, ..Frame::default() }) => {
                self.scope.question.or(self.scope.condition).map_or(Role::Condition, Role::Otherwise)
            }
            Class::If => Role::Condition,
            // "otherwise it is too much" is a reason.
            // "…, if not."
            Class::Else if *frame == (Frame { negated: frame.negated, ..Frame::default() }) => Role::Condition,
            Class::Else if frame.verb.as_ref().is_some_and(|verb| verb.lemma == "be") && !frame.passive => {
                Role::Background
            }
            // "if it does not **answer with 200**" denies what it goes on to say.
            Class::Else if matches!(word, "if it does not" | "if it is not") => Role::Condition,
            Class::Else => self.scope.question.or(self.scope.condition).map_or(Role::Act, Role::Otherwise),
            // "Use X so that …": the reason is what is asked for.
            Class::Reason if matches!(self.role_before(at), Some(Role::Instruction | Role::LeadIn)) => Role::Act,
            Class::While if matches!(word, "while" | "until" | "till" | "before" | "as") => Role::Restriction,
            _ => Role::Background,
        }
    }

    /// "Watch the page and tell me once it says …": tests what an act before looks at.
    pub(super) fn of_watched(&self, at: usize, frame: &Frame) -> bool {
        const OPEN: [&str; 10] =
            ["it", "they", "this", "that", "one", "either", "someone", "somebody", "anyone", "anybody"];
        let sentence = self.sentence(at);
        let before = self.clauses.iter().rev().take(8).take_while(|clause| Some(clause.sentence) == sentence);
        let verbs = before.filter_map(|clause| clause.frame.as_ref()?.verb.as_ref());
        frame.subject.as_ref().is_some_and(|subject| subject.pronoun && OPEN.contains(&subject.head.as_str()))
            && verbs.into_iter().any(|verb| self.is(Group::Watchers, &verb.lemma))
    }

    /// Waits for what is done before.
    fn follows(&self, frame: &Frame) -> bool {
        let it = frame.subject.as_ref().is_some_and(|subject| matches!(subject.head.as_str(), "it" | "this" | "that"));
        let done = frame.verb.as_ref().is_some_and(|verb| matches!(verb.lemma.as_str(), "do" | "finish" | "complete"));
        it && done && self.clauses.iter().any(|clause| clause.role == Role::Act)
    }

    /// Tests a state; else something happens.
    fn tests(&self, frame: &Frame) -> bool {
        let Some(verb) = &frame.verb else { return false };
        let subject = |test: fn(&Phrase) -> bool| frame.subject.as_ref().is_some_and(test);
        let new = subject(|subject| subject.modifiers.iter().any(|word| word == "new"))
            || verb.lemma == "have" && frame.objects.iter().any(is_new);
        // "when I drop a link"
        let done = subject(|subject| matches!(subject.head.as_str(), "i" | "we" | "somebody" | "someone"));
        if done && self.is(Group::Events, &verb.lemma) {
            return frame.negated;
        }
        // "as soon as it says "in stock""
        let reads = matches!(verb.lemma.as_str(), "say" | "read" | "show" | "display")
            && verb.particle.is_none()
            && !frame.objects.iter().any(is_new)
            && frame.objects.iter().any(|object| {
                !object.values.is_empty()
                    || subject(|subject| subject.pronoun || SHOWN.contains(&subject.head.as_str()))
            });
        (self.is(Group::States, &verb.lemma) || reads) && !new && !(frame.passive && verb.lemma != "need")
            || frame.negated
    }

    /// "when the price gets lower than 80", "when it drops below 900 €": a number is reached.
    fn limits(&self, units: &[Unit], frame: &Frame) -> bool {
        let number = units.iter().any(|unit| unit.tag == Tag::Value);
        // "is added to" moves nothing.
        let is = |unit: &Unit| unit.lemma == "be" && !frame.passive;
        let moves = |unit: &Unit| unit.verb().is_some() && (self.is(Group::Moves, &unit.lemma) || is(unit));
        number
            && frame.verb.is_some()
            && units.iter().any(moves)
            && units.iter().any(|unit| LIMITS.contains(&unit.lemma.as_str()))
    }

    /// "if a new mail comes", "if anything changes"
    fn happens(&self, frame: &Frame) -> bool {
        let (Some(verb), Some(subject)) = (&frame.verb, &frame.subject) else { return false };
        let anything = ["anything", "something", "someone", "somebody", "anyone", "anybody", "i", "we"];
        let open = !subject.pronoun || anything.contains(&subject.head.as_str());
        open && self.is(Group::Events, &verb.lemma) && !self.is(Group::States, &verb.lemma) && !frame.negated
    }

    /// "to stay informed", "to keep stakeholders informed", "to save time"
    pub(super) fn purpose(&self, units: &[Unit], frame: &Frame) -> bool {
        let Some(verb) = &frame.verb else { return true };
        let any = |group| units.iter().any(|unit| self.is(group, &unit.lemma));
        match verb.lemma.as_str() {
            "keep" => any(Group::Kept),
            "save" => any(Group::Savings),
            other => self.is(Group::Purposes, other),
        }
    }
}

/// "if given", "if there is any"
fn if_there(units: &[Unit]) -> bool {
    let there = [
        "give",
        "given",
        "available",
        "provide",
        "provided",
        "know",
        "known",
        "possible",
        "need",
        "needed",
        "any",
        "present",
    ];
    units
        .iter()
        .rfind(|unit| !matches!(unit.tag, Tag::Mark(_)))
        .is_some_and(|unit| there.contains(&unit.lemma.as_str()))
}

/// Things that say something by what stands on them.
const SHOWN: [&str; 8] = ["page", "web page", "site", "website", "screen", "column", "field", "status"];

const LIMITS: [&str; 12] =
    ["below", "under", "over", "above", "less", "more", "lower", "higher", "than", "at least", "at most", "to"];
