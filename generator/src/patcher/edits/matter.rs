//! What an order speaks of: a step whose result it is to work on.

use super::Edit;
use crate::{
    catalogue::special,
    patcher::{
        canvas::Link,
        find::{Among, Wanted},
        refused::Refused,
    },
    reading,
    text::shortened,
};

/// Words for a result of whatever kind.
const RESULTS: [&str; 22] = [
    "version", "text", "result", "output", "content", "copy", "entry", "thing", "one", "full", "whole", "final",
    "finished", "new", "list", "item", "single", "log", "record", "backup", "archive", "every",
];
/// What stands in front of something that is there already.
const DEFINITE: [&str; 8] = ["the ", "every ", "each ", "all ", "both ", "its ", "our ", "my "];
/// "a copy of X in Y": X is saved in Y.
const COPIES: [&str; 8] =
    ["copy of ", "copies of ", "log of ", "record of ", "backup of ", "back-up of ", "archive of ", "duplicate of "];

impl Edit<'_, '_> {
    /// Plans an order on the result of the step that it speaks of. `None` where it speaks of none.
    pub(super) fn with_matter(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let (order, at) = self.matter(text)?;
        Some(self.work_on(&order, at))
    }

    fn work_on(&mut self, order: &str, at: usize) -> Result<(), Refused> {
        let list = self.upto(at, true);
        let Some(output) = self.canvas.gives(at) else { return Err(self.lost(order)) };
        let id = self.canvas.ids.get(at).cloned();
        let fresh = self.plan(order, list)?;
        let from = fresh.start;
        let made = self.newest(fresh);
        let at = self.canvas.ids.iter().position(|other| Some(other) == id.as_ref());
        if let (Some(made), Some(at)) = (made, at)
            && self.canvas.delivers(made)
            && self.text_of(made).is_some_and(|field| self.canvas.value(made, &field.name).is_none())
            && !self.canvas.links_into(made).any(|link| (link.from, &link.output) == (at, &output))
        {
            self.canvas.feed(made, (at, &output));
            self.drop_idle(from, made);
        }
        self.settle(from, None)
    }

    /// The order with "it" for what it speaks of, and the step that gives this.
    fn matter(&self, text: &str) -> Option<(String, usize)> {
        let lower = text.to_lowercase();
        let copy = COPIES.iter().filter_map(|word| Some((lower.find(word)?, word.len()))).min();
        let (start, verb) = match copy {
            Some((at, length)) if at < 24 => (at + length, Some("save ")),
            _ => match self.object(text).map(|start| (start, text.get(start..).unwrap_or_default())) {
                // "send a Telegram message with the verdict"
                Some((_, object)) if object.starts_with("a ") || object.starts_with("an ") => {
                    if let Some((before, rest)) =
                        [" for each ", " for every ", " about each "].iter().find_map(|word| text.split_once(word))
                    {
                        return Some((before.to_owned(), self.handed_out(rest)?));
                    }
                    let (before, object) = text.split_once(" with the ")?;
                    let at = self.giver(&format!("the {object}")).filter(|_| !object.contains(" and "))?;
                    return Some((before.to_owned(), at));
                }
                Some((start, _)) => (start, None),
                None => return None,
            },
        };
        let rest = text.get(start..)?;
        let end = self.object_end(rest);
        let object = rest.get(..end)?.trim();
        let definite = DEFINITE.iter().any(|word| object.to_lowercase().starts_with(word));
        if !definite && verb.is_none() || end >= rest.len() && verb.is_some() {
            return None;
        }
        let at = self.giver(object).or_else(|| self.sent_already(object))?;
        // "email me the transcript" needs no other words.
        if [" me the ", " us the "].iter().any(|who| lower.contains(who)) && !self.canvas.thinks(at) {
            return None;
        }
        let after = rest.get(end..)?.trim();
        let before = verb.unwrap_or_else(|| text.get(..start).unwrap_or_default());
        Some((shortened(format!("{before}it {after}").trim(), 2_000), at))
    }

    /// "mail the raw records": the one step that sends does so already.
    pub(super) fn sent_as_it_is(&self, text: &str) -> Option<Refused> {
        let (_, object) = [" the raw ", " the full ", " the original ", " the whole "]
            .iter()
            .find_map(|word| text.split_once(word))
            .filter(|_| self.sends(text) && self.service_in(text).is_none() && !self.other_place(text))
            // "as a table" is another form of it.
            .filter(|(_, object)| ![" as ", " in "].iter().any(|form| object.contains(form)))?;
        let to = self.sent_by_verb(text)?;
        let up = self.canvas.upstream(to);
        let (from, _) =
            self.given_before(object, to).filter(|(from, _)| *from != to && up.get(*from) == Some(&true))?;
        let down = self.canvas.downstream(from);
        let between = |at: usize| at != from && at != to && up.get(at) == Some(&true) && down.get(at) == Some(&true);
        let changed = |at: &usize| self.canvas.thinks(*at) && between(*at);
        let whole = !self.canvas.working().iter().any(changed);
        let (to, from) = (self.canvas.title(to), self.canvas.title(from));
        whole.then(|| Refused::unsupported(format!("{to} sends what {from} gives as it is already.")))
    }

    /// "each post": what goes out for each of them already.
    fn handed_out(&self, noun: &str) -> Option<usize> {
        let at = self.giver(&format!("the {noun}"))?;
        let down = self.canvas.downstream(at);
        let sends = |to: &usize| *to != at && self.canvas.delivers(*to) && down.get(*to) == Some(&true);
        let link = self.canvas.working().into_iter().find(sends).and_then(|to| self.canvas.main_link(to))?;
        self.looped(link.from).then_some(link.from)
    }

    /// Whether a step runs once for each entry of a list.
    pub(super) fn looped(&self, at: usize) -> bool {
        let up = self.canvas.upstream(at);
        let each = |step: usize| self.canvas.is(step, |block| block.id == special::EACH_ITEM);
        let one = |link: Link| self.canvas.begins(link.from) && self.hands_out_one(&link);
        (0..self.canvas.steps.len())
            .filter(|step| up.get(*step) == Some(&true))
            .any(|step| each(step) || self.canvas.links_into(step).any(one))
    }

    /// Where the object begins: behind the verb.
    fn object(&self, text: &str) -> Option<usize> {
        let tokens = reading::tokens(text);
        let verb = tokens.first()?;
        let known = self.canvas.known;
        let delivers = self.sends(text)
            || matches!(
                verb.word()?,
                "add" | "log" | "keep" | "record" | "share" | "publish" | "upload" | "archive" | "append" | "copy"
            );
        let lemma = known.vocabulary.orders(verb.word()?);
        // "send me the review on Telegram"
        let me = tokens.get(1).is_some_and(|token| matches!(token.word(), Some("me" | "us")));
        let first = if me && tokens.get(2).and_then(|token| token.word()) == Some("the") { 2 } else { 1 };
        (delivers && lemma).then(|| tokens.get(first).map(|token| token.start)).flatten()
    }

    /// Where it ends: before the place that it goes to.
    fn object_end(&self, rest: &str) -> usize {
        let tokens = reading::tokens(rest);
        let cut = tokens.iter().skip(1).find(|token| {
            matches!(
                token.raw(rest).to_lowercase().as_str(),
                "in" | "to"
                    | "on"
                    | "into"
                    | "as"
                    | "via"
                    | "by"
                    | "with"
                    | "at"
                    | "also"
                    | "too"
                    | "using"
                    | "through"
            )
        });
        cut.map_or(rest.len(), |token| token.start)
    }

    /// "the digest", "the report": what the one step that sends takes out already, whatever it is called.
    fn sent_already(&self, object: &str) -> Option<usize> {
        let called =
            ["the digest", "the report", "the result", "the update", "the overview", "the briefing", "the newsletter"];
        let mut sends = self.canvas.working().into_iter().filter(|at| self.canvas.delivers(*at));
        let to = sends.next().filter(|_| sends.next().is_none() && called.contains(&object.to_lowercase().as_str()))?;
        self.canvas.main_link(to).map(|link| link.from).filter(|from| !self.canvas.is_door(*from))
    }

    /// The only step whose result a phrase names.
    fn giver(&self, object: &str) -> Option<usize> {
        let wanted = Wanted::of(self.canvas.known, object);
        let telling: Vec<String> =
            wanted.words.iter().filter(|word| !RESULTS.contains(&word.as_str())).cloned().collect();
        if telling.is_empty() {
            return None;
        }
        let gives = |at: &usize| !self.canvas.delivers(*at) && self.canvas.gives(*at).is_some();
        let whole: Vec<usize> = self.canvas.best(&wanted, Among::Working).into_iter().filter(gives).collect();
        let found = if whole.is_empty() {
            let wanted = Wanted { words: telling, exact: String::new(), ..wanted.clone() };
            self.canvas.best(&wanted, Among::Working).into_iter().filter(gives).collect()
        } else {
            whole
        };
        match found.as_slice() {
            [only] => Some(*only),
            // "the verdict": what the agent gives out by this name.
            [] => match self.canvas.best(&wanted, Among::Outputs).as_slice() {
                [door] => self.canvas.main_link(*door).map(|link| link.from).filter(gives),
                _ => None,
            },
            // A text and what makes it: the last along the links.
            several => several.iter().copied().find(|at| {
                several.iter().all(|other| other == at || self.canvas.leads(*other, *at)) && !self.canvas.is_helper(*at)
            }),
        }
    }
}
