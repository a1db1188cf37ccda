//! A text cut into tokens: words, punctuation, and literals (addresses, channels, quoted texts, numbers) that the
//! person named and that no word of the vocabulary must be looked for in.

/// A piece of the text; `start` and `end` are byte positions in it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    /// Where it begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// What it is.
    pub kind: Kind,
}

/// What a token is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// A word, in small letters, without apostrophes, in British spelling.
    Word(String),
    /// A comma.
    Comma,
    /// The end of a sentence, a line, or what follows a colon.
    Stop,
    /// Something that the person named.
    Literal(Literal, String),
}

/// The kind of a literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Literal {
    /// A web address.
    Url,
    /// An e-mail address.
    Email,
    /// `#general`.
    Channel,
    /// `r/rust`, without the `r/`.
    Subreddit,
    /// `owner/name`.
    Repository,
    /// A text in quotation marks, without them.
    Quoted,
    /// A number in digits.
    Number,
}

/// The longest quoted text looked for, in bytes; keeps the walk linear.
const LONGEST_QUOTE: usize = 600;

/// Cuts a text. Linear in its length.
pub(super) fn cut(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(first) = rest.chars().next() else { break };
        if first == '\n' {
            tokens.push(Token { start: at, end: at + 1, kind: Kind::Stop });
            at += 1;
        } else if first.is_whitespace() || first.is_control() {
            at += first.len_utf8();
        } else if let Some(length) = quoted(rest) {
            let inner = rest.get(first.len_utf8()..length).unwrap_or_default();
            let inner = inner.strip_suffix(|c: char| closes(first) == Some(c)).unwrap_or(inner);
            tokens.push(Token { start: at, end: at + length, kind: Kind::Literal(Literal::Quoted, inner.to_owned()) });
            at += length;
        } else {
            let length = rest.find(|c: char| c.is_whitespace() || matches!(c, '"' | '“' | '”')).unwrap_or(rest.len());
            let length = length.max(first.len_utf8());
            chunk(rest.get(..length).unwrap_or_default(), at, &mut tokens);
            at += length;
        }
    }
    tokens
}

fn closes(open: char) -> Option<char> {
    match open {
        '"' => Some('"'),
        '“' => Some('”'),
        '\'' => Some('\''),
        '‘' => Some('’'),
        '`' => Some('`'),
        '«' => Some('»'),
        _ => None,
    }
}

/// The length of the quoted text that `rest` begins with, marks included.
fn quoted(rest: &str) -> Option<usize> {
    let mut chars = rest.char_indices();
    let close = closes(chars.next()?.1)?;
    let (mut line_breaks, mut previous) = (0, ' ');
    for (index, c) in chars {
        if index > LONGEST_QUOTE || line_breaks > 3 {
            return None;
        }
        line_breaks += usize::from(c == '\n');
        if c == close {
            let end = index + c.len_utf8();
            // An apostrophe within a word closes nothing.
            let within = rest.get(end..).and_then(|after| after.chars().next()).is_some_and(char::is_alphanumeric);
            if !within && !previous.is_whitespace() {
                return Some(end);
            }
        }
        previous = c;
    }
    None
}

/// One run without white space: a literal, or words and punctuation.
fn chunk(chunk: &str, at: usize, tokens: &mut Vec<Token>) {
    let bare = chunk.trim_start_matches(['(', '[', '{', '<', '*', '-', '–', '—', '•', '\'', '"', '”']);
    let start = at + chunk.len() - bare.len();
    let core = bare.trim_end_matches([
        '.', ',', ';', ':', '!', '?', ')', ']', '}', '>', '\'', '"', '”', '…', '*', '。', '，', '！', '？',
    ]);
    let tail = bare.get(core.len()..).unwrap_or_default();
    if !core.is_empty() {
        let end = start + core.len();
        match literal(core) {
            Some((kind, value)) => tokens.push(Token { start, end, kind: Kind::Literal(kind, value) }),
            None => words(core, start, tokens),
        }
    }
    let end = start + core.len();
    let list_number = tokens.last().is_some_and(|last| matches!(last.kind, Kind::Literal(Literal::Number, _)))
        && (tail.starts_with(')') || tail.starts_with('.'))
        && tokens.iter().rev().nth(1).is_none_or(|before| before.kind == Kind::Stop);
    if list_number {
        // "1." before an entry of a list is no number that anyone asked for.
        tokens.pop();
    } else if tail.contains(['.', '!', '?', ';', ':', '…', '。', '！', '？']) {
        tokens.push(Token { start: end, end: start + bare.len(), kind: Kind::Stop });
    } else if tail.contains([',', '，']) {
        tokens.push(Token { start: end, end: start + bare.len(), kind: Kind::Comma });
    }
}

fn literal(core: &str) -> Option<(Literal, String)> {
    let lower = core.get(..8.min(core.len())).unwrap_or(core).to_lowercase();
    let named = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    if lower.starts_with("http://") || lower.starts_with("https://") {
        return Some((Literal::Url, core.to_owned()));
    }
    if lower.starts_with("www.") {
        return Some((Literal::Url, format!("https://{core}")));
    }
    if is_domain(core) {
        return Some((Literal::Url, format!("https://{core}")));
    }
    if let Some((user, domain)) = core.split_once('@') {
        let fits = !user.is_empty() && domain.contains('.') && domain.chars().all(named) && !domain.starts_with('.');
        return fits.then(|| (Literal::Email, core.to_owned()));
    }
    if let Some(name) = core.strip_prefix('#') {
        let fits = name.chars().any(char::is_alphabetic) && name.chars().all(named);
        return fits.then(|| (Literal::Channel, core.to_owned()));
    }
    if let Some(name) = core.strip_prefix("r/").or_else(|| core.strip_prefix("/r/")) {
        return (!name.is_empty() && name.chars().all(named)).then(|| (Literal::Subreddit, name.to_owned()));
    }
    if core.chars().all(|c| c.is_ascii_digit() || c == '.') && core.starts_with(|c: char| c.is_ascii_digit()) {
        return Some((Literal::Number, core.to_owned()));
    }
    let (owner, name) = core.split_once('/')?;
    let fits = owner.len() > 2 && name.len() > 2 && owner.chars().all(named) && name.chars().all(named);
    fits.then(|| (Literal::Repository, core.to_owned()))
}

/// The ends of the names of web sites that people write without "https://".
const DOMAINS: [&str; 20] = [
    "com", "org", "net", "io", "dev", "ai", "edu", "gov", "info", "app", "blog", "news", "co", "eu", "de", "fr", "uk",
    "es", "nl", "ch",
];

/// "example.com/pricing". A service that is called by its domain is no site to read.
fn is_domain(core: &str) -> bool {
    let host = core.split('/').next().unwrap_or_default();
    let label = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let mut labels = host.rsplit('.');
    labels.next().is_some_and(|end| DOMAINS.iter().any(|known| end.eq_ignore_ascii_case(known)))
        && host.len() > 5
        && host.contains('.')
        && labels.all(|part| !part.is_empty() && part.chars().all(label))
        && !host.eq_ignore_ascii_case("monday.com")
}

fn words(core: &str, start: usize, tokens: &mut Vec<Token>) {
    let inner_dot = core.contains('.') && core.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'));
    let mut at = 0;
    for piece in core
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’' | '-' | '_' | ':') || (inner_dot && c == '.')))
    {
        if piece.chars().any(char::is_alphanumeric) {
            tokens.push(Token {
                start: start + at,
                end: start + at + piece.len(),
                kind: Kind::Word(plain(owner(piece))),
            });
        }
        // One separator follows each piece; its length in bytes is what stands in the text there.
        let after = at + piece.len();
        at = after + core.get(after..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    }
}

/// "the page's price": the page, not several of them.
fn owner(word: &str) -> &str {
    let contracted = ["it", "let", "that", "what", "who", "here", "there", "he", "she", "where", "how"];
    let stem = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s"));
    stem.filter(|stem| !contracted.iter().any(|known| stem.eq_ignore_ascii_case(known))).unwrap_or(word)
}

pub(super) use crate::text::plain;
