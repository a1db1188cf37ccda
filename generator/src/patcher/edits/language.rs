//! The language that a step writes in.

use super::Edit;
use crate::patcher::{
    find::{Among, Wanted, bare, contains},
    refused::Refused,
    wish::{Act, TABLES},
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
        if steps.is_empty() && self.sends(text) && self.service_in(text).is_none() && !self.other_place(text) {
            return self.goes_out_in(language);
        }
        let [at] = *steps.as_slice() else { return None };
        Some(self.speaks(at, language, text))
    }

    /// "post in German": all that goes out of the same text.
    fn goes_out_in(&mut self, language: &str) -> Option<Result<(), Refused>> {
        let sends = self.canvas.working().into_iter().filter(|at| self.canvas.delivers(*at));
        let mut sources: Vec<usize> = sends.filter_map(|at| Some(self.canvas.main_link(at)?.from)).collect();
        sources.dedup();
        let ([source], Some(first)) = (sources.as_slice(), self.first_delivery()) else { return None };
        let source = *source;
        if self.canvas.is_door(source) {
            return None;
        }
        if self.prompt_field(source).is_some_and(|field| field.name == "prompt") {
            return Some(self.say_to(source, &format!("Write it in {}", bare(language))));
        }
        Some(self.insert_on_way(&format!("translate it into {}", bare(language)), first).map(|_| ()))
    }

    /// "translate it to German and French": one translation for each, of what is not translated yet.
    pub(super) fn in_languages(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let (head, list) = [" to ", " into "].iter().find_map(|word| text.rsplit_once(word))?;
        let mut names: Vec<&str> = list.split(" and ").flat_map(|part| part.split(", ")).map(str::trim).collect();
        // "…, two outputs" says what comes of it anyhow.
        let outputs = |name: &&str| name.ends_with(" outputs") || name.ends_with(" versions");
        names.retain(|name| !outputs(name));
        let several = names.len() > 1 && names.iter().all(|name| is_language(name));
        if !head.to_lowercase().starts_with("translate") || !several || self.operation.place.is_some() {
            return None;
        }
        let translates = |at: &usize| {
            self.canvas.is(*at, crate::knowledge::is_text_model)
                && self.canvas.title(*at).to_lowercase().contains("translat")
        };
        let there = self.canvas.working().into_iter().find(translates);
        let done = there.map_or_else(String::new, |at| {
            let prompt = self.canvas.value(at, "prompt").and_then(|prompt| prompt.as_str()).unwrap_or_default();
            format!("{} {}", self.canvas.title(at), prompt.split("{{").next().unwrap_or_default()).to_lowercase()
        });
        let list = there.map_or_else(|| self.canvas.order().to_vec(), |at| self.upto(at, false));
        let from = self.canvas.steps.len();
        for name in names.into_iter().filter(|name| !contains(&done, &name.to_lowercase())) {
            if let Err(refused) = self.plan(&format!("{head} to {name}"), list.clone()) {
                return Some(Err(refused));
            }
        }
        Some(self.settle(from, None))
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
    TABLES.is_language(bare(text))
}
