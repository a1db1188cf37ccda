//! Writes a result back beside the row that it is about: "write the category next to each", "mark the row as sent".

use serde_json::json;

use crate::{
    catalogue::schema::Types,
    knowledge::Class,
    plan::{
        clauses::act::{Act, core, names},
        model::{Binding, Reason},
        steps::{
            build::Builder,
            draft::{AskKind, Flow},
            fill::Fill,
        },
        wording::english,
    },
    reading::{Phrase, Value},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// Whether an act puts something into the rows of the sheet that was read.
    pub(in crate::plan) fn is_write_back(&self, act: &Act<'_>) -> bool {
        let stores = self.is(act, Class::Store) || self.is(act, Class::Change);
        let cell = |phrase: &Phrase| names(phrase).iter().any(|name| matches!(name.as_str(), "column" | "cell"));
        let beside = act.arguments(&["next to", "beside", "alongside"]).next().is_some();
        let row = |phrase: &Phrase| phrase.head == "row" && phrase.services.is_empty();
        let lettered = |phrase: &Phrase| {
            phrase.head.starts_with("column ") || phrase.modifiers.iter().any(|word| word == "column")
        };
        let column = act.phrases().any(|phrase| cell(phrase) || lettered(phrase));
        let marks = self.is(act, Class::Change) && act.frame.objects.iter().any(row);
        // "write the score back to the sheet"
        let back = act.frame.verb.as_ref().is_some_and(|verb| verb.particle.as_deref() == Some("back"));
        let sheet =
            |phrase: &Phrase| names(phrase).iter().any(|name| matches!(name.as_str(), "spreadsheet" | "sheet" | "row"));
        let back = back
            && act
                .places()
                .into_iter()
                .any(|phrase| sheet(phrase) || phrase.services.iter().any(|name| name == "Google Sheets"));
        stores && (column || beside || marks || back) && self.rows_read().is_some()
    }

    fn rows_read(&self) -> Option<usize> {
        self.draft.data.iter().position(|datum| {
            !datum.made
                && !datum.receipt
                && self.draft.block(datum.flow.step).is_some_and(|block| block.name == "GoogleSheetsReadBlock")
        })
    }

    pub(in crate::plan) fn writes_back(&mut self, act: &Act<'r>) -> bool {
        let block = self.known.catalogue.by_name("GoogleSheetsUpdateCellBlock");
        let (true, Some(rows), Some(block)) = (self.is_write_back(act), self.rows_read(), block) else { return false };
        let Some(item) = self.item_of(rows) else {
            let text = act.text().to_owned();
            self.leave(&text, Reason::NoBlock, "the steps do not know in which row it stood");
            self.cover.add(&act.clause.span);
            return true;
        };
        let value = self.cell_value(act);
        let sheet = self
            .draft
            .data
            .get(rows)
            .and_then(|datum| self.draft.step(datum.flow.step)?.binding("spreadsheet").cloned());
        let said = act.clause.span.clone().skip_while(|at| {
            let word = self.reading.tokens.get(*at).and_then(|token| token.word());
            !matches!(word, Some("column" | "columns"))
        });
        let letters: Vec<(usize, String)> = said
            .skip(1)
            .filter_map(|at| {
                let raw = self.reading.tokens.get(at)?.raw(&self.reading.text);
                (raw.len() == 1 && raw.chars().all(|c| c.is_ascii_uppercase())).then(|| (at, raw.to_owned()))
            })
            .collect();
        for (at, letter) in letters.iter().skip(1) {
            self.leave(letter, Reason::NotSupported, "all of it goes into the first of the columns");
            self.cover.close(&(*at..*at + 1));
        }
        let letter = letters.into_iter().next().map(|(_, letter)| letter);
        let key = Flow { name: "position".to_owned(), ..self.draft.flow(item, "key") };
        let says = "Find the cell: the first row has the position 0";
        // A row that was held back is not marked: its cell is not found before the check lets it through.
        let let_through = self.row_checked(item).map(|row| Flow { name: "row".to_owned(), ..row });
        let (mut flows, format) = match letter {
            Some(letter) => (vec![key], format!("{letter}{{{{ position + 1 }}}}")),
            None => {
                let column =
                    self.draft.ask("Column letter", "Column of the sheet to write to, such as C", AskKind::Text, None);
                let format = format!("{{{{{}}}}}{{{{ position + 1 }}}}", column.name);
                (vec![column, key], format)
            }
        };
        flows.extend(let_through);
        let cell = self.draft.fill_in(&flows, &format, says);
        let says = act.instruction();
        let mut given = vec![("cell".to_owned(), cell.binding()), ("value".to_owned(), value)];
        given.extend(sheet.map(|sheet| ("spreadsheet".to_owned(), sheet)));
        let step = self.apply(block, Fill { given, name: Some(english::cut(&says, 60)), says, ..Fill::default() });
        self.record_receipt(step, act);
        let named = act.arguments(&["as"]).next().is_some();
        let verb = act.frame.verb.as_ref().filter(|_| named).map(|verb| verb.span.clone());
        verb.iter().for_each(|span| self.cover.close(span));
        true
    }

    /// What a check of the entries that a step takes one by one lets through.
    fn row_checked(&self, item: usize) -> Option<Flow> {
        let check = self.draft.steps.iter().position(|step| {
            matches!(step.binding("yes_value"), Some(Binding::From { step, output }) if *step == item && output == "item")
        })?;
        Some(self.draft.flow(check, "yes_output"))
    }

    /// The step that takes the rows one by one as they were read: of those that are new nobody knows where they stand.
    fn item_of(&mut self, rows: usize) -> Option<usize> {
        let read = self.draft.data.get(rows)?.flow.clone();
        let steps =
            |builder: &Self| builder.draft.steps.iter().position(|step| step.binding("items") == Some(&read.binding()));
        let untouched = self.draft.data.get(rows).is_some_and(|datum| !datum.used);
        if steps(self).is_none() && untouched {
            self.single(rows);
        }
        steps(self)
    }

    /// What goes into the cell: the words of the person, what was made, or what a model makes of it.
    fn cell_value(&mut self, act: &Act<'r>) -> Binding {
        let quoted = act.values().find_map(|(_, value)| match value {
            Value::Quoted(text) => Some(text.clone()),
            _ => None,
        });
        let mark = act.arguments(&["as"]).next().map(|argument| self.text(&core(&argument.phrase)).to_owned());
        if let Some(text) = quoted.or(mark) {
            return Binding::Value(json!(text));
        }
        let part = act.frame.objects.iter().find_map(|phrase| self.part(phrase));
        let made = part.or_else(|| act.frame.objects.iter().find_map(|phrase| self.refer(phrase)));
        let pronoun = act.frame.objects.iter().any(|phrase| phrase.pronoun);
        let made = made.into_iter().chain(self.latest().filter(|_| pronoun));
        let made = made.into_iter().find(|at| self.draft.data.get(*at).is_some_and(|datum| datum.made));
        let data: Vec<usize> = self.latest().into_iter().collect();
        let datum = made.unwrap_or_else(|| {
            let step = self.ask_model(act, &act.instruction(), &[], &data, None);
            self.made(step, vec!["value".to_owned()], None, &data);
            self.draft.data.len() - 1
        });
        let flow = self.take(datum);
        flow.map_or_else(|| Binding::Value(json!("")), |flow| self.draft.fit(&flow, Types::STRING).binding())
    }
}
