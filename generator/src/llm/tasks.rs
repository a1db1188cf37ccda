//! The tasks for the model: prompts and answer schemas.

use crate::model::AnswerForm;

/// What is the same in every request of a task.
#[derive(Debug)]
pub(super) struct Prompt {
    pub(super) instructions: &'static str,
    /// Further examples, left out if the window is small.
    pub(super) examples: &'static str,
    pub(super) form: AnswerForm,
}

pub(crate) const PLAN: AnswerForm = AnswerForm {
    name: "plan",
    description: "The steps of an agent, or questions, or why it cannot be built.",
    schema: include_str!("../../prompts/plan.schema.json"),
    strict: true,
};

/// Goal -> steps.
pub(super) static DECOMPOSE: Prompt = Prompt {
    instructions: concat!(include_str!("../../prompts/decompose.md"), include_str!("../../prompts/wiring.md")),
    examples: include_str!("../../prompts/decompose.examples.md"),
    form: PLAN,
};

/// Foreign steps -> our steps.
pub(super) static GENERATE: Prompt = Prompt {
    instructions: concat!(include_str!("../../prompts/generate.md"), include_str!("../../prompts/wiring.md")),
    examples: include_str!("../../prompts/generate.examples.md"),
    form: PLAN,
};

/// Agent and request -> patches. Not strict: values of nodes have any shape.
pub(super) static PATCH: Prompt = Prompt {
    instructions: concat!(include_str!("../../prompts/patch.md"), include_str!("../../prompts/wiring.md")),
    examples: include_str!("../../prompts/patch.examples.md"),
    form: AnswerForm {
        name: "patch",
        description: "The changes to an agent, or questions.",
        schema: include_str!("../../prompts/patch.schema.json"),
        strict: false,
    },
};
