//! The first look: from left to right, each character once.

use super::{
    marks::{bullet, mark, numbered},
    numbers::written,
    quotes::{Quote, quotes},
    spelling::plain,
    values::{address, named, placeholder},
    words::{initials, is_word, reach, word},
};
use crate::reading::{Mark, Token, TokenKind, Value, work::looked};

/// Short forms that end in a full stop.
const SHORT: [&str; 14] =
    ["max", "min", "e.g", "i.e", "a.m", "p.m", "etc", "vs", "approx", "mr", "mrs", "dr", "incl", "resp"];

pub(super) fn cut(text: &str) -> Vec<Token> {
    let mut cutter = Cutter { text, at: 0, tokens: Vec::new(), quotes: quotes(text), quote: 0, entry: 0 };
    cutter.line(0);
    while let Some(c) = cutter.rest().chars().next() {
        cutter.step(c);
    }
    cutter.tokens
}

struct Cutter<'t> {
    text: &'t str,
    at: usize,
    tokens: Vec<Token>,
    quotes: Vec<Quote>,
    /// The next one of `quotes`.
    quote: usize,
    /// The number of the entry of a list that was last begun.
    entry: u32,
}

impl<'t> Cutter<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// What comes before the next quoted text.
    fn open(&self) -> &'t str {
        let end = self.quotes.get(self.quote).map_or(self.text.len(), |quote| quote.all.start);
        self.text.get(self.at..end).unwrap_or_default()
    }

    fn push(&mut self, length: usize, kind: TokenKind) {
        let start = self.at;
        self.at += length;
        self.tokens.push(Token { start, end: self.at, kind });
    }

    fn step(&mut self, c: char) {
        looked(1);
        if matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}') {
            let blank = self.rest().find(|c: char| !c.is_whitespace()).unwrap_or(self.rest().len());
            looked(blank);
            let start = self.at;
            self.at += blank;
            self.line(start);
        } else if c.is_whitespace() {
            self.at += c.len_utf8();
        } else if let Some(quote) = self.quotes.get(self.quote).filter(|quote| quote.all.start == self.at) {
            let inner = self.text.get(quote.inner.clone()).unwrap_or_default().trim().to_owned();
            let length = quote.all.len();
            self.quote += 1;
            self.push(length, TokenKind::Value(Value::Quoted(inner)));
        } else {
            self.piece(c);
        }
    }

    /// A line break that began at `start`, or the start of the text, with the bullet that stands here.
    fn line(&mut self, start: usize) {
        let bullet = bullet(self.open()).unwrap_or(0);
        if !self.rest().is_empty() && (bullet > 0 || self.at > start) {
            self.number(bullet);
            self.tokens.push(Token { start, end: self.at + bullet, kind: TokenKind::Mark(Mark::Line) });
            self.at += bullet;
        }
    }

    fn number(&mut self, bullet: usize) {
        let digits = self.rest().get(..bullet).unwrap_or_default().trim_matches(|c: char| !c.is_ascii_digit());
        self.entry = digits.parse().unwrap_or(0);
    }

    /// "… 2. the title 3) the link": the next entry of a list within a line.
    fn entry(&self) -> Option<usize> {
        let length = numbered(self.open())?;
        let digits = self.rest().get(..length)?.trim_matches(|c: char| !c.is_ascii_digit());
        let next = digits.parse::<u32>().ok()? == self.entry + 1;
        let more = self.rest().get(length..)?.trim_start().starts_with(char::is_alphabetic);
        (next && more && (self.entry > 0 || !self.rest().starts_with('1') || self.after_colon())).then_some(length)
    }

    fn after_colon(&self) -> bool {
        matches!(
            self.tokens.last(),
            None | Some(Token { kind: TokenKind::Mark(Mark::Colon | Mark::Stop | Mark::Line), .. })
        )
    }

    fn blank_before(&self) -> bool {
        self.text.get(..self.at).and_then(|before| before.chars().next_back()).is_none_or(char::is_whitespace)
    }

    fn piece(&mut self, first: char) {
        let open = self.open();
        if let Some(length) = self.blank_before().then(|| self.entry()).flatten() {
            self.number(length);
            return self.push(length, TokenKind::Mark(Mark::Line));
        }
        if let Some((length, name)) = placeholder(open) {
            return self.push(length, TokenKind::Value(Value::Placeholder(name.to_owned())));
        }
        if first.is_ascii_alphabetic()
            && let Some(length) = address(open)
        {
            let written = open.get(..length).unwrap_or_default();
            let address = if written.contains("://") { written.to_owned() } else { format!("https://{written}") };
            return self.push(length, TokenKind::Value(Value::Url(address)));
        }
        // ".com domains", ".env"
        let suffix = first == '.'
            && self.blank_before()
            && open.get(1..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()));
        if suffix {
            let name = open.get(1..).unwrap_or_default();
            let length = word(name);
            let word = plain(name.get(..length).unwrap_or_default());
            return self.push(1 + length, TokenKind::Word(word));
        }
        let begins = is_word(first)
            || (matches!(first, '@' | '#' | '/' | '$' | '€' | '£' | '¥' | '₹' | '-' | '+' | '~')
                && open.chars().nth(1).is_some_and(char::is_alphanumeric)
                && (first != '/' || self.blank_before() || self.after_open())
                && (first != '-'
                    || (self.blank_before()
                        && open.get(1..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())))));
        if !begins {
            return self.mark();
        }
        let length = reach(open);
        looked(length);
        let core = open.get(..length).unwrap_or_default();
        let core =
            core.trim_end_matches(|c: char| !(is_word(c) || matches!(c, '%' | '°' | '$' | '€' | '£' | '¥' | '₹')));
        let length = core.len().max(first.len_utf8());
        self.split(open.get(..length).unwrap_or_default(), 0);
    }

    fn after_open(&self) -> bool {
        matches!(self.tokens.last(), Some(Token { kind: TokenKind::Mark(Mark::Open | Mark::Colon), end, .. }) if *end == self.at)
    }

    fn mark(&mut self) {
        let open = self.open();
        // "the users' files": it belongs to the word.
        if open.starts_with(['\'', '’'])
            && let Some(last) =
                self.tokens.last_mut().filter(|last| last.end == self.at && matches!(last.kind, TokenKind::Word(_)))
        {
            let length = open.chars().next().map_or(0, char::len_utf8);
            last.end += length;
            self.at += length;
            return;
        }
        let (mark, length) = mark(open, self.blank_before());
        looked(length);
        let least = open.chars().next().map_or(1, char::len_utf8);
        self.push(length.max(least), TokenKind::Mark(mark));
    }

    /// A piece is a value, or its parts are: first at what parts sentences, then at slashes, then between words.
    fn split(&mut self, piece: &str, depth: usize) {
        looked(piece.len());
        if let Some(value) = named(piece).or_else(|| written(piece)) {
            return self.push(piece.len(), TokenKind::Value(value));
        }
        // "8:00-18:00"
        if depth == 0
            && let Some((from, to)) = piece.split_once('-')
            && let (Some(left @ Value::Time(..)), Some(right)) = (written(from), written(to))
        {
            self.push(from.len(), TokenKind::Value(left));
            self.push(1, TokenKind::Mark(Mark::Other));
            return self.push(to.len(), TokenKind::Value(right));
        }
        let separators: &[char] = match depth {
            0 => &[':', '=', '?', '&', '~', ','],
            1 => &['/', '+', '#', '@'],
            _ => return self.words(piece),
        };
        let end = self.at + piece.len();
        while self.at < end {
            let rest = self.text.get(self.at..end).unwrap_or_default();
            // A sign at the start belongs to what follows it.
            let skip =
                usize::from(depth > 0 && rest.starts_with(['#', '@', '/']) && self.at + 1 < end && !self.joined());
            let length = rest.get(skip..).and_then(|rest| rest.find(separators)).map_or(rest.len(), |at| at + skip);
            if length == 0 {
                self.mark();
            } else {
                self.split(rest.get(..length).unwrap_or_default(), depth + 1);
            }
        }
    }

    /// Whether a word or value touches this place.
    fn joined(&self) -> bool {
        self.tokens.last().is_some_and(|last| last.end == self.at && !matches!(last.kind, TokenKind::Mark(_)))
    }

    fn words(&mut self, piece: &str) {
        let end = self.at + piece.len();
        while self.at < end {
            let rest = self.text.get(self.at..end).unwrap_or_default();
            let length = word(rest);
            looked(length + 1);
            let text = rest.get(..length).unwrap_or_default();
            // "$ACME" is a name.
            let sign = usize::from(
                length == 0
                    && rest.starts_with('$')
                    && rest.get(1..).is_some_and(|rest| rest.starts_with(char::is_alphabetic)),
            );
            match written(text) {
                _ if sign > 0 => {
                    let name = rest.get(1..1 + word(rest.get(1..).unwrap_or_default())).unwrap_or_default();
                    self.push(sign + name.len(), TokenKind::Word(plain(name)));
                }
                _ if length == 0 => self.mark(),
                Some(value) if length < piece.len() => self.push(length, TokenKind::Value(value)),
                _ => self.word(text),
            }
        }
    }

    fn word(&mut self, text: &str) {
        let short = SHORT.iter().any(|short| text.eq_ignore_ascii_case(short));
        let after = self.rest().get(text.len()..).unwrap_or_default();
        let goes_on = after.strip_prefix('.').is_some_and(|after| {
            let next = after.trim_start().chars().next();
            after.starts_with([' ', ',', ')']) && next.is_some_and(|next| !next.is_uppercase() || text.len() < 3)
        });
        let mut word = plain(text);
        if short || initials(&word) {
            word.retain(|c| c != '.');
        }
        let length = text.len() + usize::from(short && goes_on);
        self.push(length, TokenKind::Word(word));
    }
}
