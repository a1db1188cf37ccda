//! What is known of a block: by its meaning, by the tables, and by the names of its inputs.

use super::{
    Knowledge,
    tables::{Class, Knows, SLOTS, Slot},
};
use crate::catalogue::{Action, Block, Meaning};

impl Knowledge {
    pub(crate) fn meaning(&self, block: &Block) -> &Meaning {
        self.catalogue.meaning_of(block)
    }

    /// Whether a block works on what a noun names.
    pub(crate) fn concerns(&self, block: &Block, noun: &str) -> bool {
        let last = noun.rsplit(' ').next().unwrap_or(noun);
        self.meaning(block).objects.iter().any(|object| object == noun || object.split(' ').any(|word| word == last))
    }

    pub(crate) fn of(&self, block: &Block) -> Option<&Knows> {
        self.tables.blocks.get(&block.name)
    }

    pub(crate) fn serves(&self, block: &Block, class: Class) -> bool {
        let actions = self.tables.actions.get(class.key());
        class == Class::Fetch && self.of(block).is_some_and(|knows| knows.reads)
            || actions.is_some_and(|actions| actions.contains(&self.meaning(block).action))
    }

    /// Whether a block brings in what others work on.
    pub(crate) fn begins(&self, block: &Block) -> bool {
        use Action::{Ask, Download, Get, List, Read, Search, Watch};
        block.trigger
            || self.tables.sources.iter().any(|source| source.block == block.name)
            || matches!(self.meaning(block).action, Get | Read | List | Search | Download | Watch | Ask)
    }

    /// Whether a block takes something out and gives only word that it did.
    pub(crate) fn delivers(&self, block: &Block) -> bool {
        use Action::{
            Add, Append, Cancel, Create, Delete, Label, Publish, Reply, Schedule, Send, Share, Store, Update, Upload,
        };
        let meaning = self.meaning(block);
        let takes_out = matches!(
            meaning.action,
            Add | Append | Cancel | Create | Delete | Label | Publish | Reply | Schedule | Share | Update | Upload
        );
        !self.begins(block) && (matches!(meaning.action, Send | Store) || takes_out && meaning.service.is_some())
    }

    /// What people call a block: by what it does, to what, with which service, and by what it gives.
    pub(crate) fn names_of(&self, block: &Block) -> Vec<&str> {
        let meaning = self.meaning(block);
        let own = self.of(block).into_iter().flat_map(|knows| &knows.nouns);
        let all = meaning.verbs.iter().chain(&meaning.objects).chain(&meaning.service).chain(&meaning.gives).chain(own);
        all.map(String::as_str).collect()
    }

    /// Whether an input of this name takes what is worked on.
    pub(crate) fn is_content(&self, input: &str) -> bool {
        matches!(self.slot(input), Slot::Content | Slot::Structured | Slot::Prompt)
    }

    pub(crate) fn slot(&self, input: &str) -> Slot {
        let in_list =
            |key: &str| self.tables.slots.get(key).is_some_and(|names| names.iter().any(|name| name == input));
        SLOTS.iter().find(|(key, _)| in_list(key)).map_or(Slot::Other, |(_, slot)| *slot)
    }

    /// The inputs of a block that take the main text, the likeliest first.
    pub(crate) fn content_input(&self, block: &Block) -> Option<&str> {
        let names = self.tables.slots.get("content")?;
        let has = |name: &&String| {
            block.input_schema().properties.get(name).is_some_and(|schema| {
                let kind = schema.kind();
                kind.is_any() || kind.flows_into(crate::catalogue::schema::Types::STRING)
            })
        };
        let required = |name: &&String| block.input_schema().required.contains(*name);
        let found = names.iter().filter(has).find(required).or_else(|| names.iter().find(has));
        found.map(String::as_str)
    }

    /// The required input that takes a title.
    pub(crate) fn title_input<'k>(&self, block: &'k Block) -> Option<&'k str> {
        block.required_inputs().find(|name| self.slot(name) == Slot::Title)
    }
}

/// Blocks that write text: reached by thinking, not by the name of what is made.
pub(crate) fn is_text_model(block: &Block) -> bool {
    matches!(
        block.name.as_str(),
        "AITextGeneratorBlock"
            | "AITextSummarizerBlock"
            | "AIStructuredResponseGeneratorBlock"
            | "AIListGeneratorBlock"
            | "AIConversationBlock"
            | "AIConditionBlock"
            | "OrchestratorBlock"
            | "ConditionBlock"
            | "FillTextTemplateBlock"
            | "CombineTextsBlock"
            | "CreateListBlock"
            | "CreateDictionaryBlock"
            | "TextSplitBlock"
            | "NoteBlock"
            | "ExtractTextInformationBlock"
            | "StoreValueBlock"
            | "AgentExecutorBlock"
    )
}
