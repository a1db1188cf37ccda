//! "add an Authorization header with Bearer abc": one more header of the one request that the agent sends.

use serde_json::{Map, Value, json};

use super::Edit;
use crate::{
    patcher::{find::bare, refused::Refused},
    plan::model::Binding,
};

/// What stands between the name of a header and its value.
const LEADS: [&str; 8] = ["with the value ", "with value ", "set to ", "with ", "of ", "to ", "= ", ": "];

impl Edit<'_, '_> {
    /// "send the header Authorization with X"
    pub(super) fn header_sent(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let (verb, what) = text.split_once(' ')?;
        let sends =
            matches!(verb.to_lowercase().as_str(), "send" | "set" | "pass" | "include" | "give" | "put" | "need");
        if sends { self.header(what) } else { None }
    }

    pub(super) fn header(&mut self, what: &str) -> Option<Result<(), Refused>> {
        let (name, value) = header(what)?;
        let mut steps = self.canvas.working();
        steps.retain(|at| self.canvas.inputs_of(*at).iter().any(|input| input == "headers"));
        let [at] = *steps.as_slice() else { return None };
        let mut all = match self.canvas.steps.get(at)?.binding("headers") {
            None | Some(Binding::Value(Value::Null)) => Map::new(),
            Some(Binding::Value(Value::Object(old))) => old.clone(),
            // They come from another step, or are no headers: neither is put aside.
            Some(_) => {
                let title = self.canvas.title(at);
                return Some(Err(Refused::unsupported(format!(
                    "{title} gets all its headers at once: none is added."
                ))));
            }
        };
        all.insert(name, json!(value));
        self.canvas.bind(at, "headers", Binding::Value(Value::Object(all)));
        Some(Ok(()))
    }
}

/// The name and the value: of "an Authorization header with X", "the header Accept: X".
fn header(what: &str) -> Option<(String, String)> {
    let at = what.to_ascii_lowercase().find("header")?;
    let (before, after) = (what.get(..at)?.trim(), what.get(at + "header".len()..)?.trim_start());
    let behind = |text: &str| LEADS.iter().find_map(|lead| text.strip_prefix(lead)).map(|value| bare(value).to_owned());
    let own =
        before.split_whitespace().last().filter(|word| word.starts_with(char::is_uppercase) || word.contains('-'));
    let (name, value) = match own {
        Some(name) => (bare(name).to_owned(), behind(after)?),
        None => {
            let after = ["called ", "named "].iter().find_map(|lead| after.strip_prefix(lead)).unwrap_or(after);
            let end = after.find([' ', ':', '='])?;
            let rest = after.get(end..)?.trim_start();
            (bare(after.get(..end)?).to_owned(), behind(rest)?)
        }
    };
    (!name.is_empty() && !value.is_empty()).then_some((name, value))
}
