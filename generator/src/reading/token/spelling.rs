//! A word as the vocabulary writes it.

/// American endings, and the British ones.
const ENDINGS: [(&str, &str); 15] = [
    ("ization", "isation"),
    ("izations", "isations"),
    ("ize", "ise"),
    ("izes", "ises"),
    ("ized", "ised"),
    ("izing", "ising"),
    ("izer", "iser"),
    ("izers", "isers"),
    ("yze", "yse"),
    ("yzes", "yses"),
    ("yzed", "ysed"),
    ("yzing", "ysing"),
    ("yzer", "yser"),
    ("yzers", "ysers"),
    ("izable", "isable"),
];

/// Stems that are spelled otherwise in Britain, with any of [`SUFFIXES`].
const STEMS: [(&str, &str); 16] = [
    ("behavior", "behaviour"),
    ("color", "colour"),
    ("endeavor", "endeavour"),
    ("favor", "favour"),
    ("flavor", "flavour"),
    ("harbor", "harbour"),
    ("honor", "honour"),
    ("humor", "humour"),
    ("labor", "labour"),
    ("neighbor", "neighbour"),
    ("rumor", "rumour"),
    ("catalog", "catalogue"),
    ("center", "centre"),
    ("theater", "theatre"),
    ("fiber", "fibre"),
    ("gray", "grey"),
];

const SUFFIXES: [&str; 12] = ["", "s", "ed", "d", "ing", "ful", "ite", "ites", "able", "al", "hood", "less"];

/// Verbs that double their last letter before `-ed` and `-ing`.
const DOUBLED: [&str; 7] = ["label", "cancel", "travel", "model", "channel", "signal", "level"];

/// Words whose `'s` is "is".
const CONTRACTED: [&str; 12] =
    ["it", "that", "what", "who", "here", "there", "he", "she", "where", "how", "when", "why"];

/// Small letters, no apostrophe or possessive ending, `-ise` for `-ize`, `email` for `e-mail`.
pub(super) fn plain(word: &str) -> String {
    let word = owner(word);
    let word: String =
        word.chars().filter(|c| !matches!(c, '\'' | '’' | '\u{ad}')).flat_map(char::to_lowercase).collect();
    british(joined(word))
}

/// "the page's price": the page, not several of them. "I'll", "we're": who.
fn owner(word: &str) -> &str {
    let stem = ["'s", "’s", "'S", "’S"].iter().find_map(|ending| word.strip_suffix(ending));
    let short =
        || ["'ll", "’ll", "'ve", "’ve"].iter().find_map(|verb| word.strip_suffix(verb)).or_else(|| contracted(word));
    stem.filter(|stem| !stem.eq_ignore_ascii_case("let")).or_else(short).unwrap_or(word)
}

/// The subject of "I'm", "we're", "it's", "what's".
pub(in crate::reading) fn contracted(word: &str) -> Option<&str> {
    let whose = ["'s", "’s"].iter().find_map(|ending| word.strip_suffix(ending));
    let known = |stem: &&str| CONTRACTED.iter().any(|known| stem.eq_ignore_ascii_case(known));
    let plural = || ["'m", "’m", "'re", "’re"].iter().find_map(|ending| word.strip_suffix(ending));
    whose.filter(known).or_else(plural)
}

fn joined(word: String) -> String {
    for (hyphened, put) in [("e-mail", "email"), ("to-do", "todo")] {
        if let Some(rest) = word.strip_prefix(hyphened) {
            return format!("{put}{rest}");
        }
    }
    word
}

fn british(word: String) -> String {
    if let Some((american, stem)) = STEMS.iter().find(|(american, _)| word.starts_with(american)) {
        let suffix = word.get(american.len()..).unwrap_or_default();
        if SUFFIXES.contains(&suffix) {
            // "centred", "catalogued": one e.
            let stem = stem.strip_suffix('e').filter(|_| suffix.starts_with(['e', 'i'])).unwrap_or(stem);
            return format!("{stem}{suffix}");
        }
    }
    for verb in DOUBLED {
        if let Some(ending @ ("ed" | "ing")) = word.strip_prefix(verb) {
            return format!("{verb}l{ending}");
        }
    }
    for (american, british) in ENDINGS {
        if let Some(stem) = word.strip_suffix(american).filter(|stem| stem.len() > 2 && !sized(stem)) {
            return format!("{stem}{british}");
        }
    }
    word
}

/// "resize", "downsized": a size, no ending.
fn sized(stem: &str) -> bool {
    ["res", "ns", "rs", "ps", "ds", "-s"].iter().any(|end| stem.ends_with(end))
}
