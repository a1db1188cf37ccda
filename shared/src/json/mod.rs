//! JSON that passes through: read one level deep, the rest kept as the text it came as.
//!
//! A tree of values would cost several times the text's size and lose what it does not know: the order of keys, the
//! text of numbers, a key given twice. So objects are lists of keys with [`serde_json::value::RawValue`]s.

mod check;
mod object;
mod value;

pub use self::{
    check::{MAX_DEPTH, NotAnObject, NotJson, parse},
    object::Object,
    value::{count, elements, first_chars, is_array, is_null, is_object, kind, size, string, text, to_raw},
};
