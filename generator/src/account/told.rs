//! What planning told beside the graph: it travels in the instructions, or in the answer of a remote generator.

use serde_json::value::RawValue;
use shared::{
    account::LeftOut,
    json::{Object, each_element},
};

#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) left_out: Vec<LeftOut>,
    pub(crate) timezone: Option<String>,
}

/// Where decompose writes what belongs to the whole agent: the first step, since generate only gets the steps.
const AGENT: &str = "agent";
pub(crate) const LEFT_OUT: &str = "left_out";
pub(crate) const TIMEZONE: &str = "recommended_schedule_timezone";

impl Told {
    /// From the answer of a decompose as a caller sends it, or from `{type, steps}`.
    pub(crate) fn by_instructions(instructions: &RawValue) -> Self {
        let Some(whole) = Object::of_keys(instructions, &["steps", LEFT_OUT]) else { return Self::default() };
        let mut first = None;
        if let Some(steps) = whole.get("steps") {
            // What is not a list tells nothing, and the error ends the reading: no other step matters.
            let _ = each_element(steps.get(), |step| {
                first = Some(step);
                Err(serde::de::Error::custom("the first is enough"))
            });
        }
        let agent = first.and_then(|step| Object::of_keys(step, &[AGENT])).and_then(|step| step.get(AGENT));
        let agent = agent.and_then(|agent| Object::of_keys(agent, &[LEFT_OUT, TIMEZONE])).unwrap_or_default();
        let parts = whole.get(LEFT_OUT).map(left_out).filter(|parts| !parts.is_empty());
        Self {
            left_out: parts.or_else(|| agent.get(LEFT_OUT).map(left_out)).unwrap_or_default(),
            timezone: agent.string(TIMEZONE).filter(|zone| is_timezone(zone)).map(std::borrow::Cow::into_owned),
        }
    }
}

/// The entries of a list from outside that are fit to be shown; the rest is dropped.
pub(crate) fn left_out(list: &RawValue) -> Vec<LeftOut> {
    let mut fit = Vec::new();
    // What is not a list has no entries.
    let _ = each_element(list.get(), |entry| {
        if fit.len() < LeftOut::MOST {
            fit.extend(serde_json::from_str(entry.get()).ok().filter(LeftOut::is_fit));
        }
        Ok(())
    });
    fit
}

/// Has the shape of a name in the IANA database, such as `America/Argentina/Buenos_Aires`.
pub(super) fn is_timezone(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use shared::json::to_raw;

    use super::*;

    fn part(text: &str) -> serde_json::Value {
        json!({"text": text, "reason": "no_block", "message": "Nothing does that."})
    }

    fn texts(parts: &[LeftOut]) -> Vec<&str> {
        parts.iter().map(|part| part.text.as_str()).collect()
    }

    #[test]
    fn what_decompose_left_out_is_told_again_by_generate() {
        let steps =
            json!([{"agent": {"left_out": [part("fax it")], "recommended_schedule_timezone": "Europe/Berlin"}}, "x"]);
        let told = Told::by_instructions(&to_raw(&json!({"type": "instructions", "steps": steps})).unwrap());
        assert_eq!(texts(&told.left_out), ["fax it"]);
        assert_eq!(told.timezone.as_deref(), Some("Europe/Berlin"));
        // The list of the whole answer counts before the one in the step.
        let told = Told::by_instructions(&to_raw(&json!({"steps": steps, "left_out": [part("sing")]})).unwrap());
        assert_eq!(texts(&told.left_out), ["sing"]);
        for other in [json!({}), json!({"steps": "x"}), json!({"steps": ["x"]}), json!([]), json!({"steps": []})] {
            let told = Told::by_instructions(&to_raw(&other).unwrap());
            assert!(told.left_out.is_empty() && told.timezone.is_none(), "{other}");
        }
    }

    #[test]
    fn only_entries_that_a_person_can_read_are_passed_on() {
        let long = "x".repeat(501);
        let list = json!([
            part("a"), 7, "b", {"text": "c"}, {"text": "d", "reason": "laziness", "message": "m"},
            {"text": "", "reason": "no_block", "message": "m"}, {"text": long, "reason": "no_block", "message": "m"},
            {"text": "e", "reason": "needs_data", "message": "m", "more": 1},
        ]);
        assert_eq!(texts(&left_out(&to_raw(&list).unwrap())), ["a", "e"]);
        assert_eq!(left_out(&to_raw(&json!(vec![part("a"); 80])).unwrap()).len(), 50);
        assert!(left_out(&to_raw(&json!({"text": "a"})).unwrap()).is_empty());
    }
}
