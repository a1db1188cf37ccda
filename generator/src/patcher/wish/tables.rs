//! The words of wishes: `data/wishes.json`.

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;

const TEXT: &str = include_str!("../../../data/wishes.json");

#[derive(Debug, Deserialize)]
pub(in crate::patcher) struct Form {
    pub(super) act: String,
    pub(super) form: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::patcher) struct Tables {
    pub(super) fillers: Vec<String>,
    /// How sentences begin that ask for nothing.
    pub(super) background: Vec<String>,
    /// Verbs that begin an operation after a comma or "and".
    pub(super) starts: Vec<String>,
    pub(super) groups: HashMap<String, String>,
    pub(super) forms: Vec<Form>,
    /// Wordings, and the orders that they stand for.
    pub(super) idioms: Vec<(String, String)>,
    /// Words that begin an order and are no verbs.
    pub(super) orders: String,
    /// Words that make a sentence a wish.
    pub(super) modals: String,
    /// Words about how a text is written.
    manner: String,
    pub(super) subordinators: String,
    pub(super) conditions: String,
    /// Words that tell something of a subject: "is", "has".
    pub(super) tells: String,
    /// Nouns for a text of whatever kind.
    texts: String,
    /// What stands there, said without saying what.
    as_now: String,
    /// What makes another text of one.
    reworks: String,
    /// What a text has in it, and is not: a kind of word, a picture.
    parts: String,
    /// What comes beside a text, and is none.
    media: String,
    /// What was there before.
    repeats: String,
    /// Days that no calendar of the week tells.
    holidays: String,
    /// How people say that something is not to happen.
    pub(super) refusals: String,
    /// "done", "finished": the last word of a clause about an end.
    pub(super) ended: String,
    /// What such a clause calls the agent, with the words that join it to the last one.
    pub(super) run: String,
    /// What a person does who agrees, and who only looks.
    pub(super) consents: String,
    pub(super) sees: String,
    /// How people ask for a look that decides, and for how something is to be.
    pub(super) looks: String,
    pub(super) assures: String,
    /// How a text is: "polite".
    pub(super) qualities: String,
    /// What only a text can be or do: "rhyme".
    pub(super) text_forms: String,
    /// What a text is measured in.
    units: String,
    /// Words that count: "three".
    numbers: String,
    failures: String,
    /// Phrases that say the same.
    failing: String,
    pub(super) purposes: String,
    /// What is taken care for: "in case we lose it".
    pub(super) precautions: String,
    schedule_verbs: String,
    schedule_words: String,
    day_words: String,
    pauses: String,
    pub(super) questions: String,
    /// Languages that people write in.
    languages: String,
    /// Words after "in" that name no step: "in that case", "in English".
    pub(super) no_steps: String,
    /// Words of an order that name neither a step nor a value.
    idle: String,
    /// What comes with a text, in front of it or behind it.
    extras: String,
    /// What is said of something that is not liked.
    complaints: String,
    /// What is written down and has a title.
    documents: String,
    /// Words for the contrary of each other.
    opposites: Vec<(String, String)>,
    /// What is too much, and what is wanted then.
    too: Vec<(String, String)>,
    /// Choices, and what people call them.
    everyday: Vec<(String, String)>,
    /// Names of inputs, and what people call them.
    called: Vec<(String, String)>,
}

/// Empty if the file cannot be read, which a test rules out.
pub(in crate::patcher) static TABLES: LazyLock<Tables> =
    LazyLock::new(|| serde_json::from_str(TEXT).unwrap_or_default());

pub(super) fn is_in(list: &str, word: &str) -> bool {
    list.split('|').any(|one| one == word)
}

impl Tables {
    pub(super) fn is_schedule_verb(&self, word: &str) -> bool {
        is_in(&self.schedule_verbs, word)
    }

    pub(super) fn is_schedule_word(&self, word: &str) -> bool {
        is_in(&self.schedule_words, word)
    }

    /// Whether a word says on which days, or at which time of them.
    pub(super) fn is_day_word(&self, word: &str) -> bool {
        is_in(&self.day_words, word)
    }

    pub(super) fn pauses(&self, text: &str) -> bool {
        is_in(&self.pauses, text)
    }

    pub(super) fn failures(&self) -> impl Iterator<Item = &str> {
        self.failures.split('|')
    }

    /// Whether the words of a clause, with a space between, say that something went wrong.
    pub(super) fn fails(&self, words: &str) -> bool {
        let padded = format!(" {words} ");
        self.failing.split('|').any(|phrase| padded.contains(&format!(" {phrase} ")))
    }

    /// Whether a text says how something is to be written.
    pub(in crate::patcher) fn is_manner(&self, text: &str) -> bool {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_lowercase).any(|word| is_in(&self.manner, &word) || is_in(&self.languages, &word))
    }

    /// What is to be so in "check that …" or "make sure …"; the second where it is to be made so.
    pub(in crate::patcher) fn looked<'t>(&self, text: &'t str) -> Option<(&'t str, bool)> {
        let lower = text.to_lowercase();
        let behind = |list: &str| {
            let length = list.split('|').filter(|lead| lower.starts_with(&format!("{lead} "))).map(str::len).max()?;
            text.get(length + 1..)
        };
        behind(&self.looks).map(|clause| (clause, false)).or_else(|| behind(&self.assures).map(|clause| (clause, true)))
    }

    /// "pick a headline for it": whether an order makes something that comes beside a text.
    pub(in crate::patcher) fn is_extra(&self, order: &str) -> bool {
        let lower = order.to_lowercase();
        let Some((head, _)) =
            [" for ", " to "].iter().filter_map(|word| lower.split_once(word)).min_by_key(|(head, _)| head.len())
        else {
            return false;
        };
        head.split_whitespace().skip(1).take(8).last().is_some_and(|last| self.is_extra_thing(last))
    }

    /// "hashtags": what comes with a text.
    pub(in crate::patcher) fn is_extra_thing(&self, noun: &str) -> bool {
        is_in(&self.extras, crate::catalogue::singular(noun).as_str())
    }

    /// "boring": whether a text only says that something is not liked.
    pub(in crate::patcher) fn is_complaint(&self, text: &str) -> bool {
        let lower = text.trim().trim_end_matches(['.', '!']).to_lowercase();
        let words =
            lower.split(' ').filter(|word| !is_in("really|very|a|bit|so|just|pretty|quite|kind|of|and|always", word));
        let mut words = words.peekable();
        words.peek().is_some() && words.all(|word| is_in(&self.complaints, word))
    }

    /// Whether the last word of a text is a kind of document.
    pub(in crate::patcher) fn is_document(&self, text: &str) -> bool {
        text.split_whitespace().last().is_some_and(|last| is_in(&self.documents, &last.to_lowercase()))
    }

    /// Whether two clauses say the contrary of each other: "it is negative", "it is positive".
    pub(in crate::patcher) fn contrary(&self, one: &str, other: &str) -> bool {
        let has =
            |text: &str, word: &str| text.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|said| said == word);
        self.opposites.iter().any(|(bad, good)| {
            has(one, bad) && has(other, good) && !has(other, bad) || has(one, good) && has(other, bad) && !has(one, bad)
        })
    }

    /// "the review is too long" as what it should be: a model that reads the complaint would not know.
    pub(in crate::patcher) fn mended(&self, text: &str) -> String {
        let found = [" is too ", " are too ", " sounds too ", " sound too ", " looks too ", " gets too ", " get too "]
            .iter()
            .find_map(|words| text.split_once(words));
        let Some((subject, rest)) = found.filter(|(_, rest)| !rest.is_empty()) else { return text.to_owned() };
        let better = |part: &str| {
            let (word, rest) = part.split_once(' ').unwrap_or((part, ""));
            let lower = word.to_lowercase();
            let better = self.too.iter().find(|(bad, _)| *bad == lower);
            let better = better.map_or_else(|| format!("less {lower}"), |(_, better)| better.clone());
            format!("{better} {rest}").trim().to_owned()
        };
        let parts: Vec<String> = rest.split(" and too ").map(better).collect();
        format!("{subject} should be {}", parts.join(" and "))
    }

    /// Whether some word of a text says how a text is.
    pub(in crate::patcher) fn is_quality(&self, text: &str) -> bool {
        text.split(|c: char| !c.is_alphanumeric()).any(|word| is_in(&self.qualities, &word.to_lowercase()))
    }

    /// Whether a text is a language: "French", "Brazilian Portuguese".
    pub(in crate::patcher) fn is_language(&self, text: &str) -> bool {
        let lower = text.trim().to_lowercase();
        let mut words = lower.rsplit(' ');
        let named = words.next().is_some_and(|last| is_in(&self.languages, last));
        // "a German" is no language, and "from French" is none either.
        let before = words.next().unwrap_or("us");
        named
            && words.next().is_none()
            && is_in("us|british|american|brazilian|simplified|traditional|plain|simple|good", before)
    }

    /// "the English summary": without the language.
    pub(in crate::patcher) fn without_language(&self, text: &str) -> String {
        text.split(' ').filter(|word| !is_in(&self.languages, &word.to_lowercase())).collect::<Vec<_>>().join(" ")
    }

    pub(in crate::patcher) fn is_idle_word(&self, word: &str) -> bool {
        is_in(&self.idle, word)
    }

    /// "is", "hasn't": whether a word tells something of a subject.
    pub(in crate::patcher) fn tells(&self, word: &str) -> bool {
        is_in(&self.tells, word)
    }

    /// "what it is now": whether a text names nothing but what is there.
    pub(super) fn is_now(&self, text: &str) -> bool {
        is_in(&self.as_now, &text.to_lowercase())
    }

    /// "summary": whether a noun is one for a text.
    pub(in crate::patcher) fn is_text(&self, noun: &str) -> bool {
        is_in(&self.texts, noun)
    }

    pub(in crate::patcher) fn reworks(&self) -> impl Iterator<Item = &str> {
        self.reworks.split('|')
    }

    /// "typo": whether a noun is one for what stands in a text.
    pub(in crate::patcher) fn is_part(&self, noun: &str) -> bool {
        is_in(&self.parts, noun) || self.is_media(noun)
    }

    pub(in crate::patcher) fn is_media(&self, noun: &str) -> bool {
        is_in(&self.media, noun)
    }

    pub(in crate::patcher) fn is_repeat(&self, noun: &str) -> bool {
        is_in(&self.repeats, noun)
    }

    pub(in crate::patcher) fn is_holiday(&self, noun: &str) -> bool {
        is_in(&self.holidays, noun)
    }

    /// "failures": what goes wrong, as a word for itself.
    pub(in crate::patcher) fn is_error(&self, text: &str) -> bool {
        self.groups.get("errors").is_some_and(|errors| is_in(errors, text))
    }

    /// "check whether": how people ask for a look that decides.
    pub(in crate::patcher) fn looks(&self) -> impl Iterator<Item = &str> {
        self.looks.split('|')
    }

    /// What people call a choice: "full HD" is 1080p.
    pub(in crate::patcher) fn everyday(&self, choice: &str) -> impl Iterator<Item = &str> {
        let lines = self.everyday.iter().filter(move |(name, _)| name == choice);
        lines.flat_map(|(_, called)| called.split('|'))
    }

    /// Whether a text measures what is written: "more than three sentences".
    pub(in crate::patcher) fn measures(&self, text: &str) -> bool {
        let words: Vec<String> = text
            .to_lowercase()
            .split(|c: char| !c.is_alphanumeric() && c != '-')
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect();
        let counts = |word: &String| word.starts_with(|c: char| c.is_ascii_digit()) || is_in(&self.numbers, word);
        words.windows(2).any(|pair| matches!(pair, [count, unit] if counts(count) && is_in(&self.units, unit)))
    }

    /// "three"
    pub(in crate::patcher) fn is_number(&self, word: &str) -> bool {
        is_in(&self.numbers, word)
    }

    /// Whether something ended by this word: "finished".
    pub(in crate::patcher) fn is_ended(&self, word: &str) -> bool {
        is_in(&self.ended, word)
    }

    /// What people call an input of this name.
    pub(in crate::patcher) fn called(&self, input: &str) -> impl Iterator<Item = &str> {
        let lines = self.called.iter().filter(move |(names, _)| names.split(' ').any(|name| name == input));
        lines.flat_map(|(_, called)| called.split(' '))
    }
}
