//! Messages of one channel: a block that hears all of them goes on with those of the channel that is named.

use serde_json::json;

use crate::{
    catalogue::Block,
    plan::{
        clauses::act::{Act, core},
        steps::{build::Builder, draft::Datum},
    },
    reading::{Phrase, Value},
};

/// Where a block says in which channel a message was written.
const ROOM: &str = "channel_name";

impl<'k, 'r> Builder<'k, 'r> {
    /// Whether a phrase names a channel of a chat and no more: its messages are meant.
    pub(in crate::plan) fn is_room(&self, phrase: &Phrase) -> bool {
        let channel = |at: &usize| {
            matches!(self.reading.tokens.get(*at).and_then(|token| token.value()), Some(Value::Channel(_)))
        };
        phrase.values.iter().any(channel) && matches!(phrase.head.as_str(), "" | "channel")
    }

    /// The messages of the channel that `phrase` or what stands beside it names.
    pub(in crate::plan) fn of_room(&mut self, act: &Act<'r>, phrase: &Phrase, block: &'k Block, datum: usize) -> usize {
        if block.trigger || block.input_schema().properties.get(ROOM).is_some() {
            return datum;
        }
        let hears = block.output_schema().properties.get(ROOM).is_some();
        if let Some(datum) = self.draft.data.get_mut(datum) {
            datum.single |= hears;
        }
        let beside = act.arguments(&["in", "from", "on", "of"]).map(|argument| &argument.phrase);
        let place = std::iter::once(phrase).chain(beside).find(|place| self.is_room(place)).cloned();
        let named = place.filter(|_| hears).and_then(|place| {
            let name = place.values.iter().find_map(|at| match self.reading.tokens.get(*at)?.value()? {
                Value::Channel(name) => Some(name.trim_start_matches('#').to_owned()),
                _ => None,
            })?;
            Some((place, name))
        });
        let (Some((place, name)), Some(test)) = (named, self.known.catalogue.by_name("ConditionBlock")) else {
            return datum;
        };
        let (Some(old), Some(flow)) = (self.draft.data.get(datum).cloned(), self.take(datum)) else { return datum };
        let room = self.draft.flow(old.flow.step, ROOM);
        let says = format!("Go on only with messages in #{name}");
        let values = [("operator", json!("==")), ("value2", json!(name))];
        let flows = [("value1", room), ("yes_value", flow.clone()), ("no_value", flow)];
        let step = self.step_of(test, &says, &values, &flows);
        let mut through = self.draft.flow(step, "yes_output");
        (through.types, through.name) = (old.flow.types, old.flow.name.clone());
        self.cover.add(&core(&place));
        self.draft.data.push(Datum { flow: through, used: false, ..old });
        self.draft.data.len() - 1
    }
}
