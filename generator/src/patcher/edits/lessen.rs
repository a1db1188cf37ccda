//! A value goes from a list, words go from a text, one side of a condition goes.

use std::collections::HashSet;

use serde_json::Value;

use super::Edit;
use crate::{
    patcher::{
        canvas::Link,
        find::{Among, Field, Wanted, bare},
        refused::Refused,
    },
    plan::model::Binding,
    text::shortened,
};

impl Edit<'_, '_> {
    /// Whether a step has two ways out.
    pub(super) fn branches(&self, at: usize) -> bool {
        let both = |block: &crate::catalogue::Block| {
            ["yes_output", "no_output"].iter().all(|name| block.output_schema().properties.get(name).is_some())
        };
        self.canvas.is(at, both)
    }

    /// "the refund branch": what runs only on that side of the condition goes.
    pub(super) fn remove_branch(&mut self, step: usize, what: &str) -> Result<(), Refused> {
        let no = ["other", "no", "else", "false"];
        let no = what.to_lowercase().split_whitespace().any(|word| no.contains(&word));
        let Some(at) = Some(step).filter(|at| self.branches(*at)).or_else(|| self.branch_of(step)) else {
            return self.remove_step(step);
        };
        let links = self.canvas.links_out(at);
        let up = self.canvas.upstream(step);
        let leads = |output: &str| links.iter().any(|link| link.output == output && up.get(link.to) == Some(&true));
        let no = if at == step { no } else { leads("no_output") };
        let side = if no { "no_output" } else { "yes_output" };
        let told = |link: &&Link| link.output != crate::catalogue::ERROR_OUTPUT;
        let reached = |own: bool| {
            let links = links.iter().filter(told).filter(|link| (link.output == side) == own);
            let down = self.canvas.downstream_of(links.map(|link| link.to).collect()).into_iter().enumerate();
            down.filter_map(|(step, reached)| reached.then_some(step)).collect::<HashSet<usize>>()
        };
        let (gone, left) = (reached(true), reached(false));
        let mut gone: HashSet<usize> = gone.difference(&left).copied().collect();
        let works = |steps: &HashSet<usize>| steps.iter().any(|step| !self.canvas.is_door(*step));
        if !works(&gone) || !works(&left) {
            let title = self.canvas.title(at);
            return Err(Refused::unsupported(format!(
                "Only one thing follows on {title}: there is no branch to take away."
            )));
        }
        // The last output of the agent tells what is left.
        let shown = |at: &usize| self.canvas.is(*at, |block| block.is_agent_output());
        if !(0..self.canvas.steps.len()).any(|step| shown(&step) && !gone.contains(&step))
            && let Some(kept) = (0..self.canvas.steps.len()).find(|at| gone.contains(at) && shown(at))
            && let Some(last) = self.canvas.working().into_iter().rfind(|step| !gone.contains(step))
            && let Some(output) = self.canvas.gives(last)
        {
            gone.remove(&kept);
            self.canvas.route((last, &output), kept, "value");
            self.canvas.bind(kept, "name", Binding::Value(Value::from("Result")));
        }
        self.canvas.close_in(&mut gone);
        self.canvas.remove(&gone);
        Ok(())
    }

    /// The nearest condition that a step rests on.
    fn branch_of(&self, step: usize) -> Option<usize> {
        let up = self.canvas.upstream(step);
        self.canvas.working().into_iter().rfind(|at| up.get(*at) == Some(&true) && *at != step && self.branches(*at))
    }

    /// A value goes from a list, or words from a text.
    pub(super) fn remove_value(&mut self, value: &str, place: &str) -> Option<Result<(), Refused>> {
        let wanted = Wanted::of(self.canvas.known, place);
        let fields = self.canvas.fields(&wanted);
        let steps = self.canvas.best(&wanted, Among::Working);
        if fields.is_empty() && steps.is_empty() {
            return None;
        }
        let value = bare(value).trim_start_matches("the ").to_owned();
        let holders = fields
            .iter()
            .map(|field| self.canvas.keeper(field))
            .chain(
                steps
                    .iter()
                    .flat_map(|at| self.canvas.holders(*at))
                    .map(|holder| Field { at: holder.at, name: holder.name }),
            )
            .collect::<Vec<_>>();
        for field in holders {
            if let Some(done) = self.take_from(&field, &value) {
                return Some(done);
            }
        }
        let both = Wanted::of(self.canvas.known, &format!("{value} of {place}"));
        let inputs = self.canvas.fields(&both);
        match self.canvas.one_field(inputs, self.context) {
            Ok(Some(field)) => Some(self.empty(&field)),
            Ok(None) => None,
            Err(refused) => Some(Err(refused)),
        }
    }

    fn take_from(&mut self, field: &Field, value: &str) -> Option<Result<(), Refused>> {
        let fresh = match self.canvas.value(field.at, &field.name)? {
            Value::Array(list) => {
                let left: Vec<Value> =
                    list.iter().filter(|entry| !crate::patcher::find::same(entry, value)).cloned().collect();
                if left.len() == list.len() {
                    return None;
                }
                if left.is_empty() {
                    let title = self.canvas.title(field.at);
                    return Some(Err(Refused::unsupported(format!(
                        "\"{}\" is the only one in {title}.",
                        shortened(value, 60)
                    ))));
                }
                Value::Array(left)
            }
            Value::String(text) => {
                let span = crate::patcher::find::position(text, value)?;
                let (before, after) = (text.get(..span.start)?, text.get(span.end..)?);
                let after = after.trim_start_matches([',', ';']);
                let joined = format!("{}{after}", before.trim_end_matches([' ', ',', ';']));
                Value::String(joined.trim().to_owned())
            }
            _ => return None,
        };
        if fresh == Value::String(String::new()) {
            return Some(self.empty(field));
        }
        self.canvas.bind(field.at, &field.name, Binding::Value(fresh));
        Some(Ok(()))
    }

    /// Words that stand in one text go from it.
    pub(super) fn remove_words(&mut self, what: &str) -> Option<Result<(), Refused>> {
        let value = bare(what).to_owned();
        let quoted = what.trim().starts_with(['"', '“', '\'', '‘', '@', '#']);
        if !quoted {
            return None;
        }
        let holders: Vec<Field> = self
            .canvas
            .working()
            .into_iter()
            .flat_map(|at| self.canvas.holders(at))
            .filter(|holder| {
                crate::patcher::find::same(&holder.value, &value)
                    || holder.value.as_str().is_some_and(|text| crate::patcher::find::contains(text, &value))
            })
            .map(|holder| Field { at: holder.at, name: holder.name })
            .collect();
        match holders.as_slice() {
            [field] => self.take_from(&field.clone(), &value),
            _ => None,
        }
    }
}
