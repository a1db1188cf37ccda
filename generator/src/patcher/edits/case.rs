//! A text is made another in one case only, or goes out in one case only: "check that it is short before you post it", "if it is
//! longer, shorten it".

use serde_json::json;

use super::Edit;
use crate::{
    catalogue::singular,
    patcher::{
        canvas::Link,
        find::{Among, Wanted},
        refused::Refused,
        wish::{Act, Place, TABLES, bare_condition},
    },
    plan::model::Binding,
    text::shortened,
};

/// What is spoken of as a whole, where no text is named.
const IT: [&str; 7] = ["it", "them", "they", "that", "this", "the", "down"];

impl Edit<'_, '_> {
    /// "check that the post is short before posting": it is posted only then. A model that is asked to check would hand on
    /// what it found, not the post.
    pub(super) fn checked(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let (clause, sure) = TABLES.looked(text)?;
        if self.service_in(text).is_some() || self.unknown_service(text).is_some() || clause.split(' ').count() < 3 {
            return None;
        }
        let first = self.first_delivery();
        let at = match self.operation.place.clone()? {
            Place::Before(of) => match self.going_to(&of) {
                Ok(at) => at.or(first)?,
                Err(refused) => return Some(Err(self.says_nothing(clause, first?).unwrap_or(refused))),
            },
            Place::First => first?,
            _ => return None,
        };
        if let Some(refused) = self.says_nothing(clause, at) {
            return Some(Err(refused));
        }
        // "make sure the tweet is in German": what writes it sees to that.
        let how = quality(clause).map(|how| format!("it is {how}")).or_else(|| free_of_parts(clause));
        if let Some(how) = how.filter(|_| sure) {
            if let Some(writer) = self.writer_behind(at) {
                return Some(self.say_to(writer, text));
            }
            return Some(self.insert_on_way(&format!("rewrite it so that {how}"), at).map(|_| ()));
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

    /// "the page is public", where it is not the page that goes out: nothing that a condition in front of it could look at.
    fn says_nothing(&self, clause: &str, at: usize) -> Option<Refused> {
        let known = self.canvas.known;
        let words: Vec<String> = clause.split_whitespace().map(str::to_lowercase).collect();
        let finite = |word: &String| TABLES.tells(&word.replace(['\'', '’'], "")) || known.vocabulary.is_finite(word);
        let end = words.iter().position(finite)?;
        let subject = words.get(..end)?.join(" ");
        let noun = match words.get(..end)? {
            [only] if only == "there" => {
                let within = [" in it", " in there", " in the text"].iter().any(|end| clause.ends_with(end));
                if within || free_of_parts(clause).is_some() || has_part(clause) {
                    return None;
                }
                clause.to_owned()
            }
            [] => return None,
            [only] if IT.contains(&only.as_str()) => return None,
            [.., last] => singular(last),
        };
        let mut others = self.canvas.best(&Wanted::of(known, &subject), Among::Working);
        others.retain(|other| !self.canvas.is_helper(*other));
        let title = self.canvas.title(at);
        // "the screenshot is taken": what comes before it anyway. "read" is its own participle.
        let done = words.last().map(|last| known.vocabulary.participle(last).unwrap_or(last));
        let done = done.filter(|_| words.len() < end + 4);
        let names = self.canvas.names();
        let does = |other: usize, verb: &str| names.get(other).is_some_and(|names| names.fit(verb) > 0);
        let before = |other: &&usize| done.is_some_and(|verb| does(**other, verb)) && self.canvas.leads(**other, at);
        if let Some(other) = others.iter().find(before) {
            return Some(Refused::unsupported(format!("{} comes before {title} already.", self.canvas.title(*other))));
        }
        let source = self.canvas.main_link(at).map_or(at, |link| link.from);
        // "Summarise a web page" makes no page.
        let up = self.canvas.upstream(source);
        let came = |other: &usize| {
            *other != source
                && up.get(*other) == Some(&true)
                && self.canvas.begins(*other)
                && self.is_called(*other, &noun)
        };
        let came = self.canvas.working().into_iter().any(|other| came(&other));
        let own = [Some(source), self.writer_behind(at)].into_iter().flatten().any(|own| self.is_called(own, &noun));
        if self.is_called(at, &noun) || own && !came {
            return None;
        }
        // A word for any text, where no other step goes by it.
        if TABLES.is_text(&noun) && others.is_empty() || matches!(self.given_for(clause, at), Ok(Some(_))) {
            return None;
        }
        Some(Refused::unsupported(format!(
            "I understood that {title} should wait until this holds: \"{}\". Nothing that goes in there tells whether it does.",
            shortened(clause, 120)
        )))
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
    pub(super) fn looks_on(&self, at: usize) -> bool {
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
            .then(|| TABLES.reworks().filter_map(|verb| said.find(&format!("{verb} "))).min())
            .flatten();
        let text = verb.and_then(|at| self.operation.said.get(at..)).unwrap_or(text).to_owned();
        let text = text.as_str();
        let mut words = text.split_whitespace();
        let verb = words.next()?.to_lowercase();
        let rest: Vec<&str> = words.collect();
        let whole = rest
            .first()
            .map(|word| word.to_lowercase())
            .is_some_and(|word| IT.contains(&word.as_str()) || word == "first" || TABLES.is_text(&word));
        if !TABLES.reworks().any(|one| one == verb)
            || !whole
            || self.operation.only
            || self.canvas.names().iter().any(|names| names.titled(&verb))
            || self.operation.place.is_some()
            || self.service_in(text).is_some()
            || self.other_place(text)
        {
            return None;
        }
        // In front of the condition or the approval that it is looked at by.
        let sends = self.first_delivery()?;
        let taker = self.canvas.way_to(sends, |link| self.looks_on(link.from)).last().map_or(sends, |link| link.from);
        if self.canvas.is_door(self.canvas.main_link(taker)?.from) {
            return None;
        }
        let made = match self.insert_on_way(text, taker) {
            Ok(made) => made,
            Err(refused) => return Some(Err(refused)),
        };
        // The canvas is another now: nothing else may try.
        let written = made.and_then(|made| Some((made, self.canvas.value(made, "prompt")?.as_str()?.to_owned())));
        let matter = written.and_then(|(made, old)| Some((made, old.get(old.find("{{")?..)?.to_owned())));
        let Some((made, matter)) = matter else { return Some(Err(self.lost(text))) };
        let clause = bare_condition(condition);
        let order = text.trim_end_matches('.');
        let prompt = format!(
            "If {clause}, {order}. Otherwise leave it word for word as it is. Answer with the text alone.\n\n{matter}"
        );
        self.canvas.bind(made, "prompt", Binding::Value(json!(prompt)));
        Some(Ok(()))
    }
}

/// "there are no spelling mistakes": how a text is to be.
fn free_of_parts(clause: &str) -> Option<String> {
    let lower = clause.to_lowercase();
    let none = ["there are no ", "there is no ", "it has no ", "it contains no ", "there's no ", "there aren't any "];
    (none.iter().any(|lead| lower.starts_with(lead)) && has_part(&lower)).then(|| clause.to_owned())
}

/// Whether a clause speaks of what a text has in it: mistakes, links.
fn has_part(clause: &str) -> bool {
    clause.split(|c: char| !c.is_alphanumeric()).any(|word| TABLES.is_part(&singular(&word.to_lowercase())))
}

/// How a text is to be: "in German", "polite and short".
fn quality(clause: &str) -> Option<&str> {
    let is = [" is ", " are ", " stays ", " sounds ", " reads ", " remains "];
    let (_, how) = is.iter().filter_map(|verb| clause.split_once(verb)).min_by_key(|(before, _)| before.len())?;
    (TABLES.is_manner(how) || TABLES.measures(how) || TABLES.is_quality(how)).then_some(how)
}
