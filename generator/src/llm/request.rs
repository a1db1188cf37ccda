//! What a model is sent, made to fit its window: the system prompt, which is the same for every request of a task so that
//! providers take it from their caches, and the request with cards of blocks and what the person wrote.

use std::{collections::HashSet, sync::OnceLock};

use serde_json::{Value, json};
use shared::failure::Failure;

use super::{
    cards::{self, Detail},
    dialogue::Task,
    directory::directory,
    tasks::Prompt,
    today::timezone,
    window::{Window, tokens, too_large},
};
use crate::{
    catalogue::{Block, special},
    knowledge::Knowledge,
};

const WITH_DIRECTORY: &str = include_str!("../../prompts/directory.md");
const CARDS_ONLY: &str = include_str!("../../prompts/cards_only.md");
/// At most this many cards of blocks that the person or the agent names.
const NAMED: usize = 40;
/// At most this many cards go to a second round, within this many tokens.
const LATER: usize = 12;
const LATER_TOKENS: usize = 4_000;

/// What a request is about.
#[derive(Debug)]
pub(super) struct Matter<'m, 'k> {
    pub(super) prompt: &'static Prompt,
    /// JSON text.
    pub(super) person: String,
    /// Begins the refusal of a request that does not fit: `the steps are`.
    pub(super) what: &'static str,
    /// What the person wrote: searched for blocks.
    pub(super) words: &'m str,
    pub(super) named: &'m [&'k Block],
}

#[derive(Debug)]
pub(super) struct Request<'k> {
    pub(super) system: String,
    pub(super) text: String,
    room: usize,
    /// Ids of the blocks with a card.
    shown: HashSet<&'k str>,
}

impl<'k> Request<'k> {
    /// Fails with `validation_error` if what the person sent does not fit. Counted in this order: the rules, what the person
    /// wrote, cards of the named blocks and of those that any agent needs, the directory, examples, cards of found blocks.
    pub(super) fn new(
        knowledge: &'k Knowledge,
        names: &OnceLock<String>,
        window: Window,
        today: &str,
        matter: &Matter<'_, 'k>,
    ) -> Result<Self, Failure> {
        let Matter { prompt, person, words, named, what } = matter;
        let rules = [prompt.instructions, CARDS_ONLY, prompt.form.schema].into_iter().map(tokens).sum();
        let most = window.room().saturating_sub(rules);
        let size = tokens(person);
        let mut left = most.checked_sub(size).ok_or_else(|| too_large(what, size, most))?;

        let mut shown = HashSet::new();
        let mut listed: Vec<String> = Vec::new();
        let mut show = |block: &'k Block, details: &[Detail], left: &mut usize| {
            if shown.contains(block.id.as_str()) {
                return;
            }
            for detail in details {
                let Ok(card) = serde_json::to_string(&cards::card(block, *detail)) else { continue };
                let cost = tokens(&card) + 1;
                if cost <= *left {
                    *left -= cost;
                    shown.insert(block.id.as_str());
                    listed.push(card);
                    break;
                }
            }
        };
        let roomy = window.is_roomy();
        let usual: &[Detail] = if roomy { &[Detail::Usual, Detail::Short] } else { &[Detail::Short] };
        named
            .iter()
            .take(NAMED)
            .for_each(|block| show(block, &[Detail::Whole, Detail::Usual, Detail::Short], &mut left));
        cards::always(knowledge).for_each(|block| show(block, usual, &mut left));

        let names = names.get_or_init(|| directory(&knowledge.catalogue));
        let lists = roomy && take(&mut left, tokens(WITH_DIRECTORY) + tokens(names));
        let teaches = roomy && take(&mut left, tokens(prompt.examples));
        let known = named.iter().map(|block| block.id.as_str()).collect();
        cards::found(knowledge, words, &known).into_iter().for_each(|block| show(block, usual, &mut left));

        let mut system = prompt.instructions.to_owned();
        if teaches {
            system.push_str(prompt.examples);
        }
        if lists {
            system.push_str(WITH_DIRECTORY);
            system.push_str(names);
        } else {
            system.push_str(CARDS_ONLY);
        }
        let mut head = json!({"today": today});
        if let (Some(zone), Some(head)) = (timezone(words), head.as_object_mut()) {
            head.insert("timezone".to_owned(), zone.into());
        }
        let head = head.to_string();
        let head = head.trim_end_matches('}');
        let text = format!("{head},\"blocks\":[{}],\"from_person\":{person}}}", listed.join(","));
        Ok(Self { room: window.room(), system, text, shown })
    }

    pub(super) fn task(&self, prompt: &Prompt) -> Task<'_> {
        Task { instructions: &self.system, form: prompt.form, room: self.room }
    }

    /// Cards of the blocks that an answer names and that the request had none of.
    pub(super) fn cards_for(&self, knowledge: &Knowledge, answer: &str) -> Vec<Value> {
        let (mut seen, mut left) = (self.shown.clone(), LATER_TOKENS);
        let mut cards = Vec::new();
        let words = answer.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|word| is_name(word));
        for block in words.filter_map(|word| knowledge.catalogue.by_name(word)) {
            if cards.len() == LATER {
                break;
            }
            if block.id == special::AGENT_EXECUTOR || seen.contains(block.id.as_str()) {
                continue;
            }
            let card = json!(cards::card(block, Detail::Usual));
            if take(&mut left, tokens(&card.to_string())) {
                cards.push(card);
            }
            seen.insert(block.id.as_str());
        }
        cards
    }
}

/// A word in camel case, as blocks are named: "condition" is a word of its own.
fn is_name(word: &str) -> bool {
    word.len() <= 100
        && word
            .as_bytes()
            .windows(2)
            .any(|pair| matches!(pair, [a, b] if a.is_ascii_lowercase() && b.is_ascii_uppercase()))
}

/// Takes `cost` if it is there.
fn take(left: &mut usize, cost: usize) -> bool {
    let fits = cost <= *left;
    if fits {
        *left -= cost;
    }
    fits
}
