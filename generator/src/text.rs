//! Texts as words, and texts made short.

/// The words of a text as the vocabulary writes them, in order.
pub(crate) fn plain_words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '\''));
    words.filter(|word| !word.is_empty()).map(plain).collect()
}

/// At most `most` characters of a text, cut between words.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    let mut out = String::new();
    let mut length = 0;
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        let more = word.chars().count() + usize::from(!out.is_empty());
        if length + more > most {
            if out.is_empty() {
                out.extend(word.chars().take(most));
            }
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
        length += more;
    }
    out.trim_end_matches([',', ';', ':', '.', '-', '!', '?']).to_owned()
}

/// A word as the vocabulary writes it: small letters, no apostrophe, `-ise` for `-ize`, `email` for `e-mail`.
pub(crate) fn plain(word: &str) -> String {
    let word: String = word.chars().filter(|c| !matches!(c, '\'' | '’')).flat_map(char::to_lowercase).collect();
    let word = word.replace("e-mail", "email").replace("to-do", "todo");
    for (american, british) in [
        ("ize", "ise"),
        ("izes", "ises"),
        ("ized", "ised"),
        ("izing", "ising"),
        ("izer", "iser"),
        ("yze", "yse"),
        ("yzing", "ysing"),
        ("yzes", "yses"),
    ] {
        if let Some(stem) = word.strip_suffix(american).filter(|stem| stem.len() > 2) {
            return format!("{stem}{british}");
        }
    }
    word
}

/// A regular expression that only the text itself matches.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if r"\.+*?()|[]{}^$".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// The longest text that is compared letter by letter, in bytes: it takes as many steps as the square of that.
const LONGEST_NAME: usize = 100;

/// How many letters must be put in, taken out or changed; 3 if the lengths differ by more than 2, or it is no name.
pub(crate) fn distance(one: &str, other: &str) -> usize {
    if one.len().abs_diff(other.len()) > 2 || one.len() > LONGEST_NAME {
        return 3;
    }
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, a) in one.bytes().enumerate() {
        let mut corner = at;
        if let Some(first) = row.first_mut() {
            *first = at + 1;
        }
        let mut left = at + 1;
        for (cell, b) in row.iter_mut().skip(1).zip(other.bytes()) {
            let best = (corner + usize::from(a != b)).min(*cell + 1).min(left + 1);
            corner = std::mem::replace(cell, best);
            left = best;
        }
    }
    row.last().copied().unwrap_or(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_pen_are_near() {
        for (one, other, letters) in [
            ("query", "query", 0),
            ("query", "qury", 1),
            ("query", "qeury", 2),
            ("query", "text", 4),
            ("to", "topic", 3),
        ] {
            assert_eq!(distance(one, other), letters, "{one} {other}");
        }
    }

    /// Letter by letter it would take a million million steps.
    #[test]
    fn the_longest_fields_of_an_agent_are_told_apart_at_once() {
        assert_eq!(distance(&"a".repeat(1_000_000), &"b".repeat(1_000_000)), 3);
    }
}
