//! What speaks for a language: its words, their endings, its letters.

use std::{collections::HashMap, ops::RangeInclusive, sync::LazyLock};

/// Each line is a language and its words; English is the first.
const WORDS: &str = include_str!("../../../data/languages.txt");

/// A line of [`WORDS`], or a script.
pub(super) type Column = usize;
pub(super) const ENGLISH: Column = 0;
/// Lines of [`WORDS`]; a test counts them.
pub(super) const LINES: usize = 20;
pub(super) const CHINESE: Column = LINES;
pub(super) const JAPANESE: Column = LINES + 1;
pub(super) const KOREAN: Column = LINES + 2;
pub(super) const RUSSIAN: Column = LINES + 3;
pub(super) const HINDI: Column = LINES + 4;
pub(super) const ARABIC: Column = LINES + 5;
/// Any other script.
pub(super) const STRANGE: Column = LINES + 6;
pub(super) const COLUMNS: usize = LINES + 7;

/// What each line of [`WORDS`] is called.
pub(super) fn lines() -> impl Iterator<Item = (&'static str, &'static str)> {
    WORDS.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(' '))
}

/// Word -> the lines that have it, as bits.
pub(super) static VOTES: LazyLock<HashMap<&'static str, u32>> = LazyLock::new(|| {
    let mut votes = HashMap::with_capacity(2600);
    for (line, (_, words)) in lines().enumerate() {
        for word in words.split(' ') {
            *votes.entry(word).or_default() |= 1 << line;
        }
    }
    votes
});

/// The length of an ending.
const ENDINGS: RangeInclusive<usize> = 3..=6;

/// The votes for a word that no line has: by its ending, else by a letter that English does not have.
pub(super) fn by_form(word: &str) -> u32 {
    let ending = |length: usize| {
        let (at, _) = word.char_indices().rev().nth(length - 1).filter(|(at, _)| *at > 1)?;
        VOTES.get(format!("-{}", word.get(at..)?).as_str())
    };
    let letter = || word.chars().filter(|c| !c.is_ascii()).find_map(|c| VOTES.get(c.encode_utf8(&mut [0; 4]) as &str));
    ENDINGS.rev().find_map(ending).or_else(letter).copied().unwrap_or_default()
}

/// The column of a letter; `ENGLISH` for Latin ones, `None` if it is not a letter or a letter for decoration.
pub(super) fn script(c: char) -> Option<Column> {
    Some(match c {
        _ if !c.is_alphabetic() => return None,
        '\0'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => ENGLISH,
        'Ґ' | 'ґ' | 'Є' | 'є' | 'І' | 'і' | 'Ї' | 'ї' | 'Ј' | 'ј' | 'љ' | 'њ' | 'ћ' | 'ђ' => STRANGE,
        'پ' | 'چ' | 'ژ' | 'گ' | 'ک' | 'ی' | 'ٹ' | 'ڈ' | 'ڑ' | 'ے' | 'ں' => STRANGE,
        '\u{400}'..='\u{52f}' => RUSSIAN,
        '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}' => ARABIC,
        '\u{900}'..='\u{97f}' => HINDI,
        '\u{3041}'..='\u{30ff}' | '\u{ff66}'..='\u{ff9f}' => JAPANESE,
        '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7a3}' => KOREAN,
        '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => CHINESE,
        '\u{370}'..='\u{1cff}' => STRANGE,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{LINES, lines};

    #[test]
    fn every_line_of_words_has_a_column() {
        assert_eq!(lines().count(), LINES);
        assert_eq!(lines().next().map(|(name, _)| name), Some("English"));
    }
}
