//! What is said of the agent itself: when it runs, and how it is to be built.

use super::{
    Determiner, Frame, Phrase, Role,
    classes::{Class, Group},
    clauses::Start,
    roles::Judge,
    vocabulary::Kind,
    words::Tag,
};

impl Judge<'_> {
    /// "runs every Friday", "it starts with a mail", "triggers on new mails", "schedule it to run hourly".
    pub(super) fn runs(&self, at: usize, frame: &Frame, verb: &str) -> Option<Role> {
        let timed = self.slice(at).iter().any(|unit| unit.tag == Tag::Time);
        let agent = |phrase: &Phrase| phrase.pronoun || self.is(Group::Agents, &phrase.head);
        // "Run my script": something that is there, not the agent.
        let other = |phrase: &Phrase| agent(phrase) && phrase.determiner != Determiner::Mine;
        let bare = frame.objects.iter().all(other) && frame.subject.as_ref().is_none_or(agent);
        let on = |argument: &super::Argument| matches!(argument.preposition.as_str(), "on" | "with" | "from" | "by");
        let when = self.pieces.get(at + 1).is_some_and(|next| next.start == Start::Opener(Class::When));
        match () {
            () if !bare => None,
            () if timed
                && frame
                    .arguments
                    .iter()
                    .all(|argument| argument.preposition == "on" && argument.phrase.head == "schedule") =>
            {
                Some(Role::Schedule)
            }
            () if verb != "schedule" && frame.arguments.iter().any(on) => Some(Role::Trigger),
            () if when => Some(Role::LeadIn),
            () => None,
        }
    }

    /// To who builds it, not to what is built.
    pub(super) fn instruction(&self, frame: &Frame, verb: &str) -> bool {
        let phrases = || frame.objects.iter().chain(frame.arguments.iter().map(|argument| &argument.phrase));
        let builds = |name: &String| self.vocabulary.service(name).is_some_and(|service| service.kind == Kind::Builder);
        let model = |name: &String| self.vocabulary.service(name).is_some_and(|service| service.kind == Kind::Model);
        let tool = verb == "use"
            && frame.subject.is_none()
            && frame.objects.iter().any(|object| object.services.iter().any(model));
        let builder = phrases().any(|phrase| phrase.services.iter().any(builds));
        let secret = phrases().chain(&frame.subject).any(|phrase| self.is(Group::Secrets, &phrase.head));
        let everything =
            frame.objects.iter().any(|object| ["everything", "whatever", "all"].contains(&object.head.as_str()));
        let mine =
            frame.subject.as_ref().is_none_or(|subject| ["i", "you", "we", "need"].contains(&subject.head.as_str()));
        let asks_me = frame.recipients.iter().any(|recipient| recipient.head == "me");
        mine && (tool
            || builder && matches!(verb, "use" | "do" | "set" | "build" | "make" | "create" | "work")
            || secret && matches!(verb, "ask" | "add" | "need" | "use" | "want" | "set" | "request" | "have" | "enter")
            || everything && matches!(verb, "set" | "fill" | "do" | "configure")
            || frame.negated && verb == "ask" && asks_me)
    }
}
