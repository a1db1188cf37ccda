//! Something comes: at the end, or where the wish says.

use std::ops::Range;

use serde_json::{Value, json};

use super::{
    Edit,
    filter::{filter, returns_only},
    replace::is_address,
};
use crate::{
    catalogue::{ERROR_OUTPUT, special},
    knowledge::Class,
    patcher::{
        Refused,
        canvas::{Link, Portion},
        find::{Among, Field, Wanted, bare, outer},
        wish::{Act, Place, saying},
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
            return self.narrow(text);
        }
        if self.operation.told {
            return Err(self.lost(text));
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

    fn no_block(&self, text: &str, name: &str) -> Refused {
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
        let text = &self.with_service(&one(text));
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
        let fresh = self.plan(&plain_message(order), list)?;
        let made = fresh.clone().rev().find(|at| self.text_of(*at).is_some() && !self.canvas.is_helper(*at));
        let Some((at, field)) = made.and_then(|at| Some((at, self.text_of(at)?))) else { return Err(self.lost(order)) };
        let bare = bare(said);
        let mut letters = bare.chars();
        let text: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
        let id = self.canvas.ids.get(at).cloned();
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
        let _ = id;
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

    /// Puts what an order makes into the flow.
    fn insert(&mut self, text: &str, place: &Place) -> Result<(), Refused> {
        if let Some(name) = self.unknown_service(text) {
            return Err(self.no_block(text, &name));
        }
        match place {
            Place::End => {
                // The last to go out, not what it is told of.
                let after = self.last();
                let list = self.canvas.order().to_vec();
                let from = self.plan(text, list)?.start;
                self.settle(from, after)
            }
            Place::Later(time) => self.later(text, &time.clone()),
            Place::After(of) => {
                let after = self.placed(&of.clone())?;
                let Some(after) = after else {
                    let list = self.canvas.order().to_vec();
                    let last = self.last();
                    let from = self.plan(text, list)?.start;
                    return self.settle(from, last);
                };
                let list = self.upto(after, true);
                let fresh = self.plan(text, list)?;
                let made = self.newest(fresh.clone());
                if let Some(made) = made.filter(|made| !self.canvas.delivers(*made) && !self.canvas.begins(*made)) {
                    let links: Vec<Link> = self
                        .canvas
                        .links_out(after)
                        .into_iter()
                        .filter(|link| link.to < fresh.start && link.output != ERROR_OUTPUT)
                        .collect();
                    return self.lead_through(made, fresh.start, &links);
                }
                self.settle(fresh.start, Some(after))
            }
            Place::Before(of) => {
                let Some(before) = self.placed(&of.clone())? else { return Err(self.canvas.no_step(of)) };
                self.insert_before(text, before)
            }
            Place::Between(one, other) => {
                let (one, other) = (self.placed(&one.clone())?, self.placed(&other.clone())?);
                let (Some(one), Some(other)) = (one, other) else {
                    return Err(self.lost(&self.operation.said.clone()));
                };
                let (first, second) = if self.canvas.leads(other, one) { (other, one) } else { (one, other) };
                if !self.canvas.leads(first, second) {
                    return Err(Refused::unsupported(format!(
                        "{} and {} are not linked, so nothing can stand between them.",
                        self.canvas.title(first),
                        self.canvas.title(second)
                    )));
                }
                self.insert_before(text, second)
            }
            Place::First | Place::Start => {
                let wanted = Wanted::of(self.canvas.known, text);
                let target = self.before_what(&wanted);
                match target {
                    Some(before) => self.insert_before(text, before),
                    None => Err(self.lost(&self.operation.said.clone())),
                }
            }
        }
    }

    /// What something comes first of: what takes what the order speaks of, else what goes out.
    fn before_what(&self, wanted: &Wanted) -> Option<usize> {
        let order = self.canvas.working();
        let sources = wanted.words.iter().filter_map(|word| {
            let one = Wanted { words: vec![word.clone()], ..Wanted::default() };
            match self.canvas.best(&one, Among::Working).as_slice() {
                [only] => Some(*only),
                _ => None,
            }
        });
        let source = sources.into_iter().find(|at| !self.canvas.delivers(*at));
        match source {
            Some(source) => order.into_iter().find(|at| self.canvas.links_into(*at).any(|link| link.from == source)),
            None => order.into_iter().find(|at| self.canvas.delivers(*at)),
        }
    }

    /// The step that a place names: "the AI step", "sending", "the issue is labelled".
    pub(super) fn placed(&self, of: &str) -> Result<Option<usize>, Refused> {
        let wanted = Wanted::of(self.canvas.known, of);
        if wanted.is_agent() {
            return Ok(None);
        }
        let mut best = self.canvas.best(&wanted, Among::Working);
        if best.is_empty() {
            // "it has answered", "posting it anywhere": the words that name something.
            let names = self.canvas.names();
            let telling: Vec<String> =
                wanted.words.iter().filter(|word| names.iter().any(|names| names.fit(word) > 0)).cloned().collect();
            if telling.is_empty() || telling.len() * 2 < wanted.words.len() {
                return self.going_out(&wanted, of);
            }
            best = self.canvas.best(&Wanted { words: telling, ..wanted }, Among::Working);
        }
        let plain: Vec<usize> = best.iter().copied().filter(|at| !self.canvas.is_helper(*at)).collect();
        let best = if plain.is_empty() { best } else { plain };
        self.canvas.one_of(best, self.context)
    }

    /// "it goes out", "saving it": what takes something out, if nothing is named.
    fn going_out(&self, wanted: &Wanted, of: &str) -> Result<Option<usize>, Refused> {
        let known = self.canvas.known;
        let out = |word: &String| {
            matches!(word.as_str(), "go" | "out" | "leave" | "live")
                || [Class::Tell, Class::Store, Class::Hand].iter().any(|class| known.is(word, *class))
        };
        if !wanted.words.iter().all(out) {
            return Err(self.canvas.no_step(of));
        }
        let delivering = self.canvas.working().into_iter().filter(|at| self.canvas.delivers(*at)).collect();
        self.canvas.one_of(delivering, self.context)?.map(Some).ok_or_else(|| self.canvas.no_step(of))
    }

    fn insert_before(&mut self, text: &str, before: usize) -> Result<(), Refused> {
        if self.canvas.begins(before) && self.canvas.main_link(before).is_none_or(|link| self.canvas.is_door(link.from))
        {
            return Err(Refused::unsupported(format!(
                "{} begins the work: nothing can come before it.",
                self.canvas.title(before)
            )));
        }
        let Some(link) = self.canvas.main_link(before) else {
            return Err(Refused::unsupported(format!(
                "{} works on nothing that could be changed before.",
                self.canvas.title(before)
            )));
        };
        let list = self.upto(before, false);
        let fresh = self.plan(text, list)?;
        let Some(made) = self.newest(fresh.clone()) else { return Err(self.lost(text)) };
        if self.canvas.delivers(made) {
            return self.settle(fresh.start, None);
        }
        // It works on what the link brings, not on another output of the same step.
        let main = self.canvas.main_link(made).filter(|main| (main.from, &main.output) != (link.from, &link.output));
        if main.is_some() && !self.canvas.begins(made) {
            self.canvas.feed(made, (link.from, &link.output));
            self.drop_idle(fresh.start, made);
        }
        let made = self.newest(fresh.start..self.canvas.steps.len()).unwrap_or(made);
        let links: Vec<Link> = self
            .canvas
            .links_into(before)
            .filter(|other| (other.from, &other.output) == (link.from, &link.output))
            .collect();
        self.lead_through(made, fresh.start, &links)
    }

    /// New helpers that nothing takes from go.
    pub(super) fn drop_idle(&mut self, from: usize, kept: usize) {
        let mut idle = std::collections::HashSet::new();
        loop {
            let unused = (from..self.canvas.steps.len()).find(|at| {
                *at != kept
                    && !idle.contains(at)
                    && self.canvas.is_helper(*at)
                    && self.canvas.links_out(*at).iter().all(|link| idle.contains(&link.to))
            });
            let Some(unused) = unused else { break };
            idle.insert(unused);
        }
        if !idle.is_empty() {
            self.canvas.remove(&idle);
        }
    }

    /// Links go through a new step from now on; its own output of the agent is not needed.
    pub(super) fn lead_through(&mut self, made: usize, from: usize, links: &[Link]) -> Result<(), Refused> {
        let Some(output) = self.canvas.gives(made) else { return Err(self.lost(&self.operation.said.clone())) };
        let outputs = links.iter().all(|link| self.canvas.is(link.to, |block| block.is_agent_output()));
        for link in links {
            let shown = self.canvas.is(link.to, |block| block.is_agent_output());
            if shown && !outputs {
                continue;
            }
            // A helper in between keeps its place: what goes into it is the new text.
            self.canvas.route((made, &output), link.to, &link.input);
        }
        self.hide(made, from);
        self.settle(from, None)
    }

    /// Takes away the new outputs of the agent for what a new step gives: it comes out further on.
    pub(super) fn hide(&mut self, made: usize, from: usize) {
        let is_output =
            |canvas: &crate::patcher::canvas::Canvas<'_>, at: usize| canvas.is(at, |block| block.is_agent_output());
        let shown: std::collections::HashSet<usize> = self
            .canvas
            .links_out(made)
            .into_iter()
            .map(|link| link.to)
            .filter(|at| *at >= from && is_output(self.canvas, *at))
            .collect();
        let others = (0..self.canvas.steps.len()).any(|at| !shown.contains(&at) && is_output(self.canvas, at));
        let used = self.canvas.links_out(made).into_iter().any(|link| !shown.contains(&link.to));
        if others && used && !shown.is_empty() {
            self.canvas.remove(&shown);
        }
    }

    /// A step that waits, in front of what goes out or where the wish says.
    fn wait(&mut self, amount: f64, unit: &str) -> Result<(), Refused> {
        let before = match &self.operation.place {
            Some(Place::Before(of)) => self.placed(&of.clone())?,
            Some(Place::After(of)) => {
                let after = self.placed(&of.clone())?;
                after.and_then(|after| {
                    self.canvas
                        .working()
                        .into_iter()
                        .find(|at| self.canvas.links_into(*at).any(|link| link.from == after))
                })
            }
            _ => self.canvas.working().into_iter().find(|at| self.canvas.delivers(*at)),
        };
        let link = before.and_then(|before| self.canvas.main_link(before));
        let Some(link) = link else { return Err(self.lost(&self.operation.said.clone())) };
        let timer = self.timer(amount, unit, &link)?;
        self.canvas.bind(link.to, &link.input, Binding::From { step: timer, output: "output_message".to_owned() });
        Ok(())
    }

    fn timer(&mut self, amount: f64, unit: &str, link: &Link) -> Result<usize, Refused> {
        let Some(block) = self.canvas.known.catalogue.by_name("CountdownTimerBlock") else {
            return Err(Refused::unserved("No available block waits.".to_owned()));
        };
        let at = self.canvas.steps.len();
        let value = if amount.fract() == 0.0 { json!(amount as i64) } else { json!(amount) };
        self.canvas.add(vec![Step {
            block: block.id.clone(),
            title: "Wait".to_owned(),
            says: String::new(),
            inputs: vec![
                Input { name: unit.to_owned(), binding: Binding::Value(value) },
                Input {
                    name: "input_message".to_owned(),
                    binding: Binding::From { step: link.from, output: link.output.clone() },
                },
            ],
        }]);
        Ok(at)
    }

    /// "25 minutes later, …": after the last step, and a wait.
    fn later(&mut self, text: &str, time: &str) -> Result<(), Refused> {
        let Some((amount, unit)) = super::change::amount_of(time) else { return Err(self.lost(time)) };
        let Some(last) = self.last() else { return Err(self.lost(text)) };
        let Some(output) = self.canvas.gives(last) else { return Err(self.lost(text)) };
        let link = Link { from: last, output, to: last, input: String::new() };
        let list = self.canvas.order().to_vec();
        let fresh = self.plan(text, list)?;
        let made = self.newest(fresh.clone()).and_then(|at| self.canvas.ids.get(at).cloned());
        let timer = self.timer(amount, unit, &link)?;
        let timer_id = self.canvas.ids.get(timer).cloned();
        self.settle(fresh.start, Some(timer))?;
        // Another message in the same place.
        let find = |id: &Option<String>| self.canvas.ids.iter().position(|other| Some(other) == id.as_ref());
        if let (Some(made), Some(_)) = (find(&made), find(&timer_id)) {
            self.same_place(made, last);
        }
        Ok(())
    }

    /// A second message goes where the first one went, unless it says where.
    fn same_place(&mut self, made: usize, like: usize) {
        if self.canvas.steps.get(made).map(|step| &step.block) != self.canvas.steps.get(like).map(|step| &step.block) {
            return;
        }
        let bindings: Vec<(String, Binding)> = self
            .canvas
            .steps
            .get(like)
            .into_iter()
            .flat_map(|step| &step.inputs)
            .filter(|input| is_address(&input.name))
            .map(|input| (input.name.clone(), input.binding.clone()))
            .collect();
        let asked: Vec<usize> = self
            .canvas
            .links_into(made)
            .filter(|link| is_address(&link.input) && self.canvas.is(link.from, |block| block.is_agent_input()))
            .map(|link| link.from)
            .collect();
        for (name, binding) in bindings {
            let own = self.canvas.value(made, &name).is_some();
            if !own {
                self.canvas.bind(made, &name, binding);
            }
        }
        let idle: std::collections::HashSet<usize> =
            asked.into_iter().filter(|at| self.canvas.links_out(*at).is_empty()).collect();
        if !idle.is_empty() {
            self.canvas.remove(&idle);
        }
    }

    /// "put today's date into the message": the step that gives it, and a text that has both.
    pub(super) fn add_data(&mut self, value: &str, wanted: &Wanted, what: &str) -> Result<(), Refused> {
        let best = self.canvas.best(wanted, Among::Working);
        let fields = self.canvas.fields(wanted);
        let target = match self.canvas.one_field(fields, self.context)? {
            Some(field) => Some(field),
            None => {
                let senders: Vec<usize> = best.iter().copied().filter(|at| self.text_of(*at).is_some()).collect();
                self.canvas.one_of(senders, self.context)?.and_then(|at| self.text_of(at))
            }
        };
        let Some(field) = target else {
            return match self.say(&self.operation.said.clone()) {
                Err(Refused::Impossible(..) | Refused::Lost(_)) => Err(self.canvas.no_step(what)),
                other => other,
            };
        };
        let lower = value.to_lowercase();
        let date = ["date", "today", "day", "weekday"].iter().any(|word| lower.contains(word));
        let time = lower.contains("time");
        let source = if date || time {
            Some(self.clock(if date { "GetCurrentDateBlock" } else { "GetCurrentTimeBlock" })?)
        } else {
            self.given_before(value, field.at)
        };
        let Some((step, output)) = source else {
            return match self.say(&self.operation.said.clone()) {
                Err(Refused::Impossible(..) | Refused::Lost(_)) => Err(Refused::impossible(format!(
                    "No step before {} gives \"{}\".",
                    self.canvas.title(field.at),
                    shortened(bare(value), 60)
                ))),
                other => other,
            };
        };
        self.join_text(&field, step, &output)
    }

    pub(super) fn clock(&mut self, name: &str) -> Result<(usize, String), Refused> {
        let Some(block) = self.canvas.known.catalogue.by_name(name) else {
            return Err(Refused::unserved("No available block tells the time.".to_owned()));
        };
        let at = self.canvas.steps.len();
        let output = plan::given(self.canvas.known, block).unwrap_or_else(|| "date".to_owned());
        let trigger = block.required_inputs().find(|name| *name == "trigger").map(str::to_owned);
        let inputs = trigger.into_iter().map(|name| Input { name, binding: Binding::Value(json!("go")) }).collect();
        self.canvas.add(vec![Step { block: block.id.clone(), title: block.title(), says: String::new(), inputs }]);
        Ok((at, output))
    }

    /// An output before a step that `value` names: by its own name, or by its step.
    pub(super) fn given_before(&self, value: &str, before: usize) -> Option<(usize, String)> {
        let wanted = Wanted::of(self.canvas.known, value);
        let up = self.canvas.upstream(before);
        let mut found = None;
        for at in self.canvas.working().into_iter().filter(|at| *at != before && up.get(*at) == Some(&true)) {
            let Some(block) = self.canvas.block(at) else { continue };
            for (name, _) in block.output_schema().properties.iter().filter(|(name, _)| *name != ERROR_OUTPUT) {
                let names = crate::patcher::canvas::words::words(self.canvas.known, name);
                let all = !names.is_empty() && names.iter().all(|name| wanted.words.contains(name));
                let foreign = wanted.words.iter().any(|word| {
                    !names.contains(word) && self.canvas.names().get(at).is_none_or(|names| names.fit(word) == 0)
                });
                if all && !foreign {
                    found = Some((at, name.to_owned()));
                }
            }
        }
        found.or_else(|| {
            let best: Vec<usize> = self
                .canvas
                .best(&wanted, Among::Everything)
                .into_iter()
                .filter(|at| *at != before && up.get(*at) == Some(&true))
                .collect();
            match best.as_slice() {
                [only] => Some((*only, self.canvas.gives(*only)?)),
                _ => None,
            }
        })
    }

    /// A text gets one more part: a template with what was there and what comes.
    fn join_text(&mut self, field: &Field, step: usize, output: &str) -> Result<(), Refused> {
        let name = plan_name(output);
        let mut inputs = Vec::new();
        let old = self.canvas.steps.get(field.at).and_then(|step| step.binding(&field.name)).cloned();
        let text = match old {
            Some(Binding::Value(Value::String(text))) => format!("{text} {{{{{name}}}}}"),
            Some(Binding::From { step: from, output: old_output }) => {
                // A template that is there takes one more value.
                if self.canvas.steps.get(from).is_some_and(|step| step.block == special::TEMPLATE) {
                    let format =
                        self.canvas.value(from, "format").and_then(Value::as_str).unwrap_or_default().to_owned();
                    self.canvas.bind(from, "format", Binding::Value(json!(format!("{format}\n{{{{{name}}}}}"))));
                    self.canvas.bind(
                        from,
                        &format!("values_#_{name}"),
                        Binding::From { step, output: output.to_owned() },
                    );
                    return Ok(());
                }
                let part = plan_name(&old_output);
                inputs.push(Input {
                    name: format!("values_#_{part}"),
                    binding: Binding::From { step: from, output: old_output },
                });
                format!("{{{{{part}}}}}\n\n{{{{{name}}}}}")
            }
            _ => format!("{{{{{name}}}}}"),
        };
        inputs.insert(0, Input { name: "format".to_owned(), binding: Binding::Value(json!(text)) });
        inputs.push(Input {
            name: format!("values_#_{name}"),
            binding: Binding::From { step, output: output.to_owned() },
        });
        let template = self.canvas.steps.len();
        self.canvas.add(vec![Step {
            block: special::TEMPLATE.to_owned(),
            title: "Put into words".to_owned(),
            says: String::new(),
            inputs,
        }]);
        self.canvas.bind(field.at, &field.name, Binding::From { step: template, output: "output".to_owned() });
        Ok(())
    }

    /// "only put the subject of the mail in the row": a text with less in it.
    pub(super) fn narrow(&mut self, text: &str) -> Result<(), Refused> {
        if let Some(done) = self.narrow_template(text) {
            return done;
        }
        match self.say(text) {
            Ok(()) => Ok(()),
            Err(_) => {
                let said = self.operation.said.clone();
                Err(self.lost(&said))
            }
        }
    }

    /// A template of fields keeps those that a text names.
    pub(super) fn narrow_template(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let wanted = Wanted::of(self.canvas.known, text);
        for at in self.canvas.working() {
            if self.canvas.steps.get(at).is_none_or(|step| step.block != special::TEMPLATE) {
                continue;
            }
            let format = self.canvas.value(at, "format").and_then(Value::as_str)?.to_owned();
            let lines: Vec<&str> = format.lines().collect();
            let field = |line: &str| {
                line.trim()
                    .strip_prefix("{{")?
                    .strip_suffix("}}")
                    .and_then(|path| path.rsplit('.').next())
                    .map(|name| name.trim_end_matches('_').to_owned())
            };
            let named = |line: &&str| {
                field(line).is_some_and(|name| {
                    crate::patcher::canvas::words::words(self.canvas.known, &name)
                        .iter()
                        .any(|word| wanted.words.contains(word))
                })
            };
            let fields = lines.iter().filter(|line| field(line).is_some()).count();
            let kept: Vec<&str> = lines.iter().copied().filter(|line| field(line).is_none() || named(line)).collect();
            let left = kept.iter().filter(|line| field(line).is_some()).count();
            if fields > 1 && left > 0 && left < fields {
                self.canvas.bind(at, "format", Binding::Value(json!(kept.join("\n"))));
                return Some(Ok(()));
            }
        }
        None
    }

    /// Asks for what a block cannot run without and nothing goes into.
    pub(super) fn ask_missing(&mut self, at: usize) -> Result<(), Refused> {
        let Some(block) = self.canvas.block(at) else { return Ok(()) };
        let known = self.canvas.known;
        let missing: Vec<String> = block
            .required_inputs()
            .filter(|name| !block.is_credential(name))
            .filter(|name| {
                self.canvas
                    .steps
                    .get(at)
                    .is_some_and(|step| step.inputs.iter().all(|input| outer(&input.name) != *name))
            })
            .map(str::to_owned)
            .collect();
        for name in missing {
            let nested = known.of(block).map(|knows| knows.ask.clone()).unwrap_or_default();
            let part =
                nested.iter().find(|(path, _)| outer(path) == name).map(|(path, label)| (path.clone(), label.clone()));
            let set = known.of(block).map(|knows| knows.set.clone()).unwrap_or_default();
            if let Some(value) = set.get(&name) {
                self.canvas.bind(at, &name, Binding::Value(value.clone()));
                if part.is_none() {
                    continue;
                }
            }
            let (input, label) = part.unwrap_or_else(|| (name.clone(), plan::label(known, block, &name)));
            let subject = matches!(name.as_str(), "subject" | "title" | "name");
            if subject {
                let text = self.canvas.agent.get("name").and_then(Value::as_str).unwrap_or("Result").to_owned();
                self.canvas.bind(at, &input, Binding::Value(json!(text)));
                continue;
            }
            let door = self.input_called(&label);
            self.canvas.bind(at, &input, Binding::From { step: door, output: "result".to_owned() });
        }
        Ok(())
    }

    /// The input of the agent with this name; a new one where there is none.
    pub(super) fn input_called(&mut self, label: &str) -> usize {
        let same = (0..self.canvas.steps.len()).find(|at| {
            self.canvas.is(*at, |block| block.is_agent_input())
                && self.canvas.value(*at, "name").and_then(Value::as_str) == Some(label)
        });
        same.unwrap_or_else(|| {
            let at = self.canvas.steps.len();
            self.canvas.add(vec![Step {
                block: special::AGENT_INPUT.to_owned(),
                title: label.to_owned(),
                says: String::new(),
                inputs: vec![Input { name: "name".to_owned(), binding: Binding::Value(json!(label)) }],
            }]);
            at
        })
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

/// A name that a template can use.
fn plan_name(output: &str) -> String {
    let name: String =
        output.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    if name.is_empty() { "value".to_owned() } else { name }
}
