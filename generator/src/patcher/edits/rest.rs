//! Days on which the agent, or all that it sends, is not wanted.

use super::Edit;
use crate::patcher::{
    find::{Among, Wanted},
    refused::Refused,
};

/// Words for whatever the agent does.
const ANY: &str = "run send post do get receive want need bother disturb annoy check look it this that anything everything something \
    stuff me with go out see hear from start work execute deliver publish";

impl Edit<'_, '_> {
    pub(super) fn rest(&mut self, what: &str, days: &str) -> Result<(), Refused> {
        if self.cron().is_none() {
            return Err(Refused::unsupported(format!(
                "The agent has no schedule, so it cannot rest {days}: it runs when it is started."
            )));
        }
        let known = self.canvas.known;
        let mut wanted = Wanted::of(known, what);
        wanted.words.retain(|word| !ANY.split_whitespace().any(|any| known.vocabulary.canonical(any) == *word));
        let telling = !wanted.is_empty();
        let named: Vec<usize> = if telling { self.canvas.best(&wanted, Among::Working) } else { Vec::new() };
        let delivering: Vec<usize> = self.canvas.working().into_iter().filter(|at| self.canvas.delivers(*at)).collect();
        // Where other things go out too, or other work is done, the schedule is not its own.
        let all = !telling
            || named.iter().any(|at| self.opens(*at))
            || !delivering.is_empty() && delivering.iter().all(|at| named.contains(at));
        // "don't send the digest": whatever it is called, it goes out.
        let sent = named.is_empty() && self.sends(what) && self.service_in(what).is_none();
        if named.is_empty() && telling && !sent {
            return Err(self.canvas.no_step(what));
        }
        if !all && !sent {
            let title = named.first().map(|at| self.canvas.title(*at)).unwrap_or_default();
            return Err(Refused::unsupported(format!(
                "{title} cannot rest {days} by itself: the schedule is that of the whole agent."
            )));
        }
        self.schedule(&format!("not {days}"))
    }

    /// Whether a step is the first that works.
    fn opens(&self, at: usize) -> bool {
        self.canvas.begins(at) || self.canvas.main_link(at).is_none_or(|link| self.canvas.is_door(link.from))
    }
}
