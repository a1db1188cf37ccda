//! A goal cut into clauses, each of which asks for one thing to be done.

use super::{
    items::{Item, Mark, items},
    lexicon::{Lexicon, Role},
    readings::{imperative, settle_verbs},
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
    let all = without_lead_in(lexicon, &all);
    let mut splitter = Splitter { clauses: Vec::new(), current: Vec::new(), kind: Kind::Do, sentence: 0 };
    let mut at = 0;
    while let Some(item) = all.get(at) {
        at += splitter.take(item, all.get(at + 1..).unwrap_or_default());
    }
    splitter.close(Kind::Do);
    Reading { clauses: splitter.clauses, schedule }
}

/// "Build me an agent that reads …" says no more than "reads …".
fn without_lead_in<'i>(lexicon: &Lexicon, items: &'i [Item]) -> &'i [Item] {
    let mut said = false;
    for (at, item) in items.iter().enumerate().take(14) {
        // "Hi there! I need an agent which …": a greeting may stand before it, but nothing that asks for something.
        if item.mark.is_some() && said || item.literal.is_some() {
            break;
        }
        if item.nouns.iter().any(|noun| lexicon.is_service(*noun)) {
            break;
        }
        said |= item.tells() && !item.is(Role::Generic);
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
        } else if self.compares(item, next) {
            Some(Kind::If)
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

    /// "alert me when it drops below 5", "when a form comes in and the amount is above 100": a condition in other words.
    fn compares(&self, item: &Item, next: &[Item]) -> bool {
        let joins = item.phrase == "and" && self.kind == Kind::When;
        let late = item.is(Role::Event) && self.kind == Kind::Do;
        let mut rest = next.iter().take(12).take_while(|item| item.mark.is_none() && item.phrase != "and");
        (joins || late)
            && !self.says_nothing()
            && rest.any(|item| {
                matches!(
                    item.phrase.as_str(),
                    "below"
                        | "above"
                        | "under"
                        | "over"
                        | "exceed"
                        | "exceeds"
                        | "more than"
                        | "less than"
                        | "drop"
                        | "drops"
                        | "fall"
                        | "falls"
                        | "rise"
                        | "rises"
                        | "contain"
                        | "contains"
                        | "mention"
                        | "mentions"
                )
            })
    }

    fn says_nothing(&self) -> bool {
        !self.current.iter().any(Item::tells)
    }

    /// Ends the clause and begins one of this kind.
    fn close(&mut self, next: Kind) {
        let mut items = std::mem::take(&mut self.current);
        while items.last().is_some_and(|last| matches!(last.phrase.as_str(), "and" | "or" | "but" | "plus")) {
            items.pop();
        }
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
