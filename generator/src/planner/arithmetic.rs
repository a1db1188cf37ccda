//! What is calculated, with which numbers, and for how long something waits.

use super::{
    items::Item,
    text::Literal,
    values::{Literals, Wish},
};

pub(super) fn operation(wish: Option<Wish<'_>>) -> &'static str {
    let says = |words: &[&str]| {
        wish.is_some_and(|wish| wish.clause.items.iter().any(|item| words.contains(&item.phrase.as_str())))
    };
    match () {
        () if says(&["multiply", "times", "product of"]) => "Multiply",
        () if says(&["divide", "ratio", "quotient of"]) => "Divide",
        () if says(&["subtract", "minus", "difference between"]) => "Subtract",
        () if says(&["power", "raise"]) => "Power",
        () => "Add",
    }
}

/// The number that is calculated with. The second of two is named first in "subtract 3 from 10", and the only one in
/// "divide the price by 2".
pub(super) fn operand(literals: &mut Literals, wish: Option<Wish<'_>>, first: bool) -> Option<String> {
    let free = literals.free(Literal::Number, wish);
    let items = wish.map_or(&[][..], |wish| wish.clause.items.as_slice());
    let after = |word: &str| {
        let mut behind = items.iter().skip_while(|item| item.phrase != word).skip(1);
        behind
            .find_map(|item| item.literal.as_ref().filter(|(kind, _)| *kind == Literal::Number))
            .map(|(_, n)| n.clone())
    };
    let reversed = items.iter().any(|item| item.phrase == "subtract").then(|| after("from")).flatten();
    match (first, reversed, free) {
        (true, Some(number), 2) => literals.take(Literal::Number, wish, |other| other == number),
        (true, _, 1) if after("by").is_some() || after("from").is_none() && reversed_alone(items) => None,
        _ => literals.take(Literal::Number, wish, |_| true),
    }
}

/// "subtract 3 from the price": the number is what is taken away.
fn reversed_alone(items: &[Item]) -> bool {
    items.iter().any(|item| item.phrase == "subtract") && items.iter().any(|item| item.phrase == "from")
}

pub(super) fn duration(wish: Wish<'_>) -> Option<i64> {
    let items = &wish.clause.items;
    let unit_at = |at: usize| items.get(at + 1).map_or("", |item| item.phrase.as_str());
    let (number, unit) = match items.iter().enumerate().find_map(|(at, item)| Some((at, item.number?))) {
        Some((at, number)) => (number, unit_at(at)),
        None => {
            // "an hour"
            let article = |(at, item): (usize, &Item)| matches!(item.phrase.as_str(), "a" | "an").then(|| unit_at(at));
            (
                1,
                items
                    .iter()
                    .enumerate()
                    .filter_map(article)
                    .find(|unit| ["second", "minute", "hour", "day"].contains(unit))?,
            )
        }
    };
    Some(match unit.trim_end_matches('s') {
        "hour" => number.saturating_mul(60),
        "day" => number.saturating_mul(1440),
        "second" => (number / 60).max(1),
        _ => number,
    })
}
