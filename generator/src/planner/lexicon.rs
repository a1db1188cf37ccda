//! The vocabulary of `data/lexicon.json`: which words mean what, and how they may be written.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;

use super::spelling::{one_slip, variants};

/// The words of one embedded file.
const TEXT: &str = include_str!("../../data/lexicon.json");
/// The most words that a phrase has.
const LONGEST: usize = 4;
/// The shortest word that a slip of the pen is looked for in; shorter ones are too alike.
const SHORTEST_MISSPELT: usize = 5;

/// What a word or phrase stands for: the index of a concept.
pub type Concept = u16;

#[derive(Deserialize)]
struct File {
    verbs: HashMap<String, Vec<String>>,
    nouns: HashMap<String, Vec<String>>,
    services: Vec<String>,
    toward: Vec<String>,
    places: Vec<String>,
    origins: Vec<String>,
    stop: Vec<String>,
    generic: Vec<String>,
    lead_in_nouns: Vec<String>,
    lead_in_links: Vec<String>,
    note_leads: Vec<String>,
    splitters: Vec<String>,
    conditions: Vec<String>,
    alternatives: Vec<String>,
    events: Vec<String>,
    each: Vec<String>,
    placeholders: Vec<String>,
    topic_links: Vec<String>,
    number_words: HashMap<String, i64>,
    unserved_verbs: Vec<String>,
    unserved_nouns: Vec<String>,
    unserved_services: HashMap<String, Option<String>>,
}

/// Sets of words that steer how a sentence is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// "to", "via": what follows is where something goes.
    Toward,
    /// "on", "in": what follows may be where something goes.
    Place,
    /// "from", "of": what follows is where something comes from.
    Origin,
    /// Says nothing about what to do.
    Stop,
    /// Says something, but nothing to go on.
    Generic,
    /// "agent", "workflow".
    LeadInNoun,
    /// "that", "which".
    LeadInLink,
    /// Begins a remark on how, not on what.
    Note,
    /// "then", "after that".
    Splitter,
    /// "if".
    Condition,
    /// "otherwise".
    Alternative,
    /// "when".
    Event,
    /// "each".
    Each,
    /// "given", "specify": a value that the person gives later.
    Placeholder,
    /// "about", "for".
    TopicLink,
    /// Things that no block does.
    UnservedVerb,
    /// Things that no block has to do with.
    UnservedNoun,
    /// Services that no block speaks to.
    UnservedService,
}

/// What a word or a phrase means.
#[derive(Debug, Clone, Default)]
pub struct Sense {
    /// As something to do.
    pub verbs: Vec<Concept>,
    /// As a thing.
    pub nouns: Vec<Concept>,
    /// How it steers the reading.
    pub roles: Vec<Role>,
    /// As a count.
    pub number: Option<i64>,
}

/// The vocabulary, ready for look-ups.
#[derive(Debug)]
pub struct Lexicon {
    names: Vec<String>,
    concepts: HashMap<String, Concept>,
    verbs: HashSet<Concept>,
    services: HashSet<Concept>,
    phrases: HashMap<String, Sense>,
    words: HashSet<String>,
    /// The words that a misspelt one may stand for, by first letter.
    spellings: HashMap<char, Vec<String>>,
    /// The nearest service that a block speaks to.
    nearest: HashMap<String, String>,
}

impl Lexicon {
    /// Reads the embedded vocabulary.
    pub fn embedded() -> Result<Self, serde_json::Error> {
        let file: File = serde_json::from_str(TEXT)?;
        let mut lexicon = Self {
            names: Vec::new(),
            concepts: HashMap::new(),
            verbs: HashSet::new(),
            services: HashSet::new(),
            phrases: HashMap::with_capacity(2000),
            words: HashSet::with_capacity(2000),
            spellings: HashMap::new(),
            nearest: HashMap::new(),
        };
        for (is_verb, set) in [(true, &file.verbs), (false, &file.nouns)] {
            for (name, phrases) in set {
                let concept = lexicon.concept_of(name);
                if is_verb {
                    lexicon.verbs.insert(concept);
                }
                for phrase in phrases {
                    let sense = lexicon.sense_mut(phrase, true);
                    if is_verb { sense.verbs.push(concept) } else { sense.nouns.push(concept) }
                }
            }
        }
        for name in ["email_address", "channel_name", "subreddit_name", "page_url"] {
            lexicon.concept_of(name);
        }
        lexicon.services = file.services.iter().filter_map(|name| lexicon.concept(name)).collect();
        for (role, words) in [
            (Role::Toward, &file.toward),
            (Role::Place, &file.places),
            (Role::Origin, &file.origins),
            (Role::Stop, &file.stop),
            (Role::Generic, &file.generic),
            (Role::LeadInNoun, &file.lead_in_nouns),
            (Role::LeadInLink, &file.lead_in_links),
            (Role::Note, &file.note_leads),
            (Role::Splitter, &file.splitters),
            (Role::Condition, &file.conditions),
            (Role::Alternative, &file.alternatives),
            (Role::Event, &file.events),
            (Role::Each, &file.each),
            (Role::Placeholder, &file.placeholders),
            (Role::TopicLink, &file.topic_links),
            (Role::UnservedVerb, &file.unserved_verbs),
            (Role::UnservedNoun, &file.unserved_nouns),
        ] {
            for word in words {
                lexicon.sense_mut(word, false).roles.push(role);
            }
        }
        for (word, number) in &file.number_words {
            lexicon.sense_mut(word, false).number = Some(*number);
        }
        for (name, nearest) in &file.unserved_services {
            lexicon.sense_mut(name, false).roles.push(Role::UnservedService);
            if let Some(nearest) = nearest {
                lexicon.nearest.insert(name.clone(), nearest.clone());
            }
        }
        for spellings in lexicon.spellings.values_mut() {
            spellings.sort_unstable();
            spellings.dedup();
        }
        Ok(lexicon)
    }

    fn concept_of(&mut self, name: &str) -> Concept {
        if let Some(known) = self.concepts.get(name) {
            return *known;
        }
        let concept = Concept::try_from(self.names.len()).unwrap_or(Concept::MAX);
        self.names.push(name.to_owned());
        self.concepts.insert(name.to_owned(), concept);
        concept
    }

    fn sense_mut(&mut self, phrase: &str, spelt: bool) -> &mut Sense {
        for word in phrase.split(' ') {
            self.words.insert(word.to_owned());
            if let Some(first) = word.chars().next().filter(|_| spelt && word.len() >= SHORTEST_MISSPELT) {
                self.spellings.entry(first).or_default().push(word.to_owned());
            }
        }
        self.phrases.entry(phrase.to_owned()).or_default()
    }

    /// Whether it is a small word that joins others: nothing ends with it.
    pub fn is_small(&self, word: &str) -> bool {
        let joins =
            |role: &Role| [Role::Toward, Role::Place, Role::Origin, Role::TopicLink, Role::Condition].contains(role);
        matches!(word, "and" | "or" | "then" | "a" | "an" | "the" | "each" | "every" | "my" | "our")
            || self.phrases.get(word).is_some_and(|sense| sense.roles.iter().any(joins))
    }

    /// The concept of this name, if the vocabulary has it.
    pub fn concept(&self, name: &str) -> Option<Concept> {
        self.concepts.get(name).copied()
    }

    /// Whether it is something to do.
    pub fn is_verb(&self, concept: Concept) -> bool {
        self.verbs.contains(&concept)
    }

    /// Whether it is a service, such as Slack, or a thing that only one service has.
    pub fn is_service(&self, concept: Concept) -> bool {
        self.services.contains(&concept)
    }

    /// How many concepts there are; each is a number below it.
    pub fn size(&self) -> usize {
        self.names.len()
    }

    /// The name of a concept.
    pub fn name(&self, concept: Concept) -> &str {
        self.names.get(usize::from(concept)).map_or("", String::as_str)
    }

    /// The nearest service that a block speaks to.
    pub fn nearest_service(&self, name: &str) -> Option<&str> {
        self.nearest.get(name).map(String::as_str)
    }

    /// The meaning of the longest phrase that `words` begin with, how many words it has, and how the vocabulary
    /// writes it.
    pub fn sense(&self, words: &[&str]) -> Option<(&Sense, usize, String)> {
        for length in (1..=LONGEST.min(words.len())).rev() {
            let mut phrase = String::new();
            for word in words.iter().take(length) {
                if !phrase.is_empty() {
                    phrase.push(' ');
                }
                phrase.push_str(&self.known_form(word));
            }
            if let Some(sense) = self.phrases.get(&phrase) {
                return Some((sense, length, phrase));
            }
            if length == 1 {
                break;
            }
        }
        None
    }

    /// The form of a word that the vocabulary has, or the word itself.
    pub fn known_form(&self, word: &str) -> String {
        if self.words.contains(word) {
            return word.to_owned();
        }
        variants(word).into_iter().find(|variant| self.words.contains(variant)).unwrap_or_else(|| word.to_owned())
    }

    /// The word of the vocabulary that a misspelt one stands for, one slip away.
    pub fn corrected(&self, word: &str) -> Option<String> {
        if word.len() < SHORTEST_MISSPELT || !word.is_ascii() || self.words.contains(word) {
            return None;
        }
        if variants(word).iter().any(|variant| self.words.contains(variant)) {
            return None;
        }
        let candidates = self.spellings.get(&word.chars().next()?)?;
        candidates.iter().find(|candidate| one_slip(word.as_bytes(), candidate.as_bytes())).cloned()
    }
}
