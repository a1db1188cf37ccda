//! The patcher: a wish in words and an agent become the changed agent, or a question, or the reason why not.
//!
//! All or nothing: the changes are made to a copy, and the copy is handed out only when the validator has passed it.

mod draft;
mod edits;
pub mod list;
mod order;
mod outputs;
mod request;
mod setting;
mod target;
mod words;

use serde_json::{Value, json};
use shared::{account::LeftOut, error_type::ErrorType, failure::Failure, port::Question};

use self::{draft::Draft, request::Change};
use crate::{
    Watch,
    catalogue::Catalogue,
    fixer::{self, Reach},
    knowledge::Knowledge,
    validator,
};

/// What became of a wished change.
#[derive(Debug)]
pub enum Patched {
    /// The complete changed agent, and what of the wish it does not have.
    Agent(Value, Vec<LeftOut>),
    /// What has to be known first.
    Questions(Vec<Question>),
}

/// Why a change was not made.
#[derive(Debug)]
enum Refused {
    /// It cannot be made; the text says what there is.
    Impossible(String),
    /// It is not clear what is meant.
    Open(Vec<Question>),
    /// It asks for too much, or the time is over.
    Failed(Failure),
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Changes an agent as `update_request` wishes. Fails with `patch_error` where that cannot be done, and with
/// `validation_error` where the agent is none, or would not hold afterwards. Fails with `request_too_large` where too much is
/// wished for, and with `timeout` where `watch` says so.
pub fn patch(knowledge: &Knowledge, update_request: &str, agent: Value, watch: Watch<'_>) -> Result<Patched, Failure> {
    watch.check()?;
    let Value::Object(object) = &agent else {
        return Err(validator::refusal(&["the current agent is no object".to_owned()]));
    };
    validator::Graph::of(&knowledge.catalogue, &agent).map_err(|faults| validator::refusal(&faults))?;
    let (changes, context) = request::read(update_request)?;
    if changes.is_empty() {
        return Ok(Patched::Questions(vec![what_to_change()]));
    }
    let mut draft = Draft::of(object.clone());
    let mut questions = Vec::new();
    for change in &changes {
        watch.check()?;
        match make(knowledge, &mut draft, change, context, watch) {
            Ok(()) => {}
            Err(Refused::Failed(failure)) => return Err(failure),
            Err(Refused::Impossible(why)) => return Err(Failure::quoting(ErrorType::PatchError, why)),
            Err(Refused::Open(open)) => questions.extend(open),
        }
    }
    if !questions.is_empty() {
        questions.dedup();
        questions.truncate(5);
        return Ok(Patched::Questions(questions));
    }
    watch.check()?;
    let left_out = std::mem::take(&mut draft.left_out);
    Ok(Patched::Agent(judged(&knowledge.catalogue, &agent, draft.into_agent())?, left_out))
}

/// The changed agent, mended where the change touched it.
pub(crate) fn mended(catalogue: &Catalogue, before: &Value, after: Value) -> Value {
    let reach = Reach::of_change(before, &after);
    fixer::fix(catalogue, after, &reach)
}

/// The changed agent, mended where the change touched it; `validation_error` where it does not hold.
fn judged(catalogue: &Catalogue, before: &Value, after: Value) -> Result<Value, Failure> {
    let after = mended(catalogue, before, after);
    let faults = validator::faults_of_change(catalogue, before, &after);
    if faults.is_empty() { Ok(after) } else { Err(validator::refusal(&faults)) }
}

fn make(
    knowledge: &Knowledge,
    draft: &mut Draft,
    change: &Change,
    context: Option<&str>,
    watch: Watch<'_>,
) -> Result<(), Refused> {
    match change {
        Change::Rename(name) if !name.trim().is_empty() => {
            draft.agent.insert("name".to_owned(), json!(name));
            Ok(())
        }
        Change::Rename(_) => Err(Refused::Open(vec![what_to_change()])),
        Change::Describe(text) => {
            draft.agent.insert("description".to_owned(), json!(text));
            Ok(())
        }
        Change::Remove(what) => edits::remove(knowledge, draft, what, context),
        Change::Replace { old, new } => edits::replace(knowledge, draft, (old, new), context, watch),
        Change::Set { what, value } => setting::set(knowledge, draft, what, value, context),
        Change::Clear(what) => setting::clear(knowledge, draft, what, context),
        Change::Use(value) => setting::use_value(knowledge, draft, value, context, watch),
        Change::Place { what, side, of, said } => {
            order::place(knowledge, draft, (what, *side, of), said, context, watch)
        }
        Change::Show(words) => outputs::show(knowledge, draft, words, context),
        Change::Other(words) => edits::add(knowledge, draft, words, context, watch),
    }
}

fn what_to_change() -> Question {
    Question {
        question:
            "What should be changed: the name, the description, a step to add or remove, or the value of an input?"
                .to_owned(),
        keyword: "change".to_owned(),
        example: Some("Set the subject to \"Weekly news\"".to_owned()),
    }
}
