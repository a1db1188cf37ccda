//! "Never post the same article twice": what an earlier run had is remembered, and only the rest goes on.

use std::collections::HashSet;

use serde_json::json;

use super::Edit;
use crate::{
    catalogue::{Block, ERROR_OUTPUT, schema::Types, special},
    patcher::{canvas::Link, refused::Refused, wish::TABLES},
    plan::model::{Binding, Input, Step},
};

/// How people say that something is not to come again.
const TWICE: [&str; 5] = [" twice", " a second time", " more than once", " repeatedly", " over and over"];
const AGAIN: [&str; 12] = [
    "already posted",
    "already sent",
    "already seen",
    "already answered",
    "already had",
    "already handled",
    "already processed",
    "already reported",
    "already summarised",
    "already mailed",
    "already got",
    "already told",
];
const NEVER: [&str; 12] = [
    "never ",
    "not ",
    "don't ",
    "dont ",
    "do not ",
    "skip ",
    "ignore ",
    "leave out ",
    "no ",
    "exclude ",
    "without ",
    "drop ",
];
const ONLY_NEW: [&str; 14] = [
    "only the new ones",
    "only new ones",
    "only what is new",
    "only what's new",
    "no repeats",
    "without repeats",
    "nothing twice",
    "only new articles",
    "only new entries",
    "only new posts",
    "only new results",
    "only new items",
    "should not repeat",
    "shouldn't repeat",
];

/// What says which of them are meant.
const WHICH: [&str; 12] = ["from", "about", "with", "without", "in", "of", "by", "for", "since", "under", "over", "on"];

impl Edit<'_, '_> {
    /// Lets through only what no earlier run had, if the wish asks for that.
    pub(super) fn only_unseen(&mut self) -> Option<Result<(), Refused>> {
        let said = &self.operation.said;
        if !asks(said) {
            return None;
        }
        let done = self.remember();
        if done.is_ok()
            && let Some(more) = beside(said)
        {
            self.canvas.told.push(format!("\"{more}\" is not looked at: only what an earlier run had is left out."));
        }
        Some(done)
    }

    pub(super) fn remember(&mut self) -> Result<(), Refused> {
        let working = self.canvas.working();
        let Some(source) =
            working.into_iter().find(|at| self.canvas.begins(*at) && !self.canvas.links_out(*at).is_empty())
        else {
            return Err(self.lost(&self.operation.said.clone()));
        };
        let title = self.canvas.title(source);
        if self.canvas.is(source, |block| block.trigger) {
            return Err(Refused::unsupported(format!(
                "{title} starts the agent once for each, and never again for the same."
            )));
        }
        let links: Vec<Link> =
            self.canvas.links_out(source).into_iter().filter(|link| link.output != ERROR_OUTPUT).collect();
        let output = links.first().map(|link| link.output.clone()).unwrap_or_default();
        let Some(list) = self.list_of(source, &output).filter(|_| links.iter().all(|link| link.output == output))
        else {
            return Err(Refused::unsupported(format!(
                "{title} gives one text, of which nothing tells what an earlier run had already."
            )));
        };
        let by = |name: &str| self.canvas.known.catalogue.by_name(name);
        let blocks = ["RetrieveInformationBlock", "ListDifferenceBlock", "PersistInformationBlock"].map(by);
        let [Some(recall), Some(difference), Some(keep)] = blocks else {
            return Err(Refused::unserved("No available block remembers what was there before.".to_owned()));
        };
        let key = format!("seen_{list}");
        let down = self.canvas.downstream(source);
        let compares = |at: &usize| self.canvas.is(*at, |block| block.name == "ListDifferenceBlock");
        if (0..down.len()).filter(compares).any(|at| down.get(at) == Some(&true)) {
            return Err(Refused::unsupported("Only what is new goes on already.".to_owned()));
        }
        let from = |step: usize, output: &str| Binding::From { step, output: output.to_owned() };
        let first = self.canvas.steps.len();
        let whole = list == output;
        let mut fresh = vec![
            step(
                recall,
                "Recall what was there before",
                [("key", Binding::Value(json!(key))), ("default_value", Binding::Value(json!([])))],
            ),
            step(
                difference,
                &format!("Keep only the {} that are new", list.replace('_', " ")),
                [("list_a", from(source, &list)), ("list_b", from(first, "value"))],
            ),
            step(
                keep,
                "Remember them for the next run",
                [("key", Binding::Value(json!(key))), ("value", from(source, &list))],
            ),
        ];
        let each = links.iter().all(|link| self.canvas.is(link.to, |block| block.id == special::EACH_ITEM));
        let way = match self.canvas.known.catalogue.by_name("ConditionBlock").filter(|_| whole && !each) {
            Some(check) => {
                let mut check = step(
                    check,
                    "Go on only if there are new ones",
                    [("value1", from(first + 1, "length")), ("yes_value", from(first + 1, "difference"))],
                );
                for (name, value) in [("operator", json!(">")), ("value2", json!(0))] {
                    check.inputs.push(Input { name: name.to_owned(), binding: Binding::Value(value) });
                }
                fresh.push(check);
                (first + 3, "yes_output")
            }
            None => (first + 1, "difference"),
        };
        self.canvas.add(fresh);
        let way = if whole {
            way
        } else {
            self.canvas.add(vec![Step {
                block: special::EACH_ITEM.to_owned(),
                title: "Take one by one".to_owned(),
                says: String::new(),
                inputs: vec![Input { name: "items".to_owned(), binding: from(way.0, way.1) }],
            }]);
            (self.canvas.steps.len() - 1, "item")
        };
        let mut done = HashSet::new();
        for link in links.into_iter().filter(|link| done.insert((link.to, link.input.clone()))) {
            self.canvas.bind(link.to, &link.input, from(way.0, way.1));
        }
        Ok(())
    }

    /// The output with all that a step gives: itself, or `entries` of `entry`.
    pub(super) fn list_of(&self, at: usize, output: &str) -> Option<String> {
        let block = self.canvas.block(at)?;
        let is_list =
            |name: &str| block.output_type(name).is_some_and(|types| !types.is_any() && types.is_within(Types::ARRAY));
        let mut outputs = block.output_schema().properties.iter().map(|(name, _)| name).filter(|name| is_list(name));
        if is_list(output) {
            return Some(output.to_owned());
        }
        outputs.find(|name| crate::catalogue::singular(name) == output).map(str::to_owned)
    }
}

fn asks(said: &str) -> bool {
    let lower = said
        .to_lowercase()
        .replace('’', "'")
        .replace(" have already ", " already ")
        .replace("'ve already ", " already ");
    let any = |list: &[&str]| list.iter().any(|words| lower.contains(words));
    // "twice a day"
    let twice = TWICE.iter().any(|word| lower.ends_with(word));
    let same = any(&["same", "any", "an ", "anything", "article", "post", "it twice", "them twice", "one "]);
    // "Never use the same word twice": said of the text.
    let words = any(&["use ", "say ", "mention ", "write ", " word", "emoji"]);
    // "only items not posted before"
    let before = lower.starts_with("only ")
        && lower.split(' ').any(negates)
        && [" before", " yet", " already"].iter().any(|end| lower.ends_with(end));
    // "if there is nothing new, don't mail me"
    let nothing =
        any(&["nothing new", "nothing is new"]) && any(&["not ", "n't ", "dont ", "never ", "skip ", "no mail"]);
    any(&ONLY_NEW) || before || nothing || !words && any(&NEVER) && (twice && same || any(&AGAIN))
}

/// "only items not from yesterday, and not shown before": what else is asked of them.
fn beside(said: &str) -> Option<String> {
    let lower = said.to_lowercase();
    let rest = lower.starts_with("only ").then(|| said.split(' ').skip(1).collect::<Vec<_>>())?;
    let last = rest.iter().rposition(|word| negates(word))?;
    let head = rest.get(..last)?;
    let first = head.iter().position(|word| negates(word) || WHICH.contains(&word.to_lowercase().as_str()))?;
    let more = head.get(first..)?.join(" ");
    let more = more.trim_end_matches(" and").trim_end_matches(',').trim();
    (!more.is_empty()).then(|| more.to_owned())
}

/// "not", "never", "haven't": a whole word that says no.
fn negates(word: &str) -> bool {
    let plain = word.to_lowercase().replace(['\'', '’'], "");
    matches!(plain.as_str(), "not" | "never" | "dont") || plain.ends_with("nt") && TABLES.tells(&plain)
}

fn step<const N: usize>(block: &Block, title: &str, inputs: [(&str, Binding); N]) -> Step {
    let inputs = inputs.into_iter().map(|(name, binding)| Input { name: name.to_owned(), binding }).collect();
    Step { block: block.id.clone(), title: title.to_owned(), says: String::new(), inputs }
}
