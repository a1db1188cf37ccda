//! "I want to check X before it goes out": a person looks, no language model.

use std::ops::Range;

use super::{
    Act, Place,
    cut::Said,
    tables::{TABLES, is_in},
};

/// An approval, where the person is the one who looks. `whole` is the piece with what only introduces it.
pub(super) fn looks(said: &Said<'_>, whole: &Range<usize>, core: &Range<usize>, place: Option<&Place>) -> Option<Act> {
    let group = |name: &str| TABLES.groups.get(name).map_or("", String::as_str);
    let person = (whole.start..=core.start).find_map(|at| {
        (said.one_of(whole, at, group("my_approval")) > 0).then(|| at + said.one_of(whole, at, group("my_approval")))
    })?;
    let mut start = person;
    while is_in("first|personally|still|also|quickly", said.word(start)) {
        start += 1;
    }
    let before = matches!(place, Some(Place::Before(_) | Place::First | Place::Between(..)));
    let looked = start..core.end;
    let consents = said.one_of(&looked, start, &TABLES.consents);
    let sees = if before { said.one_of(&looked, start, &TABLES.sees) } else { 0 };
    let length = consents.max(sees);
    if length == 0 {
        return None;
    }
    let what = said.without_fillers(start + length..core.end);
    let text = said.raw(&what).trim();
    let named = !text.is_empty() && !is_in("it|them|that|this|everything|things", &text.to_lowercase());
    Some(Act::Approve(named.then(|| text.to_owned())))
}
