//! Acts that code does: sums, and what people want computed.

use crate::{
    knowledge::Class,
    plan::{
        clauses::act::{Act, names},
        model::Binding,
        steps::{build::Builder, draft::AskKind, fill::Fill},
    },
    reading::{Span, Token, Value},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// "add 5 and 7", "multiply two numbers"
    pub(in crate::plan) fn calculates(&mut self, act: &Act<'r>) -> bool {
        // "12 times 34", not "three quotes, plus a mark from 1 to 10".
        let number = |at: usize| matches!(self.reading.tokens.get(at).and_then(Token::value), Some(Value::Number(_)));
        let between = |at: &usize| at.checked_sub(1).is_some_and(number) && (number(at + 1) || number(at + 2));
        let mut words = act.clause.span.clone().filter(between).filter_map(|at| self.reading.tokens.get(at)?.word());
        let said = || words.find_map(|word| self.known.operation(word));
        let Some(operation) = self.known.operation(act.plain_lemma()).or_else(said) else { return false };
        let numbers: Vec<(usize, f64)> = act
            .values()
            .filter_map(|(at, value)| match value {
                Value::Number(number) => Some((at, *number)),
                _ => None,
            })
            .collect();
        let two = act.phrases().any(|phrase| matches!(phrase.head.as_str(), "number" | "numbers"));
        // "the total by 4": what is not there yet, the person gives.
        let named = act.phrases().find(|phrase| {
            phrase.values.is_empty() && !phrase.pronoun && !phrase.head.is_empty() && self.refer(phrase).is_none()
        });
        // "add the best ten to a prospect list in Google Sheets"
        let entries = !act.services().is_empty()
            || act.frame.objects.iter().any(|phrase| !phrase.values.is_empty() && !phrase.modifiers.is_empty());
        let named =
            named.filter(|_| numbers.len() == 1 && !entries && self.known.operation(act.plain_lemma()).is_some());
        let known = self.known.catalogue.by_name("CalculatorBlock");
        let Some(block) = known.filter(|_| numbers.len() == 2 || two || named.is_some()) else { return false };
        let mut operands: Vec<(usize, Binding)> = Vec::new();
        if numbers.len() == 2 || named.is_some() {
            for (at, number) in &numbers {
                let number = format!("{number}").parse::<serde_json::Number>();
                operands.extend(number.ok().map(|number| (*at, Binding::Value(number.into()))));
            }
            if let Some(phrase) = named {
                let label = self.name_of(phrase);
                operands.push((phrase.span.start, self.draft.ask(&label, "", AskKind::Number, None).binding()));
            }
        } else {
            for (at, label) in ["First number", "Second number"].into_iter().enumerate() {
                operands.push((at, self.draft.ask(label, "", AskKind::Number, None).binding()));
            }
        }
        operands.sort_by_key(|(at, _)| *at);
        // "Subtract 3 from 10".
        if operation == "Subtract" && act.arguments(&["from"]).next().is_some() {
            operands.reverse();
        }
        let mut given = vec![("operation".to_owned(), Binding::Value(serde_json::json!(operation)))];
        given.extend(["a", "b"].into_iter().zip(operands).map(|(name, (_, operand))| (name.to_owned(), operand)));
        let says = |span: &Span| {
            span.clone()
                .any(|at| matches!(self.reading.tokens.get(at).and_then(Token::word), Some("round" | "rounded")))
        };
        let next = self.next_acts(act).find(|next| next.plain_lemma() == "round").map(|next| next.index);
        let rounds = says(&act.clause.span) || next.is_some();
        if let Some(next) = next {
            self.pass_over(next);
        }
        if rounds {
            given.push(("round_result".to_owned(), Binding::Value(serde_json::json!(true))));
        }
        let step = self.apply(block, Fill { given, says: act.instruction(), ..Fill::default() });
        self.draft.gives(step, &["result".to_owned()], None);
        self.cover.add(&act.clause.span);
        self.done += 1;
        true
    }

    /// "Run a Python script"
    pub(in crate::plan) fn runs_code(&mut self, act: &Act<'r>) -> bool {
        let code = act.frame.objects.iter().any(|phrase| {
            names(phrase).iter().any(|name| matches!(name.as_str(), "script" | "code" | "program" | "snippet"))
        });
        let Some(block) = self
            .known
            .catalogue
            .by_name("ExecuteCodeBlock")
            .filter(|_| code && matches!(act.plain_lemma(), "run" | "execute"))
        else {
            return false;
        };
        let flow = self.draft.ask("Code", "The program to run", AskKind::Long, None);
        let fill = Fill {
            act: Some(*act),
            says: act.instruction(),
            given: vec![("code".to_owned(), flow.binding())],
            ..Fill::default()
        };
        let step = self.apply(block, fill);
        let nouns = ["output", "result", "script"].map(str::to_owned);
        self.draft.gives(step, &nouns, None);
        self.cover.add(&act.clause.span);
        self.done += 1;
        true
    }

    /// "plot it as a chart": a model writes the code, a sandbox runs it.
    pub(in crate::plan) fn codes(&mut self, act: &Act<'r>) -> bool {
        let charts = act
            .phrases()
            .any(|phrase| matches!(phrase.head.as_str(), "graph" | "chart" | "plot" | "diagram" | "histogram"));
        if !(act.plain_lemma() == "plot" || charts && self.is(act, Class::Think)) {
            return false;
        }
        let Some(block) = self.known.catalogue.by_name("ExecuteCodeBlock") else { return false };
        let data = self.thought_about(act);
        let words = format!("Write Python code that does this, and nothing but the code: {}", act.instruction());
        let step = self.ask_model(act, &words, &[], &data, None);
        let code = self.draft.flow(step, "response");
        let says = act.instruction();
        let fill = Fill { act: Some(*act), says, given: vec![("code".to_owned(), code.binding())], ..Fill::default() };
        let step = self.apply(block, fill);
        let nouns: Vec<String> = act.frame.objects.iter().flat_map(names).collect();
        if let Some(datum) = self.draft.gives(step, &nouns, None)
            && let Some(datum) = self.draft.data.get_mut(datum)
        {
            datum.made = true;
        }
        self.cover.add(&act.clause.span);
        self.done += 1;
        true
    }
}
