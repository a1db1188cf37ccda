//! What goes past a step in one case: "skip the wait if it is urgent".

use std::collections::HashSet;

use super::Edit;
use crate::{
    patcher::{canvas::Link, refused::Refused},
    plan::model::{Binding, Step},
};

/// The most steps that are done a second time.
const LONGEST: usize = 4;

impl Edit<'_, '_> {
    /// "the wait": the one step that waits.
    pub(super) fn timer_of(&self, text: &str) -> Option<usize> {
        let waits = ["wait", "delay", "pause", "timer", "countdown"];
        let named = text.split_whitespace().any(|word| waits.contains(&word.to_lowercase().as_str()));
        let mut timers = self.canvas.working();
        timers.retain(|at| named && self.canvas.is(*at, |block| block.name == "CountdownTimerBlock"));
        timers.first().copied().filter(|_| timers.len() == 1)
    }

    /// Whether a step gives what it takes, later or if a person agrees.
    pub(super) fn hands_on(&self, at: usize) -> bool {
        self.canvas.is(at, |block| matches!(block.name.as_str(), "CountdownTimerBlock" | "HumanInTheLoopBlock"))
    }

    /// In one case what a step takes goes past it, to a second step of the kind that takes it now.
    pub(super) fn pass_by(&mut self, at: usize, condition: &str) -> Result<(), Refused> {
        let Some(link) = self.canvas.main_link(at) else { return Err(self.lost(condition)) };
        // The one way from there to what goes out.
        let mut way: Vec<Link> = Vec::new();
        while way.len() < LONGEST && way.last().is_none_or(|last| !self.canvas.delivers(last.to)) {
            let from = way.last().map_or(at, |last| last.to);
            let mut takers: Vec<Link> = self.canvas.links_out(from);
            takers.retain(|link| !self.canvas.is_door(link.to));
            let [taken] = takers.as_slice() else { break };
            way.push(taken.clone());
        }
        if way.last().is_none_or(|last| !self.canvas.delivers(last.to)) {
            return Err(Refused::unsupported(format!(
                "What comes after {} would be skipped with it: what should happen then has to be said.",
                self.canvas.title(at)
            )));
        }
        let (yes, no) = self.condition(condition, &link, self.upto(at, false))?;
        self.rebind(&link, no);
        let mut given = yes;
        for taken in way {
            let Some(step) = self.canvas.steps.get(taken.to).cloned() else { return Err(self.lost(condition)) };
            let output = self.canvas.gives(taken.to).unwrap_or_default();
            let copy = self.canvas.steps.len();
            let title = format!("{} at once", step.title);
            self.canvas.add(vec![Step { title, ..step }]);
            self.canvas.bind(copy, &taken.input, given);
            given = Binding::From { step: copy, output };
        }
        Ok(())
    }

    /// What comes anew behind a step that is passed by in one case would not be done in that case.
    pub(super) fn both_ways(&self, old: &HashSet<String>) -> Result<(), Refused> {
        if self.operation.place.is_some() {
            return Ok(());
        }
        let is_old = |at: usize| self.canvas.ids.get(at).is_some_and(|id| old.contains(id));
        let block = |at: usize| self.canvas.block(at).map(|block| block.id.as_str());
        for at in self.canvas.working().into_iter().filter(|at| is_old(*at) && self.hands_on(*at)) {
            let Some(way) = self.canvas.main_link(at).filter(|way| is_old(way.from)) else { continue };
            let other = match way.output.as_str() {
                "no_output" => "yes_output",
                "yes_output" => "no_output",
                _ => continue,
            };
            let to = |from: usize, leaves: &dyn Fn(&str) -> bool| -> Vec<usize> {
                let links = self.canvas.links_out(from).into_iter();
                links.filter(|link| leaves(&link.output) && !self.canvas.is_door(link.to)).map(|link| link.to).collect()
            };
            let behind = to(at, &|output| output != "rejected_data");
            let past = to(way.from, &|output| output == other);
            let twins = |at: usize, among: &[usize]| among.iter().filter(|one| block(**one) == block(at)).count();
            let goes_by = behind.iter().any(|at| is_old(*at) && twins(*at, &past) > 0);
            let alone = behind.iter().find(|at| !is_old(**at) && twins(**at, &behind) > twins(**at, &past));
            if let Some(alone) = alone.filter(|_| goes_by) {
                return Err(Refused::unsupported(format!(
                    "{} would only be done after {}, and not where it is passed by: say after which step it comes.",
                    self.canvas.title(*alone),
                    self.canvas.title(at)
                )));
            }
        }
        Ok(())
    }
}

/// "image", "video_out": an output that is no text.
pub(super) fn is_media(output: &str) -> bool {
    output.split('_').any(|part| matches!(part, "image" | "video" | "audio" | "file" | "screenshot" | "photo"))
}
