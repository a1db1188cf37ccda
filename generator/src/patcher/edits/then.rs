//! What comes when something is done waits for that, and tells of it.

use super::Edit;
use crate::{
    knowledge::Class,
    patcher::{
        canvas::Link,
        find::{Among, Wanted},
        wish::{Operation, Place, TABLES},
    },
    plan::model::Binding,
};

/// Words of an order that only say that somebody is told.
const BARE: &str = "send post write mail email message note notification alert notify tell inform know let ping text update drop add \
    give heads word channel dm sms reminder share";

/// How people say that something has come.
const ARRIVES: [&str; 10] = [
    " comes in",
    " arrives",
    " is received",
    " shows up",
    " comes",
    " is opened",
    " is created",
    " is added",
    " came in",
    " appears",
];

impl Edit<'_, '_> {
    /// "when the doc is finished", "when it has been sent": the same order, behind the step that does this.
    pub(super) fn ordered(&self, condition: &str) -> Option<Operation> {
        let lower = condition.to_lowercase();
        if self.is_arrival(&lower) {
            return Some(Operation { condition: None, place: Some(Place::End), also: true, ..self.operation.clone() });
        }
        let openers = ["when ", "once ", "whenever ", "each time ", "every time "];
        let clause = openers.iter().find_map(|opener| lower.strip_prefix(opener))?;
        let words: Vec<&str> = clause.split_whitespace().collect();
        let (last, before) = words.split_last()?;
        let tells =
            |word: &&str| matches!(*word, "is" | "are" | "was" | "has" | "have" | "been" | "gets" | "got" | "being");
        let subject: Vec<&str> = before.iter().copied().take_while(|word| !tells(word)).collect();
        if subject.len() == before.len() || !before.iter().skip(subject.len()).all(tells_all) {
            return None;
        }
        let known = self.canvas.known;
        let subject = subject.join(" ");
        let thing = Wanted::of(known, &subject);
        let does = |wanted: &Wanted| {
            let best = self.canvas.best(wanted, Among::Working);
            !wanted.is_empty() && best.iter().any(|at| !self.canvas.begins(*at) && !self.canvas.is_helper(*at))
        };
        let of = if TABLES.is_ended(last) {
            does(&thing).then_some(subject)?
        } else {
            let verb = known.vocabulary.participle(last)?;
            let whole = format!("{verb} {}", if thing.is_empty() { "" } else { &subject });
            let made = [Class::Tell, Class::Store, Class::Hand].iter().any(|class| known.is(verb, *class))
                || matches!(verb, "create" | "make" | "write" | "add" | "update" | "open");
            let delivered = || {
                self.canvas.best(&thing, Among::Working).iter().any(|at| self.canvas.delivers(*at)) && !thing.is_empty()
            };
            if does(&Wanted::of(known, &whole)) {
                whole.trim().to_owned()
            } else if made && delivered() {
                subject
            } else if let [only] = *self.titled_by(verb).as_slice() {
                // "a refund mail is forwarded": the step that forwards.
                self.canvas.title(only)
            } else if made
                && let [only] =
                    *self.canvas.working().into_iter().filter(|at| self.canvas.delivers(*at)).collect::<Vec<_>>()
            {
                // "when the clip has been posted": one thing goes out.
                self.canvas.title(only)
            } else {
                return None;
            }
        };
        Some(Operation { condition: None, place: Some(Place::After(of)), also: true, ..self.operation.clone() })
    }

    /// What takes something out and has a verb in its title.
    fn titled_by(&self, verb: &str) -> Vec<usize> {
        let titled = |at: &usize| self.canvas.names().get(*at).is_some_and(|names| names.titled(verb));
        self.canvas.working().into_iter().filter(|at| self.canvas.delivers(*at) && titled(at)).collect()
    }

    /// "whenever a new contact comes in": what starts the agent anyhow.
    fn is_arrival(&self, clause: &str) -> bool {
        let told =
            ["whenever ", "when ", "every time ", "each time "].iter().find_map(|opener| clause.strip_prefix(opener));
        let thing = told.and_then(|told| {
            let told = ["a new ", "another ", "a "].iter().find_map(|word| told.strip_prefix(word))?;
            ARRIVES.iter().find_map(|verb| told.strip_suffix(verb))
        });
        let Some(thing) = thing else { return false };
        let begun = self.canvas.working().into_iter().any(|at| self.canvas.is(at, |block| block.trigger));
        let wanted = Wanted::of(self.canvas.known, thing);
        begun && !wanted.is_empty() && !self.canvas.best(&wanted, Among::Working).is_empty()
    }

    /// What an order adds after a step waits for it: a bare message tells what the step made, anything else is held back.
    pub(super) fn follow(&mut self, from: usize, after: usize, text: &str) {
        let Some(made) = self.newest(from..self.canvas.steps.len()).filter(|made| self.canvas.delivers(*made)) else {
            return;
        };
        if self.canvas.leads(after, made) {
            return;
        }
        // "mark it as read after the row is added": what it works on is held back until then.
        let Some(field) = self.text_of(made) else {
            let link = self.canvas.main_link(made).filter(|link| link.from < made && !self.canvas.is_door(link.from));
            if let (Some(link), Some(output)) = (link, self.canvas.gives(after)) {
                let data = Binding::From { step: link.from, output: link.output };
                let held = self.hold_until(Binding::From { step: after, output }, data);
                self.canvas.bind(made, &link.input, held);
            }
            return;
        };
        let taken = self.canvas.links_into(made).find(|link| crate::patcher::find::outer(&link.input) == field.name);
        let whole = taken.is_some();
        let (Some(link), Some(given)) = (taken.or_else(|| self.held(from, made)), self.canvas.gives(after)) else {
            return;
        };
        let product = self
            .address_of(after, false)
            .or_else(|| Some(given.clone()).filter(|_| !self.canvas.delivers(after)))
            .filter(|_| whole && (self.is_bare(text) || self.reads_again(from, made, after)));
        if let Some(product) = product {
            self.canvas.route((after, &product), made, &field.name);
            self.drop_unused(from, made);
            return;
        }
        // "tell #dev when the issue has been created": the message says so.
        if whole
            && self.is_bare(text)
            && let Some(told) = told_in(&self.operation.said)
        {
            self.canvas.bind(made, &field.name, Binding::Value(told.into()));
            self.wait_on(made, &Binding::From { step: after, output: given });
            self.drop_unused(from, made);
            return;
        }
        let held = Binding::From { step: link.from, output: link.output };
        let held = self.hold_until(Binding::From { step: after, output: given }, held);
        self.canvas.bind(made, &link.input, held);
    }

    /// What a new step works on beside a fixed text.
    fn held(&self, from: usize, made: usize) -> Option<Link> {
        let door = |link: &Link| self.canvas.is_door(link.from);
        self.canvas.main_link(made).filter(|link| link.from < from && !door(link))
    }

    /// Whether a plan reads anew, from the same service, what a step of the agent has made.
    fn reads_again(&self, from: usize, made: usize, after: usize) -> bool {
        let known = self.canvas.known;
        let service = |at: usize| self.canvas.block(at).and_then(|block| known.meaning(block).service.clone());
        let own = service(after);
        let up = self.canvas.upstream(made);
        own.is_some()
            && (from..self.canvas.steps.len())
                .any(|at| up.get(at) == Some(&true) && self.canvas.begins(at) && service(at) == own)
    }

    /// New steps that nothing takes from go, but for the one that was asked for.
    fn drop_unused(&mut self, from: usize, made: usize) {
        let takers = self.canvas.all_takers();
        let mut gone = std::collections::HashSet::new();
        for at in (from..self.canvas.steps.len()).rev().filter(|at| *at != made && !self.canvas.is_door(*at)) {
            if takers.get(at).is_some_and(|takers| takers.iter().all(|taker| gone.contains(taker))) {
                gone.insert(at);
            }
        }
        if !gone.is_empty() {
            self.canvas.remove(&gone);
        }
    }

    /// Whether an order names no matter: "send me a Telegram message".
    fn is_bare(&self, text: &str) -> bool {
        let known = self.canvas.known;
        let services: Vec<String> = self
            .service_in(text)
            .into_iter()
            .flat_map(|service| crate::patcher::canvas::words::words(known, &service))
            .collect();
        let said = Wanted::of(known, text).words;
        said.iter().all(|word| {
            services.contains(word) || BARE.split(' ').any(|bare| known.vocabulary.canonical(bare) == *word)
        })
    }
}

/// "… when the issue has been created": what has happened, as a sentence.
fn told_in(said: &str) -> Option<String> {
    let lower = said.to_lowercase();
    let openers = ["each time ", "every time ", "whenever ", "when ", "once ", "as soon as "];
    let (at, opener) = openers.iter().filter_map(|opener| Some((lower.find(opener)?, opener))).min()?;
    let clause = said.get(at + opener.len()..)?;
    let clause = clause.split(',').next().filter(|_| at == 0).unwrap_or(clause).trim().trim_end_matches('.');
    let words = clause.split_whitespace().count();
    let mut letters = clause.chars();
    let sentence: String = letters.next()?.to_uppercase().chain(letters).collect();
    let pronoun = ["it ", "they ", "that ", "this "].iter().any(|word| clause.to_lowercase().starts_with(word));
    ((3..12).contains(&words) && !pronoun).then(|| format!("{sentence}."))
}

fn tells_all(word: &&str) -> bool {
    matches!(
        *word,
        "is" | "are"
            | "was"
            | "has"
            | "have"
            | "been"
            | "gets"
            | "got"
            | "being"
            | "all"
            | "fully"
            | "completely"
            | "now"
    )
}
