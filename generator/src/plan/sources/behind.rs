//! "I paste a URL, sum it up": what is summed up is the page behind the address.

use crate::plan::{clauses::act, model::Binding, steps::build::Builder};

impl Builder<'_, '_> {
    /// The text behind an address that the person gives and nothing has read; any other datum as it is.
    pub(in crate::plan) fn text_behind(&mut self, index: usize) -> usize {
        let Some(datum) = self.draft.data.get(index) else { return index };
        let step = datum.flow.step;
        let link = datum.nouns.iter().take(2).any(|noun| {
            matches!(
                noun.as_str(),
                "link" | "url" | "website" | "web page" | "webpage" | "page" | "site" | "article link"
            )
        });
        let feeds = |binding: &Binding| matches!(binding, Binding::From { step: from, .. } if *from == step);
        let taken = self.draft.steps.iter().any(|step| step.inputs.iter().any(|input| feeds(&input.binding)));
        let video = act::services_of(self.reading).iter().any(|service| *service == "YouTube");
        let Some(block) = self.known.catalogue.by_name("ExtractWebsiteContentBlock") else { return index };
        if !link || !self.draft.is_asked(step) || taken || video {
            return index;
        }
        let Some(flow) = self.take(index) else { return index };
        let step = self.step_of(block, "Read the web page", &[], &[("url", flow)]);
        self.draft.gives(step, &["page".to_owned()], None).unwrap_or(index)
    }
}
