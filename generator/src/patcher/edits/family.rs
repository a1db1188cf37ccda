//! "use Claude": the newest model of a family, where a step can choose one.

use serde_json::Value;

use super::Edit;
use crate::{
    knowledge::is_text_model,
    patcher::{
        find::{Among, Field, Wanted},
        refused::Refused,
    },
};

impl Edit<'_, '_> {
    /// "ask Claude" in the place of what asks another service: a step of a language model, with this model.
    pub(super) fn by_model(&mut self, at: usize, new: &str) -> Option<Result<(), Refused>> {
        let name = ["ask ", "use ", "with "].iter().find_map(|verb| new.strip_prefix(verb)).unwrap_or(new);
        let block = self.canvas.known.catalogue.by_name("AITextGeneratorBlock").filter(|_| is_model(name))?;
        if self.canvas.inputs_of(at).iter().any(|input| input == "model") && self.canvas.is(at, is_text_model) {
            return None;
        }
        let id = self.canvas.ids.get(at).cloned();
        if let Err(refused) = self.put_in_place(at, block, "") {
            return Some(Err(refused));
        }
        let made = self.canvas.working().into_iter().rfind(|at| self.canvas.is(*at, |other| other.id == block.id))?;
        if self.canvas.ids.get(made) == id.as_ref() {
            return None;
        }
        let found = match self.choice_of(made, name) {
            Some(found) => vec![found],
            None => self.of_family(&[made], name),
        };
        Some(found.into_iter().try_for_each(|(field, value)| self.put_value(&field, value)))
    }

    /// "have the report written by Claude": the model of the step that writes it.
    pub(super) fn made_by(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let (order, model) = text.rsplit_once(" by ").filter(|(_, model)| is_model(model))?;
        let (_, what) = order.split_once(' ')?;
        let mut steps = self.canvas.best(&Wanted::of(self.canvas.known, what), Among::Thinking);
        steps.retain(|at| {
            self.canvas.is(*at, is_text_model) && self.canvas.inputs_of(*at).iter().any(|name| name == "model")
        });
        let mut found: Vec<(Field, Value)> = steps.iter().filter_map(|at| self.choice_of(*at, model)).collect();
        if found.is_empty() {
            found = self.of_family(&steps, model);
        }
        // What sends or waits takes no model.
        if found.is_empty() {
            return Some(Err(Refused::unsupported(format!(
                "No step that takes {model} as its model does this: \"{order}\"."
            ))));
        }
        Some(found.into_iter().try_for_each(|(field, value)| self.put_value(&field, value)))
    }

    /// The model that a family name stands for, of each step that has a choice of models. Which one it is, is told.
    pub(super) fn of_family(&mut self, steps: &[usize], name: &str) -> Vec<(Field, Value)> {
        let lower = name.to_lowercase();
        let words: Vec<&str> = lower.split_whitespace().collect();
        if !is_model(name) || words.iter().any(|word| word.contains(|c: char| c.is_ascii_digit())) {
            return Vec::new();
        }
        let of = |at: usize| {
            let schema = self.canvas.block(at)?.input_schema().properties.get("model")?;
            let choices = schema.choices.iter().filter_map(Value::as_str);
            let own = choices.filter(|choice| words.iter().all(|word| choice.to_lowercase().contains(word)));
            let best = own.max_by(|one, other| rank(one).total_cmp(&rank(other)).then(other.len().cmp(&one.len())))?;
            Some((Field { at, name: "model".to_owned() }, Value::from(best)))
        };
        let found: Vec<(Field, Value)> = steps.iter().filter_map(|at| of(*at)).collect();
        if let Some(model) = found.first().and_then(|(_, value)| value.as_str()) {
            self.canvas.told.push(format!("{name} has several models: {model} is taken"));
        }
        found
    }
}

/// The version in the name of a model: 4.5 of "claude-opus-4-5-20251101". Longer numbers are dates and sizes.
fn rank(model: &str) -> f64 {
    let parts = model.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let mut numbers = parts.skip_while(|part| part.len() > 1).take(2).take_while(|part| part.len() < 2);
    let mut digit = || numbers.next().and_then(|part| part.parse::<f64>().ok()).unwrap_or(0.0);
    digit() + digit() / 10.0
}

/// "GPT", "gpt-4o"
pub(in crate::patcher) fn is_model(text: &str) -> bool {
    let lower = text.to_lowercase();
    lower.split_whitespace().count() < 3
        && ["gpt", "claude", "gemini", "llama"].iter().any(|name| lower.starts_with(name))
}
