//! "I want to check X before it goes out": a person looks, no language model.

use std::ops::Range;

use super::{
    Act, Place,
    cut::Said,
    tables::{TABLES, is_in},
};

/// Waiting for the person, as a clause that is a consent.
pub(super) const CONSENT: &str = "only if I have approved it";
/// How people say that they have looked.
const LOOKED: &str = "seen|see|looked|look|checked|check|approved|approve|read|reviewed|review|confirmed|confirm|okayed|okay|ok|oked|agreed|agree|accepted|accept|verified|signed|yes";

/// What a person gives who agrees, and what one does who looks.
const CONSENTS: &str = "ok|okay|approval|consent|permission|confirmation|agreement|blessing|sign-off|signoff|okaying|approving|checking|seeing|reviewing|confirming|looking|reading|go-ahead";

/// "nobody should get a reminder before I have seen it": the order that waits for the person.
pub(super) fn waits_for(said: &Said<'_>, core: &Range<usize>, place: Option<&Place>) -> Option<String> {
    let Some(Place::Before(of)) = place else { return without_consent(said, core) };
    let clause = of.to_lowercase().replace(['\'', '’'], " ");
    let mut words = clause.split_whitespace();
    let person = matches!(words.next(), Some("i" | "we"));
    if !person || !words.any(|word| is_in(LOOKED, word)) {
        return None;
    }
    forbidden(said, core)
}

/// The order that is not to be done: "nobody should get a reminder".
fn forbidden(said: &Said<'_>, core: &Range<usize>) -> Option<String> {
    let forbids = |at: usize| {
        said.one_of(
            core,
            at,
            "dont|do not|never|nobody|nothing|no one|no|shouldnt|should not|must not|mustnt|may not|cannot|cant",
        )
    };
    let at = core.clone().take(4).find(|at| forbids(*at) > 0)?;
    let mut start = at + forbids(at);
    while is_in("should|may|must|can|shall|is|are|be|gets|get|receives|receive|to", said.word(start))
        && start + 1 < core.end
    {
        start += 1;
    }
    Some(said.raw(&(start..core.end)).to_owned()).filter(|order| !order.is_empty())
}

/// "don't post without my ok", "nothing goes out without asking me": the order that waits for the person.
fn without_consent(said: &Said<'_>, core: &Range<usize>) -> Option<String> {
    let at = core.clone().rfind(|at| said.word(*at) == "without")?;
    let rest = at + 1..core.end;
    let own = is_in("my|our|me|us|i", said.word(rest.start))
        && rest.clone().skip(1).take(3).any(|at| is_in(CONSENTS, said.word(at)) || said.word(at) == "go");
    let asks = is_in("asking|consulting|checking", said.word(rest.start))
        && is_in("me|us", said.word(rest.end - 1))
        && rest.len() < 5;
    if !own && !asks { None } else { forbidden(said, &(core.start..at)) }
}

/// An approval, where the person is the one who looks. `whole` is the piece with what only introduces it.
pub(super) fn looks(said: &Said<'_>, whole: &Range<usize>, core: &Range<usize>, place: Option<&Place>) -> Option<Act> {
    let group = |name: &str| TABLES.groups.get(name).map_or("", String::as_str);
    let person = (whole.start..=core.start).find_map(|at| {
        (said.one_of(whole, at, group("my_approval")) > 0).then(|| at + said.one_of(whole, at, group("my_approval")))
    })?;
    let mut start = person;
    while is_in("first|personally|still|also|quickly", said.word(start)) {
        start += 1;
    }
    let before = matches!(place, Some(Place::Before(_) | Place::First | Place::Between(..)));
    let looked = start..core.end;
    let consents = said.one_of(&looked, start, &TABLES.consents);
    let sees = if before { said.one_of(&looked, start, &TABLES.sees) } else { 0 };
    let length = consents.max(sees);
    if length == 0 {
        return None;
    }
    let what = said.without_fillers(start + length..core.end);
    let text = said.raw(&what).trim();
    let named = !text.is_empty() && !is_in("it|them|that|this|everything|things", &text.to_lowercase());
    Some(Act::Approve(named.then(|| text.to_owned())))
}

/// "make sure that the post is checked by my boss", "the post must be approved by me": a person looks, no language model.
pub(super) fn by_person(said: &Said<'_>, core: &Range<usize>, place: Option<&Place>) -> Option<Act> {
    let lead = [&TABLES.looks, &TABLES.assures].iter().map(|list| said.one_of(core, core.start, list)).max()?;
    let start = core.start + lead;
    let by = (start..core.end).rfind(|at| said.word(*at) == "by")?;
    let who = core.end - by - 1;
    let person = match said.word(by + 1) {
        "me" | "us" | "someone" | "somebody" => who == 1,
        "my" | "our" => !is_in("ai|model|bot|agent|assistant|script|tool", said.word(core.end - 1)) && who < 4,
        "a" | "an" | "the" => is_in("human|person|editor|boss|manager|team|colleague|lawyer", said.word(core.end - 1)),
        _ => false,
    };
    let verb = (start..by).rfind(|at| !is_in("off|personally|first|manually", said.word(*at)))?;
    let before = matches!(place, Some(Place::Before(_) | Place::First | Place::Between(..)));
    let agrees =
        is_in("approved|checked|confirmed|okayed|reviewed|accepted|verified|signed|proofread", said.word(verb))
            || before && is_in(LOOKED, said.word(verb));
    let passive = |at: usize| is_in("is|are|be|been|gets|get|was|were", said.word(at));
    let mut end = verb;
    while end > start && (passive(end - 1) || is_in("has|have|had|to|also|first|should|must|needs", said.word(end - 1)))
    {
        end -= 1;
    }
    let asked = lead > 0 || (end..verb).any(|at| is_in("should|must|has|have|needs", said.word(at)));
    if !person || !agrees || !asked || !(end..verb).any(passive) {
        return None;
    }
    let what = said.raw(&(start..end)).trim().to_owned();
    let named = !what.is_empty() && !is_in("it|them|that|this|everything|things", &what.to_lowercase());
    Some(Act::Approve(named.then_some(what)))
}
