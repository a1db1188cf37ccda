//! Texts that a language model writes: who writes them, and how they are to be.

use super::{Edit, is_address, value::quoted};
use crate::{
    catalogue::singular,
    knowledge::is_text_model,
    patcher::{
        find::{Among, Field, Wanted},
        refused::Refused,
        wish::TABLES,
    },
    reading::{self, Value as Typed},
};

/// How a sentence tells what something is to be.
const SHOULD: [&str; 6] = [" should be ", " must be ", " has to be ", " needs to be ", " have to be ", " need to be "];
/// Words that lead to how a text is, not to what stands in an input.
const HOW: [&str; 5] = ["in", "like", "as", "more", "less"];

impl Edit<'_, '_> {
    pub(super) fn writes(&self, at: usize) -> bool {
        self.canvas.is(at, is_text_model) && self.prompt_field(at).is_some_and(|field| field.name != "condition")
    }

    /// The language model that wrote what goes into a step, through what only hands it on.
    pub(super) fn writer_behind(&self, at: usize) -> Option<usize> {
        let hands = |at: usize| self.canvas.is_helper(at) || self.looks_on(at);
        let way = self.canvas.way_to(at, |link| hands(link.from));
        let last = way.last().map_or(at, |link| link.from);
        self.canvas.main_link(last).map(|link| link.from).filter(|from| self.writes(*from))
    }

    /// "the labels should be bug, feature or docs": the model that gives one of them.
    pub(super) fn lister_of(&self, field: &Field, to: &str) -> Option<usize> {
        let list = to.contains(',') && [" or ", " and "].iter().any(|word| to.contains(word)) && !quoted(to);
        let from = self.canvas.links_into(field.at).find(|link| link.input == field.name)?.from;
        // Through what only takes it out of an answer.
        let behind = || self.canvas.main_link(from).map(|link| link.from).filter(|from| self.canvas.thinks(*from));
        let writer = if self.canvas.thinks(from) { Some(from) } else { behind() };
        writer.filter(|_| list)
    }

    /// "the tweet should be a haiku": said to what writes it. No input is set by the name of what is made from it.
    pub(super) fn described(&mut self, what: &str, to: &str) -> Option<Result<(), Refused>> {
        let said = self.operation.said.clone();
        let lower = said.to_lowercase();
        let first = to.split_whitespace().next()?.to_lowercase();
        let is_text =
            what.split_whitespace().last().is_some_and(|last| TABLES.is_text(&singular(&last.to_lowercase())));
        // "the post is too long"
        let complains = first == "too" && is_text && TABLES.mended(&said) != said;
        let leads = HOW.contains(&first.as_str()) || complains;
        let how = leads || matches!(first.as_str(), "a" | "an") || TABLES.is_manner(to) || TABLES.measures(to);
        let values = reading::tokens(to);
        let mut values = values.iter().filter_map(|token| token.value());
        let plain = values.all(|value| matches!(value, Typed::Number(_)));
        if !complains && !SHOULD.iter().any(|words| lower.contains(words)) || !how || !plain || quoted(to) {
            return None;
        }
        let wanted = Wanted::of(self.canvas.known, what);
        if wanted.says_step || wanted.is_agent() || !wanted.quoted.is_empty() {
            return None;
        }
        let content = |at: usize, name: &str| self.text_of(at).is_some_and(|text| text.name == name);
        let named = |field: &Field| {
            !self.canvas.is_door(field.at)
                && !self.canvas.is_helper(field.at)
                && !is_address(&field.name)
                && !content(field.at, &field.name)
        };
        let fields = self.canvas.fields(&wanted);
        if fields.iter().any(named) {
            return None;
        }
        let mut best = self.canvas.best(&wanted, Among::Working);
        best.retain(|at| !self.canvas.is_helper(*at));
        let writer = |at: &usize| if self.writes(*at) { Some(*at) } else { self.writer_behind(*at) };
        let mut writers: Vec<usize> = best.iter().filter_map(writer).collect();
        if best.is_empty() && is_text {
            writers = self.canvas.working().into_iter().filter(|at| self.writes(*at)).collect();
        }
        writers.sort_unstable();
        writers.dedup();
        match writers.as_slice() {
            [at] => Some(self.say_to(*at, &said)),
            // "in a table" is no text to work on, and no address.
            [] if leads && fields.iter().any(|field| self.canvas.is_door(field.at) || is_address(&field.name)) => {
                Some(Err(self.lost(&said)))
            }
            _ => None,
        }
    }
}
