//! A goal cut into clauses, each of which asks for one thing to be done.

use super::{
    items::{Item, Mark, items},
    lexicon::{Lexicon, Role},
    schedule::{self, Schedule},
    text::cut,
};

/// What a clause is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Says what to do.
    Do,
    /// Says what starts the agent.
    When,
    /// Says on what condition the next clauses (or, standing last in its sentence, the one before) are done.
    If,
    /// Says the same, the other way round: "unless".
    Unless,
    /// Says what to do where the condition does not hold.
    Else,
}

/// A part of a sentence that asks for one thing.
#[derive(Debug, Clone)]
pub struct Clause {
    /// What it is for.
    pub kind: Kind,
    /// Its words, in order, without marks.
    pub items: Vec<Item>,
    /// Which sentence it stands in, counted from 0.
    pub sentence: usize,
}

impl Clause {
    /// The words of the person, from the first item to the last.
    pub fn words<'t>(&self, text: &'t str) -> &'t str {
        match (self.items.first(), self.items.last()) {
            (Some(first), Some(last)) => text.get(first.start..last.end).unwrap_or_default(),
            _ => "",
        }
    }
}

/// A goal, read.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// Its clauses in order.
    pub clauses: Vec<Clause>,
    /// When the agent should run.
    pub schedule: Option<Schedule>,
}

/// Reads a text. Near-linear in its length.
pub fn read(lexicon: &Lexicon, text: &str) -> Reading {
    let mut tokens = cut(text);
    let schedule = schedule::take(text, &mut tokens);
    let all = items(lexicon, &tokens);
    let all = without_lead_in(&all);
    let mut splitter = Splitter { clauses: Vec::new(), current: Vec::new(), kind: Kind::Do, sentence: 0 };
    let mut at = 0;
    while let Some(item) = all.get(at) {
        at += splitter.take(item, all.get(at + 1..).unwrap_or_default());
    }
    splitter.close(Kind::Do);
    Reading { clauses: splitter.clauses, schedule }
}

/// "Build me an agent that reads …" says no more than "reads …".
fn without_lead_in(items: &[Item]) -> &[Item] {
    for (at, item) in items.iter().enumerate().take(14) {
        if item.mark.is_some() || item.literal.is_some() {
            break;
        }
        let link = items.get(at + 1).is_some_and(|next| next.is(Role::LeadInLink));
        if item.is(Role::LeadInNoun) && link && items.get(at + 2).is_some() {
            return items.get(at + 2..).unwrap_or_default();
        }
    }
    items
}

struct Splitter {
    clauses: Vec<Clause>,
    current: Vec<Item>,
    kind: Kind,
    sentence: usize,
}

impl Splitter {
    /// Takes one item and says how many it used up.
    fn take(&mut self, item: &Item, next: &[Item]) -> usize {
        match item.mark {
            Some(Mark::Stop) => {
                self.close(Kind::Do);
                self.sentence += 1;
                return 1;
            }
            Some(Mark::Comma) => {
                if matches!(self.kind, Kind::When | Kind::If | Kind::Unless) || begins_clause(next) {
                    let kind = if self.kind == Kind::Else { Kind::Else } else { Kind::Do };
                    self.close(kind);
                }
                return 1;
            }
            None => {}
        }
        let kind = if item.is(Role::Alternative) {
            Some(Kind::Else)
        } else if item.is(Role::Condition) {
            Some(if item.phrase == "unless" { Kind::Unless } else { Kind::If })
        } else if item.is(Role::Event) && self.says_nothing() && !matches!(item.phrase.as_str(), "once") {
            Some(Kind::When)
        } else {
            None
        };
        if let Some(kind) = kind {
            self.close(kind);
            return 1;
        }
        let splits = item.is(Role::Splitter) && !self.current.is_empty();
        let joins =
            matches!(item.phrase.as_str(), "and" | "or" | "plus") && self.kind != Kind::If && begins_clause(next);
        if splits || joins {
            let kind = if self.kind == Kind::Else { Kind::Else } else { Kind::Do };
            self.close(kind);
            return 1;
        }
        self.current.push(item.clone());
        1
    }

    fn says_nothing(&self) -> bool {
        !self.current.iter().any(Item::tells)
    }

    /// Ends the clause and begins one of this kind.
    fn close(&mut self, next: Kind) {
        let mut items = std::mem::take(&mut self.current);
        settle_verbs(&mut items, self.kind);
        if items.iter().any(Item::tells) {
            self.clauses.push(Clause { kind: self.kind, items, sentence: self.sentence });
        }
        self.kind = next;
    }
}

/// Whether what follows asks for something: a verb, where a word that may be a thing too is followed like a verb.
fn begins_clause(next: &[Item]) -> bool {
    // A run of words that say nothing is looked at for a few words only, or a text of nothing but "and" would be read
    // again for each of them.
    let mut rest =
        next.iter().take(12).skip_while(|item| item.mark.is_none() && item.is(Role::Stop) && item.verbs.is_empty());
    let Some(head) = rest.next().filter(|head| head.mark.is_none()) else { return false };
    if head.is(Role::Condition) || head.is(Role::Splitter) {
        return true;
    }
    if head.verbs.is_empty() {
        return head.is(Role::UnservedVerb) || (!head.known && imperative(rest.next()));
    }
    if head.nouns.is_empty() {
        return true;
    }
    match (rest.next(), rest.find(|item| !item.is(Role::Stop))) {
        (Some(after), further) if after.mark.is_none() => {
            // "reply on Telegram", "post to #news", "post summaries": done to something, or somewhere.
            let somewhere =
                (after.is(Role::Place) || after.is(Role::Toward)) && further.is_some_and(|item| !item.nouns.is_empty());
            let something =
                !head.inflected && !after.nouns.is_empty() && !after.is(Role::Stop) && after.literal.is_none();
            imperative(Some(after))
                || after.toward
                || after.literal.is_some()
                || after.phrase == "to"
                || somewhere
                || something
        }
        _ => false,
    }
}

/// Whether this follows a verb: an article, a pronoun.
fn imperative(after: Option<&Item>) -> bool {
    after.is_some_and(|after| {
        let phrase = after.phrase.as_str();
        matches!(
            phrase,
            "a" | "an"
                | "the"
                | "it"
                | "them"
                | "me"
                | "us"
                | "him"
                | "her"
                | "my"
                | "our"
                | "each"
                | "every"
                | "this"
                | "that"
                | "these"
                | "those"
                | "all"
                | "any"
                | "some"
                | "only"
                | "one"
                | "new"
                | "everything"
                | "everyone"
                | "your"
                | "their"
                | "its"
        )
    })
}

/// A word that is both a verb and a thing is the verb at the head of a clause and after "to"; elsewhere the thing.
fn settle_verbs(items: &mut [Item], kind: Kind) {
    let head = if matches!(kind, Kind::Do | Kind::Else) {
        items.iter().position(|item| item.tells() && !item.phrase.is_empty())
    } else {
        None
    };
    for at in 0..items.len() {
        let after_to = at > 0 && items.get(at - 1).is_some_and(|before| before.phrase == "to");
        let object = imperative(items.get(at + 1));
        let last = at + 1 == items.len();
        let Some(item) = items.get_mut(at) else { continue };
        if item.verbs.is_empty() || item.nouns.is_empty() {
            continue;
        }
        if head == Some(at) || (after_to && !last && object) {
            // "List of posts", "Summary of …": a thing, although it stands first.
            let thing = items.get(at + 1).is_some_and(|after| after.phrase == "of") || (last && head != Some(at));
            if let Some(item) = items.get_mut(at) {
                if thing { item.verbs.clear() } else { item.nouns.clear() }
            }
        } else {
            item.verbs.clear();
        }
    }
}
