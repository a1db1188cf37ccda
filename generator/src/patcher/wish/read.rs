//! The pieces of a wish, read as operations.

use std::ops::Range;

use super::{
    Act, Operation,
    acts::{act, starts},
    against, asked, clauses,
    cut::{Said, is_order, made_it, makes_it},
    forms::{form, idiom},
    fragment,
    joined::{joined, placed},
    lead,
    peel::Beside,
    person, phrases,
    questions::{asks, is_question},
    rest::rest,
    scope,
    split::{again, pieces},
    tables::{TABLES, is_in},
    when::schedule,
};
use shared::limits::{CHANGES, TooMany};

use crate::{knowledge::Knowledge, reading::Mark};

/// The operations that a wish asks for, in order. Fails as soon as they are too many.
pub(in crate::patcher) fn read(known: &Knowledge, wish: &str) -> Result<Vec<Operation>, TooMany> {
    let cases = asked::cases(known, &Said::of(wish));
    let said = Said::of(cases.as_deref().unwrap_or(wish));
    let mut all: Vec<Operation> = Vec::new();
    let (mut heading, mut sentence, mut parts) = (false, 0, 0);
    // What stands in front of a sentence holds for all that it asks for.
    let mut front = Beside::default();
    let mut verb_of: Option<Range<usize>> = None;
    let pieces = pieces(known, &said);
    let count = pieces.len();
    for (at, span) in pieces.into_iter().enumerate() {
        let opens = said.without_fillers(span.clone()).start;
        let then = at > 0 && (sentence..opens).any(|at| said.word(at) == "then");
        let ends =
            (sentence..span.start).any(|at| matches!(said.mark(at), Some(Mark::Stop | Mark::Semicolon | Mark::Line)));
        if ends {
            front = Beside::default();
            verb_of = None;
        }
        sentence = span.end;
        let is_heading = said.mark(span.end) == Some(Mark::Colon);
        // "change the time to 8, the text to Hi": the second without its verb.
        let verb = verb_of.as_ref().and_then(|first| again(&said, first, &span));
        let whole = verb.map(|verb| format!("{verb} {}", said.raw(&span)));
        let completed = whole.as_deref().map(Said::of);
        if verb.is_none() {
            verb_of = Some(span.clone());
        }
        let (said, span) = match &completed {
            Some(said) => (said, 0..said.tokens.len()),
            None => (&said, span),
        };
        for mut operation in operations(known, said, span, &mut front) {
            operation.then |= then;
            // "do it for each record: …": what follows only tells it again.
            if heading && let Some(last) = all.last_mut() {
                if matches!(last.act, Act::Each(_) | Act::Split { .. }) {
                    last.said.push_str(if parts == 0 { ": " } else { ", then " });
                    last.said.push_str(&operation.said);
                    parts += 1;
                    continue;
                }
                // "Add error handling: …": what follows says it.
                all.pop();
                heading = false;
            }
            if let Some(last) = all.last_mut()
                && (joined(known, last, &operation) || further(last, &operation))
            {
                continue;
            }
            if let Some(otherwise) = otherwise(known, all.last(), &operation) {
                all.extend(otherwise);
                continue;
            }
            all.push(operation);
            if all.len() > CHANGES.most {
                return CHANGES.check(all.len() + count - at - 1).map(|()| all);
            }
        }
        if is_heading {
            (heading, parts) = (true, 0);
        }
    }
    all.retain(|operation| operation.act != Act::Keep);
    Ok(all)
}

/// "Tell me on Slack. Only if it is urgent.": the case in which the order before is done.
fn further(last: &mut Operation, next: &Operation) -> bool {
    let alone = next.only && next.condition.as_deref() == Some(next.said.as_str());
    let open = matches!(last.act, Act::Do(_) | Act::Add(_)) && last.condition.is_none() && last.failure.is_none();
    if alone && open {
        last.condition.clone_from(&next.condition);
        last.said = format!("{}, {}", last.said, next.said);
    }
    alone && open
}

/// "…, otherwise X": what is done in the other case of the order before; nothing where it stays as it is.
fn otherwise(known: &Knowledge, last: Option<&Operation>, next: &Operation) -> Option<Vec<Operation>> {
    let rest = ["otherwise ", "else "]
        .iter()
        .find_map(|lead| next.said.to_lowercase().starts_with(lead).then_some(lead.len()))?;
    let rest = next.said.get(rest..)?;
    let condition = last?.condition.as_deref()?;
    if clauses::is_idle(rest) {
        return Some(Vec::new());
    }
    let clause = clauses::bare_condition(condition);
    let said = Said::of(rest);
    let mut operation = operation(known, &said, 0..said.tokens.len())?;
    operation.said.clone_from(&next.said);
    operation.condition = Some(match clause.strip_prefix("unless ") {
        Some(clause) => format!("if {clause}"),
        None => format!("unless {clause}"),
    });
    operation.also = true;
    Some(vec![operation])
}

/// Whether something is told of something: "it is too long", "the feed changes often".
pub(in crate::patcher) fn tells(known: &Knowledge, text: &str) -> bool {
    let said = Said::of(text);
    let pronoun = is_in("i|we|you|he|she|it|they|this|that|these|those|there|nobody|everybody|everyone", said.word(0));
    pronoun
        || (0..said.tokens.len())
            .any(|at| is_in(&TABLES.tells, said.word(at)) || known.vocabulary.is_finite(said.word(at)))
}

/// The operations of a piece: one, but for "A sent and B written down".
fn operations(known: &Knowledge, said: &Said<'_>, span: Range<usize>, front: &mut Beside) -> Vec<Operation> {
    let span = match scope::scope(said, &span) {
        Some((scope, rest)) => {
            front.scope = Some(scope);
            rest
        }
        None => span,
    };
    let Some(mut operation) = operation(known, said, span.clone()) else { return Vec::new() };
    operation.scope.clone_from(&front.scope);
    let placed = operation.place.is_some() || operation.condition.is_some() || operation.failure.is_some();
    operation.told = !placed
        && operation.asked.is_none()
        && matches!(operation.act, Act::Do(_) | Act::Change { .. })
        && is_statement(known, said, &span);
    if let Act::Do(text) = &operation.act
        && operation.condition.is_none()
        && let Some((condition, then)) = phrases::selected(text)
    {
        (operation.condition, operation.act, operation.also) = (Some(condition), Act::Do(then), true);
    }
    let own = operation.condition.is_some() || operation.failure.is_some() || operation.place.is_some();
    if own {
        // What stands behind an order holds for that one alone.
        let opens = leads(said, &span) && operation.condition.as_deref() != Some(operation.said.as_str());
        *front = Beside {
            scope: front.scope.take(),
            condition: operation.condition.clone().filter(|_| opens),
            failure: operation.failure.clone().filter(|_| opens),
            ..Beside::default()
        };
    } else {
        (operation.condition, operation.failure) = (front.condition.clone(), front.failure.clone());
    }
    if let Act::Add(what) = &operation.act
        && let Some(orders) = phrases::done(known, what)
    {
        let one = |order: String| Operation { act: Act::Do(order), also: true, ..operation.clone() };
        return orders.into_iter().map(one).collect();
    }
    vec![operation]
}

/// Whether a piece begins with a clause that says when or if.
fn leads(said: &Said<'_>, span: &Range<usize>) -> bool {
    let bare = said.without_fillers(span.clone());
    said.one_of(&bare, bare.start, &TABLES.subordinators) > 0
        || said.one_of(&bare, bare.start, "on failure|on error|on an error|in case of") > 0
}

fn operation(known: &Knowledge, said: &Said<'_>, span: Range<usize>) -> Option<Operation> {
    let bare = said.without_fillers(span.clone());
    if bare.is_empty() {
        return None;
    }
    let text = said.raw(&bare).to_owned();
    // "only if the pull request is no draft", with more behind it: nothing goes on otherwise.
    if said.one_of(&bare, bare.start, "only if|only when") > 0
        && !bare.clone().any(|at| said.mark(at).is_some())
        && lead::end(known, said, &bare).is_none()
    {
        let condition = Some(text.clone());
        return Some(made(text, Act::Do("go on".to_owned()), Beside { condition, only: true, ..Beside::default() }));
    }
    if let Some((order, reworded)) = asked::turned(known, said, &bare) {
        let order = Said::of(&order);
        let operation = operation(known, &order, 0..order.tokens.len());
        return operation.map(|operation| match reworded {
            true => Operation { asked: Some(text), ..operation },
            false => Operation { said: text, ..operation },
        });
    }
    if let Some(turned) = against::turned(known, said, &bare) {
        let turned = Said::of(&turned);
        let operation = operation(known, &turned, 0..turned.tokens.len());
        return operation.map(|operation| Operation { said: text, ..operation });
    }
    if let Some(order) = idiom(said, &bare) {
        let order = Said::of(&order);
        let operation = operation(known, &order, 0..order.tokens.len());
        return operation.map(|operation| Operation { asked: Some(text), ..operation });
    }
    let mut beside = Beside::default();
    if is_question(said, &bare) && said.word(span.end) == "?" || asks(said, &bare) {
        return Some(made(text, Act::Question, beside));
    }
    if pauses(said, &bare) {
        return Some(made(text, Act::Pause, beside));
    }
    // A new name is taken whole: "Before and After". So is what comes first and what afterwards.
    if let Some((form, slots)) = form(said, &bare)
        && matches!(
            form.act.as_str(),
            "rename" | "rename_from" | "name_it" | "describe" | "describe_anew" | "call" | "order"
        )
        && let Some(act) = act(said, &form.act, &slots)
    {
        return Some(made(text, act, beside));
    }
    let core = beside.peel(known, said, span.clone());
    if core.is_empty() {
        return None;
    }
    if let Some(order) = person::waits_for(said, &core, beside.place.as_ref()) {
        (beside.place, beside.condition) = (None, Some(person::CONSENT.to_owned()));
        return Some(made(text, Act::Do(order), beside));
    }
    let words: Vec<&str> = core.clone().map(|at| said.word(at)).collect();
    if pauses(said, &core) {
        return Some(made(text, Act::Pause, beside));
    }
    if let Some(act) = schedule(said, &core, &beside, &bare) {
        return Some(made(text, act, beside));
    }
    if let Some(act) = rest(said, &bare) {
        return Some(made(text, act, Beside::default()));
    }
    let person = person::looks(said, &span, &core, beside.place.as_ref());
    if let Some(act) = person.or_else(|| person::by_person(said, &core, beside.place.as_ref())) {
        return Some(made(text, act, beside));
    }
    if let Some(condition) = beside.condition.clone()
        && starts(&words)
        && condition.to_lowercase().starts_with("when")
    {
        beside.condition = None;
        return Some(made(text, Act::Start(condition), beside));
    }
    // "verify that the summary is polite before it is posted" is no other value of the summary.
    let looks = [&TABLES.looks, &TABLES.assures];
    if beside.place.is_some() && looks.iter().any(|looks| said.one_of(&core, core.start, looks) > 0) {
        return Some(made(text, Act::Do(said.raw(&core).to_owned()), beside));
    }
    let found = form(said, &core).and_then(|(form, slots)| {
        // "errors of X go to Y": what fails, and what is done then.
        if form.act == "fail_to" {
            beside.failure = slots.what.as_ref().map(|what| said.raw(what).to_owned());
        }
        act(said, &form.act, &slots)
    });
    let act = match found {
        // "make it a haiku", "make it rhyme"
        None if makes_it(known, said, &core) => Act::Make(format!("it {}", said.raw(&core))),
        // "add a comment to the issue": something new, not a value in a list.
        Some(Act::AddTo { value, what }) if phrases::is_new(&value) && phrases::wording(&value).is_none() => {
            Act::Add(format!("{value} to {what}"))
        }
        // "keep the reminder polite"
        Some(Act::Keep) if is_quality(said, &core) => Act::Do(said.raw(&core).to_owned()),
        Some(act) => act,
        None if is_background(said, &bare, &beside) => return None,
        None => Act::Do(said.raw(&core).to_owned()),
    };
    let act = match act {
        // "I'd like it in German": what is there is to be so.
        Act::Add(what) if what.to_lowercase().starts_with("it ") && !placed(known, &what) => Act::Make(what),
        act => act,
    };
    let act = match act {
        Act::Add(what) | Act::Do(what) if phrases::lifted(&what).is_some() => {
            let (text, place) = phrases::lifted(&what)?;
            beside.place.get_or_insert(place);
            if matches!(said.word(core.start), "add" | "include" | "insert") { Act::Add(text) } else { Act::Do(text) }
        }
        act => act,
    };
    let act = match act {
        Act::Add(what) | Act::Do(what) if phrases::added(&what).is_some() => {
            beside.also = true;
            let text = phrases::added(&what)?;
            if is_in("i|id|add|include|insert|we|wed", said.word(core.start)) { Act::Add(text) } else { Act::Do(text) }
        }
        act => act,
    };
    let act = match act {
        Act::Do(what) => match phrases::copied(&what) {
            Some(order) => {
                beside.also = true;
                Act::Do(order)
            }
            None => Act::Do(what),
        },
        act => act,
    };
    // "Add a step that …": the step is what it does.
    let act = match act {
        Act::Add(what) => {
            let does = phrases::relative(&what).or_else(|| beside.relative.take());
            beside.also |= does.is_some();
            does.map_or(Act::Add(what), Act::Do)
        }
        act => act,
    };
    let act = against::given(act, &mut beside.contrast);
    Some(made(text, act, beside))
}

/// Whether it ends in how a text is to be: "polite and at most 80 words".
fn is_quality(said: &Said<'_>, core: &Range<usize>) -> bool {
    let ends = |at: usize| at + 1 == core.end || matches!(said.word(at + 1), "and" | "but" | "or" | ",");
    core.clone().any(|at| is_in(&TABLES.qualities, said.word(at)) && ends(at)) || TABLES.measures(said.raw(core))
}

/// Whether a piece tells how things are, rather than what to do.
fn is_statement(known: &Knowledge, said: &Said<'_>, span: &Range<usize>) -> bool {
    let bare = said.without_fillers(span.clone());
    let first = said.word(bare.start);
    let modal = span.clone().any(|at| is_in(&TABLES.modals, said.word(at)));
    let order = is_order(known, first, said.word(bare.start + 1))
        || known.vocabulary.orders(first)
        || is_in(&TABLES.orders, first);
    // "make it half as long"
    let made = TABLES.is_manner(said.raw(&bare)) && made_it(said, bare.start);
    // "around 800 words, with three subheadings"
    let finite = |at: usize| is_in(&TABLES.tells, said.word(at)) || known.vocabulary.is_finite(said.word(at));
    let measured = TABLES.measures(said.raw(&bare)) && !bare.clone().any(finite);
    // "the summary in bullet points"
    let made = made
        || is_in("could|can|would|may|might|due", first)
        || fragment::is_named(said, &(0..0), &bare)
        || is_in("the|its", first) && TABLES.is_manner(said.raw(&bare)) && !bare.clone().any(finite);
    !modal && !order && !made && !measured
}

fn made(said: String, act: Act, beside: Beside) -> Operation {
    let Beside { place, scope, condition, failure, instead, contrast, also, only, .. } = beside;
    Operation {
        said,
        asked: None,
        act,
        place,
        scope,
        condition,
        failure,
        instead,
        contrast,
        also,
        told: false,
        only,
        then: false,
    }
}

fn pauses(said: &Said<'_>, span: &Range<usize>) -> bool {
    let words: Vec<&str> = span.clone().map(|at| said.word(at)).collect();
    TABLES.pauses(&words.join(" "))
}

/// A sentence that tells how things are, and asks for nothing.
fn is_background(said: &Said<'_>, span: &Range<usize>, beside: &Beside) -> bool {
    let text = said.raw(span).to_lowercase();
    let told = TABLES.background.iter().any(|opener| text.starts_with(opener.as_str()));
    told && beside.condition.is_none()
        && beside.failure.is_none()
        && !text.contains(" should ")
        && !text.contains(" must ")
}
