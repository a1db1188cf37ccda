//! What goes into each input of a step.

use serde_json::Value;

use super::{
    bridges::Flow,
    lexicon::Role,
    plan::{Binding, Input, Step},
    recipes::{Kind, Place, Recipe, Slot},
    text::Literal,
    values,
    wiring::{Request, Wirer},
};
use crate::catalogue::{NESTED, schema::Types, special};

/// Whether the clause speaks of several sources: "these feeds".
fn several(recipe: &Recipe, request: &Request<'_>) -> bool {
    let Some(wish) = request.wish else { return false };
    let asked = wish.items.iter().filter_map(|at| wish.clause.items.get(*at));
    let own = asked.filter(|item| recipe.alternatives.iter().flatten().any(|concept| item.nouns.contains(concept)));
    values::count(wish).is_none() && own.into_iter().any(|item| item.inflected && item.literal.is_none())
}

impl Wirer<'_> {
    pub(super) fn fill(
        &mut self,
        recipe: &Recipe,
        slot: &Slot,
        value: Option<Value>,
        request: &Request<'_>,
        step: &mut Step,
        handed: &mut Vec<usize>,
    ) {
        let types = self
            .knowledge()
            .catalogue
            .by_id(&recipe.block)
            .and_then(|block| block.input_type(&slot.name))
            .unwrap_or(Types::ANY);
        match slot.kind {
            Kind::Content | Kind::Upstream | Kind::Collection | Kind::Record | Kind::Prompt => {
                return self.fill_content(recipe, slot, types, request, step, handed);
            }
            Kind::Subject | Kind::Topic
                if value.is_none() && self.has_content() && (slot.kind == Kind::Subject || self.points(request)) =>
            {
                return self.fill_content(recipe, slot, types, request, step, handed);
            }
            Kind::PageLink if value.is_none() => {
                if let Some(address) = self.data.iter().rev().find_map(|datum| datum.address.clone()) {
                    return step.bind(&slot.name, address);
                }
            }
            Kind::Chat => {
                let chat = self.data.iter().rev().find_map(|datum| Some((datum.step, datum.chat.clone()?)));
                if let Some((from, output)) = chat {
                    return step.bind(&slot.name, Binding::From { step: from, output });
                }
            }
            Kind::Title if value.is_none() => {
                let title = self.title_of_content();
                return step.bind(&slot.name, Binding::Value(Value::from(title)));
            }
            _ => {}
        }
        match value {
            Some(Value::String(text)) if types.is_within(Types::ARRAY) => {
                step.bind(&slot.name, Binding::Value(Value::from(vec![text])))
            }
            Some(Value::String(text)) if slot.kind == Kind::Url && types.is_within(Types::STRING) => {
                let gate = self.gate(recipe, request);
                let binding =
                    gate.map_or(Binding::Value(Value::from(text.as_str())), |flow| self.after(&flow, &text).binding());
                step.bind(&slot.name, binding);
            }
            Some(value) if types.admits(&value) => step.bind(&slot.name, Binding::Value(value)),
            _ if slot.optional => {}
            _ if slot.kind == Kind::Url && recipe.place == Place::Source && several(recipe, request) => {
                let flow = self.ask_several(recipe, slot);
                step.bind(&slot.name, flow.binding());
            }
            _ => {
                let flow = self.ask(recipe, slot, types, None);
                let flow = self.fit(&flow, types);
                step.bind(&slot.name, flow.binding());
            }
        }
    }

    /// What an e-mail or an issue is called that nobody named: by what is in it.
    fn title_of_content(&self) -> String {
        let latest = self.data.iter().rfind(|datum| datum.made);
        let label = latest
            .map(|datum| self.label(datum))
            .filter(|label| !matches!(label.as_str(), "Result" | "Text" | "Message"));
        label.map_or_else(
            || self.name.clone(),
            |label| if label == self.name { label } else { super::shortened(&format!("{label}: {}", self.name), 78) },
        )
    }

    /// Whether the clause points to what was made before: "each title", "it".
    fn points(&self, request: &Request<'_>) -> bool {
        let Some(wish) = request.wish else { return true };
        let nouns = || wish.clause.items.iter().flat_map(|item| item.nouns.iter());
        nouns().any(|noun| self.data.iter().any(|datum| datum.receipt.is_none() && datum.nouns.contains(noun)))
    }

    fn fill_content(
        &mut self,
        recipe: &Recipe,
        slot: &Slot,
        types: Types,
        request: &Request<'_>,
        step: &mut Step,
        handed: &mut Vec<usize>,
    ) {
        let indices = self.wanted(recipe, request);
        if let Some(flow) = self.own_text(recipe, slot, request, &indices) {
            return step.bind(&slot.name, flow.binding());
        }
        let mut flows: Vec<Flow> = indices.iter().filter_map(|index| self.flow_of(*index, recipe, request)).collect();
        handed.extend(indices);
        if slot.kind == Kind::Prompt {
            return self.fill_prompt(recipe, slot, flows, request, step);
        }
        if flows.is_empty() {
            // "Replace 'a' with 'b'": those are not the text.
            let others = recipe.slots.iter().filter(|slot| matches!(slot.kind, Kind::Quoted | Kind::Code)).count();
            let quoted = (matches!(slot.kind, Kind::Content | Kind::Subject)
                && (others == 0 || self.literals.free(Literal::Quoted, request.wish) > others))
                .then(|| self.literals.take(Literal::Quoted, request.wish, |_| true))
                .flatten();
            match quoted {
                Some(text) => return step.bind(&slot.name, Binding::Value(Value::from(text))),
                None if slot.optional => return,
                None => flows.push(self.ask(recipe, slot, types, None)),
            }
        }
        let flow = match slot.kind {
            Kind::Collection if flows.len() > 1 || flows.iter().any(|flow| !flow.types.is_within(Types::ARRAY)) => {
                self.list_of(&flows, self.entries(recipe, slot))
            }
            Kind::Upstream | Kind::Record if !types.is_within(Types::STRING) => flows.last().cloned(),
            _ if flows.len() > 1 => Some(self.render(&flows)),
            _ => flows.last().cloned(),
        };
        if let Some(flow) = flow {
            let flow =
                if flow.first.is_some() && types.is_within(Types::ARRAY) { self.one_by_one(&flow) } else { flow };
            let flow = self.fit(&flow, types);
            step.bind(&slot.name, flow.binding());
        }
    }

    /// "When the webhook is called, post 'deployed'": the text that the clause names, once what comes before is there.
    fn own_text(&mut self, recipe: &Recipe, slot: &Slot, request: &Request<'_>, indices: &[usize]) -> Option<Flow> {
        let wish = request.wish.filter(|_| slot.kind == Kind::Content && recipe.place == Place::Sink)?;
        let others = recipe.slots.iter().filter(|slot| matches!(slot.kind, Kind::Quoted | Kind::Code)).count();
        let last = *indices.last()?;
        let nouns = request.left.iter().filter_map(|at| wish.clause.items.get(*at)).flat_map(|item| &item.nouns);
        let datum = self.data.get(last)?;
        if nouns.into_iter().any(|noun| datum.nouns.contains(noun))
            || self.literals.free(Literal::Quoted, Some(wish)) <= others
        {
            return None;
        }
        let text = self.literals.take(Literal::Quoted, Some(wish), |text| !text.contains(['{', '}']))?;
        let flow = self.flow_of(last, recipe, request)?;
        Some(self.after(&flow, &text))
    }

    /// What came before, where it only lets something else go on: a wait, a condition.
    fn gate(&mut self, recipe: &Recipe, request: &Request<'_>) -> Option<Flow> {
        let last = self.data.len().checked_sub(1)?;
        let idle =
            self.data.get(last).is_some_and(|datum| !datum.used && datum.nouns.is_empty() && datum.receipt.is_none());
        idle.then(|| self.flow_of(last, recipe, request)).flatten()
    }

    /// The type of the entries of a list that an input takes.
    fn entries(&self, recipe: &Recipe, slot: &Slot) -> Types {
        let block = self.knowledge().catalogue.by_id(&recipe.block);
        let schema = block.and_then(|block| block.input_schema().properties.get(&slot.name));
        schema.and_then(|schema| schema.items.as_ref()).map_or(Types::STRING, |items| items.kind())
    }

    fn list_of(&mut self, flows: &[Flow], entries: Types) -> Option<Flow> {
        let mut list: Option<Flow> = None;
        for flow in flows {
            let text = self.fit(flow, entries);
            let mut inputs = vec![Input { name: "entry".to_owned(), binding: text.binding() }];
            inputs.extend(list.map(|list| Input { name: "list".to_owned(), binding: list.binding() }));
            let says = self
                .knowledge()
                .catalogue
                .by_id(special::ADD_TO_LIST)
                .map_or_else(String::new, |block| block.description.clone());
            let step = self.push(Step {
                block: special::ADD_TO_LIST.to_owned(),
                title: "Put into a list".to_owned(),
                says,
                inputs,
            });
            list = Some(Flow { step, output: "updated_list".to_owned(), types: Types::ARRAY, ..text });
        }
        list
    }

    fn fill_prompt(
        &mut self,
        recipe: &Recipe,
        slot: &Slot,
        mut flows: Vec<Flow>,
        request: &Request<'_>,
        step: &mut Step,
    ) {
        let words = match request.wish {
            Some(wish) => values::instruction(self.knowledge(), wish),
            None => request.says.clone().unwrap_or_else(|| recipe.says.clone()),
        };
        if flows.is_empty() && self.prompt_lacks(recipe, request) {
            flows.push(self.ask(recipe, slot, Types::STRING, None));
        }
        for at in 1..flows.len() {
            let again = flows.iter().take(at).any(|before| flows.get(at).is_some_and(|flow| flow.name == before.name));
            if let Some(flow) = flows.get_mut(at).filter(|_| again) {
                flow.name = format!("{}_{}", flow.name, at + 1);
            }
        }
        let mut prompt =
            if words.ends_with(|c: char| c.is_alphanumeric()) { format!("{words}.") } else { words.clone() };
        for flow in &flows {
            let text = self.fit(flow, Types::STRING);
            let name = format!("prompt_values{NESTED}{}", flow.name);
            if step.binding(&name).is_none() {
                prompt = format!("{prompt}\n\n{{{{{}}}}}", flow.name);
                step.bind(&name, text.binding());
            }
        }
        if request.title.is_none() && request.wish.is_some() {
            step.title = super::shortened(&words, 48);
        }
        step.bind(&slot.name, Binding::Value(Value::from(prompt)));
        self.named.push((self.body.len(), slot.clone()));
    }

    /// Whether a language model would be left with nothing to work on.
    fn prompt_lacks(&self, recipe: &Recipe, request: &Request<'_>) -> bool {
        let Some(wish) = request.wish else { return recipe.place == Place::Transform };
        let items = &wish.clause.items;
        if items.iter().any(|item| item.literal.is_some()) {
            return false;
        }
        let placeholder = items.iter().any(|item| {
            item.is(Role::Placeholder) || matches!(item.phrase.as_str(), "topic" | "subject" | "theme" | "keyword")
        });
        let telling = items.iter().filter(|item| item.tells() && !item.is(Role::Generic)).count();
        let composes = recipe.id.starts_with("compose") || recipe.id == "ideas";
        placeholder || (!composes && (telling < 6 || recipe.id == "fields"))
    }
}
