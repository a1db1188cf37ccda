//! A step does its work on some of what comes only: "only answer messages that …", "don't review drafts".

use super::{Edit, filter::filter, sound::GENERIC};
use crate::{
    catalogue::{singular, special},
    knowledge::Class,
    patcher::{
        canvas::Link,
        find::{Among, Wanted, bare},
        refused::Refused,
        wish::{AT_ONCE, TABLES},
    },
    reading,
};

/// What only says something of the text that is written.
const WRITES: [&str; 12] =
    ["mention", "use", "include", "say", "write", "quote", "list", "name", "show", "focus", "talk", "give"];
/// What a model does that looks for several things in one text.
pub(super) const FINDS: [&str; 7] = ["extract", "find", "pick", "collect", "gather", "identify", "select"];
impl Edit<'_, '_> {
    /// "only answer messages that end with a question mark": a condition in front of the step that answers.
    pub(super) fn only_some(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let (verb, object) = text.trim().split_once(' ')?;
        let verb = verb.to_lowercase();
        if !self.canvas.known.vocabulary.orders(&verb) || WRITES.contains(&verb.as_str()) {
            return None;
        }
        let kept = filter(&format!("keep only {object}"))?;
        // "with a friendly tone" tells how, "from the last 3 days" since when.
        if TABLES.is_manner(object) && !object.contains(" that ") || super::value::amount_of(object).is_some() {
            return None;
        }
        let at = self.doer(&verb, kept.noun())?;
        // "only extract tasks that …": which of what a model finds in a text.
        if self.canvas.thinks(at) && FINDS.contains(&verb.as_str()) {
            return Some(self.say_to(at, &format!("only {text}")));
        }
        if self.canvas.begins(at) || self.canvas.main_link(at).is_none() {
            return Some(self.filter(&kept));
        }
        Some(self.guarded(at, kept.clause(), false))
    }

    /// "don't review drafts": what is not done is done to the rest of what comes. `None` if the step itself is meant.
    pub(super) fn all_but(&mut self, what: &str) -> Option<Result<(), Refused>> {
        let (verb, object) = bare(what).split_once(' ')?;
        let verb = verb.to_lowercase();
        let verb = verb.strip_suffix("ing").unwrap_or(&verb);
        let at = self.doer(verb, "")?;
        let source = self.source_of(at)?;
        let own = [at, source].iter().any(|at| self.is_called(*at, object));
        let thing = self.thing_of(source)?;
        // "don't save mails from bob@example.com" is of mails, "don't post to #news" of a place.
        let told = object.split(' ').next().is_some_and(|first| {
            singular(first) != first.to_lowercase() || GENERIC.contains(&first.to_lowercase().as_str())
        });
        let values = reading::tokens(object).iter().any(|token| token.value().is_some());
        if own || self.service_in(object).is_some() || values && !told {
            return None;
        }
        let clause = self.of_kind(object, &thing)?;
        let noun = filter(&format!("skip {object}")).map_or(thing, |filter| filter.noun().to_owned());
        if let Some(done) = self.guarded_by_matter(at, source, (&clause, &noun)) {
            return Some(done);
        }
        Some(self.guarded(at, &clause, true))
    }

    /// "send it right away, without waiting": the step that is done without goes.
    pub(super) fn without(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let (head, tail) = text.split_once(" without ")?;
        let wanted = Wanted::of(self.canvas.known, tail);
        // A webhook is waited for too, and begins the work.
        let mut named = self.canvas.best(&wanted, Among::Working);
        named.retain(|at| !self.canvas.begins(*at));
        let at = match *named.as_slice() {
            [only] => only,
            _ => self.meant_by_order(tail)?,
        };
        let lower = head.to_lowercase();
        let at_once = AT_ONCE.iter().any(|words| lower.contains(words));
        let there = self.canvas.best(&Wanted::of(self.canvas.known, head), Among::Working);
        let down = self.canvas.downstream(at);
        let sends = self.sends(head) && there.iter().any(|other| *other != at && down.get(*other) == Some(&true));
        (!self.canvas.begins(at) && (at_once || sends)).then(|| self.remove_step(at))
    }

    /// "don't save transcripts without a speaker": what came is looked at, not what a model made of it.
    fn guarded_by_matter(
        &mut self,
        at: usize,
        source: usize,
        (clause, thing): (&str, &str),
    ) -> Option<Result<(), Refused>> {
        let writer = self.writer_behind(at).filter(|writer| *writer != source)?;
        let output = self.canvas.gives(source)?;
        let whole = self.list_of(source, &output).is_none() && !self.looped(at) && !self.looped(writer);
        if !whole || !self.is_called(source, thing) || self.canvas.is(source, |block| block.trigger) {
            return None;
        }
        let link = self.canvas.main_link(at)?;
        Some(self.judged_by(clause, (source, output), &link).map(|(_, no)| self.rebind(&link, no)))
    }

    fn guarded(&mut self, at: usize, clause: &str, negated: bool) -> Result<(), Refused> {
        // What only puts one thing into another form stands behind the condition.
        let forms = |link: &Link| {
            self.canvas.is_helper(link.from)
                && !self.canvas.begins(link.from)
                && !self.canvas.is(link.from, |block| block.id == special::EACH_ITEM)
        };
        let at = self.canvas.way_to(at, forms).last().map_or(at, |link| link.from);
        self.per_entry(at)?;
        self.guard(at, clause, negated)
    }

    /// The one step that a verb names, that takes something out or makes a text.
    fn doer(&self, verb: &str, noun: &str) -> Option<usize> {
        let known = self.canvas.known;
        let called = Wanted::of(known, verb);
        let mut found = self.canvas.best(&called, Among::Working);
        // "post" of "Get Reddit posts" is no verb there.
        let does = |at: &usize| self.canvas.delivers(*at) || self.canvas.thinks(*at);
        if !found.iter().any(does) && (self.sends(verb) || self.canvas.known.is(verb, Class::Store)) {
            found = self.canvas.working().into_iter().filter(|at| self.canvas.delivers(*at)).collect();
        }
        found.retain(|at| !self.canvas.is_helper(*at));
        if found.len() > 1 && !noun.is_empty() {
            let both = self.canvas.best(&Wanted::of(known, &format!("{verb} {noun}")), Among::Working);
            found.retain(|at| both.is_empty() || both.contains(at));
        }
        // "Write the answer" and "Send the answer": the work begins with the first.
        let first = self.canvas.working().into_iter().find(|at| found.contains(at))?;
        let down = self.canvas.downstream(first);
        let all = found.iter().all(|other| *other == first || down.get(*other) == Some(&true));
        (all && !called.is_empty()).then_some(first)
    }

    /// Where the matter of a step comes from.
    fn source_of(&self, at: usize) -> Option<usize> {
        let up = self.canvas.upstream(at);
        let begins = |other: &usize| *other != at && up.get(*other) == Some(&true) && self.canvas.begins(*other);
        self.canvas.working().into_iter().find(begins)
    }

    /// What a step gives, as a noun.
    pub(super) fn thing_of(&self, at: usize) -> Option<String> {
        let block = self.canvas.block(at)?;
        let meaning = self.canvas.known.meaning(block);
        // One of a list goes by the name of the output that gives it: an entry is no feed.
        let listed = self.canvas.links_out(at).iter().find_map(|link| self.list_of(at, &link.output));
        if let Some(list) = listed {
            let one = singular(&list).replace('_', " ");
            let plain = matches!(one.as_str(), "result" | "item" | "value" | "output" | "row");
            return Some(if plain { "entry".to_owned() } else { one });
        }
        meaning.objects.first().map(|object| singular(object))
    }

    /// Whether the last word of a text is a name of the step, letter by letter: "drafts" are no "Write a review".
    pub(super) fn is_called(&self, at: usize, text: &str) -> bool {
        let Some(last) = text.split_whitespace().last().map(singular) else { return true };
        let Some(block) = self.canvas.block(at) else { return true };
        let meaning = self.canvas.known.meaning(block);
        let title = self.canvas.title(at).to_lowercase();
        // A model's objects are words for whatever is written.
        let objects = meaning.objects.iter().filter(|_| !crate::knowledge::is_text_model(block));
        let names = objects.chain(&meaning.gives).chain(&meaning.service).map(String::as_str);
        let mut said = names.chain([title.as_str()]).flat_map(str::split_whitespace);
        said.any(|word| singular(word) == last)
    }
}
