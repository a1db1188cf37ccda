//! Opens of an agent, or of steps, what planning needs; bulky values pass through as text.
//!
//! A tree of `serde_json` takes up to 70 times the memory of its text, and a table of numbers in an agent is nobody's to
//! change. So such a value is replaced by a stand-in of its kind before the tree is built, and put back when the result is
//! written, byte for byte.

use std::{borrow::Cow, collections::hash_map::RandomState, hash::BuildHasher};

use serde_json::{
    Value,
    value::{RawValue, to_raw_value},
};
use shared::{
    error_type::ErrorType,
    failure::Failure,
    json::{each_element, each_entry, kind},
    limits::VALUES,
};

use crate::numbers::Spellings;

/// In bytes of text, like the two below. A shorter text is opened whole.
const WHOLE: usize = 64 * 1024;
/// A longer list or object stays closed.
const BULKY: usize = 1024;
/// A longer string among the values of a node or a step stays closed.
const LONG: usize = 64 * 1024;

/// A place whose parts are looked at one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Agent,
    Nodes,
    Node,
    /// `input_default`
    Values,
    Links,
    Instructions,
    Steps,
    Step,
    Inputs,
    /// An input of a step: its value may be long.
    Input,
    /// An object whose own values are small: a link, metadata.
    Plain,
}

impl Place {
    /// What the entry `key` of an object is.
    fn entry(self, key: &str) -> Option<Self> {
        match (self, key) {
            (Self::Agent, "nodes") => Some(Self::Nodes),
            (Self::Agent, "links") => Some(Self::Links),
            (Self::Node, "input_default") => Some(Self::Values),
            (Self::Node, "metadata") | (Self::Step, "agent") => Some(Self::Plain),
            (Self::Instructions, "steps") => Some(Self::Steps),
            (Self::Step, "inputs") => Some(Self::Inputs),
            _ => None,
        }
    }

    /// What the elements are, if this is an array.
    fn element(self) -> Option<Self> {
        match self {
            Self::Nodes => Some(Self::Node),
            Self::Links => Some(Self::Plain),
            Self::Steps => Some(Self::Step),
            Self::Inputs => Some(Self::Input),
            _ => None,
        }
    }
}

/// A JSON text as a tree, without its bulky values.
#[derive(Debug)]
pub(crate) struct Opened<'a> {
    pub(crate) value: Value,
    pub(crate) rest: Rest<'a>,
}

/// What [`Opened`] left out.
#[derive(Debug)]
pub(crate) struct Rest<'a> {
    /// The text that was opened.
    text: Cow<'a, str>,
    /// Begins every stand-in; occurs nowhere else, since it is drawn by chance and nobody is told.
    mark: String,
    closed: Vec<&'a str>,
}

/// Opens an agent; `validation_error` if it is not JSON, `request_too_large` if it has too many values.
pub(crate) fn agent(text: &RawValue) -> Result<Opened<'_>, Failure> {
    open(text, Place::Agent, "the current agent")
}

/// Opens instructions; fails as [`agent`] does.
pub(crate) fn instructions(text: &RawValue) -> Result<Opened<'_>, Failure> {
    open(text, Place::Instructions, "the instructions")
}

fn open<'a>(original: &'a RawValue, place: Place, what: &str) -> Result<Opened<'a>, Failure> {
    let mut rest = Rest { text: Cow::Borrowed(original.get()), mark: String::new(), closed: Vec::new() };
    if original.get().len() > WHOLE {
        let mark = format!("closed-{:016x}-", RandomState::new().hash_one(original.get().len()));
        let mut opening = Opening { text: String::new(), mark, closed: Vec::new(), values: 0 };
        opening.value(original, Some(place), false);
        VALUES.check(opening.values)?;
        rest = Rest { text: Cow::Owned(opening.text), mark: opening.mark, closed: opening.closed };
    }
    match serde_json::from_str(&rest.text) {
        Ok(value) => Ok(Opened { value, rest }),
        Err(error) => Err(Failure::new(ErrorType::ValidationError, format!("{what} cannot be read: {error}"))),
    }
}

impl Rest<'_> {
    /// Writes a tree that was made of the opened one. What is untouched has the text that it had; so have numbers.
    pub(crate) fn written(&self, value: &Value) -> Result<Box<RawValue>, Failure> {
        let unwritable = |error: serde_json::Error| Failure::new(ErrorType::UnexpectedError, error.to_string());
        let text = match Spellings::of(&self.text) {
            Some(spellings) => spellings.restored(&value.to_string()),
            None if self.closed.is_empty() => return to_raw_value(value).map_err(unwritable),
            None => value.to_string(),
        };
        RawValue::from_string(self.whole(text)).map_err(unwritable)
    }

    /// Puts what was left out back into a JSON text that has its stand-ins.
    pub(crate) fn whole(&self, text: String) -> String {
        if self.closed.is_empty() {
            return text;
        }
        let mut out = String::with_capacity(text.len() + self.closed.iter().map(|text| text.len()).sum::<usize>());
        let mut at = 0;
        let quoted = format!("\"{}", self.mark);
        for (start, _) in text.match_indices(&quoted) {
            let Some(after) = text.get(start + quoted.len()..) else { continue };
            let Some((number, after)) = after.split_once('"') else { continue };
            let Some(closed) = number.parse().ok().and_then(|number: usize| self.closed.get(number)) else { continue };
            // A stand-in for an object is an entry in it, one for a list is an element.
            let (inside, after) = match closed.as_bytes().first() {
                Some(b'{') => (inner(closed), after.strip_prefix(":null").unwrap_or(after)),
                Some(b'[') => (inner(closed), after),
                _ => (*closed, after),
            };
            out.push_str(text.get(at..start).unwrap_or_default());
            out.push_str(inside);
            at = text.len() - after.len();
        }
        out.push_str(text.get(at..).unwrap_or_default());
        out
    }
}

/// A list or an object without its brackets.
fn inner(text: &str) -> &str {
    text.get(1..text.len() - 1).unwrap_or_default().trim()
}

struct Opening<'a> {
    text: String,
    mark: String,
    closed: Vec<&'a str>,
    /// How many values were opened.
    values: usize,
}

impl<'a> Opening<'a> {
    /// Opens `raw` at `place`, if that is a place. `long`: a string may be long here.
    fn value(&mut self, raw: &'a RawValue, place: Option<Place>, long: bool) {
        self.values += 1;
        let text = raw.get();
        match (text.as_bytes().first(), place, place.and_then(Place::element)) {
            (Some(b'{'), Some(place), None) => self.object(raw, place),
            (Some(b'['), _, Some(element)) => self.array(raw, element),
            (Some(b'{' | b'['), ..) if text.len() > BULKY && !inner(text).is_empty() => self.close(raw),
            (Some(b'"'), ..) if long && text.len() > LONG => self.close(raw),
            (Some(b'{' | b'['), ..) => {
                self.values += inside(text);
                self.text.push_str(text);
            }
            _ => self.text.push_str(text),
        }
    }

    fn object(&mut self, raw: &'a RawValue, place: Place) {
        let long = matches!(place, Place::Values | Place::Input);
        let mut separator = '{';
        // Only JSON is opened, so neither visit fails.
        let _ = each_entry(raw.get(), |key, value| {
            self.text.push(separator);
            separator = ',';
            self.text.push_str(&Value::from(key.as_ref()).to_string());
            self.text.push(':');
            self.value(value, place.entry(&key), long);
            Ok(())
        });
        self.text.push_str(if separator == '{' { "{}" } else { "}" });
    }

    fn array(&mut self, raw: &'a RawValue, element: Place) {
        let mut separator = '[';
        let _ = each_element(raw.get(), |value| {
            self.text.push(separator);
            separator = ',';
            self.value(value, Some(element), false);
            Ok(())
        });
        self.text.push_str(if separator == '[' { "[]" } else { "]" });
    }

    fn close(&mut self, raw: &'a RawValue) {
        let stand_in = format!("\"{}{}\"", self.mark, self.closed.len());
        self.closed.push(raw.get());
        match kind(raw) {
            "an object" => self.text.extend(["{", &stand_in, ":null}"]),
            "an array" => self.text.extend(["[", &stand_in, "]"]),
            _ => self.text.push_str(&stand_in),
        }
    }
}

/// How many values a list or an object has in it, at any depth.
pub(crate) fn inside(text: &str) -> usize {
    let (mut count, mut quoted, mut escaped, mut opened) = (0, false, false, false);
    for byte in text.bytes() {
        if quoted {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => quoted = false,
                _ => {}
            }
            continue;
        }
        // The first value after a bracket, and one after each comma.
        match byte {
            b' ' | b'\n' | b'\r' | b'\t' => continue,
            b']' | b'}' => {}
            b',' => count += 1,
            _ => count += usize::from(opened),
        }
        opened = matches!(byte, b'[' | b'{');
        quoted = byte == b'"';
    }
    count
}
