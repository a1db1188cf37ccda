//! What work in the background is at, in words for the person.

use lifecycle::progress::Told;
use shared::progress::Step;

/// One line for an entry of an operation's log.
pub(crate) fn line(told: &Told) -> String {
    match told {
        Told::Accepted => "In the queue".to_owned(),
        Told::Started => "A worker has started".to_owned(),
        Told::Step { name, detail: None } => at(*name).to_owned(),
        Told::Step { name, detail: Some(detail) } => format!("{} ({detail})", at(*name)),
        Told::BlockAdded { name, .. } => format!("Added: {name}"),
        Told::Fixed { rule } => format!("Mended: {}", rule.replace('_', " ")),
        Told::Text { .. } => "Telling what was made".to_owned(),
        Told::AttemptFailed { error_type, retry_at } => {
            format!("This attempt failed ({error_type}); the next one comes at {retry_at}")
        }
        Told::HandedOver => "The generator has taken it over".to_owned(),
        Told::Completed { .. } => "Done".to_owned(),
        Told::Failed { message, .. } => message.clone(),
        Told::Cancelled => "Cancelled".to_owned(),
    }
}

fn at(step: Step) -> &'static str {
    match step {
        Step::Decomposing => "Reading the goal",
        Step::Planning => "Planning the steps",
        Step::AskingModel => "Asking the AI model",
        Step::Assembling => "Putting the blocks together",
        Step::Validating => "Checking that everything fits",
        Step::Fixing => "Mending what does not fit",
        Step::Saving => "Saving the result",
    }
}
