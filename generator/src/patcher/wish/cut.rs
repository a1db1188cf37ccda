//! A wish cut into pieces that each ask for one thing.

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

/// How many words are looked at to see what begins or ends at one of them: a text is read in linear time.
const WORDS_AHEAD: usize = 12;

impl<'t> Said<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let tokens = reading::tokens(text);
        let words = tokens
            .iter()
            .map(|token| match &token.kind {
                TokenKind::Word(_) => plain(token.raw(text)),
                TokenKind::Value(_) => token.raw(text).to_lowercase(),
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
                || matches!(self.word(span.end - 1), "please" | "thanks"))
        {
            span.end -= 1;
        }
        span
    }
}

/// The pieces, in order. A subordinate clause in front stays with what it belongs to.
pub(super) fn pieces(known: &Knowledge, said: &Said<'_>) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    let mut start = 0;
    for at in 0..=said.tokens.len() {
        let ends = at == said.tokens.len()
            || matches!(said.mark(at), Some(Mark::Stop | Mark::Semicolon | Mark::Line))
            || said.mark(at) == Some(Mark::Colon)
                && at + 1 < said.tokens.len()
                && !said.is_value(at + 1)
                && is_heading(said, start..at);
        if ends {
            let sentence = start..at;
            start = at + 1;
            if !sentence.is_empty() {
                clauses(known, said, sentence, &mut all);
            }
        }
    }
    all
}

/// "Add error handling:", "One more change:": what follows says it all.
fn is_heading(said: &Said<'_>, span: Range<usize>) -> bool {
    let span = said.without_fillers(span);
    let values = span.clone().any(|at| said.is_value(at) && said.word(at).contains(['"', '@', '#', '/', '\'']));
    // "end with a verdict: approve or request changes" says what is written.
    let clause = span
        .clone()
        .rev()
        .find(|at| matches!(said.word(*at), "and" | "but" | "then" | ","))
        .map_or(span.start, |at| at + 1);
    let writes = is_in(
        "end|begin|answer|reply|say|mention|include|sign|write|format|close|finish|conclude|respond|ask|list|use",
        said.word(clause),
    );
    let leads =
        is_in("to|as|with|say|says|is|be|read|reads|called|named|words|text", said.word(span.end.saturating_sub(1)));
    !values && !writes && !leads && !span.is_empty()
}

fn clauses(known: &Knowledge, said: &Said<'_>, sentence: Range<usize>, all: &mut Vec<Range<usize>>) {
    let mut start = sentence.start;
    let mut at = sentence.start;
    let mut led: Option<Range<usize>> = None;
    while at < sentence.end {
        let joins = said.mark(at) == Some(Mark::Comma)
            || said.mark(at) == Some(Mark::Dash)
            || matches!(said.word(at), "and" | "then" | "but" | "plus");
        if !joins {
            at += 1;
            continue;
        }
        let next = (at + 1..sentence.end.min(at + WORDS_AHEAD)).find(|next| {
            !matches!(
                said.word(*next),
                "and" | "then" | "also" | "please" | "but" | "just" | "finally" | "lastly" | "," | "so"
            )
        });
        // "…, it is full of um and er": why, not what.
        if said.mark(at) == Some(Mark::Comma)
            && at > start
            && !is_lead(said, start..at)
            && is_remark(known, said, at + 1..sentence.end)
        {
            all.push(start..at);
            return;
        }
        // "… and then summarise"
        let ordered = |next: usize| {
            (at..next).any(|at| said.word(at) == "then")
                && next + 1 == sentence.end
                && is_order(known, said.word(next), "")
        };
        let cuts = at > start
            && !is_lead(said, start..at)
            && next.is_some_and(|next| {
                begins(known, said, next..sentence.end)
                    || ordered(next)
                    || again(said, &leading(said, led.as_ref(), &(start..at)), &(next..sentence.end)).is_some()
            });
        if cuts {
            let piece = start..at;
            led = Some(leading(said, led.as_ref(), &piece));
            all.push(piece);
            start = next.unwrap_or(at + 1);
            // What joins may say that something is added.
            if said.word(start.saturating_sub(1)) == "also" {
                start -= 1;
            }
            at = start;
        }
        at += 1;
    }
    if start < sentence.end {
        all.push(start..sentence.end);
    }
}

/// The piece whose verb goes on: the one before, if this one takes its verb, else this one.
fn leading(said: &Said<'_>, led: Option<&Range<usize>>, piece: &Range<usize>) -> Range<usize> {
    led.filter(|led| again(said, led, piece).is_some()).unwrap_or(piece).clone()
}

/// "change the time to 8, the text to Hi": the verb of the first, where the second goes without one.
pub(super) fn again<'t>(said: &Said<'t>, first: &Range<usize>, second: &Range<usize>) -> Option<&'t str> {
    let changes = |words: &str| TABLES.groups.get(words).map_or("", String::as_str);
    let first = said.without_fillers(first.clone());
    let verb = said.one_of(&first, first.start, changes("change"));
    if verb == 0 {
        return None;
    }
    let near = second.start + 1..second.end.min(second.start + WORDS_AHEAD / 2);
    let named = is_in("the|its|my", said.word(second.start));
    let to = near.clone().find(|at| said.word(*at) == "to" && *at > second.start + 1 && *at + 1 < second.end)?;
    let plain = !(second.start..to).any(|at| is_in(&TABLES.modals, said.word(at)) || said.mark(at).is_some());
    let told = first.clone().take(2 * WORDS_AHEAD).any(|at| said.word(at) == "to");
    (named && plain && told).then(|| said.raw(&(first.start..first.start + verb)))
}

/// Whether nothing but a subordinate clause stands there: "when it fails", "after sending it", "25 minutes later".
fn is_lead(said: &Said<'_>, span: Range<usize>) -> bool {
    if span.len() > 10 * WORDS_AHEAD {
        return false;
    }
    // "In addition, …"
    let places =
        "at the end|in the end|at the very end|at the start|at the beginning|to start with|after that|before that";
    if TABLES.fillers.iter().any(|filler| said.sequence(&span, span.start, filler) == span.len())
        || said.one_of(&span, span.start, places) == span.len()
    {
        return true;
    }
    let span = said.without_fillers(span);
    // "once a day is too rarely"
    let counts = said.word(span.start) == "once"
        && (said.word(span.start + 1) == "daily"
            || is_in("a|an|per|every|in", said.word(span.start + 1))
                && is_in("minute|hour|day|night|week|month|quarter|year|while", said.word(span.start + 2)));
    let opens = said.one_of(&span, span.start, &TABLES.subordinators) > 0 && !counts;
    let later = matches!(said.word(span.end.saturating_sub(1)), "later" | "afterwards" | "after");
    (opens || later && span.len() < 5) && !span.clone().any(|at| said.mark(at) == Some(Mark::Comma))
}

/// Whether the rest of a sentence tells how something is.
fn is_remark(known: &Knowledge, said: &Said<'_>, span: Range<usize>) -> bool {
    let (first, second) = (said.word(span.start), said.word(span.start + 1));
    let subject = is_in(
        "it|its|they|theyre|he|she|thats|that|this|these|those|nobody|everybody|everyone|we|i|there|theres|hes|shes",
        first,
    );
    let is = is_in("its|theyre|thats|theres|hes|shes", first)
        || is_in(
            "is|are|was|were|has|have|had|keeps|keep|got|gets|looks|look|sounds|sound|takes|hate|hates|like|likes|cannot|cant|already|never|always|only|just|reads|read",
            second,
        );
    let goes_on = span.clone().skip(2).take(5 * WORDS_AHEAD).any(|at| {
        is_in(&TABLES.modals, said.word(at))
            || is_in("called|named|now|to|want|instead", said.word(at))
            || said.mark(at) == Some(Mark::Comma)
            || matches!(said.word(at), "and" | "but" | "so" | "then") && begins(known, said, at + 1..span.end)
    });
    let named = is_in("called|named|now|not", said.word(span.start + 1))
        || is_in("called|named|now", said.word(span.start + 2));
    // "it's acme/app": what it is.
    let told = span.clone().skip(1).any(|at| {
        said.word(at) == "/" || said.is_value(at) && !said.word(at).starts_with(|c: char| c.is_ascii_digit())
    });
    subject && is && !goes_on && !told && !named && span.len() > 2
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
    let span = said.without_fillers(span);
    let (first, second) = (said.word(span.start), said.word(span.start + 1));
    if said.is_value(span.start) {
        return false;
    }
    if is_unwanted(known, said, &span) {
        return true;
    }
    let subject = [
        "i want",
        "i just want",
        "i only want",
        "i just need",
        "i only need",
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
