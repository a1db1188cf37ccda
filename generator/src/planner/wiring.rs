//! Wiring: what was made before flows into what comes next, and what nobody made is asked for at run time.

use serde_json::Value;

use super::{
    Knowledge,
    bridges::Flow,
    lexicon::{Concept, Role},
    plan::{Binding, Input, Plan, Step},
    recipes::{Kind, Place, Recipe, Slot},
    values::{self, Literals, Wish},
};
use crate::catalogue::{NESTED, schema::Types, special};

/// Steps that ask the person come first in a plan; until their number is known they are counted from here.
const ASKED: usize = usize::MAX / 2;

/// What a step gave.
#[derive(Debug, Clone)]
pub(super) struct Datum {
    pub(super) step: usize,
    pub(super) all: String,
    pub(super) each: Option<String>,
    pub(super) nouns: Vec<Concept>,
    pub(super) fields: Vec<String>,
    pub(super) first: Option<i64>,
    pub(super) receipt: Option<String>,
    /// Where it was read from.
    pub(super) address: Option<Binding>,
    pub(super) chat: Option<String>,
    pub(super) used: bool,
    /// It was made here, not only read or handed on.
    pub(super) made: bool,
    /// It was there before: a graph that is being changed has outputs of its own.
    pub(super) old: bool,
}

/// A step to add.
#[derive(Debug, Clone, Default)]
pub struct Request<'r> {
    /// The clause that asks for it.
    pub wish: Option<Wish<'r>>,
    /// The items of the clause that nothing was made of.
    pub left: &'r [usize],
    /// What goes into it in any case.
    pub given: Vec<(String, Binding)>,
    /// Its name, where that of the recipe will not do.
    pub title: Option<String>,
    /// What it does, likewise.
    pub says: Option<String>,
}

/// Whether the clause speaks of several sources: "these feeds".
fn several(recipe: &Recipe, request: &Request<'_>) -> bool {
    let Some(wish) = request.wish else { return false };
    let asked = wish.items.iter().filter_map(|at| wish.clause.items.get(*at));
    let own = asked.filter(|item| recipe.alternatives.iter().flatten().any(|concept| item.nouns.contains(concept)));
    values::count(wish).is_none() && own.into_iter().any(|item| item.inflected && item.literal.is_none())
}

/// Wires one plan.
#[derive(Debug)]
pub struct Wirer<'k> {
    knowledge: &'k Knowledge,
    asked: Vec<Step>,
    /// Inputs that steps from elsewhere declare, not used yet.
    pub(super) declared: Vec<Step>,
    /// The names of inputs and outputs that the agent has already.
    pub(super) taken: Vec<String>,
    pub(super) body: Vec<Step>,
    pub(super) data: Vec<Datum>,
    /// The literals that no step has yet.
    pub literals: Literals,
    /// The name of the agent: the title of what has none.
    pub name: String,
    /// Values that the goal named, which could be asked for instead.
    pub(super) named: Vec<(usize, Slot)>,
}

impl<'k> Wirer<'k> {
    /// Begins a plan.
    pub fn new(knowledge: &'k Knowledge, name: String, literals: Literals) -> Self {
        Self { knowledge, asked: Vec::new(), declared: Vec::new(), taken: Vec::new(), body: Vec::new(), data: Vec::new(), literals, name, named: Vec::new() }
    }

    /// What is known of blocks and words.
    pub fn knowledge(&self) -> &'k Knowledge {
        self.knowledge
    }

    /// Adds a step as it is, and says which one it is.
    pub fn push(&mut self, step: Step) -> usize {
        self.body.push(step);
        self.body.len() - 1
    }

    /// Whether anything was made yet.
    pub fn has_content(&self) -> bool {
        self.data.iter().any(|datum| datum.receipt.is_none())
    }

    /// Adds the step of a recipe and wires it to those before it. Returns the step.
    pub fn add(&mut self, recipe: &Recipe, request: &Request<'_>) -> usize {
        let wish = request.wish;
        let mut step = Step {
            block: recipe.block.clone(),
            title: request.title.clone().unwrap_or_else(|| recipe.title.clone()),
            says: request.says.clone().unwrap_or_else(|| recipe.says.clone()),
            inputs: request.given.iter().map(|(name, binding)| Input { name: name.clone(), binding: binding.clone() }).collect(),
        };
        let mut limit = wish.and_then(values::count).filter(|_| recipe.place == Place::Source);
        if let (Some(input), Some(count)) = (&recipe.limit, limit) {
            if step.binding(input).is_none() {
                step.bind(input, Binding::Value(Value::from(count)));
            }
            limit = None;
        }
        let (mut address, mut handed, mut named) = (None, Vec::new(), Vec::new());
        for slot in &recipe.slots {
            let parent = slot.name.split(NESTED).next().unwrap_or_default();
            let given = step.inputs.iter().any(|input| input.name == slot.name || (request.given.iter().any(|(name, _)| *name == input.name) && input.name.split(NESTED).next() == Some(parent)));
            if !given {
                let value = values::of(self.knowledge, recipe, slot, wish, &mut self.literals);
                if value.is_some() && slot.value.is_none() && slot.ask.is_some() || slot.kind == Kind::Default {
                    named.push(slot.clone());
                }
                self.fill(recipe, slot, value, request, &mut step, &mut handed);
            }
            if matches!(slot.kind, Kind::Url | Kind::PageLink) {
                address = step.binding(&slot.name).cloned();
            }
        }
        let at = self.push(step);
        self.named.extend(named.into_iter().map(|slot| (at, slot)));
        let passed = handed.iter().find_map(|index: &usize| self.data.get(*index)).filter(|_| recipe.gives.passes);
        let (nouns, fields) = passed.map_or_else(|| (recipe.gives.nouns.clone(), recipe.gives.fields.clone()), |datum| (datum.nouns.clone(), datum.fields.clone()));
        if !recipe.gives.all.is_empty() {
            self.data.push(Datum {
                step: at,
                all: recipe.gives.all.clone(),
                each: recipe.gives.each.clone(),
                nouns,
                fields,
                first: limit,
                receipt: recipe.gives.receipt.clone(),
                address,
                chat: recipe.gives.chat.clone(),
                used: false,
                made: recipe.place == Place::Transform && !recipe.gives.passes,
                old: false,
            });
        }
        self.follow(recipe, at);
        at
    }

    /// Adds what always comes after a recipe.
    fn follow(&mut self, recipe: &Recipe, at: usize) {
        let (Some(next), Some(field)) = (&recipe.gives.then, &recipe.gives.url) else { return };
        let next = self.knowledge.recipes.known.iter().find(|known| known.id == *next);
        let (Some(next), Some(find)) = (next, self.knowledge.catalogue.by_name("FindInDictionaryBlock")) else { return };
        let Some(slot) = next.slots.iter().find(|slot| slot.kind == Kind::Url) else { return };
        let inputs = vec![
            Input { name: "input".to_owned(), binding: Binding::From { step: at, output: recipe.gives.all.clone() } },
            Input { name: "key".to_owned(), binding: Binding::Value(Value::from(field.as_str())) },
        ];
        let step = self.push(Step { block: find.id.clone(), title: "Find its address".to_owned(), says: find.description.clone(), inputs });
        self.data.iter_mut().filter(|datum| datum.step == at).for_each(|datum| datum.used = true);
        let given = vec![(slot.name.clone(), Binding::From { step, output: "output".to_owned() })];
        self.add(next, &Request { given, ..Request::default() });
    }

    fn fill(&mut self, recipe: &Recipe, slot: &Slot, value: Option<Value>, request: &Request<'_>, step: &mut Step, handed: &mut Vec<usize>) {
        let types = self.knowledge.catalogue.by_id(&recipe.block).and_then(|block| block.input_type(&slot.name)).unwrap_or(Types::ANY);
        match slot.kind {
            Kind::Content | Kind::Upstream | Kind::Collection | Kind::Record | Kind::Prompt => {
                return self.fill_content(recipe, slot, types, request, step, handed);
            }
            Kind::Subject | Kind::Topic if value.is_none() && self.has_content() && (slot.kind == Kind::Subject || self.points(request)) => {
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
            Some(Value::String(text)) if types.is_within(Types::ARRAY) => step.bind(&slot.name, Binding::Value(Value::from(vec![text]))),
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

    /// Asks for a list of values, one a line, and hands on one after the other.
    fn ask_several(&mut self, recipe: &Recipe, slot: &Slot) -> Flow {
        let label = slot.ask.as_deref().map(|label| format!("{label}s"));
        let lines = self.ask(recipe, &Slot { ask: label, help: Some("One a line".to_owned()), ..slot.clone() }, Types::STRING, None);
        let Some(split) = self.knowledge.catalogue.by_name("TextSplitBlock") else { return lines };
        let inputs = vec![
            Input { name: "text".to_owned(), binding: lines.binding() },
            Input { name: "delimiter".to_owned(), binding: Binding::Value(Value::from("\n")) },
        ];
        let step = self.push(Step { block: split.id.clone(), title: "Split into lines".to_owned(), says: split.description.clone(), inputs });
        self.one_by_one(&Flow { step, output: "texts".to_owned(), types: Types::ARRAY, ..lines })
    }

    /// What an e-mail or an issue is called that nobody named: by what is in it.
    fn title_of_content(&self) -> String {
        let latest = self.data.iter().rfind(|datum| datum.made);
        let label = latest.map(|datum| self.label(datum)).filter(|label| !matches!(label.as_str(), "Result" | "Text" | "Message"));
        label.map_or_else(|| self.name.clone(), |label| if label == self.name { label } else { super::shortened(&format!("{label}: {}", self.name), 78) })
    }

    /// Whether the clause points to what was made before: "each title", "it".
    fn points(&self, request: &Request<'_>) -> bool {
        let Some(wish) = request.wish else { return true };
        let nouns = || wish.clause.items.iter().flat_map(|item| item.nouns.iter());
        nouns().any(|noun| self.data.iter().any(|datum| datum.receipt.is_none() && datum.nouns.contains(noun)))
    }

    fn fill_content(&mut self, recipe: &Recipe, slot: &Slot, types: Types, request: &Request<'_>, step: &mut Step, handed: &mut Vec<usize>) {
        let indices = self.wanted(recipe, request);
        let mut flows: Vec<Flow> = indices.iter().filter_map(|index| self.flow_of(*index, recipe, request)).collect();
        handed.extend(indices);
        if slot.kind == Kind::Prompt {
            return self.fill_prompt(recipe, slot, flows, request, step);
        }
        if flows.is_empty() {
            let quoted = matches!(slot.kind, Kind::Content | Kind::Subject).then(|| self.literals.take(super::text::Literal::Quoted, request.wish, |_| true)).flatten();
            match quoted {
                Some(text) => return step.bind(&slot.name, Binding::Value(Value::from(text))),
                None if slot.optional => return,
                None => flows.push(self.ask(recipe, slot, types, None)),
            }
        }
        let flow = match slot.kind {
            Kind::Collection if flows.len() > 1 || flows.iter().any(|flow| !flow.types.is_within(Types::ARRAY)) => self.list_of(&flows, self.entries(recipe, slot)),
            Kind::Upstream | Kind::Record if !types.is_within(Types::STRING) => flows.last().cloned(),
            _ if flows.len() > 1 => Some(self.render(&flows)),
            _ => flows.last().cloned(),
        };
        if let Some(flow) = flow {
            let flow = if flow.first.is_some() && types.is_within(Types::ARRAY) { self.one_by_one(&flow) } else { flow };
            let flow = self.fit(&flow, types);
            step.bind(&slot.name, flow.binding());
        }
    }

    /// The type of the entries of a list that an input takes.
    fn entries(&self, recipe: &Recipe, slot: &Slot) -> Types {
        let block = self.knowledge.catalogue.by_id(&recipe.block);
        let schema = block.and_then(|block| block.input_schema.properties.get(&slot.name));
        schema.and_then(|schema| schema.items.as_ref()).map_or(Types::STRING, |items| items.kind())
    }

    fn list_of(&mut self, flows: &[Flow], entries: Types) -> Option<Flow> {
        let mut list: Option<Flow> = None;
        for flow in flows {
            let text = self.fit(flow, entries);
            let mut inputs = vec![Input { name: "entry".to_owned(), binding: text.binding() }];
            inputs.extend(list.map(|list| Input { name: "list".to_owned(), binding: list.binding() }));
            let says = self.knowledge.catalogue.by_id(special::ADD_TO_LIST).map_or_else(String::new, |block| block.description.clone());
            let step = self.push(Step { block: special::ADD_TO_LIST.to_owned(), title: "Put into a list".to_owned(), says, inputs });
            list = Some(Flow { step, output: "updated_list".to_owned(), types: Types::ARRAY, ..text });
        }
        list
    }

    fn fill_prompt(&mut self, recipe: &Recipe, slot: &Slot, mut flows: Vec<Flow>, request: &Request<'_>, step: &mut Step) {
        let words = match request.wish {
            Some(wish) => values::instruction(self.knowledge, wish),
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
        let mut prompt = if words.ends_with(|c: char| c.is_alphanumeric()) { format!("{words}.") } else { words.clone() };
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
        let placeholder = items.iter().any(|item| item.is(Role::Placeholder) || matches!(item.phrase.as_str(), "topic" | "subject" | "theme" | "keyword"));
        let telling = items.iter().filter(|item| item.tells() && !item.is(Role::Generic)).count();
        let composes = recipe.id.starts_with("compose") || recipe.id == "ideas";
        placeholder || (!composes && telling < 6)
    }

    /// Asks the person for a value at run time.
    pub(super) fn ask(&mut self, recipe: &Recipe, slot: &Slot, types: Types, default: Option<Value>) -> Flow {
        let label = slot.ask.clone().unwrap_or_else(|| recipe.title.clone());
        let schema = self.knowledge.catalogue.by_id(&recipe.block).and_then(|block| block.input_schema.properties.get(&slot.name));
        let drive = schema.is_some_and(|schema| schema.properties.get("_credentials_id").is_some());
        let (block, logical) = match () {
            () if slot.kind == Kind::File => (special::FILE_INPUT, Types::STRING),
            () if drive => (special::DRIVE_INPUT, Types::OBJECT),
            () if types.is_within(Types::INTEGER) => (special::NUMBER_INPUT, Types::INTEGER),
            () if matches!(slot.kind, Kind::Record | Kind::Upstream) => (special::AGENT_INPUT, Types::ANY),
            () if types.is_within(Types::NUMBER) => (special::AGENT_INPUT, Types::NUMBER),
            () => (special::AGENT_INPUT, Types::STRING),
        };
        let block = if self.knowledge.catalogue.by_id(block).is_some() { block } else { special::AGENT_INPUT };
        let called = |step: &Step, name: &str| matches!(step.binding("name"), Some(Binding::Value(Value::String(taken))) if taken == name);
        let word = if slot.kind == Kind::Prompt { label.to_lowercase().replace(' ', "_") } else { slot.name.rsplit(NESTED).next().unwrap_or("text").to_owned() };
        let flow = |step: usize| Flow { step: ASKED + step, output: "result".to_owned(), types: logical, fields: Vec::new(), first: None, name: word.clone() };
        let same = self.asked.iter().position(|step| called(step, &label));
        if let Some(same) = same.filter(|_| recipe.place == Place::Sink) {
            return flow(same);
        }
        let mut inputs = Vec::new();
        inputs.extend(slot.help.as_deref().map(|help| Input { name: "description".to_owned(), binding: Binding::Value(Value::from(help)) }));
        inputs.extend(default.map(|value| Input { name: "value".to_owned(), binding: Binding::Value(value) }));
        let mut step = Step { block: block.to_owned(), title: String::new(), says: format!("Ask for: {label}"), inputs };
        let plain = [special::AGENT_INPUT, block];
        let fits = |declared: &Step| plain.contains(&declared.block.as_str()) || (block == special::AGENT_INPUT && logical.is_within(Types::STRING));
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
        let taken = |name: &str| self.asked.iter().any(|step| matches!(step.binding("name"), Some(Binding::Value(Value::String(taken))) if taken == name));
        let mut names = (1..=self.asked.len() + self.taken.len() + 1).map(|n| if n == 1 { own.clone() } else { format!("{own} {n}") });
        let name = names.find(|name| !taken(name) && !self.taken.contains(name)).unwrap_or(own.clone());
        step.inputs.retain(|input| input.name != "name");
        step.inputs.insert(0, Input { name: "name".to_owned(), binding: Binding::Value(Value::from(name.as_str())) });
        step.title = name;
        self.asked.push(step);
        Flow { step: ASKED + self.asked.len() - 1, output: "result".to_owned(), types: Types::ANY, fields: Vec::new(), first: None, name: "value".to_owned() }
    }

    /// Ends the plan: makes sure that something starts it, and that what it made comes out.
    pub fn finish(mut self, description: String, cron: Option<String>) -> Plan {
        self.ensure_start();
        self.ensure_outputs();
        let shift = self.asked.len();
        let mut steps = self.asked;
        steps.extend(self.body);
        for input in steps.iter_mut().skip(shift).flat_map(|step| step.inputs.iter_mut()) {
            if let Binding::From { step, .. } = &mut input.binding {
                *step = if *step >= ASKED { *step - ASKED } else { *step + shift };
            }
        }
        Plan { name: self.name, description, cron, steps }
    }

    /// Begins with the steps of a graph that is being changed. What they give can be used; their names are taken.
    pub fn over(knowledge: &'k Knowledge, steps: Vec<Step>, name: String) -> Self {
        let mut wirer = Self::new(knowledge, name, Literals::default());
        wirer.adopt(&steps);
        wirer.body = steps;
        wirer
    }

    /// The steps added behind the first `old`, those that ask first, with the places they have in the longer list.
    pub fn added(mut self, old: usize) -> Vec<Step> {
        self.ensure_outputs();
        let asked = self.asked.len();
        let place = |step: usize| match () {
            () if step >= ASKED => old + step - ASKED,
            () if step >= old => step + asked,
            () => step,
        };
        let mut fresh = self.asked;
        fresh.extend(self.body.split_off(old.min(self.body.len())));
        for input in fresh.iter_mut().flat_map(|step| step.inputs.iter_mut()) {
            if let Binding::From { step, .. } = &mut input.binding {
                *step = place(*step);
            }
        }
        fresh
    }

    pub(super) fn nothing_asked(&self) -> bool {
        self.asked.is_empty()
    }
}
