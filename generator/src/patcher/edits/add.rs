//! Something comes: at the end, or where the wish says.

use std::ops::Range;

use serde_json::{Value, json};

use super::{
    Edit,
    filter::{filter, returns_only},
};
use crate::{
    catalogue::special,
    knowledge::Class,
    patcher::{
        Refused,
        canvas::Portion,
        find::{Among, Field, Wanted, bare},
        wish::{Act, saying},
    },
    plan::{
        self, Extended,
        model::{Binding, Input, Step},
    },
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
            && let Some((amount, unit)) = super::change::amount_of(what)
        {
            return self.wait(amount, unit);
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
        if let Some(done) = self.value_by_verb(text) {
            return done;
        }
        if let Some(filter) = filter(text) {
            return self.filter(&filter);
        }
        if let Some((step, condition)) = returns_only(text) {
            return self.returns_only(&step, &condition);
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
        let remark = self.is_remark(text);
        if remark && (!adds || self.service_in(text).is_none()) && self.say(text).is_ok() {
            return Ok(());
        }
        if self.operation.only {
            if let Some(done) = self.only_there(text) {
                return done;
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
            Ok(fresh) if !adds && !self.works(fresh.clone(), text) => Err(self.lost(text)),
            Ok(_) => self.settle(from, None),
            Err(Refused::Impossible(reason, why)) => match self.say(text) {
                Ok(()) if !adds || remark => Ok(()),
                _ => Err(Refused::Impossible(reason, why)),
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
        let tokens = crate::reading::tokens(text);
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
        fresh.clone().any(acts) || self.canvas.known.is(&self.canvas.known.vocabulary.canonical(&first), Class::Think)
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

    /// The steps up to one, in the order of the flow, that one last; what rests on it is left away. `itself`: whether it
    /// is among them.
    pub(super) fn upto(&self, at: usize, itself: bool) -> Vec<usize> {
        let down = self.canvas.downstream(at);
        let mut list: Vec<usize> =
            self.canvas.order().iter().copied().filter(|other| down.get(*other) == Some(&false)).collect();
        if itself {
            list.push(at);
        } else if let Some(source) = self.canvas.main_link(at).map(|link| link.from) {
            list.retain(|other| *other != source);
            list.push(source);
        }
        list
    }

    /// Plans an order over some of the steps, and adds what it takes.
    pub(super) fn plan(&mut self, text: &str, list: Vec<usize>) -> Result<Range<usize>, Refused> {
        let known = self.canvas.known;
        let text = &self.with_service(&super::channel::signed(&one(text)));
        if let Some((order, said)) = saying(text) {
            return self.plan_saying(order, said, list);
        }
        let portion = Portion::of(self.canvas, list);
        let from = self.canvas.steps.len();
        match plan::extend(known, &portion.steps, text, self.context, self.watch)? {
            Extended::Steps(mut fresh, left) => {
                portion.place_all(&mut fresh);
                if let Some(part) = left.first() {
                    return Err(Refused::Impossible(
                        part.reason,
                        format!("I cannot do \"{}\": {}", part.text, part.message),
                    ));
                }
                self.canvas.add(fresh);
                Ok(from..self.canvas.steps.len())
            }
            Extended::Questions(questions) => Err(Refused::Open(questions)),
            Extended::Unserved(reason) => Err(Refused::unserved(reason)),
            Extended::Nothing => {
                Err(Refused::unserved(format!("No available block can do this: \"{}\".", shortened(text, 120))))
            }
        }
    }

    /// What is sent is a text that the wish has: it is no matter of planning.
    fn plan_saying(&mut self, order: &str, said: &str, list: Vec<usize>) -> Result<Range<usize>, Refused> {
        let order = &plain_message(&self.as_order(order));
        // "send a Slack message": nothing of that kind has to be read first.
        let order = match (order.split_once(" message"), self.service_in(order)) {
            (Some((before, rest)), Some(service)) if before.starts_with("send ") => {
                format!("send it{rest} {} {service}", if rest.trim().is_empty() { "to" } else { "on" })
            }
            _ => order.clone(),
        };
        let fresh = self.plan(&order, list)?;
        let sends =
            |at: &usize| self.text_of(*at).is_some() && !self.canvas.is_helper(*at) && !self.canvas.is_door(*at);
        let made = fresh.clone().rev().find(sends);
        let Some((at, field)) = made.and_then(|at| Some((at, self.text_of(at)?))) else {
            return Err(self.lost(&order));
        };
        let bare = bare(said);
        let mut letters = bare.chars();
        let text: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
        self.canvas.bind(at, &field.name, Binding::Value(json!(text)));
        // What would have been the text, or asked for it, is not needed.
        let unused: std::collections::HashSet<usize> = fresh
            .clone()
            .filter(|other| {
                let idle = self
                    .canvas
                    .links_out(*other)
                    .iter()
                    .all(|link| self.canvas.is(link.to, |block| block.is_agent_output()));
                *other != at
                    && !self.canvas.delivers(*other)
                    && idle
                    && !self.canvas.is(*other, |block| block.is_agent_output())
            })
            .collect();
        if !unused.is_empty() {
            self.canvas.remove(&unused);
        }
        Ok(fresh.start..self.canvas.steps.len())
    }

    /// "#alerts" is a channel of the chat that the agent uses already.
    fn with_service(&self, text: &str) -> String {
        use crate::reading::Value as Typed;
        let channel = crate::reading::tokens(text).iter().any(|token| matches!(token.value(), Some(Typed::Channel(_))));
        if !channel || self.service_in(text).is_some() {
            return text.to_owned();
        }
        let known = self.canvas.known;
        let mut chats: Vec<&str> = self
            .canvas
            .working()
            .into_iter()
            .filter_map(|at| self.canvas.block(at))
            .filter(|block| known.is_channel(block))
            .filter_map(|block| known.meaning(block).service.as_deref())
            .filter(|service| matches!(*service, "Slack" | "Discord"))
            .collect();
        chats.dedup();
        match chats.as_slice() {
            [only] => format!("{text} on {only}"),
            _ => text.to_owned(),
        }
    }

    /// The last of some steps that does something.
    pub(super) fn newest(&self, fresh: Range<usize>) -> Option<usize> {
        fresh.rev().find(|at| !self.canvas.is_door(*at) && !self.canvas.is_helper(*at) && !self.canvas.is_note(*at))
    }

    /// New steps beside the old ones: an input that is asked for already is not asked for again, and what only tells that
    /// something was sent is no result. `after`: the step that they wait for.
    pub(super) fn settle(&mut self, from: usize, after: Option<usize>) -> Result<(), Refused> {
        if let Some(after) = after {
            self.wait_for(from, after);
        }
        let mut gone = std::collections::HashSet::new();
        for at in from..self.canvas.steps.len() {
            if self.canvas.is(at, |block| block.is_agent_input()) {
                let name = self.canvas.value(at, "name").and_then(Value::as_str).unwrap_or_default().to_owned();
                let plain = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ').to_owned();
                let block = self.canvas.steps.get(at).map(|step| step.block.clone());
                let same = (0..from).find(|old| {
                    self.canvas.is(*old, |block| block.is_agent_input())
                        && self
                            .canvas
                            .value(*old, "name")
                            .and_then(Value::as_str)
                            .is_some_and(|old| old == name || old == plain)
                        && self.canvas.steps.get(*old).map(|step| step.block.clone()) == block
                });
                if let Some(old) = same {
                    for link in self.canvas.links_out(at) {
                        self.canvas.bind(link.to, &link.input, Binding::From { step: old, output: link.output });
                    }
                    gone.insert(at);
                }
            }
            if self.canvas.is(at, |block| block.is_agent_output()) {
                let receipt =
                    self.canvas.links_into(at).any(|link| link.from >= from && self.canvas.delivers(link.from));
                let others = (0..from).any(|old| self.canvas.is(old, |block| block.is_agent_output()));
                if receipt && others {
                    gone.insert(at);
                }
            }
        }
        if !gone.is_empty() {
            self.canvas.remove(&gone);
        }
        Ok(())
    }

    /// New steps that take nothing from the flow begin only when `after` is done.
    fn wait_for(&mut self, from: usize, after: usize) {
        let fresh: Vec<usize> = (from..self.canvas.steps.len()).filter(|at| !self.canvas.is_door(*at)).collect();
        let fed = fresh.iter().filter(|at| **at != after).any(|at| {
            self.canvas.links_into(*at).any(|link| {
                (link.from < from || link.from == after) && !self.canvas.is(link.from, |block| block.is_agent_input())
            })
        });
        if fed {
            return;
        }
        let Some(at) = fresh.into_iter().find(|at| self.canvas.delivers(*at)) else { return };
        let Some(field) = self.text_of(at) else { return };
        let Some(text) = self.canvas.value(at, &field.name).cloned() else { return };
        let Some(output) = self.canvas.gives(after) else { return };
        let store = self.canvas.steps.len();
        self.canvas.add(vec![Step {
            block: special::STORE_VALUE.to_owned(),
            title: "Wait for it".to_owned(),
            says: String::new(),
            inputs: vec![
                Input { name: "input".to_owned(), binding: Binding::From { step: after, output } },
                Input { name: "data".to_owned(), binding: Binding::Value(text) },
            ],
        }]);
        self.canvas.bind(at, &field.name, Binding::From { step: store, output: "output".to_owned() });
    }

    /// The last step that does something, along the links.
    pub(super) fn last(&self) -> Option<usize> {
        self.canvas.working().into_iter().rfind(|at| !self.canvas.is_helper(*at))
    }
}

/// "a Slack notification" is a message; "a comment to X" is a comment on it.
fn plain_message(order: &str) -> String {
    let message = ["notification", "alert", "heads-up", "announcement", "note", "ping", "update"];
    let words: Vec<String> = order
        .split(' ')
        .map(
            |word| if message.contains(&word.to_lowercase().as_str()) { "message".to_owned() } else { word.to_owned() },
        )
        .collect();
    let order = words.join(" ");
    for opener in ["post a comment ", "create a comment ", "add a comment ", "leave a comment "] {
        if let Some(rest) = order.strip_prefix(opener) {
            let rest = rest.trim_start_matches("to ").trim_start_matches("on ");
            let rest = if matches!(rest, "it" | "them") { "the issue" } else { rest };
            return format!("comment on {rest}");
        }
    }
    order
}

/// Without "another": that something is there already does not matter to what is planned.
fn one(text: &str) -> String {
    ["another ", "one more ", "a second ", "an additional ", "an extra ", "a further ", "a new "].iter().fold(
        text.to_owned(),
        |text, word| {
            let lower = text.to_lowercase();
            match lower.find(word) {
                Some(at) if at == 0 || lower.get(..at).is_some_and(|before| before.ends_with(' ')) => {
                    format!(
                        "{}a {}",
                        text.get(..at).unwrap_or_default(),
                        text.get(at + word.len()..).unwrap_or_default()
                    )
                }
                _ => text,
            }
        },
    )
}
