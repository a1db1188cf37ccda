//! JSON that passes through: parsed one level deep, the rest kept as text.
//!
//! A tree of values would take several times the text's size and lose key order, the text of numbers and duplicate
//! keys. So an object is a list of keys with [`serde_json::value::RawValue`]s.

mod check;
mod digest;
mod object;
mod value;
mod walk;

pub use self::{
    check::{MAX_DEPTH, MAX_RESULT_DEPTH, NotAnObject, NotJson, nests_within, parse, without_mark},
    digest::{digest, hash_of},
    object::{Object, with_defaults},
    value::{count, elements, first_chars, is_array, is_null, is_object, kind, size, spelt, string, text, to_raw},
    walk::{each_element, each_entry},
};
