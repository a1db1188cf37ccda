//! A value or a service that is used from now on.

use serde_json::Value;

use super::Edit;
use crate::patcher::{
    Refused,
    find::{Among, Field, Wanted, bare},
};

impl<'k> Edit<'_, 'k> {
    /// A known service that a text names, that has blocks here.
    pub(super) fn service_in(&self, text: &str) -> Option<String> {
        let read = crate::reading::read(&self.canvas.known.vocabulary, text);
        let phrases = read.clauses.iter().filter_map(|clause| clause.frame.as_ref()).flat_map(|frame| {
            frame
                .objects
                .iter()
                .chain(frame.subject.iter())
                .chain(frame.recipients.iter())
                .chain(frame.arguments.iter().map(|argument| &argument.phrase))
        });
        let mut services = phrases.flat_map(|phrase| phrase.services.iter().cloned());
        services.find(|service| !self.canvas.known.catalogue.blocks_of(service).is_empty()).or_else(|| {
            let words: Vec<&str> = bare(text).split_whitespace().collect();
            let words = words.into_iter().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '.'));
            words.filter_map(|word| self.canvas.known.catalogue.service(word)).next().map(str::to_owned)
        })
    }

    /// A service that a text names and no block works with.
    pub(super) fn unknown_service(&self, text: &str) -> Option<String> {
        if self.service_in(text).is_some() {
            return None;
        }
        let known = self.canvas.known;
        let read = crate::reading::read(&known.vocabulary, text);
        let phrases = read.clauses.iter().filter_map(|clause| clause.frame.as_ref()).flat_map(|frame| {
            frame
                .objects
                .iter()
                .chain(frame.subject.iter())
                .chain(frame.recipients.iter())
                .chain(frame.arguments.iter().map(|argument| &argument.phrase))
        });
        phrases
            .flat_map(|phrase| phrase.services.iter())
            .find(|service| {
                known.catalogue.blocks_of(service).is_empty() && known.vocabulary.service(service).is_some()
            })
            .cloned()
    }

    /// Uses a value wherever it is a choice, else a block in the place of the one that does the same.
    pub(super) fn use_value(&mut self, value: &str, what: Option<&str>) -> Result<(), Refused> {
        let named = bare(value);
        let named =
            ["the model ", "model ", "the "].iter().fold(named, |text, word| text.strip_prefix(word).unwrap_or(text));
        let named = named.strip_suffix(" model").unwrap_or(named);
        let scope = what.map(|what| Wanted::of(self.canvas.known, what)).filter(|wanted| !wanted.is_agent());
        // "use X as the subject"
        if let (Some(what), Some(wanted)) = (what, &scope) {
            let fields = self.canvas.fields(wanted);
            if let Some(field) = self.canvas.one_field(fields, self.context)?
                && self.canvas.fitting(&self.canvas.keeper(&field), named).is_ok()
            {
                return self.change(what, None, named);
            }
        }
        let steps = match &scope {
            Some(wanted) => self.canvas.best(wanted, Among::Working),
            None => self.canvas.working(),
        };
        let found: Vec<(Field, Value)> = steps.iter().filter_map(|at| self.choice_of(*at, named)).collect();
        if !found.is_empty() {
            return found.into_iter().try_for_each(|(field, value)| self.put_value(&field, value));
        }
        if let Some(service) = self.service_in(value)
            && let Some(done) = self.use_service(&service, what, value)
        {
            return done;
        }
        if let Some(name) = self.unknown_service(value) {
            let at = steps.first().copied().unwrap_or_default();
            return Err(self.unserved(&name, at));
        }
        let model = value.to_lowercase().contains("model")
            || named.contains("gpt")
            || named.contains("claude")
            || named.contains("gemini");
        if model {
            let with_model =
                steps.iter().copied().find(|at| self.canvas.inputs_of(*at).iter().any(|name| name == "model"));
            if let Some(at) = with_model {
                return self.put(&Field { at, name: "model".to_owned() }, named);
            }
        }
        let typed: Vec<String> = crate::reading::tokens(value)
            .iter()
            .filter(|token| token.value().is_some())
            .map(|token| token.raw(value).to_owned())
            .collect();
        if let [only] = typed.as_slice() {
            let mut fields: Vec<Field> = Vec::new();
            for holder in steps.iter().flat_map(|at| self.canvas.holders(*at)) {
                let field = Field { at: holder.at, name: holder.name };
                if holder.value.as_str().is_some_and(|old| super::change::same_type(old, only))
                    && !fields.contains(&field)
                {
                    fields.push(field);
                }
            }
            if let [field] = fields.as_slice() {
                return self.put(&field.clone(), only);
            }
        }
        self.say_or_lose(&self.operation.said.clone())
    }

    /// A service in the place of another: that of the step which does what it can do.
    pub(super) fn use_service(
        &mut self,
        service: &str,
        what: Option<&str>,
        value: &str,
    ) -> Option<Result<(), Refused>> {
        let known = self.canvas.known;
        let has = |at: usize| self.canvas.is(at, |block| known.meaning(block).service.as_deref() == Some(service));
        let scope = what
            .map(|what| self.canvas.best(&Wanted::of(known, what), Among::Working))
            .unwrap_or_else(|| self.canvas.working());
        let candidates: Vec<usize> = scope
            .into_iter()
            .filter(|at| {
                !has(*at)
                    && self.counterpart(*at, value).is_some()
                    && self.canvas.is(*at, |block| known.meaning(block).service.is_some() || known.delivers(block))
            })
            .collect();
        match self.canvas.one_of(candidates, self.context) {
            Ok(Some(at)) => {
                let title = self.canvas.title(at);
                Some(self.replace(&title, value))
            }
            Ok(None) => None,
            Err(refused) => Some(Err(refused)),
        }
    }
}
