//! The tasks for the model: prompts and answer schemas.

use super::dialogue::Task;
use crate::model::AnswerForm;

pub(super) const PLAN: AnswerForm = AnswerForm {
    name: "plan",
    description: "The steps of an agent, or questions, or why it cannot be built.",
    schema: include_str!("../../prompts/plan.schema.json"),
    strict: true,
};

/// Goal -> steps.
pub(super) const DECOMPOSE: Task<'static> = Task {
    instructions: concat!(include_str!("../../prompts/decompose.md"), include_str!("../../prompts/wiring.md")),
    form: PLAN,
};

/// Foreign steps -> our steps.
pub(super) const GENERATE: Task<'static> = Task {
    instructions: concat!(include_str!("../../prompts/generate.md"), include_str!("../../prompts/wiring.md")),
    form: PLAN,
};

/// Agent and request -> patches. Not strict: values of nodes have any shape.
pub(super) const PATCH: Task<'static> = Task {
    instructions: concat!(include_str!("../../prompts/patch.md"), include_str!("../../prompts/wiring.md")),
    form: AnswerForm {
        name: "patch",
        description: "The changes to an agent, or questions.",
        schema: include_str!("../../prompts/patch.schema.json"),
        strict: false,
    },
};
