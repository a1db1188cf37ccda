//! Things and orders said in other ways: "a step that sends it", "a report sent", "anything that mentions a refund".

use super::{
    Act, Place,
    tables::{TABLES, is_in},
};
use crate::knowledge::Knowledge;

/// "a step that sends it to Slack": what the step does.
pub(super) fn relative(what: &str) -> Option<String> {
    let words: Vec<&str> = what.split(' ').collect();
    let at = words.iter().position(|word| matches!(*word, "that" | "which" | "to"))?;
    let is_step = |word: &&str| {
        matches!(word.to_lowercase().as_str(), "step" | "node" | "block" | "action" | "one" | "something" | "stage")
    };
    let step = words.get(..at)?.iter().any(is_step);
    let rest = words.get(at + 1..)?.join(" ");
    (step && at <= 4 && !rest.is_empty()).then_some(rest)
}

/// "a note at the end that says Hi": the place stands in the middle.
pub(super) fn lifted(text: &str) -> Option<(String, Place)> {
    let lower = text.to_lowercase();
    for (words, place) in [
        (" at the end ", Place::End),
        (" at the very end ", Place::End),
        (" as the last step ", Place::End),
        (" afterwards ", Place::End),
        (" as a last step ", Place::End),
        (" at the start ", Place::Start),
        (" at the beginning ", Place::Start),
        (" as the first step ", Place::Start),
    ] {
        let Some(at) = lower.find(words) else { continue };
        let quoted = lower.get(..at).unwrap_or_default().matches(['"', '“', '”']).count() % 2 == 1;
        let rest = text.get(at + words.len()..)?;
        let goes_on = ["that ", "which ", "saying ", "with ", "to ", "of ", "in "]
            .iter()
            .any(|word| rest.to_lowercase().starts_with(word));
        if !quoted && goes_on {
            return Some((format!("{} {rest}", text.get(..at)?), place));
        }
    }
    None
}

/// "an email as well for each post": the order without the words that only add it.
pub(super) fn added(text: &str) -> Option<String> {
    let (before, after) = [" as well ", " too "].iter().find_map(|word| text.split_once(word))?;
    let quoted = before.matches(['"', '“', '”']).count() % 2 == 1;
    let goes_on = after.split(' ').next().is_some_and(|word| {
        matches!(word, "for" | "to" | "with" | "in" | "on" | "about" | "that" | "which" | "when" | "every" | "each")
    });
    (!quoted && goes_on).then(|| format!("{before} {after}"))
}

/// "post a copy to #log": the same goes there too.
pub(super) fn copied(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let (at, word) =
        [" a copy", " another copy", " one copy"].iter().find_map(|word| Some((lower.find(word)?, word)))?;
    let (before, after) = (text.get(..at)?, text.get(at + word.len()..)?);
    if after.starts_with(" of") || after.starts_with(char::is_alphanumeric) || before.split(' ').count() > 3 {
        return None;
    }
    // "send me a copy"
    Some(match ["me", "us", "him", "her", "them"].iter().find_map(|who| Some((before.strip_suffix(*who)?, who))) {
        Some((verb, who)) if after.trim().is_empty() => format!("{verb}it to {who}"),
        Some((verb, _)) => format!("{verb}it{after}"),
        None => format!("{before} it{after}"),
    })
}

/// "a Slack message that says Hi": the order, and what is said.
pub(in crate::patcher) fn saying(text: &str) -> Option<(&str, &str)> {
    let lower = text.to_lowercase();
    let words = [
        " that says ",
        " which says ",
        " saying ",
        " that reads ",
        " with the text ",
        " with the message ",
        " with the content ",
        " stating ",
        " that tells ",
        " to say ",
    ];
    // "post to #docs that the doc is ready"
    let mut first = lower.split(' ');
    let tells =
        matches!((first.next(), first.next()), (Some("post" | "write" | "say" | "announce"), Some("to" | "in" | "on")));
    // "tweet that a new video is out"
    let mut first = lower.split(' ');
    let announces =
        matches!((first.next(), first.next()), (Some("tweet" | "post" | "announce" | "say" | "write"), Some("that")));
    let words = words.iter().chain((tells || announces).then_some(&" that "));
    let Some((at, word)) = words.filter_map(|word| lower.find(word).map(|at| (at, word))).min() else {
        return says_quoted(text);
    };
    let said = text.get(at + word.len()..)?.trim();
    let said = said.strip_prefix("that ").unwrap_or(said);
    (!said.is_empty()).then_some((text.get(..at)?, said))
}

/// "mail me \"The page is down\"": who is told, and what.
fn says_quoted(text: &str) -> Option<(&str, &str)> {
    let at = text.find(['"', '“'])?;
    let (order, said) = text.split_at(at);
    let mut words = order.split_whitespace();
    let verb = words.next()?.to_lowercase();
    let whom = words.next().is_some_and(|who| matches!(who, "me" | "us" | "them" | "everyone") || who.starts_with('#'));
    let tells = matches!(verb.as_str(), "mail" | "email" | "text" | "message" | "ping" | "tell" | "send" | "dm");
    let whole = said.trim().trim_end_matches('.').ends_with(['"', '”']);
    (tells && whom && whole && words.next().is_none()).then_some((order.trim(), said))
}

/// "an email report sent and the result written to a Google Sheet": orders, each with its verb in front.
pub(super) fn done(known: &Knowledge, what: &str) -> Option<Vec<String>> {
    let parts: Vec<&str> = what.split(" and ").flat_map(|part| part.split(", ")).collect();
    let order = |part: &&str| -> Option<String> {
        let words: Vec<&str> = part.split_whitespace().collect();
        // "label reviewed" is a label, "the result written down" is written down.
        let first = words.first()?.to_lowercase();
        if !["a", "an", "the", "my", "its", "all", "each", "every"].contains(&first.as_str()) {
            return None;
        }
        let at = (1..words.len()).find(|at| {
            let next = words.get(at + 1).map(|word| word.to_lowercase());
            let ends = next.is_none_or(|next| {
                matches!(
                    next.as_str(),
                    "to" | "in"
                        | "into"
                        | "on"
                        | "by"
                        | "as"
                        | "with"
                        | "via"
                        | "at"
                        | "from"
                        | "automatically"
                        | "back"
                )
            });
            // "saying that it has started" tells of something else.
            let helped = words.get(at - 1).is_some_and(|word| {
                matches!(
                    word.to_lowercase().as_str(),
                    "has" | "have" | "had" | "is" | "are" | "was" | "were" | "been" | "be" | "get" | "gets" | "got"
                )
            });
            ends && !helped
                && words.get(*at).is_some_and(|word| known.vocabulary.participle(&word.to_lowercase()).is_some())
        })?;
        let verb = known.vocabulary.participle(&words.get(at)?.to_lowercase())?;
        Some(format!("{verb} {} {}", words.get(..at)?.join(" "), words.get(at + 1..)?.join(" ")).trim().to_owned())
    };
    parts.iter().map(order).collect()
}

/// "escalate anything that mentions a refund to billing@example.com": the condition, and what happens then.
pub(super) fn selected(text: &str) -> Option<(String, String)> {
    let lower = text.to_lowercase();
    let nouns = [
        "anything ",
        "everything ",
        "whatever ",
        "any message ",
        "any mail ",
        "any email ",
        "messages ",
        "mails ",
        "emails ",
        "every message ",
        "every mail ",
        "those ",
        "all messages ",
    ];
    let (at, noun) = nouns.iter().filter_map(|noun| lower.find(&format!(" {noun}")).map(|at| (at + 1, noun))).min()?;
    let after = text.get(at + noun.len()..)?;
    let clause = ["that ", "which ", "who "].iter().find_map(|word| after.strip_prefix(word))?;
    let lower_clause = clause.to_lowercase();
    let end = [
        " straight to ",
        " directly to ",
        " by email",
        " by mail",
        " by e-mail",
        " on slack",
        " via ",
        " to #",
        " to @",
        " on discord",
        " on telegram",
    ]
    .iter()
    .filter_map(|word| lower_clause.find(word))
    .chain(address(clause))
    .min()?;
    let verb = text.get(..at)?.trim();
    let verb = match verb.split_whitespace().next().map(str::to_lowercase).as_deref() {
        Some("escalate" | "route" | "flag" | "report" | "pass" | "forward" | "direct" | "copy" | "hand") => "send it",
        _ => verb,
    };
    let plural = noun.trim().ends_with('s') && !noun.starts_with("any") && !noun.starts_with("every");
    let condition = clause.get(..end)?;
    let condition = if plural {
        condition.replacen("mention ", "mentions ", 1).replacen("are ", "is ", 1)
    } else {
        condition.to_owned()
    };
    let rest = clause.get(end..)?.trim().replacen("straight to", "to", 1).replacen("directly to", "to", 1);
    Some((format!("if it {condition}"), format!("{verb} {rest}")))
}

/// Where " to an@address" begins.
fn address(clause: &str) -> Option<usize> {
    let at = clause.find('@')?;
    let before = clause.get(..at)?;
    before.rfind(" to ")
}

/// "everything that has to do with it": all of what was said before.
pub(super) fn of_it(what: &str) -> bool {
    let lower = what.trim().to_lowercase();
    let heap = ["everything ", "anything ", "all ", "whatever "].iter().any(|heap| lower.starts_with(heap));
    heap && [" it", " them", " that", " this"].iter().any(|end| lower.ends_with(end))
}

/// "the wait", "the 5-minute delay": what holds back for a time.
pub(super) fn is_delay(what: &str) -> bool {
    let lower = what.to_lowercase();
    ["wait", "delay", "pause", "timer"].iter().any(|word| lower.contains(word))
}

/// How people say that something is not to be waited for.
pub(in crate::patcher) const AT_ONCE: [&str; 8] =
    ["right away", "straight away", "immediately", "directly", "at once", "straight", "as it comes", "without delay"];

/// "don't send it right away": what is not to be done at once.
pub(in crate::patcher) fn hastens(said: &str) -> Option<String> {
    let lower = said.to_lowercase();
    let denies = ["don't ", "don’t ", "dont ", "do not ", "never ", "not "];
    let order = denies.iter().find_map(|no| lower.strip_prefix(no))?;
    let hasty = AT_ONCE.iter().any(|words| order.trim_end_matches(['.', '!']).ends_with(words));
    order.split(' ').next().filter(|_| hasty).map(str::to_owned)
}

/// "it should go out at once": what a delay that is gone was about.
pub(super) fn at_once(text: &str) -> bool {
    let lower = text.to_lowercase();
    let goes = ["go out", "be sent", "be posted", "come", "send it", "post it", "happen"].iter();
    goes.into_iter().any(|words| lower.contains(words)) && AT_ONCE.iter().any(|words| lower.ends_with(words))
}

/// "a schedule": what the agent runs by.
pub(in crate::patcher) fn is_schedule(what: &str) -> bool {
    let lower = what.trim().to_lowercase();
    let bare = ["the ", "a ", "its ", "my ", "any "].iter().find_map(|word| lower.strip_prefix(word)).unwrap_or(&lower);
    matches!(bare, "schedule" | "scheduling" | "timer" | "cron" | "schedule trigger" | "time trigger")
}

/// "ask me": what is not wanted any more is a question.
pub(in crate::patcher) fn asks(what: &str) -> bool {
    let lower = what.trim().trim_end_matches(['.', '!']).to_lowercase();
    let mut words = lower.split(' ');
    matches!(words.next(), Some("ask" | "asking"))
        && words.all(|word| {
            matches!(word, "me" | "us" | "again" | "anymore" | "for" | "it" | "that" | "every" | "time" | "about")
        })
}

/// "ask Anna", "Anna should approve it": whether a part wants another person to look.
pub(in crate::patcher) fn asks_other(said: &str) -> bool {
    said.to_lowercase().split([',', '.', ';']).any(|part| {
        let mut words = part.split_whitespace().skip_while(|word| matches!(*word, "please" | "just" | "but" | "and"));
        let first = words.next().unwrap_or_default();
        let mut words = words.peekable();
        if matches!(words.peek(), Some(&"me" | &"us")) {
            return false;
        }
        let looks = |word: &str| is_in(&TABLES.consents, word) || is_in(&TABLES.sees, word) || word == "decide";
        first == "ask" && words.peek().is_some()
            || matches!(first, "let" | "have" | "get") && words.any(looks)
            || words.by_ref().any(|word| matches!(word, "should" | "must" | "can" | "will" | "shall"))
                && words.any(looks)
    })
}

/// "please fix that": nothing but that something is to be made better.
pub(super) fn mends(said: &str) -> bool {
    let words = said.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut words = words.skip_while(|word| matches!(*word, "please" | "can" | "could" | "you" | "so" | "pls"));
    matches!(words.next(), Some("fix" | "change" | "correct" | "improve" | "solve"))
        && words.all(|word| matches!(word, "that" | "it" | "this" | "please" | "pls" | "now" | "you" | "can" | "could"))
}

/// "it never rhymes", "it doesn't mention the price": what it should do, as an order.
pub(super) fn contrary(known: &Knowledge, told: &str) -> Option<Act> {
    let lower = told.to_lowercase().replace('’', "'");
    let denies = [" never ", " doesn't ", " does not ", " doesnt ", " don't ", " do not ", " didn't ", " did not "];
    let (at, length) = denies.iter().filter_map(|no| Some((lower.find(no)?, no.len()))).min()?;
    let rest = told.get(at + length..)?.trim_end_matches(['.', '!']);
    let (first, object) = rest.split_once(' ').unwrap_or((rest, ""));
    let bare = [first.strip_suffix("es"), first.strip_suffix('s')].into_iter().flatten();
    let verb = bare.into_iter().find(|verb| known.vocabulary.orders(verb)).or(first.strip_suffix('s'));
    let verb = verb.filter(|_| !known.vocabulary.orders(first)).unwrap_or(first);
    // "it does not work, fix it" says nothing.
    if matches!(
        verb,
        "work" | "function" | "run" | "help" | "do" | "exist" | "matter" | "happen" | "start" | "stop" | "seem"
    ) {
        return None;
    }
    Some(match object {
        "" => Act::Make(format!("it {verb}")),
        _ => Act::Do(format!("{verb} {object}")),
    })
}

/// "ignore those": the verb, where what it is about was said before.
pub(super) fn of_those(said: &str) -> Option<&'static str> {
    let lower = said.trim().to_lowercase();
    let (verb, object) = lower.rsplit_once(' ')?;
    let those = matches!(object, "those" | "them" | "these" | "it" | "such" | "that");
    let verb = match verb.rsplit(' ').next().filter(|_| verb.split(' ').count() < 4)? {
        "ignore" | "skip" | "drop" | "discard" | "exclude" | "reject" => "ignore",
        _ if verb.ends_with("leave") || verb.ends_with("filter") => "ignore",
        _ => return None,
    };
    those.then_some(verb)
}

/// "one that polishes it": the order that it does.
pub(in crate::patcher) fn of_one(known: &Knowledge, text: &str) -> Option<String> {
    let lower = text.trim().to_lowercase();
    let rest =
        ["one that ", "one which ", "one to ", "a step that ", "a second that ", "another that ", "a second one that "]
            .iter()
            .find_map(|opener| lower.strip_prefix(opener))?;
    let (verb, object) = rest.split_once(' ').unwrap_or((rest, "it"));
    let plain = [verb.strip_suffix("es"), verb.strip_suffix('s')]
        .into_iter()
        .flatten()
        .find(|verb| known.vocabulary.orders(verb))
        .unwrap_or(verb);
    Some(format!("{plain} {object}"))
}

/// "a comment", "one that mails it"
pub(super) fn is_new(value: &str) -> bool {
    let lower = value.to_lowercase();
    let new = ["a ", "an ", "another ", "one ", "some ", "one more "].iter().any(|word| lower.starts_with(word));
    new && !value.contains('@') && !value.contains('#')
}

/// Words for a text of its own: in front of another, and in it or behind it.
const FRONT: [&str; 8] = ["title", "heading", "headline", "header", "greeting", "intro", "introduction", "prefix"];
const BEHIND: [&str; 10] =
    ["line", "sentence", "text", "footer", "signature", "suffix", "hashtag", "disclaimer", "emoji", "words"];

/// "a title \"Best of\"": words that come into a text which is there. Whether they stand in front of it.
pub(in crate::patcher) fn wording(value: &str) -> Option<bool> {
    let end = value.find(['"', '“'])?;
    let noun = value.get(..end)?.split_whitespace().last()?.to_lowercase();
    let front = FRONT.contains(&noun.as_str());
    (front || BEHIND.contains(&noun.as_str()) || noun == "word").then_some(front)
}

/// Whether a service is named.
pub(super) fn service_in(known: &Knowledge, text: &str) -> bool {
    let mut words = text.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    words.any(|word| known.vocabulary.service(word).is_some() || known.catalogue.service(word).is_some())
}

/// Whether a text is a thing rather than something that is done.
pub(super) fn noun_first(known: &Knowledge, text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default().to_lowercase();
    matches!(first.as_str(), "a" | "an" | "the" | "any" | "my" | "our")
        || known.vocabulary.service(&first).is_some()
        || !known.vocabulary.orders(&first)
}
