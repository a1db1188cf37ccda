//! A prompt that had the value of a step says nothing of it once the step is gone.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use super::Canvas;
use crate::{catalogue::NESTED, plan::model::Binding};

/// Where a value stands in a text: the text of a prompt, and of a template.
const TEXTS: [(&str, &str); 2] = [("prompt_values", "prompt"), ("values", "format")];

impl Canvas<'_> {
    /// The texts that name a value of the steps in `gone`, as they are without it: the id of the node, the input, the text.
    pub(super) fn blanked(&self, gone: &HashSet<usize>) -> Vec<(String, &'static str, String)> {
        let mut all = Vec::new();
        for (at, step) in self.steps.iter().enumerate().filter(|(at, _)| !gone.contains(at)) {
            for (values, input) in TEXTS {
                let Some(text) = self.value(at, input).and_then(Value::as_str) else { continue };
                let lost = step.inputs.iter().filter_map(|given| {
                    let name = given.name.strip_prefix(values)?.strip_prefix(NESTED)?;
                    matches!(given.binding, Binding::From { step, .. } if gone.contains(&step)).then_some(name)
                });
                let fresh = lost.fold(text.to_owned(), |text, name| without(&text, name));
                if fresh != text {
                    all.extend(self.ids.get(at).map(|id| (id.clone(), input, fresh)));
                }
            }
        }
        all
    }

    pub(super) fn fill_in(&mut self, blanked: Vec<(String, &'static str, String)>) {
        let places: HashMap<String, usize> = self.ids.iter().cloned().zip(0..).collect();
        for (id, input, text) in blanked {
            if let Some(at) = places.get(&id) {
                self.bind(*at, input, Binding::Value(json!(text)));
            }
        }
    }
}

/// A text without a placeholder, and without the line that it left empty. A text with a loop stays: the value is its matter.
fn without(text: &str, name: &str) -> String {
    let place = format!("{{{{{name}}}}}");
    if text.contains("{%") || !text.contains(&place) || text.trim() == place {
        return text.to_owned();
    }
    let fresh = text.replace(&place, "");
    let lines: Vec<&str> = fresh.split("\n\n").filter(|part| !part.trim().is_empty()).collect();
    lines.join("\n\n")
}
