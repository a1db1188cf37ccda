//! What an act works on beside what the act before it made: what was given, or a topic that is looked up first.

use serde_json::json;

use super::about::ROWS;
use crate::{
    catalogue::schema::Types,
    knowledge::{Class, capitalised},
    plan::{
        clauses::act::{Act, is_report, names},
        model::{Binding, Reason},
        steps::{
            build::Builder,
            draft::{AskKind, Flow},
        },
    },
    reading::{Clause, Determiner, Phrase, Role, Span, Token},
};

/// What is said of something stands beside it, and is nothing that the next act works on alone.
const SAID_OF: &str = "score rate grade evaluate assess analyse list identify suggest recommend highlight explain describe spot flag qualify triage classify categorise prioritise";
/// Of these the web knows nothing: they are the person's own, or a lesson that a model gives.
const OWN: &str = "sales team standup stand-up marketing financial finance activity performance status progress project expense budget traffic analytics revenue inventory customer order family work meeting calendar task email mail inbox personal company internal week day month daily weekly monthly morning evening short brief quick combined full detailed simple issue ticket lead feedback review vocabulary grammar spelling word idiom language";

impl<'k, 'r> Builder<'k, 'r> {
    /// "Score the match, list the missing skills, suggest three questions": each is told of what was given, and each is
    /// given out.
    pub(in crate::plan) fn alongside(&mut self, act: &Act<'r>, data: Vec<usize>) -> Vec<usize> {
        let Some((before, step)) = self.said_before(act, &data) else { return data };
        let origins = self.origins_of(step);
        if origins.is_empty() {
            return data;
        }
        let out =
            |next: &Act<'_>| self.is(next, Class::Tell) || self.is(next, Class::Store) || self.is(next, Class::Make);
        let goes_out = self.next_acts(&before).any(|next| out(&next));
        if !goes_out {
            self.draft.told.push(step);
        }
        let mut all: Vec<usize> = origins.into_iter().chain(data).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The act before, and its step, if it says something of what is there and this one says something else of it.
    fn said_before(&self, act: &Act<'r>, data: &[usize]) -> Option<(Act<'r>, usize)> {
        let [only] = data else { return None };
        let step = self.draft.data.get(*only).filter(|datum| datum.made && !datum.receipt)?.flow.step;
        let (index, _) = self.built.iter().rev().find(|(_, steps)| steps.contains(&step))?;
        let before = Act::of(self.reading, *index)?;
        let same = before.clause.sentence == act.clause.sentence && before.clause.under == act.clause.under;
        let says = |act: &Act<'_>| SAID_OF.split(' ').any(|verb| verb == act.plain_lemma());
        let new = |phrase: &Phrase| {
            let another =
                !phrase.pronoun && phrase.determiner != Determiner::Theirs && self.refer(phrase) != Some(*only);
            another && !self.known.is_generic(&phrase.head) && !self.known.is_outcome(&phrase.head)
        };
        let writes = says(act) || self.known.composes(act.plain_lemma()) && act.plain_lemma() != "create";
        let fits = act.clause.role == Role::Act && !act.frame.objects.is_empty() && act.frame.objects.iter().all(new);
        (same && says(&before) && writes && fits).then_some((before, step))
    }

    /// What was read or given, and went into a step by way of others.
    fn origins_of(&self, step: usize) -> Vec<usize> {
        let (mut open, mut seen, mut found) = (vec![step], std::collections::HashSet::new(), Vec::new());
        while let Some(step) = open.pop() {
            for input in self.draft.step(step).into_iter().flat_map(|step| &step.inputs) {
                let Binding::From { step, output } = &input.binding else { continue };
                let of =
                    self.draft.data.iter().position(|datum| datum.flow.step == *step && datum.flow.output == *output);
                let read = of.filter(|at| self.draft.data.get(*at).is_some_and(|datum| !datum.made && !datum.receipt));
                match read {
                    Some(at) => found.push(at),
                    None if seen.insert(*step) => open.push(*step),
                    None => {}
                }
            }
        }
        found.retain(|at| self.draft.data.get(*at).is_some_and(|datum| self.is_there(datum)));
        found
    }

    /// "Read the reviews from a CSV file": its rows are the reviews.
    pub(super) fn called_rows(&mut self, act: &Act<'r>) {
        let table = act
            .arguments(&["from", "in", "of"])
            .map(|argument| &argument.phrase)
            .find(|phrase| names(phrase).iter().any(|name| ROWS.contains(&name.as_str())));
        let rows = table.filter(|_| loads(act)).and_then(|table| self.refer(table));
        let Some(rows) = rows.filter(|at| self.draft.data.get(*at).is_some_and(|datum| datum.flow.is_list())) else {
            return;
        };
        for phrase in &act.frame.objects {
            if !is_all(phrase) || self.refer(phrase).is_some() || self.known.is_generic(&phrase.head) {
                continue;
            }
            if let Some(datum) = self.draft.data.get_mut(rows) {
                datum.nouns.splice(0..0, names(phrase));
            }
            self.cover.close(&phrase.span);
        }
    }

    /// "Read the reviews from a CSV file", not read yet: nothing to think about.
    pub(in crate::plan) fn reads_rows(&self, act: &Act<'r>) -> bool {
        let table = act.origins().into_iter().find(|origin| self.is_table(origin));
        loads(act) && table.is_some_and(|table| self.refer(table).is_none()) && act.frame.objects.iter().all(is_all)
    }

    /// "from a CSV file"
    pub(in crate::plan) fn is_table(&self, phrase: &Phrase) -> bool {
        names(phrase).iter().any(|name| ROWS.contains(&name.as_str())) && phrase.services.is_empty()
    }

    /// "Enrich leads with Apollo": where nothing has them, the person gives them.
    pub(super) fn people_given(&mut self, act: &Act<'r>) -> Option<usize> {
        let people =
            |phrase: &&Phrase| phrase.plural && self.known.is_item_person(&phrase.head) && phrase.services.is_empty();
        let worked = matches!(act.plain_lemma(), "enrich" | "augment" | "complete" | "verify" | "validate");
        let phrase = act.frame.objects.first().filter(people).filter(|_| worked && !self.draft.has_data())?.clone();
        let name = self.name_of(&phrase);
        let flow = self.draft.ask(&name, "A list, each with an e-mail address", AskKind::List, None);
        let datum = self.draft.given(flow, names(&phrase));
        self.draft.data.get_mut(datum)?.flow.types = Types::ARRAY;
        Some(datum)
    }

    /// "mentions of our brand", "news about our industry": only the person knows what it is called.
    pub(super) fn own_named(&mut self, span: &Span) -> Option<Flow> {
        const NAMED: &str =
            "brand product company business startup organisation organization app store shop niche industry";
        let word = |at: usize| self.reading.tokens.get(at).and_then(Token::word);
        let noun =
            |at: usize| word(at).filter(|noun| NAMED.split(' ').any(|known| known == noun.trim_end_matches("'s")));
        let at = span.clone().find(|at| matches!(word(*at), Some("our" | "my")) && noun(at + 1).is_some())?;
        let named = noun(at + 1)?.trim_end_matches("'s").to_owned();
        let end = at + 2 + usize::from(word(at + 2) == Some("name"));
        let empty = |at: usize| {
            word(at)
                .is_some_and(|word| matches!(word, "mention" | "mentions" | "of" | "the" | "any" | "about" | "posts"))
        };
        let first =
            if (span.start..at).all(empty) { String::new() } else { format!("{} ", self.text(&(span.start..at))) };
        let rest = if end < span.end { format!(" {}", self.text(&(end..span.end))) } else { String::new() };
        let label = format!("{} to look for", capitalised(&named));
        let flow = self.draft.ask(&label, "As people write it", AskKind::Text, None);
        self.cover.close(span);
        if first.is_empty() && rest.is_empty() {
            return Some(flow);
        }
        let format = format!("{first}{{{{{}}}}}{rest}", flow.name);
        Some(self.draft.fill_in(&[flow], &format, "Say what to look for"))
    }

    /// "If the request fails, tell me on Slack": no step hears of another that fails. Says so, and whether that is the case.
    pub(in crate::plan) fn is_own_failure(&mut self, index: usize) -> bool {
        const STEPS: &str =
            "request call step workflow automation run execution agent api generation something anything";
        let Some(clause) = self.reading.clauses.get(index) else { return false };
        let Some(frame) = clause.frame.as_ref().filter(|_| matches!(clause.role, Role::Condition | Role::Trigger))
        else {
            return false;
        };
        let verb = frame.verb.as_ref().map_or("", |verb| verb.lemma.as_str());
        let fails = matches!(verb, "fail" | "error" | "crash" | "break")
            || verb == "go" && self.text(&clause.span).ends_with("wrong");
        let own = frame.subject.as_ref().is_some_and(|who| {
            let last = who.head.rsplit(' ').next().unwrap_or_default();
            let mut places = frame.objects.iter().chain(frame.arguments.iter().map(|argument| &argument.phrase));
            let ours = who.services.is_empty() && places.all(|phrase| phrase.services.is_empty());
            ours && STEPS.split(' ').any(|step| step == last)
        });
        // "Call the API, and if the request fails …": what it gives then goes on.
        let request = |name: &str| matches!(name, "SendWebRequestBlock" | "ExtractWebsiteContentBlock");
        let latest =
            self.latest().and_then(|at| self.draft.data.get(at)).and_then(|datum| self.draft.block(datum.flow.step));
        // Where nothing else is asked for, it is the goal.
        let other = |clause: &Clause| clause.role == Role::Act && clause.under != Some(index);
        let beside = self.reading.clauses.iter().any(other);
        if !(fails && own && beside) || latest.is_some_and(|block| request(&block.name)) {
            return false;
        }
        self.blocked.push(index);
        self.leave(
            self.text(&clause.span),
            Reason::NotSupported,
            "no step hears of another that fails: the platform shows it",
        );
        self.cover.add(&clause.span);
        true
    }

    /// "Daily crypto digest": what is new of it is on the web; a language model alone would make it up.
    pub(in crate::plan) fn news_about(&mut self, act: &Act<'r>) -> Option<usize> {
        let block = self.known.catalogue.by_name("SearchTheWebBlock")?;
        if self.reading.schedule.is_none() || self.draft.has_data() {
            return None;
        }
        let fresh = |phrase: &&Phrase| {
            let open = matches!(phrase.determiner, Determiner::None | Determiner::Some);
            let last = phrase.head.rsplit(' ').next().unwrap_or_default();
            let told = is_report(last) && last != "analysis" && last != "report" || last == "news";
            open && told && phrase.services.is_empty() && phrase.values.is_empty() && phrase.tail.is_none()
        };
        let phrase = act.frame.objects.iter().find(fresh)?;
        let head = phrase.head.rsplit_once(' ').map(|(first, _)| first);
        let words: Vec<&str> = phrase.modifiers.iter().map(String::as_str).chain(head).collect();
        let own = |word: &&str| OWN.split(' ').any(|own| own == *word) || self.known.is_record(word);
        if words.is_empty() || words.iter().any(|word| word.split(' ').any(|word| own(&word))) {
            return None;
        }
        let topic = words.join(" ");
        let query = if topic.split(' ').any(|word| word == "news") { topic } else { format!("{topic} news") };
        let says = format!("Search the web for {query}");
        let step = self.step_of(block, &says, &[("query", json!(query))], &[]);
        self.draft.gives(step, &[], None)
    }
}

/// "Read the customers from my sheet": brings rows from where they are.
fn loads(act: &Act<'_>) -> bool {
    matches!(act.plain_lemma(), "read" | "get" | "load" | "import" | "take" | "fetch" | "pull" | "open")
}

/// "the customers": all that is there, with nothing that narrows it.
fn is_all(phrase: &Phrase) -> bool {
    phrase.plural && !phrase.pronoun && phrase.tail.is_none() && phrase.services.is_empty()
}
