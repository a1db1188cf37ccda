//! The language that a step writes in.

use super::Edit;
use crate::patcher::{
    find::{Among, Wanted, bare},
    refused::Refused,
    wish::Act,
};

impl Edit<'_, '_> {
    /// "summarise the page in German": how the one step that does this writes, or what is done with it then.
    pub(super) fn in_language(&mut self, text: &str) -> Option<Result<(), Refused>> {
        if self.operation.also || self.operation.place.is_some() || matches!(self.operation.act, Act::Add(_)) {
            return None;
        }
        let (head, language) = text.rsplit_once(" in ")?;
        let verb = head.split_whitespace().next()?.to_lowercase();
        if !is_language(language) || !self.canvas.known.vocabulary.orders(&verb) {
            return None;
        }
        let names = self.canvas.names();
        let mut steps = self.canvas.working();
        steps.retain(|at| {
            names.get(*at).is_some_and(|names| names.titled(&verb))
                && self.canvas.is(*at, crate::knowledge::is_text_model)
        });
        let [at] = *steps.as_slice() else { return None };
        Some(self.speaks(at, language, text))
    }

    /// "the summary should be in French"
    pub(super) fn written_in(&mut self, what: &str, to: &str) -> Option<Result<(), Refused>> {
        let language = to.trim().strip_prefix("in ").filter(|language| is_language(language))?;
        let wanted = Wanted::of(self.canvas.known, what);
        let mut steps = self.canvas.best(&wanted, Among::Working);
        steps.retain(|at| self.canvas.is(*at, crate::knowledge::is_text_model));
        let [at] = *steps.as_slice() else { return None };
        let said = self.operation.said.clone();
        Some(self.speaks(at, language, &said))
    }

    /// A step that has no prompt for it has what it gives translated.
    fn speaks(&mut self, at: usize, language: &str, said: &str) -> Result<(), Refused> {
        if self.prompt_field(at).is_some_and(|field| field.name == "prompt") {
            return self.say_to(at, said);
        }
        let place = crate::patcher::wish::Place::After(format!("\"{}\"", self.canvas.title(at)));
        self.insert(&format!("translate it into {}", bare(language)), &place)
    }
}

fn is_language(text: &str) -> bool {
    let known = [
        "english",
        "german",
        "french",
        "spanish",
        "italian",
        "dutch",
        "portuguese",
        "polish",
        "japanese",
        "chinese",
        "russian",
        "korean",
        "hindi",
        "arabic",
        "swedish",
        "danish",
        "norwegian",
        "turkish",
    ];
    known.contains(&bare(text).to_lowercase().as_str())
}
