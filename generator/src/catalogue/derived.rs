//! The meanings of blocks that nobody described, from their names, descriptions and fields.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    block::{Block, ERROR_OUTPUT},
    meaning::{Action, Meaning},
    names::{letters, singular, stem, words_of_name},
    services::Services,
    verbs::Verbs,
};

/// What a name says after these words is not what the block acts on.
const PREPOSITIONS: [&str; 12] = ["to", "from", "in", "into", "on", "by", "with", "for", "of", "and", "or", "via"];
/// Words of names that are no part of an object.
const EMPTY: [&str; 4] = ["trigger", "a", "the", "all"];
/// The most words of a service's name.
const SERVICE: usize = 3;

/// Gives a meaning to each block that has none yet.
pub(super) fn derive(
    blocks: &[Block],
    known: Vec<Option<Meaning>>,
    verbs: &Verbs,
    services: &Services,
) -> Vec<Meaning> {
    let unknown: Vec<Named<'_>> =
        blocks.iter().zip(&known).filter(|(_, known)| known.is_none()).map(|(block, _)| Named::of(block)).collect();
    let found = Found::among(&unknown, verbs, services);
    let mut derived = unknown.iter().map(|named| named.meaning(verbs, &found));
    known.into_iter().map(|known| known.or_else(|| derived.next()).unwrap_or_default()).collect()
}

struct Named<'a> {
    block: &'a Block,
    words: Vec<String>,
}

impl<'a> Named<'a> {
    fn of(block: &'a Block) -> Self {
        Self { block, words: words_of_name(&block.name) }
    }

    /// Each run of words of the name, the longest first, with its place.
    fn runs(&self) -> impl Iterator<Item = (usize, &[String])> {
        (1..=SERVICE).rev().flat_map(|length| self.words.windows(length).enumerate())
    }

    fn meaning(&self, verbs: &Verbs, found: &Found) -> Meaning {
        let (service, words) = match self.runs().find_map(|(at, run)| Some((at, run.len(), found.name(run)?))) {
            Some((at, length, name)) => {
                let (before, after) = self.words.split_at(at.min(self.words.len()));
                let after = after.get(length..).unwrap_or_default();
                (Some(name.to_owned()), [before, after].concat())
            }
            None => (None, self.words.clone()),
        };
        let first = self.block.description.split_whitespace().next().unwrap_or_default().to_lowercase();
        let unknown = first.strip_suffix('s');
        // "Translates a text." makes "translate" of "TextTranslator", whether anybody knows the verb or not.
        let same = |word: &str| unknown.filter(|verb| stem(&word.to_lowercase()) == stem(verb));
        let named =
            words.iter().enumerate().find_map(|(at, word)| Some((at, verbs.verb(word).or_else(|| same(word))?)));
        let said = verbs.verb(&first);
        let from = named.map_or(0, |(at, _)| at + 1);
        let before = words.get(..from.saturating_sub(1)).unwrap_or_default();
        let mut object = object(words.get(from..).unwrap_or_default());
        if object.is_empty() {
            object = self::object(before);
        }
        let outputs =
            self.block.output_schema().properties.iter().map(|(name, _)| name).filter(|name| *name != ERROR_OUTPUT);
        let gives: Vec<String> = outputs.map(plain).collect();
        let objects = if object.is_empty() {
            gives.iter().take(1).map(|name| singular(name)).collect()
        } else {
            vec![singular(&object)]
        };
        let mut called: Vec<String> = named.map(|(_, verb)| verb).into_iter().chain(said).map(str::to_owned).collect();
        called.dedup();
        let asked = called.iter().map(|verb| action(verbs.actions(verb), object != singular(&object)));
        let action = if self.block.trigger { Action::Watch } else { asked.into_iter().next().unwrap_or_default() };
        Meaning { action, objects, service, verbs: called, gives }
    }
}

/// "Get" lists several things, and gets one.
fn action(actions: &[Action], plural: bool) -> Action {
    let (wanted, other) = if plural { (Action::List, Action::Get) } else { (Action::Get, Action::List) };
    match actions.first() {
        Some(first) if *first == other && actions.get(1) == Some(&wanted) => wanted,
        first => first.copied().unwrap_or_default(),
    }
}

fn object(words: &[String]) -> String {
    let leads = |word: &String| PREPOSITIONS.contains(&word.as_str());
    // "reply to post"
    let words = words.iter().map(|word| word.to_lowercase()).skip_while(leads).take_while(|word| !leads(word));
    words.filter(|word| !EMPTY.contains(&word.as_str())).collect::<Vec<_>>().join(" ")
}

fn plain(field: &str) -> String {
    field.replace('_', " ")
}

/// The services of a list: letters of the words of names -> the service as it writes itself.
struct Found(BTreeMap<String, String>);

impl Found {
    fn among(blocks: &[Named<'_>], verbs: &Verbs, services: &Services) -> Self {
        let providers: BTreeSet<String> =
            blocks.iter().flat_map(|named| &named.block.needs_credentials).map(|provider| letters(provider)).collect();
        let written = written(blocks);
        let mut leads: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for named in blocks {
            // The words before the first verb: "Google Sheets" of "GoogleSheetsReadBlock".
            let verb = named.words.iter().skip(1).position(|word| verbs.verb(word).is_some()).map_or(0, |at| at + 1);
            let lead = named.words.get(..verb.min(SERVICE)).unwrap_or_default();
            // "Encodes a text." of "TextEncoderBlock": a service would have a capital letter there.
            let noun = lead.concat().to_lowercase();
            let thing = noun != lead.concat()
                && named.block.description.split(|c: char| !c.is_alphanumeric()).any(|word| word == noun);
            if !thing && lead.first().is_some_and(|first| verbs.verb(first).is_none()) {
                leads.entry(lead.concat()).or_default().insert(&named.block.id);
            }
        }
        let mut found = BTreeMap::new();
        for named in blocks {
            for (at, run) in named.runs() {
                let name = letters(&run.concat());
                let told = written.get(&name);
                let shared = at == 0 && leads.get(&run.concat()).is_some_and(|holders| holders.len() > 1);
                if told.is_some() || providers.contains(&name) || shared {
                    let name_of = || services.name_of(told.cloned().unwrap_or_else(|| run.join(" ")));
                    found.entry(name).or_insert_with(name_of);
                }
            }
        }
        Self(found)
    }

    fn name(&self, run: &[String]) -> Option<&str> {
        self.0.get(&letters(&run.concat())).map(String::as_str)
    }
}

/// What descriptions write with a capital amid a sentence, up to three words: its letters -> as written.
fn written(blocks: &[Named<'_>]) -> BTreeMap<String, String> {
    let mut written = BTreeMap::new();
    for named in blocks {
        for sentence in named.block.description.split_inclusive(['.', '!', '?', ':']) {
            let words: Vec<&str> = sentence.split_whitespace().collect();
            let mut at = 1;
            while let Some(rest) = words.get(at..).filter(|rest| !rest.is_empty()) {
                let length = rest.iter().take(SERVICE).take_while(|word| is_name(word)).count();
                if let Some(run) = rest.get(..length).filter(|run| !run.is_empty()) {
                    let name = run.join(" ");
                    let name = name.trim_matches(|c: char| !c.is_alphanumeric());
                    let name = name.strip_suffix("'s").unwrap_or(name);
                    written.entry(letters(name)).or_insert_with(|| name.to_owned());
                }
                at += length.max(1);
            }
        }
    }
    written
}

/// Begins with a capital; all capitals are an abbreviation ("URL").
fn is_name(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    word.starts_with(char::is_uppercase) && word.chars().any(char::is_lowercase)
}
