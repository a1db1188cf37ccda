//! Finds the answer in what a model says.
//!
//! Reasoning is cut off. Every object and list in the rest is read, leniently, and brought into the form; the one that
//! fits best is taken, of several the last. Only if the rest has nothing of the form is the reasoning looked through, so
//! that a draft never wins over an answer.
//!
//! After something that broke off or could not be read only an object that names its own `type` counts: the parts of a
//! broken plan must not pass for a shorter one.

mod channels;
mod coerce;
mod entries;
mod keys;
mod lenient;
mod lists;
mod names;
mod tree;
mod tries;
mod wrapped;

use serde_json::Value;

pub(crate) use self::lenient::LONGEST;
use self::{
    coerce::{Coerced, coerce},
    lenient::{Part, Read, Stop, Why},
    tree::strict,
    tries::Tries,
};

/// How often an answer may be JSON in a JSON string.
const ENCODED: usize = 3;

/// An answer of the form. It may still leave it in places that deserialising does not mind.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) value: Value,
    /// Places of the form whose values stand under keys that it does not have.
    pub(super) misnamed: Vec<String>,
}

#[derive(Debug)]
pub(super) enum Unreadable {
    /// No object, or nothing like an answer.
    Alien,
    /// It stops being JSON within this place.
    Broken(String),
    /// It ends within this place.
    CutOff(String),
    /// The nearest to the form that was found, and what of it means nothing: with the model's own words.
    Misfit { value: Value, lost: Vec<String> },
}

/// `fits` says whether a value can be deserialised.
pub(super) fn read(text: &str, schema: &Value, fits: &dyn Fn(&Value) -> bool) -> Result<Answer, Unreadable> {
    read_encoded(text, schema, fits, ENCODED)
}

fn read_encoded(text: &str, schema: &Value, fits: &dyn Fn(&Value) -> bool, left: usize) -> Result<Answer, Unreadable> {
    let mut search = Search::new(schema, fits);
    match strict(text) {
        Some(Value::String(inner)) if left > 0 => return read_encoded(&inner, schema, fits, left - 1),
        Some(value) => search.judge(value, true),
        None => {}
    }
    if search.best.as_ref().is_some_and(|best| best.fit == Fit::Full) {
        return search.result();
    }
    let channels = channels::split(text);
    search.look(&channels.answer);
    if search.best.is_none() && search.stop.is_none() && !channels.reasoning.is_empty() {
        let mut thought = Search::new(schema, fits);
        thought.look(&channels.reasoning);
        if thought.best.as_ref().is_some_and(|best| best.fit == Fit::Full) {
            return thought.result();
        }
    }
    // An object that was written for a JSON string: {\"type\": …}
    if left > 0
        && search.best.is_none()
        && text.contains("\\\"")
        && let Some(inner) = lenient::unescaped(&channels.answer)
        && let Ok(answer) = read_encoded(&inner, schema, fits, 0)
    {
        return Ok(answer);
    }
    search.result()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// Of the form, but it cannot be deserialised.
    Poor,
    /// It has less than its `type` promises.
    Thin,
    Full,
}

struct Best {
    fit: Fit,
    coerced: Coerced,
}

struct Search<'s> {
    schema: &'s Value,
    /// `schema` as text.
    form: String,
    fits: &'s dyn Fn(&Value) -> bool,
    best: Option<Best>,
    /// The first attempt that failed after a key.
    stop: Option<Stop>,
}

impl<'s> Search<'s> {
    fn new(schema: &'s Value, fits: &'s dyn Fn(&Value) -> bool) -> Self {
        Self { schema, form: schema.to_string(), fits, best: None, stop: None }
    }

    fn look(&mut self, text: &str) {
        let (mut at, mut tries) = (0, Tries::of(text));
        while let Some(offset) = text.get(at..).and_then(|rest| rest.find(['{', '['])) {
            let start = at + offset;
            match tries.read(start) {
                Some(Ok(Read { value, end, unclosed })) => {
                    at = end;
                    match unclosed {
                        Some(place) if !self.is_answer_at(&value, &place) => {
                            self.stopped(Stop { why: Why::End, place, at: end, keys: 1 });
                        }
                        _ => self.judge(value, self.stop.is_none()),
                    }
                }
                Some(Err(stop)) => {
                    // What is nested too deep is passed over.
                    at = if stop.why == Why::Large { stop.at.max(start + 1) } else { start + 1 };
                    self.stopped(stop);
                }
                None => return,
            }
        }
    }

    fn stopped(&mut self, stop: Stop) {
        // `{topic: text}` in prose is not an answer that broke.
        let is_ours = || stop.keys > 2 || stop.place.is_empty() || stop.place.iter().any(|part| self.is_of_form(part));
        if stop.keys > 0 && self.stop.is_none() && is_ours() {
            self.stop = Some(stop);
        }
    }

    /// Whether the object that the end of the text closed is the answer itself and has all that it promises; else more was
    /// to come.
    fn is_answer_at(&self, value: &Value, place: &[Part]) -> bool {
        let inner = place.iter().try_fold(value, |value, part| match part {
            Part::Key(key) => value.get(key),
            Part::At(at) => value.get(at),
        });
        let inner = inner.filter(|inner| place.len() < 2 || inner.get("type").is_some());
        let listed = inner.and_then(Value::as_object).filter(|inner| inner.values().any(Value::is_array));
        listed.is_some_and(|inner| {
            coerce(self.schema, Value::Object(inner.clone()))
                .is_some_and(|found| found.full && (self.fits)(&found.value))
        })
    }

    /// `loose`: the value need not name its `type`.
    fn judge(&mut self, value: Value, loose: bool) {
        if value.as_object().is_some_and(|object| object.is_empty())
            || value.as_array().is_some_and(|list| list.is_empty())
        {
            return;
        }
        let Some(coerced) = coerce(self.schema, value).filter(|coerced| loose || coerced.typed) else { return };
        let fit = match ((self.fits)(&coerced.value), coerced.full) {
            (false, _) => Fit::Poor,
            (true, false) => Fit::Thin,
            (true, true) => Fit::Full,
        };
        // After something broken a mere mention of a kind is no answer.
        if (loose || fit == Fit::Full) && self.best.as_ref().is_none_or(|best| best.fit <= fit) {
            self.best = Some(Best { fit, coerced });
        }
    }

    fn result(self) -> Result<Answer, Unreadable> {
        let place = |stop: &Stop| self.shown(&stop.place);
        match (self.best.as_ref().map(|best| best.fit), &self.stop) {
            (Some(Fit::Full), _) | (Some(Fit::Thin), None) => {}
            (_, Some(stop)) if stop.why == Why::End => return Err(Unreadable::CutOff(place(stop))),
            (None, Some(stop)) => return Err(Unreadable::Broken(place(stop))),
            _ => {}
        }
        let Some(Best { fit, coerced: Coerced { value, lost, near, .. } }) = self.best else {
            return Err(Unreadable::Alien);
        };
        if fit == Fit::Poor { Err(Unreadable::Misfit { value, lost }) } else { Ok(Answer { value, misnamed: near }) }
    }

    fn is_of_form(&self, part: &Part) -> bool {
        matches!(part, Part::Key(key) if self.form.contains(&format!("\"{key}\":")))
    }

    /// A place by the keys of the form; others may be words of the person.
    fn shown(&self, place: &[Part]) -> String {
        let mut shown = String::new();
        for part in place.iter().take(12) {
            match part {
                Part::At(at) => shown.push_str(&format!("[{at}]")),
                Part::Key(key) if self.is_of_form(part) => shown.push_str(&format!(".{key}")),
                Part::Key(_) => shown.push_str(".…"),
            }
        }
        shown.trim_start_matches('.').to_owned()
    }
}
