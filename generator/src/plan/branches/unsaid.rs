//! What a condition leaves to the person: "one of my keywords", "what I set". It is asked for, since nothing else tells.

use crate::plan::steps::{
    build::Builder,
    draft::{AskKind, Flow},
};

/// What stands before a word that only the person can fill.
const OPEN: [&str; 8] = ["a", "an", "my", "our", "certain", "some", "specific", "particular"];
/// What a figure is compared with.
const BOUNDS: [&str; 7] = ["limit", "threshold", "budget", "target", "maximum", "minimum", "price"];

impl Builder<'_, '_> {
    /// The text of a condition with what the person gives filled in, if it leaves anything open.
    pub(in crate::plan) fn filled_condition(&mut self, text: &str) -> Option<Flow> {
        let (start, end, noun) = unsaid(text)?;
        let help = match noun.starts_with("keyword") {
            true => "Separated by commas",
            false => "What it is compared with",
        };
        let flow = self.draft.ask(noun, help, AskKind::Text, None);
        let format = format!("{}the {noun} ({{{{{}}}}}){}", text.get(..start)?, flow.name, text.get(end..)?);
        Some(self.draft.fill_in(&[flow], &format, "Say what is checked"))
    }
}

/// Where a text leaves something open, and what it is called.
fn unsaid(text: &str) -> Option<(usize, usize, &str)> {
    // What is listed is given.
    if text.contains(['"', '“', '”', '«', '„'])
        || text.contains(": ")
        || text.contains(" such as ")
        || text.contains(" like ")
    {
        return None;
    }
    if let Some(start) = text.find("what I ") {
        let chosen = ["set", "want", "choose", "give", "enter", "chose"];
        let end = start + "what I ".len();
        let verb = text.get(end..)?.split(' ').next()?;
        let last = text.get(end + verb.len()..)?.trim_end_matches('.').is_empty();
        return (last && chosen.contains(&verb)).then_some((start, end + verb.len(), "limit"));
    }
    let mut words: Vec<(usize, &str)> = Vec::new();
    let mut at = 0;
    for word in text.split(' ') {
        words.push((at, word));
        at += word.len() + 1;
    }
    let (at, noun) = words.iter().enumerate().find_map(|(at, (_, word))| {
        let noun = word.trim_end_matches([',', '.', ':', ')']);
        let open = at > 0 && words.get(at - 1).is_some_and(|(_, before)| OPEN.contains(before));
        let own = at > 0 && words.get(at - 1).is_some_and(|(_, before)| matches!(*before, "my" | "our"));
        let keyword = matches!(noun, "keyword" | "keywords");
        (keyword && open || own && BOUNDS.contains(&noun)).then_some((at, noun))
    })?;
    let start = words.get(at - 1)?.0;
    let end = words.get(at)?.0 + noun.len();
    Some((start, end, text.get(words.get(at)?.0..end)?))
}
