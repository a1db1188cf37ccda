//! Wiring: what was made before flows into what comes next, and what nobody made is asked for at run time.

use serde_json::Value;

use super::{
    Knowledge,
    lexicon::Concept,
    names::Names,
    plan::{Binding, Input, Plan, Step},
    recipes::{Kind, Place, Recipe, Slot},
    values::{self, Literals, Wish},
};
use crate::catalogue::NESTED;

/// Steps that ask the person come first in a plan; until their number is known they are counted from here.
pub(super) const ASKED: usize = usize::MAX / 2;

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

/// Wires one plan.
#[derive(Debug)]
pub struct Wirer<'k> {
    knowledge: &'k Knowledge,
    pub(super) asked: Vec<Step>,
    /// Inputs that steps from elsewhere declare, not used yet.
    pub(super) declared: Vec<Step>,
    pub(super) input_names: Names,
    pub(super) output_names: Names,
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
        Self {
            knowledge,
            asked: Vec::new(),
            declared: Vec::new(),
            input_names: Names::default(),
            output_names: Names::default(),
            body: Vec::new(),
            data: Vec::new(),
            literals,
            name,
            named: Vec::new(),
        }
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
            inputs: request
                .given
                .iter()
                .map(|(name, binding)| Input { name: name.clone(), binding: binding.clone() })
                .collect(),
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
            let given = step.inputs.iter().any(|input| {
                input.name == slot.name
                    || (request.given.iter().any(|(name, _)| *name == input.name)
                        && input.name.split(NESTED).next() == Some(parent))
            });
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
        let (nouns, fields) = passed.map_or_else(
            || (recipe.gives.nouns.clone(), recipe.gives.fields.clone()),
            |datum| (datum.nouns.clone(), datum.fields.clone()),
        );
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
        let (Some(next), Some(find)) = (next, self.knowledge.catalogue.by_name("FindInDictionaryBlock")) else {
            return;
        };
        let Some(slot) = next.slots.iter().find(|slot| slot.kind == Kind::Url) else { return };
        let inputs = vec![
            Input { name: "input".to_owned(), binding: Binding::From { step: at, output: recipe.gives.all.clone() } },
            Input { name: "key".to_owned(), binding: Binding::Value(Value::from(field.as_str())) },
        ];
        let step = self.push(Step {
            block: find.id.clone(),
            title: "Find its address".to_owned(),
            says: find.description.clone(),
            inputs,
        });
        self.data.iter_mut().filter(|datum| datum.step == at).for_each(|datum| datum.used = true);
        let given = vec![(slot.name.clone(), Binding::From { step, output: "output".to_owned() })];
        self.add(next, &Request { given, ..Request::default() });
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
        Plan { name: self.name, description, cron, steps, ..Plan::default() }
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
