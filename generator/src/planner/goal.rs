//! From a goal to a plan: which clause needs which block, in which order.

use std::collections::HashSet;

use shared::{failure::Failure, limits::CLAUSES, port::Question};

use super::{
    Knowledge,
    clauses::{Kind, Reading, read},
    gathering::Gathering,
    lexicon::Concept,
    plan::Plan,
    recipes::{Place, Recipe},
    values::{Literals, Named, Wish},
    wiring::{Request, Wirer},
};
use crate::{Watch, catalogue::special};

/// How often an agent looks for news where nothing tells it of them.
const WATCH: &str = "*/15 * * * *";
/// The longest name of an agent, in characters.
const NAME: usize = 60;

/// Why a goal has no plan.
#[derive(Debug)]
pub(super) enum Obstacle {
    Vague,
    Unserved {
        parts: Vec<String>,
        served: Vec<String>,
    },
    Open(Vec<Question>),
    /// Too many clauses, or out of time.
    Failed(Failure),
}

impl From<Failure> for Obstacle {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Something to be done for a clause.
pub(super) struct Act<'k> {
    pub(super) clause: usize,
    pub(super) what: Doing<'k>,
    pub(super) items: Vec<usize>,
    pub(super) topic: Option<(usize, usize)>,
    pub(super) left: Vec<usize>,
}

#[derive(Clone, Copy)]
pub(super) enum Doing<'k> {
    Recipe(&'k Recipe),
    Branch { unless: bool },
    Other,
}

/// Plans a goal, or says why there is no plan.
pub(super) fn planned(
    knowledge: &Knowledge,
    goal: &str,
    context: Option<&str>,
    watch: Watch<'_>,
) -> Result<Plan, Obstacle> {
    watch.check()?;
    let mut reading = read(&knowledge.lexicon, goal);
    CLAUSES.check(reading.clauses.len()).map_err(Failure::from)?;
    conditions_first(&mut reading);
    let mut gathering = Gathering::new(knowledge, goal, &reading, context);
    for index in 0..reading.clauses.len() {
        watch.check()?;
        gathering.clause(index);
    }
    gathering.answer_in_chat();
    let Gathering { mut acts, unserved, served, questions, watched, .. } = gathering;
    if !unserved.is_empty() {
        return Err(Obstacle::Unserved { parts: unserved, served });
    }
    if acts.is_empty() {
        return Err(Obstacle::Vague);
    }
    if !questions.is_empty() {
        return Err(Obstacle::Open(questions));
    }
    sources_first(&mut acts, &reading);
    let mut wirer = Wirer::new(knowledge, name(&knowledge.lexicon, goal, &reading), literals(goal, context));
    wire(&mut wirer, goal, &reading, &acts, watch)?;
    let cron = reading.schedule.map(|schedule| schedule.cron).or_else(|| watched.then(|| WATCH.to_owned()));
    let plan = wirer.finish(super::shortened(goal, 500), cron);
    // "Otherwise" without an "if" is all that some texts come to: nothing is done.
    if plan.steps.is_empty() { Err(Obstacle::Vague) } else { Ok(plan) }
}

/// Why the clauses of a text add nothing.
#[derive(Debug)]
pub enum Unclear {
    Questions(Vec<Question>),
    /// Too many clauses, or out of time.
    Failed(Failure),
}

impl From<Failure> for Unclear {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Adds the steps that the clauses of `text` ask for to a wiring that is under way, and says how many things were asked
/// for; 0 where no block serves a part of it.
pub fn clause_recipes(
    wirer: &mut Wirer<'_>,
    text: &str,
    context: Option<&str>,
    available: HashSet<Concept>,
    watch: Watch<'_>,
) -> Result<usize, Unclear> {
    watch.check()?;
    let knowledge = wirer.knowledge();
    let mut reading = read(&knowledge.lexicon, text);
    CLAUSES.check(reading.clauses.len()).map_err(Failure::from)?;
    conditions_first(&mut reading);
    let mut gathering = Gathering::new(knowledge, text, &reading, context);
    gathering.available = available;
    for index in 0..reading.clauses.len() {
        watch.check()?;
        gathering.clause(index);
    }
    if !gathering.questions.is_empty() {
        return Err(Unclear::Questions(gathering.questions));
    }
    let acts = if gathering.unserved.is_empty() { gathering.acts } else { Vec::new() };
    wirer.literals = literals(text, context);
    wire(wirer, text, &reading, &acts, watch)?;
    Ok(acts.len())
}

fn wire(
    wirer: &mut Wirer<'_>,
    text: &str,
    reading: &Reading,
    acts: &[Act<'_>],
    watch: Watch<'_>,
) -> Result<(), Failure> {
    let condition = wirer.knowledge().catalogue.by_id(special::AI_CONDITION);
    let condition = condition.and_then(|block| wirer.knowledge().recipe_for(&block.id, |_| true));
    let mut branch = None;
    for act in acts {
        watch.check()?;
        let Some(clause) = reading.clauses.get(act.clause) else { continue };
        let wish = Wish { text, clause, items: &act.items, topic: act.topic };
        let request = Request { wish: Some(wish), left: &act.left, ..Request::default() };
        match act.what {
            Doing::Recipe(recipe) => {
                wirer.add(recipe, &request);
            }
            Doing::Branch { unless } => {
                if let Some(recipe) = condition {
                    branch = Some(wirer.branch(clause.words(text), recipe, &request, unless));
                }
            }
            Doing::Other => branch.into_iter().for_each(|step| wirer.other_branch(step)),
        }
    }
    Ok(())
}

/// "Post it if it is urgent" is judged before it is posted.
fn conditions_first(reading: &mut Reading) {
    for at in 1..reading.clauses.len() {
        let (before, after) = (reading.clauses.get(at - 1), reading.clauses.get(at + 1));
        let Some(clause) = reading.clauses.get(at) else { continue };
        let conditional = matches!(clause.kind, Kind::If | Kind::Unless);
        let follows = before.is_some_and(|before| before.sentence == clause.sentence && before.kind == Kind::Do);
        let last = after.is_none_or(|after| after.sentence != clause.sentence || after.kind == Kind::Else);
        if conditional && follows && last {
            reading.clauses.swap(at - 1, at);
        }
    }
}

/// "Summarise and translate the web page" reads the page first.
fn sources_first(acts: &mut [Act<'_>], reading: &Reading) {
    let place = |act: &Act<'_>| match act.what {
        Doing::Recipe(recipe) => Some(recipe.place),
        _ => None,
    };
    let Some(first) = acts.first() else { return };
    let bare = reading
        .clauses
        .get(first.clause)
        .is_some_and(|clause| clause.items.iter().filter(|item| item.tells()).count() <= 2);
    if bare
        && matches!(place(first), Some(Place::Transform | Place::Sink))
        && let Some(source) = acts.iter().position(|act| place(act) == Some(Place::Source))
    {
        acts.get_mut(..=source).into_iter().for_each(|part| part.rotate_right(1));
    }
}

/// The name of the agent: as many whole clauses of the goal as a name has room for.
fn name(lexicon: &super::lexicon::Lexicon, goal: &str, reading: &Reading) -> String {
    let first = reading.clauses.first().filter(|clause| clause.kind == Kind::Do);
    let start = first.and_then(|clause| clause.items.iter().find(|item| item.tells())).map_or(0, |item| item.start);
    let ends = reading.clauses.iter().filter_map(|clause| clause.items.last()).map(|item| item.end);
    let whole = ends
        .filter_map(|end| goal.get(start..end))
        .take_while(|text| text.chars().count() <= NAME && !text.contains('\n'))
        .last();
    let mut short = super::shortened(whole.unwrap_or_else(|| goal.get(start..).unwrap_or(goal)), NAME);
    // A name that was cut ends with a word that says something.
    while let Some((before, last)) = short.rsplit_once(' ')
        && lexicon.is_small(last)
    {
        short.truncate(before.len());
    }
    let mut chars = short.chars();
    chars.next().map_or_else(|| "Generated Agent".to_owned(), |first| first.to_uppercase().chain(chars).collect())
}

fn literals(goal: &str, context: Option<&str>) -> Literals {
    let of = |text: &str, own: bool| {
        let named = super::text::cut(text).into_iter().filter_map(move |token| match token.kind {
            super::text::Kind::Literal(kind, value) => {
                Some(Named { kind, value, start: own.then_some(token.start), used: false })
            }
            _ => None,
        });
        named.collect::<Vec<_>>()
    };
    let mut all = of(goal, true);
    all.extend(context.map(|context| of(context, false)).unwrap_or_default());
    Literals(all)
}
