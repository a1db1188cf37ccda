//! What goes past a step in one case: "skip the wait if it is urgent".

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
}

/// "image", "video_out": an output that is no text.
pub(super) fn is_media(output: &str) -> bool {
    output.split('_').any(|part| matches!(part, "image" | "video" | "audio" | "file" | "screenshot" | "photo"))
}
