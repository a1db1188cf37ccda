//! Which of the things made before a step takes, and what becomes of the rest.

use std::collections::HashSet;

use serde_json::Value;

use super::{
    bridges::Flow,
    lexicon::{Concept, Role},
    plan::{Binding, Input, Step},
    recipes::{Kind, Place, Recipe, Slot},
    wiring::{Datum, Request, Wirer},
};
use crate::catalogue::{schema::Types, special};

impl Wirer<'_> {
    /// The data that a step takes: what its clause names, else what nobody took yet, else the last.
    pub(super) fn wanted(&self, recipe: &Recipe, request: &Request<'_>) -> Vec<usize> {
        let content = || self.data.iter().enumerate().filter(|(_, datum)| datum.receipt.is_none());
        if let Some(wish) = request.wish {
            let result = self.knowledge().lexicon.concept("result");
            let left = request.left.iter().filter_map(|at| wish.clause.items.get(*at));
            let nouns: Vec<Concept> =
                left.flat_map(|item| item.nouns.iter().copied()).filter(|noun| Some(*noun) != result).collect();
            let mut named: Vec<usize> = Vec::new();
            for noun in &nouns {
                let holder = content().filter(|(_, datum)| datum.nouns.contains(noun)).map(|(at, _)| at).next_back();
                named.extend(holder.filter(|at| !named.contains(at)));
            }
            if !named.is_empty() {
                // "the article" is the newest thing called so, unless two different things are named in the same breath.
                named.sort_unstable();
                let both = named.len() > 1
                    && wish.clause.items.iter().any(|item| item.phrase == "and" || item.phrase == "with");
                return if both { named } else { named.pop().into_iter().collect() };
            }
        }
        let pending: Vec<usize> = content().filter(|(_, datum)| !datum.used && !datum.old).map(|(at, _)| at).collect();
        if pending.len() > 1 && recipe.place != Place::Source {
            return pending;
        }
        pending.last().copied().or_else(|| content().map(|(at, _)| at).next_back()).into_iter().collect()
    }

    /// What a datum hands to a step: everything, or one thing after the other.
    pub(super) fn flow_of(&mut self, index: usize, recipe: &Recipe, request: &Request<'_>) -> Option<Flow> {
        let datum = self.data.get_mut(index)?;
        datum.used = true;
        let datum = datum.clone();
        let each = request.wish.is_some_and(|wish| wish.clause.items.iter().any(|item| item.is(Role::Each)));
        let single = each || (recipe.place == Place::Sink && datum.each.is_some()) || recipe.gives.passes;
        let whole = self.whole(&datum)?;
        let flow = match (single, &datum.each, datum.first) {
            (false, ..) => return Some(whole),
            (true, Some(each), None) => Flow {
                output: each.clone(),
                types: self.output_type(datum.step, each),
                first: None,
                name: each.clone(),
                ..whole
            },
            (true, ..) if each || datum.each.is_some() => {
                if !whole.types.is_any() && !whole.types.is_within(Types::ARRAY) {
                    return Some(whole);
                }
                self.one_by_one(&whole)
            }
            _ => return Some(whole),
        };
        // From here on everything speaks of one thing at a time.
        let all = flow.output.clone();
        self.data.push(Datum { step: flow.step, all, each: None, first: None, used: true, ..datum });
        Some(flow)
    }

    fn whole(&self, datum: &Datum) -> Option<Flow> {
        let noun = datum.all.clone();
        self.body.get(datum.step)?;
        Some(Flow {
            step: datum.step,
            output: datum.all.clone(),
            types: self.output_type(datum.step, &datum.all),
            fields: datum.fields.clone(),
            first: datum.first,
            name: noun,
        })
    }

    fn output_type(&self, step: usize, output: &str) -> Types {
        let block = self.body.get(step).and_then(|step| self.knowledge().catalogue.by_id(&step.block));
        block.and_then(|block| block.output_type(output)).unwrap_or(Types::ANY)
    }

    /// An agent that nothing starts cannot be run: asks for a value that the goal named, with that as its default.
    pub(super) fn ensure_start(&mut self) {
        let triggered = self
            .body
            .iter()
            .any(|step| self.knowledge().catalogue.by_id(&step.block).is_some_and(|block| block.starts_agent()));
        if triggered || !self.nothing_asked() {
            return;
        }
        let named = self
            .named
            .iter()
            .find(|(step, slot)| {
                self.body.get(*step).is_some_and(|step| !matches!(step.binding(&slot.name), Some(Binding::From { .. })))
            })
            .cloned();
        let (at, slot) = match named {
            Some(named) => named,
            None => match self.first_text_input() {
                Some(found) => found,
                None => return,
            },
        };
        let Some(block) = self.body.get(at).and_then(|step| self.knowledge().catalogue.by_id(&step.block)) else {
            return;
        };
        let Some(recipe) =
            self.knowledge().recipe_for(&block.id, |recipe| recipe.slots.iter().any(|known| known.name == slot.name))
        else {
            return;
        };
        let default = match self.body.get(at).and_then(|step| step.binding(&slot.name)) {
            Some(Binding::Value(value)) => Some(value.clone()),
            _ => block.input_schema().properties.get(&slot.name).and_then(|schema| schema.default.clone()),
        };
        let types = block.input_type(&slot.name).unwrap_or(Types::ANY);
        let slot = if slot.kind == Kind::Prompt { Slot { ask: Some("Instruction".to_owned()), ..slot } } else { slot };
        let flow = self.ask(recipe, &slot, types, default);
        if let Some(step) = self.body.get_mut(at) {
            step.bind(&slot.name, flow.binding());
        }
    }

    fn first_text_input(&self) -> Option<(usize, Slot)> {
        self.body.iter().enumerate().find_map(|(at, step)| {
            let block = self.knowledge().catalogue.by_id(&step.block)?;
            let mut free = block.input_schema().properties.iter().filter(|(name, schema)| {
                let text = schema.kind().is_any() || schema.kind().is_within(Types::STRING);
                text && !block.is_credential(name) && !matches!(step.binding(name), Some(Binding::From { .. }))
            });
            let (name, _) = free.next()?;
            let ask = format!("{}: {}", step.title, name.replace('_', " "));
            Some((
                at,
                Slot {
                    name: name.to_owned(),
                    kind: Kind::Ask,
                    ask: Some(ask),
                    help: None,
                    value: None,
                    optional: false,
                },
            ))
        })
    }

    /// Everything that nobody took comes out; an agent that only delivers shows what it delivered too.
    pub(super) fn ensure_outputs(&mut self) {
        let fresh = |datum: &&Datum| !datum.old;
        let bindings = self.body.iter().flat_map(|step| step.inputs.iter()).filter_map(|input| match &input.binding {
            Binding::From { step, .. } => Some(*step),
            Binding::Value(_) => None,
        });
        let taken: HashSet<usize> = bindings.collect();
        let loose = |datum: &&Datum| datum.receipt.is_none() && (!datum.used || !taken.contains(&datum.step));
        let mut out: Vec<Datum> = self.data.iter().filter(fresh).filter(loose).cloned().collect();
        if out.is_empty() {
            let made = |datum: &&Datum| datum.receipt.is_none() && datum.made;
            out.extend(self.data.iter().filter(fresh).rfind(made).cloned());
        }
        out.extend(self.data.iter().filter(fresh).filter(|datum| datum.receipt.is_some()).cloned());
        for datum in out {
            let Some(flow) = self.whole(&datum) else { continue };
            let flow = if flow.first.is_some() { self.render(std::slice::from_ref(&flow)) } else { flow };
            let label = datum.receipt.clone().unwrap_or_else(|| self.label(&datum));
            let name = self.output_names.give(&label);
            let inputs = vec![
                Input { name: "name".to_owned(), binding: Binding::Value(Value::from(name.as_str())) },
                Input { name: "value".to_owned(), binding: flow.binding() },
            ];
            self.push(Step {
                block: special::AGENT_OUTPUT.to_owned(),
                title: name.clone(),
                says: format!("Give out: {name}"),
                inputs,
            });
        }
    }

    /// What a datum is called.
    pub(super) fn label(&self, datum: &Datum) -> String {
        let name = datum.nouns.first().map_or("result", |noun| self.knowledge().lexicon.name(*noun)).replace('_', " ");
        name.chars().next().map_or_else(String::new, |first| first.to_uppercase().chain(name.chars().skip(1)).collect())
    }
}
