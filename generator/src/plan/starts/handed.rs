//! What the person hands over: inputs of the agent, and the word to start.

use crate::{
    knowledge::Class,
    plan::{
        clauses::{
            act::Act,
            points::{BY, HANDS},
        },
        steps::build::Builder,
    },
    reading::{Clause, Determiner, Phrase, Role, Token},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// "whenever I run this"
    pub(super) fn is_run_by_hand(&self, act: &Act<'_>) -> bool {
        let person = act.frame.subject.as_ref().is_some_and(|subject| {
            matches!(subject.head.as_str(), "i" | "we" | "you" | "user" | "somebody" | "someone")
        });
        let own = act.frame.objects.iter().all(|phrase| phrase.pronoun || self.known.is_agent(&phrase.head));
        person
            && own
            && matches!(
                act.plain_lemma(),
                "run"
                    | "start"
                    | "use"
                    | "launch"
                    | "ask"
                    | "call"
                    | "press"
                    | "click"
                    | "trigger"
                    | "want"
                    | "need"
                    | "like"
            )
    }

    /// "When I give you X", "the user picks X", "takes a topic": inputs of the agent.
    pub(in crate::plan) fn handed(&self, phrase: &Phrase) -> bool {
        if phrase.given {
            return true;
        }
        let Some(tail) = phrase.tail.clone() else { return false };
        let words: Vec<&str> =
            self.reading.tokens.get(tail).unwrap_or_default().iter().filter_map(Token::word).collect();
        // "a company by its name"
        if words.first() == Some(&"by") && words.last().is_some_and(|word| BY.contains(word)) {
            return true;
        }
        // "HTML that I can paste" comes out of the agent.
        let comes = words.first().is_some_and(|word| matches!(*word, "that" | "which"));
        if comes && words.iter().any(|word| matches!(*word, "can" | "could" | "will")) {
            return false;
        }
        let person = words.iter().any(|word| matches!(*word, "i" | "user" | "you" | "we"));
        // "a question I ask"
        if phrase.head.ends_with("question") && words == ["i", "ask"] {
            return true;
        }
        person && words.iter().any(|word| HANDS.contains(&word.trim_end_matches('s')))
    }

    /// "The user uploads a CV": stands in front of what is done with it, wherever it is said.
    pub(in crate::plan) fn is_handed_over(&self, clause: &Clause) -> bool {
        let Some(frame) = &clause.frame else { return false };
        let person = |subject: &Phrase| matches!(subject.head.as_str(), "user" | "person" | "student" | "teacher");
        let verb = frame.verb.as_ref().map_or("", |verb| verb.lemma.as_str());
        // "the schema is given as text"
        let given = frame.passive && matches!(verb, "give" | "provide" | "supply") && frame.arguments.len() < 2;
        let services = frame.objects.iter().chain(&frame.subject).any(|phrase| !phrase.services.is_empty());
        if given && !services && !frame.negated {
            return true;
        }
        frame.subject.as_ref().is_some_and(person)
            && !frame.negated
            && (verb == "enter" || frame.objects.iter().any(|object| self.known.is_askable(&object.head)))
            && is_handing_in(verb)
    }

    pub(in crate::plan) fn takes_input(&mut self, act: &Act<'r>) -> bool {
        if self.takes_list(act) {
            return true;
        }
        let lemma = act.lemma();
        let person = act.frame.subject.as_ref().is_some_and(|subject| {
            matches!(
                subject.head.as_str(),
                "i" | "we" | "user" | "person" | "somebody" | "someone" | "me" | "customer" | "student"
            )
        });
        let you = act
            .frame
            .recipients
            .iter()
            .chain(act.arguments(&["to", "into"]).map(|argument| &argument.phrase))
            .any(|phrase| matches!(phrase.head.as_str(), "you" | "it") || self.known.is_agent(&phrase.head));
        let to_you = act.frame.recipients.iter().any(|phrase| phrase.head == "you");
        let hands = self.known.is(&lemma, Class::Hand)
            || self.known.is(act.plain_lemma(), Class::Hand)
            || lemma == "forward" && to_you;
        // "Take a photo that I upload"
        let handed = act.frame.subject.is_none()
            && matches!(lemma.as_str(), "take" | "get" | "use" | "read")
            && !act.frame.objects.is_empty()
            && act.frame.objects.iter().all(|phrase| self.handed(phrase));
        let agent = act
            .frame
            .subject
            .as_ref()
            .is_some_and(|subject| self.known.is_agent(&subject.head) || subject.head == "form");
        // "Here is a website"
        let here = lemma == "be" && act.frame.subject.is_none() && self.text(&act.clause.span).contains("ere ");
        // "whenever there is a new issue": nobody hands it over.
        let here = here && act.clause.role != Role::Trigger;
        let takes = handed
            || here
            || (matches!(
                lemma.as_str(),
                "take" | "accept" | "receive" | "get" | "ask" | "ask for" | "given" | "give" | "collect"
            ) && agent)
            || matches!(lemma.as_str(), "accept" | "ask for")
            || self.reading.tokens.get(act.clause.span.start).and_then(Token::word) == Some("given")
            // "Give a name and an age, get a poem"
            || lemma == "give"
                && act.frame.subject.is_none()
                && act.frame.recipients.is_empty()
                && act.places().is_empty()
                && act.frame.objects.iter().all(|phrase| phrase.determiner == Determiner::Some)
                && act.frame.objects.iter().any(|phrase| self.known.is_askable(&phrase.head))
            // "topic and length are asked"
            || act.frame.passive
                && matches!(act.plain_lemma(), "ask" | "give" | "enter" | "upload" | "paste" | "provide" | "fill" | "specify")
            || act.frame.subject.is_none()
                && matches!(lemma.as_str(), "paste" | "enter" | "input" | "upload" | "type" | "type in" | "paste in")
                && act.frame.arguments.iter().all(|argument| argument.phrase.services.is_empty());
        if !(person && hands || you && hands && lemma != "tell" && lemma != "send" || takes) {
            return false;
        }
        let services: Vec<&str> =
            act.frame.objects.iter().flat_map(|phrase| phrase.services.iter().map(String::as_str)).collect();
        let mut phrases: Vec<Phrase> =
            act.frame.objects.iter().filter(|phrase| !phrase.pronoun && !phrase.head.is_empty()).cloned().collect();
        if phrases.is_empty() {
            phrases.extend(act.arguments(&["for", "with"]).map(|argument| argument.phrase.clone()));
        }
        // A key is connected, not entered.
        let key = |phrase: &Phrase| matches!(phrase.head.rsplit(' ').next(), Some("key" | "token" | "password"));
        if !phrases.is_empty() && phrases.iter().all(key) {
            self.cover.add(&act.clause.span);
            return true;
        }
        phrases.retain(|phrase| !key(phrase));
        phrases.retain(|phrase| lemma == "enter" || !self.known.is_person(&phrase.head));
        // "I paste a YouTube link"
        let links = phrases.iter().all(|phrase| {
            matches!(phrase.head.rsplit(' ').next(), Some("link" | "url" | "address" | "username" | "handle" | "id"))
        });
        if phrases.is_empty() || !services.is_empty() && lemma != "enter" && !links {
            return false;
        }
        // A link that is asked for already is not asked for twice.
        let link = |phrase: &Phrase| {
            matches!(phrase.head.as_str(), "link" | "url" | "address" | "website" | "web page" | "page")
        };
        let asks_url = self.draft.asks_for("URL");
        phrases.retain(|phrase| !(asks_url && link(phrase)));
        for phrase in phrases.iter().take(10) {
            self.ask_for(phrase);
        }
        // "a photo of an invoice": what it shows the person knows.
        for of in act.arguments(&["of"]) {
            self.cover.close(&of.phrase.span);
        }
        // "A form asks for an address": the inputs are the form.
        let form = act.frame.subject.as_ref().filter(|subject| subject.head == "form");
        form.into_iter().for_each(|form| self.cover.close(&form.span));
        self.done += 1;
        self.listing_inputs = true;
        let asked =
            phrases.iter().any(|phrase| phrase.head == "question") && act.frame.arguments.len() > usize::from(you);
        if let Some(question) = self.latest().filter(|_| asked) {
            self.answer_from(act, question);
        }
        self.cover.add(&act.clause.span);
        true
    }
}

/// What a person does who gives an agent something.
pub(in crate::plan) fn is_handing_in(verb: &str) -> bool {
    matches!(verb, "give" | "provide" | "paste" | "enter" | "upload" | "type" | "fill" | "supply" | "specify" | "input")
}
