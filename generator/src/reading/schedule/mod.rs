//! When an agent should run. [`parts`] finds what a goal says of it, [`find`] decides what belongs together, [`cron`]
//! writes it down.
//!
//! Where no hour is said: 9:00; morning 8, noon 12, afternoon 15, evening 18, night 22. An hour from 1 to 6 without
//! "am" or "pm" lies in the afternoon if a day of the week is named ("Fridays at four"); all others are as written.
//! What cron cannot say runs on every day that was asked for, and on some more; spans of time are rounded.

mod cron;
mod days;
mod every;
mod find;
mod found;
mod frequency;
mod gaps;
mod hints;
mod hours;
pub(crate) mod literal;
mod months;
mod often;
mod parts;
#[cfg(test)]
mod tests;
mod view;
mod zones;

pub(crate) use self::days::NAMES as WEEKDAYS;
pub use self::find::schedule;
