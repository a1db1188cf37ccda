//! Where a step begins and where it ends: "start the clip at 10 seconds and stop at 40", "cut from second 10 to 40".

use serde_json::json;

use super::Edit;
use crate::{
    patcher::{find::Field, refused::Refused},
    reading::{self, Value as Typed},
};

const STARTS: [&str; 5] = ["start", "starts", "begin", "begins", "from"];
const ENDS: [&str; 8] = ["end", "ends", "stop", "stops", "finish", "to", "until", "till"];
/// What may stand beside them.
const PLAIN: [&str; 20] = [
    "the", "it", "at", "and", "should", "must", "let", "after", "second", "seconds", "sec", "minute", "minutes",
    "mark", "cut", "clip", "trim", "video", "in", "then",
];

/// "1:30" of a clip: a minute and a half.
fn clock(raw: &str) -> Option<f64> {
    let (minutes, seconds) = raw.split_once(':')?;
    let (minutes, seconds): (f64, f64) = (minutes.parse().ok()?, seconds.parse().ok()?);
    Some(minutes * 60.0 + seconds)
}

impl Edit<'_, '_> {
    /// The start and the end of the one step that has both.
    pub(super) fn bounded(&mut self) -> Option<Result<(), Refused>> {
        let takes = |at: &usize, name: &str| self.canvas.inputs_of(*at).iter().any(|input| input == name);
        let mut steps = self.canvas.working();
        steps.retain(|at| takes(at, "start_time") && takes(at, "end_time"));
        let [at] = *steps.as_slice() else { return None };
        let said = self.operation.said.to_lowercase();
        let tokens = reading::tokens(&said);
        let words: Vec<&str> = tokens.iter().map(|token| token.raw(&said)).collect();
        let has = |unit: &str| words.iter().any(|word| word.contains(unit));
        let minutes = has("minute");
        // "start the clip at 10 seconds and stop at 40"
        let goes_on = self.it == Some(at);
        if !minutes && !has("sec") && !words.contains(&"cut") && !goes_on {
            return None;
        }
        let (mut side, mut found) = (None, Vec::new());
        for token in &tokens {
            let raw = token.raw(&said);
            match token.value() {
                // "at 10" of "at 10 seconds" is no time of day.
                Some(Typed::Time(..)) if minutes => return None,
                Some(Typed::Time(..)) => found.push((side?, raw.parse().ok().or_else(|| clock(raw))?)),
                Some(Typed::Number(_)) if minutes => return None,
                Some(Typed::Number(number)) => found.push((side?, *number)),
                Some(Typed::Amount(_) | Typed::Duration(_)) => {
                    let (amount, unit) = super::value::amount_of(raw)?;
                    found.push((side?, if unit == "minutes" { amount * 60.0 } else { amount }));
                }
                Some(_) => return None,
                None if STARTS.contains(&raw) => side = Some("start_time"),
                None if ENDS.contains(&raw) => side = Some("end_time"),
                None if PLAIN.contains(&raw) || token.mark().is_some() => {}
                None => return None,
            }
        }
        if found.is_empty() {
            return None;
        }
        Some(found.into_iter().try_for_each(|(name, value)| {
            self.put_value(
                &Field { at, name: name.to_owned() },
                if value.fract() == 0.0 { json!(value as i64) } else { json!(value) },
            )
        }))
    }
}
