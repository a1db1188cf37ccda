//! A wish cut into pieces that each ask for one thing.

use std::ops::Range;

use super::{
    cut::{Said, WORDS_AHEAD, begins, is_order},
    fragment, lead,
    tables::{TABLES, is_in},
};
use crate::{
    knowledge::{Class, Knowledge},
    reading::{self, Mark, Value},
};

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
    // Nobody puts so much in front of a colon; and what is looked at for each of many stays short.
    if span.len() > 5 * WORDS_AHEAD {
        return false;
    }
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
    let leads = is_in(
        "to|as|with|say|says|is|be|read|reads|called|named|words|text|fixed",
        said.word(span.end.saturating_sub(1)),
    );
    // "add the header Accept: text/html"
    let header = span.clone().any(|at| is_in("header|headers", said.word(at)));
    !values && !writes && !leads && !header && !span.is_empty()
}

fn clauses(known: &Knowledge, said: &Said<'_>, sentence: Range<usize>, all: &mut Vec<Range<usize>>) {
    let mut start = sentence.start;
    let mut at = sentence.start;
    let mut led: Option<Range<usize>> = None;
    while at < sentence.end {
        let joins = said.mark(at) == Some(Mark::Comma)
            || said.mark(at) == Some(Mark::Dash)
            || matches!(said.word(at), "and" | "then" | "but" | "plus");
        // "the prompt should say: be kind and never lie": all of it is the text.
        if said.mark(at) == Some(Mark::Colon)
            && at > start
            && is_in("say|says|read|reads|prompt", said.word(at - 1))
            && !said.is_value(at + 1)
        {
            at = text_end(known, said, at + 1..sentence.end);
            if at < sentence.end {
                all.push(start..at);
                start = at + 1;
            }
            continue;
        }
        if !joins {
            at += 1;
            // "don't summarise it anymore just post the titles": nothing else stands between the two.
            if ends_order(said, start, at) && begins(known, said, at..sentence.end) {
                all.push(start..at);
                start = at;
            }
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
            && (!is_lead(said, start..at) || is_whole(known, said, &(start..at), at))
            && !next.is_some_and(|next| made_too(known, said, &(start..at), next..sentence.end))
            && next.is_some_and(|next| {
                begins(known, said, next..sentence.end)
                    || ordered(next)
                    || fragment::begins(said, &(start..at), at, &(next..sentence.end))
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

/// Where a text ends that stands behind a colon: an order with a schedule, or one that takes something somewhere, is none of
/// its words.
fn text_end(known: &Knowledge, said: &Said<'_>, text: Range<usize>) -> usize {
    let joint =
        |at: usize| said.mark(at) == Some(Mark::Comma) || matches!(said.word(at), "and" | "then" | "but" | "plus");
    let mut joints = text.clone().filter(|at| joint(*at)).peekable();
    while let Some(at) = joints.next() {
        let clause = said.without_fillers(at..joints.peek().copied().unwrap_or(text.end));
        if clause.len() < 2 {
            continue;
        }
        let verb = known.vocabulary.canonical(said.word(clause.start));
        let whole = said.raw(&clause);
        let goes = [Class::Tell, Class::Store, Class::Hand].iter().any(|class| known.is(&verb, *class));
        let place = |at: usize| {
            let value = said.tokens.get(at).and_then(|token| token.value());
            matches!(value, Some(Value::Email(_) | Value::Channel(_)))
                || known.vocabulary.service(said.word(at)).is_some()
        };
        let rhythm = || reading::schedule(whole, &reading::tokens(whole)).is_some();
        if goes && clause.clone().any(place) || TABLES.is_schedule_verb(said.word(clause.start)) && rhythm() {
            return at;
        }
    }
    text.end
}

/// The piece whose verb goes on: the one before, if this one takes its verb, else this one.
fn leading(said: &Said<'_>, led: Option<&Range<usize>>, piece: &Range<usize>) -> Range<usize> {
    led.filter(|led| again(said, led, piece).is_some()).unwrap_or(piece).clone()
}

/// "change the time to 8, the text to Hi": the verb of the first, where the second goes without one.
pub(super) fn again<'t>(said: &Said<'t>, first: &Range<usize>, second: &Range<usize>) -> Option<&'t str> {
    let changes = |words: &str| TABLES.groups.get(words).map_or("", String::as_str);
    let first = said.without_fillers(first.clone());
    // "make the due date Friday and the priority 4"
    let last = second.end.saturating_sub(1);
    if is_in("make|set", said.word(first.start))
        && is_in("the|its", said.word(second.start))
        && (second.start + 2..second.start + 4).contains(&last)
        && matches!(said.tokens.get(last).and_then(|token| token.value()), Some(Value::Number(_) | Value::Quoted(_)))
        && !(second.start..last).any(|at| said.is_value(at) || said.mark(at).is_some())
    {
        return Some(said.raw(&(first.start..first.start + 1)));
    }
    // "name the report step 'Draft' and the Notion one 'Archive'"
    let names = said.one_of(&first, first.start, changes("rename"));
    let quoted = |at: usize| matches!(said.tokens.get(at).and_then(|token| token.value()), Some(Value::Quoted(_)));
    if names > 0
        && is_in("the|its|my", said.word(second.start))
        && second.len() < WORDS_AHEAD / 2
        && quoted(first.end.saturating_sub(1))
        && quoted(last)
        && !(second.start..last).any(|at| said.is_value(at) || said.mark(at).is_some() || said.word(at) == "to")
    {
        return Some(said.raw(&(first.start..first.start + names)));
    }
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

/// "write a haiku and make it rhyme": what is made of a text that the same order asks for, neither a schedule nor a value.
fn made_too(known: &Knowledge, said: &Said<'_>, piece: &Range<usize>, next: Range<usize>) -> bool {
    let (piece, length) = (said.without_fillers(piece.clone()), said.sequence(&next, next.start, "make it"));
    let rest = next.start + length..next.end;
    let whole = said.raw(&rest);
    length > 0
        && known.is(&known.vocabulary.canonical(said.word(piece.start)), Class::Think)
        && !rest.clone().any(|at| said.is_value(at) || said.mark(at).is_some())
        && reading::schedule(whole, &reading::tokens(whole)).is_none()
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

/// Whether a clause in front says all: "if it is positive post it to #wins", or "only if it is no draft" with an "and" behind it.
fn is_whole(known: &Knowledge, said: &Said<'_>, span: &Range<usize>, joint: usize) -> bool {
    let bare = said.without_fillers(span.clone());
    let only = said.one_of(&bare, bare.start, "only if|only when") > 0;
    let and = (joint..joint + 2).any(|at| said.word(at) == "and");
    only && and && joint + 2 < said.tokens.len()
        || lead::end(known, said, &bare).is_some()
        || lead::instead(known, said, &bare).is_some()
}

/// Whether an order ends in front of a word: "not … anymore".
fn ends_order(said: &Said<'_>, start: usize, at: usize) -> bool {
    at > start + 2
        && (said.word(at - 1) == "anymore" || said.word(at - 2) == "any" && is_in("more|longer", said.word(at - 1)))
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
            "is|are|was|were|has|have|had|keeps|keep|got|gets|looks|look|sounds|sound|takes|clutter|clutters|annoy|annoys|bother|bothers|flood|floods|spam|spams|confuse|confuses|distract|distracts|waste|wastes|fill|fills|hate|hates|like|likes|cannot|cant|already|never|always|only|just|reads|read",
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
