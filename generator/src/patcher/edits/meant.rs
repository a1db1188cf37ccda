//! A step that is there already does what an order says: what changes is a value of it.

use serde_json::Value;

use super::{Edit, value::typed};
use crate::{
    catalogue::Action,
    patcher::{
        canvas::words::words,
        find::{Among, Field, Wanted, bare, contains},
        refused::Refused,
        wish::{Act, TABLES},
    },
    reading::{self, Token, Value as Typed},
    text::shortened,
};

/// Inputs with what is looked for.
const SOUGHT: [&str; 7] = ["query", "search_query", "search_term", "topic", "keyword", "keywords", "question"];
/// Verbs of looking.
const LOOKS: [&str; 6] = ["search", "look", "find", "google", "hunt", "ask"];
/// Verbs that say nothing of what a step does with its matter.
const CARRIES: [&str; 10] =
    ["save", "store", "create", "write", "export", "send", "make", "produce", "deliver", "generate"];
/// The longest order that is compared with the steps, in words.
const LONGEST: usize = 24;

impl Edit<'_, '_> {
    /// The value that an order gives to a step which does this already; `None` where there is none.
    pub(super) fn meant(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let adds = self.operation.also || self.operation.place.is_some() || matches!(self.operation.act, Act::Add(_));
        // "it's the repo acme/web now"
        let told = ["it's ", "it is ", "its ", "that's ", "that is "].iter().find_map(|lead| text.strip_prefix(lead));
        if adds || self.operation.told && told.is_none() || text.split_whitespace().count() > LONGEST {
            return None;
        }
        if let Some(done) = self.sent_from(text) {
            return Some(done);
        }
        let found = self.chosen(text).or_else(|| self.valued(text));
        if let Some((field, value)) = found {
            return Some(self.put_value(&field, value));
        }
        self.sought(text).or_else(|| self.addressed(text))
    }

    /// "it's https://blog.acme.com/rss now", "it's the subreddit SaaS": what is used from now on.
    pub(super) fn it_is(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let rest = ["it's ", "it’s ", "it is ", "its ", "that's "].iter().find_map(|lead| text.strip_prefix(lead))?;
        let mut tokens = reading::tokens(rest);
        tokens.retain(|token| token.value().is_some());
        match tokens.as_slice() {
            [value] if matches!(value.value(), Some(Typed::Quoted(_) | Typed::Number(_) | Typed::Duration(_))) => None,
            [_] => Some(self.instead_alone(rest)),
            _ if rest.starts_with("the ") && rest.split(' ').next_back()?.starts_with(char::is_uppercase) => {
                Some(self.use_value(rest, None))
            }
            _ => None,
        }
    }

    /// "forward refunds to anna@acme.com and ben@acme.com": other addresses of the one step of this verb that has some.
    fn addressed(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let tokens = reading::tokens(text);
        let values: Vec<&str> =
            tokens.iter().filter(|token| token.value().is_some()).map(|token| token.raw(text)).collect();
        let first = *values.first()?;
        let mails = tokens.iter().filter_map(Token::value).all(|value| matches!(value, Typed::Email(_)));
        if !mails {
            return None;
        }
        let words = self.telling(&values.iter().fold(text.to_owned(), |text, raw| text.replacen(raw, " ", 1)));
        let names = self.canvas.names();
        let titled = |at: usize, word: &str| names.get(at).is_some_and(|names| names.titled(word));
        let verb = words.first()?;
        let said = |at: usize| {
            if !titled(at, verb) {
                return false;
            }
            let up = self.canvas.upstream(at);
            words.iter().all(|word| (0..up.len()).any(|other| up.get(other) == Some(&true) && titled(other, word)))
        };
        let mut steps = self.canvas.working();
        steps.retain(|at| said(*at));
        let fields: Vec<Field> = steps.into_iter().flat_map(|at| self.slots_for(at, first)).collect();
        let [field] = fields.as_slice() else { return None };
        self.canvas.value(field.at, &field.name)?;
        Some(self.put(&field.clone(), &values.join(", ")))
    }

    /// "create the task in the project 4711": the step that does this has an input for it.
    pub(super) fn valued_by_name(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let (field, value) = self.valued(text).filter(|_| !self.operation.also && self.operation.place.is_none())?;
        let named =
            field.name.ends_with("_id") && value.as_str().is_some_and(|id| !id.chars().any(|c| c.is_ascii_digit()));
        if self.canvas.links_into(field.at).any(|link| link.input == field.name) {
            return None;
        }
        Some(if named {
            Err(Refused::impossible(format!(
                "The input `{}` of {} takes an id, not the name \"{}\".",
                field.name,
                self.canvas.title(field.at),
                shortened(value.as_str().unwrap_or_default(), 60)
            )))
        } else {
            self.put_value(&field, value)
        })
    }

    /// "I want the best quality": a choice of an input that is named itself.
    pub(super) fn chosen_by_name(&self, text: &str) -> Option<(Field, Value)> {
        let named =
            |field: &Field| words(self.canvas.known, &field.name).iter().any(|word| self.telling(text).contains(word));
        let adds = self.operation.also || self.operation.place.is_some();
        self.chosen(text).filter(|(field, _)| !adds && named(field))
    }

    /// "download it in full HD": the only choice of a step that the order names, which the rest of it names too.
    pub(super) fn chosen(&self, text: &str) -> Option<(Field, Value)> {
        let lower = text.to_lowercase();
        let mut found: Vec<(Field, Value)> = Vec::new();
        for at in self.canvas.working() {
            let (Some(block), Some(names)) = (self.canvas.block(at), self.canvas.names().get(at)) else { continue };
            for (name, schema) in block.input_schema().properties.iter().filter(|(name, _)| *name != "model") {
                let said =
                    schema.choices.iter().filter_map(|choice| Some((choice, said_as(choice.as_str()?, &lower)?)));
                let Some((choice, phrase)) = said.max_by_key(|(_, phrase)| phrase.len()) else { continue };
                let field = words(self.canvas.known, name);
                let mut rest = self.telling(&lower.replacen(&phrase, " ", 1));
                // "save the screenshot as webp": the verb only carries it.
                if rest.len() > 1 && rest.iter().any(|word| names.fit(word) > 0) {
                    rest.retain(|word| !CARRIES.contains(&word.as_str()));
                }
                let named = rest.iter().chain(&words(self.canvas.known, &phrase)).any(|word| field.contains(word));
                let of_step = rest.iter().any(|word| names.fit(word) > 0);
                let told = words(self.canvas.known, &schema.description);
                let names_it = |word: &String| names.fit(word) > 0 || field.contains(word) || told.contains(word);
                let covered = rest.iter().all(names_it);
                // "Search the news" has its topic in its title.
                let titled = contains(&self.canvas.title(at).to_lowercase(), &phrase);
                if covered && (named || of_step && !titled) && self.canvas.value(at, name) != Some(choice) {
                    found.push((Field { at, name: name.to_owned() }, choice.clone()));
                }
            }
        }
        let only = found.pop()?;
        found.is_empty().then_some(only)
    }

    /// The style of a text that a short remark names.
    pub(super) fn style_said(&self, at: usize, text: &str) -> Option<(Field, Value)> {
        let schema = self.canvas.block(at)?.input_schema().properties.get("style")?;
        let lower = text.to_lowercase();
        let said = |choice: &&Value| choice.as_str().is_some_and(|choice| said_as(choice, &lower).is_some());
        let mut named = schema.choices.iter().filter(said);
        let only = named.next().filter(|_| named.next().is_none() && lower.split(' ').count() < 8)?;
        (!lower.contains(" and ")).then(|| (Field { at, name: "style".to_owned() }, only.clone()))
    }

    /// "the bot should join under the name 'Scribe'": the only input that all other words of the order name.
    fn valued(&self, text: &str) -> Option<(Field, Value)> {
        let tokens = reading::tokens(text);
        let mut values = tokens.iter().filter(|token| token.value().is_some());
        let value = values.next().filter(|_| values.next().is_none())?;
        let raw = value.raw(text);
        let fresh = tokens.iter().any(|token| matches!(token.word(), Some("a" | "an" | "another" | "new")));
        // "send 'Hello'" may be one more message; "send it with the subject 'Hello'" is not.
        let sent = matches!(value.value()?, Typed::Quoted(_)) && self.sends(text);
        if fresh || matches!(value.value()?, Typed::Duration(_) | Typed::Time(..) | Typed::Amount(_)) {
            return None;
        }
        let rest = self.telling(&text.replacen(raw, " ", 1));
        if rest.is_empty() {
            return None;
        }
        let number = matches!(value.value()?, Typed::Number(_));
        let wanted = Wanted { words: rest, ..Wanted::default() };
        let steps = self.canvas.best(&wanted, Among::Working);
        let mut fields: Vec<Field> = steps.iter().flat_map(|at| self.slots_for(*at, raw)).collect();
        if fields.is_empty() {
            fields = self.canvas.fields(&wanted);
        }
        let takes = |field: &Field| {
            let schema = self.canvas.schema_of(&self.canvas.keeper(field));
            let numeric = schema.is_some_and(|schema| {
                !schema.kind().is_any() && typed("1", schema.kind()).is_some_and(|value| value.is_number())
            });
            let is_text = self.text_of(field.at).is_some_and(|text| text.name == field.name);
            let barred = self.is_given(field) || self.canvas.is_door(field.at) || sent && is_text;
            !barred && numeric == number
        };
        fields.retain(takes);
        let [field] = fields.as_slice() else { return None };
        let keeper = self.canvas.keeper(field);
        Some((field.clone(), self.canvas.fitting(&keeper, raw).ok()?))
    }

    /// "search for wind power": what the only step that searches looks for.
    fn sought(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let tokens = reading::tokens(text);
        let verb = tokens.first()?.word()?;
        // Only "instead" says of "look for typos" that a search is meant.
        let news = tokens.iter().any(|token| matches!(token.word(), Some("news" | "articles" | "posts" | "jobs")));
        if !LOOKS.contains(&verb) || verb != "search" && !news && self.operation.instead.is_none() {
            return None;
        }
        let lead = tokens.iter().position(|token| matches!(token.word(), Some("for" | "about" | "up")))?;
        let sought = text.get(tokens.get(lead)?.end..)?.trim();
        let object = tokens.get(1..lead)?;
        self.look_for(object, sought)
    }

    /// "the news should be about wind power"
    pub(super) fn about(&mut self, what: &str, to: &str) -> Option<Result<(), Refused>> {
        let sought = ["about ", "on ", "for "].iter().find_map(|lead| to.trim().strip_prefix(lead))?;
        self.look_for(&reading::tokens(what), sought)
    }

    fn look_for(&mut self, object: &[Token], sought: &str) -> Option<Result<(), Refused>> {
        let counts = |token: &Token| matches!(token.value(), Some(Typed::Number(_) | Typed::Subreddit(_)));
        let pronoun = |token: &Token| matches!(token.word(), Some("it" | "them" | "this" | "that" | "each"));
        if sought.is_empty() || reading::tokens(sought).iter().any(|token| counts(token) || pronoun(token)) {
            return None;
        }
        let known = self.canvas.known;
        let named = object.iter().filter_map(|token| token.word()).filter(|word| !TABLES.is_idle_word(word));
        let named: Vec<String> = named.flat_map(|word| words(known, word)).collect();
        let field = |at: usize| {
            let search = self.canvas.is(at, |block| known.meaning(block).action == Action::Search);
            let names = self.canvas.names().get(at)?;
            let name = self.canvas.inputs_of(at).into_iter().find(|name| SOUGHT.contains(&name.as_str()))?;
            let field = Field { at, name };
            let keeper = self.canvas.keeper(&field);
            let given = self.canvas.links_into(keeper.at).any(|link| link.input == keeper.name);
            let old = self.canvas.value(keeper.at, &keeper.name).and_then(Value::as_str).unwrap_or_default().to_owned();
            let fits = named.iter().all(|word| names.fit(word) > 0 || contains(&old, word));
            ((search || self.canvas.begins(at)) && fits && !given).then_some((field, old))
        };
        let found: Vec<(Field, String)> = self.canvas.working().into_iter().filter_map(field).collect();
        let [(field, old)] = found.as_slice() else { return None };
        let fresh = led_like(old, bare(sought));
        Some(self.put(&field.clone(), &fresh))
    }

    /// The words of an order that name something, in one form.
    fn telling(&self, text: &str) -> Vec<String> {
        let tokens = reading::tokens(text);
        let named = tokens.iter().filter(|token| token.word().is_some()).map(|token| token.raw(text).to_lowercase());
        named.filter(|word| !TABLES.is_idle_word(word)).flat_map(|word| words(self.canvas.known, &word)).collect()
    }

    /// An order that no block fulfils, of whose kind a step is there: it is the rest of it that was not understood.
    pub(super) fn misread(&self, text: &str) -> Option<Refused> {
        let verb = self.telling(text).into_iter().next()?;
        let names = self.canvas.names();
        let mut steps = self.canvas.working();
        steps.retain(|at| !self.canvas.is_helper(*at) && names.get(*at).is_some_and(|names| names.fit(&verb) > 0));
        let [at] = *steps.as_slice() else { return None };
        let schema = |name: &str| self.canvas.block(at)?.input_schema().properties.get(name);
        let told = |name: String| match schema(&name).filter(|schema| !schema.choices.is_empty()) {
            Some(schema) if schema.choices.len() < 12 => {
                let choices: Vec<&str> = schema.choices.iter().filter_map(Value::as_str).collect();
                format!("{name} ({})", choices.join(", "))
            }
            _ => name,
        };
        let inputs: Vec<String> = self.canvas.inputs_of(at).into_iter().take(12).map(told).collect();
        Some(Refused::impossible(format!(
            "I did not understand what \"{}\" should change in {}. Its inputs are: {}.",
            shortened(text, 120),
            self.canvas.title(at),
            inputs.join(", ")
        )))
    }
}

/// The words of a text that say a choice: its own, or what people call it.
fn said_as(choice: &str, text: &str) -> Option<String> {
    let own = choice.to_lowercase().replace('_', " ");
    let telling = own.chars().any(char::is_alphabetic) && own.chars().count() > 1;
    let all = std::iter::once(own.as_str()).filter(|_| telling).chain(TABLES.everyday(choice));
    all.filter(|phrase| contains(text, phrase)).max_by_key(|phrase| phrase.len()).map(str::to_owned)
}

/// "news on wind power" where "news on solar energy" was looked for.
fn led_like(old: &str, sought: &str) -> String {
    let lead = [" on ", " about "].iter().find_map(|word| Some(old.find(word)? + word.len()));
    match lead.and_then(|end| old.get(..end)).filter(|lead| lead.split_whitespace().count() < 4) {
        Some(lead) if !lead.split_whitespace().next().is_some_and(|word| contains(sought, word)) => {
            format!("{lead}{sought}")
        }
        _ => sought.to_owned(),
    }
}
