//! What of a goal an agent loses without a word, found from the finished agent alone: the planner is not asked.
//!
//! Every word of the goal counts, but for function words (`function_words.txt`) and what the goal marks as background.
//! It is covered if a word of the same stem, rightly spelled or not, stands in a value, a prompt, a name or a linked field of a node, in the name,
//! the description or the meaning of a block in use, or in `left_out`; words of time are covered by a schedule,
//! words of an event ("new", "arrives") by a trigger or by remembering what was seen, and words of handing over ("tell",
//! "save", "reminder", "team") by any block that sends or stores, and words of getting ("fetch", "upload") by any that reads or
//! is an input. The agent's own name and description do not count: they
//! do nothing. That a word stands somewhere is not yet that it is done right.

use std::collections::{BTreeSet, HashMap};

use generator::catalogue::{Action, Catalogue};
use serde_json::Value;

use super::{
    goal::Goal,
    words::{akin, entry, in_cron, misspelt, number, stem, words},
};

const FUNCTION_WORDS: &str = include_str!("../function_words.txt");
const TIMES: &str = "day daily hour hourly minute week weekly weekday workday weekend month monthly morning evening \
    afternoon night noon midnight monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun \
    am pm clock time schedule regularly once twice half past working";
const EVENTS: &str = "new arrive arriving incoming appear happen receive open opened publish change update updated \
    added submit submission form fill call called trigger watch monitor notice event shows newly started latest";
const HANDING_OVER: &str = "tell inform notify alert ping shout drop land send post share forward deliver report show \
    return save store keep log record write written sent add append note reply answer \
    reminder message notification alert channel chat group inbox recipient";
const PEOPLE: &str = "team colleague customer client boss manager people everyone everybody person user member";
const GETTING: &str = "get fetch read pull collect gather grab check look find retrieve load watch monitor follow track scan \
    crawl scrape download import upload paste enter type provide take";
const GETS: [Action; 4] = [Action::Get, Action::List, Action::Read, Action::Search];
const HANDS_OVER: [Action; 9] = [
    Action::Add,
    Action::Append,
    Action::Create,
    Action::Label,
    Action::Publish,
    Action::Reply,
    Action::Send,
    Action::Store,
    Action::Update,
];
/// Blocks that know what earlier runs saw.
const REMEMBERS: [&str; 4] =
    ["PersistInformationBlock", "RetrieveInformationBlock", "AddMemoryBlock", "GetAllMemoriesBlock"];

#[derive(Debug, Default)]
pub(crate) struct Covered {
    /// Content words of the goal.
    pub(crate) of: usize,
    /// Those that stand nowhere.
    pub(crate) dropped: Vec<String>,
}

pub(crate) struct Vocabulary {
    function: BTreeSet<&'static str>,
    times: BTreeSet<String>,
    events: BTreeSet<String>,
    handing_over: BTreeSet<String>,
    getting: BTreeSet<String>,
    /// By id.
    blocks: HashMap<String, Told>,
}

/// What the catalogue tells of a block.
struct Told {
    words: String,
    /// It starts the agent when something happens, or knows what earlier runs saw.
    notices: bool,
    /// It sends or stores something.
    hands_over: bool,
    /// It reads something, or the person gives it.
    gets: bool,
}

/// What an agent says about itself.
#[derive(Default)]
struct Said {
    /// All of it, in lower case.
    text: String,
    stems: BTreeSet<String>,
    numbers: BTreeSet<String>,
    cron: Option<String>,
    /// It starts by itself when something happens, or remembers what it has seen.
    notices: bool,
    hands_over: bool,
    gets: bool,
}

impl Vocabulary {
    pub(crate) fn new(catalogue: &Catalogue) -> Self {
        let stems = |words: &str| -> BTreeSet<String> { words.split_whitespace().map(stem).collect() };
        let told = catalogue.blocks().iter().enumerate().map(|(at, block)| {
            let meaning = catalogue.meaning(at);
            let words = [&meaning.objects, &meaning.verbs, &meaning.gives].map(|words| words.join(" ")).join(" ");
            let service = meaning.service.as_deref().unwrap_or_default();
            let words = format!("{} {} {words} {service}", block.title(), block.description);
            let notices = block.trigger || REMEMBERS.contains(&block.name.as_str());
            let hands_over = block.is_agent_output() || HANDS_OVER.contains(&meaning.action);
            let gets = block.is_agent_input() || GETS.contains(&meaning.action);
            (block.id.clone(), Told { words, notices, hands_over, gets })
        });
        Self {
            function: FUNCTION_WORDS.split_whitespace().collect(),
            times: stems(TIMES),
            events: stems(EVENTS),
            handing_over: stems(HANDING_OVER).into_iter().chain(stems(PEOPLE)).collect(),
            getting: stems(GETTING),
            blocks: told.collect(),
        }
    }

    pub(crate) fn covered(&self, goal: &Goal, agent: &Value, left_out: &str) -> Covered {
        let said = self.said(agent, left_out);
        let text = goal.background.iter().fold(goal.goal.clone(), |text, piece| text.replace(piece, " "));
        let mut covered = Covered::default();
        let mut seen = BTreeSet::new();
        for piece in text.lines().flat_map(entry) {
            let piece = piece.trim_matches(|c: char| !c.is_alphanumeric() && !"@#$".contains(c)).to_lowercase();
            // An address counts as a whole.
            let whole = piece.contains("://") || piece.contains('@');
            let words = if whole { vec![piece.as_str()] } else { words(&piece).collect() };
            for word in words {
                if !whole && !self.counts(word) || !seen.insert(word.to_owned()) {
                    continue;
                }
                covered.of += 1;
                let held = if whole { said.text.contains(word) } else { self.holds(&said, word) };
                if !held {
                    covered.dropped.push(word.to_owned());
                }
            }
        }
        covered
    }

    fn said(&self, agent: &Value, left_out: &str) -> Said {
        let list = |key: &str| agent.get(key).and_then(Value::as_array).into_iter().flatten();
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        let mut said = Said { cron: text(agent.get("recommended_schedule_cron")), ..Said::default() };
        said.add(left_out);
        for node in list("nodes") {
            if let Some(told) = text(node.get("block_id")).and_then(|id| self.blocks.get(&id)) {
                said.add(&told.words);
                said.notices |= told.notices;
                said.hands_over |= told.hands_over;
                said.gets |= told.gets;
            }
            for part in ["input_default", "metadata"] {
                said.add_all(node.get(part).unwrap_or(&Value::Null));
            }
        }
        for field in list("links").flat_map(|link| [link.get("source_name"), link.get("sink_name")]) {
            said.add(&text(field).unwrap_or_default());
        }
        said
    }

    fn counts(&self, word: &str) -> bool {
        let plain = word.replace('\'', "");
        let known = self.function.contains(plain.as_str()) || self.function.contains(word.trim_end_matches("'s"));
        !known && (number(word).is_some() || word.chars().count() > 2 || !word.is_ascii())
    }

    fn holds(&self, said: &Said, word: &str) -> bool {
        if let Some(number) = number(word) {
            return said.numbers.contains(&number) || said.cron.as_deref().is_some_and(|cron| in_cron(cron, &number));
        }
        let stem = stem(word);
        said.stems.iter().any(|other| akin(&stem, other) || misspelt(&stem, other))
            // Scripts without spaces.
            || (!word.is_ascii() && said.text.contains(word))
            || (said.cron.is_some() && self.times.iter().any(|time| akin(&stem, time)))
            || (said.notices && self.events.contains(&stem))
            || (said.hands_over && self.handing_over.contains(&stem))
            || (said.gets && self.getting.contains(&stem))
    }
}

impl Said {
    fn add_all(&mut self, value: &Value) {
        match value {
            Value::Object(parts) => parts.iter().for_each(|(key, part)| {
                self.add(key);
                self.add_all(part);
            }),
            Value::Array(parts) => parts.iter().for_each(|part| self.add_all(part)),
            Value::String(text) => self.add(text),
            Value::Number(number) => self.add(&number.to_string()),
            Value::Bool(_) | Value::Null => {}
        }
    }

    fn add(&mut self, text: &str) {
        let text = text.to_lowercase();
        for word in words(&text) {
            self.stems.insert(stem(word));
            self.numbers.extend(number(word));
        }
        self.text.push_str(&text);
        self.text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn dropped(goal: &str, agent: &Value, left_out: &str) -> Vec<String> {
        let goal =
            json!({"id": "1", "goal": goal, "source": "test", "answer": ["agent"], "background": ["We are few."]});
        let goal = serde_json::from_value(goal).unwrap();
        Vocabulary::new(&Catalogue::embedded().unwrap()).covered(&goal, agent, left_out).dropped
    }

    #[test]
    fn a_word_that_stands_nowhere_is_dropped_and_one_in_a_prompt_a_value_or_left_out_is_not() {
        let agent = json!({
            "nodes": [{"input_default": {"prompt": "Summarise the letter", "channel": "#news", "count": 3}}],
            "links": [{"source_name": "author", "sink_name": "text"}],
        });
        let goal = "We are few. Please make a summary of the letters with their authors, politely, three of them, in #news at https://a.example";
        assert_eq!(dropped(goal, &agent, ""), ["politely", "https://a.example"]);
        assert_eq!(dropped(goal, &agent, "politely, https://a.example"), Vec::<String>::new());
    }

    #[test]
    fn the_time_is_dropped_without_a_schedule_and_what_the_agent_is_called_does_not_count() {
        let named = json!({"name": "At noon", "description": "Daily at 7:30 pm", "nodes": []});
        assert_eq!(dropped("daily at 7:30pm", &named, ""), ["daily", "7", "30pm"]);
        let scheduled = json!({"nodes": [], "recommended_schedule_cron": "30 19 * * *"});
        assert_eq!(dropped("daily at 7:30pm", &scheduled, ""), Vec::<String>::new());
        assert_eq!(dropped("daily at 8:30pm", &scheduled, ""), ["8"]);
    }

    #[test]
    fn the_marks_of_a_list_do_not_have_to_be_kept() {
        let agent = json!({"nodes": [{"input_default": {"prompt": "feed page"}}]});
        assert_eq!(dropped("1. feed\n2) page\na) feed\n3 pages", &agent, ""), ["3"]);
    }
}
