//! Compares two JSON values part by part, without a tree of what is large.

use std::{borrow::Cow, collections::HashMap};

use serde_json::{Value, value::RawValue};
use shared::json::{each_entry, is_null};

/// An object with more entries is compared as a whole.
const ENTRIES: usize = 1_000;
/// In bytes: longer values that differ as texts are compared without white space, but not parsed.
const PARSED: usize = 16 * 1024;

/// Takes the name of an entry, and its value before and after.
pub(super) type Differs<'f, 'a> = dyn FnMut(Option<&str>, Option<&'a RawValue>, Option<&'a RawValue>) + 'f;

/// Calls `differs` with each entry that is not the same in both, a null counting as absent; without a name, with both
/// values themselves if they are not objects of which every entry can be looked at.
pub(super) fn entries<'a>(before: Option<&'a RawValue>, after: Option<&'a RawValue>, differs: &mut Differs<'_, 'a>) {
    if let (Some(before), Some(after)) = (before, after)
        && before.get() == after.get()
    {
        return;
    }
    let of = |object: Option<&'a RawValue>| object.map_or_else(|| Some(Fields::default()), fields);
    let (Some(was), Some(is)) = (of(before), of(after)) else {
        if !before.zip(after).is_some_and(|(before, after)| same(before, after)) {
            differs(None, before, after);
        }
        return;
    };
    for (name, old) in &was.order {
        match is.values.get(name) {
            Some(new) if same(old, new) => {}
            new => differs(Some(name), Some(*old), new.copied()),
        }
    }
    for (name, new) in is.order.iter().filter(|(name, _)| !was.values.contains_key(name)) {
        differs(Some(name), None, Some(*new));
    }
}

#[derive(Default)]
struct Fields<'a> {
    /// Of a name that stands twice, the last value.
    values: HashMap<Cow<'a, str>, &'a RawValue>,
    order: Vec<(Cow<'a, str>, &'a RawValue)>,
}

/// `None` if it is not an object, or too large a one.
fn fields(object: &RawValue) -> Option<Fields<'_>> {
    let mut values = HashMap::new();
    let mut order = Vec::new();
    let mut more = false;
    each_entry(object.get(), |name, value| {
        if values.len() < ENTRIES || values.contains_key(&name) {
            values.insert(name, value);
        } else {
            more = true;
        }
        Ok(())
    })
    .ok()?;
    // In the order of the text: by their places in it.
    values.retain(|_, value: &mut &RawValue| !is_null(value));
    order.extend(values.iter().map(|(name, value)| (name.clone(), *value)));
    order.sort_by_key(|(_, value)| value.get().as_ptr());
    (!more).then_some(Fields { values, order })
}

/// Whether two values are the same, however they are spaced and, unless they are long, in whatever order their keys are.
fn same(one: &RawValue, other: &RawValue) -> bool {
    let (one, other) = (one.get(), other.get());
    if one == other {
        return true;
    }
    if one.len().max(other.len()) > PARSED {
        return unspaced(one).eq(unspaced(other));
    }
    let parsed = |text: &str| serde_json::from_str::<Value>(text).ok();
    parsed(one) == parsed(other)
}

/// The bytes of a JSON text that are not white space between tokens.
fn unspaced(text: &str) -> impl Iterator<Item = u8> {
    let (mut quoted, mut escaped) = (false, false);
    text.bytes().filter(move |byte| {
        let inside = quoted;
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = quoted,
            b'"' => quoted = !quoted,
            _ => {}
        }
        inside || !byte.is_ascii_whitespace()
    })
}
