//! Something comes: at the end, or where the wish says.

use std::ops::Range;

use super::{
    Edit,
    filter::{filter, returns_only},
};
use shared::account::Reason;

use crate::{
    knowledge::Class,
    patcher::{
        find::{Among, Field, Wanted},
        refused::Refused,
        wish::{Act, TABLES},
    },
    reading::{self, Value as Typed},
    text::shortened,
};

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
        if let Some((field, value)) = self.chosen_by_name(what) {
            return self.put_value(&field, value);
        }
        let order = self.as_order(what);
        self.perform(&order)
    }

    /// A thing as an order that makes it: "a Slack message" is sent.
    pub(super) fn as_order(&self, what: &str) -> String {
        let what = what.trim();
        let first = what.split_whitespace().next().unwrap_or_default().to_lowercase();
        if self.canvas.known.vocabulary.orders(&first)
            && !matches!(first.as_str(), "a" | "an" | "the" | "another")
            && !self.canvas.known.vocabulary.is_noun_too(&first)
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
            () if is(&["comment", "tweet", "post"]) => format!("post {what}"),
            () if is(&["translation"]) => {
                format!("translate it {}", lower.split_once("translation").map_or("", |(_, rest)| rest))
                    .trim()
                    .to_owned()
            }
            () if is(&["summary"]) && !is(&["page", "row", "doc"]) => format!("write {what}"),
            () => format!("create {what}"),
        }
    }

    /// An order of its own: an existing step is moved, a new one comes, or a prompt is told more.
    pub(super) fn perform(&mut self, text: &str) -> Result<(), Refused> {
        if let Some(done) = self.value_by_verb(text).or_else(|| self.meant(text)) {
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
        if remark && (!adds || self.service_in(text).is_none()) && self.say(text).is_ok() {
            return Ok(());
        }
        if self.operation.only {
            if let Some(done) = self.only_there(text) {
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
        if self.operation.told {
            return Err(self.lost(text));
        }
        if let Some(done) = self.with_matter(text) {
            return done;
        }
        let list: Vec<usize> = self.canvas.order().to_vec();
        let from = self.canvas.steps.len();
        match self.plan(text, list) {
            Ok(fresh) if !adds && (!self.works(fresh.clone(), text) || self.is_loose(fresh.clone())) => {
                self.canvas.remove(&fresh.collect());
                Err(self.misread(text).unwrap_or_else(|| self.lost(text)))
            }
            Ok(_) => self.settle(from, None),
            Err(Refused::Impossible(reason, why)) => match self.say(text) {
                Ok(()) if !adds || remark => Ok(()),
                _ if adds || reason != Reason::NoBlock => Err(Refused::Impossible(reason, why)),
                _ => Err(self.misread(text).unwrap_or(Refused::Impossible(reason, why))),
            },
            Err(other) => Err(other),
        }
    }

    /// "search for X", "read https://…": the value of the step that does this already.
    fn value_by_verb(&mut self, text: &str) -> Option<Result<(), Refused>> {
        use crate::reading::Value as Typed;
        let adds = self.operation.also || matches!(self.operation.act, Act::Add(_));
        if adds || self.operation.place.is_some() || self.operation.told {
            return None;
        }
        let tokens = reading::tokens(text);
        let mut values = tokens.iter().filter(|token| {
            matches!(token.value(), Some(Typed::Quoted(_) | Typed::Url(_) | Typed::Subreddit(_) | Typed::Repository(_)))
        });
        let value = values.next().filter(|_| values.next().is_none())?;
        let rest = text.replacen(value.raw(text), " ", 1).replace(" by default", "");
        let wanted = Wanted::of(self.canvas.known, &rest);
        let [at] = *self.canvas.best(&wanted, Among::Working).as_slice() else { return None };
        if !self.canvas.begins(at) {
            return None;
        }
        let raw = value.raw(text).to_owned();
        let names: &[&str] = match value.value()? {
            Typed::Url(_) => &["url", "rss_url", "website_url", "page_url", "feed_url", "repo_url"],
            Typed::Subreddit(_) => &["subreddit"],
            Typed::Repository(_) => &["repo", "repository", "repo_url"],
            _ => &["query", "search_query", "topic", "keyword", "prompt", "question"],
        };
        let name = self.canvas.inputs_of(at).into_iter().find(|name| names.contains(&name.as_str()))?;
        Some(self.put(&Field { at, name }, &raw))
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
        let says = matches!(
            first,
            "write"
                | "say"
                | "mention"
                | "include"
                | "allow"
                | "answer"
                | "keep"
                | "be"
                | "sound"
                | "speak"
                | "respond"
                | "consider"
                | "focus"
                | "avoid"
                | "phrase"
                | "word"
                | "reword"
                | "use"
                | "check"
                | "explain"
                | "emphasise"
                | "emphasize"
                | "highlight"
                | "format"
                | "list"
                | "end"
                | "begin"
                | "start"
                | "address"
                | "sign"
                | "describe"
                | "never"
                | "always"
                | "reply"
                | "translate"
                | "shorten"
                | "rewrite"
                | "make"
                | "ensure"
                | "look"
                | "have"
                | "give"
                | "the"
                | "all"
                | "every"
                | "each"
                | "they"
                | "it"
                | "my"
        );
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
            )
        });
        let sends = self.sends(text) && first != "write" || self.service_in(text).is_some();
        subject && !sends
            || says && pronoun && !sends && !matches!(first, "translate" | "start")
            || says && !sends && matches!(first, "be" | "avoid" | "never" | "allow" | "mention" | "sound")
    }

    /// The step that an order names as it is: "send the e-mail", "ask me for approval".
    pub(super) fn meant_by_order(&self, text: &str) -> Option<usize> {
        let wanted = Wanted::of(self.canvas.known, text);
        let best = self.canvas.best(&wanted, Among::Working);
        if let [only] = best.as_slice() {
            return Some(*only);
        }
        // "ask me for approval": the verb only carries it.
        let rest: Vec<String> = wanted.words.iter().skip(1).cloned().collect();
        let carries = wanted.words.first().is_some_and(|word| {
            matches!(word.as_str(), "ask" | "do" | "perform" | "run" | "have" | "make" | "get" | "put" | "wait")
        });
        if !carries || rest.is_empty() {
            return None;
        }
        match self.canvas.best(&Wanted { words: rest, ..wanted }, Among::Working).as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }
}
