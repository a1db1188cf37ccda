//! "When an issue is labelled bug": it starts at every label, so the labels are looked at first.

use crate::{
    catalogue::schema::Types,
    plan::{clauses::act::Act, steps::build::Builder, wording::english},
};

impl<'r> Builder<'_, 'r> {
    /// Lets only what has the label go on, if the trigger tells the labels.
    pub(super) fn only_labelled(&mut self, guard: usize, act: &Act<'r>) -> Option<()> {
        let labels = matches!(act.plain_lemma(), "label" | "tag") && act.frame.passive && !act.frame.negated;
        let named = act.frame.objects.first().or_else(|| act.arguments(&["as", "with"]).map(|of| &of.phrase).next());
        let said = named.filter(|phrase| labels && !phrase.pronoun && phrase.services.is_empty())?.span.clone();
        let event = self.draft.data.len().checked_sub(1)?;
        let step = self.draft.data.get(event)?.flow.step;
        self.draft.block(step)?.output_schema().properties.get("labels")?;
        let flow = self.draft.flow(step, "labels");
        let text = self.draft.fit(&flow, Types::STRING);
        let label = english::tidy(self.text(&said)).trim_matches(['"', '\'', '“', '”']).to_owned();
        let scope = self.scope.replace(guard);
        self.check(guard, event, &format!("one of these labels is {label}"), Some(text));
        self.scope = scope;
        self.cover.close(&said);
        Some(())
    }
}
