//! A value or a service that is used from now on.

use serde_json::Value;

use super::Edit;
use crate::patcher::{
    Refused,
    find::{Among, Field, Wanted, bare},
};

impl<'k> Edit<'_, 'k> {
    /// The services that the phrases of a text name.
    fn services_of(&self, text: &str) -> Vec<String> {
        let read = crate::reading::read(&self.canvas.known.vocabulary, text);
        let frames = read.clauses.iter().filter_map(|clause| clause.frame.as_ref());
        let phrases = frames.flat_map(|frame| {
            let arguments = frame.arguments.iter().map(|argument| &argument.phrase);
            frame.objects.iter().chain(&frame.subject).chain(&frame.recipients).chain(arguments)
        });
        phrases.flat_map(|phrase| phrase.services.iter().cloned()).collect()
    }

    /// A known service that a text names, that has blocks here.
    pub(super) fn service_in(&self, text: &str) -> Option<String> {
        let catalogue = &self.canvas.known.catalogue;
        let served = |service: &String| !catalogue.blocks_of(service).is_empty();
        self.services_of(text).into_iter().find(served).or_else(|| {
            let words = bare(text).split_whitespace();
            let words = words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '.'));
            words.filter_map(|word| catalogue.service(word)).next().map(str::to_owned)
        })
    }

    /// A service that a text names and no block works with.
    pub(super) fn unknown_service(&self, text: &str) -> Option<String> {
        let known = self.canvas.known;
        let unserved = |service: &String| {
            known.catalogue.blocks_of(service).is_empty() && known.vocabulary.service(service).is_some()
        };
        let mut services = self.services_of(text).into_iter().chain(self.checked_with(text));
        services.find(unserved).filter(|_| self.service_in(text).is_none())
    }

    /// "check it with Hunter": a service that is spelled like a word, where a tool is named.
    fn checked_with(&self, text: &str) -> Option<String> {
        let tokens = crate::reading::tokens(text);
        let verb = tokens.first().and_then(|token| token.word())?;
        if !matches!(verb, "check" | "verify" | "validate" | "enrich" | "look" | "find" | "search" | "scan" | "test") {
            return None;
        }
        let at = tokens.iter().position(|token| matches!(token.word(), Some("with" | "via" | "using" | "through")))?;
        let name = tokens.get(at + 1)?.word()?;
        let service = self.canvas.known.vocabulary.service(name)?;
        // "with links" are things.
        (!name.ends_with('s')).then(|| service.name.clone())
    }

    /// Uses a value wherever it is a choice, else a block in the place of the one that does the same.
    pub(super) fn use_value(&mut self, value: &str, what: Option<&str>) -> Result<(), Refused> {
        // "the subject 'Hi' for the mails"
        let quote = value
            .find([' '])
            .and_then(|_| value.find(['"', '“', '‘', '`']).or_else(|| value.find(" '").map(|at| at + 1)));
        if let Some(start) = quote.filter(|start| *start > 0) {
            let (name, text) = value.split_at(start);
            let whole = what.map_or_else(|| name.trim().to_owned(), |what| format!("{} of {what}", name.trim()));
            if !self.canvas.fields(&Wanted::of(self.canvas.known, &whole)).is_empty() {
                return self.change(&whole, None, text);
            }
        }
        let named = bare(value);
        let named =
            ["the model ", "model ", "the "].iter().fold(named, |text, word| text.strip_prefix(word).unwrap_or(text));
        let named = named.strip_suffix(" model").unwrap_or(named);
        let scope = what.map(|what| Wanted::of(self.canvas.known, what)).filter(|wanted| !wanted.is_agent());
        // "use Exa for the search": a service alone is no value of what is searched for.
        if let Some(what) = what
            && let Some(service) = self.service_in(named).filter(|service| service.eq_ignore_ascii_case(named))
            && let Some(done) = self.use_service(&service, Some(what), value)
        {
            return done;
        }
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
        let found = if found.is_empty() { self.of_family(&steps, named) } else { found };
        if !found.is_empty() {
            return found.into_iter().try_for_each(|(field, value)| self.put_value(&field, value));
        }
        if let Some(service) = self.service_in(value)
            && let Some(done) = self.use_service(&service, what, value)
        {
            return done;
        }
        if let Some(name) = self.unknown_service(value).filter(|_| !super::family::is_model(named)) {
            let at = steps.first().copied().unwrap_or_default();
            return Err(self.unserved(&name, at));
        }
        // "use the subreddit SaaS": what an input is called, and its value.
        let words: Vec<&str> = named.split_whitespace().collect();
        for length in (1..words.len().min(5)).rev() {
            let (name, to) = words.split_at(length);
            let fields = self.canvas.fields(&Wanted::of(self.canvas.known, &name.join(" ")));
            if let [field] = fields.as_slice()
                && scope.is_none()
                && !self.canvas.is_door(field.at)
                && self.canvas.fitting(&self.canvas.keeper(field), &to.join(" ")).is_ok()
            {
                return self.change_field(&field.clone(), &name.join(" "), &to.join(" "));
            }
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
