//! The patcher: a wish in words and an agent become the changed agent, or a question, or the reason why not.
//!
//! A wish is read as operations (`wish`), each is made on a `canvas`, and what cannot be made leaves no trace:
//! it is told in `left_out`, or it is the reason why the whole wish is refused.

mod canvas;
mod edits;
mod find;
pub mod list;
mod parts;
mod refused;
mod spoken;
mod twice;
mod unasked;
mod wish;

use serde_json::Value;
use shared::{
    account::{LeftOut, Reason},
    error_type::ErrorType,
    failure::Failure,
    limits::TooMany,
    port::Question,
};

use self::{canvas::Canvas, refused::Refused};
use crate::{
    Watch,
    catalogue::Catalogue,
    fixer::{self, Reach},
    knowledge::Knowledge,
    text::shortened,
    validator,
};

/// What stands between the wish and what the person added to it.
const CONTEXT: &str = "\n\nAdditional context:\n";

/// The longest wish that is read, in characters; more is a text, not a wish.
const LONGEST: usize = 20_000;

/// What is said of a part that is left out, in characters: the steps that there are may be many.
const MESSAGE: usize = 400;

/// What became of a wished change.
#[derive(Debug)]
pub enum Patched {
    /// The complete changed agent, and what of the wish it does not have.
    Agent(Value, Vec<LeftOut>),
    /// What has to be known first.
    Questions(Vec<Question>),
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
    let (wish, context) = match update_request.split_once(CONTEXT) {
        Some((wish, context)) => (wish, Some(context)),
        None => (update_request, None),
    };
    let too_long = wish.chars().count() > LONGEST;
    let operations = if too_long { Vec::new() } else { wish::read(knowledge, wish)? };
    let mut canvas = Canvas::of(knowledge, object.clone());
    if operations.is_empty() {
        return Ok(Patched::Questions(vec![unclear(&canvas, wish)]));
    }
    let (mut questions, mut made, mut lost) = (Vec::new(), 0_usize, 0_usize);
    let mut refused: Vec<(&wish::Operation, Reason, String)> = Vec::new();
    let mut last: Option<String> = None;
    let mut otherwise = Vec::new();
    let mut last_one: Option<&wish::Operation> = None;
    let mut rest = operations.iter().peekable();
    while let Some(operation) = rest.next() {
        watch.check()?;
        let before = canvas.clone();
        let it = it_step(&canvas, last.as_deref());
        let next = rest.peek().copied().filter(|next| operation.begins(next));
        let in_order = next.and_then(|next| edits::sequence(&mut canvas, (operation, next), context, watch));
        if in_order.is_some() {
            rest.next();
        }
        // "validate the address, if it is invalid …": nothing says so if that is not done.
        if let Some((judge, ..)) = refused.last().filter(|_| operation.rests_on_it())
            && last_one.is_some_and(|one| std::ptr::eq(one, *judge))
            && judge.judges()
        {
            let why = format!("It rests on \"{}\", which is not done.", shortened(judge.own(), 120));
            refused.push((operation, Reason::NotSupported, why));
            continue;
        }
        last_one = Some(operation);
        // "send a mail, and write it to a Google Sheet": one sentence, of which this is not all.
        let goes_on = rest.peek().is_some_and(|next| next.said == operation.said);
        let outcome = in_order
            .unwrap_or_else(|| edits::apply(&mut canvas, operation, context, it, watch))
            .and_then(|()| unasked::check(&before, &canvas, operation))
            .and_then(|()| if goes_on { Ok(()) } else { unasked::all_named(&before, &canvas, operation) });
        match outcome {
            Ok(()) => {
                canvas.exchanged = false;
                let told = std::mem::take(&mut canvas.told).into_iter();
                otherwise.extend(told.map(|why| (operation, Reason::NotSupported, why)));
                made += 1;
                last = unasked::touched(&before, &canvas).or(last);
            }
            Err(Refused::Failed(failure)) => return Err(failure),
            // It only told why. A value that it gives is no reason: what it was for is said to be left out.
            Err(_)
                if operation.told
                    && operations.len() > 1
                    && !operation.gives_value()
                    && wish::tells(knowledge, &operation.said) =>
            {
                canvas = before;
            }
            Err(Refused::Impossible(reason, why)) => {
                canvas = before;
                refused.push((operation, reason, why));
            }
            Err(Refused::Lost(why)) => {
                canvas = before;
                lost += 1;
                refused.push((operation, Reason::NotUnderstood, why));
            }
            Err(Refused::Open(open)) => {
                canvas = before;
                questions.extend(open);
            }
        }
    }
    if !questions.is_empty() {
        questions.dedup();
        questions.truncate(5);
        return Ok(Patched::Questions(questions));
    }
    // "make it better", "hmm"
    if made == 0 && lost == refused.len() && wish.split_whitespace().count() < 5 {
        return Ok(Patched::Questions(vec![unclear(&canvas, wish)]));
    }
    if made == 0 && refused.is_empty() {
        return Ok(Patched::Questions(vec![unclear(&canvas, wish)]));
    }
    if made == 0 {
        let asks = operations.iter().any(|operation| operation.act == wish::Act::Question);
        let mut why: Vec<String> = refused.into_iter().map(|(.., why)| why).collect();
        why.dedup();
        why.truncate(3);
        // What it does answers most questions.
        if asks {
            why.push(format!("The agent: {}", crate::account::told(&*knowledge.catalogue, &agent)));
        }
        return Err(Failure::quoting(ErrorType::PatchError, why.join(" ")));
    }
    watch.check()?;
    // What is so already is not left out.
    refused.retain(|(.., why): &(_, _, String)| !is_so(why));
    let left_out = refused
        .into_iter()
        .chain(otherwise)
        .map(|(operation, reason, message)| LeftOut {
            text: shortened(operation.own(), 200),
            reason,
            message: shortened(&message, MESSAGE),
        })
        .collect();
    Ok(Patched::Agent(judged(&knowledge.catalogue, &agent, canvas.into_agent())?, left_out))
}

/// Whether a refusal says that it is as it was asked for: a name that is taken is none.
fn is_so(why: &str) -> bool {
    why.trim_end_matches('.').ends_with(" already") && !why.starts_with("There is an input or output called ")
}

/// The step of this id.
fn it_step(canvas: &Canvas<'_>, id: Option<&str>) -> Option<usize> {
    canvas.ids.iter().position(|other| Some(other.as_str()) == id)
}

/// The operations that are understood of a wish, one a line.
pub fn show(knowledge: &Knowledge, wish: &str) -> Result<String, TooMany> {
    Ok(wish::show(&wish::read(knowledge, wish)?))
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

/// Nothing in the wish asks for a change: what could be asked for, of this agent.
fn unclear(canvas: &Canvas<'_>, wish: &str) -> Question {
    let step = canvas.working().last().map(|at| canvas.title(*at));
    let said = shortened(wish, 80);
    let what = if said.is_empty() { String::new() } else { format!(" by \"{said}\"") };
    Question {
        question: format!("What should change{what}? Name a step, a value or the schedule, and what it should become."),
        keyword: "change".to_owned(),
        example: step.map(|step| format!("Rename \"{step}\" to \"News\"")),
    }
}
