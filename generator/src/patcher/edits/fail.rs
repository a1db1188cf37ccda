//! What happens when a step fails.

use serde_json::{Value, json};

use super::Edit;
use crate::{
    catalogue::{ERROR_OUTPUT, special},
    patcher::{
        canvas::{Link, words::words},
        find::{Among, Wanted},
        refused::Refused,
        wish::Act,
    },
    plan::model::Binding,
};

/// Words that only say that something failed.
const FAILS: [&str; 42] = [
    "fail",
    "failure",
    "error",
    "break",
    "crash",
    "go",
    "wrong",
    "happen",
    "anything",
    "something",
    "unavailable",
    "unreachable",
    "down",
    "throw",
    "occur",
    "does",
    "not",
    "work",
    "time",
    "refuse",
    "refused",
    "reject",
    "rejected",
    "deny",
    "cant",
    "cannot",
    "could",
    "couldnt",
    "be",
    "respond",
    "answer",
    "reply",
    "reach",
    "available",
    "load",
    "through",
    "give",
    "up",
    "timeout",
    "ever",
    "there",
    "no",
];

impl Edit<'_, '_> {
    /// Another step when one fails.
    pub(super) fn on_failure(&mut self, what: &str) -> Result<(), Refused> {
        let text = self.act_text();
        let failing = self.failing(what)?;
        let output = self.canvas.block(failing).and_then(|block| {
            let has = |name: &str| block.output_schema().properties.get(name).is_some();
            has(ERROR_OUTPUT).then(|| ERROR_OUTPUT.to_owned())
        });
        let Some(output) = output else {
            return Err(Refused::unsupported(format!("{} does not tell when it fails.", self.canvas.title(failing))));
        };
        if matches!(self.operation.act, Act::Keep) {
            return Ok(());
        }
        if let Some(there) = self.goes_anyway(&text, failing) {
            return Err(there);
        }
        if text.to_lowercase().contains("retry") || text.to_lowercase().contains("try again") {
            let has = self
                .canvas
                .inputs_of(failing)
                .into_iter()
                .find(|name| matches!(name.as_str(), "retry" | "retries" | "max_retries"));
            let times = super::value::number(&text).or_else(|| {
                crate::reading::tokens(&text).iter().find_map(|token| super::value::number(token.raw(&text)))
            });
            return match has {
                Some(name) => {
                    let field = crate::patcher::find::Field { at: failing, name };
                    self.put_value(&field, times.unwrap_or_else(|| json!(3)))
                }
                None => Err(Refused::unserved(format!("{} cannot be told to try again.", self.canvas.title(failing)))),
            };
        }
        if let Some(name) = self.unknown_service(&text) {
            return Err(self.unserved(&name, failing));
        }
        let from = self.canvas.steps.len();
        let list = self.canvas.order().to_vec();
        let fresh = match self.plan(&self.as_order(&text), list.clone()) {
            // "post a short note to #alerts": what it says is what went wrong.
            Err(Refused::Impossible(..) | Refused::Lost(_) | Refused::Open(_)) if text.contains(['#', '@']) => {
                self.plan(&short_order(&text), list)?
            }
            other => other?,
        };
        let Some(made) = fresh.clone().rev().find(|at| self.canvas.delivers(*at)) else {
            return Err(Refused::unserved(format!("Nothing that could be done then: \"{text}\".")));
        };
        let Some(field) = self.text_of(made) else { return self.kept_instead(failing, &output, made, from, &text) };
        let made_id = self.canvas.ids.get(made).cloned();
        if let Some(like) = (0..from).find(|at| self.same_block(*at, made)) {
            self.same_place(made, like);
        }
        let Some(made) = self.canvas.ids.iter().position(|id| Some(id) == made_id.as_ref()) else {
            return Err(self.lost(&text));
        };
        let fixed = self.canvas.value(made, &field.name).cloned();
        // "post the payload to #errors": what was to go out, once that has failed.
        let matter = self.matter_of(failing, &text);
        match fixed {
            _ if let Some(main) = matter => {
                let failed = Binding::From { step: failing, output };
                let held = self.hold_until(failed, Binding::From { step: main.from, output: main.output });
                self.canvas.bind(made, &field.name, held);
            }
            Some(Value::String(_)) => self.wait_on(made, &Binding::From { step: failing, output }),
            _ => self.canvas.bind(made, &field.name, Binding::From { step: failing, output }),
        }
        // What is told is that it failed, not what would have come.
        if self.canvas.value(made, "subject").is_some() && !text.to_lowercase().contains("subject") {
            let title = self.canvas.title(failing);
            self.canvas.bind(made, "subject", Binding::Value(json!(format!("Failed: {title}"))));
        }
        // What would have made the text of the message is not needed.
        let mut idle: std::collections::HashSet<usize> = std::collections::HashSet::new();
        loop {
            let unused =
                (from..self.canvas.steps.len()).find(|at| {
                    *at != made
                        && !idle.contains(at)
                        && !self.canvas.delivers(*at)
                        && self.canvas.steps.get(*at).is_none_or(|step| step.block != special::STORE_VALUE)
                        && !self.canvas.is(*at, |block| block.is_agent_output())
                        && self.canvas.links_out(*at).iter().all(|link| {
                            idle.contains(&link.to) || self.canvas.is(link.to, |block| block.is_agent_output())
                        })
                });
            let Some(unused) = unused else { break };
            idle.extend(self.canvas.links_out(unused).into_iter().map(|link| link.to));
            idle.insert(unused);
        }
        let outputs = self.canvas.links_out(made).into_iter().map(|link| link.to).filter(|at| *at >= from);
        idle.extend(outputs.collect::<Vec<_>>());
        self.canvas.remove(&idle);
        self.settle(from, None)
    }

    /// "the mail should go out anyway": what does not rest on the step that may fail.
    fn goes_anyway(&self, text: &str, failing: usize) -> Option<Refused> {
        let lower = text.to_lowercase();
        let anyway = [" anyway", " anyhow", " nevertheless", " regardless", " all the same", " nonetheless"];
        let what = anyway.iter().find_map(|word| lower.trim_end_matches(['.', '!']).strip_suffix(word))?;
        let what = ["still ", "should ", "must ", "send ", "post "]
            .iter()
            .fold(what.to_owned(), |text, word| text.replace(word, ""));
        let mut named = self.canvas.best(&Wanted::of(self.canvas.known, &what), Among::Working);
        if named.is_empty() {
            let subject = what.split(" go ").next().unwrap_or(&what).split(" be ").next().unwrap_or(&what).to_owned();
            named = self.canvas.best(&Wanted::of(self.canvas.known, &subject), Among::Working);
        }
        named.retain(|at| self.canvas.delivers(*at) && !self.canvas.leads(failing, *at));
        let at = named.first()?;
        let (title, other) = (self.canvas.title(*at), self.canvas.title(failing));
        Some(Refused::unsupported(format!("{title} does not wait for {other} already.")))
    }

    /// What a step that takes something out works on, where an order names it: "mail the tweet to me".
    fn matter_of(&self, failing: usize, text: &str) -> Option<Link> {
        let main = self.canvas.main_link(failing).filter(|_| self.canvas.delivers(failing))?;
        let said = text.to_lowercase();
        let mut first = said.split_whitespace();
        let sends = matches!(first.next()?, "post" | "send" | "mail" | "email" | "forward" | "publish");
        let it = matches!(first.next()?, "it" | "them");
        let known = self.canvas.known;
        let names = words(known, &format!("{} {}", self.canvas.title(main.from), main.output));
        let noun = said.split_once(" the ").and_then(|(_, rest)| rest.split_whitespace().next());
        let named = noun.is_some_and(|noun| names.contains(&known.vocabulary.canonical(noun)));
        (sends && (it || named)).then_some(main)
    }

    /// "if it can't be posted, save it in a sheet": what was to go out is stored, once the step has failed.
    fn kept_instead(
        &mut self,
        failing: usize,
        output: &str,
        made: usize,
        from: usize,
        text: &str,
    ) -> Result<(), Refused> {
        let it = text.split_whitespace().any(|word| matches!(word.to_lowercase().as_str(), "it" | "them" | "that"));
        let main = self.canvas.main_link(failing).filter(|_| it && self.canvas.delivers(failing));
        let Some(main) = main else { return Err(self.lost(text)) };
        let takes = |link: &Link| (link.from, &link.output) == (main.from, &main.output);
        let links: Vec<Link> = (from..self.canvas.steps.len())
            .filter(|at| *at == made || self.canvas.leads(*at, made))
            .flat_map(|at| self.canvas.links_into(at).collect::<Vec<_>>())
            .filter(takes)
            .collect();
        if links.is_empty() {
            return Err(self.lost(text));
        }
        let failed = Binding::From { step: failing, output: output.to_owned() };
        let held = self.hold_until(failed, Binding::From { step: main.from, output: main.output.clone() });
        for link in links {
            self.canvas.bind(link.to, &link.input, held.clone());
        }
        self.settle(from, None)
    }

    /// The step that may fail: the one that is named, else the one that reaches out.
    fn failing(&self, what: &str) -> Result<usize, Refused> {
        let wanted = Wanted::of(self.canvas.known, what);
        let words: Vec<String> = wanted.words.iter().filter(|word| !FAILS.contains(&word.as_str())).cloned().collect();
        let wanted = Wanted { words, exact: String::new(), ..wanted };
        if wanted.is_agent() {
            let works: Vec<usize> =
                self.canvas.working().into_iter().filter(|at| !self.canvas.is_helper(*at)).collect();
            let (begins, delivers): (Vec<usize>, Vec<usize>) = (
                works
                    .iter()
                    .copied()
                    .filter(|at| self.canvas.begins(*at) && !self.canvas.is(*at, |block| block.trigger))
                    .collect(),
                works.iter().copied().filter(|at| self.canvas.delivers(*at)).collect(),
            );
            let best = if begins.len() == 1 {
                begins
            } else if delivers.len() == 1 {
                delivers
            } else {
                works
            };
            return self.canvas.one_of(best, self.context)?.ok_or_else(|| self.canvas.no_step(what));
        }
        let mut best = self.canvas.best(&wanted, Among::Working);
        if best.is_empty() {
            // "Linear refuses a ticket of mine": the words that name something.
            let names = self.canvas.names();
            let telling: Vec<String> =
                wanted.words.iter().filter(|word| names.iter().any(|names| names.fit(word) > 0)).cloned().collect();
            if telling.len() * 2 >= wanted.words.len() && !telling.is_empty() {
                best = self.canvas.best(&Wanted { words: telling, ..wanted }, Among::Working);
            }
        }
        let plain: Vec<usize> = best.iter().copied().filter(|at| !self.canvas.is_helper(*at)).collect();
        self.canvas
            .one_of(if plain.is_empty() { best } else { plain }, self.context)?
            .ok_or_else(|| self.canvas.no_step(what))
    }
}

/// An order without what is sent: to whom.
fn short_order(text: &str) -> String {
    let to = text
        .split_whitespace()
        .find(|word| word.contains(['#', '@']))
        .unwrap_or_default()
        .trim_end_matches(['.', ',', '!']);
    if to.contains('#') { format!("send a message to {to}") } else { format!("send an email to {to}") }
}
