//! English words as sentences, titles and names need them: plurals, articles, spelling, cut ends.

/// Things that take neither "a" nor a plural.
const UNCOUNTED: [&str; 22] = [
    "web",
    "content",
    "contents",
    "text",
    "code",
    "information",
    "info",
    "data",
    "metadata",
    "weather",
    "news",
    "speech",
    "music",
    "history",
    "json",
    "xml",
    "feedback",
    "media",
    "date",
    "time",
    "words",
    "loop",
];

/// The plural of an English noun.
pub(in crate::plan) fn plural(noun: &str) -> String {
    let ends = |end: &str| noun.ends_with(end);
    if ends("s") && !ends("ss") {
        return noun.to_owned();
    }
    if ends("s") || ends("x") || ends("ch") || ends("sh") {
        return format!("{noun}es");
    }
    match noun.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'i', 'o', 'u'])) {
        Some(stem) => format!("{stem}ies"),
        None => format!("{noun}s"),
    }
}

/// The plural of a thing that has one.
pub(in crate::plan) fn several(noun: &str) -> String {
    let last = noun.rsplit(' ').next().unwrap_or_default();
    if UNCOUNTED.contains(&last) { noun.to_owned() } else { plural(noun) }
}

/// "a row", "an RSS feed", "pull requests", "the web".
pub(crate) fn with_article(what: &str) -> String {
    let first = what.split(' ').next().unwrap_or_default();
    let last = what.rsplit(' ').next().unwrap_or_default();
    let led = matches!(
        first,
        "the" | "all" | "a" | "an" | "to" | "from" | "in" | "on" | "with" | "by" | "next" | "my" | "own"
    );
    let many = last.ends_with('s') && plural(last) == last;
    let name = last.chars().any(char::is_uppercase);
    if led || many || name || UNCOUNTED.contains(&last) {
        return what.to_owned();
    }
    let spelled = first.len() > 1 && first.chars().all(char::is_uppercase);
    let vowel = match first.chars().next() {
        Some(letter) if spelled => "AEFHILMNORSX".contains(letter),
        Some(letter) => "aeiouAEIOU".contains(letter) && !first.starts_with("uni") && !first.starts_with("us"),
        None => false,
    };
    format!("{} {what}", if vowel { "an" } else { "a" })
}

/// A word as it is written: abbreviations in capitals.
pub(in crate::plan) fn written(word: &str) -> String {
    let small = word.to_lowercase();
    match small.as_str() {
        "url" | "rss" | "id" | "api" | "csv" | "pdf" | "json" | "html" | "sql" | "mcp" | "ai" | "seo" | "xml" => {
            small.to_uppercase()
        }
        "urls" => "URLs".to_owned(),
        "ids" => "IDs".to_owned(),
        "pdfs" => "PDFs".to_owned(),
        "pr" => "pull request".to_owned(),
        "email" => "e-mail".to_owned(),
        "emails" => "e-mails".to_owned(),
        _ => word.to_owned(),
    }
}

/// Without what joined it to its neighbours.
pub(in crate::plan) fn tidy(text: &str) -> &str {
    let mut text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '.' | '-' | '•' | '*'));
    for word in ["and ", "then ", "but ", "also ", "or "] {
        text = text.strip_prefix(word).unwrap_or(text);
    }
    text
}

/// "GitHub or Linear"
pub(in crate::plan) fn either<S: AsRef<str>>(names: &[S]) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    match names.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} or {last}", before.join(", ")),
        _ => names.concat(),
    }
}

/// At most `most` characters, and no word at the end that wants another after it.
pub(in crate::plan) fn cut(text: &str, most: usize) -> String {
    trimmed(&shortened(text, most)).to_owned()
}

fn trimmed(text: &str) -> &str {
    let mut text = text;
    while let Some((before, last)) = text.rsplit_once(' ') {
        let bare = last.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let dangling = matches!(
            bare.as_str(),
            "" | "the"
                | "a"
                | "an"
                | "and"
                | "or"
                | "of"
                | "to"
                | "in"
                | "on"
                | "at"
                | "for"
                | "with"
                | "from"
                | "by"
                | "into"
                | "that"
                | "my"
                | "our"
                | "its"
                | "their"
                | "which"
                | "is"
                | "as"
        );
        if !dangling {
            break;
        }
        text = before;
    }
    text.trim_end_matches([',', ';', ':', '.', '-', ' ', '('])
}

pub(in crate::plan) fn shortened(text: &str, most: usize) -> String {
    crate::text::shortened(text, most)
}

/// With a small letter at the start.
pub(in crate::plan) fn small(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}
