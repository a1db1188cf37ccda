//! The second look: what several tokens say together.

use super::{cut::cut, dates, durations, numbers, times};
use crate::reading::{Mark, Token, TokenKind, Value, work::looked};

/// The most tokens that one value is made of.
const LONGEST: usize = 10;

/// Cuts a text into tokens, linear in its length. Their spans are in order and on character boundaries; every
/// character that is not blank lies in exactly one.
pub fn tokens(text: &str) -> Vec<Token> {
    let cut = cut(text);
    let code = cut.iter().any(|token| token.word().is_some_and(|word| CODE.contains(&word)));
    let mut joined: Vec<Token> = Vec::with_capacity(cut.len());
    let mut at = 0;
    while let Some(first) = cut.get(at) {
        looked(LONGEST);
        let ahead = cut.get(at..cut.len().min(at + LONGEST)).unwrap_or_default();
        let found = times::spoken(text, &joined, ahead)
            .or_else(|| dates::spoken(text, &joined, ahead))
            .or_else(|| durations::spoken(&joined, ahead))
            .or_else(|| numbers::spoken(text, ahead))
            .or_else(|| code.then(|| repository(text, &joined, ahead)).flatten())
            .or_else(|| name(text, joined.last()?.word()?, ahead));
        match found.and_then(|(length, value)| Some((length, value, ahead.get(length.checked_sub(1)?)?.end))) {
            Some((length, value, end)) => {
                joined.push(Token { start: first.start, end, kind: TokenKind::Value(value) });
                at += length;
            }
            None => {
                let (length, token) = compound(ahead).map_or_else(|| (1, first.clone()), |token| (2, token));
                joined.push(token);
                at += length;
            }
        }
    }
    joined
}

/// "(a page called) Weekly Review", "(a task called) Buy milk": several words are one name, as if they stood in quotes.
fn name(text: &str, before: &str, ahead: &[Token]) -> Option<(usize, Value)> {
    if !matches!(before, "called" | "named" | "titled" | "entitled") {
        return None;
    }
    let large = |token: &Token| token.raw(text).starts_with(char::is_uppercase);
    // "a person named Anna writes"
    let goes_on = |token: &Token| match token.word() {
        Some(word) => large(token) || before != "named" && !BEHIND_NAMES.contains(&word),
        None => false,
    };
    let length =
        ahead.first().filter(|token| large(token)).map(|_| ahead.iter().take_while(|token| goes_on(token)).count())?;
    let (first, last) = (ahead.first()?, ahead.get(length.checked_sub(1)?)?);
    (length > 1).then_some((length, Value::Quoted(text.get(first.start..last.end)?.to_owned())))
}

/// Words that a name which begins in capitals ends in front of.
const BEHIND_NAMES: [&str; 32] = [
    "to",
    "in",
    "into",
    "on",
    "at",
    "with",
    "from",
    "by",
    "for",
    "via",
    "under",
    "using",
    "containing",
    "every",
    "each",
    "daily",
    "weekly",
    "when",
    "whenever",
    "if",
    "and",
    "or",
    "then",
    "but",
    "that",
    "which",
    "who",
    "where",
    "so",
    "as",
    "is",
    "has",
];

/// "AI generated", without its hyphen.
fn compound(ahead: &[Token]) -> Option<Token> {
    let [first, second, third, ..] = ahead else { return None };
    let (left, right) = (first.word()?, second.word()?);
    let made = matches!(left, "ai" | "auto" | "user" | "machine")
        && matches!(right, "generated" | "written" | "powered" | "made" | "translated");
    let kind = TokenKind::Word(format!("{left}-{right}"));
    (made && third.word().is_some()).then_some(Token { start: first.start, end: second.end, kind })
}

/// Words that tell that a text is about code.
const CODE: [&str; 32] = [
    "tag",
    "tags",
    "stargazer",
    "stargazers",
    "starred",
    "discussion",
    "discussions",
    "contributor",
    "contributors",
    "ci",
    "repo",
    "repos",
    "repository",
    "repositories",
    "github",
    "gitlab",
    "issue",
    "issues",
    "pull",
    "pr",
    "prs",
    "commit",
    "commits",
    "release",
    "releases",
    "branch",
    "branches",
    "fork",
    "star",
    "stars",
    "merge",
    "code",
];

/// What the name of a time zone begins with: "Europe/Berlin" is not a repository.
pub(in crate::reading) const AREAS: [&str; 8] =
    ["europe", "america", "asia", "africa", "australia", "pacific", "atlantic", "indian"];

/// "acme-corp/backend" in a text about code: written as names are, or next to a word that tells.
fn repository(text: &str, before: &[Token], ahead: &[Token]) -> Option<(usize, Value)> {
    let [owner, slash, name, rest @ ..] = ahead else { return None };
    let (left, right) = (owner.word()?, name.word()?);
    let slashed = slash.kind == TokenKind::Mark(Mark::Other) && slash.raw(text) == "/";
    let touches = owner.end == slash.start && slash.end == name.start;
    let more = |token: &Token, edge: usize| token.raw(text) == "/" && (token.start == edge || token.end == edge);
    let longer = before.last().is_some_and(|token| more(token, owner.start))
        || rest.first().is_some_and(|token| more(token, name.end));
    let plural = left.ends_with('s') && right.ends_with('s');
    if !slashed
        || !touches
        || longer
        || plural
        || left.len() < 2
        || right.len() < 2
        || CODE.contains(&right)
        || AREAS.contains(&left)
    {
        return None;
    }
    let shaped = |word: &str| word.contains(|c: char| matches!(c, '-' | '_' | '.') || c.is_ascii_digit());
    // "an issue with the label 'bug' in acme/api"
    let inside =
        before.last().and_then(Token::word).is_some_and(|word| matches!(word, "in" | "of" | "from" | "to" | "on"));
    // "tag each mail as urgent/normal"
    let tells = |token: &Token| {
        token.word().is_some_and(|word| CODE.contains(&word) && (inside || !matches!(word, "tag" | "tags")))
    };
    let reach = if inside { 12 } else { 4 };
    let near = before.iter().rev().take(reach).any(tells) || rest.iter().take(4).any(tells);
    (shaped(left) || shaped(right) || near)
        .then(|| (3, Value::Repository(text.get(owner.start..name.end).unwrap_or_default().to_owned())))
}
