//! Cuts a text into tokens: [`cut`] into words, marks and the values that one look tells; [`join`] puts together what
//! several words say ("half past nine", "24 hours", "24 December").

mod cardinals;
mod cut;
mod dates;
mod durations;
mod join;
mod marks;
mod numbers;
mod quotes;
mod spelling;
#[cfg(test)]
mod tests;
mod times;
mod values;
mod words;

pub(in crate::reading) use self::dates::{day_and_month, ordinal};
pub(in crate::reading) use self::join::AREAS;
pub use self::join::tokens;
pub(in crate::reading) use self::spelling::contracted;
pub(crate) use self::{dates::is_month, numbers::is_money};
