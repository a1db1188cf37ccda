//! What a node does, in the third person: "Post to Slack" is "posts to Slack".

use super::graph::{cut, one_line};

/// What steps and nodes are called by: the imperative that a name begins with.
#[rustfmt::skip]
const VERBS: &[&str] = &[
    "accept", "add", "alert", "analyse", "analyze", "announce", "answer", "append", "approve", "ask", "assign", "attach",
    "book", "browse", "build", "calculate", "call", "categorise", "categorize", "change", "check", "choose", "classify",
    "clean", "collect", "combine", "comment", "compare", "compose", "compute", "condense", "convert", "copy", "count",
    "crawl", "create", "decide", "delete", "describe", "detect", "determine", "discover", "download", "draft", "draw",
    "edit", "enrich", "evaluate", "explain", "export", "extract", "fetch", "fill", "filter", "find", "format", "forward",
    "gather", "generate", "get", "give", "group", "hand", "highlight", "identify", "import", "invite", "join", "judge",
    "keep", "list", "load", "log", "look", "make", "mark", "merge", "monitor", "move", "notify", "open", "parse", "pass",
    "pick", "play", "post", "prepare", "produce", "publish", "pull", "push", "put", "rank", "rate", "read", "receive",
    "record", "remember", "remind", "remove", "rename", "render", "repeat", "replace", "reply", "request", "research",
    "retrieve", "return", "review", "rewrite", "run", "save", "scan", "schedule", "score", "scrape", "search", "select",
    "send", "share", "show", "skip", "sort", "split", "store", "submit", "sum", "summarise", "summarize", "tell",
    "transcribe", "translate", "compile", "react", "respond", "set", "tag", "take", "transform", "turn", "update", "upload",
    "use", "validate", "verify", "wait", "watch", "write", "apply", "archive", "brainstorm", "close", "correct", "follow",
    "improve", "invent", "narrate", "paraphrase", "proofread", "recommend", "rephrase", "shorten", "simplify", "speak",
    "start", "stop", "suggest", "trim",
];

/// Verbs of something that is new.
#[rustfmt::skip]
const MAKING: &[&str] = &[
    "add", "append", "book", "build", "compose", "create", "draft", "draw", "generate", "make", "open", "post", "prepare",
    "produce", "publish", "schedule", "send", "submit", "write",
];

/// Verbs that need no object.
const INTRANSITIVE: &[&str] = &["browse", "look", "react", "respond", "run", "search", "wait", "watch"];

const DETERMINERS: &[&str] = &[
    "a", "an", "the", "this", "that", "these", "those", "each", "every", "all", "any", "some", "no", "one", "both",
    "my", "your", "our", "their", "its", "his", "her", "it", "them", "me", "us", "you",
];

/// After a verb, these take no article either.
#[rustfmt::skip]
const BARE: &[&str] = &[
    "everyone", "what", "which", "who", "whether", "if", "to", "from", "in", "into", "on", "onto", "at", "with", "without",
    "by", "as", "for", "of", "about", "up", "out", "down", "off", "over", "through", "only", "just",
];

/// "posts to Slack" of "Post to Slack"; `None` if the text does not begin with a verb. `object`: something flows in that
/// a verb alone is about.
pub(super) fn third_person(text: &str, object: bool) -> Option<String> {
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    let verb = first.to_lowercase();
    let determined = rest.split(' ').next().is_some_and(|word| DETERMINERS.contains(&word));
    let plain = verb.len() > 1 && verb.chars().all(|c| c.is_lowercase() || c == '-');
    let acts = is_verb(&verb) || (determined && plain);
    if !acts {
        return None;
    }
    let rest = rest.trim_end_matches(['.', '!', ':', ';', ',']);
    let done = if is_verb(verb.strip_suffix('s').unwrap_or_default()) { verb.clone() } else { conjugated(&verb) };
    if rest.is_empty() {
        let object = object && !INTRANSITIVE.contains(&verb.as_str());
        return Some(if object { format!("{done} it") } else { done });
    }
    let article = if !takes_article(rest) {
        ""
    } else if !MAKING.contains(&verb.as_str()) {
        "the "
    } else if sounds_like_a_vowel(rest) {
        "an "
    } else {
        "a "
    };
    Some(format!("{done} {article}{rest}"))
}

fn is_verb(word: &str) -> bool {
    VERBS.contains(&word)
}

/// A phrase in the singular without an article, up to its first preposition: "RSS feed", "summary of the page".
fn takes_article(rest: &str) -> bool {
    let is_bare = |word: &&str| {
        let word = word.to_lowercase();
        DETERMINERS.contains(&word.as_str()) || BARE.contains(&word.as_str())
    };
    let phrase: Vec<&str> = rest.split(' ').take_while(|word| !is_bare(word)).collect();
    let Some(last) = phrase.last() else { return false };
    // A name alone has none: "Google".
    let is_name = phrase.len() == 1 && last.starts_with(char::is_uppercase);
    let is_singular = !last.ends_with('s') || last.ends_with("ss");
    let starts = |kind: fn(char) -> bool| rest.starts_with(kind);
    !is_name && is_singular && !starts(|c| c.is_ascii_digit() || c == '"') && !phrase.contains(&"and")
}

fn sounds_like_a_vowel(text: &str) -> bool {
    let word = text.split(' ').next().unwrap_or_default();
    let spelt = word.chars().count() > 1 && word.chars().all(|c| c.is_uppercase() || c.is_ascii_digit());
    let vowels = if spelt { "AEFHILMNORSX" } else { "AEIOaeio" };
    word.starts_with(|c| vowels.contains(c))
}

pub(crate) fn conjugated(verb: &str) -> String {
    let ends = |endings: &[&str]| endings.iter().any(|ending| verb.ends_with(ending));
    match verb.strip_suffix('y') {
        Some(stem) if !ends(&["ay", "ey", "oy", "uy"]) => format!("{stem}ies"),
        _ if ends(&["s", "x", "z", "ch", "sh", "o"]) => format!("{verb}es"),
        _ => format!("{verb}s"),
    }
}

/// "posts a message to a Slack channel" of "Posts a message to a Slack channel, person or thread."
pub(super) fn of_description(description: &str) -> Option<String> {
    let end = [". ", ", ", "; ", ": ", " ("].iter().filter_map(|mark| description.find(mark)).min();
    let phrase = description.get(..end.unwrap_or(description.len()))?.trim_end_matches('.');
    let verb = phrase.split(' ').next().filter(|verb| verb.ends_with('s'))?;
    let plain = verb.chars().skip(1).all(char::is_lowercase);
    (plain && phrase.contains(' ')).then(|| cut(&lower_first(phrase), 100))
}

pub(super) fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next();
    // An acronym stays, and so does "YouTube".
    if text.split(' ').next().is_some_and(|word| word.chars().skip(1).any(char::is_uppercase)) {
        return text.to_owned();
    }
    first.into_iter().flat_map(char::to_lowercase).chain(chars).collect()
}

pub(super) fn upper_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
}

/// "a", "a and b", "a, b and c"
pub(super) fn listed(all: &[String]) -> String {
    match all.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

/// The beginning of a text of the agent's, without what could be a secret: long words of letters and digits, and all but
/// the address in a URL.
pub(super) fn shown(text: &str, words: usize) -> String {
    let start: String = text.chars().take(400).collect();
    let line = one_line(&start);
    let all: Vec<&str> = line.split(' ').filter(|word| !word.is_empty()).collect();
    let mut out = all.iter().take(words).map(|word| shown_word(word)).collect::<Vec<_>>().join(" ");
    out = out.trim_end_matches([',', ';', ':', '.']).to_owned();
    if all.len() > words {
        out.push('…');
    }
    cut(&out, 80)
}

/// Longer segments of a path, and words with digits in them, may be keys.
const LONGEST_PLAIN: usize = 18;

fn shown_word(word: &str) -> String {
    if let Some((scheme, rest)) = word.split_once("://") {
        let end = rest.find(['?', '#']);
        let rest = end.and_then(|end| rest.get(..end)).unwrap_or(rest);
        let rest = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
        let mut address = format!("{scheme}://");
        for (at, segment) in rest.split('/').enumerate() {
            if at > 0 {
                address.push('/');
                if may_be_key(segment) {
                    return address + "…";
                }
            }
            address.push_str(segment);
        }
        return if end.is_some() { address + "…" } else { address };
    }
    if may_be_key(word) && !word.contains('@') { "…".to_owned() } else { word.to_owned() }
}

fn may_be_key(word: &str) -> bool {
    let count = word.chars().count();
    let has = |kind: fn(char) -> bool| word.contains(kind);
    count > 40 || (count >= LONGEST_PLAIN && has(|c| c.is_ascii_digit()) && has(char::is_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_a_step_becomes_what_the_agent_does() {
        for (name, phrase) in [
            ("Read RSS feed", "reads the RSS feed"),
            ("Read Google Doc", "reads the Google Doc"),
            ("Open GitHub issue", "opens a GitHub issue"),
            ("Send e-mail", "sends an e-mail"),
            ("Wait", "waits"),
            ("Beautify the text", "beautifies the text"),
            ("Writes a poem", "writes a poem"),
            ("Post to Slack", "posts to Slack"),
            ("Summarise with AI", "summarises with AI"),
            ("Sum up each new entry.", "sums up each new entry"),
            ("Search Google", "searches Google"),
            ("Reply to the sender", "replies to the sender"),
            ("Display news", "—"),
            ("Fetch messages", "fetches messages"),
            ("Get 5 posts", "gets 5 posts"),
            ("Translate", "translates it"),
            ("Pass it on", "passes it on"),
            ("Play sound", "plays the sound"),
            ("Keep only the new posts", "keeps only the new posts"),
        ] {
            assert_eq!(third_person(name, true).unwrap_or("—".to_owned()), phrase);
        }
    }

    #[test]
    fn a_block_is_told_by_what_the_catalogue_says_it_does() {
        let phrase = of_description("Posts a message to a Slack channel, person or thread.");
        assert_eq!(phrase.as_deref(), Some("posts a message to a Slack channel"));
        assert_eq!(of_description("Sticky note on the canvas for human readers."), None);
        assert_eq!(of_description(""), None);
    }

    #[test]
    fn no_key_token_or_password_is_shown() {
        for (text, seen) in [
            (
                "https://hooks.example.com/services/T01/B02/x7Ab93kQzP1mN8vY2cD4eF6g",
                "https://hooks.example.com/services/T01/B02/…",
            ),
            ("https://ann:pass@example.com/feed.xml?key=1", "https://example.com/feed.xml…"),
            ("Use sk-abcdef1234567890abcdef as the key", "Use … as the key"),
            (
                "Translate the text into French, please, and keep names",
                "Translate the text into French, please, and keep…",
            ),
            ("ann@example.com", "ann@example.com"),
            ("#news", "#news"),
        ] {
            assert_eq!(shown(text, 8), seen);
        }
    }
}
