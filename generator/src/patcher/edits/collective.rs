//! Several steps by one name: "the screenshot stuff", "everything about Slack"; and what is sent, by what is done with it.

use super::Edit;
use crate::{
    knowledge::Class,
    patcher::{
        find::{Among, Wanted, bare},
        refused::Refused,
    },
};

/// What stands in front of the name.
const OPENERS: [&str; 12] = [
    "about ",
    "to do with ",
    "that has to do with ",
    "which has to do with ",
    "that has to do with the ",
    "related to ",
    "around ",
    "concerning ",
    "regarding ",
    "connected to ",
    "with ",
    "for ",
];
/// What stands behind it.
const HEAPS: [&str; 7] = [" stuff", " things", " steps", " parts", " pieces", " bits", " blocks"];

/// The name that all of several steps have.
pub(super) fn named(what: &str) -> Option<&str> {
    let text = bare(what).trim();
    let lower = text.to_lowercase();
    let quoted = text.starts_with(['"', '“', '\'', '‘', '`']);
    if let Some(end) = HEAPS.iter().find_map(|heap| lower.strip_suffix(heap)).map(str::len).filter(|_| !quoted) {
        return text.get(..end).filter(|name| !name.is_empty());
    }
    let heap =
        ["all the stuff ", "the stuff ", "everything ", "anything ", "all the things ", "all steps ", "all the steps "]
            .iter()
            .find(|heap| lower.starts_with(**heap))?;
    let opener = OPENERS.iter().filter(|opener| lower.get(heap.len()..).is_some_and(|rest| rest.starts_with(**opener)));
    text.get(heap.len() + opener.map(|opener| opener.len()).max()?..).filter(|name| !name.is_empty())
}

/// What only says that something reaches somebody.
pub(super) const CARRIERS: [&str; 13] = [
    "get",
    "receive",
    "hear",
    "message",
    "mail",
    "email",
    "notification",
    "know",
    "learn",
    "bother",
    "want",
    "see",
    "disturb",
];

impl Edit<'_, '_> {
    /// Takes away all steps that a collective name means; `None` where the text is no such name, or no step has it.
    pub(super) fn remove_all(&mut self, what: &str) -> Option<Result<(), Refused>> {
        let wanted = Wanted::of(self.canvas.known, named(what)?);
        if wanted.words.is_empty() || wanted.place.is_some() {
            return None;
        }
        let names = self.canvas.names();
        let called =
            |at: &usize| names.get(*at).is_some_and(|names| wanted.words.iter().all(|word| names.titled(word)));
        let working = self.canvas.working();
        let titled: Vec<usize> = working.iter().copied().filter(called).collect();
        let steps = if titled.is_empty() { self.canvas.best(&wanted, Among::Working) } else { titled };
        if steps.is_empty() {
            return None;
        }
        // Those that take from the others go first.
        let ids: Vec<String> = working
            .iter()
            .rev()
            .filter(|at| steps.contains(at))
            .filter_map(|at| self.canvas.ids.get(*at).cloned())
            .collect();
        Some(ids.iter().try_for_each(|id| match self.canvas.ids.iter().position(|other| other == id) {
            Some(at) => self.remove_step(at),
            None => Ok(()),
        }))
    }

    /// "saving it to Notion": what takes something out, by where it goes.
    pub(super) fn sent_by(&self, what: &str) -> Vec<usize> {
        let known = self.canvas.known;
        let wanted = Wanted::of(known, what);
        let Some((verb, place)) = wanted.words.split_first() else { return Vec::new() };
        let sends = [Class::Tell, Class::Store, Class::Hand, Class::Make, Class::Change].iter();
        if place.is_empty() || !sends.into_iter().any(|class| known.is(verb, *class)) {
            return Vec::new();
        }
        let wanted = Wanted { words: place.to_vec(), exact: String::new(), ..wanted.clone() };
        let best = self.canvas.best(&wanted, Among::Working);
        best.into_iter().filter(|at| self.canvas.delivers(*at)).collect()
    }

    /// Whether a text asks for something to be taken out.
    pub(super) fn sends(&self, text: &str) -> bool {
        let first = text.split_whitespace().next().unwrap_or_default().to_lowercase();
        matches!(
            first.as_str(),
            "send"
                | "post"
                | "mail"
                | "email"
                | "e-mail"
                | "text"
                | "message"
                | "notify"
                | "tell"
                | "save"
                | "write"
                | "put"
                | "store"
                | "deliver"
                | "publish"
                | "alert"
                | "ping"
        )
    }

    /// "summarising the file": the one step that goes by the verb.
    pub(super) fn done_in(&self, what: &str) -> Vec<usize> {
        let first = what.split_whitespace().next().filter(|first| first.ends_with("ing")).unwrap_or_default();
        let wanted = Wanted::of(self.canvas.known, first);
        let best = if wanted.is_empty() { Vec::new() } else { self.canvas.best(&wanted, Among::Working) };
        if best.len() == 1 { best } else { Vec::new() }
    }

    /// "mail me the digest": what takes something out, by the words that name it.
    pub(super) fn sent_as(&self, what: &str) -> Vec<usize> {
        let names = self.canvas.names();
        let mut wanted = Wanted::of(self.canvas.known, what);
        let sending: Vec<usize> = self.canvas.working().into_iter().filter(|at| self.canvas.delivers(*at)).collect();
        let fits = |word: &String| sending.iter().any(|at| names.get(*at).is_some_and(|names| names.fit(word) > 0));
        wanted.words.retain(fits);
        if wanted.words.is_empty() {
            return if sending.len() == 1 { sending } else { Vec::new() };
        }
        let best = self.canvas.best(&Wanted { exact: String::new(), ..wanted }, Among::Working);
        best.into_iter().filter(|at| self.canvas.delivers(*at)).collect()
    }

    /// "I just want the report as output": it comes out, and nothing takes it anywhere.
    pub(super) fn only_output(&mut self, what: &str) -> Result<(), Refused> {
        let wanted = Wanted::of(self.canvas.known, what);
        let sent: Vec<usize> = self.canvas.working().into_iter().filter(|at| self.canvas.delivers(*at)).collect();
        let gives = |at: &usize| !self.canvas.delivers(*at) && self.canvas.gives(*at).is_some();
        let made: Vec<usize> = self.canvas.best(&wanted, Among::Working).into_iter().filter(gives).collect();
        let shown = !self.canvas.best(&wanted, Among::Outputs).is_empty()
            || made.iter().any(|at| {
                let mut links = self.canvas.links_out(*at).into_iter();
                links.any(|link| self.canvas.is(link.to, |block| block.is_agent_output()))
            });
        let named = !made.is_empty() || shown || wanted.is_agent();
        if !named {
            return Err(self.canvas.no_step(what));
        }
        if !shown && !made.is_empty() {
            self.output(what)?;
        }
        let ids: Vec<String> = sent.iter().rev().filter_map(|at| self.canvas.ids.get(*at).cloned()).collect();
        ids.iter().try_for_each(|id| match self.canvas.ids.iter().position(|other| other == id) {
            Some(at) => self.remove_step(at),
            None => Ok(()),
        })
    }
}
