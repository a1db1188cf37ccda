//! What an inserted step finds out comes beside what was there: the question stays with what was looked up for it.

use serde_json::json;

use super::Edit;
use crate::{
    catalogue::Action,
    patcher::{
        canvas::Link,
        find::{Field, outer},
        refused::Refused,
    },
    plan::model::{Binding, Input, Step},
    reading,
};

/// Inputs with what is asked or looked for.
const ASKED: [&str; 6] = ["query", "search_query", "question", "prompt", "topic", "keyword"];

impl Edit<'_, '_> {
    /// Whether a new step asks or searches by what the flow brings.
    pub(super) fn finds_out(&self, made: usize) -> bool {
        self.canvas.is(made, |block| {
            let finds = matches!(
                self.canvas.known.meaning(block).action,
                Action::Search | Action::Ask | Action::Analyse | Action::Get | Action::List | Action::Read
            );
            finds && !crate::knowledge::is_text_model(block) || block.name == "PerplexityBlock"
        })
    }

    /// The new step works on what the link brings, and its result joins this in front of `link.to`.
    /// `seeks` is what asks, `made` what gives what was found.
    pub(super) fn beside(&mut self, (seeks, made): (usize, usize), from: usize, link: &Link) -> Result<(), Refused> {
        self.asks_by(seeks, from, link);
        let Some(output) = self.canvas.gives(made) else { return Err(self.lost(&self.operation.said.clone())) };
        let before = link.to;
        match self.prompt_field(before).filter(|field| field.name == "prompt") {
            Some(field) => {
                let old = self.canvas.value(before, "prompt").and_then(|value| value.as_str()).unwrap_or_default();
                let prompt = format!("{old}\n\nWhat was found out about it:\n\n{{{{found_out}}}}");
                self.canvas.bind(before, &field.name, Binding::Value(json!(prompt)));
                self.canvas.route((made, &output), before, "prompt_values_#_found_out");
            }
            None => {
                let field = Field { at: before, name: outer(&link.input).to_owned() };
                self.join_text(&field, made, &output)?;
            }
        }
        self.hide(made, from);
        // What would have asked for it, or put it together, is not needed.
        self.drop_idle(from, made);
        let idle: std::collections::HashSet<usize> = (from..self.canvas.steps.len())
            .filter(|at| self.canvas.is(*at, |block| block.is_agent_input()) && self.canvas.links_out(*at).is_empty())
            .collect();
        if !idle.is_empty() {
            self.canvas.remove(&idle);
        }
        self.settle(from, None)
    }

    /// "look the question up": what is asked is what comes, not these words. "search for the company": of each entry that
    /// comes, where a step is put in front of what is done with each.
    fn asks_by(&mut self, made: usize, from: usize, link: &Link) {
        let Some(name) = self.canvas.inputs_of(made).into_iter().find(|name| ASKED.contains(&name.as_str())) else {
            return;
        };
        let fed: Vec<Link> = self.canvas.links_into(made).filter(|other| outer(&other.input) == name).collect();
        let given = self.canvas.links_into(made).any(|other| other.from < from && !self.canvas.is_door(other.from));
        let own = self.canvas.value(made, &name).and_then(|value| value.as_str()).unwrap_or_default().to_lowercase();
        // "search for 'wind power'" has its own words.
        let told = reading::tokens(&self.operation.said).iter().any(|token| token.value().is_some());
        let asked = own.is_empty() && fed.iter().all(|other| other.from >= from);
        if asked && !told && !fed.is_empty() && self.looped(link.to) {
            return self.asks_of_each(made, &name, link);
        }
        let says = |word: &str| own.split(' ').any(|said| said == word);
        if given || told || own.is_empty() || !["the", "it", "them", "this", "that"].into_iter().any(says) {
            return;
        }
        self.canvas.route((link.from, &link.output), made, &name);
    }

    /// A language model says what to look for in one entry.
    fn asks_of_each(&mut self, made: usize, name: &str, link: &Link) {
        let said = self.operation.said.to_lowercase();
        let what =
            [" search for ", " web for ", " look for ", " look up "].iter().find_map(|lead| said.split_once(lead));
        let what = what.map(|(_, rest)| rest).unwrap_or_default();
        let ends = [" before ", " on the web", " on google", " online", " first", " with "];
        let what = ends.iter().fold(what, |text, end| text.split(end).next().unwrap_or(text)).trim();
        let thing = if what.is_empty() { "the matter" } else { what };
        let known = self.canvas.known;
        let Some(block) = known.catalogue.by_name("AITextGeneratorBlock").map(|block| block.id.clone()) else { return };
        let prompt = format!(
            "Answer only with what to type into a web search to find out about {thing} of this:\n\n{{{{entry}}}}"
        );
        let at = self.canvas.steps.len();
        self.canvas.add(vec![Step {
            block,
            title: "Say what to search for".to_owned(),
            says: String::new(),
            inputs: vec![
                Input { name: "prompt".to_owned(), binding: Binding::Value(json!(prompt)) },
                Input {
                    name: "prompt_values_#_entry".to_owned(),
                    binding: Binding::From { step: link.from, output: link.output.clone() },
                },
            ],
        }]);
        self.canvas.bind(made, name, Binding::From { step: at, output: "response".to_owned() });
    }
}
