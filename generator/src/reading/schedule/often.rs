//! "Twice a week", "daily": how often, in words.

use super::{
    days::{ALL, Days, WEEKDAYS},
    every::{Part, Rhythm, Unit, times, unit},
    view::View,
};
use crate::reading::Span;

/// "once a day", "twice a week", "three times per hour", "twice daily".
pub(super) fn times_a(view: View<'_>, at: usize) -> Option<(Span, Rhythm)> {
    let (count, mut next) = match view.words::<2>(at) {
        [Some("once"), _] => (1, at + 1),
        [Some("twice"), _] => (2, at + 1),
        [Some("thrice"), _] => (3, at + 1),
        [_, Some("times")] => (view.number(at)?, at + 2),
        [Some("a"), Some("couple")] if view.words::<2>(at + 2) == [Some("of"), Some("times")] => (2, at + 4),
        _ => return None,
    };
    // "at most once a day" is a limit.
    if at.checked_sub(1).is_some_and(|before| view.is(before, &["most", "than", "least", "only", "to"])) {
        return None;
    }
    let name = match view.words::<2>(next) {
        [Some("a" | "an" | "per" | "each" | "every"), Some(name)] => {
            next += 2;
            name
        }
        [Some(adverb), _] => {
            next += 1;
            ADVERBS.iter().find(|(word, _)| *word == adverb)?.1
        }
        _ => return None,
    };
    Some((at..next, spread(count, name)?))
}

/// So many times within a unit of time, spread over it.
fn spread(count: u32, name: &str) -> Option<Rhythm> {
    let whole = unit(name).or_else(|| matches!(name, "weekday" | "workday").then(|| Rhythm::on(WEEKDAYS)))?;
    let over = |of: u32| (of / count.max(1)).max(1);
    Some(match (whole.unit, count) {
        (_, 0 | 1) => whole,
        (Unit::Hours(_), _) => times(Unit::Minutes(1), over(60)),
        (Unit::Days(_), 2) => Rhythm { hours: vec![9, 18], ..whole },
        (Unit::Days(_), 3) => Rhythm { hours: vec![8, 13, 18], ..whole },
        (Unit::Days(_), 4) => Rhythm { hours: vec![8, 12, 16, 20], ..whole },
        (Unit::Days(_), _) => times(Unit::Hours(1), over(24)),
        (Unit::Weeks(_), _) => {
            let days = [0b001_0010, 0b010_1010, 0b011_0110, 0b011_1110, 0b111_1110, 0b111_1111];
            let days = usize::try_from(count).ok().and_then(|count| days.get(count.min(7) - 2)).copied();
            Rhythm::on(days.map_or(ALL, Days))
        }
        (Unit::Months(1), 2) => Rhythm { dates: vec![1, 15], ..whole },
        (Unit::Months(1), 3) => Rhythm { dates: vec![1, 11, 21], ..whole },
        (Unit::Months(1), 4) => Rhythm { dates: vec![1, 8, 15, 22], ..whole },
        (Unit::Months(months), _) if months > 1 => times(Unit::Months(1), (months / count).max(1)),
        _ => return None,
    })
}

/// Words that are a rhythm by themselves, and its unit.
pub(super) const ADVERBS: [(&str, &str); 12] = [
    ("daily", "day"),
    ("everyday", "day"),
    ("every-day", "day"),
    ("hourly", "hour"),
    ("weekly", "week"),
    ("fortnightly", "fortnight"),
    ("biweekly", "fortnight"),
    ("bi-weekly", "fortnight"),
    ("monthly", "month"),
    ("quarterly", "quarter"),
    ("yearly", "year"),
    ("annually", "year"),
];

/// The rhythm of "daily", "nightly", "annual", "half-hourly".
pub(super) fn adverb(word: &str) -> Option<Rhythm> {
    match word {
        "nightly" => return Some(Rhythm::at(Part::Night)),
        "annual" => return unit("year"),
        "half-yearly" | "semiannually" | "semi-annually" => return Some(times(Unit::Months(1), 6)),
        "half-hourly" => return Some(times(Unit::Minutes(30), 1)),
        "bimonthly" | "bi-monthly" => return Some(times(Unit::Months(1), 2)),
        _ => {}
    }
    if let Some((count, rest)) = word.split_once('-') {
        let count = match count {
            "once" => 1,
            "twice" => 2,
            "thrice" => 3,
            _ => 0,
        };
        let name = ADVERBS.iter().find(|(adverb, _)| *adverb == rest && count > 0);
        if let Some((_, name)) = name {
            return spread(count, name);
        }
    }
    ADVERBS.iter().find(|(adverb, _)| *adverb == word).and_then(|(_, name)| unit(name))
}
