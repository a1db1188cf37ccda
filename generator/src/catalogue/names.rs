//! Names of blocks: compared, split into words, stemmed.

/// The letters and digits of a text, in lower case.
pub(crate) fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The same for every spelling of a name: `ReadRSSFeedBlock`, `Read RSS Feed`, `read_rss_feed`.
pub(super) fn key(name: &str) -> String {
    let plain = letters(name);
    plain.strip_suffix("block").map_or_else(|| plain.clone(), str::to_owned)
}

/// A word without its ending: "reader" and "reading" become "read".
pub(crate) fn stem(word: &str) -> String {
    let word = word
        .strip_suffix("er")
        .or_else(|| word.strip_suffix("or"))
        .or_else(|| word.strip_suffix("ing"))
        .unwrap_or(word);
    word.strip_suffix('s').or_else(|| word.strip_suffix('e')).unwrap_or(word).to_owned()
}

/// The last word of a text in the singular: "pull requests" becomes "pull request".
pub(crate) fn singular(text: &str) -> String {
    let ends = |ends: &[&str]| ends.iter().any(|end| text.ends_with(end));
    if ends(&["ss", "us", "is", "news"]) {
        return text.to_owned();
    }
    let cut = match text {
        _ if ends(&["ies"]) && !ends(&["movies", "cookies"]) => text.strip_suffix("ies").map(|word| format!("{word}y")),
        _ if ends(&["sses", "xes", "ches", "shes", "zzes"]) => text.strip_suffix("es").map(str::to_owned),
        _ => text.strip_suffix('s').map(str::to_owned),
    };
    cut.unwrap_or_else(|| text.to_owned())
}

/// The words that a word may be a form of, itself first: "reply" for "replies", "create" for "creating" and "creator".
pub(super) fn lemmas(word: &str) -> Vec<String> {
    const ENDINGS: [(&str, &str); 12] = [
        ("izer", "ise"),
        ("ize", "ise"),
        ("yze", "yse"),
        ("s", ""),
        ("es", ""),
        ("ies", "y"),
        ("ing", ""),
        ("ing", "e"),
        ("er", ""),
        ("er", "e"),
        ("or", ""),
        ("or", "e"),
    ];
    let cut = ENDINGS.iter().filter_map(|(ending, put)| word.strip_suffix(ending).map(|stem| format!("{stem}{put}")));
    std::iter::once(word.to_owned()).chain(cut).collect()
}

/// Splits a name in camel case, snake case or plain text into words, without `Block`.
pub(crate) fn words_of_name(name: &str) -> Vec<String> {
    let name = name.strip_suffix("Block").unwrap_or(name);
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut chars = name.chars().peekable();
    let mut previous_upper = false;
    while let Some(c) = chars.next() {
        if !c.is_alphanumeric() {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
            previous_upper = false;
            continue;
        }
        let next_lower = chars.peek().is_some_and(|next| next.is_lowercase());
        if c.is_uppercase() && !word.is_empty() && (!previous_upper || next_lower) {
            words.push(std::mem::take(&mut word));
        }
        previous_upper = c.is_uppercase();
        word.push(c);
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

#[cfg(test)]
mod tests {
    use super::words_of_name;

    #[test]
    fn a_step_title_reads_as_words_and_not_as_a_class_name() {
        assert_eq!(words_of_name("ReadRSSFeedBlock"), ["Read", "RSS", "Feed"]);
        assert_eq!(words_of_name("AITextSummarizerBlock"), ["AI", "Text", "Summarizer"]);
        assert_eq!(words_of_name("send_slack_message"), ["send", "slack", "message"]);
        assert!(words_of_name("").is_empty());
    }
}
