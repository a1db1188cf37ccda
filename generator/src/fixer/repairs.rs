//! What a fix did to an agent, place by place.

use serde_json::{Map, Value};

use crate::{problem::Repair, text::shortened};

/// More are not listed.
const LISTED: usize = 50;
/// How much of a value is repeated, in characters.
const VALUE: usize = 60;

type Lists<'v> = (&'v [Value], &'v [Value]);

/// Adds what the fix `rule` did. A fix adds nodes and links at the end, and removes links alone.
pub(super) fn add(repairs: &mut Vec<Repair>, rule: &'static str, before: Lists<'_>, after: Lists<'_>) {
    let mut found = Found { repairs, rule };
    for (at, (was, is)) in before.0.iter().zip(after.0).enumerate() {
        found.compare(&format!("nodes[{at}]"), was, is);
    }
    for (at, node) in after.0.iter().enumerate().skip(before.0.len()) {
        found.tell(format!("nodes[{at}]"), || format!("added: {}", shown(node.pointer("/metadata/customized_name"))));
    }
    let is_shorter = after.1.len() < before.1.len();
    let mut kept = after.1.iter();
    let mut next = kept.next();
    for (at, was) in before.1.iter().enumerate() {
        match next {
            Some(is) if !is_shorter || is == was => {
                found.compare(&format!("links[{at}]"), was, is);
                next = kept.next();
            }
            _ => found.tell(format!("links[{at}]"), || "removed".to_owned()),
        }
    }
    for at in before.1.len()..after.1.len() {
        found.tell(format!("links[{at}]"), || "added".to_owned());
    }
}

struct Found<'r> {
    repairs: &'r mut Vec<Repair>,
    rule: &'static str,
}

impl Found<'_> {
    fn tell(&mut self, path: String, message: impl FnOnce() -> String) {
        if self.repairs.len() < LISTED {
            self.repairs.push(Repair { rule: self.rule, path, message: message() });
        }
    }

    /// Objects are compared key by key, as deep as the values of a node.
    fn compare(&mut self, path: &str, was: &Value, is: &Value) {
        if was == is {
            return;
        }
        match (was, is) {
            (Value::Object(was), Value::Object(is)) if !path.contains(".input_default.") => self.keys(path, was, is),
            _ => self.tell(path.to_owned(), || format!("{} became {}", shown(Some(was)), shown(Some(is)))),
        }
    }

    fn keys(&mut self, path: &str, was: &Map<String, Value>, is: &Map<String, Value>) {
        let inner = |key: &str| format!("{path}.{}", shortened(key, VALUE));
        for (key, value) in was {
            match is.get(key) {
                Some(now) => self.compare(&inner(key), value, now),
                None => self.tell(inner(key), || "removed".to_owned()),
            }
        }
        for (key, value) in is.iter().filter(|(key, _)| !was.contains_key(*key)) {
            self.tell(inner(key), || format!("set to {}", shown(Some(value))));
        }
    }
}

fn shown(value: Option<&Value>) -> String {
    let text = value.map(Value::to_string).unwrap_or_default();
    // A long text is cut before it is looked at word by word.
    let start: String = text.chars().take(4 * VALUE).collect();
    shortened(&start, VALUE)
}
