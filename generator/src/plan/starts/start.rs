//! An agent needs something that starts it: an input or a trigger.

use serde_json::Value as Json;

use crate::{
    catalogue::schema::Types,
    knowledge::{Slot, is_text_model},
    plan::{
        model::Binding,
        steps::{build::Builder, draft::AskKind, say},
    },
};

impl Builder<'_, '_> {
    /// Lets the person change a value that the goal named, if nothing else starts the agent. Returns whether anything does.
    pub(in crate::plan) fn ensure_start(&mut self) -> bool {
        let triggered = (0..self.draft.steps.len()).any(|at| self.draft.block(at).is_some_and(|block| block.trigger));
        if triggered || !self.draft.asks_nothing() {
            return true;
        }
        let order = [
            Slot::Query,
            Slot::Address,
            Slot::Place,
            Slot::Recipient,
            Slot::Title,
            Slot::Prompt,
            Slot::Content,
            Slot::Other,
        ];
        let found = order.into_iter().find_map(|slot| self.value_in(slot));
        let found = found.map(|(at, name, value)| (at, name, Json::from(value)));
        let Some((at, name, value)) = found.or_else(|| self.number_in()).or_else(|| self.default_in()) else {
            return self.ask_something();
        };
        let label = say::label(name.strip_suffix("_id").unwrap_or(&name));
        let label = match name.as_str() {
            "prompt" => "Instruction".to_owned(),
            // The operands of a calculation.
            "a" => "First number".to_owned(),
            "b" => "Second number".to_owned(),
            _ => label,
        };
        let kind = match &value {
            Json::String(text) if text.len() > 80 => AskKind::Long,
            Json::String(_) => AskKind::Text,
            _ => AskKind::Number,
        };
        let flow = self.draft.ask(&label, "", kind, Some(value));
        let types = self.draft.block(at).and_then(|block| block.input_type(&name)).unwrap_or(Types::ANY);
        let flow = self.draft.fit(&flow, types);
        if let Some(step) = self.draft.steps.get_mut(at) {
            step.bind(&name, flow.binding());
        }
        true
    }

    /// Asks for the first thing that a step takes and nothing goes into. Whether there is one.
    fn ask_something(&mut self) -> bool {
        let empty = [Json::from(Vec::<Json>::new()), Json::from(serde_json::Map::new())];
        // Which model it is needs nobody to say.
        let works = |at: &usize| self.draft.block(*at).is_some_and(|block| !is_text_model(block));
        let (mut order, models): (Vec<usize>, Vec<usize>) = (0..self.draft.steps.len()).partition(works);
        order.extend(models);
        let found = order.into_iter().find_map(|at| {
            let step = self.draft.step(at)?;
            let block = self.draft.block(at).filter(|block| !block.is_agent_output())?;
            let open = |name: &&str| match step.binding(name) {
                Some(Binding::Value(value)) => empty.contains(value),
                Some(Binding::From { .. }) => false,
                None => !block.is_credential(name),
            };
            let mut inputs = block.input_schema().properties.iter().map(|(name, _)| name);
            let name = self.known.content_input(block).filter(open).or_else(|| inputs.find(open))?;
            let long = self.known.content_input(block) == Some(name);
            Some((at, name.to_owned(), block.input_type(name).unwrap_or(Types::ANY), long))
        });
        let Some((at, name, types, long)) = found else { return false };
        let kind = match types.flows_into(Types::STRING) {
            true if long => AskKind::Long,
            true => AskKind::Text,
            false => AskKind::List,
        };
        let flow = self.draft.ask(&say::label(&name), "", kind, None);
        let flow = self.draft.fit(&flow, types);
        if let Some(step) = self.draft.steps.get_mut(at) {
            step.bind(&name, flow.binding());
        }
        true
    }

    /// A number that the goal named.
    fn number_in(&self) -> Option<(usize, String, Json)> {
        let mut inputs =
            self.draft.steps.iter().enumerate().flat_map(|(at, step)| step.inputs.iter().map(move |input| (at, input)));
        inputs.find_map(|(at, input)| match &input.binding {
            Binding::Value(value @ Json::Number(_)) => Some((at, input.name.clone(), value.clone())),
            _ => None,
        })
    }

    /// What a step takes if nobody says otherwise: which calendar, how many.
    fn default_in(&self) -> Option<(usize, String, Json)> {
        (0..self.draft.steps.len()).find_map(|at| {
            let block = self.draft.block(at).filter(|block| !block.is_agent_output() && !is_text_model(block))?;
            let usual = |name: &str| self.draft.step(at).is_some_and(|step| step.binding(name).is_none());
            let given = block.input_schema().properties.iter().filter(|(name, schema)| {
                usual(name)
                    && schema.default.as_ref().and_then(Json::as_str) != Some("")
                    && schema.choices.is_empty()
                    && (schema.kind().is_within(Types::STRING) || schema.kind().is_within(Types::INTEGER))
            });
            let given: Vec<_> = given.filter_map(|(name, schema)| Some((name, schema.default.clone()?))).collect();
            let place =
                given.iter().find(|(name, _)| self.known.slot(name) == Slot::Place).or_else(|| given.first())?;
            Some((at, place.0.to_owned(), place.1.clone()))
        })
    }

    fn value_in(&self, wanted: Slot) -> Option<(usize, String, String)> {
        self.draft.steps.iter().enumerate().find_map(|(at, step)| {
            let block = self.draft.block(at)?;
            if block.is_agent_output() || block.name == "HumanInTheLoopBlock" {
                return None;
            }
            step.inputs.iter().find_map(|input| match &input.binding {
                Binding::Value(Json::String(text)) => {
                    let schema = block.input_schema().properties.get(&input.name)?;
                    let plain = schema.choices.is_empty() && schema.kind().is_within(Types::STRING);
                    // A prompt with places to fill in is not for the person.
                    (plain && self.known.slot(&input.name) == wanted && !text.contains("{{"))
                        .then(|| (at, input.name.clone(), text.clone()))
                }
                _ => None,
            })
        })
    }
}
