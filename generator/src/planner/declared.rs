//! What steps from elsewhere say of the inputs of an agent, and what is already there when they are wired.

use serde_json::{Value, json};

use super::{
    bridges::Flow,
    lexicon::Concept,
    plan::{Binding, Input, Step},
    recipes::{Kind, Place, Recipe},
    wiring::{Datum, Wirer},
};
use crate::catalogue::{Block, schema::Types};

/// Whether a step is used as this recipe uses its block: the fixed values tell, for a block may have several recipes.
fn fits(recipe: &Recipe, step: &Step) -> bool {
    let fixed = |name: &str| matches!(name, "operation" | "method");
    recipe.slots.iter().filter(|slot| fixed(&slot.name)).all(|slot| match (&slot.value, step.binding(&slot.name)) {
        (Some(value), Some(Binding::Value(set))) => value == set,
        _ => true,
    })
}

impl Wirer<'_> {
    /// Remembers an input that a step declares, to be used for the first thing that would be asked for.
    pub fn declare(&mut self, block: &Block, step: &Value) {
        let inputs = step.get("inputs").and_then(Value::as_array);
        let of = |key: &str| {
            inputs?.iter().find(|input| input.get("name").and_then(Value::as_str) == Some(key))?.get("value")
        };
        let name =
            of("name").or_else(|| step.get("name")).and_then(Value::as_str).filter(|name| !name.trim().is_empty());
        let mut inputs = Vec::new();
        inputs.extend(name.map(|name| Input { name: "name".to_owned(), binding: Binding::Value(json!(name)) }));
        inputs.extend(
            of("value")
                .filter(|value| !value.is_null())
                .map(|value| Input { name: "value".to_owned(), binding: Binding::Value(value.clone()) }),
        );
        let says = step.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
        self.declared.push(Step { block: block.id.clone(), title: name.unwrap_or_default().to_owned(), says, inputs });
    }

    /// Takes over what the steps of a graph give, and the names that its inputs and outputs have.
    pub(super) fn adopt(&mut self, steps: &[Step]) {
        let knowledge = self.knowledge();
        for (at, step) in steps.iter().enumerate() {
            let Some(block) = knowledge.catalogue.by_id(&step.block) else { continue };
            if block.is_agent_input() || block.is_agent_output() {
                if let Some(Binding::Value(Value::String(name))) = step.binding("name") {
                    self.input_names.take(name);
                    self.output_names.take(name);
                }
                continue;
            }
            // What only stands between two others gives nothing that anyone would name.
            let Some(recipe) =
                knowledge.recipes.known.iter().find(|recipe| recipe.block == block.id && fits(recipe, step))
            else {
                continue;
            };
            let address = recipe
                .slots
                .iter()
                .find(|slot| matches!(slot.kind, Kind::Url | Kind::PageLink))
                .and_then(|slot| step.binding(&slot.name).cloned());
            self.data.push(Datum {
                step: at,
                all: recipe.gives.all.clone(),
                each: recipe.gives.each.clone(),
                nouns: recipe.gives.nouns.clone(),
                fields: recipe.gives.fields.clone(),
                first: None,
                receipt: recipe.gives.receipt.clone(),
                address,
                chat: recipe.gives.chat.clone(),
                used: true,
                made: recipe.place == Place::Transform,
                old: true,
            });
        }
    }

    /// Asks for a value of any type.
    pub fn ask_for(&mut self, label: &str, block: &str) -> Binding {
        let step = self.declared.pop().unwrap_or(Step {
            block: block.to_owned(),
            title: String::new(),
            says: format!("Ask for: {label}"),
            inputs: Vec::new(),
        });
        let flow = self.push_asked(step, label);
        flow.binding()
    }

    /// The number of steps that do something.
    pub fn len(&self) -> usize {
        self.body.len()
    }

    /// Whether nothing is done yet.
    pub fn is_empty(&self) -> bool {
        self.body.is_empty()
    }

    /// What the results so far are called.
    pub fn nouns(&self) -> impl Iterator<Item = Concept> {
        self.data.iter().filter(|datum| datum.receipt.is_none()).flat_map(|datum| datum.nouns.iter().copied())
    }

    /// An output of a step, made to fit an input of this type.
    pub fn fit_output(&mut self, step: usize, output: &str, types: Types) -> Option<Flow> {
        let datum = self.data.iter().find(|datum| datum.step == step);
        let fields = datum.map_or_else(Vec::new, |datum| datum.fields.clone());
        let block = self.knowledge().catalogue.by_id(&self.body.get(step)?.block)?;
        let flow = Flow {
            step,
            types: block.output_type(output)?,
            name: output.to_owned(),
            output: output.to_owned(),
            fields,
            first: None,
        };
        Some(self.fit(&flow, types))
    }

    /// What a step gives, made to fit an input of this type.
    pub fn output_of(&mut self, step: usize, types: Types) -> Option<Flow> {
        let datum = self.data.iter_mut().rfind(|datum| datum.step == step)?;
        datum.used = true;
        let (output, fields) = (datum.all.clone(), datum.fields.clone());
        let block = self.knowledge().catalogue.by_id(&self.body.get(step)?.block)?;
        let flow = Flow { step, types: block.output_type(&output)?, name: output.clone(), output, fields, first: None };
        Some(self.fit(&flow, types))
    }
}
