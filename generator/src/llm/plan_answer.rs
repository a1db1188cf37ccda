//! An answer of the form `prompts/plan.schema.json`: a plan, or what the model says in its place.

use shared::port::Question;

use super::{
    dialogue::Misfit,
    library::Library,
    plan_form::{self, Form, Kind, NO_STEPS},
    said::{self, Said},
    tasks,
};
use crate::{knowledge::Knowledge, plan::model::Plan, validator};

#[derive(Debug)]
pub(super) enum Answer {
    Plan(Plan),
    Questions(Vec<Question>),
    Unachievable { reason: Option<String>, suggested_goal: Option<String> },
    Vague { suggested_goal: Option<String> },
}

/// Fails with `llm_parse_error` if the answer does not match the schema, with `validation_error` that names every faulty
/// step if the steps do not make a plan.
pub(super) fn parse(knowledge: &Knowledge, library: &Library, text: &str) -> Result<Answer, Misfit> {
    let Said { form, misnamed, .. } = said::parse::<Form>(text, tasks::PLAN.schema)?;
    Ok(match form.kind {
        Kind::Instructions if form.steps().is_empty() => return Err(said::unreadable(NO_STEPS).into()),
        Kind::Instructions => {
            let outline = plan_form::outline(&knowledge.catalogue, library, form);
            let slips = outline.slips.iter().map(|slip| format!("{}: {}", slip.path(), slip.wrong.message()));
            let faults: Vec<String> = misnamed.into_iter().chain(slips).collect();
            if !faults.is_empty() {
                return Err(validator::refusal(&faults).into());
            }
            Answer::Plan(outline.plan)
        }
        Kind::ClarifyingQuestions => Answer::Questions(said::questions(form.questions)?),
        Kind::UnachievableGoal => Answer::Unachievable {
            reason: said::sentence(form.reason.as_deref()),
            suggested_goal: said::sentence(form.suggested_goal.as_deref()),
        },
        Kind::VagueGoal => Answer::Vague { suggested_goal: said::sentence(form.suggested_goal.as_deref()) },
    })
}
