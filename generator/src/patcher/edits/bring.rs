//! What an inserted step finds out comes beside what was there: the question stays with what was looked up for it.

use serde_json::json;

use super::Edit;
use crate::{
    catalogue::Action,
    patcher::{canvas::Link, find::Field, refused::Refused},
    plan::model::Binding,
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
    pub(super) fn beside(&mut self, made: usize, from: usize, link: &Link) -> Result<(), Refused> {
        self.asks_by(made, from, link);
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
                let field = Field { at: before, name: crate::patcher::find::outer(&link.input).to_owned() };
                self.join_text(&field, made, &output)?;
            }
        }
        self.hide(made, from);
        self.settle(from, None)
    }

    /// "look the question up": what is asked is what comes, not these words.
    fn asks_by(&mut self, made: usize, from: usize, link: &Link) {
        let Some(name) = self.canvas.inputs_of(made).into_iter().find(|name| ASKED.contains(&name.as_str())) else {
            return;
        };
        let given = self.canvas.links_into(made).any(|other| other.from < from && !self.canvas.is_door(other.from));
        let own = self.canvas.value(made, &name).and_then(|value| value.as_str()).unwrap_or_default().to_lowercase();
        // "search for 'wind power'" has its own words.
        let told = reading::tokens(&self.operation.said).iter().any(|token| token.value().is_some());
        let says = |word: &str| own.split(' ').any(|said| said == word);
        if given || told || own.is_empty() || !["the", "it", "them", "this", "that"].into_iter().any(says) {
            return;
        }
        self.canvas.route((link.from, &link.output), made, &name);
    }
}
