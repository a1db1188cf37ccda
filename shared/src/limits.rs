//! How long the texts of a request may be, and how much it may ask for at once: the numbers of CONTRACT 3, as data.

use std::fmt;

use serde_json::value::RawValue;

use crate::json::{each_element, each_entry};

/// The longest text of each field that is stored or echoed, in Unicode characters: CONTRACT 3. Ids, the idempotency key
/// and the webhook address have a form, which says their limit.
pub const TEXTS: [(&str, usize); 6] = [
    ("description", 20_000),
    ("changes", 20_000),
    ("context", 20_000),
    ("wish", 20_000),
    ("session_id", 1_000),
    // Part of a partition key, which DynamoDB limits to 2,048 bytes.
    ("owner", 480),
];

/// `None` for a field without a limit of its own.
#[must_use]
pub fn limit(field: &str) -> Option<usize> {
    TEXTS.iter().find(|(name, _)| *name == field).map(|(_, limit)| *limit)
}

/// Whether `text` is within the limit of `field`. Counts characters only if the bytes exceed it.
#[must_use]
pub fn fits(field: &str, text: &str) -> bool {
    limit(field).is_none_or(|limit| text.len() <= limit || text.chars().nth(limit).is_none())
}

/// A bound on how many things a request has.
#[derive(Debug, PartialEq, Eq)]
pub struct Limit {
    /// Begins the message: `The agent has`.
    holder: &'static str,
    /// Things, in the plural.
    things: &'static str,
    pub most: usize,
}

// Checked in every request.
pub static NODES: Limit = Limit { holder: "The agent has", things: "nodes", most: 1_000 };
pub static LINKS: Limit = Limit { holder: "The agent has", things: "links", most: 5_000 };
pub static STEPS: Limit = Limit { holder: "The instructions have", things: "steps", most: 500 };
pub static INPUTS: Limit = Limit { holder: "A step of the instructions has", things: "inputs", most: 200 };

// Checked by the built-in generator, which opens and plans them.
/// Parts of a goal that each ask for one thing.
pub static CLAUSES: Limit = Limit { holder: "The goal asks for", things: "things at once", most: 100 };
pub static CHANGES: Limit = Limit { holder: "The request asks for", things: "changes at once", most: 20 };
/// JSON values that are not inside a bulky one.
pub static VALUES: Limit = Limit { holder: "The request has", things: "values in its agent or steps", most: 100_000 };

impl Limit {
    pub fn check(&'static self, found: usize) -> Result<(), TooMany> {
        if found > self.most { Err(TooMany { limit: self, found }) } else { Ok(()) }
    }

    /// Checks the length of an array; anything else passes.
    fn check_array(&'static self, array: &RawValue) -> Result<(), TooMany> {
        if self.may_be_passed_in(array.get()) { self.check(crate::json::count(array)) } else { Ok(()) }
    }

    /// False for nearly every text, many bytes at a time: it has too few commas for an array of more.
    fn may_be_passed_in(&self, text: &str) -> bool {
        text.bytes().filter(|byte| *byte == b',').count() >= self.most
    }
}

/// More of something than its [`Limit`]. The message is for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMany {
    limit: &'static Limit,
    found: usize,
}

impl std::error::Error for TooMany {}

impl fmt::Display for TooMany {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Limit { holder, things, most } = self.limit;
        write!(formatter, "{holder} {} {things}. The limit is {}.", grouped(self.found), grouped(*most))
    }
}

/// `12345` as `12,345`.
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + 4);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Checks the number of nodes and links of an agent.
pub fn check_agent(agent: &RawValue) -> Result<(), TooMany> {
    let mut checked = Ok(());
    if NODES.may_be_passed_in(agent.get()) {
        // What is not an object is refused for that.
        let _ = each_entry(agent.get(), |key, value| {
            let limit = match &*key {
                "nodes" => &NODES,
                "links" => &LINKS,
                _ => return Ok(()),
            };
            note(&mut checked, || limit.check_array(value));
            Ok(())
        });
    }
    checked
}

/// Checks the number of steps, and of the inputs of each.
pub(crate) fn check_instructions(instructions: &RawValue) -> Result<(), TooMany> {
    let mut checked = Ok(());
    if !INPUTS.may_be_passed_in(instructions.get()) {
        return checked;
    }
    let _ = each_entry(instructions.get(), |key, steps| {
        if key == "steps" {
            note(&mut checked, || STEPS.check_array(steps));
            note(&mut checked, || check_inputs(steps));
        }
        Ok(())
    });
    checked
}

fn check_inputs(steps: &RawValue) -> Result<(), TooMany> {
    let mut checked = Ok(());
    let _ = each_element(steps.get(), |step| {
        // A step may be a sentence.
        let _ = each_entry(step.get(), |key, inputs| {
            if key == "inputs" {
                note(&mut checked, || INPUTS.check_array(inputs));
            }
            Ok(())
        });
        Ok(())
    });
    checked
}

/// Keeps the first failure.
fn note(checked: &mut Result<(), TooMany>, check: impl FnOnce() -> Result<(), TooMany>) {
    if checked.is_ok() {
        *checked = check();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    fn array(item: &str, count: usize) -> String {
        format!("[{}]", vec![item; count].join(","))
    }

    fn told(checked: Result<(), TooMany>) -> String {
        checked.unwrap_err().to_string()
    }

    #[test]
    fn an_agent_at_its_limits_is_served_and_one_node_or_link_more_is_told_by_number() {
        let agent = |nodes, links| format!(r#"{{"nodes":{},"links":{}}}"#, array("{}", nodes), array("{}", links));
        let checked = |nodes, links| check_agent(parse(&agent(nodes, links)).unwrap());
        assert_eq!(checked(1_000, 5_000), Ok(()));
        assert_eq!(told(checked(1_001, 0)), "The agent has 1,001 nodes. The limit is 1,000.");
        assert_eq!(told(checked(0, 1_234_567)), "The agent has 1,234,567 links. The limit is 5,000.");
        // Of numbers too, the shortest elements there are; and what is not a list is somebody else's to refuse.
        assert!(check_agent(parse(&format!(r#"{{"nodes":{}}}"#, array("0", 1_001))).unwrap()).is_err());
        assert_eq!(check_agent(parse(&format!(r#"{{"nodes":"{}"}}"#, "x".repeat(9_000))).unwrap()), Ok(()));
    }

    #[test]
    fn steps_and_the_inputs_of_each_step_are_told_by_number() {
        let steps = |steps: &str| check_instructions(parse(&format!(r#"{{"steps":{steps}}}"#)).unwrap());
        let step = |inputs| format!(r#"{{"inputs":{}}}"#, array("{}", inputs));
        assert_eq!(steps(&array(&step(200), 500)), Ok(()));
        assert_eq!(told(steps(&array("\"\"", 501))), "The instructions have 501 steps. The limit is 500.");
        assert_eq!(
            told(steps(&format!("[7,{}]", step(201)))),
            "A step of the instructions has 201 inputs. The limit is 200."
        );
    }
}
