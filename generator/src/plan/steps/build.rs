//! Goes through the clauses of a reading and builds the steps that do what they say. What a clause asks for and no step
//! does is kept: it decides what kind of answer the goal gets.

use std::collections::HashMap;

use shared::{failure::Failure, port::Question};

use super::{
    cover::Cover,
    draft::{Draft, Flow},
};
use crate::{
    Watch,
    knowledge::{Class, Knowledge},
    plan::{
        clauses::{
            act::{Act, names, words},
            unlike,
        },
        model::LeftOut,
    },
    reading::{Determiner, Reading, Role, Span, TokenKind},
};

/// A part of the goal that no block serves.
#[derive(Debug, Clone)]
pub(in crate::plan) struct Unserved {
    /// In the person's words.
    pub(in crate::plan) text: String,
    /// The service or thing that is missing, if it has a name.
    pub(in crate::plan) what: Option<String>,
    pub(in crate::plan) kind: Part,
    pub(in crate::plan) span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) enum Part {
    /// Where it all starts from.
    Source,
    Trigger,
    Work,
    Delivery,
    /// An answer to whoever called.
    Reply,
    /// Nothing that software does.
    Reach,
    /// A change outside that no block makes.
    Outside,
}

/// The two ways out of a condition, as data.
#[derive(Debug, Clone, Copy)]
pub(in crate::plan) struct Branch {
    pub(in crate::plan) yes: usize,
    pub(in crate::plan) no: usize,
}

#[derive(Debug)]
pub(in crate::plan) struct Builder<'k, 'r> {
    pub(in crate::plan) known: &'k Knowledge,
    pub(in crate::plan) reading: &'r Reading,
    /// What the person answered or added.
    pub(in crate::plan) context: Option<&'r Reading>,
    pub(in crate::plan) draft: Draft<'k>,
    pub(in crate::plan) cover: Cover,
    pub(in crate::plan) questions: Vec<Question>,
    pub(in crate::plan) unserved: Vec<Unserved>,
    pub(in crate::plan) left: Vec<LeftOut>,
    /// It has to look again and again: without a schedule of its own it gets one.
    pub(in crate::plan) polls: bool,
    /// Something from outside starts it: what is said of a time is left out.
    pub(in crate::plan) by_event: bool,
    /// Data of a request that failed, and the same by the other ways of failing.
    pub(in crate::plan) failures: Vec<(usize, Vec<Flow>)>,
    /// The sentence of an act that runs at another time.
    pub(in crate::plan) apart: Option<usize>,
    /// Once a day is often enough.
    pub(in crate::plan) daily: bool,
    /// Guards that are built, by clause.
    pub(in crate::plan) branches: HashMap<usize, Branch>,
    pub(in crate::plan) entered: Vec<usize>,
    /// Guards that could not be built: nothing under them is done.
    pub(in crate::plan) blocked: Vec<usize>,
    /// Conditions, and what they looked at.
    pub(in crate::plan) cases: Vec<(usize, usize)>,
    /// Answers that say what kind something is, and what they are about.
    pub(in crate::plan) judged: Vec<(usize, usize)>,
    /// The last time that a person decides.
    pub(in crate::plan) approval: Option<Branch>,
    /// The guard within which that is.
    pub(in crate::plan) approved_in: Option<usize>,
    /// What the last check of a single entry did not let through: "the others".
    pub(in crate::plan) others: Option<usize>,
    /// A person has to decide about the next thing that goes out.
    pub(in crate::plan) awaits: Option<String>,
    /// The guard of the act that is being built.
    pub(in crate::plan) scope: Option<usize>,
    /// The latest step that asks a language model: later remarks belong to its prompt.
    pub(in crate::plan) thinker: Option<usize>,
    /// How many acts were done.
    pub(in crate::plan) done: usize,
    pub(in crate::plan) delivered: usize,
    /// The act before only named what the person gives.
    pub(in crate::plan) listing_inputs: bool,
    /// What came in by itself, if the next step works on it and not on what was read for it.
    pub(in crate::plan) target: Option<usize>,
    /// "Nothing new, no mail": the words that say so.
    pub(in crate::plan) only_if_any: Option<Span>,
    /// Where the goal asks for another one at each run, until a step minds it.
    pub(in crate::plan) unlike: Option<Span>,
    /// What is not to go out, as the goal says.
    pub(in crate::plan) forbidden: Vec<Span>,
    /// Acts, by their clause, and the steps that were made for them.
    pub(in crate::plan) built: Vec<(usize, std::ops::Range<usize>)>,
}

impl<'k, 'r> Builder<'k, 'r> {
    pub(in crate::plan) fn new(known: &'k Knowledge, reading: &'r Reading, context: Option<&'r Reading>) -> Self {
        Self {
            known,
            reading,
            context,
            draft: Draft::new(known),
            cover: Cover::of(reading),
            questions: Vec::new(),
            unserved: Vec::new(),
            left: Vec::new(),
            polls: false,
            by_event: false,
            failures: Vec::new(),
            apart: None,
            daily: false,
            branches: HashMap::new(),
            entered: Vec::new(),
            blocked: Vec::new(),
            cases: Vec::new(),
            judged: Vec::new(),
            approval: None,
            approved_in: None,
            others: None,
            awaits: None,
            scope: None,
            thinker: None,
            done: 0,
            delivered: 0,
            listing_inputs: false,
            target: None,
            only_if_any: None,
            unlike: unlike::asks_for_other(reading),
            forbidden: Vec::new(),
            built: Vec::new(),
        }
    }

    pub(in crate::plan) fn run(&mut self, watch: Watch<'_>) -> Result<(), Failure> {
        if self.is_enquiry() {
            self.answer_question();
            return Ok(());
        }
        if let Some(schedule) = &self.reading.schedule {
            for span in &schedule.spans {
                self.cover.add(span);
            }
        }
        self.only_if_any = self.reading.clauses.iter().find_map(|clause| {
            let frame = clause.frame.as_ref()?;
            let none = frame.objects.iter().filter(|phrase| phrase.determiner == Determiner::No).count();
            (none > 1).then(|| clause.span.clone())
        });
        if let Some(span) = self.only_if_any.clone() {
            self.cover.add(&span);
        }
        self.polls |= self.reading.schedule.is_none() && self.only_news();
        let decided = self.awaited_of_person();
        self.awaits.clone_from(&decided);
        // What starts the agent comes first, wherever it stands.
        for index in 0..self.reading.clauses.len() {
            let starts = self.reading.clauses.get(index).is_some_and(|clause| {
                clause.role == Role::Trigger
                    && clause.under.is_none()
                    && !self.follows_acts(index)
                    && !self.is_decision(clause)
                    || clause.role == Role::Act && (self.is_called_by(&clause.span) || self.is_handed_over(clause))
                    || index == 0 && self.is_called_from(index)
            });
            if starts {
                self.enter(index);
                // "… Input is a topic": what stands before it is no input.
                let lists = self.reading.clauses.get(index + 1).and_then(|next| next.frame.as_ref());
                self.listing_inputs &= lists.is_some_and(|frame| frame.verb.is_none());
            }
        }
        for index in self.order() {
            watch.check()?;
            let Some(clause) = self.reading.clauses.get(index) else { break };
            if matches!(clause.role, Role::Act | Role::Title) && self.entered.contains(&index) {
                continue;
            }
            match clause.role {
                // "Nothing goes out without my okay. …": asked when there is something that goes out.
                Role::Trigger if self.waits_for_acts(index) => {}
                Role::Trigger => self.enter(index),
                Role::Act => {
                    let guard = clause.under.filter(|guard| {
                        *guard < index
                            || self.delivers(index)
                                && !self.makes_what_is_tested(index, *guard)
                                && self.waits_for_decision(index, *guard)
                    });
                    self.scope = guard;
                    if let Some(guard) = guard {
                        self.enter(guard);
                    }
                    if self.is_blocked(index) {
                        self.hold_back(index);
                    } else {
                        if let Some(act) = Act::of(self.reading, index) {
                            self.news_in(&act);
                        }
                        let data = self.draft.data.len();
                        if Act::of(self.reading, index).is_some_and(|act| self.runs_apart(&act)) {
                            self.scope = None;
                            continue;
                        }
                        let steps = self.draft.steps.len();
                        let act = Act::of(self.reading, index).filter(|_| self.delivers(index));
                        if let Some(guard) = clause.under.filter(|under| act.is_some() && *under > index) {
                            self.awaits_decision(guard);
                        }
                        let awaited = act.is_some_and(|act| self.awaits_in_tail(&act));
                        self.act(index);
                        self.built.push((index, steps..self.draft.steps.len()));
                        self.note_judgement(index, data);
                        if let Some(act) = Act::of(self.reading, index).filter(|_| !awaited) {
                            self.approves_in_tail(&act);
                        }
                    }
                    self.scope = None;
                }
                Role::Title => self.title_clause(index),
                Role::Politeness | Role::LeadIn | Role::Schedule => self.cover.add(&clause.span),
                // Read only if nothing else tells where something comes from.
                Role::Background => {}
                Role::Instruction => self.instruction(index),
                Role::Restriction => self.restriction(index),
                Role::Value => self.cover.add(&clause.span),
                Role::Manner => self.manner(index),
                // Built when the first act under them is.
                Role::Condition | Role::Otherwise(_) | Role::Loop => {}
            }
        }
        // Nothing goes out that a person would have to see first.
        self.awaits.take_if(|awaits| Some(&*awaits) == decided.as_ref());
        // A guard that governs nothing still says something.
        for index in 0..self.reading.clauses.len() {
            let Some(clause) = self.reading.clauses.get(index) else { break };
            if clause.role == Role::Background {
                self.cover.add(&clause.span);
            }
            if matches!(clause.role, Role::Condition | Role::Loop) && !self.entered.contains(&index) {
                self.restriction(index);
            }
        }
        Ok(())
    }

    /// "only new ones": looked at again and again.
    fn only_news(&self) -> bool {
        let mut clauses = self.reading.clauses.iter().filter(|clause| clause.role != Role::Background);
        clauses.any(|clause| {
            let words: Vec<&str> = clause.span.clone().filter_map(|at| self.reading.tokens.get(at)?.word()).collect();
            words.windows(2).any(|two| matches!(two, ["only" | "just", "new" | "newest"] | ["new", "ones"]))
        })
    }

    pub(in crate::plan) fn text(&self, span: &Span) -> &'r str {
        words(self.reading, span)
    }

    /// "Webhook-triggered"
    fn is_called_by(&self, span: &Span) -> bool {
        let mut words =
            self.reading.tokens.get(span.clone()).unwrap_or_default().iter().filter_map(|token| match &token.kind {
                TokenKind::Word(word) => Some(word.as_str()),
                _ => None,
            });
        let first = words.next().unwrap_or_default();
        let second = words.next().unwrap_or_default();
        first.starts_with("webhook-trigger") || first == "webhook" && second.starts_with("trigger")
    }

    /// "From a webhook with a link: …"
    fn is_called_from(&self, index: usize) -> bool {
        let Some(act) = Act::of(self.reading, index) else { return false };
        let mut from = act.arguments(&["from", "on", "via", "by", "with", "through"]).map(|argument| &argument.phrase);
        act.clause.role == Role::Title
            && act.frame.verb.is_none()
            && from.any(|phrase| names(phrase).iter().any(|noun| self.known.trigger(noun).is_some()))
    }

    /// Makes sure that what a clause depends on is built.
    pub(in crate::plan) fn enter(&mut self, index: usize) {
        if self.entered.contains(&index) {
            return;
        }
        self.entered.push(index);
        let Some(clause) = self.reading.clauses.get(index) else { return };
        if let Some(outer) = clause.under {
            self.enter(outer);
        }
        if self.is_own_failure(index) {
            return;
        }
        let scope = self.scope;
        self.scope = clause.under;
        match clause.role {
            Role::Trigger | Role::Act | Role::Title => self.trigger(index),
            Role::Condition => {
                self.name_cases(index);
                self.condition(index);
            }
            Role::Otherwise(of) => {
                self.enter(of);
                match self.branches.get(&of).copied() {
                    Some(branch) => self.branch(index, Branch { yes: branch.no, no: branch.yes }),
                    None => self.blocked.push(index),
                }
                self.cover.close(&clause.span);
            }
            Role::Loop => self.each(index),
            _ => {}
        }
        self.scope = scope;
    }

    pub(in crate::plan) fn is(&self, act: &Act<'_>, class: Class) -> bool {
        let lemma = act.lemma();
        // "sum up" and "go through" are known as a whole; "post … up" by its verb.
        let known = if self.known.is_act(&lemma) { lemma.as_str() } else { act.plain_lemma() };
        self.known.is(known, class) || class == Class::Think && self.works_on_text(act)
    }

    /// "Refactor my code", "annotate the article": whatever else is done to a text, a language model does.
    pub(in crate::plan) fn works_on_text(&self, act: &Act<'_>) -> bool {
        let heard_of = self.known.is_act(&act.lemma()) || self.known.is_act(act.plain_lemma());
        let [phrase] = act.frame.objects.as_slice() else { return false };
        let text =
            |name: &String| self.known.is_askable(name) || self.known.is_product(name) || self.known.is_writable(name);
        let verb = act.frame.verb.as_ref().is_some_and(|verb| verb.particle.is_none() && verb.lemma != "be");
        verb && !heard_of
            && act.frame.subject.is_none()
            && !phrase.pronoun
            && act.services().is_empty()
            && names(phrase).iter().any(text)
    }
}
