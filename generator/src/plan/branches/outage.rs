//! "If the site is down": what does not answer gives nothing to look at, so the failure itself goes on.

use serde_json::json;

use crate::{
    plan::{
        clauses::act,
        model::Binding,
        steps::{
            build::{Branch, Builder},
            draft::Flow,
        },
    },
    reading::{Clause, Span, Value},
};

/// What a request gives if it fails, by how.
const FAILURES: [&str; 3] = ["error", "server_error", "client_error"];

/// Other words of a clause that says so.
const STATE: [&str; 9] = ["status", "code", "ok", "anything", "not", "isnt", "doesnt", "but", "other"];
/// "Written down" is not down.
const WITH_DOWN: [&str; 14] = [
    "write", "writes", "written", "writing", "note", "noted", "notes", "jot", "put", "take", "track", "narrow",
    "break", "scroll",
];

impl<'k, 'r> Builder<'k, 'r> {
    /// Whether a clause says that something does not answer.
    fn is_outage(&self, clause: &Clause) -> bool {
        let tokens = self.reading.tokens.get(clause.span.clone()).unwrap_or_default();
        let word = |list: &[&str]| tokens.iter().filter_map(|token| token.word()).any(|word| list.contains(&word));
        let failed = |value: &Value| matches!(value, Value::Number(code) if (400.0..600.0).contains(code));
        let verb = clause.frame.as_ref().and_then(|frame| frame.verb.as_ref());
        // "The page says outage": it answers.
        if verb.is_some_and(|verb| matches!(verb.lemma.as_str(), "say" | "show" | "read" | "display" | "mention")) {
            return false;
        }
        let returns =
            verb.is_some_and(|verb| matches!(verb.lemma.as_str(), "return" | "respond" | "give" | "answer" | "be"));
        // "the status isn't 200", "anything but 200"
        let well = |value: &Value| matches!(value, Value::Number(code) if (200.0..300.0).contains(code));
        let negated = clause.frame.as_ref().is_some_and(|frame| frame.negated)
            || word(&["no", "not", "isnt", "doesnt", "but", "other"]);
        let values = || tokens.iter().filter_map(|token| token.value());
        let particle = tokens.windows(2).any(|pair| {
            let [verb, down] = pair else { return false };
            down.word() == Some("down") && verb.word().is_some_and(|verb| WITH_DOWN.contains(&verb))
        });
        let said = |is: &dyn Fn(&str) -> bool| tokens.iter().filter_map(|token| token.word()).any(is);
        // "The price is under 500"
        let compared = word(&["under", "over", "below", "above", "than"]);
        // "stops responding", "no longer loads" is what is down.
        let stops = tokens.windows(2).any(|pair| {
            let [stop, up] = pair else { return false };
            let stops =
                stop.word().is_some_and(|word| matches!(word, "stop" | "stops" | "stopped" | "ceases" | "longer"));
            stops
                && up
                    .word()
                    .is_some_and(|word| self.known.is_up(word) || self.known.is_up(word.trim_end_matches("ing")))
        });
        stops
            || said(&|word| self.known.is_down(word)) && !particle
            || negated && (said(&|word| self.known.is_up(word)) || values().any(well))
            || returns && !compared && values().any(failed)
    }

    /// The way on if the address that `datum` was read from does not answer.
    pub(in crate::plan) fn fails(&mut self, index: usize, datum: usize) -> Option<Branch> {
        let clause = self.reading.clauses.get(index)?;
        let read = self.draft.data.get(datum)?.clone();
        let block = self.draft.block(read.flow.step)?;
        let page = matches!(block.name.as_str(), "ExtractWebsiteContentBlock" | "FirecrawlScrapeBlock");
        if !(page && !read.used || block.name == "SendWebRequestBlock") || !self.is_outage(clause) {
            return None;
        }
        // What else the clause says stays open: "down since the release of 3pm".
        let tells = |at: &usize| {
            self.reading.tokens.get(*at).is_some_and(|token| {
                token.word().map_or_else(
                    || matches!(token.value(), Some(Value::Number(_))),
                    |word| self.known.is_down(word) || self.known.is_up(word) || STATE.contains(&word),
                )
            })
        };
        let told: Vec<usize> = clause.span.clone().filter(tells).collect();
        told.into_iter().for_each(|at| self.cover.close(&(at..at + 1)));
        let request = self.known.catalogue.by_name("SendWebRequestBlock")?;
        if let Some(step) = self.draft.steps.get_mut(read.flow.step).filter(|_| page) {
            let url = step.binding("url").cloned()?;
            (step.block, step.inputs) = (request.id.clone(), Vec::new());
            step.bind("url", url);
            step.bind("method", Binding::Value(json!("GET")));
            step.title = "Send a web request".to_owned();
        }
        let says = act::sentence(self.text(&clause.span));
        let says = ["If ", "When ", "Whenever ", "And if ", "As soon as "]
            .iter()
            .find_map(|opener| says.strip_prefix(opener))
            .unwrap_or(&says);
        let subject = self.asked_url(read.flow.step).unwrap_or_else(|| "The address".to_owned());
        // "Check if it is up, and if not …"
        let asked = ["if not", "it isn't", "it doesn't", "it is not"]
            .iter()
            .any(|end| {
                says.ends_with(end)
                    || clause.frame.as_ref().is_some_and(|frame| frame.negated)
                        && !says.contains("not")
                        && !says.contains("n't")
            })
            .then(|| format!("{subject} does not answer"));
        let says = asked.as_deref().unwrap_or(says);
        let well = |at: &usize| {
            self.reading.tokens.get(*at).is_some_and(|token| match token.word() {
                Some(word) => self.known.is_up(word),
                None => matches!(token.value(), Some(Value::Number(code)) if (200.0..300.0).contains(code)),
            })
        };
        if let Some(up) = clause.span.clone().find(well).filter(|_| asked.is_some()) {
            self.cover.close(&(clause.span.start..up + 1));
        }
        // "Check if it is up, and alert me if it is down": both are the same question.
        let checks = self.reading.clauses.get(..index).unwrap_or_default().iter();
        let asked = checks.filter_map(|clause| clause.frame.as_ref()?.complement.clone());
        let up = |span: &Span| span.clone().any(|at| well(&at));
        for span in asked.filter(up).collect::<Vec<_>>() {
            self.cover.close(&span);
        }
        let format = format!("{subject} does not answer as it should: {{{{error}}}}");
        let mut ways = FAILURES.iter().map(|output| {
            let flow = Flow { name: "error".to_owned(), ..self.draft.flow(read.flow.step, output) };
            self.draft.fill_in(&[flow], &format, &format!("Say so: {says}"))
        });
        let (error, others) = (ways.next()?, ways.collect::<Vec<_>>());
        let nouns = vec!["outage".to_owned(), "error".to_owned()];
        let yes = self.draft.given(error, nouns);
        if let Some(datum) = self.draft.data.get_mut(yes) {
            datum.under = Some(index);
        }
        self.failures.push((yes, others));
        self.cover.add(&clause.span);
        self.done += 1;
        if let Some(datum) = self.draft.data.get_mut(datum) {
            (datum.used, datum.flow.types) = (true, crate::catalogue::schema::Types::ANY);
            datum.flow.output = "response".to_owned();
        }
        Some(Branch { yes, no: datum })
    }

    fn asked_url(&self, step: usize) -> Option<String> {
        match self.draft.step(step)?.binding("url")? {
            Binding::Value(value) => value.as_str().map(str::to_owned),
            Binding::From { .. } => None,
        }
    }
}
