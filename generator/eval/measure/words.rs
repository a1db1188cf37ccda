//! Words of a text, and which of them are the same word.

const NUMBERS: [&str; 13] =
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/// The pieces of a line, without what marks it as an entry of a list.
pub(super) fn entry(line: &str) -> impl Iterator<Item = &str> {
    let mark = |piece: &&str| {
        let name = piece.trim_end_matches(['.', ')']);
        name.len() < piece.len() && (name.len() == 1 || name.parse::<u8>().is_ok())
    };
    let mut pieces = line.split_whitespace().peekable();
    pieces.next_if(|piece| mark(piece));
    pieces
}

pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty())
}

/// "7", "7am", "12th", "seven" -> "7".
pub(super) fn number(word: &str) -> Option<String> {
    if let Some(at) = NUMBERS.iter().position(|number| *number == word) {
        return Some(at.to_string());
    }
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number = !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit()) && word.len() - digits.len() < 4;
    number.then(|| digits.trim_start_matches('0')).map(|digits| if digits.is_empty() { "0" } else { digits }.to_owned())
}

/// The schedule has this number, in the afternoon too.
pub(super) fn in_cron(cron: &str, number: &str) -> bool {
    let later = number.parse::<u32>().ok().filter(|hour| *hour < 12).map(|hour| (hour + 12).to_string());
    let parts = || cron.split(|c: char| !c.is_ascii_digit());
    parts().any(|part| part == number || Some(part) == later.as_deref())
}

/// Without the usual endings, in one spelling.
pub(super) fn stem(word: &str) -> String {
    let word = word.to_lowercase().replace("e-mail", "email");
    let word = word.trim_end_matches("'s").replace('\'', "");
    if ["mail", "mails", "emails", "mailed", "mailing"].contains(&word.as_str()) {
        return "email".to_owned();
    }
    let endings = ["ingly", "ings", "ing", "ies", "ied", "ers", "er", "edly", "ed", "es", "s", "ly", "y", "e"];
    let cut = endings.iter().find_map(|ending| word.strip_suffix(ending).filter(|rest| rest.chars().count() > 2));
    let stem = cut.unwrap_or(&word).replace("iz", "is").replace("our", "or");
    let mut last = stem.chars().rev();
    let doubled = last.next().filter(|c| !"aeiouls".contains(*c)) == last.next();
    if doubled && stem.is_ascii() { stem.get(..stem.len() - 1).unwrap_or(&stem).to_owned() } else { stem }
}

/// The same stem, or long words that differ at their ends alone: "summar-y", "summar-ise".
pub(super) fn akin(left: &str, right: &str) -> bool {
    let shared = left.chars().zip(right.chars()).take_while(|(one, other)| one == other).count();
    let longest = left.chars().count().max(right.chars().count());
    left == right || (shared >= 5 && shared + 3 >= longest)
}

/// One letter is missing or doubled, or two have changed places: "sumarise", "psot". Another letter makes another word.
pub(super) fn misspelt(left: &str, right: &str) -> bool {
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    let (short, long): (Vec<char>, Vec<char>) = (short.chars().collect(), long.chars().collect());
    let Some(at) = short.iter().zip(&long).position(|(one, other)| one != other) else {
        return short.len() > 4 && long.len() == short.len() + 1;
    };
    let (rest, other) = (short.get(at..).unwrap_or_default(), long.get(at..).unwrap_or_default());
    match (rest, other) {
        ([a, b, rest @ ..], [c, d, other @ ..]) if short.len() == long.len() => {
            short.len() > 3 && a == d && b == c && rest == other
        }
        (rest, [_, other @ ..]) => short.len() > 4 && rest == other,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_forms_and_spellings_of_a_word_are_the_same_word() {
        for (left, right) in [
            ("summary", "summarise"),
            ("summarize", "summarises"),
            ("mail", "emails"),
            ("running", "run"),
            ("translated", "translation"),
            ("colour", "colors"),
            ("post", "posting"),
            ("entries", "entry"),
        ] {
            assert!(akin(&stem(left), &stem(right)), "{left} {right}: {} {}", stem(left), stem(right));
        }
        for (left, right) in
            [("sumarise", "summarise"), ("psot", "post"), ("tranlsate", "translate"), ("emial", "email")]
        {
            assert!(misspelt(left, right) && misspelt(right, left), "{left} {right}");
        }
        for (left, right) in [("massage", "message"), ("form", "from or"), ("cat", "act"), ("read", "lead")] {
            assert!(!misspelt(left, right), "{left} {right}");
        }
        for (left, right) in [("contact", "contract"), ("read", "reddit"), ("message", "massage"), ("new", "never")] {
            assert!(!akin(&stem(left), &stem(right)), "{left} {right}");
        }
    }
}
