//! "Tell it that it is the bot of a bike shop": said to the language model, as it is said to a person.

use super::Edit;
use crate::patcher::{find::Among, find::Wanted, refused::Refused};

/// Whom the person speaks of.
const HEARERS: [&str; 10] = [
    "it",
    "the ai",
    "the model",
    "the bot",
    "the llm",
    "the assistant",
    "the language model",
    "the writer",
    "gpt",
    "the prompt",
];
/// What a model does that is let do it.
const WRITES: [&str; 9] = ["answer", "reply", "respond", "write", "say", "mention", "speak", "explain", "judge"];
const OPENERS: [&str; 6] = ["tell ", "let ", "remind ", "instruct ", "ask ", "teach "];

impl Edit<'_, '_> {
    /// Puts what a language model is to know or to do into its prompt.
    pub(super) fn instructed(&mut self) -> Option<Result<(), Refused>> {
        let said = self.operation.said.clone();
        let (hearer, sentence) = instruction(&said)?;
        let mut thinking = self.canvas.best(&Wanted::of(self.canvas.known, hearer), Among::Thinking);
        if thinking.is_empty() || matches!(hearer, "it" | "the prompt") {
            thinking = self.canvas.working().into_iter().filter(|at| self.canvas.thinks(*at)).collect();
        }
        thinking.retain(|at| self.prompt_field(*at).is_some_and(|field| field.name != "condition"));
        if thinking.is_empty() {
            return None;
        }
        Some(match self.canvas.one_of(thinking, self.context) {
            Ok(Some(at)) => self.say_to(at, &sentence),
            Ok(None) => Err(self.lost(&said)),
            Err(refused) => Err(refused),
        })
    }
}

/// Who is told, and what, spoken to them.
fn instruction(said: &str) -> Option<(&'static str, String)> {
    let lower = said.to_lowercase();
    // "let the AI know that …", of which only the end is left.
    if lower.starts_with("know that ") {
        return Some(("it", said.get("know that ".len()..)?.to_owned()));
    }
    let verb = OPENERS.iter().find(|verb| lower.starts_with(**verb))?;
    let rest = said.get(verb.len()..)?;
    let hearer = HEARERS.iter().find(|hearer| {
        lower.get(verb.len()..).and_then(|rest| rest.strip_prefix(**hearer)).is_some_and(|rest| rest.starts_with(' '))
    })?;
    let rest = rest.get(hearer.len()..)?.trim();
    let small = rest.to_lowercase();
    let cut = |lead: &str| small.strip_prefix(lead).and_then(|_| rest.get(lead.len()..));
    let clause = cut("that ").or_else(|| cut("know that ")).or_else(|| cut("know "));
    let sentence = match clause {
        Some(clause) => {
            let told = clause.to_lowercase();
            let you =
                [("it is ", "You are "), ("it's ", "You are "), ("it works ", "You work "), ("it has ", "You have ")];
            let to = you.iter().find(|(it, _)| told.starts_with(it));
            match to {
                Some((it, you)) => format!("{you}{}", clause.get(it.len()..)?),
                None => clause.to_owned(),
            }
        }
        // "let it answer only yes or no"
        None if *verb == "let " && small.split(' ').next().is_some_and(|first| WRITES.contains(&first)) => {
            rest.to_owned()
        }
        None => cut("to ")?.to_owned(),
    };
    (!sentence.trim().is_empty()).then_some((*hearer, sentence))
}
