//! What the finished steps do not check, count or wait for, although the goal says so.

use crate::{
    catalogue::Block,
    knowledge::{Class, is_text_model},
    plan::{
        branches::unlike::AGAIN,
        clauses::{
            act::{Act, core},
            lists::{gathers, is_single},
        },
        model::{Binding, Reason, Step},
        steps::{build::Builder, cover::is_empty},
    },
    reading::{Determiner, Phrase, Role, Span, Token, Value},
};

/// What is made of all entries together.
const TOGETHER: [&str; 9] =
    ["total", "sum", "count", "average", "mean", "median", "statistics", "statistic", "subtotal"];

/// What is a number, or comes out as one.
const MEASURES: [&str; 14] = [
    "score",
    "rate",
    "grade",
    "count",
    "number",
    "rating",
    "total",
    "sum",
    "guess",
    "estimate",
    "calculate",
    "compute",
    "average",
    "measure",
];

impl<'k, 'r> Builder<'k, 'r> {
    pub(in crate::plan) fn leave_unchecked(&mut self) {
        self.leave_idle_checks();
        self.leave_early_checks();
        self.leave_apart();
        self.leave_uncounted();
        self.leave_each_that();
        self.leave_sameness();
        self.leave_rhythm();
        self.leave_ungated();
        self.leave_forbidden();
        self.leave_untold_person();
    }

    /// "Open an issue if it is down": what nothing holds back is done each time.
    fn leave_ungated(&mut self) {
        let mut spans = Vec::new();
        for (act, steps) in self.acts_built() {
            let guard = act.clause.under.and_then(|guard| self.reading.clauses.get(guard));
            let Some(guard) = guard.filter(|guard| guard.role == Role::Condition) else { continue };
            let does =
                [Class::Tell, Class::Store, Class::Make, Class::Change].iter().any(|class| self.is(&act, *class));
            let looks = matches!(act.plain_lemma(), "check" | "look" | "watch" | "monitor");
            let reads = looks || self.is(&act, Class::Fetch) && !does;
            let acts = |at: &usize| {
                let changes = [Class::Store, Class::Make, Class::Change];
                let block = self.draft.block(*at);
                let serves = |block: &Block| changes.iter().any(|class| self.known.serves(block, *class));
                block.is_some_and(|block| {
                    self.known.delivers(block) || self.known.meaning(block).service.is_some() && serves(block)
                })
            };
            let Some(out) = steps.clone().rfind(acts).filter(|_| !reads) else { continue };
            let behind = self.behind(out);
            let held = |at: &usize| {
                let failure = |input: &crate::plan::model::Input| matches!(&input.binding, Binding::From { output, .. } if output.contains("error"));
                self.is_gate(*at)
                    || self
                        .draft
                        .step(*at)
                        .is_some_and(|step| self.block_is(step, |name| name == "HumanInTheLoopBlock"))
                    || self.draft.step(*at).is_some_and(|step| step.inputs.iter().any(failure))
            };
            if !behind.iter().any(held) {
                spans.push(guard.span.clone());
            }
        }
        for span in spans {
            self.leave(self.text(&span), Reason::NotSupported, "no step checks this: it is done each time");
        }
    }

    /// "Check if it is somebody's birthday and send me a message": sent whatever came of the check.
    fn leave_idle_checks(&mut self) {
        let acts = self.acts_built();
        let mut spans = Vec::new();
        for (act, steps) in &acts {
            let checks =
                matches!(act.lemma().as_str(), "check" | "see" | "verify" | "look" | "find out" | "determine" | "test");
            let Some(complement) = act.frame.complement.clone().filter(|_| checks) else { continue };
            let whether = complement
                .clone()
                .chain(complement.start.checked_sub(1))
                .filter_map(|at| self.reading.tokens.get(at)?.word())
                .any(|word| matches!(word, "if" | "whether"));
            let free = |(next, own): &(Act<'_>, std::ops::Range<usize>)| {
                let result = next.phrases().any(|phrase| {
                    matches!(
                        phrase.head.as_str(),
                        "result"
                            | "answer"
                            | "finding"
                            | "verdict"
                            | "report"
                            | "outcome"
                            | "summary"
                            | "assessment"
                            | "feedback"
                    )
                });
                // "… and tell me on Slack": what came of it.
                let bare = |phrase: &Phrase| phrase.pronoun || self.known.is_person(&phrase.head);
                let result =
                    result || matches!(next.plain_lemma(), "tell" | "inform") && next.frame.objects.iter().all(bare);
                next.index > act.index
                    && next.clause.sentence <= act.clause.sentence + 1
                    && next.clause.under.is_none()
                    && !result
                    && own.clone().any(|at| {
                        self.draft.block(at).is_some_and(|block| self.known.delivers(block))
                            && !self.behind(at).iter().any(|at| self.is_gate(*at))
                    })
            };
            if whether && !steps.clone().any(|at| self.is_gate(at)) && acts.iter().any(free) {
                spans.push(complement);
            }
        }
        for span in spans {
            let told = "no step holds back what comes next: it is done in every case";
            self.leave(self.text(&span), Reason::NotSupported, told);
        }
    }

    fn is_gate(&self, step: usize) -> bool {
        self.draft.step(step).is_some_and(|step| self.block_is(step, |name| name.contains("Condition")))
    }

    /// "Score the CV, and mail HR if it is 8 or more": what is compared is not the score.
    fn leave_early_checks(&mut self) {
        let mut spans: Vec<Span> = Vec::new();
        let acts = self.acts_built();
        for (index, branch) in &self.branches {
            let Some(guard) = Act::of(self.reading, *index).filter(|guard| guard.clause.role == Role::Condition) else {
                continue;
            };
            let Some(check) = self.draft.data.get(branch.yes).map(|datum| datum.flow.step) else { continue };
            let it = guard.frame.subject.as_ref().is_some_and(|subject| subject.pronoun);
            let compares = guard.plain_lemma() == "be"
                && guard.values().any(|(_, value)| matches!(value, Value::Number(_) | Value::Amount(_)));
            let measures = |act: &Act<'_>| {
                let mut words = act.clause.span.clone().filter_map(|at| self.reading.tokens.get(at)?.word());
                words.any(|word| MEASURES.contains(&word))
            };
            let measured = acts.iter().rfind(|(act, _)| act.index < *index && measures(act));
            let Some((_, steps)) = measured.filter(|_| it && compares) else { continue };
            let behind = self.behind(check);
            if !steps.clone().any(|at| behind.contains(&at)) {
                spans.push(guard.clause.span.clone());
            }
        }
        // The branches are in no order.
        spans.sort_by_key(|span| span.start);
        for span in spans {
            let told = "this is compared with what was read, not with the number that another step finds";
            self.leave(self.text(&span), Reason::NotSupported, told);
        }
    }

    /// "Add them to the sheet and mail the total": made of one entry at a time.
    fn leave_apart(&mut self) {
        let mut spans = Vec::new();
        for (act, steps) in self.acts_built() {
            let one = act.arguments(&["of", "for", "per"]).any(|argument| {
                argument.phrase.pronoun
                    || matches!(argument.phrase.determiner, Determiner::Each)
                    || argument.preposition == "per"
            });
            let tells = self.is(&act, Class::Tell);
            // "Extract the vendor and the total of the invoice": what one entry says.
            if self.known.usual_verb(&act.lemma()) == "extract" && act.frame.objects.len() > 1 {
                continue;
            }
            let together = |phrase: &&Phrase| {
                let head = phrase.head.rsplit(' ').next().unwrap_or_default();
                let each = phrase.determiner == Determiner::Each || phrase.pronoun;
                let counted = matches!(head, "number" | "amount")
                    && act
                        .arguments(&["of"])
                        .any(|argument| argument.phrase.plural && argument.phrase.span.start > phrase.span.start);
                (TOGETHER.contains(&head) || counted || tells && gathers(phrase)) && !each
            };
            let with = act.arguments(&["with", "including"]).map(|argument| &argument.phrase);
            // "… as one message", "in a single mail"
            let shape = act.arguments(&["as", "in"]).map(|argument| &argument.phrase).filter(|_| tells);
            let single = shape.into_iter().find(|phrase| is_single(phrase) && self.known.is_carrier(&phrase.head));
            let found = act.frame.objects.iter().chain(with).find(together).or(single).filter(|_| !one);
            if let Some(phrase) = found.filter(|_| steps.clone().any(|at| self.runs_per_entry(at))) {
                spans.push(core(phrase));
            }
        }
        for span in spans {
            let told = "it is made of one entry at a time, not of all together";
            self.leave(self.text(&span), Reason::NotSupported, told);
        }
    }

    /// "… and mail me the total": what goes out are the amounts, and no step adds them up.
    fn leave_uncounted(&mut self) {
        let mut spans = Vec::new();
        for (act, steps) in self.acts_built() {
            let out = steps.clone().rfind(|at| self.draft.block(*at).is_some_and(|block| self.known.delivers(block)));
            let Some(out) = out else { continue };
            let behind = self.behind(out);
            let told = |head: &str| {
                behind.iter().filter_map(|at| self.draft.step(*at)).flat_map(|step| &step.inputs).any(|input| {
                    let stem = head.trim_end_matches('s');
                    let named = matches!(&input.binding, Binding::From { output, .. } if output.contains(stem));
                    let said = matches!(&input.binding, Binding::Value(value) if {
                        let text = value.to_string().to_lowercase();
                        // "Sum up the amounts" makes their total.
                        let adds = stem == "total" && ["sum up the ", "add up ", "sum of "].iter().any(|words| text.contains(words));
                        text.contains(stem) || adds
                    });
                    let prompt = matches!(input.name.as_str(), "prompt" | "sys_prompt" | "focus" | "expected_format");
                    named || prompt && said || matches!(input.name.as_str(), "operation" | "expression")
                })
            };
            let head = |phrase: &Phrase| phrase.head.rsplit(' ').next().unwrap_or_default().to_owned();
            let open = |phrase: &&Phrase| {
                let head = head(phrase);
                matches!(head.as_str(), "total" | "sum" | "average" | "subtotal" | "median") && !told(&head)
            };
            let whole = act.frame.objects.iter().find(open).filter(|_| behind.iter().any(|at| self.lists(*at)));
            spans.extend(whole.map(core));
        }
        for span in spans {
            self.leave(self.text(&span), Reason::NotSupported, "no step works this out");
        }
    }

    /// Whether a step reads or makes more than one thing, or is asked to.
    pub(super) fn lists(&self, step: usize) -> bool {
        self.draft.data.iter().any(|datum| datum.flow.step == step && (datum.flow.is_list() || datum.each.is_some()))
    }

    /// "Reply to each that asks for a price": whoever writes to each holds none back.
    fn leave_each_that(&mut self) {
        let mut spans = Vec::new();
        for (act, steps) in self.acts_built() {
            let out = steps.clone().rfind(|at| self.draft.block(*at).is_some_and(|block| self.known.delivers(block)));
            let Some(out) = out.filter(|out| self.runs_per_entry(*out)) else { continue };
            let behind = self.behind(out);
            if behind.iter().any(|at| self.is_gate(*at) && !self.asks_for_any(*at)) {
                continue;
            }
            let to = act.arguments(&["to", "for"]).map(|argument| &argument.phrase);
            for phrase in act.frame.objects.iter().chain(to).chain(&act.frame.recipients) {
                let each = phrase.head == "each"
                    || self.known.is_crowd(&phrase.head)
                    || matches!(phrase.determiner, Determiner::Each | Determiner::All);
                let Some(tail) = phrase.tail.clone().filter(|_| each) else { continue };
                let words: Vec<String> = tail
                    .clone()
                    .filter_map(|at| self.reading.tokens.get(at))
                    .map(|token| token.raw(&self.reading.text).to_lowercase())
                    .collect();
                let crowd =
                    self.known.is_crowd(&phrase.head) || matches!(phrase.head.as_str(), "anyone" | "anybody" | "those");
                let relative =
                    crowd || matches!(words.first().map(String::as_str), Some("that" | "who" | "which" | "whose"));
                let filtered = |at: &usize| {
                    let model = self.draft.block(*at).is_some_and(is_text_model);
                    !model
                        && words
                            .iter()
                            .filter(|word| !is_empty(word) && word.len() > 2)
                            .any(|word| self.says(*at, word))
                };
                if relative && !behind.iter().any(filtered) {
                    spans.push(tail);
                }
            }
        }
        for span in spans {
            self.leave(self.text(&span), Reason::NotSupported, "no step holds such an entry back: each goes on");
        }
    }

    /// "Go on only if there are new ones" looks at none of them.
    fn asks_for_any(&self, gate: usize) -> bool {
        let zero = |step: &Step| matches!(step.binding("value2"), Some(Binding::Value(value)) if value == 0);
        self.draft.step(gate).is_some_and(zero)
    }

    /// Whether a step runs once for each entry of a list that was read; an event that starts the agent is one by itself.
    pub(super) fn runs_per_entry(&self, step: usize) -> bool {
        let behind = self.behind(step);
        self.draft.data.iter().any(|datum| {
            let block = self.draft.block(datum.flow.step);
            let starts = block.is_some_and(|block| block.trigger) || self.draft.is_asked(datum.flow.step);
            datum.single && !datum.made && !starts && behind.contains(&datum.flow.step)
        }) && !behind.iter().any(|at| self.draft.block(*at).is_some_and(|block| block.trigger))
    }

    /// "A different one each day": nothing knows what an earlier run gave.
    fn leave_sameness(&mut self) {
        if self.by_event || self.reading.schedule.is_none() && !self.polls || self.remembers() {
            return;
        }
        let word = |at: usize| self.reading.tokens.get(at).and_then(Token::word).unwrap_or_default();
        let asks = |role: Role| matches!(role, Role::Act | Role::Restriction | Role::Manner | Role::Condition);
        let clauses = self.reading.clauses.iter().filter(|clause| asks(clause.role));
        let found = clauses.filter_map(|clause| {
            let at = clause.span.clone().find(|at| word(*at) == "different")?;
            // "a different greeting for each customer": that is no run.
            let run = ["day", "time", "week", "month", "morning", "evening", "run"];
            let each = |each: &usize| matches!(word(*each), "each" | "every") && run.contains(&word(each + 1));
            let each = (at..clause.span.end.min(at + 5)).find(each)?;
            Some(at..clause.span.end.min(each + 2))
        });
        for span in found.collect::<Vec<_>>() {
            self.leave(self.text(&span), Reason::NotSupported, AGAIN);
        }
    }

    /// "One a day": said beside the act, and no schedule has it.
    fn leave_rhythm(&mut self) {
        if self.by_event || self.reading.schedule.is_some() || self.polls {
            return;
        }
        let word = |at: usize| self.reading.tokens.get(at).and_then(Token::word).unwrap_or_default();
        let number = |at: usize| {
            let value = self.reading.tokens.get(at).and_then(Token::value);
            matches!(value, Some(Value::Number(_))) || word(at) == "one"
        };
        let period = |at: usize| {
            matches!(word(at), "a" | "per" | "each" | "every")
                && matches!(word(at + 1), "day" | "week" | "month" | "hour" | "morning" | "evening" | "weekday")
        };
        let asks = |role: Role| matches!(role, Role::Act | Role::Restriction | Role::Manner);
        let mut clauses = self.reading.clauses.iter().filter(|clause| asks(clause.role));
        let found = clauses.find_map(|clause| {
            // "Write a plan with 3 meals a day": said of the text.
            let verb = clause.frame.as_ref().and_then(|frame| frame.verb.as_ref());
            if verb.is_some_and(|verb| self.known.composes(&verb.lemma)) {
                return None;
            }
            clause.span.clone().find_map(|at| {
                let next = (at + 1..at + 3).find(|at| period(*at)).filter(|_| number(at))?;
                clause.span.contains(&next).then(|| at..next + 2)
            })
        });
        if let Some(span) = found {
            let told = "no schedule is read from this; say how often, as in \"every day at 9:00\"";
            self.leave(self.text(&span), Reason::NotSupported, told);
        }
    }
}
