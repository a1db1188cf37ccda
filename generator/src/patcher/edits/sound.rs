//! Whether a condition says something of what flows, and which step gives what it is about.

use super::Edit;
use crate::{
    catalogue::{ERROR_OUTPUT, special},
    knowledge::Knowledge,
    patcher::{
        canvas::{
            Link,
            words::{alike, words},
        },
        find::{Among, Wanted},
        refused::Refused,
        wish::{TABLES, bare_condition},
    },
};

/// Words that no thing is called by, whatever article stands before them.
const NO_THINGS: &str = "with to of in on at for from by as about me you us them him her one it this that which who and or not never always";

/// Words for whatever there is.
pub(super) const GENERIC: [&str; 4] = ["anything", "something", "everything", "nothing"];

/// Whether nothing is called by a word: a preposition, a pronoun.
pub(super) fn is_no_thing(word: &str) -> bool {
    NO_THINGS.split(' ').any(|one| one == word) || GENERIC.contains(&word)
}

impl Edit<'_, '_> {
    /// Refuses a clause that says nothing of what flows.
    pub(super) fn check_sound(&self, condition: &str) -> Result<(), Refused> {
        if is_sound(self.canvas.known, condition) { Ok(()) } else { Err(self.lost(condition)) }
    }

    /// "there are no new messages", "the page is empty": the output with these, of a step that `at` rests on.
    pub(super) fn given_for(&self, condition: &str, at: usize) -> Result<Option<(usize, String)>, Refused> {
        let Some(noun) = counted(bare_condition(condition)) else { return Ok(None) };
        let known = self.canvas.known;
        let wanted = Wanted::of(known, &noun);
        let up = self.canvas.upstream(at);
        let rests = |other: &usize| {
            *other != at
                && up.get(*other) == Some(&true)
                && self.canvas.begins(*other)
                && !self.canvas.is_helper(*other)
        };
        let mut found: Vec<usize> = self.canvas.best(&wanted, Among::Working).into_iter().filter(rests).collect();
        if found.is_empty() {
            let gives =
                |other: &usize| wanted.words.last().is_some_and(|noun| self.output_called(*other, noun).is_some());
            found = self.canvas.working().into_iter().filter(rests).filter(gives).collect();
        }
        if found.is_empty() {
            let concerns = |other: &usize| {
                let noun = noun.rsplit(' ').next().map(|noun| known.vocabulary.singular_of(noun)).unwrap_or_default();
                self.canvas.is(*other, |block| known.concerns(block, &noun))
            };
            found = self.canvas.working().into_iter().filter(rests).filter(concerns).collect();
        }
        let Some(source) = found.into_iter().next() else { return Ok(None) };
        let whole = |output: String| {
            let list = format!("{output}s");
            let has = self.canvas.is(source, |block| block.output_schema().properties.get(&list).is_some());
            if has { list } else { output }
        };
        let named = wanted.words.last().and_then(|noun| self.output_called(source, noun));
        let Some(output) = named.or_else(|| self.canvas.gives(source).map(whole)) else { return Ok(None) };
        // What is handed out one by one: without one nothing comes at all.
        let each = |link: &Link| {
            self.canvas.is(link.to, |block| block.id == special::EACH_ITEM) && self.canvas.leads(link.to, at)
        };
        let one =
            self.canvas.links_out(source).iter().any(|link| {
                each(link) || self.hands_out_one(link) && (link.to == at || self.canvas.leads(link.to, at))
            });
        if one && clause_of_none(bare_condition(condition)) {
            return Err(Refused::unsupported(format!(
                "What comes after {} runs once for each: where there is none, it does not run already.",
                self.canvas.title(source)
            )));
        }
        Ok(Some((source, output)))
    }

    /// "the post has fewer than 10 upvotes", where no part of a post counts them.
    pub(super) fn check_data(&self, condition: &str, link: &Link) -> Result<(), Refused> {
        let said: Vec<&str> = condition.split_whitespace().collect();
        let number = |word: &&str| word.chars().all(|c| c.is_ascii_digit());
        let Some(at) = said.iter().position(number) else { return Ok(()) };
        let compared = at.checked_sub(1).and_then(|at| said.get(at));
        let compared =
            compared.is_some_and(|word| matches!(*word, "than" | "least" | "most" | "over" | "under" | "has"));
        // "older than 3 days", "costs over 100 dollars" is told from a date or a price.
        let measured = ["minute", "hour", "day", "week", "month", "year", "dollar", "euro", "pound", "percent", "star"];
        let noun = said.get(at + 1..).unwrap_or_default();
        let schema = self.canvas.block(link.from).and_then(|block| block.output_schema().properties.get(&link.output));
        let parts: Vec<&str> = schema
            .map(|schema| schema.items.as_deref().unwrap_or(schema))
            .into_iter()
            .flat_map(|schema| schema.properties.iter().map(|(name, _)| name))
            .collect();
        let [noun] = *noun else { return Ok(()) };
        let known = self.canvas.known;
        let noun = known.vocabulary.singular_of(noun);
        let there = |part: &&str| words(known, &part.replace("num_", "")).contains(&noun);
        if !compared
            || measured.contains(&noun.as_str())
            || parts.is_empty()
            || TABLES.measures(condition)
            || parts.iter().any(there)
        {
            return Ok(());
        }
        Err(Refused::unsupported(format!(
            "Nothing says how many {noun}s there are: {} gives {}.",
            self.canvas.title(link.from),
            parts.join(", ")
        )))
    }

    /// Whether a link brings one entry of a list that the same step gives whole.
    pub(super) fn hands_out_one(&self, link: &Link) -> bool {
        let plural = format!("{}s", link.output);
        let more = if link.output == "entry" { "entries" } else { &plural };
        self.canvas.block(link.from).is_some_and(|block| block.output_schema().properties.get(more).is_some())
    }

    /// The output of a step that goes by a noun; the whole list before a single entry.
    fn output_called(&self, at: usize, noun: &str) -> Option<String> {
        let known = self.canvas.known;
        let names = self.canvas.block(at)?.output_schema().properties.iter().map(|(name, _)| name);
        let fits = |name: &&str| *name != ERROR_OUTPUT && words(known, name).iter().any(|word| alike(word, noun) > 0);
        let all: Vec<&str> = names.filter(fits).collect();
        all.iter().find(|name| name.ends_with('s')).or(all.first()).map(|name| (*name).to_owned())
    }
}

/// Whether a clause says something of what flows: its subject is a thing, not the person, nor the run itself.
pub(in crate::patcher) fn is_sound(known: &Knowledge, condition: &str) -> bool {
    let lower = bare_condition(condition).to_lowercase();
    let clause = lower.strip_prefix("unless ").unwrap_or(&lower);
    let words: Vec<&str> =
        clause.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’').filter(|word| !word.is_empty()).collect();
    // "the pull request is a draft": a verb that begins the name of a thing.
    let compound = |second: &str, next: Option<&&str>| {
        next.is_some_and(|next| !known.catalogue.blocks_about(&format!("{second} {next}")).is_empty())
    };
    let vocabulary = &known.vocabulary;
    let is = |list: &str, word: &&str| list.split(' ').any(|one| one == *word);
    let no_thing = match words.as_slice() {
        ["you" | "you're" | "you’re" | "you've" | "you’ve" | "me" | "us", ..] => true,
        ["the" | "a" | "an", second, rest @ ..] => {
            let verb = vocabulary.orders(second) && !compound(second, rest.first());
            is(NO_THINGS, second)
                || verb && !vocabulary.is_noun_too(second)
                || verb
                    && rest
                        .first()
                        .is_some_and(|next| is(NO_THINGS, next) && !is("with to of in on at for from by about", next))
        }
        ["it" | "it's" | "it’s" | "that" | "that's" | "this" | "everything" | "all", rest @ ..] => {
            rest.last().is_some_and(|last| matches!(*last, "done" | "finished" | "over")) && rest.len() < 4
        }
        [] => true,
        _ => false,
    };
    !no_thing
}

/// What is counted, or is empty.
fn counted(clause: &str) -> Option<String> {
    let lower = clause.to_lowercase();
    let openers = [
        "there are no ",
        "there is no ",
        "there's no ",
        "there are new ",
        "there is a new ",
        "there are any ",
        "there were no ",
        "it finds no ",
        "it found no ",
        "no ",
    ];
    if let Some(rest) = openers.iter().find_map(|opener| lower.strip_prefix(opener)) {
        let noun: Vec<&str> = rest
            .split_whitespace()
            .filter(|word| {
                !matches!(*word, "new" | "any" | "more" | "at" | "all" | "today" | "unread" | "left" | "a" | "an")
            })
            .take_while(|word| {
                !matches!(
                    *word,
                    "in" | "from"
                        | "for"
                        | "on"
                        | "that"
                        | "with"
                        | "about"
                        | "are"
                        | "is"
                        | "were"
                        | "came"
                        | "arrived"
                        | "found"
                )
            })
            .collect();
        return (!noun.is_empty()).then(|| noun.join(" "));
    }
    let (noun, rest) = lower.split_once(" is ").or_else(|| lower.split_once(" are "))?;
    (matches!(rest, "empty" | "blank" | "missing") && noun.split_whitespace().count() < 5 && !TABLES.measures(noun))
        .then(|| noun.to_owned())
}

fn clause_of_none(clause: &str) -> bool {
    let lower = clause.to_lowercase();
    lower.starts_with("no ") || lower.contains(" no ")
}
