//! Words that tell one thing from another.

use crate::{knowledge::Knowledge, text::plain_words};

/// Words that name nothing in particular.
const EMPTY: &str = "the a an of in on to for from my its it that which this these those our your and with at by default any more \
    then there please just only also too new existing current own actual whole entire please where who what is are was be been being has \
    have as into onto me us i we you they them each every all both one ones up out after before when once some";

pub(in crate::patcher) fn is_empty(word: &str) -> bool {
    EMPTY.split(' ').any(|empty| empty == word)
}

/// The telling words of a text, in one form.
pub(in crate::patcher) fn words(known: &Knowledge, text: &str) -> Vec<String> {
    let parts = plain_words(text).into_iter().flat_map(|word| plain_words(&word.replace(['-', '_'], " ")));
    parts.filter(|word| !is_empty(word)).map(|word| known.vocabulary.canonical(&word)).collect()
}

/// The letters of a word, none of them twice in a row.
fn single(word: &str) -> impl Iterator<Item = char> {
    let mut last = None;
    word.chars().filter(move |c| last.replace(*c) != Some(*c))
}

/// How much two words are forms of one: "summary", "summarise".
pub(in crate::patcher) fn alike(left: &str, right: &str) -> u32 {
    if left == right {
        return 3;
    }
    if left.bytes().chain(right.bytes()).any(|byte| byte.is_ascii_digit()) {
        return 0;
    }
    // "aproval" of an approval
    if left.len().abs_diff(right.len()) == 1 && left.len() > 5 && single(left).eq(single(right)) {
        return 2;
    }
    let same = left.bytes().zip(right.bytes()).take_while(|(a, b)| a == b).count();
    let (Some(rest), Some(other)) = (left.get(same..), right.get(same..)) else { return 0 };
    let shorter = left.len().min(right.len());
    let hard = |rest: &str| rest.starts_with(|c: char| !"aeiouy".contains(c));
    match () {
        // "content" and "context" differ in their stems.
        () if same >= 5 && !(hard(rest) && hard(other)) && rest.len().min(other.len()) <= 3 => 2,
        () if same == shorter && shorter >= 3 && left.len().abs_diff(right.len()) <= 2 => 2,
        () => 0,
    }
}
