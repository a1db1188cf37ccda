//! Which input of which step a person means.

use shared::port::Question;

use super::{
    phrase::{Wanted, bare},
    values::outer,
};
use crate::{
    catalogue::Block,
    patcher::{
        canvas::{
            Canvas,
            words::{alike, words},
        },
        refused::Refused,
        wish::TABLES,
    },
    plan::{self, model::Binding},
    text::{plain_words, shortened},
};

/// An input of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::patcher) struct Field {
    pub(in crate::patcher) at: usize,
    pub(in crate::patcher) name: String,
}

impl Canvas<'_> {
    /// The inputs of a step that can have a value: those of its block, else those that it has.
    pub(in crate::patcher) fn inputs_of(&self, at: usize) -> Vec<String> {
        let Some(step) = self.steps.get(at) else { return Vec::new() };
        let mut all: Vec<String> = match self.block(at) {
            Some(block) => {
                let names = block.input_schema().properties.iter().map(|(name, _)| name);
                names.filter(|name| !block.is_credential(name)).map(str::to_owned).collect()
            }
            None => Vec::new(),
        };
        for input in &step.inputs {
            let name = outer(&input.name).to_owned();
            if !all.contains(&name) && !Block::names_credential(&name) {
                all.push(name);
            }
        }
        all
    }

    /// The words that an input goes by: those of its own name, and others.
    fn called(&self, at: usize, name: &str) -> (Vec<String>, Vec<String>) {
        let own = words(self.known, name);
        let own = if own.is_empty() { plain_words(&name.replace('_', " ")) } else { own };
        let mut more = Vec::new();
        if let Some(block) = self.block(at) {
            more.extend(words(self.known, &plan::label(self.known, block, name)));
        }
        more.extend(TABLES.called(name).map(str::to_owned));
        // `filter_value` goes by what `filter_column` says.
        if let Some(stem) = name.strip_suffix("value").filter(|stem| !stem.is_empty()) {
            let column = ["column", "field", "property"]
                .iter()
                .find_map(|end| self.value(at, &format!("{stem}{end}"))?.as_str());
            more.extend(column.into_iter().flat_map(|column| words(self.known, column)));
        }
        (own, more)
    }

    /// Inputs whose names, with those of their steps, are all that `wanted` says; the likeliest first.
    pub(in crate::patcher) fn fields(&self, wanted: &Wanted) -> Vec<Field> {
        if wanted.words.is_empty() {
            return Vec::new();
        }
        let names = self.names();
        // "the channel of step 4", "the prompt of the last step"
        let numbered = wanted.place.filter(|_| wanted.says_step).map(|place| {
            let working = self.working();
            let titled = |at: &usize| {
                let number = wanted.number.as_deref();
                names.get(*at).zip(number).is_some_and(|(names, number)| names.fit(number) > 0)
            };
            let titled: Vec<usize> = working.iter().copied().filter(titled).collect();
            let placed = if place == usize::MAX { working.last() } else { working.get(place) };
            if titled.is_empty() { placed.copied().into_iter().collect() } else { titled }
        });
        let mut found: Vec<(u32, Field)> = Vec::new();
        for at in self.order().iter().copied().filter(|at| !self.is_note(*at)) {
            let Some(step_names) = names.get(at) else { continue };
            if numbered.as_ref().is_some_and(|numbered: &Vec<usize>| !numbered.contains(&at)) {
                continue;
            }
            let of_step: Vec<u32> = wanted.words.iter().map(|word| step_names.fit(word)).collect();
            let holds =
                wanted.values.iter().all(|value| step_names.fit(&value.to_lowercase()) > 0 || self.holds(at, value));
            if !holds {
                continue;
            }
            if self.is_door(at) {
                let asked = self.is(at, |block| block.is_agent_input());
                if asked && of_step.iter().all(|fit| *fit > 0) {
                    found.push((of_step.iter().sum::<u32>() * 2 + 1, Field { at, name: "value".to_owned() }));
                }
                continue;
            }
            for name in self.inputs_of(at) {
                let (own, more) = self.called(at, &name);
                let whole = own.iter().filter(|one| wanted.words.iter().any(|word| alike(word, one) > 0)).count();
                // "message" is the text rather than the `reply_to_message_id`.
                let weight = if whole == own.len() { 4 } else { 1 };
                let fit = |word: &String| {
                    let best = |all: &[String]| all.iter().map(|one| alike(word, one)).max().unwrap_or(0);
                    best(&own) * weight + best(&more) * 2
                };
                let by_field: Vec<u32> = wanted.words.iter().map(fit).collect();
                let named = by_field.iter().any(|fit| *fit > 0);
                let covered = by_field.iter().zip(&of_step).all(|(field, step)| field + step > 0);
                if !named || !covered {
                    continue;
                }
                let missed = u32::try_from(own.len() - whole).unwrap_or(0);
                let bound =
                    self.steps.get(at).is_some_and(|step| step.inputs.iter().any(|input| outer(&input.name) == name));
                let total = by_field
                    .iter()
                    .zip(&of_step)
                    .map(|(field, step)| (*field).max(*step) + (*field).min(*step) / 2)
                    .sum::<u32>()
                    + u32::from(bound) * 3;
                found.push((total.saturating_sub(missed * 2).max(1), Field { at, name }));
            }
        }
        let most = found.iter().map(|(fit, _)| *fit).max().unwrap_or(0);
        found.into_iter().filter(|(fit, _)| *fit == most).map(|(_, field)| field).collect()
    }

    /// Where the value of an input is kept: in the input of the agent that gives it, if that is its only use.
    pub(in crate::patcher) fn keeper(&self, field: &Field) -> Field {
        let source = self.steps.get(field.at).and_then(|step| match step.binding(&field.name) {
            Some(Binding::From { step, .. }) if self.is(*step, |block| block.is_agent_input()) => Some(*step),
            _ => None,
        });
        match source {
            Some(at) => Field { at, name: "value".to_owned() },
            None => field.clone(),
        }
    }

    /// One of several inputs; asked where they are of different steps.
    pub(in crate::patcher) fn one_field(
        &self,
        fields: Vec<Field>,
        context: Option<&str>,
    ) -> Result<Option<Field>, Refused> {
        let mut kept: Vec<Field> = Vec::new();
        for field in fields {
            let keeper = self.keeper(&field);
            if !kept.iter().any(|other| self.keeper(other) == keeper) {
                kept.push(field);
            }
        }
        let mut steps: Vec<usize> = kept.iter().map(|field| field.at).collect();
        steps.dedup();
        match (kept.as_slice(), steps.len()) {
            ([], _) => Ok(None),
            ([only], _) => Ok(Some(only.clone())),
            (several, 1) => Err(self.which_input(several)),
            (several, _) => {
                let at = self.one_of(steps, context)?;
                Ok(several.iter().find(|field| Some(field.at) == at).cloned())
            }
        }
    }

    fn which_input(&self, fields: &[Field]) -> Refused {
        let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        let title = fields.first().map(|field| self.title(field.at)).unwrap_or_default();
        Refused::Open(vec![Question {
            question: format!("Which input of {title} do you mean: {}?", names.join(", ")),
            keyword: "input".to_owned(),
            example: names.first().map(|name| (*name).to_owned()),
        }])
    }

    /// No input is meant: what there is.
    pub(in crate::patcher) fn no_input(&self, text: &str) -> Refused {
        let lines = self.working().into_iter().take(12).map(|at| {
            let names: Vec<String> = self.inputs_of(at).into_iter().take(12).collect();
            format!("{}: {}", self.title(at), names.join(", "))
        });
        Refused::impossible(format!(
            "There is no input \"{}\" in the agent. Inputs by step: {}.",
            shortened(bare(text), 80),
            lines.collect::<Vec<_>>().join("; ")
        ))
    }
}
