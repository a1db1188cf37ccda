//! What the person is asked for at run time: the inputs of the agent.

use serde_json::Value;

use super::{
    bridges::Flow,
    plan::{Binding, Input, Step},
    recipes::{Kind, Place, Recipe, Slot},
    wiring::{ASKED, Wirer},
};
use crate::catalogue::{NESTED, schema::Types, special};

impl Wirer<'_> {
    /// Asks the person for a value at run time.
    pub(super) fn ask(&mut self, recipe: &Recipe, slot: &Slot, types: Types, default: Option<Value>) -> Flow {
        let label = slot.ask.clone().unwrap_or_else(|| recipe.title.clone());
        let schema = self
            .knowledge()
            .catalogue
            .by_id(&recipe.block)
            .and_then(|block| block.input_schema().properties.get(&slot.name));
        let drive = schema.is_some_and(|schema| schema.properties.get("_credentials_id").is_some());
        let (block, logical) = match () {
            () if slot.kind == Kind::File => (special::FILE_INPUT, Types::STRING),
            () if drive => (special::DRIVE_INPUT, Types::OBJECT),
            () if types.is_within(Types::INTEGER) => (special::NUMBER_INPUT, Types::INTEGER),
            () if matches!(slot.kind, Kind::Record | Kind::Upstream) => (special::AGENT_INPUT, Types::ANY),
            () if types.is_within(Types::NUMBER) => (special::AGENT_INPUT, Types::NUMBER),
            () => (special::AGENT_INPUT, Types::STRING),
        };
        let block = if self.knowledge().catalogue.by_id(block).is_some() { block } else { special::AGENT_INPUT };
        let called = |step: &Step, name: &str| matches!(step.binding("name"), Some(Binding::Value(Value::String(taken))) if taken == name);
        let word = if slot.kind == Kind::Prompt {
            label.to_lowercase().replace(' ', "_")
        } else {
            slot.name.rsplit(NESTED).next().unwrap_or("text").to_owned()
        };
        let flow = |step: usize| Flow {
            step: ASKED + step,
            output: "result".to_owned(),
            types: logical,
            fields: Vec::new(),
            first: None,
            name: word.clone(),
        };
        let same = self.asked.iter().position(|step| called(step, &label));
        if let Some(same) = same.filter(|_| recipe.place == Place::Sink) {
            return flow(same);
        }
        let mut inputs = Vec::new();
        inputs.extend(
            slot.help
                .as_deref()
                .map(|help| Input { name: "description".to_owned(), binding: Binding::Value(Value::from(help)) }),
        );
        inputs.extend(default.map(|value| Input { name: "value".to_owned(), binding: Binding::Value(value) }));
        let mut step =
            Step { block: block.to_owned(), title: String::new(), says: format!("Ask for: {label}"), inputs };
        let plain = [special::AGENT_INPUT, block];
        let fits = |declared: &Step| {
            plain.contains(&declared.block.as_str())
                || (block == special::AGENT_INPUT && logical.is_within(Types::STRING))
        };
        if let Some(at) = self.declared.iter().position(fits).filter(|_| block == special::AGENT_INPUT) {
            step = self.declared.remove(at);
        }
        let at = self.push_asked(step, &label);
        Flow { step: at.step, ..flow(0) }
    }

    /// Adds a step that asks, under a name that no other has.
    pub(super) fn push_asked(&mut self, mut step: Step, label: &str) -> Flow {
        let own = match step.binding("name") {
            Some(Binding::Value(Value::String(own))) if !own.trim().is_empty() => own.clone(),
            _ => label.to_owned(),
        };
        let name = self.input_names.give(&own);
        step.inputs.retain(|input| input.name != "name");
        step.inputs.insert(0, Input { name: "name".to_owned(), binding: Binding::Value(Value::from(name.as_str())) });
        step.title = name;
        self.asked.push(step);
        Flow {
            step: ASKED + self.asked.len() - 1,
            output: "result".to_owned(),
            types: Types::ANY,
            fields: Vec::new(),
            first: None,
            name: "value".to_owned(),
        }
    }

    /// Asks for a list of values, one a line, and hands on one after the other.
    pub(super) fn ask_several(&mut self, recipe: &Recipe, slot: &Slot) -> Flow {
        let label = slot.ask.as_deref().map(|label| format!("{label}s"));
        let lines = self.ask(
            recipe,
            &Slot { ask: label, help: Some("One a line".to_owned()), ..slot.clone() },
            Types::STRING,
            None,
        );
        let Some(split) = self.knowledge().catalogue.by_name("TextSplitBlock") else { return lines };
        let inputs = vec![
            Input { name: "text".to_owned(), binding: lines.binding() },
            Input { name: "delimiter".to_owned(), binding: Binding::Value(Value::from("\n")) },
        ];
        let step = self.push(Step {
            block: split.id.clone(),
            title: "Split into lines".to_owned(),
            says: split.description.clone(),
            inputs,
        });
        self.one_by_one(&Flow { step, output: "texts".to_owned(), types: Types::ARRAY, ..lines })
    }
}
