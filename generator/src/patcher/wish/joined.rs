//! What only says more of the operation before it.

use super::{
    Act, Operation, phrases,
    tables::{TABLES, is_in},
};
use crate::knowledge::Knowledge;

/// Whether an operation only says more of the one before it, which takes it up.
pub(super) fn joined(known: &Knowledge, last: &mut Operation, next: &Operation) -> bool {
    let lower = next.said.to_lowercase();
    // "bullet points only, max 5": so many of them.
    if let (Act::Do(what), Act::Limit(count)) = (&mut last.act, &next.act)
        && last.only
        && TABLES.is_manner(what)
        && count.chars().all(|c| c.is_ascii_digit())
    {
        what.push_str(&format!(", at most {count}"));
        last.said = format!("{}, {}", last.said, next.said);
        return true;
    }
    // "Gemini writes better poems, use that one"
    if let (Act::Do(_) | Act::Change { .. }, Act::Use { value, what: None }) = (&last.act, &next.act)
        && last.told
        && ["that", "that one", "that instead", "this one", "it", "it instead"].contains(&value.to_lowercase().as_str())
        && let Some(name) = last.said.split_whitespace().next()
        && phrases::service_in(known, name)
    {
        last.act = Act::Use { value: name.to_owned(), what: None };
        (last.told, last.instead) = (false, next.instead.clone());
        last.said = format!("{}, {}", last.said, next.said);
        return true;
    }
    // "The recipient should not be fixed, ask me for it."
    if let (Act::Input(_), Act::Input(it)) = (&last.act, &next.act)
        && matches!(it.to_lowercase().as_str(), "it" | "them" | "that" | "one")
    {
        last.said = format!("{}, {}", last.said, next.said);
        return true;
    }
    // "We moved from Todoist to Linear, create the tasks there instead": the same again.
    let there = lower.trim_end_matches([' ', '.']).trim_end_matches(" instead").trim_end_matches(" now");
    if matches!(last.act, Act::Replace { .. })
        && there.ends_with(" there")
        && matches!(next.act, Act::Do(_) | Act::Add(_))
        && !placed(known, &next.said)
        && next.condition.is_none()
    {
        last.said = format!("{}, {}", last.said, next.said);
        return true;
    }
    // "I no longer want to enter the repository, use acme/app"
    if let (Act::Fix { value: fixed @ None, .. }, Act::Use { value, what: None }) = (&mut last.act, &next.act) {
        *fixed = Some(value.clone());
        last.said = format!("{}, {}", last.said, next.said);
        return true;
    }
    // "remove the server input, use smtp.acme.com"
    if let (Act::Remove(what), Act::Use { value, what: None }) = (&last.act, &next.act)
        && ["input", "question", "field"].iter().any(|word| what.to_lowercase().ends_with(word))
        && next.instead.is_none()
    {
        let (what, value) = (what.clone(), Some(value.clone()));
        last.said = format!("{}, {}", last.said, next.said);
        last.act = Act::Fix { what, value };
        return true;
    }
    // "stop messaging me about tiny changes, only price drops": what it is to be about.
    if let (Act::Remove(what), Act::Do(of)) = (&last.act, &next.act)
        && next.only
        && next.condition.is_none()
        && last.condition.as_deref().is_some_and(|condition| condition.starts_with("if it is about "))
        && !placed(known, of)
    {
        let (what, of) = (what.clone(), of.clone());
        last.condition = Some(format!("if it is about {of}"));
        last.said = format!("only {what} if it is about {of}");
        (last.act, last.only) = (Act::Do(what), true);
        return true;
    }
    // "the topic is always X, don't ask me"
    if let (Act::Change { .. } | Act::Fix { .. } | Act::Use { .. }, Act::Remove(asks)) = (&last.act, &next.act)
        && phrases::asks(asks)
    {
        if let Act::Change { what, to, .. } = &last.act {
            last.act = Act::Fix { what: what.clone(), value: Some(to.clone()) };
        }
        last.said = format!("{}, {}", last.said, next.said);
        last.told = false;
        return true;
    }
    // "don't ask me again, ask Anna": nobody else can be asked, and nothing is left unchecked.
    if let (Act::Remove(asks), _) | (_, Act::Remove(asks)) = (&last.act, &next.act)
        && phrases::asks(asks)
    {
        let (asks, first) = (asks.clone(), phrases::asks_other(&last.said));
        if first || phrases::asks_other(&next.said) {
            let (no, other) = if first { (&next.said, &last.said) } else { (&last.said, &next.said) };
            let said = format!("{no}, {other}");
            *last = Operation { said, act: Act::Remove(asks), told: false, ..next.clone() };
            return true;
        }
    }
    // "create drafts, don't send them": a draft in the place of what sends.
    if let (Act::Do(_) | Act::Add(_), Act::Remove(what)) = (&last.act, &next.act)
        && last.said.split_whitespace().any(|word| is_in("draft|drafts", word))
        && ["send", "send it", "send them", "send anything", "sending", "sending it", "sending them"]
            .contains(&what.as_str())
        && next.condition.is_none()
    {
        last.said = format!("{}, {}", last.said, next.said);
        return true;
    }
    // "generate an image for it and attach it"
    if let (Act::Do(_) | Act::Add(_), "attach it" | "attach that") = (&last.act, lower.trim_end_matches('.'))
        && let Some((_, object)) = last.said.clone().split_once(' ')
    {
        last.asked = Some(format!("{} and {}", last.said, next.said));
        last.said = format!("attach {object}");
        last.act = Act::Do(last.said.clone());
        return true;
    }
    // "an image would be nice, generate one that fits": the same again.
    if let (Act::Add(_), Act::Do(text)) = (&last.act, &next.act)
        && ["generate one", "create one", "make one", "draw one", "add one", "write one"]
            .iter()
            .any(|verb| text.starts_with(verb))
        && next.condition.is_none()
        && !placed(known, text)
    {
        last.said = format!("{}, {}", last.said, next.said);
        return true;
    }
    // "Don't send it right away, create a draft": what is done then.
    if let (Act::Remove(_), Act::Do(_) | Act::Add(_) | Act::Approve(_)) = (&last.act, &next.act)
        && phrases::hastens(&last.said).is_some()
    {
        *last = Operation { said: format!("{}, {}", last.said, next.said), ..next.clone() };
        return true;
    }
    // "the subject is awful, it should read X": what it becomes.
    if let Act::Change { what, from: None, .. } = &last.act
        && last.told
        && let Some(to) = becomes(&next.act)
    {
        last.act = Act::Change { what: what.clone(), from: None, to };
        last.said = format!("{}, {}", last.said, next.said);
        last.told = false;
        return true;
    }
    // "it never rhymes, fix that": what it should do.
    if phrases::mends(&lower)
        && last.told
        && let Some(act) = phrases::contrary(known, &last.said)
    {
        last.said = format!("{}, {}", last.said, next.said);
        (last.act, last.told) = (act, false);
        return true;
    }
    // "Slack is no longer used, remove everything that has to do with it"; "no schedule, I'll start it by hand"
    match (&last.act, &next.act) {
        // "delete the wait, the alert should go out at once"
        (Act::Remove(what), Act::Do(_) | Act::Change { .. })
            if phrases::is_delay(what) && phrases::at_once(&next.said) && !placed(known, &next.said) =>
        {
            return true;
        }
        (Act::Remove(_), Act::Remove(more)) if phrases::of_it(more) => return true,
        // "remove the Doc, I only need the summary": why.
        (Act::Remove(_), Act::Add(_) | Act::Do(_) | Act::Limit(_))
            if !placed(known, &next.said)
                && [
                    "i only need ",
                    "i just need ",
                    "i only want the ",
                    "i just want the ",
                    "we only need ",
                    "we just need ",
                ]
                .iter()
                .any(|lead| lower.starts_with(lead)) =>
        {
            return true;
        }
        // "drop the condition, every feedback should become a ticket": what is so then.
        (Act::Remove(what), Act::Do(_) | Act::Change { .. })
            if !placed(known, &next.said)
                && ["condition", "filter", "check", "if"].iter().any(|word| what.to_lowercase().ends_with(word))
                && ["every ", "all ", "each ", "everything ", "any "].iter().any(|lead| lower.starts_with(lead)) =>
        {
            last.said = format!("{}, {}", last.said, next.said);
            return true;
        }
        (Act::Pause, Act::Pause) => return true,
        (Act::Remove(what), Act::Pause) if phrases::is_schedule(what) => return true,
        _ => {}
    }
    // "The step 'Put into words' is badly named, call it 'Compose'"
    if let (Act::Change { what, .. }, Act::Rename { what: it, .. }) = (&last.act, &next.act)
        && last.told
        && it == "it"
        && what.contains(['"', '“', '\'', '‘'])
    {
        let (what, mut renamed) = (what.clone(), next.clone());
        if let Act::Rename { what: it, .. } = &mut renamed.act {
            *it = what;
        }
        *last = Operation { said: format!("{}, {}", last.said, next.said), ..renamed };
        return true;
    }
    // "No mail any more, I just want the summary as output": why.
    match (&last.act, &next.act) {
        (Act::Remove(_), Act::OnlyOutput(_)) => return true,
        (Act::OnlyOutput(_), Act::Remove(_)) => {
            *last = next.clone();
            return true;
        }
        _ => {}
    }
    // "We left Discord, use Slack": the one for the other.
    if let (Act::Remove(old), Act::Use { value: new, what: None }) = (&last.act, &next.act)
        && next.instead.is_none()
        && [old, new].iter().all(|text| phrases::service_in(known, text))
    {
        let (old, new) = (old.clone(), new.clone());
        last.said = format!("{} {}", last.said, next.said);
        last.act = Act::Replace { old, new };
        return true;
    }
    // "Mail it to me, no longer a Slack message"
    if let Act::Remove(old) = &next.act
        && (lower.starts_with("no longer ") || lower.starts_with("no more "))
        && matches!(last.act, Act::Do(_) | Act::Use { .. } | Act::AddTo { .. } | Act::Add(_))
        && last.instead.is_none()
        && last.condition.is_none()
        && phrases::noun_first(known, old)
    {
        last.instead = Some(old.clone());
        last.said = format!("{}, {}", last.said, next.said);
        return true;
    }
    // "Prices under 30 are a glitch, ignore those"
    if let (Act::Change { what, .. }, Act::Do(_) | Act::Remove(_)) = (&last.act, &next.act)
        && let Some(verb) = phrases::of_those(&next.said)
    {
        last.act = Act::Do(format!("{verb} {what}"));
        (last.told, last.condition) = (false, next.condition.clone());
        last.said = format!("{}, {}", last.said, next.said);
        return true;
    }
    // "The output is called Summary, I want it to be Mentions"
    if let (Act::Change { what, to, .. }, Act::Do(text)) = (&last.act, &next.act)
        && last.told
        && (last.said.contains(" called ") || last.said.contains(" named "))
        && let Some(name) = text.strip_prefix("be ")
    {
        last.act = Act::Rename { what: format!("{what} {to}"), to: name.to_owned() };
        last.said = format!("{}, {}", last.said, next.said);
        last.told = false;
        return true;
    }
    // "I do not want Slack messages. Send me an email instead."
    let placed_anew = match &next.act {
        Act::Do(new) | Act::Use { value: new, .. } => Some(new.clone()),
        // "nobody reads the mail, put the results in a Google Sheet instead"
        Act::AddTo { .. } => Some(next.said.trim_end_matches('.').trim_end_matches(" instead").to_owned()),
        _ => None,
    };
    if next.instead.as_deref() == Some("")
        && let (Some(new), Act::Remove(old)) = (placed_anew, &last.act)
    {
        let old = old.clone();
        last.said = format!("{} {}", last.said, next.said);
        last.act = Act::Replace { old, new };
        return true;
    }
    // "Check if X, and only do Y if it is."
    let same = next.condition.as_deref().is_some_and(|condition| {
        let words = condition.to_lowercase();
        ["if it is", "if so", "if yes", "if it does", "if that is the case", "if true", "in that case"]
            .contains(&words.as_str())
    });
    if same && last.condition.is_some() {
        last.act = next.act.clone();
        last.only |= next.only;
        last.said = format!("{}, {}", last.said, next.said);
        return true;
    }
    // "Add a Discord message. It should say …"
    if let (Act::Add(what) | Act::Do(what), Act::Change { what: of, to, .. }) = (&mut last.act, &next.act)
        && quoted(to)
        && ["the ", "it ", "its "].iter().any(|subject| next.said.to_lowercase().starts_with(subject))
        && [
            "the message",
            "it",
            "the text",
            "the email",
            "the mail",
            "the note",
            "the notification",
            "the comment",
            "the subject",
        ]
        .contains(&of.to_lowercase().as_str())
        && !what.contains(['"', '“'])
        && !last.only
        && (of.to_lowercase() != "the subject" || last.said.to_lowercase().contains("mail"))
    {
        let subject = of.to_lowercase() == "the subject";
        what.push_str(&if subject { format!(" with the subject {to}") } else { format!(" that says {to}") });
        last.said = format!("{}. {}", last.said, next.said);
        return true;
    }
    false
}

/// Whether a place, an address or a service is named.
pub(super) fn placed(known: &Knowledge, text: &str) -> bool {
    text.contains(['#', '@']) || phrases::service_in(known, text)
}

fn quoted(text: &str) -> bool {
    text.trim().starts_with(['"', '“', '\'', '‘', '`'])
}

/// "read \"Hi\"" behind "it should", "change it to Hi": what becomes of what was spoken of.
fn becomes(act: &Act) -> Option<String> {
    match act {
        Act::Do(text) => {
            let to = ["read ", "say ", "be "].iter().find_map(|verb| text.strip_prefix(verb)).unwrap_or(text);
            quoted(to).then(|| to.to_owned())
        }
        Act::Make(text) => text.strip_prefix("it ").filter(|to| quoted(to)).map(str::to_owned),
        Act::Change { what, from: None, to } => {
            matches!(what.to_lowercase().as_str(), "it" | "that" | "this").then(|| to.clone())
        }
        _ => None,
    }
}
