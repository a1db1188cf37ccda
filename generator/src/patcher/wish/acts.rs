//! What a form with its places asks for.

use std::ops::Range;

use super::{
    Act, against,
    cut::Said,
    forms::Slots,
    tables::{TABLES, is_in},
};
use crate::reading::{Mark, Value};

/// "run it", "start the whole thing": the agent as a whole.
pub(super) fn starts(words: &[&str]) -> bool {
    let verb = words.first().copied().unwrap_or_default();
    let object = words.iter().skip(1).all(|word| {
        matches!(
            *word,
            "it" | "the"
                | "agent"
                | "this"
                | "workflow"
                | "start"
                | "run"
                | "only"
                | "automatically"
                | "whole"
                | "thing"
                | "everything"
        )
    });
    matches!(verb, "start" | "run" | "trigger" | "launch" | "make" | "kick" | "begin" | "execute" | "fire") && object
}

/// The act of this name, with what stands in the places of its form.
pub(super) fn act(said: &Said<'_>, name: &str, slots: &Slots) -> Option<Act> {
    let text = |slot: &Option<Range<usize>>| slot.as_ref().map(|span| said.raw(span).to_owned());
    let (what, old, value) = (text(&slots.what), text(&slots.old), text(&slots.value));
    Some(match name {
        "restart" => Act::Restart,
        "undo" => Act::Undo,
        "output_only" => Act::OnlyOutput(what?),
        "enough" => {
            Act::Limit(value.filter(|_| slots.value.as_ref().is_some_and(|value| against::counts(said, value)))?)
        }
        // "take 10"
        "take" => {
            let first = slots.value.as_ref()?.start;
            let number = said.tokens.get(first).and_then(|token| token.value());
            Act::Limit(value.filter(|_| matches!(number, Some(Value::Number(_))))?)
        }
        "keep" => Act::Keep,
        "rename_from" => Act::Rename { what: format!("{} {}", what?, old?), to: value? },
        "rename" => Act::Rename { what: what?, to: value? },
        // "The agent should be named X", without what only introduces it.
        "name_it" => Act::Rename { what: "it".to_owned(), to: value? },
        "call" => {
            // "call it X", "name the summariser Y": the name is quoted, or begins with a capital.
            let span = slots.what.clone()?;
            let named = |at: usize| {
                said.raw(&(at..at + 1))
                    .starts_with(|c: char| c.is_uppercase() || matches!(c, '"' | '“' | '\'' | '‘' | '`'))
            };
            // "the Notion one 'Archive'": a name in quotation marks comes before one with a capital.
            let last = span.end - 1;
            let quoted = matches!(said.tokens.get(last).and_then(|token| token.value()), Some(Value::Quoted(_)));
            let at = if quoted { Some(last) } else { (span.start + 1..span.end).find(|at| named(*at)) };
            let at = at.filter(|at| *at > span.start)?;
            // "call it with POST"
            if is_in("with|by|at|on|for|in|from|via", said.word(at - 1)) {
                return None;
            }
            Act::Rename { what: said.raw(&(span.start..at)).to_owned(), to: said.raw(&(at..span.end)).to_owned() }
        }
        // Words that come into a text which is there, where it begins or ends.
        "add_front" | "add_behind" => {
            let words =
                slots.value.clone().filter(|words| words.len() == 1 && said.word(words.start).starts_with(['"', '“']));
            // "put 3 hashtags at the end of the post": what writes it sees to that.
            let value = slots.value.as_ref()?;
            if words.is_none() && TABLES.is_extra_thing(said.word(value.end - 1)) {
                let verb = if name == "add_front" { "begin" } else { "end" };
                return Some(Act::Do(format!("{} should {verb} with {}", what?, said.raw(value))));
            }
            let place = if name == "add_front" { "prefix" } else { "suffix" };
            Act::AddTo { value: format!("the {place} {}", said.raw(&words?)), what: what? }
        }
        "describe" => Act::Describe(Some(value?)),
        "describe_anew" => Act::Describe(None),
        "input" => Act::Input(what?),
        "fix" | "fix_back" => Act::Fix { what: what?, value },
        "fix_none" => Act::Fix { what: what?, value: None },
        // "it's always about autumn, no need to ask": the one thing that is asked for.
        "fix_it" => Act::Fix { what: String::new(), value: Some(value?) },
        "stop_asking" => return None,
        "should_say" => Act::Do(format!("{} should say {}", what?, value?)),
        "output" => Act::Output(what?),
        "connect" => Act::Connect { from: what?, to: value? },
        "split" => Act::Split { what: what?, into: value? },
        "copy" => Act::Copy(what?),
        "each" => Act::Each(what?),
        "together" => Act::Together(value.or(what)?),
        "replace" => Act::Replace { old: old?, new: value? },
        // "we left Slack for Discord"; "we stopped using Slack for notifications" only says what it was used for.
        "left_for" => {
            let (old_span, new) = (slots.old.as_ref()?, slots.value.as_ref()?);
            let named = new.clone().all(|at| said.raw(&(at..at + 1)).starts_with(char::is_uppercase));
            match named {
                true => Act::Replace { old: old?, new: value? },
                false => Act::Remove(said.raw(&(old_span.start..new.end)).to_owned()),
            }
        }
        "move" => Act::Move(what?),
        "swap" => Act::Swap { one: what?, other: value? },
        "order" => Act::Order { first: what?, then: value? },
        "approve" => Act::Approve(Some(what?)),
        "approve_none" => Act::Approve(None),
        "count_as" => Act::CountAs { what: what?, kind: value? },
        "widen" => Act::Widen { what: what?, clause: value? },
        "connect_back" => Act::Connect { from: value?, to: what? },
        "fail_to" => Act::Do(format!("send a message to {}", value?)),
        "change_from" => Act::Change { what: what?, from: old, to: value? },
        // "half an hour is better than ten minutes"
        "better" => {
            // "the answer is too long, 50 words is enough": said to what writes it.
            let (what, measure) = (slots.old.as_ref()?, slots.value.as_ref()?);
            let measured = TABLES.measures(said.raw(measure));
            if measured && what.len() == 1 && is_in("it|this|that|they|these", said.word(what.start)) {
                return Some(Act::Limit(said.raw(measure).to_owned()));
            }
            if TABLES.is_text(said.word(what.end.saturating_sub(1))) && measured {
                return Some(Act::Limit(said.raw(&(what.start..measure.end)).to_owned()));
            }
            // "don't post it in #news, #feeds would be better"
            let only = slots.old.as_ref().and_then(|old| {
                let mut values = old.clone().filter(|at| said.is_value(*at));
                values.next().filter(|_| values.next().is_none())
            });
            let from = only.map(|at| said.raw(&(at..at + 1)).to_owned()).or(old);
            Act::Change { what: String::new(), from: Some(from?), to: value? }
        }
        // "The channel is now #news"
        "told" => {
            let to = value?;
            // "entries that are about politics" tells which.
            let last = slots.what.as_ref().map_or("", |what| said.word(what.end.saturating_sub(1)));
            if is_in("that|which|who|whose", last) {
                return None;
            }
            // "post to Slack that the doc is ready" is an order.
            let what = slots.what.clone()?;
            let first = said.word(what.start);
            let order = TABLES.starts.iter().any(|start| start == first) || is_in("answer|reply|respond", first);
            if order && what.clone().any(|at| said.word(at) == "that") {
                return None;
            }
            let to = ["now ", "actually ", "from now on "].iter().find_map(|word| to.strip_prefix(word)).unwrap_or(&to);
            Act::Change { what: said.raw(&what).to_owned(), from: None, to: to.to_owned() }
        }
        // "The channel is always #news"; "the summary is always too long" only tells why.
        "always" => {
            let first = slots.value.as_ref()?.start;
            let named = said.is_value(first) || said.raw(&(first..first + 1)).starts_with(char::is_uppercase);
            match named {
                true => Act::Fix { what: what?, value },
                false => Act::Change { what: what?, from: None, to: value? },
            }
        }
        "change" => {
            // "to 'Good morning', our team likes that better": why.
            let start = slots.value.as_ref()?.start;
            let whole = said.tokens.get(start).and_then(|token| token.value());
            let remark = matches!(whole, Some(Value::Quoted(_))) && said.mark(start + 1) == Some(Mark::Comma);
            let to =
                if remark && !said.is_value(start + 2) { said.raw(&(start..start + 1)).to_owned() } else { value? };
            Act::Change { what: what?, from: None, to }
        }
        // "refund mails should also land in #refunds"
        "also_to" => Act::Add(format!("send {} to {}", what?, value?)),
        "too" => Act::Change { what: what?, from: None, to: format!("too {}", value?) },
        "limit" => Act::Limit(value?),
        "use" => Act::Use { value: value?, what: None },
        "use_for" => Act::Use { value: value?, what },
        "make" => Act::Make(what?),
        "give" => Act::Give(what?),
        "take_off" => Act::Remove(format!("{} from {}", value?, what?)),
        "remove" | "left" => Act::Remove(what?),
        "needless" => Act::Remove(value?),
        "clear" => Act::Clear(what?),
        "add_to" => Act::AddTo { value: value?, what: what.unwrap_or_default() },
        "cc" => Act::AddTo { value: value?, what: format!("cc of {}", what.unwrap_or_else(|| "it".to_owned())) },
        "add" => Act::Add(what?),
        _ => return None,
    })
}
