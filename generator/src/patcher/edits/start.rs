//! Something from outside starts the agent.

use serde_json::{Value, json};

use super::Edit;
use crate::{
    patcher::{
        canvas::words::{alike, words},
        find::Wanted,
        refused::Refused,
    },
    plan::model::{Binding, Input, Step},
    text::shortened,
};

impl Edit<'_, '_> {
    /// The block of the event comes in place of what starts the agent now.
    pub(super) fn start_by(&mut self, event: &str) -> Result<(), Refused> {
        let known = self.canvas.known;
        let wanted = Wanted::of(known, event);
        let service = self.service_in(event);
        let triggers = known.catalogue.blocks().iter().filter(|block| block.trigger);
        let fit = |block: &crate::catalogue::Block| -> u32 {
            let names: Vec<String> = words(known, &block.title())
                .into_iter()
                .chain(known.names_of(block).iter().flat_map(|name| words(known, name)))
                .collect();
            let own = known.meaning(block).service.is_some() && known.meaning(block).service == service;
            if service.is_some() && !own {
                return 0;
            }
            wanted.words.iter().map(|word| names.iter().map(|name| alike(word, name)).max().unwrap_or(0)).sum::<u32>()
                + u32::from(own) * 3
        };
        let best = triggers.map(|block| (fit(block), block)).filter(|(fit, _)| *fit > 2).max_by_key(|(fit, block)| {
            // "a webhook" is not that of a service which nobody named.
            let foreign = known.meaning(block).service.is_some() && service.is_none();
            (*fit, !foreign, std::cmp::Reverse(block.name.len()))
        });
        let Some((_, block)) = best else {
            return Err(Refused::unserved(format!(
                "No available block starts an agent by this: \"{}\".",
                shortened(event, 80)
            )));
        };
        let (id, title) = (block.id.clone(), block.title());
        let output = crate::plan::given(known, block);
        let at = self.canvas.steps.len();
        let set = known.of(block).map(|knows| knows.set.clone()).unwrap_or_default();
        let inputs = set.into_iter().map(|(name, value)| Input { name, binding: Binding::Value(value) }).collect();
        self.canvas.add(vec![Step { block: id, title, says: String::new(), inputs }]);
        self.ask_missing(at)?;
        // What a person gave at the start comes with the event now.
        let old: Vec<usize> = (0..at).filter(|old| self.canvas.is(*old, |block| block.trigger)).collect();
        let inputs: Vec<usize> = self
            .canvas
            .order()
            .iter()
            .copied()
            .filter(|old| {
                *old < at
                    && self.canvas.is(*old, |block| block.is_agent_input())
                    && self.canvas.value(*old, "value").is_none_or(Value::is_null)
            })
            .filter(|old| {
                let work = |link: &crate::patcher::canvas::Link| {
                    !self.canvas.delivers(link.to)
                        && self.canvas.main_link(link.to).is_some_and(|main| main.from == *old)
                };
                self.canvas.links_out(*old).iter().any(work)
            })
            .collect();
        let from = if old.is_empty() { inputs } else { old };
        let mut gone = std::collections::HashSet::new();
        if let ([source], Some(output)) = (from.as_slice(), output) {
            for link in self.canvas.links_out(*source) {
                self.canvas.route((at, &output), link.to, &link.input);
            }
            gone.insert(*source);
        }
        if self.cron().is_some() {
            self.canvas.agent.insert("recommended_schedule_cron".to_owned(), json!(null));
        }
        self.canvas.remove(&gone);
        Ok(())
    }
}
