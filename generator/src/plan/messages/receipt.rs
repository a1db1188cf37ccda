//! What an operation gave back: told to the person if they ask for it, or if there is nothing else to tell.

use crate::{
    plan::{clauses::act::Act, steps::build::Builder},
    reading::{Determiner, Phrase},
};

/// Nouns for where to find what was made.
const PLACES: [&str; 4] = ["link", "url", "address", "permalink"];
/// Nouns for the word that something was done.
const WORDS: [&str; 6] = ["confirmation", "receipt", "result", "status", "outcome", "id"];

impl Builder<'_, '_> {
    /// "Create a document and mail me the link": what the last step gave, if an object asks for it.
    pub(in crate::plan) fn asked_receipt(&mut self, act: &Act<'_>) -> Option<usize> {
        let with = act
            .arguments(&["with"])
            .map(|argument| &argument.phrase)
            .filter(|phrase| phrase.determiner == Determiner::The);
        let told: Vec<&Phrase> = act.frame.objects.iter().chain(with).collect();
        let last = |phrase: &Phrase| phrase.head.rsplit(' ').next().unwrap_or_default().to_owned();
        let asks = |nouns: &[&str]| told.iter().any(|phrase| nouns.contains(&last(phrase).as_str()));
        let last = self.draft.data.len().checked_sub(1)?;
        let datum = self.draft.data.get(last).filter(|datum| datum.receipt)?;
        if asks(&WORDS) && !self.draft.has_data() {
            return Some(last);
        }
        if !asks(&PLACES) {
            return None;
        }
        let (step, under) = (datum.flow.step, datum.under);
        let outputs = self.draft.block(step)?.output_schema();
        let named = |output: &&str| output.split('_').any(|word| PLACES.contains(&word));
        let output = outputs.properties.iter().map(|(name, _)| name).find(named)?.to_owned();
        let flow = self.draft.flow(step, &output);
        let place = self.draft.given(flow, vec!["link".to_owned()]);
        if let Some(datum) = self.draft.data.get_mut(place) {
            datum.under = under;
        }
        Some(place)
    }

    /// The last thing that was done, if all that was done are operations.
    pub(in crate::plan) fn last_receipt(&self) -> Option<usize> {
        self.draft.data.iter().rposition(|datum| datum.receipt)
    }
}
