//! "If …": what is compared, looked for or judged, and what follows on which way out.
//!
//! A comparison with a number and a search for a quoted text need no language model; anything else is judged by one.

use serde_json::{Number, Value};

use super::{
    bridges::Flow,
    lexicon::Concept,
    plan::{Binding, Input, Step},
    recipes::{Kind, Recipe, Slot},
    text::Literal,
    wiring::{Datum, Request, Wirer},
};
use crate::catalogue::{schema::Types, special};

/// Words that compare, the longer before the shorter that they contain.
const COMPARISONS: [(&str, &str); 26] = [
    ("greater than or equal to", ">="),
    ("less than or equal to", "<="),
    ("no more than", "<="),
    ("no less than", ">="),
    ("not equal to", "!="),
    ("more than", ">"),
    ("greater than", ">"),
    ("higher than", ">"),
    ("larger than", ">"),
    ("bigger than", ">"),
    ("less than", "<"),
    ("lower than", "<"),
    ("smaller than", "<"),
    ("fewer than", "<"),
    ("equal to", "=="),
    ("at least", ">="),
    ("at most", "<="),
    ("exceeds", ">"),
    ("exceed", ">"),
    ("equals", "=="),
    ("above", ">"),
    ("over", ">"),
    ("below", "<"),
    ("under", "<"),
    (">", ">"),
    ("<", "<"),
];

/// Words that look for a text.
const CONTAINS: [&str; 10] = [
    "contains",
    "contain",
    "mentions",
    "mention",
    "includes",
    "include",
    "containing",
    "mentioning",
    "has the word",
    "says",
];

/// A condition, as far as its words tell.
#[derive(Debug, Clone, PartialEq)]
enum Test {
    /// Something is compared with a number.
    Compare { what: String, operator: &'static str, with: Number },
    /// A text is looked for.
    Contains(String),
    /// It takes judgement.
    Judge,
}

/// A number as people write it: "50", "$50", "3.5%".
fn number(word: &str) -> Option<Number> {
    let digits = word.trim_start_matches(['$', '€', '£']).trim_end_matches(['.', ',', '!', '%', '€', '$', '°']);
    match digits.parse::<i64>() {
        Ok(whole) => Some(whole.into()),
        Err(_) if digits.starts_with(|c: char| c.is_ascii_digit()) => {
            digits.parse::<f64>().ok().and_then(Number::from_f64)
        }
        Err(_) => None,
    }
}

/// What is compared, without its article and its verb: "the price drops".
fn subject(words: &str) -> String {
    let telling = |word: &&str| {
        !matches!(
            *word,
            "the"
                | "a"
                | "an"
                | "my"
                | "our"
                | "its"
                | "is"
                | "are"
                | "was"
                | "gets"
                | "goes"
                | "drops"
                | "falls"
                | "rises"
                | "climbs"
                | "becomes"
                | "will"
                | "be"
                | "sinks"
                | "and"
                | "then"
        )
    };
    let words: Vec<&str> = words.split_whitespace().filter(telling).collect();
    let name = super::shortened(&words.join(" "), 40);
    let mut chars = name.chars();
    chars.next().map_or_else(|| "Value".to_owned(), |first| first.to_uppercase().chain(chars).collect())
}

fn test(words: &str) -> Test {
    let lower = words.to_lowercase();
    // Nothing longer is a plain comparison.
    if lower.len() > 300 || lower.split_whitespace().any(|word| matches!(word, "and" | "or" | "not")) {
        return Test::Judge;
    }
    let spaced = format!(" {lower} ");
    for (comparison, operator) in COMPARISONS {
        let Some((before, after)) = spaced.split_once(&format!(" {comparison} ")) else { continue };
        let mut rest = after.split_whitespace();
        if let Some(with) = rest.next().and_then(number)
            && rest.count() <= 2
        {
            return Test::Compare { what: subject(before), operator, with };
        }
    }
    let looks = CONTAINS.iter().any(|looks| spaced.contains(&format!(" {looks} ")));
    let mut quoted = super::text::cut(words).into_iter().filter_map(|token| match token.kind {
        super::text::Kind::Literal(Literal::Quoted, text) => Some(text),
        _ => None,
    });
    match (looks, quoted.next(), quoted.next()) {
        (true, Some(text), None) if !text.trim().is_empty() => Test::Contains(text),
        _ => Test::Judge,
    }
}

/// Whether the words say something that can be decided without judgement: "a message contains 'help'".
pub(super) fn decides(words: &str) -> bool {
    test(words) != Test::Judge
}

/// A text as a regular expression that matches it and nothing else.
fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut pattern, c| {
        if c.is_ascii_punctuation() {
            pattern.push('\\');
        }
        pattern.push(c);
        pattern
    })
}

fn asked(ask: &str) -> Slot {
    Slot {
        name: "value1".to_owned(),
        kind: Kind::Content,
        ask: Some(ask.to_owned()),
        help: None,
        value: None,
        optional: false,
    }
}

fn set(name: &str, value: impl Into<Value>) -> Input {
    Input { name: name.to_owned(), binding: Binding::Value(value.into()) }
}

impl Wirer<'_> {
    /// Adds a step that decides a condition; what follows gets only what passes (or, `unless`, only what does not).
    pub fn branch(&mut self, words: &str, recipe: &Recipe, request: &Request<'_>, unless: bool) -> usize {
        let index = self.wanted(recipe, request).last().copied();
        let flow = index.and_then(|index| self.flow_of(index, recipe, request));
        let knowledge = self.knowledge();
        let numeric = |flow: &Flow| !flow.types.is_any() && flow.types.flows_into(Types::NUMBER);
        let pattern = knowledge.catalogue.by_name("MatchTextPatternBlock");
        let compares = knowledge.catalogue.by_id(special::CONDITION).is_some();
        let (block, inputs, flow, ways) = match (test(words), pattern) {
            (Test::Compare { what, operator, with }, _) if compares && flow.as_ref().is_none_or(numeric) => {
                let flow = flow.unwrap_or_else(|| self.ask(recipe, &asked(&what), Types::NUMBER, None));
                let inputs = vec![
                    Input { name: "value1".to_owned(), binding: flow.binding() },
                    set("operator", operator),
                    set("value2", with),
                ];
                (special::CONDITION, inputs, flow, ["yes_output", "no_output"])
            }
            (Test::Contains(text), Some(pattern)) => {
                let flow = flow.unwrap_or_else(|| self.ask(recipe, &asked("Text to check"), Types::STRING, None));
                let checked = self.fit(&flow, Types::STRING);
                self.literals.take(Literal::Quoted, request.wish, |quoted| quoted == text);
                let inputs = vec![
                    Input { name: "text".to_owned(), binding: checked.binding() },
                    Input { name: "data".to_owned(), binding: flow.binding() },
                    set("match", escaped(&text)),
                    set("case_sensitive", false),
                ];
                (pattern.id.as_str(), inputs, flow, ["positive", "negative"])
            }
            _ => {
                let flow = flow.unwrap_or_else(|| self.ask(recipe, &asked("Text to check"), Types::STRING, None));
                let mut inputs = ["input_value", "yes_value", "no_value"]
                    .map(|name| Input { name: name.to_owned(), binding: flow.binding() })
                    .to_vec();
                inputs.push(set("condition", words));
                (special::AI_CONDITION, inputs, flow, ["yes_output", "no_output"])
            }
        };
        let title = super::shortened(&format!("If {words}"), 48);
        let says = format!("Go on only {} {words}", if unless { "unless" } else { "if" });
        let step = self.push(Step { block: block.to_owned(), title, says, inputs });
        let nouns = index.and_then(|index| self.data.get(index)).map_or_else(Vec::new, |datum| datum.nouns.clone());
        let [yes, no] = ways;
        self.way_out(step, nouns, flow.fields, if unless { no } else { yes });
        step
    }

    /// What follows gets what took the other way out of a condition.
    pub fn other_branch(&mut self, step: usize) {
        let Some(datum) = self.data.iter().find(|datum| datum.step == step).cloned() else { return };
        let other = match datum.all.as_str() {
            "yes_output" => "no_output",
            "no_output" => "yes_output",
            "positive" => "negative",
            _ => "positive",
        };
        self.way_out(step, datum.nouns, datum.fields, other);
    }

    fn way_out(&mut self, step: usize, nouns: Vec<Concept>, fields: Vec<String>, output: &str) {
        self.data.push(Datum {
            step,
            all: output.to_owned(),
            each: None,
            nouns,
            fields,
            first: None,
            receipt: None,
            address: None,
            chat: None,
            used: false,
            made: false,
            old: false,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{Test, escaped, test};

    #[test]
    fn a_comparison_with_a_number_costs_no_language_model() {
        for (words, what, operator, with) in [
            ("the price is below 50", "Price", "<", "50"),
            ("the temperature rises above 30.5", "Temperature", ">", "30.5"),
            ("my balance is at least $100", "Balance", ">=", "100"),
            ("the number of visitors is less than 10", "Number of visitors", "<", "10"),
            ("the total equals 0", "Total", "==", "0"),
        ] {
            match test(words) {
                Test::Compare { what: found, operator: by, with: number } => {
                    assert_eq!((found.as_str(), by, number.to_string().as_str()), (what, operator, with), "{words}");
                }
                other => panic!("{words}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_quoted_text_is_looked_for_as_it_stands() {
        assert_eq!(test("the text contains \"a+b (1)\""), Test::Contains("a+b (1)".to_owned()));
        assert_eq!(escaped("a+b (1)"), "a\\+b \\(1\\)");
    }

    #[test]
    fn what_takes_judgement_is_left_to_a_language_model() {
        for words in
            ["the message is urgent", "it is over", "the text mentions layoffs", "it is below 5 and not urgent"]
        {
            assert_eq!(test(words), Test::Judge, "{words}");
        }
    }
}
