//! From a goal to a plan: which clause needs which block, in which order.

use std::collections::HashSet;

use shared::generator::Question;

use super::{
    Knowledge,
    clauses::{Clause, Kind, Reading, read},
    lexicon::{Concept, Role},
    matching::{self, Matches, What},
    plan::Plan,
    recipes::{Place, Recipe},
    text::Literal,
    values::{self, Literals, Named, Wish},
    wiring::{Request, Wirer},
};
use crate::catalogue::special;

/// How often an agent looks for news where nothing tells it of them.
const WATCH: &str = "*/15 * * * *";
/// The most questions asked at once.
const QUESTIONS: usize = 5;
/// The longest name of an agent, in characters.
const NAME: usize = 60;

/// Why a goal has no plan.
#[derive(Debug)]
pub(super) enum Obstacle {
    Vague,
    Unserved { parts: Vec<String>, served: Vec<String> },
    Open(Vec<Question>),
}

/// Something to be done for a clause.
struct Act<'k> {
    clause: usize,
    what: Doing<'k>,
    items: Vec<usize>,
    topic: Option<(usize, usize)>,
    left: Vec<usize>,
}

#[derive(Clone, Copy)]
enum Doing<'k> {
    Recipe(&'k Recipe),
    Branch { unless: bool },
    Other,
}

/// Plans a goal, or says why there is no plan.
pub(super) fn planned(knowledge: &Knowledge, goal: &str, context: Option<&str>) -> Result<Plan, Obstacle> {
    let mut reading = read(&knowledge.lexicon, goal);
    conditions_first(&mut reading);
    let mut gathering = Gathering::new(knowledge, goal, &reading, context);
    for index in 0..reading.clauses.len() {
        gathering.clause(index);
    }
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
    let mut wirer = Wirer::new(knowledge, name(goal, &reading), literals(goal, &reading, context));
    wire(&mut wirer, goal, &reading, &acts);
    let cron = reading.schedule.map(|schedule| schedule.cron).or_else(|| watched.then(|| WATCH.to_owned()));
    Ok(wirer.finish(super::shortened(goal, 500), cron))
}

/// Adds the steps that the clauses of `text` ask for to a wiring that is under way; `None` where they ask for none.
pub fn clause_recipes(wirer: &mut Wirer<'_>, text: &str, context: Option<&str>, available: HashSet<Concept>) -> Result<usize, Vec<Question>> {
    let knowledge = wirer.knowledge();
    let mut reading = read(&knowledge.lexicon, text);
    conditions_first(&mut reading);
    let mut gathering = Gathering::new(knowledge, text, &reading, context);
    gathering.available = available;
    for index in 0..reading.clauses.len() {
        gathering.clause(index);
    }
    if !gathering.questions.is_empty() {
        return Err(gathering.questions);
    }
    let acts = if gathering.unserved.is_empty() { gathering.acts } else { Vec::new() };
    wirer.literals = literals(text, &reading, context);
    wire(wirer, text, &reading, &acts);
    Ok(acts.len())
}

fn wire(wirer: &mut Wirer<'_>, text: &str, reading: &Reading, acts: &[Act<'_>]) {
    let condition = wirer.knowledge().catalogue.by_id(special::AI_CONDITION);
    let condition = condition.and_then(|block| wirer.knowledge().recipes.for_block(&block.id, |_| true));
    let mut branch = None;
    for act in acts {
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
    let bare = reading.clauses.get(first.clause).is_some_and(|clause| clause.items.iter().filter(|item| item.tells()).count() <= 2);
    if bare
        && matches!(place(first), Some(Place::Transform | Place::Sink))
        && let Some(source) = acts.iter().position(|act| place(act) == Some(Place::Source))
    {
        acts.get_mut(..=source).into_iter().for_each(|part| part.rotate_right(1));
    }
}

/// The name of the agent: as many whole clauses of the goal as a name has room for.
fn name(goal: &str, reading: &Reading) -> String {
    let first = reading.clauses.first().filter(|clause| clause.kind == Kind::Do);
    let start = first.and_then(|clause| clause.items.iter().find(|item| item.tells())).map_or(0, |item| item.start);
    let ends = reading.clauses.iter().filter_map(|clause| clause.items.last()).map(|item| item.end);
    let whole = ends.filter_map(|end| goal.get(start..end)).take_while(|text| text.chars().count() <= NAME && !text.contains('\n')).last();
    let short = super::shortened(whole.unwrap_or_else(|| goal.get(start..).unwrap_or(goal)), NAME);
    let mut chars = short.chars();
    chars.next().map_or_else(|| "Generated Agent".to_owned(), |first| first.to_uppercase().chain(chars).collect())
}

fn literals(goal: &str, reading: &Reading, context: Option<&str>) -> Literals {
    let _ = reading;
    let of = |text: &str, own: bool| {
        let named = super::text::cut(text).into_iter().filter_map(move |token| match token.kind {
            super::text::Kind::Literal(kind, value) => Some(Named { kind, value, start: own.then_some(token.start), used: false }),
            _ => None,
        });
        named.collect::<Vec<_>>()
    };
    let mut all = of(goal, true);
    all.extend(context.map(|context| of(context, false)).unwrap_or_default());
    Literals(all)
}

struct Gathering<'k, 'g> {
    knowledge: &'k Knowledge,
    goal: &'g str,
    reading: &'g Reading,
    /// The services that the goal or the context names by the way.
    preferred: HashSet<Concept>,
    available: HashSet<Concept>,
    acts: Vec<Act<'k>>,
    unserved: Vec<String>,
    served: Vec<String>,
    questions: Vec<Question>,
    watched: bool,
}

impl<'k, 'g> Gathering<'k, 'g> {
    fn new(knowledge: &'k Knowledge, goal: &'g str, reading: &'g Reading, context: Option<&str>) -> Self {
        let nouns = |reading: &Reading| -> Vec<Concept> {
            reading.clauses.iter().flat_map(|clause| clause.items.iter()).flat_map(|item| item.nouns.iter().copied().chain(item.verbs.iter().copied())).collect()
        };
        let uses = knowledge.lexicon.concept("use");
        let mut preferred: HashSet<Concept> = context.map(|context| nouns(&read(&knowledge.lexicon, context))).unwrap_or_default().into_iter().collect();
        for clause in reading.clauses.iter().filter(|clause| clause.items.iter().any(|item| item.verbs.iter().any(|verb| Some(*verb) == uses))) {
            preferred.extend(clause.items.iter().flat_map(|item| item.nouns.iter().copied()));
        }
        Self {
            knowledge,
            goal,
            reading,
            preferred,
            available: HashSet::new(),
            acts: Vec::new(),
            unserved: Vec::new(),
            served: Vec::new(),
            questions: Vec::new(),
            watched: false,
        }
    }

    fn clause(&mut self, index: usize) {
        let Some(clause) = self.reading.clauses.get(index) else { return };
        if clause.items.first().is_some_and(|item| item.is(Role::Note)) {
            return;
        }
        if clause.kind == Kind::Else {
            self.acts.push(Act { clause: index, what: Doing::Other, items: Vec::new(), topic: None, left: Vec::new() });
        }
        let matches = matching::find(self.knowledge, clause, &self.available);
        let words = clause.words(self.goal);
        if matches!(clause.kind, Kind::If | Kind::Unless) {
            return self.condition(index, clause, &matches);
        }
        if let Some(part) = self.unserved_part(clause, &matches, words) {
            self.unserved.push(part);
            return;
        }
        if matches.found.is_empty() {
            return self.nothing(index, clause, &matches, words);
        }
        self.served.push(words.to_owned());
        self.take(index, clause, &matches);
    }

    fn take(&mut self, index: usize, clause: &Clause, matches: &Matches) {
        let known = &self.knowledge.recipes.known;
        let sink = matches.found.iter().any(|found| matches!(found.what, What::Recipe(recipe) if known.get(recipe).is_some_and(|recipe| recipe.place == Place::Sink)));
        for found in &matches.found {
            let recipe = match found.what {
                What::Recipe(recipe) => known.get(recipe),
                What::Choice(choice) => self.choose(choice, clause),
            };
            let Some(recipe) = recipe else { continue };
            let composes = recipe.id.starts_with("compose");
            if composes && sink && matches.topic.is_none() && !self.available.is_empty() {
                continue;
            }
            self.watched |= clause.kind == Kind::When && recipe.place == Place::Source;
            self.available.extend(recipe.gives.nouns.iter().copied());
            if composes {
                let nouns = found.items.iter().filter_map(|at| clause.items.get(*at)).flat_map(|item| item.nouns.iter().copied());
                self.preferred.extend(nouns);
            }
            for _ in 0..self.copies(recipe, clause, &found.items, matches) {
                self.acts.push(Act { clause: index, what: Doing::Recipe(recipe), items: found.items.clone(), topic: matches.topic, left: matches.left.clone() });
            }
        }
    }

    /// "Compare two web pages" reads two.
    fn copies(&self, recipe: &Recipe, clause: &Clause, items: &[usize], matches: &Matches) -> usize {
        let by_address = recipe.place == Place::Source && recipe.slots.iter().any(|slot| slot.kind == super::recipes::Kind::Url);
        let plural = items.iter().filter_map(|at| clause.items.get(*at)).any(|item| item.inflected && !item.nouns.is_empty());
        let numbered = items.iter().any(|at| at.checked_sub(1).and_then(|before| clause.items.get(before)).is_some_and(|before| before.number.is_some()));
        let count = values::count(Wish { text: self.goal, clause, items, topic: matches.topic });
        if by_address && plural && numbered { count.and_then(|count| usize::try_from(count).ok()).unwrap_or(1).clamp(1, 4) } else { 1 }
    }

    fn condition(&mut self, index: usize, clause: &Clause, matches: &Matches) {
        let known = &self.knowledge.recipes.known;
        for found in &matches.found {
            if let What::Recipe(recipe) = found.what
                && let Some(recipe) = known.get(recipe).filter(|recipe| recipe.place == Place::Source && !recipe.last_resort)
                && self.acts.is_empty()
            {
                self.available.extend(recipe.gives.nouns.iter().copied());
                self.acts.push(Act { clause: index, what: Doing::Recipe(recipe), items: found.items.clone(), topic: matches.topic, left: Vec::new() });
            }
        }
        let unless = clause.kind == Kind::Unless;
        let left = (0..clause.items.len()).collect();
        self.acts.push(Act { clause: index, what: Doing::Branch { unless }, items: Vec::new(), topic: None, left });
    }

    /// The recipe that settles a choice, or the question that does.
    fn choose(&mut self, index: usize, clause: &Clause) -> Option<&'k Recipe> {
        let choice = self.knowledge.recipes.choices.get(index)?;
        let options: Vec<&Recipe> = choice.options.iter().filter_map(|option| self.knowledge.recipes.known.get(*option)).collect();
        let concepts = |recipe: &Recipe| -> HashSet<Concept> {
            recipe.alternatives.iter().flatten().copied().filter(|concept| !self.knowledge.lexicon.is_verb(*concept) || self.knowledge.lexicon.name(*concept) == "mail_to").collect()
        };
        let shared = |concept: &Concept| options.iter().all(|option| concepts(option).contains(concept));
        let votes = |recipe: &Recipe| {
            let all = concepts(recipe);
            // Gmail is meant only where it is named; mail of any kind is meant by "mail".
            let named = all.iter().any(|concept| self.knowledge.lexicon.is_service(*concept));
            all.iter().filter(|concept| self.preferred.contains(*concept) && !shared(concept) && (!named || self.knowledge.lexicon.is_service(**concept))).count()
        };
        let best = options.iter().rev().max_by_key(|option| votes(option)).filter(|option| votes(option) > 0);
        if let Some(best) = best {
            return self.knowledge.recipes.known.iter().find(|recipe| recipe.id == best.id);
        }
        let _ = clause;
        let asked = self.questions.iter().any(|question| question.keyword == choice.keyword);
        if !asked && self.questions.len() < QUESTIONS {
            self.questions.push(Question { question: choice.question.clone(), keyword: choice.keyword.clone(), example: Some(choice.example.clone()) });
        }
        // The open step still counts, so that the goal is not taken for one with nothing to go on.
        self.acts.push(Act { clause: 0, what: Doing::Other, items: Vec::new(), topic: None, left: Vec::new() });
        None
    }

    /// The part of a clause that no block serves.
    fn unserved_part(&self, clause: &Clause, matches: &Matches, words: &str) -> Option<String> {
        let lexicon = &self.knowledge.lexicon;
        let left = || matches.left.iter().filter_map(|at| clause.items.get(*at));
        let head = clause.items.iter().find(|item| item.tells());
        let unserved_head = clause.kind != Kind::When && head.is_some_and(|item| item.is(Role::UnservedVerb) && left().any(|other| other.start == item.start));
        let searches = clause.items.iter().any(|item| item.verbs.iter().any(|verb| lexicon.name(*verb) == "find"));
        let elsewhere = left().any(|item| item.is(Role::UnservedService) && (!searches || item.toward || item.place || item.origin));
        // "Make coffee" is no text to be written.
        let composed = matches.found.iter().all(|found| matches!(found.what, What::Recipe(at) if self.knowledge.recipes.known.get(at).is_some_and(|recipe| recipe.place == Place::Transform)));
        let thing = composed && !matches.found.is_empty() && matches.topic.is_none() && head.is_some_and(|item| item.verbs.iter().any(|verb| lexicon.name(*verb) == "produce")) && clause.items.get(1..3.min(clause.items.len())).is_some_and(|items| items.iter().any(|item| item.is(Role::UnservedNoun)));
        let uses = lexicon.concept("use");
        let by_the_way = clause.items.iter().any(|item| item.verbs.iter().any(|verb| Some(*verb) == uses));
        let foreign = !by_the_way
            && left().any(|item| {
                item.literal.is_none() && item.nouns.iter().any(|noun| lexicon.is_service(*noun) && !self.available.contains(noun) && !self.preferred.contains(noun))
                    && !item.nouns.iter().any(|noun| self.available.contains(noun))
            });
        (unserved_head || elsewhere || foreign || thing).then(|| words.to_owned())
    }

    /// A clause that asks for no recipe: says nothing, points to what is there, names a block, or is not served.
    fn nothing(&mut self, index: usize, clause: &Clause, matches: &Matches, words: &str) {
        let lexicon = &self.knowledge.lexicon;
        let result = lexicon.concept("result");
        let points = |noun: &Concept| self.available.contains(noun) || Some(*noun) == result;
        let telling: Vec<_> = clause.items.iter().filter(|item| item.tells() && !item.is(Role::Generic)).collect();
        let pointing = !self.available.is_empty() && telling.iter().all(|item| item.literal.is_some() || item.number.is_some() || !item.verbs.is_empty() || item.nouns.iter().any(points));
        let uses = telling.first().is_some_and(|item| item.verbs.iter().any(|verb| lexicon.name(*verb) == "use"));
        let named_only = telling.iter().all(|item| matches!(item.literal, Some((kind, _)) if kind != Literal::Number));
        if telling.is_empty() || pointing || uses || (named_only && !self.acts.is_empty()) {
            return;
        }
        if let Some(block) = self.knowledge.catalogue.by_meaning(words)
            && let Some(recipe) = self.knowledge.recipes.for_block(&block.id, |_| true)
        {
            self.served.push(words.to_owned());
            self.acts.push(Act { clause: index, what: Doing::Recipe(recipe), items: Vec::new(), topic: matches.topic, left: matches.left.clone() });
            return;
        }
        let asks = clause.kind == Kind::When || telling.iter().any(|item| item.is(Role::UnservedVerb) || item.is(Role::UnservedNoun) || !item.verbs.is_empty());
        // "Knit me a jumper": a word that nobody knows, and an object after it.
        let head = clause.items.iter().position(|item| item.tells());
        let object = head.and_then(|head| clause.items.get(head + 1)).is_some_and(|after| {
            matches!(after.phrase.as_str(), "me" | "my" | "a" | "an" | "the" | "some" | "us" | "him" | "her" | "our" | "it" | "them" | "all")
        });
        if asks || (object && telling.first().is_some_and(|item| item.nouns.is_empty())) {
            self.unserved.push(words.to_owned());
        }
    }
}
