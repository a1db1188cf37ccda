//! Pictures: a language model reads no file, so what is on a picture becomes a text first.

use serde_json::json;

use crate::plan::steps::{build::Builder, draft::Flow};

const PICTURES: [&str; 6] = ["image", "screenshot", "scan", "scanned", "drawing", "selfie"];
/// A model that answers a prompt about a picture.
const MODEL: &str = "anthropic/claude-3.7-sonnet";
const IMAGE: &str = "model_inputs_#_image";

impl Builder<'_, '_> {
    /// A picture that somebody gave or sent, if a block can look at it.
    pub(in crate::plan) fn is_to_be_seen(&self, datum: usize) -> bool {
        let words = |noun: &String| noun.split(' ').any(|word| PICTURES.contains(&word));
        let picture = self.draft.data.get(datum).filter(|datum| datum.nouns.iter().any(words));
        let block = picture.and_then(|datum| self.draft.block(datum.flow.step));
        block.is_some_and(|block| {
            matches!(block.name.as_str(), "AgentFileInputBlock" | "GetTelegramFileBlock" | "ScreenshotWebPageBlock")
        }) && self.known.catalogue.by_name("ReplicateModelBlock").is_some()
    }

    /// The text of what is on it.
    pub(in crate::plan) fn seen(&mut self, datum: usize, flow: Flow) -> Flow {
        let sees = self.is_to_be_seen(datum);
        let Some(block) = self.known.catalogue.by_name("ReplicateModelBlock").filter(|_| sees) else { return flow };
        let looks = self.draft.steps.iter().position(|step| step.binding(IMAGE) == Some(&flow.binding()));
        let step = looks.unwrap_or_else(|| {
            let asks = "Describe all that is to be seen here, and copy every text, number and date exactly.";
            let values = [("model_name", json!(MODEL)), ("model_inputs_#_prompt", json!(asks))];
            self.step_of(block, "Look at the picture, and copy the text on it", &values, &[(IMAGE, flow.clone())])
        });
        Flow { name: flow.name, ..self.draft.flow(step, "result") }
    }
}
