//! "insert a fact check before it goes out": what is to go out is checked, and goes out only if it is true.

use serde_json::json;

use super::{Edit, past::is_media};
use crate::{
    catalogue::special,
    patcher::{refused::Refused, wish::Place},
    plan::model::{Binding, Input, Step},
};

/// How people ask for it.
const CHECKS: [&str; 8] = [
    "check the fact",
    "check the facts",
    "check the facts in it",
    "check its facts",
    "verify the facts",
    "fact check it",
    "fact-check it",
    "check that the facts are right",
];

impl Edit<'_, '_> {
    /// `None` where no fact check is asked for in front of what goes out, or no block makes one.
    pub(super) fn facts(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let lower = text.to_lowercase();
        let checker = self.canvas.known.catalogue.by_name("FactCheckerBlock")?;
        if !asks(lower.trim_end_matches(" first")) {
            return None;
        }
        let place = match self.operation.place.clone() {
            Some(Place::Before(of)) => self.going_to(&of).ok()?,
            None | Some(Place::First) => None,
            Some(_) => return None,
        };
        let at = place.or_else(|| self.first_delivery()).filter(|at| self.canvas.delivers(*at));
        let Some(at) = at else {
            return Some(Err(Refused::unsupported(
                "Nothing is sent or saved that could wait until its facts are checked.".to_owned(),
            )));
        };
        let link = self.canvas.main_link(at)?;
        if is_media(&link.output) {
            return Some(Err(Refused::unsupported(format!(
                "{} sends no text: there are no facts to check in it.",
                self.canvas.title(at)
            ))));
        }
        let step = |block: &str, title: &str, inputs: Vec<(&str, Binding)>| Step {
            block: block.to_owned(),
            title: title.to_owned(),
            says: String::new(),
            inputs: inputs.into_iter().map(|(name, binding)| Input { name: name.to_owned(), binding }).collect(),
        };
        let what = || Binding::From { step: link.from, output: link.output.clone() };
        let check = self.canvas.steps.len();
        self.canvas.add(vec![
            step(&checker.id, "Check the facts", Vec::new()),
            step(
                special::CONDITION,
                "Go on only if they are right",
                vec![
                    ("value1", Binding::From { step: check, output: "result".to_owned() }),
                    ("operator", Binding::Value(json!("=="))),
                    ("value2", Binding::Value(json!(true))),
                    ("yes_value", what()),
                ],
            ),
        ]);
        self.canvas.route((link.from, &link.output), check, "statement");
        self.canvas.bind(at, &link.input, Binding::From { step: check + 1, output: "yes_output".to_owned() });
        Some(Ok(()))
    }
}

/// "do a fact check", "fact-check the tweet"
fn asks(text: &str) -> bool {
    let does = ["do ", "run ", "make ", "perform ", "add "].iter().any(|verb| text.starts_with(verb));
    let check = ["fact check", "fact-check", "facts check"].iter().any(|check| text.ends_with(check));
    let of =
        ["fact check the ", "fact-check the ", "factcheck the ", "check the facts of the ", "check the facts in the "];
    CHECKS.contains(&text)
        || does && check && text.split(' ').count() < 6
        || of.iter().any(|lead| text.strip_prefix(lead).is_some_and(|what| what.split(' ').count() < 3))
}
