//! Which step a person means.

use shared::port::Question;

use super::phrase::Wanted;
use crate::{
    patcher::{canvas::Canvas, refused::Refused},
    text::shortened,
};

/// Which steps come into question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::patcher) enum Among {
    /// Inputs and outputs of the agent too.
    Everything,
    /// What does something.
    Working,
    Inputs,
    Outputs,
    /// What a language model does by a prompt.
    Thinking,
}

impl Canvas<'_> {
    fn are_among(&self, at: usize, among: Among) -> bool {
        !self.is_note(at)
            && match among {
                Among::Everything => true,
                Among::Working => !self.is_door(at),
                Among::Inputs => self.is(at, |block| block.is_agent_input()),
                Among::Outputs => self.is(at, |block| block.is_agent_output()),
                Among::Thinking => self.thinks(at),
            }
    }

    /// The steps that `wanted` fits best: every word of it has to name the step, or stand in it as a value.
    pub(in crate::patcher) fn best(&self, wanted: &Wanted, among: Among) -> Vec<usize> {
        let among = match among {
            Among::Everything if wanted.output && !wanted.input => Among::Outputs,
            Among::Everything if wanted.input && !wanted.output => Among::Inputs,
            other => other,
        };
        let candidates: Vec<usize> = self.order().iter().copied().filter(|at| self.are_among(*at, among)).collect();
        let exact: Vec<usize> = candidates
            .iter()
            .copied()
            .filter(|at| {
                !wanted.exact.is_empty()
                    && (self.title(*at).to_lowercase() == wanted.exact
                        || self.title(*at).to_lowercase() == wanted.whole
                        || self.ids.get(*at).is_some_and(|id| id.to_lowercase() == wanted.exact))
            })
            .collect();
        if !exact.is_empty() {
            return exact;
        }
        // "'Send to Telegram 30' should only happen": a title in quotation marks says it.
        let titled = |at: &usize| wanted.quoted.contains(&self.title(*at).to_lowercase());
        if !wanted.quoted.is_empty() {
            let titled: Vec<usize> = candidates.iter().copied().filter(titled).collect();
            if !titled.is_empty() {
                return titled;
            }
        }
        if let Some(number) = &wanted.number {
            let titled = Wanted {
                values: wanted.values.iter().chain([number]).cloned().collect(),
                number: None,
                place: None,
                ..wanted.clone()
            };
            let titled = self.best(&titled, among);
            if !titled.is_empty() {
                return titled;
            }
        }
        if wanted.words.is_empty() && wanted.values.is_empty() {
            let works: Vec<usize> =
                candidates.into_iter().filter(|at| among != Among::Everything || !self.is_door(*at)).collect();
            let place = match wanted.place {
                Some(usize::MAX) => works.len().checked_sub(1),
                Some(place) => Some(place),
                None if works.len() == 1 => Some(0),
                None => None,
            };
            return place.and_then(|place| works.get(place).copied()).into_iter().collect();
        }
        let names = self.names();
        let fit = |at: usize| -> u32 {
            let Some(names) = names.get(at) else { return 0 };
            let mut total = 0;
            for word in &wanted.words {
                match names.fit(word) {
                    0 if self.holds(at, word) => total += 2,
                    0 => return 0,
                    fit => total += fit,
                }
            }
            for value in &wanted.values {
                match names.fit(&value.to_lowercase()) {
                    0 if self.holds(at, value) => total += 6,
                    0 => return 0,
                    fit => total += fit,
                }
            }
            total * 2 + u32::from(!self.is_helper(at) && !self.is_door(at))
        };
        let scored: Vec<(u32, usize)> =
            candidates.into_iter().map(|at| (fit(at), at)).filter(|(fit, _)| *fit > 0).collect();
        let most = scored.iter().map(|(fit, _)| *fit).max().unwrap_or(0);
        let best: Vec<usize> = scored.into_iter().filter(|(fit, _)| *fit == most).map(|(_, at)| at).collect();
        match wanted.place {
            Some(usize::MAX) => best.last().copied().into_iter().collect(),
            Some(place) if best.len() > 1 => best.get(place).copied().into_iter().collect(),
            _ => best,
        }
    }

    /// The step that `text` means. Refused where there is none, asked where it may be one of several.
    pub(in crate::patcher) fn step(&self, text: &str, among: Among, context: Option<&str>) -> Result<usize, Refused> {
        let wanted = Wanted::of(self.known, text);
        let best = self.best(&wanted, among);
        self.one_of(best, context)?.ok_or_else(|| self.no_step(text))
    }

    /// The only one; by what the person added where there are several.
    pub(in crate::patcher) fn one_of(&self, best: Vec<usize>, context: Option<&str>) -> Result<Option<usize>, Refused> {
        if best.len() > 1
            && let Some(context) = context
        {
            let wanted = Wanted::of(self.known, &shortened(context, 2_000));
            let names = self.names();
            let fit = |at: &usize| -> u32 {
                wanted.words.iter().map(|word| names.get(*at).map_or(0, |names| names.fit(word))).sum()
            };
            let most = best.iter().map(fit).max().unwrap_or(0);
            let meant: Vec<usize> = best.iter().copied().filter(|at| fit(at) == most).collect();
            if most > 0 && meant.len() == 1 {
                return Ok(meant.first().copied());
            }
        }
        match best.as_slice() {
            [] => Ok(None),
            [only] => Ok(Some(*only)),
            several => Err(self.which(several)),
        }
    }

    pub(in crate::patcher) fn which(&self, steps: &[usize]) -> Refused {
        let example = steps.first().map(|at| self.title(*at));
        Refused::Open(vec![Question {
            question: format!("Which step do you mean: {}?", self.told_apart(steps)),
            keyword: "step".to_owned(),
            example,
        }])
    }

    /// Titles of steps; those of one title with what stands in them, or with their place.
    fn told_apart(&self, steps: &[usize]) -> String {
        let order = self.working();
        let shown: Vec<String> = steps
            .iter()
            .take(8)
            .map(|at| {
                let title = self.title(*at);
                let same = steps.iter().filter(|other| self.title(**other) == title).count();
                match order.iter().position(|other| other == at) {
                    Some(place) if same > 1 => format!("{title} (step {})", place + 1),
                    _ => title,
                }
            })
            .collect();
        let more = steps.len() - shown.len();
        let more = if more > 0 { format!(" or one of {more} more") } else { String::new() };
        format!("{}{more}", shown.join(", "))
    }

    /// No step is meant: what there is.
    pub(in crate::patcher) fn no_step(&self, text: &str) -> Refused {
        let titles: Vec<String> = self.working().into_iter().take(20).map(|at| self.title(at)).collect();
        let titles = if titles.is_empty() { "none".to_owned() } else { titles.join(", ") };
        Refused::impossible(format!(
            "There is no step \"{}\" in the agent. Its steps are: {titles}.",
            shortened(super::phrase::bare(text), 80)
        ))
    }
}
