//! How a word may be written: inflected, or with a slip of the pen.

use super::text::plain;

/// The forms that a word may be an inflection of.
pub(super) fn variants(word: &str) -> Vec<String> {
    let mut all = Vec::new();
    for (ending, put) in [
        ("ies", "y"),
        ("es", ""),
        ("s", ""),
        ("ing", ""),
        ("ing", "e"),
        ("ed", ""),
        ("ed", "e"),
        ("ied", "y"),
        ("-", ""),
    ] {
        if let Some(stem) = word.strip_suffix(ending).filter(|stem| stem.len() > 1) {
            all.push(format!("{stem}{put}"));
            let doubled = stem.as_bytes().last().is_some_and(|last| stem.as_bytes().iter().rev().nth(1) == Some(last));
            if doubled && put.is_empty() && ending != "s" {
                all.extend(stem.char_indices().last().and_then(|(at, _)| stem.get(..at)).map(str::to_owned));
            }
        }
    }
    if word.contains('-') {
        all.push(plain(&word.replace('-', "")));
    }
    all
}

/// Whether one letter is wrong, missing, too much, or two are swapped, other than at the end.
pub(super) fn one_slip(left: &[u8], right: &[u8]) -> bool {
    let same = left.iter().zip(right).take_while(|(a, b)| a == b).count();
    let (left, right) = (left.get(same..).unwrap_or_default(), right.get(same..).unwrap_or_default());
    match (left, right) {
        ([_, a @ ..], [_, b @ ..]) if a == b && !a.is_empty() => true,
        ([a, b, x @ ..], [c, d, y @ ..]) if a == d && b == c && x == y => true,
        ([_, rest @ ..], whole) if rest == whole && !whole.is_empty() => true,
        (whole, [_, rest @ ..]) if rest == whole && !whole.is_empty() => true,
        _ => false,
    }
}
