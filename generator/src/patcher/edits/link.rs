//! "The link of the doc": what the step that makes the doc gives. A language model would only invent one.

use super::Edit;
use crate::{
    catalogue::{ERROR_OUTPUT, NESTED, schema::Types},
    patcher::{
        find::{Among, Wanted},
        refused::Refused,
        wish::Place,
    },
    reading::{self, Token},
    text::plain_words,
};

const LINKS: [&str; 5] = ["link", "url", "address", "permalink", "hyperlink"];
/// What ends the thing that a link belongs to.
const ENDS: [&str; 16] = [
    "to", "in", "on", "via", "by", "as", "into", "at", "with", "using", "through", "when", "once", "after", "and",
    "also",
];

/// A link or an id that an order speaks of: of what, and the order without it.
struct Named {
    of: String,
    id: bool,
    order: String,
}

impl Edit<'_, '_> {
    /// Sends a link, where an order speaks of the link of something that a step makes.
    pub(super) fn with_link(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let first = text.split_whitespace().next()?.to_lowercase();
        if !self.sends(text) && !matches!(first.as_str(), "let" | "give" | "share" | "add" | "reply" | "forward") {
            return None;
        }
        let named = named(text)?;
        let wanted = Wanted::of(self.canvas.known, &named.of);
        // "After creating the issue, post its link"
        let its = match &self.operation.place {
            _ if named.of != "its" => None,
            Some(Place::After(of)) => self.placed(of).ok()?,
            _ => self.it,
        };
        if wanted.is_empty() && its.is_none() {
            return None;
        }
        let best = its.map_or_else(|| self.canvas.best(&wanted, Among::Working), |its| vec![its]);
        let made: Vec<usize> = best
            .into_iter()
            .filter(|at| self.canvas.delivers(*at) || self.address_of(*at, named.id).is_some())
            .collect();
        if made.is_empty() {
            return None;
        }
        Some(self.canvas.one_of(made, self.context).and_then(|at| match at {
            Some(at) => self.send_address(at, &named),
            None => Err(self.canvas.no_step(&named.of)),
        }))
    }

    fn send_address(&mut self, at: usize, named: &Named) -> Result<(), Refused> {
        let Some(output) = self.address_of(at, named.id) else {
            let kind = if named.id { "id" } else { "link" };
            return Err(Refused::unsupported(format!("{} gives no {kind}.", self.canvas.title(at))));
        };
        let id = self.canvas.ids.get(at).cloned();
        let list = self.upto(at, true);
        let fresh = self.plan(&named.order, list)?;
        let from = fresh.start;
        let made = self.newest(fresh).filter(|made| self.canvas.delivers(*made));
        let source = self.canvas.ids.iter().position(|other| Some(other) == id.as_ref());
        let field = made.and_then(|made| self.text_of(made));
        let (Some(source), Some(field)) = (source, field) else { return Err(self.lost(&self.operation.said.clone())) };
        self.canvas.route((source, &output), field.at, &field.name);
        self.drop_idle(from, field.at);
        self.settle(from, None)
    }

    /// The output with the address, or the id, of what a step makes; a part of an output where it stands inside.
    pub(super) fn address_of(&self, at: usize, id: bool) -> Option<String> {
        let block = self.canvas.block(at)?;
        let says = |name: &str| {
            let words = plain_words(&name.replace('_', " "));
            let camel = name.ends_with("Url");
            if id {
                words.iter().any(|word| word == "id")
            } else {
                camel || words.iter().any(|word| LINKS.contains(&word.as_str()))
            }
        };
        let outputs = || block.output_schema().properties.iter().filter(|(name, _)| *name != ERROR_OUTPUT);
        let whole = outputs().find(|(name, schema)| says(name) && !schema.kind().is_within(Types::OBJECT));
        whole.map(|(name, _)| name.to_owned()).or_else(|| {
            outputs().find_map(|(name, schema)| {
                let (part, _) = schema.properties.iter().find(|(part, _)| !part.starts_with('_') && says(part))?;
                Some(format!("{name}{NESTED}{part}"))
            })
        })
    }
}

/// "with the link of the doc", "the tweet's URL", "the issue link".
fn named(text: &str) -> Option<Named> {
    let tokens = reading::tokens(text);
    let word = |at: usize| tokens.get(at).map_or(String::new(), |token| token.raw(text).to_lowercase());
    let start = |at: usize| tokens.get(at).map_or(text.len(), |token| token.start);
    let sign = (1..tokens.len()).find(|at| LINKS.contains(&word(*at).as_str()) || word(*at) == "id")?;
    let id = word(sign) == "id";
    let determines =
        |at: usize| matches!(word(at).as_str(), "the" | "a" | "an" | "its" | "my" | "our" | "this" | "that");
    let carries = |at: usize| matches!(word(at).as_str(), "with" | "containing" | "including" | "that" | "has");
    // "the issue link to #bugs": what it is the link of stands in front of it.
    let noun =
        (0..sign).rev().find(|at| determines(*at)).is_some_and(|first| first + 1 < sign) && word(sign + 1) != "of";
    let its = sign > 0 && matches!(word(sign - 1).as_str(), "its" | "their");
    let (first, of, end) = if its {
        (sign - 1, "its", sign + 1)
    } else if !noun && matches!(word(sign + 1).as_str(), "of" | "to" | "for" | "from") {
        let end = (sign + 3..tokens.len()).find(|at| ENDS.contains(&word(*at).as_str())).unwrap_or(tokens.len());
        let first = sign.checked_sub(1).filter(|at| determines(*at)).unwrap_or(sign);
        (first, text.get(start(sign + 2)..start(end))?, end)
    } else {
        let first = (0..sign).rev().find(|at| determines(*at))?;
        (first, text.get(start(first + 1)..start(sign))?, sign + 1)
    };
    let of = of.trim().trim_end_matches("'s").trim_end_matches("’s").trim();
    // "the e-mail address" is none of these; a channel or an address that is told is what it is.
    let told = |token: &Token| token.value().is_some();
    let mail = word(sign) == "address" && sign > 0 && word(sign - 1).contains("mail");
    if of.is_empty() || mail || reading::tokens(of).iter().any(told) {
        return None;
    }
    let (before, after) = (text.get(..start(first))?.trim(), text.get(start(end)..)?.trim());
    let with = first.checked_sub(1).filter(|at| carries(*at));
    let order = match with {
        Some(with) => format!("{} {after}", text.get(..start(with))?.trim()),
        None => format!("{before} it {after}"),
    };
    Some(Named { of: of.to_owned(), id, order: order.trim().to_owned() })
}
