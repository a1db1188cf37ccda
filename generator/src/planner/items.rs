//! Tokens joined to items: words and phrases with their meaning, and the literals that the person named.

use super::{
    lexicon::{Concept, Lexicon, Role},
    text::{Kind, Literal, Token},
};

/// How many misspelt words are looked up in one text: enough for any goal, and a bound for a hostile one.
const MISSPELT: usize = 200;

/// A word or phrase, a literal, or a mark of punctuation.
#[derive(Debug, Clone, Default)]
pub struct Item {
    /// Where it begins, in bytes of the text.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// How the vocabulary writes it; empty for punctuation.
    pub phrase: String,
    /// What it means as something to do, where it can be that.
    pub verbs: Vec<Concept>,
    /// What it means as a thing.
    pub nouns: Vec<Concept>,
    /// How it steers the reading.
    pub roles: Vec<Role>,
    /// As a count.
    pub number: Option<i64>,
    /// What the person named.
    pub literal: Option<(Literal, String)>,
    /// Whether it stands in the plural or in the third person.
    pub inflected: bool,
    /// Whether it stands as a past participle: "mailed".
    pub participle: bool,
    /// A comma or the end of a sentence.
    pub mark: Option<Mark>,
    /// Whether something goes there: "to Slack".
    pub toward: bool,
    /// Whether something may go there: "on Slack".
    pub place: bool,
    /// Whether something comes from there: "from Slack".
    pub origin: bool,
    /// Whether the thing is already there, not a new one: "the message".
    pub definite: bool,
    /// Whether the vocabulary knows it.
    pub known: bool,
}

/// Punctuation that separates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Separates within a sentence.
    Comma,
    /// Ends a sentence.
    Stop,
}

impl Item {
    /// Whether it has this role.
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Whether it says something about what to do.
    pub fn tells(&self) -> bool {
        self.mark.is_none() && !self.is(Role::Stop)
    }
}

/// Joins tokens to items.
pub(super) fn items(lexicon: &Lexicon, tokens: &[Token]) -> Vec<Item> {
    let corrected = corrected(lexicon, tokens);
    let word = |at: usize| match tokens.get(at).map(|token| &token.kind) {
        Some(Kind::Word(word)) => {
            Some(corrected.iter().find(|(index, _)| *index == at).map_or(word.as_str(), |(_, put)| put))
        }
        _ => None,
    };
    let mut all: Vec<Item> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let mut item = Item { start: token.start, end: token.end, ..Item::default() };
        let mut length = 1;
        match &token.kind {
            Kind::Comma => item.mark = Some(Mark::Comma),
            Kind::Stop => item.mark = Some(Mark::Stop),
            Kind::Literal(kind, value) => {
                item.nouns.extend(lexicon.concept(concept_of(*kind)));
                item.number = (*kind == Literal::Number).then(|| value.parse().ok()).flatten();
                item.literal = Some((*kind, value.clone()));
                item.known = true;
            }
            Kind::Word(_) => {
                let words: Vec<&str> = (at..at + 4).map_while(word).collect();
                let first = words.first().copied().unwrap_or_default();
                if let Some((sense, count, phrase)) = lexicon.sense(&words) {
                    length = count;
                    item.inflected = words.get(count - 1).is_some_and(|last| !phrase.ends_with(last));
                    item.participle = item.inflected && words.get(count - 1).is_some_and(|last| last.ends_with("ed"));
                    item.verbs.clone_from(&sense.verbs);
                    item.nouns.clone_from(&sense.nouns);
                    item.roles.clone_from(&sense.roles);
                    item.number = sense.number;
                    item.phrase = phrase;
                    item.end = tokens.get(at + count - 1).map_or(item.end, |last| last.end);
                    item.known = true;
                } else {
                    item.phrase = first.to_owned();
                }
            }
        }
        all.push(item);
        at += length;
    }
    note_neighbours(&mut all);
    all
}

fn concept_of(literal: Literal) -> &'static str {
    match literal {
        Literal::Url => "page_url",
        Literal::Email => "email_address",
        Literal::Channel => "channel_name",
        Literal::Subreddit => "subreddit_name",
        Literal::Number => "number",
        Literal::Repository | Literal::Quoted => "",
    }
}

fn corrected(lexicon: &Lexicon, tokens: &[Token]) -> Vec<(usize, String)> {
    let words = tokens.iter().enumerate().filter_map(|(at, token)| match &token.kind {
        Kind::Word(word) => Some((at, word)),
        _ => None,
    });
    words.take(MISSPELT * 4).filter_map(|(at, word)| Some((at, lexicon.corrected(word)?))).take(MISSPELT).collect()
}

/// Notes for each thing what stands before it: a preposition, an article.
fn note_neighbours(items: &mut [Item]) {
    for at in 0..items.len() {
        let (mut toward, mut place, mut origin, mut definite) = (false, false, false, true);
        let mut article = false;
        for before in items.get(..at).unwrap_or_default().iter().rev().take(5) {
            if before.mark.is_some() {
                definite &= article;
                break;
            }
            match before.phrase.as_str() {
                "a" | "an" | "new" | "another" => {
                    definite = false;
                    article = true;
                    continue;
                }
                "the" | "my" | "our" | "your" | "their" | "his" | "its" | "this" | "these" | "those" | "each"
                | "every" | "all" | "any" | "same" => {
                    article = true;
                    continue;
                }
                _ => {}
            }
            if before.is(Role::Toward) || before.is(Role::Place) || before.is(Role::Origin) {
                toward = before.is(Role::Toward);
                place = before.is(Role::Place);
                origin = before.is(Role::Origin);
                break;
            }
            if !before.verbs.is_empty() && before.nouns.is_empty() {
                definite &= article;
                break;
            }
            if !article && !before.verbs.is_empty() {
                definite = false;
                break;
            }
            if article && !before.nouns.is_empty() {
                break;
            }
        }
        if let Some(item) = items.get_mut(at) {
            (item.toward, item.place, item.origin, item.definite) = (toward, place, origin, definite);
        }
    }
}
