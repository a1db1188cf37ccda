//! Something comes: at the end, or where the wish says.

use std::ops::Range;

use super::{
    Edit,
    filter::{filter, returns_only},
    picked::counted,
};
use shared::account::Reason;

use crate::{
    knowledge::Class,
    patcher::{
        find::Wanted,
        refused::Refused,
        wish::{self, Act, TABLES},
    },
    reading::{self, Value as Typed},
    text::shortened,
};

/// Verbs that say how a text is written.
const SAYS: &str = "write say mention include allow answer keep be sound speak respond consider focus avoid phrase word reword use \
    check explain emphasise emphasize highlight format list end finish conclude begin start address sign describe \
    never always reply translate shorten rewrite make ensure look have give the all every each they it my";

impl Edit<'_, '_> {
    /// A thing to add: "a Slack notification at the end that says …", "an approval".
    pub(super) fn add(&mut self, what: &str) -> Result<(), Refused> {
        let wanted = Wanted::of(self.canvas.known, what);
        let has = |words: &[&str]| wanted.words.iter().any(|word| words.contains(&word.as_str()));
        if has(&["approval", "approve", "confirmation", "signoff", "sign-off"])
            || what.to_lowercase().contains("human review")
        {
            return self.approval();
        }
        if has(&["deduplication", "deduplicate", "dedup", "dedupe"]) {
            return Err(Refused::unserved(
                "No available block drops what was sent before out of a list of people.".to_owned(),
            ));
        }
        if has(&["validation", "validate", "check", "verification"]) && wanted.words.len() < 2 {
            return Err(Refused::ask(
                "What should be checked there, and what should happen if it does not hold?".to_owned(),
                "condition",
                Some("Go on only if the text is not empty".to_owned()),
            ));
        }
        if (wanted.input || wanted.output) && wanted.words.is_empty() {
            return Err(Refused::ask(
                format!("What is the new {} for?", if wanted.input { "input" } else { "output" }),
                "input",
                Some("Add an input for the language".to_owned()),
            ));
        }
        if has(&["delay", "wait", "pause", "timer"])
            && let Some((amount, unit)) = super::value::amount_of(what)
        {
            return self.wait(amount, unit);
        }
        if let Some(done) = self.header(what) {
            return done;
        }
        if let Some((field, value)) = self.chosen_by_name(what) {
            return self.put_value(&field, value);
        }
        if let Some(done) = self.pictured(what) {
            return done;
        }
        let definite = what.starts_with("the ") && self.operation.said.to_lowercase().starts_with("create");
        if let Some(done) = definite.then(|| self.valued_by_name(&format!("create {what}"))).flatten() {
            return done;
        }
        let order = self.as_order(what);
        self.perform(&order)
    }

    /// A thing as an order that makes it: "a Slack message" is sent.
    pub(super) fn as_order(&self, what: &str) -> String {
        let what = what.trim();
        let first = what.split_whitespace().next().unwrap_or_default().to_lowercase();
        // "post a message" is done, "post" is a thing.
        let second = what.split_whitespace().nth(1).unwrap_or_default().to_lowercase();
        let done = matches!(second.as_str(), "a" | "an" | "the" | "it" | "another" | "my" | "one" | "me" | "us");
        if self.canvas.known.vocabulary.orders(&first)
            && !matches!(first.as_str(), "a" | "an" | "the" | "another")
            && (done || !self.canvas.known.vocabulary.is_noun_too(&first))
        {
            return what.to_owned();
        }
        let wanted = Wanted::of(self.canvas.known, what);
        let is = |words: &[&str]| wanted.words.iter().any(|word| words.contains(&word.as_str()));
        let lower = what.to_lowercase();
        let service_alone = what.split_whitespace().count() == 1 && self.service_in(what).is_some();
        match () {
            () if service_alone => format!("send it to {what}"),
            () if is(&[
                "notification",
                "message",
                "email",
                "alert",
                "note",
                "dm",
                "text",
                "sms",
                "reminder",
                "ping",
                "announcement",
            ]) && !is(&["task", "issue", "ticket", "page", "row", "contact"]) =>
            {
                format!("send {what}")
            }
            // "a short tweet about the video" is a text; that it goes out is another thing.
            () if is(&["tweet", "post"]) && lower.contains(" about ") => format!("write {what}"),
            () if is(&["comment", "tweet", "post"]) => format!("post {what}"),
            () if is(&["translation"]) => {
                format!("translate it {}", lower.split_once("translation").map_or("", |(_, rest)| rest))
                    .trim()
                    .to_owned()
            }
            // "a fact check" goes before what goes out. Of any other check only the finding would go out.
            () if matches!(lower.as_str(), "a fact check" | "another fact check" | "fact check") => {
                "check the facts".to_owned()
            }
            () if is(&["summary"]) && !is(&["page", "row", "doc"]) => format!("write {what}"),
            () => format!("create {what}"),
        }
    }

    /// An order of its own: an existing step is moved, a new one comes, or a prompt is told more.
    pub(super) fn perform(&mut self, text: &str) -> Result<(), Refused> {
        if let Some(done) = self.spoken_in_passing(text) {
            return done;
        }
        if let Some(done) = self
            .timed(text)
            .or_else(|| self.inbox(text))
            .or_else(|| self.value_by_verb(text))
            .or_else(|| self.meant(text))
            .or_else(|| self.without(text))
        {
            return done;
        }
        if let Some(done) = self.sent_in_form(text) {
            return done;
        }
        if let Some(there) = self.sent_as_it_is(text).or_else(|| self.sent_to_unknown(text)) {
            return Err(there);
        }
        // "make it square and in the style of a watercolour"
        let few = text.split_whitespace().count() < 3;
        let alone = !self.operation.also && self.operation.place.is_none() && (few || !self.operation.told);
        if alone
            && (few || text.contains(" and "))
            && let Some(done) = self.turn_it(&format!("it {text}"))
        {
            return done;
        }
        // "bullet points only": a few words about how a text is.
        let (form, count) = text.split_once(", at most ").unwrap_or((text, ""));
        if self.operation.only && self.operation.told && form.split_whitespace().count() < 4 && TABLES.is_manner(form) {
            let order = wish::Operation { told: false, ..self.operation.clone() };
            let most = if count.is_empty() { String::new() } else { format!(", at most {count}") };
            return self.with(&order).say(&format!("only {form}{most}"));
        }
        if self.operation.only
            && let Some(done) = self.window(text).or_else(|| self.only_some(text))
        {
            return done;
        }
        if self.operation.told
            && let Some(done) = self.it_is(text)
        {
            return done;
        }
        // "the clip should last 45 seconds"
        if let Some((what, time)) =
            [" should last ", " must last ", " should take "].iter().find_map(|verb| text.split_once(verb))
            && let Some(done) = self.lasting(&Wanted::of(self.canvas.known, what), time)
        {
            return done;
        }
        // "make it half an hour"
        if self.operation.told && text.split_whitespace().count() < 4 && super::value::amount_of(text).is_some() {
            return self.change("the wait", None, text);
        }
        if let Some(done) = self.quantity(text) {
            return done;
        }
        let elsewhere = self.should(text).or_else(|| self.elsewhere(text)).or_else(|| self.window(text));
        if let Some(done) = elsewhere {
            return done;
        }
        // "get the poem on Telegram as well"
        if let Some(what) = ["get ", "have ", "receive ", "see "].iter().find_map(|verb| text.strip_prefix(verb))
            && self.operation.also
            && self.service_in(what).is_some()
        {
            return self.perform(&format!("send {what}"));
        }
        if let Some(filter) = filter(text) {
            return self.filter(&filter);
        }
        if let Some(kind) = text.strip_prefix("ignore ")
            && let Some(done) = self.without_kind(kind)
        {
            return done;
        }
        if let Some((step, condition)) = returns_only(text) {
            return self.returns_only(&step, &condition);
        }
        if !self.operation.told
            && self.operation.place.is_none()
            && let Some(done) = self.with_link(text)
        {
            return done;
        }
        if let Some(place) = self.operation.place.clone() {
            if !self.operation.also
                && !matches!(self.operation.act, Act::Add(_))
                && let Some(at) = self.meant_by_order(text)
            {
                return self.reorder_to(at, &place);
            }
            return self.insert(text, &place);
        }
        if let Some(name) = self.unknown_service(text) {
            return Err(self.no_block(text, &name));
        }
        let adds = self.operation.also || matches!(self.operation.act, Act::Add(_));
        // "summaries may have at most 100 words"
        if !adds && TABLES.measures(text) && !self.sends(text) && self.say(text).is_ok() {
            return Ok(());
        }
        let remark = self.is_remark(text);
        // "I'd also like a short tweet": one more text, no other words for the one that there is.
        let another = adds && ["write a ", "write an ", "write another "].iter().any(|lead| text.starts_with(lead));
        let remark = remark && !another;
        let told = if self.operation.only { &format!("only {text}") } else { text };
        if remark && (!adds || self.service_in(text).is_none()) && self.say(told).is_ok() {
            return Ok(());
        }
        if self.operation.only {
            if let Some(done) = self.only_there(text) {
                return done;
            }
            if let Some(done) = self.more_than(text) {
                return done;
            }
            // "only look at the ten newest mails"
            let counts = reading::tokens(text).iter().any(|token| matches!(token.value(), Some(Typed::Number(_))));
            if super::value::amount_of(text).is_some() {
                return self.limit(text);
            }
            if counts && !self.canvas.fields(&Wanted::of(self.canvas.known, "limit")).is_empty() {
                return self.limit(text);
            }
            return self.narrow(text);
        }
        // "just the 5 newest posts"
        if !adds && counted(text) {
            return self.limit(text);
        }
        if self.operation.told {
            return Err(self.lost(text));
        }
        if let Some(done) = self.with_matter(text) {
            return done;
        }
        let list: Vec<usize> = self.canvas.order().to_vec();
        let from = self.canvas.steps.len();
        let last = self.last();
        match self.plan(text, list) {
            Ok(fresh) if !adds && (!self.works(fresh.clone(), text) || self.is_loose(fresh.clone())) => {
                self.canvas.remove(&fresh.collect());
                Err(self.misread(text).unwrap_or_else(|| self.lost(text)))
            }
            // A fixed text takes nothing of the flow: it goes out when the rest is done.
            Ok(fresh) => {
                self.dressed(&fresh)?;
                self.settle(from, last)
            }
            Err(Refused::Impossible(reason, why)) => match self.say(text) {
                Ok(()) if !adds || remark => Ok(()),
                _ if adds || reason != Reason::NoBlock => Err(Refused::Impossible(reason, why)),
                _ => Err(self.misread(text).unwrap_or(Refused::Impossible(reason, why))),
            },
            Err(other) => Err(other),
        }
    }

    /// Whether new steps do more than hand a text to a language model that nobody asked for one.
    fn works(&self, fresh: Range<usize>, text: &str) -> bool {
        let acts = |at: usize| {
            self.canvas.is(at, |block| {
                !crate::knowledge::is_text_model(block) && !block.is_agent_input() && !block.is_agent_output()
            }) && !self.canvas.is_helper(at)
        };
        let first = text.split_whitespace().next().unwrap_or_default().to_lowercase();
        // "take the develop branch", "fix it": no text is made by that.
        let carries = matches!(
            first.as_str(),
            "take" | "fix" | "have" | "let" | "go" | "use" | "get" | "be" | "keep" | "do" | "put" | "set"
        );
        fresh.clone().any(acts)
            || !carries && self.canvas.known.is(&self.canvas.known.vocabulary.canonical(&first), Class::Think)
    }

    /// Whether new steps take nothing from the agent and give nothing to it: it was not meant so.
    fn is_loose(&self, fresh: Range<usize>) -> bool {
        let works = |at: &usize| !self.canvas.is_door(*at) && !self.canvas.is_helper(*at) && !self.canvas.is_note(*at);
        let old = |at: usize| at < fresh.start && !self.canvas.is(at, |block| block.is_agent_input());
        let apart = |at: usize| {
            !self.canvas.delivers(at)
                && !self.canvas.links_into(at).any(|link| old(link.from) || self.canvas.is_helper(link.from))
                && !self.canvas.links_out(at).iter().any(|link| link.to < fresh.start)
        };
        let mut working = fresh.clone().filter(works).peekable();
        working.peek().is_some()
            && working.all(|at| self.canvas.links_into(at).all(|link| !old(link.from)))
            && fresh.clone().filter(works).any(apart)
    }

    pub(super) fn no_block(&self, text: &str, name: &str) -> Refused {
        let near: Vec<&str> = self.canvas.known.instead_of(name).into_iter().take(3).collect();
        let near = if near.is_empty() { String::new() } else { format!(" There is {}.", near.join(", ")) };
        Refused::unserved(format!("No available block works with {name}: \"{}\".{near}", shortened(text, 80)))
    }

    /// Whether an order says how a language model should write, rather than that something is to be done.
    fn is_remark(&self, text: &str) -> bool {
        let words: Vec<String> = text
            .to_lowercase()
            .split_whitespace()
            .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned())
            .collect();
        let first = words.first().map_or("", String::as_str);
        let says = SAYS.split_whitespace().any(|word| word == first);
        // "check with Hunter that the address is valid" says nothing of how the text is written.
        let rest = text.split_once(' ').map_or("", |(_, rest)| rest);
        if matches!(first, "check" | "look") && !TABLES.is_manner(rest) && !TABLES.measures(rest) {
            return false;
        }
        let subject = words.iter().take(8).any(|word| matches!(word.as_str(), "should" | "must"));
        let pronoun = words.iter().skip(1).take(2).any(|word| {
            matches!(
                word.as_str(),
                "it" | "them"
                    | "in"
                    | "the"
                    | "a"
                    | "an"
                    | "that"
                    | "this"
                    | "for"
                    | "on"
                    | "with"
                    | "at"
                    | "also"
                    | "only"
                    | "more"
                    | "less"
                    | "friendlier"
                    | "shorter"
                    | "longer"
                    | "briefly"
                    | "formal"
                    | "casual"
                    | "concise"
                    | "polite"
                    | "to"
                    | "who"
                    | "what"
                    | "which"
                    | "why"
                    | "whether"
                    | "how"
                    | "where"
            )
        });
        let speaks = matches!(first, "write" | "say") && !text.contains(['"', '“']) && !self.other_place(text);
        let sends = self.sends(text) && !speaks || self.service_in(text).is_some();
        subject && !sends
            || says && pronoun && !sends && !matches!(first, "translate" | "start")
            || says && !sends && matches!(first, "be" | "avoid" | "never" | "allow" | "mention" | "sound" | "say")
    }
}
