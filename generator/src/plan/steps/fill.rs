//! What goes into each input of a block: what the goal says, what a step gave, or what the person gives at run time.

use serde_json::{Value as Json, json};

use super::{
    build::Builder,
    draft::{AskKind, Flow},
    say,
};
use crate::{
    catalogue::{
        Block, NESTED,
        schema::{Schema, Types},
    },
    knowledge::{Class, Slot, capitalised},
    plan::{
        clauses::act::Act,
        model::{Binding, Step},
        wording::title,
    },
    reading::{Determiner, Phrase, Span, Value},
};

/// What is known about a step before its inputs are looked at.
#[derive(Debug, Default)]
pub(in crate::plan) struct Fill<'r> {
    pub(in crate::plan) act: Option<Act<'r>>,
    /// What is worked on.
    pub(in crate::plan) phrase: Option<&'r Phrase>,
    /// The main text.
    pub(in crate::plan) content: Option<Flow>,
    /// One entry with parts: a form, a row, a message.
    pub(in crate::plan) item: Option<usize>,
    /// The subject matter of a search.
    pub(in crate::plan) query: Option<Span>,
    /// Title or subject.
    pub(in crate::plan) title: Option<String>,
    pub(in crate::plan) to: Option<Binding>,
    pub(in crate::plan) given: Vec<(String, Binding)>,
    pub(in crate::plan) says: String,
    pub(in crate::plan) name: Option<String>,
}

impl<'k, 'r> Builder<'k, 'r> {
    /// Adds a step of this block and fills its inputs.
    pub(in crate::plan) fn apply(&mut self, block: &'k Block, fill: Fill<'r>) -> usize {
        let knows = self.known.of(block);
        let title = fill.name.clone().unwrap_or_else(|| title::title_of(self.known, block));
        let mut step = Step { block: block.id.clone(), title, says: fill.says.clone(), inputs: Vec::new() };
        for (name, binding) in &fill.given {
            step.bind(name, binding.clone());
        }
        for (name, value) in knows.iter().flat_map(|knows| knows.set.iter()) {
            if step.binding(name).is_none() {
                // What is empty by itself the goal may fill: "with the tags X and Y".
                let said = if *value == json!([]) { self.listed_behind(name, &fill) } else { None };
                step.bind(name, said.unwrap_or_else(|| Binding::Value(value.clone())));
            }
        }
        // A block that also writes does nothing but read unless it is told.
        if fill.act.is_some_and(|act| self.is(&act, Class::Store) || self.is(&act, Class::Make))
            && block
                .input_schema()
                .properties
                .get("operation")
                .is_some_and(|schema| schema.default == Some(json!("get")))
        {
            step.bind("operation", Binding::Value(json!("create")));
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
            let must = required(name) || self.essential(name) && !required("query");
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
            self.bind_part(block, &mut step, name, &flow);
        }
        self.hold(block, &mut step);
        self.draft.push(step)
    }

    /// Gives an input, or a part of one, what `flow` gives. A part that only an alternative of the schema declares cannot be
    /// linked on the platform: its whole is put together first.
    fn bind_part(&mut self, block: &Block, step: &mut Step, name: &str, flow: &Flow) {
        let whole = name.split_once(NESTED).and_then(|(whole, part)| {
            let schema = block.input_schema().properties.get(whole)?;
            let linkable = schema.properties.get(part).is_some() || schema.alternatives.is_empty();
            (!linkable).then_some((whole, part))
        });
        let dictionary = self.known.catalogue.by_name("CreateDictionaryBlock");
        let Some(((whole, part), dictionary)) = whole.zip(dictionary) else {
            return step.bind(name, flow.binding());
        };
        let fixed = match step.binding(whole) {
            Some(Binding::Value(value)) => value.clone(),
            _ => json!({}),
        };
        let part = format!("values{NESTED}{part}");
        let says = format!("Put the {} together", whole.replace('_', " "));
        let made = self.step_of(dictionary, &says, &[("values", fixed)], &[(&part, flow.clone())]);
        step.bind(whole, self.draft.flow(made, "dictionary").binding());
    }

    /// Whether a block takes a record of named parts.
    pub(in crate::plan) fn takes_parts(&self, block: &Block) -> bool {
        let mut inputs = block.input_schema().properties.iter();
        inputs.any(|(name, schema)| self.known.slot(name) == Slot::Structured && schema.kind().is_within(Types::OBJECT))
    }

    /// The file of a reader that was given nothing to read: its schema calls the file optional, for a text will do too.
    fn unread(&self, block: &'k Block, step: &Step) -> Option<(&'k str, &'k Schema)> {
        let given = |name: &str| matches!(self.known.slot(name), Slot::Content | Slot::Structured | Slot::Address);
        let told = step.inputs.iter().any(|input| matches!(input.binding, Binding::From { .. }) || given(&input.name));
        let mut inputs = block.input_schema().properties.iter();
        (self.known.begins(block) && !told).then(|| inputs.find(|(name, _)| name.contains("file"))).flatten()
    }

    /// Inputs that a schema calls optional although nothing works without them; the text that it gives instead is an example.
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

    pub(in crate::plan) fn binding(
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
            && let Some((at, text)) = fill.act.and_then(|act| self.said(&act)).filter(|(at, _)| !self.cover.has(*at))
        {
            self.cover.add(&(at..at + 1));
            return Some(self.typed(Binding::Value(json!(text)), types));
        }
        if let Some(flow) = fill.content.as_ref().filter(|_| is_content) {
            return Some(self.draft.fit(flow, types).binding());
        }
        // "assign it to @octocat"
        let person = matches!(name, "assignee" | "reviewer" | "username") && types.is_within(Types::STRING);
        if person
            && let Some((at, handle)) = fill.act.and_then(|act| {
                let mut values = act.values();
                values.find_map(|(at, value)| match value {
                    Value::Handle(name) => Some((at, name.trim_start_matches('@').to_owned())),
                    _ => None,
                })
            })
        {
            self.cover.add(&(at..at + 1));
            return Some(Binding::Value(json!(handle)));
        }
        // "to #sales" is where it goes, and nobody's name.
        if person
            && let Some(name) = fill.act.and_then(|act| self.called_so(&act)).filter(|name| !name.starts_with('#'))
        {
            return Some(Binding::Value(json!(name)));
        }
        let found = match slot {
            // Nobody is called as a text is.
            _ if matches!(name, "assignee" | "reviewer") => None,
            Slot::Structured if must || self.has_parts(block, fill) => self.structured(name, fill, types),
            Slot::Structured => None,
            Slot::Title => self.title(block, fill, must),
            Slot::Query
                if must
                    || self.is_only_search(block, name)
                    || fill.act.is_some_and(|act| act.arguments(&["about", "regarding"]).next().is_some()) =>
            {
                self.query(block, name, fill, types)
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
        // "as a draft": a switch that is off by itself.
        let switch = name.rsplit_once("_as_").filter(|_| types.is_within(Types::BOOLEAN)).and_then(|(_, what)| {
            let mut span = fill.act?.clause.span.clone();
            span.find(|at| self.reading.tokens.get(*at).and_then(|token| token.word()) == Some(what))
        });
        if let Some(at) = switch {
            self.cover.close(&(at..at + 1));
            return Some(Binding::Value(json!(true)));
        }
        if !must || schema.default.is_some() && !self.essential(name) {
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
        let names_one = person || ["id", "url"].iter().any(|end| name.to_ascii_lowercase().ends_with(end));
        if let Some(flow) = fill
            .content
            .clone()
            .filter(|_| matches!(slot, Slot::Content | Slot::Structured | Slot::Other) && !names_one)
        {
            return Some(self.draft.fit(&flow, types).binding());
        }
        if let Some(flow) = self.part_of_entry(name) {
            return Some(self.draft.fit(&flow, types).binding());
        }
        Some(self.ask_input(block, name, schema, fill))
    }

    /// "assign it to octocat": a name that is no other word.
    fn called_so(&mut self, act: &Act<'r>) -> Option<String> {
        let bare = |phrase: &&'r Phrase| {
            let alone = phrase.determiner == Determiner::None && phrase.span.len() == 1 && phrase.tail.is_none();
            alone
                && !phrase.pronoun
                && phrase.services.is_empty()
                && !phrase.plural
                && !self.known.is_person(&phrase.head)
        };
        let phrase = act.arguments(&["to"]).map(|argument| &argument.phrase).find(bare)?;
        self.cover.add(&phrase.span);
        Some(self.text(&phrase.span).to_owned())
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
}

fn outer(name: &str) -> &str {
    name.split(NESTED).next().unwrap_or_default()
}

/// The part of an entry that an input of this name wants.
pub(in crate::plan) fn id_key(name: &str) -> Option<&str> {
    Some(match name {
        "threadId" => "threadId",
        "thread_id" => "thread_id",
        "issue_url" | "pr_url" | "comment_url" => "url",
        "message_id" | "messageId" | "parentMessageId" | "task_id" | "record_id" | "tweet_id" | "issue_id"
        | "comment_id" | "post_id" | "email_id" => "id",
        _ => return None,
    })
}

pub(in crate::plan) fn sheet_id(url: &str) -> &str {
    url.split("/d/").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or(url)
}

/// Words that do not say of what they are.
const BARE: [&str; 18] = [
    "name", "title", "key", "index", "project", "list", "team", "site", "table", "database", "board", "section",
    "label", "account", "query", "webset", "row", "file",
];

/// What an input is called when the person is asked for it.
pub(in crate::plan) fn input_label(service: &str, name: &str, phrase: Option<&Phrase>) -> String {
    let noun = phrase.map(|phrase| phrase.head.as_str()).filter(|head| !head.is_empty());
    match name {
        "url" | "website_url" | "page_url" => match noun {
            Some("api" | "endpoint") => "API address".to_owned(),
            Some("url" | "link" | "address") | None => {
                let of = phrase.map(|phrase| phrase.modifiers.join(" ")).filter(|of| !of.is_empty() && of.len() < 24);
                format!("{} URL", of.as_deref().map_or_else(|| "Page".to_owned(), capitalised))
            }
            Some(noun) if noun.len() < 24 => format!("{} URL", capitalised(noun)),
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
            if bare { format!("{service} {words}") } else { say::label(words) }
        }
    }
}
