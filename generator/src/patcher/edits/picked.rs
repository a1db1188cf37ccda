//! "mail me only the 3 most important ones": a model picks them.

use super::{Edit, value::number};
use crate::patcher::refused::Refused;

/// What no model has to judge: a list is in this order, or counts it.
const COUNTED: [&str; 8] = ["recent", "popular", "upvoted", "commented", "read", "viewed", "liked", "expensive"];

impl Edit<'_, '_> {
    /// Some of what comes, by a quality that has to be judged. `None` where no such number of them is named.
    pub(super) fn picked(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let lower = text.to_lowercase();
        let words: Vec<&str> = lower.split_whitespace().collect();
        let best = words.iter().enumerate().position(|(at, word)| match *word {
            "most" => words.get(at + 1).is_some_and(|next| !COUNTED.contains(next)),
            "best" => true,
            _ => false,
        })?;
        let count = number(words.get(best.checked_sub(1)?)?)?;
        let mut start = best - 1;
        while start > 0 && words.get(start - 1).is_some_and(|word| matches!(*word, "the" | "top")) {
            start -= 1;
        }
        let (order, rest) = (words.get(..start)?, words.get(best..)?.join(" "));
        // "just the 3 most relevant results": nothing else is said.
        let alone = order.is_empty() && self.operation.told;
        let only = matches!(order.last(), Some(&"only" | &"just")) || self.operation.only || alone;
        if !only || rest.split(' ').count() > 5 || self.other_place(text) {
            return None;
        }
        let mut order = order.to_vec();
        order.retain(|word| !matches!(*word, "only" | "just"));
        let order = order.join(" ");
        let named = if order.is_empty() { None } else { self.governed(&order).ok()? };
        if !order.is_empty() && !self.sends(&order) {
            return None;
        }
        let at = named.or_else(|| self.first_delivery())?;
        let pick = format!("pick the {count} {rest}");
        Some(match self.writer_behind(at) {
            Some(writer) => self.say_to(writer, &format!("only take the {count} {rest}")),
            None => self.insert_before(&pick, at),
        })
    }
}

/// "the 5 newest posts": a number of things, and nothing that is done with them.
pub(super) fn counted(text: &str) -> bool {
    let words: Vec<&str> = text.trim_start_matches("the ").split_whitespace().collect();
    let order = |word: &&str| matches!(*word, "newest" | "latest" | "first" | "last" | "most" | "recent" | "top");
    let [count, middle @ .., noun] = words.as_slice() else { return false };
    number(count).is_some() && middle.iter().all(order) && noun.ends_with('s')
}
