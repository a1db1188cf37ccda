//! What of a goal an agent loses without a word, found from the finished agent alone: the planner is not asked.
//!
//! Every word of the goal counts, but for function words (`function_words.txt`) and what the goal marks as background.
//! It is covered if a word of the same stem stands in a value, a prompt, a name or a linked field of a node, in the name
//! or description of a block in use, or in `left_out`; words of time are covered by a schedule, and words of an event
//! ("new", "arrives") by a trigger or by remembering what was seen. The agent's own name and description do not count:
//! they do nothing. That a word stands somewhere is not yet that it is done right.

use std::collections::BTreeSet;

use generator::catalogue::Block;
use serde_json::Value;

use super::goal::Goal;

const FUNCTION_WORDS: &str = include_str!("../function_words.txt");
const TIMES: &str = "day daily hour hourly minute week weekly weekday workday weekend month monthly morning evening \
    afternoon night noon midnight monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun \
    am pm clock time schedule regularly once twice half past working";
const EVENTS: &str = "new arrive arriving incoming appear happen receive open opened publish change update updated \
    added submit fill call called trigger watch monitor notice event shows newly started latest";
const NUMBERS: [&str; 13] =
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
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
}

impl Vocabulary {
    pub(crate) fn new() -> Self {
        let stems = |words: &str| words.split_whitespace().map(stem).collect();
        Self { function: FUNCTION_WORDS.split_whitespace().collect(), times: stems(TIMES), events: stems(EVENTS) }
    }

    pub(crate) fn covered<'a>(
        &self,
        goal: &Goal,
        agent: &Value,
        left_out: &str,
        block: impl Fn(&Value) -> Option<&'a Block>,
    ) -> Covered {
        let said = Said::of(agent, left_out, block);
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
        said.stems.iter().any(|other| akin(&stem, other))
            // Scripts without spaces.
            || (!word.is_ascii() && said.text.contains(word))
            || (said.cron.is_some() && self.times.contains(&stem))
            || (said.notices && self.events.contains(&stem))
    }
}

impl Said {
    fn of<'a>(agent: &Value, left_out: &str, block: impl Fn(&Value) -> Option<&'a Block>) -> Self {
        let list = |key: &str| agent.get(key).and_then(Value::as_array).into_iter().flatten();
        let mut said = Self {
            cron: agent.get("recommended_schedule_cron").and_then(Value::as_str).map(str::to_owned),
            ..Self::default()
        };
        said.add(left_out);
        for node in list("nodes") {
            if let Some(block) = block(node) {
                said.add(&format!("{} {}", block.title(), block.description));
                said.notices |= block.trigger || REMEMBERS.contains(&block.name.as_str());
            }
            for part in ["input_default", "metadata"] {
                said.add_all(node.get(part).unwrap_or(&Value::Null));
            }
        }
        for field in list("links").flat_map(|link| [link.get("source_name"), link.get("sink_name")]) {
            said.add(field.and_then(Value::as_str).unwrap_or_default());
        }
        said
    }

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

/// The pieces of a line, without what marks it as an entry of a list.
fn entry(line: &str) -> impl Iterator<Item = &str> {
    let mark = |piece: &&str| {
        let name = piece.trim_end_matches(['.', ')']);
        name.len() < piece.len() && (name.len() == 1 || name.parse::<u8>().is_ok())
    };
    let mut pieces = line.split_whitespace().peekable();
    pieces.next_if(|piece| mark(piece));
    pieces
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty())
}

/// "7", "7am", "12th", "seven" -> "7".
fn number(word: &str) -> Option<String> {
    if let Some(at) = NUMBERS.iter().position(|number| *number == word) {
        return Some(at.to_string());
    }
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number = !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit()) && word.len() - digits.len() < 4;
    number.then(|| digits.trim_start_matches('0')).map(|digits| if digits.is_empty() { "0" } else { digits }.to_owned())
}

/// The schedule has this number, in the afternoon too.
fn in_cron(cron: &str, number: &str) -> bool {
    let later = number.parse::<u32>().ok().filter(|hour| *hour < 12).map(|hour| (hour + 12).to_string());
    let parts = || cron.split(|c: char| !c.is_ascii_digit());
    parts().any(|part| part == number || Some(part) == later.as_deref())
}

/// Without the usual endings, in one spelling.
fn stem(word: &str) -> String {
    let word = word.to_lowercase().replace("e-mail", "email");
    let word = word.trim_end_matches("'s").replace('\'', "");
    if ["mail", "mails", "emails", "mailed", "mailing"].contains(&word.as_str()) {
        return "email".to_owned();
    }
    let endings = ["ingly", "ings", "ing", "ies", "ied", "ers", "er", "edly", "ed", "es", "s", "ly", "y", "e"];
    let cut = endings.iter().find_map(|ending| word.strip_suffix(ending).filter(|rest| rest.chars().count() > 2));
    let stem = cut.unwrap_or(&word).replace("iz", "is").replace("our", "or");
    let mut last = stem.chars().rev();
    let doubled = last.next().filter(|c| !"aeiouls".contains(*c)) == last.next();
    if doubled && stem.is_ascii() { stem.get(..stem.len() - 1).unwrap_or(&stem).to_owned() } else { stem }
}

/// The same stem, or long words that differ at their ends alone: "summar-y", "summar-ise".
fn akin(left: &str, right: &str) -> bool {
    let shared = left.chars().zip(right.chars()).take_while(|(one, other)| one == other).count();
    let longest = left.chars().count().max(right.chars().count());
    left == right || (shared >= 5 && shared + 3 >= longest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn dropped(goal: &str, agent: &Value, left_out: &str) -> Vec<String> {
        let goal =
            json!({"id": "1", "goal": goal, "source": "test", "answer": ["agent"], "background": ["We are few."]});
        let goal = serde_json::from_value(goal).unwrap();
        Vocabulary::new().covered(&goal, agent, left_out, |_| None).dropped
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
    fn the_marks_of_a_list_are_no_words_of_the_goal() {
        let agent = json!({"nodes": [{"input_default": {"prompt": "feed page"}}]});
        assert_eq!(dropped("1. feed\n2) page\na) feed\n3 pages", &agent, ""), ["3"]);
    }

    #[test]
    fn other_forms_and_spellings_of_a_word_are_the_same_word() {
        for (left, right) in [
            ("summary", "summarise"),
            ("summarize", "summarises"),
            ("mail", "emails"),
            ("running", "run"),
            ("translated", "translation"),
            ("colour", "colors"),
            ("post", "posting"),
            ("entries", "entry"),
        ] {
            assert!(akin(&stem(left), &stem(right)), "{left} {right}: {} {}", stem(left), stem(right));
        }
        for (left, right) in [("contact", "contract"), ("read", "reddit"), ("message", "massage"), ("new", "never")] {
            assert!(!akin(&stem(left), &stem(right)), "{left} {right}");
        }
    }
}
