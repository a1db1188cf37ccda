//! A text is made another in one case only, or goes out in one case only: "check that it is short before you post it", "if it is
//! longer, shorten it".

use serde_json::json;

use super::Edit;
use crate::{
    patcher::{
        canvas::Link,
        find::{Among, Wanted},
        refused::Refused,
        wish::{Act, Place, TABLES, bare_condition},
    },
    plan::model::Binding,
};

/// What makes another text of one.
const REWORKS: [&str; 14] = [
    "shorten",
    "translate",
    "rewrite",
    "rephrase",
    "reword",
    "simplify",
    "condense",
    "trim",
    "correct",
    "fix",
    "expand",
    "lengthen",
    "summarise",
    "summarize",
];
/// What is spoken of as a whole.
const IT: [&str; 12] =
    ["it", "them", "that", "this", "the", "text", "post", "message", "answer", "summary", "down", "first"];

impl Edit<'_, '_> {
    /// "check that the post is short before posting": it is posted only then. A model that is asked to check would hand on
    /// what it found, not the post.
    pub(super) fn checked(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let (clause, sure) = TABLES.looked(text)?;
        if self.service_in(text).is_some() || self.unknown_service(text).is_some() || clause.split(' ').count() < 3 {
            return None;
        }
        let at = match self.operation.place.clone()? {
            Place::Before(of) => match self.going_to(&of) {
                Ok(at) => at.or_else(|| self.first_delivery())?,
                Err(refused) => return Some(Err(refused)),
            },
            Place::First => self.first_delivery()?,
            _ => return None,
        };
        // "make sure the tweet is in German": what writes it sees to that.
        if sure
            && let Some(source) = self.canvas.main_link(at).map(|link| link.from)
            && let Some(how) = quality(clause)
        {
            if self.prompt_field(source).is_some_and(|field| field.name != "condition") {
                return Some(self.say_to(source, text));
            }
            return Some(self.insert_on_way(&format!("rewrite it so that it is {how}"), at).map(|_| ()));
        }
        // "check that it is a bug": what a model says that goes in there.
        let it = ["it ", "they ", "this "].iter().any(|word| clause.starts_with(word));
        let judged = |link: &Link| {
            let taken = self.canvas.is_helper(link.from).then(|| self.canvas.main_link(link.from)).flatten();
            self.canvas.thinks(taken.map_or(link.from, |taken| taken.from))
        };
        let verdict = self.canvas.links_into(at).find(|link| it && judged(link));
        if let Some(link) = verdict {
            let list = self.upto(at, false);
            return Some(self.condition(&format!("if {clause}"), &link, list).map(|(yes, _)| self.rebind(&link, yes)));
        }
        if let Err(refused) = self.per_entry(at) {
            return Some(Err(refused));
        }
        Some(self.guard(at, &format!("if {clause}"), false))
    }

    /// "mail the raw records as a table": what goes out already, in another form.
    pub(super) fn sent_in_form(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let (object, form) = text.rsplit_once(" as ")?;
        let shaped = form.split_whitespace().count() < 4 && TABLES.is_manner(form);
        if !shaped || self.operation.also || self.operation.place.is_some() || !self.sends(text) {
            return None;
        }
        if self.service_in(text).is_some() || self.other_place(text) || object.contains(['"', '“']) {
            return None;
        }
        let to = self.sent_by_verb(text)?;
        let source = self.canvas.main_link(to)?.from;
        let alone = self.canvas.links_out(source).iter().all(|link| link.to == to || self.canvas.is_door(link.to));
        if alone && self.prompt_field(source).is_some_and(|field| field.name == "prompt") {
            return Some(self.say_to(source, &format!("Write it as {form}")));
        }
        Some(self.insert_before(&format!("rewrite it as {form}"), to))
    }

    /// The one step that sends; of several the one that the verb names: "mail the summary".
    pub(super) fn sent_by_verb(&self, text: &str) -> Option<usize> {
        let mut sends = self.canvas.working();
        sends.retain(|at| self.canvas.delivers(*at));
        if sends.len() > 1 {
            let verb = text.split_whitespace().next()?;
            let named = self.canvas.best(&Wanted::of(self.canvas.known, verb), Among::Working);
            sends.retain(|at| named.contains(at));
        }
        let [to] = *sends.as_slice() else { return None };
        Some(to)
    }

    /// Whether a step only decides whether something goes on.
    fn looks_on(&self, at: usize) -> bool {
        self.branches(at) || self.canvas.is(at, |block| block.name == "HumanInTheLoopBlock")
    }

    /// A step in front of one that takes something, and of all else that goes out of the same. The step that came.
    pub(super) fn insert_on_way(&mut self, text: &str, taker: usize) -> Result<Option<usize>, Refused> {
        let Some(link) = self.canvas.main_link(taker) else { return Err(self.lost(text)) };
        let also = |other: &Link| {
            other.output == link.output
                && other.to != taker
                && (self.canvas.delivers(other.to) || self.looks_on(other.to))
        };
        let others: Vec<Link> = self.canvas.links_out(link.from).into_iter().filter(also).collect();
        self.insert_before(text, taker)?;
        let Some(made) = self.canvas.main_link(taker).filter(|made| made.from != link.from) else { return Ok(None) };
        for other in others {
            let way = Binding::From { step: made.from, output: made.output.clone() };
            self.canvas.bind(other.to, &other.input, way);
        }
        Ok(Some(made.from))
    }

    /// "if it is longer, shorten it": one step in front of what goes out, which leaves every other text as it is.
    pub(super) fn reworked(&mut self, text: &str, condition: &str) -> Option<Result<(), Refused>> {
        // "shorten it to five sentences" gives it another length: as it was said.
        let said = self.operation.said.to_lowercase();
        let verb = matches!(self.operation.act, Act::Change { .. } | Act::Make(_))
            .then(|| REWORKS.iter().filter_map(|verb| said.find(&format!("{verb} "))).min())
            .flatten();
        let text = verb.and_then(|at| self.operation.said.get(at..)).unwrap_or(text).to_owned();
        let text = text.as_str();
        let mut words = text.split_whitespace();
        let verb = words.next()?.to_lowercase();
        let rest: Vec<&str> = words.collect();
        let whole = rest.first().is_some_and(|word| IT.contains(&word.to_lowercase().as_str()));
        if !REWORKS.contains(&verb.as_str())
            || !whole
            || self.operation.only
            || self.canvas.names().iter().any(|names| names.titled(&verb))
            || self.operation.place.is_some()
            || self.service_in(text).is_some()
            || self.other_place(text)
        {
            return None;
        }
        let mut taker = self.first_delivery()?;
        let mut source = self.canvas.main_link(taker)?.from;
        // In front of the condition or the approval that it is looked at by.
        while self.looks_on(source) {
            (taker, source) = (source, self.canvas.main_link(source)?.from);
        }
        if self.canvas.is_door(source) {
            return None;
        }
        let made = match self.insert_on_way(text, taker) {
            Ok(made) => made?,
            Err(refused) => return Some(Err(refused)),
        };
        let old = self.canvas.value(made, "prompt").and_then(|prompt| prompt.as_str())?.to_owned();
        let matter = old.find("{{").and_then(|start| old.get(start..))?;
        let clause = bare_condition(condition);
        let order = text.trim_end_matches('.');
        let prompt = format!(
            "If {clause}, {order}. Otherwise leave it word for word as it is. Answer with the text alone.\n\n{matter}"
        );
        self.canvas.bind(made, "prompt", Binding::Value(json!(prompt)));
        Some(Ok(()))
    }
}

/// How a text is to be: "in German", "polite and short".
fn quality(clause: &str) -> Option<&str> {
    let is = [" is ", " are ", " stays ", " sounds ", " reads ", " remains "];
    let (_, how) = is.iter().filter_map(|verb| clause.split_once(verb)).min_by_key(|(before, _)| before.len())?;
    (TABLES.is_manner(how) || TABLES.measures(how) || TABLES.is_quality(how)).then_some(how)
}
