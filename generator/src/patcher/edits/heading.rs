//! "add a title \"Best of\" to the message": a text of its own in front of another, or behind it.

use serde_json::json;

use super::{Edit, text::plan_name};
use crate::{
    catalogue::{schema::Types, special},
    patcher::{
        find::{Field, outer},
        wish::wording,
    },
    plan::model::{Binding, Input, Step},
    reading::{self, Value as Typed},
};

impl Edit<'_, '_> {
    /// Puts words in front of a text or behind it. `false` where they are none, or where there is no text yet.
    pub(super) fn headed(&mut self, field: &Field, value: &str) -> bool {
        let Some(front) = wording(value) else { return false };
        let keeper = self.canvas.keeper(field);
        let tokens = reading::tokens(value);
        let mut quoted = tokens.iter().filter_map(|token| match token.value() {
            Some(Typed::Quoted(text)) => Some(text.trim().to_owned()),
            _ => None,
        });
        let (Some(words), None) = (quoted.next(), quoted.next()) else { return false };
        match self.canvas.steps.get(keeper.at).and_then(|step| step.binding(&keeper.name)).cloned() {
            Some(Binding::Value(old)) if front => {
                let Some(old) = old.as_str() else { return false };
                self.canvas.bind(keeper.at, &keeper.name, Binding::Value(json!(format!("{words}\n{old}"))));
                true
            }
            Some(Binding::From { step, output }) => self.worded_with(&keeper, (step, output), &words, front),
            _ => false,
        }
    }

    /// A text that another step gives is put into words together with those that come.
    fn worded_with(&mut self, field: &Field, (from, output): (usize, String), words: &str, front: bool) -> bool {
        let kind = self.canvas.schema_of(field).map(|schema| schema.kind());
        if kind.is_some_and(|kind| !Types::STRING.flows_into(kind)) {
            return false;
        }
        let part = plan_name(&output);
        let text = if front { format!("{words}\n\n{{{{{part}}}}}") } else { format!("{{{{{part}}}}}\n\n{words}") };
        let template = self.canvas.steps.len();
        self.canvas.add(vec![Step {
            block: special::TEMPLATE.to_owned(),
            title: "Put into words".to_owned(),
            says: String::new(),
            inputs: vec![
                Input { name: "format".to_owned(), binding: Binding::Value(json!(text)) },
                Input { name: format!("values_#_{part}"), binding: Binding::From { step: from, output } },
            ],
        }]);
        self.canvas.bind(field.at, &field.name, Binding::From { step: template, output: "output".to_owned() });
        true
    }

    /// Whether an input, or what an input of the agent goes into, says where something goes.
    pub(super) fn says_where(&self, field: &Field) -> bool {
        let goes = || self.canvas.links_out(field.at).iter().any(|link| super::is_address(outer(&link.input)));
        super::is_address(&field.name) || self.canvas.is_door(field.at) && goes()
    }
}
