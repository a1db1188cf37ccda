//! What earlier runs wrote is remembered, and told to the step that writes, so that it writes something else.

use serde_json::json;

use crate::{
    catalogue::schema::Types,
    plan::{
        model::{Reason, Step},
        steps::{build::Builder, draft::Flow},
    },
};

pub(in crate::plan) const AGAIN: &str = "no step remembers what an earlier run gave: the same may come again";
/// A prompt that grew with every run would be refused one day.
const KEPT: usize = 8_000;

impl Builder<'_, '_> {
    /// What earlier runs wrote, for the first step that writes by itself and not of what was read.
    pub(in crate::plan) fn written_before(&mut self, flows: &[Flow]) -> Option<Flow> {
        let again = self.reading.schedule.is_some() || self.polls;
        let invents = flows.iter().all(|flow| self.draft.is_asked(flow.step));
        let by = |name: &str| self.known.catalogue.by_name(name);
        let (recall, _, _) =
            (by("RetrieveInformationBlock")?, by("PersistInformationBlock")?, by("FillTextTemplateBlock")?);
        let span = self.unlike.take_if(|_| again && invents)?;
        self.cover.close(&span);
        let values = [("key", json!("written_before")), ("default_value", json!(""))];
        let step = self.step_of(recall, "Recall what was written before", &values, &[]);
        let mut flow = self.draft.flow(step, "value");
        (flow.types, flow.name) = (Types::STRING, "written_before".to_owned());
        Some(flow)
    }

    /// Keeps what `step` writes with what was written before, the newest `KEPT` characters of it.
    pub(in crate::plan) fn keep_written(&mut self, step: usize, before: Flow) {
        let Some(keep) = self.known.catalogue.by_name("PersistInformationBlock") else { return };
        let written = Flow { name: "written".to_owned(), ..self.draft.flow(step, "response") };
        let written = self.draft.fit(&written, Types::STRING);
        let both = [before, Flow { name: "written".to_owned(), ..written }];
        let newest = format!("{{{{written_before[-{KEPT}:]}}}}\n\n{{{{written}}}}");
        let all = self.draft.fill_in(&both, &newest, "Add it to what was written before");
        self.step_of(keep, "Remember it for the next run", &[("key", json!("written_before"))], &[("value", all)]);
    }

    /// Another one each time: told if nothing remembers the last ones, and no reader brings only what is new.
    pub(in crate::plan) fn leave_repeated(&mut self) {
        let again = self.reading.schedule.is_some() || self.polls;
        let Some(span) = self.unlike.take().filter(|_| again) else { return };
        self.cover.close(&span);
        if !self.remembers() {
            self.leave(self.text(&span), Reason::NotSupported, AGAIN);
        }
    }

    /// Whether something is kept for the next run, or a reader brings only what came since the last one.
    pub(in crate::plan) fn remembers(&self) -> bool {
        self.draft.every_step().any(|step: &Step| {
            let block = self.known.catalogue.by_id(&step.block);
            block.is_some_and(|block| {
                let windowed = self.is_windowed(block) && block.name != "SearchTheWebBlock";
                block.name == "PersistInformationBlock" || windowed
            })
        })
    }
}
