//! Changes of what a service holds about the entry that is worked on: a field of its record, and who may open a file.

use serde_json::json;

use crate::{
    catalogue::{Block, schema::Types},
    knowledge::Class,
    plan::{
        clauses::act::{Act, core, names},
        model::{Binding, Reason},
        steps::{
            build::Builder,
            draft::{AskKind, Datum, Flow},
            fill::Fill,
            say,
        },
        wording::english,
    },
    reading::{Determiner, Phrase, Token, Value},
};

/// Words of a field's name that are not a part of it.
const ARTICLES: [&str; 8] = ["the", "its", "their", "record's", "records'", "a", "row's", "field"];

impl<'k, 'r> Builder<'k, 'r> {
    /// "Take a name and an address, and create a contact": what the person gave, as one record.
    pub(in crate::plan) fn record_given(&mut self, item: Option<usize>) -> Option<usize> {
        let asked = |at: &usize| self.draft.data.get(*at).is_some_and(|datum| self.draft.is_asked(datum.flow.step));
        item.filter(asked)?;
        let given: Vec<usize> = (0..self.draft.data.len()).filter(asked).collect();
        self.record_of(&given, "Put what was given together")
    }

    /// "Set Status to Published", "mark the record as paid": of the Airtable record that is worked on.
    pub(in crate::plan) fn updates_record(&mut self, act: &Act<'r>) -> bool {
        if !matches!(act.plain_lemma(), "set" | "change" | "update" | "mark" | "flip" | "switch" | "move") {
            return false;
        }
        let by = |name: &str| self.known.catalogue.by_name(name);
        let (Some(update), Some(decode)) = (by("AirtableUpdateRecordsBlock"), by("JSONDecoderBlock")) else {
            return false;
        };
        let read = self.draft.data.iter().rposition(|datum| {
            !datum.receipt && !datum.made && datum.service.as_deref() == Some("Airtable") && self.is_there(datum)
        });
        let list = self.draft.steps.iter().rposition(|step| {
            self.known.catalogue.by_id(&step.block).is_some_and(|block| block.name == "AirtableListRecordsBlock")
        });
        let value = act.arguments(&["to", "as"]).map(|argument| &argument.phrase).last();
        if let (Some(_), None, Some(_)) = (read, list, value) {
            let text = act.text().to_owned();
            self.leave(&text, Reason::NoBlock, "what starts the agent does not say which record it is");
            self.cover.add(&act.clause.span);
            return true;
        }
        let (Some(read), Some(list), Some(value)) = (read, list, value.filter(|value| value.services.is_empty()))
        else {
            return false;
        };
        let own = |phrase: &Phrase| {
            phrase.pronoun || names(phrase).iter().any(|name| matches!(name.as_str(), "record" | "row" | "entry"))
        };
        let field = act.frame.objects.iter().find(|phrase| !own(phrase)).map(|phrase| self.bare(phrase));
        let field = field.filter(|field| !field.is_empty()).unwrap_or_else(|| "Status".to_owned());
        let quoted = value.values.iter().find_map(|at| match self.reading.tokens.get(*at)?.value()? {
            Value::Quoted(text) => Some(text.clone()),
            _ => None,
        });
        let value = quoted.unwrap_or_else(|| self.bare(value));
        let single = self.single(read);
        let single = self.only_fitting(single);
        let Some(entry) = self.take(single) else { return false };
        let change = json!({ say::label(&field): value }).to_string();
        let format = format!("[{{\"id\": \"{{{{{}.id}}}}\", \"fields\": {change}}}]", entry.name);
        let text = self.draft.fill_in(&[entry], &format, "Say what changes in the {}");
        let decoded = self.step_of(decode, "Make a record of it", &[], &[("json_str", text)]);
        let records = Flow { types: Types::ARRAY, ..self.draft.flow(decoded, "data") };
        self.update_records(act, update, list, &records);
        true
    }

    fn update_records(&mut self, act: &Act<'r>, update: &'k Block, list: usize, records: &Flow) {
        let mut given = vec![("records".to_owned(), records.binding())];
        for name in ["base_id", "table_id_or_name"] {
            let bound: Option<Binding> = self.draft.steps.get(list).and_then(|step| step.binding(name)).cloned();
            given.extend(bound.map(|bound| (name.to_owned(), bound)));
        }
        let says = act.instruction();
        let name = Some(english::cut(&says, 60));
        let step = self.apply(update, Fill { act: Some(*act), given, says, name, ..Fill::default() });
        self.record_receipt(step, act);
    }

    /// Whether an act puts something back into the records that were listed, by the step that lists them.
    fn records_back(&self, act: &Act<'_>) -> Option<usize> {
        let back = act.clause.span.clone().any(|at| self.reading.tokens.get(at).and_then(Token::word) == Some("back"));
        // "Write the score into the record"
        let own = |phrase: &Phrase| {
            matches!(phrase.head.as_str(), "record" | "row" | "entry" | "same record" | "same row")
                && matches!(phrase.determiner, Determiner::The | Determiner::Theirs | Determiner::Each)
        };
        let back = back || act.arguments(&["in", "into", "to", "onto"]).any(|argument| own(&argument.phrase));
        let puts = act.plain_lemma() == "write" || self.is(act, Class::Store) || self.is(act, Class::Change);
        let other = act.services().into_iter().any(|service| service != "Airtable");
        if !(puts && back && !other) {
            return None;
        }
        self.draft.steps.iter().rposition(|step| self.block_is(step, |name| name == "AirtableListRecordsBlock"))
    }

    /// Whether something made of each entry goes back to it after this act.
    pub(in crate::plan) fn goes_back(&self, act: &Act<'r>) -> bool {
        self.next_acts(act).any(|next| self.is_write_back(&next) || self.records_back(&next).is_some())
    }

    /// "Write it back into the table": into a field of the record that it was made of, which the person names.
    pub(in crate::plan) fn writes_record_back(&mut self, act: &Act<'r>) -> bool {
        let by = |name: &str| self.known.catalogue.by_name(name);
        let (Some(update), Some(decode), Some(list)) =
            (by("AirtableUpdateRecordsBlock"), by("JSONDecoderBlock"), self.records_back(act))
        else {
            return false;
        };
        let own = |datum: &Datum| datum.service.as_deref() == Some("Airtable") && !datum.receipt && !datum.made;
        let read = self.draft.data.iter().rposition(|datum| own(datum) && self.is_there(datum));
        let made = self.latest().filter(|at| self.draft.data.get(*at).is_some_and(|datum| datum.made));
        let (Some(read), Some(made)) = (read, made) else { return false };
        let single = self.single(read);
        let (Some(entry), Some(text)) = (self.take(single), self.take(made)) else { return false };
        let name = text.name.clone();
        let text = Flow { name, ..self.draft.fit(&text, Types::STRING) };
        let field = self.draft.ask("Airtable field", "The field of the record that is written", AskKind::Text, None);
        let format = format!(
            "[{{\"id\": \"{{{{{}.id}}}}\", \"fields\": {{ {{{{{}|tojson}}}}: {{{{{}|tojson}}}} }}}}]",
            entry.name, field.name, text.name
        );
        let text = self.draft.fill_in(&[entry, field, text], &format, "Say what changes in the {}");
        let decoded = self.step_of(decode, "Make a record of it", &[], &[("json_str", text)]);
        let records = Flow { types: Types::ARRAY, ..self.draft.flow(decoded, "data") };
        self.update_records(act, update, list, &records);
        true
    }

    /// "if it is not there create it, else update its phone number": of a record that was read, and that no block changes so.
    pub(in crate::plan) fn changes_there(&self, act: &Act<'r>) -> Option<String> {
        const CRM: [&str; 5] = ["HubSpot", "Airtable", "Notion", "Todoist", "Linear"];
        let changes = matches!(act.plain_lemma(), "create" | "update" | "delete" | "remove");
        let there = |phrase: &Phrase| phrase.pronoun || phrase.determiner == Determiner::The;
        let object = act.frame.objects.first().filter(|phrase| there(phrase) && !self.is_product(act, phrase))?;
        let at = if object.pronoun { self.refer(object) } else { self.gate().or_else(|| self.latest()) }?;
        let datum = self.draft.data.get(at).filter(|datum| changes && !datum.made && !datum.receipt)?;
        datum.service.clone().filter(|service| CRM.contains(&service.as_str()))
    }

    /// "Share the document with ada@example.com": of the file that was made or read, as its service does it.
    pub(in crate::plan) fn shares_file(&mut self, act: &Act<'r>) -> bool {
        let email =
            act.arguments(&["with", "to"]).flat_map(|argument| argument.phrase.values.clone()).find_map(
                |at| match self.reading.tokens.get(at)?.value()? {
                    Value::Email(email) => Some((at, email.clone())),
                    _ => None,
                },
            );
        let Some((at, email)) = email.filter(|_| act.plain_lemma() == "share") else { return false };
        let file = |names: &[&str]| {
            act.frame
                .objects
                .iter()
                .any(|phrase| phrase.pronoun || names.contains(&phrase.head.as_str()) || !phrase.services.is_empty())
        };
        let kinds: [(&str, &str, &str, &[&str]); 2] = [
            ("Google Docs", "GoogleDocsShareBlock", "document", &["document", "doc", "file"]),
            ("Google Sheets", "GoogleSheetsShareSpreadsheetBlock", "spreadsheet", &["spreadsheet", "sheet", "file"]),
        ];
        // The last step of the service that has the file.
        let found = kinds.iter().filter(|(_, _, _, nouns)| file(nouns)).filter_map(|(service, block, output, _)| {
            let step = (0..self.draft.steps.len()).rev().find(|step| {
                self.draft.block(*step).is_some_and(|block| {
                    self.known.meaning(block).service.as_deref() == Some(*service)
                        && block.output_schema().properties.get(output).is_some()
                })
            })?;
            Some((step, self.known.catalogue.by_name(block)?, *output))
        });
        let Some((from, block, output)) = found.max_by_key(|(step, _, _)| *step) else { return false };
        self.cover.add(&(at..at + 1));
        let edits = act.clause.span.clone().filter_map(|at| self.reading.tokens.get(at)?.word());
        let role = edits.fold("reader", |role, word| match word {
            "edit" | "editor" | "editors" | "writer" => "writer",
            "comment" | "commenter" => "commenter",
            _ => role,
        });
        let given = vec![
            (output.to_owned(), self.draft.flow(from, output).binding()),
            ("email".to_owned(), Binding::Value(json!(email))),
            ("role".to_owned(), Binding::Value(json!(role))),
        ];
        let says = act.instruction();
        let name = Some(english::cut(&says, 60));
        let step = self.apply(block, Fill { act: Some(*act), given, says, name, ..Fill::default() });
        self.record_receipt(step, act);
        true
    }

    /// What a phrase says without articles, as it is written.
    fn bare(&self, phrase: &Phrase) -> String {
        let words = self.text(&core(phrase)).split_whitespace();
        words.filter(|word| !ARTICLES.contains(&word.to_lowercase().as_str())).collect::<Vec<_>>().join(" ")
    }

    /// Notes that a step changed something: it gives nothing to go on with.
    pub(in crate::plan) fn record_receipt(&mut self, step: usize, act: &Act<'r>) {
        self.receipt(step, &[]);
        self.cover.add(&act.clause.span);
        self.done += 1;
        self.delivered += 1;
    }

    /// What a step gives only says that it was done, with what is called so.
    pub(in crate::plan) fn receipt(&mut self, step: usize, nouns: &[String]) {
        let scope = self.scope;
        if let Some(datum) = self.draft.gives(step, nouns, None)
            && let Some(datum) = self.draft.data.get_mut(datum)
        {
            (datum.receipt, datum.under) = (true, scope);
        }
    }
}
