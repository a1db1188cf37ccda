//! A result that leaves a model's context to the work: fields in the order of their weight, as far as there is room.

use serde_json::value::RawValue;
use shared::json;

/// Of a result with its text, which repeats it, in bytes: 25 KB less what surrounds it.
const HARD: usize = 24 * 1024;
/// Of a text that has no room, in bytes.
const LONGEST_TEXT: usize = 1024;

/// Writes a JSON object field by field.
pub(crate) struct Room {
    text: String,
    is_full: bool,
    left: usize,
    dropped: Vec<String>,
}

impl Room {
    pub(crate) fn new(is_full: bool) -> Self {
        Self { text: "{".to_owned(), is_full, left: HARD, dropped: Vec::new() }
    }

    /// For an object that is to be put in here.
    pub(crate) fn within(&self) -> Self {
        Self { left: self.left, ..Self::new(self.is_full) }
    }

    /// Whether everything is told, however long.
    pub(crate) fn is_full(&self) -> bool {
        self.is_full
    }

    /// As told, however long: for short texts.
    pub(crate) fn put(&mut self, name: &str, value: &RawValue) {
        self.left = self.left.saturating_sub(weight(name, value));
        self.text.push_str(if self.text.len() > 1 { ",\"" } else { "\"" });
        self.text.push_str(name);
        self.text.push_str("\":");
        self.text.push_str(value.get());
    }

    /// Like [`Self::put`], but if there is no room a list loses its last elements, a text its end, and anything else is left
    /// out.
    pub(crate) fn fit(&mut self, name: &str, value: Option<&RawValue>) {
        let Some(value) = value else { return };
        if self.has_room(name, value) {
            return self.put(name, value);
        }
        if let Some(short) = json::string(value).and_then(|text| shortened(&text, LONGEST_TEXT))
            && self.has_room(name, &short)
        {
            self.dropped.push(format!("the rest of {name}"));
            return self.put(name, &short);
        }
        let Some(elements) = json::elements(value) else {
            return self.dropped.push(name.to_owned());
        };
        let missing = self.put_list(name, &elements);
        self.dropped.push(format!("{missing} of {} {name}", elements.len()));
    }

    /// Puts the first elements of a list, as many as there is room for. Returns how many are missing.
    pub(crate) fn put_list(&mut self, name: &str, elements: &[&RawValue]) -> usize {
        let mut left = self.left.saturating_sub(2 * (name.len() + 8));
        let mut list = String::from("[");
        let mut fitting = 0;
        for element in elements {
            let Some(rest) = left.checked_sub(weight("", element)) else { break };
            left = rest;
            list.push_str(if fitting > 0 { "," } else { "" });
            list.push_str(element.get());
            fitting += 1;
        }
        list.push(']');
        if let Ok(list) = RawValue::from_string(list) {
            self.put(name, &list);
        }
        elements.len() - fitting
    }

    /// Notes what the caller has left out itself.
    pub(crate) fn leave_out(&mut self, what: &str) {
        self.dropped.push(what.to_owned());
    }

    /// Whether there is room for it.
    pub(crate) fn has_room(&self, name: &str, value: &RawValue) -> bool {
        self.is_full || weight(name, value) <= self.left
    }

    /// `more` says how to get what had no room.
    pub(crate) fn end(mut self, more: &str) -> Option<Box<RawValue>> {
        if !self.dropped.is_empty() {
            let note = format!("Left out for its size: {}. {more}", self.dropped.join(", "));
            self.put("note", &json::to_raw(&note).ok()?);
        }
        self.text.push('}');
        RawValue::from_string(self.text).ok()
    }
}

/// A text, cut to `most` bytes.
pub(super) fn shortened(text: &str, most: usize) -> Option<Box<RawValue>> {
    let cut = text.get(..text.floor_char_boundary(most)).unwrap_or(text);
    json::to_raw(&if cut.len() < text.len() { format!("{cut}…") } else { cut.to_owned() }).ok()
}

/// In bytes: as JSON, and once more as a text in JSON.
fn weight(name: &str, value: &RawValue) -> usize {
    value.get().len() + json::size(value.get()).unwrap_or(usize::MAX / 4) + 2 * (name.len() + 4)
}

/// The weight that a result may have in all, for tests of every tool.
#[cfg(test)]
pub(crate) const LARGEST: usize = 25 * 1024;

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use shared::json::to_raw;

    use super::*;

    fn parsed(room: Room) -> Value {
        serde_json::from_str(room.end("Ask for less.").unwrap().get()).unwrap()
    }

    #[test]
    fn a_list_that_is_too_long_tells_how_much_of_it_is_missing() {
        let list = to_raw(&vec!["x\"".repeat(50); 1_000]).unwrap();
        let mut room = Room::new(false);
        room.fit("changes", Some(&list));
        room.fit("outline", Some(&to_raw(&json!({"a": "x".repeat(30_000)})).unwrap()));
        let told = parsed(room);
        let shown = told["changes"].as_array().unwrap().len();
        assert!((50..100).contains(&shown), "{shown}");
        let expected = format!("Left out for its size: {} of 1000 changes, outline. Ask for less.", 1_000 - shown);
        assert_eq!(told["note"], expected);
        assert!(told.to_string().len() + json::size(told.to_string().as_str()).unwrap() < LARGEST);
    }

    #[test]
    fn a_text_that_is_too_long_is_cut_for_a_result_may_need_it() {
        let mut room = Room::new(false);
        room.fit("message", Some(&to_raw(&"é".repeat(20_000)).unwrap()));
        room.fit("type", Some(&to_raw(&"agent_preview").unwrap()));
        let told = parsed(room);
        assert_eq!(told["message"], format!("{}…", "é".repeat(512)));
        assert_eq!(told["note"], "Left out for its size: the rest of message. Ask for less.");
        assert_eq!(told["type"], "agent_preview");
    }

    #[test]
    fn who_asks_for_all_gets_all() {
        let list = to_raw(&vec!["x".repeat(100); 1_000]).unwrap();
        let mut room = Room::new(true);
        room.fit("changes", Some(&list));
        assert_eq!(parsed(room)["changes"].as_array().map(Vec::len), Some(1_000));
    }
}
