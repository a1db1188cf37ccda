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
        let (order, rest) = (words.get(..start)?, words.get(best..)?);
        // "the 3 best articles by email": the way that they go.
        let way = |word: &&str| matches!(*word, "to" | "by" | "via" | "per" | "as" | "on" | "in" | "over" | "through");
        let (what, way) = rest.split_at(rest.iter().position(way).unwrap_or(rest.len()));
        let (is_way, mails) = (self.service_in(&way.join(" ")).is_some(), way.iter().any(is_mail));
        let rest = if is_way || mails { what } else { rest }.join(" ");
        // "just the 3 most relevant results": nothing else is said.
        let alone = order.is_empty() && self.operation.told;
        let only = matches!(order.last(), Some(&"only" | &"just")) || self.operation.only || alone;
        if !only || rest.split(' ').count() > 5 || self.other_place(text) {
            return None;
        }
        let mut order = order.to_vec();
        order.retain(|word| !matches!(*word, "only" | "just"));
        let mails = mails || order.first().is_some_and(is_mail);
        let order = order.join(" ");
        if !order.is_empty() && !self.sends(&order) {
            return None;
        }
        let at = if mails || is_way || order.starts_with("text") {
            // What goes another way than any step has is no picking alone.
            let service = if is_way { self.service_in(&way.join(" ")) } else { None };
            let mut sends = self.canvas.working().into_iter().filter(|at| self.canvas.delivers(*at));
            sends.find(|at| self.goes_so(*at, mails, service.as_deref()))?
        } else {
            let named = if order.is_empty() { None } else { self.governed(&order).ok()? };
            named.or_else(|| self.first_delivery()).filter(|at| self.canvas.delivers(*at))?
        };
        // What works on one thing at a time sees no others to pick from.
        if self.looped(at) {
            return None;
        }
        let pick = format!("pick the {count} {rest}");
        // What others read as well stays whole. Which mails are summed up is told all the same.
        let source = self.canvas.working().into_iter().find(|at| self.canvas.begins(*at));
        let things = source.is_some_and(|source| self.is_called(source, &rest));
        let up = self.canvas.upstream(at);
        let alone = |writer: &usize| {
            let shown = |to: usize| things && self.canvas.is(to, |block| block.is_agent_output());
            self.canvas.links_out(*writer).iter().all(|link| up.get(link.to) == Some(&true) || shown(link.to))
        };
        Some(match self.writer_behind(at).filter(|writer| order.is_empty() || alone(writer)) {
            Some(writer) => self.say_to(writer, &format!("only take the {count} {rest}")),
            None => self.insert_before(&pick, at),
        })
    }

    /// Whether a step sends with this service, or else mails.
    fn goes_so(&self, at: usize, mails: bool, service: Option<&str>) -> bool {
        self.canvas.is(at, |block| {
            let meaning = self.canvas.known.meaning(block);
            match service {
                Some(_) => meaning.service.as_deref() == service,
                None => mails && meaning.objects.iter().any(|object| object == "email"),
            }
        })
    }
}

fn is_mail(word: &&str) -> bool {
    matches!(*word, "mail" | "email" | "e-mail")
}

/// "the 5 newest posts": a number of things, and nothing that is done with them.
pub(super) fn counted(text: &str) -> bool {
    let words: Vec<&str> = text.trim_start_matches("the ").split_whitespace().collect();
    let order = |word: &&str| matches!(*word, "newest" | "latest" | "first" | "last" | "most" | "recent" | "top");
    let [count, middle @ .., noun] = words.as_slice() else { return false };
    number(count).is_some() && middle.iter().all(order) && noun.ends_with('s')
}
