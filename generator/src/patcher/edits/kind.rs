//! Things of one kind are left out: "skip newsletters", "ignore draft PRs".

use super::{
    Edit,
    filter::{Filter, filter, single},
    sound::is_no_thing,
};
use crate::{
    catalogue::singular,
    patcher::{
        find::bare,
        refused::Refused,
        wish::{Act, Operation, TABLES},
    },
    plan::with_article,
    reading,
};

impl Edit<'_, '_> {
    /// What a clause of a kind says of one thing: "newsletters" of mails, "drafts" of pull requests.
    pub(super) fn of_kind(&self, object: &str, thing: &str) -> Option<String> {
        let plural = object.split_whitespace().last().is_some_and(|last| singular(last) != last.to_lowercase());
        if let Some(filter) = filter(&format!("skip {object}")) {
            return Some(match filter.noun() {
                "entry" => filter.clause().replacen("the entry ", &format!("the {thing} "), 1),
                _ => filter.clause().to_owned(),
            });
        }
        let values = reading::tokens(object).iter().any(|token| token.value().is_some());
        // "anything to companies" names no kind.
        let names = |word: &str| !is_no_thing(&word.to_lowercase());
        if !plural || values || !object.split_whitespace().all(names) || object.split_whitespace().count() > 3 {
            return None;
        }
        let one = match object.rsplit_once(' ') {
            Some((before, last)) => with_article(&format!("{before} {}", singular(last))),
            None => single(&with_article(&singular(object))),
        };
        Some(format!("if the {thing} is {one}"))
    }

    /// "typos", "labels": what a text has, or what a step of the agent works with beside what comes.
    fn is_part(&self, object: &str) -> bool {
        let Some(last) = object.split_whitespace().last().map(singular) else { return true };
        TABLES.is_part(&last) || self.canvas.working().into_iter().any(|at| self.has_input(at, &last))
    }

    /// Whether a step takes something that is called so.
    fn has_input(&self, at: usize, noun: &str) -> bool {
        self.canvas.inputs_of(at).iter().any(|name| name.split('_').any(|part| singular(part) == noun))
    }

    /// "complaints should be forwarded to support@example.com": what is done with one kind of what comes.
    pub(super) fn routed(&mut self, what: &str, to: &str) -> Option<Result<(), Refused>> {
        let source = self.canvas.working().into_iter().find(|at| self.canvas.begins(*at))?;
        let thing = self.thing_of(source)?;
        let (first, rest) = to.trim().split_once(' ').unwrap_or((to.trim(), ""));
        let (verb, rest) = match self.canvas.known.vocabulary.participle(&first.to_lowercase()) {
            Some(verb) => (verb.to_owned(), rest.to_owned()),
            // "invoices should go to books@example.com"
            None if !first.contains(['@', '#']) => return None,
            None if thing == "email" && rest.is_empty() => ("forward".to_owned(), format!("to {to}")),
            None => ("send".to_owned(), format!("to {to}")),
        };
        let rest = rest.as_str();
        // "anything from our boss should be labelled": which of them is said by a clause.
        let told = filter(&format!("skip {}", bare(what))).is_some();
        let elsewhere = self.other_place(rest) || self.service_in(rest).is_some();
        if !elsewhere && !told || self.is_called(source, what) {
            return None;
        }
        // A whole list is of no kind: only a mail is forwarded one by one.
        let lists = self.canvas.links_out(source).iter().any(|link| self.list_of(source, &link.output).is_some());
        if lists && verb != "forward" {
            return None;
        }
        let condition = self.of_kind(bare(what).trim_start_matches("the "), &thing)?;
        // What came is looked at and goes on, not what is made of it.
        let list = self.upto(source, true);
        Some(self.add_from(&format!("{verb} it {rest}"), &condition, list))
    }

    /// "refunds above 500 euros should also go to cfo@acme.com": which of them, where a clause says so.
    pub(super) fn routed_too(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let (what, to) = text.strip_prefix("send ")?.rsplit_once(" to ")?;
        let told = self.operation.said.contains(" should also ") && filter(&format!("skip {}", bare(what))).is_some();
        if told { self.routed(what, to) } else { None }
    }

    /// "positive feedback should be posted to #praise", where a condition lets through what is negative.
    pub(super) fn routed_contrary(&mut self, what: &str, to: &str) -> Option<Result<(), Refused>> {
        let (kind, _) = bare(what).split_once(' ').filter(|(_, noun)| noun.split(' ').count() < 3)?;
        let clause = format!("it is {}", kind.to_lowercase());
        let contrary = |at: usize| {
            let there = self.canvas.value(at, "condition").and_then(|there| there.as_str());
            there.is_some_and(|there| TABLES.contrary(there, &clause))
        };
        if !self.canvas.working().into_iter().any(contrary) {
            return None;
        }
        let (first, rest) = to.trim().split_once(' ')?;
        let verb = self.canvas.known.vocabulary.participle(&first.to_lowercase())?;
        let act = Act::Do(format!("{verb} it {rest}"));
        let condition = Some(format!("if {clause}"));
        let operation = Operation { act, condition, also: true, ..self.operation.clone() };
        Some(self.with(&operation).make())
    }

    /// "skip holidays", "ignore duplicates": what no single thing that comes is a kind of.
    fn no_kind(&mut self, source: usize, object: &str, thing: &str) -> Option<Result<(), Refused>> {
        let noun = singular(object.split_whitespace().last()?).to_lowercase();
        let alone = object.split_whitespace().count() == 1;
        let title = self.canvas.title(source);
        if alone && TABLES.is_repeat(&noun) {
            return Some(self.remember());
        }
        if alone && TABLES.is_error(object) {
            return Some(Err(Refused::unsupported(
                "No step goes on as if nothing had happened when it fails: which one may fail, and what happens then, has to be said."
                    .to_owned(),
            )));
        }
        let event = self.canvas.is(source, |block| self.canvas.known.concerns(block, "event")) || thing == "event";
        if TABLES.is_holiday(&noun) && !event {
            return Some(Err(Refused::unsupported(
                "No schedule knows holidays: it goes by days of the week, dates and times.".to_owned(),
            )));
        }
        // A message is no picture: what starts the agent gives its text.
        let media = alone && TABLES.is_media(&noun) && self.canvas.is(source, |block| block.trigger);
        media.then(|| {
            Err(Refused::unsupported(format!("{title} gives texts and ids: nothing there tells {object} apart.")))
        })
    }

    /// "ignore draft PRs": what is of this kind goes no further.
    pub(super) fn without_kind(&mut self, what: &str) -> Option<Result<(), Refused>> {
        let what = bare(what);
        let object = ["the ", "all ", "any "].iter().fold(what, |text, word| text.strip_prefix(word).unwrap_or(text));
        let source = self.canvas.working().into_iter().find(|at| self.canvas.begins(*at))?;
        let thing = self.thing_of(source)?;
        if self.service_in(object).is_some() || self.is_called(source, object) {
            return None;
        }
        if let Some(done) = self.no_kind(source, object, &thing) {
            return Some(done);
        }
        let mut writes = self.canvas.working();
        writes.retain(|at| self.prompt_field(*at).is_some() && self.canvas.leads(source, *at));
        // "ignore typos", "ignore tiny changes": said to the one that reads them.
        let noun = object.split_whitespace().last().map(singular);
        let differs = noun.is_some_and(|noun| matches!(noun.as_str(), "change" | "difference" | "variation"));
        if (self.is_part(object) || differs) && filter(&format!("skip {object}")).is_none() {
            let [at] = *writes.as_slice() else { return None };
            let said = self.operation.said.clone();
            return Some(self.say_to(at, &said));
        }
        let condition = self.of_kind(object, &thing)?;
        // Of a list that a model sums up: one text comes out, as before.
        let listed = self
            .canvas
            .links_out(source)
            .iter()
            .any(|link| self.list_of(source, &link.output).is_some_and(|list| list == link.output));
        if let ([at], true) = (writes.as_slice(), listed && !self.looped(*writes.first().unwrap_or(&source))) {
            return Some(self.say_to(*at, &format!("Leave out {object}")));
        }
        Some(self.filter(&Filter::dropping(&thing, condition)))
    }
}
