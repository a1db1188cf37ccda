//! Acts that hold the others up: waiting, and a person who decides.

use serde_json::json;

use crate::{
    knowledge::Class,
    plan::{
        clauses::{
            act::{self, Act},
            approval::{self, CONSENT},
        },
        model::Reason,
        steps::{
            build::{Branch, Builder},
            draft::{Datum, Flow},
        },
        wording::{english, time},
    },
    reading::{Clause, Determiner, Phrase, Role, Span, Value},
};

/// What a person gives who decides.
fn is_sign_off(noun: &str) -> bool {
    CONSENT.contains(&noun) || matches!(noun, "decision" | "yes" | "no" | "review")
}

/// What a step is called that asks for what was told behind the act.
pub(in crate::plan) const DECIDES: &str = "Wait until a person has decided";
const YES: [&str; 18] = [
    "confirm",
    "confirms",
    "accepts",
    "agree",
    "sign-off",
    "go-ahead",
    "approve",
    "approved",
    "approves",
    "approval",
    "accept",
    "accepted",
    "confirmed",
    "agrees",
    "agreed",
    "released",
    "ok",
    "yes",
];
const NO: [&str; 11] = [
    "decline",
    "reject",
    "rejected",
    "rejects",
    "rejection",
    "declined",
    "declines",
    "refused",
    "denied",
    "disapproved",
    "no",
];

impl<'k, 'r> Builder<'k, 'r> {
    /// "Wait two hours"
    pub(in crate::plan) fn waits(&mut self, act: &Act<'r>) -> bool {
        if !self.is(act, Class::Wait) {
            return false;
        }
        let said = act.values().find_map(|(_, value)| match value {
            Value::Duration(minutes) => Some(*minutes),
            _ => None,
        });
        let Some(minutes) = said.or_else(|| act.phrases().find_map(|phrase| time::unit(&phrase.head))) else {
            return false;
        };
        let Some(block) = self.known.catalogue.by_name("CountdownTimerBlock") else { return false };
        let before = self.latest();
        let flow = before.and_then(|datum| self.take(datum));
        let parts = [("days", minutes / 1440), ("hours", minutes % 1440 / 60), ("minutes", minutes % 60)];
        let values: Vec<(&str, serde_json::Value)> =
            parts.into_iter().filter(|(_, count)| *count > 0).map(|(name, count)| (name, json!(count))).collect();
        let flows: Vec<(&str, Flow)> = flow.iter().map(|flow| ("input_message", flow.clone())).collect();
        let step = self.step_of(block, &act.instruction(), &values, &flows);
        self.pass_on(step, "output_message", before);
        self.cover.add(&act.clause.span);
        self.done += 1;
        true
    }

    /// "My manager reviews it", "ask the manager for approval": a person decides before it goes on.
    pub(in crate::plan) fn approves(&mut self, act: &Act<'r>) -> bool {
        // "Send me yes or no": what is sent, not what is waited for.
        let text = act.frame.objects.iter().chain(act.arguments(&["with"]).map(|argument| &argument.phrase));
        let told: Vec<&Phrase> = text.filter(|phrase| matches!(phrase.head.as_str(), "yes" | "no")).collect();
        let tells = self.is(act, Class::Tell);
        let signs = act.phrases().any(|phrase| is_sign_off(&phrase.head) && !(tells && told.contains(&phrase)));
        // "send them a confirmation": a message that something came in.
        let confirms = |phrase: &Phrase| phrase.head == "confirmation" && phrase.determiner == Determiner::Some;
        let confirmed = tells && act.plain_lemma() != "ask" && act.frame.objects.iter().any(confirms);
        let asks = signs
            && !confirmed
            && (act
                .phrases()
                .any(|phrase| self.known.is_person(&phrase.head) || phrase.determiner == Determiner::Mine)
                || matches!(act.plain_lemma(), "get" | "wait" | "request" | "need" | "require"))
            && matches!(
                act.plain_lemma(),
                "ask" | "get" | "wait" | "request" | "need" | "require" | "send" | "submit" | "go" | "pass" | "give"
            );
        let person = act.frame.subject.as_ref().is_some_and(|subject| self.decides(subject));
        let decides = person && self.is(act, Class::Approve) && act.plain_lemma() != "check";
        // "let me pick one": out of what was written.
        let decides = decides
            || person
                && matches!(act.plain_lemma(), "choose" | "pick" | "select" | "edit" | "adjust")
                && self.latest().and_then(|at| self.draft.data.get(at)).is_some_and(|datum| datum.made);
        if !(asks || decides) {
            return false;
        }
        // The platform asks, wherever the person wants to be asked.
        let chat = |phrase: &&Phrase| phrase.services.iter().any(|service| self.known.channel(service).is_some());
        let sent = act.frame.verb.as_ref().filter(|_| decides && act.plain_lemma() == "approve");
        let sent = sent.and_then(|verb| Some((verb.span.start, self.reading.tokens.get(verb.span.start)?.word()?)));
        let sent = sent.filter(|(_, word)| matches!(word.trim_end_matches('s'), "email" | "mail" | "text" | "message"));
        let mail = sent.map(|(at, _)| at..at + 1);
        if let Some(place) = act.phrases().find(chat).map(|phrase| phrase.span.clone()).or(mail) {
            let text = self.text(&place).to_owned();
            self.leave(&text, Reason::NotSupported, "the approval is asked for where the agent runs");
        }
        // Asked once for the same thing.
        self.awaits = None;
        let verb = act.frame.verb.as_ref().map_or(act.clause.span.start, |verb| verb.span.start);
        let said = self.text(&(verb.max(act.clause.span.start)..act.clause.span.end));
        let shown = act.plain_lemma() == "approve" && !said.to_lowercase().starts_with("approv");
        let asked =
            ["ask ", "get ", "have ", "need ", "request "].iter().any(|verb| said.to_lowercase().starts_with(verb));
        let says =
            if shown || asked && act.plain_lemma() == "approve" { act::sentence(said) } else { act.instruction() };
        // "Let me approve it first": it is what the act after this one sends.
        let first = act.clause.span.clone().any(|at| {
            self.reading
                .tokens
                .get(at)
                .and_then(|token| token.word())
                .is_some_and(|word| matches!(word, "first" | "before" | "beforehand"))
        });
        let given = act
            .frame
            .objects
            .iter()
            .find(|phrase| !self.draft.has_data() && !phrase.pronoun && self.known.is_askable(&phrase.head));
        if let Some(given) = given.filter(|_| !self.delivers_later(act)) {
            self.ask_for(given);
        } else if first || !self.draft.has_data() {
            self.cover.add(&act.clause.span);
            self.awaits = Some(says);
            return true;
        }
        let what = act
            .frame
            .objects
            .iter()
            .chain(&act.frame.subject)
            .find(|phrase| !phrase.pronoun && self.refer(phrase).is_some());
        let given = act
            .frame
            .objects
            .iter()
            .find(|phrase| !self.draft.has_data() && self.known.is_askable(&phrase.head))
            .cloned();
        let about = what.and_then(|phrase| self.refer(phrase)).or_else(|| given.map(|phrase| self.ask_for(&phrase)));
        self.cover.add(&act.clause.span);
        self.ask_person(&says, about)
    }

    /// "If I approve", "after my boss has confirmed": a person decides.
    pub(in crate::plan) fn is_decision(&self, clause: &Clause) -> bool {
        let Some(frame) = &clause.frame else { return false };
        let lemma = frame.verb.as_ref().map_or("", |verb| verb.lemma.as_str());
        let decides = matches!(lemma, "approve" | "confirm" | "accept" | "agree" | "reject" | "decline" | "review")
            && frame.subject.as_ref().is_some_and(|subject| self.decides(subject));
        let approval = matches!(lemma, "" | "give" | "get" | "have")
            && frame
                .objects
                .iter()
                .chain(frame.arguments.iter().map(|argument| &argument.phrase))
                .any(|phrase| CONSENT.contains(&phrase.head.as_str()));
        // "after I said yes"
        let says = matches!(lemma, "say" | "give" | "click" | "press" | "answer" | "reply" | "tap" | "hit" | "choose")
            && frame.subject.as_ref().is_some_and(|subject| self.decides(subject))
            && clause.span.clone().any(|at| {
                self.reading.tokens.get(at).and_then(|token| token.word()).is_some_and(|word| YES.contains(&word))
            });
        decides || approval || says
    }

    /// Whether an act waits for a decision that is told behind it: what is written or handed in for it does not.
    pub(in crate::plan) fn waits_for_decision(&self, index: usize, guard: usize) -> bool {
        let decision = self.reading.clauses.get(guard).is_some_and(|guard| self.is_decision(guard));
        let asks = || {
            Act::of(self.reading, index).is_some_and(|act| {
                if approval::is_sign_off(act.clause) {
                    return true;
                }
                let writes = act.frame.objects.iter().any(|phrase| self.is_product(&act, phrase));
                act.phrases().any(|phrase| is_sign_off(&phrase.head))
                    || writes && self.known.composes(act.plain_lemma())
            })
        };
        !decision || self.draft.has_data() && !asks()
    }

    /// What goes on after the decision that a clause speaks of; the decision itself, if none is taken yet.
    pub(in crate::plan) fn decision(&mut self, clause: &Clause) -> Option<Branch> {
        if self.approval.is_none() && self.is_decision(clause) {
            self.ask_person(DECIDES, None);
        }
        let branch = self.decided_by_person(clause)?;
        self.cover.add(&clause.span);
        Some(branch)
    }

    /// Whether a clause only lets a person decide about acts that are told behind it.
    pub(in crate::plan) fn waits_for_acts(&self, index: usize) -> bool {
        let later = self.reading.clauses.iter().skip(index + 1);
        self.is_guard_of_person(index) && later.into_iter().any(|act| act.under == Some(index))
    }

    /// "after my okay", in whatever words it was said.
    fn is_guard_of_person(&self, index: usize) -> bool {
        let clause = self.reading.clauses.get(index).filter(|clause| clause.role == Role::Trigger);
        let frame = clause.and_then(|clause| clause.frame.as_ref()).filter(|frame| frame.objects.is_empty());
        frame.and_then(|frame| frame.subject.as_ref()).is_some_and(|who| who.head == "human")
    }

    /// Nothing is there yet that a person could look at: what goes out first waits.
    pub(in crate::plan) fn awaits_first(&mut self, index: usize) -> bool {
        let waits = self.is_guard_of_person(index) && self.approval.is_none() && !self.draft.has_data();
        if waits {
            self.awaits.get_or_insert_with(|| DECIDES.to_owned());
            let span = self.reading.clauses.get(index).map(|clause| clause.span.clone());
            span.into_iter().for_each(|span| self.cover.add(&span));
        }
        waits
    }

    /// "Publish the article after my okay": there is nothing yet that a person could look at, so what goes out waits.
    pub(in crate::plan) fn awaits_decision(&mut self, guard: usize) {
        let decision = self.reading.clauses.get(guard).is_some_and(|guard| self.is_decision(guard));
        if decision && self.approval.is_none() && !self.draft.has_data() {
            self.awaits.get_or_insert_with(|| DECIDES.to_owned());
        }
    }

    /// Something is written after this that a person is to decide about.
    fn delivers_later(&self, act: &Act<'r>) -> bool {
        self.next_acts(act).any(|next| next.frame.objects.iter().any(|phrase| self.is_product(&next, phrase)))
    }

    /// A person decides about what is about to be sent, if one is to.
    pub(in crate::plan) fn approved_first(&mut self, content: Option<usize>) -> Option<usize> {
        let Some(datum) = content else { return content };
        let Some(says) = self.awaits.take() else { return content };
        if !self.ask_person(&says, Some(datum)) {
            self.awaits = Some(says);
            return content;
        }
        self.approval.map(|branch| branch.yes)
    }

    /// "an answer that a colleague reviews": what narrows the thing says who decides about it.
    pub(in crate::plan) fn approves_in_tail(&mut self, act: &Act<'r>) {
        if let Some(text) = self.decided_in_tail(act) {
            self.ask_person(&act::sentence(&text), None);
        }
    }

    /// "Answer with an apology by mail that a colleague approves first": before it goes out.
    pub(in crate::plan) fn awaits_in_tail(&mut self, act: &Act<'r>) -> bool {
        let told = self.decided_in_tail(act);
        let awaits = told.is_some();
        self.awaits = told.or(self.awaits.take());
        awaits
    }

    fn decided_in_tail(&mut self, act: &Act<'r>) -> Option<String> {
        let mut tails = act.phrases().filter_map(|phrase| phrase.tail.clone()).chain(act.frame.complement.clone());
        let tail = tails.find(|tail| self.has_decider(tail))?;
        let text = self.text(&tail);
        let text = text.strip_prefix("that ").or_else(|| text.strip_prefix("which ")).unwrap_or(text);
        self.cover.add(&tail);
        Some(text.to_owned())
    }

    /// "a colleague reviews": somebody who is not a machine, and after that a verb of deciding.
    fn has_decider(&self, span: &Span) -> bool {
        let words: Vec<&str> = span.clone().filter_map(|at| self.reading.tokens.get(at)?.word()).collect();
        let who = words.iter().position(|word| {
            let own = self.known.is_person(word) && !matches!(*word, "customer" | "client" | "user" | "guest");
            own || matches!(*word, "human" | "i" | "we")
        });
        let verb = words.iter().position(|word| {
            ["approve", "review", "confirm", "okay", "accept"].iter().any(|verb| {
                word.strip_prefix(verb)
                    .or_else(|| word.strip_prefix(verb.trim_end_matches('e')))
                    .is_some_and(|rest| matches!(rest, "" | "s" | "d" | "ed"))
            })
        });
        who.zip(verb).is_some_and(|(who, verb)| who < verb || words.contains(&"by"))
    }

    fn decides(&self, subject: &Phrase) -> bool {
        let head = subject.head.as_str();
        self.known.is_person(head) && !matches!(head, "user" | "customer")
            || matches!(head, "i" | "me" | "human" | "we" | "he" | "she" | "they" | "editor" | "reviewer")
    }

    pub(in crate::plan) fn ask_person(&mut self, says: &str, about: Option<usize>) -> bool {
        let (Some(block), Some(datum)) =
            (self.known.catalogue.by_name("HumanInTheLoopBlock"), about.or_else(|| self.latest()))
        else {
            return false;
        };
        let Some(flow) = self.take(datum) else { return false };
        let name = json!(english::shortened(says, 60));
        let step = self.step_of(block, says, &[("name", name)], &[("data", flow)]);
        self.pass_on(step, "rejected_data", Some(datum));
        let no = self.draft.data.len() - 1;
        let mut reason = self.draft.flow(step, "review_message");
        reason.name = "reason".to_owned();
        if let Some(rejected) = self.draft.data.get_mut(no) {
            rejected.used = true;
        }
        let reason = self.draft.given(reason, vec!["reason".to_owned()]);
        if let Some(reason) = self.draft.data.get_mut(reason) {
            reason.used = true;
        }
        self.pass_on(step, "approved_data", Some(datum));
        self.approval = Some(Branch { yes: self.draft.data.len() - 1, no });
        self.approved_in = self.scope;
        self.done += 1;
        true
    }

    /// The ways out of an approval that a condition speaks of: "if it is rejected", "once approved".
    fn decided_by_person(&self, clause: &Clause) -> Option<Branch> {
        let Branch { yes, no } = self.approval?;
        let has = |list: &[&str]| {
            clause.span.clone().any(|at| {
                self.reading.tokens.get(at).and_then(|token| token.word()).is_some_and(|word| list.contains(&word))
            })
        };
        let denied = clause.frame.as_ref().is_some_and(|frame| frame.negated) || has(&["not", "unless"]);
        match (has(&NO), has(&YES)) {
            (true, _) => Some(Branch { yes: no, no: yes }),
            (_, true) if denied => Some(Branch { yes: no, no: yes }),
            (_, true) => Some(Branch { yes, no }),
            _ if self.is_decision(clause) => Some(Branch { yes, no }),
            _ => None,
        }
    }

    /// What comes out of a step that lets its input go on.
    fn pass_on(&mut self, step: usize, output: &str, of: Option<usize>) {
        let Some(datum) = of.and_then(|of| self.draft.data.get(of)).cloned() else {
            self.draft.gives(step, &[], None);
            return;
        };
        let mut flow = self.draft.flow(step, output);
        (flow.fields, flow.name, flow.types) = (datum.flow.fields.clone(), datum.flow.name.clone(), datum.flow.types);
        self.draft.data.push(Datum { flow, each: None, used: false, ..datum });
    }
}
