//! The words of a wish, and where an order begins in them.

use std::ops::Range;

use super::tables::{TABLES, is_in};
use crate::{
    knowledge::Knowledge,
    reading::{self, Mark, Token, TokenKind},
};

/// The tokens of a wish, with the word that each is.
pub(super) struct Said<'t> {
    pub(super) text: &'t str,
    pub(super) tokens: Vec<Token>,
    /// In small letters, without apostrophes; marks and values as they stand.
    pub(super) words: Vec<String>,
}

pub(super) fn plain(word: &str) -> String {
    word.chars()
        .filter(|c| !matches!(c, '\'' | '’'))
        .flat_map(char::to_lowercase)
        .collect::<String>()
        .replace("e-mail", "email")
}

/// Words of consent that are written with one letter too few: "aprove".
fn doubled(word: String) -> String {
    let meant = ["approve", "approved", "approves", "approval", "message", "summarise", "address", "attach"];
    let single = |word: &str| {
        let mut last = None;
        word.chars().filter(|c| last.replace(*c) != Some(*c)).collect::<String>()
    };
    let near = meant.iter().find(|meant| meant.len().abs_diff(word.len()) == 1 && single(meant) == single(&word));
    near.map_or(word, |meant| (*meant).to_owned())
}

/// How many words are looked at to see what begins or ends at one of them: a text is read in linear time.
pub(super) const WORDS_AHEAD: usize = 12;

impl<'t> Said<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let tokens = reading::tokens(text);
        let words = tokens
            .iter()
            .map(|token| match &token.kind {
                TokenKind::Word(_) => doubled(plain(token.raw(text))),
                TokenKind::Value(_) => token.raw(text).to_lowercase(),
                TokenKind::Mark(_) if token.raw(text) == "&" => "and".to_owned(),
                TokenKind::Mark(_) => token.raw(text).to_owned(),
            })
            .collect();
        Self { text, tokens, words }
    }

    /// The text of some tokens.
    pub(super) fn raw(&self, span: &Range<usize>) -> &'t str {
        let first = self.tokens.get(span.start).map(|token| token.start);
        let last = span.end.checked_sub(1).and_then(|last| self.tokens.get(last)).map(|token| token.end);
        first.zip(last).and_then(|(start, end)| self.text.get(start..end)).unwrap_or_default()
    }

    pub(super) fn word(&self, at: usize) -> &str {
        self.words.get(at).map_or("", String::as_str)
    }

    pub(super) fn mark(&self, at: usize) -> Option<Mark> {
        self.tokens.get(at).and_then(Token::mark)
    }

    pub(super) fn is_value(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.value().is_some())
    }

    /// How many tokens from `at` on are this sequence of words; 0 if they are not.
    pub(super) fn sequence(&self, span: &Range<usize>, at: usize, words: &str) -> usize {
        let mut length = 0;
        for word in words.split(' ') {
            let here = at + length;
            // "one by one"
            let value = word != "one" && self.is_value(here);
            if here >= span.end || self.word(here) != word || value {
                return 0;
            }
            length += 1;
        }
        length
    }

    /// The longest of the sequences that `|` separates.
    pub(super) fn one_of(&self, span: &Range<usize>, at: usize, list: &str) -> usize {
        list.split('|').map(|words| self.sequence(span, at, words)).max().unwrap_or(0)
    }

    /// "i want to choose", "instead of a fixed X": no filler, though it begins like one.
    fn asks_to_enter(&self, span: &Range<usize>) -> bool {
        let asks = TABLES.groups.get("ask").is_some_and(|asks| self.one_of(span, span.start, asks) > 0);
        asks || self.sequence(span, span.start, "instead of") > 0
    }

    /// Without what only introduces or joins.
    pub(super) fn without_fillers(&self, mut span: Range<usize>) -> Range<usize> {
        for _ in 0..WORDS_AHEAD {
            if self.asks_to_enter(&span) {
                break;
            }
            let comma = matches!(
                self.mark(span.start),
                Some(Mark::Comma | Mark::Dash | Mark::Line | Mark::Other | Mark::Arrow)
            );
            let filler =
                TABLES.fillers.iter().map(|filler| self.sequence(&span, span.start, filler)).max().unwrap_or(0);
            let skipped = filler.max(usize::from(comma));
            if skipped == 0 || span.start + skipped >= span.end {
                break;
            }
            span.start += skipped;
        }
        let shortest = span.start.max(span.end.saturating_sub(WORDS_AHEAD));
        while shortest < span.end
            // "0 8 * * *" ends in what is no mark.
            && (self.mark(span.end - 1).is_some_and(|mark| !matches!(mark, Mark::Close)) && self.word(span.end - 1) != "*"
                || matches!(self.word(span.end - 1), "please" | "thanks" | "pls" | "plz")
                    // "who just says thanks": what is said.
                    && !span.end.checked_sub(2).is_some_and(|at| is_in("say|says|said|saying|just|only|or|a|like|with", self.word(at))))
        {
            span.end -= 1;
        }
        span
    }
}

/// "no Discord message", "no approval": something of the agent that is not wanted.
fn is_unwanted(known: &Knowledge, said: &Said<'_>, span: &Range<usize>) -> bool {
    said.word(span.start) == "no"
        && span.len() < 6
        && span.clone().skip(1).any(|at| {
            known.vocabulary.service(said.word(at)).is_some()
                || is_in(
                    "message|mail|email|notification|approval|confirmation|document|ticket|delay|tweet|sms",
                    said.word(at),
                )
        })
}

/// Whether an operation begins there.
pub(super) fn begins(known: &Knowledge, said: &Said<'_>, span: Range<usize>) -> bool {
    let whole = span.start;
    let span = said.without_fillers(span);
    // "and make it a haiku", "and make it Tuesdays at 9"
    let made = span.start >= whole + 2 && said.word(span.start - 1) == "it" && said.word(span.start - 2) == "make";
    if made && !span.is_empty() {
        return true;
    }
    let (first, second) = (said.word(span.start), said.word(span.start + 1));
    if said.is_value(span.start) {
        return false;
    }
    if is_unwanted(known, said, &span) {
        return true;
    }
    // "and no more DM"; "no more than three" counts.
    if said.sequence(&span, span.start, "no more") > 0 && !is_in("than", said.word(span.start + 2)) && span.len() > 2 {
        return true;
    }
    // "and answer in Spanish": the language tells the verb from the noun.
    if second == "in" && known.vocabulary.orders(first) && TABLES.is_language(said.word(span.start + 2)) {
        return true;
    }
    if first == "first" && span.len() > 2 {
        return begins(known, said, span.start + 1..span.end);
    }
    let subject = [
        "i want",
        "i just want",
        "i only want",
        "i just need",
        "i only need",
        "we only need",
        "we just need",
        "we only want",
        "i need",
        "we need",
        "it should",
        "i would",
        "we want",
        "i dont",
        "no longer",
        "if",
        "when",
        "before",
        "after",
        "once",
        "i no longer",
        "whenever",
        "ill",
        "i will",
    ];
    if subject.iter().any(|words| said.sequence(&span, span.start, words) > 0) {
        return span.len() > 2;
    }
    // "… and the subject should be Hi"
    let modal = |at: usize| is_in("should|must|shall|needs|has", said.word(at));
    if matches!(first, "the" | "all" | "every" | "its" | "my" | "it")
        && (span.start + 1..span.end.min(span.start + 7)).any(modal)
    {
        return true;
    }
    // "title and link": a noun follows nothing, or is followed by nothing.
    let order = is_order(known, first, second);
    let noun_too = known.vocabulary.is_noun_too(first);
    let goes_on = span.len() > 1
        && !matches!(said.mark(span.start + 1), Some(Mark::Comma | Mark::Stop))
        && !matches!(second, "and" | "or" | "of");
    let object = said.is_value(span.start + 1)
        || is_in(
            "the|a|an|it|them|me|us|my|this|that|these|those|to|its|every|each|all|on|in|as|at|only|one|another|out|up|down|for|into|with|by|also|both|any|from|him|her|team|our|your|their|everything|anything|up|off",
            second,
        )
        || known.vocabulary.service(second).is_some();
    order && goes_on && (!noun_too || object)
}

/// Whether two words begin an order.
pub(super) fn is_order(known: &Knowledge, first: &str, second: &str) -> bool {
    let listed = TABLES.starts.iter().any(|start| start == first);
    // "fax it": whatever it means, it is done to something.
    let holds = is_in("with|for|to|of|in|on|and|or|that|if|as|by|from|at|before|after|do|is|are|was", first);
    let done_to_it = matches!(second, "it" | "them") && !holds && !first.ends_with('s');
    listed || done_to_it || known.vocabulary.orders(first) && !known.vocabulary.is_noun_too(first)
}

/// Whether "make it" stands in front.
pub(super) fn made_it(said: &Said<'_>, at: usize) -> bool {
    at.checked_sub(2).is_some_and(|make| said.word(make) == "make" && said.word(make + 1) == "it")
}

/// "make it a haiku", "make it rhyme": what a text is to be, or to do.
pub(super) fn makes_it(known: &Knowledge, said: &Said<'_>, core: &Range<usize>) -> bool {
    let first = said.word(core.start);
    let does = core.len() < 3 && known.vocabulary.orders(first) && !TABLES.starts.iter().any(|start| start == first);
    // "rhyme": what only a text can be. "private" may be anything.
    let form = core.len() == 1 && is_in(&TABLES.text_forms, first);
    made_it(said, core.start) && (is_in("a|an|into", first) || does || form)
}
