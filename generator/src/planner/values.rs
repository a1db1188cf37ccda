//! The values that a goal names itself: addresses, channels, quoted texts, numbers, what something is about.

use serde_json::{Map, Value, json};

pub use super::literals::{Literals, Named};
use super::{
    Knowledge, arithmetic,
    clauses::Clause,
    items::Item,
    lexicon::Role,
    recipes::{Kind, Recipe, Slot},
    text::Literal,
};

/// What a step is asked to do, in the words of a clause.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'w> {
    /// The whole text.
    pub text: &'w str,
    /// The clause.
    pub clause: &'w Clause,
    /// The items that asked for the block.
    pub items: &'w [usize],
    /// The items that say what it is about.
    pub topic: Option<(usize, usize)>,
}

/// The value of a slot, where the goal names it.
pub fn of(
    knowledge: &Knowledge,
    recipe: &Recipe,
    slot: &Slot,
    wish: Option<Wish<'_>>,
    literals: &mut Literals,
) -> Option<Value> {
    if let Some(value) = &slot.value {
        return Some(value.clone());
    }
    match slot.kind {
        Kind::Url | Kind::PageLink => {
            let others = |url: &str| {
                knowledge
                    .recipes
                    .known
                    .iter()
                    .any(|other| other.id != recipe.id && other.url_hints.iter().any(|hint| url.contains(hint)))
            };
            let own = |url: &str| recipe.url_hints.is_empty() || recipe.url_hints.iter().any(|hint| url.contains(hint));
            literals
                .take(Literal::Url, wish, own)
                .or_else(|| literals.take(Literal::Url, wish, |url| !others(url)))
                .map(Value::from)
        }
        Kind::Email => literals.take(Literal::Email, wish, |_| true).map(Value::from),
        Kind::Channel => literals.take(Literal::Channel, wish, |_| true).map(Value::from),
        Kind::Subreddit => literals.take(Literal::Subreddit, wish, |_| true).map(Value::from),
        Kind::Repo => literals.take(Literal::Repository, wish, |_| true).map(Value::from),
        Kind::Quoted | Kind::Code => literals.take(Literal::Quoted, wish, |_| true).map(Value::from),
        Kind::Number => {
            let first = recipe.slots.iter().find(|other| other.kind == Kind::Number);
            let number = arithmetic::operand(literals, wish, first.is_some_and(|first| first.name == slot.name))?;
            number.parse::<i64>().map(|n| json!(n)).or_else(|_| number.parse::<f64>().map(|n| json!(n))).ok()
        }
        Kind::Title => titled(wish?, literals).map(Value::from),
        Kind::Topic | Kind::Subject | Kind::Focus => about(knowledge, wish?, slot.kind).map(Value::from),
        Kind::Operation => Some(Value::from(arithmetic::operation(wish))),
        Kind::Duration => arithmetic::duration(wish?).map(Value::from),
        Kind::Fields => Some(fields(knowledge, wish)),
        Kind::MailQuery => mail_query(wish?).map(Value::from),
        Kind::Style => style(wish?).map(Value::from),
        Kind::Instruction => Some(Value::from(instruction(knowledge, wish?))),
        Kind::Content
        | Kind::Upstream
        | Kind::Collection
        | Kind::Record
        | Kind::Prompt
        | Kind::Chat
        | Kind::File
        | Kind::Ask
        | Kind::Default => None,
    }
}

/// The words from one item to another.
fn slice<'w>(wish: Wish<'w>, from: usize, to: usize) -> Option<&'w str> {
    let items = wish.clause.items.get(from..to)?;
    wish.text.get(items.first()?.start..items.last()?.end)
}

/// Whether the words stand for a value that the person gives later: "a topic", "the URL I provide".
fn is_placeholder(items: &[Item]) -> bool {
    let names_nothing = |item: &Item| {
        item.is(Role::Stop)
            || item.is(Role::Placeholder)
            || item.is(Role::Generic)
            || matches!(
                item.phrase.as_str(),
                "topic" | "subject" | "theme" | "keyword" | "search term" | "query" | "company" | "product" | "person"
            )
    };
    items.iter().all(|item| item.literal.is_none() && names_nothing(item))
}

fn is_filler(item: &Item) -> bool {
    item.is(Role::Stop) && item.literal.is_none()
}

/// What the clause is about; for a search, all that it looks for.
pub fn about(knowledge: &Knowledge, wish: Wish<'_>, kind: Kind) -> Option<String> {
    let items = &wish.clause.items;
    if let Some(quoted) =
        items.iter().find_map(|item| item.literal.as_ref().filter(|(kind, _)| *kind == Literal::Quoted))
    {
        return Some(quoted.1.clone());
    }
    let search = knowledge.lexicon.concept("find");
    let verb = items.iter().position(|item| item.verbs.iter().any(|verb| Some(*verb) == search));
    let (mut from, mut to) = match (wish.topic, verb, kind) {
        (_, Some(verb), Kind::Topic) => (verb + 1, items.len()),
        (Some(topic), ..) => topic,
        (None, _, Kind::Subject) | (None, None, Kind::Topic) => {
            // "an image of a cat", "the Wikipedia summary of Rome"
            let last = wish.items.iter().max().copied()?;
            let link = items.get(last + 1).is_some_and(|item| item.is(Role::TopicLink) || item.is(Role::Origin));
            let object = kind == Kind::Subject && items.get(last).is_some_and(|item| item.nouns.is_empty());
            match (link, object) {
                (true, _) => (last + 2, items.len()),
                // "draw a lighthouse"
                (false, true) => (last + 1, items.len()),
                (false, false) => return None,
            }
        }
        _ => return None,
    };
    if let Some(going) = items.get(from..to)?.iter().position(|item| {
        (item.toward || item.place) && item.nouns.iter().any(|noun| knowledge.lexicon.is_service(*noun))
    }) {
        to = from + going;
    }
    while items.get(from).is_some_and(|item| {
        from < to && (is_filler(item) || item.nouns.iter().any(|noun| knowledge.lexicon.name(*noun) == "web"))
    }) {
        from += 1;
    }
    while to > from
        && items
            .get(to - 1)
            .is_some_and(|item| is_filler(item) || item.nouns.iter().any(|noun| knowledge.lexicon.name(*noun) == "web"))
    {
        to -= 1;
    }
    let words = items.get(from..to)?;
    if words.is_empty() || is_placeholder(words) {
        return None;
    }
    slice(wish, from, to).map(str::to_owned)
}

/// "titled 'News'", "with the subject 'News'".
fn titled(wish: Wish<'_>, literals: &mut Literals) -> Option<String> {
    let names = ["titled", "title", "subject", "called", "named", "headline", "heading"];
    let at = wish.clause.items.iter().position(|item| names.contains(&item.phrase.as_str()))?;
    let quoted = wish
        .clause
        .items
        .get(at..)?
        .iter()
        .find_map(|item| item.literal.as_ref().filter(|(kind, _)| *kind == Literal::Quoted))?;
    literals.take(Literal::Quoted, Some(wish), |value| value == quoted.1)
}

/// The wish to a language model: the words of the clause up to where the result goes.
pub fn instruction(knowledge: &Knowledge, wish: Wish<'_>) -> String {
    let items = &wish.clause.items;
    let from = items.iter().position(|item| !is_filler(item)).unwrap_or(0);
    let going =
        items.iter().position(|item| item.toward && item.nouns.iter().any(|noun| knowledge.lexicon.is_service(*noun)));
    let to = going.map_or(items.len(), |at| {
        let before = items.get(..at).unwrap_or_default();
        before.len() - before.iter().rev().take_while(|item| is_filler(item)).count()
    });
    let words = slice(wish, from, to.max(from + 1)).unwrap_or_default();
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// How many things are wanted: "the five newest posts".
pub fn count(wish: Wish<'_>) -> Option<i64> {
    let masked = |at: usize| wish.topic.is_some_and(|(from, to)| (from..to).contains(&at));
    let all = wish.clause.items.iter().enumerate();
    all.filter(|(at, item)| !masked(*at) && item.phrase != "one")
        .find_map(|(_, item)| item.number)
        .filter(|count| (1..=1000).contains(count))
}

/// "extract the name, the e-mail and the price": a key for each.
fn fields(knowledge: &Knowledge, wish: Option<Wish<'_>>) -> Value {
    let mut map = Map::new();
    let extract = knowledge.lexicon.concept("extract");
    let words = wish.and_then(|wish| {
        let items = &wish.clause.items;
        let from = items.iter().position(|item| item.verbs.iter().any(|verb| Some(*verb) == extract))? + 1;
        let ends = |item: &Item| {
            matches!(item.phrase.as_str(), "from" | "out" | "of" | "as" | "into" | "for" | "about" | "in")
        };
        let length = items.get(from..)?.iter().position(ends).unwrap_or(items.len() - from);
        slice(wish, from, from + length)
    });
    for part in words.unwrap_or_default().split(',').flat_map(|part| part.split(" and ")).take(12) {
        let telling = part
            .split_whitespace()
            .filter(|word| !matches!(*word, "the" | "a" | "an" | "its" | "their" | "all" | "and" | "each"));
        let name = telling.collect::<Vec<_>>().join(" ").to_lowercase();
        let key: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
        if !name.is_empty() {
            map.entry(key).or_insert_with(|| Value::from(format!("The {name}")));
        }
    }
    if map.is_empty() {
        map.insert("answer".to_owned(), Value::from("What was asked for"));
    }
    Value::Object(map)
}

fn mail_query(wish: Wish<'_>) -> Option<String> {
    let mut parts = Vec::new();
    let items = &wish.clause.items;
    if items.iter().any(|item| item.phrase.starts_with("unread")) {
        parts.push("is:unread".to_owned());
    }
    let sender = items.iter().enumerate().find_map(|(at, item)| match &item.literal {
        Some((Literal::Email, address))
            if item.origin || items.get(at.wrapping_sub(1)).is_some_and(|before| before.phrase == "from") =>
        {
            Some(address)
        }
        _ => None,
    });
    parts.extend(sender.map(|address| format!("from:{address}")));
    if let Some((from, to)) = wish.topic
        && !is_placeholder(items.get(from..to)?)
    {
        parts.push(format!("\"{}\"", slice(wish, from, to)?.replace('"', "")));
    }
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn style(wish: Wish<'_>) -> Option<&'static str> {
    let says = |words: &[&str]| wish.clause.items.iter().any(|item| words.contains(&item.phrase.as_str()));
    match () {
        () if says(&["bullet points", "bullets", "bullet", "key points", "main points"]) => Some("bullet points"),
        () if says(&["detailed", "detail", "long", "in-depth", "thorough"]) => Some("detailed"),
        () if says(&["numbered"]) => Some("numbered list"),
        () => None,
    }
}
