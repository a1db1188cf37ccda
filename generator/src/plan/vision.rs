//! Pictures: a language model reads no file, so what is on a picture becomes a text first.

use serde_json::json;

use super::{build::Builder, draft::Flow};

const PICTURES: [&str; 6] = ["image", "screenshot", "scan", "scanned", "drawing", "selfie"];
/// A model that answers a prompt about a picture.
const MODEL: &str = "yorickvp/llava-13b";
const IMAGE: &str = "model_inputs_#_image";

impl Builder<'_, '_> {
    /// The text of what is on it, if it is a picture that somebody gave or sent.
    pub(super) fn seen(&mut self, datum: usize, flow: Flow) -> Flow {
        let given = self
            .draft
            .block(flow.step)
            .is_some_and(|block| matches!(block.name.as_str(), "AgentFileInputBlock" | "GetTelegramFileBlock"));
        let words = |noun: &String| noun.split(' ').any(|word| PICTURES.contains(&word));
        let picture = self.draft.data.get(datum).is_some_and(|datum| datum.nouns.iter().any(words));
        let Some(block) = self.known.catalogue.by_name("ReplicateModelBlock").filter(|_| given && picture) else {
            return flow;
        };
        let looks = self.draft.steps.iter().position(|step| step.binding(IMAGE) == Some(&flow.binding()));
        let step = looks.unwrap_or_else(|| {
            let asks = "Describe all that is to be seen here, and copy every text, number and date exactly.";
            let values = [("model_name", json!(MODEL)), ("model_inputs_#_prompt", json!(asks))];
            self.step_of(block, "Look at the picture, and copy the text on it", &values, &[(IMAGE, flow.clone())])
        });
        Flow { name: flow.name, ..self.draft.flow(step, "result") }
    }
}
