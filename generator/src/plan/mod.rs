//! Plans what a goal asks for: a [`Reading`](crate::reading::Reading) becomes steps over the blocks of the catalogue, a
//! question, or the reason why not. Every word of the goal that asks for something ends up in a step or in what the plan
//! says is left out.

mod acts;
mod answer;
mod branches;
mod bridges;
mod clauses;
mod covered;
mod extend;
mod follow;
mod gate;
mod messages;
pub mod model;
mod sources;
mod starts;
mod steps;
mod wording;

use shared::{error_type::ErrorType, failure::Failure, limits::CLAUSES};

pub use self::answer::verdict::Outcome;
pub(crate) use self::{
    covered::complete,
    extend::{BETWEEN, Extended, extend, fitted, given, label},
    follow::{Given, Source, follow},
    gate::{Gate, gate},
    wording::english::with_article,
};
use crate::{Watch, knowledge::Knowledge, reading};

/// Plans a goal; `context` is what the person added, answers to questions among it.
/// Fails with `timeout` if `watch` says so.
pub fn plan(knowledge: &Knowledge, goal: &str, context: Option<&str>, watch: Watch<'_>) -> Result<Outcome, Failure> {
    watch.check()?;
    // A goal in another language would only be half understood, for some of its words are English words too.
    if let Some(language) = reading::language::foreign(goal) {
        let refused = Outcome::Unachievable { reason: language.reads_english().to_owned(), suggestion: None };
        return suggested(knowledge, refused, vec![answer::suggest::LAST.to_owned()], watch);
    }
    let added = context.filter(|context| !context.trim().is_empty());
    let (first, near) = planned(knowledge, goal, added, watch)?;
    let lacks = matches!(first, Outcome::Vague { .. } | Outcome::Unachievable { .. } | Outcome::Questions(_));
    if let (true, Some(added)) = (lacks, added) {
        // What the goal lacks the context may have: read together they are the goal, or it says where things come from.
        let source = wording::english::tidy(added).trim_start_matches(|c: char| !c.is_alphanumeric());
        let source =
            ["at ", "in ", "from ", "on ", "of "].iter().find_map(|word| source.strip_prefix(word)).unwrap_or(source);
        let asked = matches!(first, Outcome::Questions(_)) && source.contains([' ', '.', '#']);
        let read = asked.then(|| (format!("Read {source}. {goal}"), Some(added)));
        for (text, context) in std::iter::once((format!("{goal}\n{added}"), None)).chain(read) {
            match planned(knowledge, &text, context, watch) {
                Ok((Outcome::Plan(plan), _)) => return Ok(Outcome::Plan(plan)),
                // Together they ask for too much; the goal alone does not.
                Err(failure) if failure.error_type != ErrorType::RequestTooLarge => return Err(failure),
                _ => {}
            }
        }
    }
    suggested(knowledge, first, near, watch)
}

/// What becomes of the goal, and goals near to it that might become an agent if it does not.
fn planned(
    knowledge: &Knowledge,
    goal: &str,
    context: Option<&str>,
    watch: Watch<'_>,
) -> Result<(Outcome, Vec<String>), Failure> {
    let read = understood(knowledge, goal)?;
    let added = context.map(|context| reading::read(&knowledge.vocabulary, context));
    let mut builder = steps::build::Builder::new(knowledge, &read, added.as_ref());
    builder.run(watch)?;
    Ok(answer::verdict::outcome(builder, goal))
}

/// A text, read, with one form for what can be said in several. Fails with `request_too_large` if it asks for too much.
fn understood(knowledge: &Knowledge, text: &str) -> Result<reading::Reading, Failure> {
    let mut read = reading::read_with_names(&knowledge.vocabulary, text, &knowledge.agents.named_in(text));
    // A bare list asks for each of its entries.
    let objects = |clause: &reading::Clause| clause.frame.as_ref().map_or(1, |frame| frame.objects.len().max(1));
    CLAUSES.check(read.clauses.iter().filter(|clause| clause.role == reading::Role::Act).map(objects).sum())?;
    sources::elsewhere::addressed(knowledge, &mut read);
    clauses::issue::settle(knowledge, &mut read);
    clauses::banner::settle(knowledge, &mut read);
    clauses::canvas::settle(knowledge, &mut read);
    sources::apart::idle(&mut read);
    sources::film::channels(&mut read);
    clauses::gallery::settle(knowledge, &mut read);
    clauses::stated::settle(knowledge, &mut read);
    clauses::trailing::settle(knowledge, &mut read);
    clauses::framing::unframe(knowledge, &mut read);
    clauses::fetched::plain(knowledge, &mut read);
    clauses::within::settle(knowledge, &mut read);
    clauses::fetched::settle(knowledge, &mut read);
    clauses::listed::entries(&mut read);
    clauses::listed::names(&mut read);
    clauses::listed::addresses(&mut read);
    clauses::strays::settle(knowledge, &mut read);
    clauses::untouched::settle(&mut read);
    clauses::digest::settle(knowledge, &mut read);
    clauses::plainly::settle(knowledge, &mut read);
    clauses::comes::settle(knowledge, &mut read);
    clauses::points::settle(knowledge, &mut read);
    clauses::narrowed::settle(knowledge, &mut read);
    let _ = clauses::answered::settle(knowledge, &mut read);
    clauses::confirmed::settle(knowledge, &mut read);
    clauses::consent::settle(knowledge, &mut read);
    clauses::beforehand::settle(knowledge, &mut read);
    clauses::offered::settle(knowledge, &mut read);
    clauses::judged::settle(knowledge, &mut read);
    clauses::cases::settle(knowledge, &mut read);
    clauses::owned::settle(knowledge, &mut read);
    clauses::kept::settle(knowledge, &mut read);
    clauses::drawn::settle(knowledge, &mut read);
    clauses::itemised::settle(knowledge, &mut read);
    clauses::normal::normalise(knowledge, &mut read);
    clauses::unlike::untail(&mut read);
    sources::apart::only_times(&mut read);
    clauses::particular::settle(knowledge, &mut read);
    clauses::sending::to_each(knowledge, &mut read);
    clauses::circles::cut(&mut read);
    Ok(read)
}

/// Adds the first goal that becomes an agent, one that does all of it if there is one.
fn suggested(knowledge: &Knowledge, outcome: Outcome, near: Vec<String>, watch: Watch<'_>) -> Result<Outcome, Failure> {
    if !matches!(outcome, Outcome::Unachievable { .. } | Outcome::Vague { .. }) {
        return Ok(outcome);
    }
    let mut partly = None;
    let mut wholly = None;
    for goal in near {
        let (Outcome::Plan(plan), _) = planned(knowledge, &goal, None, watch)? else { continue };
        if plan.left_out.is_empty() {
            wholly = Some(goal);
            break;
        }
        partly.get_or_insert(goal);
    }
    let found = wholly.or(partly);
    Ok(match outcome {
        Outcome::Unachievable { reason, .. } => Outcome::Unachievable { reason, suggestion: found },
        _ => Outcome::Vague { suggestion: found },
    })
}
