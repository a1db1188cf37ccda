//! Plans an order over the steps that are there, and settles what comes.

use std::ops::Range;

use serde_json::{Value, json};

use super::Edit;
use crate::{
    patcher::{canvas::Portion, find::bare, refused::Refused, wish::saying},
    plan::{self, Extended, model::Binding},
    text::shortened,
};

impl Edit<'_, '_> {
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
        let text = super::channel::signed(&opened(&addressed(text)));
        // What is said stays word for word.
        if let Some((order, said)) = saying(&text) {
            return self.plan_saying(&self.with_service(&one(order)), said, list);
        }
        let text = &self.with_service(&one(&text));
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
    pub(super) fn plan_saying(&mut self, order: &str, said: &str, list: Vec<usize>) -> Result<Range<usize>, Refused> {
        let order = if order.trim() == "tweet" { "post a tweet" } else { order };
        let order = &plain_message(&self.as_order(order));
        // "send a Slack message": nothing of that kind has to be read first.
        let order = &if order.contains(" message") { self.with_chat(order) } else { order.clone() };
        let order = match (order.split_once(" message"), self.service_in(order)) {
            _ if ["post to ", "post in ", "post on ", "write to ", "write in "]
                .iter()
                .any(|lead| order.starts_with(lead)) =>
            {
                order.replacen(' ', " it ", 1)
            }
            (Some((before, rest)), Some(service)) if before.starts_with("send ") || before.starts_with("post ") => {
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
    pub(super) fn with_service(&self, text: &str) -> String {
        use crate::reading::Value as Typed;
        let channel = crate::reading::tokens(text).iter().any(|token| matches!(token.value(), Some(Typed::Channel(_))));
        if channel { self.with_chat(text) } else { text.to_owned() }
    }

    /// A message goes by the chat that the agent uses already, if it is the only one and no other way is named.
    fn with_chat(&self, text: &str) -> String {
        let mail = text.contains("mail") || text.contains('@');
        if mail || self.service_in(text).is_some() {
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
        self.tidy(from);
        self.behind_approval(from);
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
    pub(super) fn wait_for(&mut self, from: usize, after: usize) {
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
        if let Some(output) = self.canvas.gives(after) {
            self.wait_on(at, &Binding::From { step: after, output });
        }
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

/// "mail me": what there is, by mail.
fn addressed(text: &str) -> String {
    match text.trim().to_lowercase().as_str() {
        "mail me" | "email me" | "e-mail me" => "email it to me".to_owned(),
        "mail us" | "email us" => "email it to us".to_owned(),
        // "do a web search", "do a web search for X"
        lower => match ["do a web search", "run a web search", "make a web search", "do a search on the web"]
            .iter()
            .find_map(|lead| lower.strip_prefix(lead))
        {
            Some("") => "search the web for it".to_owned(),
            Some(_) => format!("search the web{}", text.trim().split_once("search").map_or("", |(_, rest)| rest)),
            None => text.to_owned(),
        },
    }
}

/// "open a Todoist task" makes one.
fn opened(text: &str) -> String {
    let made = ["task", "issue", "ticket", "bug", "case"];
    let rest = ["open a ", "open an ", "file a ", "file an "].iter().find_map(|verb| text.strip_prefix(verb));
    let makes = |rest: &&str| rest.split(' ').take(3).any(|word| made.contains(&word.trim_end_matches([',', '.'])));
    rest.filter(makes).map_or_else(|| text.to_owned(), |rest| format!("create a {rest}"))
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
