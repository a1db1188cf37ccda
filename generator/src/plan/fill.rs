//! What goes into each input of a block: what the goal says, what a step gave, or what the person gives at run time.

use serde_json::{Value as Json, json};

use super::{
    act::{Act, names, words},
    build::Builder,
    draft::{AskKind, Flow},
    know::{Slot, capitalised},
    model::{Binding, Step},
};
use crate::{
    catalogue::{
        Block, NESTED,
        schema::{Schema, Types},
    },
    reading::{Determiner, Phrase, Span, TokenKind, Value},
};

/// What is known about a step before its inputs are looked at.
#[derive(Debug, Default)]
pub(super) struct Fill<'r> {
    pub(super) act: Option<Act<'r>>,
    /// What is worked on.
    pub(super) phrase: Option<&'r Phrase>,
    /// The main text.
    pub(super) content: Option<Flow>,
    /// One entry with parts: a form, a row, a message.
    pub(super) item: Option<usize>,
    /// The subject matter of a search.
    pub(super) query: Option<Span>,
    /// Title or subject.
    pub(super) title: Option<String>,
    pub(super) to: Option<Binding>,
    pub(super) given: Vec<(String, Binding)>,
    pub(super) says: String,
    pub(super) name: Option<String>,
}

impl<'k, 'r> Builder<'k, 'r> {
    /// Adds a step of this block and fills its inputs.
    pub(super) fn apply(&mut self, block: &'k Block, fill: Fill<'r>) -> usize {
        let knows = self.known.of(block);
        let title = fill.name.clone().unwrap_or_else(|| super::title::title_of(self.known, block));
        let mut step = Step { block: block.id.clone(), title, says: fill.says.clone(), inputs: Vec::new() };
        for (name, binding) in &fill.given {
            step.bind(name, binding.clone());
        }
        for (name, value) in knows.iter().flat_map(|knows| knows.set.iter()) {
            if step.binding(name).is_none() {
                step.bind(name, Binding::Value(value.clone()));
            }
        }
        for (name, (other, output)) in knows.iter().flat_map(|knows| knows.needs.iter()) {
            if let Some(other) = self.known.catalogue.by_name(other) {
                let says = format!("Look up what the next step needs: {}", name.replace('_', " "));
                let before = self.apply(other, Fill { act: fill.act, phrase: fill.phrase, says, ..Fill::default() });
                step.bind(name, self.draft.flow(before, output).binding());
            }
        }
        let content = self.known.content_input(block);
        let inputs: Vec<(&str, &Schema)> = block.input_schema().properties.iter().collect();
        let required = |name: &str| block.input_schema().required.iter().any(|known| known == name);
        let mut ordered: Vec<&(&str, &Schema)> = inputs.iter().filter(|(name, _)| required(name)).collect();
        ordered.extend(inputs.iter().filter(|(name, _)| !required(name)));
        for (name, schema) in ordered.into_iter().map(|entry| (entry.0, entry.1)) {
            if block.is_credential(name)
                || step.inputs.iter().any(|input| input.name == name || outer(&input.name) == name)
            {
                continue;
            }
            let must = required(name) || (self.essential(name) && schema.default.is_none());
            let binding = self.binding(block, name, schema, &fill, content == Some(name), must);
            if let Some(binding) = binding {
                step.bind(name, binding);
            }
        }
        if let Some((name, schema)) = self.unread(block, &step) {
            // Not by what is in the file: "each row".
            let binding = self.ask_input(block, name, schema, &Fill::default());
            step.bind(name, binding);
        }
        for (name, label) in knows.iter().flat_map(|knows| knows.ask.iter()) {
            if step.binding(name).is_some() {
                continue;
            }
            let flow = self.draft.ask(label, "", AskKind::Text, None);
            step.bind(name, flow.binding());
        }
        self.draft.push(step)
    }

    /// The file of a reader that was given nothing to read: its schema calls the file optional, for a text will do too.
    fn unread(&self, block: &'k Block, step: &Step) -> Option<(&'k str, &'k Schema)> {
        let given = |name: &str| matches!(self.known.slot(name), Slot::Content | Slot::Structured | Slot::Address);
        let told = step.inputs.iter().any(|input| matches!(input.binding, Binding::From { .. }) || given(&input.name));
        let mut inputs = block.input_schema().properties.iter();
        (self.known.begins(block) && !told).then(|| inputs.find(|(name, _)| name.contains("file"))).flatten()
    }

    /// Inputs that a schema calls optional although nothing works without them.
    fn essential(&self, name: &str) -> bool {
        matches!(
            name,
            "subreddit"
                | "file_input"
                | "spreadsheet"
                | "document"
                | "tweet_text"
                | "parent_database_id"
                | "database_id"
        )
    }

    fn binding(
        &mut self,
        block: &'k Block,
        name: &str,
        schema: &Schema,
        fill: &Fill<'r>,
        is_content: bool,
        must: bool,
    ) -> Option<Binding> {
        let types = schema.kind();
        let slot = self.known.slot(name);
        if is_content
            && fill.content.is_none()
            && let Some((at, text)) = fill.act.and_then(|act| {
                act.values().find_map(|(at, value)| match value {
                    Value::Quoted(text) if !self.cover.has(at) => Some((at, text.clone())),
                    _ => None,
                })
            })
        {
            self.cover.add(&(at..at + 1));
            return Some(self.typed(Binding::Value(json!(text)), types));
        }
        if let Some(flow) = fill.content.as_ref().filter(|_| is_content) {
            return Some(self.draft.fit(flow, types).binding());
        }
        let found = match slot {
            Slot::Structured if must || self.has_parts(block, fill) => self.structured(fill, types),
            Slot::Structured => None,
            Slot::Title => self.title(block, fill, must),
            Slot::Query
                if must || fill.act.is_some_and(|act| act.arguments(&["about", "regarding"]).next().is_some()) =>
            {
                self.query(name, fill, types)
            }
            Slot::Query => None,
            Slot::Prompt => fill.act.map(|act| Binding::Value(json!(act.instruction()))),
            Slot::Address => self.address(name, fill, types),
            Slot::Place => self.place(block, name, fill, types),
            Slot::Recipient => fill.to.clone().or_else(|| self.recipient(fill, types)),
            Slot::Limit => self.limit(fill),
            Slot::Content | Slot::Other => self.by_name(name, schema, fill, types),
        };
        if let Some(binding) = found {
            return Some(self.typed(binding, types));
        }
        if !must || schema.default.is_some() {
            return None;
        }
        if let Some(choice) = schema.choices.first() {
            return Some(Binding::Value(choice.clone()));
        }
        if types.is_within(Types::BOOLEAN) {
            return Some(Binding::Value(json!(false)));
        }
        if types.is_within(Types::OBJECT) && !self.known.slot(name).eq(&Slot::Place) && fill.content.is_none() {
            return Some(Binding::Value(json!({})));
        }
        if let Some(flow) = self.id_of(block, name) {
            return Some(self.draft.fit(&flow, types).binding());
        }
        let names_one = ["id", "url"].iter().any(|end| name.to_ascii_lowercase().ends_with(end));
        if let Some(flow) = fill
            .content
            .clone()
            .filter(|_| matches!(slot, Slot::Content | Slot::Structured | Slot::Other) && !names_one)
        {
            return Some(self.draft.fit(&flow, types).binding());
        }
        Some(self.ask_input(block, name, schema, fill))
    }

    /// The id or address of the entry that is worked on: of the mail, the issue, the record.
    fn id_of(&mut self, block: &Block, name: &str) -> Option<Flow> {
        let service = self.known.meaning(block).service.as_deref()?;
        // An earlier step of the service gave the very identifier: "webset_id".
        let gave = (0..self.draft.steps.len()).rev().find(|step| {
            name.to_lowercase().ends_with("id")
                && self.draft.block(*step).is_some_and(|block| {
                    self.known.meaning(block).service.as_deref() == Some(service)
                        && block.output_schema().properties.get(name).is_some()
                })
        });
        if let Some(step) = gave {
            return Some(self.draft.flow(step, name));
        }
        let noun = name.strip_suffix("_id").map(|noun| noun.replace('_', " "));
        let key = id_key(name).or_else(|| self.named(&noun?).map(|_| "id"))?;
        // What was read by its address is worked on by its address.
        let read = self
            .draft
            .steps
            .iter()
            .rev()
            .find_map(|step| {
                let other = ["pr_url", "issue_url"].iter().filter(|_| key == "url").find_map(|name| step.binding(name));
                step.binding(name).or(other)
            })
            .cloned();
        if let Some(Binding::From { step, output }) = read {
            return Some(self.draft.flow(step, &output));
        }
        let index = self.draft.data.iter().rposition(|datum| {
            !datum.receipt
                && !datum.made
                && !datum.flow.types.is_within(Types::STRING)
                && self.is_there(datum)
                && datum.service.as_deref() == Some(service)
        })?;
        let index = self.single(index);
        let flow = self.draft.data.get(index)?.flow.clone();
        let Some(find) = self.known.catalogue.by_name("FindInDictionaryBlock") else {
            let format = format!("{{{{{}.{key}}}}}", flow.name);
            return Some(self.draft.fill_in(&[flow], &format, "Take its id"));
        };
        // GitHub's own entries hold their address for people apart.
        let key = if key == "url" && flow.fields.iter().any(|field| field == "html_url") { "html_url" } else { key };
        let says = format!("Take the {} of the entry", key.replace('_', " "));
        let known = self.draft.steps.iter().position(|step| {
            step.block == find.id
                && step.binding("key") == Some(&Binding::Value(json!(key)))
                && step.binding("input") == Some(&flow.binding())
        });
        let step = known.unwrap_or_else(|| self.step_of(find, &says, &[("key", json!(key))], &[("input", flow)]));
        Some(self.draft.flow(step, "output"))
    }

    fn typed(&mut self, binding: Binding, types: Types) -> Binding {
        match binding {
            Binding::Value(Json::String(text)) if types.is_within(Types::ARRAY) => Binding::Value(json!([text])),
            Binding::Value(Json::String(text)) if types.is_within(Types::INTEGER) => {
                text.parse::<i64>().map_or(Binding::Value(json!(0)), |number| Binding::Value(json!(number)))
            }
            Binding::Value(Json::String(text)) if types.is_within(Types::OBJECT) => {
                Binding::Value(json!({"value": text}))
            }
            other => other,
        }
    }

    /// "to": an address in the goal, the mail address of the entry, or the person's.
    fn recipient(&mut self, fill: &Fill<'r>, _types: Types) -> Option<Binding> {
        let mail =
            fill.act.iter().flat_map(|act| act.values().collect::<Vec<_>>()).find_map(|(at, value)| match value {
                Value::Email(mail) => Some((at, mail.clone())),
                _ => None,
            });
        let (at, mail) = mail?;
        self.cover.add(&(at..at + 1));
        Some(Binding::Value(json!(mail)))
    }

    fn limit(&mut self, fill: &Fill<'r>) -> Option<Binding> {
        if let Some(Determiner::Count(count)) =
            fill.phrase.filter(|phrase| phrase.plural).map(|phrase| phrase.determiner)
        {
            return Some(Binding::Value(json!(count)));
        }
        // "at most 40 pages"
        let act = fill.act?;
        let bound = |at: &usize| {
            let before = at.checked_sub(1).and_then(|at| self.reading.tokens.get(at)?.word());
            before.is_some_and(|word| matches!(word, "most" | "max" | "maximum" | "limit"))
        };
        let most = |(at, value): (usize, &Value)| match value {
            Value::Number(count) if bound(&at) => format!("{count}").parse::<u32>().ok().map(|count| (at, count)),
            _ => None,
        };
        let (at, count) = act.values().find_map(most)?;
        self.cover.add(&(at - 1..at + 1));
        Some(Binding::Value(json!(count)))
    }

    /// Whether what goes in has parts of its own: a text is no record.
    fn has_parts(&self, block: &Block, fill: &Fill<'r>) -> bool {
        let written = fill.item.and_then(|item| self.draft.data.get(item)).is_some_and(|datum| datum.made);
        if written && fill.content.is_some() && self.known.content_input(block).is_some() {
            return false;
        }
        let entry =
            fill.item.and_then(|item| self.draft.data.get(item)).map(|datum| &datum.flow).or(fill.content.as_ref());
        entry.is_some_and(|flow| {
            !flow.types.is_within(Types::STRING) && !flow.is_list() && flow.types.flows_into(Types::OBJECT)
        })
    }

    fn structured(&mut self, fill: &Fill<'r>, types: Types) -> Option<Binding> {
        let item = fill.item.and_then(|item| self.draft.data.get(item));
        // One of the rows that were read.
        let row = item.is_some_and(|item| item.single && !item.made && !item.flow.types.is_within(Types::STRING));
        let flow = match item {
            Some(datum) => datum.flow.clone(),
            None => fill.content.clone()?,
        };
        // A text is no set of properties.
        let text = flow.fields.is_empty() && (flow.types.is_any() || flow.types.is_within(Types::STRING));
        if text && !row && types.is_within(Types::OBJECT) {
            return None;
        }
        Some(self.draft.fit(&flow, types).binding())
    }

    fn title(&mut self, block: &Block, fill: &Fill<'r>, must: bool) -> Option<Binding> {
        // "a document called Minutes"
        let named = fill.act.and_then(|act| self.called(&act));
        if let Some(name) = named {
            return Some(Binding::Value(json!(name)));
        }
        if !must {
            return None;
        }
        if let Some(title) = &fill.title {
            return Some(Binding::Value(json!(title)));
        }
        let _ = block;
        None
    }

    /// What a thing is to be called: "called X", "named X", "with the subject X".
    pub(super) fn called(&mut self, act: &Act<'r>) -> Option<String> {
        let tokens = &self.reading.tokens;
        for at in act.clause.span.clone() {
            let TokenKind::Word(word) = &tokens.get(at)?.kind else { continue };
            if !matches!(word.as_str(), "called" | "named" | "titled" | "entitled" | "subject" | "title") {
                continue;
            }
            let found = match &tokens.get(at + 1).map(|token| &token.kind) {
                Some(TokenKind::Value(Value::Quoted(text))) => Some(text.clone()),
                Some(TokenKind::Word(next)) if word.ends_with('d') && !super::cover::is_empty(next) => {
                    let token = tokens.get(at + 1)?;
                    self.reading.text.get(token.start..token.end).map(str::to_owned)
                }
                _ => None,
            };
            if let Some(text) = found {
                self.cover.add(&(at..at + 2));
                return Some(text);
            }
        }
        None
    }

    /// Where: "in Zurich", a city that the person gives, else asked for.
    fn place_of(&mut self, fill: &Fill<'r>, types: Types) -> Option<Binding> {
        let said = fill.act.and_then(|act| {
            act.arguments(&["in", "for", "at", "near", "of", "around"]).map(|argument| &argument.phrase).find(
                |phrase| {
                    !phrase.pronoun
                        && phrase.services.is_empty()
                        && !self.known.is_person(&phrase.head)
                        && !self.cover.has(phrase.span.start)
                        && !matches!(
                            phrase.head.as_str(),
                            "morning" | "evening" | "day" | "week" | "weather" | "calendar"
                        )
                        && self.known.source(&phrase.head).is_none()
                },
            )
        });
        let known = ["city", "location", "place", "town"]
            .into_iter()
            .find_map(|noun| self.named(noun))
            .and_then(|datum| self.take(datum));
        if let Some(flow) = known {
            return Some(self.draft.fit(&flow, types).binding());
        }
        let span = said.map(|phrase| phrase.span.clone())?;
        let span = span.start..super::act::core(said?).end;
        self.cover.add(&span);
        let known = self.known;
        if super::fetch::is_open_topic(self.reading, &span, |word| known.is_askable(word) || known.is_generic(word)) {
            return None;
        }
        Some(Binding::Value(json!(self.text(&span))))
    }

    /// The words to search for; an open topic is asked for.
    fn query(&mut self, name: &str, fill: &Fill<'r>, types: Types) -> Option<Binding> {
        let quoted = fill.act.and_then(|act| {
            act.values().find_map(|(at, value)| match value {
                Value::Quoted(text) if !self.cover.has(at) => Some((at, text.clone())),
                _ => None,
            })
        });
        if let Some((at, text)) = quoted.filter(|_| name == "query") {
            self.cover.add(&(at..at + 1));
            return Some(Binding::Value(json!(text)));
        }
        if matches!(name, "location" | "city" | "place") {
            return self.place_of(fill, types);
        }
        let span = fill.query.clone()?;
        let known = self.known;
        // "takes a topic, searches the web": the web is where, the topic is what.
        let place = self.reading.tokens.get(span.clone()).is_some_and(|tokens| {
            tokens
                .iter()
                .filter_map(crate::reading::Token::word)
                .all(|word| super::cover::is_empty(word) || matches!(word, "web" | "internet" | "google" | "online"))
        });
        if place {
            self.cover.add(&span);
            let given =
                self.draft.data.iter().rposition(|datum| !datum.receipt && self.draft.is_asked(datum.flow.step));
            let flow = match given.or_else(|| self.latest()).and_then(|datum| self.take(datum)) {
                Some(flow) => flow,
                None => self.draft.ask("Search words", "What to look for", AskKind::Text, None),
            };
            return Some(self.draft.fit(&flow, types).binding());
        }
        let open =
            super::fetch::is_open_topic(self.reading, &span, |word| known.is_askable(word) || known.is_generic(word));
        let about = fill.act.and_then(|act| {
            act.phrases()
                .find(|phrase| phrase.span == span || (phrase.span.start >= span.start && phrase.span.end <= span.end))
                .cloned()
        });
        self.cover.add(&span);
        if let (true, Some(phrase)) = (open, about) {
            if let Some(datum) = self.refer(&phrase).filter(|_| !phrase.pronoun || self.draft.has_data())
                && let Some(flow) = self.take(datum)
            {
                return Some(self.draft.fit(&flow, types).binding());
            }
            let datum = self.ask_for(&phrase);
            let flow = self.take(datum)?;
            return Some(self.draft.fit(&flow, types).binding());
        }
        // "competitors of the company": what the person gives goes into the words.
        let part = fill.act.and_then(|act| self.open_part(&act, &span));
        let text = self.text(&span).to_owned();
        if let Some((phrase, flow)) = part {
            let words = words(self.reading, &phrase.span);
            let format = text.replacen(words, &format!("{{{{{}}}}}", flow.name), 1);
            let filled = self.draft.fill_in(&[flow], &format, "Say what to look for");
            return Some(self.draft.fit(&filled, types).binding());
        }
        if matches!(name, "keyword" | "keywords") && types.is_within(Types::ARRAY) {
            return Some(Binding::Value(json!([text])));
        }
        Some(Binding::Value(json!(text)))
    }

    /// A phrase within a text that only the person can fill: "the company", "a topic that I give it".
    fn open_part(&mut self, act: &Act<'r>, span: &Span) -> Option<(Phrase, Flow)> {
        let phrases: Vec<Phrase> = act.phrases().cloned().collect();
        let inside = phrases.into_iter().find(|phrase| {
            phrase.span.start > span.start
                && phrase.span.end <= span.end
                && !phrase.plural
                && phrase.values.is_empty()
                && phrase.services.is_empty()
                && self.known.is_askable(&phrase.head)
        })?;
        let datum = self.refer(&inside).unwrap_or_else(|| self.ask_for(&inside));
        let flow = self.take(datum)?;
        Some((inside, flow))
    }

    fn address(&mut self, name: &str, fill: &Fill<'r>, types: Types) -> Option<Binding> {
        let wanted = fill.phrase.into_iter().flat_map(|phrase| phrase.values.clone());
        let mut tokens: Vec<usize> = wanted.collect();
        if let Some(act) = fill.act {
            tokens.extend(act.values().map(|(at, _)| at));
        }
        for at in tokens {
            if let Some(TokenKind::Value(Value::Url(url))) = self.reading.tokens.get(at).map(|token| token.kind.clone())
            {
                self.cover.add(&(at..at + 1));
                return Some(Binding::Value(json!(url)));
            }
        }
        // An address that stands elsewhere in the goal or in an answer.
        let urls: Vec<String> = self
            .values()
            .filter_map(|value| match value {
                Value::Url(url) => Some(url.clone()),
                _ => None,
            })
            .collect();
        if let [url] = urls.as_slice() {
            let at =
                self.reading.tokens.iter().position(|token| token.kind == TokenKind::Value(Value::Url(url.clone())));
            if at.is_none_or(|at| !self.cover.has(at)) {
                if let Some(at) = at {
                    self.cover.add(&(at..at + 1));
                }
                return Some(Binding::Value(json!(url)));
            }
        }
        let given = fill.phrase.and_then(|phrase| names(phrase).iter().find_map(|noun| self.named(noun)));
        let link = given.or_else(|| self.named("url")).or_else(|| self.named("link"));
        let text =
            link.and_then(|link| self.draft.data.get(link)).filter(|datum| datum.service.is_none() && !datum.made);
        if text.is_some()
            && let Some(flow) = link.and_then(|link| self.take(link))
        {
            return Some(self.draft.fit(&flow, types).binding());
        }
        let _ = name;
        None
    }

    /// Where something is or goes: a channel, a repository, a sheet, a chat.
    fn place(&mut self, block: &Block, name: &str, fill: &Fill<'r>, types: Types) -> Option<Binding> {
        if name == "chat_id"
            && let Some(chat) = self.draft.data.iter().rev().find_map(|datum| datum.chat.clone())
        {
            return Some(chat.binding());
        }
        let act_values: Vec<(usize, Value)> = fill
            .act
            .iter()
            .flat_map(|act| act.values().map(|(at, value)| (at, value.clone())).collect::<Vec<_>>())
            .collect();
        let all: Vec<(Option<usize>, Value)> = act_values
            .into_iter()
            .map(|(at, value)| (Some(at), value))
            .chain(self.reading.tokens.iter().enumerate().filter_map(|(at, token)| match &token.kind {
                TokenKind::Value(value) => Some((Some(at), value.clone())),
                _ => None,
            }))
            .chain(self.context.into_iter().flat_map(|context| &context.tokens).filter_map(|token| match &token.kind {
                TokenKind::Value(value) => Some((None, value.clone())),
                _ => None,
            }))
            .collect();
        let service = self.known.meaning(block).service.as_deref();
        let fit = |value: &Value| -> Option<Json> {
            match (name, value) {
                ("channel" | "channel_name" | "channel_identifier", Value::Channel(channel)) => {
                    Some(json!(if service == Some("Discord") { channel.trim_start_matches('#') } else { channel }))
                }
                ("chat_id", Value::Identifier(id)) => id.parse::<i64>().ok().map(|id| json!(id)),
                #[expect(clippy::cast_possible_truncation, reason = "a chat id is a whole number")]
                ("chat_id", Value::Number(number)) if number.abs() > 9999.0 => Some(json!(*number as i64)),
                ("repo", Value::Repository(repo)) => Some(json!(repo)),
                ("repo_url", Value::Repository(repo)) => Some(json!(format!("https://github.com/{repo}"))),
                ("repo_url", Value::Url(url)) if url.contains("github.com") => Some(json!(url)),
                ("subreddit", Value::Subreddit(sub)) => Some(json!(sub)),
                ("spreadsheet", Value::Identifier(id)) => Some(json!({"id": id})),
                ("spreadsheet", Value::Url(url)) if url.contains("spreadsheets") => {
                    Some(json!({"id": sheet_id(url), "url": url}))
                }
                (
                    "parent_database_id" | "database_id" | "base_id" | "page_id" | "project_id",
                    Value::Identifier(id),
                ) => Some(json!(id)),
                _ => None,
            }
        };
        for (at, value) in &all {
            if let Some(found) = fit(value) {
                if let Some(at) = at {
                    self.cover.add(&(*at..*at + 1));
                }
                return Some(Binding::Value(found));
            }
        }
        let _ = types;
        // "tab X", "the list called X"
        self.by_words(name, fill)
    }

    fn by_name(&mut self, name: &str, schema: &Schema, fill: &Fill<'r>, types: Types) -> Option<Binding> {
        if !schema.choices.is_empty() {
            let act = fill.act?;
            let said = act.clause.span.clone().find_map(|at| match &self.reading.tokens.get(at)?.kind {
                TokenKind::Word(word) => {
                    let choice = schema
                        .choices
                        .iter()
                        .find(|choice| choice.as_str().is_some_and(|text| text.eq_ignore_ascii_case(word)))?;
                    Some((at, choice.clone()))
                }
                _ => None,
            });
            let (at, choice) = said?;
            self.cover.add(&(at..at + 1));
            return Some(Binding::Value(choice));
        }
        if !types.flows_into(Types::STRING) {
            return None;
        }
        self.by_words(name, fill)
    }

    /// A value that stands beside the name of the input: "tab \"Inbox\"", "with label urgent", "my chat id is 5".
    fn by_words(&mut self, name: &str, fill: &Fill<'r>) -> Option<Binding> {
        let act = fill.act?;
        let wanted: Vec<&str> = name.split('_').filter(|word| !matches!(*word, "id" | "name" | "or" | "url")).collect();
        let tokens = &self.reading.tokens;
        for at in act.clause.span.clone() {
            let Some(TokenKind::Word(word)) = tokens.get(at).map(|token| &token.kind) else { continue };
            let alias = match word.as_str() {
                "tab" | "worksheet" => "sheet",
                other => other.trim_end_matches('s'),
            };
            if !wanted.contains(&alias) {
                continue;
            }
            for near in [at + 1, at + 2, at.wrapping_sub(1)] {
                if !act.clause.span.contains(&near) {
                    continue;
                }
                let value = match tokens.get(near).map(|token| &token.kind) {
                    Some(TokenKind::Value(Value::Quoted(text) | Value::Identifier(text) | Value::Channel(text))) => {
                        json!(text)
                    }
                    _ => continue,
                };
                self.cover.add(&(at.min(near)..at.max(near) + 1));
                return Some(Binding::Value(value));
            }
        }
        None
    }

    /// Asks the person at run time, by a name that says what is wanted.
    fn ask_input(&mut self, block: &Block, name: &str, schema: &Schema, fill: &Fill<'r>) -> Binding {
        let types = schema.kind();
        let service = self.known.meaning(block).service.as_deref().unwrap_or_default();
        let label = input_label(service, name, fill.phrase);
        let kind = match () {
            () if matches!(name, "spreadsheet" | "document") => AskKind::Drive,
            () if name.contains("file") || schema.description.contains("file as URL") => AskKind::File,
            () if types.is_within(Types::INTEGER) || types.is_within(Types::NUMBER) => AskKind::Number,
            () if types.is_within(Types::ARRAY) || types.is_within(Types::OBJECT) => AskKind::List,
            () if self.known.slot(name) == Slot::Content => AskKind::Long,
            () => AskKind::Text,
        };
        let flow = self.draft.ask(&label, &capitalised(&schema.description), kind, None);
        self.draft.fit(&flow, types).binding()
    }
}

fn outer(name: &str) -> &str {
    name.split(NESTED).next().unwrap_or_default()
}

/// The part of an entry that an input of this name wants.
pub(super) fn id_key(name: &str) -> Option<&str> {
    Some(match name {
        "threadId" => "threadId",
        "thread_id" => "thread_id",
        "issue_url" | "pr_url" | "comment_url" => "url",
        "message_id" | "messageId" | "parentMessageId" | "task_id" | "record_id" | "tweet_id" | "issue_id"
        | "comment_id" | "post_id" | "email_id" => "id",
        _ => return None,
    })
}

fn sheet_id(url: &str) -> &str {
    url.split("/d/").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or(url)
}

/// Words that do not say of what they are.
const BARE: [&str; 18] = [
    "name", "title", "key", "index", "project", "list", "team", "site", "table", "database", "board", "section",
    "label", "account", "query", "webset", "row", "file",
];

/// What an input is called when the person is asked for it.
pub(super) fn input_label(service: &str, name: &str, phrase: Option<&Phrase>) -> String {
    let noun = phrase.map(|phrase| phrase.head.as_str()).filter(|head| !head.is_empty());
    match name {
        "url" | "website_url" | "page_url" => match noun {
            Some("api" | "endpoint") => "API address".to_owned(),
            Some(noun) if noun != "url" && noun != "link" && noun.len() < 24 => format!("{} URL", capitalised(noun)),
            _ => "Page URL".to_owned(),
        },
        "rss_url" => "Feed URL".to_owned(),
        "youtube_url" => "YouTube video URL".to_owned(),
        "repo" | "repo_url" => "GitHub repository".to_owned(),
        "to_email" | "to" => "E-mail address".to_owned(),
        "channel" | "channel_name" | "channel_identifier" => format!("{service} channel").trim().to_owned(),
        "chat_id" => format!("{service} chat id").trim().to_owned(),
        "base_id" => "Airtable base".to_owned(),
        "table_id_or_name" => "Airtable table".to_owned(),
        "spreadsheet" => "Spreadsheet".to_owned(),
        "parent_database_id" | "database_id" => "Notion database".to_owned(),
        "file_input" => noun.map_or_else(|| "File".to_owned(), capitalised),
        _ => {
            let words = name.replace('_', " ").replace("idx", "index");
            let words = words.strip_suffix(" id").unwrap_or(&words);
            // "Name" alone does not say of what.
            let bare = !service.is_empty() && BARE.contains(&words);
            if bare { format!("{service} {words}") } else { super::say::label(words) }
        }
    }
}
